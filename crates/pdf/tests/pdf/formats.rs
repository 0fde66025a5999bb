//! What is read of files of several writers: the whole of each as a snapshot, and what the options change.

use docmill_core::{Hint, ReadError};
use serde_json::json;

use crate::read::{fixture, read, read_fixture, reader, shown};

#[test]
fn files_are_read_with_their_blocks_places_and_properties() {
    for name in ["report", "columns", "tables", "rotated", "restricted"] {
        insta::assert_snapshot!(name, shown(&read_fixture(&format!("{name}.pdf"))));
    }
}

#[test]
fn columns_are_read_one_after_the_other() {
    let doc = read_fixture("columns.pdf");
    let places = [
        "the repair of the lens.",
        "The bakery on the square",
        "there is cake.",
        "The ferry keeps",
        "boat in the yard.",
    ];
    let found: Vec<usize> = places.iter().map(|part| doc.text().find(part).expect(part)).collect();
    assert!(found.is_sorted(), "{}", doc.text());
}

#[test]
fn a_password_opens_what_is_locked() {
    let doc = read(&json!({ "password": "breakwater" }), fixture("locked.pdf")).unwrap();
    assert!(doc.text().contains("Nothing was decided."), "{}", doc.text());
    for (options, expected) in [
        (json!({}), "state it by the option password"),
        (json!({ "password": "seawall" }), "the option password states does not open it"),
    ] {
        let error = read(&options, fixture("locked.pdf")).unwrap_err();
        assert!(matches!(error, ReadError::Locked(_)) && error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn what_has_no_text_says_why() {
    let error = read(&json!({}), fixture("scan.pdf")).unwrap_err();
    assert!(matches!(error, ReadError::Unsupported { .. }), "{error}");
    assert!(error.to_string().contains("1 page without a text layer"), "{error}");
    let error = read(&json!({}), fixture("unmapped.pdf")).unwrap_err();
    assert!(error.to_string().contains("do not say which letters"), "{error}");
}

#[test]
fn headers_can_be_left_out() {
    let with = read_fixture("report.pdf");
    let without = read(&json!({ "headers": false }), fixture("report.pdf")).unwrap();
    assert!(with.text().contains("Page 2 of 2"), "{}", with.text());
    assert!(!without.text().contains("Page 2 of 2"), "{}", without.text());
}

#[test]
fn a_file_is_recognized_by_its_bytes() {
    let takes = |uri: &str, head: &[u8]| reader(&json!({})).recognizes(&Hint::new(uri, head)).is_some();
    assert!(takes("upload", b"%PDF-1.4\n"));
    assert!(!takes("a.pdf", b"<html>no file here"));
    assert!(!takes("notes.txt", b"a text on files"));
}

#[test]
fn letters_are_told_by_the_fonts_that_are_embedded() {
    let doc = read_fixture("named.pdf");
    let lines = "Caf\u{e9} B\u{fc}hne: cheap flats";
    assert_eq!(doc.text(), format!("{lines}\n\n{lines}"));
    assert!(doc.warnings().is_empty(), "{:?}", doc.warnings());
}
