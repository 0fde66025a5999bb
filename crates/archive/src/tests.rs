//! Archives made here, whole and broken, and what comes out of them.

use std::io::{Cursor, Read, Write};
use std::ops::ControlFlow;

use docmill_core::{Container, Context, Hint, Limits, Opened, Part, RawSource, ReadError, Reader, Stream};
use proptest::prelude::*;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::{Compressed, SevenZip, Tar, Warc, Zip};

/// What a container hands on: the URI of each part, with its bytes or its error.
type Found = Vec<(String, Result<Vec<u8>, String>)>;

fn readers() -> Vec<Box<dyn Reader>> {
    vec![
        Box::new(Zip::default()),
        Box::new(Tar::default()),
        Box::new(SevenZip::default()),
        Box::new(Compressed::default()),
        Box::new(Warc::default()),
    ]
}

/// Splits bytes by the reader that recognizes them; `None` where none does.
fn split(uri: &str, bytes: &[u8]) -> Option<(Found, Result<(), ReadError>)> {
    let hint = Hint::new(uri, &bytes[..bytes.len().min(4096)]);
    let readers = readers();
    let (reader, media_type) = readers.iter().find_map(|reader| Some((reader, reader.recognizes(&hint)?)))?;
    let whole = RawSource::new(uri, media_type, Vec::new());
    let mut opened = Opened::stream(Cursor::new(bytes.to_vec()));
    let mut stream = Stream::opened(Vec::new(), &mut opened);
    let mut found = Vec::new();
    let mut part = |part: Part<'_>| {
        found.push(match part {
            Part::Source(source) => (source.uri, Ok(source.bytes)),
            Part::Failed { source, error } => (source.uri, Err(error.to_string())),
            Part::Member(member) => {
                let mut bytes = Vec::new();
                let read = member.read.take(1 << 20).read_to_end(&mut bytes);
                (member.source.uri, read.map(|_| bytes).map_err(|error| ReadError::from(error).to_string()))
            }
        });
        ControlFlow::Continue(())
    };
    let container: &dyn Container = reader.container()?;
    let cx = Context::new(Limits::default());
    let ended = container.split(&mut stream, &whole, &cx, &mut part);
    Some((found, ended))
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/formats").join(name)).unwrap()
}

#[test]
fn members_are_named_by_their_paths_and_hidden_ones_are_left_out() {
    let members: &[(&str, &[u8])] =
        &[("b/c.txt", b"one"), ("__MACOSX/._c.txt", b"no"), (".DS_Store", b"no"), ("d.txt", b"two")];
    let expected = |container: &str| {
        vec![
            (format!("{container}!/b/c.txt"), Ok(b"one".to_vec())),
            (format!("{container}!/d.txt"), Ok(b"two".to_vec())),
        ]
    };
    assert_eq!(split("a.zip", &zipped(members)).unwrap().0, expected("a.zip"));
    assert_eq!(split("a.tar", &tarred(members)).unwrap().0, expected("a.tar"));
}

#[test]
fn a_path_leads_nowhere() {
    let (found, _) =
        split("a.zip", &zipped(&[("../../etc/passwd", b"x"), ("/abs\\olute", b"y"), ("a#b%\u{1b}", b"z")])).unwrap();
    let uris: Vec<_> = found.iter().map(|(uri, _)| uri.as_str()).collect();
    assert_eq!(uris, ["a.zip!/%2E%2E/%2E%2E/etc/passwd", "a.zip!/abs/olute", "a.zip!/a%23b%25%1B"]);
}

#[test]
fn what_is_compressed_is_one_file_without_the_ending() {
    let bytes = [gzipped(b"one "), gzipped(b"two")].concat();
    assert_eq!(split("x/a.txt.gz", &bytes).unwrap().0, [("x/a.txt.gz!/a.txt".to_owned(), Ok(b"one two".to_vec()))]);
    assert_eq!(split("a.tgz", &gzipped(b"")).unwrap().0[0].0, "a.tgz!/a.tar");
    for name in ["note.txt.gz", "note.txt.bz2", "note.txt.zst"] {
        let (found, ended) = split(name, &fixture(name)).unwrap();
        assert!(ended.is_ok());
        assert!(found[0].1.as_ref().unwrap().starts_with(b"Lock Gates at Ellmouth\n"), "{name}");
    }
    let tar = split("yard.tar.xz", &fixture("yard.tar.xz")).unwrap().0.remove(0).1.unwrap();
    assert_eq!(tar, fixture("yard.tar"));
}

#[test]
fn a_7z_archive_gives_its_files() {
    let (found, ended) = split("yard.7z", &fixture("yard.7z")).unwrap();
    assert!(ended.is_ok());
    let uris: Vec<_> = found.iter().map(|(uri, bytes)| (uri.as_str(), bytes.as_ref().unwrap().len())).collect();
    assert_eq!(uris, [("yard.7z!/yard/note.txt", 192), ("yard.7z!/yard/gates.csv", 76)]);
}

#[test]
fn pages_of_a_web_archive_come_out_of_their_chunks_and_compression() {
    let warc = split("ferry.warc.gz", &fixture("ferry.warc.gz")).unwrap().0.remove(0).1.unwrap();
    let (found, ended) = split("ferry.warc", &warc).unwrap();
    assert!(ended.is_ok());
    let begins: Vec<_> = found
        .iter()
        .map(|(uri, bytes)| (uri.as_str(), String::from_utf8_lossy(&bytes.as_ref().unwrap()[..15]).into_owned()))
        .collect();
    let html = "<!DOCTYPE html>".to_owned();
    let note = "Lock Gates at E".to_owned();
    assert_eq!(
        begins,
        [
            ("ferry.warc#record=1", html.clone()),
            ("ferry.warc#record=2", html),
            ("ferry.warc#record=3", note.clone()),
            ("ferry.warc#record=5", note),
        ]
    );
    assert_eq!(found[0].1, found[1].1);
}

#[test]
fn an_office_document_that_did_not_look_like_one_is_handed_on_whole() {
    let bytes = zipped(&[
        ("first.bin", &[7; 5000]),
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<w:document/>"),
    ]);
    let (found, _) = split("a.docx", &bytes).unwrap();
    assert_eq!(found, [("a.docx".to_owned(), Ok(bytes))]);
}

#[test]
fn what_is_broken_is_said_to_be() {
    let broken = |uri: &str, bytes: &[u8]| match split(uri, bytes).unwrap() {
        (_, Err(error)) => error.to_string(),
        (found, Ok(())) => found.into_iter().find_map(|(_, part)| part.err()).unwrap(),
    };
    let zip = zipped(&[("a.txt", b"one")]);
    assert!(broken("a.zip", &zip[..zip.len() - 30]).starts_with("not a ZIP archive: "));
    let tar = tarred(&[("a.txt", &[b'x'; 2000])]);
    assert_eq!(broken("a.tar", &tar[..1500]), "not a tape archive: it ends too early");
    // What is cut off is never taken for the whole.
    assert!(split("a.tar", &tar[..1500]).unwrap().0[0].1.is_err());
    let gz = gzipped(&[b'x'; 2000]);
    assert_eq!(broken("a.gz", &gz[..gz.len() - 9]), "not application/gzip: it ends too early");
    let warc = b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 100\r\n\r\nshort";
    assert_eq!(broken("a.warc", warc), "not a web archive: it ends too early");
}

#[test]
fn archives_cut_anywhere_end_in_errors_or_documents() {
    let tar = tarred(&[("a.txt", &[b'x'; 700])]);
    let samples = [
        ("a.zip", zipped(&[("a.txt", b"one"), ("b.txt", &[b'x'; 3000])])),
        ("a.tar", tar.clone()),
        ("a.tgz", gzipped(&tar)),
        ("yard.7z", fixture("yard.7z")),
        ("yard.tar.xz", fixture("yard.tar.xz")),
        ("note.txt.bz2", fixture("note.txt.bz2")),
        ("note.txt.zst", fixture("note.txt.zst")),
        ("ferry.warc.gz", fixture("ferry.warc.gz")),
    ];
    for (uri, bytes) in &samples {
        for length in (0..bytes.len()).step_by(1 + bytes.len() / 500) {
            let _ = split(uri, &bytes[..length]);
        }
    }
    let warc = split("ferry.warc.gz", &fixture("ferry.warc.gz")).unwrap().0.remove(0).1.unwrap();
    for length in 0..warc.len() {
        let _ = split("ferry.warc", &warc[..length]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::default())]
    #[test]
    fn archives_with_wrong_bytes_end_in_errors_or_documents(
        which in 0usize..6,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let names = ["yard.zip", "yard.tar", "yard.7z", "yard.tar.xz", "note.txt.zst", "ferry.warc.gz"];
        let mut bytes = fixture(names[which]);
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        let _ = split(names[which], &bytes);
    }
}
