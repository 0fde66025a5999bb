//! Conditions and scripts in pipeline files: where mistakes are shown, what a run makes of them, and the examples of the manual.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::Path;

use docmill_tests::{Ran, RunFolder, docmill, root};
use serde_json::{Value, json};

/// A folder with two documents and this pipeline, whose `stages` these are.
fn folder(stages: &str, plugins: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("in")).unwrap();
    write("in/harbor.txt", "The harbor, the rail and the Harbor für alle: PORT-17, PORT-4.\n");
    write("in/note.txt", "Nothing here.\n");
    std::fs::copy(root().join("examples/script/terms.rhai"), folder.path().join("terms.rhai")).unwrap();
    let pipeline = format!(
        "version: 1\ninput: in\n{plugins}stages:\n  - ingest\n{stages}output:\n  - jsonl: out/documents.jsonl\n"
    );
    write("p.yaml", &pipeline);
    folder
}

fn check(folder: &Path) -> Ran {
    Ran::of(docmill().current_dir(folder).args(["check", "p.yaml"]))
}

fn ran(folder: &Path, out: &RunFolder, more: &[&str]) -> Ran {
    let mut command = docmill();
    command.current_dir(folder).args(["run", "p.yaml", "--quiet", "-o"]).arg(out.path()).args(more);
    Ran::of(&mut command)
}

/// The items of a list of stages, indented as in a pipeline.
fn indented(yaml: &str) -> String {
    yaml.lines().flat_map(|line| ["  ", line, "\n"]).collect()
}

/// What `check` says of these stages.
fn refused(stages: &str, plugins: &str, script: &str) -> String {
    let folder = folder(stages, plugins);
    std::fs::write(folder.path().join("own.rhai"), script).unwrap();
    let checked = check(folder.path());
    assert_eq!(checked.code, 2, "{}{}", checked.stdout, checked.stderr);
    checked.stdout + &checked.stderr
}

#[test]
fn mistakes_in_a_condition_are_shown_inside_the_scalar() {
    // `ingest` is in line 4, the first of these stages in line 5.
    for (stages, places) in [
        ("  - filter.where: { keep: 'title == ''x'' && tilte > 3' }\n", &["p.yaml:5:46"][..]),
        ("  - filter.where: { keep: \"title == \\\"x\\\" && wrods > 3\" }\n", &["p.yaml:5:46"]),
        (
            "  - filter.where:\n      keep: >\n        title == \"en\" &&\n        lang == \"de\" && wrods > 3\n",
            &["p.yaml:8:9", "p.yaml:8:25"],
        ),
        ("  - filter.where:\n      keep: |\n        title == 3\n", &["p.yaml:7:9"]),
        ("  - filter.where: { keep: language = 3 }\n", &["p.yaml:5:36"]),
    ] {
        let told = refused(stages, "", "");
        for place in places {
            assert!(told.contains(place), "{place}: {told}");
        }
    }
    let long = format!("  - filter.where: {{ keep: 'words > 1{}' }}\n", " && words > 1".repeat(200));
    assert!(refused(&long, "", "").contains("the condition is too long"));
}

#[test]
fn what_a_condition_asks_for_must_be_given_before() {
    let told = refused("  - filter.where: { keep: '\"energy\" in tags.topic' }\n", "", "");
    assert!(told.contains("needs tags of scheme topic") && told.contains("tag.topics"), "{told}");
}

#[test]
fn mistakes_in_a_script_are_shown_at_their_line_and_column() {
    let code = "  - script:\n      code: |\n        fn process(doc, options) {\n          let x = ;\n        }\n";
    let told = refused(code, "", "");
    assert!(told.contains("p.yaml:8:19"), "{told}");
    let own = "fn process(doc, options) {\n  let y = foo;\n}\n";
    let told = refused("  - script: { file: own.rhai }\n", "", own);
    assert!(told.contains("own.rhai:2:11: ") && told.contains("p.yaml:5:21"), "{told}");
    let plugins = "plugins:\n  own: { script: own.rhai }\n";
    let told = refused("  - own\n", plugins, &format!("fn describe() {{ #{{}} }}\n{own}"));
    assert!(told.contains("own.rhai:3:11: ") && told.contains("p.yaml:4:18"), "{told}");
    let told = refused("  - own\n", plugins, "fn describe() { eval(\"1\") }\nfn process(doc, options) { }\n");
    assert!(told.contains("own.rhai:1:17: ") && told.contains("eval"), "{told}");
}

#[test]
fn options_of_a_script_are_checked_by_its_schema_and_by_itself() {
    let plugins = "plugins: { terms: { script: terms.rhai } }\n";
    let told = refused("  - terms: { words: [Harbor], mni: 3 }\n", plugins, "");
    assert!(told.contains("mni") && told.contains("p.yaml:6"), "{told}");
    let told = refused("  - terms: { words: [harbor, rail, harbor] }\n", plugins, "");
    assert!(told.contains("\"harbor\" is there twice") && told.contains("p.yaml:6:36"), "{told}");
}

#[test]
fn the_ledger_says_what_a_condition_looked_at() {
    let folder = folder("  - filter.where: { keep: words > 3 }\n", "");
    let out = RunFolder::new();
    assert_eq!(ran(folder.path(), &out, &[]).code, 0);
    let reasons: Vec<Value> = out.lines("ledger.jsonl").iter().map(|entry| entry["reason"].clone()).collect();
    let expected = json!({"rule": "where", "measured": {"words": 2}, "threshold": "words > 3"});
    assert!(reasons.contains(&expected) && out.lines("documents.jsonl").len() == 1, "{reasons:?}");
}

#[test]
fn a_script_that_fails_costs_its_document() {
    let code = "  - script:\n      code: |\n        fn process(doc, options) {\n          if doc.text.contains(\"harbor\") { loop { let x = 1; } }\n        }\n";
    let folder = folder(code, "");
    let (first, second) = (RunFolder::new(), RunFolder::new());
    assert_eq!(ran(folder.path(), &first, &["--workers", "1"]).code, 3);
    assert_eq!(ran(folder.path(), &second, &["--workers", "8"]).code, 3);
    assert_eq!(first.text("quarantine.jsonl"), second.text("quarantine.jsonl"));
    let failed = first.text("quarantine.jsonl");
    assert!(failed.contains("code:2:") && failed.contains("steps (`limits.operations`)"), "{failed}");
    assert_eq!(first.lines("documents.jsonl").len(), 1);
}

#[test]
fn a_changed_script_is_worked_through_again() {
    let folder = folder("  - terms: { words: [harbor], min: 0 }\n", "plugins: { terms: { script: terms.rhai } }\n");
    let (out, cache) = (RunFolder::new(), tempfile::tempdir().unwrap());
    let cached = ["--cache", cache.path().to_str().unwrap()];
    let found = |out: &RunFolder| {
        assert_eq!(ran(folder.path(), out, &cached).code, 0);
        out.lines("documents.jsonl")[0]["meta"]["terms"].clone()
    };
    assert_eq!((found(&out), found(&out)), (json!(1), json!(1)));
    let script = folder.path().join("terms.rhai");
    let changed = std::fs::read_to_string(&script).unwrap().replace("terms: tags.len()", "terms: 40 + tags.len()");
    std::fs::write(&script, changed).unwrap();
    assert_eq!(found(&out), json!(41));
}

/// The blocks of YAML between two headings of the manual.
fn examples(from: &str, to: &str) -> Vec<String> {
    let manual = std::fs::read_to_string(root().join("docs/manual.md")).unwrap();
    let (_, section) = manual.split_once(from).unwrap();
    let (section, _) = section.split_once(to).unwrap();
    section.split("```yaml\n").skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_examples_of_the_manual_run() {
    let examples = examples("### A condition as a filter\n", "### Paths\n");
    let [condition, script, plugin] = examples.as_slice() else { panic!("three examples: {examples:?}") };
    let records = |stages: &str, plugins: &str| {
        let (folder, out) = (folder(stages, plugins), RunFolder::new());
        let ran = ran(folder.path(), &out, &[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        out.lines("documents.jsonl")
    };
    assert_eq!(records(&indented(condition), "").len(), 0);
    let found = records(&indented(script), "");
    assert_eq!((&found[0]["meta"]["tickets"], &found[1]["meta"]["tickets"]), (&json!(2), &json!(0)));
    assert_eq!(found[0]["annotations"][0]["text"], "PORT-17");
    let (plugins, stages) = plugin.split_once("stages:\n  - ingest\n").unwrap();
    let kept = records(stages, plugins);
    assert_eq!((kept.len(), &kept[0]["measures"]["terms"]), (1, &json!(3)));
}
