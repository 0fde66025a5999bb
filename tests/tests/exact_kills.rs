//! A run that is killed in front of any one renaming, or while it writes outputs or the cache, leaves nothing wrong, and the run
//! after it gives the bytes of an undisturbed one.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]
#![allow(clippy::print_stderr, reason = "it is said how many kills there were")]

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use docmill_tests::{FINISHED, Fault, Faults, Ran, Reports, RunFolder, outputs, temporary};

type Files = Vec<(PathBuf, Vec<u8>)>;

/// The calls that give names and take them.
const NAMING: &[&str] = &["rename", "linkat", "unlink"];
/// The calls that bring bytes to the disk.
const WRITING: &[&str] = &["write", "sync", "truncate"];

/// Runs over fewer documents and then over all.
struct Case {
    reports: Reports,
    folder: tempfile::TempDir,
    /// A run folder as the run over fewer documents left it.
    before: RunFolder,
    old: Files,
    new: Files,
}

impl Case {
    fn new() -> Self {
        let reports = Reports::new(6);
        let (before, undisturbed) = (RunFolder::new(), RunFolder::new());
        finish(&mut reports.run_into(&before.path()));
        reports.write(12);
        finish(&mut reports.run_into(&undisturbed.path()));
        let (old, new) = (outputs(&before.path()), outputs(&undisturbed.path()));
        assert_ne!(old, new);
        Self { reports, folder: tempfile::tempdir().unwrap(), before, old, new }
    }

    /// A run over all documents into a folder with the outputs of the earlier run, and a cache of its own.
    fn run(&self, out: &RunFolder, cache: &str) -> Command {
        let mut command = self.reports.run_into(&out.path());
        command.arg("--cache").arg(self.folder.path().join(cache));
        command
    }

    fn watch(&self, calls: &[&str], path: &str) -> Faults {
        Faults::watch(calls, path, &self.folder.path().join("calls.log"))
    }

    fn earlier(&self) -> RunFolder {
        let out = RunFolder::new();
        copy(&self.before.path(), &out.path());
        out
    }

    /// Kills a run in front of `kills` of these calls, spread over all of them, and says of how many.
    fn kill(&self, calls: &[&str], path: &str, kills: usize) -> usize {
        let watched = self.watch(calls, path);
        finish(watched.set(&mut self.run(&self.earlier(), "cache")));
        let all = watched.seen().len();
        assert!(all > 5, "only {all} of the calls {calls:?} on {path} were seen");
        let mut hits = 0;
        for round in 0..kills.min(all) {
            let number = 1 + if kills < all { round * (all - 1) / (kills - 1) } else { round };
            let (out, cache) = (self.earlier(), format!("cache-{number}"));
            let killed = watched.clone().at(number, Fault::Killed);
            let status = killed.set(&mut self.run(&out, &cache)).status().unwrap();
            let at = format!("killed in front of call {number} of {all}: {:?}", killed.seen().last());
            // How many writes the cache takes depends on when its transactions end: the last ones may not come.
            let over = number > all * 3 / 4 && status.code() == Some(FINISHED);
            assert!(over || status.signal() == Some(9), "{status}, not {at}");
            hits += usize::from(!over);
            self.check_whole(&out.path(), &at);
            finish(&mut self.run(&out, &cache));
            assert!(outputs(&out.path()) == self.new, "{at}: the outputs are others");
            assert_eq!(temporary(&out.path()), [""; 0], "{at}");
        }
        assert!(hits * 4 >= kills.min(all) * 3, "{hits} of {} kills", kills.min(all));
        eprintln!("{hits} of {} kills came in front of their call, of {all} of {calls:?} on {path}", kills.min(all));
        all
    }

    /// What stands under a final name is that of the earlier run or of this one. A folder of outputs, which is moved aside before
    /// the new one comes, may not be there.
    fn check_whole(&self, out: &Path, at: &str) {
        let (found_pages, found) = pages_apart(outputs(out));
        let ((old_pages, old), (new_pages, new)) = (pages_apart(self.old.clone()), pages_apart(self.new.clone()));
        assert_eq!(found.len(), old.len(), "{at}");
        for file in &found {
            assert!(old.contains(file) || new.contains(file), "{at}: {} is neither old nor new", file.0.display());
        }
        assert!([&old_pages, &new_pages, &Files::new()].contains(&&found_pages), "{at}: pages are of two runs");
        let manifest = std::fs::read(out.join("manifest.json")).unwrap();
        serde_json::from_slice::<serde_json::Value>(&manifest).expect(at);
    }
}

fn pages_apart(files: Files) -> (Files, Files) {
    files.into_iter().partition(|(path, _)| path.starts_with("pages"))
}

fn finish(command: &mut Command) {
    let ran = Ran::of(command);
    assert_eq!(ran.code, FINISHED, "{}", ran.stderr);
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").args([from, to]).status().unwrap().success());
}

#[test]
fn a_run_killed_at_any_renaming_is_made_good_by_the_next() {
    let case = Case::new();
    // Five files are linked aside and renamed, a folder is moved aside and renamed, its index is renamed in it, and what was set
    // aside is removed.
    let all = case.kill(NAMING, ".docmill-", usize::MAX);
    assert!(all >= 18, "{all} renamings, links and removals");
}

#[test]
fn a_run_killed_at_any_write_of_outputs_is_made_good_by_the_next() {
    Case::new().kill(WRITING, ".docmill-", usize::MAX);
}

#[test]
fn a_run_killed_at_any_of_many_writes_of_the_cache_is_made_good_by_the_next() {
    Case::new().kill(WRITING, "cache.sqlite", 24);
}

#[test]
fn a_first_run_into_the_documents_folder_killed_at_any_renaming_is_made_good_by_the_next() {
    let run = |reports: &Reports| reports.run_into(&reports.path("docs"));
    let undisturbed = Reports::new(4);
    let folder = tempfile::tempdir().unwrap();
    let watched = Faults::watch(NAMING, ".docmill-", &folder.path().join("calls.log"));
    finish(watched.set(&mut run(&undisturbed)));
    let (expected, all) = (outputs(&undisturbed.path("docs")), watched.seen().len());
    eprintln!("kills in front of each of {all} calls");
    for number in 1..=all {
        let reports = Reports::new(4);
        let status = watched.clone().at(number, Fault::Killed).set(&mut run(&reports)).status().unwrap();
        assert_eq!(status.signal(), Some(9), "{number} of {all}");
        finish(&mut run(&reports));
        assert!(outputs(&reports.path("docs")) == expected, "{number} of {all}");
    }
}

#[test]
fn every_file_is_on_the_disk_before_any_gets_its_name() {
    let case = Case::new();
    let out = case.earlier();
    let folder = out.path().display().to_string();
    let watched = case.watch(&["write", "sync", "rename"], &folder);
    finish(watched.set(&mut case.run(&out, "cache")));
    let calls = watched.seen();
    let renamed =
        |[call, from, to]: &[String; 3]| call == "rename" && from.contains(".docmill-") && !to.contains("/.docmill-");
    let first = calls.iter().position(renamed).unwrap();
    let written: std::collections::BTreeSet<&String> =
        calls.iter().filter(|[call, ..]| call == "write").map(|[_, path, _]| path).collect();
    assert!(written.len() > 10, "{written:?}");
    for path in written {
        let at = |wanted: &str| calls.iter().rposition(|[call, of, _]| call == wanted && of == path);
        let (write, sync) = (at("write").unwrap(), at("sync"));
        // The index of a folder gets its name within that before the files beside it are synced.
        assert!(
            sync.is_some_and(|sync| write < sync && sync < first),
            "{path} is written at {write}, synced at {sync:?} of {first}"
        );
    }
    let names: Vec<_> =
        calls.iter().filter(|call| renamed(call)).map(|[.., to]| to.rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["documents.jsonl", "tags.csv", "pages", "ledger.jsonl", "quarantine.jsonl", "manifest.json"]);
}
