//! Promise 2: every span leads home. What `docmill explain` shows are the very words in the source file, for everything found in
//! every fixture.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::BTreeMap;
use std::path::Path;

use docmill_tests::{files_below, fixture, root, run};
use serde_json::Value;

/// The source decoded by other means than docmill's own, by the encoding that the fixture's README names.
fn decoded(file: &Path) -> String {
    let bytes = std::fs::read(file).unwrap();
    let encoding = match file.file_name().and_then(|name| name.to_str()).unwrap() {
        "letter-windows1252.txt" | "bulletin.html" | "kommune-latin1.txt" => encoding_rs::WINDOWS_1252,
        "briefing-utf16.txt" => encoding_rs::UTF_16LE,
        "shiftjis.txt" => encoding_rs::SHIFT_JIS,
        _ => encoding_rs::UTF_8,
    };
    let (text, _, broken) = encoding.decode(&bytes);
    assert!(!broken, "{} is not {}", file.display(), encoding.name());
    text.into_owned()
}

/// The text from a line and column (code points) on, both from 1.
fn from_place(text: &str, line: usize, column: usize) -> &str {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = &text[start..];
    let offset = rest.char_indices().nth(column - 1).map_or(rest.len(), |(offset, _)| offset);
    &rest[offset..]
}

fn explained(file: &Path) -> Vec<Value> {
    let name = file.strip_prefix(root()).unwrap();
    let ran = run(["explain".as_ref(), name.as_os_str(), "--json".as_ref()]);
    assert!(ran.code == 0 || ran.code == 2, "{}: {}", name.display(), ran.stderr);
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn everything_found_in_any_fixture_is_where_it_is_said_to_be() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for folder in ["newsroom", "press", "pii", "corpus"] {
        for file in files_below(&fixture(folder)) {
            let source = decoded(&file);
            for found in explained(&file) {
                let words = found["source"].as_str().unwrap();
                let place = |name: &str| usize::try_from(found[name].as_u64().unwrap()).unwrap();
                let there = from_place(&source, place("line"), place("column"));
                assert!(there.starts_with(words), "{}: {found:#}\nthere: {:.80}", file.display(), there);
                assert_eq!(source.get(place("start")..place("end")), Some(words), "{}: {found:#}", file.display());
                assert!(!words.trim().is_empty(), "{}: {found:#}", file.display());
                *kinds
                    .entry(format!("{} {}", found["what"].as_str().unwrap(), found["kind"].as_str().unwrap()))
                    .or_default() += 1;
                // What no stage changed is the same to the letter: in one line of plain text no mark-up was taken out either.
                let plain = file.extension().is_some_and(|extension| extension == "txt");
                if plain && !words.contains('\n') && found["changes"].as_array().is_some_and(Vec::is_empty) {
                    assert_eq!(found["text"], found["source"], "{}: {found:#}", file.display());
                }
            }
        }
    }
    for kind in [
        "tag keyphrase",
        "annotation person",
        "annotation organization",
        "annotation place",
        "annotation citation",
        "summary sentence",
        "annotation money",
        "annotation date",
    ] {
        assert!(kinds.get(kind).is_some_and(|count| *count > 10), "{kind}: {kinds:#?}");
    }
}

#[test]
fn rows_of_tables_lead_back_to_their_cells() {
    for (file, least) in [("tickets/tickets.csv", 100), ("tickets/feedback.jsonl", 20)] {
        let path = fixture(file);
        let source = decoded(&path);
        let found = explained(&path);
        assert!(found.len() > least, "{file}: {}", found.len());
        for found in found {
            let words = found["source"].as_str().unwrap();
            let place = |name: &str| usize::try_from(found[name].as_u64().unwrap()).unwrap();
            assert!(from_place(&source, place("line"), place("column")).starts_with(words), "{file}: {found:#}");
            assert_eq!(source.get(place("start")..place("end")), Some(words), "{file}: {found:#}");
            assert!(found["row"].as_u64().is_some(), "{file}: {found:#}");
        }
    }
}

#[test]
fn explain_shows_the_words_their_place_and_what_stages_changed() {
    let ran = run(["explain", "fixtures/newsroom/notice-mojibake.txt", "--json"]);
    let changed: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|found: &Value| found["changes"].as_array().is_some_and(|changes| !changes.is_empty()))
        .collect();
    assert!(changed.iter().any(|found| found["changes"][0]["stage"] == "normalize.mojibake"), "{changed:#?}");
}

#[test]
fn explain_of_words_that_nothing_holds_says_so() {
    let ran = run(["explain", "fixtures/newsroom/harbor.txt", "no such words"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr
            .contains("no tag, annotation or summary sentence of fixtures/newsroom/harbor.txt holds \"no such words\""),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_place_is_told_as_a_person_would_look_for_it() {
    let shown = |file: &str, text: &str| {
        let ran = run(["explain", file, text]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    let archive = shown("fixtures/formats/yard.tgz", "May 4, 2019");
    assert!(
        archive.contains("\n    fixtures/formats/yard.tgz!/yard.tar!/yard/note.txt:3:51: May 4, 2019\n"),
        "{archive}"
    );
    let slides = shown("fixtures/formats/slides.pptx", "harbor");
    assert!(slides.contains("\n    fixtures/formats/slides.pptx, slide 1: "), "{slides}");
}
