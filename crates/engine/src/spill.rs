//! Where documents wait on disk while a corpus-wide stage looks at the rest: a spool of what waits, as JSON, each document
//! followed by its state.

use docmill_core::Document;
use docmill_spill::{Records, Spool};
use serde::{Deserialize, Serialize};

use crate::ledger::{Ending, Identity};
use crate::reuse::Trail;

/// What waits.
#[derive(Serialize, Deserialize)]
pub(crate) enum Waiting {
    /// A document, where it was observed, and how it came here. Its record is empty where the cache has its state.
    Document { identity: Identity, position: Option<u64>, trail: Option<Trail> },
    /// A document that has ended: it passes on to the ledger in its place.
    Ended { identity: Identity, ending: Ending },
}

/// Writes a spill file.
pub(crate) struct Spill(Spool);

/// Reads a spill file.
pub(crate) struct Spilled(Records);

impl Spill {
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self(Spool::new()?))
    }

    /// Writes what waits, followed by the record of the document where it is one.
    pub(crate) fn push(&mut self, waiting: &Waiting, document: Option<&[u8]>) -> std::io::Result<()> {
        self.0.push(&serde_json::to_vec(waiting)?)?;
        document.map_or(Ok(()), |document| self.0.push(document).map(|_| ()))
    }

    pub(crate) fn finish(self) -> std::io::Result<Spilled> {
        Ok(Spilled(self.0.finish()?))
    }
}

impl Spilled {
    /// The next that waits, with its document where it is one; `None` at the end.
    pub(crate) fn next(&mut self) -> std::io::Result<Option<(Waiting, Vec<u8>)>> {
        let Some(record) = self.0.next_record()? else { return Ok(None) };
        let waiting: Waiting = serde_json::from_slice(record)?;
        let document = match &waiting {
            Waiting::Document { .. } => self.0.next_record()?.ok_or(std::io::ErrorKind::UnexpectedEof)?.to_vec(),
            Waiting::Ended { .. } => Vec::new(),
        };
        Ok(Some((waiting, document)))
    }
}

/// A document as it waits.
pub(crate) fn freeze(doc: &Document) -> Result<Vec<u8>, rmp_serde::encode::Error> {
    rmp_serde::to_vec_named(doc)
}

/// A document that waited.
pub(crate) fn thaw(bytes: &[u8]) -> Result<Document, rmp_serde::decode::Error> {
    rmp_serde::from_slice(bytes)
}
