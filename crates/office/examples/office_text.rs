//! Prints what the readers of this crate make of files: a line of JSON a file, with the text, or the error.
//!
//! `cargo run -p docmill-office --release --example office_text -- [--blocks] FILE...`

use std::io::Write;
use std::time::Instant;

use docmill_core::{BuildContext, Context, Document, Hint, RawSource, Reader, Registry, Role, RoleKind, chain};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut registry = Registry::new();
    docmill_office::register(&mut registry)?;
    let cx = BuildContext::default();
    let mut readers = Vec::new();
    for name in registry.names(&[RoleKind::Reader]) {
        if let Ok(built) = registry.build(name, &Value::Null, &cx)
            && let Role::Reader(reader) = built.role
        {
            readers.push(reader);
        }
    }
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let with_blocks = files.first().is_some_and(|first| first == "--blocks");
    if with_blocks {
        files.remove(0);
    }
    let mut out = std::io::stdout().lock();
    for path in files {
        let bytes = std::fs::read(&path)?;
        let started = Instant::now();
        let mut told = match read(&readers, &path, bytes) {
            Ok(doc) if with_blocks => blocks(&doc),
            Ok(doc) => json!({ "status": "ok", "text": doc.text() }),
            Err(error) => json!({ "status": "error", "text": "", "error": error }),
        };
        told["path"] = Value::from(path);
        told["seconds"] = json!(started.elapsed().as_secs_f64());
        writeln!(out, "{told}")?;
    }
    Ok(())
}

fn read(readers: &[std::sync::Arc<dyn Reader>], path: &str, bytes: Vec<u8>) -> Result<Document, String> {
    let head = bytes[..bytes.len().min(4096)].to_vec();
    let hint = Hint::new(path, &head);
    for reader in readers {
        if let Some(media_type) = reader.recognizes(&hint) {
            let source = RawSource::new(path, media_type, bytes);
            return reader.read(source, &Context::default()).map_err(|error| chain(&error).join(": "));
        }
    }
    Err("no reader of this crate reads it".to_owned())
}

fn blocks(doc: &Document) -> Value {
    let told: Vec<Value> = doc
        .blocks()
        .iter()
        .map(|block| json!([block.kind, block.level, block.span.of(doc.text()), doc.locate(block.span)]))
        .collect();
    let meta: serde_json::Map<String, Value> = doc.meta.iter().map(|(k, v)| (k.to_owned(), v.clone())).collect();
    json!({ "status": "ok", "text": doc.text(), "blocks": told, "meta": meta, "warnings": doc.warnings() })
}
