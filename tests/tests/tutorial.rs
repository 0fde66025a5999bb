//! "A stage of your own in ten minutes" in the manual, done as it is written.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use docmill_tests::{Tutorial, binary, build_on_what_is_there, root};

const PART: &str = "A stage of your own in ten minutes";

fn tutorial(section: &str) -> Tutorial {
    Tutorial::of(&std::fs::read_to_string(root().join("docs/manual.md")).unwrap(), PART, section)
}

/// A shell of someone who has docmill, and no cache.
fn reader(shell: &mut Command) {
    let mut path = OsString::from(binary().parent().unwrap());
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    shell.env("PATH", path).env("DOCMILL_CACHE", "off").env("NO_COLOR", "1").env_remove("DOCMILL_LOG");
    shell.env("PYTHONDONTWRITEBYTECODE", "1");
}

#[test]
fn in_python() {
    let folder = tempfile::tempdir().unwrap();
    let commands = tutorial("In Python").follow(folder.path(), reader);
    assert_eq!(commands, 9);
}

#[test]
fn in_rust() {
    // Always at the same place, so that what cargo made of it the last time is made anew rather than kept.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tutorial");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink(root(), folder.join("docmill")).unwrap();
    let commands = tutorial("In Rust").follow(&folder, |shell| {
        reader(shell);
        build_on_what_is_there(shell);
    });
    assert_eq!(commands, 6);
}
