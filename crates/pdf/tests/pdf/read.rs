//! Reading fixtures through the public surface.

use std::fmt::Write as _;
use std::sync::Arc;

use docmill_core::{BuildContext, Context, Document, RawSource, ReadError, Reader, Registry, Role};
use serde_json::{Value, json};

/// The bytes of a fixture.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats");
    std::fs::read(format!("{folder}/{name}")).unwrap()
}

/// The reader with options.
pub(crate) fn reader(options: &Value) -> Arc<dyn Reader> {
    let mut registry = Registry::new();
    docmill_pdf::register(&mut registry).unwrap();
    match registry.build("ingest.pdf", options, &BuildContext::default()).unwrap().role {
        Role::Reader(reader) => reader,
        other => panic!("it is {:?}", other.kind()),
    }
}

/// What is read from bytes.
pub(crate) fn read(options: &Value, bytes: Vec<u8>) -> Result<Document, ReadError> {
    reader(options).read(RawSource::new("a.pdf", "application/pdf", bytes), &Context::default())
}

/// What is read from a fixture.
pub(crate) fn read_fixture(name: &str) -> Document {
    read(&json!({}), fixture(name)).unwrap()
}

/// A document in short: a line a block with its page, its links, metadata and warnings.
pub(crate) fn shown(doc: &Document) -> String {
    let mut shown = String::new();
    for block in doc.blocks() {
        let page = doc.locate(block.span).page.map(|page| format!(" p{page}")).unwrap_or_default();
        let level = block.level.map(|level| format!(" {level}")).unwrap_or_default();
        let text = block.span.of(doc.text()).unwrap();
        writeln!(shown, "{:?}{level}{page} {text:?}", block.kind).unwrap();
        for row in block.cells.chunk_by(|a, b| a.row == b.row) {
            let cells = row.iter().map(|cell| cell.span.of(doc.text()).unwrap()).collect::<Vec<_>>();
            writeln!(shown, "  {}{cells:?}", if row[0].header { "header " } else { "" }).unwrap();
        }
    }
    for link in doc.annotations() {
        writeln!(shown, "{} {:?} -> {}", link.kind, link.span.of(doc.text()).unwrap(), link.value).unwrap();
    }
    for (key, value) in doc.meta.iter() {
        writeln!(shown, "{key}: {value}").unwrap();
    }
    for warning in doc.warnings() {
        writeln!(shown, "warning: {warning}").unwrap();
    }
    shown
}
