//! Shows what is read of PDF files: `cargo run -p docmill-pdf --example pdf_text -- FILE…`.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use docmill_core::{BuildContext, Context, RawSource, Registry, Role};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut registry = Registry::new();
    docmill_pdf::register(&mut registry)?;
    let password = std::env::var("PDF_PASSWORD").unwrap_or_default();
    let built = registry.build("ingest.pdf", &json!({ "password": password }), &BuildContext::default());
    let Ok(Role::Reader(reader)) = built.map(|built| built.role) else { return Err("ingest.pdf is no reader".into()) };
    for path in std::env::args().skip(1) {
        println!("=== {path}");
        let source = RawSource::new(path.as_str(), "application/pdf", std::fs::read(&path)?);
        match reader.read(source, &Context::default()) {
            Ok(doc) => {
                for block in doc.blocks() {
                    let page = doc.locate(block.span).page.unwrap_or_default();
                    println!(
                        "[{page}] {:?} {:?} {}",
                        block.kind,
                        block.level,
                        block.span.of(doc.text()).unwrap_or_default()
                    );
                }
                println!("{:?}\n{:?}", doc.meta, doc.warnings());
            }
            Err(error) => println!("error: {error}"),
        }
    }
    Ok(())
}
