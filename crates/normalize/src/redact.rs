//! What nobody may read, taken out of the record.
//!
//! The text of the annotations is replaced, and with it every other place of the record that has the same text: elsewhere
//! in the text, in metadata, labels, values, the summary and warnings. The source map keeps the way to the source, which is not
//! written.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use docmill_core::{
    Annotation, BuildContext, ByteSpan, Component, Context, Document, Edits, Field, OptionError, Role, RoleKind, Stage,
    StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Replaces the text of annotations, such as personal data, everywhere in the record.
///
/// `kinds` says which annotations: a kind, or the beginning of one with `*`. Their text becomes `with`, where `{kind}` is the
/// kind in capitals without `pii.`, or keeps its last characters only (`keep_last`; never more than half). The annotations stay,
/// without their values. The same text is replaced, whatever its case, where it occurs as a whole word elsewhere: in the text,
/// in metadata, in labels of tags, in values of other annotations, in the summary and in warnings.
///
/// ```yaml
/// - tag.pii
/// - tag.entities
/// - normalize.redact: { kinds: [pii.*, person], with: "[{kind}]" }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Redact {
    /// The kinds of annotations whose text is replaced; `*` at the end stands for anything.
    pub kinds: Vec<String>,
    /// What stands in its place; `{kind}` is the kind in capitals, without `pii.`.
    #[schemars(length(min = 1))]
    pub with: String,
    /// Keeps so many characters at the end and puts `*` for the others, instead of `with`.
    #[schemars(range(min = 1))]
    pub keep_last: Option<usize>,
}

impl Default for Redact {
    fn default() -> Self {
        Self { kinds: vec!["pii.*".to_owned()], with: "[{kind}]".to_owned(), keep_last: None }
    }
}

impl Component for Redact {
    const NAME: &'static str = "normalize.redact";
    const KIND: RoleKind = RoleKind::Stage;

    fn needs(&self) -> Vec<Field> {
        self.kinds.iter().map(|kind| Field::Annotations(kind.clone().into())).collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.kinds.is_empty() {
            return Err(vec![OptionError::new("/kinds", "expected at least one kind, such as `pii.*`")]);
        }
        Ok(Role::stage(self))
    }
}

impl Stage for Redact {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let secrets = self.secrets(doc);
        if secrets.is_empty() {
            return Ok(());
        }
        let finder = Finder::new(secrets)?;
        let places = self.places(doc, &finder);
        let mut edits = Edits::new();
        for place in &places {
            let hidden = place.span.of(doc.text()).unwrap_or_default();
            let replacement = self.replacement(&place.kind, hidden);
            if replacement != hidden {
                edits.replace(place.span, &replacement);
            }
        }
        // What lies in a place tells of it, whatever its kind.
        doc.clear_values(|annotation| {
            let after = places.partition_point(|place| place.span.end <= annotation.span.start);
            places.get(after).is_some_and(|place| place.span.overlaps(annotation.span))
        });
        doc.edit(&edits)?;
        doc.rewrite_strings(|text| self.redacted(text, &finder));
        Ok(())
    }
}

/// A span to replace, and the kind of what is there.
struct Place {
    span: ByteSpan,
    kind: String,
}

impl Redact {
    fn covers(&self, kind: &str) -> bool {
        self.kinds.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(prefix) => kind.starts_with(prefix),
            None => kind == pattern,
        })
    }

    fn covered<'a>(&'a self, doc: &'a Document) -> impl Iterator<Item = &'a Annotation> {
        doc.annotations().iter().filter(|annotation| self.covers(&annotation.kind))
    }

    /// The texts that must not stay anywhere, in small letters and as they are, with their kinds.
    fn secrets(&self, doc: &Document) -> BTreeMap<String, String> {
        let mut secrets = BTreeMap::new();
        for annotation in self.covered(doc) {
            let text = annotation.span.of(doc.text()).unwrap_or_default();
            let normalized = strings(&annotation.value).into_iter().filter(|value| tells(value));
            for secret in std::iter::once(text).chain(normalized) {
                for secret in [secret.to_owned(), secret.to_lowercase()] {
                    secrets.entry(secret).or_insert_with(|| annotation.kind.to_string());
                }
            }
        }
        secrets
    }

    /// All spans of the text to replace, in order and apart from each other.
    fn places(&self, doc: &Document, finder: &Finder) -> Vec<Place> {
        let annotated =
            self.covered(doc).map(|annotation| Place { span: annotation.span, kind: annotation.kind.to_string() });
        apart(annotated.chain(finder.places(doc.text())).collect())
    }

    fn replacement(&self, kind: &str, hidden: &str) -> String {
        let Some(last) = self.keep_last else {
            return self.with.replace("{kind}", &kind.strip_prefix("pii.").unwrap_or(kind).to_uppercase());
        };
        let length = hidden.chars().count();
        let kept = length - last.min(length / 2);
        hidden.chars().enumerate().map(|(at, c)| if at < kept && !c.is_whitespace() { '*' } else { c }).collect()
    }

    /// `text` without the secrets, or `None` where it has none.
    fn redacted(&self, text: &str, finder: &Finder) -> Option<String> {
        let mut redacted = String::new();
        let mut copied = 0;
        for place in apart(finder.places(text).collect()) {
            redacted.push_str(&text[copied..place.span.start]);
            redacted.push_str(&self.replacement(&place.kind, place.span.of(text).unwrap_or_default()));
            copied = place.span.end;
        }
        (copied > 0).then(|| redacted + &text[copied..])
    }
}

/// The places in order, those that overlap as one.
fn apart(mut places: Vec<Place>) -> Vec<Place> {
    places.sort_by_key(|place| (place.span.start, std::cmp::Reverse(place.span.end)));
    places.dedup_by(|next, place| {
        let overlap = next.span.overlaps(place.span);
        if overlap {
            place.span = place.span.hull(next.span);
        }
        overlap
    });
    places
}

/// The strings in a JSON value.
fn strings(value: &Value) -> Vec<&str> {
    let mut strings = Vec::new();
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            Value::String(text) => strings.push(text.as_str()),
            Value::Array(items) => left.extend(items),
            Value::Object(entries) => left.extend(entries.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    strings
}

/// Whether a normalized value tells who it is, as a number or an address does, and not only what it is, as `visa` or `DE` do.
fn tells(value: &str) -> bool {
    value.len() >= 6 && value.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@')
}

/// Finds secrets in any text.
struct Finder {
    automaton: AhoCorasick,
    kinds: Vec<String>,
}

impl Finder {
    fn new(secrets: BTreeMap<String, String>) -> Result<Self, StageError> {
        // A single letter or digit is found where it was annotated, but says nothing elsewhere.
        let (patterns, kinds): (Vec<String>, Vec<String>) =
            secrets.into_iter().filter(|(secret, _)| secret.chars().nth(1).is_some()).unzip();
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(patterns).map_err(|error| {
            StageError::Caused { context: "cannot look for so many texts".to_owned(), source: Box::new(error) }
        })?;
        Ok(Self { automaton, kinds })
    }

    /// Where secrets stand as whole words. They may overlap: the longest one is not always a whole word.
    fn places(&self, text: &str) -> impl Iterator<Item = Place> {
        self.automaton.find_overlapping_iter(text).filter(|found| is_whole(text, found.start(), found.end())).map(
            |found| Place {
                span: ByteSpan::new(found.start(), found.end()),
                kind: self.kinds[found.pattern().as_usize()].clone(),
            },
        )
    }
}

/// Whether no word goes on over either end of `start..end`.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let (Some(before), Some(found), Some(after)) = (text.get(..start), text.get(start..end), text.get(end..)) else {
        return false;
    };
    let goes_on = |left: Option<char>, right: Option<char>| {
        left.is_some_and(char::is_alphanumeric) && right.is_some_and(char::is_alphanumeric)
    };
    let mut inside = found.chars();
    !goes_on(before.chars().next_back(), inside.next()) && !goes_on(found.chars().next_back(), after.chars().next())
}

#[cfg(test)]
mod tests {
    use docmill_core::{Summary, SummarySentence, Tag};
    use serde_json::json;

    use super::*;
    use crate::testing::normalized_doc;

    /// A document with an address and a card number, each in many places of the record.
    fn document() -> Document {
        let mut doc = Document::from_text(
            "mail.txt",
            "Ask Ana.Ruiz@mail.example. Card 4111 1111 1111 1111, or ana.ruiz@mail.example again.",
        );
        let by = std::sync::Arc::from("tag.pii");
        doc.enter(&by);
        doc.annotate(Annotation::new("pii.email", 4..25).with_value("ana.ruiz@mail.example"));
        doc.annotate(Annotation::new("email", 4..25).with_value(json!({"address": "Ana.Ruiz@mail.example"})));
        doc.annotate(
            Annotation::new("pii.card", 32..51).with_value(json!({"number": "4111111111111111", "network": "visa"})),
        );
        doc.annotate(Annotation::new("misc", 0..3).with_value(json!(["to ana.ruiz@mail.example"])));
        doc.tag(Tag::new("keyphrase", "ana.ruiz@mail.example").with_evidence([ByteSpan::new(4, 25)]));
        doc.meta.set("from", "Ana <ana.ruiz@mail.example>");
        doc.meta.set("card", json!({"digits": "4111111111111111", "number": 4_111_111_111_111_111_u64}));
        doc.warn("odd address: Ana.Ruiz@mail.example");
        let sentence = "Ask Ana.Ruiz@mail.example.";
        doc.summarize(Summary::of(vec![SummarySentence::new(ByteSpan::new(0, 26), sentence, 1.0)]));
        doc
    }

    fn record(doc: &Document) -> String {
        let parts = json!([
            doc.text(),
            doc.annotations(),
            doc.tags(),
            doc.summary(),
            doc.meta,
            doc.warnings(),
            doc.blocks(),
            doc.title(),
        ]);
        parts.to_string().to_lowercase()
    }

    #[test]
    fn nothing_of_what_was_redacted_stays_in_the_record() {
        let doc = normalized_doc(Redact::default(), document());
        assert_eq!(doc.text(), "Ask [EMAIL]. Card [CARD], or [EMAIL] again.");
        let record = record(&doc);
        for secret in ["ana.ruiz", "4111"] {
            assert!(!record.contains(secret), "{secret} is in {record}");
        }
        assert_eq!(doc.meta.text("from"), Some("Ana <[EMAIL]>"));
        assert_eq!(doc.tags()[0].label, "[EMAIL]");
    }

    #[test]
    fn annotations_stay_without_their_values() {
        let doc = normalized_doc(Redact::default(), document());
        let found: Vec<_> = doc
            .annotations()
            .iter()
            .map(|annotation| {
                (
                    annotation.kind.as_ref(),
                    annotation.span.of(doc.text()).unwrap_or("?"),
                    annotation.value.is_null(),
                    annotation.by.as_ref(),
                )
            })
            .collect();
        assert_eq!(found[0], ("pii.email", "[EMAIL]", true, "tag.pii"));
        assert_eq!(found[1], ("email", "[EMAIL]", true, "tag.pii"));
        assert_eq!(found[2], ("pii.card", "[CARD]", true, "tag.pii"));
        assert!(!found[3].2);
    }

    #[test]
    fn the_last_characters_are_kept_where_asked() {
        let keep = Redact { kinds: vec!["pii.card".to_owned()], keep_last: Some(4), ..Redact::default() };
        let doc = normalized_doc(keep, document());
        assert!(doc.text().contains("Card **** **** **** 1111, or"), "{}", doc.text());
        assert!(doc.text().contains("Ana.Ruiz"));
        let short = Redact { keep_last: Some(9), ..Redact::default() };
        assert_eq!(short.replacement("pii.name", "Anna"), "**na");
    }

    #[test]
    fn redacting_again_changes_nothing() {
        for stage in [Redact::default(), Redact { keep_last: Some(4), ..Redact::default() }] {
            let once = normalized_doc(stage.clone(), document());
            assert_eq!(record(&normalized_doc(stage, once.clone())), record(&once));
        }
    }

    #[test]
    fn only_whole_words_are_found_elsewhere() {
        let mut doc = Document::from_text("a.txt", "Ann met Anna and ANN.");
        doc.annotate(Annotation::new("person", 0..3));
        let stage = Redact { kinds: vec!["person".to_owned()], ..Redact::default() };
        assert_eq!(normalized_doc(stage, doc).text(), "[PERSON] met Anna and [PERSON].");
    }

    #[test]
    fn annotations_that_overlap_are_replaced_as_one() {
        let mut doc = Document::from_text("a.txt", "Ann Lee Fox came.");
        doc.annotate(Annotation::new("person", 0..7));
        doc.annotate(Annotation::new("person", 4..11));
        let stage = Redact { kinds: vec!["person".to_owned()], ..Redact::default() };
        assert_eq!(normalized_doc(stage, doc).text(), "[PERSON] came.");
    }
}
