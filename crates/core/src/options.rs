//! Reads the options of a component, and finds all that is wrong with them, not only the first thing.
//!
//! serde stops at the first mistake. Since every option has a default, each is read alone first, so that each can fail
//! alone; ranges are checked against the schema, which is the one place where they are written.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{Component, OptionError};

/// The options of `C` in `value`: an object, or null for the defaults.
pub(crate) fn read<C: Component>(value: &Value) -> Result<C, Vec<OptionError>> {
    let empty = Map::new();
    let given = match value {
        Value::Null => &empty,
        Value::Object(given) => given,
        other => {
            let message =
                format!("expected the options of {} as `name: value` pairs, found {}", C::NAME, describe(other));
            return Err(vec![OptionError::new("", message)]);
        }
    };
    let schema = schemars::schema_for!(C).to_value();
    let mut errors = Vec::new();
    for (key, value) in given {
        let pointer = format!("/{}", escape(key));
        if let Some(known) = schema["properties"].as_object().filter(|known| !known.contains_key(key)) {
            errors.push(unknown_option(C::NAME, key, pointer, known));
            continue;
        }
        let found = alone::<C>(key, value, &pointer);
        let is_right = found.is_empty();
        errors.extend(found);
        if is_right {
            check_ranges(value, &schema["properties"][key], &schema, &pointer, &mut errors);
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    deserialize::<C>(Value::Object(given.clone())).map_err(|error| vec![error])
}

/// A struct written as a mapping in YAML, that is no component: what is wrong with it is told as for options.
pub fn read_struct<T: DeserializeOwned + JsonSchema>(what: &str, value: &Value) -> Result<T, Vec<OptionError>> {
    let schema = schemars::schema_for!(T).to_value();
    let empty = Map::new();
    let known = schema["properties"].as_object().unwrap_or(&empty);
    let given = value.as_object().unwrap_or(&empty);
    let unknown = given.keys().filter(|key| !known.contains_key(*key));
    let errors: Vec<_> = unknown.map(|key| unknown_option(what, key, format!("/{}", escape(key)), known)).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    deserialize(value.clone()).map_err(|error| vec![error])
}

/// What is wrong with an option by itself; for a list, with each of its items.
fn alone<C: Component>(key: &str, value: &Value, pointer: &str) -> Vec<OptionError> {
    let read = |value: &Value| deserialize::<C>(Value::Object(Map::from_iter([(key.to_owned(), value.clone())])));
    let Err(error) = read(value) else { return Vec::new() };
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let of_items = items.iter().enumerate().filter_map(|(index, item)| {
        let mut error = read(&Value::Array(vec![item.clone()])).err()?;
        let rest = error.pointer.strip_prefix(pointer)?.strip_prefix("/0")?.to_owned();
        error.pointer = format!("{pointer}/{index}{rest}");
        Some(error)
    });
    let of_items: Vec<_> = of_items.collect();
    if of_items.is_empty() { vec![error] } else { of_items }
}

/// A type that stands in YAML, read with the place of the first mistake.
pub(crate) fn deserialize<T: DeserializeOwned>(value: Value) -> Result<T, OptionError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer: String = error.path().iter().map_while(pointer_part).collect();
        OptionError::new(pointer, error.into_inner().to_string())
    })
}

fn pointer_part(segment: &serde_path_to_error::Segment) -> Option<String> {
    use serde_path_to_error::Segment;
    match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", escape(key))),
        Segment::Enum { variant } => Some(format!("/{}", escape(variant))),
        Segment::Unknown => None,
    }
}

/// What is wrong with the option `key` of `component`, which is none of the `known`. `pointer` leads to it.
pub fn unknown_option(component: &str, key: &str, pointer: String, known: &Map<String, Value>) -> OptionError {
    let names: Vec<&str> = known.keys().map(String::as_str).collect();
    let message = if names.is_empty() {
        format!("{component} has no options, found `{key}`")
    } else {
        format!("{component} has no option `{key}`; it has: {}", names.join(", "))
    };
    let error = OptionError { at_key: true, ..OptionError::new(pointer, message) };
    match nearest(key, &names) {
        Some(name) => error.with_help(format!("did you mean `{name}`?")),
        None => error,
    }
}

/// The name of `names` that `name` was probably meant to be.
pub fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let scored = names.iter().map(|candidate| (strsim::damerau_levenshtein(name, candidate), *candidate));
    let (distance, candidate) = scored.min()?;
    // A third of the letters may be wrong, and a short name may be off by one.
    (distance <= (name.chars().count().max(candidate.chars().count()) / 3).max(1)).then_some(candidate)
}

fn check_ranges(value: &Value, schema: &Value, root: &Value, pointer: &str, errors: &mut Vec<OptionError>) {
    let schema = resolve(schema, root);
    let bound = |name: &str| schema[name].as_f64();
    let measured = match value {
        Value::Number(number) => number.as_f64().map(|number| (number, "minimum", "maximum", "")),
        Value::String(text) => Some((text.chars().count() as f64, "minLength", "maxLength", " characters")),
        Value::Array(items) => Some((items.len() as f64, "minItems", "maxItems", " items")),
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    };
    if let Some((measured, lower, upper, unit)) = measured {
        let (lower, upper) = (bound(lower), bound(upper));
        if lower.is_some_and(|lower| measured < lower) || upper.is_some_and(|upper| measured > upper) {
            let range = match (lower, upper) {
                (Some(lower), Some(upper)) => format!("{lower} to {upper}{unit}"),
                (Some(lower), None) => format!("at least {lower}{unit}"),
                (None, Some(upper)) => format!("at most {upper}{unit}"),
                (None, None) => return,
            };
            errors.push(OptionError::new(pointer, format!("expected {range}, found {measured}{unit}")));
        }
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check_ranges(item, &schema["items"], root, &format!("{pointer}/{index}"), errors);
            }
        }
        Value::Object(entries) => {
            for (key, entry) in entries {
                let of_key = schema["properties"].get(key).unwrap_or(&schema["additionalProperties"]);
                check_ranges(entry, of_key, root, &format!("{pointer}/{}", escape(key)), errors);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Follows references and the `anyOf` of an optional value to the schema that says something.
fn resolve<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return root.pointer(reference.trim_start_matches('#')).map_or(schema, |found| resolve(found, root));
    }
    match schema["anyOf"].as_array().map(Vec::as_slice) {
        Some([one, null]) if null["type"] == "null" => resolve(one, root),
        _ => schema,
    }
}

/// A value in a few words, for messages that expected something else.
pub fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(value) => format!("`{value}`"),
        Value::String(value) => format!("the text {value:?}"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
    }
}

/// A key as a part of a JSON pointer (RFC 6901, section 3).
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
