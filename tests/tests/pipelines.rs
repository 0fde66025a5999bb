//! Every pipeline under `pipelines/` runs, is what the schema says, and its outputs are pinned.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::fmt::Write as _;
use std::path::Path;

use docmill_tests::{RunFolder, digest, files_below, root, run};
use serde_json::Value;

/// Runs a pipeline over its own input, and gives the gist of all that it wrote.
fn pinned(name: &str) -> String {
    let out = RunFolder::new();
    let file = format!("pipelines/{name}.yaml");
    let ran = run(["run".into(), file.into(), "-o".into(), out.path().into_os_string(), "--quiet".into()]);
    assert!(ran.code == 0 || ran.code == 3, "{}", ran.stderr);
    let mut gist = format!("exit status {}\n", ran.code);
    for (path, bytes) in out.files() {
        let text = String::from_utf8(bytes).expect("these outputs are text");
        if path == Path::new("ledger.jsonl") {
            gist.push_str("\n== ledger.jsonl\n");
            for entry in out.lines("ledger.jsonl") {
                let because = if entry["reason"].is_null() {
                    String::new()
                } else {
                    format!(" {} {}", entry["stage"], entry["reason"])
                };
                writeln!(gist, "{} {}{because}", entry["uri"], entry["outcome"]).unwrap();
            }
        } else if path.extension().is_some_and(|extension| extension == "jsonl") && !is_list(&path) {
            write!(gist, "\n== {}\n", path.display()).unwrap();
            for line in text.lines() {
                writeln!(gist, "{}", digest(&serde_json::from_str(line).unwrap())).unwrap();
            }
        } else {
            write!(gist, "\n== {} ({} lines)\n", path.display(), text.lines().count()).unwrap();
        }
    }
    let manifest = out.json("manifest.json");
    gist.push_str("\n== hashes\n");
    for file in manifest["files"].as_array().unwrap() {
        let path = Path::new(file["path"].as_str().unwrap());
        let name = path.strip_prefix(out.path()).unwrap_or(path);
        writeln!(gist, "{} {}", name.display(), file["hash"].as_str().unwrap()).unwrap();
    }
    gist
}

/// Whether a JSONL file holds something else than records.
fn is_list(path: &Path) -> bool {
    path == Path::new("quarantine.jsonl") || path.ends_with(".docmill-index.jsonl")
}

#[test]
fn briefing() {
    insta::assert_snapshot!(pinned("briefing"));
}

#[test]
fn corpus() {
    insta::assert_snapshot!(pinned("corpus"));
}

#[test]
fn outlets() {
    insta::assert_snapshot!(pinned("digest"));
}

#[test]
fn press() {
    insta::assert_snapshot!(pinned("press"));
}

#[test]
fn redact() {
    insta::assert_snapshot!(pinned("redact"));
}

#[test]
fn tickets() {
    insta::assert_snapshot!(pinned("tickets"));
}

#[test]
fn every_pipeline_is_what_the_schema_says() {
    let ran = run(["schema"]);
    let schema: Value = serde_json::from_str(&ran.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).expect("the schema is a JSON Schema");
    let mut seen = 0;
    for file in files_below(&root().join("pipelines")) {
        let name = file.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        if file.extension().is_none_or(|extension| extension != "yaml") || name.contains("taxonomies") {
            continue;
        }
        seen += 1;
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(
            text.starts_with("# yaml-language-server: $schema=pipeline.schema.json\n"),
            "{name} points at no schema"
        );
        let value: Value = serde_yaml::from_str(&text).unwrap();
        let errors: Vec<_> =
            validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        assert_eq!(run(["check", &name]).code, 0, "{name}");
    }
    assert!(seen >= 6);
    for wrong in ["version: 1\nstages: [ingest]\nstagez: []", "version: 1\nstages: [{tag.keyphrases: {top: many}}]"] {
        assert!(!validator.is_valid(&serde_yaml::from_str(wrong).unwrap()), "{wrong}");
    }
}

#[test]
fn the_schema_beside_the_pipelines_is_the_current_one() {
    let kept = std::fs::read_to_string(root().join("pipelines/pipeline.schema.json")).unwrap();
    let current = run(["schema"]).stdout;
    assert!(kept == current, "run `cargo run --all-features -- schema > pipelines/pipeline.schema.json`");
}

#[test]
fn the_expanded_pipeline_is_a_pipeline_with_the_same_outputs() {
    let out = RunFolder::new();
    let expanded = run(["check", "pipelines/briefing.yaml", "--expand"]);
    assert_eq!(expanded.code, 0, "{}", expanded.stderr);
    let file = out.path().with_extension("yaml");
    std::fs::write(&file, &expanded.stdout).unwrap();
    let fingerprint = |arguments: &[&std::ffi::OsStr]| {
        let ran = run(arguments);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        out.json("manifest.json")["files"].as_array().unwrap()[0]["hash"].clone()
    };
    let (path, run) = (out.path(), "run".as_ref());
    let first = fingerprint(&[run, "pipelines/briefing.yaml".as_ref(), "-o".as_ref(), path.as_os_str()]);
    let second = fingerprint(&[run, file.as_os_str(), "-o".as_ref(), path.as_os_str()]);
    assert_eq!(first, second, "{}", expanded.stdout);
}

#[test]
fn the_pages_of_the_stages_in_the_manual_are_the_current_ones() {
    let kept = std::fs::read_to_string(root().join("docs/stages.md")).unwrap();
    let current = format!("# The stages of docmill\n\n{}", run(["stages", "--pages"]).stdout);
    assert!(
        kept == current,
        "run `{{ printf '# The stages of docmill\\n\\n'; cargo run --all-features -- stages --pages; }} > docs/stages.md`"
    );
}

/// A pipeline around an example of the page of `component`: what the example leaves out is added.
fn around(component: &str, example: &str) -> String {
    let indented = |example: &str| format!("  {}\n", example.trim_end().replace('\n', "\n  "));
    let mut parts = std::collections::BTreeMap::from([
        ("input", "input: docs\n".to_owned()),
        ("stages", "stages:\n  - ingest\n  - normalize\n  - tag\n  - summarize\n".to_owned()),
        ("output", "output:\n  - jsonl: out/documents.jsonl\n".to_owned()),
    ]);
    let family = component.split('.').next().unwrap();
    if component == "output.digest" {
        parts.entry("stages").and_modify(|stages| stages.push_str("  - summarize.digest\n"));
    }
    if let Some((key, _)) = example.split_once(":\n").filter(|(key, _)| parts.contains_key(key)) {
        parts.remove(key);
    } else if family == "input" || family == "output" {
        parts.insert(family, format!("{family}:\n{}", indented(example)));
        return format!("version: 1\n{}", parts.into_values().collect::<String>());
    } else {
        parts.entry("stages").and_modify(|stages| stages.push_str(&indented(example)));
        return format!("version: 1\n{}", parts.into_values().collect::<String>());
    }
    format!("version: 1\n{}{example}", parts.into_values().collect::<String>())
}

#[test]
fn the_examples_on_the_pages_of_the_stages_are_right() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["docs", "reports"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    std::fs::write(folder.path().join("ports.csv"), "term,id\nPort Calder,P-1\n").unwrap();
    let pages = run(["stages", "--pages"]).stdout;
    let mut seen = 0;
    for page in pages.split("## ").skip(1) {
        let component = page.lines().next().unwrap();
        for example in page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
            let file = folder.path().join("example.yaml");
            std::fs::write(&file, around(component, example)).unwrap();
            let mut check = docmill_tests::docmill();
            // What an example takes from the environment is there.
            let variables = example.split("${env:").skip(1).map(|rest| rest.split(['}', ':']).next().unwrap());
            check.envs(variables.map(|variable| (variable, "value")));
            let ran = docmill_tests::Ran::of(check.current_dir(folder.path()).arg("check").arg(&file));
            assert_eq!(ran.code, 0, "{component}: {}", ran.stderr);
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}
