//! A pipeline with a stage that is a WebAssembly component, through the binary.
//!
//! `cargo test -p docmill-tests --features wasm --test wasm`

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::Path;
use std::process::Command;

use docmill_tests::{Ran, RunFolder, binary, root};
use serde_json::json;

/// Documents, and a pipeline that counts terms in them.
fn case(settings: &str, options: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    std::fs::create_dir(&docs).unwrap();
    for (name, text) in [
        ("a.txt", "Der Hafen, the Harbor, die Größe: RAIL and harbor."),
        ("b.txt", "Nothing of it stands here, and so this one goes no further."),
    ] {
        std::fs::write(docs.join(name), text).unwrap();
    }
    let wasm = root().join("examples/wasm/rust/terms.wasm");
    let wasm = wasm.display();
    let text = format!(
        "version: 1\ninput: [docs]\nplugins:\n  terms: {{ wasm: {wasm}{settings} }}\nstages:\n  - ingest\n  - terms: {options}\n\
         output:\n  - jsonl: documents.jsonl\n"
    );
    std::fs::write(folder.path().join("p.yaml"), text).unwrap();
    folder
}

fn docmill(folder: &Path) -> Command {
    let mut command = Command::new(binary());
    command.current_dir(folder).env("DOCMILL_CACHE", folder.join("cache"));
    command
}

fn run(folder: &Path) -> (Ran, RunFolder) {
    let out = RunFolder::new();
    let mut command = docmill(folder);
    let ran = Ran::of(command.args(["run", "p.yaml", "--quiet", "-o"]).arg(out.path()));
    (ran, out)
}

#[test]
fn a_component_is_a_stage_like_any_other() {
    let folder = case("", "{ words: [harbor, rail], upper: true }");
    let (ran, out) = run(folder.path());
    assert_eq!(ran.code, 0, "{}", ran.stderr);

    let written = out.lines("documents.jsonl");
    let [record] = written.as_slice() else { panic!("{written:?}") };
    assert_eq!(record["text"], "Der Hafen, the HARBOR, die Größe: RAIL and HARBOR.");
    assert_eq!(record["measures"]["terms"], 3.0);
    assert_eq!(record["meta"]["terms"], 2);
    let labels: Vec<_> = record["tags"].as_array().unwrap().iter().map(|tag| [&tag["label"], &tag["score"]]).collect();
    assert_eq!(json!(labels), json!([["harbor", 0.6667], ["rail", 0.3333]]));
    let rail = &record["annotations"][1];
    assert_eq!((&rail["value"], &rail["by"]), (&json!({"word": "rail"}), &json!("terms")));

    let dropped = out.lines("ledger.jsonl").into_iter().find(|line| line["uri"].as_str().unwrap().ends_with("b.txt"));
    let dropped = dropped.unwrap();
    assert_eq!(dropped["reason"], json!({"rule": "terms.min", "measured": 0, "threshold": 1}), "{dropped}");
}

#[test]
fn what_was_compiled_is_kept_beside_the_caches_of_runs_and_pruned_with_them() {
    let folder = case("", "{ words: [harbor] }");
    let compiles = || {
        let out = RunFolder::new();
        let mut command = docmill(folder.path());
        command.args(["run", "p.yaml", "--no-cache", "-o"]).arg(out.path()).env("DOCMILL_LOG", "info");
        let ran = Ran::of(&mut command);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stderr.contains("compiling terms.wasm")
    };
    let cache = |arguments: &[&str]| {
        let ran = Ran::of(docmill(folder.path()).arg("cache").args(arguments));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    assert!(compiles());
    assert!(!compiles());
    let shown = cache(&[]);
    assert!(shown.contains("compiled components: ") && shown.contains(" in 1\n"), "{shown}");
    assert_eq!(cache(&["prune"]), "");
    assert!(!compiles(), "it was just used");
    assert_eq!(cache(&["prune", "--all"]), "1 compiled components removed\n");
    assert!(compiles());
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let folder = case(", memory: 1KiB", "{ words: [harbor] }");
    let ran = Ran::of(docmill(folder.path()).args(["check", "p.yaml"]));
    assert_ne!(ran.code, 0);
    assert!(ran.stderr.contains("p.yaml:4:") && ran.stderr.contains("expected 64KiB at least"), "{}", ran.stderr);

    let folder = case("", "{ words: [harbor, rail, harbor] }");
    let ran = Ran::of(docmill(folder.path()).args(["check", "p.yaml"]));
    assert_ne!(ran.code, 0);
    assert!(ran.stderr.contains("p.yaml:7:36"), "{}", ran.stderr);
    assert!(ran.stderr.contains("\"harbor\" is there twice"), "{}", ran.stderr);
}

#[test]
fn a_document_that_takes_too_much_is_in_quarantine_with_the_reason() {
    let folder = case(", fuel: 1000", "{ words: [harbor], min: 0 }");
    let (ran, out) = run(folder.path());
    let quarantine = out.lines("quarantine.jsonl");
    assert_eq!(quarantine.len(), 2, "{}", ran.stderr);
    for line in quarantine {
        assert_eq!(line["error"], json!(["the work on it is over fuel = 1000"]), "{line}");
    }
}

/// What a pipeline with the plugin `acme.terms` writes over the newsroom.
fn newsroom(plugin: &str) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "version: 1\nplugins: {{ acme.terms: {plugin} }}\ninput: [{}]\nstages:\n  - ingest\n  - normalize\n  - acme.terms: {{ \
         words: [port, harbor, the, \"2014\", a], upper: true }}\noutput:\n  - jsonl: documents.jsonl\n",
        root().join("fixtures/newsroom").display()
    );
    std::fs::write(folder.path().join("p.yaml"), text).unwrap();
    let (ran, out) = run(folder.path());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(out.lines("documents.jsonl").iter().any(|record| record["tags"][0]["scheme"] == "term"));
    out.files()
}

#[test]
fn a_component_writes_the_same_bytes_as_a_script_and_a_process() {
    let component = newsroom(&format!("{{ wasm: {} }}", root().join("examples/wasm/rust/terms.wasm").display()));
    assert_eq!(newsroom(&format!("{{ script: {} }}", root().join("examples/script/terms.rhai").display())), component);
    let process = format!("{{ process: [python3, {}] }}", root().join("examples/process/terms.py").display());
    assert_eq!(newsroom(&process), component);
}

#[test]
fn the_component_passes_the_conformance_suite() {
    let folder = tempfile::tempdir().unwrap();
    let component = root().join("examples/wasm/rust/terms.wasm");
    let mut command = docmill(folder.path());
    command
        .args(["plugin", "test", "--time", "60s", "--options", r#"{"words": ["harbor", "rail"], "upper": true}"#])
        .arg(component);
    let ran = Ran::of(&mut command);
    assert!(ran.code == 0 && ran.stdout.ends_with("\n10 passed, 0 failed\n"), "{}{}", ran.stdout, ran.stderr);
}
