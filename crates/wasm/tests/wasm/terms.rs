//! The guests in `examples/wasm`: `acme.terms` in three languages.

use std::fs;
use std::path::Path;

use docmill_core::contract::{Answer, Given};
use docmill_core::{Context, Document, Field, Offsets};
use docmill_wasm::{CacheFolder, Wasm};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Started, examples, open, rust_guest};

/// Texts, and what is said to them with the options. Offsets in bytes.
fn cases() -> Vec<(&'static str, Value, Value)> {
    let options = |min: u64, upper: bool| json!({"words": ["harbor", "rail", "5g"], "min": min, "upper": upper});
    let place = |word: &str, start: usize, end: usize| json!({"kind": "term", "start": start, "end": end, "value": {"word": word}, "score": 1.0});
    vec![
        (
            "The Harbor, the RAIL and the harbor.",
            options(1, true),
            json!({
                "edits": [{"start": 4, "end": 10, "text": "HARBOR"}, {"start": 29, "end": 35, "text": "HARBOR"}],
                "annotations": [place("harbor", 4, 10), place("rail", 16, 20), place("harbor", 29, 35)],
                "tags": [
                    {"scheme": "term", "label": "harbor", "score": 0.6667, "evidence": [[4, 10], [29, 35]]},
                    {"scheme": "term", "label": "rail", "score": 0.3333, "evidence": [[16, 20]]},
                ],
                "measures": {"terms": 3.0},
                "meta": {"terms": 2},
            }),
        ),
        // Neighbours that are no ASCII letter or digit end a word; those that are do not.
        (
            "ürail 😀harbor😀 harbors 5G_rail, xrail é5g",
            options(0, true),
            json!({
                "edits": [
                    {"start": 2, "end": 6, "text": "RAIL"},
                    {"start": 11, "end": 17, "text": "HARBOR"},
                    {"start": 33, "end": 37, "text": "RAIL"},
                    {"start": 47, "end": 49, "text": "5G"},
                ],
                "annotations": [
                    place("rail", 2, 6),
                    place("harbor", 11, 17),
                    place("5g", 30, 32),
                    place("rail", 33, 37),
                    place("5g", 47, 49),
                ],
                "tags": [
                    {"scheme": "term", "label": "harbor", "score": 0.2, "evidence": [[11, 17]]},
                    {"scheme": "term", "label": "rail", "score": 0.4, "evidence": [[2, 6], [33, 37]]},
                    {"scheme": "term", "label": "5g", "score": 0.4, "evidence": [[30, 32], [47, 49]]},
                ],
                "measures": {"terms": 5.0},
                "meta": {"terms": 3},
            }),
        ),
        (
            "Größe: one harbor",
            options(2, true),
            json!({"measures": {"terms": 1.0}, "drop": {"rule": "terms.min", "measured": 1, "threshold": 2}}),
        ),
        ("nothing at all", options(0, false), json!({"measures": {"terms": 0.0}, "meta": {"terms": 0}})),
        ("", options(0, false), json!({"measures": {"terms": 0.0}, "meta": {"terms": 0}})),
    ]
}

/// Holds a guest against all cases: what comes of a document, whatever its offsets count.
fn check(wasm: &Wasm, offsets: Offsets) {
    let plugin = open(wasm.clone()).unwrap();
    let found = plugin.descriptor();
    assert_eq!((found.name.as_str(), found.version.as_str()), ("acme.terms", "1.0.0"));
    assert_eq!(found.summary, "Counts words of a list, tags and marks them, and drops documents that have too few.");
    let gives: Vec<String> = found.gives.iter().map(Field::name).collect();
    assert_eq!(gives, ["text", "meta", "annotations.term", "tags.term", "measures.terms"]);
    assert!(found.needs.is_empty() && found.drops && found.deterministic);
    assert_eq!(found.offsets, offsets);
    assert_eq!(found.options["properties"]["words"]["items"]["pattern"], "^[a-z0-9]+$");
    assert_eq!(found.options["properties"]["min"]["default"], 1);
    assert_eq!(found.options["required"], json!(["words"]));

    for (text, options, expected) in cases() {
        let started = Started::with(wasm.clone(), &options).unwrap();
        let doc = Document::from_text("a.txt", text);
        let answer = started.ask_of(&doc, &Context::default()).unwrap();
        if offsets == Offsets::Utf8 {
            assert_eq!(serde_json::to_value(&answer).unwrap(), expected, "{text}");
        }
        let bytes = serde_json::from_value::<Answer>(expected).unwrap();
        assert_eq!(made(&doc, &started, offsets, answer), made(&doc, &started, Offsets::Utf8, bytes), "{text}");
    }

    let twice = json!({"words": ["rail", "harbor", "harbor"], "min": 1, "upper": false});
    let errors = Started::with(wasm.clone(), &twice).err().unwrap();
    assert_eq!(errors[0].to_string(), "/words/2: \"harbor\" is there twice");
}

/// The document that an answer makes of another, as text.
fn made(doc: &Document, started: &Started, offsets: Offsets, answer: Answer) -> String {
    let mut descriptor = started.descriptor.clone();
    descriptor.offsets = offsets;
    let checked = Given::new(doc, &descriptor).check(answer).unwrap();
    let mut doc = doc.clone();
    let verdict = checked.apply(&mut doc).unwrap();
    format!(
        "{verdict:?}\n{}\n{:#?}\n{:#?}\n{:?}\n{:?}",
        doc.text(),
        doc.annotations(),
        doc.tags(),
        doc.measures(),
        doc.meta
    )
}

#[test]
fn the_guest_in_rust_counts_terms() {
    check(&rust_guest(), Offsets::Utf8);
}

#[test]
fn the_guest_in_rust_that_is_committed_is_of_the_sources_beside_it() {
    let folder = examples().join("rust");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let version = manifest.lines().find_map(|line| line.strip_prefix("version = ")).unwrap().trim_matches('"');
    assert_eq!(open(rust_guest()).unwrap().descriptor().version, version);

    let sums = fs::read_to_string(folder.join("terms.sha256")).unwrap();
    for line in sums.lines() {
        let (sum, file) = line.split_once("  ").unwrap();
        let found = format!("{:x}", Sha256::digest(fs::read(folder.join(file)).unwrap()));
        assert_eq!(found, sum, "{file} is not what terms.wasm was built of: run examples/wasm/rust/build.sh");
    }
    let files: Vec<&str> = sums.lines().map(|line| line.split_once("  ").unwrap().1).collect();
    let all = ["terms.wasm", "Cargo.toml", "Cargo.lock", "src/lib.rs", "../../../crates/wasm/wit/stage.wit"];
    assert_eq!(files, all);
}

#[test]
#[ignore = "its component is built by examples/wasm/test-guests.sh, which runs this"]
fn the_guest_in_python_counts_terms() {
    check(&built("python"), Offsets::Codepoint);
}

#[test]
#[ignore = "its component is built by examples/wasm/test-guests.sh, which runs this"]
fn the_guest_in_javascript_counts_terms() {
    check(&built("javascript"), Offsets::Utf16);
}

/// A guest that `test-guests.sh` built into the folder that it names. Compiled once for all its cases.
fn built(language: &str) -> Wasm {
    let folder = std::env::var("DOCMILL_GUESTS").expect("examples/wasm/test-guests.sh names the folder");
    let folder = Path::new(&folder);
    Wasm { cache: CacheFolder::At(folder.join("compiled")), ..Wasm::new(folder.join(format!("{language}.wasm"))) }
}
