//! Which files an input lists: what is selected, the glob of a path, and `.gitignore`.

use std::path::{Path, PathBuf};

use globset::GlobMatcher;
use ignore::gitignore::Gitignore;

use crate::Selection;

/// What is listed, and what is left out.
pub(super) struct Rules {
    pub(super) selection: Selection,
    pub(super) gitignore: bool,
    pub(super) follow_links: bool,
}

/// Whether a path has wildcards.
pub(super) fn is_glob(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// The folder before the first wildcard, and the pattern below it.
pub(super) fn split_glob(path: &Path) -> (PathBuf, PathBuf) {
    let mut base = PathBuf::new();
    let mut parts = path.components();
    while let Some(part) = parts.clone().next() {
        if is_glob(&part.as_os_str().to_string_lossy()) {
            break;
        }
        base.push(part);
        parts.next();
    }
    if base.as_os_str().is_empty() {
        base.push(".");
    }
    (base, parts.as_path().to_path_buf())
}

/// What the glob of a path asks for below its base.
pub(super) fn selects(matcher: Option<&GlobMatcher>, relative: &Path) -> bool {
    matcher.is_none_or(|matcher| matcher.is_match(relative))
}

/// The `.gitignore` rules that hold in a folder: its own and those of the folders around it up to the repository's.
#[derive(Default)]
pub(super) struct Ignored {
    /// Outermost first.
    files: Vec<Gitignore>,
}

impl Ignored {
    /// Those of the folders around `folder`, without its own.
    pub(super) fn around(folder: &Path) -> Self {
        let Ok(folder) = folder.canonicalize() else { return Self::default() };
        if folder.join(".git").exists() {
            return Self::default();
        }
        let mut folders: Vec<&Path> = Vec::new();
        for around in folder.ancestors().skip(1) {
            folders.push(around);
            if around.join(".git").exists() {
                let mut ignored = Self::default();
                for folder in folders.into_iter().rev() {
                    ignored.enter(folder);
                }
                return ignored;
            }
        }
        Self::default()
    }

    /// Takes in the rules of `folder`; [`Ignored::leave`] takes them out again. Lines that are no rules are passed over, as git does.
    pub(super) fn enter(&mut self, folder: &Path) {
        let file = folder.join(".gitignore");
        self.files.push(if file.is_file() { Gitignore::new(file).0 } else { Gitignore::empty() });
    }

    pub(super) fn leave(&mut self) {
        self.files.pop();
    }

    /// Whether the innermost rule that speaks of `path` leaves it out.
    pub(super) fn matches(&self, path: &Path, is_folder: bool) -> bool {
        let matched = self.files.iter().rev().map(|file| file.matched(path, is_folder));
        matched.into_iter().find(|matched| !matched.is_none()).is_some_and(|matched| matched.is_ignore())
    }
}
