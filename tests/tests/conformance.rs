//! `docmill plugin test` passes what keeps the contract, and names what does not.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::Path;

use docmill_tests::{Ran, docmill, root};
use serde_json::Value;

/// What the words of a plugin are found in.
const OPTIONS: &str = r#"{"words": ["harbor", "rail"], "upper": true}"#;

/// The checks of a plugin by name: what came of each, and why.
fn checks(arguments: &[&str], folder: &Path) -> Vec<(String, String, String)> {
    let ran =
        Ran::of(docmill().current_dir(folder).args(["plugin", "test", "--json", "--time", "60s"]).args(arguments));
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {}", ran.stderr));
    let checks = report["checks"].as_array().unwrap().iter().map(|check| {
        let text = |field: &str| check[field].as_str().unwrap().to_owned();
        (text("name"), text("outcome"), text("detail"))
    });
    let checks: Vec<_> = checks.collect();
    let failed = checks.iter().any(|(_, outcome, _)| outcome == "failed");
    assert_eq!(ran.code, i32::from(failed), "{arguments:?}: {}", ran.stdout);
    checks
}

/// Every check of it passes.
fn passes(arguments: &[&str]) {
    for (name, outcome, detail) in checks(arguments, root()) {
        assert_eq!(outcome, "passed", "{arguments:?} {name}: {detail}");
    }
}

/// A plugin in Python whose answer for `doc` is `answer`, and that does `more` when it is loaded.
fn plugin(folder: &Path, answer: &str, more: &str) -> String {
    let text = format!(
        r#"
import json, sys, time

def say(message):
    print(json.dumps(message), flush=True)

seen = []
stage = {{"name": "tried", "version": "1", "summary": "Is tried.", "gives": ["measures.n", "annotations.word"],
         "offsets": "codepoint"}}
{more}
def answer(doc):
    seen.append(doc["id"])
    text = doc["text"]
    return {answer}

for line in sys.stdin:
    request = json.loads(line)
    kind = request["type"]
    if kind == "hello":
        say({{"type": "describe", "protocol": 1, "stage": stage}})
    elif kind == "init":
        say({{"type": "ready"}})
    elif kind == "process":
        for doc in request["docs"]:
            say({{"type": "result", "seq": request["seq"], "id": doc["id"], "answer": answer(doc)}})
        say({{"type": "done", "seq": request["seq"]}})
    elif kind == "shutdown":
        say({{"type": "bye"}})
        break
"#
    );
    let path = folder.join("tried.py");
    std::fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

/// The checks that this plugin fails, and what they say.
fn failed(answer: &str, more: &str) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = plugin(folder.path(), answer, more);
    let checks = checks(&[&path], folder.path());
    checks.into_iter().filter(|(_, outcome, _)| outcome == "failed").map(|(name, _, why)| (name, why)).collect()
}

#[test]
fn what_keeps_the_contract_passes() {
    assert_eq!(failed(r#"{"measures": {"n": len(text)}}"#, ""), []);
    passes(&["tag.entities"]);
    passes(&["summarize.extractive"]);
    passes(&["filter.words"]);
}

#[test]
fn examples_of_all_kinds_pass() {
    for example in ["examples/process/terms.py", "examples/process/terms.mjs", "examples/process/terms.sh"] {
        passes(&[example, "--options", OPTIONS]);
    }
    passes(&["examples/script/terms.rhai", "--options", OPTIONS]);
    passes(&["terms", "-p", "examples/command/pipeline.yaml"]);
}

/// It fails this check, for this reason.
fn fails(answer: &str, more: &str, name: &str, why: &str) {
    let failed = failed(answer, more);
    assert!(failed.iter().any(|(check, said)| check == name && said.contains(why)), "{name}, {why}: {failed:?}");
}

#[test]
fn offsets_that_count_something_else_are_told_of() {
    let word = r#"{"annotations": [{"kind": "word", "start": s, "end": s + 6} for s in [i for i in range(len(text)) if text.startswith("harbor", i)]]}"#;
    let utf16 = word.replace("s + 6}", "u(text, s + 6)}").replace("\"start\": s,", "\"start\": u(text, s),");
    let counting = "u = lambda text, at: len(text[:at].encode('utf-16-le')) // 2\n";
    let expected = "it counts UTF-16 units, and says that it counts code points";
    fails(&utf16, counting, "counts offsets as it says", expected);
    assert_eq!(failed(word, ""), []);
}

#[test]
fn answers_that_depend_on_more_than_the_document_are_told_of() {
    let otherwise = "it answers otherwise for: ";
    fails(r#"{"measures": {"n": len(seen)}}"#, "", "does not look at other documents", otherwise);
    let random = r#"{"measures": {"n": random.random()}}"#;
    fails(random, "import random\n", "answers the same to the same document", "it answers otherwise for: prose, ");
    fails(r#"{"measures": {"n": os.getpid()}}"#, "import os\n", "goes on after a restart", otherwise);
}

#[test]
fn answers_and_words_that_are_not_of_the_contract_are_told_of() {
    let works = "works on documents of all kinds";
    fails(r#"{"measures": {"m": 1}}"#, "", works, "measures.m");
    fails(r#"print("now working") or {}"#, "", works, "what is no message of the protocol");
    fails("{}", "stage['summary'] = ''\n", "describes itself", "it does not say: a summary");
}

#[test]
fn a_plugin_that_dies_is_told_of_with_the_document() {
    let expected = "empty: python3 ended with status 1; it said: nothing there";
    fails("{} if text else sys.exit('nothing there')", "", "works on documents of all kinds", expected);
}

#[test]
fn a_plugin_that_does_not_end_is_told_of() {
    let lingering = "import atexit\natexit.register(time.sleep, 60)\n";
    fails("{}", lingering, "ends when it is asked to", "it took longer than 2s, and was told to");
}

#[test]
fn an_answer_that_is_said_to_vary_may_vary() {
    let more = "import random\nstage['deterministic'] = False\n";
    assert_eq!(failed(r#"{"measures": {"n": random.random()}}"#, more), []);
}

#[test]
fn what_found_nothing_has_not_shown_its_offsets() {
    let folder = tempfile::tempdir().unwrap();
    let answer = r#"{"annotations": [{"kind": "word", "start": text.find("zebra"), "end": text.find("zebra") + 5}] if "zebra" in text else []}"#;
    let path = plugin(folder.path(), answer, "");
    let offsets = |arguments: &[&str]| {
        let checks = checks(arguments, folder.path());
        checks.into_iter().find(|(name, _, _)| name == "counts offsets as it says").unwrap()
    };
    let (_, outcome, detail) = offsets(&[&path]);
    assert_eq!(outcome, "unseen");
    assert!(detail.contains("--document"), "{detail}");
    std::fs::write(folder.path().join("zoo.txt"), "A zebra came.").unwrap();
    assert_eq!(offsets(&[&path, "--document", "zoo.txt"]).1, "passed");
}

#[test]
fn the_report_is_for_people_too_and_says_what_cannot_be_tested() {
    let folder = tempfile::tempdir().unwrap();
    let path = plugin(folder.path(), r#"{"measures": {"n": 1}}"#, "");
    let ran = Ran::of(docmill().args(["plugin", "test", &path]));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("ok        describes itself: version 1, gives measures.n, annotations.word\n"));
    assert!(ran.stdout.ends_with("\n9 passed, 0 failed, 1 not seen\n"), "{}", ran.stdout);
    let wrong = |arguments: &[&str], expected: &str| {
        let ran = Ran::of(docmill().args(["plugin", "test"]).args(arguments));
        assert_eq!(ran.code, 2, "{arguments:?} {}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    };
    wrong(&["no-such-thing"], "there is no stage `no-such-thing`, and no file of this name");
    wrong(&["ingest.text"], "stages and filters are tested here");
    wrong(&[&path, "--options", "{"], "--options is no JSON");
    wrong(&[&path, "--document", "no-such-file"], "cannot read no-such-file");
    wrong(&[&path, "--time", "soon"], "--time");
    let quiet = folder.path().join("quiet.py");
    std::fs::write(&quiet, "").unwrap();
    wrong(&[quiet.to_str().unwrap()], "python3 ended with status 0 before it described itself");
}
