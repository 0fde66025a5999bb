//! What the end-to-end tests share: the built binary, the fixtures, a scratch folder, and a short form of records to pin.

mod digest;
mod draw;
mod faults;
mod reports;
mod small_disk;
mod tutorial;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

pub use digest::digest;
pub use draw::Draw;
pub use faults::{Fault, Faults};
pub use reports::{FINISHED, Reports, outputs, temporary};
pub use small_disk::SmallDisk;
pub use tutorial::Tutorial;

/// The manual, whose Rust examples are compiled.
#[cfg(doctest)]
#[doc = include_str!("../../docs/manual.md")]
pub struct Manual;

/// The root of the workspace.
///
/// # Panics
/// Where the tests do not lie in the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace")
}

/// A file or folder of `fixtures/`.
pub fn fixture(name: &str) -> PathBuf {
    root().join("fixtures").join(name)
}

/// The `docmill` binary that is tested: the one that `DOCMILL_BINARY` names, or else one that is built now, with the features of the
/// tests.
///
/// # Panics
/// Where it does not build.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("DOCMILL_BINARY").map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--locked", "--package", "docmill-cli", "--bin", "docmill"]);
    let features = FEATURES.iter().filter(|(_, is_on)| *is_on).map(|(feature, _)| *feature);
    build.args(["--features", &features.collect::<Vec<_>>().join(",")]);
    let status = build.current_dir(root()).status().expect("cargo starts");
    assert!(status.success(), "the docmill binary does not build");
    // The tests themselves lie in `deps` beside the binaries.
    let test = std::env::current_exe().expect("the test has a path");
    let folder = test.ancestors().nth(2).expect("tests lie two levels below the binaries");
    folder.join(format!("docmill{}", std::env::consts::EXE_SUFFIX))
}

/// The features of docmill that have tests of their own, and whether these are on.
const FEATURES: [(&str, bool); 6] = [
    ("llm", cfg!(feature = "llm")),
    ("objects", cfg!(feature = "objects")),
    ("otlp", cfg!(feature = "otlp")),
    ("parquet", cfg!(feature = "parquet")),
    ("pdf", cfg!(feature = "pdf")),
    ("wasm", cfg!(feature = "wasm")),
];

/// Has a command build packages of one's own on what was built already: in the same target folder, and with nothing from the network.
/// The packages lie below the root, so that they have the settings of its `.cargo/config.toml`.
///
/// # Panics
/// Where docmill does not build.
pub fn build_on_what_is_there(command: &mut Command) {
    let target = binary().ancestors().nth(2).expect("binaries lie two levels below the target folder");
    command.env("CARGO_TARGET_DIR", target).env("CARGO_NET_OFFLINE", "true").env("CARGO_INCREMENTAL", "0");
}

/// A docmill command that starts at the root of the workspace, and keeps no cache unless `--cache` says where.
pub fn docmill() -> Command {
    let mut command = Command::new(binary());
    command.current_dir(root()).env_remove("DOCMILL_LOG").env("NO_COLOR", "1").env("DOCMILL_CACHE", "off");
    command
}

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    /// Its exit status.
    pub code: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Ran {
    /// The command's result; its output must be UTF-8.
    ///
    /// # Panics
    /// Where it did not start, was ended by a signal, or wrote something else.
    pub fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().expect("the command starts");
        Self {
            code: status.code().expect("no signal ended it"),
            stdout: String::from_utf8(stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(stderr).expect("standard error is UTF-8"),
        }
    }
}

/// Runs docmill with these arguments.
pub fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Ran {
    Ran::of(docmill().args(arguments))
}

/// A run folder, gone when it is dropped.
pub struct RunFolder(tempfile::TempDir);

impl RunFolder {
    /// A folder that is not there yet, in a temporary one.
    ///
    /// # Panics
    /// Where no temporary folder can be made.
    #[allow(clippy::new_without_default, reason = "a default that makes folders would surprise")]
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Its path.
    pub fn path(&self) -> PathBuf {
        self.0.path().join("out")
    }

    /// The text of a file in it.
    ///
    /// # Panics
    /// Where it is not there.
    pub fn text(&self, name: &str) -> String {
        let path = self.path().join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The lines of a JSONL file in it.
    ///
    /// # Panics
    /// Where one is not JSON.
    pub fn lines(&self, name: &str) -> Vec<Value> {
        self.text(name).lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }

    /// A JSON file in it.
    ///
    /// # Panics
    /// Where it is not JSON.
    pub fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).expect("JSON")
    }

    /// All files below it with their bytes, sorted by path; the manifest, which carries times, left out.
    ///
    /// # Panics
    /// Where one cannot be read.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.path()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("a folder of the run") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.file_name() != Some(OsStr::new("manifest.json")) {
                    let bytes = std::fs::read(&path).expect("a file of the run");
                    files.push((path.strip_prefix(self.path()).expect("it lies in it").to_owned(), bytes));
                }
            }
        }
        files.sort();
        files
    }
}

/// Waits until something holds, for a minute at most.
///
/// # Panics
/// Where it does not hold by then; `what` says what was waited for.
pub fn wait_for(what: &str, holds: impl Fn() -> bool) {
    let began = std::time::Instant::now();
    while !holds() {
        assert!(began.elapsed() < std::time::Duration::from_mins(1), "no {what} within a minute");
        std::thread::yield_now();
    }
}

/// All files below a folder, sorted.
///
/// # Panics
/// Where a folder cannot be read.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
