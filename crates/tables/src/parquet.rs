//! The reader of Parquet files: each row is a document.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use ::parquet::record::reader::RowIter;
use ::parquet::record::{Field as Cell, Row};
use bytes::Bytes;
use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, OptionError, Part, RawSource, ReadError,
    Reader, Role, RoleKind, Shared, Stream,
};
use docmill_ingest::{Columns, RowOptions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{copy, rows};

/// Reads Parquet files: each row is a document.
///
/// One column, or several, is the text; the others become metadata, but for those that hold bytes. Columns that hold lists, maps or groups become
/// values of the same shape. All compressions of the format are read, and one row group at a time, page by page. A row larger than
/// `limits.document` ends in quarantine, and those after it are read; where the file is damaged, what was read before stays, and the file ends in
/// quarantine. Encrypted files are not read. Rows are counted from 1; documents are named `pages.parquet#row=12`.
///
/// It reads files that begin as Parquet's do, whatever their name.
///
/// ```yaml
/// stages:
///   - ingest.parquet: { text: content, title: headline, meta: [url, crawled] }
/// ```
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Parquet {
    /// The columns that are the text, parted by an empty line in the order of the file. When empty: `text`, `body`, `message`, `description`, `comment`,
    /// `content` or the like, else the column whose first values are the longest.
    pub text: Columns,
    /// The column that is the title. When empty: `title`, `subject` or `headline`.
    pub title: String,
    /// The columns that become metadata. When left out: all others.
    pub meta: Option<Vec<String>>,
}

impl Component for Parquet {
    const NAME: &'static str = "ingest.parquet";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Parquet {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        let begins = hint.head.starts_with(b"PAR1") || hint.head.starts_with(b"PARE");
        begins.then_some("application/vnd.apache.parquet")
    }

    fn shared(&self, bytes: &[u8]) -> Option<Arc<dyn Shared>> {
        rows::shared(bytes)
    }

    fn read(&self, source: RawSource, _cx: &Context) -> Result<Document, ReadError> {
        rows::document(&source)
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

impl Container for Parquet {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let file = Within::new(copy::file(file)?)?;
        if file.is_encrypted()? {
            return Err(ReadError::Locked("Parquet files with an encrypted footer are not read".to_owned()));
        }
        let reader = caught(|| SerializedFileReader::new(file)).map_err(|error| broken(&error))?;
        let columns = reader.metadata().file_metadata().schema_descr().root_schema().get_fields();
        let columns: Vec<String> = columns.iter().map(|column| column.name().to_owned()).collect();
        let options = RowOptions { text: &self.text, title: &self.title, meta: self.meta.as_deref() };
        let mut table = rows::Rows::new(options, whole, cx, String::new(), columns, part)?;
        let mut rows = RowIter::from_file_into(Box::new(reader));
        while let Some(row) = caught(|| rows.next().transpose()).transpose() {
            match row {
                Ok(row) if table.push(values(&row))?.is_break() => return Ok(()),
                Ok(_) => {}
                Err(error) => {
                    // What came before stays.
                    let flow = table.finish()?;
                    return if flow.is_break() { Ok(()) } else { Err(broken(&error)) };
                }
            }
        }
        table.finish().map(|_| ())
    }
}

/// What the crate gives, or that it panicked: it does where a file contradicts itself. What it panicked in is not used again.
fn caught<T>(read: impl FnOnce() -> ::parquet::errors::Result<T>) -> ::parquet::errors::Result<T> {
    std::panic::catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ParquetError::General("a part of it contradicts another".to_owned())))
}

fn broken(error: &ParquetError) -> ReadError {
    ReadError::Malformed { expected: "a Parquet file", found: error.to_string() }
}

fn values(row: &Row) -> Vec<Value> {
    row.get_column_iter().map(|(_, cell)| value(cell)).collect()
}

/// A cell's value; bytes that are no text are nothing.
fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Bytes(bytes) => std::str::from_utf8(bytes.data()).map_or(Value::Null, Value::from),
        other => other.to_json_value(),
    }
}

/// A file of which nothing is asked for that lies beyond its end, however long a chunk says it is.
struct Within {
    file: File,
    length: u64,
}

impl Within {
    fn new(file: File) -> Result<Self, ReadError> {
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }

    /// Whether the end of the file says that its footer is encrypted.
    fn is_encrypted(&self) -> Result<bool, ReadError> {
        let Some(start) = self.length.checked_sub(4) else { return Ok(false) };
        let end = self.get_bytes(start, 4).map_err(|error| broken(&error))?;
        Ok(end.as_ref() == b"PARE")
    }
}

impl Length for Within {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Within {
    type T = std::io::BufReader<File>;

    fn get_read(&self, start: u64) -> ::parquet::errors::Result<Self::T> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(start))?;
        Ok(std::io::BufReader::new(file))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ::parquet::errors::Result<Bytes> {
        let end = start.checked_add(length as u64).filter(|end| *end <= self.length);
        if end.is_none() {
            let what = format!("{length} bytes at {start} are beyond the end of the file, which has {}", self.length);
            return Err(ParquetError::EOF(what));
        }
        let mut bytes = Vec::with_capacity(length);
        self.get_read(start)?.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("the file became shorter".to_owned()));
        }
        Ok(bytes.into())
    }
}
