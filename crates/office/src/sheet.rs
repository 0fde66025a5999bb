//! The reader of spreadsheets.

mod book;
mod csv;
mod extent;
mod value;

use std::ops::ControlFlow;
use std::sync::Arc;

use docmill_core::{
    BlockKind, BuildContext, Component, Composer, Container, Context, Document, Field, Hint, Landmark, OptionError,
    Part, RawSource, ReadError, Reader, Role, RoleKind, Shared, Spot, Stream,
};
use docmill_ingest::{Columns, Csv};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::book::Book;
pub(crate) use self::book::Row;
use self::csv::AsCsv;
pub(crate) use self::value::{Value, number};

const EXPECTED: &str = "a spreadsheet";

/// The formats that are read, with the extensions of their names.
const FORMATS: &[(&str, &[&str])] = &[
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx", "xlsm", "xltx", "xltm"]),
    ("application/vnd.ms-excel.sheet.binary.macroenabled.12", &["xlsb"]),
    ("application/vnd.oasis.opendocument.spreadsheet", &["ods", "ots"]),
    ("application/vnd.ms-excel", &["xls", "xlt"]),
];

/// Reads spreadsheets (xlsx, xlsm, xltx, xlsb, xls, ods).
///
/// Each sheet is a heading with its name and tables: an empty row ends a table, columns that are empty at its left are left out, and a single cell
/// between empty rows is a paragraph. A first row of nothing but texts is a header. Of formulas the results are read that the file
/// keeps. Dates are ISO dates (`2024-03-01`, `2024-03-01T08:30:00`), numbers have at most fifteen digits and no format. Each place says its
/// sheet and row.
///
/// With `rows` each row is a document instead, as `ingest.csv` reads the rows of a table: the first row that is not empty names the
/// columns, one column or several are the text, the others become metadata. Documents are named `tickets.xlsx#sheet=May&row=12`.
///
/// Left out: sheets that are hidden, comments, pictures, charts and text boxes. A spreadsheet with a password ends in quarantine and
/// says so. Its XML may unpack to eight times `limits.document`, its text may be as large as `limits.document`, and the grids of the sheets of an xls
/// may take half of `limits.memory`.
///
/// ```yaml
/// stages:
///   - ingest.sheet: { sheets: [May], rows: true, text: [subject, body], meta: [id, opened] }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sheet {
    /// The names of the sheets that are read. When empty: all.
    pub sheets: Vec<String>,
    /// Make a document of each row.
    pub rows: bool,
    /// With `rows`: the columns that are the text. When empty: chosen as `ingest.csv` does.
    pub text: Columns,
    /// With `rows`: the column that is the title. When empty: `title`, `subject` or `headline`.
    pub title: String,
    /// With `rows`: the columns that become metadata. When left out: all others.
    pub meta: Option<Vec<String>>,
    /// With `rows`: whether the first row names the columns.
    pub header: bool,
    /// Read sheets that are hidden.
    pub hidden: bool,
}

impl Default for Sheet {
    fn default() -> Self {
        Self {
            sheets: Vec::new(),
            rows: false,
            text: Columns::default(),
            title: String::new(),
            meta: None,
            header: true,
            hidden: false,
        }
    }
}

impl Component for Sheet {
    const NAME: &'static str = "ingest.sheet";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;
    const ISOLATED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Sheet {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        FORMATS.iter().find_map(|(media_type, extensions)| crate::recognized(hint, extensions, media_type))
    }

    fn shared(&self, bytes: &[u8]) -> Option<Arc<dyn Shared>> {
        self.csv().shared(bytes)
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        if source.shared.is_some() {
            return self.csv().read(source, cx);
        }
        let mut composer = Composer::new(cx);
        let mut book = Book::open(&source.bytes, self.hidden, cx)?;
        for sheet in self.chosen(&book) {
            write_sheet(&mut book, &sheet, cx, &mut composer)?;
        }
        let stated = book.properties(cx);
        let mut doc = composer.finish(source)?;
        stated.tell(&mut doc);
        Ok(doc)
    }

    fn container(&self) -> Option<&dyn Container> {
        self.rows.then_some(self)
    }
}

impl Container for Sheet {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let bytes = book::whole_file(file, cx)?;
        let mut book = Book::open(&bytes, self.hidden, cx)?;
        for sheet in self.chosen(&book) {
            let mut broken = false;
            let rows = book.rows(&sheet)?;
            let mut csv = AsCsv::new(rows);
            // The lines of the table are counted from its first row that is not empty.
            let Some(first) = csv.first()? else { continue };
            let mut handed = |found: Part<'_>| {
                let flow = part(named(found, whole, &sheet, first));
                broken |= flow.is_break();
                flow
            };
            let lines = &mut Stream::flowing(Vec::new(), &mut csv);
            self.csv().split(lines, whole, cx, &mut handed).map_err(|error| in_sheet(error, &sheet))?;
            if broken {
                break;
            }
        }
        Ok(())
    }
}

impl Sheet {
    fn chosen(&self, book: &Book<'_>) -> Vec<String> {
        let mut sheets = book.sheets();
        sheets.retain(|sheet| self.sheets.is_empty() || self.sheets.contains(sheet));
        sheets
    }

    /// What reads the rows once they are lines.
    fn csv(&self) -> Csv {
        Csv {
            text: self.text.clone(),
            title: self.title.clone(),
            meta: self.meta.clone(),
            delimiter: ",".to_owned(),
            header: self.header,
        }
    }
}

/// An error that says its sheet.
fn in_sheet(error: ReadError, sheet: &str) -> ReadError {
    match error {
        ReadError::Malformed { expected, found } => {
            ReadError::Malformed { expected, found: format!("sheet {sheet}: {found}") }
        }
        other => other,
    }
}

/// A part that says its sheet, and its row there; `first` is the row of the sheet that is the first line of the table.
fn named<'p>(part: Part<'p>, whole: &RawSource, sheet: &str, first: u64) -> Part<'p> {
    let name: Arc<str> = Arc::from(sheet);
    let rename = |mut source: RawSource| {
        let row = source.origin.row.unwrap_or(1) + first - 1;
        source.uri = format!("{}#sheet={sheet}&row={row}", whole.uri);
        source.media_type.clone_from(&whole.media_type);
        source.origin.row = Some(row);
        source.origin.offset = 0;
        source.origin.lines = 0;
        source.origin.decoded = true;
        source.origin.landmarks = vec![Landmark { offset: 0, spot: Spot::row(&name, row) }];
        source
    };
    match part {
        Part::Source(source) => Part::Source(rename(source)),
        Part::Failed { source, error } => Part::Failed { source: rename(source), error },
        member @ Part::Member(_) => member,
    }
}

/// Writes a sheet: its name, and a table for each group of rows.
fn write_sheet(book: &mut Book<'_>, sheet: &str, cx: &Context, composer: &mut Composer) -> Result<(), ReadError> {
    let name: Arc<str> = Arc::from(sheet);
    composer.at(Spot { sheet: Some(Arc::clone(&name)), ..Spot::default() });
    composer.heading(1, sheet);
    let mut group: Vec<Row> = Vec::new();
    let mut room = cx.limits.document.0;
    for row in book.rows(sheet)? {
        let row = row?;
        let apart = group.last().is_some_and(|last| row.number > last.number + 1);
        if row.is_blank() || apart {
            write_group(&group, &name, composer);
            group.clear();
        }
        if row.is_blank() {
            continue;
        }
        room = room.checked_sub(row.weight()).ok_or_else(|| ReadError::Limit {
            limit: "limits.document",
            value: format!("{} bytes", cx.limits.document.0),
            found: format!("the text of the sheet {sheet} up to row {}", row.number),
        })?;
        group.push(row);
    }
    write_group(&group, &name, composer);
    Ok(())
}

fn write_group(rows: &[Row], sheet: &Arc<str>, composer: &mut Composer) {
    let Some(first) = rows.first() else { return };
    let skip = rows.iter().map(Row::blank_cells).min().unwrap_or(0);
    let at = |composer: &mut Composer, row: &Row| composer.at(Spot::row(sheet, row.number));
    if let [row] = rows
        && let [cell] = &row.cells[skip..]
    {
        at(composer, row);
        composer.block(BlockKind::Paragraph, &cell.text);
        return;
    }
    let headed = rows.len() > 1 && first.cells[skip..].iter().all(|cell| cell.is_text);
    composer.begin(BlockKind::Table, None);
    for (index, row) in rows.iter().enumerate() {
        at(composer, row);
        composer.row(row.cells.iter().skip(skip).map(|cell| cell.text.as_str()), headed && index == 0);
    }
    composer.end();
}
