//! A run: sources in, records, ledger, quarantine and manifest out.
//!
//! One thread lists and reads the sources, the workers take each document through its stages, and the calling thread puts
//! what they finish back into its order and writes it. A corpus-wide stage cuts the chain: see [`Segment`].

use std::collections::{BTreeMap, HashMap};
use std::ops::{ControlFlow, Range};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender};
use docmill_core::{
    Aggregate, Conclusion, Document, DocumentId, Observation, OutputContext, OutputError, Pipeline, ReadError, Sink,
    StageError, Work, WrittenFile,
};

use crate::budget::Budget;
use crate::feed::{self, Submit, Task};
use crate::folder::AtomicFile;
use crate::guard::STACK_SIZE;
use crate::ledger::{Counts, Ending, Identity, LedgerEntry, Outcome, entry, quarantine};
use crate::manifest::{Manifest, PipelineManifest};
use crate::metrics::{Counters, peak_memory};
use crate::spill::{Spill, Spilled, Waiting, freeze, thaw};
use crate::walk::{Plan, Stop, Walked};

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

/// How many failures a report carries.
const FAILURES_SHOWN: usize = 10;

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
    let run = Run {
        plan: Plan::new(pipeline),
        options,
        observer,
        pool: &pool,
        budget: Budget::new(options.memory),
        found: AtomicU64::new(0),
    };
    let mut books = Books::open(pipeline, options)?;
    run.all_segments(&mut books)?;
    books.counts.found = run.found.load(Ordering::Relaxed);
    if options.cancel.load(Ordering::Relaxed) {
        return Err(RunError::Interrupted(books.counts));
    }
    if !books.counts.balance() {
        return Err(RunError::Unbalanced(books.counts));
    }
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
        parts: run.plan.readers.iter().chain(&run.plan.steps).chain(&run.plan.outputs).map(Counters::metrics).collect(),
        files,
    };
    books.close(manifest)
}

/// The steps from one corpus-wide stage to the next. The first segment begins with the sources; each later one begins with
/// the conclusion of the corpus-wide stage at `conclude`. All but the last end at the corpus-wide stage at `observe`, where
/// documents are observed and wait on disk until all have been.
struct Segment {
    conclude: Option<usize>,
    steps: Range<usize>,
    observe: Option<usize>,
}

fn segments(pipeline: &Pipeline) -> Vec<Segment> {
    let mut segments = Vec::new();
    let (mut conclude, mut start) = (None, 0);
    for (index, step) in pipeline.steps().iter().enumerate() {
        if matches!(step.work, Work::Corpus(_)) {
            segments.push(Segment { conclude, steps: start..index, observe: Some(index) });
            (conclude, start) = (Some(index), index + 1);
        }
    }
    segments.push(Segment { conclude, steps: start..pipeline.steps().len(), observe: None });
    segments
}

struct Run<'r> {
    plan: Plan<'r>,
    options: &'r RunOptions,
    observer: &'r dyn Observer,
    pool: &'r rayon::ThreadPool,
    budget: Budget,
    /// Documents found so far, counted where they are listed: what the ledger's sums are held against.
    found: AtomicU64,
}

/// What a worker made of a document.
enum Made {
    /// Its record for each output, and its labels that are counted.
    Record { rendered: Vec<Vec<u8>>, labels: Vec<(usize, String)> },
    /// The document as it waits for a corpus-wide stage, and what that stage took from it.
    Waits { document: Vec<u8>, observation: Option<Observation> },
}

/// A document that comes back from a worker.
struct Arrival {
    cost: u64,
    identity: Identity,
    made: Walked<Made>,
}

impl Run<'_> {
    fn all_segments(&self, books: &mut Books) -> Result<(), RunError> {
        let pipeline = self.plan.pipeline;
        let mut waiting: Option<(Spilled, Arc<dyn Conclusion>)> = None;
        for segment in segments(pipeline) {
            let (spilled, conclusion) = waiting.take().unzip();
            let stage = segment.conclude.map(|index| &pipeline.steps()[index].id);
            let feed = |submit: &mut Submit<'_>| match spilled {
                None => feed::sources(pipeline, submit).map_err(RunError::Input),
                Some(spilled) => resume(spilled, submit).map_err(|source| RunError::Spill {
                    stage: stage.map(ToString::to_string).unwrap_or_default(),
                    source,
                }),
            };
            let Some(observe) = segment.observe else {
                self.segment(&segment, conclusion.as_ref(), feed, |arrival| books.enter(arrival, self.observer))?;
                continue;
            };
            let step = &pipeline.steps()[observe];
            let Work::Corpus(corpus) = &step.work else { continue };
            let spill_error = |source| RunError::Spill { stage: step.id.to_string(), source };
            let spill = Spill::new().map_err(spill_error)?;
            let mut gathered = Gathered { aggregate: corpus.aggregate(), observed: 0, spill };
            self.segment(&segment, conclusion.as_ref(), feed, |arrival| gathered.enter(arrival, &step.id))?;
            let Gathered { aggregate, spill, .. } = gathered;
            waiting = Some((spill.finish().map_err(spill_error)?, Arc::from(aggregate.conclude())));
        }
        Ok(())
    }

    /// Feeds the workers, and hands what they make to `sink` in the order of the feed.
    fn segment(
        &self,
        segment: &Segment,
        conclusion: Option<&Arc<dyn Conclusion>>,
        feed: impl FnOnce(&mut Submit<'_>) -> Result<(), RunError> + Send,
        mut sink: impl FnMut(Arrival) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let (send, receive) = crossbeam_channel::unbounded();
        let halt = &AtomicBool::new(false);
        std::thread::scope(|threads| {
            let feeder = std::thread::Builder::new()
                .name("docmill-feed".to_owned())
                .stack_size(STACK_SIZE)
                .spawn_scoped(threads, move || {
                    // The sender goes when all is fed, which is how the writer learns that nothing more comes.
                    let send = send;
                    self.feed(segment, conclusion, feed, &send, halt)
                });
            let written = self.in_order(&receive, halt, &mut sink);
            let listed = match feeder {
                Ok(feeder) => feeder.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload)),
                Err(source) => Err(RunError::Spill { stage: "the feeding thread".to_owned(), source }),
            };
            written.and(listed)
        })
    }

    fn feed(
        &self,
        segment: &Segment,
        conclusion: Option<&Arc<dyn Conclusion>>,
        feed: impl FnOnce(&mut Submit<'_>) -> Result<(), RunError>,
        send: &Sender<(u64, Arrival)>,
        halt: &AtomicBool,
    ) -> Result<(), RunError> {
        self.pool.in_place_scope(|scope| {
            let mut next = 0;
            feed(&mut |task, bytes| {
                if halt.load(Ordering::Relaxed) || self.options.cancel.load(Ordering::Relaxed) {
                    return ControlFlow::Break(());
                }
                let cost = Budget::cost(bytes);
                self.budget.take(cost);
                let (place, send) = (next, send.clone());
                next += 1;
                if segment.conclude.is_none() {
                    self.found.store(next, Ordering::Relaxed);
                    self.observer.found(next);
                }
                scope.spawn(move |_| {
                    let (identity, made) = self.work(task, segment, conclusion);
                    // The receiver stays until all senders are gone.
                    let _ = send.send((place, Arrival { cost, identity, made }));
                });
                ControlFlow::Continue(())
            })
        })
    }

    /// Takes a document through a segment.
    fn work(
        &self,
        task: Task,
        segment: &Segment,
        conclusion: Option<&Arc<dyn Conclusion>>,
    ) -> (Identity, Walked<Made>) {
        let _span = tracing::debug_span!("document", uri = task.uri()).entered();
        match task {
            Task::Ended { identity, ending } => (identity, Err(Box::new(Stop::Ended(ending)))),
            Task::Read { mut source, reader } => {
                source.hash = Some(docmill_core::content_hash(&source.bytes));
                let identity = Identity::of(&source);
                let made = self.plan.read(reader, source).and_then(|doc| self.make(doc, segment));
                (identity, made)
            }
            Task::Resume { identity, position, document } => {
                let made = unspilled(thaw(&document)).and_then(|mut doc| {
                    if let (Some(index), Some(position), Some(conclusion)) = (segment.conclude, position, conclusion) {
                        self.plan.conclude(&mut doc, index, position, conclusion)?;
                    }
                    self.make(doc, segment)
                });
                (identity, made)
            }
        }
    }

    fn make(&self, mut doc: Document, segment: &Segment) -> Walked<Made> {
        self.plan.walk(&mut doc, segment.steps.clone())?;
        if let Some(index) = segment.observe {
            let observation = self.plan.observe(&mut doc, index)?;
            let document = unspilled(freeze(&doc))?;
            return Ok(Made::Waits { document, observation });
        }
        let rendered = self.plan.render(&doc)?;
        let counted = |scheme: &str| self.options.count_tags.iter().position(|counted| counted == scheme);
        let labels = doc.tags().iter().filter_map(|tag| Some((counted(&tag.scheme)?, tag.label.clone()))).collect();
        Ok(Made::Record { rendered, labels })
    }

    /// Puts arrivals back into their order.
    fn in_order(
        &self,
        receive: &Receiver<(u64, Arrival)>,
        halt: &AtomicBool,
        sink: &mut impl FnMut(Arrival) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let mut early = HashMap::new();
        let mut next = 0;
        let mut result = Ok(());
        for (place, arrival) in receive {
            early.insert(place, arrival);
            while let Some(arrival) = early.remove(&next) {
                next += 1;
                let cost = arrival.cost;
                if result.is_ok() {
                    result = sink(arrival);
                    halt.fetch_or(result.is_err(), Ordering::Relaxed);
                }
                self.budget.give_back(cost);
            }
        }
        result
    }
}

/// A document that cannot be written to the spill file or read back from it goes into quarantine.
fn unspilled<T>(result: Result<T, serde_json::Error>) -> Walked<T> {
    result.map_err(|error| Box::new(Stop::Ended(Ending::failed("spill", &error))))
}

fn resume(mut spilled: Spilled, submit: &mut Submit<'_>) -> std::io::Result<()> {
    while let Some((waiting, document)) = spilled.next()? {
        // A waiting document is its text twice, and what was found in it: as much as it costs, its factor left out.
        let bytes = document.len() as u64 / 4;
        let task = match waiting {
            Waiting::Document { identity, position } => Task::Resume { identity, position, document },
            Waiting::Ended { identity, ending } => Task::Ended { identity, ending },
        };
        if submit(task, bytes).is_break() {
            break;
        }
    }
    Ok(())
}

/// What a corpus-wide stage has seen so far.
struct Gathered {
    aggregate: Box<dyn Aggregate>,
    observed: u64,
    spill: Spill,
}

impl Gathered {
    fn enter(&mut self, arrival: Arrival, stage: &str) -> Result<(), RunError> {
        let identity = arrival.identity;
        let pushed = match arrival.made {
            Ok(Made::Waits { document, observation }) => {
                let position = observation.map(|observation| {
                    let position = self.observed;
                    self.observed += 1;
                    self.aggregate.add(position, &DocumentId::of(&identity.uri), &identity.uri, observation);
                    position
                });
                self.spill.push(&Waiting::Document { identity, position }, Some(&document))
            }
            Ok(Made::Record { .. }) => Ok(()),
            Err(stop) => {
                let ending = ending(*stop, &identity)?;
                self.spill.push(&Waiting::Ended { identity, ending }, None)
            }
        };
        pushed.map_err(|source| RunError::Spill { stage: stage.to_owned(), source })
    }
}

fn ending(stop: Stop, identity: &Identity) -> Result<Ending, RunError> {
    match stop {
        Stop::Ended(ending) => Ok(ending),
        Stop::Fatal { stage, error } => Err(RunError::Stage { stage, uri: identity.uri.clone(), error }),
    }
}

/// All that is written: outputs, ledger, quarantine, manifest.
struct Books {
    folder: PathBuf,
    sinks: Vec<Box<dyn Sink>>,
    ledger: AtomicFile,
    quarantine: AtomicFile,
    counts: Counts,
    bytes: u64,
    schemes: Vec<String>,
    labels: Vec<BTreeMap<String, u64>>,
    failures: Vec<LedgerEntry>,
}

impl Books {
    fn open(pipeline: &Pipeline, options: &RunOptions) -> Result<Self, RunError> {
        let mut sinks = Vec::new();
        for (index, step) in pipeline.outputs().iter().enumerate() {
            let path = options.outputs.get(index).cloned().unwrap_or_else(|| step.output.path().to_owned());
            sinks.push(step.output.open(&OutputContext { path })?);
        }
        Ok(Self {
            folder: options.folder.clone(),
            sinks,
            ledger: AtomicFile::create(&options.folder.join("ledger.jsonl"))?,
            quarantine: AtomicFile::create(&options.folder.join("quarantine.jsonl"))?,
            counts: Counts::default(),
            bytes: 0,
            schemes: options.count_tags.clone(),
            labels: vec![BTreeMap::new(); options.count_tags.len()],
            failures: Vec::new(),
        })
    }

    fn enter(&mut self, arrival: Arrival, observer: &dyn Observer) -> Result<(), RunError> {
        let Arrival { identity, made, .. } = arrival;
        let ended = match made {
            Ok(Made::Record { rendered, labels }) => {
                let id = DocumentId::of(&identity.uri);
                for (sink, rendered) in self.sinks.iter_mut().zip(&rendered) {
                    sink.write(&id, &identity.uri, rendered)?;
                }
                for (scheme, label) in labels {
                    *self.labels[scheme].entry(label).or_insert(0) += 1;
                }
                None
            }
            Ok(Made::Waits { .. }) => return Ok(()),
            Err(stop) => Some(ending(*stop, &identity)?),
        };
        let line = entry(&identity, ended.as_ref());
        self.ledger.write_line(&line)?;
        if let Some(line) = ended.as_ref().and_then(|ending| quarantine(&identity, ending)) {
            tracing::info!(uri = line.uri, stage = line.stage, error = line.error.join(": "), "quarantined");
            self.quarantine.write_line(&line)?;
        }
        let bytes = identity.bytes.unwrap_or(0);
        self.counts.add(line.outcome);
        self.bytes += bytes;
        observer.ended(&line, bytes);
        if line.outcome == Outcome::Quarantined && self.failures.len() < FAILURES_SHOWN {
            self.failures.push(line);
        }
        Ok(())
    }

    /// Gives all files their names, the manifest last.
    fn close(mut self, manifest: impl Fn(Counts, u64, Vec<WrittenFile>) -> Manifest) -> Result<Report, RunError> {
        for sink in &mut self.sinks {
            sink.finish()?;
        }
        self.ledger.finish()?;
        self.quarantine.finish()?;
        let mut files = Vec::new();
        for sink in self.sinks {
            files.extend(sink.commit()?);
        }
        files.push(self.ledger.commit()?);
        files.push(self.quarantine.commit()?);
        let manifest = manifest(self.counts, self.bytes, files);
        let mut file = AtomicFile::create(&self.folder.join("manifest.json"))?;
        let text = serde_json::to_vec_pretty(&manifest).map_err(|error| OutputError::Failed {
            path: self.folder.join("manifest.json"),
            reason: error.to_string(),
        })?;
        file.write(&text)?;
        file.write(b"\n")?;
        file.finish()?;
        file.commit()?;
        let ranked = |labels: BTreeMap<String, u64>| {
            let mut ranked: Vec<_> = labels.into_iter().collect();
            ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            ranked
        };
        let tags = self.schemes.into_iter().zip(self.labels.into_iter().map(ranked)).collect();
        Ok(Report { manifest, folder: self.folder, tags, failures: self.failures })
    }
}
