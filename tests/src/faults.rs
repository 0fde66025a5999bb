//! Faults of a disk at exact places: chosen calls of the binary fail, or it is killed in front of them.
//!
//! The calls are intercepted by a library that is loaded before libc. It is built from `tests/faults/faults.c` with `cc`, which the
//! build of docmill needs too. It asks no rights of the user, and works on Linux.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What the system says in the place of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The process gets SIGKILL before the call.
    Killed = 0,
    /// The operation is not permitted.
    NotPermitted = 1,
    /// The disk cannot be read or written.
    Broken = 5,
    /// The disk is full.
    Full = 28,
    /// The file system is read-only.
    ReadOnly = 30,
}

/// Calls of a command that are watched, and which of them fail.
#[derive(Debug, Clone)]
pub struct Faults {
    calls: String,
    path: String,
    log: PathBuf,
    failing: Option<(usize, usize, Fault)>,
}

impl Faults {
    /// Watches calls on paths with `path` in them; `log` is the file that they are written to. A call is named `rename`, `linkat`,
    /// `unlink`, `open`, `read`, `write`, `truncate` or `sync`.
    pub fn watch(calls: &[&str], path: &str, log: &Path) -> Self {
        Self { calls: format!(",{},", calls.join(",")), path: path.to_owned(), log: log.to_owned(), failing: None }
    }

    /// The call that is the `number`th of them, from 1, fails.
    #[must_use]
    pub fn at(mut self, number: usize, fault: Fault) -> Self {
        self.failing = Some((number, number, fault));
        self
    }

    /// All calls from the `number`th of them on fail.
    #[must_use]
    pub fn from(mut self, number: usize, fault: Fault) -> Self {
        self.failing = Some((number, usize::MAX >> 1, fault));
        self
    }

    /// Lets them happen to a command.
    pub fn set<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let _ = std::fs::remove_file(&self.log);
        command.env("LD_PRELOAD", library()).env("FAULT_CALLS", &self.calls).env("FAULT_LOG", &self.log);
        if !self.path.is_empty() {
            command.env("FAULT_PATH", &self.path);
        }
        if let Some((first, last, fault)) = self.failing {
            command.env("FAULT_FIRST", first.to_string()).env("FAULT_LAST", last.to_string());
            command.env("FAULT_ERROR", (fault as i32).to_string());
        }
        command
    }

    /// The calls that were made: name and paths.
    pub fn seen(&self) -> Vec<[String; 3]> {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let call = |line: &str| {
            let mut parts = line.split('\t').map(ToOwned::to_owned);
            std::array::from_fn(|_| parts.next().unwrap_or_default())
        };
        log.lines().map(call).collect()
    }
}

/// The library, built.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("faults/faults.c");
        let test = std::env::current_exe().expect("the test has a path");
        let folder = test.parent().expect("it lies in a folder");
        // Several tests may build it at once.
        let built = folder.join(format!("docmill-faults-{}.so", std::process::id()));
        let mut compile = Command::new("cc");
        compile.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&built).arg(source).arg("-ldl");
        let status =
            compile.status().expect("faults are made by a library in C: `cc` must be there, as for building SQLite");
        assert!(status.success(), "{compile:?} failed");
        let library = folder.join("docmill-faults.so");
        std::fs::rename(built, &library).expect("the folder of the tests can be written");
        library
    })
}
