//! The reader of mailboxes: many messages in one file.

use std::io::Read;
use std::ops::ControlFlow;

use docmill_core::{
    BuildContext, Component, Container, Context, Document, Field, Hint, Known, OptionError, Origin, Part, RawSource,
    ReadError, Reader, Role, RoleKind, Stream,
};
use memchr::memmem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::eml::is_message_field;
use super::{Prefer, Reading};
use crate::bytes::count;

/// Reads mailboxes (mbox): each message of the file is a document.
///
/// A message begins with a line `From …` that has a date, or that stands after an empty line and before a header field; what
/// a `Content-Length` says is not trusted. A `>` before `From ` at the beginning of a line is taken out, as it was put there to
/// keep the line from beginning a message. A message over `limits.document` ends in quarantine, and those after it are read. Each
/// message is read as `ingest.eml` reads it. Documents are named `harbor.mbox#message=12`; places count the bytes of the file before
/// the part as they are in the file.
///
/// It reads files named `.mbox` or `.mbx`, and others that begin with a line `From …` with a date, and a header field.
///
/// ```yaml
/// stages:
///   - ingest.mbox: { links: false }
/// ```
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mbox {
    /// Which form of a message is its text where it has several.
    pub prefer: Prefer,
    /// Whether links in HTML become annotations.
    pub links: bool,
}

impl Default for Mbox {
    fn default() -> Self {
        Self { prefer: Prefer::default(), links: true }
    }
}

impl Component for Mbox {
    const NAME: &'static str = "ingest.mbox";
    const KIND: RoleKind = RoleKind::Reader;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        super::gives(self.links)
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::reader(self))
    }
}

impl Reader for Mbox {
    fn recognizes(&self, hint: &Hint<'_>) -> Option<&'static str> {
        let is_mailbox = match hint.extension().as_deref() {
            Some("mbox" | "mbx") => true,
            Some(other) if super::is_of_another_format(other) => false,
            _ => begins_like_a_mailbox(hint.head),
        };
        is_mailbox.then_some("application/mbox")
    }

    fn read(&self, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
        Reading { prefer: self.prefer, links: self.links, quoted: true }.read(&source, cx)
    }

    fn container(&self) -> Option<&dyn Container> {
        Some(self)
    }
}

/// Bytes that are looked at in one go.
const CHUNK: usize = 256 << 10;
/// No line that begins a message is longer, nor is what is looked at of the line after it.
const LONGEST_LINE: usize = 1000;
/// What is kept of a message that is too long.
const KEPT: usize = 4 << 10;

fn begins_like_a_mailbox(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n');
    lines.next().is_some_and(has_date) && lines.next().is_some_and(is_message_field)
}

/// Whether a line begins a message: `From `, who sent it, and a date.
fn has_date(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let (mut time, mut month, mut year) = (false, false, false);
    for word in rest.split(u8::is_ascii_whitespace) {
        match word {
            [a, b, b':', c, d, ..] => time |= [a, b, c, d].into_iter().all(u8::is_ascii_digit),
            [b'J', b'a', b'n']
            | [b'F', b'e', b'b']
            | [b'M', b'a', b'r' | b'y']
            | [b'A', b'p', b'r']
            | [b'J', b'u', b'n' | b'l']
            | [b'A', b'u', b'g']
            | [b'S', b'e', b'p']
            | [b'O', b'c', b't']
            | [b'N', b'o', b'v']
            | [b'D', b'e', b'c'] => month = true,
            [_, _, _, _] => year |= word.iter().all(u8::is_ascii_digit),
            _ => {}
        }
    }
    time && month && year
}

/// A message as it comes in.
struct Message {
    /// Its bytes; the first of them where they are too many.
    bytes: Vec<u8>,
    length: usize,
    lines: usize,
    /// Bytes and lines of the file before it.
    offset: usize,
    before: usize,
    /// Whether it stands before the first line that begins a message.
    stray: bool,
}

/// Cuts a mailbox into its messages.
struct Splitter<'s> {
    whole: &'s RawSource,
    limit: usize,
    part: &'s mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    message: Message,
    number: usize,
}

impl Container for Mbox {
    fn split(
        &self,
        file: &mut Stream<'_>,
        whole: &RawSource,
        cx: &Context,
        part: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let limit = usize::try_from(cx.limits.document.0).unwrap_or(usize::MAX);
        let message = Message { bytes: Vec::new(), length: 0, lines: 0, offset: 0, before: 0, stray: true };
        let mut splitter = Splitter { whole, limit, part, message, number: 0 };
        let mut buffer: Vec<u8> = Vec::with_capacity(CHUNK + 3 * LONGEST_LINE);
        // What stood before the buffer, as far as it matters: whether a line begins here, and after an empty one.
        let mut before = LineStart::AfterEmpty;
        loop {
            let kept = buffer.len();
            file.take(CHUNK as u64).read_to_end(&mut buffer)?;
            let ended = buffer.len() == kept;
            let (taken, flow) = splitter.take(&buffer, before, ended);
            if flow.is_break() {
                return Ok(());
            }
            before = LineStart::after(&buffer[..taken], before);
            buffer.drain(..taken);
            if ended {
                let _ = splitter.end(0);
                return Ok(());
            }
        }
    }
}

/// What stands before a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineStart {
    /// Something of the same line.
    No,
    /// A line end after something.
    AfterText,
    /// An empty line, or nothing.
    AfterEmpty,
}

impl LineStart {
    /// What stands before the byte after `bytes`, of which the first has `before` before it.
    fn after(bytes: &[u8], before: Self) -> Self {
        let Some(line) = bytes.strip_suffix(b"\n") else { return if bytes.is_empty() { before } else { Self::No } };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line.last() {
            Some(b'\n') => Self::AfterEmpty,
            None if before != Self::No => Self::AfterEmpty,
            _ => Self::AfterText,
        }
    }
}

impl Splitter<'_> {
    /// Takes all of `buffer` of which it is certain where it belongs; gives how much that is.
    fn take(&mut self, buffer: &[u8], before: LineStart, ended: bool) -> (usize, ControlFlow<()>) {
        let finder = memmem::Finder::new(b"From ");
        let mut done = 0;
        let mut from = 0;
        while let Some(found) = finder.find(&buffer[from..]).map(|found| from + found) {
            from = found + 1;
            let start = LineStart::after(&buffer[..found], before);
            if start == LineStart::No {
                continue;
            }
            let rest = &buffer[found..];
            let mut ends = memchr::memchr_iter(b'\n', &rest[..rest.len().min(2 * LONGEST_LINE)]);
            let (first, second) = (ends.next(), ends.next());
            if second.is_none() && rest.len() < 2 * LONGEST_LINE && !ended {
                // The lines go on in the next chunk.
                self.message.push(&buffer[done..found], self.limit);
                return (found, ControlFlow::Continue(()));
            }
            let end = first.map_or(rest.len(), |end| end + 1);
            let next = &rest[end.min(rest.len())..second.unwrap_or(rest.len().min(2 * LONGEST_LINE)).max(end)];
            let begins = end <= LONGEST_LINE
                && (has_date(&rest[..end])
                    || self.at_beginning(done == found)
                    || (start == LineStart::AfterEmpty && is_message_field(next)));
            if !begins {
                continue;
            }
            self.message.push(&buffer[done..found], self.limit);
            let flow = self.end(end);
            done = found + end;
            from = done;
            if flow.is_break() {
                return (done, flow);
            }
        }
        // A `From ` may be cut off at the end.
        let certain = if ended { buffer.len() } else { buffer.len().saturating_sub(b"From ".len()).max(done) };
        self.message.push(&buffer[done..certain], self.limit);
        (certain, ControlFlow::Continue(()))
    }

    /// Whether nothing was seen yet.
    fn at_beginning(&self, nothing_before: bool) -> bool {
        nothing_before && self.message.stray && self.message.length == 0
    }

    /// Hands on the message that ends here, and begins the next after the `line` bytes of the line that begins it.
    fn end(&mut self, line: usize) -> ControlFlow<()> {
        let (offset, before) = (self.message.offset + self.message.length, self.message.before + self.message.lines);
        let next = Message {
            bytes: Vec::new(),
            length: 0,
            lines: 0,
            offset: offset + line,
            before: before + usize::from(line > 0),
            stray: false,
        };
        let mut message = std::mem::replace(&mut self.message, next);
        if message.stray && message.bytes.iter().all(u8::is_ascii_whitespace) && message.length <= self.limit {
            return ControlFlow::Continue(());
        }
        self.number += 1;
        let number = self.number;
        // An empty line parts it from the next.
        for end in [&b"\n\n"[..], b"\r\n\r\n"] {
            if message.length == message.bytes.len() && message.bytes.ends_with(end) {
                message.bytes.truncate(message.bytes.len() - end.len() / 2);
            }
        }
        let length = message.length;
        let stray = message.stray;
        let source = RawSource {
            uri: format!("{}#message={number}", self.whole.uri),
            media_type: "message/rfc822".to_owned(),
            bytes: message.bytes,
            hash: None,
            container: Some(self.whole.uri.clone()),
            origin: Origin { offset: message.offset, lines: message.before, ..Origin::default() },
            shared: None,
            known: Known::default(),
        };
        (self.part)(if length > self.limit {
            let found = format!("message {number} (line {}) with {length} bytes", message.before + 1);
            let value = format!("{} bytes", self.limit);
            Part::Failed { source, error: ReadError::Limit { limit: "limits.document", value, found } }
        } else if stray {
            let found = "something before the first line `From …`".to_owned();
            Part::Failed { source, error: ReadError::Malformed { expected: "a mailbox", found } }
        } else {
            Part::Source(source)
        })
    }
}

impl Message {
    fn push(&mut self, bytes: &[u8], limit: usize) {
        self.length += bytes.len();
        self.lines += count(bytes, |byte| byte == b'\n');
        if self.length <= limit {
            self.bytes.extend_from_slice(bytes);
        } else {
            let room = KEPT.saturating_sub(self.bytes.len());
            self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
            self.bytes.truncate(KEPT);
            self.bytes.shrink_to_fit();
        }
    }
}
