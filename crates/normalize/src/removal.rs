//! Lines and paragraphs taken out of a text together with the line ends that belong to them.

use docmill_core::{ByteSpan, Edits};

/// The edits that take these spans out of a text: lines or paragraphs, in order, that do not overlap.
///
/// With each go its line end, its indentation and its bullet or number. Of the empty lines on both sides those after it go too,
/// and all of them at an end of the text.
pub(crate) fn removal(text: &str, spans: impl IntoIterator<Item = ByteSpan>) -> Edits {
    let mut removed: Vec<ByteSpan> = Vec::new();
    for span in spans {
        let span = whole_lines(text, span);
        match removed.last_mut() {
            Some(last) if is_blank(text, last.end, span.start) => *last = last.hull(span),
            _ => removed.push(span),
        }
    }
    let mut edits = Edits::new();
    for ByteSpan { start, end } in removed {
        let before = start - blank_lines(text[..start].split_inclusive('\n').rev());
        let after = end + blank_lines(text[end..].split_inclusive('\n'));
        edits.delete(if before == 0 {
            0..after
        } else if after == text.len() {
            before..after
        } else if before < start {
            start..after
        } else {
            start..end
        });
    }
    edits
}

/// The span with all of its first line, where only a bullet or number stands before it, and with its line end, where nothing
/// stands after it.
fn whole_lines(text: &str, span: ByteSpan) -> ByteSpan {
    let line = text[..span.start].rfind('\n').map_or(0, |end| end + 1);
    let start = if text[line..span.start].chars().any(char::is_alphabetic) { span.start } else { line };
    let end = text[span.end..].find('\n').map_or(text.len(), |end| span.end + end + 1);
    ByteSpan::new(start, if is_blank(text, span.end, end) { end } else { span.end })
}

fn is_blank(text: &str, start: usize, end: usize) -> bool {
    text.get(start..end).is_some_and(|gap| gap.trim().is_empty())
}

/// Bytes of the empty lines that come first.
fn blank_lines<'a>(lines: impl Iterator<Item = &'a str>) -> usize {
    lines.take_while(|line| line.trim().is_empty()).map(str::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text without the parts in brackets.
    fn check(marked: &str, expected: &str) {
        let (mut text, mut spans) = (String::new(), Vec::new());
        for c in marked.chars() {
            match (c, spans.last_mut()) {
                ('[', _) => spans.push(ByteSpan::point(text.len())),
                (']', Some(span)) => *span = ByteSpan::new(span.start, text.len()),
                _ => text.push(c),
            }
        }
        let (removed, _) = removal(&text, spans).apply(&text).expect("the edits lie in the text");
        assert_eq!(removed, expected, "{marked:?}");
    }

    #[test]
    fn lines_go_with_their_ends() {
        check("a\n[b]\nc", "a\nc");
        check("a\n  [b]  \nc", "a\nc");
        check("[a]\nb", "b");
        check("a\n[b]", "a\n");
        check("a\n[b]\n[c]\nd", "a\nd");
        check("[a]", "");
    }

    #[test]
    fn empty_lines_stay_on_one_side() {
        check("a\n\n[b]\n\nc", "a\n\nc");
        check("a\n\n\n[b]\n\nc", "a\n\n\nc");
        check("a\n[b]\n\nc", "a\n\nc");
        check("a\n\n[b]\nc", "a\n\nc");
        check("[a]\n\nb", "b");
        check("a\n\n[b]\n", "a\n");
        check("a\n\n[b]\n\n[c]\n\nd\n\n[e]\n\n", "a\n\nd\n");
    }

    #[test]
    fn bullets_and_numbers_go_too() {
        check("* a\n* [b]\n3. [c]\n* d", "* a\n* d");
    }

    #[test]
    fn what_stands_beside_stays() {
        check("see [b] there\nc", "see  there\nc");
    }
}
