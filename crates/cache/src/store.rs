//! The store.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};

use crate::{Key, Sealed};

/// Bytes that a store holds in memory at most.
pub const MEMORY: u64 = 16 << 20;
/// The name of the file in the store's folder.
const FILE: &str = "cache.sqlite";
/// Raised when the tables change: a store of another version is dropped.
const SCHEMA: i64 = 2;
/// Entries that are written together, and how many bytes they may have.
const BATCH: (usize, usize) = (1024, 16 << 20);
/// An entry that is used is marked again after so many days.
const MARK_DAYS: i64 = 7;

const TABLES: &str = "
    CREATE TABLE notes (name BLOB PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE keys (key BLOB PRIMARY KEY, entry INTEGER NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE entries (id INTEGER PRIMARY KEY, target BLOB NOT NULL, result BLOB, journal BLOB NOT NULL);
    CREATE TABLE last_run (id INTEGER PRIMARY KEY, about TEXT NOT NULL, reused INTEGER NOT NULL, resumed INTEGER NOT NULL, worked INTEGER NOT NULL);
";

/// A store that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// Another process has it.
    #[error("another run uses the cache in {}; wait for its end, or choose another with `--cache`", .0.display())]
    Busy(PathBuf),
    /// What is stored is not what was stored.
    #[error("the cache is damaged: {0}")]
    Damaged(String),
    /// The file system or the database said no.
    #[error("cannot use the cache: {0}")]
    Failed(String),
}

impl CacheError {
    pub(crate) fn damaged(what: &str) -> Self {
        Self::Damaged(what.to_owned())
    }
}

impl From<rusqlite::Error> for CacheError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            // No code: what is read is not of the type that was written.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) | None => Self::Damaged(error.to_string()),
            Some(_) => Self::Failed(error.to_string()),
        }
    }
}

/// How the documents of a run used the store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunUse {
    /// Segments of documents' ways whose result was there.
    pub reused: u64,
    /// Segments of which a part was there.
    pub resumed: u64,
    /// Segments of which nothing was there.
    pub worked: u64,
}

/// What a store holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// The run folder that it belongs to, as told by [`Store::describe`].
    pub about: Option<String>,
    /// Entries.
    pub entries: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// How the last run used it.
    pub last: Option<RunUse>,
}

/// Entries on disk.
pub struct Store {
    folder: PathBuf,
    connection: Mutex<Writing>,
}

struct Writing {
    connection: Connection,
    /// Entries and bytes since the last commit; no transaction is open where there are none.
    pending: (usize, usize),
}

impl Store {
    /// Opens the store in `folder`, or makes one. What is there but is no store of this version is dropped.
    pub fn open(folder: &Path) -> Result<Self, CacheError> {
        make_folder(folder).map_err(|error| CacheError::Failed(format!("{}: {error}", folder.display())))?;
        match Self::opened(folder) {
            Err(CacheError::Damaged(reason)) => {
                tracing::warn!(folder = %folder.display(), reason, "the cache is damaged: it is made anew");
                Self::discard(folder)?;
                Self::opened(folder)
            }
            opened => opened,
        }
    }

    fn opened(folder: &Path) -> Result<Self, CacheError> {
        let busy = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => CacheError::Busy(folder.to_owned()),
            _ => error.into(),
        };
        let connection = Connection::open(folder.join(FILE)).map_err(busy)?;
        connection.busy_timeout(std::time::Duration::ZERO)?;
        connection.pragma_update(None, "page_size", 8192)?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).map_err(busy)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        // In KiB where it is negative.
        connection.pragma_update(None, "cache_size", -(MEMORY >> 10).cast_signed())?;
        connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
        connection.set_prepared_statement_cache_capacity(16);
        // Otherwise SQLite looks at the values that are bound and makes its plan anew each time: a seventh of what keeping costs.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // The first writing takes the lock, which stays until the store is closed.
        connection.execute_batch("BEGIN IMMEDIATE").map_err(busy)?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version == 0 {
            connection.execute_batch(TABLES)?;
            connection.pragma_update(None, "user_version", SCHEMA)?;
        } else if version != SCHEMA {
            return Err(CacheError::Damaged(format!("it is of version {version}, not {SCHEMA}")));
        }
        connection.execute_batch("COMMIT")?;
        Ok(Self { folder: folder.to_owned(), connection: Mutex::new(Writing { connection, pending: (0, 0) }) })
    }

    /// Whether there is a store in `folder`.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Removes the store in `folder`, whatever state it is in.
    pub fn discard(folder: &Path) -> Result<(), CacheError> {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let path = folder.join(format!("{FILE}{suffix}"));
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(CacheError::Failed(format!("{}: {error}", path.display())));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The result of the entry, where it is for this target.
    pub fn result(&self, key: &Key, target: &Key) -> Result<Option<Vec<u8>>, CacheError> {
        let stored = {
            let writing = self.writing();
            let mut statement = writing.connection.prepare_cached(
                "SELECT result, used FROM keys JOIN entries ON id = entry WHERE key = ?1 AND target = ?2 AND result IS NOT NULL",
            )?;
            let row = statement.query_row(params![key.bytes(), target.bytes()], |row| {
                Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?))
            });
            let row = row.optional()?;
            if row.as_ref().is_some_and(|(_, used)| today() - used >= MARK_DAYS) {
                let mut mark = writing.connection.prepare_cached("UPDATE keys SET used = ?2 WHERE key = ?1")?;
                // On a full disk it stays unmarked, and is as good a result.
                let _ = mark.execute(params![key.bytes(), today()]);
            }
            row
        };
        stored.map(|(stored, _)| Sealed::open(key, &stored)).transpose()
    }

    /// The journal of the entry.
    pub fn journal(&self, key: &Key) -> Result<Option<Vec<u8>>, CacheError> {
        let stored = {
            let writing = self.writing();
            let mut statement = writing
                .connection
                .prepare_cached("SELECT journal FROM keys JOIN entries ON id = entry WHERE key = ?1")?;
            statement.query_row(params![key.bytes()], |row| row.get::<_, Vec<u8>>(0)).optional()?
        };
        stored.map(|stored| Sealed::open(key, &stored)).transpose()
    }

    /// Keeps an entry in the place of the one that was there.
    pub fn put(&self, key: &Key, target: &Key, result: Option<&Sealed>, journal: &Sealed) -> Result<(), CacheError> {
        let mut writing = self.writing();
        let put = writing.put(key, target, result, journal);
        if put.is_err() {
            // There may be room for what came before it.
            writing.pending.0 += 1;
            let _ = writing.commit();
        }
        put
    }

    /// Brings all entries to the disk.
    pub fn commit(&self) -> Result<(), CacheError> {
        self.writing().commit()
    }

    /// A note that was set.
    pub fn note(&self, name: &Key) -> Result<Option<Vec<u8>>, CacheError> {
        let writing = self.writing();
        let mut statement = writing.connection.prepare_cached("SELECT content FROM notes WHERE name = ?1")?;
        let stored = statement.query_row(params![name.bytes()], |row| row.get::<_, Vec<u8>>(0)).optional()?;
        stored.map(|stored| Sealed::open(name, &stored)).transpose()
    }

    /// Keeps a note in the place of the one of this name.
    pub fn set_note(&self, name: &Key, content: &[u8]) -> Result<(), CacheError> {
        let mut writing = self.writing();
        writing.commit()?;
        let sealed = Sealed::of(name, content);
        let set = "INSERT OR REPLACE INTO notes (name, content) VALUES (?1, ?2)";
        writing.connection.execute(set, params![name.bytes(), sealed.bytes()])?;
        Ok(())
    }

    /// Says what the store is for, and how a run that came to its end used it.
    pub fn describe(&self, about: &str, used: RunUse) -> Result<(), CacheError> {
        let mut writing = self.writing();
        writing.commit()?;
        let connection = &writing.connection;
        let [reused, resumed, worked] = [used.reused, used.resumed, used.worked].map(u64::cast_signed);
        let set = "INSERT OR REPLACE INTO last_run VALUES (1, ?1, ?2, ?3, ?4)";
        connection.execute(set, params![about, reused, resumed, worked])?;
        Ok(())
    }

    /// What it holds.
    pub fn statistics(&self) -> Result<Statistics, CacheError> {
        let writing = self.writing();
        let connection = &writing.connection;
        let entries: i64 = connection.query_row("SELECT count(*) FROM keys", [], |row| row.get(0))?;
        let last = "SELECT about, reused, resumed, worked FROM last_run";
        let (about, last) = connection
            .query_row(last, [], |row| {
                let count = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
                Ok((row.get(0)?, RunUse { reused: count(1)?, resumed: count(2)?, worked: count(3)? }))
            })
            .optional()?
            .unzip();
        let bytes =
            ["", "-wal"].iter().filter_map(|suffix| fs::metadata(self.folder.join(format!("{FILE}{suffix}"))).ok());
        Ok(Statistics { about, entries: entries.cast_unsigned(), bytes: bytes.map(|found| found.len()).sum(), last })
    }

    /// Removes the entries that no run has used for `days`, gives their room back, and says how many they were. Use is kept
    /// to the week.
    pub fn prune(&self, days: u32) -> Result<u64, CacheError> {
        let mut writing = self.writing();
        writing.commit()?;
        let connection = &writing.connection;
        let before = today() - i64::from(days);
        connection
            .execute("DELETE FROM entries WHERE id IN (SELECT entry FROM keys WHERE used < ?1)", params![before])?;
        let removed = connection.execute("DELETE FROM keys WHERE used < ?1", params![before])?;
        connection.execute_batch("VACUUM")?;
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(removed as u64)
    }
}

impl Writing {
    fn put(&mut self, key: &Key, target: &Key, result: Option<&Sealed>, journal: &Sealed) -> Result<(), CacheError> {
        let Self { connection, pending } = self;
        if pending.0 == 0 {
            connection.execute_batch("BEGIN IMMEDIATE")?;
        }
        let earlier: Option<i64> = connection
            .prepare_cached("SELECT entry FROM keys WHERE key = ?1")?
            .query_row(params![key.bytes()], |row| row.get(0))
            .optional()?;
        let result = result.map(Sealed::bytes);
        connection
            .prepare_cached("INSERT INTO entries (target, result, journal) VALUES (?1, ?2, ?3)")?
            .execute(params![target.bytes(), result, journal.bytes()])?;
        connection
            .prepare_cached("INSERT OR REPLACE INTO keys (key, entry, used) VALUES (?1, last_insert_rowid(), ?2)")?
            .execute(params![key.bytes(), today()])?;
        // The last step: wherever the disk says no, the key names an entry of its own.
        if let Some(earlier) = earlier {
            connection.prepare_cached("DELETE FROM entries WHERE id = ?1")?.execute(params![earlier])?;
        }
        pending.0 += 1;
        pending.1 += result.map_or(0, <[u8]>::len) + journal.bytes().len();
        if pending.0 >= BATCH.0 || pending.1 >= BATCH.1 {
            self.commit()?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), CacheError> {
        if self.pending.0 == 0 {
            return Ok(());
        }
        self.pending = (0, 0);
        let committed = self.connection.execute_batch("COMMIT");
        if committed.is_err() && !self.connection.is_autocommit() {
            // Where it cannot be undone either, closing the store undoes it.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        Ok(committed?)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // What cannot be kept is made again by the next run.
        let _ = self.commit();
    }
}

/// Makes a folder that its owner alone can look into: entries hold texts.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// The day, counted from 1970 (UTC).
fn today() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs() / 86_400).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(store: &Store, name: &str, target: &str, result: &str) {
        let (key, target) = (Key::of(&[name.as_bytes()]), Key::of(&[target.as_bytes()]));
        let journal = Sealed::of(&key, name.as_bytes());
        store.put(&key, &target, Some(&Sealed::of(&key, result.as_bytes())), &journal).unwrap();
    }

    fn result(store: &Store, name: &str, target: &str) -> Result<Option<String>, CacheError> {
        let found = store.result(&Key::of(&[name.as_bytes()]), &Key::of(&[target.as_bytes()]))?;
        Ok(found.map(|bytes| String::from_utf8(bytes).unwrap()))
    }

    #[test]
    fn entries_outlive_the_store_and_the_latest_target_counts() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        put(&store, "a", "5 words", "five");
        put(&store, "a", "6 words", "six");
        assert_eq!(result(&store, "a", "5 words").unwrap(), None);
        drop(store);
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(result(&store, "a", "6 words").unwrap().as_deref(), Some("six"));
        assert_eq!(store.statistics().unwrap().entries, 1);
    }

    #[test]
    fn one_process_at_a_time_has_the_store() {
        let folder = tempfile::tempdir().unwrap();
        let first = Store::open(folder.path()).unwrap();
        assert!(matches!(Store::open(folder.path()), Err(CacheError::Busy(_))));
        drop(first);
        assert!(Store::open(folder.path()).is_ok());
    }

    #[test]
    fn a_damaged_store_gives_no_result() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let long = "word ".repeat(400);
        for number in 0..300 {
            put(&store, &number.to_string(), "t", &format!("{number} {long}"));
        }
        drop(store);
        let path = folder.path().join(FILE);
        let whole = fs::read(&path).unwrap();
        let mut noticed = 0;
        for place in (100..whole.len()).step_by(1009) {
            let mut damaged = whole.clone();
            damaged[place] ^= 0x40;
            fs::write(&path, &damaged).unwrap();
            let Ok(store) = Store::opened(folder.path()) else {
                noticed += 1;
                continue;
            };
            for number in 0..300 {
                match result(&store, &number.to_string(), "t") {
                    Ok(Some(found)) => assert_eq!(found, format!("{number} {long}")),
                    Ok(None) => {}
                    Err(_) => noticed += 1,
                }
            }
        }
        assert!(noticed > 0);
    }

    #[test]
    fn what_is_no_store_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "this is no database, but long enough to look like one".repeat(99))
            .unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.statistics().unwrap().entries, 0);
    }

    #[test]
    fn entries_without_use_can_be_pruned() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        put(&store, "a", "t", "x");
        assert_eq!((store.prune(1).unwrap(), store.statistics().unwrap().entries), (0, 1));
        store.writing().connection.execute("UPDATE keys SET used = used - 40", []).unwrap();
        assert_eq!((store.prune(30).unwrap(), store.statistics().unwrap().entries), (1, 0));
    }
}
