//! Lists the sources, tells what each is, and hands its bytes on: in a fixed order, one after the other.

use std::collections::HashSet;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use docmill_cache::Key;
use docmill_core::{Found, Hint, Limits, Part, Pipeline, RawSource, ReadError, ReaderStep};
use docmill_isolation::caught;

use crate::ledger::{Ending, Identity};
use crate::own::{Own, Standing};
use crate::reuse::Trail;
use crate::unchanged::Listing;
use crate::walk::Unread;

/// What a worker is to do.
pub(crate) enum Task {
    /// Read a source with a reader, and walk on.
    Read { source: RawSource, reader: usize },
    /// Pass on that this document has ended.
    Ended { identity: Identity, ending: Ending },
    /// Go on with a document that a corpus-wide stage has seen, with what was found about it where it was observed.
    Resume { identity: Identity, finding: Option<Vec<u8>>, trail: Option<Trail>, document: Vec<u8> },
}

impl Task {
    /// The document that it is about.
    pub(crate) fn uri(&self) -> &str {
        match self {
            Self::Read { source, .. } => &source.uri,
            Self::Ended { identity, .. } | Self::Resume { identity, .. } => &identity.uri,
        }
    }
}

/// Takes a task of so many bytes; breaks when the run ends early.
pub(crate) type Submit<'a> = dyn FnMut(Task, u64) -> ControlFlow<()> + 'a;

/// The name under which what happens before any reader is known stands in the ledger.
const BEFORE_READERS: &str = "ingest";
/// How much of a source a reader may look at to recognize it.
const HEAD: u64 = 4096;

/// Submits all sources of the pipeline but those that are the run's own outputs.
pub(crate) fn sources(
    pipeline: &Pipeline,
    own: Option<&Own>,
    listing: Option<&Mutex<Listing>>,
    submit: &mut Submit<'_>,
) -> Result<(), FeedError> {
    documents(pipeline, own, &mut |found, name| {
        if let Some(listing) = listing {
            listing.lock().unwrap_or_else(PoisonError::into_inner).see(&found);
        }
        source(pipeline, found, name, submit)
    })
}

/// Lists all sources of the pipeline but those that are the run's own outputs, each with its name in the run.
pub(crate) fn documents(
    pipeline: &Pipeline,
    own: Option<&Own>,
    each: &mut dyn FnMut(Found, String) -> ControlFlow<()>,
) -> Result<(), FeedError> {
    let mut in_the_way = None;
    let mut names = Names::new(pipeline.inputs().len());
    for input in pipeline.inputs() {
        let mut flow = ControlFlow::Continue(());
        input.list(&mut |found| {
            let place = found.place.as_deref();
            match own.zip(place).map_or(Standing::Document, |(own, place)| own.standing(place)) {
                Standing::Document => {}
                Standing::Output => return ControlFlow::Continue(()),
                Standing::InTheWay => {
                    in_the_way = place.map(Path::to_owned);
                    flow = ControlFlow::Break(());
                    return flow;
                }
            }
            let Some(name) = names.name(&found) else { return ControlFlow::Continue(()) };
            flow = each(found, name);
            flow
        })?;
        if flow.is_break() {
            break;
        }
    }
    in_the_way.map_or(Ok(()), |path| Err(FeedError::InTheWay(path)))
}

/// Why the sources could not all be listed.
#[derive(Debug)]
pub(crate) enum FeedError {
    /// An input cannot list them.
    Input(ReadError),
    /// A document lies where the run would write.
    InTheWay(PathBuf),
}

impl From<ReadError> for FeedError {
    fn from(error: ReadError) -> Self {
        Self::Input(error)
    }
}

/// Gives each source a name of its own where several inputs list sources. A single input does so itself, so that it costs no
/// memory there.
struct Names(Option<Taken>);

/// Hashes of the places and names that were seen.
#[derive(Default)]
struct Taken {
    places: HashSet<Key>,
    names: HashSet<Key>,
}

impl Names {
    fn new(inputs: usize) -> Self {
        Self((inputs > 1).then(Taken::default))
    }

    /// The name of a source: its URI, with `~2`, `~3`, … where another source has that. `None` where it was listed before.
    fn name(&mut self, found: &Found) -> Option<String> {
        let Some(taken) = &mut self.0 else { return Some(found.uri.clone()) };
        let listed = found.place.as_ref().is_some_and(|place| {
            let place = place.as_os_str().as_encoded_bytes();
            !taken.places.insert(Key::of(&[place]))
        });
        if listed {
            return None;
        }
        let numbered = (2..).map(|number| format!("{}~{number}", found.uri));
        std::iter::once(found.uri.clone()).chain(numbered).find(|name| taken.names.insert(Key::of(&[name.as_bytes()])))
    }
}

fn source(pipeline: &Pipeline, found: Found, name: String, submit: &mut Submit<'_>) -> ControlFlow<()> {
    let Found { uri, bytes, open, .. } = found;
    let identity = Identity { uri: name.clone(), container: None, hash: None, bytes };
    let ended = |error: &dyn std::error::Error, stage: &str| Task::Ended {
        identity: identity.clone(),
        ending: Ending::failed(stage, error),
    };
    let mut file = match open() {
        Ok(file) => file,
        Err(error) => return submit(ended(&ReadError::from(error), BEFORE_READERS), 0),
    };
    let mut head = Vec::new();
    if let Err(error) = (&mut file).take(HEAD).read_to_end(&mut head) {
        return submit(ended(&ReadError::from(error), BEFORE_READERS), 0);
    }
    let Some((reader, step, media_type)) = recognize(pipeline, &Hint { uri: &uri, head: &head }) else {
        let error = if head.is_empty() { ReadError::Empty } else { ReadError::Unrecognized { found: describe(&head) } };
        return submit(ended(&error, BEFORE_READERS), 0);
    };
    if let Some(container) = step.reader.container() {
        let whole = RawSource::new(name, media_type, Vec::new());
        let mut all = std::io::Cursor::new(head).chain(file);
        let mut flow = ControlFlow::Continue(());
        let split = caught(|| {
            let cx = docmill_core::Context::new(pipeline.limits().clone());
            let mut part = |part| {
                flow = submit_part(part, reader, step, submit);
                flow
            };
            container.split(&mut all, &whole, &cx, &mut part).map_err(Unread::Read)
        });
        return match split {
            Err(_) if flow.is_break() => flow,
            Err(error) => submit(ended(&error, &step.id), 0),
            Ok(()) => flow,
        };
    }
    match read_all(head, file, bytes, pipeline.limits()) {
        Ok(bytes) => {
            let length = bytes.len() as u64;
            submit(Task::Read { source: RawSource::new(name, media_type, bytes), reader }, length)
        }
        Err(error) => submit(ended(&error, &step.id), 0),
    }
}

fn recognize<'p>(pipeline: &'p Pipeline, hint: &Hint<'_>) -> Option<(usize, &'p ReaderStep, &'static str)> {
    let readers = pipeline.readers().iter().enumerate();
    readers.into_iter().find_map(|(index, step)| Some((index, step, step.reader.recognizes(hint)?)))
}

fn submit_part(part: Part, reader: usize, step: &ReaderStep, submit: &mut Submit<'_>) -> ControlFlow<()> {
    match part {
        Part::Source(source) => {
            let length = source.bytes.len() as u64;
            submit(Task::Read { source, reader }, length)
        }
        Part::Failed { mut source, error } => {
            source.hash = Some(docmill_core::content_hash(&source.bytes));
            submit(Task::Ended { identity: Identity::of(&source), ending: Ending::failed(&step.id, &error) }, 0)
        }
    }
}

fn read_all(head: Vec<u8>, file: impl Read, size: Option<u64>, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let over = |found: String| ReadError::Limit {
        limit: "limits.document",
        value: format!("{} bytes", limits.document.0),
        found,
    };
    if let Some(size) = size.filter(|size| *size > limits.document.0) {
        return Err(over(format!("{size} bytes")));
    }
    let mut bytes = head;
    if bytes.len() as u64 == HEAD {
        bytes.reserve(size.and_then(|size| usize::try_from(size).ok()).unwrap_or(0).saturating_sub(bytes.len()));
        let room = (limits.document.0 + 1).saturating_sub(bytes.len() as u64);
        file.take(room).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limits.document.0 {
            return Err(over("what it holds".to_owned()));
        }
    }
    Ok(bytes)
}

/// What the head of a source that no reader recognized looks like.
fn describe(head: &[u8]) -> String {
    let shown: String = head.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    format!("it begins with the bytes {shown}")
}
