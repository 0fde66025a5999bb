//! What goes wrong with one document.

use serde::{Deserialize, Serialize};

use crate::EditError;

/// An error of a part that works in another process, with what caused it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Relayed {
    message: String,
    #[source]
    cause: Option<Box<Relayed>>,
}

impl Relayed {
    /// What is told of an error elsewhere.
    pub fn of(error: &dyn std::error::Error) -> Self {
        let cause = error.source().map(|cause| Box::new(Self::of(cause)));
        Self { message: error.to_string(), cause }
    }
}

/// A stage could not do its work on a document.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The stage's edits do not fit the text.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A limit was reached: its name, its value, and what was found.
    #[error("{found} is over {limit} = {value}")]
    Limit {
        /// The limit's name as in YAML, such as `limits.document`.
        limit: &'static str,
        /// Its value, with its unit.
        value: String,
        /// What was found, with its unit.
        found: String,
    },
    /// The stage took longer than its `timeout`.
    #[error("took longer than timeout = {0:?}")]
    Timeout(std::time::Duration),
    /// The process in which the stage worked did not survive the document.
    #[error("{0}")]
    Died(String),
    /// What the stage needs from elsewhere, such as the answer of a server, could not be had: another time it may.
    #[error("{0}")]
    Unavailable(String),
    /// The error of a stage in another process.
    #[error(transparent)]
    Relayed(#[from] Relayed),
    /// The stage panicked: a defect of the stage.
    #[error("the stage panicked: {0}")]
    Panicked(String),
    /// A stage outside the binary answered with what it may not: a defect of the stage.
    #[error("the stage broke its contract: {0}")]
    Contract(String),
    /// A stage can go on with no document at all: the run ends.
    #[error("{0}")]
    Fatal(String),
    /// A `when` condition could not be evaluated for this document.
    #[error("the condition `{condition}` failed: {reason}")]
    Condition {
        /// The condition as written.
        condition: String,
        /// Why it failed.
        reason: String,
    },
    /// Anything else, in the stage's own words.
    #[error("{0}")]
    Failed(String),
    /// An error of a library that the stage uses.
    #[error("{context}")]
    Caused {
        /// What the stage was doing.
        context: String,
        /// What went wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A source could not be read as a document.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The bytes could not be had.
    #[error("cannot read it: {0}")]
    Io(#[source] std::io::Error),
    /// The bytes are not what the reader reads.
    #[error("not {expected}: {found}")]
    Malformed {
        /// What the reader reads, such as `text`.
        expected: &'static str,
        /// What was found, with its place.
        found: String,
    },
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// No reader of the pipeline reads what it is.
    #[error("no reader of this pipeline reads it: {found}")]
    Unrecognized {
        /// What it seems to be.
        found: String,
    },
    /// It is encrypted, and the pipeline has no key that opens it.
    #[error("it is encrypted: {0}")]
    Locked(String),
    /// A format, or a form of it, that is known and not read.
    #[error("{what} is not supported: {way_out}")]
    Unsupported {
        /// What it is, such as `a Word document of the 97-2003 format (.doc)`.
        what: String,
        /// What can be done about it, such as `convert it to docx`.
        way_out: String,
    },
    /// A limit was reached.
    #[error("{found} is over {limit} = {value}")]
    Limit {
        /// The limit's name as in YAML.
        limit: &'static str,
        /// Its value, with its unit.
        value: String,
        /// What was found, with its unit.
        found: String,
    },
    /// The process in which the reader worked did not survive the document.
    #[error("{0}")]
    Died(String),
    /// The error of a reader in another process.
    #[error(transparent)]
    Relayed(#[from] Relayed),
    /// The reader's edits do not fit the text: a defect of the reader.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl From<std::io::Error> for ReadError {
    /// A read that a reader's own error ended, such as a limit, is that error.
    fn from(error: std::io::Error) -> Self {
        error.downcast().unwrap_or_else(Self::Io)
    }
}

/// The messages of an error and of all that caused it, outermost first. A message that already ends with that of its cause says
/// it once.
pub fn chain(error: &dyn std::error::Error) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    for error in std::iter::successors(Some(error), |error| error.source()) {
        let message = error.to_string();
        if !messages.last().is_some_and(|last| last.ends_with(&message)) {
            messages.push(message);
        }
    }
    messages
}
