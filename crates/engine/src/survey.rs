//! How much there is to do, told ahead of the run itself.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use docmill_core::Pipeline;

use crate::feed;
use crate::options::RunOptions;
use crate::own::Own;

/// How much a run will find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Survey {
    /// Files and other sources; one may hold many documents.
    pub sources: u64,
    /// Their size in bytes.
    pub bytes: u64,
}

/// Lists the sources of a run without opening any, to foretell when it ends. `None` where they cannot be listed, where one does
/// not tell its size, or once `stop` is set.
pub fn survey(pipeline: &Pipeline, options: &RunOptions, stop: &AtomicBool) -> Option<Survey> {
    let own = Own::of(&options.folder, &options.places(pipeline));
    let mut survey = Survey::default();
    let mut known = true;
    let listed = feed::documents(pipeline, Some(&own), &mut |found, _| {
        survey.sources += 1;
        match found.bytes {
            Some(bytes) => survey.bytes += bytes,
            None => known = false,
        }
        if known && !stop.load(Ordering::Relaxed) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    (listed.is_ok() && known && !stop.load(Ordering::Relaxed)).then_some(survey)
}
