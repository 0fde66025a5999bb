//! `docmill watch`: outputs follow the documents and the pipeline, and are whole at every moment.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use docmill_tests::{Ran, docmill};
use serde_json::Value;

/// How long something may take to show, on a machine that is busy with other things.
const LONG: Duration = Duration::from_mins(1);

/// A folder with documents and a pipeline, and a watch over it.
struct Watched {
    folder: tempfile::TempDir,
    watch: Child,
    said: Arc<Mutex<Vec<String>>>,
}

const PIPELINE: &str = "version: 1\nname: watched\ninput: [docs]\nstages:\n  - ingest\n  - tag.dictionary: { path: terms.csv }\n\
                        output:\n  - jsonl: out/documents.jsonl\n";

impl Watched {
    /// Starts the watch, and waits for the end of its first run.
    fn start(output: &str, more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("docs")).unwrap();
        std::fs::write(at("docs/first.txt"), "The harbor was dredged in spring for $5 million.").unwrap();
        std::fs::write(at("terms.csv"), "term,id\nharbor,port\n").unwrap();
        std::fs::write(
            at("watched.yaml"),
            PIPELINE.replace("out/documents.jsonl", &format!("{output}/documents.jsonl")),
        )
        .unwrap();
        let mut command = docmill();
        command.current_dir(folder.path()).args(["watch", "watched.yaml", "--settle", "50ms"]).args(more);
        command.env("DOCMILL_CACHE", at("cache")).stderr(Stdio::piped());
        let mut watch = command.spawn().unwrap();
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let (hears, pipe) = (Arc::clone(&said), watch.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                hears.lock().unwrap().push(line);
            }
        });
        let mut watched = Self { folder, watch, said };
        watched.wait("the first run", |watched| watched.runs() == 1);
        watched
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.at(name).parent().unwrap()).unwrap();
        std::fs::write(self.at(name), text).unwrap();
    }

    /// Waits until something holds.
    fn wait(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !holds(self) {
            let ended = self.watch.try_wait().unwrap();
            assert!(ended.is_none(), "the watch ended: {:?}", self.said.lock().unwrap());
            assert!(began.elapsed() < LONG, "no {what}: {:?}", self.said.lock().unwrap());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// How many runs it told of.
    fn runs(&self) -> usize {
        self.said.lock().unwrap().iter().filter(|line| line.contains(" worked on, ")).count()
    }

    fn has_said(&self, what: &str) -> bool {
        self.said.lock().unwrap().iter().any(|line| line.contains(what))
    }

    /// The records, in the order of the file.
    fn records(&self, output: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.at(output).join("documents.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).expect("a whole record")).collect()
    }

    fn uris(&self) -> Vec<String> {
        let of = |record: &Value| record["source"]["uri"].as_str().unwrap().to_owned();
        self.records("out").iter().map(of).collect()
    }

    /// The ids that annotations of a kind have in the first record.
    fn found(&self, kind: &str) -> Vec<String> {
        let record = &self.records("out")[0];
        let annotations = record["annotations"].as_array().unwrap().iter().filter(|found| found["kind"] == kind);
        annotations.map(|found| found["value"]["id"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Whether the outputs are those of a run that knows nothing of earlier ones.
    fn is_like_a_run(&self) -> bool {
        let mut command = docmill();
        command.current_dir(self.folder.path()).args(["run", "watched.yaml", "--quiet", "-o", "plain"]);
        assert_eq!(Ran::of(&mut command).code, 0);
        let bytes = |folder: &str| std::fs::read(self.at(folder).join("documents.jsonl")).unwrap();
        bytes("out") == bytes("plain")
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.watch.kill();
        let _ = self.watch.wait();
    }
}

#[test]
fn outputs_follow_documents_that_come_change_move_and_go() {
    let mut watched = Watched::start("out", &[]);
    watched.write("docs/second.txt", "Another one about the harbor.");
    watched.wait("new document", |watched| watched.uris() == ["docs/first.txt", "docs/second.txt"]);
    watched.write("docs/deep/er/third.txt", "One in a folder that came with it.");
    watched.wait("new folder", |watched| watched.uris().contains(&"docs/deep/er/third.txt".to_owned()));
    watched.write("docs/deep/er/fourth.txt", "One in a folder that is new itself.");
    watched.wait("document in the new folder", |watched| watched.uris().len() == 4);
    watched.write("docs/second.txt", "It says something else now.");
    watched.wait("changed document", |watched| {
        watched.records("out").iter().any(|record| record["text"] == "It says something else now.")
    });
    std::fs::rename(watched.at("docs/second.txt"), watched.at("docs/zweite.txt")).unwrap();
    watched.wait("renamed document", |watched| watched.uris().contains(&"docs/zweite.txt".to_owned()));
    std::fs::remove_file(watched.at("docs/first.txt")).unwrap();
    watched.wait("removed document", |watched| !watched.uris().contains(&"docs/first.txt".to_owned()));
    assert!(watched.is_like_a_run());
}

#[test]
fn outputs_follow_the_pipeline_and_the_files_that_it_names() {
    let mut watched = Watched::start("out", &[]);
    watched.write("terms.csv", "term,id\nharbor,haven\n");
    watched.wait("new dictionary", |watched| watched.found("term") == ["haven"]);
    let text = std::fs::read_to_string(watched.at("watched.yaml")).unwrap();
    watched.write("watched.yaml", &text.replace("tag.dictionary", "tag.dictionery"));
    watched.wait("mistake", |watched| watched.has_said("did you mean `tag.dictionary`?"));
    assert_eq!(watched.found("term"), ["haven"]);
    watched.write("watched.yaml", &text.replace("  - ingest\n", "  - ingest\n  - tag.money\n"));
    watched.wait("new stage", |watched| watched.found("money").len() == 1);
    assert!(watched.is_like_a_run());
}

#[test]
fn its_own_outputs_are_no_changes() {
    for poll in [&[][..], &["--poll", "50ms"]] {
        let mut watched = Watched::start("docs/out", poll);
        watched.write("docs/second.txt", "Another one.");
        watched.wait("new document", |watched| watched.records("docs/out").len() == 2);
        watched.wait("its line", |watched| watched.runs() >= 2);
        // One more document after a while that is long against `--settle`: as many runs as there were changes.
        std::thread::sleep(Duration::from_secs(1));
        let before = watched.runs();
        assert!(before <= 3, "{:?}", watched.said.lock().unwrap());
        watched.write("docs/third.txt", "A third one.");
        watched.wait("third document", |watched| watched.records("docs/out").len() == 3);
    }
}

#[test]
fn whoever_reads_the_outputs_meanwhile_finds_them_whole() {
    let mut watched = Watched::start("out", &[]);
    let path = watched.at("out/documents.jsonl");
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let reader = std::thread::spawn({
        let stop = Arc::clone(&stop);
        move || {
            let mut counts = Vec::new();
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let text = std::fs::read_to_string(&path).expect("the outputs are there");
                assert!(text.ends_with("}\n"), "cut short");
                let parsed: Result<Vec<Value>, _> = text.lines().map(serde_json::from_str).collect();
                counts.push(parsed.expect("whole records").len());
            }
            counts
        }
    });
    for number in 0..200 {
        watched.write(&format!("docs/burst{number:03}.txt"), &format!("Document {number} of many."));
    }
    watched.wait("all documents", |watched| watched.records("out").len() == 201);
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let counts = reader.join().unwrap();
    assert!(counts.is_sorted(), "documents that were there went: {counts:?}");
    assert!(watched.runs() < 50, "{} runs for one burst", watched.runs());
    assert!(watched.is_like_a_run());
}

#[test]
fn a_folder_that_goes_and_comes_again_is_followed() {
    let mut watched = Watched::start("out", &[]);
    std::fs::rename(watched.at("docs"), watched.at("moved")).unwrap();
    watched.wait("word of it", |watched| watched.has_said("docs"));
    std::fs::rename(watched.at("moved"), watched.at("docs")).unwrap();
    watched.write("docs/second.txt", "It came after the folder was back.");
    watched.wait("new document", |watched| watched.uris().len() == 2);
    watched.write("docs/third.txt", "And one more.");
    watched.wait("one more", |watched| watched.uris().len() == 3);
}

#[test]
fn a_signal_ends_it() {
    for signal in ["-INT", "-TERM"] {
        let mut watched = Watched::start("out", &[]);
        let began = Instant::now();
        let sent = Command::new("kill").args([signal, &watched.watch.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert_eq!(watched.watch.wait().unwrap().code(), Some(130));
        assert!(began.elapsed() < Duration::from_secs(20));
        let left = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with('.');
        assert!(!std::fs::read_dir(watched.at("out")).unwrap().flatten().any(left), "temporary files are left");
    }
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let ran = Ran::of(docmill().args(["watch", "-", "-o", "unused"]));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("cannot be watched"), "{}", ran.stderr);
    let ran = Ran::of(docmill().args(["watch", "fixtures/newsroom", "--settle", "soon"]));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--settle soon"), "{}", ran.stderr);
    assert!(!Path::new("unused").exists());
}
