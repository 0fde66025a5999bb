//! The input of files: folders, single files, globs and standard input.

mod listing;
mod open;
mod rules;
mod walk;

use std::ops::ControlFlow;
use std::path::{Component as Part, Path, PathBuf};

use docmill_core::{BuildContext, Component, Found, Input, Opened, OptionError, ReadError, Role, RoleKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::rules::Rules;
use self::walk::Walk;
use crate::Selection;
use crate::selection::glob;

/// Lists the files of a folder, one file, the files that a glob matches, or standard input.
///
/// Files come sorted by the bytes of their paths, whatever the file system. Each is named from the last folder that `path`
/// names: `reports/2016` lists `2016/january.txt`; with `name: archive`, `archive/january.txt`. What cannot be read is listed
/// too and ends in quarantine with the reason: unreadable files and folders, links that lead nowhere or in circles, paths longer
/// than the system takes, and sockets, pipes and devices (which are never opened). In names, `%`, `#`, control characters, and
/// bytes that are not UTF-8 are written as `%` and two hexadecimal digits. The names of a folder with very many files wait in a
/// temporary file.
///
/// ```yaml
/// input:
///   - path: ./reports
///     include: ["*.txt", "2016/**/*.md"]
///     exclude: ["drafts"]
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    /// A folder, a file, a glob such as `reports/**/*.txt`, or `-` for standard input.
    pub path: String,
    /// Globs of which a file must match one: on its name, or, with a `/` in the glob, on its path below the folder.
    /// Empty for all files.
    pub include: Vec<String>,
    /// Globs of files and folders to leave out, matched like those of `include`.
    pub exclude: Vec<String>,
    /// Leave out what the `.gitignore` files of the folder, and of those around it up to the repository's, leave out.
    pub gitignore: bool,
    /// List files and folders whose name begins with a dot too.
    pub hidden: bool,
    /// Follow symbolic links. Where they are not followed, they are left out.
    pub follow_links: bool,
    /// The name with which URIs begin, instead of the last one in `path`; the whole name of a file or of standard input. The
    /// extension that it has, if any, says how a file is read. Two inputs whose paths end alike, such as `2015/reports` and
    /// `2016/reports`, need one to be told apart. When empty: the last name in `path`, and `stdin` for standard input.
    pub name: String,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            path: String::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            gitignore: false,
            hidden: false,
            follow_links: true,
            name: String::new(),
        }
    }
}

impl Component for Files {
    const NAME: &'static str = "input.files";
    const KIND: RoleKind = RoleKind::Input;
    const RECOMMENDED: bool = true;

    fn build(self, cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        match (Selection::new(&self.include, &self.exclude, self.hidden), self.place(cx)) {
            (Ok(selection), Ok(place)) => {
                let rules = Rules { selection, gitignore: self.gitignore, follow_links: self.follow_links };
                Ok(Role::input(FileInput { place, rules, written: self.path }))
            }
            (selection, place) => Err(selection.err().into_iter().flatten().chain(place.err()).collect()),
        }
    }
}

impl Files {
    /// The bytes with which URIs begin: `name`, or the last name in `path`, of which `.`, `..` and `/` have none.
    fn prefix(&self, path: &Path) -> Vec<u8> {
        match path.components().next_back() {
            _ if !self.name.is_empty() => self.name.trim_matches('/').as_bytes().to_vec(),
            Some(Part::Normal(name)) => name.as_encoded_bytes().to_vec(),
            _ => Vec::new(),
        }
    }

    /// What `path` means.
    fn place(&self, cx: &BuildContext) -> Result<Place, OptionError> {
        if self.path.is_empty() {
            return Err(OptionError::new("/path", "expected a folder, a file, a glob, or `-` for standard input"));
        }
        if self.path == "-" {
            let named = if self.name.is_empty() { "stdin" } else { &self.name };
            return Ok(Place::Stdin { uri: named.to_owned() });
        }
        let path = cx.resolve(Path::new(&self.path));
        match std::fs::metadata(&path) {
            Ok(found) if found.is_dir() => Ok(Place::Folder { prefix: self.prefix(Path::new(&self.path)), path }),
            Ok(_) => Ok(Place::File { uri: self.prefix(Path::new(&self.path)), path }),
            // The name of a file may look like a glob; that of a glob is no file.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && rules::is_glob(&self.path) => {
                let (base, pattern) = rules::split_glob(Path::new(&self.path));
                let matcher = glob("/path", &pattern.to_string_lossy())?;
                Ok(Place::Glob {
                    prefix: self.prefix(&base),
                    path: cx.resolve(&base),
                    matcher: matcher.compile_matcher(),
                })
            }
            Err(error) => Err(OptionError::new("/path", format!("cannot read {}: {error}", self.path))),
        }
    }
}

struct FileInput {
    place: Place,
    rules: Rules,
    /// The path as the user wrote it, for messages.
    written: String,
}

enum Place {
    Stdin { uri: String },
    File { uri: Vec<u8>, path: PathBuf },
    Folder { prefix: Vec<u8>, path: PathBuf },
    Glob { prefix: Vec<u8>, path: PathBuf, matcher: globset::GlobMatcher },
}

impl Input for FileInput {
    fn list(&self, found: &mut dyn FnMut(Found) -> ControlFlow<()>) -> Result<(), ReadError> {
        match &self.place {
            Place::Stdin { uri } => {
                let open = Box::new(|| Ok(Opened::stream(std::io::stdin())));
                let _ = found(Found { uri: uri.clone(), place: None, bytes: None, open });
            }
            Place::File { uri, path } => {
                let _ = found(open::found(uri, path.clone()));
            }
            Place::Folder { prefix, path } => {
                Walk::new(&self.rules, None).run(path, prefix, found)?;
            }
            Place::Glob { prefix, path, matcher } => {
                let mut any = false;
                Walk::new(&self.rules, Some(matcher)).run(path, prefix, &mut |file| {
                    any = true;
                    found(file)
                })?;
                if !any {
                    let message = format!("no file matches {}", self.written);
                    return Err(std::io::Error::new(std::io::ErrorKind::NotFound, message).into());
                }
            }
        }
        Ok(())
    }

    fn watched(&self) -> Option<&Path> {
        match &self.place {
            Place::Stdin { .. } => None,
            Place::File { path, .. } | Place::Folder { path, .. } | Place::Glob { path, .. } => Some(path),
        }
    }
}

#[cfg(test)]
mod tests;
