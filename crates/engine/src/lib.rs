//! Runs docmill pipelines: in parallel, within a memory budget, with an account of every document.
//!
//! [`run`] takes a [`docmill_core::Pipeline`], made in code or from YAML, and writes its outputs, a ledger, a quarantine
//! and a manifest. The outputs are the same bytes whatever the number of workers. [`trace`] takes one source through a pipeline
//! and shows what each stage did.
//!
//! The engine knows no stage, no format and no YAML.

mod books;
mod budget;
mod feed;
mod guard;
mod ledger;
mod manifest;
mod metrics;
mod run;
mod spill;
mod stream;
mod trace;
mod walk;

pub use ledger::{Counts, LedgerEntry, Outcome, QuarantineEntry, Reason};
pub use manifest::{Manifest, PartManifest, PipelineManifest};
pub use metrics::PartMetrics;
pub use run::{Observer, Report, RunError, RunOptions, Silent, run};
pub use trace::{Event, trace};
