use std::collections::BTreeMap;

use docmill_core::{Block, BlockKind, Role};

use super::*;

/// What three outlets tell of a ferry, a mill and a library: outlet, date, title, text.
const TOLD: [[&str; 4]; 9] = [
    [
        "courier",
        "2016-05-02",
        "Ferry to Gull Island stops in June",
        "The ferry to Gull Island will stop in June. The harbor office has no money for a new engine, and the old engine broke twice this winter. Islanders fear for their school. A petition has four hundred names.",
    ],
    [
        "observer",
        "2016-05-03",
        "Islanders protest as Gull Island loses its ferry",
        "Islanders marched to the harbor office on Tuesday to keep the ferry to Gull Island. The ferry is to stop in June because its engine is worn out. Teachers said that the school would close without the ferry. The mayor promised a talk with the ministry.",
    ],
    [
        "wire",
        "2016-05-04",
        "Gull Island ferry: ministry offers an engine",
        "The ministry offered a used engine for the ferry to Gull Island on Wednesday. The engine comes from a tug and would last three years. The harbor office said that the ferry could go on after June if the engine fits. Islanders cheered at the pier.",
    ],
    [
        "courier",
        "2016-05-02",
        "Old grain mill burns down",
        "A fire destroyed the old grain mill on the river on Sunday night. Forty firefighters fought the flames until the morning. Nobody was hurt, but the granary next to the mill lost its roof. The police look for the cause of the fire.",
    ],
    [
        "observer",
        "2016-05-02",
        "Fire destroys the grain mill",
        "The grain mill burned down on Sunday night. Firefighters pumped water from the river onto the flames. The owner of the mill said that the fire began in the drying room. The granary was saved.",
    ],
    [
        "wire",
        "2016-05-03",
        "Drying room blamed for mill fire",
        "The fire that destroyed the grain mill began in the drying room, the police said. A heater had been left on. The owner of the mill will rebuild, and the granary gets a new roof.",
    ],
    [
        "courier",
        "2016-05-01",
        "Town library gets a reading garden",
        "The town library opens a garden for readers. Benches stand under the pear trees, and books can be borrowed at a hut. The garden was paid for by a heritage fund. Librarians read to children there at noon.",
    ],
    [
        "observer",
        "2016-05-02",
        "Reading under pear trees",
        "The library of the town has a garden now. Readers sit on benches under pear trees. The heritage fund gave the money, and librarians planted the beds themselves. Children get stories read at noon.",
    ],
    [
        "wire",
        "2016-05-03",
        "Library garden opens",
        "Librarians opened the garden of the town library. A hut lends books, and the pear trees give shade to the benches. The heritage fund paid for the garden.",
    ],
];

fn document([outlet, date, title, text]: [&str; 4]) -> Document {
    let mut doc = Document::from_text(&format!("{outlet}/{date}-{}.txt", title.len()), &format!("{title}\n\n{text}"));
    let mut blocks = doc.blocks().to_vec();
    blocks[0] = Block::new(BlockKind::Title, blocks[0].span);
    doc.set_blocks(blocks);
    doc.meta.set("date", date);
    doc.set_language("en");
    doc
}

fn documents() -> Vec<Document> {
    TOLD.into_iter().map(document).collect()
}

/// The documents after the stage, which may hold so many bytes.
fn digested_within(memory: u64, options: Digest, earlier: Earlier, docs: Vec<Document>) -> Vec<Document> {
    let stage = Stories { options, earlier: Arc::new(earlier) };
    let cx = Context::default();
    let mut aggregate = stage.aggregate(&CorpusContext { memory }).unwrap();
    for (position, doc) in (0..).zip(&docs) {
        aggregate.add(position, &doc.source().uri, &stage.observe(doc, &cx).unwrap()).unwrap();
    }
    let mut findings = aggregate.conclude().unwrap();
    let apply = |(position, mut doc): (u64, Document)| {
        let finding = findings.finding(position).unwrap();
        assert_eq!(stage.apply(&finding, &mut doc, &cx).unwrap(), Verdict::Keep);
        doc
    };
    (0..).zip(docs).map(apply).collect()
}

fn digested(docs: Vec<Document>) -> Vec<Document> {
    digested_within(1 << 20, Digest::default(), Earlier::default(), docs)
}

/// The URIs of each story, the stories by their first URI.
fn stories(docs: &[Document]) -> Vec<Vec<&str>> {
    let mut by_story: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for doc in docs {
        by_story.entry(doc.meta.text(STORY).unwrap()).or_default().push(&doc.source().uri);
    }
    for uris in by_story.values_mut() {
        uris.sort_unstable();
    }
    let mut stories: Vec<_> = by_story.into_values().collect();
    stories.sort();
    stories
}

/// The sentences that were taken of a story, in the order of their places, each with the URI of its document.
fn taken<'d>(docs: &'d [Document], story: &str) -> Vec<(&'d str, &'d str)> {
    let mut taken: Vec<(u64, &str, &str)> = Vec::new();
    for doc in docs.iter().filter(|doc| doc.meta.text(STORY) == Some(story)) {
        for annotation in doc.annotations_of(SENTENCE) {
            let place = annotation.value["place"].as_u64().unwrap();
            taken.push((place, &doc.source().uri, annotation.span.of(doc.text()).unwrap()));
        }
    }
    taken.sort_unstable();
    assert!((1..).zip(&taken).all(|(place, (of, ..))| place == *of), "{taken:?}");
    taken.into_iter().map(|(_, uri, text)| (uri, text)).collect()
}

#[test]
fn outlets_that_tell_one_story_are_found() {
    let docs = digested(documents());
    let expected: Vec<Vec<String>> =
        [0, 3, 6].map(|of| TOLD[of..of + 3].iter().map(|told| document(*told).source().uri.clone()).collect()).into();
    let mut found = stories(&docs);
    found.sort();
    let mut expected: Vec<Vec<&str>> =
        expected.iter().map(|uris: &Vec<String>| uris.iter().map(String::as_str).collect()).collect();
    expected.sort();
    assert_eq!(found, expected);
    for doc in &docs {
        assert!((doc.measures()[DOCUMENTS] - 3.0).abs() < 1e-9);
        let tag = &doc.tags()[0];
        assert!(tag.score > 0.1 && tag.score < 1.0 && tag.evidence.len() >= 4, "{tag:?}");
    }
    let evidence: Vec<&str> = docs[0].tags()[0].evidence.iter().map(|span| span.of(docs[0].text()).unwrap()).collect();
    assert!(evidence.contains(&"Ferry") && evidence.contains(&"Gull"), "{evidence:?}");
}

#[test]
fn a_story_has_one_headline_and_sentences_of_different_documents() {
    let docs = digested(documents());
    for of in [0, 3, 6] {
        let story = docs[of].meta.text(STORY).unwrap();
        let labels: Vec<&str> = docs[of..of + 3].iter().map(|doc| doc.tags()[0].label.as_str()).collect();
        assert!(labels.iter().all(|label| *label == labels[0]), "{labels:?}");
        let from = docs.iter().filter(|doc| doc.annotations_of(HEADLINE).any(|found| found.value["story"] == story));
        let from: Vec<&Document> = from.collect();
        assert_eq!((from.len(), from[0].title()), (1, Some(labels[0])));
        let taken = taken(&docs, story);
        let mut uris: Vec<&str> = taken.iter().map(|(uri, _)| *uri).collect();
        uris.sort_unstable();
        uris.dedup();
        assert_eq!((taken.len(), uris.len()), (3, 3), "{taken:?}");
    }
}

#[test]
fn a_sentence_that_repeats_another_is_not_taken() {
    let [outlet, date, title, text] = TOLD[3];
    let reprinted = document(["agency", date, title, text]);
    let docs = digested_within(
        1 << 20,
        Digest { sentences: 50, ..Digest::default() },
        Earlier::default(),
        vec![document([outlet, date, title, text]), reprinted],
    );
    let taken = taken(&docs, docs[0].meta.text(STORY).unwrap());
    let mut texts: Vec<&str> = taken.iter().map(|(_, text)| *text).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!((taken.len(), texts.len()), (4, 4), "{taken:?}");
}

#[test]
fn the_order_of_the_documents_does_not_count() {
    let forward = digested(documents());
    let mut backward = documents();
    backward.reverse();
    backward.rotate_left(4);
    let mut backward = digested(backward);
    for doc in &forward {
        let at = backward.iter().position(|other| other.id() == doc.id()).unwrap();
        let other = backward.swap_remove(at);
        assert_eq!((other.tags(), &other.meta, other.annotations()), (doc.tags(), &doc.meta, doc.annotations()));
    }
}

#[test]
fn what_does_not_fit_in_memory_is_found_all_the_same() {
    // 400 stories of 4 documents, each story with words of its own.
    let text = |number: usize| {
        let story = number / 4;
        let word =
            |at: usize| format!("{}{}", ["stone", "river", "tower", "garden", "market"][at % 5], story * 31 + at % 9);
        (0..60)
            .map(|at| if at % 3 == number % 3 { format!("common{} ", at % 11) } else { word(at) + " " })
            .collect::<String>()
    };
    let docs =
        || (0..1600).map(|number| Document::from_text(&format!("{number}.txt"), &text(number))).collect::<Vec<_>>();
    let little = digested_within(0, Digest::default(), Earlier::default(), docs());
    let much = digested_within(1 << 30, Digest::default(), Earlier::default(), docs());
    for (little, much) in little.iter().zip(&much) {
        assert_eq!((little.tags(), &little.meta), (much.tags(), &much.meta));
    }
    let found = stories(&little);
    assert!(found.len() == 400 && found.iter().all(|uris| uris.len() == 4), "{}", found.len());
}

#[test]
fn who_is_like_no_other_is_a_story_of_its_own_and_documents_without_words_tell_none() {
    let docs = digested(vec![document(TOLD[0]), document(TOLD[3]), Document::from_text("empty.txt", " \n?!")]);
    assert_eq!(docs[2].meta.text(STORY), None);
    assert_ne!(docs[0].meta.text(STORY), docs[1].meta.text(STORY));
    let tag = &docs[0].tags()[0];
    assert_eq!((tag.label.as_str(), tag.score), ("Ferry to Gull Island stops in June", 1.0));
    assert_eq!(digested(Vec::new()).len(), 0);
}

/// What a digest of the first documents would say.
fn earlier_digest(docs: &[Document]) -> Earlier {
    let mut stories: BTreeMap<&str, (Vec<serde_json::Value>, Vec<serde_json::Value>, &str)> = BTreeMap::new();
    for doc in docs {
        let (documents, sentences, headline) = stories.entry(doc.meta.text(STORY).unwrap()).or_default();
        documents.push(serde_json::json!({"id": doc.id(), "language": "en"}));
        *headline = &doc.tags()[0].label;
        for annotation in doc.annotations_of(SENTENCE) {
            sentences.push(serde_json::json!({"text": annotation.span.of(doc.text()).unwrap()}));
        }
    }
    let stories: Vec<_> = stories
        .into_iter()
        .map(|(id, (documents, sentences, headline))| {
            serde_json::json!({"id": id, "headline": headline, "documents": documents, "sentences": sentences})
        })
        .collect();
    Earlier::of(&serde_json::json!({ "stories": stories }).to_string()).unwrap()
}

#[test]
fn a_story_that_goes_on_keeps_its_name_and_says_what_is_new() {
    let before = digested(vec![document(TOLD[0]), document(TOLD[1]), document(TOLD[3]), document(TOLD[6])]);
    let (ferry, mill) = (before[0].meta.text(STORY).unwrap(), before[2].meta.text(STORY).unwrap());
    let now = vec![
        document(TOLD[1]),
        document(TOLD[2]),
        document(TOLD[3]),
        document(["wire", "2016-05-05", "Chess club wins", "The chess club won the cup. Nine players came."]),
    ];
    let docs = digested_within(1 << 20, Digest::default(), earlier_digest(&before), now);
    assert_eq!([0, 1].map(|at| docs[at].meta.text(STORY)), [Some(ferry); 2]);
    let new = &docs[1].source().uri;
    let said = taken(&docs, ferry);
    assert!(!said.is_empty() && said.iter().all(|(uri, _)| uri == new), "{said:?}");
    assert_eq!(docs[0].tags()[0].label, "Gull Island ferry: ministry offers an engine");
    // Of the mill nothing new is told, and the club is new.
    assert_eq!((docs[2].meta.text(STORY), taken(&docs, mill).len()), (Some(mill), 0));
    assert_eq!(docs[3].meta.text(STORY), Some(docs[3].id().as_str()));
}

#[test]
fn a_file_that_is_no_digest_is_refused() {
    let folder = std::env::temp_dir().join(format!("docmill-digest-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("wrong.json"), "{\"stories\": 3}").unwrap();
    let refused = |file: &str| {
        let cx = BuildContext::new(&folder, docmill_core::Limits::default());
        let built: Result<Role, _> = Digest { earlier: file.into(), ..Digest::default() }.build(&cx);
        built.err().map(|errors| errors[0].to_string())
    };
    assert!(refused("wrong.json").unwrap().starts_with("/earlier: wrong.json is no digest: invalid type"));
    assert!(refused("missing.json").unwrap().starts_with("/earlier: cannot read "));
    assert_eq!(refused(""), None);
    std::fs::remove_dir_all(&folder).unwrap();
}
