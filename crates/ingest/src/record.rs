//! What the rows of a table and the lines of a JSONL file have in common: one text, and fields that describe it.

use docmill_core::{Document, Edits, Meta, ReadError};
use serde_json::Value;

use crate::date;
use crate::key::snake_case;
use crate::layout::{names, passages};

/// Fields that hold the text, by how likely they are to.
pub(crate) const TEXT_FIELDS: &[&str] = &[
    "text",
    "body",
    "content",
    "message",
    "description",
    "comment",
    "article",
    "review",
    "transcript",
    "abstract",
    "summary",
];

/// Fields that hold the title.
pub(crate) const TITLE_FIELDS: &[&str] = &["title", "subject", "headline"];

/// Fields of which the first that holds a date is the document's own.
const DATE_FIELDS: &[&str] = &[
    "date",
    "published",
    "published_at",
    "created",
    "created_at",
    "opened",
    "timestamp",
    "time",
    "sent",
    "updated",
    "pubdate",
];

/// Leaves of the record nothing but the text that `edits` reveal, in paragraphs.
pub(crate) fn reveal(doc: &mut Document, edits: &Edits) -> Result<(), ReadError> {
    doc.edit(edits)?;
    if !doc.text().chars().any(char::is_alphanumeric) {
        return Err(ReadError::Empty);
    }
    let blocks = passages(doc.text());
    doc.set_blocks(blocks);
    Ok(())
}

/// Takes a field into the metadata, under its name in snake case.
pub(crate) fn state(meta: &mut Meta, name: &str, value: Value) {
    let key = snake_case(name);
    let empty = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    if key.is_empty() || empty {
        return;
    }
    if matches!(key.as_str(), "author" | "byline")
        && let Some(authors) = value.as_str().map(names).filter(|names| !names.is_empty())
    {
        meta.set_if_absent("authors", authors);
    }
    if key == "lang" {
        meta.set_if_absent("language", value.clone());
    }
    meta.set(key, value);
}

/// Sets `date` to the ISO date that one of the fields holds.
pub(crate) fn date_from_fields(meta: &mut Meta) {
    let date = DATE_FIELDS.iter().find_map(|field| date::parse(meta.text(field)?));
    if let Some(date) = date {
        meta.set("date", date);
    }
}
