//! What a pipeline file can say: its keys, in one place for the reader and the JSON Schema.

use std::collections::BTreeMap;

use docmill_core::{ByteSize, Limits, OnError, TimeSpan, nearest};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::node::{Content, Entry, Node};
use crate::settings::AllowedFailures;

/// A docmill pipeline: where documents come from, what is done with them, and what is written.
///
/// `${name}` puts in a variable of `vars`, `${env:NAME}` one of the environment, and `${name:-fallback}` has a fallback.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "the fields are read one by one, so that each can fail alone; here they are named and described"
)]
pub(crate) struct PipelineFile {
    /// Version of the file format: 1.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// What the pipeline is called in the manifest; the name of the file where it is left out.
    name: Option<String>,
    /// Variables: names and values, which `--set name=value` overrides.
    vars: Option<BTreeMap<String, Value>>,
    /// Folders, files, globs and the like that hold the documents; relative paths start at the current folder.
    input: Option<Value>,
    /// Names for stages that live outside the binary.
    plugins: Option<BTreeMap<String, Value>>,
    /// What is done with each document, in this order.
    stages: Vec<Value>,
    /// What is written: one format and its path an item; relative paths start at the current folder.
    output: Option<Vec<Value>>,
    /// What one document may cost.
    limits: Option<Limits>,
    /// Threads that work on documents; all cores where it is left out.
    #[schemars(range(min = 1, max = 1024))]
    workers: Option<usize>,
    /// Bytes that documents in flight may take, such as `512MiB`.
    memory: Option<ByteSize>,
    /// How many documents may fail in a run that counts as good: a number, or a share such as `2%`.
    allow_failures: Option<AllowedFailures>,
}

/// What may stand beside the name of a stage.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "as for the pipeline file")]
pub(crate) struct StageSettings {
    /// What the stage is called in records, the ledger and the manifest; needed where two stages have one name.
    id: Option<String>,
    /// A condition in CEL: the stage works on documents for which it holds.
    when: Option<String>,
    /// The longest that the stage may take for one document, such as `2s`.
    timeout: Option<TimeSpan>,
    /// What happens to a document for which the stage fails.
    on_error: Option<OnError>,
    /// Whether the reader, stage or filter works in a process of its own, so that nothing it does costs more than the document.
    isolate: Option<bool>,
}

/// The keys of a struct above.
pub(crate) fn keys<T: JsonSchema>() -> Vec<String> {
    let schema = schemars::schema_for!(T).to_value();
    schema["properties"].as_object().map(|keys| keys.keys().cloned().collect()).unwrap_or_default()
}

/// Reports the keys that are not among `known`.
pub(crate) fn refuse_unknown_keys(entries: &[Entry], known: &[String], what: &str, report: &mut Diagnostics) {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    for entry in entries.iter().filter(|entry| !known.contains(&entry.name.as_str())) {
        report.push(
            Diagnostic::error(entry.place.clone(), format!("{what} has no key `{}`", entry.name))
                .label(format!("there are: {}", known.join(", ")))
                .maybe_help(nearest(&entry.name, &known).map(|near| format!("did you mean `{near}`?"))),
        );
    }
}

/// A value as the type that a setting has; reports what does not fit.
pub(crate) fn read<T: DeserializeOwned>(node: &Node, what: &str, report: &mut Diagnostics) -> Option<T> {
    let value = node.json()?;
    match serde_json::from_value(value.clone()) {
        Ok(read) => return Some(read),
        // Everything from the environment is text; where that does not fit, it is read as YAML would read it.
        Err(_) if node.secret => {
            if let Some(read) = retyped(&value).and_then(|value| serde_json::from_value(value).ok()) {
                return Some(read);
            }
        }
        Err(_) => {}
    }
    let error = serde_json::from_value::<T>(value).err()?;
    let (label, help) = crate::wording::friendly(&error.to_string());
    report.push(with_origin(
        Diagnostic::error(node.place.clone(), format!("wrong value for `{what}`")).label(label).maybe_help(help),
        node,
    ));
    None
}

/// A mapping read key by key, so that each key can fail alone.
pub(crate) fn read_mapping<T: DeserializeOwned + JsonSchema + Default>(
    node: &Node,
    what: &str,
    report: &mut Diagnostics,
) -> T {
    let entries = match &node.content {
        Content::Map(entries) => entries,
        Content::Scalar(Value::Null) | Content::Broken => return T::default(),
        Content::Scalar(_) | Content::List(_) => {
            report.push(
                Diagnostic::error(node.place.clone(), format!("`{what}` is no mapping"))
                    .label(format!("expected `name: value` pairs, found {}", node.found())),
            );
            return T::default();
        }
    };
    let known = keys::<T>();
    refuse_unknown_keys(entries, &known, &format!("`{what}`"), report);
    let mut good = Map::new();
    for entry in entries.iter().filter(|entry| known.contains(&entry.name)) {
        let Some(mut value) = entry.value.json() else { continue };
        if entry.value.secret {
            value = retyped(&value).unwrap_or(value);
        }
        let alone = Value::Object(Map::from_iter([(entry.name.clone(), value.clone())]));
        match serde_json::from_value::<T>(alone) {
            Ok(_) => {
                good.insert(entry.name.clone(), value);
            }
            Err(error) => {
                let (label, help) = crate::wording::friendly(&error.to_string());
                let message = format!("wrong value for `{what}.{}`", entry.name);
                let diagnostic = Diagnostic::error(entry.value.place.clone(), message).label(label).maybe_help(help);
                report.push(with_origin(diagnostic, &entry.value));
            }
        }
    }
    serde_json::from_value(Value::Object(good)).unwrap_or_default()
}

/// A text as YAML would read it without quotes, where that is something else than a text.
pub(crate) fn retyped(value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let source = crate::source::Source::new("", text);
    crate::yaml::scalar(&source, 0..text.len()).json().filter(|value| !value.is_string())
}

/// With the place where a value that came by a variable was written.
pub(crate) fn with_origin(diagnostic: Diagnostic, node: &Node) -> Diagnostic {
    match &node.origin {
        Some(origin) if *origin != node.place => diagnostic.related(origin.clone(), "the value is given here"),
        _ => diagnostic,
    }
}
