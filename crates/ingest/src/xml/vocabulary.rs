//! What the elements of the usual vocabularies are: JATS, `DocBook`, TEI, and what XML formats took from HTML.
//!
//! An element that is not named here is known by how it is used: beside text it is part of the text, else it stands for itself.

/// What an element is to its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The title of the whole.
    Title,
    /// The heading of the section that it is in, or the title where it is in none.
    Heading,
    /// A part with a heading of its own.
    Section,
    /// Text with nothing but mark-up of its words in it.
    Paragraph,
    List,
    Item,
    Table,
    Row,
    Cell,
    HeaderCell,
    Caption,
    Quote,
    Code,
    Byline,
    Note,
    /// A line end.
    Break,
    /// Mark-up of words.
    Inline,
    /// No text of the document.
    Dropped,
    Unknown,
}

/// What the element of this name is; `parent` is the name of the one around it.
pub(super) fn role(name: &str, parent: &str) -> Role {
    match name {
        "article-title" if parent == "title-group" => Role::Title,
        "xref" | "role" if parent == "contrib" => Role::Dropped,
        "title" if matches!(parent, "caption" | "formalpara") => Role::Caption,
        "title" if matches!(parent, "info" | "articleinfo" | "bookinfo" | "titlePage") => Role::Title,
        "title" | "head" | "subtitle" | "bridgehead" | "heading" | "headline" => Role::Heading,
        "sec" | "section" | "sect1" | "sect2" | "sect3" | "sect4" | "sect5" | "chapter" | "appendix" | "preface"
        | "part" | "div" | "div1" | "div2" | "div3" | "div4" | "abstract" | "app" | "ack" | "ref-list"
        | "bibliography" | "glossary" | "topic" => Role::Section,
        "p" | "para" | "simpara" | "ab" | "paragraph" | "ref" | "bibl" | "biblStruct" | "bibliomixed" | "aff" | "l"
        | "affiliation" => paragraph(name, parent),
        "list" | "itemizedlist" | "orderedlist" | "variablelist" | "simplelist" | "ul" | "ol" | "dl" | "def-list"
        | "listBibl" => Role::List,
        "list-item" | "listitem" | "li" | "dt" | "dd" | "varlistentry" | "def-item" | "member" => Role::Item,
        "item" if parent == "list" => Role::Item,
        "table" | "informaltable" => Role::Table,
        "tr" => Role::Row,
        "row" if is_of_rows(parent) => Role::Row,
        "th" => Role::HeaderCell,
        "td" | "entry" | "cell" if matches!(parent, "tr" | "row") => Role::Cell,
        "caption" | "label" if is_figure(parent) || name == "caption" => Role::Caption,
        "figDesc" => Role::Caption,
        "disp-quote" | "blockquote" | "epigraph" => Role::Quote,
        "programlisting" | "screen" | "literallayout" | "preformat" | "pre" | "eg" | "codeblock" => Role::Code,
        "contrib" | "author" | "docAuthor" | "byline" => Role::Byline,
        "fn" | "footnote" | "note" => Role::Note,
        "br" | "lb" | "break" => Role::Break,
        // The title of a work that is cited is part of the citation.
        "article-title" | "source" | "bold" | "italic" | "sub" | "sup" | "sc" | "underline" | "monospace" | "xref"
        | "ext-link" | "email" | "uri" | "named-content" | "styled-content" | "inline-formula" | "emphasis"
        | "emph" | "link" | "ulink" | "literal" | "phrase" | "hi" | "term" | "persName" | "placeName" | "foreign"
        | "a" | "b" | "i" | "em" | "strong" | "span" | "u" | "tt" | "q" | "fixed-case" => Role::Inline,
        "script" | "style" | "tex-math" | "annotation" | "object-id" | "indexterm" | "journal-meta" | "teiHeader"
        | "sub-article" | "response" | "contrib-id" => Role::Dropped,
        _ if is_front_matter(parent) && !is_front_text(name) => Role::Dropped,
        _ => Role::Unknown,
    }
}

/// `ref` is a citation in JATS and a link in TEI.
fn paragraph(name: &str, parent: &str) -> Role {
    match name {
        "ref" if parent != "ref-list" => Role::Inline,
        _ => Role::Paragraph,
    }
}

fn is_of_rows(parent: &str) -> bool {
    matches!(parent, "table" | "tbody" | "thead" | "tfoot" | "tgroup")
}

fn is_figure(parent: &str) -> bool {
    matches!(parent, "fig" | "table-wrap" | "figure" | "media" | "supplementary-material" | "boxed-text")
}

/// What JATS says of an article beside its title, authors and abstract is metadata.
fn is_front_matter(parent: &str) -> bool {
    parent == "article-meta"
}

/// The parts of what JATS says of an article that are text.
fn is_front_text(name: &str) -> bool {
    matches!(name, "title-group" | "contrib-group" | "aff" | "abstract" | "trans-abstract")
}
