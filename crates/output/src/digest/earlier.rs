//! The stories of an earlier digest, by name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An earlier digest.
#[derive(Debug)]
pub(super) struct Earlier {
    stories: BTreeMap<String, Ended>,
}

/// A story of an earlier digest, as it is said that it has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Ended {
    id: String,
    pub(super) headline: String,
    /// The date of its last document.
    pub(super) last: Option<String>,
}

#[derive(Deserialize)]
struct ReadDigest {
    stories: Vec<Ended>,
}

impl Earlier {
    /// The stories in the JSON of a digest.
    pub(super) fn of(json: &str) -> Result<Self, serde_json::Error> {
        let read: ReadDigest = serde_json::from_str(json)?;
        Ok(Self { stories: read.stories.into_iter().map(|story| (story.id.clone(), story)).collect() })
    }

    /// Whether it has a story of this name.
    pub(super) fn has(&self, id: &str) -> bool {
        self.stories.contains_key(id)
    }

    /// Its stories but those that go on, in the order of their names.
    pub(super) fn without(&self, going_on: &[String]) -> Vec<Ended> {
        self.stories.values().filter(|story| !going_on.contains(&story.id)).cloned().collect()
    }
}
