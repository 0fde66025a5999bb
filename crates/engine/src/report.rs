//! What a run came to: a report, or an error.

use std::collections::BTreeMap;
use std::path::PathBuf;

use docmill_cache::CacheError;
use docmill_core::{OutputError, ReadError, StageError};
use docmill_files::CommitError;

use crate::interruption::Interruption;
use crate::ledger::{Counts, LedgerEntry};
use crate::manifest::Manifest;

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Report {
    /// What `manifest.json` says.
    pub manifest: Manifest,
    /// The run folder.
    pub folder: PathBuf,
    /// Scheme, label, and number of written documents that have it; most frequent first within a scheme.
    pub tags: BTreeMap<String, Vec<(String, u64)>>,
    /// The first documents in quarantine: URI, stage and error.
    pub failures: Vec<LedgerEntry>,
}

/// A run that did not come to its end. Nothing was written under a final name, but for what [`RunError::Commit`] names.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The sources could not be listed.
    #[error("cannot list the input: {0}")]
    Input(ReadError),
    /// A document lies where the run would write an output.
    #[error("the output {} would replace a document of the input; write to another place", .0.display())]
    InTheWay(PathBuf),
    /// Another run writes into the same folder.
    #[error("another run writes into {}; wait for its end, or choose another folder", .0.display())]
    Busy(PathBuf),
    /// An output could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The outputs could not all get their names, so that none of them did.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A stage with `on_error: fail` failed.
    #[error("{stage} failed for {uri}, and `on_error: fail` ends the run: {error}")]
    Stage {
        /// The stage's id.
        stage: String,
        /// The document.
        uri: String,
        /// What went wrong.
        error: StageError,
    },
    /// Documents could not be kept on disk for a corpus-wide stage.
    #[error("cannot keep documents in a temporary file for {stage}: {source}")]
    Spill {
        /// The corpus-wide stage.
        stage: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A part is to be isolated, and nothing says how.
    #[error("{0} is to work in a process of its own, and nothing says how to start one (`RunOptions::worker`)")]
    NoWorkers(String),
    /// The cache cannot be used.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The workers could not be started.
    #[error("cannot start the workers: {0}")]
    Workers(#[from] rayon::ThreadPoolBuildError),
    /// [`crate::RunOptions::cancel`] was set.
    #[error("interrupted: {0}")]
    Interrupted(Interruption),
    /// A document has no outcome: a defect of docmill.
    #[error("the ledger does not balance, which is a defect of docmill: {0:?}")]
    Unbalanced(Counts),
}
