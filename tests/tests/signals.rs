//! A run that gets a signal stops soon, whatever it is at, says how far it came, and leaves nothing half done.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use docmill_tests::{Ran, RunFolder, docmill, outputs, wait_for};

/// A run over `documents` and over standard input, which it waits for.
fn start(documents: &[&Path], out: &RunFolder, more: &[&str]) -> Child {
    docmill()
        .arg("run")
        .args(documents)
        .args(["--quiet", "-o"])
        .arg(out.path())
        .args(more)
        .env("DOCMILL_LOG", "docmill_engine=debug")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The run is at work once its temporary files are there.
fn wait_for_work(folder: &Path) {
    wait_for("temporary files", || std::fs::read_dir(folder).map_or(0, Iterator::count) >= 5);
}

/// Waits until the run has said so of `count` documents that a worker is through with them.
fn wait_for_documents(said: &mut BufReader<ChildStderr>, count: usize) {
    let closed = said.lines().map(Result::unwrap).filter(|line| line.contains("document{") && line.contains("close"));
    assert_eq!(closed.take(count).count(), count, "the run ended early");
}

fn send(signal: &str, run: &Child) {
    assert!(Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap().success());
}

/// Sends the signal, and gives what was said on standard error after it.
fn stopped(mut run: Child, mut said: BufReader<ChildStderr>, signal: &str) -> String {
    let began = Instant::now();
    send(signal, &run);
    // Standard input stays open: the run has to end by itself.
    let status = loop {
        match run.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    // Two seconds on a machine that has nothing else to do.
    assert!(began.elapsed() < Duration::from_secs(20), "it took {:?}", began.elapsed());
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(status.code(), Some(130), "{rest}");
    rest
}

fn check(documents: &Path, signal: &str) {
    let out = RunFolder::new();
    let mut run = start(&[documents], &out, &[]);
    wait_for_work(&out.path());
    let said = BufReader::new(run.stderr.take().unwrap());
    let rest = stopped(run, said, signal);
    assert!(rest.contains("interrupted: no document is done; run again to begin"), "{rest}");
    assert!(!out.path().exists(), "the folder that the run made is still there");
}

#[test]
fn a_run_that_waits_for_standard_input_stops() {
    check(Path::new("-"), "-INT");
    check(Path::new("-"), "-TERM");
}

#[test]
fn a_run_with_one_large_document_at_work_stops() {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("large.txt");
    std::fs::write(&document, "The ferry was late again in the harbor of Port Said. ".repeat(280_000)).unwrap();
    check(&document, "-INT");
}

/// A folder of documents, none of which fails.
struct Case {
    folder: tempfile::TempDir,
    count: u64,
}

impl Case {
    fn new(count: u64, stages: &str) -> Self {
        let case = Self { folder: tempfile::tempdir().unwrap(), count };
        std::fs::create_dir(case.path("docs")).unwrap();
        for number in 0..count {
            let text =
                format!("Report {number}\n\nThe ferry number {number} left the harbor of Port {number} at noon.\n");
            std::fs::write(case.path(&format!("docs/{number:04}.txt")), text).unwrap();
        }
        let pipeline =
            format!("version: 1\nstages: [{stages}]\noutput:\n  - jsonl: documents.jsonl\n  - markdown: pages\n");
        std::fs::write(case.path("p.yaml"), pipeline).unwrap();
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Stops a run by a signal after some documents, checks what it says, and checks what the next run has to do and gives.
    fn stop_and_go_on(&self, signal: &str, documents: usize, up_to: &str) {
        let (out, undisturbed, cache) = (RunFolder::new(), RunFolder::new(), tempfile::tempdir().unwrap());
        let arguments =
            ["-p", self.path("p.yaml").to_str().unwrap(), "--cache", cache.path().to_str().unwrap()].map(String::from);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let docs = self.path("docs");
        // Standard input, which nobody closes, keeps the run from its end.
        let mut run = start(&[&docs, Path::new("-")], &out, &arguments);
        let mut said = BufReader::new(run.stderr.take().unwrap());
        wait_for_documents(&mut said, documents);
        let rest = stopped(run, said, signal);
        let message = rest.lines().find(|line| line.starts_with("error: interrupted: ")).expect(&rest);
        let done: u64 = message.split(' ').nth(2).unwrap().parse().expect(message);
        let expected =
            format!("error: interrupted: {done} documents are done{up_to}, and are in the cache; run again to go on");
        assert_eq!(message, expected);
        assert!(done >= documents as u64 && done <= self.count, "{done} of {documents} or more");
        assert!(!out.path().exists(), "the folder that the run made is still there");

        let finish = |out: &RunFolder, more: &[&str]| {
            let mut run = docmill();
            run.arg("run").arg(&docs).args(["--quiet", "-o"]).arg(out.path()).args(more);
            let ran = Ran::of(&mut run);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
        };
        finish(&out, &arguments);
        finish(&undisturbed, &arguments[..2]);
        assert!(outputs(&out.path()) == outputs(&undisturbed.path()), "the outputs are others");
        let used = &out.json("manifest.json")["cache"];
        assert_eq!((&used["reused"], &used["resumed"]), (&done.into(), &0.into()), "{used}");
    }
}

#[test]
fn after_a_signal_what_the_message_counts_is_not_done_again() {
    let case = Case::new(300, "ingest, tag.language, tag.entities");
    case.stop_and_go_on("-INT", 20, "");
    case.stop_and_go_on("-TERM", 50, "");
}

#[test]
fn what_is_done_while_something_does_not_end_is_counted_too() {
    Case::new(30, "ingest, tag.language").stop_and_go_on("-INT", 30, "");
}

#[test]
fn before_a_corpus_wide_stage_the_message_says_so() {
    Case::new(30, "ingest, tag.language, dedup.near").stop_and_go_on("-TERM", 30, " up to dedup.near");
}

#[test]
fn without_a_cache_the_message_says_that_all_is_done_anew() {
    let case = Case::new(10, "ingest");
    let (out, docs) = (RunFolder::new(), case.path("docs"));
    let mut run = start(&[&docs, Path::new("-")], &out, &["--no-cache"]);
    let mut said = BufReader::new(run.stderr.take().unwrap());
    wait_for_documents(&mut said, 10);
    let rest = stopped(run, said, "-INT");
    let expected = "interrupted: 10 documents are done, and are not kept in a cache; the next run begins anew";
    assert!(rest.contains(expected), "{rest}");
}

#[test]
fn a_second_signal_ends_the_run_at_once_and_leaves_no_temporary_files() {
    let out = RunFolder::new();
    let mut run = start(&[Path::new("-")], &out, &[]);
    wait_for_work(&out.path());
    let mut said = BufReader::new(run.stderr.take().unwrap());
    send("-INT", &run);
    let first = said.by_ref().lines().map(Result::unwrap).find(|line| line.contains("once more ends at once"));
    assert!(first.is_some());
    let rest = stopped(run, said, "-INT");
    assert!(!rest.contains("done"), "the second signal was not heard: {rest}");
    assert!(!out.path().exists(), "the folder that the run made is still there");
}
