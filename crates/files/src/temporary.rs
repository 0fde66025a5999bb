//! Temporary names: how they are made, and how what killed runs left is told by them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::{Builder, NamedTempFile};

use crate::commit::no_commit;

const SUFFIX: &str = ".tmp";

/// What was made by this process, for [`remove_all`]; some may have got their names since.
static MADE: Mutex<Vec<Made>> = Mutex::new(Vec::new());

/// What goes when the process ends.
pub(crate) enum Made {
    /// A file or folder under a temporary name.
    Temporary(PathBuf),
    /// A folder that was made for an output: it stays where something stands in it.
    Folder(PathBuf),
}

pub(crate) fn remember(made: Made) {
    MADE.lock().unwrap_or_else(PoisonError::into_inner).push(made);
}

/// Removes all that this process has under temporary names, and the folders made for it, when it ends without going back to those
/// who made them. A [`crate::Commit`] that is under way comes to its end before.
pub fn remove_all() {
    let _none_begins = no_commit();
    for made in MADE.lock().unwrap_or_else(PoisonError::into_inner).drain(..).rev() {
        match made {
            // What has its name by now is not there any more under the temporary one.
            Made::Temporary(path) => remove(&path),
            Made::Folder(path) => _ = fs::remove_dir(path),
        }
    }
}

/// Removes a file or folder, if it can be removed.
pub(crate) fn remove(path: &Path) {
    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
}

fn prefix_of(name: &str) -> String {
    format!(".docmill-{name}-")
}

/// Whether `found` is a temporary name of what will be called `name`, of this process or of one that was killed.
pub fn is_temporary(found: &str, name: &str) -> bool {
    let random = found.strip_prefix(&prefix_of(name)).and_then(|rest| rest.strip_suffix(SUFFIX));
    random.is_some_and(|random| random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// What is in `folder` under temporary names of what will be called `name`.
pub fn left_over(folder: &Path, name: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let of_it = entries.filter(|entry| is_temporary(&entry.file_name().to_string_lossy(), name));
    of_it.map(|entry| entry.path()).collect()
}

/// Makes temporary files and folders that will have a name, with the permissions that new ones have.
pub struct Temporary {
    prefix: String,
}

impl Temporary {
    /// For what will be called `name`.
    pub fn of(name: &str) -> Self {
        Self { prefix: prefix_of(name) }
    }

    /// A file in `folder`.
    pub fn file_in(&self, folder: &Path) -> io::Result<NamedTempFile> {
        let mut builder = Builder::new();
        ordinary(&mut builder, 0o666);
        let file = builder.prefix(&self.prefix).suffix(SUFFIX).tempfile_in(folder)?;
        remember(Made::Temporary(file.path().to_owned()));
        Ok(file)
    }

    /// A folder in `folder`.
    pub fn folder_in(&self, folder: &Path) -> io::Result<tempfile::TempDir> {
        let mut builder = Builder::new();
        ordinary(&mut builder, 0o777);
        let made = builder.prefix(&self.prefix).suffix(SUFFIX).tempdir_in(folder)?;
        remember(Made::Temporary(made.path().to_owned()));
        Ok(made)
    }

    /// The name in `folder` that `make` brought something to.
    pub(crate) fn named_in(&self, folder: &Path, make: impl Fn(&Path) -> io::Result<()>) -> io::Result<PathBuf> {
        let free = |path: &Path| match fs::symlink_metadata(path) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => make(path),
        };
        let named = Builder::new().prefix(&self.prefix).suffix(SUFFIX).make_in(folder, free)?;
        Ok(named.into_temp_path().keep()?)
    }
}

/// Temporary files are their owner's alone by default; these stay, so that they get what the umask leaves of `mode`.
#[cfg(unix)]
fn ordinary(builder: &mut Builder<'_, '_>, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(mode));
}

#[cfg(not(unix))]
fn ordinary(_: &mut Builder<'_, '_>, _: u32) {}

/// Removes what runs that were killed left of `name`: what they had finished, this run has written again.
pub(crate) fn sweep(folder: &Path, name: &str) {
    for path in left_over(folder, name) {
        // What cannot be removed harms nothing, and the output is complete.
        remove(&path);
    }
}
