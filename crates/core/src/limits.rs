//! What a single document may cost.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Limits for one document. A document over a limit is quarantined with the limit's name, value and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest document, in bytes of its source. A row of a CSV or JSONL file is a document. While it is worked on, a document
    /// takes up to a hundred times its size in memory.
    #[schemars(range(min = 1))]
    pub document: u64,
    /// Deepest nesting of markup, in levels; deeper levels are read as if they were at this depth.
    #[schemars(range(min = 1))]
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { document: 16 << 20, depth: 512 }
    }
}
