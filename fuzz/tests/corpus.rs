//! What was found once stays found: every kept input of every target, and no folder without a target.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::BTreeSet;
use std::path::Path;

use docmill_fuzz::{TARGETS, target};

#[test]
fn every_kept_input_keeps_what_its_target_promises() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut kept = BTreeSet::new();
    for folder in std::fs::read_dir(corpus).unwrap() {
        let folder = folder.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let target = target(&name).unwrap_or_else(|| panic!("corpus/{name} is of no target"));
        let mut inputs: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|input| input.unwrap().path()).collect();
        inputs.sort();
        assert!(!inputs.is_empty(), "corpus/{name} is empty");
        for input in inputs {
            println!("{}", input.display());
            (target.run)(&std::fs::read(input).unwrap());
        }
        kept.insert(name);
    }
    let missing: Vec<_> = TARGETS.iter().map(|target| target.name).filter(|name| !kept.contains(*name)).collect();
    assert!(missing.is_empty(), "no inputs are kept for {missing:?}");
}
