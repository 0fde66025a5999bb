//! PDF files through the binary: what hostile ones cost, and what becomes of scans.
//!
//! `cargo test -p docmill-tests --features pdf --test pdf`

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::io::Write as _;
use std::path::Path;

use docmill_tests::{Ran, RunFolder, docmill, fixture};
use flate2::Compression;
use flate2::write::ZlibEncoder;

/// A folder with a pipeline over its documents.
fn case(options: &str, limits: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("docs")).unwrap();
    let text = format!(
        "version: 1\ninput: [docs]\nlimits: {{ {limits} }}\nstages:\n  - ingest.pdf: {{ {options} }}\n\
         output:\n  - jsonl: documents.jsonl\n"
    );
    std::fs::write(folder.path().join("p.yaml"), text).unwrap();
    folder
}

fn run(folder: &Path, path: &str, out: &RunFolder) -> Ran {
    let mut command = docmill();
    command.current_dir(folder).env("DOCMILL_CACHE", folder.join("cache")).env("PATH", path);
    Ran::of(command.args(["run", "p.yaml", "--quiet", "-o"]).arg(out.path()))
}

fn path() -> String {
    std::env::var("PATH").unwrap()
}

/// So many bytes of a pattern, packed.
fn packed(pattern: &[u8], length: usize) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let block = pattern.repeat((1 << 20) / pattern.len());
    for _ in 0..length >> 20 {
        packed.write_all(&block).unwrap();
    }
    packed.finish().unwrap()
}

/// A file whose pages share a content: objects from 4 on are its own.
fn file(pages: usize, objects: &[(&str, &[u8])]) -> Vec<u8> {
    let kids = "3 0 R ".repeat(pages);
    let mut file = b"%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n".to_vec();
    let tree = format!("2 0 obj\n<< /Type /Pages /Kids [{kids}] /Count {pages} >>\nendobj\n");
    file.extend_from_slice(tree.as_bytes());
    file.extend_from_slice(
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R /Resources << >> >>\nendobj\n",
    );
    for (number, (dictionary, data)) in objects.iter().enumerate() {
        let head = format!("{} 0 obj\n<< {dictionary} /Length {} >>\nstream\n", number + 4, data.len());
        file.extend_from_slice(head.as_bytes());
        file.extend_from_slice(data);
        file.extend_from_slice(b"\nendstream\nendobj\n");
    }
    file.extend_from_slice(b"trailer\n<< /Root 1 0 R >>\n%%EOF\n");
    file
}

#[test]
fn a_hostile_file_costs_itself() {
    let folder = case("", "memory: 300MiB, time: 10s");
    let docs = folder.path().join("docs");
    let flate = "/Filter /FlateDecode";
    let bomb = packed(b"0 0 m ", 2 << 30);
    let twice = {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&bomb).unwrap();
        packed.finish().unwrap()
    };
    let slow = packed(b"q Q ", 64 << 20);
    let objects = packed(b"9 0 ", 2 << 30);
    for (name, file) in [
        ("bomb.pdf", file(1, &[(flate, &bomb)])),
        ("twice.pdf", file(1, &[("/Filter [/FlateDecode /FlateDecode]", &twice)])),
        ("slow.pdf", file(5_000, &[(flate, &slow)])),
        (
            "objects.pdf",
            file(1, &[("", b"BT ET"), ("/Type /ObjStm /N 500000000 /First 100 /Filter /FlateDecode", &objects)]),
        ),
        ("image.pdf", file(1, &[("", b"BI /W 2000000000 /H 2000000000 /BPC 8 /CS /G ID xx EI")])),
    ] {
        std::fs::write(docs.join(name), file).unwrap();
    }
    std::fs::copy(fixture("formats/report.pdf"), docs.join("report.pdf")).unwrap();
    let out = RunFolder::new();
    let ran = run(folder.path(), &path(), &out);
    assert_eq!(out.lines("documents.jsonl").len(), 1, "{ran:?}");
    let quarantine = out.text("quarantine.jsonl");
    let told = |name: &str, why: &str| {
        let line = quarantine.lines().find(|line| line.contains(name)).unwrap_or_default();
        assert!(line.contains(why), "{name}: {line}");
    };
    told("bomb.pdf", "took more than limits.memory = 300MiB");
    told("twice.pdf", "took more than limits.memory = 300MiB");
    // Fast machines come to the end of what has no text, slow ones to that of the time.
    told("slow.pdf", "error");
    assert_eq!(quarantine.lines().count(), 5, "{quarantine}");
}

#[test]
fn a_scan_is_read_again_once_the_program_is_there() {
    let folder = case("ocr: auto", "");
    std::fs::copy(fixture("formats/scanned.pdf"), folder.path().join("docs/scanned.pdf")).unwrap();
    std::fs::copy(fixture("formats/scan.pdf"), folder.path().join("docs/scan.pdf")).unwrap();
    let out = RunFolder::new();
    let ran = run(folder.path(), "/nowhere", &out);
    let records = out.text("documents.jsonl");
    assert!(records.contains("no text layer, but pictures, on page 2: install tesseract"), "{ran:?} {records}");
    assert!(out.text("quarantine.jsonl").contains("did not find"), "{}", out.text("quarantine.jsonl"));
    let ran = run(folder.path(), &path(), &out);
    let records = out.text("documents.jsonl");
    assert!(records.contains("the text of page 2 was recognized by OCR"), "{ran:?} {records}");
    assert_eq!(out.lines("documents.jsonl").len(), 2);
    // What was recognized is kept.
    run(folder.path(), &path(), &out);
    assert_eq!(out.text("documents.jsonl"), records);
    assert_eq!(out.json("manifest.json")["cache"]["reused"], 2, "{}", out.json("manifest.json"));
}
