//! The reader of delimited tables: each row a document.

mod dialect;
mod row;

use std::any::Any;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::sync::Arc;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Edits, Field, Hint, Known, OptionError, Origin, Part,
    RawSource, ReadError, Reader, Role, RoleKind, Shared, Stream,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::row::{End, RowScanner, fields};
use crate::decoded::Utf8Stream;
use crate::encoding::decode;
use crate::record;
use crate::rows::{Columns, Layout};

/// Reads CSV and TSV (`.csv`, `.tsv`, `.tab`, `.psv`): each row is a document.
///
/// One column, or several, is the text; the others become metadata. Quotes follow RFC 4180: line breaks and delimiters within
/// them belong to the cell, and a doubled quote is a quote. The text keeps the very bytes of the row as its source, so every word leads back to its
/// place in the file. A row with more or fewer cells than the first, or with a quote that never ends, ends in quarantine with
/// its row and line. Of columns with the same name, the second is called `name_2`, and so on; a column without a name is `column_3` after its
/// place. Rows are counted as spreadsheets do: the header is row 1. Documents are named `tickets.csv#row=12`.
///
/// ```yaml
/// stages:
///   - ingest.csv: { text: [subject, body], meta: [id, opened], delimiter: ";" }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Csv {
    /// The columns that are the text, parted by an empty line in the order of the file. When empty: `text`, `body`, `message`,
    /// `description`, `comment`, `content` or the like, else the column whose first values are the longest.
    pub text: Columns,
    /// The column that is the title. When empty: `title`, `subject` or `headline`.
    pub title: String,
    /// The columns that become metadata. When left out: all others.
    pub meta: Option<Vec<String>>,
    /// What parts the cells: one character. When empty: found from the first rows among `,`, `;`, tab and `|`.
    #[schemars(length(max = 1))]
    pub delimiter: String,
    /// Whether the first row names the columns. Otherwise they are `column_1`, `column_2` and so on.
    pub header: bool,
}

impl Default for Csv {
    fn default() -> Self {
        Self { text: Columns::default(), title: String::new(), meta: None, delimiter: String::new(), header: true }
    }
}

impl Component for Csv {
    const NAME: &'static str = "ingest.csv";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        match self.delimiter.as_bytes() {
            [] => Ok(Role::reader(self)),
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(Role::reader(self)),
            _ => {
                let message =
                    format!("expected one ASCII character that is no quote or line end, found {:?}", self.delimiter);
                Err(vec![OptionError::new("/delimiter", message)])
            }
        }
    }
}

/// The media type of tables whose cells are parted by tabs.
const TAB_SEPARATED: &str = "text/tab-separated-values";

/// What is known of a table once its beginning was seen.
#[derive(Debug, Serialize, Deserialize)]
struct Table {
    layout: Layout,
    delimiter: u8,
    encoding: String,
}

impl Shared for Table {
    fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("names and numbers can be written as JSON")
    }
}

impl Reader for Csv {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        match hint.extension().as_deref() {
            Some("csv" | "psv") => Some("text/csv"),
            Some("tsv" | "tab") => Some(TAB_SEPARATED),
            Some(_) => None,
            None => ["text/csv", TAB_SEPARATED].into_iter().find(|media_type| hint.declared == Some(media_type)),
        }
    }

    fn shared(&self, bytes: &[u8]) -> Option<Arc<dyn Shared>> {
        serde_json::from_slice::<Table>(bytes).ok().map(|table| Arc::new(table) as _)
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        let shared =
            source.shared.clone().and_then(|shared| (shared as Arc<dyn Any + Send + Sync>).downcast::<Table>().ok());
        let Some(table) = shared else {
            return Err(ReadError::Malformed {
                expected: "a row",
                found: "a file that was not split into rows".to_owned(),
            });
        };
        let decoded = decode(&source.bytes, None)?;
        let row = decoded.text;
        let cells = fields(&row, table.delimiter);
        let mut edits = Edits::new();
        let mut done = 0;
        for (index, cell) in table.layout.text.iter().filter_map(|column| cells.get(*column)).enumerate() {
            // What parts two columns takes the place of what stands between them.
            if cell.inner.start > done || index > 0 {
                edits.replace(done..cell.inner.start, if index > 0 { "\n\n" } else { "" });
            }
            cell.undouble(&row, &mut edits);
            done = cell.inner.end;
        }
        if done < row.len() {
            edits.delete(done..row.len());
        }
        let mut described = source.source(&table.encoding);
        described.origin.field = Some(table.layout.text_names());
        let values: Vec<String> = cells.iter().map(|cell| cell.value(&row)).collect();
        let mut doc = Document::new(described, row);
        record::reveal(&mut doc, &edits)?;
        table.layout.describe(&mut doc.meta, |column| values.get(column).map(|value| Value::from(value.trim())));
        Ok(doc)
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

impl Container for Csv {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let stream = Utf8Stream::new(file)?;
        let encoding = stream.encoding();
        let mut bytes = BufReader::with_capacity(64 << 10, stream);
        let table = Arc::new(self.table(&String::from_utf8_lossy(bytes.fill_buf()?), &whole.media_type, encoding)?);
        let limit = usize::try_from(cx.limits.document.0).unwrap_or(usize::MAX);
        let mut scanner = RowScanner::new(bytes, table.delimiter, limit);
        let mut number = 0;
        while let Some(row) = scanner.next_row()? {
            number += 1;
            if row.bytes.is_empty() || (number == 1 && self.header) {
                continue;
            }
            let line = row.lines + 1;
            let width = table.layout.names.len();
            let error = match row.end {
                End::TooLong => Some(ReadError::Limit {
                    limit: "limits.document",
                    value: format!("{limit} bytes"),
                    found: format!("row {number} (line {line}) with {} bytes", row.length),
                }),
                End::OpenQuote => Some(ragged(number, line, &format!("the quote of cell {} never ends", row.fields))),
                End::Complete if row.fields != width => Some(ragged(
                    number,
                    line,
                    &format!("there are {} cells, and the table has {width} columns", row.fields),
                )),
                End::Complete => None,
            };
            let source = RawSource {
                uri: format!("{}#row={number}", whole.uri),
                media_type: whole.media_type.clone(),
                bytes: row.bytes,
                hash: None,
                container: Some(whole.uri.clone()),
                origin: Origin { offset: row.offset, lines: row.lines, row: Some(number), ..Origin::default() },
                shared: Some(Arc::clone(&table) as _),
                known: Known::default(),
            };
            let found = match error {
                Some(error) => Part::Failed { source, error },
                None => Part::Source(source),
            };
            if part(found).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn ragged(number: u64, line: usize, what: &str) -> ReadError {
    ReadError::Malformed { expected: "a row of the table", found: format!("row {number}, line {line}: {what}") }
}

#[cfg(test)]
mod tests;
