//! Tags the texts of a JSON Lines file: `cargo run --example tag_lines -- tag.keyphrases '{"top": 20}' < texts.jsonl`.
//!
//! Each line is an object with `id`, `text` and perhaps `lang` and `date` (the document's own); for each, one line with the id, the tags and the annotations is
//! written. Offsets are in code points, as Python counts them.

use std::io::{BufRead, Write};

use docmill_core::{BuildContext, Context, CorpusContext, Document, Registry, Role};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "tag.keyphrases".to_owned());
    let options: Value = serde_json::from_str(&arguments.next().unwrap_or_else(|| "{}".to_owned()))?;
    let mut registry = Registry::new();
    docmill_tag::register(&mut registry)?;
    let role = registry.build(&name, &options, &BuildContext::default())?.role;
    let mut tagged = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let record: Value = serde_json::from_str(&line?)?;
        let mut doc = Document::from_text("line", record["text"].as_str().unwrap_or_default());
        doc.set_language(record["lang"].as_str().unwrap_or("en"));
        if let Some(date) = record["date"].as_str() {
            doc.meta.set("date", date);
        }
        tagged.push((record, doc));
    }
    let cx = Context::default();
    match role {
        Role::Stage(stage) => tagged.iter_mut().try_for_each(|(_, doc)| stage.apply(doc, &cx))?,
        Role::Corpus(stage) => {
            let mut aggregate = stage.aggregate(&CorpusContext::default())?;
            for (position, (_, doc)) in (0..).zip(&tagged) {
                aggregate.add(position, &doc.source().uri, &stage.observe(doc, &cx)?)?;
            }
            let mut findings = aggregate.conclude()?;
            for (position, (_, doc)) in (0..).zip(&mut tagged) {
                stage.apply(&findings.finding(position)?, doc, &cx)?;
            }
        }
        _ => return Err(format!("{name} does not tag documents").into()),
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (record, doc) in tagged {
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
