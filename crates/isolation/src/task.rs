//! What is said between the run and a worker.

use std::path::PathBuf;

use docmill_core::{Change, Document, Limits, Origin, Relayed, Verdict};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use serde_json::Value;

/// The part that a worker is: said once, at the beginning.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PartTask {
    /// The name of its component.
    pub(crate) name: String,
    /// What it is called in the pipeline.
    pub(crate) id: String,
    /// All its options.
    pub(crate) options: Value,
    /// Where relative paths in them start.
    pub(crate) base: PathBuf,
    /// The hashes of the files that the options name.
    pub(crate) files: Vec<String>,
    pub(crate) limits: Limits,
}

/// What a worker says to the part that it is to be.
pub(crate) type Ready = Result<(), String>;

/// One document's work.
#[derive(Serialize, Deserialize)]
pub(crate) enum Task {
    /// Read a source.
    Read(Box<SourceTask>),
    /// Work on a document.
    Walk(Box<Document>),
}

/// A source on its way to a reader.
#[derive(Serialize, Deserialize)]
pub(crate) struct SourceTask {
    pub(crate) uri: String,
    pub(crate) media_type: String,
    pub(crate) bytes: ByteBuf,
    pub(crate) hash: Option<String>,
    pub(crate) container: Option<String>,
    pub(crate) origin: Origin,
    pub(crate) shared: Option<ByteBuf>,
}

/// What came of it.
#[derive(Serialize, Deserialize)]
pub(crate) enum Done {
    /// The document that was read.
    Read(Result<Box<Document>, Relayed>),
    /// What the part did to the document, and what follows for it.
    Walked(Result<(Vec<Change>, Verdict), Relayed>),
}
