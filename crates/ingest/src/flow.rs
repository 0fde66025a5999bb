//! Running and preformatted text: which white space stays.

use docmill_core::ByteSpan;

use crate::pieces::{Around, Gap, Writer};
use crate::reference::{Reference, reference};
use crate::xml;

/// What is done about character references in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum References {
    /// They are replaced by what they stand for.
    Resolved,
    /// Those that XML has are replaced; others stay as they stand.
    Xml,
    /// There are none: an ampersand is an ampersand.
    Absent,
}

impl References {
    fn at(self, text: &str) -> Option<Reference> {
        match self {
            Self::Resolved => reference(text),
            Self::Xml => xml::reference(text),
            Self::Absent => None,
        }
    }
}

/// Text in which white space only parts words.
pub(crate) fn flowing(writer: &mut Writer<'_>, source: &str, span: ByteSpan, around: Around, references: References) {
    let bytes = &source.as_bytes()[..span.end];
    let mut start = span.start;
    let mut at = span.start;
    while at < span.end {
        match CLASSES[usize::from(bytes[at])] {
            Class::Plain => at += 1,
            // One space between two words stays what it is.
            Class::Space if at > start && bytes[at] == b' ' && is_plain(bytes.get(at + 1)) => at += 2,
            Class::Space => {
                writer.piece(ByteSpan::new(start, at), None, around);
                writer.space(Gap::Space);
                at += 1;
                start = at;
            }
            Class::Ampersand => match references.at(&source[at..span.end]) {
                None => at += 1,
                Some(found) => {
                    writer.piece(ByteSpan::new(start, at), None, around);
                    let written = ByteSpan::new(at, at + found.length);
                    match found.text.as_ref() {
                        "\u{a0}" => writer.no_break_space(),
                        text if text.trim().is_empty() => writer.space(Gap::Space),
                        text => writer.piece(written, Some(text), around),
                    }
                    at = written.end;
                    start = at;
                }
            },
            Class::MaybeSpace => {
                let Some(character) = source[at..span.end].chars().next() else { break };
                let next = at + character.len_utf8();
                if character.is_whitespace() {
                    writer.piece(ByteSpan::new(start, at), None, around);
                    if character == '\u{a0}' {
                        writer.no_break_space();
                    } else {
                        writer.space(Gap::Space);
                    }
                    start = next;
                }
                at = next;
            }
        }
    }
    writer.piece(ByteSpan::new(start, span.end), None, around);
}

/// Text whose white space counts.
pub(crate) fn preformatted(
    writer: &mut Writer<'_>,
    source: &str,
    span: ByteSpan,
    around: Around,
    references: References,
) {
    let mut at = span.start;
    while at < span.end {
        let rest = &source[at..span.end];
        let spaces = rest.len() - rest.trim_start().len();
        if spaces > 0 {
            writer.pre_space(&rest[..spaces]);
            at += spaces;
            continue;
        }
        if let Some(found) = rest.starts_with('&').then(|| references.at(rest)).flatten() {
            let written = ByteSpan::new(at, at + found.length);
            if found.text.trim().is_empty() {
                writer.pre_space(&found.text);
            } else {
                writer.piece(written, Some(&found.text), around);
            }
            at = written.end;
            continue;
        }
        let length =
            rest.char_indices().skip(1).find(|&(_, c)| c == '&' || c.is_whitespace()).map_or(rest.len(), |(at, _)| at);
        writer.piece(ByteSpan::new(at, at + length), None, around);
        at += length;
    }
}

/// What a byte of flowing text may be.
#[derive(Clone, Copy)]
enum Class {
    Plain,
    Space,
    Ampersand,
    /// First byte of a character that may be white space.
    MaybeSpace,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    classes[b' ' as usize] = Class::Space;
    classes[b'\t' as usize] = Class::Space;
    classes[b'\n' as usize] = Class::Space;
    classes[0x0b] = Class::Space;
    classes[0x0c] = Class::Space;
    classes[b'\r' as usize] = Class::Space;
    classes[b'&' as usize] = Class::Ampersand;
    classes[0xc2] = Class::MaybeSpace;
    classes[0xe1] = Class::MaybeSpace;
    classes[0xe2] = Class::MaybeSpace;
    classes[0xe3] = Class::MaybeSpace;
    classes
};

fn is_plain(byte: Option<&u8>) -> bool {
    byte.is_some_and(|&byte| matches!(CLASSES[usize::from(byte)], Class::Plain))
}
