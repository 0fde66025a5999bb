//! The contracts of the parts of a pipeline: small traits, one for each role a part can play.
//!
//! An [`Input`] lists sources; a [`Reader`] makes documents of them; a [`Stage`] works on one document; a [`Filter`] decides
//! whether it goes on; a [`CorpusStage`] looks at all documents before it works on each; an [`Output`] writes what leaves.
//! None of them does anything that its trait does not show: stages do no I/O, but for those that ask a server by name and keep its
//! answers where [`Context::answers`] says, and know no other stage.

use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Document, DocumentId, Field, Limits, Opened, RawSource, ReadError, Shared, StageError, Stream};

/// What a part may know of the run while it works on one document.
#[derive(Debug, Clone)]
pub struct Context {
    /// What the document may cost.
    pub limits: Limits,
    deadline: Option<(Instant, Duration)>,
    cancel: Option<Arc<AtomicBool>>,
    answers: Option<Arc<dyn Answers>>,
}

/// Where the answers of servers are kept from run to run, by all that was asked: a question is asked once.
pub trait Answers: std::fmt::Debug + Send + Sync {
    /// The answer to a question, if it was asked before.
    fn answer(&self, question: &[&[u8]]) -> Option<Vec<u8>>;

    /// Keeps the answer to a question, in the place of an earlier one.
    fn keep(&self, question: &[&[u8]], answer: &[u8]);
}

impl Context {
    /// A context without a deadline, that is never cancelled and keeps no answers.
    pub const fn new(limits: Limits) -> Self {
        Self { limits, deadline: None, cancel: None, answers: None }
    }

    /// The same in a run that is to end early once `cancel` is set.
    #[must_use]
    pub fn with_cancel(self, cancel: Arc<AtomicBool>) -> Self {
        Self { cancel: Some(cancel), ..self }
    }

    /// The same in a run that keeps the answers of servers.
    #[must_use]
    pub fn with_answers(self, answers: Arc<dyn Answers>) -> Self {
        Self { answers: Some(answers), ..self }
    }

    /// Whether the run is to end early. Stages that wait for something ask now and then.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    }

    /// Where the answers of servers are kept; `None` in a run without a cache.
    pub fn answers(&self) -> Option<&dyn Answers> {
        self.answers.as_deref()
    }

    /// The same with `timeout` from now on.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { deadline: Some((Instant::now() + timeout, timeout)), ..self.clone() }
    }

    /// The timeout of the stage, where it has one: for stages that wait for a turn, whose time begins later.
    pub fn timeout(&self) -> Option<Duration> {
        self.deadline.map(|(_, timeout)| timeout)
    }

    /// The time that is left to the stage, where it has a timeout.
    pub fn time_left(&self) -> Option<Duration> {
        self.deadline.map(|(deadline, _)| deadline.saturating_duration_since(Instant::now()))
    }

    /// The error of a stage whose time is up.
    pub fn timed_out(&self) -> Option<StageError> {
        self.deadline.map(|(_, timeout)| StageError::Timeout(timeout))
    }

    /// An error once the time of the stage is up. Stages with long loops ask now and then, so that they end soon after.
    pub fn check_time(&self) -> Result<(), StageError> {
        match self.deadline {
            Some((deadline, timeout)) if Instant::now() > deadline => Err(StageError::Timeout(timeout)),
            _ => Ok(()),
        }
    }
}

impl Default for Context {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

/// A source that an input lists, not yet opened.
pub struct Found {
    /// Name of the source within the run: a path with `/`, relative where the input is.
    pub uri: String,
    /// Where it really is, absolute, for sources that are files: several inputs that list one file list one document, and
    /// files at different places are different documents even where their URIs are the same.
    pub place: Option<PathBuf>,
    /// Size in bytes, where it is known.
    pub bytes: Option<u64>,
    /// Opens it. What cannot be opened (an unreadable file, a loop of links) is listed all the same and says so here.
    pub open: Box<dyn FnOnce() -> std::io::Result<Opened> + Send>,
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found").field("uri", &self.uri).field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

/// Lists sources.
pub trait Input: Send + Sync {
    /// Hands each source to `found`, in an order that is the same in every run, until it breaks.
    fn list(&self, found: &mut dyn FnMut(Found) -> ControlFlow<()>) -> Result<(), ReadError>;

    /// The folder or file in which every change of the sources shows; `None` where changes cannot be seen, such as those of
    /// standard input.
    fn watched(&self) -> Option<&Path> {
        None
    }
}

/// What a reader can tell a source by.
#[derive(Debug, Clone, Copy)]
pub struct Hint<'a> {
    /// The URI of the source.
    pub uri: &'a str,
    /// Its first bytes: 4,096, or all where there are fewer.
    pub head: &'a [u8],
    /// The media type (RFC 6838, without parameters) that its container says it has. Containers err: what the bytes say goes before.
    pub declared: Option<&'a str>,
}

impl<'a> Hint<'a> {
    /// Of a source of which nobody says what it is.
    pub fn new(uri: &'a str, head: &'a [u8]) -> Self {
        Self { uri, head, declared: None }
    }

    /// The extension of the source's name in lower case, without the dot. That of a file of the web ends where its query begins.
    pub fn extension(&self) -> Option<String> {
        let of_web = self.uri.starts_with("https://") || self.uri.starts_with("http://");
        let uri = self.uri.split('?').next().filter(|_| of_web && !self.uri.contains("!/")).unwrap_or(self.uri);
        let name = uri.rsplit('/').next()?;
        let (stem, extension) = name.rsplit_once('.')?;
        (!stem.is_empty()).then(|| extension.to_lowercase())
    }
}

/// Makes documents of the bytes of one media type.
pub trait Reader: Send + Sync {
    /// The media type that it would read the source as, or `None` where it does not read it. The first reader of a pipeline
    /// that recognizes a source reads it.
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str>;

    /// Reads one document.
    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError>;

    /// What [`Shared::to_bytes`] gave for something that this reader keeps for the parts of a container. Readers that keep
    /// something say it here, so that they can work in a process of their own.
    fn shared(&self, _bytes: &[u8]) -> Option<Arc<dyn Shared>> {
        None
    }

    /// Where a source holds many documents: how it is split.
    fn container(&self) -> Option<&dyn Container> {
        None
    }
}

/// Splits a source of many documents, such as the rows of a table, without holding all of it.
pub trait Container: Send + Sync {
    /// Hands each part to `part`, in order, until it breaks. Each goes to [`Reader::read`] of the same reader later.
    ///
    /// `whole` names the file and its media type; its bytes are empty. A part that cannot be told apart from what follows is
    /// an error of the rest: it is handed over as [`Part::Failed`], and the split ends.
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError>;
}

/// A part of a container.
#[derive(Debug)]
pub enum Part<'a> {
    /// A document-to-be.
    Source(RawSource),
    /// A part that is broken, and is a document in quarantine.
    Failed {
        /// What could be told of it; its bytes are what was seen of it.
        source: RawSource,
        /// What is wrong with it.
        error: ReadError,
    },
    /// A file, which any reader of the pipeline may recognize and read; it may be a container itself.
    Member(Member<'a>),
}

/// A file in a container, such as a member of an archive or an attachment of an e-mail.
pub struct Member<'a> {
    /// Its name, its container and what is known of it. Its media type and bytes are empty.
    pub source: RawSource,
    /// The media type that the container says it has, without parameters.
    pub declared: Option<String>,
    /// Reads it, once, from its beginning. What is left unread is the container's to skip.
    pub read: &'a mut dyn Read,
}

impl std::fmt::Debug for Member<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Member").field("source", &self.source).finish_non_exhaustive()
    }
}

/// Works on one document at a time.
pub trait Stage: Send + Sync {
    /// Changes the text by edits, adds annotations, tags, measures, metadata or a summary.
    fn apply(&self, doc: &mut Document, cx: &Context) -> Result<(), StageError>;
}

/// Decides whether a document goes on.
pub trait Filter: Send + Sync {
    /// Measures the document, keeps what it measured in the document, and decides.
    fn judge(&self, doc: &mut Document, cx: &Context) -> Result<Verdict, StageError>;
}

/// Whether a document goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Verdict {
    /// It goes on.
    Keep,
    /// It is dropped, by a rule.
    Drop(DropReason),
    /// It repeats another document.
    Duplicate {
        /// The URI of the document that it repeats, which is kept.
        of: String,
        /// How alike they are, 0..=1; 1 is the same.
        similarity: f64,
    },
}

/// Why a document was dropped: the rule, what was measured and what would have been enough.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DropReason {
    /// Name of the rule, such as `words.min`.
    pub rule: String,
    /// What was measured: a number, or a word such as a language.
    pub measured: serde_json::Value,
    /// What was asked for.
    pub threshold: serde_json::Value,
}

impl DropReason {
    /// A reason with what was measured and what was asked for.
    pub fn new(
        rule: impl Into<String>,
        measured: impl Into<serde_json::Value>,
        threshold: impl Into<serde_json::Value>,
    ) -> Self {
        Self { rule: rule.into(), measured: measured.into(), threshold: threshold.into() }
    }
}

/// Looks at all documents before it works on each.
///
/// It works in three parts. Each document is *observed*; an *aggregate* takes in the observations and concludes with a
/// *finding* for each document; then each document is worked on with its finding, and with that alone: work on a document
/// whose finding has not changed is not done again.
pub trait CorpusStage: Send + Sync {
    /// What one document contributes, in bytes of the stage's own. Runs in parallel.
    fn observe(&self, doc: &Document, cx: &Context) -> Result<Vec<u8>, StageError>;

    /// An empty aggregate for one run.
    fn aggregate(&self, cx: &CorpusContext) -> std::io::Result<Box<dyn Aggregate>>;

    /// Works on a document with what was found about it. Runs in parallel. Depends on nothing but the options, the document
    /// and the finding.
    fn apply(&self, finding: &[u8], doc: &mut Document, cx: &Context) -> Result<Verdict, StageError>;
}

/// What a corpus-wide stage may know of the run.
#[derive(Debug, Clone, Copy)]
pub struct CorpusContext {
    /// How many bytes an aggregate may hold in memory; what is more goes to temporary files.
    pub memory: u64,
}

impl Default for CorpusContext {
    /// 64 MiB.
    fn default() -> Self {
        Self { memory: 64 << 20 }
    }
}

/// Gathers observations, in the order of the documents.
pub trait Aggregate: Send {
    /// Takes in the observation of the document at `position` (from 0, without gaps).
    fn add(&mut self, position: u64, uri: &str, observation: &[u8]) -> std::io::Result<()>;

    /// What follows from all of them.
    fn conclude(self: Box<Self>) -> std::io::Result<Box<dyn Findings>>;
}

/// What was found about each document.
pub trait Findings: Send {
    /// What was found about the document that was observed at `position`, in bytes of the stage's own: all that
    /// [`CorpusStage::apply`] needs. Asked for once a document, in ascending order of positions, of which some may be left out.
    fn finding(&mut self, position: u64) -> std::io::Result<Vec<u8>>;
}

/// A condition on a document, such as the `when` of a stage.
pub trait Condition: Send + Sync {
    /// Whether it holds.
    fn holds(&self, doc: &Document) -> Result<bool, StageError>;
    /// The condition as written.
    fn text(&self) -> &str;
    /// What it asks of the document, so that it can be checked that an earlier stage gives it.
    fn needs(&self) -> Vec<Field>;
}

/// Writes records in one format.
pub trait Output: Send + Sync {
    /// Where it writes: a file, or a folder for formats with one file a document.
    fn path(&self) -> &Path;

    /// The bytes of one document. Runs in parallel.
    fn render(&self, doc: &Document) -> Result<Vec<u8>, StageError>;

    /// Starts writing.
    fn open(&self, cx: &OutputContext) -> Result<Box<dyn Sink>, OutputError>;
}

/// What an output knows of the run.
#[derive(Debug, Clone)]
pub struct OutputContext {
    /// Where to write: [`Output::path`], put into the folder of the run.
    pub path: PathBuf,
}

/// An output at work. What it wrote shows under its final name after [`Sink::commit`] alone.
pub trait Sink: Send {
    /// Writes what [`Output::render`] made of a document. Documents come in their order.
    fn write(&mut self, id: &DocumentId, uri: &str, rendered: &[u8]) -> Result<(), OutputError>;

    /// Writes what is left to temporary files, syncs them, and says what the run will have written. Nothing is written after it.
    fn finish(&mut self) -> Result<Vec<WrittenFile>, OutputError>;

    /// Gives what is finished its final name. What stood there before is kept until it is known that all outputs of the run have
    /// got theirs.
    fn commit(self: Box<Self>) -> Result<Box<dyn Placed>, OutputError>;
}

/// A file or folder that has got its final name, and can still give way to what stood there before.
pub trait Placed {
    /// The final name, as the user knows it.
    fn path(&self) -> &Path;

    /// Puts back what stood there before, if anything.
    fn take_back(self: Box<Self>) -> Result<(), OutputError>;

    /// Lets it stay, and removes what stood there before.
    fn keep(self: Box<Self>);
}

/// A file that a run wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WrittenFile {
    /// Its path.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// `blake3:` and the hash of its bytes.
    pub hash: String,
}

/// An output could not be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The file system said no.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried, such as `create`.
        action: &'static str,
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Anything else, in the output's own words.
    #[error("{path}: {reason}")]
    Failed {
        /// The path.
        path: PathBuf,
        /// What went wrong.
        reason: String,
    },
}
