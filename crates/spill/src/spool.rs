//! Records in the order in which they came.
//!
//! In the file each record is its length (4 bytes, little-endian) and its bytes.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use crate::failure::placed;

/// Bytes that a spool or a reader of one holds in memory.
pub(crate) const BUFFER: usize = 64 << 10;
/// Bytes that a reader at places takes at once: few enough that little is read for nothing.
const PAGE: usize = 4 << 10;

/// Writes records to a temporary file.
#[derive(Debug)]
pub struct Spool {
    file: BufWriter<File>,
    end: u64,
}

impl Spool {
    /// An empty one.
    pub fn new() -> io::Result<Self> {
        Ok(Self { file: BufWriter::with_capacity(BUFFER, tempfile::tempfile().map_err(placed)?), end: 0 })
    }

    /// Adds a record of less than 4 GiB, and gives its place in the file.
    pub fn push(&mut self, record: &[u8]) -> io::Result<u64> {
        let length = u32::try_from(record.len())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a record of 4 GiB or more"))?;
        self.file.write_all(&length.to_le_bytes()).and_then(|()| self.file.write_all(record)).map_err(placed)?;
        let place = self.end;
        self.end += 4 + u64::from(length);
        Ok(place)
    }

    /// The records from the first one on.
    pub fn finish(self) -> io::Result<Records> {
        Records::open(self.close()?, BUFFER)
    }

    /// The records to be read at their places ([`Records::at`]) rather than one after the other.
    pub fn finish_at_places(self) -> io::Result<Records> {
        Records::open(self.close()?, PAGE)
    }

    /// The file with all records in it, and nothing of them in memory.
    pub(crate) fn close(self) -> io::Result<File> {
        self.file.into_inner().map_err(|error| placed(error.into_error()))
    }
}

/// Reads records back.
#[derive(Debug)]
pub struct Records {
    file: BufReader<File>,
    record: Vec<u8>,
}

impl Records {
    /// Those of a file, of which `buffer` bytes are in memory at once.
    pub(crate) fn open(mut file: File, buffer: usize) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0)).map_err(placed)?;
        Ok(Self { file: BufReader::with_capacity(buffer, file), record: Vec::new() })
    }

    /// The next record; `None` after the last one.
    pub fn next_record(&mut self) -> io::Result<Option<&[u8]>> {
        let mut length = [0; 4];
        if !self.begins(&mut length)? {
            return Ok(None);
        }
        self.record.resize(u32::from_le_bytes(length) as usize, 0);
        self.file.read_exact(&mut self.record).map_err(placed)?;
        Ok(Some(&self.record))
    }

    /// The record at a place that [`Spool::push`] gave.
    pub fn at(&mut self, place: u64) -> io::Result<&[u8]> {
        self.seek(place)?;
        self.next_record()?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Goes to a place that [`Spool::push`] gave: [`Records::next_record`] goes on from there.
    pub fn seek(&mut self, place: u64) -> io::Result<()> {
        let here = self.file.stream_position().map_err(placed)?;
        // A step within the buffer keeps it.
        self.file.seek_relative(place.cast_signed().wrapping_sub(here.cast_signed())).map_err(placed)
    }

    /// Whether a length could be read: at the end of the file there is none.
    fn begins(&mut self, length: &mut [u8; 4]) -> io::Result<bool> {
        use std::io::BufRead as _;
        if self.file.fill_buf().map_err(placed)?.is_empty() {
            return Ok(false);
        }
        self.file.read_exact(length).map_err(placed)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_in_order_and_from_their_places() {
        let texts: Vec<Vec<u8>> = (0..300_u32).map(|number| vec![b'x'; (number as usize * 37) % 2000]).collect();
        let spooled = |finish: fn(Spool) -> io::Result<Records>| {
            let mut spool = Spool::new().unwrap();
            let places: Vec<u64> = texts.iter().map(|text| spool.push(text).unwrap()).collect();
            (finish(spool).unwrap(), places)
        };
        for finish in [Spool::finish, Spool::finish_at_places] {
            let (mut records, places) = spooled(finish);
            for text in &texts {
                assert_eq!(records.next_record().unwrap(), Some(text.as_slice()));
            }
            assert_eq!(records.next_record().unwrap(), None);
            for (place, text) in places.iter().zip(&texts).rev() {
                assert_eq!(records.at(*place).unwrap(), text.as_slice());
            }
        }
    }
}
