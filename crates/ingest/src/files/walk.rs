//! Walks a folder in the order of its paths, with one listing for each folder on the way down.

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use docmill_core::Found;
use globset::GlobMatcher;

use super::listing::{Entry, Kind, Listing, Unlisted};
use super::open;
use super::rules::{Ignored, Rules, selects};

/// How many bytes the listings on the way down hold together; what is more waits in temporary files.
const LISTINGS: u64 = 16 << 20;

type Sink<'s> = &'s mut dyn FnMut(Found) -> ControlFlow<()>;

/// A walk with its rules.
pub(super) struct Walk<'a> {
    rules: &'a Rules,
    /// The glob of the path, matched below the root.
    matcher: Option<&'a GlobMatcher>,
    memory: u64,
    ignored: Ignored,
    stack: Vec<Folder>,
}

/// A folder that is being walked.
struct Folder {
    place: Place,
    listing: Listing,
}

/// Where a folder is.
struct Place {
    path: PathBuf,
    /// Its path below the root.
    relative: PathBuf,
    uri: Vec<u8>,
    /// Its path without links, by which circles are found.
    real: PathBuf,
    /// Whether the glob of the path matches it, so that it selects all that is in it.
    selected: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(rules: &'a Rules, matcher: Option<&'a GlobMatcher>) -> Self {
        Self { rules, matcher, memory: LISTINGS, ignored: Ignored::default(), stack: Vec::new() }
    }

    /// The same with so many bytes for the listings.
    #[cfg(test)]
    pub(super) fn with_memory(self, memory: u64) -> Self {
        Self { memory, ..self }
    }

    /// Hands all files below `root` to `found`; their URIs begin with `prefix`. It fails where a listing finds no room for its
    /// temporary file.
    pub(super) fn run(mut self, root: &Path, prefix: &[u8], found: Sink<'_>) -> io::Result<()> {
        if self.rules.gitignore {
            self.ignored = Ignored::around(root);
        }
        let real = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let selected = self.matcher.is_none();
        let (path, uri) = (root.to_path_buf(), prefix.to_vec());
        let mut flow = self.enter(Place { path, relative: PathBuf::new(), uri, real, selected }, found)?;
        while flow.is_continue() {
            let Some(folder) = self.stack.last_mut() else { break };
            let Some(entry) = folder.listing.next_entry().map_err(|error| unsorted(&error))? else {
                self.stack.pop();
                if self.rules.gitignore {
                    self.ignored.leave();
                }
                continue;
            };
            flow = self.visit(&entry, found)?;
        }
        Ok(())
    }

    /// Lists a folder; one that cannot be listed is handed over as a source that cannot be opened.
    fn enter(&mut self, place: Place, found: Sink<'_>) -> io::Result<ControlFlow<()>> {
        let held: u64 = self.stack.iter().map(|folder| folder.listing.held).sum();
        // Half of what is left, so that there is always some left further down.
        let memory = self.memory.saturating_sub(held) / 2;
        match Listing::of(&place.path, self.rules.follow_links, memory) {
            Ok(listing) => {
                if self.rules.gitignore {
                    self.ignored.enter(&place.path);
                }
                self.stack.push(Folder { place, listing });
                Ok(ControlFlow::Continue(()))
            }
            Err(Unlisted::Folder(error)) => {
                let uri = if place.uri.is_empty() { b".".as_slice() } else { &place.uri };
                let error = open::described(&place.path, error);
                Ok(found(open::failing(uri, in_words("the folder cannot be listed", &error))))
            }
            Err(Unlisted::Sorting(error)) => Err(unsorted(&error)),
        }
    }

    fn visit(&mut self, entry: &Entry, found: Sink<'_>) -> io::Result<ControlFlow<()>> {
        let Some(Folder { place: parent, .. }) = self.stack.last() else { return Ok(ControlFlow::Break(())) };
        let mut uri = parent.uri.clone();
        if !uri.is_empty() {
            uri.push(b'/');
        }
        uri.extend_from_slice(&entry.bytes);
        let name = match entry.name() {
            Ok(name) => name,
            Err(error) => return Ok(found(open::failing(&uri, error))),
        };
        let relative = parent.relative.join(&name);
        let is_folder = entry.kind != Kind::File;
        if self.rules.selection.excludes(&relative)
            || (self.rules.gitignore && self.ignored.matches(&parent.real.join(&name), is_folder))
        {
            return Ok(ControlFlow::Continue(()));
        }
        let selected = parent.selected || selects(self.matcher, &relative);
        let path = parent.path.join(&name);
        let real = match entry.kind {
            Kind::File if !selected || !self.rules.selection.includes(&relative) => {
                return Ok(ControlFlow::Continue(()));
            }
            Kind::File => return Ok(found(open::found(&uri, path))),
            Kind::Folder => parent.real.join(&name),
            Kind::LinkedFolder => match self.real(&path) {
                Ok(real) => real,
                Err(error) => return Ok(found(open::failing(&uri, error))),
            },
        };
        self.enter(Place { path, relative, uri, real, selected }, found)
    }

    /// The path without links of a folder that a link leads to, unless the walk would come back to where it is.
    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        let real = path.canonicalize().map_err(|error| in_words("the link cannot be followed", &error))?;
        if self.stack.iter().any(|folder| folder.place.real.starts_with(&real)) {
            let message = format!("it is a link that leads in a circle, back to {}", real.display());
            return Err(io::Error::other(message));
        }
        Ok(real)
    }
}

fn unsorted(error: &io::Error) -> io::Error {
    in_words("the names in a large folder are sorted in a temporary file, which failed", error)
}

fn in_words(what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what}: {error}"))
}
