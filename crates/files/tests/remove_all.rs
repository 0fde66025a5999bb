//! The end of a process that does not go back to those who made temporary files. It is about all of the process, and so alone in
//! this file.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::fs;
use std::io::Write as _;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use docmill_files::{Commit, PendingFile, Temporary, remove_all};

#[test]
fn a_commit_comes_to_its_end_before_temporary_files_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("out"), "old").unwrap();
    let pending = |name: &str, text: &str| {
        let mut file = PendingFile::create(&path(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    };
    let (first, second) = (pending("out", "new"), pending("made/for/it", "new"));
    let unfinished = (pending("left/unfinished", ""), Temporary::of("pages").folder_in(folder.path()).unwrap());
    let mut commit = Commit::new();
    commit.add(first.place()).unwrap();
    let (send, receive) = channel();
    std::thread::scope(|threads| {
        threads.spawn(|| {
            remove_all();
            send.send(()).unwrap();
        });
        assert_eq!(receive.recv_timeout(Duration::from_millis(200)), Err(RecvTimeoutError::Timeout));
        commit.add(second.place()).unwrap();
        commit.keep();
        receive.recv().unwrap();
    });
    let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    left.sort();
    assert_eq!((left, fs::read(path("out")).unwrap()), (vec!["made".into(), "out".into()], b"new".to_vec()));
    drop(unfinished);
}
