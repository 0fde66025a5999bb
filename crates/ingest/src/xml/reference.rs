//! The references of XML: characters by number, and the five that have a name. What a document declares beside is not expanded.

use std::borrow::Cow;

use crate::reference::{Reference, squeezed};

/// No reference to a character is longer.
const LONGEST: usize = 12;

/// The reference that `text` begins with, if it does; `text` begins with `&`.
pub(crate) fn reference(text: &str) -> Option<Reference> {
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let character = match &text[1..end] {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        number => by_number(number.strip_prefix('#')?)?,
    };
    Some(Reference { length: end + 1, text: Cow::Owned(character.to_string()) })
}

/// The character with this number, decimal or, after an `x`, hexadecimal.
fn by_number(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?).filter(|character| *character != '\0')
}

/// `text` with its references replaced.
pub(super) fn replaced(text: &str) -> String {
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
    out
}

/// `text` with its references replaced and white space squeezed: the value of an attribute.
pub(super) fn resolved(text: &str) -> String {
    squeezed(&replaced(text))
}
