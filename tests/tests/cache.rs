//! Second runs: only what changed is worked on again, and the outputs are those of a run without a cache.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::{Path, PathBuf};

use docmill_tests::{Ran, RunFolder, run};

/// A folder of documents, a pipeline over them, and a cache.
struct Case {
    folder: tempfile::TempDir,
    out: RunFolder,
}

/// Stages with two corpus-wide ones among them, so that a document's way has three segments.
const PIPELINE: &str = "version: 1
vars: { words: 6 }
stages:
  - ingest
  - normalize
  - dedup.exact
  - tag
  - dedup.near
  - filter.words: { min: 3 }
  - summarize.extractive: { words: \"${words}\" }
output:
  - jsonl: documents.jsonl
  - csv: tags.csv
";

impl Case {
    fn new() -> Self {
        let case = Self { folder: tempfile::tempdir().unwrap(), out: RunFolder::new() };
        for number in 0..20 {
            let text = format!(
                "Report {number}\n\nThe ferry number {number} left the harbor of Port {number} at noon. It came back late.\n"
            );
            case.write(&format!("{number:02}.txt"), &text);
        }
        case.write(
            "copy.txt",
            "Report 3\n\nThe ferry number 3 left the harbor of Port 3 at noon. It came back late.\n",
        );
        case.write("short.txt", "Too short\n");
        case.write("empty.txt", "");
        case.write("rows.jsonl", "{\"text\": \"The first row has a text of its own.\"}\n{\"text\": 7}\n");
        std::fs::write(case.folder.path().join("p.yaml"), PIPELINE).unwrap();
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("docs").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.folder.path().join("docs")).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    fn run_into(&self, out: &Path, more: &[&str]) -> Ran {
        let mut arguments = vec!["run".to_owned(), "-p".to_owned()];
        arguments.push(self.folder.path().join("p.yaml").display().to_string());
        arguments.push(self.path("").display().to_string());
        arguments.extend(["-o".to_owned(), out.display().to_string(), "--quiet".to_owned()]);
        arguments.extend(more.iter().map(|&argument| argument.to_owned()));
        let ran = run(arguments);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        ran
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// Runs with the cache, checks the outputs against a run without one, and gives how many segments of ways were
    /// reused, resumed and worked on.
    fn run(&self, more: &[&str]) -> [u64; 3] {
        let cache = self.cache().display().to_string();
        self.run_into(&self.out.path(), &[more, &["--cache", &cache]].concat());
        let fresh = RunFolder::new();
        self.run_into(&fresh.path(), more);
        assert_eq!(self.out.files(), fresh.files());
        let used = &self.out.json("manifest.json")["cache"];
        ["reused", "resumed", "worked"].map(|name| used[name].as_u64().unwrap())
    }

    /// How many documents the stages worked on in the last run, summed up.
    fn stage_work(&self) -> u64 {
        let manifest = self.out.json("manifest.json");
        let parts = manifest["parts"].as_array().unwrap().iter();
        let stages = parts.filter(|part| {
            let id = part["id"].as_str().unwrap();
            !id.starts_with("output.")
        });
        stages.map(|part| part["documents"].as_u64().unwrap()).sum()
    }
}

#[test]
fn a_second_run_works_on_nothing_but_what_failed() {
    let case = Case::new();
    let [reused, _, worked] = case.run(&[]);
    assert_eq!(reused, 0);
    let [reused, resumed, again] = case.run(&[]);
    // The empty file and the row without a text are tried again.
    assert_eq!((reused, resumed, again), (worked - 2, 0, 2));
    assert_eq!(case.stage_work(), 2);
}

#[test]
fn of_changed_documents_only_they_are_worked_on() {
    let case = Case::new();
    case.run(&[]);
    let quiet = case.run(&[]);
    case.write("07.txt", "Report 7\n\nThe ferry never left, and nobody knows why. It is still there.\n");
    let [reused, resumed, worked] = case.run(&[]);
    assert_eq!((reused, resumed, worked), (quiet[0] - 3, 0, quiet[2] + 3));
    // Written again with the same bytes: nothing to do.
    case.write("08.txt", &std::fs::read_to_string(case.path("08.txt")).unwrap());
    assert_eq!(case.run(&[]), quiet);
}

#[test]
fn after_a_change_of_the_last_stage_only_that_one_works() {
    let case = Case::new();
    case.run(&[]);
    case.run(&["--set", "words=9"]);
    let manifest = case.out.json("manifest.json");
    for part in manifest["parts"].as_array().unwrap() {
        let (id, documents) = (part["id"].as_str().unwrap(), part["documents"].as_u64().unwrap());
        let expected = match id {
            "summarize.extractive" | "output.jsonl" | "output.csv" => manifest["counts"]["written"].as_u64().unwrap(),
            "ingest.text" | "ingest.jsonl" => 1,
            _ => 0,
        };
        assert_eq!(documents, expected, "{id}");
    }
}

#[test]
fn a_deleted_document_leaves_the_outputs_and_what_repeated_it_stays() {
    let case = Case::new();
    case.run(&[]);
    assert!(!case.out.text("documents.jsonl").contains("copy.txt"));
    std::fs::remove_file(case.path("03.txt")).unwrap();
    case.run(&[]);
    let records = case.out.text("documents.jsonl");
    assert!(records.contains("copy.txt") && !records.contains("docs/03.txt"));
}

#[test]
fn a_damaged_cache_is_noticed_and_made_anew() {
    let case = Case::new();
    case.run(&[]);
    let path = case.cache().join("cache.sqlite");
    let whole = std::fs::read(&path).unwrap();
    for place in (0..whole.len()).step_by(whole.len() / 23) {
        let mut damaged = whole.clone();
        let end = (place + 600).min(whole.len());
        damaged[place..end].fill(0x5a);
        std::fs::write(&path, damaged).unwrap();
        let _ = std::fs::remove_file(case.cache().join("cache.sqlite-wal"));
        case.run(&[]);
    }
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    case.run(&[]);
}

#[test]
fn where_nothing_has_changed_the_outputs_stand_as_they_are() {
    let (out, cache) = (RunFolder::new(), tempfile::tempdir().unwrap());
    let again = || {
        let folders = [out.path(), cache.path().to_owned()].map(|path| path.display().to_string());
        let ran = run(["run", "fixtures/press", "-q", "-o", &folders[0], "--cache", &folders[1]]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let manifest = out.json("manifest.json");
        let worked =
            manifest["parts"].as_array().unwrap().iter().map(|part| part["documents"].as_u64().unwrap()).sum::<u64>();
        (worked > 0, manifest["counts"]["written"].as_u64().unwrap(), out.files())
    };
    let first = again();
    assert!(first.0);
    let modified = || std::fs::metadata(out.path().join("documents.jsonl")).unwrap().modified().unwrap();
    let written = modified();
    assert_eq!(again(), (false, first.1, first.2.clone()));
    assert_eq!(modified(), written);
    std::fs::write(out.path().join("documents.jsonl"), "not what the run wrote").unwrap();
    assert_eq!(again(), (false, first.1, first.2.clone()));
    std::fs::remove_file(out.path().join("tags.csv")).unwrap();
    assert_eq!(again(), (false, first.1, first.2));
}

#[test]
fn of_two_runs_with_one_cache_the_second_is_refused() {
    use std::io::Write as _;
    use std::process::Stdio;
    let case = Case::new();
    case.run(&[]);
    let other = RunFolder::new();
    let mut first = docmill_tests::docmill()
        .args(["run", "-", "--quiet", "-o"])
        .arg(other.path())
        .arg("--cache")
        .arg(case.cache())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    while std::fs::read_dir(other.path()).map_or(0, Iterator::count) < 5 {
        std::thread::yield_now();
    }
    let third = RunFolder::new();
    let second = loop {
        // The first run takes the cache right after its folder.
        let arguments = [
            "run",
            "fixtures/press",
            "-o",
            &third.path().to_string_lossy(),
            "--cache",
            &case.cache().to_string_lossy(),
        ]
        .map(ToOwned::to_owned);
        let ran = run(arguments);
        if ran.code == 1 {
            break ran;
        }
    };
    assert!(second.stderr.contains("another run uses the cache"), "{}", second.stderr);
    first.stdin.take().unwrap().write_all(b"The first run has this text.").unwrap();
    assert!(first.wait().unwrap().success());
    case.run(&[]);
}

#[test]
fn the_caches_are_shown_and_pruned() {
    let case = Case::new();
    case.run(&[]);
    case.run(&[]);
    let cache = case.cache().display().to_string();
    let shown = run(["cache", "--cache", &cache]);
    assert!(shown.stdout.contains("entries") && shown.stdout.contains("of its work from it"), "{}", shown.stdout);
    let pruned = run(["cache", "prune", "--cache", &cache]);
    assert!(pruned.stdout.contains("0 entries removed"), "{} {}", pruned.stdout, pruned.stderr);
    assert_eq!(run(["cache", "prune", "--all", "--cache", &cache]).code, 0);
    assert!(!case.cache().join("cache.sqlite").exists());
}
