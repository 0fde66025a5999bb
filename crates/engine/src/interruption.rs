//! Runs that are to end early: how far they came, and what is done where something in them does not come to an end.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::RecvTimeoutError;
use docmill_isolation::STACK_SIZE;

use crate::reuse::Reuse;
use crate::stream::Stream;

/// How often a run that waits for a document looks whether it was cancelled.
pub(crate) const LOOK: Duration = Duration::from_millis(100);
/// How long documents at work may take once the run was cancelled.
const GRACE: Duration = Duration::from_secs(1);

/// How far a run came that was interrupted. It shows as `120 documents are done, and are in the cache; run again to go on`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interruption {
    /// Documents that were taken through all stages, or up to the one at [`Interruption::before`]. What failed is not among them.
    pub done: u64,
    /// The id of the corpus-wide stage that waits for all documents.
    pub before: Option<String>,
    /// Whether what is done is in a cache, from which the next run goes on.
    pub cached: bool,
}

impl std::fmt::Display for Interruption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let are = if self.done == 1 { "is" } else { "are" };
        match self.done {
            0 => write!(f, "no document is done")?,
            1 => write!(f, "1 document is done")?,
            done => write!(f, "{done} documents are done")?,
        }
        if let Some(stage) = &self.before {
            write!(f, " up to {stage}")?;
        }
        match self.cached {
            _ if self.done == 0 => write!(f, "; run again to begin"),
            true => write!(f, ", and {are} in the cache; run again to go on"),
            false => write!(f, ", and {are} not kept in a cache; the next run begins anew"),
        }
    }
}

/// Documents that came to the end of the segment that is at work, and did not fail.
#[derive(Default)]
pub(crate) struct Done {
    documents: AtomicU64,
    /// The corpus-wide stage that the segment ends at.
    before: Mutex<Option<String>>,
}

impl Done {
    /// Begins with a segment.
    pub(crate) fn begin(&self, before: Option<String>) {
        self.documents.store(0, Ordering::Relaxed);
        *self.before.lock().unwrap_or_else(PoisonError::into_inner) = before;
    }

    /// Counts a document, if it is done.
    pub(crate) fn count(&self, done: bool) {
        self.documents.fetch_add(u64::from(done), Ordering::Relaxed);
    }
}

impl Stream<'_> {
    /// How far the run has come.
    pub(crate) fn interruption(&self) -> Interruption {
        Interruption {
            done: self.done.documents.load(Ordering::Relaxed),
            before: self.done.before.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            cached: self.reuse.as_ref().is_some_and(Reuse::save),
        }
    }

    /// Leaves everything in order for an end of the process, once the run was cancelled and something does not come to an end.
    pub(crate) fn lose_patience(&self, cancelled: &mut Option<Instant>) {
        let Some(abandon) = &self.options.abandon else { return };
        if self.options.cancel.load(Ordering::Relaxed) && cancelled.get_or_insert_with(Instant::now).elapsed() > GRACE {
            let interruption = self.interruption();
            docmill_files::remove_all();
            abandon(&interruption);
        }
    }

    /// Does work that cannot be left off, and looks meanwhile whether the run was cancelled.
    pub(crate) fn patiently<T: Send>(&self, work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
        let (send, receive) = crossbeam_channel::bounded(1);
        std::thread::scope(|threads| {
            let worker = std::thread::Builder::new().stack_size(STACK_SIZE);
            // The receiver stays until there is something to receive.
            let worker = worker.spawn_scoped(threads, move || _ = send.send(work()))?;
            let mut cancelled = None;
            loop {
                match receive.recv_timeout(LOOK) {
                    Ok(done) => return Ok(done),
                    Err(RecvTimeoutError::Timeout) => self.lose_patience(&mut cancelled),
                    Err(RecvTimeoutError::Disconnected) => {
                        let panicked = worker.join().err().unwrap_or_else(|| Box::new("the work was not done"));
                        std::panic::resume_unwind(panicked)
                    }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interruption_says_what_is_done_and_where_it_is() {
        let said = |done, before: Option<&str>, cached| {
            Interruption { done, before: before.map(ToOwned::to_owned), cached }.to_string()
        };
        assert_eq!(said(0, None, true), "no document is done; run again to begin");
        assert_eq!(said(1, None, true), "1 document is done, and is in the cache; run again to go on");
        assert_eq!(
            said(120, Some("pairs"), true),
            "120 documents are done up to pairs, and are in the cache; run again to go on"
        );
        assert_eq!(said(7, None, false), "7 documents are done, and are not kept in a cache; the next run begins anew");
    }
}
