//! Gives bytes to a whole run as a file whose name says nothing: what it is, what is in it, and what becomes of each document.

use std::path::PathBuf;
use std::sync::LazyLock;

use docmill_core::{BuildContext, Pipeline, Registry, RoleKind, Settings};
use docmill_engine::{RunOptions, Silent};
use serde_json::{Value, json};

use crate::reading::{limits, registry};

struct Bench {
    folder: PathBuf,
    pipeline: Pipeline,
}

/// The folder and the pipeline that every input of this process gets.
static BENCH: LazyLock<Bench> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("docmill-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    std::fs::write(folder.join("file"), b"a text").expect("the temporary folder can be written");
    let pipeline = pipeline(&folder).expect("the parts fit");
    Bench { folder, pipeline }
});

/// All readers in this process, and an output.
fn pipeline(folder: &std::path::Path) -> Result<Pipeline, String> {
    let mut registry = registry();
    docmill_output::register(&mut registry).map_err(|error| error.to_string())?;
    let cx = BuildContext::new(folder, limits());
    let mut pipeline = Pipeline::builder("fuzz").limits(limits()).base(folder);
    let mut push = |registry: &Registry, name: &str, options: Value, isolate: Option<bool>| {
        let built = registry.build(name, &options, &cx).map_err(|error| format!("{name}: {error:?}"))?;
        pipeline.push(built, Settings { isolate, ..Settings::default() });
        Ok::<(), String>(())
    };
    push(&registry, "input.files", json!({ "path": folder.join("file") }), None)?;
    for reader in registry.names(&[RoleKind::Reader]) {
        push(&registry, reader, json!({}), Some(false))?;
    }
    push(&registry, "output.jsonl", json!({ "path": folder.join("documents.jsonl") }), None)?;
    pipeline.build().map_err(|errors| format!("{errors:?}"))
}

/// Runs the pipeline over a file of these bytes: each document is in the ledger once.
pub(crate) fn file(data: &[u8]) {
    let Bench { folder, pipeline } = &*BENCH;
    std::fs::write(folder.join("file"), data).expect("the temporary folder can be written");
    let mut options = RunOptions::new(folder);
    options.workers = Some(1);
    let report = docmill_engine::run(pipeline, &options, &Silent).expect("a document does not end a run");
    let ledger = std::fs::read_to_string(folder.join("ledger.jsonl")).expect("a run has a ledger");
    let records = std::fs::read_to_string(folder.join("documents.jsonl")).expect("a run has its outputs");
    let written = ledger.lines().filter(|line| line.contains(r#""outcome":"written""#)).count();
    assert_eq!(records.lines().count(), written, "what was written is in the output");
    assert_eq!(ledger.lines().count() as u64, report.manifest.counts.found, "each document is in the ledger once");
}
