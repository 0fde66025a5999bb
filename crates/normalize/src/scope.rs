//! Which parts of a text a normalizer may touch.

use docmill_core::{BlockKind, ByteSpan, Document};

/// What lies outside of code blocks, in order; all of the text where there are none.
pub(crate) fn outside_code(doc: &Document) -> Vec<ByteSpan> {
    outside(doc, |kind| kind == BlockKind::Code)
}

/// What lies outside of blocks of these kinds, in order, without empty spans.
pub(crate) fn outside(doc: &Document, kept: impl Fn(BlockKind) -> bool) -> Vec<ByteSpan> {
    let mut spans = Vec::new();
    let mut start = 0;
    for block in doc.blocks().iter().filter(|block| kept(block.kind)) {
        if start < block.span.start {
            spans.push(ByteSpan::new(start, block.span.start));
        }
        start = start.max(block.span.end);
    }
    if start < doc.text().len() {
        spans.push(ByteSpan::new(start, doc.text().len()));
    }
    spans
}

/// The paragraphs of running text, in order: what stands in blocks of prose, or in the whole text where there are no blocks,
/// parted at empty lines. Their line ends may be a matter of layout only.
pub(crate) fn paragraphs(doc: &Document) -> Vec<ByteSpan> {
    let text = doc.text();
    let mut paragraphs = Vec::new();
    if doc.blocks().is_empty() {
        part(text, ByteSpan::new(0, text.len()), &mut paragraphs);
    }
    for block in doc.blocks().iter().filter(|block| block.kind.is_prose()) {
        part(text, block.span, &mut paragraphs);
    }
    paragraphs
}

/// Parts `span` at its empty lines.
fn part(text: &str, span: ByteSpan, paragraphs: &mut Vec<ByteSpan>) {
    let Some(block) = span.of(text) else { return };
    let mut current: Option<ByteSpan> = None;
    let mut start = span.start;
    for line in block.split_inclusive('\n') {
        let end = start + line.len();
        if line.trim().is_empty() {
            paragraphs.extend(current.take());
        } else {
            let line = ByteSpan::new(start, start + line.trim_end().len());
            current = Some(current.map_or(line, |paragraph| paragraph.hull(line)));
        }
        start = end;
    }
    paragraphs.extend(current);
}

#[cfg(test)]
mod tests {
    use docmill_core::Block;

    use super::*;

    #[test]
    fn paragraphs_are_parted_at_lines_without_letters() {
        let mut doc = Document::from_text("a.txt", "one\ntwo\n \t\nthree");
        doc.set_blocks(Vec::new());
        assert_eq!(paragraphs(&doc), [ByteSpan::new(0, 7), ByteSpan::new(11, 16)]);
    }

    #[test]
    fn code_is_left_out() {
        let mut doc = Document::from_text("a.md", "before code after");
        doc.set_blocks(vec![Block::new(BlockKind::Code, 7..11)]);
        assert_eq!(outside_code(&doc), [ByteSpan::new(0, 7), ByteSpan::new(11, 17)]);
        assert!(paragraphs(&doc).is_empty());
        doc.set_blocks(vec![Block::new(BlockKind::Code, 0..1), Block::new(BlockKind::Code, 2..17)]);
        assert_eq!(outside_code(&doc), [ByteSpan::new(1, 2)]);
    }
}
