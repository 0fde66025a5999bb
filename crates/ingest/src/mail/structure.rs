//! The parts of a message, found in one pass over its lines.
//!
//! A line that is a boundary of any part that is open ends all parts within that one. So a boundary that never comes, or
//! comes too early, costs no more than a sound message; nothing is decoded here, and nothing calls itself.

use super::header::Head;

/// Deeper parts are not looked into, whatever `limits.depth` says: no program writes such messages.
const DEEPEST: usize = 64;
/// More parts of one message are not told apart.
pub(super) const MOST_PARTS: usize = 1000;

/// What some editors put before a text in UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// From here to there in the message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Range {
    pub start: usize,
    pub end: usize,
}

impl Range {
    pub(super) fn bytes(self, message: &[u8]) -> &[u8] {
        message.get(self.start..self.end).unwrap_or_default()
    }
}

/// A part that has no parts of its own, or is not looked into.
#[derive(Debug)]
pub(super) struct Leaf {
    /// Its number in IMAP, such as `1.2`.
    pub number: String,
    pub head: Head,
    pub body: Range,
    /// The innermost set of forms of one thing that it is in.
    pub alternative: Option<usize>,
    /// Whether it belongs to a message within the message.
    pub nested: bool,
}

/// What a message is made of.
#[derive(Debug, Default)]
pub(super) struct Structure {
    /// The head of the message itself.
    pub head: Range,
    pub leaves: Vec<Leaf>,
    pub warnings: Vec<String>,
}

/// A multipart that is open.
struct Frame {
    boundary: Vec<u8>,
    /// Where its body begins.
    start: usize,
    /// The number that those of its parts begin with.
    number: String,
    parts: usize,
    alternative: Option<usize>,
    /// Parts are messages where they do not say what they are.
    digest: bool,
    /// Messages within messages around it.
    messages: usize,
}

/// What the lines are read as.
enum At {
    /// The head of the message, of a message in it, or of a part.
    Head { start: usize, number: String, of_message: bool },
    /// The body of a leaf that is open.
    Body,
    /// What stands before the first part of a multipart, after its last, or beyond a limit.
    Between,
}

struct Scan<'m> {
    message: &'m [u8],
    depth: usize,
    found: Structure,
    frames: Vec<Frame>,
    /// Messages within messages that are open, beside those of the frames.
    messages: usize,
    parts: usize,
    alternatives: usize,
    at: At,
    first_head: bool,
}

impl Structure {
    pub(super) fn of(message: &[u8], depth: usize) -> Self {
        let mut scan = Scan {
            message,
            depth: depth.min(DEEPEST),
            found: Self::default(),
            frames: Vec::new(),
            messages: 0,
            parts: 0,
            alternatives: 0,
            at: At::Between,
            first_head: true,
        };
        scan.run();
        scan.found
    }

    /// Whether `other` says in another form what the leaf at `index` says.
    pub(super) fn is_another_form(&self, index: usize, other: &Leaf) -> bool {
        let chosen = &self.leaves[index];
        chosen.alternative.is_some() && other.alternative == chosen.alternative && other.head.is_usual_text()
    }
}

impl Scan<'_> {
    fn run(&mut self) {
        let mut start = if self.message.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        self.at = At::Head { start, number: String::new(), of_message: true };
        while start < self.message.len() {
            let end = memchr::memchr(b'\n', &self.message[start..]).map_or(self.message.len(), |end| start + end + 1);
            self.line(start, end);
            start = end;
        }
        self.end_open(self.message.len());
        self.close(0, self.message.len());
    }

    /// Closes all multiparts but so many. One in which no part was found is a text.
    fn close(&mut self, left: usize, end: usize) {
        while self.frames.len() > left {
            let Some(frame) = self.frames.pop().filter(|frame| frame.parts == 0) else { continue };
            if self.found.leaves.len() < MOST_PARTS {
                self.found.leaves.push(Leaf {
                    number: below(&frame.number, 1),
                    head: Head::parse(b"", "text/plain"),
                    body: Range { start: frame.start, end: end.max(frame.start) },
                    alternative: None,
                    nested: frame.messages > 0,
                });
            }
        }
    }

    fn line(&mut self, start: usize, end: usize) {
        let line = self.message[start..end].trim_ascii_end();
        if let Some((frame, closes)) = line.strip_prefix(b"--").and_then(|rest| self.boundary(rest)) {
            let before = self.before_line_end(start);
            self.end_open(before);
            self.close(frame + 1, before);
            if closes {
                self.close(frame, before);
                self.at = At::Between;
            } else {
                self.part(end);
            }
            return;
        }
        if let At::Head { start: from, .. } = &self.at {
            let envelope = start == *from && (line.starts_with(b"From ") || line.starts_with(b">From "));
            let continues = start > *from && matches!(self.message[start], b' ' | b'\t');
            if line.is_empty() {
                self.head(start, end);
            } else if !envelope && !continues && !is_field(line) {
                // A head that no empty line ends.
                self.head(start, start);
            }
        }
    }

    /// The open multipart of which this is a boundary, and whether it is the last.
    fn boundary(&self, rest: &[u8]) -> Option<(usize, bool)> {
        self.frames.iter().enumerate().rev().find_map(|(index, frame)| {
            let after = rest.strip_prefix(frame.boundary.as_slice())?;
            match after {
                b"" => Some((index, false)),
                b"--" => Some((index, true)),
                _ => None,
            }
        })
    }

    /// Where what stands before the line at `start` ends: the line end before a boundary belongs to the boundary.
    fn before_line_end(&self, start: usize) -> usize {
        let before = &self.message[..start];
        let before = before.strip_suffix(b"\n").unwrap_or(before);
        before.strip_suffix(b"\r").unwrap_or(before).len()
    }

    /// Ends what is open.
    fn end_open(&mut self, end: usize) {
        match std::mem::replace(&mut self.at, At::Between) {
            At::Body => {
                if let Some(leaf) = self.found.leaves.last_mut() {
                    leaf.body.end = end.max(leaf.body.start);
                }
            }
            At::Head { start, number, of_message } => {
                let end = end.max(start);
                self.at = At::Head { start, number, of_message };
                self.head(end, end);
                self.at = At::Between;
            }
            At::Between => {}
        }
    }

    /// Begins a part of the innermost multipart.
    fn part(&mut self, start: usize) {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            self.warn(format!("it has more than {MOST_PARTS} parts: the others were not looked at"));
            self.at = At::Between;
            return;
        }
        let Some(frame) = self.frames.last_mut() else { return };
        frame.parts += 1;
        self.messages = frame.messages;
        let number = below(&frame.number, frame.parts);
        self.at = At::Head { start, number, of_message: false };
    }

    fn warn(&mut self, warning: String) {
        if !self.found.warnings.contains(&warning) {
            self.found.warnings.push(warning);
        }
    }

    /// The head that is open ends at `end`; its body begins at `body`.
    fn head(&mut self, end: usize, body: usize) {
        let At::Head { start, number, of_message } = std::mem::replace(&mut self.at, At::Between) else { return };
        let digest = !of_message && self.frames.last().is_some_and(|frame| frame.digest);
        let default = if digest { "message/rfc822" } else { "text/plain" };
        let head = Head::parse(&self.message[start..end], default);
        if std::mem::take(&mut self.first_head) {
            self.found.head = Range { start, end };
        }
        let around = self.frames.last();
        let alternative = around.and_then(|frame| frame.alternative);
        let nested = self.messages > 0;
        let deep = self.frames.len() + self.messages >= self.depth;
        let opens = head.boundary.is_some() || head.is_message();
        if opens && deep {
            self.warn(format!("its parts are nested deeper than {} levels: those were not looked into", self.depth));
        } else if let Some(boundary) = &head.boundary {
            let own = head.media_type == "multipart/alternative";
            self.alternatives += usize::from(own);
            self.frames.push(Frame {
                boundary: boundary.clone().into_bytes(),
                start: body,
                number,
                parts: 0,
                alternative: if own { Some(self.alternatives) } else { alternative },
                digest: head.media_type == "multipart/digest",
                messages: self.messages,
            });
            return;
        } else if head.is_message() && !head.transfer.is_encoded() {
            let number = if of_message { below(&number, 1) } else { number };
            self.messages += 1;
            self.at = At::Head { start: body, number, of_message: true };
            return;
        }
        let number = if of_message { below(&number, 1) } else { number };
        self.found.leaves.push(Leaf { number, head, body: Range { start: body, end: body }, alternative, nested });
        self.at = At::Body;
    }
}

fn below(number: &str, part: usize) -> String {
    if number.is_empty() { part.to_string() } else { format!("{number}.{part}") }
}

/// Whether a line begins a header field: a name, a colon.
pub(super) fn is_field(line: &[u8]) -> bool {
    field_name(line).is_some()
}

/// The name of the header field that a line begins.
pub(super) fn field_name(line: &[u8]) -> Option<&[u8]> {
    let name = line[..memchr::memchr(b':', line)?].trim_ascii_end();
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}
