//! How a run is made, and who is told of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use docmill_core::Pipeline;
use docmill_isolation::WorkerCommand;

use crate::interruption::Interruption;
use crate::ledger::LedgerEntry;
use crate::meter::Meter;

/// Ends the process, and is told how far the run came.
pub type Abandon = Arc<dyn Fn(&Interruption) + Send + Sync>;

/// How a pipeline is run; nothing here changes the bytes of the outputs.
#[derive(Clone)]
pub struct RunOptions {
    /// Threads that work on documents; all cores where it is `None`.
    pub workers: Option<usize>,
    /// How many bytes documents in flight and corpus-wide stages may take together.
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
    /// The folder of the cache: what is done is kept there, and not done again. Without one, all is done anew.
    pub cache: Option<PathBuf>,
    /// Ends the process where [`RunOptions::cancel`] was set and a document keeps the run from its end for more than a second; it
    /// is told how far the run came. Temporary files are gone by then, and what is done is in the cache. Without it, the run
    /// waits.
    pub abandon: Option<Abandon>,
    /// How the processes of isolated parts are started. Without it, a pipeline that isolates a part is refused.
    pub worker: Option<WorkerCommand>,
    /// Set from outside to end the run early.
    pub cancel: Arc<AtomicBool>,
}

impl RunOptions {
    /// A run into `folder` with all cores, a budget of 96 MiB, and no cache.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            workers: None,
            memory: 96 << 20,
            folder: folder.into(),
            outputs: Vec::new(),
            redact: Arc::new(ToOwned::to_owned),
            count_tags: Vec::new(),
            cache: None,
            abandon: None,
            worker: None,
            cancel: Arc::default(),
        }
    }

    /// Where each output of the pipeline writes.
    pub fn places(&self, pipeline: &Pipeline) -> Vec<PathBuf> {
        let own = pipeline.outputs().iter().map(|step| step.output.path().to_owned());
        own.enumerate().map(|(index, own)| self.outputs.get(index).cloned().unwrap_or(own)).collect()
    }
}

/// Is told what happens while a run goes on.
pub trait Observer: Sync {
    /// The run begins. It may begin anew, with another meter, where its cache turns out to be damaged.
    fn begins(&self, _meter: &Arc<Meter>) {}
    /// A document has ended; its source had so many bytes.
    fn ended(&self, _entry: &LedgerEntry, _bytes: u64) {}
}

/// Wants to know nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}
