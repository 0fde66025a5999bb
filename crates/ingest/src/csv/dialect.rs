//! What a table's beginning says of it: the delimiter, the columns, and which of them is the text.

use docmill_core::ReadError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::row::{RowScanner, fields};
use super::{Csv, Table};
use crate::record;

/// What may part cells, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// So many rows are looked at.
const SAMPLE: usize = 50;

/// Names of columns or fields: one, or a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Columns {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Default for Columns {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl Columns {
    /// The names; none where there is an empty one.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::One(name) if name.is_empty() => Vec::new(),
            Self::One(name) => vec![name],
            Self::Several(names) => names.iter().map(String::as_str).collect(),
        }
    }
}

impl Csv {
    /// What is known of the table that begins with `head`.
    pub(super) fn table(&self, head: &str, encoding: String) -> Result<Table, ReadError> {
        let delimiter = self.delimiter.bytes().next().unwrap_or_else(|| delimiter(head));
        let rows = sample(head, delimiter);
        let Some(first) = rows.first() else { return Err(ReadError::Empty) };
        let names: Vec<String> = if self.header {
            first.iter().map(|name| name.trim().to_owned()).collect()
        } else {
            (1..=first.len()).map(|number| format!("column_{number}")).collect()
        };
        let data = &rows[usize::from(self.header)..];
        let mut text = find_all(&names, &self.text.names())?;
        if text.is_empty() {
            text.push(usual(&names, record::TEXT_FIELDS).unwrap_or_else(|| longest(data, names.len())));
        }
        text.sort_unstable();
        text.dedup();
        let title = if self.title.is_empty() {
            usual(&names, record::TITLE_FIELDS).filter(|column| !text.contains(column))
        } else {
            find_all(&names, &[self.title.as_str()])?.pop()
        };
        let meta = match &self.meta {
            Some(wanted) => find_all(&names, &wanted.iter().map(String::as_str).collect::<Vec<_>>())?,
            None => (0..names.len()).filter(|column| !text.contains(column)).collect(),
        };
        Ok(Table { names, text, title, meta, delimiter, encoding })
    }
}

/// The columns of these names.
fn find_all(names: &[String], wanted: &[&str]) -> Result<Vec<usize>, ReadError> {
    let find = |wanted: &&str| {
        names.iter().position(|name| name == wanted).ok_or_else(|| ReadError::Malformed {
            expected: "a table with the columns asked for",
            found: format!("there is no column {wanted:?} among: {}", names.join(", ")),
        })
    };
    wanted.iter().map(find).collect()
}

/// The column with the first of these names, whatever their case.
fn usual(names: &[String], wanted: &[&str]) -> Option<usize> {
    wanted.iter().find_map(|wanted| names.iter().position(|name| name.eq_ignore_ascii_case(wanted)))
}

/// The column with the most characters.
fn longest(rows: &[Vec<String>], columns: usize) -> usize {
    let length = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(String::len).sum::<usize>();
    (0..columns).max_by_key(|&column| (length(column), std::cmp::Reverse(column))).unwrap_or(0)
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
