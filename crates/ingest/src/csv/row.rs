//! Rows and their cells (RFC 4180).

use std::io::{self, BufRead};

use docmill_core::{ByteSpan, Edits};

/// What is kept of a row that is too long.
const KEPT: usize = 4 << 10;
/// The bytes of a line end do not count for the limit.
const LINE_END: usize = 2;

/// A row with its place.
#[derive(Debug)]
pub(super) struct Row {
    /// Without the line end.
    pub bytes: Vec<u8>,
    /// Length with what was not kept.
    pub length: usize,
    pub fields: usize,
    /// Bytes before it.
    pub offset: usize,
    /// Line ends before it.
    pub lines: usize,
    pub end: End,
}

/// How a row ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Complete,
    /// In a quote that the file does not end.
    OpenQuote,
    TooLong,
}

/// Where in a cell the scanner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// After a quote within quotes: the cell's end, or the first of two.
    Quote,
}

/// Splits a stream into rows.
pub(super) struct RowScanner<R> {
    bytes: R,
    delimiter: u8,
    /// `\n`, or `\r` alone as files of the old Macintosh have it; told by the first bytes.
    line_end: Option<u8>,
    limit: usize,
    offset: usize,
    lines: usize,
}

impl<R: BufRead> RowScanner<R> {
    pub(super) fn new(bytes: R, delimiter: u8, limit: usize) -> Self {
        Self { bytes, delimiter, line_end: None, limit, offset: 0, lines: 0 }
    }

    /// The next row; an empty line is an empty row.
    pub(super) fn next_row(&mut self) -> io::Result<Option<Row>> {
        let mut row =
            Row { bytes: Vec::new(), length: 0, fields: 1, offset: self.offset, lines: self.lines, end: End::Complete };
        let mut state = State::CellStart;
        loop {
            let buffer = self.bytes.fill_buf()?;
            if buffer.is_empty() {
                if state == State::Quoted && row.end == End::Complete {
                    row.end = End::OpenQuote;
                }
                return Ok((row.length > 0).then(|| self.finished(row)));
            }
            let line_end = *self.line_end.get_or_insert_with(|| line_end(buffer));
            let end = buffer.iter().position(|&byte| {
                let (next, ended) = step(state, byte, self.delimiter, line_end);
                row.fields += usize::from(byte == self.delimiter && next == State::CellStart);
                self.lines += usize::from(byte == b'\n');
                state = next;
                ended
            });
            let taken = end.map_or(buffer.len(), |end| end + 1);
            row.length += taken;
            if row.end == End::Complete || row.bytes.len() < KEPT {
                row.bytes.extend_from_slice(&buffer[..taken]);
            }
            if row.length > self.limit.saturating_add(LINE_END) {
                row.end = End::TooLong;
                row.bytes.truncate(KEPT);
                row.bytes.shrink_to_fit();
            }
            self.bytes.consume(taken);
            if end.is_some() {
                return Ok(Some(self.finished(row)));
            }
        }
    }

    fn finished(&mut self, mut row: Row) -> Row {
        self.offset += row.length;
        if row.end != End::OpenQuote {
            while row.bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                row.bytes.pop();
            }
        }
        row
    }
}

fn line_end(beginning: &[u8]) -> u8 {
    if beginning.contains(&b'\r') && !beginning.contains(&b'\n') { b'\r' } else { b'\n' }
}

/// The state after a byte, and whether the row ends with it.
fn step(state: State, byte: u8, delimiter: u8, line_end: u8) -> (State, bool) {
    match (state, byte) {
        (State::Quoted, b'"') => (State::Quote, false),
        (State::Quoted, _) | (State::CellStart | State::Quote, b'"') => (State::Quoted, false),
        (_, byte) if byte == line_end => (State::CellStart, true),
        (_, byte) if byte == delimiter => (State::CellStart, false),
        // The first half of a line end leaves a cell as it is.
        (state, b'\r') => (state, false),
        _ => (State::Plain, false),
    }
}

/// A cell of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CellSpan {
    /// Its content, without quotes around it.
    pub inner: ByteSpan,
    quoted: bool,
}

/// The cells of a row.
pub(super) fn fields(row: &str, delimiter: u8) -> Vec<CellSpan> {
    let bytes = row.as_bytes();
    let mut fields = Vec::new();
    let (mut start, mut state) = (0, State::CellStart);
    for (at, &byte) in bytes.iter().enumerate() {
        (state, _) = step(state, byte, delimiter, b'\n');
        if byte == delimiter && state == State::CellStart {
            fields.push(field(bytes, start, at));
            start = at + 1;
        }
    }
    fields.push(field(bytes, start, bytes.len()));
    fields
}

fn field(bytes: &[u8], start: usize, end: usize) -> CellSpan {
    let quoted = end - start >= 2 && bytes[start] == b'"' && bytes[end - 1] == b'"';
    let inner = if quoted { ByteSpan::new(start + 1, end - 1) } else { ByteSpan::new(start, end) };
    CellSpan { inner, quoted }
}

impl CellSpan {
    /// Takes one out of each pair of quotes.
    pub(super) fn undouble(self, row: &str, edits: &mut Edits) {
        for quote in self.doubled(row) {
            edits.delete(quote..quote + 1);
        }
    }

    /// What the cell holds.
    pub(super) fn value(self, row: &str) -> String {
        let inner = self.inner.of(row).unwrap_or_default();
        if self.quoted { inner.replace("\"\"", "\"") } else { inner.to_owned() }
    }

    /// Where the first of two quotes is.
    fn doubled(self, row: &str) -> Vec<usize> {
        let mut doubled = Vec::new();
        let mut last_paired = None;
        let inner = self.inner.of(row).filter(|_| self.quoted).unwrap_or_default().as_bytes();
        for at in memchr::memchr_iter(b'"', inner) {
            if at > 0 && inner[at - 1] == b'"' && last_paired != Some(at - 1) {
                doubled.push(self.inner.start + at - 1);
                last_paired = Some(at);
            }
        }
        doubled
    }
}
