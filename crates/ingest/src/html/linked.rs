//! JSON-LD: what a page states about itself in the vocabulary of schema.org.

use serde_json::Value;

use super::head::LONGEST_VALUE;
use crate::reference::resolved;

/// JSON-LD longer than this is not read: it is data of the page's programs, not a statement about the page.
const LONGEST: usize = 1 << 20;

/// The objects that may say something about the page, in the order in which they are written. Broken JSON has none.
pub(super) fn objects(json: &str) -> Vec<Value> {
    if json.len() > LONGEST {
        return Vec::new();
    }
    let json = json.trim().trim_start_matches("<!--").trim_end_matches("-->");
    let Ok(value) = serde_json::from_str::<Value>(json) else { return Vec::new() };
    let mut objects = match value {
        Value::Array(objects) => objects,
        value => vec![value],
    };
    let mut found = Vec::new();
    for object in &mut objects {
        if let Some(Value::Array(graph)) = object.get_mut("@graph").map(Value::take) {
            found.extend(graph.into_iter().filter(states_something));
        }
    }
    found.extend(objects.into_iter().filter(states_something));
    found
}

fn types(object: &Value) -> impl Iterator<Item = &str> {
    let (one, many) = match object.get("@type") {
        Some(Value::String(kind)) => (Some(kind.as_str()), None),
        Some(Value::Array(kinds)) => (None, Some(kinds)),
        _ => (None, None),
    };
    one.into_iter().chain(many.into_iter().flatten().filter_map(Value::as_str))
}

pub(super) fn is_article(object: &Value) -> bool {
    types(object).any(|kind| {
        kind.ends_with("Article")
            || kind.ends_with("Posting")
            || matches!(kind, "Report" | "Review" | "Recipe" | "Book")
    })
}

/// Whether the object is a thread of a forum, or a question with its answers.
pub(super) fn is_thread(object: &Value) -> bool {
    types(object).any(|kind| matches!(kind, "DiscussionForumPosting" | "QAPage"))
}

/// Whether what the object says may be said of the page, and not of its site.
fn states_something(object: &Value) -> bool {
    is_article(object)
        || object.get("datePublished").is_some()
        || types(object).any(|kind| {
            kind.ends_with("Page") || kind.ends_with("Object") || kind == "CreativeWork" || kind == "Product"
        })
}

pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(resolved(text)),
        Value::Array(values) => values.iter().find_map(text_of_string),
        _ => None,
    }
    .filter(|text| !text.is_empty() && text.len() <= LONGEST_VALUE)
}

fn text_of_string(value: &Value) -> Option<String> {
    value.as_str().map(resolved)
}

pub(super) fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::Object(_) => text_of(value.get("name")?),
        Value::Array(values) => values.iter().find_map(|value| text_of(value.get("name")?)),
        _ => text_of(value),
    }
}

pub(super) fn add_names(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Array(values) => {
            for value in values {
                names.extend(name_of(value).filter(|name| is_name(name)).map(|name| without_by(&name).to_owned()));
            }
        }
        value => names.extend(name_of(value).filter(|name| is_name(name)).map(|name| without_by(&name).to_owned())),
    }
}

pub(super) fn is_name(value: &str) -> bool {
    !value.is_empty() && value.len() <= 200 && !value.contains("://") && !value.starts_with('@')
}

pub(super) fn without_by(name: &str) -> &str {
    let lead = name.get(..3).filter(|lead| lead.eq_ignore_ascii_case("by "));
    lead.map_or(name, |lead| name[lead.len()..].trim_start())
}
