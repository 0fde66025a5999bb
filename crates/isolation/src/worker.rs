//! One worker process, seen from the run.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, BufWriter};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::frame;
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
const START: Duration = Duration::from_secs(60);
/// How many of the last lines on its standard error are kept, and how long each may be.
const LINES: (usize, usize) = (5, 300);

/// A process that is one part of a pipeline.
pub(crate) struct Worker {
    child: Child,
    input: Option<BufWriter<ChildStdin>>,
    answers: Receiver<io::Result<Option<Answer>>>,
    said: Arc<Mutex<VecDeque<String>>>,
    listening: Vec<JoinHandle<()>>,
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
        process.args(&command.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own: what it starts ends with it, and an interrupt at the terminal is the run's affair.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut process, 0);
        let mut child =
            process.spawn().map_err(|error| format!("cannot start {}: {error}", command.program.to_string_lossy()))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else { return Err("a worker has no pipes".to_owned()) };
        let (send, answers) = crossbeam_channel::bounded(1);
        let said = Arc::default();
        let listening = vec![
            listen("docmill-answers", move || answer(output, &send))?,
            listen("docmill-worker-log", {
                let (said, id) = (Arc::clone(&said), part.id.clone());
                move || log(errors, &id, &said)
            })?,
        ];
        let mut worker = Self { child, input: Some(BufWriter::new(input)), answers, said, listening, used: false };
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

    /// Ends it and all that it started, and says how it ended. One that is `dying` by itself has a moment to do so: its own end
    /// says more than ours.
    fn end(&mut self, dying: bool) -> Death {
        drop(self.input.take());
        if dying {
            within_a_moment(|| has_ended(&mut self.child));
        }
        kill_group(&self.child);
        let _ = self.child.kill();
        let status = self.child.wait().ok();
        // A process that it started and that left the group may have the pipes still: nobody waits for that.
        within_a_moment(|| self.listening.iter().all(JoinHandle::is_finished));
        self.listening.clear();
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let said = said.make_contiguous().join("\n");
        if dying && !said.is_empty() {
            tracing::info!(said, "a worker ended");
        }
        // What it said has the numbers of threads in it, and may not stand in the quarantine.
        if said.contains("has overflowed its stack") {
            Death::Stack
        } else if said.contains("memory allocation of ") || said.contains("out of memory") {
            Death::Memory
        } else {
            Death::Ended(status.map_or_else(|| "ended".to_owned(), ended))
        }
    }
}

/// Waits until something holds, but no longer than a second.
fn within_a_moment(mut holds: impl FnMut() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if !self.listening.is_empty() {
            self.end(true);
        }
    }
}

fn listen(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, String> {
    let spawned = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    spawned.map_err(|error| format!("cannot listen to a worker: {error}"))
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

/// Hands on what a worker says on standard error to the log, and keeps the last of it.
fn log(errors: ChildStderr, id: &str, said: &Mutex<VecDeque<String>>) {
    let mut errors = BufReader::new(errors);
    let mut line = Vec::new();
    while errors.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let text: String = String::from_utf8_lossy(&line).trim().chars().take(LINES.1).collect();
        line.clear();
        if text.is_empty() {
            continue;
        }
        tracing::debug!(part = id, said = text, "a worker says");
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() == LINES.0 {
            said.pop_front();
        }
        said.push_back(text);
    }
}

/// Whether a process has ended. It is still there to be waited for, so that its group keeps its name.
#[cfg(unix)]
fn has_ended(child: &mut Child) -> bool {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

    let Some(id) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return true };
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    !matches!(waitid(WaitId::Pid(id), look), Ok(None))
}

#[cfg(not(unix))]
fn has_ended(child: &mut Child) -> bool {
    child.try_wait().is_ok_and(|status| status.is_some())
}

#[cfg(unix)]
fn kill_group(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process_group};

    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // Where there is nobody left there is nothing to end.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_child: &Child) {}

fn ended(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let name = match signal {
            4 => " (illegal instruction)",
            6 => " (abort)",
            7 => " (bus error)",
            8 => " (arithmetic error)",
            9 => " (killed)",
            11 => " (segmentation fault)",
            _ => "",
        };
        return format!("was ended by signal {signal}{name}");
    }
    match status.code() {
        Some(code) => format!("ended with status {code}"),
        None => "ended".to_owned(),
    }
}
