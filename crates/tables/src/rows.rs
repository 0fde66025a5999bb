//! Hands on the rows of a table, once enough of them were seen to tell what its columns are.

use std::any::Any;
use std::ops::ControlFlow;
use std::sync::Arc;

use docmill_core::{Context, Document, Known, Origin, Part, RawSource, ReadError, Shared};
use docmill_ingest::{Layout, RowOptions};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// So many rows are looked at to find the column that is the text.
const SAMPLE: usize = 50;
/// What is kept of a row that is too long.
const KEPT: usize = 4 << 10;
/// So many rows without any value end a table: no file of records has them.
const MOST_EMPTY: u64 = 100_000_000;

/// What the rows of one table have in common.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    /// Its name; empty where it has none.
    name: String,
    layout: Layout,
}

impl Shared for Table {
    fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("names and numbers can be written as JSON")
    }
}

/// What [`Shared::to_bytes`] gave for a table.
pub(crate) fn shared(bytes: &[u8]) -> Option<Arc<dyn Shared>> {
    serde_json::from_slice::<Table>(bytes).ok().map(|table| Arc::new(table) as _)
}

/// The document of a row.
pub(crate) fn document(source: &RawSource) -> Result<Document, ReadError> {
    let table = source.shared.as_deref().and_then(|shared| (shared as &dyn Any).downcast_ref::<Table>());
    let Some(table) = table else {
        let found = "a file that was not split into rows".to_owned();
        return Err(ReadError::Malformed { expected: "a row", found });
    };
    table.layout.document(source, &table.name)
}

/// The rows of one table on their way to the engine.
pub(crate) struct Rows<'s> {
    options: RowOptions<'s>,
    whole: &'s RawSource,
    limit: usize,
    name: String,
    columns: Vec<String>,
    table: Option<Arc<Table>>,
    /// Rows that came before the layout was known.
    waiting: Vec<Vec<Value>>,
    number: u64,
    empty: u64,
    part: &'s mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
}

impl<'s> Rows<'s> {
    pub(crate) fn new(
        options: RowOptions<'s>,
        whole: &'s RawSource,
        cx: &Context,
        name: String,
        columns: Vec<String>,
        part: &'s mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<Self, ReadError> {
        if columns.is_empty() {
            return Err(ReadError::Malformed { expected: "a table", found: "one without columns".to_owned() });
        }
        let limit = usize::try_from(cx.limits.document.0).unwrap_or(usize::MAX);
        let (waiting, table) = (Vec::new(), None);
        Ok(Self { options, whole, limit, name, columns, table, waiting, number: 0, empty: 0, part })
    }

    /// Takes in a row.
    pub(crate) fn push(&mut self, row: Vec<Value>) -> Result<ControlFlow<()>, ReadError> {
        let is_empty = row.iter().all(Value::is_null);
        self.empty = if is_empty { self.empty + 1 } else { 0 };
        if self.empty > MOST_EMPTY {
            let (value, found) = (MOST_EMPTY.to_string(), "the number of rows without a value".to_owned());
            return Err(ReadError::Limit { limit: "rows without a value", value, found });
        }
        if self.table.is_some() {
            return Ok(self.hand_on(row));
        }
        self.waiting.push(row);
        if self.waiting.len() < SAMPLE { Ok(ControlFlow::Continue(())) } else { self.finish() }
    }

    /// Hands on what waits.
    pub(crate) fn finish(&mut self) -> Result<ControlFlow<()>, ReadError> {
        if self.table.is_none() {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let sample: Vec<Vec<String>> = self.waiting.iter().map(|row| row.iter().map(text).collect()).collect();
            let layout = self.options.layout(std::mem::take(&mut self.columns), &sample)?;
            self.table = Some(Arc::new(Table { name: self.name.clone(), layout }));
        }
        for row in std::mem::take(&mut self.waiting) {
            if self.hand_on(row).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn hand_on(&mut self, row: Vec<Value>) -> ControlFlow<()> {
        self.number += 1;
        if self.empty > 0 && row.iter().all(Value::is_null) {
            return ControlFlow::Continue(());
        }
        let mut bytes = Value::Array(row).to_string().into_bytes();
        let length = bytes.len();
        let too_long = length > self.limit;
        if too_long {
            bytes.truncate(KEPT);
            bytes.shrink_to_fit();
        }
        let source = RawSource {
            uri: format!("{}#row={}", self.whole.uri, self.number),
            media_type: self.whole.media_type.clone(),
            bytes,
            hash: None,
            container: Some(self.whole.uri.clone()),
            origin: Origin { row: Some(self.number), ..Origin::default() },
            shared: self.table.clone().map(|table| table as _),
            known: Known::default(),
        };
        (self.part)(if too_long {
            let (value, found) = (format!("{} bytes", self.limit), format!("row {} with {length} bytes", self.number));
            Part::Failed { source, error: ReadError::Limit { limit: "limits.document", value, found } }
        } else {
            Part::Source(source)
        })
    }
}
