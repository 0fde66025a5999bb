//! One worker process, seen from the run.

use std::ffi::OsString;
use std::io::{self, BufReader, BufWriter};
use std::process::{ChildStdin, ChildStdout, Command};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::frame;
use crate::group::Group;
use crate::task::{Done, PartTask, Ready, Task};

/// How a worker is started: a program and its first arguments. The program calls [`serve`](crate::serve) and nothing else.
#[derive(Debug, Clone)]
pub struct WorkerCommand {
    /// The program: mostly the one that runs.
    pub program: OsString,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// What is set in its environment.
    pub environment: Vec<(OsString, OsString)>,
}

/// How long a worker may take to be ready.
const START: Duration = Duration::from_mins(1);

/// A process that is one part of a pipeline.
pub(crate) struct Worker {
    process: Group,
    input: Option<BufWriter<ChildStdin>>,
    answers: Receiver<io::Result<Option<Answer>>>,
    /// Whether it has worked on a document already.
    used: bool,
}

enum Answer {
    Ready(Ready),
    Done(Box<Done>),
}

/// Why a worker gave no answer.
pub(crate) enum Lost {
    /// It could not be started: why.
    Unready(String),
    /// It took longer than it may.
    Late,
    /// It died.
    Died(Death),
}

/// How a worker died.
pub(crate) enum Death {
    /// Its stack was used up.
    Stack,
    /// It got no more memory.
    Memory,
    /// It ended, or was ended: how.
    Ended(String),
}

impl Worker {
    /// Starts a process, and waits until it is the part.
    pub(crate) fn start(command: &WorkerCommand, part: &PartTask) -> Result<Self, String> {
        let mut process = Command::new(&command.program);
        process.envs(command.environment.iter().cloned());
        // A trace of calls would push what it died of out of the lines that are kept.
        process.env("RUST_BACKTRACE", "0");
        process.args(&command.arguments);
        let (process, input, output) = Group::spawn(&mut process, &part.id)
            .map_err(|error| format!("cannot start {}: {error}", command.program.to_string_lossy()))?;
        let (send, answers) = crossbeam_channel::bounded(1);
        let answering = std::thread::Builder::new().name("docmill-answers".to_owned());
        answering
            .spawn(move || answer(output, &send))
            .map_err(|error| format!("cannot listen to a worker: {error}"))?;
        let mut worker = Self { process, input: Some(BufWriter::new(input)), answers, used: false };
        let ready = worker.send(part).and_then(|()| worker.wait(START));
        match ready {
            Ok(Answer::Ready(Ok(()))) => Ok(worker),
            Ok(Answer::Ready(Err(error))) | Err(Lost::Unready(error)) => Err(error),
            Ok(Answer::Done(_)) => Err("the worker of another version answered".to_owned()),
            Err(Lost::Late) => Err(format!("its worker was not ready within {START:?}")),
            Err(Lost::Died(Death::Memory)) => Err("limits.memory is too little for its worker to be ready".to_owned()),
            Err(Lost::Died(Death::Stack)) => Err("its worker overflowed its stack before it was ready".to_owned()),
            Err(Lost::Died(Death::Ended(how))) => Err(format!("its worker {how} before it was ready")),
        }
    }

    /// Has it work on a document, for no longer than `time`. A worker that gives no answer is not to be used any more.
    pub(crate) fn work(&mut self, task: &Task, time: Duration) -> Result<Done, Lost> {
        self.send(task)?;
        match self.wait(time)? {
            Answer::Done(done) => {
                self.used = true;
                Ok(*done)
            }
            Answer::Ready(_) => Err(Lost::Died(Death::Ended("answered what it was not asked".to_owned()))),
        }
    }

    /// Whether it has worked on a document already: what it dies of may be left from that one.
    pub(crate) fn is_used(&self) -> bool {
        self.used
    }

    fn send(&mut self, value: &impl serde::Serialize) -> Result<(), Lost> {
        let sent =
            self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe.into()).and_then(|input| frame::write(input, value));
        // A worker that died takes nothing any more: how it died says more than that.
        sent.map_err(|_| Lost::Died(self.end(true)))
    }

    fn wait(&mut self, time: Duration) -> Result<Answer, Lost> {
        match self.answers.recv_timeout(time) {
            Ok(Ok(Some(answer))) => Ok(answer),
            Ok(Ok(None)) | Err(RecvTimeoutError::Disconnected) => Err(Lost::Died(self.end(true))),
            Ok(Err(error)) => {
                self.end(false);
                Err(Lost::Died(Death::Ended(format!("answered with no answer: {error}"))))
            }
            Err(RecvTimeoutError::Timeout) => {
                self.end(false);
                Err(Lost::Late)
            }
        }
    }

    /// Ends it, and says how it ended. One that is `dying` by itself has a moment to do so.
    fn end(&mut self, dying: bool) -> Death {
        drop(self.input.take());
        let how = self.process.end(dying);
        let said = self.process.said().join("\n");
        if dying && !said.is_empty() {
            tracing::info!(said, "a worker ended");
        }
        // What it said has the numbers of threads in it, and may not stand in the quarantine.
        if said.contains("has overflowed its stack") {
            Death::Stack
        } else if said.contains("memory allocation of ") || said.contains("out of memory") {
            Death::Memory
        } else {
            Death::Ended(how)
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Its input ends, and so does it.
        drop(self.input.take());
        self.process.end(true);
    }
}

/// Hands on what a worker answers: once that it is ready, then what came of each task.
fn answer(output: ChildStdout, send: &crossbeam_channel::Sender<io::Result<Option<Answer>>>) {
    let mut output = BufReader::new(output);
    let first = frame::read::<Ready>(&mut output).map(|ready| ready.map(Answer::Ready));
    let mut answer = first;
    loop {
        let last = !matches!(answer, Ok(Some(_)));
        if send.send(answer).is_err() || last {
            return;
        }
        answer = frame::read::<Done>(&mut output).map(|done| done.map(|done| Answer::Done(Box::new(done))));
    }
}
