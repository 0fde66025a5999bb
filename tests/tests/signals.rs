//! A run that gets a signal stops soon, whatever it is at, says how far it came, and leaves nothing half done.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use docmill_tests::{RunFolder, docmill};

fn start(documents: &str, out: &RunFolder) -> Child {
    docmill()
        .args(["run", documents, "--quiet", "-o"])
        .arg(out.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The run is at work once its temporary files are there.
fn wait_for_work(folder: &Path) {
    while std::fs::read_dir(folder).map_or(0, Iterator::count) < 5 {
        std::thread::yield_now();
    }
}

/// Sends the signal, and gives the exit status and what was said on standard error.
fn stopped(run: Child, signal: &str) -> (Option<i32>, String) {
    let began = Instant::now();
    let sent = Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = run.wait_with_output().unwrap();
    // Two seconds on a machine that has nothing else to do.
    assert!(began.elapsed() < Duration::from_secs(20), "it took {:?}", began.elapsed());
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn check(documents: &str, signal: &str) {
    let out = RunFolder::new();
    let run = start(documents, &out);
    wait_for_work(&out.path());
    let (code, said) = stopped(run, signal);
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("interrupted"), "{said}");
    let left: Vec<_> =
        std::fs::read_dir(out.path()).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_run_that_waits_for_standard_input_stops() {
    check("-", "-INT");
    check("-", "-TERM");
}

#[test]
fn a_run_with_one_large_document_at_work_stops() {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("large.txt");
    std::fs::write(&document, "The ferry was late again in the harbor of Port Said. ".repeat(280_000)).unwrap();
    check(&document.to_string_lossy(), "-INT");
}
