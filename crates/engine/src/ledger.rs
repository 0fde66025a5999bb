//! The ledger: what became of each document that was found.

use docmill_core::{DocumentId, DropReason, RawSource};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A line of `ledger.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerEntry {
    /// The document's id.
    pub id: String,
    /// Its URI.
    pub uri: String,
    /// Hash of its bytes; null where they could not be had.
    pub hash: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The stage that decided: null for a written document.
    pub stage: Option<String>,
    /// Why: null for a written document.
    pub reason: Option<Reason>,
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is in the outputs.
    Written,
    /// A filter dropped it.
    Dropped,
    /// It repeats another document.
    Duplicate,
    /// It failed, and is in quarantine.
    Quarantined,
}

/// Why a document is not in the outputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Reason {
    /// A filter's rule with what it measured.
    Dropped(DropReason),
    /// What it repeats.
    Duplicate {
        /// The URI of the document that is kept.
        of: String,
        /// How alike they are, 0..=1.
        similarity: f64,
    },
    /// What went wrong, outermost first.
    Failed(Vec<String>),
}

/// A line of `quarantine.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QuarantineEntry {
    /// The document's id.
    pub id: String,
    /// Its URI.
    pub uri: String,
    /// The file that it is a part of.
    pub container: Option<String>,
    /// Hash of its bytes; null where they could not be had.
    pub hash: Option<String>,
    /// Size in bytes; null where it is not known.
    pub bytes: Option<u64>,
    /// The stage that failed.
    pub stage: String,
    /// The error, and what caused it, outermost first.
    pub error: Vec<String>,
}

/// Sums over the ledger. `found = written + dropped + duplicates + quarantined` holds for each run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Documents found.
    pub found: u64,
    /// Documents in the outputs.
    pub written: u64,
    /// Documents that filters dropped.
    pub dropped: u64,
    /// Documents that repeat others.
    pub duplicates: u64,
    /// Documents in quarantine.
    pub quarantined: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Written => self.written += 1,
            Outcome::Dropped => self.dropped += 1,
            Outcome::Duplicate => self.duplicates += 1,
            Outcome::Quarantined => self.quarantined += 1,
        }
    }

    /// How many documents ended in each way, by the name that the ledger has for it.
    pub fn by_outcome(&self) -> [(&'static str, u64); 4] {
        [
            ("written", self.written),
            ("dropped", self.dropped),
            ("duplicate", self.duplicates),
            ("quarantined", self.quarantined),
        ]
    }

    /// Whether each document found has an outcome.
    pub fn balance(&self) -> bool {
        self.found == self.written + self.dropped + self.duplicates + self.quarantined
    }
}

/// What the ledger and the quarantine tell a document by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) uri: String,
    pub(crate) container: Option<String>,
    pub(crate) hash: Option<String>,
    pub(crate) bytes: Option<u64>,
}

impl Identity {
    pub(crate) fn of(source: &RawSource) -> Self {
        Self {
            uri: source.uri.clone(),
            container: source.container.clone(),
            hash: source.hash.clone(),
            bytes: Some(source.bytes.len() as u64),
        }
    }

    fn id(&self) -> String {
        DocumentId::of(&self.uri).to_string()
    }
}

/// How a document ended that is not in the outputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ending {
    pub(crate) stage: String,
    pub(crate) reason: Reason,
}

impl Ending {
    pub(crate) fn failed(stage: &str, error: &dyn std::error::Error) -> Self {
        Self { stage: stage.to_owned(), reason: Reason::Failed(docmill_core::chain(error)) }
    }

    /// Whether the document would end like this again: what failed may not fail the next time.
    pub(crate) fn is_final(&self) -> bool {
        self.outcome() != Outcome::Quarantined
    }

    fn outcome(&self) -> Outcome {
        match self.reason {
            Reason::Dropped(_) => Outcome::Dropped,
            Reason::Duplicate { .. } => Outcome::Duplicate,
            Reason::Failed(_) => Outcome::Quarantined,
        }
    }
}

/// The ledger's line for a document.
pub(crate) fn entry(identity: &Identity, ending: Option<&Ending>) -> LedgerEntry {
    LedgerEntry {
        id: identity.id(),
        uri: identity.uri.clone(),
        hash: identity.hash.clone(),
        outcome: ending.map_or(Outcome::Written, Ending::outcome),
        stage: ending.map(|ending| ending.stage.clone()),
        reason: ending.map(|ending| ending.reason.clone()),
    }
}

/// The quarantine's line for a document, where it is in quarantine.
pub(crate) fn quarantine(identity: &Identity, ending: &Ending) -> Option<QuarantineEntry> {
    let Reason::Failed(error) = &ending.reason else { return None };
    Some(QuarantineEntry {
        id: identity.id(),
        uri: identity.uri.clone(),
        container: identity.container.clone(),
        hash: identity.hash.clone(),
        bytes: identity.bytes,
        stage: ending.stage.clone(),
        error: error.clone(),
    })
}
