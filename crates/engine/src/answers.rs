//! The answers that stages have from servers, in the cache of the run.
//!
//! They are entries like those of documents, but named by all that was asked: a document that is worked on again because another
//! stage has changed asks nothing that was asked before. Each is on the disk as soon as it is there, since answers may have a price.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use docmill_cache::{CacheError, Key, Sealed, Store};
use docmill_core::stage::Answers;

/// What the keys of answers begin with, and what they are for: no document is named like this.
const ANSWER: &[u8] = b"answer";

/// Keeps answers while the run has its store; a stage that outlives the run keeps nothing.
pub(crate) struct KeptAnswers {
    store: Weak<Store>,
    told: AtomicBool,
}

impl KeptAnswers {
    pub(crate) fn new(store: &Arc<Store>) -> Self {
        Self { store: Arc::downgrade(store), told: AtomicBool::new(false) }
    }

    fn put(store: &Store, key: &Key, answer: &[u8]) -> Result<(), CacheError> {
        store.put(key, &target(), Some(&Sealed::of(key, answer)), &Sealed::of(key, b""))?;
        store.commit()
    }
}

fn key(question: &[&[u8]]) -> Key {
    Key::of(&[&[ANSWER], question].concat())
}

fn target() -> Key {
    Key::of(&[ANSWER])
}

impl Answers for KeptAnswers {
    fn answer(&self, question: &[&[u8]]) -> Option<Vec<u8>> {
        // What is damaged is asked for again, and kept in the place of it.
        self.store.upgrade()?.result(&key(question), &target()).ok().flatten()
    }

    fn keep(&self, question: &[&[u8]], answer: &[u8]) {
        let Some(store) = self.store.upgrade() else { return };
        if let Err(error) = Self::put(&store, &key(question), answer)
            && !self.told.swap(true, Ordering::Relaxed)
        {
            let folder = store.folder().display().to_string();
            tracing::warn!(folder, error = error.to_string(), "the cache does not keep all answers of this run");
        }
    }
}

impl std::fmt::Debug for KeptAnswers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptAnswers").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_under_all_that_was_asked_and_as_long_as_the_run_has_its_store() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(folder.path()).unwrap());
        let answers = KeptAnswers::new(&store);
        let question: [&[u8]; 2] = [b"http://127.0.0.1", b"How deep is the harbor?"];
        assert_eq!(answers.answer(&question), None);
        answers.keep(&question, b"12 m");
        assert_eq!(answers.answer(&question).as_deref(), Some(b"12 m".as_slice()));
        assert_eq!(answers.answer(&[b"http://127.0.0.1How deep is the harbor?"]), None);
        drop(store);
        assert_eq!(answers.answer(&question), None);
        let store = Arc::new(Store::open(folder.path()).unwrap());
        assert_eq!(KeptAnswers::new(&store).answer(&question).as_deref(), Some(b"12 m".as_slice()));
    }
}
