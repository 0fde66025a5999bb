//! White space that means nothing, taken out.
//!
//! Each run of white space outside of code becomes its shortest form: a space within a line, a line end, or one empty line.
//! Only the part of a run that is too much is edited. In tables the runs between cells are borders and stay.

use docmill_core::{
    Block, BlockKind, BuildContext, ByteSpan, Component, Context, Document, Edits, OptionError, Role, RoleKind, Stage,
    StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Takes out white space that means nothing.
///
/// Runs of spaces, tabs and no-break spaces become one space; spaces at the beginning and end of lines go; several empty
/// lines become one; white space at the beginning and end of the text goes. Code is left alone, and so is what stands between
/// the cells of a table. Comes last among the normalizers, after those that look at the layout.
///
/// ```yaml
/// - normalize.whitespace
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Whitespace {}

impl Component for Whitespace {
    const NAME: &'static str = "normalize.whitespace";
    const KIND: RoleKind = RoleKind::Stage;
    const RECOMMENDED: bool = true;

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Whitespace {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let text = doc.text();
        let mut edits = Edits::new();
        let mut start = 0;
        for kept in kept(doc) {
            shorten(text, ByteSpan::new(start, kept.start.max(start)), &mut edits);
            start = start.max(kept.end);
        }
        shorten(text, ByteSpan::new(start, text.len()), &mut edits);
        doc.edit(&edits)?;
        Ok(())
    }
}

/// The spans whose white space counts, in order: code, and in tables what is not in a cell.
fn kept(doc: &Document) -> Vec<ByteSpan> {
    let text = doc.text();
    let mut kept = Vec::new();
    for block in doc.blocks() {
        match block.kind {
            BlockKind::Code => kept.push(with_indentation(text, block.span)),
            BlockKind::Table => borders(block, &mut kept),
            _ => {}
        }
    }
    kept
}

/// The span with the spaces before its first line.
fn with_indentation(text: &str, span: ByteSpan) -> ByteSpan {
    let before = text.get(..span.start).unwrap_or_default();
    let start = before.trim_end_matches([' ', '\t']).len();
    let at_line_start = start == 0 || before[..start].ends_with('\n');
    if at_line_start { ByteSpan::new(start, span.end) } else { span }
}

fn borders(table: &Block, kept: &mut Vec<ByteSpan>) {
    let mut start = table.span.start;
    for cell in table.cells.iter().filter(|cell| table.span.contains(cell.span)) {
        // The empty span of an empty cell parts nothing.
        if start < cell.span.start {
            kept.push(ByteSpan::new(start, cell.span.start));
        }
        start = start.max(cell.span.end);
    }
    if start < table.span.end {
        kept.push(ByteSpan::new(start, table.span.end));
    }
}

/// Shortens the runs of white space in `span`.
fn shorten(text: &str, span: ByteSpan, edits: &mut Edits) {
    let Some(part) = span.of(text) else { return };
    let bytes = part.as_bytes();
    let mut at = 0;
    while let Some(skipped) = bytes[at..].iter().position(|&byte| may_be_space(byte)) {
        at += skipped;
        if at > 0 && is_single_space(&bytes[at..]) {
            at += 1;
            continue;
        }
        let run = run(&part[at..]);
        if run.bytes == 0 {
            // A character that begins like a space.
            at += part[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let place = ByteSpan::new(at, at + run.bytes).shifted(span.start);
        let at_edge = place.start == 0 || place.end == text.len();
        let shortest = match run.line_ends {
            _ if at_edge => "",
            0 => " ",
            1 => "\n",
            _ => "\n\n",
        };
        replace_least(text, place, shortest, edits);
        at += run.bytes;
    }
}

/// Whether a byte is white space, or begins a character that may be.
const fn may_be_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r' | 0xC2 | 0xE1 | 0xE2 | 0xE3)
}

/// Whether a space parts two words: most of all white space.
const fn is_single_space(bytes: &[u8]) -> bool {
    matches!(bytes, [b' ', b'!'..=b'~', ..])
}

/// White space at the beginning of a text.
struct Run {
    bytes: usize,
    line_ends: usize,
}

fn run(text: &str) -> Run {
    let mut run = Run { bytes: 0, line_ends: 0 };
    for c in text.chars().take_while(|c| c.is_whitespace()) {
        run.bytes += c.len_utf8();
        run.line_ends += usize::from(c == '\n');
    }
    run
}

/// Replaces `span` by `shortest`, leaving alone what is the same at both ends.
fn replace_least(text: &str, span: ByteSpan, shortest: &str, edits: &mut Edits) {
    let Some(found) = span.of(text) else { return };
    if found == shortest {
        return;
    }
    // All of `shortest` is ASCII, so that equal bytes are equal characters.
    let head = found.bytes().zip(shortest.bytes()).take_while(|(a, b)| a == b).count();
    let rest = &shortest[head..];
    let tail = found[head..].bytes().rev().zip(rest.bytes().rev()).take_while(|(a, b)| a == b).count();
    edits.replace(ByteSpan::new(span.start + head, span.end - tail), &rest[..rest.len() - tail]);
}

#[cfg(test)]
mod tests {
    use docmill_core::Cell;

    use super::*;
    use crate::testing::{normalized, normalized_doc};

    fn check(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(normalized(Whitespace::default(), text), *expected, "from {text:?}");
        }
    }

    #[test]
    fn runs_become_one_space() {
        check(&[("a  b\tc \u{a0} d\u{a0}e\u{2003}f\u{3000}g", "a b c d e f g"), ("â € ã 、", "â € ã 、")]);
    }

    #[test]
    fn lines_lose_spaces_at_both_ends() {
        check(&[("a  \n  b\t\n\tc", "a\nb\nc")]);
    }

    #[test]
    fn one_empty_line_is_enough() {
        check(&[("a\n\n\n\nb\n \t\n \nc\n\nd\ne", "a\n\nb\n\nc\n\nd\ne")]);
    }

    #[test]
    fn the_text_begins_and_ends_with_a_letter() {
        check(&[(" \n\n a \n", "a"), (" \u{a0}\n", ""), ("", "")]);
    }

    #[test]
    fn code_keeps_its_white_space() {
        let text = "a  b\n\n    if x:\n        y  = 1\n\n\nc  d";
        let mut doc = Document::from_text("a.md", text);
        doc.set_blocks(vec![
            Block::new(BlockKind::Paragraph, 0..4),
            Block::new(BlockKind::Code, 10..30),
            Block::new(BlockKind::Paragraph, 33..37),
        ]);
        assert_eq!(normalized_doc(Whitespace::default(), doc).text(), "a b\n\n    if x:\n        y  = 1\n\nc d");
    }

    #[test]
    fn tables_keep_their_borders() {
        let text = "one  two\t\t3\nx\t\ty";
        let mut doc = Document::from_text("a.csv", text);
        let cell = |row, column, span: std::ops::Range<usize>| Cell { row, column, header: false, span: span.into() };
        let cells = vec![
            cell(0, 0, 0..8),
            cell(0, 1, 9..9),
            cell(0, 2, 10..11),
            cell(1, 0, 12..13),
            cell(1, 1, 14..14),
            cell(1, 2, 15..16),
        ];
        doc.set_blocks(vec![Block::table(0..text.len(), cells)]);
        let doc = normalized_doc(Whitespace::default(), doc);
        assert_eq!(doc.text(), "one two\t\t3\nx\t\ty");
        let texts: Vec<_> = doc.blocks()[0].cells.iter().map(|cell| cell.span.of(doc.text()).unwrap_or("?")).collect();
        assert_eq!(texts, ["one two", "", "3", "x", "", "y"]);
    }

    #[test]
    fn only_what_is_too_much_is_edited() {
        let doc = normalized_doc(Whitespace::default(), Document::from_text("a.txt", "a  b\n\n\nc"));
        let changes: Vec<_> = doc.source_map().changes().collect();
        assert_eq!(changes, [(ByteSpan::new(2, 3), ByteSpan::new(2, 2)), (ByteSpan::new(6, 7), ByteSpan::new(5, 5))]);
    }
}
