//! A floor under what the stages find, by documents that were labelled by hand.
//!
//! `fixtures/quality` holds the documents with what a reader would find in them: few, so that the figures say nothing of docmill's quality,
//! for which `tests/quality/measure.py` has large sets; but where one falls, a stage has got worse. Floors lie a little below what is
//! reached: who makes a stage better raises its floor, and who thinks a lower one right says why in the commit.
//!
//! `fixtures/topics` holds short texts in five languages with the topics that a reader would give them: those that the built-in taxonomy
//! was developed by, and as many that were held out.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::sync::LazyLock;

use docmill_tests::{RunFolder, files_below, fixture, run};
use serde::Deserialize;
use serde_json::{Value, json};

const PIPELINE: &str = "\
version: 1
stages:
  - ingest
  - normalize
  - tag
  - tag.sentences
  - summarize.extractive: { words: 40 }
output:
  - jsonl: out/documents.jsonl
";

/// A document with what a reader finds in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    language: String,
    date: String,
    /// A sentence a line, and an empty line between paragraphs.
    text: String,
    keyphrases: Vec<String>,
    people: Option<Vec<String>>,
    organizations: Option<Vec<String>>,
    places: Option<Vec<String>>,
    values: BTreeMap<String, serde_yaml::Value>,
    summary: String,
}

impl Labelled {
    fn sentences(&self) -> BTreeSet<String> {
        self.text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// The text as a document has it: a paragraph a line.
    fn running(&self) -> String {
        let paragraphs = self.text.trim().split("\n\n");
        paragraphs.map(|paragraph| paragraph.replace('\n', " ")).collect::<Vec<_>>().join("\n\n")
    }
}

/// The documents, each with the record that docmill makes of it.
static DOCUMENTS: LazyLock<Vec<(Labelled, Value)>> = LazyLock::new(|| {
    let files = files_below(&fixture("quality"));
    let labelled: Vec<Labelled> =
        files.iter().map(|file| serde_yaml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()).collect();
    let folder = tempfile::tempdir().unwrap();
    let lines = labelled.iter().map(|document| {
        json!({"text": document.running(), "language": document.language, "date": document.date}).to_string() + "\n"
    });
    let documents = folder.path().join("documents.jsonl");
    std::fs::write(&documents, lines.collect::<String>()).unwrap();
    let pipeline = folder.path().join("pipeline.yaml");
    std::fs::write(&pipeline, PIPELINE).unwrap();
    let out = RunFolder::new();
    let ran = run([
        "run".as_ref(),
        pipeline.as_os_str(),
        documents.as_os_str(),
        "-o".as_ref(),
        out.path().as_os_str(),
        "--quiet".as_ref(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let records = out.lines("documents.jsonl");
    assert_eq!(records.len(), labelled.len());
    labelled.into_iter().zip(records).collect()
});

/// What is found and what is wanted, over all documents.
#[derive(Default)]
struct Tally {
    right: usize,
    found: usize,
    wanted: usize,
    mistakes: Vec<String>,
}

impl Tally {
    fn add(&mut self, found: &BTreeSet<String>, wanted: &BTreeSet<String>) {
        self.right += found.intersection(wanted).count();
        self.found += found.len();
        self.wanted += wanted.len();
        self.mistakes.extend(found.difference(wanted).map(|extra| format!("+ {extra}")));
        self.mistakes.extend(wanted.difference(found).map(|missed| format!("- {missed}")));
    }

    /// The F1 of all in per cent must be this at least.
    fn reaches(&self, floor: f64) {
        let score = 200.0 * self.right as f64 / (self.found + self.wanted) as f64;
        assert!(score >= floor, "{score:.1} is below the floor of {floor}:\n{}", self.mistakes.join("\n"));
    }
}

/// The annotations of these kinds.
fn annotations<'a>(record: &'a Value, kinds: &'a [&str]) -> impl Iterator<Item = &'a Value> {
    let all = record["annotations"].as_array().unwrap().iter();
    all.filter(|found| kinds.contains(&found["kind"].as_str().unwrap()))
}

/// The value of an annotation in one line, such as `USD 48600000` or `2025-03-18`.
fn shown(value: &Value) -> String {
    let field = |name: &str| value[name].as_str().map(str::to_owned);
    let range = |from: &str, to: &str| Some(format!("{}..{}", field(from)?, field(to)?));
    let amount =
        field("date").or_else(|| field("amount")).or_else(|| range("min", "max")).or_else(|| range("start", "end"));
    field("currency").into_iter().chain(amount).collect::<Vec<_>>().join(" ")
}

/// A value as it stands in a label: YAML reads some as numbers.
fn labelled_value(value: &serde_yaml::Value) -> String {
    value.as_str().map_or_else(|| serde_json::to_string(value).unwrap(), str::to_owned)
}

/// How often each word occurs.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    counts
}

#[test]
fn keyphrases_do_not_get_worse() {
    let mut tally = Tally::default();
    for (labelled, record) in DOCUMENTS.iter() {
        let tags = record["tags"].as_array().unwrap().iter().filter(|tag| tag["scheme"] == "keyphrase");
        let found = tags.map(|tag| tag["label"].as_str().unwrap().to_lowercase()).collect();
        tally.add(&found, &labelled.keyphrases.iter().map(|phrase| phrase.to_lowercase()).collect());
    }
    // Whoever labelled the stories likes pairs of words; the reference sets of news want single words too, by which the stage is set.
    tally.reaches(48.0);
}

#[test]
fn people_organizations_and_places_do_not_get_worse() {
    let mut tally = Tally::default();
    for (labelled, record) in DOCUMENTS.iter() {
        let kinds =
            [("person", &labelled.people), ("organization", &labelled.organizations), ("place", &labelled.places)];
        for (kind, wanted) in kinds {
            let Some(wanted) = wanted else { continue };
            let kinds = [kind];
            let found = annotations(record, &kinds).map(|found| format!("{kind} {}", found["text"].as_str().unwrap()));
            tally.add(&found.collect(), &wanted.iter().map(|name| format!("{kind} {name}")).collect());
        }
    }
    tally.reaches(93.0);
}

#[test]
fn values_do_not_get_worse() {
    let mut tally = Tally::default();
    for (labelled, record) in DOCUMENTS.iter() {
        let found = annotations(record, &["date", "money", "quantity", "percent"]);
        let found = found.map(|found| format!("{} = {}", found["text"].as_str().unwrap(), shown(&found["value"])));
        let wanted = labelled.values.iter().map(|(text, value)| format!("{text} = {}", labelled_value(value)));
        tally.add(&found.collect(), &wanted.collect());
    }
    tally.reaches(93.0);
}

#[test]
fn sentences_do_not_get_worse() {
    let mut tally = Tally::default();
    for (labelled, record) in DOCUMENTS.iter() {
        let found = annotations(record, &["sentence"]).map(|found| found["text"].as_str().unwrap().to_owned());
        tally.add(&found.collect(), &labelled.sentences());
    }
    tally.reaches(95.0);
}

/// By the words that they have in common with a summary by hand (ROUGE-1, unstemmed: Lin 2004), each document the same weight.
#[test]
fn summaries_do_not_get_worse() {
    let scores = DOCUMENTS.iter().map(|(labelled, record)| {
        let (found, wanted) = (words(record["summary"]["text"].as_str().unwrap()), words(&labelled.summary));
        let shared: usize = wanted.iter().map(|(word, count)| found.get(word).unwrap_or(&0).min(count)).sum();
        200.0 * shared as f64 / (found.values().sum::<usize>() + wanted.values().sum::<usize>()) as f64
    });
    let score = scores.sum::<f64>() / DOCUMENTS.len() as f64;
    assert!(score >= 47.0, "{score:.1} is below the floor of 47");
}

/// A short text with its topics.
#[derive(Deserialize)]
struct OnTopics {
    topics: Vec<String>,
}

const TOPICS: &str = "\
version: 1
stages:
  - ingest
  - tag.language
  - tag.topics
output:
  - jsonl: out/documents.jsonl
";

/// The parents of each built-in topic.
fn topic_parents() -> BTreeMap<String, Vec<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/tag/src/topics/news.yaml");
    let topics: BTreeMap<String, serde_yaml::Value> =
        serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let labels = |parent: &serde_yaml::Value| match parent {
        serde_yaml::Value::Sequence(labels) => labels.iter().map(labelled_value).collect(),
        serde_yaml::Value::Null => Vec::new(),
        label => vec![labelled_value(label)],
    };
    topics.iter().map(|(label, topic)| (label.clone(), topic.get("parent").map(labels).unwrap_or_default())).collect()
}

/// The labels with all that are above them.
fn with_parents(labels: &[String], parents: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut open = labels.to_vec();
    while let Some(label) = open.pop() {
        open.extend(parents[&label].iter().cloned());
        all.insert(label);
    }
    all
}

/// What is found in the texts of a list and what is wanted, parents included (the hierarchical F1 of Kiritchenko et al. 2005).
fn topics_of(list: &str) -> Tally {
    let path = fixture("topics").join(list);
    let labelled: Vec<OnTopics> =
        std::fs::read_to_string(&path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let folder = tempfile::tempdir().unwrap();
    let pipeline = folder.path().join("pipeline.yaml");
    std::fs::write(&pipeline, TOPICS).unwrap();
    let out = RunFolder::new();
    let ran = run([
        OsStr::new("run"),
        pipeline.as_os_str(),
        path.as_os_str(),
        OsStr::new("-o"),
        out.path().as_os_str(),
        OsStr::new("--quiet"),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let records = out.lines("documents.jsonl");
    assert_eq!(records.len(), labelled.len());
    let parents = topic_parents();
    let mut tally = Tally::default();
    for (labelled, record) in labelled.iter().zip(&records) {
        let tags = record["tags"].as_array().unwrap().iter().filter(|tag| tag["scheme"] == "topic");
        let found = tags.map(|tag| tag["label"].as_str().unwrap().to_owned()).collect();
        tally.add(&found, &with_parents(&labelled.topics, &parents));
    }
    tally
}

#[test]
fn topics_do_not_get_worse() {
    topics_of("development.jsonl").reaches(97.0);
    topics_of("held-out.jsonl").reaches(93.0);
}
