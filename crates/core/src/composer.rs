//! Builds documents of formats whose text is not in the file as it is, such as PDF and the formats of office programs.

use std::ops::Range;

use serde_json::json;

use crate::{Annotation, Block, BlockKind, ByteSpan, Cell, Context, Document, Landmark, RawSource, ReadError, Spot};

/// Composes a text of blocks, in reading order, and keeps where each part of it stands.
///
/// Blocks are parted by an empty line, items of a list and rows of a table by a line end, cells by a tab. The text is the
/// document's text as ingested, so that offsets, lines and columns of places are those of this text (`decoded`), and pages, slides,
/// sheets and rows are those of the file.
///
/// ```
/// use docmill_core::{BlockKind, ByteSpan, Composer, Context, RawSource, Spot};
///
/// let mut composer = Composer::new(&Context::default());
/// composer.at(Spot::page(1));
/// composer.title("Harbor Report");
/// composer.at(Spot::page(2));
/// composer.begin(BlockKind::Paragraph, None);
/// composer.text("Ships wait, says ");
/// composer.link("the port", "https://port.example/");
/// composer.text(".");
/// composer.end();
/// let doc = composer.finish(RawSource::new("report.pdf", "application/pdf", vec![]))?;
///
/// assert_eq!(doc.text(), "Harbor Report\n\nShips wait, says the port.");
/// assert_eq!(doc.locate(ByteSpan::new(15, 20)).page, Some(2));
/// # Ok::<(), docmill_core::ReadError>(())
/// ```
#[derive(Debug)]
pub struct Composer {
    /// Most bytes that the text may have.
    limit: usize,
    text: String,
    blocks: Vec<Block>,
    links: Vec<(ByteSpan, String)>,
    landmarks: Vec<Landmark>,
    /// Where what comes next stands.
    spot: Spot,
    open: Option<Open>,
    over: bool,
}

/// A block that is being written.
#[derive(Debug)]
struct Open {
    kind: BlockKind,
    level: Option<u8>,
    /// Length of the text before it, and before what parts it from the last block.
    before: usize,
    /// Where it begins in the text, once it has begun.
    start: Option<usize>,
    cells: Vec<Cell>,
    rows: u32,
    /// White space is waiting for the next word.
    space: bool,
}

impl Composer {
    /// An empty text, which may grow to `limits.document`.
    pub fn new(cx: &Context) -> Self {
        Self {
            limit: usize::try_from(cx.limits.document.0).unwrap_or(usize::MAX),
            text: String::new(),
            blocks: Vec::new(),
            links: Vec::new(),
            landmarks: Vec::new(),
            spot: Spot::default(),
            open: None,
            over: false,
        }
    }

    /// Says where all that follows stands in the file.
    pub fn at(&mut self, spot: Spot) {
        self.spot = spot;
    }

    /// The text so far.
    pub fn so_far(&self) -> &str {
        &self.text
    }

    /// Whether the text is longer than it may be: the rest need not be read.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// The document's title.
    pub fn title(&mut self, text: &str) -> Option<ByteSpan> {
        self.block(BlockKind::Title, text)
    }

    /// A heading of `level`, from 1.
    pub fn heading(&mut self, level: u8, text: &str) -> Option<ByteSpan> {
        self.whole(BlockKind::Heading, Some(level), text)
    }

    /// An item of a list at `depth`, from 1.
    pub fn list_item(&mut self, depth: u8, text: &str) -> Option<ByteSpan> {
        self.whole(BlockKind::ListItem, Some(depth), text)
    }

    /// A block of text without links. Nothing where the text is blank.
    pub fn block(&mut self, kind: BlockKind, text: &str) -> Option<ByteSpan> {
        self.whole(kind, None, text)
    }

    fn whole(&mut self, kind: BlockKind, level: Option<u8>, text: &str) -> Option<ByteSpan> {
        self.begin(kind, level);
        self.text(text);
        self.end()
    }

    /// Where a page ends.
    pub fn page_break(&mut self) {
        self.end();
        self.blocks.push(Block::new(BlockKind::PageBreak, ByteSpan::point(self.text.len())));
    }

    /// Begins a block; `level` is that of a heading or list item. A block that is still open ends.
    pub fn begin(&mut self, kind: BlockKind, level: Option<u8>) {
        self.end();
        let before = self.text.len();
        self.open = Some(Open { kind, level, before, start: None, cells: Vec::new(), rows: 0, space: false });
    }

    /// Goes on with the block. White space runs together to one space, but in code, where it counts; a line end stays one.
    pub fn text(&mut self, text: &str) {
        if self.open.is_none() {
            self.begin(BlockKind::Paragraph, None);
        }
        self.write(text);
    }

    /// Goes on with the block by a link to `target`.
    pub fn link(&mut self, text: &str, target: &str) {
        if self.open.is_none() {
            self.begin(BlockKind::Paragraph, None);
        }
        let written = self.write(text);
        if !written.is_empty() && !target.is_empty() {
            self.links.push((ByteSpan::new(written.start, written.end), target.to_owned()));
        }
    }

    /// Ends the block and gives its span; `None` where nothing was in it.
    pub fn end(&mut self) -> Option<ByteSpan> {
        let open = self.open.take()?;
        let start = open.start.unwrap_or(self.text.len());
        if self.text[start..].trim().is_empty() {
            self.text.truncate(open.before);
            return None;
        }
        if open.kind != BlockKind::Table {
            self.text.truncate(self.text.trim_end().len());
        }
        let span = ByteSpan::new(start, self.text.len());
        self.blocks.push(Block { kind: open.kind, span, level: open.level, cells: open.cells });
        Some(span)
    }

    /// Goes on with a table by a row of cells, or begins one. White space in cells runs together.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>, header: bool) {
        if self.open.as_ref().is_none_or(|open| open.kind != BlockKind::Table) {
            self.begin(BlockKind::Table, None);
        }
        self.start();
        let row = self.open.as_ref().map_or(0, |open| open.rows);
        let mut found = Vec::new();
        for (column, cell) in cells.into_iter().enumerate() {
            if column > 0 {
                self.push("\t");
            } else if row > 0 {
                self.push("\n");
            }
            let start = self.text.len();
            for (index, word) in cell.split_whitespace().enumerate() {
                if index > 0 {
                    self.push(" ");
                }
                self.word(word);
            }
            let span = ByteSpan::new(start, self.text.len());
            found.push(Cell { row, column: u32::try_from(column).unwrap_or(u32::MAX), header, span });
        }
        if let Some(open) = &mut self.open {
            open.rows += u32::from(!found.is_empty());
            open.cells.extend(found);
        }
    }

    /// Writes a piece of the open block; gives where its words are.
    fn write(&mut self, text: &str) -> Range<usize> {
        let is_code = self.open.as_ref().is_some_and(|open| open.kind == BlockKind::Code);
        if is_code {
            self.start();
            let start = self.text.len();
            self.word(text);
            return start..self.text.len();
        }
        let mut written: Option<Range<usize>> = None;
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            if word > 0 {
                self.start();
                self.space();
                let from = self.text.len();
                self.word(&rest[..word]);
                written = Some(written.map_or(from, |range| range.start)..self.text.len());
            }
            rest = &rest[word..];
            let blank = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
            if blank > 0 {
                self.blank(&rest[..blank]);
            }
            rest = &rest[blank..];
        }
        written.unwrap_or(self.text.len()..self.text.len())
    }

    /// White space that waits for a word.
    fn blank(&mut self, blank: &str) {
        let at_line_start = self.text.ends_with('\n');
        let Some(open) = self.open.as_mut().filter(|open| open.start.is_some()) else { return };
        open.space = !blank.contains('\n') && !at_line_start;
        if blank.contains('\n') && !at_line_start {
            self.push("\n");
        }
    }

    fn space(&mut self) {
        if self.open.as_mut().is_some_and(|open| std::mem::take(&mut open.space)) {
            self.push(" ");
        }
    }

    /// Parts the open block from the last, where nothing of it is written yet.
    fn start(&mut self) {
        if self.open.as_ref().is_some_and(|open| open.start.is_none()) {
            let gap = self.gap();
            self.push(gap);
            let start = self.text.len();
            if let Some(open) = &mut self.open {
                open.start = Some(start);
            }
        }
    }

    /// Writes a word, and where it stands where that is another place than that of the word before.
    fn word(&mut self, word: &str) {
        let moved = self.landmarks.last().map_or(self.spot != Spot::default(), |last| last.spot != self.spot);
        if !word.is_empty() && moved {
            self.landmarks.push(Landmark { offset: self.text.len(), spot: self.spot.clone() });
        }
        self.push(word);
    }

    /// What parts the open block from the last.
    fn gap(&self) -> &'static str {
        let kind = |block: &Block| (block.kind != BlockKind::PageBreak).then_some(block.kind);
        let last = self.blocks.iter().rev().find_map(kind);
        match (last, self.open.as_ref().map(|open| open.kind)) {
            (None, _) => "",
            (Some(BlockKind::ListItem), Some(BlockKind::ListItem)) => "\n",
            _ => "\n\n",
        }
    }

    fn push(&mut self, text: &str) {
        if self.text.len() + text.len() > self.limit {
            self.over = true;
        } else {
            self.text.push_str(text);
        }
    }

    /// The document that was read from `source`.
    pub fn finish(mut self, mut source: RawSource) -> Result<Document, ReadError> {
        self.end();
        if self.over {
            let value = format!("{} bytes", self.limit);
            return Err(ReadError::Limit { limit: "limits.document", value, found: "its text".to_owned() });
        }
        source.origin.decoded = true;
        source.origin.landmarks = self.landmarks;
        let mut doc = Document::new(source.source("utf-8"), self.text);
        let title = self.blocks.iter().find(|block| block.kind == BlockKind::Title).map(|block| block.span);
        if let Some(title) = title.and_then(|span| span.of(doc.text())).map(str::to_owned) {
            doc.meta.set_if_absent("title", title);
        }
        doc.set_blocks(self.blocks);
        for (span, href) in self.links {
            doc.annotate(Annotation::new("link", span).with_value(json!({ "href": href })));
        }
        Ok(doc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ByteSize, Limits};

    fn finished(compose: impl FnOnce(&mut Composer)) -> Document {
        let mut composer = Composer::new(&Context::default());
        compose(&mut composer);
        composer.finish(RawSource::new("a.docx", "application/x", vec![])).unwrap()
    }

    fn blocks(doc: &Document) -> Vec<(BlockKind, &str)> {
        doc.blocks().iter().map(|block| (block.kind, block.span.of(doc.text()).unwrap())).collect()
    }

    #[test]
    fn white_space_runs_together_and_blocks_are_parted() {
        let doc = finished(|composer| {
            composer.title("  The   Port \n");
            composer.block(BlockKind::Paragraph, " \n ");
            composer.begin(BlockKind::Paragraph, None);
            composer.text("Ships ");
            composer.text(" wait\nfor");
            composer.link(" tides ", "https://tides.example/");
            composer.text("here. ");
            composer.list_item(1, "one");
            composer.list_item(1, "two");
            composer.block(BlockKind::Code, "a  b\n  c");
            composer.page_break();
            composer.block(BlockKind::Paragraph, "End.");
        });
        assert_eq!(doc.text(), "The Port\n\nShips wait\nfor tides here.\n\none\ntwo\n\na  b\n  c\n\nEnd.");
        assert_eq!(
            blocks(&doc),
            [
                (BlockKind::Title, "The Port"),
                (BlockKind::Paragraph, "Ships wait\nfor tides here."),
                (BlockKind::ListItem, "one"),
                (BlockKind::ListItem, "two"),
                (BlockKind::Code, "a  b\n  c"),
                (BlockKind::PageBreak, ""),
                (BlockKind::Paragraph, "End."),
            ]
        );
        let link = &doc.annotations()[0];
        assert_eq!(
            (link.span.of(doc.text()), &link.value),
            (Some("tides"), &json!({ "href": "https://tides.example/" }))
        );
    }

    #[test]
    fn cells_are_where_they_say_and_rows_lead_to_their_sheets() {
        let sheet = "Tides".into();
        let doc = finished(|composer| {
            composer.heading(1, "Tides");
            for (number, cells) in [(1, ["", "high"]), (2, ["", ""]), (4, ["May 1", "4.1  m"])] {
                composer.at(Spot::row(&sheet, number));
                composer.row(cells, number == 1);
            }
        });
        assert_eq!(doc.text(), "Tides\n\n\thigh\n\t\nMay 1\t4.1 m");
        let table = &doc.blocks()[1];
        let cells: Vec<_> =
            table.cells.iter().map(|cell| (cell.row, cell.column, cell.span.of(doc.text()).unwrap())).collect();
        assert_eq!(cells, [(0, 0, ""), (0, 1, "high"), (1, 0, ""), (1, 1, ""), (2, 0, "May 1"), (2, 1, "4.1 m")]);
        let place = doc.locate(table.cells[4].span);
        assert_eq!((place.sheet.as_deref(), place.row, place.decoded), (Some("Tides"), Some(4), true));
        assert_eq!(doc.locate(ByteSpan::new(0, 1)).row, None);
    }

    #[test]
    fn a_text_over_the_limit_is_an_error() {
        let mut composer = Composer::new(&Context::new(Limits { document: ByteSize(10), ..Limits::default() }));
        composer.block(BlockKind::Paragraph, "Ships wait for tides.");
        assert!(composer.is_over());
        let error = composer.finish(RawSource::new("a.docx", "application/x", vec![])).unwrap_err();
        assert_eq!(error.to_string(), "its text is over limits.document = 10 bytes");
    }
}
