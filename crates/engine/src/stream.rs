//! Documents in order through the workers: the feed on one side, what the workers made on the other, and the corpus-wide
//! stages that cut the way in two.
//!
//! One thread lists and reads the sources, the workers take each document through its stages, and the calling thread puts
//! what they finish back into its order.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender};
use docmill_core::{Aggregate, CorpusContext, Document, Findings, Pipeline, Work};

use crate::budget::Budget;
use crate::feed::{self, FeedError, Submit, Task};
use crate::guard::STACK_SIZE;
use crate::ledger::{Ending, Identity};
use crate::options::{Observer, RunOptions};
use crate::own::Own;
use crate::report::RunError;
use crate::spill::{Spill, Spilled, Waiting, freeze, thaw};
use crate::walk::{Plan, Stop, Walked};

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

/// A run at work.
pub(crate) struct Stream<'r> {
    pub(crate) plan: Plan<'r>,
    pub(crate) options: &'r RunOptions,
    pub(crate) observer: &'r dyn Observer,
    pub(crate) pool: &'r rayon::ThreadPool,
    pub(crate) budget: Budget,
    pub(crate) own: Own,
    /// Documents found so far, counted where they are listed: what the ledger's sums are held against.
    pub(crate) found: AtomicU64,
}

/// What a worker made of a document.
pub(crate) enum Made {
    /// Its record for each output, and its labels that are counted.
    Record { rendered: Vec<Vec<u8>>, labels: Vec<(usize, String)> },
    /// The document as it waits for a corpus-wide stage, and what that stage took from it.
    Waits { document: Vec<u8>, observation: Option<Vec<u8>> },
}

/// A document that comes back from a worker.
pub(crate) struct Arrival {
    cost: u64,
    pub(crate) identity: Identity,
    pub(crate) made: Walked<Made>,
}

impl Stream<'_> {
    /// Takes all documents through all segments, and hands what becomes of each to `sink`, in order.
    pub(crate) fn run(&self, sink: &mut dyn FnMut(Arrival) -> Result<(), RunError>) -> Result<(), RunError> {
        let pipeline = self.plan.pipeline;
        let mut waiting: Option<(Spilled, Box<dyn Findings>)> = None;
        for segment in segments(pipeline) {
            let waited = waiting.take();
            let stage = segment.conclude.map(|index| &pipeline.steps()[index].id);
            let feed = |submit: &mut Submit<'_>| match waited {
                None => feed::sources(pipeline, Some(&self.own), submit).map_err(|error| match error {
                    FeedError::Input(error) => RunError::Input(error),
                    FeedError::InTheWay(path) => RunError::InTheWay(path),
                }),
                Some((spilled, findings)) => resume(spilled, findings, submit).map_err(|source| RunError::Spill {
                    stage: stage.map(ToString::to_string).unwrap_or_default(),
                    source,
                }),
            };
            let Some(observe) = segment.observe else {
                self.segment(&segment, feed, &mut *sink)?;
                continue;
            };
            let step = &pipeline.steps()[observe];
            let Work::Corpus(corpus) = &step.work else { continue };
            let spill_error = |source| RunError::Spill { stage: step.id.to_string(), source };
            let spill = Spill::new().map_err(spill_error)?;
            let aggregate = corpus.aggregate(&CorpusContext::default()).map_err(spill_error)?;
            let mut gathered = Gathered { aggregate, observed: 0, spill };
            self.segment(&segment, feed, |arrival| gathered.enter(arrival, &step.id))?;
            let Gathered { aggregate, spill, .. } = gathered;
            waiting = Some((spill.finish().map_err(spill_error)?, aggregate.conclude().map_err(spill_error)?));
        }
        Ok(())
    }

    /// Feeds the workers, and hands what they make to `sink` in the order of the feed.
    fn segment(
        &self,
        segment: &Segment,
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
                    self.feed(segment, feed, &send, halt)
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
                    let (identity, made) = self.work(task, segment);
                    // The receiver stays until all senders are gone.
                    let _ = send.send((place, Arrival { cost, identity, made }));
                });
                ControlFlow::Continue(())
            })
        })
    }

    /// Takes a document through a segment.
    fn work(&self, task: Task, segment: &Segment) -> (Identity, Walked<Made>) {
        let _span = tracing::debug_span!("document", uri = task.uri()).entered();
        match task {
            Task::Ended { identity, ending } => (identity, Err(Box::new(Stop::Ended(ending)))),
            Task::Read { mut source, reader } => {
                source.hash = Some(docmill_core::content_hash(&source.bytes));
                let identity = Identity::of(&source);
                let made = self.plan.read(reader, source).and_then(|doc| self.make(doc, segment));
                (identity, made)
            }
            Task::Resume { identity, finding, document } => {
                let made = unspilled(thaw(&document)).and_then(|mut doc| {
                    if let (Some(index), Some(finding)) = (segment.conclude, finding) {
                        self.plan.conclude(&mut doc, index, finding)?;
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

fn resume(mut spilled: Spilled, mut findings: Box<dyn Findings>, submit: &mut Submit<'_>) -> std::io::Result<()> {
    while let Some((waiting, document)) = spilled.next()? {
        let (task, bytes) = match waiting {
            // It costs what it cost before it waited.
            Waiting::Document { identity, position } => {
                let bytes = identity.bytes.unwrap_or(document.len() as u64);
                let finding = position.map(|position| findings.finding(position)).transpose()?;
                (Task::Resume { identity, finding, document }, bytes)
            }
            Waiting::Ended { identity, ending } => (Task::Ended { identity, ending }, 0),
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
                let position = observation.as_ref().map(|_| self.observed);
                let added = observation.map_or(Ok(()), |observation| {
                    self.observed += 1;
                    self.aggregate.add(self.observed - 1, &identity.uri, &observation)
                });
                added.and_then(|()| self.spill.push(&Waiting::Document { identity, position }, Some(&document)))
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

/// How the document ended, or the error that ends the run.
pub(crate) fn ending(stop: Stop, identity: &Identity) -> Result<Ending, RunError> {
    match stop {
        Stop::Ended(ending) => Ok(ending),
        Stop::Fatal { stage, error } => Err(RunError::Stage { stage, uri: identity.uri.clone(), error }),
    }
}
