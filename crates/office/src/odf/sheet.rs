//! The sheets of `OpenDocument` spreadsheets, row by row.

use docmill_core::ReadError;

use super::styles::Styles;
use crate::package::Package;
use crate::sheet::{Row, Value, number};
use crate::xml::{Element, Tree};

/// Most columns of a sheet.
const COLUMNS: usize = 16_384;

/// A spreadsheet.
#[derive(Debug)]
pub(crate) struct Spreadsheet {
    tree: Tree,
}

impl Spreadsheet {
    /// Reads the content of a package.
    pub(crate) fn open(package: &mut Package<'_>) -> Result<Self, ReadError> {
        super::content(package).map(|tree| Self { tree })
    }

    fn tables(&self) -> impl Iterator<Item = Element<'_>> {
        let body = self.tree.root().at(&["body", "spreadsheet"]);
        body.into_iter().flat_map(|body| body.all("table"))
    }

    /// The names of its sheets, in order; hidden ones where asked for.
    pub(crate) fn sheets(&self, hidden: bool) -> Vec<String> {
        let mut styles = Styles::default();
        styles.add(self.tree.root());
        let is_read = |table: &Element<'_>| hidden || !styles.is_hidden(table.attr("style-name").unwrap_or_default());
        self.tables().filter(is_read).filter_map(|table| table.attr("name")).map(str::to_owned).collect()
    }

    /// The rows of a sheet that are not empty.
    pub(crate) fn rows<'s>(&'s self, sheet: &str) -> impl Iterator<Item = Row> + use<'s> {
        let table = self.tables().find(|table| table.attr("name") == Some(sheet));
        let mut next = 1;
        table.into_iter().flat_map(rows_of).flat_map(move |row| {
            let first = next;
            let times = repeated(row, "number-rows-repeated");
            next += times;
            let cells = cells(row);
            let filled = if cells.iter().all(Value::is_blank) { 0 } else { times };
            (first..first + filled).map(move |number| Row::new(number, cells.clone()))
        })
    }
}

fn repeated(element: Element<'_>, attribute: &str) -> u64 {
    // No program has more rows than this.
    element.attr(attribute).and_then(|times| times.parse().ok()).unwrap_or(1).clamp(1, 1 << 24)
}

/// The rows of a table, also those in groups.
fn rows_of(table: Element<'_>) -> Vec<Element<'_>> {
    let mut found = Vec::new();
    let mut waiting = vec![table];
    while let Some(part) = waiting.pop() {
        match part.name() {
            "table-row" => found.push(part),
            "table" | "table-header-rows" | "table-rows" | "table-row-group" => {
                let from = waiting.len();
                waiting.extend(part.children());
                waiting[from..].reverse();
            }
            _ => {}
        }
    }
    found
}

fn cells(row: Element<'_>) -> Vec<Value> {
    let mut cells: Vec<Value> = Vec::new();
    // Blank cells are written once something follows them.
    let mut blank = 0;
    for cell in row.children() {
        let times = usize::try_from(repeated(cell, "number-columns-repeated")).unwrap_or(COLUMNS).min(COLUMNS);
        let value = if cell.name() == "table-cell" { value(cell) } else { Value::default() };
        if value.is_blank() {
            blank += times;
            continue;
        }
        let room = COLUMNS.saturating_sub(cells.len());
        cells.extend(std::iter::repeat_n(Value::default(), std::mem::take(&mut blank).min(room)));
        let room = COLUMNS.saturating_sub(cells.len());
        cells.extend(std::iter::repeat_n(value, times.min(room)));
    }
    cells
}

fn value(cell: Element<'_>) -> Value {
    let shown = || cell.all("p").map(Element::text).collect::<Vec<_>>().join("\n");
    let attribute = |name: &str| cell.attr(name).map(str::to_owned);
    match cell.attr("value-type") {
        Some("float" | "percentage" | "currency") => {
            let value =
                cell.attr("value").and_then(|value| value.parse::<f64>().ok()).filter(|value| value.is_finite());
            Value::other(value.map_or_else(shown, number))
        }
        Some("date") => {
            let date = attribute("date-value").unwrap_or_else(shown);
            Value::other(date.strip_suffix("T00:00:00").map_or(date.clone(), str::to_owned))
        }
        Some("time") => Value::other(attribute("time-value").as_deref().and_then(clock).unwrap_or_else(shown)),
        Some("boolean") => Value::other(attribute("boolean-value").map_or_else(shown, |value| value.to_uppercase())),
        _ => Value::text(shown()),
    }
}

/// `PT08H30M00S` as `08:30:00`.
fn clock(duration: &str) -> Option<String> {
    let (hours, rest) = duration.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?.split(['.', ',']).next()?;
    let number = |text: &str| text.parse::<u32>().ok();
    Some(format!("{:02}:{:02}:{:02}", number(hours)?, number(minutes)?, number(seconds)?))
}
