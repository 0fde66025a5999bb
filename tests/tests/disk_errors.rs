//! Errors of the disk in the middle of a run: what cannot be read costs its document, what cannot be written or renamed costs the
//! run, which says so and leaves the earlier outputs as they were.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use docmill_tests::{FINISHED, Fault, Faults, Ran, Reports, RunFolder, docmill, outputs, temporary, wait_for};

type Files = Vec<(PathBuf, Vec<u8>)>;

/// Documents, the outputs of a run over them, and those of a run over fewer of them.
struct Case {
    reports: Reports,
    folder: tempfile::TempDir,
    earlier: RunFolder,
    old: Files,
    new: Files,
}

impl Case {
    fn new() -> Self {
        let reports = Reports::new(6);
        let (earlier, undisturbed) = (RunFolder::new(), RunFolder::new());
        assert_eq!(Ran::of(&mut reports.run_into(&earlier.path())).code, FINISHED);
        reports.write(12);
        assert_eq!(Ran::of(&mut reports.run_into(&undisturbed.path())).code, FINISHED);
        let (old, new) = (outputs(&earlier.path()), outputs(&undisturbed.path()));
        Self { reports, folder: tempfile::tempdir().unwrap(), earlier, old, new }
    }

    /// A run folder with the earlier outputs, and a run into it.
    fn run(&self) -> (RunFolder, Command) {
        let out = RunFolder::new();
        assert!(Command::new("cp").arg("-a").args([self.earlier.path(), out.path()]).status().unwrap().success());
        let command = self.reports.run_into(&out.path());
        (out, command)
    }

    fn watch(&self, calls: &[&str], path: &str) -> Faults {
        Faults::watch(calls, path, &self.folder.path().join("calls.log"))
    }

    /// How many of these calls a run makes.
    fn count(&self, calls: &[&str], path: &str) -> usize {
        let watched = self.watch(calls, path);
        let (_out, mut run) = self.run();
        assert_eq!(Ran::of(watched.set(&mut run)).code, FINISHED);
        watched.seen().len()
    }

    fn check_rerun(&self, out: &RunFolder) {
        let ran = Ran::of(&mut self.reports.run_into(&out.path()));
        assert_eq!(ran.code, FINISHED, "{}", ran.stderr);
        assert!(outputs(&out.path()) == self.new, "the outputs are others");
        assert_eq!(temporary(&out.path()), [""; 0]);
    }
}

#[test]
fn a_document_that_cannot_be_read_to_its_end_is_in_quarantine_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    std::fs::create_dir(&docs).unwrap();
    let text = "The ferry was late again in the harbor of Port Said. ".repeat(4000);
    for name in ["a.txt", "broken.txt", "c.txt"] {
        std::fs::write(docs.join(name), &text).unwrap();
    }
    let watched = Faults::watch(&["read"], "broken.txt", &folder.path().join("calls.log"));
    let run = |faults: &Faults| {
        let out = RunFolder::new();
        let mut run = docmill();
        run.arg("run").arg(&docs).arg("-o").arg(out.path()).arg("--quiet");
        (Ran::of(faults.set(&mut run)), out)
    };
    assert_eq!(run(&watched).0.code, 0);
    // In the head, by which its format is told, and in the rest, before the read that finds the end.
    for number in [2, watched.seen().len() - 1] {
        let (ran, out) = run(&watched.clone().at(number, Fault::Broken));
        assert_eq!(ran.code, FINISHED, "read {number}: {}", ran.stderr);
        let quarantine = out.lines("quarantine.jsonl");
        assert_eq!((quarantine.len(), &quarantine[0]["uri"]), (1, &"docs/broken.txt".into()));
        let error = quarantine[0]["error"].to_string();
        assert!(error.contains("cannot read it: Input/output error"), "{error}");
        assert_eq!(out.lines("documents.jsonl").len(), 2);
        assert!(!out.text("documents.jsonl").contains("Input/output"), "an error passes for content");
    }
}

#[test]
fn of_a_container_that_cannot_be_read_to_its_end_the_documents_before_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let rows = folder.path().join("rows.jsonl");
    let row =
        |number: usize| format!("{{\"text\": \"Row {number} is about the ferry. {}\"}}\n", "It was late. ".repeat(40));
    std::fs::write(&rows, (0..2000).map(row).collect::<String>()).unwrap();
    let out = RunFolder::new();
    let mut run = docmill();
    run.arg("run").arg(&rows).arg("-o").arg(out.path()).arg("--quiet");
    let watched = Faults::watch(&["read"], "rows.jsonl", &folder.path().join("calls.log"));
    assert_eq!(Ran::of(watched.set(&mut run)).code, 0);
    assert_eq!(out.lines("documents.jsonl").len(), 2000);
    let ran = Ran::of(watched.clone().at(watched.seen().len() / 2, Fault::Broken).set(&mut run));
    assert_eq!(ran.code, FINISHED, "{}", ran.stderr);
    let written = out.lines("documents.jsonl").len();
    assert!((1..2000).contains(&written), "{written} documents");
    let quarantine = out.lines("quarantine.jsonl");
    assert!(quarantine.last().unwrap()["error"].to_string().contains("Input/output error"), "{quarantine:?}");
}

#[test]
fn a_file_of_which_nothing_can_be_read_is_in_quarantine() {
    let out = RunFolder::new();
    let mut run = docmill();
    run.args(["run", "/proc/self/mem", "fixtures/newsroom/harbor.txt", "--quiet", "-o"]).arg(out.path());
    let ran = Ran::of(&mut run);
    assert_eq!(ran.code, FINISHED, "{}", ran.stderr);
    let quarantine = out.lines("quarantine.jsonl");
    assert_eq!(quarantine.len(), 1);
    assert!(quarantine[0]["error"].to_string().contains("Input/output error"), "{quarantine:?}");
    assert_eq!(out.lines("documents.jsonl").len(), 1);
}

#[test]
fn where_an_output_cannot_be_written_or_synced_the_earlier_outputs_stay() {
    let case = Case::new();
    for name in ["documents.jsonl", "tags.csv", "pages", "ledger.jsonl", "quarantine.jsonl", "manifest.json"] {
        let path = format!(".docmill-{name}-");
        for (calls, fault, says) in [
            (&["write"][..], Fault::Full, "No space left on device"),
            (&["sync"][..], Fault::Broken, "Input/output error"),
        ] {
            let (out, mut run) = case.run();
            let ran = Ran::of(case.watch(calls, &path).at(1, fault).set(&mut run));
            let said = &ran.stderr;
            assert_eq!(ran.code, 1, "{calls:?} {path}: {said}");
            assert!(said.starts_with("error: cannot ") && said.contains(name) && said.contains(says), "{said}");
            assert!(outputs(&out.path()) == case.old, "{calls:?} {path}: the earlier outputs have changed");
            assert_eq!(temporary(&out.path()), [""; 0]);
            case.check_rerun(&out);
        }
    }
}

#[test]
fn where_one_output_cannot_get_its_name_none_does() {
    let case = Case::new();
    let all = case.count(&["rename"], ".docmill-");
    assert!(all >= 8, "{all} renamings");
    for number in 1..=all {
        for fault in [Fault::ReadOnly, Fault::Full] {
            let (out, mut run) = case.run();
            let failing = case.watch(&["rename"], ".docmill-").at(number, fault);
            let ran = Ran::of(failing.set(&mut run));
            let at = format!("renaming {number} of {all} failed: {}", ran.stderr);
            assert_eq!(ran.code, 1, "{at}");
            assert!(ran.stderr.starts_with("error: cannot "), "{at}");
            assert!(outputs(&out.path()) == case.old, "{at}: the earlier outputs have changed");
            assert_eq!(temporary(&out.path()), [""; 0], "{at}");
            case.check_rerun(&out);
        }
    }
}

#[test]
fn a_folder_that_becomes_read_only_while_outputs_get_their_names_leaves_new_ones_that_are_named() {
    let case = Case::new();
    let all = case.count(&["rename"], ".docmill-");
    for number in 2..=all {
        let (out, mut run) = case.run();
        let failing = case.watch(&["rename", "linkat", "unlink"], ".docmill-");
        let calls = {
            let (_out, mut run) = case.run();
            Ran::of(failing.set(&mut run));
            failing.seen()
        };
        // From the renaming on nothing can be renamed, linked or removed any more.
        let from = 1 + calls.iter().enumerate().filter(|(_, [call, ..])| call == "rename").nth(number - 1).unwrap().0;
        let ran = Ran::of(failing.from(from, Fault::ReadOnly).set(&mut run));
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        for (name, bytes) in outputs(&out.path()) {
            let top = out.path().join(name.iter().next().unwrap()).display().to_string();
            // Pages of the same bytes are in both.
            let named = ran.stderr.split("; ").nth(1).is_some_and(|state| state.contains(&top));
            let files = if named { &case.new } else { &case.old };
            assert!(files.contains(&(name.clone(), bytes)), "{} is named: {named}; {}", name.display(), ran.stderr);
        }
        case.check_rerun(&out);
    }
}

#[test]
fn where_files_have_one_name_alone_outputs_are_renamed_all_the_same() {
    let case = Case::new();
    let (out, mut run) = case.run();
    let ran = Ran::of(case.watch(&["linkat"], "").from(1, Fault::NotPermitted).set(&mut run));
    assert_eq!(ran.code, FINISHED, "{}", ran.stderr);
    assert!(outputs(&out.path()) == case.new);
    assert_eq!(temporary(&out.path()), [""; 0]);
}

/// The command, for a user whom permissions bind: root loses what lets it pass them.
fn bound(command: &Command) -> Command {
    let probe = tempfile::tempdir().unwrap();
    std::fs::set_permissions(probe.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(probe.path().join("probe"), "").is_err() {
        let mut same = Command::new(command.get_program());
        same.args(command.get_args()).current_dir(command.get_current_dir().unwrap());
        same.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        return same;
    }
    let mut bound = Command::new("setpriv");
    bound.arg("--bounding-set=-dac_override,-dac_read_search,-fowner").arg("--inh-caps=-all").arg("--");
    bound.arg(command.get_program()).args(command.get_args()).current_dir(command.get_current_dir().unwrap());
    bound.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    bound
}

#[test]
fn a_folder_that_becomes_read_only_during_the_run_is_named_and_keeps_its_outputs() {
    let out = RunFolder::new();
    let set_mode = |mode| std::fs::set_permissions(out.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    let run = |text: &str, meanwhile: &dyn Fn()| {
        let mut command = docmill();
        command.args(["run", "-", "--quiet", "-o"]).arg(out.path());
        let mut run = bound(&command).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Once the last of its files is begun, the run waits for its input.
        wait_for("temporary files", || {
            temporary(&out.path()).iter().any(|name| name.starts_with(".docmill-tags.csv-"))
        });
        meanwhile();
        run.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = run.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let second = "The second text is about the rail, and another one.";
    assert_eq!(run("The first text is about the ferry.", &|| {}), (Some(0), String::new()));
    let earlier = outputs(&out.path());
    let (code, said) = run(second, &|| set_mode(0o555));
    set_mode(0o755);
    assert_eq!(code, Some(1), "{said}");
    let expected = format!("error: cannot set aside the earlier version of {}", out.path().display());
    assert!(said.starts_with(&expected) && said.contains("Permission denied"), "{said}");
    assert!(said.trim_end().ends_with("all outputs are as they were before this run"), "{said}");
    assert_eq!(outputs(&out.path()), earlier);
    assert_eq!(run(second, &|| {}), (Some(0), String::new()));
    assert_eq!(temporary(&out.path()), [""; 0], "what could not be removed goes with the next run");
    let fresh = RunFolder::new();
    let mut command = docmill();
    command.args(["run", "-", "--quiet", "-o"]).arg(fresh.path()).stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(second.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(outputs(&out.path()), outputs(&fresh.path()));
}

#[test]
fn an_unwritable_folder_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let set_mode = |mode| std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    set_mode(0o555);
    let mut command = docmill();
    command.args(["run", "fixtures/press", "--quiet", "-o"]).arg(folder.path().join("out"));
    let ran = Ran::of(&mut bound(&command));
    set_mode(0o755);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains(&Path::new(folder.path()).join("out").display().to_string()), "{}", ran.stderr);
    assert!(ran.stderr.contains("Permission denied"), "{}", ran.stderr);
}
