//! What always holds of edits and source maps, on random texts and random sequences of edits.

use docmill_core::{Annotation, Block, BlockKind, ByteSpan, Document, Edits, SourceMap};
use proptest::collection::vec;
use proptest::prelude::*;

/// A text after edits, as the slow and obvious reference sees it: each character of the current text knows the span of
/// the original that it stands for, and whether an edit touched it.
#[derive(Clone)]
struct Reference {
    original: String,
    /// Characters with (span of the original, untouched).
    characters: Vec<(char, ByteSpan, bool)>,
}

impl Reference {
    fn new(text: &str) -> Self {
        let characters = text.char_indices().map(|(at, c)| (c, ByteSpan::new(at, at + c.len_utf8()), true)).collect();
        Self { original: text.to_owned(), characters }
    }

    fn text(&self) -> String {
        self.characters.iter().map(|(c, ..)| c).collect()
    }

    /// Where the original goes on before the character at `index`.
    fn gap(&self, index: usize) -> usize {
        self.characters[..index].last().map_or(0, |(_, span, _)| span.end)
    }

    /// Applies edits in characters, last first, so that earlier ones keep their offsets.
    fn edit(&mut self, edits: &[(std::ops::Range<usize>, String)]) {
        for (range, replacement) in edits.iter().rev() {
            // What is replaced stands for the hull of what it came from. A change is indivisible: an edit that takes a part
            // of an earlier change takes over what all of that change stood for.
            let from = self.to_original(range.clone()).unwrap_or_else(|| ByteSpan::point(self.gap(range.start)));
            let new: Vec<_> = replacement.chars().map(|c| (c, from, false)).collect();
            self.characters.splice(range.clone(), new);
        }
    }

    /// The hull of what the characters of a span of the current text stand for; what was inserted stands for nothing.
    fn to_original(&self, characters: std::ops::Range<usize>) -> Option<ByteSpan> {
        let spans = self.characters[characters].iter().map(|(_, span, _)| *span);
        spans.filter(|span| !span.is_empty()).reduce(ByteSpan::hull)
    }
}

/// A text with characters of one to four bytes.
fn text() -> impl Strategy<Value = String> {
    vec(prop_oneof![3 => "[a-z \n]", 1 => "[éß€日\u{1F600}]"], 0..40).prop_map(|parts| parts.concat())
}

/// Raw material for edits: places and lengths in thousandths of the text, and replacements.
fn raw_edits() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
    vec((0..1000_usize, 0..200_usize, prop_oneof![Just(String::new()), "[A-Zé]{1,4}"]), 0..6)
}

/// Edits of a text of `length` characters that do not overlap, in order.
fn edits_in(length: usize, raw: &[(usize, usize, String)]) -> Vec<(std::ops::Range<usize>, String)> {
    let at = |share: usize| share * (length + 1) / 1000;
    let mut edits: Vec<_> = raw
        .iter()
        .map(|(start, share, replacement)| {
            let start = at(*start).min(length);
            (start..(start + at(*share)).min(length), replacement.clone())
        })
        .collect();
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut end = 0;
    edits.retain(|(range, _)| {
        let keep = range.start >= end;
        end = if keep { range.end } else { end };
        keep
    });
    edits
}

fn byte_offsets(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}

/// A document and its reference after the same rounds of edits.
fn edited(text: &str, rounds: &[Vec<(usize, usize, String)>]) -> (Document, Reference) {
    let mut doc = Document::from_text("text", text);
    let mut reference = Reference::new(text);
    for raw in rounds {
        let offsets = byte_offsets(doc.text());
        let edits = edits_in(offsets.len() - 1, raw);
        let mut set = Edits::new();
        for (range, replacement) in &edits {
            set.replace(offsets[range.start]..offsets[range.end], replacement);
        }
        doc.edit(&set).expect("the edits are in order and on character boundaries");
        reference.edit(&edits);
    }
    (doc, reference)
}

fn rounds() -> impl Strategy<Value = Vec<Vec<(usize, usize, String)>>> {
    vec(raw_edits(), 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_text_is_what_the_edits_say(text in text(), rounds in rounds()) {
        let (doc, reference) = edited(&text, &rounds);
        prop_assert_eq!(doc.text(), reference.text());
        prop_assert_eq!(doc.original(), reference.original);
    }

    #[test]
    fn mapping_there_and_back_stays_in_the_text_and_splits_no_character(text in text(), rounds in rounds()) {
        let (doc, _) = edited(&text, &rounds);
        let (after, before) = (doc.text().to_owned(), doc.original().to_owned());
        let offsets = byte_offsets(&after);
        for (index, &start) in offsets.iter().enumerate() {
            for &end in &offsets[index..] {
                let span = ByteSpan::new(start, end);
                let home = doc.to_original(span);
                prop_assert!(home.of(&before).is_some(), "{span} -> {home} of {before:?}");
                let back = doc.source_map().to_after(home);
                prop_assert!(back.of(&after).is_some(), "{span} -> {home} -> {back} of {after:?}");
                // What leads back to some of the original leads there from all of the span.
                prop_assert!(home.is_empty() || back.contains(span) || touches_insertion(&doc, span), "{span} -> {home} -> {back}");
            }
        }
    }

    #[test]
    fn untouched_text_maps_to_itself(text in text(), rounds in rounds()) {
        let (doc, reference) = edited(&text, &rounds);
        let offsets = byte_offsets(doc.text());
        for (index, (_, from, untouched)) in reference.characters.iter().enumerate() {
            if *untouched {
                let span = ByteSpan::new(offsets[index], offsets[index + 1]);
                prop_assert_eq!(doc.to_original(span), *from);
                prop_assert_eq!(doc.source_map().to_after(*from), span);
                prop_assert_eq!(span.of(doc.text()), from.of(doc.original()));
            }
        }
    }

    #[test]
    fn a_map_covers_what_the_reference_says_a_span_came_from(text in text(), rounds in rounds()) {
        let (doc, reference) = edited(&text, &rounds);
        let offsets = byte_offsets(doc.text());
        for start in 0..reference.characters.len() {
            for end in start + 1..=reference.characters.len() {
                let span = ByteSpan::new(offsets[start], offsets[end]);
                let Some(expected) = reference.to_original(start..end) else { continue };
                let found = doc.to_original(span);
                // A change is indivisible, so that the map may say more than the reference, never less.
                prop_assert!(found.contains(expected), "{span}: expected {expected}, found {found}");
                let single = rounds.iter().filter(|round| !round.is_empty()).count() <= 1;
                let from_somewhere = reference.characters[start..end].iter().all(|(_, span, _)| !span.is_empty());
                prop_assert!(!single || !from_somewhere || found == expected, "one round of edits is exact: {found} for {expected}");
            }
        }
    }

    #[test]
    fn composing_maps_is_the_same_as_following_them_one_after_the_other_where_nothing_was_edited(
        text in text(), first in raw_edits(), second in raw_edits(),
    ) {
        let apply = |text: &str, raw: &[(usize, usize, String)]| -> (String, SourceMap) {
            let offsets = byte_offsets(text);
            let mut set = Edits::new();
            for (range, replacement) in edits_in(offsets.len() - 1, raw) {
                set.replace(offsets[range.start]..offsets[range.end], &replacement);
            }
            set.apply(text).expect("the edits are in order and on character boundaries")
        };
        let (middle, one) = apply(&text, &first);
        let (last, two) = apply(&middle, &second);
        let both = one.then(&two);
        let offsets = byte_offsets(&last);
        for (index, &start) in offsets.iter().enumerate() {
            for &end in &offsets[index + 1..] {
                let span = ByteSpan::new(start, end);
                let step_by_step = one.to_before(two.to_before(span));
                prop_assert!(both.to_before(span).contains(step_by_step) || step_by_step.is_empty());
            }
        }
    }

    #[test]
    fn blocks_and_annotations_move_with_the_text_they_are_made_for(text in text(), rounds in rounds()) {
        let mut doc = Document::from_text("text", &text);
        let offsets = byte_offsets(&text);
        doc.set_blocks(vec![Block::new(BlockKind::Paragraph, 0..text.len())]);
        for pair in offsets.windows(2) {
            doc.annotate(Annotation::new("character", pair[0]..pair[1]).with_value(&text[pair[0]..pair[1]]));
        }
        for raw in &rounds {
            let offsets = byte_offsets(doc.text());
            let mut set = Edits::new();
            for (range, replacement) in edits_in(offsets.len() - 1, raw) {
                set.replace(offsets[range.start]..offsets[range.end], &replacement);
            }
            doc.edit(&set).expect("the edits are in order and on character boundaries");
        }
        for annotation in doc.annotations() {
            let now = annotation.span.of(doc.text());
            prop_assert!(now.is_some_and(|now| !now.is_empty()), "{} leaves the text", annotation.span);
            let home = doc.to_original(annotation.span);
            let made_for = annotation.value.as_str().expect("set above");
            prop_assert!(home.of(doc.original()).expect("it is in the original").contains(made_for));
        }
        for block in doc.blocks() {
            prop_assert!(block.span.of(doc.text()).is_some());
        }
    }

    #[test]
    fn a_document_survives_being_written_and_read(text in text(), rounds in rounds()) {
        let (doc, _) = edited(&text, &rounds);
        let json = serde_json::to_string(&doc).expect("a document is JSON");
        let read: Document = serde_json::from_str(&json).expect("what was written can be read");
        prop_assert_eq!(serde_json::to_string(&read).expect("a document is JSON"), json);
    }
}

/// Whether an edge of the span lies on text that was inserted: such text comes from no place, so that the way back from its
/// neighbours does not reach it.
fn touches_insertion(doc: &Document, span: ByteSpan) -> bool {
    doc.source_map().changes().any(|(before, after)| {
        before.is_empty() && after.start < span.end.max(span.start + 1) && span.start < after.end.max(after.start + 1)
    })
}
