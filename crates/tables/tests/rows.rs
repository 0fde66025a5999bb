//! What the readers of databases make of files that other programs wrote, and of what is left of them when they are damaged.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::fmt::Write as _;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::PathBuf;

use docmill_core::{ByteSize, ByteSpan, Context, Document, Hint, Limits, Opened, Part, RawSource, Reader, Stream};
use docmill_ingest::Columns;
use docmill_tables::Sqlite;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/formats").join(name)
}

fn split(reader: &dyn Reader, name: &str, stream: &mut Stream<'_>, limit: u64) -> Vec<Result<Document, String>> {
    let cx = Context::new(Limits { document: ByteSize(limit), ..Limits::default() });
    let whole = RawSource::new(name, "application/x", "");
    let mut documents = Vec::new();
    let split = reader.container().unwrap().split(stream, &whole, &cx, &mut |part| {
        documents.push(match part {
            Part::Source(mut source) => {
                // As in a process of its own.
                source.shared = reader.shared(&source.shared.unwrap().to_bytes());
                reader.read(source, &cx).map_err(|error| error.to_string())
            }
            Part::Failed { source, error } => Err(format!("{}: {error}", source.uri)),
            Part::Member(member) => Err(format!("a member: {member:?}")),
        });
        ControlFlow::Continue(())
    });
    documents.extend(split.err().map(|error| Err(error.to_string())));
    documents
}

/// Of the file itself.
fn read(reader: &dyn Reader, name: &str) -> Vec<Result<Document, String>> {
    let mut opened = Opened::File(std::fs::File::open(fixture(name)).unwrap());
    split(reader, name, &mut Stream::opened(Vec::new(), &mut opened), 1 << 20)
}

/// Of bytes that come once.
fn read_bytes(reader: &dyn Reader, bytes: &[u8]) -> Vec<Result<Document, String>> {
    split(reader, "flowing", &mut Stream::flowing(Vec::new(), &mut Cursor::new(bytes)), 1 << 20)
}

fn gist(documents: &[Result<Document, String>]) -> String {
    let mut gist = String::new();
    for document in documents {
        match document {
            Ok(doc) => {
                let place = doc.locate(ByteSpan::new(0, 3));
                let (sheet, field) = (place.sheet.unwrap_or_default(), place.field.unwrap_or_default());
                writeln!(gist, "{} [{sheet} {} {field}] {:?}", doc.source().uri, place.row.unwrap(), doc.text())
                    .unwrap();
                doc.meta.iter().for_each(|(key, value)| writeln!(gist, "  {key}: {value}").unwrap());
            }
            Err(error) => writeln!(gist, "{error}").unwrap(),
        }
    }
    gist
}

#[test]
fn each_row_of_the_only_table_of_a_database_is_a_document() {
    let documents = read(&Sqlite::default(), "notes.sqlite");
    insta::assert_snapshot!(gist(&documents));
    let flowing = read_bytes(&Sqlite::default(), &std::fs::read(fixture("notes.sqlite")).unwrap());
    assert_eq!(gist(&documents).replace("notes.sqlite", "flowing"), gist(&flowing));
}

#[test]
fn of_several_tables_one_is_asked_for_or_a_query_gives_the_rows() {
    let check = |reader: Sqlite, expected: &str| assert_eq!(gist(&read(&reader, "harbor.sqlite")), expected);
    let table = |table: &str| Sqlite { table: table.to_owned(), ..Sqlite::default() };
    let query = |query: &str| Sqlite { query: query.to_owned(), ..Sqlite::default() };
    check(
        Sqlite::default(),
        "not a database with the rows asked for: several tables; say by `table` which is read: berths, endless, ships\n",
    );
    check(table("ships"), "harbor.sqlite#row=1 [ships 1 log] \"Left at dawn with timber.\"\n  name: \"Heron\"\n");
    check(
        table("crews"),
        "not a database with the rows asked for: there is no table \"crews\" among: berths, endless, ships\n",
    );
    check(
        query("SELECT remark AS text, number * 2 AS twice FROM berths"),
        "harbor.sqlite#row=1 [ 1 text] \"Crane out of order.\"\n  twice: 8\n",
    );
    let columns = Sqlite {
        text: Columns::Several(vec!["name".to_owned(), "log".to_owned()]),
        title: "name".to_owned(),
        meta: Some(Vec::new()),
        ..table("ships")
    };
    check(
        columns,
        "harbor.sqlite#row=1 [ships 1 name, log] \"Heron\\n\\nLeft at dawn with timber.\"\n  title: \"Heron\"\n",
    );
}

#[test]
fn a_query_can_neither_write_nor_reach_another_file_nor_go_on_for_ever() {
    for query in
        ["DELETE FROM ships", "ATTACH 'other.sqlite' AS other", "PRAGMA journal_mode = WAL", "CREATE TABLE x (y)"]
    {
        let before = std::fs::read(fixture("harbor.sqlite")).unwrap();
        let documents = read(&Sqlite { query: query.to_owned(), ..Sqlite::default() }, "harbor.sqlite");
        let done = documents.into_iter().all(|document| document.is_err() || query.starts_with("PRAGMA"));
        assert!(done && std::fs::read(fixture("harbor.sqlite")).unwrap() == before, "{query}");
    }
    let endless = Sqlite { table: "endless".to_owned(), ..Sqlite::default() };
    let error = read(&endless, "harbor.sqlite").remove(0).unwrap_err();
    assert_eq!(error, "what reads the next row is over SQLite's work for a row = 1000000000 instructions");
}

#[test]
fn a_row_over_the_limit_fails_alone() {
    let mut opened = Opened::File(std::fs::File::open(fixture("notes.sqlite")).unwrap());
    let documents = split(&Sqlite::default(), "a", &mut Stream::opened(Vec::new(), &mut opened), 110);
    let failed: Vec<_> = documents.iter().filter_map(|document| document.as_ref().err()).collect();
    assert_eq!(failed, ["a#row=1: row 1 with 134 bytes is over limits.document = 110 bytes"]);
    assert_eq!(documents.len(), 3);
}

#[test]
fn databases_are_known_by_their_first_bytes() {
    let head = std::fs::read(fixture("notes.sqlite")).unwrap();
    assert_eq!(Sqlite::default().recognizes(&Hint::new("a.bin", &head)), Some("application/vnd.sqlite3"));
    assert_eq!(Sqlite::default().recognizes(&Hint::new("a.sqlite", b"SQLite, a note")), None);
}

/// A file damaged in many ways gives documents or errors.
fn survives(reader: &dyn Reader, name: &str) {
    let bytes = std::fs::read(fixture(name)).unwrap();
    let step = (bytes.len() / 150).max(1);
    for end in (0..bytes.len()).step_by(step) {
        let results = read_bytes(reader, &bytes[..end]);
        assert!(results.iter().any(Result::is_err), "{name} cut off at {end}");
    }
    let mut seed = 7_u64;
    for _ in 0..300 {
        let mut damaged = bytes.clone();
        for _ in 0..3 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(seed >> 33).unwrap() % damaged.len();
            damaged[at] = seed.to_le_bytes()[3];
        }
        read_bytes(reader, &damaged);
    }
}

#[test]
fn damaged_databases_are_read_or_refused() {
    survives(&Sqlite { table: "notes".to_owned(), ..Sqlite::default() }, "notes.sqlite");
}

#[cfg(feature = "parquet")]
mod parquet {
    use docmill_tables::Parquet;

    use super::*;

    #[test]
    fn each_row_of_a_parquet_file_is_a_document_whatever_compresses_it() {
        let expected = gist(&read(&Parquet::default(), "notes-none.parquet"));
        insta::assert_snapshot!(expected);
        for compression in ["snappy", "zstd", "gzip", "brotli", "lz4"] {
            let name = format!("notes-{compression}.parquet");
            assert_eq!(
                gist(&read(&Parquet::default(), &name)).replace(&name, "notes-none.parquet"),
                expected,
                "{name}"
            );
        }
        let bytes = std::fs::read(fixture("notes-none.parquet")).unwrap();
        let flowing = gist(&read_bytes(&Parquet::default(), &bytes));
        assert_eq!(flowing.replace("flowing", "notes-none.parquet"), expected);
        assert!(Parquet::default().recognizes(&Hint::new("a", &bytes)).is_some());
    }

    #[test]
    fn damaged_parquet_files_are_read_or_refused() {
        for compression in ["snappy", "none", "zstd"] {
            survives(&Parquet::default(), &format!("notes-{compression}.parquet"));
        }
    }

    #[test]
    fn encrypted_and_empty_files_say_what_they_are() {
        let mut bytes = std::fs::read(fixture("notes-none.parquet")).unwrap();
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(b"PARE");
        let error = read_bytes(&Parquet::default(), &bytes).remove(0).unwrap_err();
        assert_eq!(error, "it is encrypted: Parquet files with an encrypted footer are not read");
        assert!(read_bytes(&Parquet::default(), b"PAR1").remove(0).unwrap_err().starts_with("not a Parquet file: "));
    }
}
