//! The columns of a table, whatever it comes from: which of them are the text of a row, and what the others say of it.

use docmill_core::{Document, Edits, Landmark, Meta, RawSource, ReadError, Spot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::key::snake_case;
use crate::record;

/// Names of columns or fields: one, or a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Columns {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Default for Columns {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl Columns {
    /// The names; none where there is an empty one.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::One(name) if name.is_empty() => Vec::new(),
            Self::One(name) => vec![name],
            Self::Several(names) => names.iter().map(String::as_str).collect(),
        }
    }
}

/// What the options of a reader of tables say of its columns.
#[derive(Debug, Clone, Copy)]
pub struct RowOptions<'o> {
    /// The columns that are the text; where there are none, the likeliest.
    pub text: &'o Columns,
    /// The column that is the title; where it is empty, one that is usually.
    pub title: &'o str,
    /// The columns that become metadata; where they are left out, all but those of the text.
    pub meta: Option<&'o [String]>,
}

impl RowOptions<'_> {
    /// What the columns of these names are. `rows` are the first rows of the table.
    pub fn layout(self, names: Vec<String>, rows: &[Vec<String>]) -> Result<Layout, ReadError> {
        let names = told_apart(names);
        let mut text = find_all(&names, &self.text.names())?;
        if text.is_empty() {
            text.push(usual(&names, record::TEXT_FIELDS).unwrap_or_else(|| longest(rows, names.len())));
        }
        text.sort_unstable();
        text.dedup();
        let title = if self.title.is_empty() {
            usual(&names, record::TITLE_FIELDS).filter(|column| !text.contains(column))
        } else {
            find_all(&names, &[self.title])?.pop()
        };
        let meta = match self.meta {
            Some(wanted) => find_all(&names, &wanted.iter().map(String::as_str).collect::<Vec<_>>())?,
            None => (0..names.len()).filter(|column| !text.contains(column)).collect(),
        };
        Ok(Layout { names, text, title, meta })
    }
}

/// What the columns of a table are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Names of all columns, each told apart from the others.
    pub names: Vec<String>,
    /// The columns that are the text, in their order; there is at least one, unless there are no columns.
    pub text: Vec<usize>,
    /// The column that is the title.
    pub title: Option<usize>,
    /// The columns that become metadata.
    pub meta: Vec<usize>,
}

impl Layout {
    /// The names of the columns that are the text.
    pub fn text_names(&self) -> String {
        let names: Vec<&str> =
            self.text.iter().filter_map(|column| self.names.get(*column)).map(String::as_str).collect();
        names.join(", ")
    }

    /// Takes what the columns say into the metadata; `value` gives that of a column.
    pub fn describe(&self, meta: &mut Meta, value: impl Fn(usize) -> Option<Value>) {
        for column in &self.meta {
            if let Some(value) = value(*column) {
                record::state(meta, &self.names[*column], value);
            }
        }
        record::date_from_fields(meta);
        let title = self.title.and_then(value).map(|title| words(&title));
        if let Some(title) = title.filter(|title| !title.trim().is_empty()) {
            meta.set("title", title.trim());
        }
    }

    /// The document of a row whose values `source` holds as a JSON array. `table` is what the row is counted in.
    pub fn document(&self, source: &RawSource, table: &str) -> Result<Document, ReadError> {
        let values: Vec<Value> = serde_json::from_slice(&source.bytes)
            .map_err(|error| ReadError::Malformed { expected: "a row", found: error.to_string() })?;
        let texts = self.text.iter().filter_map(|column| values.get(*column)).map(words);
        let texts: Vec<String> = texts.filter(|text| !text.trim().is_empty()).collect();
        let mut described = source.source("utf-8");
        described.origin.field = Some(self.text_names());
        described.origin.decoded = true;
        if let Some(row) = described.origin.row.filter(|_| !table.is_empty()) {
            described.origin.landmarks = vec![Landmark { offset: 0, spot: Spot::row(&table.into(), row) }];
        }
        let mut doc = Document::new(described, texts.join("\n\n"));
        record::reveal(&mut doc, &Edits::new())?;
        self.describe(&mut doc.meta, |column| values.get(column).cloned());
        Ok(doc)
    }
}

/// A value as text: a string as it is, others as JSON has them.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Gives each column a name by which it can be told apart from those before it, as a key of the metadata too.
fn told_apart(names: Vec<String>) -> Vec<String> {
    let mut keys = std::collections::HashSet::new();
    let mut column = 0;
    let mut own = |name: String| {
        column += 1;
        let name = if snake_case(&name).is_empty() { format!("column_{column}") } else { name };
        if keys.insert(snake_case(&name)) {
            return name;
        }
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        numbered.into_iter().find(|name| keys.insert(snake_case(name))).unwrap_or(name)
    };
    names.into_iter().map(&mut own).collect()
}

/// The columns of these names.
fn find_all(names: &[String], wanted: &[&str]) -> Result<Vec<usize>, ReadError> {
    let find = |wanted: &&str| {
        names.iter().position(|name| name == wanted).ok_or_else(|| ReadError::Malformed {
            expected: "a table with the columns asked for",
            found: format!("there is no column {wanted:?} among: {}", names.join(", ")),
        })
    };
    wanted.iter().map(find).collect()
}

/// The column with the first of these names, whatever their case.
fn usual(names: &[String], wanted: &[&str]) -> Option<usize> {
    wanted.iter().find_map(|wanted| names.iter().position(|name| name.eq_ignore_ascii_case(wanted)))
}

/// The column with the most characters.
fn longest(rows: &[Vec<String>], columns: usize) -> usize {
    let length = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(String::len).sum::<usize>();
    (0..columns).max_by_key(|&column| (length(column), std::cmp::Reverse(column))).unwrap_or(0)
}
