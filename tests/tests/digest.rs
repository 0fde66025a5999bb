//! Digests: many documents as one, told by story, with every sentence at its place in a source.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use docmill_tests::{RunFolder, fixture, run};
use serde_json::Value;
use tempfile::TempDir;

/// Runs `pipelines/digest.yaml` over these folders.
fn digested(inputs: &[&Path], more: &[&str]) -> RunFolder {
    let out = RunFolder::new();
    let mut arguments: Vec<String> = ["run", "-p", "pipelines/digest.yaml"].map(str::to_owned).into();
    arguments.extend(inputs.iter().map(|input| input.display().to_string()));
    arguments.extend(["-o".to_owned(), out.path().display().to_string(), "--quiet".to_owned()]);
    arguments.extend(more.iter().map(|&argument| argument.to_owned()));
    let ran = run(arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    out
}

fn stories(digest: &Value) -> &Vec<Value> {
    digest["stories"].as_array().unwrap()
}

/// The names of the files that tell a story, sorted.
fn told_by(story: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = story["documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|document| document["uri"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn three_outlets_tell_three_stories_and_one_tells_another() {
    let out = digested(&[&fixture("outlets")], &[]);
    let digest = out.json("digest.json");
    let mut found: Vec<Vec<&str>> = stories(&digest).iter().map(told_by).collect();
    assert_eq!(found.pop(), Some(vec!["chess.md"]));
    found.sort();
    let expected = [
        ["engine.md", "ferry.md", "island.md"],
        ["fire.md", "heater.md", "mill.md"],
        ["garden.md", "library.md", "pears.md"],
    ];
    assert_eq!(found, expected);
    assert_eq!(
        (&digest["documents"], &digest["first"], &digest["last"]),
        (&10.into(), &"2016-05-01".into(), &"2016-05-04".into())
    );
    // Of stories of one size the latest comes first.
    assert_eq!(told_by(&stories(&digest)[0]), expected[0]);
    for story in &stories(&digest)[..3] {
        let sentences = story["sentences"].as_array().unwrap();
        let mut from: Vec<&str> = sentences.iter().map(|sentence| sentence["document"].as_str().unwrap()).collect();
        from.sort_unstable();
        from.dedup();
        assert_eq!((sentences.len(), from.len()), (3, 3), "{story:#}");
    }
}

#[test]
fn every_sentence_and_headline_is_where_it_is_said_to_be() {
    let out = digested(&[&fixture("outlets")], &[]);
    let digest = out.json("digest.json");
    let records: BTreeMap<String, Value> = out
        .lines("documents.jsonl")
        .into_iter()
        .map(|record| (record["id"].as_str().unwrap().to_owned(), record))
        .collect();
    let mut seen = 0;
    for story in stories(&digest) {
        let quoted = story["sentences"].as_array().unwrap().iter().chain([&story["headline_from"]]);
        for quoted in quoted {
            let record = &records[quoted["document"].as_str().unwrap()];
            let at = |of: &Value, name: &str| usize::try_from(of[name].as_u64().unwrap()).unwrap();
            let text = record["text"].as_str().unwrap();
            assert_eq!(&text[at(quoted, "start")..at(quoted, "end")], quoted["text"].as_str().unwrap());
            let uri = record["source"]["uri"].as_str().unwrap();
            let file = fixture("outlets").join(uri.rsplit_once("outlets/").unwrap().1);
            let source = std::fs::read_to_string(file).unwrap();
            let place = &quoted["source"];
            let words = &source[at(place, "start")..at(place, "end")];
            assert_eq!(words, quoted["text"].as_str().unwrap());
            assert!(source.lines().nth(at(place, "line") - 1).unwrap().contains(words), "{quoted:#}");
            assert_eq!(record["meta"]["story"], story["id"]);
            seen += 1;
        }
        let labels = |record: &Value| {
            let tags = record["tags"].as_array().unwrap().clone();
            tags.into_iter().find(|tag| tag["scheme"] == "story").unwrap()["label"].clone()
        };
        let of_story = records.values().filter(|record| record["meta"]["story"] == story["id"]);
        assert!(of_story.clone().count() > 0 && of_story.map(labels).all(|label| label == story["headline"]));
    }
    assert_eq!(seen, 3 * 4 + 3);
}

#[test]
fn a_digest_is_the_same_whatever_the_workers_and_the_order_of_the_inputs() {
    let folders = ["courier", "observer", "wire"].map(|name| fixture("outlets").join(name));
    let [courier, observer, wire] = [&folders[0], &folders[1], &folders[2]].map(PathBuf::as_path);
    let one = digested(&[courier, observer, wire], &["--workers", "1"]);
    let other = digested(&[wire, courier, observer], &["--workers", "3"]);
    for file in ["digest.md", "digest.json"] {
        assert!(one.text(file) == other.text(file), "{file}");
    }
}

#[test]
fn an_earlier_digest_tells_what_is_new_and_what_has_ended() {
    let kept = TempDir::new().unwrap();
    let earlier = kept.path().join("monday.json");
    let before = digested(&[&fixture("outlets/courier"), &fixture("outlets/observer")], &[]);
    std::fs::copy(before.path().join("digest.json"), &earlier).unwrap();
    // The library is told of no more, the ferry and the mill go on, and the chess club is new.
    let today = kept.path().join("today");
    std::fs::create_dir(&today).unwrap();
    for file in ["wire/engine.md", "wire/heater.md", "wire/chess.md", "observer/fire.md"] {
        std::fs::copy(fixture("outlets").join(file), today.join(file.rsplit('/').next().unwrap())).unwrap();
    }
    let after = digested(&[&today], &["--set", &format!("earlier={}", earlier.display())]);
    let (before, after) = (before.json("digest.json"), after.json("digest.json"));
    let id = |digest: &Value, file: &str| {
        let story = stories(digest).iter().find(|story| told_by(story).contains(&file)).unwrap();
        (story["id"].clone(), story["status"].clone())
    };
    assert_eq!(id(&after, "engine.md"), (id(&before, "ferry.md").0, "goes_on".into()));
    assert_eq!(id(&after, "heater.md"), (id(&before, "mill.md").0, "goes_on".into()));
    assert_eq!(id(&after, "chess.md").1, "new");
    let ended: Vec<&Value> = after["ended"].as_array().unwrap().iter().map(|ended| &ended["id"]).collect();
    assert_eq!(ended, [&id(&before, "garden.md").0]);
    for story in stories(&after).iter().filter(|story| story["status"] == "goes_on") {
        for sentence in story["sentences"].as_array().unwrap() {
            let told = stories(&before).iter().flat_map(|story| story["sentences"].as_array().unwrap());
            assert!(told.clone().all(|before| before["text"] != sentence["text"]), "{sentence:#}");
        }
        assert!(!story["sentences"].as_array().unwrap().is_empty());
    }
}

#[test]
fn a_digest_without_stories_is_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("p.yaml");
    std::fs::write(&file, "version: 1\nname: p\nstages: [ingest]\noutput:\n  - digest: out/digest.md\n").unwrap();
    let ran = run(["check".as_ref(), file.as_os_str()]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("tags of scheme story"), "{}", ran.stderr);
}
