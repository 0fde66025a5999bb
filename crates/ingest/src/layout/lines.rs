//! The lines of a text, and the groups that empty lines part.

use std::ops::Range;

use docmill_core::ByteSpan;

/// A line without the white space around it. An empty one parts groups.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'t> {
    pub text: &'t str,
    /// Where it begins in the text.
    pub start: usize,
    /// Spaces before it; a tab counts as 4.
    pub indent: usize,
    /// Whether a page begins with it.
    pub new_page: bool,
}

impl Line<'_> {
    pub(crate) fn span(&self) -> ByteSpan {
        ByteSpan::new(self.start, self.start + self.text.len())
    }
}

/// The lines of `text`: `\n`, `\r\n`, `\r` and the form feed end a line.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let bytes = text.as_bytes();
    let mut lines = Vec::with_capacity(bytes.len() / 64 + 1);
    let (mut start, mut new_page) = (0, false);
    for end in memchr::memchr3_iter(b'\n', b'\r', 0x0C, bytes) {
        // The two characters of one line end do not make two lines.
        let second_half = bytes[end] == b'\n' && end == start && end > 0 && bytes[end - 1] == b'\r';
        if !second_half {
            let line = line(text, start, end, new_page);
            // A page begins with its first line that is not empty.
            new_page &= line.text.is_empty();
            lines.push(line);
        }
        new_page |= bytes[end] == 0x0C;
        start = end + 1;
    }
    lines.push(line(text, start, bytes.len(), new_page));
    lines
}

fn line(text: &str, start: usize, end: usize, new_page: bool) -> Line<'_> {
    let whole = &text[start..end];
    let unindented = whole.trim_start();
    let lead = &whole[..whole.len() - unindented.len()];
    let indent = lead.chars().map(|space| if space == '\t' { 4 } else { 1 }).sum();
    let new_page = new_page && !unindented.is_empty();
    Line { text: unindented.trim_end(), start: start + lead.len(), indent, new_page }
}

/// The groups of lines that stand together without an empty line.
pub(crate) fn groups(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    let mut groups = Vec::new();
    let mut first = None;
    for (index, line) in lines.iter().enumerate() {
        match (line.text.is_empty(), first) {
            (false, None) => first = Some(index),
            (true, Some(start)) => {
                groups.push(start..index);
                first = None;
            }
            (false, Some(start)) if line.new_page => {
                groups.push(start..index);
                first = Some(index);
            }
            _ => {}
        }
    }
    if let Some(start) = first {
        groups.push(start..lines.len());
    }
    groups
}

/// Whether a text ends as a sentence does, closing quotes and brackets aside.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '\'', '”', '’', '»', '«', ')', ']', '“', ' ']);
    end.ends_with(['.', '!', '?', '…', '。', '！', '？', '．'])
}

/// Number of words: runs of what is not white space.
pub(crate) fn words(text: &str) -> usize {
    if !text.is_ascii() {
        return text.split_whitespace().count();
    }
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let ends = text.as_bytes().windows(2).filter(|pair| !is_space(&pair[0]) && is_space(&pair[1])).count();
    ends + usize::from(text.as_bytes().last().is_some_and(|last| !is_space(last)))
}

/// Whether a text has letters and all of them are capitals.
pub(crate) fn is_capitals(text: &str) -> bool {
    let mut letters = 0;
    for c in text.chars() {
        if c.is_lowercase() {
            return false;
        }
        letters += usize::from(c.is_uppercase());
    }
    letters >= 2
}

/// The text after `prefix`, whatever the case of its letters; `prefix` is in lower case.
pub(crate) fn after_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    if let Some(head) = text.get(..prefix.len())
        && head.eq_ignore_ascii_case(prefix)
    {
        return Some(&text[prefix.len()..]);
    }
    if prefix.is_ascii() {
        return None;
    }
    let mut rest = text.chars();
    let same = prefix.chars().all(|expected| rest.next().is_some_and(|c| c.to_lowercase().eq([expected])));
    same.then_some(rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_ends_one_line() {
        let texts: Vec<&str> = lines("a\nb\r\nc\rd\r\n\r\ne\n\nf").iter().map(|line| line.text).collect();
        assert_eq!(texts, ["a", "b", "c", "d", "", "e", "", "f"]);
    }

    #[test]
    fn words_are_parted_by_white_space_of_any_kind() {
        for (text, count) in [("", 0), ("  ", 0), ("a", 1), (" a\tbc  d ", 3), ("é\u{a0}b c", 3), ("a\x0bb", 2)] {
            assert_eq!((words(text), text.split_whitespace().count()), (count, count), "{text:?}");
        }
    }

    #[test]
    fn an_empty_line_or_a_new_page_ends_a_group() {
        let text = " a\nb\n\n \u{a0}\nc\u{c}d\n";
        let lines = lines(text);
        assert_eq!(groups(&lines), [0..2, 4..5, 5..6]);
        assert_eq!((lines[0].indent, lines[0].span()), (1, ByteSpan::new(1, 2)));
        assert!(lines[5].new_page);
    }
}
