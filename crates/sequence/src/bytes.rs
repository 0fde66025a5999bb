//! Numbers and texts in the bytes of a model file, read with the place of what is wrong.

use crate::hash;
use crate::model::ModelError;

/// Reads a file from front to back.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The contents of a file that begins with `head` and the checksum of the rest.
    pub(crate) fn open(bytes: &'a [u8], head: &[u8]) -> Result<Self, ModelError> {
        if !bytes.starts_with(head) {
            return Err(ModelError::Head { expected: String::from_utf8_lossy(head).trim_end().to_owned() });
        }
        let mut reader = Self { bytes, at: head.len() };
        let expected = u64::from_le_bytes(reader.array("a checksum")?);
        let found = hash::bytes(&bytes[reader.at..]);
        if found != expected {
            return Err(ModelError::Checksum { found, expected });
        }
        Ok(reader)
    }

    pub(crate) fn broken(&self, expected: &'static str) -> ModelError {
        ModelError::Broken { at: self.at, expected }
    }

    fn array<const N: usize>(&mut self, expected: &'static str) -> Result<[u8; N], ModelError> {
        let read = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<N>());
        let Some(read) = read else { return Err(self.broken(expected)) };
        self.at += N;
        Ok(*read)
    }

    #[inline]
    pub(crate) fn byte(&mut self, expected: &'static str) -> Result<u8, ModelError> {
        let Some(byte) = self.bytes.get(self.at) else { return Err(self.broken(expected)) };
        self.at += 1;
        Ok(*byte)
    }

    pub(crate) fn float(&mut self, expected: &'static str) -> Result<f32, ModelError> {
        let float = f32::from_le_bytes(self.array(expected)?);
        if float.is_finite() { Ok(float) } else { Err(self.broken(expected)) }
    }

    /// A number in groups of seven bits.
    #[inline]
    pub(crate) fn number(&mut self, expected: &'static str) -> Result<u32, ModelError> {
        let mut number = 0u32;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte(expected)?;
            number |= u32::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(number);
            }
        }
        Err(self.broken(expected))
    }

    /// How many entries follow, of which each has `least` bytes or more.
    pub(crate) fn count(&mut self, expected: &'static str, least: usize) -> Result<usize, ModelError> {
        let count = self.number(expected)? as usize;
        if count > (self.bytes.len() - self.at) / least { Err(self.broken(expected)) } else { Ok(count) }
    }

    pub(crate) fn text(&mut self, expected: &'static str) -> Result<&'a str, ModelError> {
        let length = usize::from(self.byte(expected)?);
        let read = self.bytes.get(self.at..self.at + length).and_then(|read| std::str::from_utf8(read).ok());
        let Some(read) = read else { return Err(self.broken(expected)) };
        self.at += length;
        Ok(read)
    }

    pub(crate) fn end(&self) -> Result<(), ModelError> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.broken("the end of the model")) }
    }
}

/// Writes what [`Reader`] reads.
#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(crate) fn float(&mut self, float: f32) {
        self.bytes.extend(float.to_le_bytes());
    }

    pub(crate) fn number(&mut self, mut number: u32) {
        while number >= 128 {
            self.byte(number.to_le_bytes()[0] | 128);
            number >>= 7;
        }
        self.byte(number.to_le_bytes()[0]);
    }

    pub(crate) fn count(&mut self, count: usize) {
        self.number(u32::try_from(count).unwrap_or(u32::MAX));
    }

    /// A text, of which no more than 255 bytes count.
    pub(crate) fn text(&mut self, text: &str) {
        let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
        self.byte(length);
        self.bytes.extend(text.bytes().take(length.into()));
    }

    /// The file, with head and checksum.
    pub(crate) fn close(self, head: &[u8]) -> Vec<u8> {
        let mut file = head.to_vec();
        file.extend(hash::bytes(&self.bytes).to_le_bytes());
        file.extend(self.bytes);
        file
    }
}
