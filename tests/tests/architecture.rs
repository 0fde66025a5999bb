//! Dependencies between the crates run one way: see ARCHITECTURE.md.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::BTreeMap;

use docmill_tests::root;

/// What each crate may stand on.
const MAY_USE: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("sequence", &[]),
    ("train", &["sequence"]),
    ("analysis", &["core", "sequence"]),
    ("config", &["core", "expression"]),
    ("expression", &["core"]),
    ("files", &["core"]),
    ("spill", &[]),
    ("cache", &[]),
    ("isolation", &["core"]),
    ("plugin", &["core", "isolation"]),
    ("wasm", &["core", "files"]),
    ("engine", &["core", "files", "isolation", "spill", "cache"]),
    ("ingest", &["core", "analysis", "spill"]),
    ("objects", &["core", "ingest", "spill"]),
    ("office", &["core", "ingest"]),
    ("pdf", &["core"]),
    ("archive", &["core"]),
    ("tables", &["core", "ingest"]),
    ("normalize", &["core", "analysis", "spill"]),
    ("tag", &["core", "analysis", "sequence", "spill"]),
    ("summarize", &["core", "analysis", "spill"]),
    ("llm", &["core", "analysis"]),
    ("output", &["core", "files", "spill"]),
    (
        "cli",
        &[
            "archive",
            "cache",
            "core",
            "analysis",
            "config",
            "engine",
            "expression",
            "files",
            "isolation",
            "ingest",
            "llm",
            "normalize",
            "objects",
            "office",
            "pdf",
            "tables",
            "tag",
            "summarize",
            "output",
            "plugin",
            "wasm",
        ],
    ),
];

#[test]
fn crates_stand_on_the_crates_that_they_may() {
    let allowed: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let may_use = allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name} is not in the table"));
        let dependencies = manifest.split("[dev-dependencies]").next().unwrap();
        for line in dependencies.lines() {
            let Some(used) = line.strip_prefix("docmill-").and_then(|line| line.split(['.', ' ', '=']).next()) else {
                continue;
            };
            assert!(may_use.contains(&used), "{name} uses {used}");
        }
    }
}

#[test]
fn the_engine_and_the_command_name_no_stage() {
    let registry = docmill_cli::registry();
    for folder in ["crates/engine/src", "crates/cli/src"] {
        // What stands in the place of a part that was left out names it.
        let files = docmill_tests::files_below(&root().join(folder)).into_iter();
        for file in files.filter(|file| !file.to_string_lossy().ends_with("_off.rs")) {
            let text = std::fs::read_to_string(&file).unwrap();
            let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            // The key of a kind of plugin may be the name of a stage too: `script`.
            let is_kind = |name: &str| registry.openers().iter().any(|opener| opener.key() == name);
            for entry in registry.entries().filter(|entry| !is_kind(entry.name())) {
                assert!(!code.contains(&format!("\"{}\"", entry.name())), "{} names {}", file.display(), entry.name());
            }
        }
    }
}
