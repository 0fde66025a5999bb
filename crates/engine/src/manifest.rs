//! The manifest: what a run was made of, what it counted and what it wrote. It alone carries times.

use docmill_cache::RunUse;
use docmill_core::{Built, Pipeline, WrittenFile};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ledger::Counts;
use crate::metrics::PartMetrics;

/// The content of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// The version of docmill.
    pub docmill: String,
    /// The pipeline.
    pub pipeline: PipelineManifest,
    /// When the run began (RFC 3339).
    pub started: String,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Threads that worked on documents.
    pub workers: usize,
    /// The memory budget, in bytes.
    pub memory: u64,
    /// The most memory that the process held, in bytes; null where the system does not tell.
    pub peak_memory: Option<u64>,
    /// Sums over the ledger.
    pub counts: Counts,
    /// How much of the work was in the cache; null for a run without one.
    pub cache: Option<CacheUse>,
    /// Bytes of all sources.
    pub bytes: u64,
    /// What each part did: readers, stages, outputs.
    pub parts: Vec<PartMetrics>,
    /// The files that the run wrote, the manifest itself left out.
    pub files: Vec<WrittenFile>,
}

/// How much of a run's work was in the cache. A document counts once, and once more for each corpus-wide stage that it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CacheUse {
    /// Its result was there: no stage worked on it.
    pub reused: u64,
    /// What the first stages did was there: the stages after them worked on it.
    pub resumed: u64,
    /// Nothing was there.
    pub worked: u64,
}

impl From<RunUse> for CacheUse {
    fn from(used: RunUse) -> Self {
        Self { reused: used.reused, resumed: used.resumed, worked: used.worked }
    }
}

/// What the manifest says of the pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PipelineManifest {
    /// Its name.
    pub name: String,
    /// Its fingerprint: the same for the same readers, stages and outputs with the same options, files and code.
    pub fingerprint: String,
    /// Its parts: readers, stages, outputs.
    pub parts: Vec<PartManifest>,
}

/// What the manifest says of a part of the pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartManifest {
    /// Its id.
    pub id: String,
    /// The name of its component.
    pub name: String,
    /// The version of its code.
    pub version: String,
    /// All its options. What came from the environment reads `***`.
    pub options: Value,
}

impl PipelineManifest {
    pub(crate) fn of(pipeline: &Pipeline, redact: &dyn Fn(&str) -> String) -> Self {
        let part = |id: &str, built: &Built| PartManifest {
            id: redact(id),
            name: built.name.clone(),
            version: built.version.clone(),
            options: redacted(&built.options, redact),
        };
        let readers = pipeline.readers().iter().map(|step| part(&step.id, &step.built));
        let steps = pipeline.steps().iter().map(|step| part(&step.id, &step.built));
        let outputs = pipeline.outputs().iter().map(|step| part(&step.id, &step.built));
        Self {
            name: redact(pipeline.name()),
            fingerprint: pipeline.fingerprint().to_owned(),
            parts: readers.chain(steps).chain(outputs).collect(),
        }
    }
}

fn redacted(value: &Value, redact: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(redact(text)),
        Value::Array(items) => items.iter().map(|item| redacted(item, redact)).collect(),
        Value::Object(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), redacted(value, redact))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}
