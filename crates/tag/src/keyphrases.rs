//! Keyphrases: the words and phrases that tell what a text is about, found by counting.
//!
//! A word weighs more the more often it occurs, the earlier, the wider spread, and in titles; a phrase is worth what its words
//! weigh, how often they stand together, and whether the phrase stands alone or only as part of longer ones. In spirit this is
//! YAKE (Campos et al., 2020) and C-value (Frantzi et al., 2000); the formula is our own.

mod weak_words;

use std::borrow::Cow;

use docmill_analysis::{Analysis, Sentence, Token, TokenKind, analysis};
use docmill_core::{
    Annotation, BlockKind, BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind,
    Stage, StageError, Tag,
};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use weak_words::weak_words;

/// Tags the keyphrases of the text.
///
/// Keyphrases are sequences of words without stop words at their ends, within a sentence of prose, a heading or the title.
/// Inflections count as one phrase; the label is the form that occurs most, with the capitals that it has inside sentences. What stands in
/// captions, mastheads, bylines, tables, code and parenthetical citations does not count. A phrase that is part of a better one
/// is left out, unless it is clearly more frequent.
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
    /// The longest phrase, in words.
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
        Self { top: 10, max_words: 3, min_score: 0.0, headings: 2.0, annotate: false }
    }
}

impl Component for Keyphrases {
    const NAME: &'static str = "tag.keyphrases";
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
        for phrase in self.phrases(doc) {
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
        Ok(())
    }
}

struct Phrase {
    label: String,
    score: f64,
    mentions: Vec<ByteSpan>,
}

/// The longest phrase that `max_words` allows, as stems; unused places hold [`NO_STEM`].
type Key = [u32; 6];
const NO_STEM: u32 = u32::MAX;

/// What is known of all words with one stem.
#[derive(Debug, Clone, Default)]
struct StemStats {
    /// Occurrences; those in headings count more.
    count: f64,
    /// Index of the first sentence with it.
    first: usize,
    /// In how many sentences.
    sentences: u32,
    last: Option<usize>,
    /// Occurrences with a capital inside a sentence.
    capitals: f64,
    /// Whether it is a word that any text has.
    weak: bool,
    in_title: bool,
    letters: usize,
}

/// A sequence of words that occurs.
struct Sequence {
    key: Key,
    words: usize,
    count: f64,
    /// Occurrences that are not part of a longer sequence of words.
    alone: f64,
    mentions: Vec<Mention>,
}

#[derive(Clone, Copy)]
struct Mention {
    span: ByteSpan,
    /// Whether capitals say something there: not at the start of a sentence nor in a heading.
    cased: bool,
}

impl Keyphrases {
    fn phrases(&self, doc: &Document) -> Vec<Phrase> {
        let analysis = analysis(doc);
        let mut text = Counted::new(doc, &analysis);
        for (number, sentence) in analysis.sentences().iter().enumerate() {
            let weight = match sentence.kind {
                BlockKind::Title | BlockKind::Heading => self.headings,
                _ if sentence.is_prose() => 1.0,
                _ => continue,
            };
            if weight > 0.0 {
                text.count(number, sentence, weight, self.max_words.clamp(1, 6));
            }
        }
        let ranked = text.ranked();
        let chosen = text.chosen(&ranked, self.top);
        let best = chosen.first().map_or(1.0, |(score, _)| *score);
        chosen
            .into_iter()
            .map(|(score, index)| Phrase {
                label: text.label(index),
                score: (score / best).clamp(0.0, 1.0),
                mentions: text.sequences[index].mentions.iter().map(|mention| mention.span).collect(),
            })
            .filter(|phrase| phrase.score >= self.min_score)
            .collect()
    }
}

/// The words and sequences of a text, counted.
struct Counted<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    /// By term: the number of its stem, [`NO_STEM`] for stop words and marks.
    stem_of: Vec<u32>,
    stems: Vec<StemStats>,
    sequences: Vec<Sequence>,
    by_key: FxHashMap<Key, usize>,
    /// What does not count: citations with their parentheses, in text order.
    skipped: Vec<ByteSpan>,
    /// From 1 for an abstract to 0 for an article. In a short text little occurs twice, so that the length of a phrase says
    /// more and its count less.
    brevity: f64,
    /// Whether nouns have capitals, as in German; a phrase ends in a noun.
    nouns_are_capitalized: bool,
    /// How many sentences were counted.
    sentences: usize,
    /// The stretch of words at hand.
    stretch: Vec<Word>,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    span: ByteSpan,
    /// [`NO_STEM`] for a stop word that joins two names.
    stem: u32,
    number: bool,
    capital: bool,
    first: bool,
}

impl<'a> Counted<'a> {
    fn new(doc: &'a Document, analysis: &'a Analysis) -> Self {
        let weak = weak_words(doc.language().unwrap_or("en"));
        let mut stems: Vec<StemStats> = Vec::new();
        let mut numbers: FxHashMap<&'a str, u32> = FxHashMap::default();
        let stem_of = analysis
            .terms()
            .iter()
            .map(|term| {
                if term.stop_word {
                    return NO_STEM;
                }
                let next = u32::try_from(stems.len()).unwrap_or(NO_STEM);
                let number = *numbers.entry(&*term.stem).or_insert(next);
                if number == next {
                    stems.push(StemStats { letters: term.stem.chars().count(), ..StemStats::default() });
                }
                if let Some(stem) = stems.get_mut(number as usize) {
                    stem.weak |= weak.is_some_and(|weak| weak.contains(&*term.text));
                }
                number
            })
            .collect();
        Self {
            text: doc.text(),
            analysis,
            stem_of,
            stems,
            sequences: Vec::new(),
            by_key: FxHashMap::default(),
            skipped: skipped(doc),
            brevity: ((350.0 - analysis.words() as f64) / 200.0).clamp(0.0, 1.0),
            nouns_are_capitalized: matches!(doc.language(), Some("de" | "lb")),
            sentences: 0,
            stretch: Vec::new(),
        }
    }

    fn count(&mut self, number: usize, sentence: &Sentence, weight: f64, max_words: usize) {
        let heading = !sentence.is_prose();
        let tokens = self.analysis.sentence_tokens(sentence);
        let mut stretch = std::mem::take(&mut self.stretch);
        let mut end = None;
        let mut first = true;
        for (at, token) in tokens.iter().enumerate() {
            let touches = end.is_some_and(|end: usize| token.span.start <= end + 2 && token.span.start > end);
            if !touches {
                self.close(&mut stretch, number, weight, max_words, heading);
            }
            end = Some(token.span.end);
            match self.word(token, first) {
                Some(word) => stretch.push(word),
                None if self.joins_names(tokens, at) => {
                    stretch.push(Word { span: token.span, stem: NO_STEM, number: false, capital: false, first: false });
                }
                None => self.close(&mut stretch, number, weight, max_words, heading),
            }
            first &= token.kind != TokenKind::Word;
        }
        self.close(&mut stretch, number, weight, max_words, heading);
        self.stretch = stretch;
        self.sentences += 1;
    }

    /// The token as a word that may be part of a phrase.
    fn word(&self, token: &Token, first: bool) -> Option<Word> {
        let stem = self.stem_of[token.term.index()];
        if stem == NO_STEM || self.is_skipped(token.span) {
            return None;
        }
        let written = token.span.of(self.text)?;
        let possessive = written.strip_suffix("'s").or_else(|| written.strip_suffix("’s")).unwrap_or(written);
        let capital = possessive.chars().next().is_some_and(char::is_uppercase);
        let number = token.kind == TokenKind::Number;
        if !number && possessive.chars().nth(1).is_none() && !capital && possessive.is_ascii() {
            return None;
        }
        let span = ByteSpan::new(token.span.start, token.span.start + possessive.len());
        Some(Word { span, stem, number, capital, first })
    }

    /// Whether the token is `of` or the like between two names.
    fn joins_names(&self, tokens: &[Token], at: usize) -> bool {
        let capital = |at: Option<usize>| {
            let token = at.and_then(|at| tokens.get(at)).filter(|token| self.stem_of[token.term.index()] != NO_STEM)?;
            token.span.of(self.text)?.chars().next().filter(|letter| letter.is_uppercase())
        };
        let joiner =
            matches!(tokens[at].span.of(self.text), Some("of" | "de" | "du" | "des" | "da" | "do" | "del" | "di"));
        joiner && capital(at.checked_sub(1)).is_some() && capital(Some(at + 1)).is_some()
    }

    fn is_skipped(&self, span: ByteSpan) -> bool {
        let after = self.skipped.partition_point(|skipped| skipped.end <= span.start);
        self.skipped.get(after).is_some_and(|skipped| skipped.overlaps(span))
    }

    /// Counts all sequences of the stretch of words, and empties it.
    fn close(&mut self, stretch: &mut Vec<Word>, sentence: usize, weight: f64, max_words: usize, heading: bool) {
        for word in stretch.iter().filter(|word| word.stem != NO_STEM) {
            let first = self.sentences;
            let Some(stem) = self.stems.get_mut(word.stem as usize) else { continue };
            if stem.count == 0.0 {
                stem.first = first;
            }
            stem.count += weight;
            stem.in_title |= heading;
            if stem.last != Some(sentence) {
                stem.sentences += 1;
                stem.last = Some(sentence);
            }
            if word.capital && !word.first && !heading {
                stem.capitals += weight;
            }
        }
        let content = stretch.iter().filter(|word| word.stem != NO_STEM).count();
        for start in 0..stretch.len() {
            let mut key: Key = [NO_STEM; 6];
            let mut words = 0;
            let mut joined = false;
            let mut capital = false;
            for (offset, word) in stretch[start..].iter().enumerate() {
                if word.stem == NO_STEM {
                    // `of` joins names only: `Ministry of Ports`, but not `Ports pays`.
                    joined = true;
                    if offset == 0 || !stretch[start].capital {
                        break;
                    }
                    continue;
                }
                if words == max_words || offset == 0 && word.number || joined && !word.capital {
                    break;
                }
                key[words] = word.stem;
                words += 1;
                if self.nouns_are_capitalized && !word.capital {
                    // Before the noun it is an adjective, after it a verb.
                    if capital {
                        break;
                    }
                    continue;
                }
                capital = true;
                let mention = Mention {
                    span: stretch[start].span.hull(word.span),
                    cased: !heading && (!stretch[start].first || words > 1 && word.capital),
                };
                self.mention(key, words, mention, weight, words == content);
            }
        }
        stretch.clear();
    }

    fn mention(&mut self, key: Key, words: usize, mention: Mention, weight: f64, alone: bool) {
        let next = self.sequences.len();
        let index = *self.by_key.entry(key).or_insert(next);
        if index == next {
            self.sequences.push(Sequence { key, words, count: 0.0, alone: 0.0, mentions: Vec::new() });
        }
        let sequence = &mut self.sequences[index];
        sequence.count += weight;
        if alone {
            sequence.alone += weight;
        }
        sequence.mentions.push(mention);
    }

    /// All sequences with their scores, best first.
    fn ranked(&self) -> Vec<(f64, usize)> {
        let weights: Vec<f64> = self.stems.iter().map(|stem| self.weight(stem)).collect();
        let mut ranked: Vec<(f64, usize)> =
            (0..self.sequences.len()).map(|index| (self.score(&self.sequences[index], &weights), index)).collect();
        ranked.retain(|(score, _)| *score > 0.0);
        // Ties go to the earlier one.
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        ranked
    }

    fn weight(&self, stem: &StemStats) -> f64 {
        if stem.count == 0.0 {
            return 0.0;
        }
        let total = self.sentences.max(1) as f64;
        let early = 1.0 + 1.0 / (1.0 + stem.first as f64 * 0.25);
        let spread = 1.0 + f64::from(stem.sentences) / total;
        let name = 1.0 + 0.5 * (stem.capitals / stem.count).min(1.0);
        let title = if stem.in_title { 1.3 } else { 1.0 };
        let weak = if stem.weak { 0.25 } else { 1.0 };
        let short = if stem.letters < 4 && stem.capitals == 0.0 { 0.7 } else { 1.0 };
        (1.0 + stem.count).ln() * early * spread * name * title * weak * short
    }

    fn score(&self, sequence: &Sequence, weights: &[f64]) -> f64 {
        let stems = &sequence.key[..sequence.words];
        let mut sum = 0.0;
        let mut weakest = f64::MAX;
        for stem in stems {
            let weight = weights.get(*stem as usize).copied().unwrap_or(0.0);
            sum += weight;
            weakest = weakest.min(weight);
        }
        let words = sequence.words as f64;
        // A weak word at either end makes a weak phrase: `new harbor`, `harbor said`.
        let mean = (sum / words * weakest).sqrt();
        if sequence.words == 1 && self.stems.get(stems[0] as usize).is_none_or(|stem| stem.weak || stem.letters < 2) {
            return 0.1 * mean;
        }
        let part = 0.4 - 0.3 * self.brevity;
        let independent = (part + (1.0 - part) * sequence.alone / sequence.count).min(1.0);
        mean * (1.0 + sequence.count).ln() * words.powf(0.4 + 0.6 * self.brevity) * independent
    }

    /// The best sequences, less those that say the same as a better one.
    fn chosen(&self, ranked: &[(f64, usize)], top: usize) -> Vec<(f64, usize)> {
        let mut chosen: Vec<(f64, usize)> = Vec::new();
        for &(score, index) in ranked {
            if chosen.len() == top {
                break;
            }
            let sequence = &self.sequences[index];
            let repeats = chosen.iter().any(|&(_, better)| {
                let better = &self.sequences[better];
                if contains(better, sequence) {
                    // It must be clearly more frequent, and not as part of other phrases only.
                    sequence.count < better.count * 2.0 + 1.0 || sequence.alone * 4.0 < sequence.count
                } else {
                    contains(sequence, better) && sequence.count * 2.0 < better.count
                }
            });
            if !repeats {
                chosen.push((score, index));
            }
        }
        chosen
    }

    /// The form of a sequence that occurs most. Where capitals say something it is taken as it stands; what occurs only at the
    /// start of sentences and in headings is put into lower case, acronyms aside.
    fn label(&self, index: usize) -> String {
        let mentions = &self.sequences[index].mentions;
        let written = |mention: &Mention| mention.span.of(self.text).unwrap_or_default();
        let any_cased = mentions.iter().any(|mention| mention.cased);
        let lower =
            !any_cased && !self.nouns_are_capitalized && !mentions.iter().all(|mention| is_acronym(written(mention)));
        let mut forms: Vec<(Cow<'_, str>, usize)> = Vec::new();
        // A long tail of mentions changes little.
        for mention in mentions.iter().filter(|mention| mention.cased || !any_cased).take(200) {
            let form = one_line(written(mention));
            let form = if lower { Cow::Owned(form.to_lowercase()) } else { form };
            match forms.iter_mut().find(|(known, _)| *known == form) {
                Some((_, count)) => *count += 1,
                None => forms.push((form, 1)),
            }
        }
        if any_cased {
            // The others say nothing of capitals, but which inflection is common.
            for mention in mentions.iter().filter(|mention| !mention.cased).take(200) {
                let form = one_line(written(mention)).to_lowercase();
                if let Some((_, count)) = forms.iter_mut().find(|(known, _)| known.to_lowercase() == form) {
                    *count += 1;
                }
            }
        }
        // `max_by_key` gives the last of equals; the first is wanted.
        forms.into_iter().rev().max_by_key(|(_, count)| *count).map(|(form, _)| form.into_owned()).unwrap_or_default()
    }
}

/// Whether the stems of `part` stand in `whole` one after the other.
fn contains(whole: &Sequence, part: &Sequence) -> bool {
    let (whole, part) = (&whole.key[..whole.words], &part.key[..part.words]);
    whole.len() > part.len() && whole.windows(part.len()).any(|window| window == part)
}

/// Whether it is one word with several capitals.
fn is_acronym(written: &str) -> bool {
    !written.contains(' ') && written.chars().filter(|letter| letter.is_uppercase()).count() > 1
}

fn one_line(written: &str) -> Cow<'_, str> {
    if written.contains(['\n', '\r', '\t']) || written.contains("  ") {
        Cow::Owned(written.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(written)
    }
}

/// How far from a citation its parentheses may stand, in bytes.
const PARENTHESES: usize = 300;

/// The citations with their parentheses, in text order.
fn skipped(doc: &Document) -> Vec<ByteSpan> {
    let bytes = doc.text().as_bytes();
    let mut spans: Vec<ByteSpan> = doc
        .annotations_of("citation")
        .map(|citation| {
            let ByteSpan { start, end } = citation.span;
            let before = start.saturating_sub(PARENTHESES);
            let after = (end + PARENTHESES).min(bytes.len());
            let open =
                bytes.get(before..start).and_then(|bytes| memchr::memrchr2(b'(', b')', bytes)).map(|at| before + at);
            let close = bytes.get(end..after).and_then(|bytes| memchr::memchr2(b'(', b')', bytes)).map(|at| end + at);
            match (open, close) {
                (Some(open), Some(close)) if bytes[open] == b'(' && bytes[close] == b')' => {
                    ByteSpan::new(open, close + 1)
                }
                _ => citation.span,
            }
        })
        .collect();
    spans.sort_unstable();
    // Merged, so that their ends are sorted too.
    let mut merged: Vec<ByteSpan> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
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
