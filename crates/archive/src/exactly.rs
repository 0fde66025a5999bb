//! A part of a stream whose length is known.

use std::io::Read;

/// So many bytes, or an error where there are fewer: what is cut off is never taken for the whole.
pub(crate) struct Exactly<R> {
    read: R,
    left: u64,
}

impl<R: Read> Exactly<R> {
    pub(crate) fn new(read: R, length: u64) -> Self {
        Self { read, left: length }
    }
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        let read = self.read.by_ref().take(self.left).read(buffer)?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}
