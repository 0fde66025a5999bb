//! Front matter: a YAML mapping between two lines of `---` at the beginning of a text.

use docmill_core::{ByteSpan, Meta};
use serde_json::{Map, Value};

use super::byline;
use super::lines::Line;
use crate::date;

/// More lines are no front matter.
const MOST_LINES: usize = 200;

/// Front matter that was found.
pub(crate) struct FrontMatter {
    /// The mapping, without the lines of `---`.
    pub inner: ByteSpan,
    /// How many lines it has, with those.
    pub lines: usize,
    pub values: Map<String, Value>,
}

/// The front matter that a text begins with.
pub(crate) fn front_matter(text: &str, lines: &[Line<'_>]) -> Option<FrontMatter> {
    if lines.first()?.text != "---" {
        return None;
    }
    let inside = lines[1..].iter().take(MOST_LINES).position(|line| matches!(line.text, "---" | "..."))?;
    let last = lines.get(inside)?;
    if inside == 0 {
        return None;
    }
    // Indents count in YAML, so it begins where the line of `---` ends.
    let inner = text.get(lines[0].span().end..last.span().end)?;
    let values = serde_yaml::from_str::<Map<String, Value>>(inner).ok()?;
    let start = last.span().end - inner.trim_start().len();
    Some(FrontMatter { inner: ByteSpan::new(start, start + inner.trim().len()), lines: inside + 2, values })
}

/// Takes the values into the metadata: keys in snake case, dates in ISO 8601, authors as a list.
pub(crate) fn state(meta: &mut Meta, values: Map<String, Value>) {
    for (key, value) in values {
        let key = super::masthead::snake_case(&key);
        match (key.as_str(), value) {
            ("" | "authors" | "author", Value::Null) | ("", _) => {}
            ("author" | "authors" | "by", Value::String(text)) => {
                let names = byline::names(&text);
                meta.set_if_absent("authors", if names.is_empty() { vec![text] } else { names });
            }
            ("author" | "authors" | "by", list) => meta.set_if_absent("authors", list),
            ("date" | "published", Value::String(text)) => {
                meta.set_if_absent("date", date::parse(&text).unwrap_or(text));
            }
            (_, value) => meta.set_if_absent(key, value),
        }
    }
}
