//! What earlier runs did with a document, and how a run goes on from there.
//!
//! A document's way is cut into segments by the corpus-wide stages. For each segment the cache has one entry, whose key is all
//! that the document is when it comes to the segment: its source and reader, the stages before, and what corpus-wide stages
//! found about it. The entry's result is what came out at the end of the segment. Where a stage has changed since, the
//! entry's [`Journal`] takes the document up to that stage without any work.
//!
//! Failures are no results: a document in quarantine is tried again by the next run, from the stage that failed.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use docmill_cache::{CacheError, Key, RunUse, Sealed, Store};
use docmill_core::{Change, Document, Pipeline, RawSource};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::answers::KeptAnswers;
use crate::ledger::Ending;
use crate::spill::{freeze, thaw};

/// What came out at the end of a segment.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Kept {
    /// The record for each output, and the labels that are counted.
    Record { rendered: Vec<ByteBuf>, labels: Vec<(usize, String)> },
    /// What the corpus-wide stage took from the document; nothing where its condition did not hold.
    Observed(Option<ByteBuf>),
    /// The document was dropped.
    Ended(Ending),
}

/// What the steps of a segment did to a document, one after the other.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Journal {
    /// The document as it was read; none for a segment after a corpus-wide stage.
    base: Option<ByteBuf>,
    legs: Vec<Leg>,
    /// Where the document was dropped: the way with the step after the last leg, and how it ended there.
    ended: Option<([u8; 16], Ending)>,
}

/// What one step did.
#[derive(Debug, Serialize, Deserialize)]
struct Leg {
    /// The key of the way up to the end of this step.
    after: [u8; 16],
    changes: Vec<Change>,
}

/// How a document came to where it waits: the key of its way, and the entries that its state is made from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Trail {
    pub(crate) way: [u8; 16],
    pub(crate) entries: Vec<[u8; 16]>,
}

/// The cache of a run.
pub(crate) struct Reuse {
    store: Arc<Store>,
    /// What all documents that a reader read have in common: the version of docmill, the reader and the limits.
    readers: Vec<Key>,
    steps: Vec<blake3::Hash>,
    outputs: Key,
    /// Nothing is written any more once the disk said no.
    read_only: AtomicBool,
    reused: AtomicU64,
    resumed: AtomicU64,
    worked: AtomicU64,
}

impl Reuse {
    /// Uses `store` for runs of `pipeline` that count the labels of these tag schemes.
    pub(crate) fn new(store: Store, pipeline: &Pipeline, counted: &[String]) -> Self {
        let outputs: Vec<_> = pipeline.outputs().iter().map(docmill_core::OutputStep::fingerprint).collect();
        let counted: Vec<&[u8]> = counted.iter().map(String::as_bytes).collect();
        let outputs: Vec<&[u8]> = outputs.iter().map(|hash| hash.as_bytes().as_slice()).chain(counted).collect();
        let limits = pipeline.limits().fingerprint();
        let read = |fingerprint: blake3::Hash| {
            Key::of(&[env!("CARGO_PKG_VERSION").as_bytes(), fingerprint.as_bytes(), limits.as_bytes()])
        };
        Self {
            store: Arc::new(store),
            readers: pipeline.readers().iter().map(|reader| read(reader.fingerprint())).collect(),
            steps: pipeline.steps().iter().map(docmill_core::Step::fingerprint).collect(),
            outputs: Key::of(&outputs),
            read_only: AtomicBool::new(false),
            reused: AtomicU64::new(0),
            resumed: AtomicU64::new(0),
            worked: AtomicU64::new(0),
        }
    }

    /// The way of a document before anything was done with it: its source, and how it is read.
    pub(crate) fn source(&self, reader: usize, source: &RawSource) -> Key {
        let origin = format!("{:?}", source.origin);
        let known = if source.known.is_empty() { String::new() } else { format!("{:?}", source.known) };
        let shared = source.shared.as_ref().map(|shared| shared.to_bytes()).unwrap_or_default();
        Key::of(&[
            self.readers[reader].bytes(),
            source.uri.as_bytes(),
            source.media_type.as_bytes(),
            source.container.as_deref().unwrap_or_default().as_bytes(),
            origin.as_bytes(),
            &shared,
            source.hash.as_deref().unwrap_or_default().as_bytes(),
            known.as_bytes(),
        ])
    }

    /// The way with what a corpus-wide stage found.
    pub(crate) fn found(way: [u8; 16], finding: Option<&[u8]>) -> Key {
        match finding {
            Some(finding) => Key::of(&[&way, b"found", finding]),
            None => Key::of(&[&way, b"not observed"]),
        }
    }

    /// The way after each of these steps, the first of which comes after `start`.
    pub(crate) fn way(&self, start: &Key, steps: impl Iterator<Item = usize>) -> Vec<Key> {
        let after = |way: &mut Key, index: usize| {
            *way = Key::of(&[way.bytes(), self.steps[index].as_bytes()]);
            Some(*way)
        };
        steps.scan(*start, after).collect()
    }

    /// The way to a record, or to what the corpus-wide step at `observe` takes.
    pub(crate) fn target(&self, way: &Key, observe: Option<usize>) -> Key {
        match observe {
            Some(index) => Key::of(&[way.bytes(), b"observed", self.steps[index].as_bytes()]),
            None => Key::of(&[way.bytes(), b"rendered", self.outputs.bytes()]),
        }
    }

    /// What came out at the end of the segment that began at `key` the last time, if it was for `target`.
    pub(crate) fn result(&self, key: &Key, target: &Key) -> Result<Option<Kept>, CacheError> {
        let Some(bytes) = self.store.result(key, target)? else { return Ok(None) };
        self.reused.fetch_add(1, Ordering::Relaxed);
        rmp_serde::from_slice(&bytes).map(Some).map_err(|error| CacheError::Damaged(error.to_string()))
    }

    /// The journal of the segment that began at `key`.
    pub(crate) fn journal(&self, key: &Key) -> Result<Option<Journal>, CacheError> {
        let Some(bytes) = self.store.journal(key)? else { return Ok(None) };
        rmp_serde::from_slice(&bytes).map(Some).map_err(|error| CacheError::Damaged(error.to_string()))
    }

    /// Keeps what was done from `key` on. A disk that says no ends the writing, not the run.
    pub(crate) fn keep(&self, key: &Key, target: &Key, result: Option<&Kept>, journal: &Journal) {
        if self.read_only.load(Ordering::Relaxed) {
            return;
        }
        let sealed = |bytes: Result<Vec<u8>, rmp_serde::encode::Error>| {
            bytes.map(|bytes| Sealed::of(key, &bytes)).map_err(|error| CacheError::Failed(error.to_string()))
        };
        let kept = result.map(|kept| sealed(rmp_serde::to_vec_named(kept))).transpose().and_then(|result| {
            let journal = sealed(rmp_serde::to_vec_named(journal))?;
            self.store.put(key, target, result.as_ref(), &journal)
        });
        if let Err(error) = kept
            && !self.read_only.swap(true, Ordering::Relaxed)
        {
            let folder = self.store.folder().display().to_string();
            tracing::warn!(folder, error = error.to_string(), "the run goes on without keeping more in the cache");
        }
    }

    /// The store.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Keeps the answers that stages have from servers in the store, as long as the run has it.
    pub(crate) fn answers(&self) -> KeptAnswers {
        KeptAnswers::new(&self.store)
    }

    /// Counts a segment that began with a part of the work done, or with none.
    pub(crate) fn count(&self, resumed: bool) {
        let counter = if resumed { &self.resumed } else { &self.worked };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// How the run used it so far.
    pub(crate) fn used(&self) -> RunUse {
        RunUse {
            reused: self.reused.load(Ordering::Relaxed),
            resumed: self.resumed.load(Ordering::Relaxed),
            worked: self.worked.load(Ordering::Relaxed),
        }
    }

    /// Brings to the disk what was kept so far, and says whether that is all that was done.
    pub(crate) fn save(&self) -> bool {
        kept(&self.store, &self.store.commit()) && !self.read_only.load(Ordering::Relaxed)
    }

    /// Brings to the disk what was kept, in the name of the run into `folder`.
    pub(crate) fn finish(&self, folder: &Path) {
        finish(&self.store, folder, self.used());
    }

    /// The state of a document that waits, made from the entries on its trail.
    pub(crate) fn state(&self, trail: &Trail) -> Result<Document, CacheError> {
        let lost = || CacheError::Damaged("an entry that was there is gone".to_owned());
        let mut state: Option<Document> = None;
        for entry in &trail.entries {
            let mut journal = self.journal(&Key::from(*entry))?.ok_or_else(lost)?;
            let mut doc = match state.take() {
                Some(doc) => doc,
                None => journal.begin()?.ok_or_else(lost)?,
            };
            let legs = journal.legs.len();
            journal.replay(legs, &mut doc)?;
            state = Some(doc);
        }
        state.ok_or_else(lost)
    }
}

/// Ends the use of a store by the run into `folder`.
pub(crate) fn finish(store: &Store, folder: &Path, used: RunUse) {
    kept(store, &store.describe(&folder.display().to_string(), used));
}

/// Whether the cache could keep something. Says so where it could not: the next run works more, and the outputs are the same.
pub(crate) fn kept(store: &Store, result: &Result<(), CacheError>) -> bool {
    if let Err(error) = result {
        let folder = store.folder().display().to_string();
        tracing::warn!(folder, error = error.to_string(), "the cache does not keep all of this run");
    }
    result.is_ok()
}

impl Journal {
    /// The journal of a document that was just read.
    pub(crate) fn of(doc: &Document) -> Option<Self> {
        let base = freeze(doc).ok()?;
        Some(Self { base: Some(ByteBuf::from(base)), legs: Vec::new(), ended: None })
    }

    /// The document as it was read.
    pub(crate) fn begin(&self) -> Result<Option<Document>, CacheError> {
        let base = self.base.as_ref().map(|base| thaw(base));
        base.transpose().map_err(|error| CacheError::Damaged(error.to_string()))
    }

    /// How many of its steps are those of a way that goes through these keys.
    pub(crate) fn in_common(&self, way: &[Key]) -> usize {
        self.legs.iter().zip(way).take_while(|(leg, key)| leg.after == *key.bytes()).count()
    }

    /// How the document ended on a way that goes through these keys, if it did.
    pub(crate) fn ending(&self, way: &[Key]) -> Option<&Ending> {
        let (after, ending) = self.ended.as_ref()?;
        let at = self.in_common(way);
        (at == self.legs.len() && way.get(at).is_some_and(|key| key.bytes() == after)).then_some(ending)
    }

    /// Says that the document ended at the step after the last leg.
    pub(crate) fn end(&mut self, after: &Key, ending: Ending) {
        self.ended = Some((*after.bytes(), ending));
    }

    /// Does again what the first `legs` steps did, and forgets the others.
    pub(crate) fn replay(&mut self, legs: usize, doc: &mut Document) -> Result<(), CacheError> {
        self.legs.truncate(legs);
        self.ended = None;
        for change in self.legs.iter().flat_map(|leg| leg.changes.iter().cloned()) {
            doc.replay(change).map_err(|error| CacheError::Damaged(error.to_string()))?;
        }
        Ok(())
    }

    /// Adds what a step did.
    pub(crate) fn push(&mut self, after: &Key, changes: Vec<Change>) {
        self.legs.push(Leg { after: *after.bytes(), changes });
    }
}
