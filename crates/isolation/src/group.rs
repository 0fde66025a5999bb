//! A process in a group of its own: what it starts ends with it, and an interrupt at the terminal is the run's affair.

use std::collections::{BTreeSet, VecDeque};
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How many of the last lines on standard error are kept.
const LINES: usize = 5;
/// How much of each of these lines is kept, in bytes.
const LINE: usize = 300;
/// How long the end of a process is waited for that ends by itself.
const MOMENT: Duration = Duration::from_secs(1);

/// The groups that live, so that [`end_all`] finds them.
static LIVING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// A running process and all that it started, with pipes to its standard input and output. What it says on standard error goes
/// to the log, and the last of it is kept. Dropped, it is killed, unless it has ended.
pub struct Group {
    child: Child,
    name: String,
    said: Arc<Mutex<VecDeque<String>>>,
    listening: Option<JoinHandle<()>>,
    ended: Option<ExitStatus>,
}

impl Group {
    /// Starts the process. `name` is what the log calls it.
    pub fn spawn(command: &mut Command, name: &str) -> io::Result<(Self, ChildStdin, ChildStdout)> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let mut child = command.spawn()?;
        LIVING.lock().unwrap_or_else(PoisonError::into_inner).insert(child.id());
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let said = Arc::default();
        let mut group = Self { child, name: name.to_owned(), said, listening: None, ended: None };
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err(io::Error::other("a process has no pipes"));
        };
        let (said, name) = (Arc::clone(&group.said), group.name.clone());
        let listening = std::thread::Builder::new().name("docmill-process-log".to_owned());
        group.listening = Some(listening.spawn(move || log(errors, &name, &said))?);
        Ok((group, input, output))
    }

    /// Whether the process has ended. It is still there to be waited for, so that its group keeps its number.
    pub fn has_ended(&mut self) -> bool {
        self.ended.is_some() || has_ended(&mut self.child)
    }

    /// Waits until the process has ended by itself, but no longer than `time`, and says whether it has.
    pub fn wait(&mut self, time: Duration) -> bool {
        within(time, || self.has_ended())
    }

    /// Asks all processes of the group to end.
    pub fn terminate(&self) {
        #[cfg(unix)]
        signal(self.child.id(), rustix::process::Signal::TERM);
    }

    /// Ends the process and all that it started, and says how the process ended, such as `ended with status 3`. One that is `dying`
    /// by itself has a moment to do so: its own end says more than ours.
    pub fn end(&mut self, dying: bool) -> String {
        if dying && self.ended.is_none() {
            self.wait(MOMENT);
        }
        self.kill();
        self.ended.map_or_else(|| "ended".to_owned(), how)
    }

    /// Whether the process ended without an error. Only told once [`Group::end`] was asked for.
    pub fn succeeded(&self) -> bool {
        self.ended.is_some_and(|status| status.success())
    }

    /// The last lines that the process said on standard error. Once it has ended, all that it said is waited for.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn kill(&mut self) {
        if self.ended.is_none() {
            #[cfg(unix)]
            signal(self.child.id(), rustix::process::Signal::KILL);
            let _ = self.child.kill();
            self.ended = self.child.wait().ok();
            LIVING.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.child.id());
        }
        // A process that it started and that left the group may have the pipe still: nobody waits for that.
        if let Some(listening) = self.listening.take() {
            within(MOMENT, || listening.is_finished());
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Kills every [`Group`] of this process: for a program that ends at once.
pub fn end_all() {
    let living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
    #[cfg(unix)]
    living.iter().for_each(|id| signal(*id, rustix::process::Signal::KILL));
    drop(living);
}

/// Waits until something holds, but no longer than `time`, and says whether it does.
fn within(time: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let until = Instant::now() + time;
    loop {
        if holds() {
            return true;
        }
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Hands on what a process says on standard error to the log, and keeps the last of it.
fn log(errors: impl Read, name: &str, said: &Mutex<VecDeque<String>>) {
    let mut errors = BufReader::new(errors);
    while let Some(line) = line(&mut errors) {
        let text = String::from_utf8_lossy(&line).trim().to_owned();
        if text.is_empty() {
            continue;
        }
        tracing::debug!(process = name, said = text, "a process says");
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() == LINES {
            said.pop_front();
        }
        said.push_back(text);
    }
}

/// The beginning of the next line: what is more than is kept is read and forgotten.
fn line(errors: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    loop {
        let seen = errors.fill_buf().ok()?;
        if seen.is_empty() {
            return (!line.is_empty()).then_some(line);
        }
        let end = seen.iter().position(|&byte| byte == b'\n');
        let piece = &seen[..end.unwrap_or(seen.len())];
        line.extend_from_slice(&piece[..piece.len().min(LINE - line.len().min(LINE))]);
        let read = end.map_or(seen.len(), |end| end + 1);
        errors.consume(read);
        if end.is_some() {
            return Some(line);
        }
    }
}

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
fn signal(id: u32, signal: rustix::process::Signal) {
    use rustix::process::{Pid, kill_process_group};

    if let Some(group) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        // Where there is nobody left there is nothing to end.
        let _ = kill_process_group(group, signal);
    }
}

fn how(status: ExitStatus) -> String {
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
