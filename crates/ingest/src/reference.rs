//! Character references, such as `&amp;`, `&#8217;` and `&eacute;`.

use std::borrow::Cow;
use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

/// The longest name in the standard has 31 letters.
const LONGEST: usize = 34;

/// What windows-1252 has at 0x80 to 0x9F, which numeric references to control characters mean (WHATWG HTML, 13.2.5.80).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// A reference at the start of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Its length in bytes.
    pub(crate) length: usize,
    /// What it stands for.
    pub(crate) text: Cow<'static, str>,
}

/// The reference that `text` begins with, if it does; `text` begins with `&`.
pub(crate) fn reference(text: &str) -> Option<Reference> {
    let bytes = text.as_bytes();
    if bytes.get(1) == Some(&b'#') {
        return numeric(bytes);
    }
    let name = bytes.iter().skip(1).take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if name == 0 {
        return None;
    }
    let length = 1 + name + usize::from(bytes.get(1 + name) == Some(&b';'));
    let written = &text[..length];
    let text = match written {
        "&amp;" => Cow::Borrowed("&"),
        "&nbsp;" => Cow::Borrowed("\u{a0}"),
        "&quot;" => Cow::Borrowed("\""),
        "&lt;" => Cow::Borrowed("<"),
        "&gt;" => Cow::Borrowed(">"),
        "&apos;" => Cow::Borrowed("'"),
        "&rsquo;" => Cow::Borrowed("’"),
        "&lsquo;" => Cow::Borrowed("‘"),
        "&ldquo;" => Cow::Borrowed("“"),
        "&rdquo;" => Cow::Borrowed("”"),
        "&mdash;" => Cow::Borrowed("—"),
        "&ndash;" => Cow::Borrowed("–"),
        "&hellip;" => Cow::Borrowed("…"),
        _ => return named(written),
    };
    Some(Reference { length, text })
}

/// `text` with its references replaced and white space squeezed: the value of an attribute.
pub(crate) fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = reference(rest).unwrap_or(Reference { length: 1, text: Cow::Borrowed("&") });
        out.push_str(&found.text);
        rest = &rest[found.length..];
    }
    out.push_str(rest);
    squeezed(&out)
}

/// `text` with each run of white space as one space, and none at its ends.
pub(crate) fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn numeric(bytes: &[u8]) -> Option<Reference> {
    let hexadecimal = matches!(bytes.get(2), Some(b'x' | b'X'));
    let (start, radix) = if hexadecimal { (3, 16) } else { (2, 10) };
    let mut end = start;
    let mut code: u32 = 0;
    while let Some(digit) = bytes.get(end).and_then(|&byte| char::from(byte).to_digit(radix)) {
        code = code.saturating_mul(radix).saturating_add(digit);
        end += 1;
    }
    if end == start {
        return None;
    }
    let length = end + usize::from(bytes.get(end) == Some(&b';'));
    let character = match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9f => WINDOWS_1252[(code - 0x80) as usize],
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    Some(Reference { length, text: Cow::Owned(character.to_string()) })
}

/// A reference by one of the rarer names. Old names need no semicolon, so that letters may follow: `&eacutet&eacute`.
fn named(written: &str) -> Option<Reference> {
    let mut text = tokenized(written);
    if text == written {
        return None;
    }
    let same = text.bytes().rev().zip(written.bytes().rev()).take_while(|(a, b)| a == b && a.is_ascii()).count();
    text.truncate(text.len() - same);
    Some(Reference { length: written.len() - same, text: Cow::Owned(text) })
}

/// What the tokenizer, which has the table of names, makes of a reference.
fn tokenized(written: &str) -> String {
    let mut text = Vec::with_capacity(written.len());
    let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        if let CallbackEvent::String { value } = event {
            text.extend_from_slice(value);
        }
        None
    });
    let Ok(()) = Tokenizer::new_with_emitter(written, emitter).finish();
    String::from_utf8(text).unwrap_or_else(|_| written.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(usize, &str)>) {
        let found = reference(text);
        assert_eq!(found.as_ref().map(|found| (found.length, &*found.text)), expected, "{text}");
    }

    #[test]
    fn named_references_are_those_of_the_standard() {
        check("&amp; b", Some((5, "&")));
        check("&eacute;t", Some((8, "é")));
        check("&eacute t", Some((7, "é")));
        check("&eacutetude", Some((7, "é")));
        check("&ampersand;", Some((4, "&")));
        check("&notin;", Some((7, "∉")));
        check("&NotEqualTilde;", Some((15, "≂̸")));
        check("&unheard;", None);
        check("& b", None);
        check("&", None);
    }

    #[test]
    fn numeric_references_are_decimal_or_hexadecimal() {
        check("&#8217;s", Some((7, "’")));
        check("&#x2019;s", Some((8, "’")));
        check("&#146;", Some((6, "’")));
        check("&#0;", Some((4, "\u{fffd}")));
        check("&#99999999999;", Some((14, "\u{fffd}")));
        check("&#65 B", Some((4, "A")));
        check("&#;", None);
        check("&#x;", None);
    }

    #[test]
    fn attribute_values_are_resolved_and_squeezed() {
        assert_eq!(resolved(" Fish &amp;\n chips &co "), "Fish & chips &co");
    }
}
