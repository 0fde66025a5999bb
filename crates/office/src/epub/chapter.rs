//! A chapter of a book: a page of HTML, whose blocks go into the book.

use docmill_core::{Block, BlockKind, ByteSpan, Composer, Context, Document, RawSource, ReadError, Reader};
use docmill_ingest::{Html, MainText};

/// Reads a chapter as the reader of HTML does.
pub(super) fn read(name: &str, bytes: Vec<u8>, cx: &Context) -> Result<Document, ReadError> {
    let page = RawSource::new(name, "application/xhtml+xml", bytes);
    Html { main: MainText::Body, links: true }.read(page, cx)
}

/// Writes the blocks of a chapter. Its title is a heading in the book.
pub(super) fn write(chapter: &Document, composer: &mut Composer) {
    for block in chapter.blocks() {
        match block.kind {
            BlockKind::PageBreak => composer.page_break(),
            BlockKind::Table => table(chapter, block, composer),
            BlockKind::Title => begin(chapter, block, BlockKind::Heading, Some(1), composer),
            kind => begin(chapter, block, kind, block.level, composer),
        }
    }
}

fn begin(chapter: &Document, block: &Block, kind: BlockKind, level: Option<u8>, composer: &mut Composer) {
    composer.begin(kind, level);
    let mut done = block.span.start;
    let annotations = chapter.annotations();
    let from = annotations.partition_point(|annotation| annotation.span.start < block.span.start);
    for link in annotations[from..].iter().take_while(|link| link.span.start < block.span.end) {
        let target = link.value["href"].as_str().unwrap_or_default();
        if link.kind != "link" || link.span.start < done || link.span.end > block.span.end || !is_outside(target) {
            continue;
        }
        composer.text(text(chapter, done, link.span.start));
        composer.link(text(chapter, link.span.start, link.span.end), target);
        done = link.span.end;
    }
    composer.text(text(chapter, done, block.span.end));
    composer.end();
}

/// Whether a link leads out of the book.
fn is_outside(target: &str) -> bool {
    target.contains("://") || target.starts_with("mailto:")
}

fn text(chapter: &Document, start: usize, end: usize) -> &str {
    ByteSpan::new(start, end).of(chapter.text()).unwrap_or_default()
}

fn table(chapter: &Document, block: &Block, composer: &mut Composer) {
    composer.begin(BlockKind::Table, None);
    for row in block.cells.chunk_by(|a, b| a.row == b.row) {
        let mut cells = Vec::new();
        for cell in row {
            // Columns that a cell above or before covers are empty.
            while cells.len() < usize::try_from(cell.column).unwrap_or(0).min(1024) {
                cells.push("");
            }
            cells.push(cell.span.of(chapter.text()).unwrap_or_default());
        }
        composer.row(cells, row.iter().all(|cell| cell.header));
    }
    composer.end();
}
