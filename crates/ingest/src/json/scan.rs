//! Goes through a stream of JSON, value by value, and knows where it is.
//!
//! It holds no more than the value that is asked for, up to a limit, and a mark for each level that is open. What it passes over is
//! checked for its brackets and strings alone; what it hands over is parsed later.

use std::io::BufRead;

use docmill_core::ReadError;

/// What is kept of a value that is too long.
const KEPT: usize = 4 << 10;
/// Deeper values are refused.
const DEEPEST: usize = 10_000;
/// Longest name of a member that is looked at.
const LONGEST_NAME: usize = 64 << 10;
/// So many names are told where one is missing.
const TOLD: usize = 20;

/// A value of the stream.
#[derive(Debug, Default)]
pub(super) struct Value {
    /// As it stands; its first bytes where it is too long.
    pub bytes: Vec<u8>,
    /// Length with what was not kept.
    pub length: usize,
    /// Bytes before it.
    pub offset: usize,
    /// Line ends before it.
    pub lines: usize,
    /// Characters before it on its line.
    pub columns: usize,
}

/// A stream with a place in it.
pub(super) struct Scan<R> {
    bytes: R,
    offset: usize,
    lines: usize,
    columns: usize,
}

impl<R: BufRead> Scan<R> {
    pub(super) fn new(bytes: R) -> Self {
        Self { bytes, offset: 0, lines: 0, columns: 0 }
    }

    /// The next byte.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        Ok(self.bytes.fill_buf()?.first().copied())
    }

    /// Goes past the byte that was peeked at.
    pub(super) fn bump(&mut self) {
        if let Ok(Some(&byte)) = self.bytes.fill_buf().map(<[u8]>::first) {
            self.bytes.consume(1);
            self.passed(byte);
        }
    }

    fn passed(&mut self, byte: u8) {
        self.offset += 1;
        if byte == b'\n' {
            self.lines += 1;
            self.columns = 0;
        } else {
            self.columns += usize::from(byte & 0b1100_0000 != 0b1000_0000);
        }
    }

    /// Goes past white space.
    pub(super) fn space(&mut self) -> Result<(), ReadError> {
        while self.peek()?.is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
            self.bump();
        }
        Ok(())
    }

    /// That there is nothing more.
    pub(super) fn end(&mut self) -> Result<(), ReadError> {
        self.space()?;
        match self.peek()? {
            None => Ok(()),
            Some(_) => Err(self.malformed("something follows the end of the value")),
        }
    }

    /// Goes past the comma after an item, or the end of the array: which of them it was.
    pub(super) fn ends_array(&mut self) -> Result<bool, ReadError> {
        self.space()?;
        let next = self.peek()?;
        match next {
            Some(b',') => self.bump(),
            Some(b']') => {
                self.bump();
                return Ok(true);
            }
            Some(_) => return Err(self.malformed("expected `,` or `]` after an item")),
            None => return Err(self.malformed("the file ends in the middle of an array")),
        }
        Ok(false)
    }

    /// The value that begins here, without more of it than `limit` bytes.
    pub(super) fn value(&mut self, limit: usize) -> Result<Value, ReadError> {
        self.space()?;
        let mut value = Value { offset: self.offset, lines: self.lines, columns: self.columns, ..Value::default() };
        let mut brackets: Vec<u8> = Vec::new();
        let (mut in_string, mut escaped) = (false, false);
        loop {
            let Some(byte) = self.peek()? else {
                if in_string || !brackets.is_empty() || value.length == 0 {
                    return Err(self.malformed("the file ends in the middle of a value"));
                }
                return Ok(value);
            };
            let scalar_ends = matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
            if brackets.is_empty() && !in_string && scalar_ends {
                if value.length == 0 {
                    return Err(self.malformed("expected a value"));
                }
                return Ok(value);
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                _ if in_string => {}
                b'{' | b'[' if brackets.len() == DEEPEST => {
                    return Err(self.malformed(&format!("more than {DEEPEST} levels of nesting")));
                }
                b'{' => brackets.push(b'}'),
                b'[' => brackets.push(b']'),
                b'}' | b']' if brackets.pop() != Some(byte) => {
                    return Err(self.malformed(&format!("a `{}` that closes nothing", char::from(byte))));
                }
                _ => {}
            }
            self.bump();
            keep(&mut value, byte, limit);
            let closes = matches!(byte, b'}' | b']' | b'"') && !in_string && !escaped;
            if closes && brackets.is_empty() {
                return Ok(value);
            }
        }
    }

    /// Goes to the value at `path`; `pointer` is what the user calls it.
    pub(super) fn find(&mut self, pointer: &str, path: &[String]) -> Result<(), ReadError> {
        for key in path {
            self.space()?;
            let mut seen = Vec::new();
            let next = self.peek()?;
            let found = match next {
                Some(b'{') => self.member(key, &mut seen)?,
                Some(b'[') => self.item(key)?,
                Some(_) => false,
                None => return Err(ReadError::Empty),
            };
            if !found {
                let names = if seen.is_empty() { "no names".to_owned() } else { seen.join(", ") };
                let found = format!("there is nothing at {pointer}: in place of `{key}` there are {names}");
                return Err(ReadError::Malformed { expected: "JSON with the records asked for", found });
            }
        }
        self.space()
    }

    /// Goes to the value of this name in the object that begins here: the first, where there are several.
    fn member(&mut self, key: &str, seen: &mut Vec<String>) -> Result<bool, ReadError> {
        self.bump();
        loop {
            self.space()?;
            match self.peek()? {
                Some(b'"') => {}
                Some(b'}') => return Ok(false),
                _ => return Err(self.malformed("expected a name or `}`")),
            }
            let written = self.value(LONGEST_NAME)?;
            let name: String = serde_json::from_slice(&written.bytes).unwrap_or_default();
            self.space()?;
            if self.peek()? != Some(b':') {
                return Err(self.malformed("expected `:` after a name"));
            }
            self.bump();
            if name == key {
                return Ok(true);
            }
            if seen.len() < TOLD {
                seen.push(name);
            }
            self.value(0)?;
            self.space()?;
            if self.peek()? == Some(b',') {
                self.bump();
            }
        }
    }

    /// Goes to the item of this number, from 0, in the array that begins here.
    fn item(&mut self, key: &str) -> Result<bool, ReadError> {
        let Ok(wanted) = key.parse::<usize>() else { return Ok(false) };
        self.bump();
        self.space()?;
        if self.peek()? == Some(b']') {
            return Ok(false);
        }
        for _ in 0..wanted {
            self.value(0)?;
            if self.ends_array()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn malformed(&self, what: &str) -> ReadError {
        let found = format!("line {}, column {}: {what}", self.lines + 1, self.columns + 1);
        ReadError::Malformed { expected: "JSON", found }
    }
}

/// Takes a byte into a value, as long as that has room for it.
fn keep(value: &mut Value, byte: u8, limit: usize) {
    value.length += 1;
    if value.length <= limit || value.bytes.len() < KEPT.min(limit) {
        value.bytes.push(byte);
    } else if value.bytes.len() > KEPT {
        value.bytes.truncate(KEPT);
        value.bytes.shrink_to_fit();
    }
}
