//! What a table's beginning says of it: the delimiter, and the columns.

use docmill_core::ReadError;

use super::row::{RowScanner, fields};
use super::{Csv, TAB_SEPARATED, Table};
use crate::rows::RowOptions;

/// What may part cells, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// So many rows are looked at.
const SAMPLE: usize = 50;

impl Csv {
    /// What is known of the table that begins with `head`.
    ///
    /// Where the file's name promises tabs, and there are some, these part the cells.
    pub(super) fn table(&self, head: &str, media_type: &str, encoding: String) -> Result<Table, ReadError> {
        let tabs = media_type == TAB_SEPARATED && sample(head, b'\t').first().is_some_and(|row| row.len() > 1);
        let found = || if tabs { b'\t' } else { delimiter(head) };
        let delimiter = self.delimiter.bytes().next().unwrap_or_else(found);
        let rows = sample(head, delimiter);
        let Some(first) = rows.first() else { return Err(ReadError::Empty) };
        let names: Vec<String> = if self.header {
            first.iter().map(|name| name.trim().to_owned()).collect()
        } else {
            (1..=first.len()).map(|number| format!("column_{number}")).collect()
        };
        let data = &rows[usize::from(self.header)..];
        let layout =
            RowOptions { text: &self.text, title: &self.title, meta: self.meta.as_deref() }.layout(names, data)?;
        Ok(Table { layout, delimiter, encoding })
    }
}
/// The delimiter that parts the most rows into the same number of cells; of several, that with the most cells.
fn delimiter(head: &str) -> u8 {
    let score = |delimiter: u8| {
        let rows = sample(head, delimiter);
        let width = rows.first().map_or(1, Vec::len);
        let alike = rows.iter().filter(|row| row.len() == width).count();
        if width > 1 { (alike * 100 / rows.len(), width) } else { (0, 0) }
    };
    // The first of equals: `max_by_key` would give the last.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| score(delimiter)).unwrap_or(b',')
}

/// The cells of the first rows, without the last one, which may be cut off, and empty ones.
fn sample(head: &str, delimiter: u8) -> Vec<Vec<String>> {
    let mut scanner = RowScanner::new(head.as_bytes(), delimiter, usize::MAX);
    let mut rows = Vec::new();
    while let Ok(Some(row)) = scanner.next_row() {
        let text = String::from_utf8_lossy(&row.bytes);
        if !text.trim().is_empty() {
            rows.push(fields(&text, delimiter).into_iter().map(|cell| cell.value(&text)).collect());
        }
        if rows.len() > SAMPLE {
            break;
        }
    }
    if rows.len() > 2 {
        rows.pop();
    }
    rows
}
