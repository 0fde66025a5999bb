//! Where things are: links, folders, names, and what the system said of them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use docmill_core::OutputError;

/// Says what was tried at which path when the system said no.
pub fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OutputError {
    let path = path.to_owned();
    move |source| OutputError::Io { action, path, source }
}

/// Where the file or folder really is, if `path` is a link to it: the link stays.
pub fn resolved(path: &Path) -> PathBuf {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
        _ => path.to_owned(),
    }
}

/// The folder and the name of `target`; `path` is what the user calls it.
pub fn folder_and_name<'t>(path: &Path, target: &'t Path) -> Result<(&'t Path, String), OutputError> {
    let Some(name) = target.file_name() else {
        let reason = "this names no file or folder that could be written".to_owned();
        return Err(OutputError::Failed { path: path.to_owned(), reason });
    };
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok((folder, name.to_string_lossy().into_owned()))
}

/// A renaming is on the disk once its folder is. Not every file system can do that, and the data is safe already.
pub fn sync_folder(folder: &Path) {
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}
