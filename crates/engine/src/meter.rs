//! What a run has done so far, for whoever wants to know while it goes on.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use docmill_core::{Pipeline, Work};

use crate::ledger::{Counts, Outcome};
use crate::metrics::{Counters, PartMetrics};

/// Counts what a run does. It may be asked at any time and from any thread.
pub struct Meter {
    pub(crate) readers: Vec<Counters>,
    pub(crate) steps: Vec<Counters>,
    pub(crate) outputs: Vec<Counters>,
    passes: u64,
    found: AtomicU64,
    listed: AtomicBool,
    passed: Passed,
    ended: Mutex<(Counts, u64)>,
}

/// What has come to the end of a pass so far, over all passes.
#[derive(Default)]
struct Passed {
    documents: AtomicU64,
    bytes: AtomicU64,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// How many documents ended, and how. `found` is what was listed so far.
    pub counts: Counts,
    /// Whether all documents are listed.
    pub listed: bool,
    /// How often the documents go through the workers: once, and once more for each corpus-wide stage.
    pub passes: u64,
    /// Documents that came through a pass, over all passes.
    pub passed: u64,
    /// Bytes of their sources.
    pub passed_bytes: u64,
    /// Bytes of the sources of documents that ended.
    pub bytes: u64,
}

impl Meter {
    pub(crate) fn new(pipeline: &Pipeline) -> Self {
        let corpus_wide = pipeline.steps().iter().filter(|step| matches!(step.work, Work::Corpus(_))).count();
        Self {
            readers: pipeline.readers().iter().map(|step| Counters::new(&step.id)).collect(),
            steps: pipeline.steps().iter().map(|step| Counters::new(&step.id)).collect(),
            outputs: pipeline.outputs().iter().map(|step| Counters::new(&step.id)).collect(),
            passes: corpus_wide as u64 + 1,
            found: AtomicU64::new(0),
            listed: AtomicBool::new(false),
            passed: Passed::default(),
            ended: Mutex::default(),
        }
    }

    /// How far the run is.
    pub fn snapshot(&self) -> Snapshot {
        let (mut counts, bytes) = *self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        counts.found = self.found.load(Ordering::Relaxed);
        Snapshot {
            counts,
            listed: self.listed.load(Ordering::Relaxed),
            passes: self.passes,
            passed: self.passed.documents.load(Ordering::Relaxed),
            passed_bytes: self.passed.bytes.load(Ordering::Relaxed),
            bytes,
        }
    }

    /// What each part did so far: readers, stages, outputs.
    pub fn parts(&self) -> Vec<PartMetrics> {
        self.readers.iter().chain(&self.steps).chain(&self.outputs).map(Counters::metrics).collect()
    }

    /// So many documents were found by now.
    pub(crate) fn found(&self, documents: u64) {
        self.found.store(documents, Ordering::Relaxed);
    }

    /// All documents are found.
    pub(crate) fn all_found(&self) {
        self.listed.store(true, Ordering::Relaxed);
    }

    /// A document whose source has so many bytes came through a pass.
    pub(crate) fn passed(&self, bytes: u64) {
        self.passed.documents.fetch_add(1, Ordering::Relaxed);
        self.passed.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A document whose source has so many bytes ended: at a stage, or in the outputs.
    pub(crate) fn ended(&self, outcome: Outcome, stage: Option<&str>, bytes: u64) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.0.add(outcome);
        ended.1 += bytes;
        drop(ended);
        if let (Outcome::Dropped | Outcome::Duplicate, Some(stage)) = (outcome, stage)
            && let Some(part) = self.steps.iter().find(|part| part.is(stage))
        {
            part.drop_one();
        }
    }
}
