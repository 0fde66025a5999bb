//! Cuts a stream of XML into its records, without holding more than one of them.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use docmill_core::{Known, Origin, Part, RawSource, ReadError};
use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::Event;

use super::select::is_named;
use crate::bytes::count;

/// Deeper elements are refused, and so are names of open elements that have more bytes in all.
const DEEPEST: usize = 10_000;
const LONGEST_NAMES: usize = 1 << 20;

/// What is kept of a record that is too long.
const KEPT: usize = 4 << 10;

/// A stream that keeps what is read of it since a mark, as far as that is no more than a limit, and refuses to go on where an event
/// alone is more.
struct Kept<R> {
    inner: R,
    limit: usize,
    /// What was read since the mark, or the first bytes of it, and its length.
    bytes: Vec<u8>,
    length: usize,
    mark: Place,
    /// Where the stream is now.
    place: Place,
    /// Bytes read since the last event.
    of_event: usize,
}

impl<R> Kept<R> {
    fn forget(&mut self) {
        self.bytes.clear();
        self.length = 0;
        self.mark = self.place;
    }
}

impl<R: BufRead> Read for Kept<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(buffer.len());
        buffer[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Kept<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.of_event > self.limit {
            return Err(io::Error::other("it is too long"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        let Ok(available) = self.inner.fill_buf() else { return };
        let read = &available[..amount.min(available.len())];
        self.place.pass(read);
        self.length += read.len();
        self.of_event += read.len();
        if self.length <= self.limit {
            self.bytes.extend_from_slice(read);
        } else {
            self.bytes.truncate(KEPT);
            self.bytes.shrink_to_fit();
        }
        self.inner.consume(amount);
    }
}

/// A place in the stream.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    offset: usize,
    lines: usize,
    columns: usize,
}

impl Place {
    fn pass(&mut self, bytes: &[u8]) {
        let lines = count(bytes, |byte| byte == b'\n');
        self.offset += bytes.len();
        self.lines += lines;
        let last = memchr::memrchr(b'\n', bytes).map_or(bytes, |end| &bytes[end + 1..]);
        let columns = count(last, |byte| byte & 0b1100_0000 != 0b1000_0000);
        self.columns = if lines > 0 { columns } else { self.columns + columns };
    }
}

/// Splits one file into the elements at `path`.
pub(super) struct Splitter<'s, R> {
    reader: Reader<Kept<R>>,
    path: &'s [&'s str],
    whole: &'s RawSource,
    encoding: Arc<String>,
    /// Names of the elements that are open, and their length in all.
    open: Vec<String>,
    names: usize,
    /// How many open elements lie on the path.
    on_path: usize,
    number: u64,
}

impl<'s, R: BufRead> Splitter<'s, R> {
    pub(super) fn new(bytes: R, path: &'s [&'s str], whole: &'s RawSource, encoding: String, limit: usize) -> Self {
        let (mark, place) = (Place::default(), Place::default());
        let kept = Kept { inner: bytes, limit, bytes: Vec::new(), length: 0, mark, place, of_event: 0 };
        let mut reader = Reader::from_reader(kept);
        reader.config_mut().allow_dangling_amp = true;
        Self { reader, path, whole, encoding: Arc::new(encoding), open: Vec::new(), names: 0, on_path: 0, number: 0 }
    }

    /// Hands over each record.
    pub(super) fn run(&mut self, part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>) -> Result<(), ReadError> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            self.reader.get_mut().of_event = 0;
            let event = self.reader.read_event_into(&mut buffer);
            let (event, name) = match event {
                Ok(Event::Start(start)) => (Step::Start, start.name().as_ref().to_owned()),
                Ok(Event::Empty(start)) => (Step::Empty, start.name().as_ref().to_owned()),
                Ok(Event::End(_)) => (Step::End, String::new()),
                Ok(Event::Eof) => return self.end(),
                Ok(_) => (Step::Other, String::new()),
                Err(error) => return self.broken(&error, part),
            };
            let in_record = self.on_path == self.path.len();
            let ends_record = match event {
                Step::Start => {
                    self.start(name)?;
                    false
                }
                Step::Empty => !in_record && self.on_path + 1 == self.path.len() && self.is_next(&name),
                Step::End => self.close(),
                Step::Other => false,
            };
            if ends_record {
                let record = self.record();
                if part(record).is_break() {
                    return Ok(());
                }
            } else if !(in_record || event == Step::Start && self.on_path == self.path.len()) {
                self.reader.get_mut().forget();
            }
        }
    }

    /// Whether an element that begins now is the next of the path.
    fn is_next(&self, name: &str) -> bool {
        self.open.len() == self.on_path && self.path.get(self.on_path).is_some_and(|step| is_named(name, step))
    }

    fn start(&mut self, name: String) -> Result<(), ReadError> {
        self.on_path += usize::from(self.is_next(&name));
        self.names += name.len();
        self.open.push(name);
        if self.open.len() > DEEPEST || self.names > LONGEST_NAMES {
            return Err(self.malformed(&format!("more than {DEEPEST} levels of elements")));
        }
        Ok(())
    }

    /// Closes the innermost element; whether it was a record.
    fn close(&mut self) -> bool {
        self.names -= self.open.pop().map_or(0, |name| name.len());
        let ended = self.open.len() < self.on_path;
        let was_record = ended && self.on_path == self.path.len();
        self.on_path -= usize::from(ended);
        was_record
    }

    /// What was kept since the record began.
    fn record(&mut self) -> Part<'static> {
        let source = self.source();
        let kept = self.reader.get_mut();
        let (length, limit) = (kept.length, kept.limit);
        kept.forget();
        if length <= limit {
            return Part::Source(source);
        }
        let (value, found) = (format!("{limit} bytes"), format!("record {} with {length} bytes", self.number));
        Part::Failed { source, error: ReadError::Limit { limit: "limits.document", value, found } }
    }

    fn source(&mut self) -> RawSource {
        self.number += 1;
        let kept = self.reader.get_mut();
        RawSource {
            uri: format!("{}#record={}", self.whole.uri, self.number),
            media_type: self.whole.media_type.clone(),
            bytes: std::mem::take(&mut kept.bytes),
            hash: None,
            container: Some(self.whole.uri.clone()),
            origin: Origin {
                offset: kept.mark.offset,
                lines: kept.mark.lines,
                columns: kept.mark.columns,
                row: Some(self.number),
                ..Origin::default()
            },
            shared: Some(self.encoding.clone()),
            known: Known::default(),
        }
    }

    fn malformed(&mut self, what: &str) -> ReadError {
        let place = self.reader.get_mut().place;
        let found = format!("line {}, column {}: {what}", place.lines + 1, place.columns + 1);
        ReadError::Malformed { expected: "XML", found }
    }

    /// The file has ended.
    fn end(&mut self) -> Result<(), ReadError> {
        match self.open.pop() {
            Some(name) => Err(self.malformed(&format!("the file ends in the middle of `{name}`"))),
            None if self.number == 0 => {
                let found = format!("there is no element at {}", self.path.join("/"));
                Err(ReadError::Malformed { expected: "XML with the records asked for", found })
            }
            None => Ok(()),
        }
    }

    /// What cannot be told apart from what follows ends the split: a record in quarantine, or else the file.
    fn broken(&mut self, error: &Error, part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>) -> Result<(), ReadError> {
        let kept = self.reader.get_mut();
        let error = if kept.of_event > kept.limit {
            let found = format!("an element or text that ends after line {}", kept.place.lines + 1);
            ReadError::Limit { limit: "limits.document", value: format!("{} bytes", kept.limit), found }
        } else {
            self.malformed(&error.to_string())
        };
        if self.on_path < self.path.len() {
            return Err(error);
        }
        let mut source = self.source();
        source.bytes.truncate(KEPT);
        let _ = part(Part::Failed { source, error });
        Ok(())
    }
}

/// What an event is to the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Start,
    Empty,
    End,
    Other,
}
