//! What is read of each format: the whole of it as a snapshot, options by what they change.

use crate::read::{FIXTURES, fixture, read_fixture, recognizing, shown, split};
use serde_json::{Value, json};

#[test]
fn each_format_is_read_with_its_blocks_places_and_properties() {
    for (name, _) in FIXTURES {
        insta::assert_snapshot!(name.replace('.', "_"), shown(&read_fixture(name, &Value::Null)));
    }
}

#[test]
fn each_format_is_recognized_by_its_name_and_by_its_bytes() {
    for (name, component) in FIXTURES {
        let bytes = fixture(name);
        let head = &bytes[..bytes.len().min(4096)];
        assert_eq!(recognizing(name, head), [*component], "{name}");
        // What a compound file holds stands further back in it.
        let is_nameless = !["xls", "doc", "ppt"].iter().any(|extension| name.ends_with(extension));
        assert_eq!(
            recognizing("upload", head).first().map(String::as_str),
            is_nameless.then_some(*component),
            "{name}"
        );
    }
    for (uri, head) in
        [("page.doc", "<html><body>"), ("notes.txt", "a text"), ("list.xls", "<table>"), ("a.zip", "PK\u{3}\u{4}")]
    {
        assert_eq!(recognizing(uri, head.as_bytes()), Vec::<String>::new(), "{uri}");
    }
    assert_eq!(recognizing("letter.doc", b"{\\rtf1 a letter}"), ["ingest.rtf"]);
}

#[test]
fn options_say_what_is_read() {
    for (name, options, more, less) in [
        ("report.docx", json!({}), "dredged in March,", "Nobody"),
        ("report.docx", json!({ "changes": "original" }), "dredged in February,", "March,"),
        ("report.docx", json!({ "comments": "footer" }), "Ben: Which chart?", "Nobody"),
        ("report.docx", json!({ "hidden": true }), "Nobody is to read this.", "Which chart?"),
        ("report.docx", json!({ "headers": false }), "Chart 17", "internal use"),
        ("report.docx", json!({ "notes": false }), "internal use", "Chart 17"),
        ("slides.pptx", json!({ "notes": false }), "What is left", "Say why"),
        ("slides.pptx", json!({ "hidden": true }), "Not shown", "Nobody"),
        ("arrivals.xlsx", json!({ "sheets": ["Tickets"] }), "The lamp", "Aurora"),
        ("arrivals.xlsx", json!({ "hidden": true }), "Nobody is to read this.", "45352"),
        ("report.odt", json!({ "notes": false }), "Harbor Report", "nine metres"),
        ("slides.odp", json!({ "notes": false }), "Costs", "Speak slowly"),
        ("report.rtf", json!({ "headers": false, "notes": false }), "The end.", "nine metres"),
        ("report.rtf", json!({ "hidden": true }), "Nobody is to read this.", "February"),
    ] {
        let doc = read_fixture(name, &options);
        assert!(doc.text().contains(more), "{name} {options}: no {more:?} in {}", doc.text());
        assert!(!doc.text().contains(less), "{name} {options}: {less:?} in {}", doc.text());
    }
}

#[test]
fn rows_are_documents_that_know_their_sheet_and_row() {
    let options = json!({ "sheets": ["Tickets"], "rows": true, "text": ["text"] });
    let found = split("ingest.sheet", &options, "arrivals.xlsx", &fixture("arrivals.xlsx")).unwrap();
    let tickets: Vec<_> = found.into_iter().map(Result::unwrap).collect();
    let told: Vec<String> = tickets
        .iter()
        .map(|doc| format!("{} {:?} {}", doc.source().uri, doc.text(), doc.meta.get("opened").unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            "arrivals.xlsx#sheet=Tickets&row=2 \"The lamp on the mole is dark.\" \"2024-03-02\"",
            "arrivals.xlsx#sheet=Tickets&row=4 \"A buoy says \\\"north\\\",\\nand lies south.\" \"2024-03-03\"",
        ]
    );
    let place = tickets[1].locate(docmill_core::ByteSpan::new(0, 1));
    assert_eq!((place.sheet.as_deref(), place.row), (Some("Tickets"), Some(4)));
    let error =
        split("ingest.sheet", &json!({ "rows": true, "text": ["text"] }), "arrivals.xlsx", &fixture("arrivals.xlsx"));
    assert!(error.unwrap_err().to_string().contains("sheet March: there is no column"));
}
