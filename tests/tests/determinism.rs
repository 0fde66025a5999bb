//! Promise 1: the same inputs and the same pipeline give the same bytes.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use docmill_tests::{RunFolder, run};

fn outputs(pipeline: &str, workers: &str) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let out = RunFolder::new();
    let path = out.path();
    let arguments =
        ["run", pipeline, "-o", &path.to_string_lossy(), "--workers", workers, "--quiet"].map(str::to_owned);
    let ran = run(arguments);
    assert!(ran.code == 0 || ran.code == 3, "{}", ran.stderr);
    out.files()
}

#[test]
fn one_worker_and_eight_write_the_same_bytes() {
    for pipeline in [
        "fixtures/newsroom",
        "fixtures/mail",
        "pipelines/corpus.yaml",
        "pipelines/press.yaml",
        "pipelines/tickets.yaml",
    ] {
        let (one, eight) = (outputs(pipeline, "1"), outputs(pipeline, "8"));
        assert!(one.iter().any(|(path, _)| path.ends_with("ledger.jsonl")));
        for ((path, one), (other, eight)) in one.iter().zip(&eight) {
            assert_eq!(path, other);
            assert!(one == eight, "{pipeline}: {} differs", path.display());
        }
        assert_eq!(one.len(), eight.len());
    }
}

#[test]
fn a_second_run_into_the_same_folder_writes_the_same_bytes() {
    let out = RunFolder::new();
    let once = || {
        let ran =
            run(["run".into(), "fixtures/press".into(), "-o".into(), out.path().into_os_string(), "--quiet".into()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        out.files()
    };
    assert_eq!(once(), once());
}
