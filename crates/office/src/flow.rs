//! What readers of this crate make of a format before it is composed: blocks of lines with links, and tables.

use docmill_core::{BlockKind, Composer};

/// Text with links, as it is gathered from runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    pieces: Vec<(String, Option<String>)>,
}

impl Line {
    /// Goes on with `text`, which leads to `link` where there is one. Soft hyphens are left out.
    pub(crate) fn push(&mut self, text: &str, link: Option<&str>) {
        let text = text.replace('\u{ad}', "");
        if text.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some((last, to)) if to.as_deref() == link => last.push_str(&text),
            _ => self.pieces.push((text, link.map(str::to_owned))),
        }
    }

    /// Goes on with another line.
    pub(crate) fn append(&mut self, line: Self) {
        for (text, link) in line.pieces {
            self.push(&text, link.as_deref());
        }
    }

    /// Its text.
    pub(crate) fn text(&self) -> String {
        self.pieces.iter().map(|(text, _)| text.as_str()).collect()
    }

    /// Whether there is nothing to see.
    pub(crate) fn is_blank(&self) -> bool {
        self.pieces.iter().all(|(text, _)| text.trim().is_empty())
    }

    fn write(&self, composer: &mut Composer) {
        for (text, link) in &self.pieces {
            match link {
                Some(link) => composer.link(text, link),
                None => composer.text(text),
            }
        }
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        let mut line = Self::default();
        line.push(text, None);
        line
    }
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// Text of a kind; a level where it is a heading or an item of a list.
    Text(BlockKind, Option<u8>, Line),
    /// Rows of cells.
    Table(Table),
    /// Where a page ends.
    PageBreak,
}

impl Item {
    /// A paragraph.
    pub(crate) fn paragraph(line: Line) -> Self {
        Self::Text(BlockKind::Paragraph, None, line)
    }

    /// A heading of `level`, from 1.
    pub(crate) fn heading(level: usize, line: Line) -> Self {
        Self::Text(BlockKind::Heading, Some(small(level)), line)
    }

    /// An item of a list at `depth`, from 1.
    pub(crate) fn list_item(depth: usize, line: Line) -> Self {
        Self::Text(BlockKind::ListItem, Some(small(depth)), line)
    }
}

fn small(level: usize) -> u8 {
    u8::try_from(level.max(1)).unwrap_or(u8::MAX)
}

/// A table, whose merged cells stand once, at the first of their places.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Table {
    /// The cells of each row.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// How many of the first rows are a header.
    pub(crate) headers: usize,
}

/// What a cell holds.
pub(crate) type Cell = Vec<Item>;

impl Table {
    /// Whether it is but a frame around text: one cell.
    fn is_frame(&self) -> bool {
        self.rows.iter().map(Vec::len).sum::<usize>() == 1
    }
}

/// Writes items, one after the other.
pub(crate) fn write(items: &[Item], composer: &mut Composer) {
    for item in items {
        if composer.is_over() {
            return;
        }
        match item {
            Item::Text(kind, level, line) => {
                if !line.is_blank() {
                    composer.begin(*kind, *level);
                    line.write(composer);
                    composer.end();
                }
            }
            Item::Table(table) if table.is_frame() => {
                write(table.rows.iter().flatten().next().map_or(&[], |cell| cell), composer);
            }
            Item::Table(table) => write_table(table, composer),
            Item::PageBreak => composer.page_break(),
        }
    }
}

fn write_table(table: &Table, composer: &mut Composer) {
    if table.rows.iter().flatten().all(|cell| plain(cell).trim().is_empty()) {
        return;
    }
    composer.begin(BlockKind::Table, None);
    for (index, row) in table.rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| plain(cell)).collect();
        composer.row(cells.iter().map(String::as_str), index < table.headers);
    }
    composer.end();
}

/// The text of items in a row: tables in cells are told cell by cell.
pub(crate) fn plain(items: &[Item]) -> String {
    let mut texts: Vec<String> = Vec::new();
    for item in items {
        match item {
            Item::Text(_, _, line) => texts.push(line.text()),
            Item::Table(table) => texts.extend(table.rows.iter().flatten().map(|cell| plain(cell))),
            Item::PageBreak => {}
        }
    }
    texts.retain(|text| !text.trim().is_empty());
    texts.join("\n")
}
