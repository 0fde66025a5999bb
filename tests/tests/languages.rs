//! A story in each of seven languages, from its language to its summary.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use docmill_tests::{RunFolder, fixture, run};
use serde_json::Value;

const PIPELINE: &str = "\
version: 1
stages:
  - ingest
  - normalize
  - tag
  - tag.sentences
  - summarize.extractive: { sentences: 3 }
output:
  - jsonl: out/documents.jsonl
";

/// The records of the stories by language.
static RECORDS: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let pipeline = folder.path().join("pipeline.yaml");
    std::fs::write(&pipeline, PIPELINE).unwrap();
    let (out, stories) = (RunFolder::new(), fixture("languages"));
    let ran = run([
        "run".as_ref(),
        pipeline.as_os_str(),
        stories.as_os_str(),
        "-o".as_ref(),
        out.path().as_os_str(),
        "--quiet".as_ref(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let records = out.lines("documents.jsonl");
    records.into_iter().map(|record| (record["language"].as_str().unwrap().to_owned(), record)).collect()
});

/// Checks a story: phrases that are among its keyphrases, values as `kind words`, how many sentences it has, and words of its summary.
fn check(language: &str, keyphrases: &[&str], values: &[&str], sentences: usize, summary: &[&str]) {
    let record = &RECORDS[language];
    let tags = record["tags"].as_array().unwrap().iter().filter(|tag| tag["scheme"] == "keyphrase");
    let labels: Vec<&str> = tags.map(|tag| tag["label"].as_str().unwrap()).collect();
    for phrase in keyphrases {
        assert!(labels.contains(phrase), "{language}: {phrase} is not in {labels:?}");
    }
    assert!(labels.iter().enumerate().all(|(at, label)| !labels[..at].contains(label)), "{language}: {labels:?}");
    let all = record["annotations"].as_array().unwrap();
    let text = |found: &Value| format!("{} {}", found["kind"].as_str().unwrap(), found["text"].as_str().unwrap());
    let found: Vec<String> = all.iter().map(text).collect();
    for value in values {
        assert!(found.iter().any(|found| found == value), "{language}: {value} is not in {found:?}");
    }
    assert_eq!(all.iter().filter(|found| found["kind"] == "sentence").count(), sentences, "{language}");
    let text = record["summary"]["text"].as_str().unwrap();
    assert_eq!(record["summary"]["sentences"].as_array().unwrap().len(), 3, "{language}: {text}");
    for words in summary {
        assert!(text.contains(words), "{language}: {words} is not in {text}");
    }
}

#[test]
fn a_story_in_russian() {
    let values =
        ["date 15 марта 2024", "money 2,5 млрд руб", "quantity 12 км", "percent 30 процентов", "money 60 рублей"];
    check("ru", &["паромная переправа"], &values, 16, &["переправа"]);
}

#[test]
fn a_story_in_chinese() {
    let values = ["date 2024年3月15日", "date 4月20日", "money 3亿元", "quantity 5公里", "percent 30%", "money ¥6"];
    check("zh", &["码头", "工业园区"], &values, 16, &["渡轮码头"]);
}

#[test]
fn a_story_in_japanese() {
    let values = [
        "date 2024年3月15日",
        "date 4月20日",
        "money 3億2000万円",
        "quantity 5キロメートル",
        "percent 30％",
        "money 100円",
    ];
    check("ja", &["連絡船", "工業団地"], &values, 15, &["連絡船"]);
}

#[test]
fn a_story_in_german() {
    let values = ["date 15. März 2024", "money 2,5 Millionen Euro", "quantity 12 Kilometer", "percent 30 Prozent"];
    check("de", &["Fähre", "Anleger"], &values, 16, &["Fähre"]);
}

#[test]
fn a_story_in_french() {
    let values = ["date 15 mars 2024", "money 2,5 millions d'euros", "quantity 12 kilomètres", "percent 30 %"];
    check("fr", &["bac"], &values, 16, &["le bac"]);
}

#[test]
fn a_story_in_spanish() {
    let values = ["date 15 de marzo de 2024", "money 2,5 millones de euros", "quantity 12 kilómetros", "percent 30 %"];
    check("es", &["transbordador"], &values, 16, &["transbordador"]);
}

#[test]
fn a_story_in_portuguese() {
    let values = ["date 15 de março de 2024", "money 2,5 milhões de reais", "quantity 12 quilômetros", "percent 30%"];
    check("pt", &["rio Manso"], &values, 16, &["balsa"]);
}

#[test]
fn what_a_stage_has_not_for_a_language_stands_in_the_record() {
    let warnings = |language: &str| RECORDS[language]["warnings"].to_string();
    assert!(warnings("zh").contains("tag.entities: no model for Chinese: by lists alone"), "{}", warnings("zh"));
    assert!(warnings("ru").contains("tag.entities: no model for Russian: by rules alone"), "{}", warnings("ru"));
}
