//! The text that the bytes of a part stand for.
//!
//! Where each piece of it stands somewhere in the file, the text is made of the file's own bytes by edits. Where it does not, as in
//! base64, the decoded part is what the document begins with.

use std::borrow::Cow;

use docmill_core::{Edits, ReadError};
use encoding_rs::{Encoding, UTF_8};
use memchr::memmem;

use super::header::Transfer;
use super::structure::BYTE_ORDER_MARK;
use crate::encoding::decode;

/// A part as text.
pub(super) struct Content {
    /// The part as it is in the file, or decoded.
    pub original: String,
    /// What makes the text of it.
    pub edits: Edits,
    pub decoded: bool,
    /// Bytes before it that are no text: a byte-order mark.
    pub skipped: usize,
    pub encoding: String,
    pub damaged: bool,
}

/// The text in `raw`, written as `transfer` says in `charset`; with a `>` before lines that begin with `From ` where `quoted`.
pub(super) fn content(
    raw: &[u8],
    transfer: Transfer,
    charset: Option<&str>,
    quoted: bool,
) -> Result<Content, ReadError> {
    let skipped = if raw.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let raw = &raw[skipped..];
    if transfer == Transfer::Base64 {
        return decoded(&base64(raw), charset);
    }
    let escapes: Vec<Escape> = if transfer == Transfer::QuotedPrintable { escapes(raw).collect() } else { Vec::new() };
    let marks = if quoted { from_marks(raw) } else { Vec::new() };
    if escapes.is_empty() {
        let decoded = decode(raw, charset)?;
        let mut edits = Edits::new();
        let shifted = decoded.text.len() != raw.len();
        // Marks are ASCII: they are elsewhere where characters before them have other lengths in UTF-8.
        let marks = if shifted { from_marks_if(quoted, decoded.text.as_bytes()) } else { marks };
        for mark in marks {
            edits.delete(mark..mark + 1);
        }
        let (encoding, damaged) = (decoded.encoding.to_owned(), decoded.damaged);
        let original = decoded.text.into_owned();
        return Ok(Content { original, edits, decoded: false, skipped, encoding, damaged });
    }
    let bytes = unescaped(raw, &escapes, &marks);
    let whole = decode(&bytes, charset)?;
    Ok(match in_place(raw, whole.encoding, quoted).filter(|(_, _, text)| *text == whole.text) {
        Some((original, edits, _)) => Content {
            original,
            edits,
            decoded: false,
            skipped,
            encoding: whole.encoding.to_owned(),
            damaged: whole.damaged,
        },
        None => Content {
            encoding: whole.encoding.to_owned(),
            damaged: whole.damaged,
            original: whole.text.into_owned(),
            edits: Edits::new(),
            decoded: true,
            skipped: 0,
        },
    })
}

fn decoded(bytes: &[u8], charset: Option<&str>) -> Result<Content, ReadError> {
    let decoded = decode(bytes, charset)?;
    Ok(Content {
        encoding: decoded.encoding.to_owned(),
        damaged: decoded.damaged,
        original: decoded.text.into_owned(),
        edits: Edits::new(),
        decoded: true,
        skipped: 0,
    })
}

/// Quoted-printable text as it stands, what makes the text of it, and that text. `None` where characters do not stand one by
/// one in the bytes.
fn in_place(raw: &[u8], encoding: &str, quoted: bool) -> Option<(String, Edits, String)> {
    let encoding = Encoding::for_label(encoding.as_bytes())?;
    if encoding != UTF_8 && !encoding.is_single_byte() {
        return None;
    }
    let (original, _) = encoding.decode_without_bom_handling(raw);
    let original = original.into_owned();
    let mut edits = Edits::new();
    let mut marks = from_marks_if(quoted, original.as_bytes()).into_iter().peekable();
    let escapes: Vec<Escape> = escapes(original.as_bytes()).collect();
    let mut index = 0;
    while let Some(escape) = escapes.get(index) {
        while let Some(mark) = marks.next_if(|mark| *mark < escape.start) {
            edits.delete(mark..mark + 1);
        }
        let Some(byte) = escape.byte else {
            edits.delete(escape.start..escape.end);
            index += 1;
            continue;
        };
        let length = if encoding == UTF_8 { utf8_length(byte) } else { 1 };
        let (mut bytes, mut end) = (vec![byte], escape.end);
        index += 1;
        // A character may go on after a soft line break.
        while bytes.len() < length
            && let Some(next) = escapes.get(index).filter(|next| next.start == end)
        {
            bytes.extend(next.byte);
            end = next.end;
            index += 1;
        }
        edits.replace(escape.start..end, &encoding.decode_without_bom_handling(&bytes).0);
    }
    for mark in marks {
        edits.delete(mark..mark + 1);
    }
    let text = edits.apply(&original).ok()?.0;
    Some((original, edits, text))
}

fn utf8_length(first: u8) -> usize {
    match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    }
}

/// An escape of quoted-printable: `=C3`, or a soft line break, which stands for nothing.
#[derive(Debug, Clone, Copy)]
struct Escape {
    start: usize,
    end: usize,
    byte: Option<u8>,
}

fn escapes(raw: &[u8]) -> impl Iterator<Item = Escape> {
    let mut next = 0;
    memchr::memchr_iter(b'=', raw).filter_map(move |start| {
        if start < next {
            return None;
        }
        let digit = |at: usize| char::from(*raw.get(at)?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let escape = match (digit(start + 1), digit(start + 2)) {
            (Some(high), Some(low)) => Escape { start, end: start + 3, byte: Some(high << 4 | low) },
            _ => Escape { start, end: soft_break(raw, start + 1)?, byte: None },
        };
        next = escape.end;
        Some(escape)
    })
}

/// The end of the line where nothing but spaces stand from `at` on.
fn soft_break(raw: &[u8], at: usize) -> Option<usize> {
    // A line of quoted-printable has 76 characters.
    let rest = &raw[at..raw.len().min(at + 80)];
    let spaces = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match rest[spaces..] {
        [b'\r', b'\n', ..] => Some(at + spaces + 2),
        [b'\n', ..] => Some(at + spaces + 1),
        [] if at + spaces == raw.len() => Some(raw.len()),
        _ => None,
    }
}

/// The bytes that quoted-printable stands for.
fn unescaped(raw: &[u8], escapes: &[Escape], marks: &[usize]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut marks = marks.iter().copied().peekable();
    let mut at = 0;
    for escape in escapes.iter().copied().chain([Escape { start: raw.len(), end: raw.len(), byte: None }]) {
        while let Some(mark) = marks.next_if(|mark| *mark < escape.start) {
            bytes.extend_from_slice(&raw[at..mark]);
            at = mark + 1;
        }
        bytes.extend_from_slice(&raw[at..escape.start]);
        bytes.extend(escape.byte);
        at = escape.end;
    }
    bytes
}

fn from_marks_if(quoted: bool, raw: &[u8]) -> Vec<usize> {
    if quoted { from_marks(raw) } else { Vec::new() }
}

/// Where a `>` keeps a line that begins with `From ` from beginning a message of a mailbox. Of several, one does.
fn from_marks(raw: &[u8]) -> Vec<usize> {
    let mut marks = Vec::new();
    for found in memmem::find_iter(raw, b">From ") {
        let before = raw[..found].iter().rev().take_while(|byte| **byte == b'>').count();
        let start = found - before;
        if start == 0 || raw[start - 1] == b'\n' {
            marks.push(start);
        }
    }
    marks
}

/// The bytes that `raw` stands for.
pub(super) fn bytes(raw: &[u8], transfer: Transfer) -> Cow<'_, [u8]> {
    match transfer {
        Transfer::Plain => Cow::Borrowed(raw),
        Transfer::QuotedPrintable => Cow::Owned(unescaped(raw, &escapes(raw).collect::<Vec<_>>(), &[])),
        Transfer::Base64 => Cow::Owned(base64(raw)),
    }
}

/// How many bytes `raw` stands for.
pub(super) fn length(raw: &[u8], transfer: Transfer) -> usize {
    match transfer {
        Transfer::Plain => raw.len(),
        Transfer::QuotedPrintable => {
            let saved = |escape: Escape| escape.end - escape.start - usize::from(escape.byte.is_some());
            raw.len() - escapes(raw).map(saved).sum::<usize>()
        }
        Transfer::Base64 => {
            crate::bytes::count(raw, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')) * 3 / 4
        }
    }
}

/// The bytes that base64 stands for. What is none of its characters is passed over, as RFC 2045 has it; each end begins anew.
fn base64(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len() / 4 * 3 + 3);
    let (mut bits, mut count) = (0_u32, 0);
    for &byte in raw {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            // No more than 14 bits are kept, so that what is left of them after the shift is one byte.
            bytes.push((bits >> count).to_be_bytes()[3]);
            bits &= (1 << count) - 1;
        }
    }
    bytes
}
