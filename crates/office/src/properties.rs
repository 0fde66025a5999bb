//! What documents state about themselves, in docmill's keys.

use docmill_core::{Document, ReadError};
use serde_json::Value;

use crate::package::Package;
use crate::xml::Element;

/// Titles that programs fill in by themselves.
const NO_TITLES: &[&str] = &["powerpoint presentation", "word document", "untitled", "slide 1", "presentation"];

/// Years that programs fill in where they know none.
const NO_YEARS: &[&str] = &["0000", "0001", "1601"];

/// Properties by docmill's keys, in the order in which they were stated.
#[derive(Debug, Default)]
pub(crate) struct Properties {
    values: Vec<(&'static str, Value)>,
}

impl Properties {
    /// States a text, unless it is blank.
    pub(crate) fn text(&mut self, key: &'static str, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let filled_in = key == "title" && NO_TITLES.contains(&text.to_lowercase().as_str());
        if !text.is_empty() && !filled_in {
            self.values.push((key, Value::from(text)));
        }
    }

    /// States one more name or word of a list; `separators` part several in one.
    pub(crate) fn list(&mut self, key: &'static str, text: &str, separators: &[char]) {
        let new = text.split(separators).map(str::trim).filter(|word| !word.is_empty()).map(Value::from);
        if let Some((_, Value::Array(known))) = self.values.iter_mut().find(|(known, _)| *known == key) {
            for word in new {
                if !known.contains(&word) {
                    known.push(word);
                }
            }
        } else {
            let new: Vec<Value> = new.collect();
            if !new.is_empty() {
                self.values.push((key, Value::Array(new)));
            }
        }
    }

    /// States a moment of ISO 8601, and as the day of the document where `dates` and no other was stated.
    pub(crate) fn moment(&mut self, key: &'static str, text: &str, dates: bool) {
        let text = text.trim();
        let Some(day) = day(text) else { return };
        self.values.push((key, Value::from(text)));
        if dates {
            self.values.push(("date", Value::from(day)));
        }
    }

    /// States the day of publication: `2016`, `2016-03` or `2016-03-15`, whatever follows it.
    pub(crate) fn date(&mut self, text: &str) {
        let text = text.trim();
        let date = [10, 7, 4].into_iter().filter_map(|length| text.get(..length)).find(|date| is_date(date));
        if let Some(date) = date {
            self.values.push(("date", Value::from(date)));
        }
    }

    /// Whether a key is stated.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.values.iter().any(|(known, _)| *known == key)
    }

    /// Tells the document; what its own text says, such as a title, goes before.
    pub(crate) fn tell(self, doc: &mut Document) {
        for (key, value) in self.values {
            doc.meta.set_if_absent(key, value);
        }
    }
}

/// The day of a moment of ISO 8601, where it has one.
fn day(text: &str) -> Option<&str> {
    text.get(..10).filter(|day| is_date(day))
}

/// Whether these are digits where a date of ISO 8601 has digits.
fn is_date(text: &str) -> bool {
    let shape = text.bytes().enumerate().all(|(index, byte)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    shape && !text.is_empty() && !NO_YEARS.contains(&text.get(..4).unwrap_or_default())
}

/// The core properties of a package of Open Packaging Conventions.
pub(crate) fn core(package: &mut Package<'_>) -> Result<Properties, ReadError> {
    let mut found = Properties::default();
    let name = package.main("core-properties", "docProps/core.xml")?;
    let Some(tree) = package.tree(&name).ok().flatten() else { return Ok(found) };
    for element in tree.root().children() {
        core_element(element, &mut found);
    }
    Ok(found)
}

fn core_element(element: Element<'_>, found: &mut Properties) {
    let text = element.text();
    match element.name() {
        "title" => found.text("title", &text),
        "creator" => found.list("authors", &text, &[';']),
        "created" => found.moment("created", &text, true),
        "modified" => found.moment("modified", &text, false),
        "subject" => found.text("subject", &text),
        "description" => found.text("description", &text),
        "language" => found.text("language", &text),
        "category" => found.text("category", &text),
        "keywords" => found.list("keywords", &text, &[',', ';']),
        _ => {}
    }
}
