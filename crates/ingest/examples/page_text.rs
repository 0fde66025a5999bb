//! Prints what is read of HTML and Markdown files, one JSON object a file: `cargo run --example page_text -- FILE...`.
//!
//! `body` is the text without its title, byline and dateline.

use std::error::Error;
use std::io::Write as _;

use docmill_core::{BlockKind, Context, Document, Hint, RawSource, ReadError, Reader};
use docmill_ingest::{Html, Markdown};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let line = match read(&path, bytes) {
            Ok(doc) => serde_json::json!({
                "file": path,
                "title": doc.meta.text("title"),
                "date": doc.date(),
                "text": doc.text(),
                "body": body(&doc),
                "meta": doc.meta,
                "blocks": doc.blocks(),
                "links": doc.annotations().len(),
            }),
            Err(error) => serde_json::json!({"file": path, "error": error.to_string()}),
        };
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn read(path: &str, bytes: Vec<u8>) -> Result<Document, ReadError> {
    let source = RawSource::new(path, "text/html", bytes);
    let (html, markdown) = (Html::default(), Markdown::default());
    let is_markdown = markdown.recognizes(&Hint::new(path, &[])).is_some();
    if is_markdown { markdown.read(source, &Context::default()) } else { html.read(source, &Context::default()) }
}

fn body(doc: &Document) -> String {
    let shown = doc
        .blocks()
        .iter()
        .filter(|block| !matches!(block.kind, BlockKind::Title | BlockKind::Byline | BlockKind::Dateline));
    shown.filter_map(|block| block.span.of(doc.text())).collect::<Vec<_>>().join("\n\n")
}
