//! Front matter: a YAML mapping between two lines of `---` at the top of a file.

use docmill_core::Meta;
use serde_json::{Map, Value};

use crate::date;

/// Front matter longer than this, in bytes, is taken for text.
const LONGEST: usize = 64 << 10;

/// The front matter of a file.
pub(super) struct FrontMatter {
    /// Its length in bytes, with both its lines of dashes.
    pub(super) length: usize,
    pub(super) meta: Meta,
}

/// The front matter that `source` begins with. What is no mapping is none: two rules around a paragraph are text.
pub(super) fn of(source: &str) -> Option<FrontMatter> {
    let mut lines = source.split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let mut end = first.len();
    for line in lines {
        let is_end = matches!(line.trim_end(), "---" | "...");
        if is_end {
            let meta = meta(&source[first.len()..end])?;
            return Some(FrontMatter { length: end + line.len(), meta });
        }
        end += line.len();
        if end > LONGEST {
            return None;
        }
    }
    None
}

fn meta(yaml: &str) -> Option<Meta> {
    let mut meta = Meta::default();
    if yaml.trim().is_empty() {
        return Some(meta);
    }
    let values: Map<String, Value> = serde_yaml::from_str(yaml).ok()?;
    for (key, value) in values {
        let key = snake(&key);
        match key.as_str() {
            "author" | "authors" | "by" | "byline" => {
                let authors = names(&value);
                if !authors.is_empty() {
                    meta.set_if_absent("authors", authors);
                }
            }
            "date" => meta.set("date", iso(&value)),
            "title" => meta.set("title", value.as_str().map_or_else(|| text(&value), |title| title.trim().to_owned())),
            "" => {}
            _ if value.is_null() => {}
            _ => meta.set(key, value),
        }
    }
    Some(meta)
}

/// A date as ISO 8601 where it can be read as one.
fn iso(value: &Value) -> Value {
    let stated = text(value);
    match stated.get(..10).and_then(date::parse).or_else(|| date::parse(&stated)) {
        Some(date) => Value::from(date),
        None => Value::from(stated),
    }
}

fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(names).collect(),
        Value::Object(values) => values.get("name").map(names).unwrap_or_default(),
        Value::Null => Vec::new(),
        value => vec![text(value)],
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned())
}

/// A key in lower case, with its words joined by `_`.
fn snake(key: &str) -> String {
    let mut snake = String::with_capacity(key.len());
    for word in key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(word.chars().flat_map(char::to_lowercase));
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: Option<(usize, &Value)>) {
        let found = of(source).map(|front| (front.length, serde_json::to_value(front.meta).unwrap()));
        assert_eq!(found.as_ref().map(|(length, meta)| (*length, meta)), expected, "{source}");
    }

    #[test]
    fn keys_are_lower_case_and_the_standard_ones_are_read() {
        check(
            "---\ntitle: A\nAuthor: Ann Pell\ndate: 2017-02-06\nReview Cycle: 2\ntags: [a, b]\n---\nText",
            Some((
                80,
                &serde_json::json!({"title": "A", "authors": ["Ann Pell"], "date": "2017-02-06", "review_cycle": 2, "tags": ["a", "b"]}),
            )),
        );
    }

    #[test]
    fn what_is_no_mapping_is_text() {
        check("---\nA paragraph between rules\n---\n", None);
        check("---\ntitle: open\n", None);
        check("text\n---\na: b\n---\n", None);
        check("", None);
    }
}
