//! Plain text as Markdown (`CommonMark` with GitHub's tables and strikethrough) that reads as that text.
//!
//! Only what would be mark-up where it stands is escaped, so that the file is good to read as it is: `_` within a word, `&`
//! that begins no entity, or `#` within a line stay.

use std::iter;

/// Writes a line of text, without the spaces at its ends, so that it neither begins a block nor holds mark-up.
pub(super) fn line(text: &str, out: &mut String) {
    let text = text.trim();
    let rest = match block_start(text) {
        Some(at) => {
            out.push_str(&text[..at]);
            out.push('\\');
            // The character itself is no inline mark-up, or escaped by this already.
            let after = at + 1;
            out.push_str(&text[at..after]);
            after
        }
        None => 0,
    };
    inline_from(text, rest, out);
}

/// Writes text that stands within a line.
pub(super) fn inline(text: &str, out: &mut String) {
    inline_from(text, 0, out);
}

/// The lines of a text, by any line end that Markdown knows, without empty ones.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty())
}

/// Writes the words of a text on one line.
pub(crate) fn one_line(text: &str, out: &mut String) {
    for (index, part) in lines(text).enumerate() {
        if index > 0 {
            out.push(' ');
        }
        inline(part, out);
    }
}

/// Where a backslash keeps the line from beginning a heading, list, quotation, table, rule or underline. An ASCII sign follows.
fn block_start(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let ends_word = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    match bytes.first()? {
        b'>' | b'=' | b'|' => Some(0),
        b'#' => ends_word(run(bytes, |byte| *byte == b'#')).then_some(0),
        b'-' | b'+' => (ends_word(1) || bytes[1] == bytes[0]).then_some(0),
        b':' => (ends_word(1) || b"-:".contains(&bytes[1])).then_some(0),
        b'0'..=b'9' => {
            let digits = run(bytes, u8::is_ascii_digit);
            (bytes.get(digits).is_some_and(|sign| b".)".contains(sign)) && ends_word(digits + 1)).then_some(digits)
        }
        _ => None,
    }
}

/// How many bytes at the start are of a kind.
fn run(bytes: &[u8], of_kind: impl Fn(&u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| of_kind(byte)).count()
}

fn inline_from(text: &str, start: usize, out: &mut String) {
    let bytes = text.as_bytes();
    let mut copied = start;
    for at in start..bytes.len() {
        if is_markup(bytes, at) {
            out.push_str(&text[copied..at]);
            out.push('\\');
            copied = at;
        }
    }
    out.push_str(&text[copied..]);
}

/// Whether the ASCII sign at `at` would be read as mark-up.
fn is_markup(bytes: &[u8], at: usize) -> bool {
    let next = bytes.get(at + 1).copied();
    match bytes[at] {
        b'\\' => next.is_none_or(|next| next.is_ascii_punctuation() || next == b'\n'),
        b'*' | b'`' | b'[' | b'~' => true,
        b'_' => {
            let within = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
            !(within(at.checked_sub(1).map(|before| bytes[before])) && within(next))
        }
        b'<' => next.is_some_and(|next| next.is_ascii_alphabetic() || b"/!?".contains(&next)),
        b'&' => begins_entity(&bytes[at + 1..]),
        // A closing sequence of a heading.
        b'#' => next.is_none() && at > 0,
        _ => false,
    }
}

/// Longest name of an entity in HTML.
const LONGEST_ENTITY: usize = 32;

fn begins_entity(rest: &[u8]) -> bool {
    let rest = &rest[..rest.len().min(LONGEST_ENTITY)];
    let hash = usize::from(rest.first() == Some(&b'#'));
    let name = run(&rest[hash..], u8::is_ascii_alphanumeric);
    name > 0 && rest.get(hash + name) == Some(&b';')
}

/// A fence that is longer than any run of backticks in `code`.
pub(super) fn fence(code: &str) -> String {
    let longest = code.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    iter::repeat_n('`', (longest + 1).max(3)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    fn check(text: &str, expected: &str) {
        let mut out = String::new();
        line(text, &mut out);
        assert_eq!(out, expected);
    }

    /// What a reader of the Markdown sees, and whether there is anything but paragraphs.
    fn read(markdown: &str) -> (String, bool) {
        let (mut text, mut plain) = (String::new(), true);
        let github = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_GFM;
        for event in Parser::new_ext(markdown, github) {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::SoftBreak => text.push(' '),
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                _ => plain = false,
            }
        }
        (text, plain)
    }

    #[test]
    fn what_would_begin_a_block_is_escaped() {
        check("# one", "\\# one");
        check("#tag", "#tag");
        check("- item", "\\- item");
        check("---", "\\---");
        check("-5 degrees", "-5 degrees");
        check("12. May", "12\\. May");
        check("2) two", "2\\) two");
        check("3.5 percent", "3.5 percent");
        check("> said", "\\> said");
        check("===", "\\===");
        check("|a|", "\\|a|");
        check("    indented", "indented");
    }

    #[test]
    fn what_would_be_markup_within_a_line_is_escaped() {
        check("a*b* `c` [1] ~x~", "a\\*b\\* \\`c\\` \\[1] \\~x\\~");
        check("snake_case and _under_", "snake_case and \\_under\\_");
        check("AT&T, a & b, &amp; &#38;", "AT&T, a & b, \\&amp; \\&#38;");
        check("1 < 2, <b>, </b>", "1 < 2, \\<b>, \\</b>");
        check("C:\\dir \\* \\", "C:\\dir \\\\\\* \\\\");
        check("in C #", "in C \\#");
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_code() {
        assert_eq!(fence("plain"), "```");
        assert_eq!(fence("a ```` b ``"), "`````");
    }

    proptest! {
        #[test]
        fn escaped_text_reads_as_the_text(
            written in proptest::collection::vec("[-+*_#>=|:~`<&;!?\\\\/\\[\\]()^$\".,1 2ab\té•]{0,12}", 1..5),
        ) {
            let written: Vec<_> = written.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
            let mut markdown = String::new();
            for text in &written {
                line(text, &mut markdown);
                markdown.push('\n');
            }
            let (text, plain) = read(&markdown);
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(words(&text), words(&written.join(" ")), "{}", markdown);
            prop_assert!(plain, "{}", markdown);
        }
    }
}
