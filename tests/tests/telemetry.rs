//! What a run tells of itself while it goes on and at its end: progress, the table of its parts, metrics, a trace.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use docmill_tests::{Ran, RunFolder, docmill, fixture, root};
use serde_json::Value;

/// Three hundred notes of which one in ten is short, and a pipeline that drops the short ones and summarizes the others, with a
/// corpus-wide stage between. One more note cannot be read.
fn notes() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let notes = folder.path().join("notes");
    std::fs::create_dir(&notes).unwrap();
    let harbor = std::fs::read_to_string(fixture("newsroom/harbor.txt")).unwrap();
    for number in 0..300 {
        let text = if number % 10 == 0 { format!("Note {number}.") } else { format!("Note {number}. {harbor}") };
        std::fs::write(notes.join(format!("{number:03}.txt")), text).unwrap();
    }
    std::fs::write(notes.join("empty.txt"), "").unwrap();
    let pipeline = folder.path().join("notes.yaml");
    let text = "version: 1\nname: notes\ninput: [notes]\nstages:\n  - ingest\n  - filter.words: { min: 20 }\n  \
                - dedup.exact\n  - tag.entities\n  - summarize.extractive\noutput:\n  - jsonl: out/documents.jsonl\n";
    std::fs::write(&pipeline, text).unwrap();
    (folder, pipeline)
}

fn run(pipeline: &Path, out: &RunFolder, more: &[&str]) -> Ran {
    let ran = Ran::of(
        docmill().current_dir(pipeline.parent().unwrap()).arg("run").arg(pipeline).arg("-o").arg(out.path()).args(more),
    );
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    ran
}

#[test]
fn progress_is_told_in_lines_where_there_is_no_terminal() {
    let (_notes, pipeline) = notes();
    let out = RunFolder::new();
    let ran = run(&pipeline, &out, &["--progress", "2ms"]);
    let told: Vec<_> = ran.stderr.lines().take_while(|line| !line.starts_with("part ")).collect();
    assert!(told.iter().any(|line| line.starts_with("pass 1 of 2: ") && line.contains(" documents")), "{told:?}");
    assert!(told.iter().any(|line| line.contains(", slowest ") && line.ends_with('%')), "{told:?}");
    assert!(told.iter().any(|line| line.contains("/s, ") && line.contains(" left")), "{told:?}");
    assert!(!ran.stderr.contains('\r') && !ran.stderr.contains('\u{1b}'), "{:?}", ran.stderr);
    // A quiet run, and one that is over before the first line is due, say nothing of it.
    assert_eq!(run(&pipeline, &out, &["--quiet", "--progress", "1ms"]).stderr, "");
    assert!(!run(&pipeline, &out, &[]).stderr.contains("pass "));
}

#[test]
fn progress_is_json_in_a_log_of_json() {
    let (_notes, pipeline) = notes();
    let ran = run(&pipeline, &RunFolder::new(), &["--progress", "2ms", "--log", "json"]);
    let lines: Vec<Value> = ran.stderr.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let told: Vec<_> = lines.iter().filter(|line| line["target"] == "docmill::progress").collect();
    let last = told.last().expect("a line of progress");
    assert!(last["fields"]["documents"].is_u64() && last["fields"]["per_second"].is_f64(), "{last}");
    assert_eq!(last["fields"]["passes"], 2);
}

#[test]
fn the_end_shows_what_each_part_did_dropped_and_failed_at() {
    let (_notes, pipeline) = notes();
    let out = RunFolder::new();
    let cache = tempfile::tempdir().unwrap();
    let cached = ["--cache", cache.path().to_str().unwrap()];
    let ran = run(&pipeline, &out, &cached);
    let row = |id: &str| -> Vec<String> {
        let line =
            ran.stderr.lines().find(|line| line.starts_with(id)).unwrap_or_else(|| panic!("no {id}: {}", ran.stderr));
        line.split_whitespace().map(str::to_owned).collect()
    };
    // id, documents, amount and unit of text, time and its unit, share, dropped, failed
    for (id, documents, dropped) in
        [("filter.words", "300", "30"), ("dedup.exact", "540", "0"), ("tag.entities", "270", "0")]
    {
        let row = row(id);
        assert_eq!((row[1].as_str(), row[7].as_str(), row[8].as_str()), (documents, dropped, "0"), "{row:?}");
    }
    assert!(!ran.stderr.contains("ingest.csv"), "what had nothing to do is left out: {}", ran.stderr);
    let dropped = |out: &RunFolder| -> Vec<(String, u64)> {
        let manifest = out.json("manifest.json");
        let parts = manifest["parts"].as_array().unwrap().iter();
        parts.map(|part| (part["id"].to_string(), part["dropped"].as_u64().unwrap())).collect()
    };
    let first = dropped(&out);
    assert_eq!(first.iter().map(|(_, dropped)| dropped).sum::<u64>(), 30);
    run(&pipeline, &out, &cached);
    assert_eq!(dropped(&out), first, "a drop counts also where the cache knew of it");
}

/// The samples of a text in the format of Prometheus: name with labels, and value.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let mut described = Vec::new();
    let mut samples = BTreeMap::new();
    for line in text.lines() {
        if let Some(described_line) = line.strip_prefix("# TYPE ") {
            described.push(described_line.split(' ').next().unwrap().to_owned());
        } else if !line.starts_with('#') {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(described.iter().any(|described| name.starts_with(described.as_str())), "{name} has no type");
            samples.insert(name.to_owned(), value.parse().unwrap());
        }
    }
    samples
}

#[test]
fn metrics_are_written_in_the_format_of_prometheus() {
    let (folder, pipeline) = notes();
    let file = folder.path().join("docmill.prom");
    let out = RunFolder::new();
    run(&pipeline, &out, &["--metrics", file.to_str().unwrap()]);
    let samples = samples(&std::fs::read_to_string(&file).unwrap());
    let parts = out.json("manifest.json")["parts"].clone();
    for (name, value) in [
        ("docmill_documents{outcome=\"written\",pipeline=\"notes\"}", 270.0),
        ("docmill_documents{outcome=\"dropped\",pipeline=\"notes\"}", 30.0),
        ("docmill_documents{outcome=\"quarantined\",pipeline=\"notes\"}", 1.0),
        ("docmill_documents_found{pipeline=\"notes\"}", 301.0),
        ("docmill_part_dropped{part=\"filter.words\",pipeline=\"notes\"}", 30.0),
        ("docmill_run_finished{pipeline=\"notes\"}", 1.0),
    ] {
        assert_eq!(samples.get(name), Some(&value), "{name} in {samples:#?}");
    }
    for part in parts.as_array().unwrap() {
        let name = format!("docmill_part_seconds{{part={},pipeline=\"notes\"}}", part["id"]);
        assert_eq!(samples.get(&name).copied(), part["seconds"].as_f64(), "{name}");
    }
}

#[test]
fn metrics_are_written_while_the_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("docmill.prom");
    let out = RunFolder::new();
    let mut run = docmill()
        .args(["run", "-", "--quiet", "--progress", "1ms", "--metrics"])
        .arg(&file)
        .arg("-o")
        .arg(out.path())
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The run waits for its standard input, and tells that it has not finished.
    let text = loop {
        match std::fs::read_to_string(&file) {
            Ok(text) => break text,
            Err(_) => assert!(run.try_wait().unwrap().is_none(), "the run ended and wrote no metrics"),
        }
    };
    assert_eq!(samples(&text).get("docmill_run_finished{pipeline=\"briefing\"}"), Some(&0.0));
    drop(run.stdin.take());
    run.wait().unwrap();
}

#[test]
fn a_trace_shows_each_document_and_stage_on_its_thread() {
    let (folder, pipeline) = notes();
    let file = folder.path().join("trace.json");
    run(&pipeline, &RunFolder::new(), &["--trace", file.to_str().unwrap(), "--workers", "2"]);
    let events: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let mut open: HashMap<u64, Vec<(String, f64)>> = HashMap::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for event in &events {
        let (thread, name) = (event["tid"].as_u64().unwrap(), event["name"].as_str().unwrap().to_owned());
        let time = event["ts"].as_f64();
        match event["ph"].as_str().unwrap() {
            "B" => {
                let spans = open.entry(thread).or_default();
                assert!(spans.last().is_none_or(|(_, began)| *began <= time.unwrap()), "{event}");
                spans.push((name, time.unwrap()));
            }
            "E" => {
                let (name_of_begun, began) = open.get_mut(&thread).and_then(Vec::pop).expect("what ends has begun");
                assert!(name_of_begun == name && began <= time.unwrap(), "{name_of_begun} ends as {event}");
                *seen.entry(name).or_default() += 1;
            }
            other => assert_eq!(other, "M", "{event}"),
        }
    }
    assert!(open.values().all(Vec::is_empty), "all that began has ended");
    let expected =
        [("run", 1), ("ingest.text", 301), ("filter.words", 300), ("dedup.exact", 540), ("output.jsonl", 270)];
    for (name, times) in expected {
        assert_eq!(seen.get(name), Some(&times), "{name}");
    }
    assert_eq!(seen.get("notes/001.txt"), Some(&2), "once for each pass");
}

#[test]
fn an_interrupted_run_leaves_a_trace_that_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trace.json");
    let out = RunFolder::new();
    let mut run = docmill()
        .args(["run", "-", "--quiet", "--trace"])
        .arg(&file)
        .arg("-o")
        .arg(out.path())
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while std::fs::read_dir(out.path()).map_or(0, Iterator::count) < 5 {
        assert!(run.try_wait().unwrap().is_none(), "the run ended by itself");
        std::thread::yield_now();
    }
    let sent = std::process::Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(sent.success());
    // Waiting would close it, and the run might end of that first.
    let input = run.stdin.take();
    assert_eq!(run.wait().unwrap().code(), Some(130));
    drop(input);
    let events: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert!(events.iter().any(|event| event["name"] == "run"), "{events:?}");
}

#[test]
fn a_place_that_cannot_be_written_to_is_told() {
    let (folder, pipeline) = notes();
    let in_the_way = folder.path().join("notes").to_str().unwrap().to_owned();
    let ran = Ran::of(docmill().current_dir(folder.path()).arg("run").arg(&pipeline).args(["--trace", &in_the_way]));
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("cannot write the trace") && ran.stderr.contains(&in_the_way), "{}", ran.stderr);
    let out = RunFolder::new();
    let ran = Ran::of(
        docmill()
            .current_dir(folder.path())
            .arg("run")
            .arg(&pipeline)
            .arg("-o")
            .arg(out.path())
            .args(["--metrics", &in_the_way]),
    );
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("metrics") && ran.stderr.contains(&in_the_way), "{}", ran.stderr);
    for wrong in ["fast", "10", "0s"] {
        let ran = Ran::of(docmill().current_dir(root()).args(["run", "fixtures/newsroom", "--progress", wrong]));
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("--progress {wrong}")), "{}", ran.stderr);
    }
}
