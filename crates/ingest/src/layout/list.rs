//! List items: lines that begin with a bullet or a number.

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
