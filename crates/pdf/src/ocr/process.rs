//! Running a program to its end, within a time and with an answer of bounded length.

use std::fmt;
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is looked whether the program has ended.
const OFTEN: Duration = Duration::from_millis(4);
/// How long the rest of an answer is waited for once the program has ended.
const REST: Duration = Duration::from_secs(2);
/// Most bytes that are kept of what it says went wrong.
const SAID: u64 = 2_000;

/// Why there is no answer: the end of a sentence that begins with the program's name.
#[derive(Debug)]
pub(super) enum Failure {
    /// It could not be started, or not be talked to.
    Io(io::Error),
    /// It took longer than it may.
    Late(Duration),
    /// It answered more than it may, in bytes.
    Long(u64),
    /// It ended with an error: how, and what it said.
    Ended(ExitStatus, String),
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(out, "cannot be called ({error})"),
            Self::Late(time) => write!(out, "took longer than limits.time = {}s", time.as_secs_f64()),
            Self::Long(most) => write!(out, "answered more than {most} bytes"),
            Self::Ended(status, said) if said.is_empty() => write!(out, "ended with {status}"),
            Self::Ended(status, said) => write!(out, "ended with {status} (it said: {said})"),
        }
    }
}

/// Calls a command with `input`, and gives what it answers. It has one thread, and it is gone when this returns.
pub(super) fn run(command: &mut Command, input: Vec<u8>, time: Duration, most: u64) -> Result<Vec<u8>, Failure> {
    let until = Instant::now() + time;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // More threads make it slower where others work beside it, and its sums depend on their number.
    command.env("OMP_THREAD_LIMIT", "1").env("OMP_NUM_THREADS", "1").env("LC_ALL", "C");
    let mut running = Running(command.spawn().map_err(Failure::Io)?);
    running.bound(time);
    let (mut to, from, errors) = (running.0.stdin.take(), running.0.stdout.take(), running.0.stderr.take());
    // A program that ends before it has read everything says so by its status.
    thread::spawn(move || to.as_mut().map(|to| to.write_all(&input)));
    let (answer, said) = (reading(from, most + 1), reading(errors, SAID));
    let status = running.ended(until).map_err(Failure::Io)?.ok_or(Failure::Late(time))?;
    let rest = |from: &Receiver<Vec<u8>>| from.recv_timeout(REST).unwrap_or_default();
    let answer = rest(&answer);
    if answer.len() as u64 > most {
        return Err(Failure::Long(most));
    }
    if !status.success() {
        let said = String::from_utf8_lossy(&rest(&said)).split_whitespace().collect::<Vec<_>>().join(" ");
        return Err(Failure::Ended(status, said));
    }
    Ok(answer)
}

/// Reads beside this thread, to the end, and keeps the beginning.
fn reading(from: Option<impl Read + Send + 'static>, most: u64) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        if let Some(mut from) = from {
            let _ = from.by_ref().take(most).read_to_end(&mut kept);
            let _ = io::copy(&mut from, &mut io::sink());
        }
        send.send(kept)
    });
    receive
}

/// A program that is ended with this, whatever happens.
struct Running(Child);

impl Running {
    /// How it ended; `None` where it has not until then.
    fn ended(&mut self, until: Instant) -> io::Result<Option<ExitStatus>> {
        loop {
            if let Some(status) = self.0.try_wait()? {
                return Ok(Some(status));
            }
            if Instant::now() > until {
                return Ok(None);
            }
            thread::sleep(OFTEN);
        }
    }

    /// Has the system end it after as much computing, for the case that this process is killed.
    #[cfg(target_os = "linux")]
    fn bound(&self, time: Duration) {
        use rustix::process::{Pid, Resource, Rlimit, prlimit};

        let most = Some(time.as_secs().max(1) + 1);
        let id = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw);
        // Where the system refuses, the time above is still kept.
        let _ = id.map(|id| prlimit(Some(id), Resource::Cpu, Rlimit { current: most, maximum: most }));
    }

    #[cfg(not(target_os = "linux"))]
    fn bound(&self, _time: Duration) {}
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, input: &[u8], time: Duration) -> Result<Vec<u8>, String> {
        run(Command::new("sh").args(["-c", script]), input.to_vec(), time, 1_000).map_err(|failure| failure.to_string())
    }

    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn an_answer_may_be_as_long_as_pipes_are_not() {
        let input = vec![b'x'; 1 << 20];
        assert_eq!(shell("cat > /dev/null; echo seen", &input, LONG).unwrap(), b"seen\n");
        assert_eq!(shell("cat", &input, LONG).unwrap_err(), "answered more than 1000 bytes");
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let start = Instant::now();
        let error = shell("exec sleep 1000", b"", Duration::from_millis(300)).unwrap_err();
        assert_eq!(error, "took longer than limits.time = 0.3s");
        assert!(start.elapsed() < LONG);
    }

    #[test]
    fn an_error_says_how_it_ended_and_what_it_said() {
        let error = shell("echo no such language >&2; exit 3", b"", LONG).unwrap_err();
        assert_eq!(error, "ended with exit status: 3 (it said: no such language)");
        let error = run(&mut Command::new("/nowhere/at-all"), Vec::new(), LONG, 9).unwrap_err();
        assert!(error.to_string().starts_with("cannot be called ("), "{error}");
    }
}
