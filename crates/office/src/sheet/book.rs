//! Workbooks of all formats: their sheets, and the rows of a sheet one after the other.

use std::io::{Cursor, Read};

use calamine::{
    Data, Range, Reader as _, SheetType, SheetVisible, Xls, XlsError, Xlsb, Xlsx, XlsxCellReader, XlsxError,
};
use docmill_core::{Context, ReadError, Stream};

use super::value::Value;
use super::{EXPECTED, extent};
use crate::compound;
use crate::odf::Spreadsheet;
use crate::package::Package;
use crate::properties::{self, Properties};

/// The XML of a sheet is much larger than its text.
const UNPACKED: u64 = 8;

/// Most columns of a sheet.
const COLUMNS: u32 = 16_384;

type Bytes<'b> = Cursor<&'b [u8]>;

/// A workbook.
pub(crate) struct Book<'b> {
    bytes: &'b [u8],
    hidden: bool,
    format: Format<'b>,
}

enum Format<'b> {
    Xlsx(Box<Xlsx<Bytes<'b>>>),
    Xlsb(Box<Xlsb<Bytes<'b>>>),
    Xls(Box<Xls<Bytes<'b>>>),
    Ods(Spreadsheet),
}

/// A row of a sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    /// From 1.
    pub(crate) number: u64,
    /// From the first column to the last that is not blank.
    pub(crate) cells: Vec<Value>,
}

impl Row {
    pub(crate) fn new(number: u64, mut cells: Vec<Value>) -> Self {
        while cells.last().is_some_and(Value::is_blank) {
            cells.pop();
        }
        Self { number, cells }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.cells.is_empty()
    }

    /// How many cells are blank before the first that is not.
    pub(crate) fn blank_cells(&self) -> usize {
        self.cells.iter().take_while(|cell| cell.is_blank()).count()
    }

    /// About how much room it takes in the text.
    pub(crate) fn weight(&self) -> u64 {
        self.cells.iter().map(|cell| cell.text.len() as u64 + 1).sum()
    }
}

/// The rows of a sheet.
pub(crate) type Rows<'r> = Box<dyn Iterator<Item = Result<Row, ReadError>> + 'r>;

/// A whole file that is to be split.
pub(crate) fn whole_file(file: &mut Stream<'_>, cx: &Context) -> Result<Vec<u8>, ReadError> {
    let limit = cx.limits.document.0.saturating_mul(UNPACKED);
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::Limit {
            limit: "limits.document",
            value: format!("{} bytes", cx.limits.document.0),
            found: format!("a spreadsheet of more than {UNPACKED} times as much"),
        });
    }
    Ok(bytes)
}

impl<'b> Book<'b> {
    /// Opens a workbook; its format is told by its bytes.
    pub(crate) fn open(bytes: &'b [u8], hidden: bool, cx: &Context) -> Result<Self, ReadError> {
        // The records of Excel 2 to 4 stand in the file as they are.
        if let [9, 0 | 2 | 4, ..] = bytes {
            let what = "a spreadsheet of Excel 4 or older".to_owned();
            return Err(ReadError::Unsupported { what, way_out: "convert it to xlsx".to_owned() });
        }
        let format = if compound::is_compound(bytes) { xls(bytes, cx)? } else { zipped(bytes, cx)? };
        Ok(Self { bytes, hidden, format })
    }

    /// The names of the sheets that are read, in order.
    pub(crate) fn sheets(&self) -> Vec<String> {
        let metadata = match &self.format {
            Format::Xlsx(book) => book.sheets_metadata(),
            Format::Xlsb(book) => book.sheets_metadata(),
            Format::Xls(book) => book.sheets_metadata(),
            Format::Ods(book) => return book.sheets(self.hidden),
        };
        let is_read = |sheet: &&calamine::Sheet| {
            sheet.typ == SheetType::WorkSheet && (self.hidden || sheet.visible == SheetVisible::Visible)
        };
        metadata.iter().filter(is_read).map(|sheet| sheet.name.clone()).collect()
    }

    /// The rows of a sheet; of those that are empty some may be left out.
    pub(crate) fn rows(&mut self, sheet: &str) -> Result<Rows<'_>, ReadError> {
        Ok(match &mut self.format {
            Format::Xlsx(book) => {
                let cells = book.worksheet_cells_reader(sheet).map_err(|error| of_xlsx(&error))?;
                Box::new(Streamed { cells, waiting: None, done: false })
            }
            Format::Xlsb(book) => dense(book.worksheet_range(sheet).map_err(|error| broken(&error))?),
            Format::Xls(book) => dense(book.worksheet_range(sheet).map_err(|error| of_xls(&error))?),
            Format::Ods(book) => Box::new(book.rows(sheet).map(Ok)),
        })
    }

    /// What the workbook states about itself.
    pub(crate) fn properties(&self, cx: &Context) -> Properties {
        let package = Package::open(self.bytes, EXPECTED, cx);
        match (&self.format, package) {
            (Format::Xlsx(_) | Format::Xlsb(_), Ok(mut package)) => properties::core(&mut package).unwrap_or_default(),
            (Format::Ods(_), Ok(mut package)) => crate::odf::properties(&mut package),
            _ => Properties::default(),
        }
    }
}

fn xls<'b>(bytes: &'b [u8], cx: &Context) -> Result<Format<'b>, ReadError> {
    if !["Workbook", "Book", "WORKBOOK", "BOOK"].iter().any(|name| compound::names(bytes, name)) {
        return Err(compound::refusal(bytes));
    }
    extent::check(bytes, cx)?;
    Xls::new(Cursor::new(bytes)).map(|book| Format::Xls(Box::new(book))).map_err(|error| of_xls(&error))
}

fn zipped<'b>(bytes: &'b [u8], cx: &Context) -> Result<Format<'b>, ReadError> {
    let limit = cx.limits.document.0.saturating_mul(UNPACKED);
    let mut package = Package::open_within(bytes, EXPECTED, cx, limit)?;
    if package.has("content.xml") {
        return Spreadsheet::open(&mut package).map(Format::Ods);
    }
    // The library unpacks whatever is there: that it is not too much is found out before.
    let is_read = |name: &&str| matches!(name.rsplit('.').next(), Some("xml" | "bin" | "rels"));
    let names: Vec<String> = package.names().filter(is_read).map(str::to_owned).collect();
    for name in names.iter().filter(|name| !name.starts_with("xl/media/")) {
        package.bytes(name)?;
    }
    if package.has("xl/workbook.bin") {
        return Xlsb::new(Cursor::new(bytes)).map(|book| Format::Xlsb(Box::new(book))).map_err(|error| broken(&error));
    }
    Xlsx::new(Cursor::new(bytes)).map(|book| Format::Xlsx(Box::new(book))).map_err(|error| of_xlsx(&error))
}

fn broken(error: &dyn std::fmt::Display) -> ReadError {
    ReadError::Malformed { expected: EXPECTED, found: error.to_string() }
}

fn locked() -> ReadError {
    ReadError::Locked("the spreadsheet has a password; open it in an office program and save it without one".to_owned())
}

fn of_xlsx(error: &XlsxError) -> ReadError {
    if matches!(error, XlsxError::Password) { locked() } else { broken(error) }
}

fn of_xls(error: &XlsError) -> ReadError {
    if matches!(error, XlsError::Password) { locked() } else { broken(error) }
}

fn dense<'r>(range: Range<Data>) -> Rows<'r> {
    let start = range.start().unwrap_or((0, 0));
    let height = range.height();
    let before = start.1.min(COLUMNS) as usize;
    Box::new((0..height).map(move |index| {
        let mut cells = vec![Value::default(); before];
        cells.extend(range.rows().nth(index).into_iter().flatten().map(Value::from));
        Ok(Row::new(u64::from(start.0) + index as u64 + 1, cells))
    }))
}

/// The rows of an xlsx sheet, made of its cells as they come.
struct Streamed<'c, 'b> {
    cells: XlsxCellReader<'c, Bytes<'b>>,
    waiting: Option<(u32, u32, Value)>,
    done: bool,
}

impl Streamed<'_, '_> {
    fn next_cell(&mut self) -> Result<Option<(u32, u32, Value)>, ReadError> {
        if let Some(waiting) = self.waiting.take() {
            return Ok(Some(waiting));
        }
        if self.done {
            return Ok(None);
        }
        let cell = self.cells.next_cell().map_err(|error| of_xlsx(&error))?;
        // Past the last cell the library takes the rest of the file for cells.
        self.done = cell.is_none();
        Ok(cell.map(|cell| {
            let (row, column) = cell.get_position();
            (row, column, Value::from(cell.get_value().clone()))
        }))
    }

    fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        let Some((row, column, value)) = self.next_cell()? else { return Ok(None) };
        let mut cells = Vec::new();
        put(&mut cells, column, value);
        while let Some((next, column, value)) = self.next_cell()? {
            if next != row {
                self.waiting = Some((next, column, value));
                break;
            }
            put(&mut cells, column, value);
        }
        Ok(Some(Row::new(u64::from(row) + 1, cells)))
    }
}

/// Puts a value into its column, as far as sheets have columns.
fn put(cells: &mut Vec<Value>, column: u32, value: Value) {
    if value.is_blank() || column >= COLUMNS {
        return;
    }
    let column = column as usize;
    if cells.len() <= column {
        cells.resize_with(column + 1, Value::default);
    }
    cells[column] = value;
}

impl Iterator for Streamed<'_, '_> {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.next_row().transpose();
        self.done |= !matches!(row, Some(Ok(_)));
        row
    }
}
