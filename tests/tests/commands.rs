//! The commands beside `run`, and how `run` is called.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::io::{BufRead as _, Write as _};
use std::process::Stdio;

use docmill_tests::{RunFolder, docmill, run};
use serde_json::Value;

#[test]
fn a_wrong_pipeline_is_refused_with_every_mistake_and_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.yaml");
    let text = "version: 1\nvars: { top: 3 }\nstages:\n  - ingest\n  - tag.keyphrase: { top: \"${topp}\" }\n  - tag.keyphrases: { topp: 3, max_words: 99 }\n  - tag.money:\n    when: langauge == \"en\"\noutput:\n  - jsonl: out/a.jsonl\n  - jsonl: out/a.jsonl\n";
    std::fs::write(&file, text).unwrap();
    let out = RunFolder::new();
    for command in [
        vec!["check".into(), file.clone().into_os_string()],
        vec![
            "run".into(),
            file.clone().into_os_string(),
            "fixtures/press".into(),
            "-o".into(),
            out.path().into_os_string(),
        ],
    ] {
        let ran = run(command);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        for expected in ["wrong.yaml:5:5", "tag.keyphrases", "wrong.yaml:6:", "`topp`", "99", "wrong.yaml:8:"] {
            assert!(ran.stderr.contains(expected), "{expected} is not in\n{}", ran.stderr);
        }
    }
    assert!(!out.path().exists(), "a wrong pipeline leaves nothing");
}

#[test]
fn a_right_pipeline_is_right() {
    let ran = run(["check", "pipelines/briefing.yaml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    assert_eq!(run(["check"]).code, 0, "the built-in pipeline");
}

#[test]
fn a_binary_without_components_says_how_to_get_one_that_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.yaml");
    let text = "version: 1\ninput: [docs]\nplugins:\n  terms: { wasm: terms.wasm }\nstages: [ingest, terms]\n\
                output:\n  - jsonl: a.jsonl\n";
    std::fs::write(&file, text).unwrap();
    let ran = run(["check".as_ref(), file.as_os_str()]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for expected in ["p.yaml:4:18", "built without WebAssembly components", "`--features wasm`"] {
        assert!(ran.stderr.contains(expected), "{expected} is not in\n{}", ran.stderr);
    }
}

#[test]
fn a_binary_that_opens_no_connection_says_how_to_get_one_that_does() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.yaml");
    for (input, place) in [("[s3://press/in/]", "p.yaml:2:9"), ("[{ url: \"gs://press\", region: x }]", "p.yaml:2:9")] {
        std::fs::write(&file, format!("version: 1\ninput: {input}\nstages: [ingest]\n")).unwrap();
        let ran = run(["check".as_ref(), file.as_os_str()]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        for expected in [place, "nothing in this build reads `", "`--features objects`"] {
            assert!(ran.stderr.contains(expected), "{expected} is not in\n{}", ran.stderr);
        }
    }
    let ran = run(["run", "https://press.example/notes.yaml"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("`--features objects`"), "{}", ran.stderr);
}

#[test]
fn variables_are_set_from_the_command_line() {
    let ran = run(["check", "pipelines/briefing.yaml", "--expand", "--set", "phrases=3"]);
    assert!(ran.stdout.contains("top: 3"), "{}", ran.stdout);
    let ran = run(["check", "pipelines/briefing.yaml", "--set", "phrase=3"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("phrases"), "{}", ran.stderr);
}

#[test]
fn a_document_comes_from_standard_input() {
    let out = RunFolder::new();
    let mut child =
        docmill().args(["run", "-", "--quiet", "-o"]).arg(out.path()).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"The ferry to Port Calder was late on 3 March 2016.").unwrap();
    assert!(child.wait().unwrap().success());
    let record = &out.lines("documents.jsonl")[0];
    assert!(
        record["annotations"].as_array().unwrap().iter().any(|found| found["value"]["date"] == "2016-03-03"),
        "{record:#}"
    );
}

#[test]
fn the_summary_for_people_goes_to_standard_error_and_the_manifest_to_standard_output() {
    let out = RunFolder::new();
    let ran = run(["run".into(), "fixtures/press".into(), "-o".into(), out.path().into_os_string()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    for part in ["6 documents", "6 written", "Topics: ", "documents.jsonl", "manifest.json"] {
        assert!(ran.stderr.contains(part), "{part} is not in\n{}", ran.stderr);
    }
    let ran = run(["run".into(), "fixtures/press".into(), "--json".into(), "-o".into(), out.path().into_os_string()]);
    let manifest: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&manifest["counts"]["written"], ran.stderr.as_str()), (&Value::from(6), ""));
}

#[test]
fn stages_lists_all_and_shows_one() {
    let ran = run(["stages"]);
    for name in ["ingest.html", "normalize.unicode", "tag.citations", "summarize.extractive", "output.jsonl"] {
        assert!(ran.stdout.contains(name), "{name}");
    }
    let ran = run(["stages", "tag.keyphrases"]);
    assert!(ran.stdout.contains("- `top` (integer, 1 to 1000; default `10`): "), "{}", ran.stdout);
    let ran = run(["stages", "tag.moneey"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean `tag.money`?"), "{}", ran.stderr);
    let listed: Value = serde_json::from_str(&run(["stages", "--json"]).stdout).unwrap();
    assert!(listed.as_array().unwrap().len() > 20);
}

#[test]
fn try_shows_what_each_stage_does() {
    let ran = run(["try", "fixtures/newsroom/letter-windows1252.txt"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for part in ["windows-1252", "ingest.text", "tag.language", "language: en", "summarize.extractive", "finished: "] {
        assert!(ran.stdout.contains(part), "{part} is not in\n{}", ran.stdout);
    }
    let ran = run(["try", "fixtures/quarantine/image.txt"]);
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.contains("quarantined"), "{}", ran.stdout);
}

#[test]
fn an_unknown_command_is_a_mistake_of_the_command_line() {
    assert_eq!(run(["rum"]).code, 2);
    assert_eq!(run(["run", "fixtures/press", "--workers", "0"]).code, 2);
    assert_eq!(run(["run", "fixtures/press", "--memory", "much"]).code, 2);
    assert_eq!(run(["run", "fixtures/press", "--allow-failures", "some"]).code, 2);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_run_with_130_and_leaves_no_output() {
    let out = RunFolder::new();
    let mut child = docmill()
        .args(["run", "-", "-o"])
        .arg(out.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The run waits for its input, so that it is at work for as long as this end is open; once its temporary files are
    // there, it listens for signals.
    while std::fs::read_dir(out.path()).map_or(0, Iterator::count) == 0 {
        std::thread::yield_now();
    }
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let mut said = String::new();
    std::io::BufReader::new(child.stderr.take().unwrap()).read_line(&mut said).unwrap();
    assert!(said.starts_with("interrupted"), "{said}");
    drop(child.stdin.take());
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130));
    assert_eq!(std::fs::read_dir(out.path()).map_or(0, Iterator::count), 0, "temporary files are left");
}
