//! What a plugin does wrong costs the document at which it does so, and nothing else: no other document, no time without end, and
//! no process stays behind.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use docmill_tests::{Ran, RunFolder, docmill, root, temporary, wait_for};
use serde_json::Value;

/// How many documents there are beside the bad one.
const GOOD: usize = 11;

/// Documents, the fifth of which is bad, and a pipeline with the hostile plugin.
struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new(mode: &str, definition: &str, settings: &str) -> Self {
        let case = Self { folder: tempfile::tempdir().unwrap() };
        let docs = case.path("docs");
        std::fs::create_dir(&docs).unwrap();
        for number in 0..=GOOD {
            let text = if number == 4 {
                "BAD é things happen at this one, and at no other one.".to_owned()
            } else {
                format!("Document {number} asks for nothing and is to be written.")
            };
            std::fs::write(docs.join(format!("{number:02}.txt")), text).unwrap();
        }
        let plugin = root().join("tests/faults/hostile_plugin.py");
        let text = format!(
            "version: 1\ninput: [{docs}]\nplugins:\n  hostile:\n    process: [python3, {plugin}, {mode:?}, {mark}]\n{definition}\
             stages:\n  - ingest\n  - hostile: {{}}\n{settings}output:\n  - jsonl: documents.jsonl\n",
            docs = docs.display(),
            plugin = plugin.display(),
            mark = case.folder.path().display(),
        );
        std::fs::write(case.path("p.yaml"), text).unwrap();
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, workers: usize) -> (Ran, RunFolder) {
        let out = RunFolder::new();
        let mut command = docmill();
        command.arg("run").arg(self.path("p.yaml")).args(["--quiet", "--workers", &workers.to_string()]);
        let ran = Ran::of(command.arg("-o").arg(out.path()));
        (ran, out)
    }

    /// Whether a process of the plugin is there.
    fn is_running(&self) -> bool {
        let mark = self.folder.path().to_string_lossy().into_owned();
        std::fs::read_dir("/proc").unwrap().flatten().any(|entry| {
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line);
            line.contains("hostile_plugin.py") && line.contains(&mark)
        })
    }
}

/// The error of the one document in quarantine; all others are written, with their measure.
fn error(out: &RunFolder) -> String {
    let quarantine = out.lines("quarantine.jsonl");
    let [line] = quarantine.as_slice() else { panic!("{quarantine:?}") };
    assert!(line["uri"].as_str().unwrap().ends_with("04.txt"), "{line}");
    let written = out.lines("documents.jsonl");
    assert_eq!(written.len(), GOOD);
    assert!(written.iter().all(|record| record["measures"]["words"].as_f64() == Some(10.0)), "{written:?}");
    line["error"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(": ")
}

/// In each of these ways of running, the bad document is in quarantine with the same error that begins like this, and no process
/// stays.
fn check(mode: &str, settings: &str, expected: &str) {
    let mut earlier: Option<Vec<(PathBuf, Vec<u8>)>> = None;
    for (definition, workers) in [("", 1), ("", 4), ("    processes: 1\n", 4), ("    processes: 1\n    batch: 2\n", 3)]
    {
        let case = Case::new(mode, definition, settings);
        let (ran, out) = case.run(workers);
        assert_eq!(ran.code, 3, "{mode}: {}", ran.stderr);
        let error = error(&out);
        assert!(error.starts_with(expected), "{mode}: {error}");
        assert!(!case.is_running(), "{mode}: a process is left");
        // The folder of the documents stands in their names.
        let folder = case.folder.path().to_string_lossy().into_owned();
        let ids: Vec<Value> = out.lines("ledger.jsonl").iter().map(|line| line["id"].clone()).collect();
        let plain = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap().replace(&folder, "");
            ids.iter().fold(text, |text, id| text.replace(id.as_str().unwrap(), "ID")).into_bytes()
        };
        let files: Vec<_> = out.files().into_iter().map(|(path, bytes)| (path, plain(bytes))).collect();
        if let Some(earlier) = &earlier {
            assert_eq!(&files, earlier, "{mode} with {workers} workers and {definition:?}");
        }
        earlier = Some(files);
    }
}

#[test]
fn a_plugin_that_hangs_costs_the_document_and_its_timeout() {
    check("hang", "    timeout: 1500ms\n", "took longer than timeout = 1.5s");
}

#[test]
fn without_a_timeout_the_limit_of_the_pipeline_holds() {
    let case = Case::new("hang", "", "limits: { time: 2s }\n");
    let (ran, out) = case.run(2);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(error(&out), "took longer than limits.time = 2s");
}

#[test]
fn a_plugin_that_dies_at_a_document_is_started_again_and_told_with_its_last_words() {
    check("die", "", "python3 ended with status 3; it said: a bad document");
    check("abort", "", "python3 was ended by signal 6 (abort)");
}

#[test]
fn a_plugin_that_dies_now_and_then_loses_no_document() {
    for definition in ["", "    processes: 1\n"] {
        let case = Case::new("die at every third", definition, "");
        let (ran, out) = case.run(4);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(out.lines("documents.jsonl").len(), GOOD + 1);
        assert!(!case.is_running());
    }
}

#[test]
fn a_plugin_that_forks_and_exits_leaves_no_process() {
    check("fork and exit", "", "python3 ended with status 0");
}

#[test]
fn what_is_no_message_costs_the_document() {
    check("flood stdout", "", "the stage broke its contract: it wrote what is no message of the protocol");
    check("garbage", "", "the stage broke its contract: it wrote what is no message of the protocol");
}

#[test]
fn a_line_without_end_is_not_held_in_memory() {
    for mode in ["endless line", "a gigabyte"] {
        let case = Case::new(mode, "", "limits: { document: 4MiB }\n");
        let out = RunFolder::new();
        let mut command = std::process::Command::new("prlimit");
        // Without its limit, docmill would want a gigabyte and more.
        command.args(["--data=600000000", "--"]).arg(docmill().get_program()).arg("run").arg(case.path("p.yaml"));
        command.args(["--quiet", "--no-cache", "--workers", "2", "-o"]).arg(out.path()).current_dir(root());
        let ran = Ran::of(&mut command);
        assert_eq!(ran.code, 3, "{mode}: {}", ran.stderr);
        let expected = "the stage broke its contract: it wrote a line of more than 16777216 bytes";
        assert_eq!(error(&out), expected, "{mode}");
        assert!(!case.is_running());
    }
}

#[test]
fn a_flood_on_standard_error_holds_up_nothing() {
    let case = Case::new("flood stderr", "", "");
    let (ran, out) = case.run(2);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(out.lines("documents.jsonl").len(), GOOD + 1);
}

#[test]
fn answers_that_were_not_asked_for_cost_the_document() {
    check("twice", "", "the stage broke its contract: it answered twice for document ");
    check("another id", "", "the stage broke its contract: it answered for document \"0000000000000000\", expected ");
    check("another request", "", "the stage broke its contract: it answered request ");
    check("no answer", "", "the stage broke its contract: it was done before it had answered for all documents");
}

#[test]
fn answers_out_of_order_lose_no_document() {
    let case = Case::new("out of order", "    processes: 1\n", "");
    let (ran, out) = case.run(4);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let words = |record: &Value| record["measures"]["words"].as_f64().unwrap();
    let counts: Vec<f64> = out.lines("documents.jsonl").iter().map(words).collect();
    assert_eq!(counts, [10.0, 10.0, 10.0, 10.0, 12.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0]);
}

#[test]
fn a_plugin_that_lies_costs_the_document_and_is_told_of() {
    let broke = "the stage broke its contract: ";
    for (mode, expected) in [
        ("beyond", "annotations[0] is at 0..100000, which reaches beyond the text, which has 53 code points"),
        ("backwards", "annotations[0] is at 5..2, which ends before it begins"),
        ("empty", "annotations[0] is empty: 2..2"),
        (
            "undeclared kind",
            "annotations[0]: it answers with annotations.person, and says that it gives text, measures.words, \
             annotations.word, tags.good.*",
        ),
        ("undeclared scheme", "tags[0]: it answers with tags.topic, and says"),
        ("undeclared measure", "measures.weight: it answers with measures.weight, and says"),
        ("undeclared meta", "meta.title: it answers with meta, and says"),
        ("undeclared drop", "it drops the document, and does not say `drops: true` of itself"),
        ("score", "the score of tags[0] is 1.5, expected 0 to 1"),
        ("evidence", "tags[0] is at 0..99999, which reaches beyond the text"),
        ("overlap", "edits: the edits of 0..3 and 2..4 overlap"),
        ("two texts", "text and edits cannot both be answered"),
        ("unknown field", "what it answered is no answer: unknown field `anotations`"),
        ("wrong type", "what it answered is no answer: invalid type: integer `3`, expected a string"),
        ("not an object", "what it answered is no answer: invalid type: integer `1`"),
    ] {
        let case = Case::new(mode, "", "");
        let (ran, out) = case.run(2);
        assert_eq!(ran.code, 3, "{mode}: {}", ran.stderr);
        let error = error(&out);
        assert!(error.starts_with(&format!("{broke}{expected}")), "{mode}: {error}");
    }
    let case = Case::new("growth", "", "");
    let (_, out) = case.run(2);
    assert!(error(&out).starts_with("the edits would make 3000000 bytes of 54"), "{}", error(&out));
}

#[test]
fn an_error_about_a_document_is_that_documents_and_a_fatal_one_ends_the_run() {
    check("error", "", "this one is bad");
    for settings in ["", "    on_error: skip\n"] {
        let case = Case::new("fatal", "", settings);
        let (ran, out) = case.run(2);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(ran.stderr.contains("hostile") && ran.stderr.contains("the licence has run out"), "{}", ran.stderr);
        assert!(!out.path().join("documents.jsonl").exists());
        assert!(!case.is_running());
    }
}

#[test]
fn what_a_plugin_says_of_itself_is_checked_before_the_first_document() {
    for (mode, expected) in [
        ("die at start", "python3 ended with status 4 before it described itself; it said: no model here"),
        ("wrong protocol", "python3 speaks version 2 of the protocol, docmill 1"),
        ("wrong descriptor", "python3 described itself wrongly: unknown field `gifs`"),
    ] {
        let case = Case::new(mode, "", "");
        let (ran, out) = case.run(2);
        assert_eq!(ran.code, 2, "{mode}: {}", ran.stderr);
        assert!(ran.stderr.contains("p.yaml:5:14") && ran.stderr.contains(expected), "{mode}: {}", ran.stderr);
        assert!(!out.path().exists() && !case.is_running(), "{mode}");
    }
}

#[test]
fn a_plugin_that_never_describes_itself_is_not_waited_for_without_end() {
    let case = Case::new("hang at start", "", "");
    let began = Instant::now();
    let (ran, _) = case.run(2);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("python3 took longer than 10s before it described itself"), "{}", ran.stderr);
    assert!(began.elapsed() < Duration::from_secs(50) && !case.is_running());
}

#[test]
fn a_plugin_that_ignores_its_shutdown_is_killed() {
    let case = Case::new("ignore shutdown", "", "");
    let (ran, out) = case.run(2);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(out.lines("documents.jsonl").len(), GOOD + 1);
    assert!(!case.is_running());
}

#[test]
fn an_interrupted_run_leaves_no_process_of_a_plugin() {
    for signals in [1, 2] {
        let case = Case::new("hang", "", "");
        let out = RunFolder::new();
        let mut command = docmill();
        command.arg("run").arg(case.path("p.yaml")).args(["--quiet", "-o"]).arg(out.path());
        let mut run = command.stderr(Stdio::null()).spawn().unwrap();
        wait_for("the run", || !temporary(&out.path()).is_empty() && case.is_running());
        for _ in 0..signals {
            let kill = std::process::Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
            assert!(kill.success());
        }
        assert_eq!(run.wait().unwrap().code(), Some(130));
        wait_for("end of the processes", || !case.is_running());
    }
}

#[test]
fn documents_that_a_plugin_failed_at_are_tried_again_and_the_others_come_from_the_cache() {
    let case = Case::new("die", "", "");
    let cache = case.path("cache");
    let out = RunFolder::new();
    let run = || {
        let mut command = docmill();
        command.arg("run").arg(case.path("p.yaml")).args(["--json", "-o"]).arg(out.path()).arg("--cache").arg(&cache);
        let ran = Ran::of(&mut command);
        let manifest: Value = serde_json::from_str(&ran.stdout).unwrap();
        (ran.code, manifest["cache"].clone())
    };
    let first = run();
    let files = out.files();
    let second = run();
    assert_eq!((first.0, second.0), (3, 3));
    assert_eq!(out.files(), files);
    assert_eq!(second.1["reused"], GOOD, "{}", second.1);
}
