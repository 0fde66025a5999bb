//! One process of a plugin.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use docmill_core::contract::Descriptor;
use docmill_core::{Limits, OptionError};
use docmill_isolation::Group;
use serde_json::Value;

use super::protocol::{PROTOCOL, Reply, Request, Scope};
use super::with_last_words;
use crate::launch::Launch;

/// How long a process may take to describe itself.
const HELLO: Duration = Duration::from_secs(10);
/// How long a process may take to be ready with its options: models are loaded then.
const INIT: Duration = Duration::from_mins(2);
/// How long a process that waits is waited for before it is looked at whether it is still there.
const LOOK: Duration = Duration::from_millis(50);
/// How long a process may take to end once it was asked to; then how long once it is told to.
const SHUTDOWN: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(3));

/// The longest line that a process may answer with, in bytes: four times the largest document, and 16 MiB at least.
pub(crate) fn line_limit(limits: &Limits) -> usize {
    usize::try_from(limits.document.0.saturating_mul(4)).unwrap_or(usize::MAX).max(16 << 20)
}

/// A running process that speaks the protocol.
pub(crate) struct Worker {
    group: Group,
    program: String,
    requests: Sender<Vec<u8>>,
    lines: Receiver<Line>,
    line_limit: usize,
    /// Whether it was given documents already.
    used: bool,
    seq: u64,
}

/// A line of a process.
enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// Why there is no answer.
pub(crate) enum Trouble {
    /// It takes too long.
    Late,
    /// It ended: how.
    Died(String),
    /// It said what it may not: what.
    Broke(String),
}

/// Why a process cannot be given documents.
pub(crate) enum Refusal {
    /// Its options are wrong.
    Options(OptionError),
    /// It cannot be started, or is not ready: why.
    Unready(String),
}

impl Worker {
    /// Starts a process, and greets it.
    pub(crate) fn start(launch: &Launch, name: &str, line_limit: usize) -> Result<Self, String> {
        let program = launch.program();
        let (group, input, output) = Group::spawn(&mut launch.command(ToOwned::to_owned), name)
            .map_err(|error| format!("cannot start {program}: {error}"))?;
        let ((requests, to_write), (send, lines)) = (bounded(1), bounded(4));
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let cannot = |error: std::io::Error| format!("cannot speak with {program}: {error}");
        // A process that reads nothing must not hold up the run: it is a thread of its own that waits for it.
        thread("docmill-plugin-in").spawn(move || write(input, &to_write)).map_err(cannot)?;
        thread("docmill-plugin-out").spawn(move || read(output, &send, line_limit)).map_err(cannot)?;
        let worker = Self { group, program, requests, lines, line_limit, used: false, seq: 0 };
        let host = concat!("docmill ", env!("CARGO_PKG_VERSION"));
        worker.send(Request::Hello { protocol: PROTOCOL, host }.line());
        Ok(worker)
    }

    /// What it says of itself, and how many documents it takes at a time.
    pub(crate) fn describe(&mut self) -> Result<(Descriptor, usize), String> {
        match self.next(HELLO) {
            Ok(reply) => reply.described().map_err(|why| format!("{} {why}", self.program)),
            Err(trouble) => Err(self.before("it described itself", trouble, HELLO)),
        }
    }

    /// Gives it its options.
    pub(crate) fn init(&mut self, options: &Value) -> Result<(), Refusal> {
        self.send(Request::Init { options }.line());
        let reply = match self.next(INIT) {
            Ok(reply) => reply,
            Err(trouble) => return Err(Refusal::Unready(self.before("it was ready", trouble, INIT))),
        };
        let message = reply.message.unwrap_or_default();
        match (reply.kind.as_str(), reply.scope) {
            ("ready", _) => Ok(()),
            ("error", Some(Scope::Options)) => {
                Err(Refusal::Options(OptionError::new(reply.pointer.unwrap_or_default(), message)))
            }
            ("error", _) => Err(Refusal::Unready(message)),
            (other, _) => {
                let why = format!("{} answered `init` with `{other}`, expected `ready`", self.program);
                Err(Refusal::Unready(why))
            }
        }
    }

    /// Hands over documents, each of which is JSON already, and gives the number of the request.
    pub(crate) fn hand_over<'d>(&mut self, docs: impl Iterator<Item = &'d [u8]>) -> u64 {
        self.seq += 1;
        self.used = true;
        self.send(super::protocol::process(self.seq, docs));
        self.seq
    }

    /// Whether it was given documents already: what it dies of may be left from those.
    pub(crate) fn is_used(&self) -> bool {
        self.used
    }

    /// What it says next, within `time`.
    pub(crate) fn next(&mut self, time: Duration) -> Result<Reply, Trouble> {
        let until = Instant::now() + time;
        let line = loop {
            match self.lines.recv_timeout(LOOK.min(until.saturating_duration_since(Instant::now()))) {
                Ok(line) => break line,
                Err(RecvTimeoutError::Disconnected) => return Err(self.died()),
                Err(RecvTimeoutError::Timeout) if self.group.has_ended() => {
                    // What it started may have its output still. What it said itself is here in a moment.
                    match self.lines.recv_timeout(LOOK) {
                        Ok(line) => break line,
                        Err(_) => return Err(self.died()),
                    }
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() >= until => return Err(Trouble::Late),
                Err(RecvTimeoutError::Timeout) => {}
            }
        };
        let Line::Whole(line) = line else {
            return Err(Trouble::Broke(format!("wrote a line of more than {} bytes", self.line_limit)));
        };
        serde_json::from_slice(&line).map_err(|error| {
            let shown: String = String::from_utf8_lossy(&line).chars().take(80).collect();
            Trouble::Broke(format!("wrote what is no message of the protocol ({error}): {shown:?}"))
        })
    }

    /// Asks it to end. It is to be waited for with [`Worker::end`].
    pub(crate) fn dismiss(&self) {
        self.send(Request::Shutdown.line());
    }

    /// Waits for its end, and sees to it.
    pub(crate) fn end(mut self) {
        drop(std::mem::replace(&mut self.requests, bounded(0).0));
        if !self.group.wait(SHUTDOWN.0) {
            tracing::warn!(program = self.program, "a plugin does not end when it is asked to: it is told to");
            self.group.terminate();
            self.group.wait(SHUTDOWN.1);
        }
        self.group.end(false);
    }

    fn send(&self, line: Vec<u8>) {
        // Where it does not take it any more, there will be no answer, and that says why.
        let _ = self.requests.send(line);
    }

    fn died(&mut self) -> Trouble {
        let how = self.group.end(true);
        Trouble::Died(with_last_words(&format!("{} {how}", self.program), &self.group.said()))
    }

    fn before(&self, what: &str, trouble: Trouble, time: Duration) -> String {
        match trouble {
            Trouble::Late => format!("{} took longer than {time:?} before {what}", self.program),
            Trouble::Died(how) => match how.split_once("; it said: ") {
                Some((how, said)) => format!("{how} before {what}; it said: {said}"),
                None => format!("{how} before {what}"),
            },
            Trouble::Broke(what) => format!("{} {what}", self.program),
        }
    }
}

/// Writes requests until there are no more, or nobody reads them.
fn write(mut input: ChildStdin, requests: &Receiver<Vec<u8>>) {
    for request in requests {
        if input.write_all(&request).and_then(|()| input.flush()).is_err() {
            return;
        }
    }
}

/// Reads lines until there are no more, or one is too long, or nobody wants them.
fn read(output: ChildStdout, lines: &Sender<Line>, limit: usize) {
    let mut output = BufReader::with_capacity(64 << 10, output);
    loop {
        let mut line = Vec::new();
        let read = std::io::Read::take(&mut output, limit as u64 + 1).read_until(b'\n', &mut line);
        let line = match read {
            Ok(0) | Err(_) => return,
            Ok(read) if read > limit => Line::TooLong,
            Ok(_) => Line::Whole(line),
        };
        let last = matches!(line, Line::TooLong);
        if lines.send(line).is_err() || last {
            return;
        }
    }
}
