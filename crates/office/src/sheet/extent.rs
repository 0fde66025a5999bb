//! How far the sheets of an xls reach.
//!
//! The library lays out each sheet as a grid from its first cell to its last, and makes room for what a sheet says of its size: a few
//! bytes could have it take all memory. So what a sheet says, and where its cells are, is looked at before ([MS-XLS] 2.1 and 2.5).

use docmill_core::{Context, ReadError};
use docmill_ingest::compound_stream;

use super::EXPECTED;

/// Bytes that the library takes for a cell of a grid: of its value, and again of its formula.
const CELL: u64 = 64;

/// Kinds of records.
mod record {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const END: u16 = 0x000A;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const NUMBERS: u16 = 0x00BD;
    pub(super) const RICH_TEXT: u16 = 0x00D6;
    pub(super) const SHARED_TEXT: u16 = 0x00FD;
    pub(super) const DIMENSIONS: u16 = 0x0200;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const TEXT: u16 = 0x0204;
    pub(super) const TRUTH: u16 = 0x0205;
    pub(super) const SHORT_NUMBER: u16 = 0x027E;
    pub(super) const BEGIN: u16 = 0x0809;
}

/// Refuses a workbook whose sheets would not fit into half of `limits.memory`.
pub(super) fn check(bytes: &[u8], cx: &Context) -> Result<(), ReadError> {
    let broken = |error: std::io::Error| ReadError::Malformed { expected: EXPECTED, found: error.to_string() };
    let book = match compound_stream(bytes, "Workbook").map_err(broken)? {
        Some(book) => book,
        None => compound_stream(bytes, "Book").map_err(broken)?.unwrap_or_default(),
    };
    let limit = cx.limits.memory.0 / 2 / CELL;
    let mut cells = 0_u64;
    for at in sheets(&book) {
        cells = cells.saturating_add(extent(book.get(at..).unwrap_or_default()));
        if cells > limit {
            return Err(ReadError::Limit {
                limit: "limits.memory",
                value: format!("{} bytes", cx.limits.memory.0),
                found: format!("sheets that reach over {cells} cells"),
            });
        }
    }
    Ok(())
}

/// Where the sheets begin.
fn sheets(book: &[u8]) -> impl Iterator<Item = usize> {
    let places = records(book).filter(|(kind, _)| *kind == record::SHEET);
    places.filter_map(|(_, data)| usize::try_from(number(data, 0, 4)?).ok())
}

/// How many cells the grid of the sheet has that begins here, or is said to have.
fn extent(sheet: &[u8]) -> u64 {
    let mut said = 0;
    let mut rows = Reach::default();
    let mut columns = Reach::default();
    // Charts stand in a sheet as sheets do in the book.
    let mut depth = 0_u32;
    for (kind, data) in records(sheet) {
        match kind {
            record::BEGIN => depth += 1,
            record::END if depth <= 1 => break,
            record::END => depth -= 1,
            record::DIMENSIONS => said = said.max(dimensions(data).unwrap_or(0)),
            record::FORMULA
            | record::NUMBERS
            | record::RICH_TEXT
            | record::SHARED_TEXT
            | record::NUMBER
            | record::TEXT
            | record::TRUTH
            | record::SHORT_NUMBER => {
                let Some((row, column)) = number(data, 0, 2).zip(number(data, 2, 2)) else { continue };
                rows.add(row);
                columns.add(column);
                if kind == record::NUMBERS {
                    // Six bytes a number.
                    columns.add(column + data.len() as u64 / 6);
                }
            }
            _ => {}
        }
    }
    said.max(rows.length().saturating_mul(columns.length()))
}

/// The product of the rows and columns that a sheet says it has.
fn dimensions(data: &[u8]) -> Option<u64> {
    let wide = if data.len() < 14 { 2 } else { 4 };
    let side = |first: u64, end: u64| end.saturating_sub(first).max(1);
    let rows = side(number(data, 0, wide)?, number(data, wide, wide)?);
    let last = number(data, 2 * wide + 2, 2)?;
    // The library takes a first column that no sheet can have for 0.
    let first = number(data, 2 * wide, 2).filter(|first| *first <= 0xFF && *first <= last).unwrap_or(0);
    Some(rows.saturating_mul(side(first, last)))
}

/// From the first to the last of some numbers.
#[derive(Debug, Default)]
struct Reach(Option<(u64, u64)>);

impl Reach {
    fn add(&mut self, number: u64) {
        let (first, last) = self.0.unwrap_or((number, number));
        self.0 = Some((first.min(number), last.max(number)));
    }

    fn length(&self) -> u64 {
        self.0.map_or(0, |(first, last)| last - first + 1)
    }
}

/// The records of a stream: their kinds and what they hold.
fn records(mut stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let kind = u16::try_from(number(stream, 0, 2)?).ok()?;
        let length = usize::try_from(number(stream, 2, 2)?).ok()?;
        let data = stream.get(4..4 + length)?;
        stream = &stream[4 + length..];
        Some((kind, data))
    })
}

/// The little-endian number of so many bytes, up to eight, at this place.
fn number(data: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = data.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}
