//! The text of a page: which pieces of the source stay, what parts them, and the blocks and links that they make.
//!
//! The nodes are walked once in document order. Each piece of text that stays is told to a [`Writer`], which turns all that
//! lies between two pieces into one edit. So what remains of the source is the text, and each word is where it was.

use docmill_core::BlockKind;

use super::article::Selection;
use super::element::Element;
use super::tree::{Attribute, NodeId, Tree};
use crate::flow::{References, flowing, preformatted};
use crate::pieces::{Around, Gap, Writer, Written};
use crate::table::Grid;

/// The text of what is selected of a page.
pub(super) fn rendered(tree: &Tree<'_>, selection: &Selection) -> Written {
    let mut writer = Writer::new(tree.source);
    let mut walk = Walk::new(&mut writer, tree.source, tree, selection);
    walk.with_links = true;
    walk.run();
    writer.finish()
}

/// Writes the text of a fragment that begins at `offset` of `source`. Its links are not told apart.
pub(super) fn write(writer: &mut Writer<'_>, source: &str, offset: usize, tree: &Tree<'_>, selection: &Selection) {
    let mut walk = Walk::new(writer, source, tree, selection);
    walk.offset = offset;
    walk.run();
}

/// An element that is open during the walk, and what was around it.
struct Open {
    end: NodeId,
    element: Element,
    around: Around,
    breaks: bool,
}

struct Walk<'a, 's> {
    tree: &'a Tree<'a>,
    source: &'a str,
    /// Where the tree's source begins in `source`.
    offset: usize,
    with_links: bool,
    selection: &'a Selection,
    writer: &'a mut Writer<'s>,
    open: Vec<Open>,
    table: Option<Grid>,
}

impl<'a, 's> Walk<'a, 's> {
    fn new(writer: &'a mut Writer<'s>, source: &'a str, tree: &'a Tree<'a>, selection: &'a Selection) -> Self {
        Self { tree, source, offset: 0, with_links: false, selection, writer, open: Vec::new(), table: None }
    }

    fn run(&mut self) {
        let mut id = 0;
        while id < self.tree.nodes().len() {
            id = self.visit(id);
        }
        self.leave(usize::MAX);
    }

    fn surroundings(&self) -> Around {
        self.open.last().map_or(Around::PARAGRAPH, |open| open.around)
    }

    /// Takes in one node and gives the next one.
    fn visit(&mut self, id: NodeId) -> NodeId {
        self.leave(id);
        let node = self.tree.nodes()[id];
        let Some(element) = node.element else {
            if self.selection.includes(id) {
                let around = self.surroundings();
                let span = node.span.shifted(self.offset);
                if around.pre {
                    preformatted(self.writer, self.source, span, around, References::Resolved);
                } else {
                    flowing(self.writer, self.source, span, around, References::Resolved);
                }
            }
            return id + 1;
        };
        if self.selection.is_dropped(id) {
            if element.is_block() {
                self.part(Gap::Block);
            } else if !matches!(element, Element::Rt | Element::Rp | Element::Head) {
                self.writer.part(Gap::Space);
            }
            return node.end;
        }
        match element {
            Element::Br => self.line_break(),
            Element::Wbr | Element::Img | Element::Input => {}
            Element::Hr => self.part(Gap::Block),
            _ => self.enter(id, element, node.end),
        }
        id + 1
    }

    fn line_break(&mut self) {
        let around = self.surroundings();
        if around.pre {
            self.writer.pre_space("\n");
        } else if around.in_cell {
            self.writer.part(Gap::Space);
        } else {
            self.writer.line_break();
        }
    }

    fn part(&mut self, gap: Gap) {
        if self.surroundings().in_cell {
            self.writer.part(Gap::Space);
        } else {
            self.writer.part(gap);
        }
    }

    fn enter(&mut self, id: NodeId, element: Element, end: NodeId) {
        let around = self.surroundings();
        let inner = self.inner(id, element, around);
        let breaks = self.open_block(id, element, around);
        self.open.push(Open { end, element, around: inner, breaks });
    }

    /// Parts what comes from what was, if the element does so.
    fn open_block(&mut self, id: NodeId, element: Element, around: Around) -> bool {
        if around.in_cell {
            if element.is_block() {
                self.writer.part(Gap::Space);
            }
            return element.is_block();
        }
        match element {
            Element::Table if self.selection.is_data_table(id) => {
                self.writer.part(Gap::Block);
                self.table = Some(Grid::new(self.writer.block_count()));
            }
            Element::Tr if self.table.is_some() => {
                self.writer.start_row();
                if let Some(grid) = &mut self.table {
                    grid.start_row();
                }
            }
            Element::Td | Element::Th => {
                if let Some(grid) = &mut self.table {
                    let span = |name| self.tree.attribute(id, name).and_then(|value| value.trim().parse().ok());
                    let first = grid.start_cell(
                        element == Element::Th,
                        span(Attribute::Rowspan).unwrap_or(1),
                        span(Attribute::Colspan).unwrap_or(1),
                    );
                    self.writer.start_cell(first);
                } else {
                    self.writer.part(Gap::Block);
                }
            }
            Element::Li | Element::Dt | Element::Dd => self.writer.part(Gap::Line),
            Element::Ul | Element::Ol | Element::Menu if around.list_depth > 0 => self.writer.part(Gap::Line),
            Element::Thead | Element::Tbody | Element::Tfoot if self.table.is_some() => self.writer.part(Gap::Line),
            _ if element.is_block() || self.selection.kind(id).is_some() => self.writer.part(Gap::Block),
            _ => return false,
        }
        true
    }

    /// What the element says of the text in it.
    fn inner(&self, id: NodeId, element: Element, around: Around) -> Around {
        let mut inner = around;
        let fixed =
            matches!(around.kind, BlockKind::Title | BlockKind::Caption | BlockKind::Byline | BlockKind::Dateline);
        if let Some(kind) = self.selection.kind(id).filter(|_| !fixed && !around.in_cell) {
            inner.kind = kind;
        }
        match element {
            Element::A if self.with_links && self.tree.attribute(id, Attribute::Href).is_some() => {
                inner.link = Some(id);
            }
            Element::Ul | Element::Ol | Element::Menu | Element::Dl => {
                inner.list_depth = around.list_depth.saturating_add(1);
            }
            _ => {}
        }
        if fixed || around.in_cell || self.selection.kind(id).is_some() {
            return inner;
        }
        if let Some(level) = element.heading() {
            (inner.kind, inner.level) = (BlockKind::Heading, level);
            return inner;
        }
        match element {
            Element::Li | Element::Dt | Element::Dd => {
                inner.kind = BlockKind::ListItem;
                inner.list_depth = around.list_depth.max(1);
            }
            Element::Blockquote => inner.kind = BlockKind::Quote,
            Element::Pre => (inner.kind, inner.pre) = (BlockKind::Code, true),
            Element::Figcaption | Element::Caption => inner.kind = BlockKind::Caption,
            Element::Td | Element::Th if self.table.is_some() => {
                (inner.kind, inner.in_cell) = (BlockKind::Table, true);
            }
            Element::Table if self.selection.is_data_table(id) => inner.kind = BlockKind::Table,
            _ => {}
        }
        inner
    }

    /// Closes the elements that end before `id`.
    fn leave(&mut self, id: NodeId) {
        while self.open.last().is_some_and(|open| open.end <= id) {
            let Some(open) = self.open.pop() else { return };
            if !open.breaks {
                continue;
            }
            let around = self.surroundings();
            if around.in_cell {
                self.writer.part(Gap::Space);
                continue;
            }
            match open.element {
                Element::Td | Element::Th if self.table.is_some() => {
                    let span = self.writer.end_cell();
                    if let Some(grid) = &mut self.table {
                        grid.end_cell(span);
                    }
                }
                Element::Tr if self.table.is_some() => self.writer.part(Gap::Line),
                Element::Table if open.around.kind == BlockKind::Table => {
                    self.writer.part(Gap::Block);
                    if let Some(grid) = self.table.take() {
                        self.writer.end_table(grid);
                    }
                }
                Element::Li | Element::Dt | Element::Dd => self.writer.part(Gap::Line),
                Element::Ul | Element::Ol | Element::Menu if around.list_depth > 0 => self.writer.part(Gap::Line),
                Element::Thead | Element::Tbody | Element::Tfoot if self.table.is_some() => {
                    self.writer.part(Gap::Line);
                }
                _ => self.writer.part(Gap::Block),
            }
        }
    }
}
