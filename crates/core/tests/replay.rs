//! What is recorded of a document's way leads from its beginning to its end without the stages.

use docmill_core::{Annotation, Block, BlockKind, ByteSpan, Change, Document, Edits, Summary, SummarySentence, Tag};
use proptest::prelude::*;

/// One thing that a stage may do; the numbers say where in the text, in bytes of ASCII.
#[derive(Debug, Clone)]
enum Deed {
    Replace(usize, usize, String),
    Annotate(usize, usize),
    Tag(usize, usize),
    Summarize(usize, usize),
    Blocks(usize, usize),
    Meta(String),
    Language(String),
    Measure(f64),
    Warn(String),
    Forget,
    Rewrite,
}

fn deed() -> impl Strategy<Value = Deed> {
    let word = || "[a-z]{0,6}";
    let at = || (0_usize..80, 1_usize..12);
    prop_oneof![
        (at(), word()).prop_map(|((start, length), word)| Deed::Replace(start, length, word)),
        at().prop_map(|(start, length)| Deed::Annotate(start, length)),
        at().prop_map(|(start, length)| Deed::Tag(start, length)),
        at().prop_map(|(start, length)| Deed::Summarize(start, length)),
        at().prop_map(|(start, length)| Deed::Blocks(start, length)),
        word().prop_map(Deed::Meta),
        word().prop_map(Deed::Language),
        (-9.0..9.0).prop_map(Deed::Measure),
        word().prop_map(Deed::Warn),
        Just(Deed::Forget),
        Just(Deed::Rewrite),
    ]
}

fn span(doc: &Document, start: usize, length: usize) -> Option<ByteSpan> {
    let end = (start + length).min(doc.text().len());
    (start < end).then(|| ByteSpan::new(start, end))
}

fn act(doc: &mut Document, deed: &Deed) {
    match deed {
        Deed::Replace(start, length, with) => {
            let Some(span) = span(doc, *start, *length) else { return };
            let mut edits = Edits::new();
            edits.replace(span, with);
            doc.edit(&edits).expect("it lies in the text");
        }
        Deed::Annotate(start, length) => {
            let Some(span) = span(doc, *start, *length) else { return };
            doc.annotate(Annotation::new("place", span).with_value(7).with_score(0.5));
        }
        Deed::Tag(start, length) => {
            let Some(span) = span(doc, *start, *length) else { return };
            doc.tag(Tag::new("topic", "harbor").with_evidence([span]));
        }
        Deed::Summarize(start, length) => {
            let Some(span) = span(doc, *start, *length) else { return };
            let text = span.of(doc.text()).unwrap_or_default().to_owned();
            let sentence = SummarySentence::new(span, text.clone(), 1.0).because([("lead", 1.0)]);
            let sentences = vec![sentence.resting_also_on(vec![span])];
            doc.summarize(Summary { text, ..Summary::of(sentences) });
        }
        Deed::Blocks(start, length) => {
            let Some(span) = span(doc, *start, *length) else { return };
            doc.set_blocks(vec![Block::new(BlockKind::Quote, span)]);
        }
        Deed::Meta(value) => doc.meta.set("subject", value.clone()),
        Deed::Language(language) => doc.set_language(language.clone()),
        Deed::Measure(value) => doc.measure("share", *value),
        Deed::Warn(warning) => doc.warn(warning.clone()),
        Deed::Forget => doc.clear_values(|annotation| annotation.span.start % 2 == 0),
        Deed::Rewrite => doc.rewrite_strings(|text| text.contains('a').then(|| text.replace('a', "*"))),
    }
}

fn whole(doc: &Document) -> String {
    serde_json::to_string(doc).expect("a document is JSON")
}

proptest! {
    #[test]
    fn the_recorded_changes_make_the_same_document_again(
        text in "[a-z .\n]{0,100}",
        stages in prop::collection::vec(prop::collection::vec(deed(), 0..6), 0..6),
    ) {
        let mut doc = Document::from_text("note.txt", &text);
        let mut again = doc.clone();
        doc.record();
        for (number, deeds) in stages.iter().enumerate() {
            doc.enter(&format!("stage{number}").into());
            for deed in deeds {
                act(&mut doc, deed);
            }
            let changes = doc.take_changes().expect("changes are recorded");
            let written = serde_json::to_string(&changes).expect("changes are JSON");
            let changes: Vec<Change> = serde_json::from_str(&written).expect("they were written");
            for change in changes {
                again.replay(change).expect("it was done before");
            }
            prop_assert_eq!(whole(&doc), whole(&again));
        }
    }
}
