//! What a run measures of itself: time, documents and bytes by part, and peak memory.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What one part of the pipeline did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartMetrics {
    /// The part's id.
    pub id: String,
    /// Documents that it worked on.
    pub documents: u64,
    /// Bytes of text that came to it.
    pub bytes: u64,
    /// Seconds of work, summed over all workers.
    pub seconds: f64,
    /// Documents for which it failed.
    pub failed: u64,
    /// Documents that it dropped or found to be duplicates: of all in the ledger, also where an earlier run did the work.
    #[serde(default)]
    pub dropped: u64,
}

/// Counters of one part, shared by all workers.
pub(crate) struct Counters {
    id: String,
    documents: AtomicU64,
    bytes: AtomicU64,
    nanoseconds: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
}

impl Counters {
    pub(crate) fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            documents: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            nanoseconds: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
        }
    }

    pub(crate) fn add(&self, bytes: usize, time: Duration, failed: bool) {
        self.documents.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        self.nanoseconds.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.failed.fetch_add(u64::from(failed), Ordering::Relaxed);
    }

    /// Whether this is the part with that id.
    pub(crate) fn is(&self, id: &str) -> bool {
        self.id == id
    }

    /// Counts a document that it dropped.
    pub(crate) fn drop_one(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn metrics(&self) -> PartMetrics {
        let seconds = Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed)).as_secs_f64();
        PartMetrics {
            id: self.id.clone(),
            documents: self.documents.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            seconds: (seconds * 1e6).round() / 1e6,
            failed: self.failed.load(Ordering::Relaxed),
            dropped: self.dropped.load(Ordering::Relaxed),
        }
    }
}

/// The most memory that the process has held so far, in bytes, where the system tells.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}
