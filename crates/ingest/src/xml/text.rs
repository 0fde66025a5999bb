//! The text of a document or of parts of it: which pieces of the source stay, what parts them, and the blocks that they make.

use docmill_core::BlockKind;

use super::tree::{Kind, NodeId, Tree};
use super::vocabulary::{Role, role};
use crate::flow::{References, flowing, preformatted};
use crate::pieces::{Around, Gap, Writer, Written};
use crate::table::Grid;

/// Headings have no deeper level.
const DEEPEST_HEADING: u8 = 6;

/// The text of these elements, which stand in the order of the file and not within each other.
pub(super) fn rendered(tree: &Tree<'_>, elements: &[NodeId]) -> Written {
    let mut writer = Writer::new(tree.source);
    for &id in elements {
        writer.part(Gap::Block);
        let mut walk = Walk { tree, writer: &mut writer, open: Vec::new(), table: None };
        walk.run(id);
    }
    writer.finish()
}

/// An element that is open during the walk.
struct Open {
    end: NodeId,
    role: Role,
    around: Around,
    sections: u8,
    /// What is in it is part of one text.
    running: bool,
    gap: Gap,
}

struct Walk<'a, 's> {
    tree: &'a Tree<'s>,
    writer: &'a mut Writer<'s>,
    open: Vec<Open>,
    table: Option<Grid>,
}

impl Walk<'_, '_> {
    fn run(&mut self, from: NodeId) {
        let end = self.tree.nodes[from].end;
        let mut id = from;
        while id < end {
            self.leave(id);
            id = self.visit(id, from);
        }
        self.leave(end);
    }

    /// Takes in one node and gives the next one.
    fn visit(&mut self, id: NodeId, from: NodeId) -> NodeId {
        let node = self.tree.nodes[id];
        match node.kind {
            Kind::Element => return self.enter(id, id == from),
            Kind::Text => self.text(id, References::Xml),
            Kind::Literal => self.text(id, References::Absent),
        }
        id + 1
    }

    fn text(&mut self, id: NodeId, references: References) {
        let around = self.around();
        let span = self.tree.nodes[id].span;
        if around.pre {
            preformatted(self.writer, self.tree.source, span, around, references);
        } else {
            flowing(self.writer, self.tree.source, span, around, references);
        }
    }

    fn around(&self) -> Around {
        self.open.last().map_or(Around::PARAGRAPH, |open| open.around)
    }

    /// Opens an element, or passes over it.
    fn enter(&mut self, id: NodeId, is_first: bool) -> NodeId {
        let tree = self.tree;
        let parent = tree.nodes[id].parent;
        let role = role(tree.local_name(id), if parent == id { "" } else { tree.local_name(parent) });
        if role == Role::Dropped && !is_first {
            self.part(Gap::Space);
            return tree.nodes[id].end;
        }
        let (running, sections) = self.open.last().map_or((false, 0), |open| (open.running, open.sections));
        let around = self.around();
        let stands_alone = !tree.nodes[parent].has_text;
        let gap = gap(role, running, stands_alone);
        self.part(gap);
        if role == Role::Break {
            self.writer.line_break();
        }
        let mut open = Open { end: tree.nodes[id].end, role, around, sections, running, gap };
        open.running |= matches!(role, Role::Paragraph | Role::Title | Role::Heading | Role::Byline | Role::Code)
            || tree.nodes[id].has_text;
        if role == Role::Section {
            open.sections = sections.saturating_add(1);
        }
        self.surround(id, &mut open);
        self.open.push(open);
        id + 1
    }

    /// What an element says of the text in it.
    fn surround(&mut self, id: NodeId, open: &mut Open) {
        let around = &mut open.around;
        let is_fixed =
            around.in_cell || matches!(around.kind, BlockKind::Title | BlockKind::Caption | BlockKind::Byline);
        match open.role {
            Role::Table if self.table.is_none() && !around.in_cell => {
                self.table = Some(Grid::new(self.writer.block_count()));
            }
            Role::Row if self.table.is_some() && !around.in_cell => {
                self.writer.start_row();
                if let Some(grid) = &mut self.table {
                    grid.start_row();
                }
            }
            Role::Cell | Role::HeaderCell if !around.in_cell => self.start_cell(id, open),
            Role::List => around.list_depth = around.list_depth.saturating_add(1),
            _ if is_fixed => {}
            Role::Title => around.kind = BlockKind::Title,
            Role::Heading if open.sections == 0 => around.kind = BlockKind::Title,
            Role::Heading => {
                (around.kind, around.level) = (BlockKind::Heading, open.sections.min(DEEPEST_HEADING));
            }
            Role::Item => {
                around.kind = BlockKind::ListItem;
                around.list_depth = around.list_depth.max(1);
            }
            Role::Caption => around.kind = BlockKind::Caption,
            Role::Quote => around.kind = BlockKind::Quote,
            Role::Code => (around.kind, around.pre) = (BlockKind::Code, true),
            Role::Byline => around.kind = BlockKind::Byline,
            Role::Note => around.kind = BlockKind::Footer,
            _ => {}
        }
    }

    fn start_cell(&mut self, id: NodeId, open: &mut Open) {
        let Some(grid) = &mut self.table else { return };
        let span = |name: &str| self.tree.attribute(id, name).and_then(|value| value.trim().parse().ok()).unwrap_or(1);
        let header = open.role == Role::HeaderCell;
        let is_first = grid.start_cell(header, span("rowspan"), span("colspan"));
        self.writer.start_cell(is_first);
        (open.around.kind, open.around.in_cell) = (BlockKind::Table, true);
    }

    fn part(&mut self, gap: Gap) {
        let gap = if self.around().in_cell { gap.min(Gap::Space) } else { gap };
        self.writer.part(gap);
    }

    /// Closes the elements that end before `id`.
    fn leave(&mut self, id: NodeId) {
        while self.open.last().is_some_and(|open| open.end <= id) {
            let Some(open) = self.open.pop() else { return };
            let was_in_cell = self.around().in_cell;
            match open.role {
                Role::Cell | Role::HeaderCell if open.around.in_cell && !was_in_cell => {
                    let span = self.writer.end_cell();
                    if let Some(grid) = &mut self.table {
                        grid.end_cell(span);
                    }
                    continue;
                }
                Role::Table if !was_in_cell => {
                    self.writer.part(Gap::Block);
                    if let Some(grid) = self.table.take() {
                        self.writer.end_table(grid);
                    }
                }
                _ => {}
            }
            self.part(open.gap);
        }
    }
}

/// What parts an element from what is around it.
fn gap(role: Role, running: bool, stands_alone: bool) -> Gap {
    match role {
        Role::Inline | Role::Dropped | Role::Break | Role::Unknown if !stands_alone => Gap::None,
        Role::Cell | Role::HeaderCell => Gap::None,
        Role::Unknown | Role::Item | Role::Row | Role::Byline if running => Gap::Space,
        Role::Inline | Role::Dropped | Role::Break => Gap::Space,
        Role::Item | Role::Row | Role::Byline => Gap::Line,
        Role::Title
        | Role::Heading
        | Role::Section
        | Role::Paragraph
        | Role::List
        | Role::Table
        | Role::Caption
        | Role::Quote
        | Role::Code
        | Role::Note
        | Role::Unknown => Gap::Block,
    }
}
