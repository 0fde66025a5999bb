//! Archives, attachments and web archives, from the file to the records; and those that are made to do harm.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::io::{Cursor, Write};
use std::path::Path;

use docmill_tests::{Ran, RunFolder, docmill, root, run};
use serde_json::Value;
use zip::write::{SimpleFileOptions, ZipWriter};

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Runs over one input; gives the exit code's run, its records and its ledger.
fn ran(input: &Path, more: &[&str]) -> (Ran, RunFolder) {
    let out = RunFolder::new();
    let mut command = docmill();
    command.arg("run").arg(input).arg("-o").arg(out.path()).args(["--no-cache", "--quiet"]).args(more);
    (Ran::of(&mut command), out)
}

fn uris(lines: &[Value], key: &str) -> Vec<String> {
    lines.iter().map(|line| line.pointer(key).unwrap().as_str().unwrap().to_owned()).collect()
}

const NOTE: &[u8] =
    b"Lock Gates at Ellmouth\n\nThe two lock gates were hung again on May 4, 2019, after eleven weeks.\n";

#[test]
fn each_file_of_an_archive_is_a_record_and_one_in_another_too() {
    let (ran, out) = ran(&root().join("fixtures/formats/yard.zip"), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let records = out.lines("documents.jsonl");
    assert_eq!(
        uris(&records, "/source/uri"),
        [
            "yard.zip!/yard/note.txt",
            "yard.zip!/yard/gates.csv#row=2",
            "yard.zip!/yard/gates.csv#row=3",
            "yard.zip!/page.html",
            "yard.zip!/older.zip!/deep/note.txt",
        ]
    );
    assert_eq!(records[4]["source"]["container"], "yard.zip!/older.zip");
    assert_eq!(records[0]["source"]["container"], "yard.zip");
    let dropped: Vec<_> = out.lines("ledger.jsonl").into_iter().filter(|line| line["outcome"] == "dropped").collect();
    assert_eq!(uris(&dropped, "/uri"), ["yard.zip!/picture.png"]);
    assert_eq!(dropped[0]["reason"]["measured"], "image/png");
    // A place is one of the file in the archive.
    let date = records[0]["annotations"].as_array().unwrap().iter().find(|found| found["kind"] == "date").unwrap();
    assert_eq!((&date["source"]["line"], &date["text"]), (&Value::from(3), &Value::from("May 4, 2019")));
}

#[test]
fn the_same_files_come_out_of_every_kind_of_archive() {
    let texts = |name: &str| {
        let (ran, out) = ran(&root().join("fixtures/formats").join(name), &[]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
        let texts = uris(&out.lines("documents.jsonl"), "/text");
        assert_eq!(texts.len(), 3, "{name}");
        texts
    };
    let expected = texts("yard.tar");
    for name in ["yard.tgz", "yard.tar.xz", "yard.7z"] {
        assert_eq!(texts(name), expected, "{name}");
    }
}

#[test]
fn pages_of_a_web_archive_know_their_address() {
    let (ran, out) = ran(&root().join("fixtures/formats/ferry.warc.gz"), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let records = out.lines("documents.jsonl");
    assert_eq!(records.len(), 4);
    let page = &records[0];
    assert_eq!(page["source"]["media_type"], "text/html");
    assert_eq!(page["meta"]["url"], "https://ferry.example/times");
    assert_eq!(
        (&page["meta"]["status"], &page["meta"]["captured"]),
        (&Value::from(200), &Value::from("2019-05-06T07:08:10Z"))
    );
    assert_eq!(page["text"], records[1]["text"]);
}

#[test]
fn files_that_messages_carry_are_records() {
    let folder = tempfile::tempdir().unwrap();
    let message = "From: Ada <ada@mill.example>\nTo: Ben <ben@mill.example>\nSubject: Tides\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThe tables are attached, with a picture.\n\
        --b\nContent-Type: text/csv; name=tides.csv\nContent-Disposition: attachment; filename=tides.csv\nContent-Transfer-Encoding: base64\n\n\
        ZGF5LGhlaWdodAptb25kYXksZm91ciBhbmQgYSBoYWxmIG1ldHJlcwo=\n\
        --b\nContent-Type: image/png; name=x.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgoAAAANSUhEUg==\n--b--\n";
    std::fs::write(folder.path().join("tides.eml"), message).unwrap();
    std::fs::write(
        folder.path().join("box.mbox"),
        format!("From ada@mill.example Mon May  6 07:08:10 2019\n{message}"),
    )
    .unwrap();
    let (ran, out) = ran(folder.path(), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let name = folder.path().file_name().unwrap().to_string_lossy().into_owned();
    let found: Vec<_> =
        uris(&out.lines("documents.jsonl"), "/source/uri").iter().map(|uri| uri.replace(&name, "mail")).collect();
    assert_eq!(
        found,
        [
            "mail/box.mbox#message=1",
            "mail/box.mbox#message=1!/tides.csv#row=2",
            "mail/tides.eml",
            "mail/tides.eml!/tides.csv#row=2",
        ]
    );
}

#[test]
fn archives_that_expand_without_end_are_ended() {
    let folder = tempfile::tempdir().unwrap();
    let lines = vec![b'\n'; 66 << 20];
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&lines).unwrap();
    std::fs::write(folder.path().join("blank.jsonl.gz"), encoder.finish().unwrap()).unwrap();
    let mut nested = zipped(&[("note.txt", NOTE)]);
    for _ in 0..12 {
        nested = zipped(&[("inner.zip", &nested)]);
    }
    std::fs::write(folder.path().join("deep.zip"), nested).unwrap();
    let (ran, out) = ran(folder.path(), &[]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let errors: Vec<String> = out.lines("quarantine.jsonl").iter().map(|line| line["error"].to_string()).collect();
    assert!(errors[0].contains("over limits.ratio = 250"), "{errors:?}");
    assert!(errors[1].contains("a container in 9 containers is over limits.nesting = 8"), "{errors:?}");
    assert_eq!(errors.len(), 2);
}

#[test]
fn no_more_files_are_taken_than_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..9).map(|number| format!("{number}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), NOTE)).collect();
    std::fs::write(folder.path().join("many.zip"), zipped(&members)).unwrap();
    let input = folder.path().join("many.zip").display().to_string();
    let pipeline = format!(
        "version: 1\nname: few\ninput: [{input:?}]\nlimits: {{ members: 4 }}\nstages: [ingest]\noutput: [{{ jsonl: documents.jsonl }}]\n"
    );
    std::fs::write(folder.path().join("few.yaml"), pipeline).unwrap();
    let (ran, out) = ran(&folder.path().join("few.yaml"), &[]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(out.lines("documents.jsonl").len(), 4);
    let failed = out.lines("quarantine.jsonl");
    assert_eq!(failed.len(), 1);
    assert_eq!(
        (&failed[0]["uri"], &failed[0]["error"][0]),
        (&"many.zip".into(), &"the number of files in it is over limits.members = 4".into())
    );
}

#[test]
fn members_of_one_name_are_told_of_and_paths_stay_below() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = zipped(&[("../../a.txt", NOTE), ("b.txt", NOTE), ("c.txt", NOTE)]);
    // The third gets the name of the second, in its own head and in the table at the end.
    while let Some(at) = bytes.windows(5).position(|name| name == b"c.txt") {
        bytes[at] = b'b';
    }
    std::fs::write(folder.path().join("a.zip"), bytes).unwrap();
    let (zip, out) = ran(&folder.path().join("a.zip"), &[]);
    assert_eq!(zip.code, 3, "{}", zip.stderr);
    assert_eq!(uris(&out.lines("documents.jsonl"), "/source/uri"), ["a.zip!/%2E%2E/%2E%2E/a.txt", "a.zip!/b.txt"]);
    let error = &out.lines("quarantine.jsonl")[0]["error"][0];
    assert_eq!(error, "not a ZIP archive: several files of one name, of each of which the last was read");

    let mut builder = tar::Builder::new(Vec::new());
    for _ in 0..2 {
        let mut header = tar::Header::new_gnu();
        header.set_size(NOTE.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, "b.txt", NOTE).unwrap();
    }
    std::fs::write(folder.path().join("b.tar"), builder.into_inner().unwrap()).unwrap();
    let (tape, out) = ran(&folder.path().join("b.tar"), &[]);
    assert_eq!(tape.code, 0, "{}", tape.stderr);
    assert_eq!(uris(&out.lines("documents.jsonl"), "/source/uri"), ["b.tar!/b.txt", "b.tar!/b.txt~2"]);
}

#[test]
fn a_name_that_promises_another_format_is_noted() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("note.zip"), NOTE).unwrap();
    std::fs::write(folder.path().join("pack.txt"), zipped(&[("note.txt", NOTE)])).unwrap();
    std::fs::write(folder.path().join("picture"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap();
    std::fs::write(folder.path().join("core.pdf"), b"\x7fELF\x02\x01\x01\0\0\0\0\0").unwrap();
    let (ran, out) = ran(folder.path(), &[]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let records = out.lines("documents.jsonl");
    assert_eq!(records[0]["warnings"][0], "its name promises application/zip, and it is text/plain");
    assert_eq!(records[1]["source"]["container"].as_str().unwrap().rsplit('/').next(), Some("pack.txt"));
    let ledger = out.lines("ledger.jsonl");
    let of = |name: &str| ledger.iter().find(|line| line["uri"].as_str().unwrap().ends_with(name)).unwrap();
    assert_eq!(
        (&of("/picture")["outcome"], &of("/picture")["reason"]["measured"]),
        (&"dropped".into(), &"image/png".into())
    );
    assert_eq!(of("/core.pdf")["outcome"], "quarantined");
}

#[test]
fn a_second_run_takes_the_files_of_an_archive_from_the_cache() {
    let (cache, out) = (tempfile::tempdir().unwrap(), RunFolder::new());
    let once = || {
        let arguments = ["run", "fixtures/formats/yard.zip", "--quiet", "--cache"];
        let ran = run(arguments.iter().map(Into::into).chain([
            cache.path().as_os_str().to_owned(),
            "-o".into(),
            out.path().into_os_string(),
        ]));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        (out.text("documents.jsonl"), out.json("manifest.json")["cache"]["reused"].clone())
    };
    let (first, second) = (once(), once());
    assert_eq!(first.0, second.0);
    assert_eq!((&first.1, &second.1), (&Value::from(0), &Value::from(5)));
}
