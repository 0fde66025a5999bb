//! The pipeline beside this package, run by the binary as it is built.

use std::path::Path;
use std::process::Command;

#[test]
fn the_pipeline_lists_the_documents_with_their_terms() {
    let out = tempfile::tempdir().unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_custom-stage"));
    run.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "pipeline.yaml", "--no-cache", "--quiet", "-o"]);
    assert!(run.arg(out.path()).status().unwrap().success());
    let list = std::fs::read_to_string(out.path().join("terms.md")).unwrap();
    let expected = "- [Harbor gets a second crane](<docs/harbor.txt>): harbor 3, crane 3\n\
                    - [Rail link opens in May](<docs/rail.txt>): harbor 1, rail 3\n";
    assert_eq!(list, expected);
    assert!(Path::new(&out.path().join("documents.jsonl")).exists());
}

#[test]
fn mistakes_are_shown_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pipeline.yaml");
    let text =
        "version: 1\nstages:\n  - ingest\n  - acme.terms:\n      words: [rail, rail]\noutput:\n  - terms: terms.md\n";
    std::fs::write(&file, text).unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_custom-stage")).arg("check").arg(&file).output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2), "{said}");
    assert!(said.contains("pipeline.yaml:5:21") && said.contains("\"rail\" is there twice"), "{said}");
}
