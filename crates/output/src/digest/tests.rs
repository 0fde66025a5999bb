use docmill_core::{Annotation, Registry, Tag};
use serde_json::{Value, json};

use super::*;

/// A document of a story, of whose text the sentence `taken` stands in the digest.
fn telling(uri: &str, story: &str, date: &str, text: &str, taken: &str) -> Document {
    let mut doc = Document::from_text(uri, text);
    doc.meta.set("story", story);
    doc.meta.set("date", date);
    doc.meta.set("title", format!("Of {story} [{date}]"));
    doc.tag(Tag::new("story", format!("What {story} *is*")).with_score(0.5).with_evidence([(0..3).into()]));
    if let Some(start) = text.find(taken).filter(|_| !taken.is_empty()) {
        let value = json!({"story": story, "place": 1});
        doc.annotate(Annotation::new("story.sentence", start..start + taken.len()).with_value(value).with_score(0.7));
    }
    doc
}

fn told() -> Vec<Document> {
    vec![
        telling("b (1).txt", "mill", "2016-05-03", "The mill\nburned. It was old.", "The mill\nburned."),
        telling("a.txt", "ferry", "2016-05-02", "One.\n\nThe ferry stops.", "The ferry stops."),
        telling("c.txt", "mill", "2016-05-02", "All of it burned.", ""),
        telling("d.txt", "club", "2016-05-04", "The club won.", "The club won."),
        Document::from_text("empty.txt", ""),
    ]
}

/// What is written of documents in a file of this name, where `earlier` stood in `earlier.json`.
fn written(name: &str, options: Value, earlier: Option<&str>, docs: &[Document]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options;
    if let Some(earlier) = earlier {
        std::fs::write(folder.path().join("earlier.json"), earlier).unwrap();
        options["earlier"] = json!("earlier.json");
    }
    let mut registry = Registry::new();
    crate::register(&mut registry).unwrap();
    let cx = BuildContext::new(folder.path(), docmill_core::Limits::default());
    let Role::Output(output) = registry.build(Digest::NAME, &options, &cx).unwrap().role else { panic!("no output") };
    let path = folder.path().join(name);
    let mut sink = output.open(&OutputContext { path: path.clone() }).unwrap();
    for doc in docs {
        sink.write(doc.id(), &doc.source().uri, &output.render(doc).unwrap()).unwrap();
    }
    sink.finish().unwrap();
    sink.commit().unwrap().keep();
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn stories_come_by_size_then_the_latest_first() {
    let page = written("digest.md", json!({}), None, &told());
    let expected = "# Digest

5 documents, 3 stories, 2016-05-02 to 2016-05-04.

## What mill \\*is\\*

2 documents, 2016-05-02 to 2016-05-03

- The mill burned. — [b (1).txt, line 1](b%20%281%29.txt)

Told by:

- [Of mill \\[2016-05-02\\]](c.txt), 2016-05-02
- [Of mill \\[2016-05-03\\]](b%20%281%29.txt), 2016-05-03

## What club \\*is\\*

1 document, 2016-05-04

- The club won. — [d.txt, line 1](d.txt)

Told by:

- [Of club \\[2016-05-04\\]](d.txt), 2016-05-04

## What ferry \\*is\\*

1 document, 2016-05-02

- The ferry stops. — [a.txt, line 3](a.txt)

Told by:

- [Of ferry \\[2016-05-02\\]](a.txt), 2016-05-02
";
    assert_eq!(page, expected);
    let mut docs = told();
    docs.reverse();
    assert_eq!(written("digest.md", json!({}), None, &docs), expected);
}

#[test]
fn the_json_has_the_same_with_spans_and_places() {
    let digest: Value = serde_json::from_str(&written("digest.json", json!({}), None, &told())).unwrap();
    assert_eq!(
        (&digest["documents"], &digest["of_stories"], &digest["first"]),
        (&json!(5), &json!(3), &json!("2016-05-02"))
    );
    let names: Vec<&str> =
        digest["stories"].as_array().unwrap().iter().map(|story| story["id"].as_str().unwrap()).collect();
    assert_eq!(names, ["mill", "club", "ferry"]);
    let sentence = &digest["stories"][2]["sentences"][0];
    assert_eq!(
        (&sentence["text"], &sentence["start"], &sentence["source"]["line"]),
        (&json!("The ferry stops."), &json!(6), &json!(3))
    );
    assert_eq!(digest["stories"][0]["documents"][0]["uri"], "c.txt");
    assert_eq!((digest["stories"][0].get("status"), digest.get("ended")), (None, None));
}

#[test]
fn small_stories_and_those_beyond_the_most_are_counted() {
    let page = written("digest.md", json!({"min_documents": 2}), None, &told());
    assert!(
        page.contains("3 stories") && page.ends_with("\n2 smaller stories left out.\n") && !page.contains("club"),
        "{page}"
    );
    let page = written("digest.md", json!({"stories": 2}), None, &told());
    assert!(
        page.ends_with("\n1 smaller story left out.\n") && page.contains("club") && !page.contains("ferry"),
        "{page}"
    );
}

#[test]
fn an_earlier_digest_tells_what_is_new_what_goes_on_and_what_has_ended() {
    let before = written("digest.json", json!({}), None, &told()[..3]);
    let now: Vec<Document> = told().into_iter().skip(2).collect();
    let page = written("digest.md", json!({}), Some(&before), &now);
    assert!(page.contains("1 document, 2016-05-02, nothing new\n"), "{page}");
    assert!(page.contains("1 document, 2016-05-04, new\n"), "{page}");
    assert!(page.ends_with("\n## Ended\n\n- What ferry \\*is\\*, last on 2016-05-02\n"), "{page}");
    let digest: Value = serde_json::from_str(&written("digest.json", json!({}), Some(&before), &now)).unwrap();
    let status: Vec<&str> =
        digest["stories"].as_array().unwrap().iter().map(|story| story["status"].as_str().unwrap()).collect();
    assert_eq!(status, ["new", "goes_on"]);
    assert_eq!(digest["ended"][0]["id"], "ferry");
}

#[test]
fn no_documents_make_an_empty_digest() {
    assert_eq!(written("digest.md", json!({}), None, &[]), "# Digest\n\n0 documents, 0 stories.\n");
    let digest: Value = serde_json::from_str(&written("digest.json", json!({}), None, &[])).unwrap();
    assert_eq!(digest["stories"], json!([]));
}

#[test]
fn no_name_of_a_source_ends_its_link_or_makes_it_another_address() {
    let links = |uri: &str| {
        let page = written("digest.md", json!({}), None, &[telling(uri, "mill", "2016", "It burned.", "It burned.")]);
        let links = pulldown_cmark::Parser::new(&page).filter_map(|event| match event {
            pulldown_cmark::Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
            _ => None,
        });
        links.collect::<Vec<_>>()
    };
    assert_eq!(links("a/x](b:c(1)) <b>.txt"), ["a/x]%28b:c%281%29%29%20%3Cb%3E.txt"; 2]);
    assert_eq!(links("javascript:alert"), ["./javascript:alert"; 2]);
    assert_eq!(links("s3://bucket/a.txt"), ["s3://bucket/a.txt"; 2]);
}
