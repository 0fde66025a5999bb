//! The memory budget: how many bytes of documents may be in flight at once.
//!
//! A document is admitted, in its order, when its estimated cost fits; the cost is given back when its record is written.
//! One that is larger than the whole budget is admitted when nothing else is in flight, so that the run always goes on.

use std::sync::{Condvar, Mutex, PoisonError};

use docmill_core::{Pipeline, Work};

use crate::options::RunOptions;

/// What a document costs beside its text: its share of channels, records and allocator slack, in bytes.
const BASE_COST: u64 = 32 << 10;
/// How many times its source's bytes a document takes while it is worked on: the bytes, the text as ingested and as it
/// is now, tokens and terms, annotations, and the rendered record. Measured on 50 MB of prose: 80.
const COST_FACTOR: u64 = 80;

/// Bytes in flight, and how many there may be.
pub(crate) struct Budget {
    limit: u64,
    in_flight: Mutex<u64>,
    given_back: Condvar,
}

/// How many bytes of a run's memory a corpus-wide stage may hold; the rest is for documents in flight. One such stage is at
/// work at a time.
pub(crate) fn corpus_share(pipeline: &Pipeline, memory: u64) -> u64 {
    let any = pipeline.steps().iter().any(|step| matches!(step.work, Work::Corpus(_)));
    if any { memory / 4 } else { 0 }
}

/// How many bytes documents in flight may take: what corpus-wide stages and the cache leave, and no less than a quarter.
pub(crate) fn in_flight(pipeline: &Pipeline, options: &RunOptions) -> u64 {
    let cache = options.cache.as_ref().map_or(0, |_| docmill_cache::MEMORY);
    let left = (options.memory - corpus_share(pipeline, options.memory)).saturating_sub(cache);
    left.max(options.memory / 4)
}

impl Budget {
    pub(crate) fn new(limit: u64) -> Self {
        Self { limit, in_flight: Mutex::new(0), given_back: Condvar::new() }
    }

    /// The estimated cost of a document of `bytes`.
    pub(crate) fn cost(bytes: u64) -> u64 {
        bytes.saturating_mul(COST_FACTOR).saturating_add(BASE_COST)
    }

    /// Waits until `cost` fits, and takes it.
    pub(crate) fn take(&self, cost: u64) {
        let mut in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        while *in_flight > 0 && in_flight.saturating_add(cost) > self.limit {
            in_flight = self.given_back.wait(in_flight).unwrap_or_else(PoisonError::into_inner);
        }
        *in_flight = in_flight.saturating_add(cost);
    }

    /// Gives `cost` back.
    pub(crate) fn give_back(&self, cost: u64) {
        let mut in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        *in_flight = in_flight.saturating_sub(cost);
        drop(in_flight);
        self.given_back.notify_all();
    }
}
