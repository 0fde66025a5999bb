//! The bytes of a source as they come: from a file, in which one can go back and forth, or from something that flows.

use std::fs::File;
use std::io::{Cursor, Read, Seek};

use crate::{Limits, ReadError};

/// A source that was opened.
pub enum Opened {
    /// A file.
    File(File),
    /// Something that can be read once, such as standard input.
    Stream(Box<dyn Read + Send>),
}

impl Opened {
    /// Something that can be read once.
    pub fn stream(read: impl Read + Send + 'static) -> Self {
        Self::Stream(Box::new(read))
    }
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Stream(stream) => stream.read(buffer),
        }
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::File(_) => "a file",
            Self::Stream(_) => "a stream",
        })
    }
}

/// What a [`Container`](crate::Container) splits: all bytes of a source from its beginning, though the first of them were looked at
/// before.
pub struct Stream<'a> {
    head: Cursor<Vec<u8>>,
    rest: Rest<'a>,
}

enum Rest<'a> {
    File(File),
    Stream(&'a mut dyn Read),
}

impl<'a> Stream<'a> {
    /// A source of which `head` has been read.
    pub fn opened(head: Vec<u8>, rest: &'a mut Opened) -> Self {
        let rest = match rest {
            Opened::File(file) => match file.try_clone() {
                Ok(clone) => Rest::File(clone),
                Err(_) => Rest::Stream(file),
            },
            Opened::Stream(stream) => Rest::Stream(stream),
        };
        Self { head: Cursor::new(head), rest }
    }

    /// Bytes that can be read once, of which `head` has been read.
    pub fn flowing(head: Vec<u8>, rest: &'a mut dyn Read) -> Self {
        Self { head: Cursor::new(head), rest: Rest::Stream(rest) }
    }

    /// All bytes of a source that is no larger than a document may be. `size` is what it has, where that is known.
    pub fn document(&mut self, size: Option<u64>, limits: &Limits) -> Result<Vec<u8>, ReadError> {
        let limit = limits.document.0;
        let over = |found| Err(ReadError::Limit { limit: "limits.document", value: format!("{limit} bytes"), found });
        if let Some(size) = size.filter(|size| *size > limit) {
            return over(format!("{size} bytes"));
        }
        let mut bytes = Vec::with_capacity(size.and_then(|size| usize::try_from(size).ok()).unwrap_or(0));
        self.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return over("what it holds".to_owned());
        }
        Ok(bytes)
    }

    /// The file, at its beginning, for formats that are read at many places: `None` for what can be read once, which a reader of such
    /// a format copies. What is read of the file is not read of the stream any more.
    pub fn file(&mut self) -> std::io::Result<Option<File>> {
        let Rest::File(file) = &self.rest else { return Ok(None) };
        let mut file = file.try_clone()?;
        file.rewind()?;
        Ok(Some(file))
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.head.read(buffer)? {
            0 => match &mut self.rest {
                Rest::File(file) => file.read(buffer),
                Rest::Stream(stream) => stream.read(buffer),
            },
            read => Ok(read),
        }
    }
}

impl std::fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("head", &self.head.get_ref().len()).finish_non_exhaustive()
    }
}
