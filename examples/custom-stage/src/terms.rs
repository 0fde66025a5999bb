//! A stage that may drop documents, which docmill calls a filter: words of a list.

use docmill_core::{
    Annotation, BuildContext, ByteSpan, Component, Context, Document, DropReason, Edits, Field, Filter, OptionError,
    Role, RoleKind, StageError, Tag, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Counts words of a list, tags and marks them, and drops documents that have too few.
///
/// Upper and lower case are the same, and only whole words count. Each place becomes an annotation `term`, each word that was found
/// a tag of the scheme `term`, whose score is its share of all places. The measure `terms` is the number of places, the metadata
/// `terms` that of different words.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Terms {
    /// The words to count, in lower case.
    #[schemars(length(min = 1, max = 100), inner(regex(pattern = "^[a-z0-9]+$")))]
    pub words: Vec<String>,
    /// Documents with fewer of them are dropped.
    pub min: u32,
    /// Write what was found in upper case.
    pub upper: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self { words: Vec::new(), min: 1, upper: false }
    }
}

impl Component for Terms {
    const NAME: &'static str = "acme.terms";
    const KIND: RoleKind = RoleKind::Filter;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Text, Field::Meta, Field::annotations("term"), Field::tags("term"), Field::measure("terms")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.words.is_empty() {
            return Err(vec![OptionError::new("/words", "expected at least one word")]);
        }
        let wrong = |(index, word): (usize, &String)| {
            let message = if word.is_empty() || !word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
                format!("expected a word of the letters a to z and digits, found {word:?}")
            } else if self.words[..index].contains(word) {
                format!("{word:?} is there twice")
            } else {
                return None;
            };
            Some(OptionError::new(format!("/words/{index}"), message))
        };
        let errors: Vec<_> = self.words.iter().enumerate().filter_map(wrong).collect();
        if errors.is_empty() { Ok(Role::filter(self)) } else { Err(errors) }
    }
}

impl Filter for Terms {
    fn judge(&self, doc: &mut Document, cx: &Context) -> Result<Verdict, StageError> {
        let mut places: Vec<Vec<ByteSpan>> = vec![Vec::new(); self.words.len()];
        let (mut annotations, mut edits) = (Vec::new(), Edits::new());
        for span in words(doc.text()) {
            cx.check_time()?;
            let found = span.of(doc.text()).unwrap_or_default();
            let Some(index) = self.words.iter().position(|word| word.eq_ignore_ascii_case(found)) else { continue };
            places[index].push(span);
            annotations.push(Annotation::new("term", span).with_value(json!({"word": self.words[index]})));
            let upper = found.to_ascii_uppercase();
            if self.upper && upper != found {
                edits.replace(span, &upper);
            }
        }
        let total = annotations.len();
        doc.measure("terms", total as f64);
        if total < self.min as usize {
            return Ok(Verdict::Drop(DropReason::new("terms.min", total, self.min)));
        }
        for annotation in annotations {
            doc.annotate(annotation);
        }
        let found: Vec<_> = self.words.iter().zip(places).filter(|(_, places)| !places.is_empty()).collect();
        doc.meta.set("terms", found.len());
        for (word, places) in found {
            let share = places.len() as f64 / total as f64;
            doc.tag(Tag::new("term", word.as_str()).with_score(share).with_evidence(places));
        }
        // Edits come last: they move along all that was found.
        doc.edit(&edits)?;
        Ok(Verdict::Keep)
    }
}

/// The runs of ASCII letters and digits in a text, from left to right.
fn words(text: &str) -> impl Iterator<Item = ByteSpan> {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.as_bytes()[at..].iter().position(inside)?;
        let length = text.as_bytes()[start..].iter().position(|byte| !inside(byte));
        at = length.map_or(text.len(), |length| start + length);
        Some(ByteSpan::new(start, at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(words: &[&str]) -> Terms {
        Terms { words: words.iter().map(ToString::to_string).collect(), ..Terms::default() }
    }

    fn judged(terms: Terms, text: &str) -> (Verdict, Document) {
        let Ok(Role::Filter(filter)) = terms.build(&BuildContext::default()) else { panic!("the options are wrong") };
        let mut doc = Document::from_text("test.txt", text);
        let verdict = filter.judge(&mut doc, &Context::default()).unwrap();
        (verdict, doc)
    }

    #[test]
    fn whole_words_count_in_any_case() {
        for (text, expected) in [
            ("The Harbor, a harbor.", vec!["Harbor", "harbor"]),
            ("harbors harbor2 2harbor unharbored", vec![]),
            ("é·harbor_RAIL", vec!["harbor", "RAIL"]),
            ("rail", vec!["rail"]),
        ] {
            let (_, doc) = judged(Terms { min: 0, ..terms(&["harbor", "rail"]) }, text);
            let found: Vec<_> = doc.annotations().iter().map(|term| term.span.of(text).unwrap()).collect();
            assert_eq!(found, expected, "{text}");
            assert_eq!(doc.measures()["terms"], expected.len() as f64, "{text}");
        }
    }

    #[test]
    fn tags_have_shares_and_places_in_the_order_of_the_words() {
        let (_, doc) = judged(terms(&["rail", "crane", "harbor"]), "harbor harbor rail");
        let tags: Vec<_> = doc.tags().iter().map(|tag| (tag.label.as_str(), tag.score, tag.evidence.len())).collect();
        assert_eq!(tags, [("rail", 0.3333, 1), ("harbor", 0.6667, 2)]);
        assert_eq!(doc.meta.get("terms"), Some(&json!(2)));
    }

    #[test]
    fn what_was_found_moves_along_when_it_becomes_upper_case() {
        let (_, doc) = judged(Terms { upper: true, ..terms(&["harbor"]) }, "Schöner Harbor, HARBOR");
        assert_eq!(doc.text(), "Schöner HARBOR, HARBOR");
        let found: Vec<_> = doc.annotations().iter().map(|term| term.span.of(doc.text()).unwrap()).collect();
        assert_eq!(found, ["HARBOR", "HARBOR"]);
    }

    #[test]
    fn too_few_are_a_reason_to_drop() {
        let (verdict, doc) = judged(Terms { min: 3, ..terms(&["harbor"]) }, "harbor harbor");
        assert_eq!(verdict, Verdict::Drop(DropReason::new("terms.min", 2, 3)));
        assert!(doc.annotations().is_empty() && doc.tags().is_empty());
    }

    #[test]
    fn wrong_words_are_told_with_their_places() {
        let wrong = |words: &[&str]| {
            let errors = terms(words).build(&BuildContext::default()).err().unwrap_or_default();
            errors.into_iter().map(|error| (error.pointer, error.message)).collect::<Vec<_>>()
        };
        assert_eq!(wrong(&["harbor", "rail", "harbor"]), [("/words/2".into(), "\"harbor\" is there twice".into())]);
        assert_eq!(wrong(&["rail", "Harbor"])[0].0, "/words/1");
        assert_eq!(wrong(&[])[0].0, "/words");
    }
}
