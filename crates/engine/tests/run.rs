//! Runs of small pipelines made in code: order, workers, failures, the ledger, corpus-wide stages.

mod parts;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use docmill_core::{OnError, Pipeline, PipelineBuilder, Settings};
use docmill_engine::{Event, LedgerEntry, Observer, Outcome, Reason, Report, RunError, RunOptions, Silent, run, trace};
use parts::{Broken, Count, DropShort, Endless, File, FirstOfItsKind, Lines, Memory, Panics, Plain, Shout};
use tempfile::TempDir;

struct Done {
    report: Report,
    lines: String,
    ledger: Vec<LedgerEntry>,
    _folder: TempDir,
}

fn builder(texts: &[&str]) -> PipelineBuilder {
    Pipeline::builder("test").with(Memory::of(texts)).with(Lines::default()).with(Plain::default())
}

fn finish(builder: PipelineBuilder, workers: usize) -> Result<Done, RunError> {
    let pipeline = builder.with(File::default()).build().expect("the parts fit");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut options = RunOptions::new(folder.path());
    options.workers = Some(workers);
    options.outputs = vec![folder.path().join("out.txt")];
    let report = run(&pipeline, &options, &Silent)?;
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("it was written");
    let ledger = read("ledger.jsonl").lines().map(|line| serde_json::from_str(line).expect("a ledger line")).collect();
    Ok(Done { report, lines: read("out.txt"), ledger, _folder: folder })
}

fn outcomes(done: &Done) -> Vec<Outcome> {
    done.ledger.iter().map(|entry| entry.outcome).collect()
}

fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("text number {number}")).collect()
}

fn refs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[test]
fn records_come_out_in_the_order_of_the_sources_whatever_the_workers() {
    let texts = numbered(500);
    let one = finish(builder(&refs(&texts)).with(Shout::default()), 1).unwrap();
    let many = finish(builder(&refs(&texts)).with(Shout::default()), 8).unwrap();
    assert_eq!(one.lines, many.lines);
    assert_eq!(one.ledger, many.ledger);
    assert_eq!(one.lines.lines().next(), Some("0.txt: TEXT NUMBER 0"));
    assert_eq!(one.lines.lines().last(), Some("499.txt: TEXT NUMBER 499"));
}

#[test]
fn a_stage_that_panics_on_every_tenth_document_costs_these_documents_alone() {
    let texts = numbered(100);
    let done = finish(builder(&refs(&texts)).with(Panics { every: 10 }), 4).unwrap();
    assert_eq!(done.report.manifest.counts.written, 90);
    assert_eq!(done.report.manifest.counts.quarantined, 10);
    assert_eq!(done.lines.lines().count(), 90);
    for entry in done.ledger.iter().filter(|entry| entry.outcome == Outcome::Quarantined) {
        assert_eq!(entry.stage.as_deref(), Some("test.panics"));
        let Some(Reason::Failed(error)) = &entry.reason else { panic!("{entry:?}") };
        assert!(error[0].contains("the stage panicked: number"), "{error:?}");
        assert!(entry.hash.as_ref().is_some_and(|hash| hash.starts_with("blake3:")));
    }
}

#[test]
fn on_error_skip_goes_on_with_the_document_as_it_was_and_says_so() {
    let settings = Settings { on_error: OnError::Skip, ..Settings::default() };
    let done = finish(builder(&["one", "two"]).with_settings(Broken::default(), settings), 1).unwrap();
    assert_eq!(
        done.lines,
        "0.txt: one [test.broken was skipped: it is broken]\n1.txt: two [test.broken was skipped: it is broken]\n"
    );
}

#[test]
fn on_error_fail_ends_the_run_and_leaves_no_output() {
    let settings = Settings { on_error: OnError::Fail, ..Settings::default() };
    let pipeline = builder(&["one"]).with_settings(Broken::default(), settings).with(File::default()).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut options = RunOptions::new(folder.path());
    options.outputs = vec![folder.path().join("out.txt")];
    let error = run(&pipeline, &options, &Silent).err().unwrap();
    assert_eq!(error.to_string(), "test.broken failed for 0.txt, and `on_error: fail` ends the run: it is broken");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_timeout_ends_a_stage_that_never_would() {
    let settings = Settings { timeout: Some(Duration::from_millis(50)), ..Settings::default() };
    let done = finish(builder(&["loop", "fine"]).with_settings(Endless::default(), settings), 2).unwrap();
    assert_eq!(outcomes(&done), [Outcome::Quarantined, Outcome::Written]);
    let Some(Reason::Failed(error)) = &done.ledger[0].reason else { panic!("{:?}", done.ledger[0]) };
    assert_eq!(error, &["took longer than timeout = 50ms"]);
}

#[test]
fn a_drop_stands_in_the_ledger_with_what_was_measured() {
    let done = finish(builder(&["a long text", "short"]).with(DropShort { min: 6 }), 1).unwrap();
    assert_eq!(outcomes(&done), [Outcome::Written, Outcome::Dropped]);
    assert_eq!(
        serde_json::to_value(&done.ledger[1]).unwrap()["reason"],
        serde_json::json!({"rule": "length.min", "measured": 5, "threshold": 6})
    );
}

#[test]
fn a_corpus_wide_stage_sees_all_documents_in_order_before_it_works_on_each() {
    let texts = ["a", "b", "a", "boom", "b", "c"];
    for workers in [1, 8] {
        let parts = builder(&texts).with(Panics { every: 0 }).with(FirstOfItsKind::default()).with(Shout::default());
        let done = finish(parts, workers).unwrap();
        assert_eq!(done.lines, "0.txt: A\n1.txt: B\n5.txt: C\n");
        let expected = [
            Outcome::Written,
            Outcome::Written,
            Outcome::Duplicate,
            Outcome::Quarantined,
            Outcome::Duplicate,
            Outcome::Written,
        ];
        assert_eq!(outcomes(&done), expected);
        assert_eq!(done.ledger[4].reason, Some(Reason::Duplicate { of: "1.txt".into(), similarity: 1.0 }));
        assert!(done.report.manifest.counts.balance());
    }
}

#[test]
fn two_corpus_wide_stages_work_one_after_the_other() {
    let settings = |id: &str| Settings { id: Some(id.to_owned()), ..Settings::default() };
    let parts = builder(&["b", "a", "A", "b"])
        .with_settings(FirstOfItsKind::default(), settings("first"))
        .with(Shout::default())
        .with_settings(FirstOfItsKind::default(), settings("second"));
    let done = finish(parts, 4).unwrap();
    assert_eq!(done.lines, "0.txt: B\n1.txt: A\n");
    assert_eq!(done.ledger[2].stage.as_deref(), Some("second"));
    assert_eq!(done.ledger[3].stage.as_deref(), Some("first"));
}

#[test]
fn a_container_is_split_and_a_broken_part_costs_itself_alone() {
    let done = finish(builder(&["lines:one\nBROKEN\nthree"]), 2).unwrap();
    assert_eq!(done.lines, "0.txt#1: one\n0.txt#3: three\n");
    assert_eq!(outcomes(&done), [Outcome::Written, Outcome::Quarantined, Outcome::Written]);
}

#[test]
fn sources_of_two_inputs_with_one_name_are_both_there() {
    let done = finish(builder(&["one", "two"]).with(Memory::of(&["three"])), 2).unwrap();
    assert_eq!(done.lines, "0.txt: one\n1.txt: two\n0.txt~2: three\n");
}

#[test]
fn what_cannot_be_opened_or_read_is_found_and_in_quarantine() {
    let done = finish(builder(&["unreadable:", "", "unknown:\u{1}\u{2}", "fine"]), 2).unwrap();
    let expected = [Outcome::Quarantined, Outcome::Quarantined, Outcome::Quarantined, Outcome::Written];
    assert_eq!(outcomes(&done), expected);
    let errors: Vec<_> = done.ledger[..3].iter().map(|entry| serde_json::to_value(&entry.reason).unwrap()).collect();
    assert_eq!(errors[0], serde_json::json!(["cannot read it: permission denied"]));
    assert_eq!(errors[1][0], "it is empty");
    assert_eq!(
        errors[2][0],
        "no reader of this pipeline reads it: its name promises text/plain, it begins with the bytes 75 6e 6b 6e 6f 77 6e 3a"
    );
}

#[test]
fn the_budget_lets_a_document_through_that_is_larger_than_it() {
    let long = "x".repeat(1 << 20);
    let pipeline = builder(&[&long, "y", &long]).with(File::default()).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut options = RunOptions::new(folder.path());
    options.memory = 1;
    options.outputs = vec![folder.path().join("out.txt")];
    assert_eq!(run(&pipeline, &options, &Silent).unwrap().manifest.counts.written, 3);
}

#[test]
fn a_cancelled_run_says_so_and_leaves_no_output() {
    struct CancelAtFirst<'a>(&'a RunOptions);
    impl Observer for CancelAtFirst<'_> {
        fn ended(&self, _entry: &LedgerEntry, _bytes: u64) {
            self.0.cancel.store(true, Ordering::Relaxed);
        }
    }
    let texts = numbered(100);
    let pipeline = builder(&refs(&texts)).with(File::default()).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut options = RunOptions::new(folder.path());
    options.outputs = vec![folder.path().join("out.txt")];
    let result = run(&pipeline, &options, &CancelAtFirst(&options));
    assert!(matches!(result, Err(RunError::Interrupted(_))), "{result:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_observer_hears_of_every_document() {
    #[derive(Default)]
    struct Ears(AtomicU64);
    impl Observer for Ears {
        fn ended(&self, _entry: &LedgerEntry, _bytes: u64) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let pipeline = builder(&["a", "b", ""]).with(File::default()).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut options = RunOptions::new(folder.path());
    options.outputs = vec![folder.path().join("out.txt")];
    let ears = Ears::default();
    run(&pipeline, &options, &ears).unwrap();
    assert_eq!(ears.0.into_inner(), 3);
}

#[test]
fn the_manifest_counts_what_each_part_did() {
    let done = finish(builder(&["one two", "three"]).with(Count::default()), 1).unwrap();
    let part = done.report.manifest.parts.iter().find(|part| part.id == "test.count").unwrap();
    assert_eq!((part.documents, part.bytes, part.failed), (2, 12, 0));
    let files: Vec<_> = done.report.manifest.files.iter().filter_map(|file| file.path.file_name()?.to_str()).collect();
    assert_eq!(files, ["out.txt", "ledger.jsonl", "quarantine.jsonl"]);
}

#[test]
fn a_trace_shows_a_document_before_and_after_each_stage() {
    let pipeline =
        builder(&["quiet"]).with(Shout::default()).with(DropShort { min: 9 }).with(File::default()).build().unwrap();
    let mut seen = Vec::new();
    trace(&pipeline, None, &mut |event| {
        seen.push(match event {
            Event::Read { reader, doc, .. } => format!("{reader}: {}", doc.text()),
            Event::Step { stage, before, after, .. } => format!("{stage}: {} -> {}", before.text(), after.text()),
            Event::Finished { doc } => format!("finished: {}", doc.text()),
            Event::Ended { entry } => format!("{:?} by {}", entry.outcome, entry.stage.as_deref().unwrap_or_default()),
        });
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(seen, ["test.plain: quiet", "test.shout: quiet -> QUIET", "Dropped by test.drop-short"]);
}
