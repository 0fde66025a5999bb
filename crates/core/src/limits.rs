//! What a single document may cost.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ByteSize, TimeSpan};

/// Limits for one document. A document over a limit is quarantined with the limit's name, value and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest document: the size of its source, such as `32MiB`. A row of a CSV or JSONL file is a document. While it is worked
    /// on, a document takes up to a hundred times its size in memory.
    pub document: ByteSize,
    /// Deepest nesting of markup, in levels; deeper levels are read as if they were at this depth.
    #[schemars(range(min = 1))]
    pub depth: usize,
    /// Deepest nesting of containers in containers, such as an archive in an archive: 0 reads no container in another.
    pub nesting: usize,
    /// Most files that one container and all that are in it may hold.
    pub members: u64,
    /// How many times its size may come out of a container, all in all, once that is more than 64 MiB. What packs better than
    /// this is taken for a bomb: the rest of it is not read.
    #[schemars(range(min = 1))]
    pub ratio: u64,
    /// Most memory that the process of an isolated part may take, such as `2GiB`.
    pub memory: ByteSize,
    /// Longest that an isolated part may take for a document, such as `60s`.
    pub time: TimeSpan,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document: ByteSize(16 << 20),
            depth: 512,
            nesting: 8,
            members: 1_000_000,
            ratio: 250,
            memory: ByteSize(2 << 30),
            time: TimeSpan(Duration::from_mins(1)),
        }
    }
}

impl Limits {
    /// What of them can change what comes of a document, but for whether it fails: the same for the same results.
    pub fn fingerprint(&self) -> String {
        format!("document {} depth {}", self.document.0, self.depth)
    }
}
