//! Which files an input lists: globs, hidden names and `.gitignore`.

use std::path::{Path, PathBuf};

use docmill_core::OptionError;
use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use ignore::gitignore::Gitignore;

/// What is listed, and what is left out.
pub(super) struct Rules {
    /// Files must match one of these, where there are any.
    pub(super) include: Option<Globs>,
    pub(super) exclude: Globs,
    pub(super) gitignore: bool,
    pub(super) hidden: bool,
    pub(super) follow_links: bool,
}

impl Rules {
    /// Whether the file or folder at `relative` (below the walk's root) is left out.
    pub(super) fn exclude(&self, relative: &Path) -> bool {
        let hidden = || relative.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        (!self.hidden && hidden()) || self.exclude.matches(relative)
    }

    /// Whether the file at `relative` is one of those asked for.
    pub(super) fn include(&self, relative: &Path) -> bool {
        self.include.as_ref().is_none_or(|include| include.matches(relative))
    }
}

/// Globs on names, and globs on paths.
pub(super) struct Globs {
    names: GlobSet,
    paths: GlobSet,
}

impl Globs {
    fn matches(&self, relative: &Path) -> bool {
        self.paths.is_match(relative) || relative.file_name().is_some_and(|name| self.names.is_match(Path::new(name)))
    }
}

/// Compiles the globs of the option at `pointer`; those that are wrong go to `errors`.
pub(super) fn set(pointer: &str, patterns: &[String], errors: &mut Vec<OptionError>) -> Option<Globs> {
    let (mut names, mut paths) = (GlobSetBuilder::new(), GlobSetBuilder::new());
    for (index, pattern) in patterns.iter().enumerate() {
        match glob(&format!("{pointer}/{index}"), pattern.trim_start_matches("./")) {
            Ok(glob) if pattern.contains('/') => paths.add(glob),
            Ok(glob) => names.add(glob),
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
    }
    let mut built = |builder: &GlobSetBuilder| {
        builder.build().map_err(|error| errors.push(OptionError::new(pointer, error.to_string()))).ok()
    };
    Some(Globs { names: built(&names)?, paths: built(&paths)? })
}

/// A glob in which `*` and `?` do not match `/`.
pub(super) fn glob(pointer: &str, pattern: &str) -> Result<Glob, OptionError> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map_err(|error| OptionError::new(pointer, format!("{pattern:?} is no glob: {}", error.kind())))
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
