//! Where a disk fills up, the run says which one, nothing half-written stands under a final name, and with room the same run
//! gives the bytes of an undisturbed one.
//!
//! Small disks are mounted where the user may do that; the limit on the size of files (`ulimit -f`) is tried in any case.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]
#![allow(clippy::print_stderr, reason = "it is said what cannot be tried here")]

use std::path::{Path, PathBuf};
use std::process::Command;

use docmill_tests::{FINISHED, Ran, Reports, RunFolder, SmallDisk, files_below, outputs, temporary};

type Files = Vec<(PathBuf, Vec<u8>)>;

const PAGE: u64 = 4096;
const ROOM: u64 = 64 << 20;
const FULL: &str = "No space left on device";
const TOO_LARGE: &str = "File too large";

/// A disk of so many bytes; says so where this user may have none.
fn small_disk(bytes: u64) -> Option<SmallDisk> {
    let disk = SmallDisk::new(bytes);
    if disk.is_none() {
        eprintln!("no small disk can be mounted here: only the limit on the size of files is tried");
    }
    disk
}

/// The command under a limit on the size of each file that it writes.
fn limited(bytes: u64, command: &Command) -> Command {
    let mut limited = Command::new("prlimit");
    limited.arg(format!("--fsize={bytes}")).arg("--").arg(command.get_program()).args(command.get_args());
    limited.current_dir(command.get_current_dir().unwrap_or(Path::new(".")));
    limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited
}

/// What the files below a folder take on a disk.
fn room(folder: &Path) -> u64 {
    let bytes = files_below(folder).into_iter().map(|path| std::fs::metadata(path).unwrap().len());
    bytes.map(|bytes| bytes.div_ceil(PAGE) * PAGE).sum()
}

/// Documents, their outputs, and the outputs of a run over fewer of them.
struct Case {
    reports: Reports,
    expected: Files,
    /// What they take on a disk.
    room: u64,
    earlier: RunFolder,
    old: Files,
}

impl Case {
    fn new() -> Self {
        let reports = Reports::new(4);
        let (earlier, undisturbed) = (RunFolder::new(), RunFolder::new());
        assert_eq!(Ran::of(&mut reports.run_into(&earlier.path())).code, FINISHED);
        reports.write(40);
        assert_eq!(Ran::of(&mut reports.run_into(&undisturbed.path())).code, FINISHED);
        let room = room(&undisturbed.path());
        Self { reports, expected: outputs(&undisturbed.path()), room, old: outputs(&earlier.path()), earlier }
    }

    fn copy_earlier(&self, to: &Path) {
        assert!(Command::new("cp").arg("-a").arg(self.earlier.path()).arg(to).status().unwrap().success());
    }

    fn check_failed(&self, command: &mut Command, out: &Path, says: &[&str]) {
        let ran = Ran::of(command);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        for part in says {
            assert!(ran.stderr.contains(part), "{part} is not in {}", ran.stderr);
        }
        assert!(outputs(out) == self.old, "the earlier outputs have changed: {}", ran.stderr);
        assert_eq!(temporary(out), [""; 0]);
    }

    fn check_finished(&self, command: &mut Command, out: &Path) -> String {
        let ran = Ran::of(command);
        assert_eq!(ran.code, FINISHED, "{}", ran.stderr);
        assert!(outputs(out) == self.expected, "the outputs are others: {}", ran.stderr);
        assert_eq!(temporary(out), [""; 0]);
        ran.stderr
    }
}

#[test]
fn where_the_disk_of_the_outputs_is_full_the_earlier_ones_stay() {
    let case = Case::new();
    let (old, new) = (room(&case.earlier.path()), case.room);
    for share in [0, 15, 50, 90] {
        let Some(mut disk) = small_disk(ROOM) else { break };
        let (out, seen) = (disk.path().join("out"), disk.seen().join("out"));
        case.copy_earlier(&seen);
        disk.resize(old + new * share / 100);
        let run = case.reports.run_into(&out);
        case.check_failed(&mut disk.on(&run), &seen, &["error: cannot ", &out.display().to_string(), FULL]);
        disk.resize(ROOM);
        case.check_finished(&mut disk.on(&run), &seen);
    }
    let largest = case.expected.iter().map(|(_, bytes)| bytes.len() as u64).max().unwrap();
    for limit in [1, PAGE, largest / 2, largest - 1] {
        let out = RunFolder::new();
        case.copy_earlier(&out.path());
        let mut run = case.reports.run_into(&out.path());
        // What waits for corpus-wide stages is larger than the outputs: there it is the first to be refused.
        case.check_failed(&mut limited(limit, &run), &out.path(), &["error: cannot ", TOO_LARGE]);
        case.check_finished(&mut run, &out.path());
    }
}

#[test]
fn where_the_disk_of_the_cache_is_full_the_run_goes_on_without() {
    let case = Case::new();
    for bytes in [PAGE, 8 * PAGE, 64 * PAGE] {
        let Some(mut disk) = small_disk(bytes) else { break };
        let out = RunFolder::new();
        let cache = disk.path().join("cache");
        let mut run = case.reports.run_into(&out.path());
        run.arg("--cache").arg(&cache);
        let said = case.check_finished(&mut disk.on(&run), &out.path());
        let warned = said.contains("WARN") && said.contains("cache") && said.contains(&cache.display().to_string());
        assert!(warned, "{bytes} bytes: {said}");
        disk.resize(ROOM);
        assert_eq!(case.check_finished(&mut disk.on(&run), &out.path()), "");
        assert_eq!(case.check_finished(&mut disk.on(&run), &out.path()), "");
    }
}

#[test]
fn where_the_disk_of_temporary_files_is_full_the_folder_and_what_sets_it_are_named() {
    let case = Case::new();
    for bytes in [PAGE, 8 * PAGE, 32 * PAGE] {
        let Some(mut disk) = small_disk(bytes) else { break };
        let out = RunFolder::new();
        case.copy_earlier(&out.path());
        let mut run = case.reports.run_into(&out.path());
        run.env("TMPDIR", disk.path());
        let folder = disk.path().display().to_string();
        case.check_failed(&mut disk.on(&run), &out.path(), &["error: cannot ", &folder, FULL, "TMPDIR sets"]);
        disk.resize(ROOM);
        case.check_finished(&mut disk.on(&run), &out.path());
    }
    let (out, temporary_files) = (RunFolder::new(), tempfile::tempdir().unwrap());
    case.copy_earlier(&out.path());
    let mut run = case.reports.run_into(&out.path());
    run.env("TMPDIR", temporary_files.path());
    let folder = temporary_files.path().display().to_string();
    case.check_failed(&mut limited(8 * PAGE, &run), &out.path(), &[&folder, TOO_LARGE, "TMPDIR sets"]);
    case.check_finished(&mut run, &out.path());
}

#[test]
fn a_run_that_fails_takes_the_folders_that_it_made_with_it() {
    let case = Case::new();
    let folder = tempfile::tempdir().unwrap();
    let run = case.reports.run_into(&folder.path().join("made/for/it"));
    let ran = Ran::of(&mut limited(PAGE, &run));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
