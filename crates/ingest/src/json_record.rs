//! A JSON value as a document: which of its fields are the text, and what the others say of it.

use std::any::Any;

use docmill_core::{Document, Meta, RawSource, ReadError};
use serde_json::Value;

use crate::encoding::decode;
use crate::json_text::{Literal, reveal, strings_at};
use crate::record;

/// So many values are looked at to find the longest string.
const MOST_VALUES: usize = 100_000;

/// Which fields of a record are what, as the options name them.
pub(crate) struct RecordFields<'f> {
    /// The text; where there is none, the likeliest field.
    pub(crate) text: Vec<&'f str>,
    /// The title; where it is empty, one of the usual fields.
    pub(crate) title: &'f str,
    /// The metadata; where it is left out, all others.
    pub(crate) meta: Option<&'f [String]>,
}

impl RecordFields<'_> {
    /// The document of the record that `source` holds. `subject` names it in errors, such as `line 12`.
    pub(crate) fn document(&self, source: &RawSource, subject: &str) -> Result<Document, ReadError> {
        let decoded = decode(&source.bytes, None)?;
        if decoded.text.trim_ascii().is_empty() {
            return Err(ReadError::Empty);
        }
        let value: Value = serde_json::from_str(&decoded.text).map_err(|error| malformed(source, &error))?;
        let paths = self.text_paths(&value);
        if paths.is_empty() {
            return Err(missing(subject, "no field with a text", &value));
        }
        let literals: Vec<Literal> = paths.iter().flat_map(|path| strings_at(&decoded.text, path)).collect();
        let joined: Vec<String> = paths.iter().map(|path| path.join(".")).collect();
        if literals.is_empty() {
            return Err(missing(subject, &format!("no text in `{}`", joined.join("`, `")), &value));
        }
        let edits = reveal(&decoded.text, literals);
        let encoding = source.shared.as_deref().and_then(|shared| (shared as &dyn Any).downcast_ref::<String>());
        let mut described = source.source(encoding.map_or(decoded.encoding, String::as_str));
        described.origin.field = Some(joined.join(", ")).filter(|field| !field.is_empty());
        let mut doc = Document::new(described, decoded.text);
        record::reveal(&mut doc, &edits)?;
        self.describe(&mut doc.meta, &value, &paths);
        Ok(doc)
    }

    /// Where the text is in a record.
    fn text_paths(&self, value: &Value) -> Vec<Vec<String>> {
        if self.text.is_empty() {
            return likeliest(value).into_iter().collect();
        }
        let named = self.text.iter().map(|name| path(name, value));
        match self.text.len() {
            1 => named.collect(),
            _ => named.filter(|path| at(value, path).is_some()).collect(),
        }
    }

    fn describe(&self, meta: &mut Meta, value: &Value, text: &[Vec<String>]) {
        match self.meta {
            Some(names) => {
                for name in names {
                    if let Some(value) = at(value, &path(name, value)) {
                        record::state(meta, name, value.clone());
                    }
                }
            }
            None => all_scalars(meta, value, text),
        }
        record::date_from_fields(meta);
        let title = if self.title.is_empty() {
            record::TITLE_FIELDS.iter().find_map(|name| value.get(name)?.as_str())
        } else {
            at(value, &path(self.title, value)).and_then(Value::as_str)
        };
        if let Some(title) = title.filter(|title| !title.trim().is_empty()) {
            meta.set("title", title.trim());
        }
    }
}

/// An error of the parser, with its place in the file.
fn malformed(source: &RawSource, error: &serde_json::Error) -> ReadError {
    let before = if error.line() == 1 { source.origin.columns } else { 0 };
    let (line, column) = (source.origin.lines + error.line(), before + error.column());
    let message = error.to_string();
    let what = message.split(" at line ").next().unwrap_or_default();
    ReadError::Malformed { expected: "JSON", found: format!("line {line}, column {column}: {what}") }
}

fn missing(subject: &str, what: &str, value: &Value) -> ReadError {
    let fields =
        value.as_object().map(|fields| fields.keys().take(20).map(String::as_str).collect::<Vec<_>>().join(", "));
    let has = fields.map_or_else(|| "it is no object".to_owned(), |fields| format!("it has: {fields}"));
    ReadError::Malformed { expected: "a record with a text", found: format!("{subject} has {what}; {has}") }
}

/// The path of the field that is most likely the text.
fn likeliest(value: &Value) -> Option<Vec<String>> {
    let Value::Object(fields) = value else {
        return if value.is_string() { Some(Vec::new()) } else { longest_within(value) };
    };
    let text = |name: &str| fields.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let usual = record::TEXT_FIELDS.iter().copied().find(|name| text(name).is_some());
    // Of strings that are equally long, the first by name.
    let longest = || {
        let strings = fields.iter().filter_map(|(name, value)| Some((value.as_str()?.len(), name)));
        strings.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, name)| name.clone())
    };
    let known = || record::TEXT_FIELDS.iter().copied().find(|name| fields.get(*name).is_some_and(Value::is_string));
    let own = usual.or_else(known).map(str::to_owned).or_else(longest).map(|name| vec![name]);
    own.or_else(|| longest_within(value))
}

/// The path of the longest string at any depth; of several, the last that is come upon.
fn longest_within(value: &Value) -> Option<Vec<String>> {
    let mut longest: Option<(usize, Vec<String>)> = None;
    let mut open: Vec<(Vec<String>, &Value)> = vec![(Vec::new(), value)];
    for _ in 0..MOST_VALUES {
        let Some((path, value)) = open.pop() else { break };
        if let Some(text) = value.as_str().filter(|text| longest.as_ref().is_none_or(|(most, _)| text.len() >= *most)) {
            longest = Some((text.len(), path.clone()));
        }
        open.extend(children(&path, value));
    }
    longest.map(|(_, path)| path)
}

/// What is directly in a value, with the paths.
fn children<'v>(path: &[String], value: &'v Value) -> Vec<(Vec<String>, &'v Value)> {
    let below = |key: String| path.iter().cloned().chain([key]).collect();
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (below(name.clone()), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, value)| (below(index.to_string()), value)).collect()
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => Vec::new(),
    }
}

/// Takes all strings, numbers and booleans but the text into the metadata.
fn all_scalars(meta: &mut Meta, value: &Value, text: &[Vec<String>]) {
    let mut open: Vec<(Vec<String>, &Value)> = vec![(Vec::new(), value)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(_) => open.extend(children(&path, value)),
            Value::String(_) | Value::Number(_) | Value::Bool(_) if !text.contains(&path) => {
                record::state(meta, &path.join("_"), value.clone());
            }
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Array(_) | Value::Null => {}
        }
    }
}

/// A field's name as a path: a JSON pointer (RFC 6901), the name of a field as it is, or names joined by full stops.
fn path(name: &str, value: &Value) -> Vec<String> {
    if name.starts_with('/') {
        return pointer(name);
    }
    match value.get(name) {
        Some(_) => vec![name.to_owned()],
        None => name.split('.').map(str::to_owned).collect(),
    }
}

/// The keys of a JSON pointer (RFC 6901); none of what is no pointer.
pub(crate) fn pointer(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

fn at<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| match value {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        other => other.get(key),
    })
}
