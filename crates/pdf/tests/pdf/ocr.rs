//! Pages that are pictures. These tests call `tesseract`, with its English data, and fail where it is not installed.

use std::time::Duration;

use docmill_core::{BlockKind, BuildContext, Document, Limits, RawSource, ReadError, Registry, Role, TimeSpan};
use serde_json::{Value, json};

use crate::read::{fixture, read};

/// Reads a fixture with text recognition; says what to do where that cannot be.
fn recognized(name: &str) -> Result<Document, ReadError> {
    let installed = std::process::Command::new("tesseract").arg("--version").output();
    installed.expect("these tests need tesseract: see CONTRIBUTING.md");
    read(&json!({ "ocr": "auto" }), fixture(name))
}

fn page_of(doc: &Document, page: u32) -> Vec<(BlockKind, &str)> {
    let on_it = doc.blocks().iter().filter(|block| doc.locate(block.span).page == Some(page));
    on_it.map(|block| (block.kind, block.span.of(doc.text()).unwrap())).collect()
}

fn words<'a>(blocks: &[(BlockKind, &'a str)]) -> Vec<&'a str> {
    blocks.iter().flat_map(|(_, text)| text.split_whitespace()).collect()
}

#[test]
fn the_words_of_a_scanned_page_are_those_of_the_page() {
    let doc = recognized("scanned.pdf").unwrap();
    let (drawn, seen) = (page_of(&doc, 1), page_of(&doc, 2));
    let (expected, found) = (words(&drawn), words(&seen));
    let known = expected.iter().filter(|word| found.contains(word)).count();
    assert!(expected.len() > 120, "{}", doc.text());
    assert!(known * 100 >= expected.len() * 95, "{known} of {} words: {}", expected.len(), doc.text());
    assert!(found.len() * 100 <= expected.len() * 105, "{} words more: {}", found.len(), doc.text());
}

#[test]
fn recognized_lines_become_paragraphs_and_headings() {
    let doc = recognized("scanned.pdf").unwrap();
    let paragraphs = |page| page_of(&doc, page).into_iter().filter(|(kind, _)| *kind == BlockKind::Paragraph).count();
    assert_eq!(paragraphs(1), 3, "{:?}", page_of(&doc, 1));
    assert_eq!(paragraphs(2), 3, "{:?}", page_of(&doc, 2));
    assert!(page_of(&doc, 2).contains(&(BlockKind::Heading, "Fees")), "{:?}", page_of(&doc, 2));
}

#[test]
fn a_record_says_which_pages_were_recognized_and_by_what() {
    let doc = recognized("scanned.pdf").unwrap();
    let program = doc.meta.get("ocr").and_then(Value::as_str).unwrap();
    assert!(program.starts_with("tesseract "), "{program}");
    assert_eq!(doc.warnings()[0], "the text of page 2 was recognized by OCR");
    // Without a page that is a picture, the program is not called and not named.
    let doc = recognized("columns.pdf").unwrap();
    assert!(doc.meta.get("ocr").is_none() && doc.warnings().is_empty(), "{:?}", doc.warnings());
}

#[test]
fn a_file_of_pictures_alone_is_a_document() {
    let doc = recognized("scan.pdf").unwrap();
    assert!(doc.text().contains("None of them is stored as text."), "{}", doc.text());
}

#[test]
fn results_are_the_same_each_time() {
    let (one, other) = (recognized("scanned.pdf").unwrap(), recognized("scanned.pdf").unwrap());
    assert_eq!((one.text(), one.blocks(), one.warnings()), (other.text(), other.blocks(), other.warnings()));
}

#[test]
fn without_the_option_the_pages_are_told() {
    let doc = read(&json!({}), fixture("scanned.pdf")).unwrap();
    assert_eq!(doc.warnings(), ["no text layer, but pictures, on page 2"]);
    let error = read(&json!({}), fixture("scan.pdf")).unwrap_err().to_string();
    assert!(error.contains("1 page without a text layer") && error.contains("`ocr: auto`"), "{error}");
}

fn built(options: &Value, cx: &BuildContext) -> Result<Role, String> {
    let mut registry = Registry::new();
    docmill_pdf::register(&mut registry).unwrap();
    registry.build("ingest.pdf", options, cx).map(|built| built.role).map_err(|error| error.to_string())
}

#[test]
fn a_language_without_data_is_a_mistake_of_the_pipeline() {
    let wrong = json!({ "ocr": "auto", "language": "eng+quenya" });
    let Err(error) = built(&wrong, &BuildContext::default()) else { panic!("there is no such language") };
    assert!(error.contains("no data for \"quenya\"; it has eng"), "{error}");
    assert!(built(&json!({ "language": "quenya" }), &BuildContext::default()).is_ok());
}

#[test]
fn a_page_that_takes_too_long_is_an_error() {
    let limits = Limits { time: TimeSpan(Duration::from_millis(20)), ..Limits::default() };
    let cx = BuildContext::new(".", limits);
    let Ok(Role::Reader(reader)) = built(&json!({ "ocr": "auto" }), &cx) else { panic!("it is a reader") };
    let source = RawSource::new("a.pdf", "application/pdf", fixture("scanned.pdf"));
    let error = reader.read(source, &docmill_core::Context::default()).unwrap_err().to_string();
    assert!(
        error.starts_with("tesseract ") && error.ends_with("took longer than limits.time = 0.02s on page 2"),
        "{error}"
    );
}

#[test]
fn what_a_reader_depends_on_is_part_of_its_fingerprint() {
    let mut registry = Registry::new();
    docmill_pdf::register(&mut registry).unwrap();
    let files = |options: Value| registry.build("ingest.pdf", &options, &BuildContext::default()).unwrap().paths;
    assert!(files(json!({})).is_empty());
    let names: Vec<String> = files(json!({ "ocr": "auto" }))
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert!(names.contains(&"tesseract".to_owned()) && names.contains(&"eng.traineddata".to_owned()), "{names:?}");
}
