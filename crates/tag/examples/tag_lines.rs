//! Tags the texts of a JSON Lines file: `cargo run --example tag_lines -- tag.keyphrases '{"top": 20}' < texts.jsonl`.
//!
//! Each line is an object with `id`, `text` and perhaps `lang`; for each, one line with the id, the tags and the annotations is
//! written. Offsets are in code points, as Python counts them.

use std::io::{BufRead, Write};

use docmill_core::{BuildContext, Context, Document, Registry, Role};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "tag.keyphrases".to_owned());
    let options: Value = serde_json::from_str(&arguments.next().unwrap_or_else(|| "{}".to_owned()))?;
    let mut registry = Registry::new();
    docmill_tag::register(&mut registry)?;
    let Role::Stage(stage) = registry.build(&name, &options, &BuildContext::default())?.role else {
        return Err(format!("{name} is not a stage").into());
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let record: Value = serde_json::from_str(&line?)?;
        let mut doc = Document::from_text("line", record["text"].as_str().unwrap_or_default());
        doc.set_language(record["lang"].as_str().unwrap_or("en"));
        stage.apply(&mut doc, &Context::default())?;
        let code_points = |offset: usize| doc.text()[..offset].chars().count();
        let annotations: Vec<Value> = doc
            .annotations()
            .iter()
            .map(|found| {
                let (start, end) = (code_points(found.span.start), code_points(found.span.end));
                json!({ "kind": found.kind, "start": start, "end": end, "value": found.value, "score": found.score })
            })
            .collect();
        let tags: Vec<&str> = doc.tags().iter().map(|tag| tag.label.as_str()).collect();
        writeln!(out, "{}", json!({ "id": record["id"], "tags": tags, "annotations": annotations }))?;
    }
    Ok(())
}
