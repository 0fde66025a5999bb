//! Lists the sources, tells what each is, and hands its bytes on: in a fixed order, one after the other.

mod expansion;
mod source;

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use docmill_cache::Key;
use docmill_core::{Found, Pipeline, RawSource, ReadError};

use crate::ledger::{Ending, Identity};
use crate::own::{Own, Standing};
use crate::reuse::Trail;
use crate::unchanged::Listing;

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
        source::feed(pipeline, found, name, submit)
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
