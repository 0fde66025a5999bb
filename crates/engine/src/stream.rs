//! Documents in order through the workers: the feed on one side, what the workers made on the other, and the corpus-wide
//! stages that cut the way in two.
//!
//! One thread lists and reads the sources, the workers take each document through its stages, and the calling thread puts
//! what they finish back into its order.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use docmill_cache::{CacheError, Key};
use docmill_core::{Aggregate, CorpusContext, Document, Findings, Pipeline, Work};
use docmill_isolation::STACK_SIZE;
use serde_bytes::ByteBuf;

use crate::budget::{Budget, corpus_share};
use crate::feed::{self, FeedError, Submit, Task};
use crate::interruption::{Done, LOOK};
use crate::ledger::{Ending, Identity};
use crate::options::RunOptions;
use crate::own::Own;
use crate::report::RunError;
use crate::reuse::{Journal, Kept, Reuse, Trail};
use crate::spill::{Spill, Spilled, Waiting, freeze, thaw};
use crate::unchanged::Listing;
use crate::walk::{Plan, Stop, Walked};

/// The steps from one corpus-wide stage to the next. The first segment begins with the sources; each later one begins with
/// the conclusion of the corpus-wide stage at `conclude`. All but the last end at the corpus-wide stage at `observe`, where
/// documents are observed and wait on disk until all have been.
struct Segment {
    conclude: Option<usize>,
    steps: Range<usize>,
    observe: Option<usize>,
}

impl Segment {
    /// The corpus-wide stage that it begins with, and its other steps.
    fn all_steps(&self) -> impl Iterator<Item = usize> {
        self.conclude.into_iter().chain(self.steps.clone())
    }
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
    pub(crate) pool: &'r rayon::ThreadPool,
    pub(crate) budget: Budget,
    pub(crate) own: Own,
    pub(crate) reuse: Option<Reuse>,
    pub(crate) listing: Mutex<Listing>,
    /// The span of the run, which those of documents on other threads belong to.
    pub(crate) span: tracing::Span,
    pub(crate) done: Done,
}

/// What a worker made of a document.
pub(crate) enum Made {
    /// Its record for each output, and its labels that are counted.
    Record { rendered: Vec<Vec<u8>>, labels: Vec<(usize, String)> },
    /// The document as it waits for a corpus-wide stage, what that stage took from it, and how it came here. The document is
    /// empty where the cache has its state.
    Waits { document: Vec<u8>, observation: Option<Vec<u8>>, trail: Option<Trail> },
}

/// Where a document's way through a segment begins, in the cache.
struct Start<'r> {
    reuse: &'r Reuse,
    key: Key,
    /// The entries of the segments before.
    entries: Vec<[u8; 16]>,
}

/// What a worker made of a document now.
fn made(kept: Kept, doc: &Document, trail: Option<Trail>) -> Walked<Made> {
    match kept {
        Kept::Observed(observation) => Ok(Made::Waits {
            document: unspilled(freeze(doc))?,
            observation: observation.map(ByteBuf::into_vec),
            trail,
        }),
        kept => remade(kept, trail),
    }
}

/// What a worker made of a document in an earlier run.
fn remade(kept: Kept, trail: Option<Trail>) -> Walked<Made> {
    match kept {
        Kept::Record { rendered, labels } => {
            Ok(Made::Record { rendered: rendered.into_iter().map(ByteBuf::into_vec).collect(), labels })
        }
        Kept::Observed(observation) => {
            Ok(Made::Waits { document: Vec::new(), observation: observation.map(ByteBuf::into_vec), trail })
        }
        Kept::Ended(ending) => Err(Box::new(Stop::Ended(ending))),
    }
}

#[allow(clippy::unnecessary_box_returns, reason = "errors of the way are boxed")]
fn lost(error: CacheError) -> Box<Stop> {
    Box::new(Stop::Lost(error))
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
                None => {
                    feed::sources(pipeline, Some(&self.own), Some(&self.listing), submit).map_err(|error| match error {
                        FeedError::Input(error) => RunError::Input(error),
                        FeedError::InTheWay(path) => RunError::InTheWay(path),
                    })
                }
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
            let aggregate = corpus
                .aggregate(&CorpusContext { memory: corpus_share(pipeline, self.options.memory) })
                .map_err(spill_error)?;
            let mut gathered = Gathered { aggregate, observed: 0, spill };
            self.segment(&segment, feed, |arrival| gathered.enter(arrival, &step.id))?;
            let Gathered { aggregate, spill, .. } = gathered;
            if self.options.cancel.load(Ordering::Relaxed) {
                return Ok(());
            }
            let findings = self.patiently(|| aggregate.conclude()).and_then(|concluded| concluded);
            waiting = Some((spill.finish().map_err(spill_error)?, findings.map_err(spill_error)?));
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
        self.done.begin(segment.observe.map(|index| self.plan.pipeline.steps()[index].id.to_string()));
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
                    self.plan.meter.found(next);
                }
                scope.spawn(move |_| {
                    let (identity, made) = self.work(task, segment);
                    // The receiver stays until all senders are gone.
                    let _ = send.send((place, Arrival { cost, identity, made }));
                });
                ControlFlow::Continue(())
            })?;
            if segment.conclude.is_none() {
                self.plan.meter.all_found();
            }
            Ok(())
        })
    }

    /// Takes a document through a segment.
    fn work(&self, task: Task, segment: &Segment) -> (Identity, Walked<Made>) {
        let _span = tracing::debug_span!(parent: &self.span, "document", uri = task.uri()).entered();
        match task {
            Task::Ended { identity, ending } => (identity, Err(Box::new(Stop::Ended(ending)))),
            Task::Read { mut source, reader } => {
                source.hash = Some(docmill_core::content_hash(&source.bytes));
                let identity = Identity::of(&source);
                let start = self.reuse.as_ref().map(|reuse| Start {
                    reuse,
                    key: reuse.source(reader, &source),
                    entries: Vec::new(),
                });
                let made = self.go(segment, start, None, || self.plan.read(reader, source));
                (identity, made)
            }
            Task::Resume { identity, finding, trail, document } => {
                let start = self.reuse.as_ref().zip(trail.as_ref()).map(|(reuse, trail)| Start {
                    reuse,
                    key: Reuse::found(trail.way, finding.as_deref()),
                    entries: trail.entries.clone(),
                });
                let made = self.go(segment, start, finding.as_deref(), || match (&self.reuse, &trail) {
                    (Some(reuse), Some(trail)) if document.is_empty() => reuse.state(trail).map_err(lost),
                    _ => unspilled(thaw(&document)),
                });
                (identity, made)
            }
        }
    }

    /// Takes the document that `begin` gives through a segment, or through what of it was not done before.
    fn go(
        &self,
        segment: &Segment,
        start: Option<Start<'_>>,
        finding: Option<&[u8]>,
        begin: impl FnOnce() -> Walked<Document>,
    ) -> Walked<Made> {
        if let Some(start) = start {
            return self.go_on(segment, start, finding, begin);
        }
        let mut doc = begin()?;
        for step in segment.all_steps() {
            self.step(&mut doc, segment, step, finding)?;
        }
        self.end(&mut doc, segment).and_then(|kept| made(kept, &doc, None))
    }

    /// Goes on from where an earlier run came with the document, and keeps what is done.
    fn go_on(
        &self,
        segment: &Segment,
        Start { reuse, key, mut entries }: Start<'_>,
        finding: Option<&[u8]>,
        begin: impl FnOnce() -> Walked<Document>,
    ) -> Walked<Made> {
        let way = reuse.way(&key, segment.all_steps());
        let arrived = way.last().unwrap_or(&key);
        let target = reuse.target(arrived, segment.observe);
        entries.push(*key.bytes());
        let trail = Some(Trail { way: *arrived.bytes(), entries });
        if let Some(kept) = reuse.result(&key, &target).map_err(lost)? {
            return remade(kept, trail);
        }
        let journal = reuse.journal(&key).map_err(lost)?;
        if let Some(ending) = journal.as_ref().and_then(|journal| journal.ending(&way)) {
            reuse.count(true);
            return Err(Box::new(Stop::Ended(ending.clone())));
        }
        let known = journal.as_ref().map_or(Ok(None), Journal::begin).map_err(lost)?;
        let done = journal.as_ref().map_or(0, |journal| journal.in_common(&way));
        reuse.count(known.is_some() || done > 0);
        let mut doc = known.map_or_else(begin, Ok)?;
        let mut journal = match journal {
            Some(journal) => journal,
            None if segment.conclude.is_some() => Journal::default(),
            None => Journal::of(&doc).unwrap_or_default(),
        };
        journal.replay(done, &mut doc).map_err(lost)?;
        doc.record();
        let ahead = segment.all_steps().zip(&way).skip(done);
        let result = self.recorded(&mut doc, segment, finding, ahead, &mut journal);
        let kept = result.and_then(|()| self.end(&mut doc, segment));
        // Where nothing is recorded any more, nothing can be relied on.
        let recorded = match doc.take_changes() {
            // An observation that was skipped leaves a warning.
            Some(changes) if !changes.is_empty() && kept.is_ok() => {
                journal.push(&target, changes);
                true
            }
            changes => changes.is_some(),
        };
        match kept {
            Ok(kept) => {
                reuse.keep(&key, &target, recorded.then_some(&kept), &journal);
                made(kept, &doc, trail.filter(|_| recorded))
            }
            Err(stop) => {
                let dropped = stop.final_ending().filter(|_| recorded).map(|ending| Kept::Ended(ending.clone()));
                reuse.keep(&key, &target, dropped.as_ref(), &journal);
                Err(stop)
            }
        }
    }

    /// Takes a document through the steps ahead, and writes what each did into the journal.
    fn recorded<'k>(
        &self,
        doc: &mut Document,
        segment: &Segment,
        finding: Option<&[u8]>,
        ahead: impl Iterator<Item = (usize, &'k Key)>,
        journal: &mut Journal,
    ) -> Walked {
        for (step, after) in ahead {
            let result = self.step(doc, segment, step, finding);
            let changes = doc.take_changes();
            if let Err(stop) = result {
                if let (Some(ending), Some(_)) = (stop.final_ending(), changes) {
                    journal.end(after, ending.clone());
                }
                return Err(stop);
            }
            if let Some(changes) = changes {
                journal.push(after, changes);
            }
        }
        Ok(())
    }

    /// Takes a document through one step of a segment.
    fn step(&self, doc: &mut Document, segment: &Segment, step: usize, finding: Option<&[u8]>) -> Walked {
        if segment.conclude == Some(step) {
            return finding.map_or(Ok(()), |finding| self.plan.conclude(doc, step, finding.to_vec()));
        }
        self.plan.walk(doc, step..step + 1)
    }

    /// What comes out at the end of a segment.
    fn end(&self, doc: &mut Document, segment: &Segment) -> Walked<Kept> {
        if let Some(index) = segment.observe {
            return Ok(Kept::Observed(self.plan.observe(doc, index)?.map(Into::into)));
        }
        let rendered = self.plan.render(doc)?.into_iter().map(Into::into).collect();
        let counted = |scheme: &str| self.options.count_tags.iter().position(|counted| counted == scheme);
        let labels = doc.tags().iter().filter_map(|tag| Some((counted(&tag.scheme)?, tag.label.clone()))).collect();
        Ok(Kept::Record { rendered, labels })
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
        let mut cancelled = None;
        loop {
            let (place, arrival) = match receive.recv_timeout(LOOK) {
                Ok(arrived) => arrived,
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    self.lose_patience(&mut cancelled);
                    continue;
                }
            };
            self.done.count(arrival.made.as_ref().map_or_else(|stop| stop.final_ending().is_some(), |_| true));
            early.insert(place, arrival);
            while let Some(arrival) = early.remove(&next) {
                next += 1;
                let cost = arrival.cost;
                self.plan.meter.passed(arrival.identity.bytes.unwrap_or(0));
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
fn unspilled<T>(result: Result<T, impl std::error::Error>) -> Walked<T> {
    result.map_err(|error| Box::new(Stop::Ended(Ending::failed("spill", &error))))
}

fn resume(mut spilled: Spilled, mut findings: Box<dyn Findings>, submit: &mut Submit<'_>) -> std::io::Result<()> {
    while let Some((waiting, document)) = spilled.next()? {
        let (task, bytes) = match waiting {
            // It costs what it cost before it waited.
            Waiting::Document { identity, position, trail } => {
                let bytes = identity.bytes.unwrap_or(document.len() as u64);
                let finding = position.map(|position| findings.finding(position)).transpose()?;
                (Task::Resume { identity, finding, trail, document }, bytes)
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
            Ok(Made::Waits { document, observation, trail }) => {
                let position = observation.as_ref().map(|_| self.observed);
                let added = observation.map_or(Ok(()), |observation| {
                    self.observed += 1;
                    self.aggregate.add(self.observed - 1, &identity.uri, &observation)
                });
                added.and_then(|()| self.spill.push(&Waiting::Document { identity, position, trail }, Some(&document)))
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
        Stop::Lost(error) => Err(error.into()),
        Stop::Fatal { stage, error } => Err(RunError::Stage { stage, uri: identity.uri.clone(), error }),
    }
}
