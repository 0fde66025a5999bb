//! A source in which one can go back and forth, as the formats want that have their table of contents at the end.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use docmill_core::Stream;
use tempfile::SpooledTempFile;

/// Archives in archives are held in memory up to this size, and in a temporary file beyond it.
const IN_MEMORY: usize = 8 << 20;

/// The bytes of an archive.
pub(crate) enum Seekable {
    File(File),
    Copy(SpooledTempFile),
}

impl Seekable {
    /// The file itself where the archive is one, a copy where it comes out of something else.
    pub(crate) fn of(stream: &mut Stream<'_>) -> io::Result<Self> {
        if let Some(file) = stream.file()? {
            return Ok(Self::File(file));
        }
        let mut copy = tempfile::spooled_tempfile(IN_MEMORY);
        io::copy(stream, &mut copy)?;
        copy.rewind()?;
        Ok(Self::Copy(copy))
    }

    /// Its size in bytes.
    pub(crate) fn size(&mut self) -> io::Result<u64> {
        let size = self.seek(SeekFrom::End(0))?;
        self.rewind()?;
        Ok(size)
    }
}

impl Read for Seekable {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Copy(copy) => copy.read(buffer),
        }
    }
}

impl Seek for Seekable {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(position),
            Self::Copy(copy) => copy.seek(position),
        }
    }
}
