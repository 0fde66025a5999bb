//! Single-byte encodings that the WHATWG Encoding standard leaves out: ASCII with 128 characters more.

use std::borrow::Cow;

use super::Decoded;

/// The text in these bytes; `upper` has the characters of the bytes from 0x80 on, `name` is what IANA calls the encoding, in lower case.
pub(super) fn decoded(bytes: &[u8], upper: &str, name: &'static str) -> Decoded<'static> {
    let upper: Vec<char> = upper.chars().collect();
    let character = |byte: u8| upper.get(usize::from(byte).wrapping_sub(0x80)).copied().unwrap_or(char::from(byte));
    let text: String = bytes.iter().map(|byte| character(*byte)).collect();
    let damaged = text.contains('\u{FFFD}');
    Decoded { text: Cow::Owned(text), encoding: name, damaged }
}

/// The bytes of a text, by the table backwards.
#[cfg(test)]
pub(super) fn encoded(text: &str, upper: &str) -> Vec<u8> {
    let byte =
        |c: char| upper.chars().position(|upper| upper == c).map_or(c as u8, |at| 0x80 + u8::try_from(at).unwrap());
    text.chars().map(byte).collect()
}
