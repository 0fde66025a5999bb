//! Every part of the WIT that the guests in `examples/` leave alone.

use docmill_core::contract::{Answer, AnsweredSentence, AnsweredSummary};
use docmill_core::{
    Annotation, Block, BlockKind, ByteSpan, Context, Document, Field, StageError, Summary, SummarySentence, Tag,
};
use serde_json::{Value, json};

use crate::support::{Started, logged, open, probe};

#[test]
fn the_descriptor_comes_over() {
    let plugin = open(probe().options()).unwrap();
    let found = plugin.descriptor();
    assert_eq!((found.name.as_str(), found.version.as_str()), ("test.probe", "2.0.1"));
    assert_eq!(found.summary, "Does what it is told");
    assert_eq!(found.options, json!({"type": "object", "properties": {}}), "no schema: no options");
    let names = |fields: &[Field]| fields.iter().map(Field::name).collect::<Vec<_>>().join(" ");
    assert_eq!(names(&found.needs), "blocks annotations.* tags.* measures.* summary");
    assert_eq!(names(&found.gives), "text meta language annotations.* tags.* measures.* summary");
    assert!(found.drops && found.deterministic);
}

#[test]
fn a_document_comes_over_with_what_the_stage_needs() {
    let mut doc = Document::from_text("a.txt", "N Größe");
    doc.meta.set("title", "\"N\"");
    doc.set_language("de");
    doc.set_blocks(vec![Block::new(BlockKind::Title, ByteSpan::new(0, 9))]);
    doc.annotate(Annotation::new("person", ByteSpan::new(2, 9)).with_value(json!("größe")).with_score(0.5));
    doc.tag(Tag::new("topic", "energy").with_evidence(vec![ByteSpan::new(0, 1)]));
    doc.measure("words", 2.0);
    doc.summarize(Summary::of(vec![SummarySentence::new(ByteSpan::new(0, 9), "N Größe", 1.0)]));

    let answer = Started::new(probe().options()).ask_of(&doc, &Context::default()).unwrap();
    let [title, language, rest @ ..] = answer.warnings.as_slice() else { panic!("{answer:?}") };
    assert_eq!((title.as_str(), language.as_str()), ("N Größe", "de"));
    let rest: Vec<Value> = rest.iter().map(|json| serde_json::from_str(json).unwrap()).collect();
    assert_eq!(
        rest,
        [
            json!({"title": "\"N\""}),
            json!([{"kind": "title", "start": 0, "end": 9}]),
            json!([{"kind": "person", "start": 2, "end": 9, "value": "größe", "score": 0.5, "by": ""}]),
            json!([{"scheme": "topic", "label": "energy", "score": 1.0, "evidence": [[0, 1]], "by": ""}]),
            json!({"words": 2.0}),
            json!({"text": "N Größe", "sentences": [{"start": 0, "end": 9, "text": "N Größe", "score": 1.0}]}),
        ]
    );
}

#[test]
fn a_text_a_language_and_a_summary_come_back() {
    let answer = Started::new(probe().options()).answer("SÄ.");
    let sentence =
        AnsweredSentence { start: 1, end: 4, text: None, score: 0.5, why: std::collections::BTreeMap::new() };
    let summary = AnsweredSummary { text: None, sentences: vec![sentence] };
    let (text, language) = (Some("Ä.".to_owned()), Some("en-GB".to_owned()));
    assert_eq!(answer, Answer { text, language, summary: Some(summary), ..Answer::default() });
}

#[test]
fn what_a_stage_says_of_a_document_that_it_cannot_work_on_is_kept() {
    let stage = Started::new(probe().options());
    let error = stage.ask("Bad", &Context::default()).unwrap_err();
    assert!(matches!(&error, StageError::Failed(why) if why == "no good"), "{error:?}");
    let error = stage.ask("Fatal", &Context::default()).unwrap_err();
    assert!(matches!(&error, StageError::Fatal(why) if why == "no good"), "{error:?}");
}

#[test]
fn what_is_no_answer_is_a_breach_of_the_contract() {
    let stage = Started::new(probe().options());
    for (text, why) in [
        ("Query", "process answered with bad-options, which is an answer of init"),
        ("JSON", "annotations[0].value is no JSON: EOF while parsing an object at line 1 column 1"),
        ("Meta", "meta.term is answered twice"),
    ] {
        assert_eq!(stage.error(text), format!("the stage broke its contract: {why}"));
    }
    let error = stage.error("UTF-8");
    assert!(error.starts_with("the stage broke its contract: ") && error.contains("utf-8"), "{error}");
}

#[test]
fn what_a_stage_says_to_the_log_is_there_with_the_name_of_the_plugin() {
    let stage = Started::new(probe().options());
    let (_, log) = logged(|| stage.answer(&format!("Good day{}", ".".repeat(10_000))));
    let line = log.lines().find(|line| line.contains("Good day")).unwrap();
    assert!(line.contains("WARN") && line.contains("plugin=\"probe\""), "{line}");
    assert!(line.len() < 3_000, "no message fills the disk");
}
