//! One form for characters that look the same, and no characters that nobody sees.
//!
//! Two steps: characters without a look of their own are removed and line ends become `\n`, in one scan over what is not
//! plain; then the stretches between safe boundaries (Unicode Standard Annex #15, section 9) that may not be in the normal form are
//! brought into it. ASCII text is read once and left alone.

use docmill_core::{
    BuildContext, ByteSpan, Component, Context, Document, Edits, OptionError, Role, RoleKind, Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfkc_quick};

/// Brings characters into one normal form and removes those that nobody sees.
///
/// Removed are control characters (but tabs and line ends), byte-order marks, soft hyphens, zero-width spaces, and marks of
/// writing direction. Zero-width joiners stay where a script or an emoji needs them. `\r\n`, `\r`, form feeds and the line
/// separators of Unicode become `\n`.
///
/// `form: NFC` composes letters and their accents, and takes apart two letters in one character: `ﬁ`, `ĳ`, `ǆ`, `ŉ`; `form: NFKC` also replaces variants such as `²` and full-width letters by
/// plain characters, which changes what the text looks like; `form: none` leaves letters as they are.
///
/// ```yaml
/// - normalize.unicode: { form: NFKC }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Unicode {
    /// The normal form (Unicode Standard Annex #15).
    pub form: Form,
}

/// A normal form of Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Form {
    /// Canonical composition.
    #[default]
    #[serde(rename = "NFC")]
    Nfc,
    /// Compatibility composition.
    #[serde(rename = "NFKC")]
    Nfkc,
    /// As it is.
    #[serde(rename = "none")]
    None,
}

impl Component for Unicode {
    const NAME: &'static str = "normalize.unicode";
    const KIND: RoleKind = RoleKind::Stage;
    const VERSION: u32 = 3;
    const RECOMMENDED: bool = true;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Unicode {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let edits = cleaned(doc.text(), self.form != Form::None);
        doc.edit(&edits)?;
        if self.form != Form::None && !doc.text().is_ascii() {
            let edits = self.form.normalized(doc.text());
            doc.edit(&edits)?;
        }
        Ok(())
    }
}

/// Removes what nobody sees, makes every line end `\n`, and where `apart` says so takes apart letters in one character.
fn cleaned(text: &str, apart: bool) -> Edits {
    let mut edits = Edits::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    // The last character that stays, unless plain ones came after it.
    let mut kept: Option<char> = None;
    while let Some(skipped) = bytes[at..].iter().position(|&byte| !is_plain(byte)) {
        at += skipped;
        let Some(c) = text[at..].chars().next() else { break };
        let end = at + c.len_utf8();
        if skipped > 0 {
            kept = text[..at].chars().next_back();
        }
        at = end;
        let letters = if apart { letters(c) } else { None };
        match letters.map_or_else(|| fate(c, kept, &text[end..]), Fate::Becomes) {
            Fate::Stays => kept = Some(c),
            Fate::Becomes(replacement) => {
                edits.replace(ByteSpan::new(end - c.len_utf8(), end), replacement);
                kept = replacement.chars().next_back().or(kept);
            }
            Fate::GoesWith(length) => {
                at = end + length;
                edits.delete(ByteSpan::new(end - c.len_utf8(), at));
            }
        }
    }
    edits
}

const fn is_plain(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\t' | b' '..=b'~')
}

/// What becomes of a character.
enum Fate {
    Stays,
    Becomes(&'static str),
    /// It is removed with so many bytes after it.
    GoesWith(usize),
}

fn fate(c: char, previous: Option<char>, rest: &str) -> Fate {
    match c {
        // Most of what is not ASCII: accented letters, and the dashes and quotes of typographers.
        '\u{A0}'..='\u{AC}' | '\u{AE}'..='\u{FF}' | '\u{2010}'..='\u{2027}' => Fate::Stays,
        '\r' if rest.starts_with('\n') => Fate::Becomes(""),
        '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Fate::Becomes("\n"),
        '\u{AD}' => Fate::GoesWith(broken_word(rest)),
        '\u{200C}' | '\u{200D}' if joins(c, previous, rest.chars().next()) => Fate::Stays,
        // The flags of regions spell their names in tags.
        '\u{E0020}'..='\u{E007F}' if matches!(previous, Some('\u{1F3F4}' | '\u{E0020}'..='\u{E007F}')) => Fate::Stays,
        _ if is_unseen(c) => Fate::Becomes(""),
        _ => Fate::Stays,
    }
}

/// The letters that one character stands for: ligatures of typesetters, and digraphs of other encodings.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ŉ' => "’n",
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'Ǆ' => "DŽ",
        'ǅ' => "Dž",
        'ǆ' => "dž",
        'Ǉ' => "LJ",
        'ǈ' => "Lj",
        'ǉ' => "lj",
        'Ǌ' => "NJ",
        'ǋ' => "Nj",
        'ǌ' => "nj",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        _ => return None,
    })
}

/// How much of what follows a soft hyphen is the line end at which it parts a word.
fn broken_word(rest: &str) -> usize {
    let line = rest.strip_prefix('\r').unwrap_or(rest);
    let Some(line) = line.strip_prefix('\n') else { return 0 };
    let line = line.trim_start_matches([' ', '\t']);
    if line.starts_with(char::is_alphabetic) { rest.len() - line.len() } else { 0 }
}

const fn is_unseen(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{0E}'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}'..='\u{FFFF}' | '\u{E0000}'..='\u{E007F}'
    )
}

/// Whether a zero-width joiner or non-joiner has something to join: letters of a script that shapes them, or emoji.
fn joins(joiner: char, previous: Option<char>, next: Option<char>) -> bool {
    // A soft hyphen goes, and what stands after it may go too.
    let next = next.filter(|&next| !is_unseen(next) && next != '\u{AD}');
    let (Some(previous), Some(next)) = (previous, next) else { return false };
    (is_shaped(previous) && (is_shaped(next) || joiner == '\u{200D}'))
        || (joiner == '\u{200D}' && is_emoji(previous) && is_emoji(next))
}

const fn is_shaped(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{8FF}' // Arabic, Syriac, N'Ko and their kin
        | '\u{900}'..='\u{DFF}' // the scripts of India and Sri Lanka
        | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{1A20}'..='\u{1AAF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
    )
}

const fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{21FF}' | '\u{23E9}'..='\u{23FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{FE0F}' | '\u{1F300}'..='\u{1FAFF}'
    )
}

impl Form {
    /// The edits that bring `text` into this form.
    fn normalized(self, text: &str) -> Edits {
        let mut edits = Edits::new();
        let bytes = text.as_bytes();
        let mut segment = Segment::default();
        let mut at = 0;
        while let Some(skipped) = bytes[at..].iter().position(|byte| !byte.is_ascii()) {
            if skipped > 0 {
                // The last ASCII letter may take an accent; those before it are settled.
                segment.end(self, text, at, &mut edits);
                at += skipped;
                segment = Segment { start: at - 1, may_change: false };
            }
            let Some(c) = text[at..].chars().next() else { break };
            if self.may_begin(c) {
                segment.end(self, text, at, &mut edits);
                segment = Segment { start: at, may_change: false };
            } else {
                segment.may_change = true;
            }
            at += c.len_utf8();
        }
        segment.end(self, text, at, &mut edits);
        edits
    }

    /// Whether a character is in this form, and stays apart from what stands before it.
    fn may_begin(self, c: char) -> bool {
        if self.is_settled(c) {
            return true;
        }
        let normal = match self {
            Self::Nfkc => is_nfkc_quick(std::iter::once(c)),
            Self::Nfc | Self::None => is_nfc_quick(std::iter::once(c)),
        };
        normal == IsNormalized::Yes && canonical_combining_class(c) == 0
    }

    /// Whether a character is known at a glance to be in this form whatever stands before it.
    const fn is_settled(self, c: char) -> bool {
        match self {
            Self::Nfc | Self::None => matches!(c,
                '\0'..='\u{2FF}' | '\u{400}'..='\u{482}' | '\u{2010}'..='\u{2027}' | '\u{3041}'..='\u{3096}'
                | '\u{30A1}'..='\u{30FA}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}'),
            Self::Nfkc => matches!(c,
                '\0'..='\u{7F}' | '\u{C0}'..='\u{131}' | '\u{400}'..='\u{482}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}'),
        }
    }

    fn of(self, text: &str) -> String {
        match self {
            Self::Nfc => text.nfc().collect(),
            Self::Nfkc => text.nfkc().collect(),
            Self::None => text.to_owned(),
        }
    }
}

/// A stretch of text that no normal form changes together with what is outside of it.
#[derive(Default)]
struct Segment {
    start: usize,
    may_change: bool,
}

impl Segment {
    fn end(&self, form: Form, text: &str, end: usize, edits: &mut Edits) {
        if !self.may_change {
            return;
        }
        let before = &text[self.start..end];
        let after = form.of(before);
        if before != after {
            edits.replace(ByteSpan::new(self.start, end), &after);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{normalized, normalized_doc};

    fn check(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(normalized(Unicode::default(), text), *expected, "from {text:?}");
        }
    }

    #[test]
    fn unseen_characters_go() {
        check(&[
            ("\u{feff}a\u{200b}b\u{ad}c\u{2060}d\u{0}\u{7}\u{7f}e\u{202e}f\u{2066}g", "abcdefg"),
            ("a\u{feff}b\tc\nd", "ab\tc\nd"),
            ("infra\u{ad}\n  structure \u{ad}\n\n", "infrastructure \n\n"),
        ]);
    }

    #[test]
    fn every_line_end_becomes_a_line_feed() {
        check(&[("a\r\nb\rc\u{2028}d\u{2029}e\u{85}f\u{c}g\r\r\nh", "a\nb\nc\nd\ne\nf\ng\n\nh")]);
    }

    #[test]
    fn joiners_stay_where_they_join() {
        let persian = "می\u{200c}خواهم";
        let emoji = "👩\u{200d}🚀 ❤\u{fe0f}\u{200d}🔥";
        let hindi = "क्\u{200d}ष क्\u{200d}";
        check(&[(persian, persian), (emoji, emoji), (hindi, "क्\u{200d}ष क्"), ("a\u{200d}b\u{200c}c", "abc")]);
        // What a joiner would join goes itself.
        check(&[("می\u{200d}\u{ad}", "می"), ("می\u{200d}\u{feff}", "می")]);
    }

    #[test]
    fn letters_and_accents_are_composed() {
        check(&[
            ("cafe\u{301} A\u{30a} \u{212b}", "café Å Å"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            ("ﬁ ² Ａ", "fi ² Ａ"),
            ("ŉ koǌ op ĳs", "’n konj op ijs"),
        ]);
    }

    #[test]
    fn nfkc_replaces_variants() {
        assert_eq!(normalized(Unicode { form: Form::Nfkc }, "ﬁn m² Ａ５ …"), "fin m2 A5 ...");
    }

    #[test]
    fn no_form_leaves_letters_as_they_are() {
        assert_eq!(normalized(Unicode { form: Form::None }, "e\u{301}\u{200b}"), "e\u{301}");
    }

    #[test]
    fn only_what_changed_is_mapped() {
        let doc = normalized_doc(Unicode::default(), Document::from_text("a.txt", "one e\u{301} two"));
        assert_eq!(doc.source_map().changes().collect::<Vec<_>>(), [(ByteSpan::new(4, 7), ByteSpan::new(4, 6))]);
    }

    proptest! {
        #[test]
        fn segments_give_what_the_whole_text_gives(text in "[a-zé\u{300}-\u{310}\u{1100}-\u{1112}\u{1161}-\u{1170}\u{958}ㅏ가ﬁ]{0,20}|\\PC{0,20}") {
            for form in [Form::Nfc, Form::Nfkc] {
                let (edited, _) = form.normalized(&text).apply(&text).expect("the edits fit");
                prop_assert_eq!(edited, form.of(&text));
            }
        }
    }
}
