//! List items: lines that begin with a bullet or a number, and the lines that go on with them.

use docmill_core::{Block, BlockKind, ByteSpan};

use super::lines::Line;
use super::prose::room;
use super::{Finder, LONG_LINE, USUAL_WIDTH, WIDEST, hull};

/// What a list item or a numbered heading begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marker {
    /// Its bytes, with the space after it.
    pub length: usize,
    pub kind: MarkerKind,
}

/// The kinds of markers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkerKind {
    Bullet,
    /// `1.`, `2.1`, `3)`, `(b)`, with how many numbers it has.
    Number(u8),
    /// `[1]`: a note.
    Note,
}

/// The marker at the beginning of a line that goes on after it.
pub(crate) fn marker(line: &str) -> Option<Marker> {
    let first = line.chars().next()?;
    let (length, kind) = match first {
        '-' | '*' | '+' | '•' | '‣' | '◦' | '▪' | '–' | '·' | '●' | '■' | '□' | '\u{f0b7}' => {
            (first.len_utf8(), MarkerKind::Bullet)
        }
        '0'..='9' => number(line)?,
        '(' => enclosed(line, ')').map(|length| (length, MarkerKind::Number(1)))?,
        '[' => enclosed(line, ']').map(|length| (length, MarkerKind::Note))?,
        'a'..='z' if line[1..].starts_with(") ") => (2, MarkerKind::Number(1)),
        _ => return None,
    };
    let rest = &line[length..];
    let spaces = rest.len() - rest.trim_start().len();
    (spaces > 0 && spaces < rest.len()).then_some(Marker { length: length + spaces, kind })
}

/// `1.`, `12)`, `2.1`, `2.1.3.`; a single number needs its full stop or bracket.
fn number(line: &str) -> Option<(usize, MarkerKind)> {
    let bytes = line.as_bytes();
    let length = bytes.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let label = &line[..length];
    let parts = label.trim_end_matches('.').split('.');
    let depth = parts.clone().count();
    if depth > 6 || parts.into_iter().any(|part| part.is_empty() || part.len() > 3) {
        return None;
    }
    let bracket = bytes.get(length) == Some(&b')');
    let closed = label.ends_with('.') || bracket;
    (closed || depth > 1).then(|| (length + usize::from(bracket), MarkerKind::Number(u8::try_from(depth).unwrap_or(1))))
}

/// `(3)`, `(iv)`, `[12]`: the length of a short label in brackets.
fn enclosed(line: &str, close: char) -> Option<usize> {
    let end = line.find(close)?;
    let label = &line[1..end];
    let numeral = !label.is_empty() && label.len() <= 3 && label.bytes().all(|byte| byte.is_ascii_digit());
    let letters = close == ')'
        && (1..=3).contains(&label.len())
        && label.bytes().all(|byte| matches!(byte, b'a'..=b'e' | b'i' | b'v' | b'x'));
    (numeral || letters).then_some(end + 1)
}

impl Finder<'_> {
    /// Items, each with the lines that go on with it.
    pub(super) fn list(&mut self, lines: &[Line<'_>], kind: MarkerKind) -> usize {
        let outer = lines[0].indent;
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let Some(found) = marker(line.text).filter(|_| line.text.len() <= LONG_LINE || at == 0) else {
                break;
            };
            let width = self.width.unwrap_or(USUAL_WIDTH);
            // Lines go on with an item where they are set in, or where their first word had no room in the line before.
            let goes_on = |pair: &&[Line<'_>]| {
                let (before, next) = (pair[0], pair[1]);
                let belongs = next.indent > outer || (outer == 0 && !room(before, next, width));
                belongs && next.text.len() <= WIDEST && marker(next.text).is_none()
            };
            let own = 1 + lines[at..].windows(2).take_while(goes_on).count();
            let span = hull(&lines[at..at + own]);
            let depth = u8::try_from(1 + (line.indent.saturating_sub(outer) / 2).min(8)).unwrap_or(1);
            self.prose += usize::from(kind != MarkerKind::Note);
            if found.kind == MarkerKind::Note {
                self.push(BlockKind::Footer, span);
            } else if found.kind == MarkerKind::Bullet {
                let start = line.start + found.length;
                self.found.marks.push(ByteSpan::new(line.start, start));
                self.found.blocks.push(Block::list_item(depth, start..span.end));
            } else {
                self.found.blocks.push(Block::list_item(depth, span));
            }
            at += own;
        }
        at.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bullets_numbers_and_notes_are_told_apart() {
        let check = |line: &str, expected: Option<(&str, MarkerKind)>| {
            let found = marker(line).map(|marker| (&line[..marker.length], marker.kind));
            assert_eq!(found, expected, "{line}");
        };
        check("* 38 sections", Some(("* ", MarkerKind::Bullet)));
        check("•  item", Some(("•  ", MarkerKind::Bullet)));
        check("1. Purpose", Some(("1. ", MarkerKind::Number(1))));
        check("2.1 Losses", Some(("2.1 ", MarkerKind::Number(2))));
        check("3) third", Some(("3) ", MarkerKind::Number(1))));
        check("(b) letter", Some(("(b) ", MarkerKind::Number(1))));
        check("[1] Court order", Some(("[1] ", MarkerKind::Note)));
        check("12 people came", None);
        check("-5 degrees", None);
        check("(BHA) is an office", None);
        check("*", None);
        check("2016.", None);
    }
}
