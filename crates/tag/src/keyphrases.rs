//! Keyphrases: the words and phrases that tell what a text is about, found by counting.
//!
//! [`borders`] says what of a text cannot be part of a phrase, and which names count whole; [`part_of_speech`] tells noun phrases
//! from other words; [`candidates`] counts words and phrases; [`manner`] tells whether the text wants words or phrases; [`scoring`] weighs
//! them, [`redundancy`] leaves out what repeats a better one, and [`labels`] writes them down. [`keyterms`] weighs words by how many documents have them too.

mod borders;
mod candidates;
mod frequencies;
mod keyterms;
mod labels;
mod manner;
mod part_of_speech;
mod phrase;
mod rarity;
mod redundancy;
mod scoring;
mod weak_words;

use docmill_analysis::{Analysis, Support, analysis};
use docmill_core::{
    Annotation, BlockKind, BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind,
    Stage, StageError, Tag,
};
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use candidates::Counted;
pub use keyterms::Keyterms;

/// Tags the keyphrases of the text.
///
/// Keyphrases of English texts are noun phrases, those of other languages sequences of words without stop words at their ends;
/// all are within a sentence of prose, a heading or the title. Inflections count as one phrase; the label is the form that occurs
/// most, with the capitals that it has inside sentences. What stands in captions, mastheads, bylines, tables, code and
/// parenthetical citations does not count. A phrase that is part of a better one is left out, unless it is clearly more frequent.
///
/// A text that explains, as papers and manuals do, gives terms of several words; one that tells, as news does, gives single words
/// too, and keeps a word beside a phrase with it where the word occurs on its own. Which it is, names and quotation marks show.
///
/// Annotations that earlier stages made are heeded: no phrase holds a date, an amount, an address or a link, and a person,
/// organisation or place is one phrase with all its mentions, under its full name.
///
/// Tags have the scheme `keyphrase`, the best first, with a score of 0 to 1 and all mentions as evidence.
///
/// ```yaml
/// - tag.keyphrases: { top: 12, max_words: 2, annotate: true }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Keyphrases {
    /// How many keyphrases at most.
    #[schemars(range(min = 1, max = 1000))]
    pub top: usize,
    /// The longest phrase, in words; names that are annotated count whole.
    #[schemars(range(min = 1, max = 6))]
    pub max_words: usize,
    /// Phrases with a lower score are left out, 0 to 1; the best phrase has about 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_score: f64,
    /// How many times as much a word counts in the title or a heading.
    #[schemars(range(min = 0.0, max = 20.0))]
    pub headings: f64,
    /// Whether each mention becomes an annotation of kind `keyphrase` too.
    pub annotate: bool,
}

impl Default for Keyphrases {
    fn default() -> Self {
        Self { top: 10, max_words: 5, min_score: 0.0, headings: 2.0, annotate: false }
    }
}

impl Component for Keyphrases {
    const NAME: &'static str = "tag.keyphrases";
    const VERSION: u32 = 4;
    const KIND: RoleKind = RoleKind::Stage;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        let annotations = self.annotate.then(|| Field::annotations("keyphrase"));
        [Field::tags("keyphrase")].into_iter().chain(annotations).collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::stage(self))
    }
}

impl Stage for Keyphrases {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        warn_of_words(doc, Self::NAME);
        let analysis = analysis(doc);
        let counted = self.counted(doc, &analysis);
        let phrases = self.phrases(doc, &counted, &[]);
        self.tag(doc, phrases);
        Ok(())
    }
}

/// Notes in the document's record what its language lacks for counting words.
fn warn_of_words(doc: &mut Document, stage: &str) {
    if let Some(lack) = Support::lack(doc.language()) {
        doc.warn(format!("{stage}: {lack}"));
    }
}

struct Phrase {
    label: String,
    score: f64,
    mentions: Vec<ByteSpan>,
}

impl Keyphrases {
    /// The words and sequences of the document.
    fn counted<'a>(&self, doc: &'a Document, analysis: &'a Analysis) -> Counted<'a> {
        let mut counted = Counted::new(doc, analysis, self.max_words.clamp(1, 6));
        for sentence in analysis.sentences() {
            let weight = match sentence.kind {
                BlockKind::Title | BlockKind::Heading => self.headings,
                _ if sentence.is_prose() => 1.0,
                _ => continue,
            };
            if weight > 0.0 {
                counted.count(sentence, weight);
            }
        }
        counted
    }

    /// The best phrases. The weight of each stem is multiplied with its `rarity`, where there is one.
    fn phrases(&self, doc: &Document, counted: &Counted<'_>, rarity: &[f64]) -> Vec<Phrase> {
        let chosen = redundancy::chosen(counted, scoring::ranked(counted, rarity), self.top);
        let best = chosen.first().map_or(1.0, |(score, _)| *score);
        let mut labels = FxHashSet::default();
        chosen
            .into_iter()
            .map(|(score, index)| (score, &counted.sequences[index]))
            .map(|(score, sequence)| {
                let mentions = counted.mentions(sequence);
                Phrase {
                    label: labels::label(sequence, &mentions, doc.text(), counted),
                    score: (score / best).clamp(0.0, 1.0),
                    mentions: mentions.iter().map(|mention| mention.span).collect(),
                }
            })
            .filter(|phrase| phrase.score >= self.min_score)
            // Where no spaces part words, one phrase may be cut in several ways.
            .filter(|phrase| labels.insert(phrase.label.clone()))
            .collect()
    }

    fn tag(&self, doc: &mut Document, phrases: Vec<Phrase>) {
        for phrase in phrases {
            if self.annotate {
                for span in &phrase.mentions {
                    doc.annotate(
                        Annotation::new("keyphrase", *span)
                            .with_value(serde_json::json!({ "label": phrase.label }))
                            .with_score(phrase.score),
                    );
                }
            }
            doc.tag(Tag::new("keyphrase", phrase.label).with_score(phrase.score).with_evidence(phrase.mentions));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docmill_core::Block;
    use proptest::prelude::*;

    fn tags(options: &Keyphrases, doc: &mut Document) -> Vec<String> {
        options.apply(doc, &Context::default()).unwrap();
        doc.tags().iter().map(|tag| tag.label.clone()).collect()
    }

    fn labels(text: &str) -> Vec<String> {
        tags(&Keyphrases::default(), &mut Document::from_text("test.txt", text))
    }

    const MUD: &str = "Harbor dredging is slow. The dredged mud of the harbor is dumped at sea. Harbor dredging costs money, and \
                       the Ministry of Ports pays for harbor dredging.";

    #[test]
    fn the_most_telling_phrase_is_first_with_score_1() {
        let mut doc = Document::from_text("test.txt", MUD);
        assert_eq!(tags(&Keyphrases::default(), &mut doc)[0], "harbor dredging");
        assert!((doc.tags()[0].score - 1.0).abs() < f64::EPSILON);
        assert!(doc.tags().windows(2).all(|pair| pair[0].score >= pair[1].score));
    }

    #[test]
    fn every_mention_is_evidence() {
        let mut doc = Document::from_text("test.txt", MUD);
        tags(&Keyphrases { annotate: true, top: 1, ..Keyphrases::default() }, &mut doc);
        let words: Vec<&str> = doc.tags()[0].evidence.iter().map(|span| span.of(doc.text()).unwrap()).collect();
        assert_eq!(words, ["Harbor dredging", "Harbor dredging", "harbor dredging"]);
        assert_eq!(doc.annotations_of("keyphrase").count(), 3);
    }

    #[test]
    fn names_keep_their_capitals_and_other_words_lose_them() {
        let found = labels(MUD);
        assert!(found.contains(&"Ministry of Ports".to_owned()), "{found:?}");
        assert!(!found.iter().any(|label| label.starts_with("Harbor")), "{found:?}");
    }

    #[test]
    fn a_part_of_a_better_phrase_is_left_out() {
        let found = labels(MUD);
        assert!(!found.contains(&"dredging".to_owned()), "{found:?}");
    }

    #[test]
    fn captions_and_citations_do_not_count() {
        let text =
            "A crane on the quay\n\nThe tide turned (Coastal Ledger, May 6) and the tide, the highest tide, rose.";
        let mut doc = Document::from_text("test.txt", text);
        doc.set_blocks(vec![Block::new(BlockKind::Caption, 0..19), Block::new(BlockKind::Paragraph, 21..text.len())]);
        let at = text.find("Coastal").unwrap();
        doc.annotate(Annotation::new("citation", at..at + 14));
        let found = tags(&Keyphrases::default(), &mut doc);
        assert!(found.contains(&"tide".to_owned()), "{found:?}");
        assert!(
            !found.iter().any(|label| label.contains("crane") || label.contains("Ledger") || label.contains("May")),
            "{found:?}"
        );
    }

    #[test]
    fn stop_words_and_marks_end_a_phrase() {
        for label in labels("The old mill, red doors and the grain of the mill.") {
            assert!(!label.contains(',') && !label.starts_with("the ") && !label.ends_with(" of"), "{label}");
        }
    }

    #[test]
    fn inflections_are_one_phrase() {
        let found = labels("A container ship came. Container ships left. The container ships return.");
        assert_eq!(found[0], "container ships");
        assert!(!found.contains(&"container ship".to_owned()));
    }

    #[test]
    fn phrases_are_found_in_other_languages() {
        let mut doc = Document::from_text(
            "test.txt",
            "Der Hafen von Veldhaven wird ausgebaut. Der Ausbau im Hafen kostet Geld, und der Hafen braucht es.",
        );
        doc.set_language("de");
        assert_eq!(tags(&Keyphrases::default(), &mut doc)[0], "Hafen");
    }

    /// The labels of a text with one annotation a mention: its kind, its words, and the name that it stands for.
    fn labels_with(text: &str, found: &[(&'static str, &str, &str)]) -> Vec<String> {
        let mut doc = Document::from_text("test.txt", text);
        for (kind, words, name) in found {
            for (at, _) in text.match_indices(words) {
                let value = serde_json::json!({ "name": name });
                doc.annotate(Annotation::new(*kind, at..at + words.len()).with_value(value));
            }
        }
        tags(&Keyphrases::default(), &mut doc)
    }

    #[test]
    fn verbs_are_no_part_of_a_phrase() {
        for (text, verb) in [
            ("The consumer prices rose. The consumer prices rose again.", "rose"),
            ("They want to roll barges south. They will roll barges south.", "roll"),
            ("The moss remembers. The moss remembers slowly.", "remembers"),
            ("The council voted. The court convicted them.", "voted"),
        ] {
            let found = labels(text);
            assert!(!found.is_empty() && !found.iter().any(|label| label.contains(verb)), "{found:?}");
        }
    }

    #[test]
    fn a_number_begins_no_phrase() {
        let found = labels("Ten festivals and ten festivals, 30 barges and 30 barges.");
        assert!(found.contains(&"festivals".to_owned()) && found.contains(&"barges".to_owned()), "{found:?}");
    }

    #[test]
    fn values_that_were_annotated_are_no_phrases() {
        let found = labels_with(
            "The mill burned in autumn 2016. They paid 1,500 dollars for the mill.",
            &[("date", "autumn 2016", ""), ("money", "1,500 dollars", "")],
        );
        assert_eq!(found, ["mill"]);
    }

    #[test]
    fn a_name_counts_in_all_its_forms() {
        let text = "Agnès Duvall left the mill. Duvall sold the mill, and Duvall bought it.";
        let found =
            labels_with(text, &[("person", "Agnès Duvall", "Agnès Duvall"), ("person", "Duvall", "Agnès Duvall")]);
        assert_eq!(found.iter().filter(|label| label.contains("Duvall")).collect::<Vec<_>>(), ["Agnès Duvall"]);
    }

    #[test]
    fn a_legal_form_makes_no_other_name() {
        let text = "Halden Foods Inc sold coffee. Halden Foods bought coffee.";
        let found = labels_with(
            text,
            &[
                ("organization", "Halden Foods Inc", "Halden Foods Inc"),
                ("organization", "Halden Foods", "Halden Foods"),
            ],
        );
        assert_eq!(found.iter().filter(|label| label.contains("Halden")).collect::<Vec<_>>(), ["Halden Foods"]);
    }

    #[test]
    fn the_tail_of_a_name_is_the_same_name() {
        let text = "The Port Calder Harbor Trust met. The Harbor Trust voted, and the Harbor Trust paid.";
        let full = "Port Calder Harbor Trust";
        let mut doc = Document::from_text("test.txt", text);
        for (name, at) in [(full, 4), ("Harbor Trust", 38), ("Harbor Trust", 66)] {
            doc.annotate(Annotation::new("organization", at..at + name.len()));
        }
        let found = tags(&Keyphrases::default(), &mut doc);
        assert_eq!(found.iter().filter(|label| label.contains("Trust")).collect::<Vec<_>>(), [full]);
        assert_eq!(doc.tags()[0].evidence.len(), 3);
    }

    #[test]
    fn a_heading_in_capitals_leaves_names_theirs() {
        let text = "MERRIN COAST\n\nNobody knew of Merrin, and the coast of it.";
        let mut doc = Document::from_text("test.txt", text);
        doc.set_blocks(vec![Block::new(BlockKind::Heading, 0..12), Block::new(BlockKind::Paragraph, 14..text.len())]);
        let found = tags(&Keyphrases::default(), &mut doc);
        assert!(found.contains(&"Merrin coast".to_owned()), "{found:?}");
    }

    #[test]
    fn weak_words_together_are_weak_too() {
        let found = labels("It was last year, and a long way. The mill burned last year.");
        assert_eq!(found, ["mill"]);
    }

    #[test]
    fn an_apostrophe_does_not_cut_a_name() {
        let found = labels("He joined the Aldermark Fishers’ Union. They like the Aldermark Fishers’ Union.");
        assert_eq!(found, ["Aldermark Fishers’ Union"]);
    }

    #[test]
    fn lines_of_a_quotation_are_apart() {
        let text = "Luis Sandoval\nHarbor Office";
        let mut doc = Document::from_text("test.txt", text);
        doc.set_blocks(vec![Block::new(BlockKind::Quote, 0..text.len())]);
        let found = tags(&Keyphrases::default(), &mut doc);
        assert!(found.contains(&"Luis Sandoval".to_owned()), "{found:?}");
    }

    #[test]
    fn a_phrase_is_taken_before_its_single_head() {
        let found = labels("The night train left the station late. A night train is slow.");
        assert_eq!(found[0], "night train");
        assert!(!found.contains(&"train".to_owned()), "{found:?}");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_spans(text in "(harbor|Harbor's|dredging|the|of|Port|12|é|,|\\.| |\n|\\PC){0,60}") {
            let mut doc = Document::from_text("test.txt", &text);
            tags(&Keyphrases { annotate: true, ..Keyphrases::default() }, &mut doc);
            prop_assert!(doc.tags().len() <= 10);
            for tag in doc.tags() {
                prop_assert!(!tag.label.is_empty() && !tag.evidence.is_empty() && (0.0..=1.0).contains(&tag.score));
                for span in &tag.evidence {
                    let words = span.of(doc.text()).unwrap();
                    prop_assert_eq!(words, words.trim());
                }
            }
        }
    }
}
