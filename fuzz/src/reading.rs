//! Gives bytes to one reader, and checks the documents that it makes of them.

use std::collections::HashMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock, Mutex};

use docmill_core::{
    BuildContext, ByteSize, ByteSpan, Context, Document, Limits, Part, RawSource, Reader, Registry, Role, Stream,
};
use serde_json::Value;

/// Most parts of a container that are looked at.
const MOST_PARTS: usize = 64;
/// Most bytes of a member that are read.
const MOST_BYTES: u64 = 1 << 20;

/// All readers.
///
/// # Panics
/// Where two have one name.
pub fn registry() -> Registry {
    let mut registry = Registry::new();
    let registered = docmill_pdf::register(&mut registry)
        .and_then(|()| docmill_office::register(&mut registry))
        .and_then(|()| docmill_tables::register(&mut registry))
        .and_then(|()| docmill_archive::register(&mut registry))
        .and_then(|()| docmill_ingest::register(&mut registry))
        .and_then(|()| docmill_expression::register(&mut registry));
    registered.expect("each name is registered once");
    registry
}

/// Small ones, so that they are met.
pub(crate) fn limits() -> Limits {
    Limits { document: ByteSize(MOST_BYTES), depth: 64, nesting: 3, members: 1000, ..Limits::default() }
}

/// Gives the bytes to a reader as a file of this name, and checks what it makes of them.
pub(crate) fn read(component: &'static str, uri: &str, data: &[u8]) {
    let reader = reader(component);
    let cx = Context::new(limits());
    let Some(container) = reader.container() else {
        return document(&*reader, &|| RawSource::new(uri, "", data.to_vec()), &cx);
    };
    let mut rest = data;
    let mut stream = Stream::flowing(Vec::new(), &mut rest);
    let mut parts = 0;
    let mut part = |part: Part<'_>| {
        match part {
            Part::Source(source) => document(&*reader, &|| source.clone(), &cx),
            Part::Failed { error, .. } => assert!(!error.to_string().is_empty()),
            Part::Member(member) => {
                assert!(member.source.uri.len() > uri.len(), "{uri}: a member has a name of its own");
                let mut bytes = Vec::new();
                let _ = member.read.take(MOST_BYTES).read_to_end(&mut bytes);
            }
        }
        parts += 1;
        if parts < MOST_PARTS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let whole = RawSource::new(uri, "", Vec::new());
    if let Err(error) = container.split(&mut stream, &whole, &cx, &mut part) {
        assert!(!error.to_string().is_empty());
    }
}

/// The reader of this name with its default options.
fn reader(component: &'static str) -> Arc<dyn Reader> {
    static READERS: LazyLock<Mutex<HashMap<&'static str, Arc<dyn Reader>>>> = LazyLock::new(Mutex::default);
    let mut readers = READERS.lock().expect("no reader panics while it is built");
    let built = readers.entry(component).or_insert_with(|| {
        let cx = BuildContext::new(".", limits());
        let built = registry().build(component, &Value::Object(serde_json::Map::new()), &cx).expect("it has defaults");
        match built.role {
            Role::Reader(reader) => reader,
            _ => panic!("{component} is a reader"),
        }
    });
    Arc::clone(built)
}

/// Reads a document twice: both fit together and are the same.
fn document(reader: &dyn Reader, source: &dyn Fn() -> RawSource, cx: &Context) {
    match (reader.read(source(), cx), reader.read(source(), cx)) {
        (Ok(first), Ok(second)) => {
            fits_together(&first);
            assert_eq!(first.text(), second.text(), "the same bytes give the same text");
            assert_eq!(first.blocks(), second.blocks(), "the same bytes give the same blocks");
            assert_eq!(first.source(), second.source(), "the same bytes give the same source");
        }
        (Err(first), Err(second)) => {
            assert!(!first.to_string().is_empty());
            assert_eq!(first.to_string(), second.to_string(), "the same bytes give the same error");
        }
        (first, second) => panic!("once {:?}, once {:?}", first.map(drop), second.map(drop)),
    }
}

/// What holds for every document.
fn fits_together(doc: &Document) {
    let text = doc.text();
    let within = |span: ByteSpan| text.get(span.start..span.end).is_some();
    let places = doc.locator();
    let lines = doc.original().matches('\n').count() + 1 + doc.source().origin.lines;
    let mut before = 0;
    for block in doc.blocks() {
        assert!(within(block.span), "a block is a span of the text: {block:?}");
        assert!(before <= block.span.start, "blocks come in their order: {block:?}");
        before = block.span.start;
        let place = places.place(doc.to_original(block.span));
        assert!((1..=lines).contains(&place.line), "a block has a line: {place:?}");
    }
    for annotation in doc.annotations() {
        assert!(within(annotation.span), "an annotation is a span of the text: {annotation:?}");
    }
    let landmarks = &doc.source().origin.landmarks;
    assert!(landmarks.is_sorted_by_key(|landmark| landmark.offset), "landmarks come in their order");
    assert!(landmarks.iter().all(|landmark| landmark.offset <= doc.original().len()), "landmarks lie in the text");
}
