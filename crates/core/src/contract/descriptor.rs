//! What a stage outside the binary says of itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Field, Offsets};

/// What a stage outside the binary says of itself, once, before it is given anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// What it calls itself. Pipelines call it as they like.
    pub name: String,
    /// Its version: results of another version are not taken from the cache.
    pub version: String,
    /// What it does: the first paragraph is its line in `docmill stages`, all of it is its page.
    #[serde(default)]
    pub summary: String,
    /// The JSON Schema of its options: an object with `properties`. `default`s are filled in before the stage sees its options;
    /// options that the schema does not name are refused.
    #[serde(default = "no_options")]
    #[schemars(with = "serde_json::Map<String, Value>")]
    pub options: Value,
    /// What it needs beside text, metadata, title and language, which it is always given: `blocks`, `annotations.KIND`,
    /// `tags.SCHEME`, `measures.NAME`, `summary`, or `language` where it cannot do without. It is given what it names here, and an
    /// earlier stage must give it.
    #[serde(default)]
    pub needs: Vec<Field>,
    /// What it may answer with: `text` (edits), `meta`, `language`, `annotations.KIND`, `tags.SCHEME`, `measures.NAME`,
    /// `summary`. A `*` at the end of a name stands for any rest.
    #[serde(default)]
    pub gives: Vec<Field>,
    /// Whether it may drop documents.
    #[serde(default)]
    pub drops: bool,
    /// Whether the same document and options always have the same answer; where not, its answers are not kept in the cache.
    #[serde(default = "yes")]
    pub deterministic: bool,
    /// What its offsets count.
    #[serde(default)]
    pub offsets: Offsets,
}

fn no_options() -> Value {
    serde_json::json!({"type": "object", "properties": {}})
}

const fn yes() -> bool {
    true
}

impl Descriptor {
    /// A stage that takes no options, needs and gives nothing yet.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            summary: String::new(),
            options: no_options(),
            needs: Vec::new(),
            gives: Vec::new(),
            drops: false,
            deterministic: true,
            offsets: Offsets::default(),
        }
    }

    /// Whether it said that it gives this.
    pub fn declares(&self, given: &Field) -> bool {
        self.gives.iter().any(|declared| declared.satisfies(given))
    }
}
