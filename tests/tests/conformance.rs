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
    let ran = Ran::of(docmill().current_dir(folder).args(["plugin", "test", "--json"]).args(arguments));
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
}

#[test]
fn what_a_plugin_does_wrong_is_told_of_by_the_check_that_is_for_it() {
    let one = |answer: &str, more: &str| {
        let failed = failed(answer, more);
        assert!(!failed.is_empty(), "{answer} {more}");
        failed
    };
    let found = |failed: &[(String, String)], name: &str, why: &str| {
        assert!(failed.iter().any(|(check, said)| check == name && said.contains(why)), "{name}, {why}: {failed:?}");
    };
    let word = r#"{"annotations": [{"kind": "word", "start": s, "end": s + 6} for s in [i for i in range(len(text)) if text.startswith("harbor", i)]]}"#;
    let utf16 = word.replace("s + 6}", "u(text, s + 6)}").replace("\"start\": s,", "\"start\": u(text, s),");
    let counting = "u = lambda text, at: len(text[:at].encode('utf-16-le')) // 2\n";
    found(&one(&utf16, counting), "counts offsets as it says", "it counts UTF-16 units, and says that it counts code points");
    assert_eq!(failed(word, ""), []);

    let counts = one(r#"{"measures": {"n": len(seen)}}"#, "");
    found(&counts, "does not look at other documents", "it answers otherwise for: ");
    let random = one(r#"{"measures": {"n": random.random()}}"#, "import random\n");
    found(&random, "answers the same to the same document", "it answers otherwise for: prose, ");
    let per_process = one(r#"{"measures": {"n": os.getpid()}}"#, "import os\n");
    found(&per_process, "goes on after a restart", "it answers otherwise for: ");

    found(&one(r#"{"measures": {"m": 1}}"#, ""), "works on documents of all kinds", "measures.m");
    let printing = one(r#"print("now working") or {}"#, "");
    found(&printing, "works on documents of all kinds", "what is no message of the protocol");
    let dying = one("{} if text else sys.exit('nothing there')", "");
    found(&dying, "works on documents of all kinds", "empty: python3 ended with status 1; it said: nothing there");
    found(&one("{}", "stage['summary'] = ''\n"), "describes itself", "it does not say: a summary");
    let lingering = "import atexit\natexit.register(time.sleep, 60)\n";
    found(&one("{}", lingering), "ends when it is asked to", "it took longer than 1.5s, and was told to");
}

#[test]
fn an_answer_that_is_said_to_vary_may_vary() {
    let more = "import random\nstage['deterministic'] = False\n";
    assert_eq!(failed(r#"{"measures": {"n": random.random()}}"#, more), []);
}

#[test]
fn what_found_nothing_has_not_shown_its_offsets() {
    let folder = tempfile::tempdir().unwrap();
    let answer = r#"{"annotations": [{"kind": "word", "start": 0, "end": 3}] if "zebra" in text else []}"#;
    let path = plugin(folder.path(), answer, "");
    let offsets = |arguments: &[&str]| {
        let checks = checks(arguments, folder.path());
        checks.into_iter().find(|(name, _, _)| name == "counts offsets as it says").unwrap()
    };
    let (_, outcome, detail) = offsets(&[&path]);
    assert_eq!(outcome, "unseen");
    assert!(detail.contains("--document"), "{detail}");
    std::fs::write(folder.path().join("zoo.txt"), "A zebra came.").unwrap();
    assert_ne!(offsets(&[&path, "--document", "zoo.txt"]).1, "unseen");
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
