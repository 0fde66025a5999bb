//! What the text in a group is for, by the control word at its beginning.

/// What becomes of the text in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination {
    /// It is text of the document, or of what stands beside it.
    Text,
    /// It is left out, and so is all within.
    Skip,
    /// It is left out; text boxes and results within are not.
    Silent,
    /// Declarations of fonts.
    Fonts,
    /// Declarations of styles.
    Styles,
    /// The instruction of a field.
    Instruction,
    /// A property of the document, by docmill's key.
    Property(&'static str),
    /// A moment in the life of the document, by docmill's key.
    Moment(&'static str),
}

/// Text that stands beside that of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    Header,
    Footer,
    Note,
    Comment,
    Box,
}

/// What a control word begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begins {
    Destination(Destination),
    Beside(Beside),
}

/// What `word` begins at the beginning of a group; `None` where it is a word as others.
pub(super) fn begun_by(word: &str) -> Option<Begins> {
    Some(Begins::Destination(match word {
        "header" | "headerl" | "headerr" | "headerf" => return Some(Begins::Beside(Beside::Header)),
        "footer" | "footerl" | "footerr" | "footerf" => return Some(Begins::Beside(Beside::Footer)),
        "footnote" => return Some(Begins::Beside(Beside::Note)),
        "annotation" => return Some(Begins::Beside(Beside::Comment)),
        "shptxt" | "dptxbxtext" => return Some(Begins::Beside(Beside::Box)),
        "result" | "fldrslt" | "ud" | "rtf" => Destination::Text,
        "shpinst" | "shp" | "object" | "do" | "info" => Destination::Silent,
        "fonttbl" => Destination::Fonts,
        "stylesheet" => Destination::Styles,
        "fldinst" => Destination::Instruction,
        "title" => Destination::Property("title"),
        "author" => Destination::Property("authors"),
        "subject" => Destination::Property("subject"),
        "keywords" => Destination::Property("keywords"),
        "doccomm" => Destination::Property("description"),
        "creatim" => Destination::Moment("created"),
        "revtim" => Destination::Moment("modified"),
        "colortbl" | "listtable" | "listoverridetable" | "revtbl" | "rsidtbl" | "generator" | "pict" | "nonshppict"
        | "shppict" | "objdata" | "objclass" | "objname" | "themedata" | "colorschememapping" | "datastore"
        | "latentstyles" | "xmlnstbl" | "listtext" | "pntext" | "pn" | "upr" | "nonesttables" | "filetbl"
        | "operator" | "company" | "manager" | "category" | "hlinkbase" | "printim" | "buptim" | "bkmkstart"
        | "bkmkend" | "atnid" | "atnauthor" | "atrfstart" | "atrfend" | "tc" | "xe" | "txe" | "rxe" | "ftnsep"
        | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn" | "template" | "private1" => Destination::Skip,
        _ => return None,
    }))
}
