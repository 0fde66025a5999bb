//! A disk with little room.

use std::ffi::OsStr;
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A file system in memory of a set size. It is mounted in a namespace of its own, which a process holds: it is gone with that,
/// however the test ends. Linux lets root do so, and most systems everybody.
pub struct SmallDisk {
    holder: Child,
    said: BufReader<std::process::ChildStdout>,
    folder: tempfile::TempDir,
    /// What to enter of the process to be where the disk is.
    namespaces: &'static [&'static str],
}

impl SmallDisk {
    /// A disk of so many bytes, which the system rounds up to pages; `None` where this user may mount none.
    ///
    /// # Panics
    /// Where there is no shell or no temporary folder.
    pub fn new(bytes: u64) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let script = "mount -t tmpfs -o size=\"$2\" docmill-test \"$1\" && echo mounted && \
                      while read size; do mount -t tmpfs -o remount,size=\"$size\" docmill-test \"$1\" && echo mounted || echo failed; done";
        let as_root: (&[&str], &[&str]) = (&[], &["--mount"]);
        let as_anyone: (&[&str], &[&str]) =
            (&["--user", "--map-root-user"], &["--user", "--preserve-credentials", "--mount"]);
        for (rights, namespaces) in [as_root, as_anyone] {
            let mut holder = Command::new("unshare")
                .args(rights)
                .args(["--mount", "--propagation", "private", "sh", "-c", script, "sh"])
                .arg(folder.path())
                .arg(bytes.to_string())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .ok()?;
            let mut said = BufReader::new(holder.stdout.take().expect("it was asked for"));
            if mounted(&mut said) {
                return Some(Self { holder, said, folder, namespaces });
            }
            holder.wait().expect("it has ended");
        }
        None
    }

    /// Where commands that run on it find it.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where this process finds what is in it.
    ///
    /// # Panics
    /// Never: temporary folders have absolute paths.
    pub fn seen(&self) -> PathBuf {
        let namespace = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        namespace.join(self.path().strip_prefix("/").expect("temporary folders have absolute paths"))
    }

    /// The command, where the disk is.
    pub fn on(&self, command: &Command) -> Command {
        let mut entered = Command::new("nsenter");
        entered.arg("--target").arg(self.holder.id().to_string()).args(self.namespaces);
        let folder = command.get_current_dir().unwrap_or(Path::new("."));
        entered.arg([OsStr::new("--wd="), folder.as_os_str()].join(OsStr::new("")));
        entered.arg("--").arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => entered.env(name, value),
                None => entered.env_remove(name),
            };
        }
        entered
    }

    /// Gives it another size.
    ///
    /// # Panics
    /// Where that cannot be done.
    pub fn resize(&mut self, bytes: u64) {
        let commands = self.holder.stdin.as_mut().expect("it was asked for");
        writeln!(commands, "{bytes}").expect("it listens");
        assert!(mounted(&mut self.said), "the disk cannot be made larger");
    }
}

fn mounted(said: &mut impl std::io::BufRead) -> bool {
    let mut line = String::new();
    said.read_line(&mut line).is_ok_and(|_| line == "mounted\n")
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // It ends when nobody can tell it anything any more.
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}
