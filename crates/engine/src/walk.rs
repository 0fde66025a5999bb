//! One document's way through the stages.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use docmill_cache::CacheError;
use docmill_core::{
    Built, Context, Document, OnError, Pipeline, RawSource, ReadError, StageError, Step, Verdict, Work,
};
use docmill_isolation::{WorkerCommand, Workers, caught, timed};

use crate::ledger::{Ending, Reason};
use crate::meter::Meter;

/// What all workers share.
pub(crate) struct Plan<'p> {
    pub(crate) pipeline: &'p Pipeline,
    pub(crate) cx: Context,
    pub(crate) meter: Arc<Meter>,
    /// The processes of each reader that is isolated.
    isolated_readers: Vec<Option<Workers>>,
    /// The processes of each step that is isolated.
    isolated_steps: Vec<Option<Workers>>,
}

/// Why a document goes no further.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It is dropped, a duplicate, or in quarantine.
    Ended(Ending),
    /// A stage with `on_error: fail` failed.
    Fatal { stage: String, error: StageError },
    /// What the cache had of it cannot be had any more.
    Lost(CacheError),
}

impl Stop {
    /// How the document ended, if it would end like this again.
    pub(crate) fn final_ending(&self) -> Option<&Ending> {
        match self {
            Self::Ended(ending) if ending.is_final() => Some(ending),
            Self::Ended(_) | Self::Fatal { .. } | Self::Lost(_) => None,
        }
    }
}

/// A document, or why there is none.
pub(crate) type Walked<T = ()> = Result<T, Box<Stop>>;

impl<'p> Plan<'p> {
    /// The plan of a run that starts processes for isolated parts with `worker`. Without it, the id of the first such part is the
    /// error.
    pub(crate) fn new(pipeline: &'p Pipeline, worker: Option<&WorkerCommand>) -> Result<Self, String> {
        let workers = |isolate: bool, built: &Built, id: &str| match worker {
            _ if !isolate => Ok(None),
            Some(worker) => Ok(Some(Workers::new(worker, built, id, pipeline.limits()))),
            None => Err(id.to_owned()),
        };
        let readers = pipeline.readers().iter().map(|step| workers(step.isolate, &step.built, &step.id));
        let steps = pipeline.steps().iter().map(|step| workers(step.isolate, &step.built, &step.id));
        Ok(Self {
            pipeline,
            cx: Context::new(pipeline.limits().clone()),
            meter: Arc::new(Meter::new(pipeline)),
            isolated_readers: readers.collect::<Result<_, _>>()?,
            isolated_steps: steps.collect::<Result<_, _>>()?,
        })
    }

    /// Reads a document.
    pub(crate) fn read(&self, reader: usize, mut source: RawSource) -> Walked<Document> {
        let step = &self.pipeline.readers()[reader];
        let _span = tracing::trace_span!("reader", id = &*step.id).entered();
        let (start, bytes) = (Instant::now(), source.bytes.len());
        let known = std::mem::take(&mut source.known);
        let mut read = match &self.isolated_readers[reader] {
            Some(workers) => workers.read(source).map_err(Unread::Read),
            None => caught(|| step.reader.read(source, &self.cx).map_err(Unread::Read)),
        };
        if let Ok(doc) = &mut read {
            known.tell(doc);
        }
        self.meter.readers[reader].add(bytes, start.elapsed(), read.is_err());
        read.map_err(|error| Box::new(Stop::Ended(Ending::failed(&step.id, &error))))
    }

    /// Takes a document through some of the steps, none of which is corpus-wide.
    pub(crate) fn walk(&self, doc: &mut Document, steps: Range<usize>) -> Walked {
        for index in steps {
            let step = &self.pipeline.steps()[index];
            if !self.holds(doc, index)? {
                continue;
            }
            let verdict = if let Some(workers) = &self.isolated_steps[index] {
                self.counted(doc, index, |doc| workers.walk(doc, step.timeout))?
            } else {
                let work = step.work.clone();
                self.attempt(doc, index, move |doc, cx| match &work {
                    Work::Stage(stage) => stage.apply(doc, cx).map(|()| Verdict::Keep),
                    Work::Filter(filter) => filter.judge(doc, cx),
                    Work::Corpus(_) => Ok(Verdict::Keep),
                })?
            };
            settle(step, verdict)?;
        }
        Ok(())
    }

    /// What the document contributes to the corpus-wide step at `index`: nothing where its condition does not hold.
    pub(crate) fn observe(&self, doc: &mut Document, index: usize) -> Walked<Option<Vec<u8>>> {
        let Work::Corpus(corpus) = self.pipeline.steps()[index].work.clone() else { return Ok(None) };
        if !self.holds(doc, index)? {
            return Ok(None);
        }
        self.attempt(doc, index, move |doc, cx| corpus.observe(doc, cx))
    }

    /// Works on a document with what the corpus-wide step at `index` found about it.
    pub(crate) fn conclude(&self, doc: &mut Document, index: usize, finding: Vec<u8>) -> Walked {
        let step = &self.pipeline.steps()[index];
        let Work::Corpus(corpus) = step.work.clone() else { return Ok(()) };
        // Whether the condition holds was settled when the document was observed.
        let verdict = self.attempt(doc, index, move |doc, cx| corpus.apply(&finding, doc, cx))?;
        settle(step, verdict)
    }

    /// The record of a document for each output.
    pub(crate) fn render(&self, doc: &Document) -> Walked<Vec<Vec<u8>>> {
        let mut rendered = Vec::with_capacity(self.pipeline.outputs().len());
        for (step, counters) in self.pipeline.outputs().iter().zip(&self.meter.outputs) {
            let _span = tracing::trace_span!("output", id = &*step.id).entered();
            let start = Instant::now();
            let result = caught(|| step.output.render(doc));
            counters.add(doc.text().len(), start.elapsed(), result.is_err());
            rendered.push(result.map_err(|error| Box::new(Stop::Ended(Ending::failed(&step.id, &error))))?);
        }
        Ok(rendered)
    }

    /// Whether the condition of a step holds; not where it cannot be told and the step is skipped for that.
    fn holds(&self, doc: &mut Document, index: usize) -> Walked<bool> {
        let step = &self.pipeline.steps()[index];
        let Some(when) = &step.when else { return Ok(true) };
        caught(|| when.holds(doc)).or_else(|error| failed(step, doc, error).map(|()| false))
    }

    /// Does the work of a step in this process, within its timeout.
    fn attempt<T: Send + 'static>(
        &self,
        doc: &mut Document,
        index: usize,
        work: impl FnOnce(&mut Document, &Context) -> Result<T, StageError> + Send + 'static,
    ) -> Walked<Option<T>> {
        let step = &self.pipeline.steps()[index];
        match step.timeout {
            Some(timeout) if step.built.plugin.is_some() => {
                self.counted(doc, index, |doc| caught(|| work(doc, &self.cx.with_timeout(timeout))))
            }
            Some(timeout) => self.counted(doc, index, |doc| timed(doc, &self.cx, timeout, work)),
            None => self.counted(doc, index, |doc| caught(|| work(doc, &self.cx))),
        }
    }

    /// Counts the work of a step, and does what its `on_error` says where it fails.
    fn counted<T>(
        &self,
        doc: &mut Document,
        index: usize,
        work: impl FnOnce(&mut Document) -> Result<T, StageError>,
    ) -> Walked<Option<T>> {
        let step = &self.pipeline.steps()[index];
        // A stage that fails half-way leaves half of its work: what skips it goes on with the document as it was before.
        let before = (step.on_error == OnError::Skip).then(|| doc.clone());
        let _span = tracing::trace_span!("stage", id = &*step.id).entered();
        doc.enter(&step.id);
        let (start, bytes) = (Instant::now(), doc.text().len());
        let result = work(doc);
        self.meter.steps[index].add(bytes, start.elapsed(), result.is_err());
        result.map(Some).or_else(|error| {
            if let Some(before) = before {
                *doc = before;
            }
            failed(step, doc, error).map(|()| None)
        })
    }
}

/// What follows from a step's error: the document goes on with a warning, ends, or the run fails.
fn failed(step: &Step, doc: &mut Document, error: StageError) -> Walked {
    if matches!(error, StageError::Fatal(_)) {
        return Err(Box::new(Stop::Fatal { stage: step.id.to_string(), error }));
    }
    match step.on_error {
        OnError::Skip => {
            if matches!(error, StageError::Timeout(_) | StageError::Died(_) | StageError::Unavailable(_)) {
                // Another time or machine may have what is missing: this is not to be taken for what the stage does.
                doc.stop_recording();
            }
            doc.warn(format!("{} was skipped: {}", step.id, docmill_core::chain(&error).join(": ")));
            Ok(())
        }
        OnError::Quarantine => Err(Box::new(Stop::Ended(Ending::failed(&step.id, &error)))),
        OnError::Fail => Err(Box::new(Stop::Fatal { stage: step.id.to_string(), error })),
    }
}

fn settle(step: &Step, verdict: Option<Verdict>) -> Walked {
    let reason = match verdict {
        None | Some(Verdict::Keep) => return Ok(()),
        Some(Verdict::Drop(reason)) => Reason::Dropped(reason),
        Some(Verdict::Duplicate { of, similarity }) => Reason::Duplicate { of, similarity },
    };
    Err(Box::new(Stop::Ended(Ending { stage: step.id.to_string(), reason })))
}

/// Why a source gave no document, or was not split into its parts: the reader's error, or its panic.
#[derive(Debug)]
pub(crate) enum Unread {
    Read(ReadError),
    Panicked(StageError),
}

impl From<StageError> for Unread {
    fn from(error: StageError) -> Self {
        Self::Panicked(error)
    }
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Panicked(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Unread {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read(error) => error.source(),
            Self::Panicked(error) => error.source(),
        }
    }
}
