//! Whole records: their form, their schema, and their spans in every unit.

use docmill_core::{Block, Cell, Edits, Origin, RawSource, Summary, SummarySentence, Tag};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::check_record;

/// A document with something in every field.
fn full() -> Document {
    let original = "Zoë’s port\n\nIt  cost €5 (Gazette, May 1). Good.\n\nA B";
    let raw = RawSource {
        origin: Origin {
            offset: 100,
            lines: 2,
            columns: 0,
            row: Some(3),
            field: Some("body".to_owned()),
            ..Origin::default()
        },
        container: Some("t.csv".to_owned()),
        ..RawSource::new("t.csv#row=3", "text/csv", original)
    };
    let mut doc = Document::new(raw.source("utf-8"), original);
    let at = |doc: &Document, part: &str| -> ByteSpan {
        let start = doc.text().find(part).unwrap();
        (start..start + part.len()).into()
    };
    let double_space = at(&doc, "  ");
    let mut edits = Edits::new();
    edits.replace(double_space, " ");
    doc.edit(&edits).unwrap();
    let cell = |column, span| Cell { row: 0, column, header: column == 0, span };
    let (title, prose, table) =
        (at(&doc, "Zoë’s port"), at(&doc, "It cost €5 (Gazette, May 1). Good."), at(&doc, "A B"));
    doc.set_blocks(vec![
        Block::new(BlockKind::Title, title),
        Block::new(BlockKind::Paragraph, prose),
        Block::table(table, vec![cell(0, at(&doc, "A")), cell(1, at(&doc, "B"))]),
    ]);
    doc.set_language("en");
    doc.meta.set("volume", "7");
    doc.meta.set("authors", "Ann Lee");
    doc.enter(&"tag.money".into());
    doc.annotate(Annotation::new("money", at(&doc, "€5")).with_value(json!({"currency": "EUR", "amount": "5"})));
    doc.annotate(Annotation::new("misc", at(&doc, "Zoë")).with_score(0.25));
    let evidence = [at(&doc, "port")];
    doc.tag(Tag::new("keyphrase", "port").with_score(0.9).with_evidence(evidence));
    let sentence = at(&doc, "It cost €5 (Gazette, May 1).");
    let good = at(&doc, "Good.");
    doc.summarize(Summary::of(vec![
        SummarySentence::new(sentence, "It cost €5.", 0.5),
        SummarySentence::new(good, "Good.", 0.25),
    ]));
    doc.measure("words", 9.0);
    doc.measure("language.score", 0.99);
    doc.warn("odd");
    doc
}

#[test]
fn a_record_has_the_fields_of_the_contract_in_their_order() {
    let doc = full();
    let record = Record::new(&doc, Offsets::Codepoint).unwrap();
    let mut written = serde_json::to_string(&record).unwrap();
    for secret in [doc.id().as_str(), &doc.source().hash] {
        written = written.replace(secret, "…");
    }
    insta::assert_snapshot!(written.replace(",\"", ",\n\""));
}

#[test]
fn warnings_are_left_out_where_there_are_none_and_the_rest_is_always_there() {
    let doc = Document::from_text("a", "");
    let record = serde_json::to_value(Record::new(&doc, Offsets::Utf8).unwrap()).unwrap();
    let mut keys: Vec<&str> = record.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let expected = "annotations blocks id language measures meta offsets source summary tags text title";
    assert_eq!(keys.join(" "), expected);
    assert_eq!((&record["meta"], &record["title"]), (&json!({"authors": []}), &json!(null)));
}

#[test]
fn records_fit_the_schema() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for doc in [full(), Document::from_text("a", "")] {
        let record = serde_json::to_value(Record::new(&doc, Offsets::Utf16).unwrap()).unwrap();
        let errors: Vec<_> = validator.iter_errors(&record).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
    }
    let mut described: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    described.sort_unstable();
    let record = serde_json::to_value(Record::new(&full(), Offsets::Utf8).unwrap()).unwrap();
    let mut written: Vec<&String> = record.as_object().unwrap().keys().collect();
    written.sort_unstable();
    assert_eq!(described, written);
    let required: Vec<_> = schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(required.len(), 12, "all but warnings: {required:?}");
}

#[test]
fn authors_are_a_list_of_strings_whatever_a_source_says() {
    for (given, expected) in [
        (json!("A"), json!(["A"])),
        (json!(["A", "B"]), json!(["A", "B"])),
        (json!(null), json!([])),
        (json!(["A", null, 7]), json!(["A", "7"])),
    ] {
        let mut doc = Document::from_text("a", "");
        doc.meta.set("authors", given);
        doc.meta.set("a", 1);
        doc.meta.set("z", 2);
        let written = serde_json::to_string(&RecordMeta::of(&doc)).unwrap();
        assert_eq!(written, format!("{{\"a\":1,\"authors\":{expected},\"z\":2}}"));
    }
}

#[test]
fn a_span_that_is_not_in_the_text_is_an_error_that_names_its_stage() {
    let mut doc = Document::from_text("a", "é");
    let mut stray = doc.clone();
    doc.enter(&"tag.mine".into());
    doc.tag(Tag::new("topic", "x").with_evidence([(0..1).into()]));
    let error = Record::new(&doc, Offsets::Utf8).unwrap_err().to_string();
    let expected = "the evidence of the tag topic=x of tag.mine covers the bytes 0..1, which are not whole characters \
                    of the text of 2 bytes";
    assert_eq!(error, expected);
    stray.summarize(Summary::of(vec![SummarySentence::new((0..9).into(), "x", 1.0)]));
    assert!(Record::new(&stray, Offsets::Utf16).is_err());
}

/// A text with annotations on whole characters, after edits.
fn documents() -> impl Strategy<Value = Document> {
    let spans = prop::collection::vec((0_usize..60, 1_usize..9), 0..12);
    ("[a-c é€😀.\n]{1,60}", spans).prop_map(|(text, spans)| {
        let mut doc = Document::from_text("a", &text);
        let mut edits = Edits::new();
        if let Some(at) = text.find('b') {
            edits.replace(at..at + 1, "😀é");
        }
        doc.edit(&edits).unwrap();
        let bounds: Vec<usize> = doc.text().char_indices().map(|(at, _)| at).chain([doc.text().len()]).collect();
        for (index, (start, length)) in spans.into_iter().enumerate() {
            let start = start % (bounds.len() - 1);
            let span = ByteSpan::new(bounds[start], bounds[(start + length).min(bounds.len() - 1)]);
            doc.annotate(Annotation::new(["money", "date"][index % 2], span));
            doc.tag(Tag::new("topic", "x").with_evidence([span]));
        }
        doc
    })
}

proptest! {
    #[test]
    fn every_span_of_a_record_can_be_checked_in_every_unit(doc in documents()) {
        for unit in [Offsets::Utf8, Offsets::Codepoint, Offsets::Utf16] {
            let record = serde_json::to_value(Record::new(&doc, unit).unwrap()).unwrap();
            prop_assert_eq!(check_record(&record), Ok(()));
            for annotation in record["annotations"].as_array().unwrap() {
                let offset = |key: &str| usize::try_from(annotation[key].as_u64().unwrap()).unwrap();
                let (start, length) = (offset("start"), offset("end") - offset("start"));
                let covered: String = match unit {
                    Offsets::Utf8 => doc.text()[start..start + length].to_owned(),
                    Offsets::Codepoint => doc.text().chars().skip(start).take(length).collect(),
                    Offsets::Utf16 => {
                        let units: Vec<u16> = doc.text().encode_utf16().collect();
                        String::from_utf16(&units[start..start + length]).unwrap()
                    }
                };
                prop_assert_eq!(annotation["text"].as_str(), Some(covered.as_str()));
            }
        }
    }
}
