//! What comes of a file of each format, pinned: the records of all of `fixtures/formats`, and what became of the rest.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use docmill_tests::{Ran, RunFolder, docmill};
use serde_json::Value;

const PIPELINE: &str = "\
version: 1
input: [{ path: fixtures/formats, exclude: ['make_*'] }]
stages:
  - ingest
  - tag.dates
  - tag.money
  - tag.quantities
output:
  - jsonl: { path: documents.jsonl, offsets: codepoint }
";

#[test]
fn a_file_of_each_format_gives_the_records_that_are_pinned() {
    let out = RunFolder::new();
    let file = out.path().with_extension("yaml");
    std::fs::write(&file, PIPELINE.replace("fixtures", &docmill_tests::fixture("").to_string_lossy())).unwrap();
    let ran =
        Ran::of(docmill().arg("run").arg(&file).args(["--quiet", "--allow-failures", "100%", "-o"]).arg(out.path()));
    assert!(ran.code == 0 || ran.code == 3, "{}", ran.stderr);
    let mut shown: BTreeMap<String, String> = BTreeMap::new();
    for record in out.lines("documents.jsonl") {
        let uri = record["source"]["uri"].as_str().unwrap();
        let name = uri.trim_start_matches("formats/").split(['!', '#']).next().unwrap();
        shown.entry(name.to_owned()).or_default().push_str(&gist(&record));
    }
    assert!(shown.len() > 30, "{:?}", shown.keys());
    for (name, gist) in shown {
        insta::assert_snapshot!(name.replace(['.', '-'], "_"), gist);
    }
    let mut others = String::new();
    for entry in out.lines("ledger.jsonl").into_iter().filter(|entry| entry["outcome"] != "written") {
        writeln!(others, "{} {}", entry["uri"].as_str().unwrap(), entry["reason"]).unwrap();
    }
    insta::assert_snapshot!("what_is_not_written", others);
}

/// A record in short: what it is, its metadata, its blocks, and what was found in it with its places.
fn gist(record: &Value) -> String {
    let source = &record["source"];
    let mut gist = format!("# {} {}\n", source["uri"], source["media_type"]);
    for (key, value) in record["meta"].as_object().into_iter().flatten() {
        writeln!(gist, "{key}: {value}").unwrap();
    }
    for warning in record["warnings"].as_array().into_iter().flatten() {
        writeln!(gist, "warning: {warning}").unwrap();
    }
    let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    for block in record["blocks"].as_array().into_iter().flatten() {
        let offset = |name: &str| usize::try_from(block[name].as_u64().unwrap()).unwrap();
        let words: String = text[offset("start")..offset("end")].iter().collect();
        writeln!(gist, "{} {words:?}", block["kind"].as_str().unwrap()).unwrap();
    }
    for annotation in record["annotations"].as_array().into_iter().flatten() {
        let place = annotation["source"].as_object().unwrap().iter();
        let place = place.filter(|(key, _)| !["start", "end", "column"].contains(&key.as_str()));
        let place: Vec<String> = place.map(|(key, value)| format!("{key} {value}")).collect();
        writeln!(gist, "{} {} [{}]", annotation["kind"].as_str().unwrap(), annotation["text"], place.join(", "))
            .unwrap();
    }
    gist
}
