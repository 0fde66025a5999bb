//! From the pieces of a marked-up source that are text to the edits that leave them alone.
//!
//! A reader of a marked-up format walks its source in order and tells a [`Writer`] each piece that stays and what parts it
//! from the next. All between two pieces becomes one edit. So what remains of the source is the text, each word is where it
//! was, and blocks, cells and links are known by their place in the text.

use docmill_core::{Block, BlockKind, ByteSpan, Edits};

use crate::table::Grid;

/// Tells the links of one source apart.
pub(crate) type LinkId = usize;

/// What a reader makes of a source.
pub(crate) struct Written {
    /// From the source to the text.
    pub(crate) edits: Edits,
    /// The blocks of the text.
    pub(crate) blocks: Vec<Block>,
    /// The links in the text.
    pub(crate) links: Vec<(LinkId, ByteSpan)>,
}

/// What is known of a piece from what is around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around {
    /// The block that it is part of.
    pub(crate) kind: BlockKind,
    /// Level of a heading.
    pub(crate) level: u8,
    /// How many lists it is in.
    pub(crate) list_depth: u8,
    /// Whether its white space counts.
    pub(crate) pre: bool,
    /// The link that it is in.
    pub(crate) link: Option<LinkId>,
    /// In a cell of a table, where all that would part blocks is a space.
    pub(crate) in_cell: bool,
}

impl Around {
    /// Of plain paragraphs.
    pub(crate) const PARAGRAPH: Self =
        Self { kind: BlockKind::Paragraph, level: 0, list_depth: 0, pre: false, link: None, in_cell: false };
}

/// What parts two pieces of text; the stronger of two holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Nothing but mark-up.
    None,
    /// One no-break space.
    NoBreakSpace,
    Space,
    /// A line break in a block.
    Break,
    Cell,
    /// A line end between list items or rows.
    Line,
    Block,
}

/// Collects the pieces that stay, as edits, blocks and links.
pub(crate) struct Writer<'a> {
    source: &'a str,
    edits: Edits,
    /// Where the last piece ended in the source.
    copied: usize,
    /// Length of the text so far.
    length: usize,
    gap: Gap,
    /// White space seen in preformatted text since the last piece.
    pre_space: String,
    /// Tabs before the next piece of a row.
    tabs: usize,
    blocks: Vec<Block>,
    /// Whether the last block goes on with the next piece.
    block_open: bool,
    cell: Option<ByteSpan>,
    links: Vec<(LinkId, ByteSpan)>,
    link_open: bool,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self {
            source,
            edits: Edits::new(),
            copied: 0,
            length: 0,
            gap: Gap::None,
            pre_space: String::new(),
            tabs: 0,
            blocks: Vec::new(),
            block_open: false,
            cell: None,
            links: Vec::new(),
            link_open: false,
        }
    }

    /// Parts the pieces so far from the next one.
    pub(crate) fn part(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
        if gap >= Gap::Line {
            self.block_open = false;
            self.link_open = false;
        }
    }

    /// Two line breaks in a row are what older pages part paragraphs with.
    pub(crate) fn line_break(&mut self) {
        if self.gap == Gap::Break {
            self.part(Gap::Block);
        } else {
            self.part(Gap::Break);
        }
    }

    /// Begins a row of a table.
    pub(crate) fn start_row(&mut self) {
        self.part(Gap::Line);
        self.tabs = 0;
    }

    /// How many blocks there are so far.
    pub(crate) fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// Begins a cell of a row.
    pub(crate) fn start_cell(&mut self, first_of_row: bool) {
        if !first_of_row {
            self.tabs += 1;
            self.part(Gap::Cell);
        }
        self.cell = None;
    }

    /// The span of the cell; empty at the end of the text so far where nothing was in it.
    pub(crate) fn end_cell(&mut self) -> ByteSpan {
        self.link_open = false;
        if self.gap < Gap::Cell {
            self.gap = Gap::None;
        }
        self.cell.take().unwrap_or(ByteSpan::point(self.length))
    }

    /// Makes one block of what was written since the table began.
    pub(crate) fn end_table(&mut self, grid: Grid) {
        self.tabs = 0;
        let (first_block, mut cells) = grid.finish();
        let mut rows = self.blocks.split_off(first_block.min(self.blocks.len()));
        // A caption may stand among the rows; it is a block of its own, before or after them.
        let captions = rows.iter().take_while(|block| block.kind != BlockKind::Table).count();
        self.blocks.extend(rows.drain(..captions));
        let last = rows.iter().rposition(|block| block.kind == BlockKind::Table);
        let (Some(first), Some(last)) = (rows.first().map(|block| block.span), last) else { return };
        let span = first.hull(rows[last].span);
        for cell in &mut cells {
            if cell.span.is_empty() {
                cell.span = ByteSpan::point(cell.span.start.clamp(span.start, span.end));
            }
        }
        let after = rows.split_off(last + 1);
        self.blocks.push(Block::table(span, cells));
        self.blocks.extend(after);
    }

    pub(crate) fn no_break_space(&mut self) {
        self.space(if self.gap == Gap::None { Gap::NoBreakSpace } else { Gap::Space });
    }

    pub(crate) fn space(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    pub(crate) fn pre_space(&mut self, spaces: &str) {
        // The source's carriage returns are line ends in HTML.
        for part in spaces.split_inclusive('\n') {
            match part.strip_suffix("\r\n") {
                Some(line) => {
                    self.pre_space.push_str(line);
                    self.pre_space.push('\n');
                }
                None => self.pre_space.push_str(part),
            }
        }
    }

    /// Keeps a piece of the source, or puts `replacement` in its place.
    pub(crate) fn piece(&mut self, span: ByteSpan, replacement: Option<&str>, around: Around) {
        if span.is_empty() {
            return;
        }
        self.separate(span.start, around);
        let start = self.length;
        match replacement {
            Some(text) => {
                self.edits.replace(span, text);
                self.length += text.len();
            }
            None => self.length += span.len(),
        }
        self.copied = span.end;
        let written = ByteSpan::new(start, self.length);
        self.extend_block(written, around);
        self.extend_link(written, around.link);
        self.cell = around.in_cell.then(|| self.cell.map_or(written, |cell| cell.hull(written)));
    }

    /// Turns all since the last piece into what parts it from the one at `start`.
    fn separate(&mut self, start: usize, around: Around) {
        // A new kind of block needs a break even where no element made one.
        let kind_changes = self.block_open && self.blocks.last().is_some_and(|block| block.kind != around.kind);
        if kind_changes {
            self.part(Gap::Block);
        }
        let gap = if self.length == 0 { Gap::None } else { self.gap };
        let mut separator = match gap {
            Gap::None | Gap::Cell => "",
            Gap::NoBreakSpace => "\u{a0}",
            Gap::Space => " ",
            Gap::Break | Gap::Line => "\n",
            Gap::Block => "\n\n",
        };
        if around.pre && self.block_open && gap <= Gap::Space {
            separator = &self.pre_space;
        }
        let tabs = "\t".repeat(if around.in_cell && self.length > 0 { self.tabs } else { 0 });
        let tabbed;
        if !tabs.is_empty() {
            tabbed = format!("{separator}{tabs}");
            separator = &tabbed;
        }
        if self.source.get(self.copied..start) != Some(separator) {
            self.edits.replace(ByteSpan::new(self.copied, start), separator);
        }
        self.length += separator.len();
        self.gap = Gap::None;
        self.tabs = 0;
        self.pre_space.clear();
    }

    fn extend_block(&mut self, written: ByteSpan, around: Around) {
        if let Some(block) = self.blocks.last_mut().filter(|_| self.block_open) {
            block.span.end = written.end;
            return;
        }
        let mut block = Block::new(around.kind, written);
        block.level = match around.kind {
            BlockKind::Heading => Some(around.level),
            BlockKind::ListItem => Some(around.list_depth),
            _ => None,
        };
        self.blocks.push(block);
        self.block_open = true;
    }

    fn extend_link(&mut self, written: ByteSpan, link: Option<LinkId>) {
        let Some(link) = link else {
            self.link_open = false;
            return;
        };
        match self.links.last_mut().filter(|(id, _)| self.link_open && *id == link) {
            Some((_, span)) => span.end = written.end,
            None => self.links.push((link, written)),
        }
        self.link_open = true;
    }

    pub(crate) fn finish(mut self) -> Written {
        if self.copied < self.source.len() {
            self.edits.delete(ByteSpan::new(self.copied, self.source.len()));
        }
        Written { edits: self.edits, blocks: self.blocks, links: self.links }
    }
}
