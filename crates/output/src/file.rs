//! The sink of outputs that write one file.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use docmill_core::{DocumentId, OutputError, Placed, Sink, WrittenFile};
use docmill_files::{PendingFile, failed};

use crate::compression::{Compressed, Compression};

/// An output of one file, to which the records are appended.
pub(crate) struct FileSink {
    file: Compressed,
    path: PathBuf,
}

impl FileSink {
    /// Starts the file with `head`.
    pub(crate) fn open(path: &Path, compression: Compression, head: &[u8]) -> Result<Self, OutputError> {
        let mut file = Compressed::new(PendingFile::create(path)?, compression).map_err(failed("compress", path))?;
        file.write_all(head).map_err(failed("write", path))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Writes what is no document's own.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        self.file.write_all(bytes).map_err(failed("write", &self.path))
    }
}

impl Sink for FileSink {
    fn write(&mut self, _id: &DocumentId, _uri: &str, rendered: &[u8]) -> Result<(), OutputError> {
        self.append(rendered)
    }

    fn finish(&mut self) -> Result<Vec<WrittenFile>, OutputError> {
        let file = self.file.finish().map_err(failed("write", &self.path))?;
        Ok(vec![file.finish()?])
    }

    fn commit(self: Box<Self>) -> Result<Box<dyn Placed>, OutputError> {
        let Self { file, path } = *self;
        let file = file.into_file().map_err(failed("write", &path))?;
        file.place()
    }
}
