//! The files that the engine itself writes into the run folder: ledger, quarantine, manifest.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use docmill_core::{OutputError, WrittenFile};
use serde::Serialize;
use tempfile::NamedTempFile;

/// A file that shows under its name when it is complete, and not before.
pub(crate) struct AtomicFile {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl AtomicFile {
    pub(crate) fn create(path: &Path) -> Result<Self, OutputError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|source| io("create the folder", folder, source))?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".docmill-").suffix(".part");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // The umask takes away what ordinary new files do not have here.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder).map_err(|source| io("create a file in", folder, source))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file), hasher: blake3::Hasher::new(), bytes: 0 })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|source| io("write", &self.path, source))
    }

    /// Writes `value` as one line of JSON.
    pub(crate) fn write_line(&mut self, value: &impl Serialize) -> Result<(), OutputError> {
        let mut line = serde_json::to_vec(value).map_err(|error| io("write", &self.path, error.into()))?;
        line.push(b'\n');
        self.write(&line)
    }

    /// Puts all on disk under the temporary name.
    pub(crate) fn finish(&mut self) -> Result<(), OutputError> {
        self.file.flush().map_err(|source| io("write", &self.path, source))?;
        self.file.get_ref().as_file().sync_all().map_err(|source| io("write", &self.path, source))
    }

    /// Gives it its name.
    pub(crate) fn commit(self) -> Result<WrittenFile, OutputError> {
        let file = self.file.into_inner().map_err(|error| io("write", &self.path, error.into_error()))?;
        file.persist(&self.path).map_err(|error| io("rename a finished file to", &self.path, error.error))?;
        let hash = format!("blake3:{}", self.hasher.finalize().to_hex());
        Ok(WrittenFile { path: self.path, bytes: self.bytes, hash })
    }
}

fn io(action: &'static str, path: &Path, source: std::io::Error) -> OutputError {
    OutputError::Io { action, path: path.to_owned(), source }
}
