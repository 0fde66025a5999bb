//! Odd files, broken files, failing stages: each costs itself alone, and is in the ledger.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use docmill_tests::{Ran, RunFolder, docmill, run};
use serde_json::Value;

fn run_over(documents: &Path, out: &RunFolder, more: &[&str]) -> Ran {
    let mut command = docmill();
    command.arg("run").arg(documents).arg("-o").arg(out.path()).args(more);
    Ran::of(&mut command)
}

fn reason(out: &RunFolder, name: &str) -> String {
    let ledger = out.lines("ledger.jsonl");
    let entry = ledger.iter().find(|entry| entry["uri"].as_str().is_some_and(|uri| uri.ends_with(name)));
    let entry = entry.unwrap_or_else(|| panic!("{name} is not in the ledger: {ledger:#?}"));
    format!("{} {}", entry["outcome"].as_str().unwrap(), entry["reason"])
}

#[test]
fn files_that_must_fail_are_in_quarantine_with_the_reason() {
    let out = RunFolder::new();
    let ran = run_over(Path::new("fixtures/quarantine"), &out, &[]);
    assert_eq!(ran.code, 3);
    for (name, because) in [
        ("image.txt", "not text: it begins like a PNG image"),
        ("truncated-utf16.txt", "the character at byte 286 is cut off"),
        ("empty.txt", "it is empty"),
        ("blank.txt", "it is empty"),
        ("broken.jsonl#line=3", "line 3"),
    ] {
        let reason = reason(&out, name);
        assert!(reason.starts_with("quarantined") && reason.contains(because), "{name}: {reason}");
    }
    let written: Vec<Value> = out.lines("documents.jsonl");
    assert_eq!(written.iter().filter(|record| record["source"]["container"] == "quarantine/broken.jsonl").count(), 4);
    assert!(ran.stderr.contains("in quarantine") && ran.stderr.contains("image.txt"), "{}", ran.stderr);
}

#[test]
fn a_stage_that_panics_on_every_tenth_document_leaves_nine_tenths() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..50 {
        std::fs::write(folder.path().join(format!("{number:02}.txt")), format!("Document number {number} is short.\n"))
            .unwrap();
    }
    let pipeline = folder.path().join("p.yaml");
    std::fs::write(&pipeline, "version: 1\nstages: [ingest, test.panics]\noutput:\n  - jsonl: out/documents.jsonl\n")
        .unwrap();
    for (more, code) in [
        (&[][..], 3),
        (&["--allow-failures", "5"][..], 0),
        (&["--allow-failures", "10%"][..], 0),
        (&["--allow-failures", "9%"][..], 3),
    ] {
        let out = RunFolder::new();
        let mut command = Command::new(env!("CARGO_BIN_EXE_docmill-panics"));
        command
            .arg("run")
            .arg("-p")
            .arg(&pipeline)
            .arg(folder.path().join("*.txt"))
            .arg("-o")
            .arg(out.path())
            .args(more);
        let ran = Ran::of(&mut command);
        assert_eq!(ran.code, code, "{more:?}: {}", ran.stderr);
        assert_eq!(out.lines("documents.jsonl").len(), 45);
        let quarantine = out.lines("quarantine.jsonl");
        assert_eq!(quarantine.len(), 5);
        for entry in quarantine {
            assert_eq!(entry["stage"], "test.panics");
            assert!(entry["error"][0].as_str().unwrap().starts_with("the stage panicked: this is document"), "{entry}");
        }
        assert!(!ran.stderr.contains("RUST_BACKTRACE"), "the panic shows on the terminal: {}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn odd_names_links_and_special_files_are_read_or_in_the_ledger() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    std::fs::create_dir_all(docs.join("deep/er")).unwrap();
    let text = "A plain document with enough words to be read as one.\n";
    std::fs::write(docs.join("plain.txt"), text).unwrap();
    std::fs::write(docs.join("deep/er/below.txt"), text).unwrap();
    std::fs::write(docs.join(OsStr::from_bytes(b"not-utf8-\xff.txt")), text).unwrap();
    std::fs::write(docs.join("line\nend.txt"), text).unwrap();
    std::fs::write(docs.join("rows.csv#row=2"), text).unwrap();
    std::fs::write(docs.join("rows.csv"), "id,text\rR-1,old line ends\r").unwrap();
    symlink(docs.join("deep"), docs.join("deep/er/loop")).unwrap();
    symlink("nowhere.txt", docs.join("dangling.txt")).unwrap();
    assert!(Command::new("mkfifo").arg(docs.join("pipe.txt")).status().unwrap().success());
    let out = RunFolder::new();
    let ran = run_over(&docs, &out, &["--quiet"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    for name in [
        "docs/plain.txt",
        "docs/deep/er/below.txt",
        "docs/not-utf8-%FF.txt",
        "docs/line%0Aend.txt",
        "docs/rows.csv%23row=2",
        "docs/rows.csv#row=2",
    ] {
        assert_eq!(reason(&out, name), "written null", "{name}");
    }
    for name in ["docs/deep/er/loop", "docs/dangling.txt", "docs/pipe.txt"] {
        assert!(reason(&out, name).starts_with("quarantined"), "{name}: {}", reason(&out, name));
    }
}

#[test]
fn a_document_over_the_limit_is_in_quarantine_and_named_with_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("big.txt"), "many words ".repeat(1000)).unwrap();
    std::fs::write(folder.path().join("small.txt"), "A few words are fine.").unwrap();
    let pipeline = folder.path().join("p.yaml");
    std::fs::write(
        &pipeline,
        "version: 1\nlimits: { document: 5000 }\nstages: [ingest]\noutput:\n  - jsonl: out/documents.jsonl\n",
    )
    .unwrap();
    let out = RunFolder::new();
    let glob = folder.path().join("*.txt").to_string_lossy().into_owned();
    let ran = run(["run", "-p", &pipeline.to_string_lossy(), &glob, "-o", &out.path().to_string_lossy()]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        reason(&out, "big.txt").contains("11000 bytes is over limits.document = 5000 bytes"),
        "{}",
        reason(&out, "big.txt")
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let ran = run(["run".as_ref(), "fixtures/press".as_ref(), "-o".as_ref(), file.join("out").as_os_str()]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("cannot create") && ran.stderr.contains("file"), "{}", ran.stderr);
}

#[test]
fn a_run_over_nothing_is_refused_before_it_starts() {
    let ran = run(["run", "no/such/folder", "-o", "out"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("no/such/folder"), "{}", ran.stderr);
    let ran = run(["run"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("docmill run DOCS -o out"), "{}", ran.stderr);
}

#[test]
fn folders_of_one_name_are_both_read_and_a_file_named_twice_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    for (name, text) in
        [("a/docs/note.txt", "The first note is here."), ("b/docs/note.txt", "The second note is there.")]
    {
        std::fs::create_dir_all(Path::new(&path(name)).parent().unwrap()).unwrap();
        std::fs::write(path(name), text).unwrap();
    }
    let out = RunFolder::new();
    let ran =
        run(["run", &path("a/docs"), &path("b/docs"), &path("a/docs/note.txt"), "-o", &out.path().to_string_lossy()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let records = out.lines("documents.jsonl");
    let found: Vec<_> = records
        .iter()
        .map(|record| (record["source"]["uri"].as_str().unwrap(), record["text"].as_str().unwrap()))
        .collect();
    assert_eq!(found, [("docs/note.txt", "The first note is here."), ("docs/note.txt~2", "The second note is there.")]);
}

#[test]
fn a_run_does_not_read_what_it_wrote_among_its_documents() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("note.txt"), "The only note is here.").unwrap();
    let out = folder.path().join("out");
    let over = |out: &Path| {
        let ran = run(["run".as_ref(), folder.path().as_os_str(), "-o".as_ref(), out.as_os_str(), "--json".as_ref()]);
        let manifest: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
        (ran.code, manifest["counts"]["found"].as_u64(), ran.stderr)
    };
    for _ in 0..3 {
        assert_eq!(over(&out), (0, Some(1), String::new()));
    }
    // The documents' own folder can be the run folder.
    std::fs::remove_dir_all(&out).unwrap();
    for _ in 0..3 {
        assert_eq!(over(folder.path()), (0, Some(1), String::new()));
    }
}

#[test]
fn a_run_does_not_write_over_a_document_of_its_input() {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("documents.jsonl");
    let text = "{\"text\": \"This is a document of its own.\"}\n";
    std::fs::write(&document, text).unwrap();
    let ran = run(["run".as_ref(), folder.path().as_os_str(), "-o".as_ref(), folder.path().as_os_str()]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("documents.jsonl would replace a document of the input"), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(&document).unwrap(), text);
}

#[test]
fn a_run_does_not_write_over_its_pipeline() {
    let folder = tempfile::tempdir().unwrap();
    let pipeline = folder.path().join("p.yaml");
    let text =
        format!("version: 1\ninput: fixtures/press\nstages: [ingest]\noutput:\n  - jsonl: {}\n", pipeline.display());
    std::fs::write(&pipeline, &text).unwrap();
    let ran = run(["run".as_ref(), pipeline.as_os_str()]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("would replace the pipeline file"), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(&pipeline).unwrap(), text);
}

#[test]
fn a_second_run_into_a_folder_at_work_is_refused() {
    let out = RunFolder::new();
    let mut first =
        docmill().args(["run", "-", "--quiet", "-o"]).arg(out.path()).stdin(Stdio::piped()).spawn().unwrap();
    // The first run waits for its input, so that it is at work for as long as this end is open.
    while std::fs::read_dir(out.path()).map_or(0, Iterator::count) < 5 {
        std::thread::yield_now();
    }
    let second = run_over(Path::new("fixtures/press"), &out, &[]);
    assert_eq!(second.code, 1);
    assert!(second.stderr.contains("another run writes into"), "{}", second.stderr);
    first.stdin.take().unwrap().write_all(b"The first run has this text.").unwrap();
    assert!(first.wait().unwrap().success());
    assert_eq!(out.lines("documents.jsonl").len(), 1);
}

#[test]
fn a_run_that_cannot_name_all_its_files_does_not_begin() {
    let out = RunFolder::new();
    std::fs::create_dir_all(out.path().join("manifest.json")).unwrap();
    let ran = run_over(Path::new("fixtures/press"), &out, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("manifest.json: something other than a file is there"), "{}", ran.stderr);
    assert!(!out.path().join("documents.jsonl").exists());
}

#[test]
fn rules_that_feed_on_each_other_cost_a_document_not_the_run() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "a ".repeat(200_000)).unwrap();
    std::fs::write(folder.path().join("b.txt"), "b b b").unwrap();
    let pipeline = folder.path().join("p.yaml");
    let rule = format!("{{ pattern: a, with: {} }}", "a".repeat(30));
    let text = format!(
        "version: 1\nstages:\n  - ingest\n  - normalize.replace: {{ rules: [{rule}, {rule}, {rule}] }}\noutput:\n  - jsonl: out/d.jsonl\n"
    );
    std::fs::write(&pipeline, text).unwrap();
    let out = RunFolder::new();
    let glob = folder.path().join("*.txt").to_string_lossy().into_owned();
    let ran = run(["run", "-p", &pipeline.to_string_lossy(), &glob, "-o", &out.path().to_string_lossy()]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(reason(&out, "a.txt").contains("which is over"), "{}", reason(&out, "a.txt"));
    assert_eq!(reason(&out, "b.txt"), "written null");
}
