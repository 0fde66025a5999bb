//! A run that is killed at any moment leaves no wrong output, and the run after it gives the bytes of an undisturbed one.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use docmill_tests::{Draw, RunFolder, docmill};

/// Documents, some of which fail, repeat others, or are dropped, and a pipeline with corpus-wide stages over them.
fn documents(folder: &Path, count: usize) -> PathBuf {
    let docs = folder.join("docs");
    std::fs::create_dir_all(&docs).unwrap();
    let mut draw = Draw::new(11);
    for number in 0..count {
        let words: Vec<String> = (0..60 + draw.below(300)).map(|_| format!("word{}", draw.below(900))).collect();
        let text = match number % 17 {
            3 => String::new(),
            5 => "Too short".to_owned(),
            7 => "The same report came in again, word for word, from another office of the harbor.".to_owned(),
            _ => format!("Report {number}\n\nThe ferry left Port {number} on March 3, 2016. {}.\n", words.join(" ")),
        };
        std::fs::write(docs.join(format!("{number:05}.txt")), text).unwrap();
    }
    let pipeline = "version: 1\nstages:\n  - ingest\n  - normalize\n  - filter.words: { min: 4 }\n  - dedup.exact\n  - tag\n  \
                    - dedup.near\n  - summarize\noutput:\n  - jsonl: documents.jsonl\n  - csv: tags.csv\n  - markdown: pages\n";
    std::fs::write(folder.join("p.yaml"), pipeline).unwrap();
    docs
}

fn start(folder: &Path, out: &RunFolder, cache: &str) -> Child {
    docmill()
        .arg("run")
        .arg("-p")
        .arg(folder.join("p.yaml"))
        .arg(folder.join("docs"))
        .arg("-o")
        .arg(out.path())
        .args(["--quiet", "--workers", "2", "--cache", cache])
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits for a run's end or for its time to be killed, and says whether it was killed.
fn kill_after(mut run: Child, time: Duration) -> bool {
    let began = Instant::now();
    while began.elapsed() < time {
        if run.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_micros(300));
    }
    // On Unix this is SIGKILL: nothing in the process gets to know of it.
    let killed = run.kill().is_ok();
    run.wait().unwrap();
    killed
}

fn temporary_files(folder: &Path) -> usize {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.filter(|name| name.to_string_lossy().starts_with(".docmill-")).count()
}

/// Kills runs at `kills` moments, spread over the time that a run takes, each followed by another kill at times and by a run
/// that is left alone.
fn killed_runs_leave_nothing_wrong(count: usize, kills: usize) {
    let folder = tempfile::tempdir().unwrap();
    documents(folder.path(), count);
    let cache = |name: &str| folder.path().join(name).display().to_string();
    let undisturbed = RunFolder::new();
    // The machine is at its quickest in one of these: a moment beyond a run's end kills nothing.
    let whole = (0..3).map(|round| {
        let began = Instant::now();
        let out = RunFolder::new();
        let into = if round == 0 { &undisturbed } else { &out };
        let status = start(folder.path(), into, &cache(&format!("undisturbed{round}"))).wait().unwrap();
        assert_eq!(status.code(), Some(3));
        began.elapsed()
    });
    let whole = whole.min().unwrap();
    let expected = undisturbed.files();

    let mut draw = Draw::new(3);
    let mut killed = 0;
    for round in 0..kills {
        let out = RunFolder::new();
        let own = cache(&format!("cache{round}"));
        // The moments go from the first to the last of a run, and a little beyond; every third run is killed more than once.
        let share = (round * 1000 + draw.below(1000)) / kills;
        let after = |share: usize| whole.mul_f64(share as f64 / 950.0);
        killed += usize::from(kill_after(start(folder.path(), &out, &own), after(share)));
        for _ in 0..if round % 3 == 0 { 2 } else { 0 } {
            killed += usize::from(kill_after(start(folder.path(), &out, &own), after(draw.below(700))));
        }
        // What stands under a final name is whole.
        if out.path().exists() {
            for (name, bytes) in out.files().iter().filter(|(name, _)| !name.to_string_lossy().contains(".tmp")) {
                let (_, right) = expected.iter().find(|(expected, _)| expected == name).unwrap();
                assert_eq!(bytes, right, "{} after a kill at {share} of 1000", name.display());
            }
        }
        let status = start(folder.path(), &out, &own).wait().unwrap();
        assert_eq!(status.code(), Some(3), "after a kill at {share} of 1000");
        assert_eq!(out.files(), expected, "after a kill at {share} of 1000");
        assert_eq!(temporary_files(&out.path()), 0);
    }
    assert!(killed > 0, "no run was still at work when it was to be killed");
}

#[test]
fn a_run_that_was_killed_is_made_good_by_the_next() {
    killed_runs_leave_nothing_wrong(150, 8);
}

#[test]
#[ignore = "takes minutes: `cargo test -p docmill-tests --test kills -- --ignored`"]
fn a_run_that_was_killed_at_any_of_fifty_moments_is_made_good_by_the_next() {
    killed_runs_leave_nothing_wrong(1500, 50);
}
