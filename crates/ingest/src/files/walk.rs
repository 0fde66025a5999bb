//! Walks a folder in the order of its paths, holding one listing for each folder on the way down.

use std::fs::{FileType, Metadata};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use docmill_core::Found;
use globset::GlobMatcher;

use super::open;
use super::rules::{Ignored, Rules, selects};

type Sink<'s> = &'s mut dyn FnMut(Found) -> ControlFlow<()>;

/// A walk with its rules.
pub(super) struct Walk<'a> {
    rules: &'a Rules,
    /// The glob of the path, matched below the root.
    matcher: Option<&'a GlobMatcher>,
    ignored: Ignored,
    stack: Vec<Folder>,
}

/// A folder that is being walked.
struct Folder {
    path: PathBuf,
    /// Its path below the root.
    relative: PathBuf,
    uri: Vec<u8>,
    /// Its path without links, by which circles are found.
    real: PathBuf,
    /// Whether the glob of the path matches it, so that it selects all that is in it.
    selected: bool,
    /// What is left of its listing, last first.
    entries: Vec<Entry>,
}

struct Entry {
    /// The name as it sorts: that of a folder ends in `/`, which is where its paths stand among the others.
    key: Vec<u8>,
    path: PathBuf,
    kind: EntryKind,
}

enum EntryKind {
    Folder {
        link: bool,
    },
    File(Metadata),
    /// It could not be looked at; opening it says why.
    Unreadable,
}

impl<'a> Walk<'a> {
    pub(super) fn new(rules: &'a Rules, matcher: Option<&'a GlobMatcher>) -> Self {
        Self { rules, matcher, ignored: Ignored::default(), stack: Vec::new() }
    }

    /// Hands all files below `root` to `found`; their URIs begin with `prefix`.
    pub(super) fn run(mut self, root: &Path, prefix: &[u8], found: Sink<'_>) {
        if self.rules.gitignore {
            self.ignored = Ignored::around(root);
        }
        let real = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let selected = self.matcher.is_none();
        let root = Folder {
            path: root.to_path_buf(),
            relative: PathBuf::new(),
            uri: prefix.to_vec(),
            real,
            selected,
            entries: Vec::new(),
        };
        let mut flow = self.enter(root, found);
        while flow.is_continue() {
            let Some(folder) = self.stack.last_mut() else { return };
            let Some(entry) = folder.entries.pop() else {
                self.stack.pop();
                if self.rules.gitignore {
                    self.ignored.leave();
                }
                continue;
            };
            flow = self.visit(entry, found);
        }
    }

    /// Lists a folder; one that cannot be listed is handed over as a source that cannot be opened.
    fn enter(&mut self, mut folder: Folder, found: Sink<'_>) -> ControlFlow<()> {
        match self.listing(&folder.path) {
            Ok(entries) => folder.entries = entries,
            Err(error) => {
                let uri = if folder.uri.is_empty() { b".".as_slice() } else { &folder.uri };
                return found(open::failing(uri, in_words("the folder cannot be listed", &error)));
            }
        }
        if self.rules.gitignore {
            self.ignored.enter(&folder.path);
        }
        self.stack.push(folder);
        ControlFlow::Continue(())
    }

    fn listing(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            let kind = match entry.file_type() {
                Ok(kind) => match self.kind(&path, kind) {
                    Some(kind) => kind,
                    None => continue,
                },
                Err(_) => EntryKind::Unreadable,
            };
            let mut key = name.into_encoded_bytes();
            if matches!(kind, EntryKind::Folder { .. }) {
                key.push(b'/');
            }
            entries.push(Entry { key, path, kind });
        }
        entries.sort_unstable_by(|a, b| b.key.cmp(&a.key));
        Ok(entries)
    }

    /// What stands at `path`, or `None` for a link that is not followed.
    fn kind(&self, path: &Path, kind: FileType) -> Option<EntryKind> {
        let link = kind.is_symlink();
        if kind.is_dir() {
            return Some(EntryKind::Folder { link });
        }
        if link && !self.rules.follow_links {
            return None;
        }
        Some(match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => EntryKind::Folder { link },
            Ok(metadata) => EntryKind::File(metadata),
            Err(_) => EntryKind::Unreadable,
        })
    }

    fn visit(&mut self, entry: Entry, found: Sink<'_>) -> ControlFlow<()> {
        let Some(parent) = self.stack.last() else { return ControlFlow::Break(()) };
        let name = entry.path.file_name().unwrap_or_default();
        let relative = parent.relative.join(name);
        let is_folder = matches!(entry.kind, EntryKind::Folder { .. });
        if self.rules.exclude(&relative)
            || (self.rules.gitignore && self.ignored.matches(&parent.real.join(name), is_folder))
        {
            return ControlFlow::Continue(());
        }
        let selected = parent.selected || selects(self.matcher, &relative);
        let mut uri = parent.uri.clone();
        if !uri.is_empty() {
            uri.push(b'/');
        }
        uri.extend_from_slice(name.as_encoded_bytes());
        match entry.kind {
            EntryKind::Folder { link } => {
                let real = match self.real(parent, &entry.path, link) {
                    Ok(real) => real,
                    Err(error) => return found(open::failing(&uri, error)),
                };
                self.enter(Folder { path: entry.path, relative, uri, real, selected, entries: Vec::new() }, found)
            }
            EntryKind::File(_) | EntryKind::Unreadable if !selected || !self.rules.include(&relative) => {
                ControlFlow::Continue(())
            }
            EntryKind::File(metadata) => found(open::with_metadata(&uri, entry.path, &metadata)),
            EntryKind::Unreadable => found(open::found(&uri, entry.path)),
        }
    }

    /// The path of a folder without links, unless the walk would come back to where it is.
    fn real(&self, parent: &Folder, path: &Path, link: bool) -> io::Result<PathBuf> {
        if !link {
            return Ok(parent.real.join(path.file_name().unwrap_or_default()));
        }
        let real = path.canonicalize().map_err(|error| in_words("the link cannot be followed", &error))?;
        if self.stack.iter().any(|folder| folder.real.starts_with(&real)) {
            let message = format!("it is a link that leads in a circle, back to {}", real.display());
            return Err(io::Error::other(message));
        }
        Ok(real)
    }
}

fn in_words(what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what}: {error}"))
}
