//! Temporary names: how they are made, and how what killed runs left is told by them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::{Builder, NamedTempFile};

const SUFFIX: &str = ".tmp";

/// What was made under a temporary name by this process, for [`remove_all`]; some may have got their names since.
static MADE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn remember(path: &Path) {
    MADE.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
}

/// Removes all that this process has under temporary names, when it ends without going back to those who made them.
pub fn remove_all() {
    for path in MADE.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        // What has its name by now is not there any more under the temporary one.
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
}

fn prefix_of(name: &str) -> String {
    format!(".docmill-{name}-")
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
        remember(file.path());
        Ok(file)
    }

    /// A folder in `folder`.
    pub fn folder_in(&self, folder: &Path) -> io::Result<tempfile::TempDir> {
        let mut builder = Builder::new();
        ordinary(&mut builder, 0o777);
        let made = builder.prefix(&self.prefix).suffix(SUFFIX).tempdir_in(folder)?;
        remember(made.path());
        Ok(made)
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
pub fn sweep(folder: &Path, name: &str) {
    let prefix = prefix_of(name);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let file_name = entry.file_name().to_string_lossy().into_owned();
        let random = file_name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(SUFFIX));
        if !random.is_some_and(|random| random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
            continue;
        }
        let path = entry.path();
        // What cannot be removed harms nothing, and the output is complete.
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
}
