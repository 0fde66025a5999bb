//! A sheet as the lines of a CSV file, for the reader of rows.

use std::io::{self, Read};

use docmill_core::ReadError;

use super::book::{Row, Rows};

/// Reads as CSV what a sheet holds: from its first row that is not blank on, a line a row.
pub(crate) struct AsCsv<'r> {
    rows: Rows<'r>,
    /// A row that was looked at and is not written yet.
    waiting: Option<Row>,
    /// The number of the row that comes next.
    next: u64,
    /// How many columns of the first row are blank before the first that is not: no row is read there.
    skip: usize,
    /// How many columns the first row has.
    width: usize,
    line: Vec<u8>,
    done: usize,
}

impl<'r> AsCsv<'r> {
    pub(crate) fn new(rows: Rows<'r>) -> Self {
        Self { rows, waiting: None, next: 0, skip: 0, width: 0, line: Vec::new(), done: 0 }
    }

    /// The number of the first row that is not blank; `None` where all are.
    pub(crate) fn first(&mut self) -> Result<Option<u64>, ReadError> {
        for row in self.rows.by_ref() {
            let row = row?;
            if !row.is_blank() {
                self.next = row.number;
                self.skip = row.blank_cells();
                self.width = row.cells.len();
                self.waiting = Some(row);
                return Ok(Some(self.next));
            }
        }
        Ok(None)
    }

    /// Writes the next line; nothing at the end.
    fn advance(&mut self) -> Result<(), ReadError> {
        self.line.clear();
        self.done = 0;
        let row = match self.waiting.take() {
            Some(row) => Some(row),
            None => self.rows.find(|row| !row.as_ref().is_ok_and(Row::is_blank)).transpose()?,
        };
        let Some(row) = row else { return Ok(()) };
        if row.number > self.next {
            // A row that is not there is an empty line, so that rows keep their numbers.
            self.waiting = Some(row);
            self.line.push(b'\n');
        } else {
            let width = self.width.max(row.cells.len());
            for column in self.skip..width {
                if column > self.skip {
                    self.line.push(b',');
                }
                quote(row.cells.get(column).map_or("", |cell| cell.text.as_str()), &mut self.line);
            }
            self.line.push(b'\n');
        }
        self.next += 1;
        Ok(())
    }
}

fn quote(cell: &str, line: &mut Vec<u8>) {
    if cell.contains(['"', ',', '\n', '\r']) {
        line.push(b'"');
        line.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
        line.push(b'"');
    } else {
        line.extend_from_slice(cell.as_bytes());
    }
}

impl Read for AsCsv<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.done == self.line.len() {
            self.advance().map_err(io::Error::other)?;
        }
        let left = &self.line[self.done..];
        let count = left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&left[..count]);
        self.done += count;
        Ok(count)
    }
}
