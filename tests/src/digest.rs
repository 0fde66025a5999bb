//! A record in few lines: what a person looks at when a snapshot changed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// How much of a text is shown, in characters.
const WIDTH: usize = 110;

/// The gist of a record: source, title, language, metadata, blocks by kind, annotations, tags, measures, summary.
///
/// # Panics
/// Never: writing to a string does not fail.
pub fn digest(record: &Value) -> String {
    let mut text = String::new();
    let source = &record["source"];
    let field = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    writeln!(text, "# {} ({}, {})", field(&source["uri"]), field(&source["media_type"]), field(&source["encoding"]))
        .expect("writing to a string does not fail");
    let mut line = |name: &str, value: String| {
        writeln!(text, "{name}: {value}").expect("writing to a string does not fail");
    };
    for name in ["title", "language"] {
        if !record[name].is_null() {
            line(name, field(&record[name]));
        }
    }
    for (key, value) in record["meta"].as_object().into_iter().flatten() {
        line(&format!("meta {key}"), clipped(&field(value)));
    }
    let mut blocks: BTreeMap<String, usize> = BTreeMap::new();
    for block in record["blocks"].as_array().into_iter().flatten() {
        *blocks.entry(field(&block["kind"])).or_default() += 1;
    }
    if !blocks.is_empty() {
        line("blocks", blocks.iter().map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(", "));
    }
    for annotation in record["annotations"].as_array().into_iter().flatten() {
        let place = &annotation["source"];
        let value = if annotation["value"].is_null() { String::new() } else { format!(" {}", annotation["value"]) };
        let words = clipped(&field(&annotation["text"]));
        line(&field(&annotation["kind"]), format!("{}:{} {words}{value}", place["line"], place["column"]));
    }
    for tag in record["tags"].as_array().into_iter().flatten() {
        line(&field(&tag["scheme"]), format!("{} {} ({})", field(&tag["label"]), tag["score"], evidence(tag)));
    }
    for (name, value) in record["measures"].as_object().into_iter().flatten() {
        line(&format!("measure {name}"), value.to_string());
    }
    for sentence in record["summary"]["sentences"].as_array().into_iter().flatten() {
        let place = &sentence["source"];
        line("summary", format!("{}:{} {}", place["line"], place["column"], sentence["score"]));
    }
    if let Some(summary) = record["summary"]["text"].as_str() {
        line("summary text", summary.to_owned());
    }
    for warning in record["warnings"].as_array().into_iter().flatten() {
        line("warning", field(warning));
    }
    text
}

fn evidence(tag: &Value) -> usize {
    tag["evidence"].as_array().map_or(0, Vec::len)
}

fn clipped(text: &str) -> String {
    let line = text.replace('\n', "\\n").replace('\t', "\\t");
    if line.chars().count() <= WIDTH {
        return line;
    }
    line.chars().take(WIDTH - 1).chain(['…']).collect()
}
