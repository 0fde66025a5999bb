//! The reader of `SQLite` databases: each row of a table, or of what a query gives, is a document.

use std::fmt::Write as _;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, OptionError, Part, RawSource, ReadError,
    Reader, Role, RoleKind, Shared, Stream,
};
use docmill_ingest::{Columns, RowOptions};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{copy, rows};

/// Reads `SQLite` databases: each row of a table is a document.
///
/// One column, or several, is the text; the others become metadata, but for those that hold bytes. Of a database with several tables,
/// `table` says which is read, or `query` gives the rows. The database is opened to be read and nothing else: it is not locked, nothing in it can
/// write, load code or name another file, and what stands in a write-ahead log alone is not read. A row larger than `limits.document` ends in
/// quarantine, and those after it are read; where the file is damaged, what was read before stays, and the file ends in quarantine. A query, or a view, that
/// works too long without giving a row is ended. Rows are counted from 1, in the order in which they come; documents are named
/// `notes.sqlite#row=12`, with the table as the `sheet` of their places.
///
/// It reads files that begin as `SQLite`'s do, whatever their name.
///
/// ```yaml
/// stages:
///   - ingest.sqlite: { table: notes, text: [subject, body], meta: [id, opened] }
/// ```
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sqlite {
    /// The table or view whose rows are read. When empty: the only table.
    pub table: String,
    /// A query (`SELECT …`) whose rows are read, in place of those of a table. Without `ORDER BY`, `SQLite` gives them in an order of its own.
    pub query: String,
    /// The columns that are the text, parted by an empty line in the order of the table. When empty: `text`, `body`, `message`, `description`, `comment`,
    /// `content` or the like, else the column whose first values are the longest.
    pub text: Columns,
    /// The column that is the title. When empty: `title`, `subject` or `headline`.
    pub title: String,
    /// The columns that become metadata. When left out: all others.
    pub meta: Option<Vec<String>>,
}

/// How a database begins.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// What reads a row is ended after so many of `SQLite`'s instructions.
const MOST_STEPS: u64 = 1_000_000_000;
/// They are counted in so many at once.
const STEPS: i32 = 10_000;
/// So many tables are named in errors.
const NAMED: usize = 50;

impl Component for Sqlite {
    const NAME: &'static str = "ingest.sqlite";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Blocks, Field::Meta]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.table.is_empty() || self.query.is_empty() {
            return Ok(Role::reader(self));
        }
        Err(vec![OptionError::new("/query", "expected `table` or `query`, found both".to_owned())])
    }
}

impl Reader for Sqlite {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        hint.head.starts_with(MAGIC).then_some("application/vnd.sqlite3")
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

impl Container for Sqlite {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let place = Placed::of(file)?;
        check_length(place.path())?;
        let mut database = opened(place.path(), cx).map_err(|error| broken(&error))?;
        let steps = counted(&mut database).map_err(|error| broken(&error))?;
        check_names(&database)?;
        let (name, query) = self.query(&database)?;
        let mut statement = database.prepare(&query).map_err(|error| broken(&error))?;
        if !statement.readonly() {
            return Err(unread("the query would change the database"));
        }
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let width = columns.len();
        let options = RowOptions { text: &self.text, title: &self.title, meta: self.meta.as_deref() };
        let mut table = rows::Rows::new(options, whole, cx, name, columns, part)?;
        let mut found = statement.query([]).map_err(|error| broken(&error))?;
        loop {
            let row = match found.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    // What came before stays.
                    let flow = table.finish()?;
                    return if flow.is_break() { Ok(()) } else { Err(broken(&error)) };
                }
            };
            steps.store(0, Ordering::Relaxed);
            let values = (0..width).map(|column| row.get_ref(column).map_or(Value::Null, value)).collect();
            if table.push(values)?.is_break() {
                return Ok(());
            }
        }
        table.finish().map(|_| ())
    }
}

impl Sqlite {
    /// The query that gives the rows, and the name of the table that they are of.
    fn query(&self, database: &Connection) -> Result<(String, String), ReadError> {
        if !self.query.is_empty() {
            return Ok((String::new(), self.query.clone()));
        }
        let tables = tables(database).map_err(|error| broken(&error))?;
        let listed = || tables.iter().map(|(name, _)| name.as_str()).take(NAMED).collect::<Vec<_>>().join(", ");
        let plain: Vec<&String> = tables.iter().filter(|(_, is_view)| !is_view).map(|(name, _)| name).collect();
        let name = match (self.table.as_str(), plain.as_slice()) {
            ("", [only]) => (*only).clone(),
            ("", []) => return Err(ReadError::Empty),
            ("", _) => return Err(unread(&format!("several tables; say by `table` which is read: {}", listed()))),
            (wanted, _) if tables.iter().any(|(name, _)| name == wanted) => wanted.to_owned(),
            (wanted, _) => return Err(unread(&format!("there is no table {wanted:?} among: {}", listed()))),
        };
        let query = format!("SELECT * FROM main.\"{}\"", name.replace('"', "\"\""));
        Ok((name, query))
    }
}

fn unread(found: &str) -> ReadError {
    ReadError::Malformed { expected: "a database with the rows asked for", found: found.to_owned() }
}

fn broken(error: &rusqlite::Error) -> ReadError {
    let interrupted = error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted);
    if interrupted {
        let found = "what reads the next row".to_owned();
        return ReadError::Limit {
            limit: "SQLite's work for a row",
            value: format!("{MOST_STEPS} instructions"),
            found,
        };
    }
    ReadError::Malformed { expected: "an SQLite database", found: error.to_string() }
}

/// Where `SQLite` finds a database: the file that the source is, where the system tells its path, or a copy that goes with this.
enum Placed {
    Here(PathBuf),
    Copied(tempfile::NamedTempFile),
}

impl Placed {
    fn of(stream: &mut Stream<'_>) -> Result<Self, ReadError> {
        let mut file = stream.file()?;
        if let Some(path) = file.as_ref().and_then(path_of) {
            return Ok(Self::Here(path));
        }
        let mut copied = tempfile::NamedTempFile::new()?;
        match &mut file {
            Some(file) => copy::fill(file, copied.as_file_mut())?,
            None => copy::fill(stream, copied.as_file_mut())?,
        }
        Ok(Self::Copied(copied))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Here(path) => path,
            Self::Copied(copy) => copy.path(),
        }
    }
}

/// The path under which an open file can be opened again.
#[cfg(target_os = "linux")]
fn path_of(file: &std::fs::File) -> Option<PathBuf> {
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::MetadataExt;
    let path = std::fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()?;
    let (here, there) = (file.metadata().ok()?, std::fs::metadata(&path).ok()?);
    ((here.dev(), here.ino()) == (there.dev(), there.ino())).then_some(path)
}

#[cfg(not(target_os = "linux"))]
fn path_of(_file: &std::fs::File) -> Option<PathBuf> {
    None
}

/// Opens a database to be read, whatever it holds.
fn opened(path: &Path, cx: &Context) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let database = Connection::open_with_flags(format!("file:{}?immutable=1", escaped(path)), flags)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    let longest = cx.limits.document.0.saturating_mul(2).clamp(1 << 20, 1 << 30);
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, i32::try_from(longest).unwrap_or(i32::MAX))?;
    database.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    database.set_limit(Limit::SQLITE_LIMIT_WORKER_THREADS, 0)?;
    database.set_limit(Limit::SQLITE_LIMIT_EXPR_DEPTH, 100)?;
    database.set_limit(Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10)?;
    database.execute_batch(
        "PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -8192;",
    )?;
    Ok(database)
}

/// A path as that of a URI.
fn escaped(path: &Path) -> String {
    let mut escaped = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => escaped.push(char::from(*byte)),
            other => {
                let _ = write!(escaped, "%{other:02X}");
            }
        }
    }
    escaped
}

/// Counts the instructions of what the database does, and ends it after too many. Whoever gets a row sets the count back.
fn counted(database: &mut Connection) -> rusqlite::Result<Arc<AtomicU64>> {
    let steps = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&steps);
    let each = u64::from(STEPS.unsigned_abs());
    database.progress_handler(STEPS, Some(move || count.fetch_add(each, Ordering::Relaxed) > MOST_STEPS))?;
    Ok(steps)
}

/// That the file is as long as its head says: `SQLite` takes pages that are cut off for empty ones.
fn check_length(path: &Path) -> Result<(), ReadError> {
    let mut head = [0; 100];
    let mut file = std::fs::File::open(path)?;
    let length = file.metadata()?.len();
    if length < head.len() as u64 {
        let found = format!("a file of {length} bytes");
        return Err(ReadError::Malformed { expected: "an SQLite database", found });
    }
    file.read_exact(&mut head)?;
    let page = match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    // The count holds where the program that changed the file last knew of it.
    let is_counted = head[24..28] == head[92..96];
    let pages = u64::from(u32::from_be_bytes([head[28], head[29], head[30], head[31]]));
    let said = page.saturating_mul(pages);
    if is_counted && length < said {
        let found = format!("{length} bytes of a file of {said}: its end is missing");
        return Err(ReadError::Malformed { expected: "an SQLite database", found });
    }
    Ok(())
}

/// That the names of tables and columns are text: rusqlite panics where they are not.
fn check_names(database: &Connection) -> Result<(), ReadError> {
    let is_text = |row: &rusqlite::Row<'_>| {
        row.get_ref(0).is_ok_and(|sql| !matches!(sql, ValueRef::Text(sql) if std::str::from_utf8(sql).is_err()))
    };
    let mut statement = database.prepare("SELECT sql FROM sqlite_schema").map_err(|error| broken(&error))?;
    let mut found = statement.query([]).map_err(|error| broken(&error))?;
    while let Some(row) = found.next().map_err(|error| broken(&error))? {
        if !is_text(row) {
            let found = "a schema that is not UTF-8".to_owned();
            return Err(ReadError::Malformed { expected: "an SQLite database", found });
        }
    }
    Ok(())
}

/// The tables of a database, and whether each is a view, by name.
fn tables(database: &Connection) -> rusqlite::Result<Vec<(String, bool)>> {
    let list = "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual', 'view') \
                AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name LIMIT 10000";
    let mut statement = database.prepare(list)?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)? == "view")))?;
    found.collect()
}

/// A value of `SQLite`; bytes that are no text are nothing.
fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::from(number),
        ValueRef::Real(number) => Value::from(number),
        ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => std::str::from_utf8(bytes).map_or(Value::Null, Value::from),
    }
}
