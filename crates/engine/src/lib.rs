//! Runs docmill pipelines: in parallel, within a memory budget, with an account of every document.
//!
//! [`run`] takes a [`docmill_core::Pipeline`], made in code or from YAML, and writes its outputs, a ledger, a quarantine
//! and a manifest. The outputs are the same bytes whatever the number of workers. [`trace`] takes one source through a pipeline
//! and shows what each stage did.
//!
//! The engine knows no stage, no format and no YAML.
//!
//! ```
//! use docmill_core::Pipeline;
//! use docmill_engine::{RunOptions, Silent, run};
//! use docmill_ingest::{Files, Text};
//! use docmill_output::Jsonl;
//!
//! let folder = tempfile::tempdir()?;
//! let (docs, out) = (folder.path().join("docs"), folder.path().join("out"));
//! std::fs::create_dir(&docs)?;
//! std::fs::write(docs.join("note.txt"), "The ferry was late again.")?;
//!
//! let pipeline = Pipeline::builder("notes")
//!     .with(Files { path: docs.to_string_lossy().into_owned(), ..Files::default() })
//!     .with(Text::default())
//!     .with(Jsonl { path: out.join("notes.jsonl"), ..Jsonl::default() })
//!     .build()
//!     .map_err(|errors| errors[0].to_string())?;
//! let report = run(&pipeline, &RunOptions::new(&out), &Silent)?;
//! assert_eq!(report.manifest.counts.written, 1);
//! assert!(std::fs::read_to_string(out.join("notes.jsonl"))?.contains("The ferry was late again."));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answers;
mod books;
mod budget;
mod feed;
mod interruption;
mod ledger;
mod manifest;
mod meter;
mod metrics;
mod options;
mod own;
mod report;
mod reuse;
mod run;
mod spill;
mod stream;
mod survey;
mod trace;
mod unchanged;
mod walk;

pub use docmill_isolation::WorkerCommand;
pub use interruption::Interruption;
pub use ledger::{Counts, LedgerEntry, Outcome, QuarantineEntry, Reason};
pub use manifest::{CacheUse, Manifest, PartManifest, PipelineManifest};
pub use meter::{Meter, Snapshot};
pub use metrics::PartMetrics;
pub use options::{Abandon, Observer, RunOptions, Silent};
pub use own::Own;
pub use report::{Report, RunError};
pub use run::run;
pub use survey::{Survey, survey};
pub use trace::{Event, trace};
