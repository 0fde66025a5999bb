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
/// kind in capitals without `pii.`, or keeps its last characters only (`keep_last`; never more than half). `{number}` in `with` numbers
/// whom or what was hidden, kind by kind, so that the text can still be followed: all places of one person have the same number in their document. `{hash}`
/// is the same for one person in all documents: twelve hexadecimal digits of the keyed hash (BLAKE3) of the name or value, which nobody
/// makes again without `key`. The annotations stay, without their values. The same text is replaced, whatever its case, where it occurs as a whole word elsewhere: in the text,
/// in metadata, in labels of tags, in values of other annotations, in the summary and in warnings.
///
/// ```yaml
/// - tag.pii
/// - tag.entities
/// - normalize.redact: { kinds: [pii.*, person], with: "[{kind} {number}]" }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Redact {
    /// The kinds of annotations whose text is replaced; `*` at the end stands for anything.
    pub kinds: Vec<String>,
    /// What stands in its place; `{kind}` is the kind in capitals, without `pii.`, `{number}` and `{hash}` tell one from another.
    #[schemars(length(min = 1))]
    pub with: String,
    /// The key of `{hash}`, such as `${env:REDACT_KEY}`; at least 16 bytes.
    pub key: String,
    /// Keeps so many characters at the end and puts `*` for the others, instead of `with`.
    #[schemars(range(min = 1))]
    pub keep_last: Option<usize>,
}

impl Default for Redact {
    fn default() -> Self {
        Self { kinds: vec!["pii.*".to_owned()], with: "[{kind}]".to_owned(), key: String::new(), keep_last: None }
    }
}

/// Shortest key of a hash, in bytes.
const KEY: usize = 16;

impl Component for Redact {
    const NAME: &'static str = "normalize.redact";
    const KIND: RoleKind = RoleKind::Stage;

    fn needs(&self) -> Vec<Field> {
        self.kinds.iter().map(|kind| Field::Annotations(kind.clone().into())).collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        let mut errors = Vec::new();
        if self.kinds.is_empty() {
            errors.push(OptionError::new("/kinds", "expected at least one kind, such as `pii.*`"));
        }
        let is_hashed = self.with.contains("{hash}");
        if is_hashed && self.key.len() < KEY {
            let message = format!("`{{hash}}` needs a key of at least {KEY} bytes, such as `key: ${{env:REDACT_KEY}}`");
            errors.push(OptionError::new("/key", message));
        }
        if !is_hashed && !self.key.is_empty() {
            errors.push(OptionError::new("/key", "nothing uses the key: `with` has no `{hash}`"));
        }
        if errors.is_empty() { Ok(Role::stage(self)) } else { Err(errors) }
    }
}

impl Stage for Redact {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let secrets = self.secrets(doc);
        if secrets.is_empty() {
            return Ok(());
        }
        let numbers = numbers(&secrets);
        let finder = Finder::new(secrets)?;
        let places = self.places(doc, &finder);
        let mut edits = Edits::new();
        for place in &places {
            let hidden = place.span.of(doc.text()).unwrap_or_default();
            let replacement = self.replacement(&place.whom, hidden, &numbers);
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
        doc.rewrite_strings(|text| self.redacted(text, &finder, &numbers));
        Ok(())
    }
}

/// A span to replace, and whom or what is there.
struct Place {
    span: ByteSpan,
    whom: Whom,
}

/// Whom or what a text hides: the kind of the annotation, and the name or value of all texts that mean the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Whom {
    kind: String,
    name: String,
    /// Which annotation of the document was the first.
    first: usize,
}

/// What each is numbered by: its kind and name.
type Numbers = BTreeMap<(String, String), usize>;

/// Numbers those that are hidden from 1 on, kind by kind, in the order of the document.
fn numbers(secrets: &BTreeMap<String, Whom>) -> Numbers {
    let mut firsts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for whom in secrets.values() {
        let first = firsts.entry((&whom.kind, &whom.name)).or_insert(whom.first);
        *first = whom.first.min(*first);
    }
    let mut order: Vec<_> = firsts.into_iter().map(|((kind, name), first)| (kind, first, name)).collect();
    order.sort_unstable();
    let mut numbers = Numbers::new();
    let (mut last, mut number) = ("", 0);
    for (kind, _, name) in order {
        number = if kind == last { number + 1 } else { 1 };
        last = kind;
        numbers.insert((kind.to_owned(), name.to_owned()), number);
    }
    numbers
}

/// The name or value by which an annotation means the same as others; else its text.
fn name(annotation: &Annotation, text: &str) -> String {
    let stated = ["name", "value"].iter().find_map(|key| annotation.value.get(key)?.as_str());
    let words: Vec<&str> = stated.or(annotation.value.as_str()).unwrap_or(text).split_whitespace().collect();
    words.join(" ").to_lowercase()
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

    /// The texts that must not stay anywhere, in small letters and as they are, with whom or what they mean.
    fn secrets(&self, doc: &Document) -> BTreeMap<String, Whom> {
        let mut secrets = BTreeMap::new();
        for (first, annotation) in self.covered(doc).enumerate() {
            let text = annotation.span.of(doc.text()).unwrap_or_default();
            let whom = Whom { kind: annotation.kind.to_string(), name: name(annotation, text), first };
            let normalized = strings(&annotation.value).into_iter().filter(|value| tells(value));
            for secret in std::iter::once(text).chain(normalized) {
                for secret in [secret.to_owned(), secret.to_lowercase()] {
                    secrets.entry(secret).or_insert_with(|| whom.clone());
                }
            }
        }
        secrets
    }

    /// All spans of the text to replace, in order and apart from each other.
    fn places(&self, doc: &Document, finder: &Finder) -> Vec<Place> {
        let annotated = self.covered(doc).enumerate().map(|(first, annotation)| {
            let text = annotation.span.of(doc.text()).unwrap_or_default();
            let whom = Whom { kind: annotation.kind.to_string(), name: name(annotation, text), first };
            Place { span: annotation.span, whom }
        });
        apart(annotated.chain(finder.places(doc.text())).collect())
    }

    fn replacement(&self, whom: &Whom, hidden: &str, numbers: &Numbers) -> String {
        let Some(last) = self.keep_last else {
            let kind = whom.kind.strip_prefix("pii.").unwrap_or(&whom.kind).to_uppercase();
            let mut replacement = self.with.replace("{kind}", &kind);
            if replacement.contains("{number}") {
                let number = numbers.get(&(whom.kind.clone(), whom.name.clone())).copied().unwrap_or_default();
                replacement = replacement.replace("{number}", &number.to_string());
            }
            if replacement.contains("{hash}") {
                replacement = replacement.replace("{hash}", &self.hash(&whom.name));
            }
            return replacement;
        };
        let length = hidden.chars().count();
        let kept = length - last.min(length / 2);
        hidden.chars().enumerate().map(|(at, c)| if at < kept && !c.is_whitespace() { '*' } else { c }).collect()
    }

    /// Twelve hexadecimal digits, 48 bits, of the keyed hash of a name.
    fn hash(&self, name: &str) -> String {
        let key = blake3::derive_key("docmill normalize.redact 2026-11 names", self.key.as_bytes());
        blake3::keyed_hash(&key, name.as_bytes()).to_hex()[..12].to_owned()
    }

    /// `text` without the secrets, or `None` where it has none.
    fn redacted(&self, text: &str, finder: &Finder, numbers: &Numbers) -> Option<String> {
        let mut redacted = String::new();
        let mut copied = 0;
        for place in apart(finder.places(text).collect()) {
            redacted.push_str(&text[copied..place.span.start]);
            redacted.push_str(&self.replacement(&place.whom, place.span.of(text).unwrap_or_default(), numbers));
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
    whom: Vec<Whom>,
}

impl Finder {
    fn new(secrets: BTreeMap<String, Whom>) -> Result<Self, StageError> {
        // A single letter or digit is found where it was annotated, but says nothing elsewhere.
        let (patterns, whom): (Vec<String>, Vec<Whom>) =
            secrets.into_iter().filter(|(secret, _)| secret.chars().nth(1).is_some()).unzip();
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(patterns).map_err(|error| {
            StageError::Caused { context: "cannot look for so many texts".to_owned(), source: Box::new(error) }
        })?;
        Ok(Self { automaton, whom })
    }

    /// Where secrets stand as whole words. They may overlap: the longest one is not always a whole word.
    fn places(&self, text: &str) -> impl Iterator<Item = Place> {
        self.automaton.find_overlapping_iter(text).filter(|found| is_whole(text, found.start(), found.end())).map(
            |found| Place {
                span: ByteSpan::new(found.start(), found.end()),
                whom: self.whom[found.pattern().as_usize()].clone(),
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
        let whom = Whom { kind: "pii.name".to_owned(), name: "anna".to_owned(), first: 0 };
        assert_eq!(short.replacement(&whom, "Anna", &Numbers::new()), "**na");
    }

    #[test]
    fn one_person_has_one_number_and_one_hash() {
        let named = |text: &str, spans: [(usize, usize, &str); 3]| {
            let mut doc = Document::from_text("a.txt", text);
            for (start, end, name) in spans {
                doc.annotate(Annotation::new("person", start..end).with_value(json!({ "name": name })));
            }
            doc
        };
        let text = "Zoe Lind met Ole Berg. Lind left.";
        let spans = [(0, 8, "Zoe Lind"), (13, 21, "Ole Berg"), (23, 27, "Zoe Lind")];
        let kinds = vec!["person".to_owned()];
        let numbered = Redact { kinds: kinds.clone(), with: "{kind} {number}".to_owned(), ..Redact::default() };
        let doc = normalized_doc(numbered, named(text, spans));
        assert_eq!(doc.text(), "PERSON 1 met PERSON 2. PERSON 1 left.");

        let hashed = |key: &str| Redact {
            kinds: kinds.clone(),
            with: "<{hash}>".to_owned(),
            key: key.to_owned(),
            ..Redact::default()
        };
        let one = normalized_doc(hashed("a key of 16 bytes"), named(text, spans));
        let words: Vec<&str> = one.text().split([' ', '.']).collect();
        assert_eq!((words[0].len(), words[0] == words[4], words[0] == words[2]), (14, true, false), "{}", one.text());
        let elsewhere = named(
            "Once more ZOE LIND and Ole Berg, Lind.",
            [(10, 18, "Zoe  Lind"), (23, 31, "Ole Berg"), (33, 37, "Zoe Lind")],
        );
        assert!(normalized_doc(hashed("a key of 16 bytes"), elsewhere).text().contains(words[0]));
        assert_ne!(normalized_doc(hashed("another key of 16"), named(text, spans)).text(), one.text());
    }

    #[test]
    fn a_hash_needs_a_key_and_a_key_a_hash() {
        for (with, key, message) in [
            ("{hash}", "", "`{hash}` needs a key of at least 16 bytes"),
            ("{hash}", "short", "`{hash}` needs a key of at least 16 bytes"),
            ("[{kind}]", "a key of 16 bytes", "nothing uses the key"),
        ] {
            let stage = Redact { with: with.to_owned(), key: key.to_owned(), ..Redact::default() };
            let Err(errors) = stage.build(&BuildContext::default()) else { panic!("{with} {key} was built") };
            assert!(errors[0].pointer == "/key" && errors[0].message.starts_with(message), "{}", errors[0].message);
        }
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
