//! A run: how it is set up, and what it comes to.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use docmill_core::{OutputError, Pipeline, ReadError, StageError};

use crate::books::Books;
use crate::budget::Budget;
use crate::guard::STACK_SIZE;
use crate::ledger::{Counts, LedgerEntry};
use crate::manifest::{Manifest, PipelineManifest};
use crate::metrics::{Counters, peak_memory};
use crate::own::Own;
use crate::stream::Stream;
use crate::walk::Plan;

/// How a pipeline is run; nothing here changes the bytes of the outputs.
#[derive(Clone)]
pub struct RunOptions {
    /// Threads that work on documents; all cores where it is `None`.
    pub workers: Option<usize>,
    /// How many bytes documents in flight may take.
    pub memory: u64,
    /// Where the ledger, the quarantine and the manifest go.
    pub folder: PathBuf,
    /// Where each output of the pipeline writes, in their order. Where the list is shorter than the outputs, the rest
    /// write to their own paths.
    pub outputs: Vec<PathBuf>,
    /// What the manifest may show of a text in the options: values from the environment are taken out here.
    pub redact: Arc<dyn Fn(&str) -> String + Send + Sync>,
    /// Tag schemes whose labels are counted for the report.
    pub count_tags: Vec<String>,
    /// Set from outside to end the run early.
    pub cancel: Arc<AtomicBool>,
}

impl RunOptions {
    /// A run into `folder` with all cores and a budget of 96 MiB.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            workers: None,
            memory: 96 << 20,
            folder: folder.into(),
            outputs: Vec::new(),
            redact: Arc::new(ToOwned::to_owned),
            count_tags: Vec::new(),
            cancel: Arc::default(),
        }
    }

    /// Where each output of the pipeline writes.
    fn places(&self, pipeline: &Pipeline) -> Vec<PathBuf> {
        let own = pipeline.outputs().iter().map(|step| step.output.path().to_owned());
        own.enumerate().map(|(index, own)| self.outputs.get(index).cloned().unwrap_or(own)).collect()
    }
}

/// Is told what happens while a run goes on.
pub trait Observer: Sync {
    /// So many documents were found by now.
    fn found(&self, _documents: u64) {}
    /// A document has ended; its source had so many bytes.
    fn ended(&self, _entry: &LedgerEntry, _bytes: u64) {}
}

/// Wants to know nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}

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

/// A run that did not come to its end. Nothing was written under a final name, but for what an error of
/// [`RunError::Output`] while renaming says.
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
    /// The workers could not be started.
    #[error("cannot start the workers: {0}")]
    Workers(#[from] rayon::ThreadPoolBuildError),
    /// [`RunOptions::cancel`] was set.
    #[error("interrupted after {} of {} documents", .0.found - .0.quarantined, .0.found)]
    Interrupted(Counts),
    /// A document has no outcome: a defect of docmill.
    #[error("the ledger does not balance, which is a defect of docmill: {0:?}")]
    Unbalanced(Counts),
}

/// Runs a pipeline.
pub fn run(pipeline: &Pipeline, options: &RunOptions, observer: &dyn Observer) -> Result<Report, RunError> {
    let _span = tracing::info_span!("run", pipeline = pipeline.name()).entered();
    let started = jiff::Timestamp::now();
    let clock = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.workers.unwrap_or(0))
        .thread_name(|index| format!("docmill-{index}"))
        .stack_size(STACK_SIZE)
        .build()?;
    let outputs = options.places(pipeline);
    let stream = Stream {
        plan: Plan::new(pipeline),
        options,
        observer,
        pool: &pool,
        budget: Budget::new(options.memory),
        own: Own::of(&options.folder, &outputs),
        found: AtomicU64::new(0),
    };
    let mut books = Books::open(pipeline, options, &outputs)?;
    stream.run(&mut books)?;
    books.counts.found = stream.found.load(Ordering::Relaxed);
    if options.cancel.load(Ordering::Relaxed) {
        return Err(RunError::Interrupted(books.counts));
    }
    if !books.counts.balance() {
        return Err(RunError::Unbalanced(books.counts));
    }
    let plan = &stream.plan;
    let manifest = |counts, bytes, files| Manifest {
        docmill: env!("CARGO_PKG_VERSION").to_owned(),
        pipeline: PipelineManifest::of(pipeline, &*options.redact),
        started: started.to_string(),
        seconds: clock.elapsed().as_secs_f64(),
        workers: pool.current_num_threads(),
        memory: options.memory,
        peak_memory: peak_memory(),
        counts,
        bytes,
        parts: plan.readers.iter().chain(&plan.steps).chain(&plan.outputs).map(Counters::metrics).collect(),
        files,
    };
    books.close(manifest)
}
