//! One document at a time through a pipeline, with a look at it after each stage: what `docmill try` and `docmill explain` show.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use docmill_core::{CorpusContext, CorpusStage, Document, Pipeline, Work};
use docmill_isolation::WorkerCommand;

use crate::feed::{self, FeedError, Task};
use crate::ledger::{Ending, Identity, LedgerEntry, entry};
use crate::report::RunError;
use crate::walk::{Plan, Stop, Walked};

/// What a trace shows.
#[derive(Debug)]
pub enum Event<'a> {
    /// A reader made a document.
    Read {
        /// The reader's id.
        reader: &'a str,
        /// The document.
        doc: &'a Document,
        /// How long it took.
        time: Duration,
    },
    /// A stage worked on the document.
    Step {
        /// The stage's id.
        stage: &'a str,
        /// The document before it.
        before: &'a Document,
        /// The document after it.
        after: &'a Document,
        /// How long it took.
        time: Duration,
    },
    /// The document went all the way.
    Finished {
        /// The document.
        doc: &'a Document,
    },
    /// The document was dropped, is a duplicate, or failed.
    Ended {
        /// What the ledger would say.
        entry: &'a LedgerEntry,
    },
}

/// Takes the documents of the pipeline's inputs through its stages, one after the other, until `see` breaks. Nothing is
/// written. A corpus-wide stage sees each document as if it were the only one.
/// `worker` starts the processes of isolated parts.
pub fn trace(
    pipeline: &Pipeline,
    worker: Option<&WorkerCommand>,
    see: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
) -> Result<(), RunError> {
    let plan = Plan::new(pipeline, worker).map_err(RunError::NoWorkers)?;
    let traced = feed::sources(pipeline, None, None, &mut |task, _| match task {
        Task::Read { mut source, reader } => {
            source.hash = Some(docmill_core::content_hash(&source.bytes));
            let identity = Identity::of(&source);
            let start = Instant::now();
            let walked = plan.read(reader, source).and_then(|mut doc| {
                let time = start.elapsed();
                let read = Event::Read { reader: &pipeline.readers()[reader].id, doc: &doc, time };
                if see(read).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                walk(&plan, &mut doc, see)
            });
            match walked {
                Ok(flow) => flow,
                Err(stop) => see_end(&identity, *stop, see),
            }
        }
        Task::Ended { identity, ending } => see(Event::Ended { entry: &entry(&identity, Some(&ending)) }),
        Task::Resume { .. } => ControlFlow::Continue(()),
    });
    traced.or_else(|error| match error {
        FeedError::Input(error) => Err(RunError::Input(error)),
        // Nothing is written, so that nothing is in the way.
        FeedError::InTheWay(_) => Ok(()),
    })
}

fn walk(
    plan: &Plan<'_>,
    doc: &mut Document,
    see: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
) -> Walked<ControlFlow<()>> {
    for (index, step) in plan.pipeline.steps().iter().enumerate() {
        let before = doc.clone();
        let start = Instant::now();
        match &step.work {
            Work::Stage(_) | Work::Filter(_) => plan.walk(doc, index..index + 1)?,
            Work::Corpus(corpus) => {
                if let Some(observation) = plan.observe(doc, index)? {
                    let found = alone(&**corpus, &doc.source().uri, &observation);
                    let finding = found.map_err(|error| Box::new(Stop::Ended(Ending::failed(&step.id, &error))))?;
                    plan.conclude(doc, index, finding)?;
                }
            }
        }
        let time = start.elapsed();
        if see(Event::Step { stage: &step.id, before: &before, after: doc, time }).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(see(Event::Finished { doc }))
}

/// What a corpus-wide stage finds about a document that is the only one.
fn alone(corpus: &dyn CorpusStage, uri: &str, observation: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut aggregate = corpus.aggregate(&CorpusContext::default())?;
    aggregate.add(0, uri, observation)?;
    aggregate.conclude()?.finding(0)
}

fn see_end(identity: &Identity, stop: Stop, see: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
    let ending = match stop {
        Stop::Ended(ending) => ending,
        Stop::Fatal { stage, error } => Ending::failed(&stage, &error),
        Stop::Lost(error) => Ending::failed("cache", &error),
    };
    see(Event::Ended { entry: &entry(identity, Some(&ending)) })
}
