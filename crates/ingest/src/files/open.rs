//! Names and opens what was found.

use std::fs::{File, Metadata};
use std::io;
use std::path::PathBuf;

use docmill_core::{Found, Opened, uri_text};

/// The source at `path`, which `uri` names: opened later, if it is a file.
pub(super) fn found(uri: &[u8], path: PathBuf) -> Found {
    let metadata = match std::fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) => return failing(uri, described(&path, error)),
    };
    if !metadata.is_file() {
        let message = format!("it is {}, which is not read", kind(&metadata));
        return failing(uri, io::Error::new(io::ErrorKind::Unsupported, message));
    }
    let place = std::path::absolute(&path).ok();
    let open = Box::new(move || Ok(Opened::File(File::open(path)?)));
    Found { uri: uri_text(uri), place, bytes: Some(metadata.len()), open }
}

/// A source that cannot be opened, and why.
pub(super) fn failing(uri: &[u8], error: io::Error) -> Found {
    Found { uri: uri_text(uri), place: None, bytes: None, open: Box::new(move || Err(error)) }
}

/// The error of a path that could not be looked at, in words that say what is wrong with it.
pub(super) fn described(path: &std::path::Path, error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::InvalidFilename {
        let bytes = path.as_os_str().len();
        let message = format!(
            "its path of {bytes} bytes is longer than the system takes ({error}); a run that starts in a folder further down \
             reads it"
        );
        return io::Error::new(error.kind(), message);
    }
    let Ok(target) = std::fs::read_link(path) else { return error };
    let target = target.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            io::Error::new(error.kind(), format!("it is a link to {target}, which does not exist"))
        }
        _ => io::Error::new(error.kind(), format!("it is a link to {target}, which cannot be followed: {error}")),
    }
}

#[cfg(unix)]
fn kind(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_dir() {
        "a folder"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind(metadata: &Metadata) -> &'static str {
    if metadata.is_dir() { "a folder" } else { "no regular file" }
}
