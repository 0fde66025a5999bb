//! Reading fixtures through the public surface.

use std::ops::ControlFlow;
use std::sync::Arc;

use docmill_core::{
    BuildContext, Context, Document, Hint, Part, RawSource, ReadError, Reader, Registry, Role, RoleKind, Stream,
};
use serde_json::Value;

/// The fixtures of this crate, with the components that read them.
pub(crate) const FIXTURES: &[(&str, &str)] = &[
    ("report.docx", "ingest.docx"),
    ("slides.pptx", "ingest.pptx"),
    ("arrivals.xlsx", "ingest.sheet"),
    ("arrivals.xls", "ingest.sheet"),
    ("arrivals.ods", "ingest.sheet"),
    ("report.odt", "ingest.odf"),
    ("slides.odp", "ingest.odf"),
    ("report.rtf", "ingest.rtf"),
    ("book.epub", "ingest.epub"),
    ("report.doc", "ingest.doc"),
    ("slides.ppt", "ingest.doc"),
];

/// The bytes of a fixture.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats");
    std::fs::read(format!("{folder}/{name}")).unwrap()
}

/// A component with options.
pub(crate) fn reader(component: &str, options: &Value) -> Arc<dyn Reader> {
    let mut registry = Registry::new();
    docmill_office::register(&mut registry).unwrap();
    match registry.build(component, options, &BuildContext::default()).unwrap().role {
        Role::Reader(reader) => reader,
        other => panic!("{component} is {:?}", other.kind()),
    }
}

/// The components that recognize a source, in their order.
pub(crate) fn recognizing(uri: &str, head: &[u8]) -> Vec<String> {
    let mut registry = Registry::new();
    docmill_office::register(&mut registry).unwrap();
    let names = registry.names(&[RoleKind::Reader]);
    let hint = Hint::new(uri, head);
    let takes = |name: &&&str| reader(name, &Value::Null).recognizes(&hint).is_some();
    names.iter().filter(takes).map(|name| (*name).to_owned()).collect()
}

/// What a component reads from bytes.
pub(crate) fn read(component: &str, options: &Value, uri: &str, bytes: Vec<u8>) -> Result<Document, ReadError> {
    reader(component, options).read(RawSource::new(uri, "", bytes), &Context::default())
}

/// What it reads from a fixture.
pub(crate) fn read_fixture(name: &str, options: &Value) -> Document {
    let component = FIXTURES.iter().find(|(fixture, _)| *fixture == name).unwrap().1;
    read(component, options, name, fixture(name)).unwrap()
}

/// The documents that a container is split into.
pub(crate) fn split(
    component: &str,
    options: &Value,
    uri: &str,
    bytes: &[u8],
) -> Result<Vec<Result<Document, String>>, ReadError> {
    let reader = reader(component, options);
    let mut found = Vec::new();
    let mut flowing = bytes;
    let mut stream = Stream::flowing(Vec::new(), &mut flowing);
    let whole = RawSource::new(uri, "application/vnd.ms-excel", Vec::new());
    let cx = Context::default();
    let container = reader.container().expect("it splits");
    container.split(&mut stream, &whole, &cx, &mut |part| {
        found.push(match part {
            Part::Source(source) => reader.read(source, &cx).map_err(|error| error.to_string()),
            Part::Failed { error, .. } => Err(error.to_string()),
            Part::Member(member) => Err(format!("{member:?}")),
        });
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// A document in short: a line a block with its place, its metadata, its links.
pub(crate) fn shown(doc: &Document) -> String {
    use std::fmt::Write as _;
    let mut shown = String::new();
    for block in doc.blocks() {
        let place = doc.locate(block.span);
        let place = serde_json::json!({
            "slide": place.slide, "sheet": place.sheet, "row": place.row, "part": place.part,
        });
        let place: Vec<String> = place
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| format!("{key}={}", value.as_str().map_or(value.to_string(), str::to_owned)))
            .collect();
        let level = block.level.map(|level| format!(" {level}")).unwrap_or_default();
        let text = block.span.of(doc.text()).unwrap();
        writeln!(shown, "{:?}{level} [{}] {text:?}", block.kind, place.join(" ")).unwrap();
        let rows = block.cells.chunk_by(|a, b| a.row == b.row);
        for row in rows {
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
