//! A stream of bytes as UTF-8, whatever its encoding.

use std::io::{self, Read};

use docmill_core::ReadError;
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};

use crate::encoding::sniff;

/// Bytes by which the encoding of a stream is told.
const HEAD: usize = 64 << 10;

/// The stream, decoded: reads give UTF-8 without a byte-order mark. What is UTF-8 already passes untouched.
pub(crate) struct Utf8Stream<'f> {
    encoding: &'static Encoding,
    source: io::Chain<io::Cursor<Vec<u8>>, &'f mut dyn Read>,
    /// `None` where the bytes pass as they are.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    raw_at: usize,
    decoded: Vec<u8>,
    decoded_at: usize,
    ended: bool,
}

impl<'f> Utf8Stream<'f> {
    /// Tells the encoding from the first bytes of `file`.
    pub(crate) fn new(file: &'f mut dyn Read) -> Result<Self, ReadError> {
        Self::declared(file, None)
    }

    /// The same for a file that names its encoding.
    pub(crate) fn declared(file: &'f mut dyn Read, encoding: Option<&str>) -> Result<Self, ReadError> {
        let mut head = Vec::new();
        (&mut *file).take(HEAD as u64).read_to_end(&mut head)?;
        let encoding = sniff(&head, encoding)?;
        let plain = encoding == UTF_8;
        if plain && head.starts_with(b"\xEF\xBB\xBF") {
            head.drain(..3);
        }
        Ok(Self {
            encoding,
            source: io::Cursor::new(head).chain(file),
            decoder: (!plain).then(|| encoding.new_decoder_with_bom_removal()),
            raw: Vec::new(),
            raw_at: 0,
            decoded: Vec::new(),
            decoded_at: 0,
            ended: false,
        })
    }

    /// Name of the encoding of the stream.
    pub(crate) fn encoding(&self) -> String {
        self.encoding.name().to_lowercase()
    }

    fn fill(&mut self, decoder: &mut Decoder) -> io::Result<()> {
        while self.decoded_at == self.decoded.len() && !self.ended {
            if self.raw_at == self.raw.len() {
                self.raw.resize(HEAD, 0);
                let read = self.source.read(&mut self.raw)?;
                self.raw.truncate(read);
                self.raw_at = 0;
            }
            let last = self.raw.is_empty();
            self.decoded.resize(HEAD, 0);
            let (result, read, written, _) = decoder.decode_to_utf8(&self.raw[self.raw_at..], &mut self.decoded, last);
            self.raw_at += read;
            self.decoded.truncate(written);
            self.decoded_at = 0;
            self.ended = last && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl Read for Utf8Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(mut decoder) = self.decoder.take() else { return self.source.read(buffer) };
        let filled = self.fill(&mut decoder);
        self.decoder = Some(decoder);
        filled?;
        let ready = &self.decoded[self.decoded_at..];
        let length = ready.len().min(buffer.len());
        buffer[..length].copy_from_slice(&ready[..length]);
        self.decoded_at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, String) {
        let mut bytes = bytes;
        let mut stream = Utf8Stream::new(&mut bytes).expect("it is text");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("it is UTF-8");
        (text, stream.encoding())
    }

    #[test]
    fn a_stream_comes_as_utf8_without_its_mark() {
        assert_eq!(read(b"\xEF\xBB\xBFa,b"), ("a,b".to_owned(), "utf-8".to_owned()));
        let long: String = "Bøhle, Größe\n".repeat(20_000);
        assert_eq!(read(long.as_bytes()), (long.clone(), "utf-8".to_owned()));
        let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(long.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16), (long.clone(), "utf-16le".to_owned()));
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&long);
        assert_eq!(read(&latin), (long.clone(), "windows-1252".to_owned()));
    }
}
