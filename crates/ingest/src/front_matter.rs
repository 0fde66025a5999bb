//! Front matter: a YAML mapping between two lines of `---` at the top of a Markdown or text file.

use docmill_core::{ByteSpan, Meta};
use serde_json::{Map, Value};

use crate::date;
use crate::key::snake_case;
use crate::layout::names;

/// Front matter longer than this, in bytes, is taken for text.
const LONGEST: usize = 64 << 10;

/// The front matter of a file.
pub(crate) struct FrontMatter {
    /// Its length in bytes, with both its lines of dashes.
    pub(crate) length: usize,
    /// The mapping, without the lines of dashes.
    pub(crate) inner: ByteSpan,
    pub(crate) meta: Meta,
}

/// The front matter that `source` begins with. What is no mapping is none: two rules around a paragraph are text.
pub(crate) fn of(source: &str) -> Option<FrontMatter> {
    let mut lines = source.split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let mut end = first.len();
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            let yaml = &source[first.len()..end];
            let start = first.len() + (yaml.len() - yaml.trim_start().len());
            let inner = ByteSpan::new(start, start + yaml.trim().len());
            return Some(FrontMatter { length: end + line.len(), inner, meta: meta(yaml)? });
        }
        end += line.len();
        if end > LONGEST {
            return None;
        }
    }
    None
}

/// What the mapping states: keys in snake case, dates in ISO 8601, authors as a list.
fn meta(yaml: &str) -> Option<Meta> {
    let mut meta = Meta::default();
    if yaml.trim().is_empty() {
        return Some(meta);
    }
    let values: Map<String, Value> = serde_yaml::from_str(yaml).ok()?;
    for (key, value) in values {
        let key = snake_case(&key);
        match key.as_str() {
            "author" | "authors" | "by" | "byline" => {
                let authors = authors(&value);
                if !authors.is_empty() {
                    meta.set_if_absent("authors", authors);
                }
            }
            "date" | "published" => meta.set_if_absent("date", iso(&value)),
            "title" => meta.set("title", text(&value)),
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

fn authors(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(authors).collect(),
        Value::Object(values) => values.get("name").map(authors).unwrap_or_default(),
        Value::Null => Vec::new(),
        value => {
            let stated = text(value);
            let names = names(&stated);
            if names.is_empty() { vec![stated] } else { names }
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: Option<(&str, &str, &Value)>) {
        let found = of(source).map(|front| {
            let inner = front.inner.of(source).expect("a span of the source");
            (&source[front.length..], inner, serde_json::to_value(front.meta).expect("JSON"))
        });
        assert_eq!(found.as_ref().map(|(rest, inner, meta)| (*rest, *inner, meta)), expected, "{source}");
    }

    #[test]
    fn keys_are_in_snake_case_and_the_usual_ones_are_read() {
        check(
            "---\ntitle: A\nAuthor: Ann Pell and Bo Reyes\ndate: 6 May 2017\nReview Cycle: 2\ntags: [a, b]\n---\nText",
            Some((
                "Text",
                "title: A\nAuthor: Ann Pell and Bo Reyes\ndate: 6 May 2017\nReview Cycle: 2\ntags: [a, b]",
                &serde_json::json!({"title": "A", "authors": ["Ann Pell", "Bo Reyes"], "date": "2017-05-06", "review_cycle": 2, "tags": ["a", "b"]}),
            )),
        );
    }

    #[test]
    fn authors_may_be_a_list_of_names_or_of_objects_or_no_persons() {
        let authors =
            |yaml: &str| of(&format!("---\n{yaml}\n---\n")).and_then(|front| front.meta.get("authors").cloned());
        assert_eq!(authors("authors: [Ann Pell, {name: Bo Reyes}]"), Some(serde_json::json!(["Ann Pell", "Bo Reyes"])));
        assert_eq!(authors("by: newsroom"), Some(serde_json::json!(["newsroom"])));
        assert_eq!(authors("by:"), None);
    }

    #[test]
    fn what_is_no_mapping_is_text() {
        check("---\nA paragraph between rules\n---\n", None);
        check("---\ntitle: open\n", None);
        check("text\n---\na: b\n---\n", None);
        check("", None);
    }
}
