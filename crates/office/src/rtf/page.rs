//! What is written of a text: paragraphs, and the cells and rows of tables.

use docmill_core::BlockKind;

use super::destination::Beside;
use super::fonts::Fonts;
use crate::docx::Meaning;
use crate::flow::{Item, Line, Table, plain};

/// A text that is being written.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// What it stands beside; `None` for the text of the document.
    pub(super) beside: Option<Beside>,
    pub(super) format: Format,
    items: Vec<Item>,
    line: Line,
    boxes: Vec<Item>,
    cell: Vec<Item>,
    row: Vec<Vec<Item>>,
    table: Table,
    titled: bool,
}

/// How paragraphs are set from here on.
#[derive(Debug, Clone, Default)]
pub(super) struct Format {
    pub(super) style: i32,
    pub(super) outline: Option<usize>,
    pub(super) listed: bool,
    pub(super) level: usize,
    pub(super) in_table: bool,
}

impl Page {
    pub(super) fn beside(beside: Beside) -> Self {
        Self { beside: Some(beside), ..Self::default() }
    }

    pub(super) fn push(&mut self, text: &str, link: Option<&str>) {
        self.line.push(text, link);
    }

    /// Takes in what stands in a text box that hangs on this paragraph.
    pub(super) fn hang(&mut self, items: Vec<Item>) {
        self.boxes.extend(items);
    }

    pub(super) fn end_paragraph(&mut self, fonts: &Fonts) {
        let line = std::mem::take(&mut self.line);
        let item = (!line.is_blank()).then(|| self.item(line, fonts));
        if self.format.in_table {
            self.cell.extend(item);
            self.cell.append(&mut self.boxes);
        } else {
            self.end_table();
            self.items.extend(item);
            self.items.append(&mut self.boxes);
        }
    }

    fn item(&mut self, line: Line, fonts: &Fonts) -> Item {
        let format = &self.format;
        match (fonts.meaning(format.style), format.outline) {
            (Some(Meaning::Title), _) if !std::mem::replace(&mut self.titled, true) => {
                Item::Text(BlockKind::Title, None, line)
            }
            (_, Some(level)) if level < 9 => Item::heading(level + 1, line),
            (Some(Meaning::Title), _) => Item::heading(1, line),
            (Some(Meaning::Heading(level)), _) => Item::heading(level, line),
            _ if format.listed => Item::list_item(format.level.min(8) + 1, line),
            (Some(Meaning::Kind(kind)), _) => Item::Text(kind, None, line),
            (Some(Meaning::Contents) | None, _) => Item::paragraph(line),
        }
    }

    pub(super) fn end_cell(&mut self, fonts: &Fonts) {
        self.format.in_table = true;
        self.end_paragraph(fonts);
        self.row.push(std::mem::take(&mut self.cell));
    }

    pub(super) fn end_row(&mut self) {
        if !self.row.is_empty() {
            self.table.rows.push(std::mem::take(&mut self.row));
        }
    }

    pub(super) fn end_page(&mut self, fonts: &Fonts) {
        if !self.line.is_blank() {
            self.end_paragraph(fonts);
        }
        if !self.format.in_table {
            self.end_table();
            self.items.push(Item::PageBreak);
        }
    }

    fn end_table(&mut self) {
        if !self.cell.is_empty() {
            self.row.push(std::mem::take(&mut self.cell));
        }
        self.end_row();
        if !self.table.rows.is_empty() {
            self.items.push(Item::Table(std::mem::take(&mut self.table)));
        }
    }

    /// All that was written.
    pub(super) fn finish(mut self, fonts: &Fonts) -> Vec<Item> {
        self.end_paragraph(fonts);
        self.end_table();
        self.items
    }
}

/// Items as one text with a line each.
pub(super) fn one_line(items: &[Item]) -> Line {
    let mut whole = Line::default();
    for item in items {
        if !whole.is_blank() {
            whole.push("\n", None);
        }
        match item {
            Item::Text(_, _, line) => whole.append(line.clone()),
            item => whole.push(&plain(std::slice::from_ref(item)), None),
        }
    }
    whole
}
