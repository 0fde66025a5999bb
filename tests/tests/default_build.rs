//! What a build without features says of what it leaves out: `cargo test -p docmill-tests --test default_build`

#![cfg(not(any(feature = "otlp", feature = "parquet", feature = "pdf", feature = "wasm")))]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use docmill_tests::run;

#[test]
fn a_binary_without_components_says_how_to_get_one_that_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.yaml");
    let text = "version: 1\ninput: [docs]\nplugins:\n  terms: { wasm: terms.wasm }\nstages: [ingest, terms]\n\
                output:\n  - jsonl: a.jsonl\n";
    std::fs::write(&file, text).unwrap();
    let ran = run(["check".as_ref(), file.as_os_str()]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for expected in ["p.yaml:4:18", "built without WebAssembly components", "`--features wasm`"] {
        assert!(ran.stderr.contains(expected), "{expected} is not in\n{}", ran.stderr);
    }
}
