//! What a build without features says of what it leaves out: `cargo test -p docmill-tests --test default_build`

#![cfg(not(any(feature = "objects", feature = "otlp", feature = "parquet", feature = "pdf", feature = "wasm")))]
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

#[test]
fn a_binary_that_opens_no_connection_says_how_to_get_one_that_does() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.yaml");
    for (input, place) in [("[s3://press/in/]", "p.yaml:2:9"), ("[{ url: \"gs://press\", region: x }]", "p.yaml:2:9")] {
        std::fs::write(&file, format!("version: 1\ninput: {input}\nstages: [ingest]\n")).unwrap();
        let ran = run(["check".as_ref(), file.as_os_str()]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        for expected in [place, "nothing in this build reads `", "`--features objects`"] {
            assert!(ran.stderr.contains(expected), "{expected} is not in\n{}", ran.stderr);
        }
    }
    let ran = run(["run", "https://press.example/notes.yaml"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("`--features objects`"), "{}", ran.stderr);
}
