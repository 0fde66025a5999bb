//! Where documents wait on disk while a corpus-wide stage looks at the rest.
//!
//! A spill file is a sequence of frames, each a length (8 bytes, little-endian) and so many bytes of JSON. It lives in a
//! temporary file that is gone when it is closed.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use docmill_core::Document;
use serde::{Deserialize, Serialize};

use crate::ledger::{Ending, Identity};
use crate::reuse::Trail;

/// What waits.
#[derive(Serialize, Deserialize)]
pub(crate) enum Waiting {
    /// A document, where it was observed, and how it came here. Its frame is empty where the cache has its state.
    Document { identity: Identity, position: Option<u64>, trail: Option<Trail> },
    /// A document that has ended: it passes on to the ledger in its place.
    Ended { identity: Identity, ending: Ending },
}

/// Writes a spill file.
pub(crate) struct Spill(BufWriter<File>);

/// Reads a spill file.
pub(crate) struct Spilled(BufReader<File>);

impl Spill {
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self(BufWriter::with_capacity(256 << 10, tempfile::tempfile()?)))
    }

    /// Writes what waits, followed by the frame of the document where it is one.
    pub(crate) fn push(&mut self, waiting: &Waiting, document: Option<&[u8]>) -> std::io::Result<()> {
        self.frame(&serde_json::to_vec(waiting)?)?;
        document.map_or(Ok(()), |document| self.frame(document))
    }

    fn frame(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0.write_all(&(bytes.len() as u64).to_le_bytes())?;
        self.0.write_all(bytes)
    }

    pub(crate) fn finish(self) -> std::io::Result<Spilled> {
        let mut file = self.0.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Spilled(BufReader::with_capacity(256 << 10, file)))
    }
}

impl Spilled {
    /// The next that waits, with its document where it is one; `None` at the end.
    pub(crate) fn next(&mut self) -> std::io::Result<Option<(Waiting, Vec<u8>)>> {
        let Some(frame) = self.frame()? else { return Ok(None) };
        let waiting: Waiting = serde_json::from_slice(&frame)?;
        let document = match &waiting {
            Waiting::Document { .. } => self.frame()?.ok_or(std::io::ErrorKind::UnexpectedEof)?,
            Waiting::Ended { .. } => Vec::new(),
        };
        Ok(Some((waiting, document)))
    }

    fn frame(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut length = [0; 8];
        match self.0.read_exact(&mut length) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        let length = usize::try_from(u64::from_le_bytes(length)).map_err(std::io::Error::other)?;
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes)?;
        Ok(Some(bytes))
    }
}

/// A document as it waits.
pub(crate) fn freeze(doc: &Document) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(doc)
}

/// A document that waited.
pub(crate) fn thaw(bytes: &[u8]) -> Result<Document, serde_json::Error> {
    serde_json::from_slice(bytes)
}
