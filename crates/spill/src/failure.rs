//! What the system said no to, with the folder that it is about and the way out.

use std::io;
use std::path::PathBuf;

/// The environment variable that names the folder for temporary files.
const VARIABLE: &str = if cfg!(windows) { "TMP" } else { "TMPDIR" };

/// A temporary file could not be made, written or read.
#[derive(Debug)]
struct Failure {
    folder: PathBuf,
    source: io::Error,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { folder, source } = self;
        write!(f, "{}: {source}; {VARIABLE} sets the folder for temporary files", folder.display())
    }
}

impl std::error::Error for Failure {}

/// Says where the file lies, and what sets that.
pub(crate) fn placed(source: io::Error) -> io::Error {
    io::Error::new(source.kind(), Failure { folder: std::env::temp_dir(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_and_the_variable_that_sets_it_are_named() {
        let error = placed(io::ErrorKind::StorageFull.into());
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        let expected = format!("{}: no storage space; {VARIABLE} sets the folder", std::env::temp_dir().display());
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}
