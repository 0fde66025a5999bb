//! What a document does to an isolated part costs that document, and nothing else.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use docmill_tests::{Ran, RunFolder, root};
use serde_json::Value;

fn docmill() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docmill-hostile"));
    command.current_dir(root()).env_remove("DOCMILL_LOG").env("NO_COLOR", "1").env("DOCMILL_CACHE", "off");
    command
}

/// Orders, and twenty documents that ask for nothing, in a folder of their own.
fn documents(orders: &[&str], extension: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    std::fs::create_dir(&docs).unwrap();
    for (number, order) in orders.iter().enumerate() {
        let text = format!("{order} comes first in this document, and nothing else is wrong with it.");
        std::fs::write(docs.join(format!("{number}-{}.{extension}", order.to_lowercase())), text).unwrap();
    }
    for number in 0..20 {
        let text = format!("Document {number} asks for nothing and is to be written.");
        std::fs::write(docs.join(format!("plain{number:02}.{extension}")), text).unwrap();
    }
    folder
}

/// A pipeline over the documents in `folder`.
fn pipeline(folder: &Path, stages: &str, limits: &str) -> PathBuf {
    let path = folder.join("hostile.yaml");
    let docs = folder.join("docs");
    let text = format!(
        "version: 1\nname: hostile\ninput: [{}]\nstages:\n{stages}\nlimits: {{ {limits} }}\n\
         output:\n  - jsonl: documents.jsonl\n",
        docs.display()
    );
    std::fs::write(&path, text).unwrap();
    path
}

fn run(pipeline: &Path, out: &RunFolder, more: &[&str]) -> Ran {
    Ran::of(docmill().arg("run").arg(pipeline).args(["--quiet", "-o"]).arg(out.path()).args(more))
}

/// The names of the documents in quarantine, and their errors.
fn errors(out: &RunFolder) -> Vec<(String, String)> {
    let of = |line: &Value| {
        let name = line["uri"].as_str().unwrap().rsplit('/').next().unwrap().split('.').next().unwrap().to_owned();
        let chain = line["error"].as_array().unwrap().iter().map(|part| part.as_str().unwrap());
        (name, chain.collect::<Vec<_>>().join(": "))
    };
    out.lines("quarantine.jsonl").iter().map(of).collect()
}

/// Whether a process that has this text in its command line is there.
fn is_running(text: &str) -> bool {
    std::fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).replace('\0', " ").contains(text)
    })
}

/// The processes that a process has started and that are its children still.
fn children(of: u32) -> Vec<String> {
    let tasks = std::fs::read_dir(format!("/proc/{of}/task")).into_iter().flatten().flatten();
    let children = tasks.map(|task| std::fs::read_to_string(task.path().join("children")).unwrap_or_default());
    children.flat_map(|ids| ids.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// What each order must be told as.
const TOLD: [(&str, &str); 7] = [
    ("OVERFLOW", "overflowed its stack of 16MiB"),
    ("ABORT", "its worker was ended by signal 6 (abort)"),
    ("EXIT", "its worker ended with status 7"),
    ("PANIC", "the stage panicked: this document asked for it"),
    ("FAIL", "this document asked for it"),
    ("FOREVER", "took longer than limits.time = 5s"),
    ("ALLOCATE", "took more than limits.memory = 256MiB"),
];

#[test]
fn an_isolated_stage_loses_no_document_but_the_one_that_ended_it() {
    let folder = documents(&TOLD.map(|(order, _)| order), "txt");
    let isolated = "  - ingest.text\n  - test.obeys:\n    isolate: true";
    let pipeline = pipeline(folder.path(), isolated, "memory: 256MiB, time: 5s");
    let mut earlier = None;
    for workers in ["1", "4"] {
        let out = RunFolder::new();
        let ran = run(&pipeline, &out, &["--workers", workers]);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        let errors = errors(&out);
        assert_eq!(errors.len(), TOLD.len(), "{errors:#?}");
        for ((order, told), (name, error)) in TOLD.iter().zip(&errors) {
            assert!(name.ends_with(&order.to_lowercase()) && error.contains(told), "{order}: {name}: {error}");
        }
        assert_eq!(out.json("manifest.json")["counts"]["written"], 20);
        let files = out.files();
        assert!(earlier.get_or_insert_with(|| files.clone()) == &files, "the number of workers shows");
    }
}

#[test]
fn an_isolated_reader_loses_no_document_but_the_one_that_ended_it() {
    let folder = documents(&["OVERFLOW", "ABORT", "FOREVER", "ALLOCATE", "FAIL"], "bin");
    // It is isolated of itself.
    let pipeline = pipeline(folder.path(), "  - test.binary", "memory: 256MiB, time: 5s");
    let out = RunFolder::new();
    let ran = run(&pipeline, &out, &[]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let errors = errors(&out);
    let told = ["overflowed its stack", "signal 6", "limits.time = 5s", "limits.memory = 256MiB", "not an order"];
    assert_eq!(errors.len(), told.len(), "{errors:#?}");
    for (told, (name, error)) in told.iter().zip(&errors) {
        assert!(error.contains(told), "{name}: {error}");
    }
    assert_eq!(out.json("manifest.json")["counts"]["written"], 20);
}

#[test]
fn a_timeout_of_a_stage_ends_its_worker() {
    let folder = documents(&["FOREVER"], "txt");
    let stages = "  - ingest.text\n  - test.obeys:\n    isolate: true\n    timeout: 300ms\n    on_error: skip";
    let pipeline = pipeline(folder.path(), stages, "time: 60s");
    let out = RunFolder::new();
    assert_eq!(run(&pipeline, &out, &[]).code, 0);
    let records = out.lines("documents.jsonl");
    let warnings: Vec<_> = records.iter().filter_map(|record| record["warnings"][0].as_str()).collect();
    assert_eq!(warnings, ["test.obeys was skipped: took longer than timeout = 300ms"]);
}

#[test]
fn what_a_part_prints_and_starts_harms_nothing() {
    let folder = documents(&["PRINT", "SPAWN"], "txt");
    let pipeline = pipeline(folder.path(), "  - ingest.text\n  - test.obeys:\n    isolate: true", "time: 20s");
    let out = RunFolder::new();
    let ran = run(&pipeline, &out, &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert_eq!(out.json("manifest.json")["counts"]["written"], 22);
    assert!(!is_running("sleep 1000"), "what a worker started ends with it");
}

#[test]
fn the_same_bytes_come_with_isolation_and_without() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("isolated.yaml");
    let of = |isolate: bool| {
        let readers = ["ingest.html", "ingest.csv", "ingest.jsonl", "ingest.markdown", "ingest.text"];
        let stages =
            ["normalize.unicode", "tag.language", "tag.entities", "tag.money", "filter.words", "tag.keyphrases"];
        let parts = readers.iter().chain(&stages).chain(&["summarize.extractive"]);
        let parts: Vec<_> = parts.map(|part| format!("  - {part}:\n    isolate: {isolate}\n")).collect();
        let parts = parts.concat();
        let text = format!(
            "version: 1\nname: isolated\ninput: [{}]\nstages:\n{parts}output:\n  - jsonl: documents.jsonl\n  - csv: tags.csv\n",
            root().join("fixtures").display()
        );
        std::fs::write(&path, text).unwrap();
        let (out, cache) = (RunFolder::new(), tempfile::tempdir().unwrap());
        let arguments = ["--cache", cache.path().to_str().unwrap()];
        let first = run(&path, &out, &arguments);
        assert!(matches!(first.code, 0 | 3), "{}", first.stderr);
        let files = out.files();
        run(&path, &out, &arguments);
        assert_eq!(files, out.files(), "from the cache");
        files
    };
    assert!(of(true) == of(false), "isolation changes what comes out");
}

#[test]
fn workers_end_with_a_run_that_is_killed() {
    let folder = documents(&["FOREVER"], "txt");
    let pipeline = pipeline(folder.path(), "  - ingest.text\n  - test.obeys:\n    isolate: true", "time: 600s");
    let out = RunFolder::new();
    let mut child = docmill();
    child.arg("run").arg(&pipeline).args(["--quiet", "-o"]).arg(out.path()).stderr(Stdio::null());
    let mut child = child.spawn().unwrap();
    let ids = loop {
        let ids = children(child.id());
        if !ids.is_empty() {
            break ids;
        }
        assert!(child.try_wait().unwrap().is_none(), "the run ended by itself");
        std::thread::yield_now();
    };
    child.kill().unwrap();
    child.wait().unwrap();
    let gone = |id: &String| {
        let status = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        status.is_empty() || status.contains(") Z ")
    };
    // The system ends them; how soon is its affair.
    for _ in 0..2000 {
        if ids.iter().all(gone) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("workers {ids:?} outlive their run");
}

#[test]
fn the_limit_of_memory_holds_for_the_allocator_of_docmill_too() {
    let folder = documents(&[], "txt");
    // With room for the models of names, and a text whose names are more than that.
    let words: String = (0..1_200_000).fold(String::new(), |text, number| text + "Word" + &number.to_string() + " ");
    std::fs::write(folder.path().join("docs/large.txt"), words).unwrap();
    let stages = "  - ingest.text\n  - tag.entities:\n    isolate: true";
    let pipeline = pipeline(folder.path(), stages, "memory: 96MiB");
    let out = RunFolder::new();
    let mut command = docmill_tests::docmill();
    command.arg("run").arg(&pipeline).args(["--quiet", "-o"]).arg(out.path());
    assert_eq!(Ran::of(&mut command).code, 3);
    assert_eq!(errors(&out), [("large".to_owned(), "took more than limits.memory = 96MiB".to_owned())]);
    assert_eq!(out.json("manifest.json")["counts"]["written"], 20);
}

#[test]
fn what_cannot_be_isolated_is_refused_with_its_place() {
    let folder = documents(&[], "txt");
    let stages = "  - ingest\n  - dedup.exact:\n    isolate: true\n  - tag.language:\n    isolate: perhaps";
    let pipeline = pipeline(folder.path(), stages, "time: 20, memory: lots");
    let ran = Ran::of(docmill().arg("check").arg(&pipeline));
    assert_eq!(ran.code, 2);
    let expected = [
        "`dedup.exact` cannot be isolated",
        "hostile.yaml:7:5",
        "hostile.yaml:9:14",
        "with its unit",
        "such as `512MiB`",
    ];
    for expected in expected {
        assert!(ran.stderr.contains(expected), "{expected} is not in\n{}", ran.stderr);
    }
}
