//! What holds for every text: no normalizer panics, each is done after one go, and what it does not change maps to itself.

use docmill_core::{Annotation, Block, BlockKind, BuildContext, ByteSpan, Context, Document, Registry, Role, Verdict};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The normalizers that are done after one go, with options that make them do something.
fn normalizers() -> Vec<(&'static str, Value)> {
    vec![
        ("normalize.mojibake", Value::Null),
        ("normalize.entities", Value::Null),
        ("normalize.unicode", json!({"form": "NFC"})),
        ("normalize.unicode", json!({"form": "NFKC"})),
        ("normalize.unicode", json!({"form": "none"})),
        ("normalize.quotes", json!({"quotes": "ascii", "dashes": "ascii", "ellipses": "ascii"})),
        ("normalize.hyphenation", Value::Null),
        ("normalize.lines", Value::Null),
        ("normalize.whitespace", Value::Null),
        ("normalize.replace", json!({"rules": [{"pattern": "[0-9]+", "with": "#"}, {"pattern": "(?i)AMP;"}]})),
        ("normalize.redact", json!({"kinds": ["pii.*"]})),
        ("normalize.redact", json!({"kinds": ["pii.*"], "keep_last": 2})),
    ]
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    docmill_normalize::register(&mut registry).expect("the names are right");
    registry
}

fn apply(name: &str, options: &Value, doc: &mut Document) {
    let built = registry().build(name, options, &BuildContext::default()).expect("the options are right");
    let Role::Stage(stage) = built.role else { panic!("{name} is no stage") };
    stage.apply(doc, &Context::default()).expect("a stage takes every text");
}

/// Pieces that the normalizers look for, and what may stand around them.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9 .,;&#-]{1,12}",
        "\\PC{1,6}",
        "(re|long|year-by|pre)-\n {0,2}(voirs|term|and|x)",
        "(Ã©|â€œ|â€|Ã¢â‚¬â„¢|Â£|Ã |Ã|Â|\u{85}|\u{93}|Р°|РµР»|√ü|Ä\u{99}|VOCÊ…){1,4}",
        "&(amp|lt|nbsp|eacute|#38|#x26|#8217|#150|bogus);(amp;|lt;|#39;){0,2}",
        "(e\u{301}|\u{1112}\u{1161}|ﬁ|\u{200b}|\u{200c}|\u{200d}|\u{ad}\n?|\u{feff}|\u{202e}|\u{301}|क्|👩|❤\u{fe0f}|می){1,5}",
        "(“|”|—|…|’|«|–|\u{2011}){1,3}",
        "[ \t\n\r\u{a0}\u{2028}\u{3000}]{1,5}",
        "([a-z]{2,9} ){8,12}[a-z]{1,9},?\n",
        Just("The authority runs two hundred miles of pipe, and a third of it\n".to_owned()),
        Just("港の工事は来年まで続く。\n".to_owned()),
    ]
}

/// A text, and the kinds of its paragraphs.
fn document() -> impl Strategy<Value = Document> {
    let kinds = prop::sample::select(vec![
        BlockKind::Paragraph,
        BlockKind::Paragraph,
        BlockKind::ListItem,
        BlockKind::Code,
        BlockKind::Table,
        BlockKind::Masthead,
    ]);
    let text = prop::collection::vec(piece(), 0..14).prop_map(|pieces| pieces.concat());
    (text, prop::collection::vec(kinds, 8), any::<bool>()).prop_map(|(text, kinds, with_blocks)| {
        let mut doc = Document::from_text("test.txt", &text);
        let blocks = doc.blocks().iter().zip(kinds.iter().cycle());
        let blocks = blocks.map(|(block, &kind)| Block { kind, ..block.clone() }).collect();
        doc.set_blocks(if with_blocks { blocks } else { Vec::new() });
        // Every second block begins with something that is to be redacted.
        let secrets: Vec<ByteSpan> =
            doc.blocks().iter().step_by(2).filter_map(|block| first_word(&text, block.span)).collect();
        for secret in secrets {
            doc.annotate(Annotation::new("pii.name", secret));
        }
        doc
    })
}

fn first_word(text: &str, span: ByteSpan) -> Option<ByteSpan> {
    let word = span.of(text)?.split_whitespace().next()?;
    Some(ByteSpan::new(span.start, span.start + word.len()))
}

/// Spans lie on character boundaries, in order, and unchanged stretches are the same on both sides of the map.
fn check(doc: &Document) -> Result<(), TestCaseError> {
    for block in doc.blocks() {
        prop_assert!(block.span.of(doc.text()).is_some());
    }
    for annotation in doc.annotations() {
        prop_assert!(annotation.span.of(doc.text()).is_some_and(|text| !text.is_empty()));
    }
    let (mut before, mut after) = (0, 0);
    for (from, to) in doc.source_map().changes() {
        prop_assert_eq!(doc.original().get(before..from.start), doc.text().get(after..to.start));
        (before, after) = (from.end, to.end);
    }
    prop_assert_eq!(doc.original().get(before..), doc.text().get(after..));
    Ok(())
}

proptest! {
    #[test]
    fn each_normalizer_is_done_after_one_go_and_leaves_the_rest_alone(doc in document()) {
        for (name, options) in normalizers() {
            let mut once = doc.clone();
            apply(name, &options, &mut once);
            check(&once)?;
            let mut twice = once.clone();
            apply(name, &options, &mut twice);
            prop_assert_eq!(once.text(), twice.text(), "{} {} of {:?}", name, options, doc.text());
        }
    }

    #[test]
    fn all_normalizers_in_their_order_keep_every_span_sound(doc in document()) {
        let mut doc = doc;
        for (name, options) in normalizers() {
            apply(name, &options, &mut doc);
            check(&doc)?;
        }
    }

    #[test]
    fn filters_measure_every_text(doc in document()) {
        for name in ["filter.words", "filter.repetition", "filter.quality"] {
            let built = registry().build(name, &Value::Null, &BuildContext::default()).expect("the defaults are right");
            let Role::Filter(filter) = built.role else { panic!("{name} is no filter") };
            let mut judged = doc.clone();
            let verdict = filter.judge(&mut judged, &Context::default()).expect("a filter takes every text");
            let is_duplicate = matches!(verdict, Verdict::Duplicate { .. });
            prop_assert!(!is_duplicate);
            for gives in built.gives {
                let docmill_core::Field::Measure(measure) = gives else { continue };
                prop_assert!(judged.measures().contains_key(measure.as_ref()), "{} is not measured", measure);
            }
        }
    }
}

#[test]
fn the_recommended_normalizers_come_in_their_order() {
    let registry = registry();
    let names: Vec<_> = registry.family("normalize").into_iter().map(docmill_core::Entry::name).collect();
    let expected = ["entities", "mojibake", "unicode", "hyphenation", "lines", "whitespace"];
    assert_eq!(names, expected.map(|name| format!("normalize.{name}")));
}

#[test]
fn a_line_of_megabytes_takes_no_longer_for_each_byte_than_a_short_one() {
    // None of these may take the square of the length: that would be minutes here.
    for piece in ["Ã©", "&amp;", "e\u{301}", "a-\n", "a\n", " \t", "\u{ad}\n", "-", "“", "&", "\u{301}"] {
        let text = piece.repeat((1 << 20) / piece.len());
        let mut doc = Document::from_text("long.txt", &text);
        for (name, options) in normalizers() {
            apply(name, &options, &mut doc);
        }
    }
}
