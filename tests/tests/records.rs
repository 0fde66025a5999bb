//! The run folder and its records, held against their schemas and against themselves.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use docmill_tests::{RunFolder, run};
use serde_json::Value;

fn folder_of(arguments: &[&str]) -> RunFolder {
    let out = RunFolder::new();
    let path = out.path();
    let path = path.to_string_lossy();
    let ran = run(arguments.iter().copied().chain(["-o", &path, "--quiet"]));
    assert!(ran.code == 0 || ran.code == 3, "{}", ran.stderr);
    out
}

fn validator(of: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&run(["schema", of]).stdout).unwrap();
    jsonschema::validator_for(&schema).expect("the schema is a JSON Schema")
}

fn assert_valid(validator: &jsonschema::Validator, value: &Value) {
    let errors: Vec<_> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
}

#[test]
fn everything_in_the_run_folder_is_what_its_schema_says() {
    let out = folder_of(&["run", "fixtures/newsroom", "fixtures/quarantine", "fixtures/tickets", "fixtures/mail"]);
    for (schema, file) in
        [("record", "documents.jsonl"), ("ledger", "ledger.jsonl"), ("quarantine", "quarantine.jsonl")]
    {
        let (validator, lines) = (validator(schema), out.lines(file));
        assert!(!lines.is_empty(), "{file}");
        for line in &lines {
            assert_valid(&validator, line);
        }
    }
    assert_valid(&validator("manifest"), &out.json("manifest.json"));
}

#[test]
fn found_is_written_and_dropped_and_duplicates_and_quarantined() {
    for arguments in [vec!["run", "fixtures"], vec!["run", "pipelines/corpus.yaml"]] {
        let out = folder_of(&arguments);
        let counts = out.json("manifest.json")["counts"].clone();
        let ledger = out.lines("ledger.jsonl");
        let of = |outcome: &str| ledger.iter().filter(|entry| entry["outcome"] == outcome).count() as u64;
        let sums = ["written", "dropped", "duplicate", "quarantined"].map(of);
        assert_eq!(counts["found"], sums.iter().sum::<u64>());
        assert_eq!(
            [&counts["written"], &counts["dropped"], &counts["duplicates"], &counts["quarantined"]].map(Value::as_u64),
            sums.map(Some)
        );
        assert_eq!(out.lines("quarantine.jsonl").len() as u64, sums[3]);
        let mut ids: Vec<_> = ledger.iter().map(|entry| entry["id"].to_string()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), ledger.len(), "an id stands twice in the ledger");
    }
}

#[test]
fn a_reader_of_the_jsonl_can_check_every_span_in_every_unit() {
    for unit in ["utf8", "codepoint", "utf16"] {
        let out = RunFolder::new();
        let pipeline = out.path().with_extension("yaml");
        let text = format!(
            "version: 1\nstages: [ingest, normalize, tag, summarize, tag.pii]\noutput:\n  - jsonl: {{ path: out/documents.jsonl, offsets: {unit} }}\n"
        );
        std::fs::write(&pipeline, text).unwrap();
        let ran = run([
            "run".as_ref(),
            pipeline.as_os_str(),
            "fixtures".as_ref(),
            "-o".as_ref(),
            out.path().as_os_str(),
            "--quiet".as_ref(),
        ]);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        let records = out.lines("documents.jsonl");
        assert!(records.len() > 60);
        for record in &records {
            assert_eq!(record["offsets"], unit);
            docmill_output::check_record(record)
                .unwrap_or_else(|errors| panic!("{}: {errors:#?}", record["source"]["uri"]));
        }
    }
}

#[test]
fn the_manifest_leads_to_the_hash_of_each_file() {
    let out = folder_of(&["run", "pipelines/press.yaml"]);
    let manifest = out.json("manifest.json");
    let check = |file: &Value, path: &std::path::Path| {
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(file["hash"], docmill_core::content_hash(&bytes), "{}", path.display());
        assert_eq!(file["bytes"], bytes.len() as u64);
    };
    let mut known = 0;
    for file in manifest["files"].as_array().unwrap() {
        let path = std::path::Path::new(file["path"].as_str().unwrap());
        check(file, path);
        known += 1;
        // A folder of many files has an index of its own, which the manifest holds the hash of.
        if path.file_name().is_some_and(|name| name == ".docmill-index.jsonl") {
            for line in std::fs::read_to_string(path).unwrap().lines() {
                let listed: Value = serde_json::from_str(line).unwrap();
                check(&listed, &path.with_file_name(listed["path"].as_str().unwrap()));
                known += 1;
            }
        }
    }
    assert_eq!(known, out.files().len(), "{manifest:#}");
}
