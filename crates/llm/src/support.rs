//! Holds the sentences of an answer against the text: which sentences of the text each rests on, and what the text does not have.
//!
//! A sentence and those of the text are compared by their stems, rare ones counting more (idf within the document). Up to three
//! sentences of the text are taken, one after the other, each time the one that adds most of what is still missing; what they have
//! together of the weight of the sentence is its score. Numbers are compared by their value, names (words that begin with a capital
//! within a sentence) by their letters or stem, with the whole text.

mod number;

use docmill_analysis::{Analysis, Sentence, Token, TokenKind, analysis};
use docmill_core::{ByteSpan, Context, Document, StageError, SummarySentence, Unsupported};
use rustc_hash::{FxHashMap, FxHashSet};

use self::number::{NUMBER_WORDS, numbers};

/// Sentences of the text that one of the answer may rest on.
const MOST: usize = 3;
/// A further sentence of the text must add so much of the weight.
const LEAST_ADDED: f64 = 0.1;

/// The sentences of an answer, in their order.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub(crate) sentences: Vec<SummarySentence>,
    pub(crate) unsupported: Vec<Unsupported>,
}

/// Checks an answer against the text of the document. A sentence has support where that has at least the share `least` of its words,
/// and all its numbers and names.
pub(crate) fn check(doc: &Document, answer: &str, least: f64, cx: &Context) -> Result<Checked, StageError> {
    let source = analysis(doc);
    let source = Source::of(doc, &source);
    let mut said = Document::from_text("", answer);
    if let Some(language) = doc.language() {
        said.set_language(language);
    }
    let analysis = analysis(&said);
    let mut checked = Checked::default();
    for sentence in analysis.sentences() {
        cx.check_time()?;
        let text = sentence.span.of(answer).unwrap_or_default();
        let tokens = analysis.sentence_tokens(sentence);
        if !tokens.iter().any(|token| token.kind.is_wordlike()) {
            continue;
        }
        let missing = source.missing(text, sentence, tokens, &analysis);
        let (spans, share) = source.support(tokens, &analysis);
        let mut spans = spans.into_iter();
        match (missing, spans.next()) {
            (None, Some(span)) if share >= least => {
                let mut also: Vec<ByteSpan> = spans.collect();
                also.sort_unstable();
                checked.sentences.push(SummarySentence::new(span, text, share).resting_also_on(also));
            }
            (missing, _) => {
                let why =
                    missing.unwrap_or_else(|| format!("the text has a share of {share:.2} of its words together"));
                checked.unsupported.push(Unsupported { text: text.to_owned(), why });
            }
        }
    }
    Ok(checked)
}

/// What the text has.
struct Source<'a> {
    sentences: &'a [Sentence],
    /// The sentences of each stem, in order.
    by_stem: FxHashMap<&'a str, Vec<u32>>,
    words: FxHashSet<&'a str>,
    numbers: FxHashSet<String>,
    /// Whether names are told by their capitals: German has them in all nouns.
    capitals: bool,
}

impl<'a> Source<'a> {
    fn of(doc: &Document, analysis: &'a Analysis) -> Self {
        let mut by_stem: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for token in analysis.tokens().iter().filter(|token| token.kind.is_wordlike()) {
            let sentences = by_stem.entry(&analysis.term(token.term).stem).or_default();
            if sentences.last() != Some(&token.sentence) {
                sentences.push(token.sentence);
            }
        }
        let words: FxHashSet<&str> = analysis.terms().iter().map(|term| &*term.text).collect();
        let mut numbers: FxHashSet<String> = numbers(doc.text()).map(|(number, _)| number).collect();
        let primary = doc.language().and_then(|language| language.split('-').next());
        if matches!(primary, None | Some("en")) {
            let spelled = NUMBER_WORDS.iter().zip(0..).filter(|(word, _)| words.contains(**word));
            numbers.extend(spelled.map(|(_, number): (_, u32)| number.to_string()));
        }
        Self { sentences: analysis.sentences(), by_stem, words, numbers, capitals: primary != Some("de") }
    }

    /// The first number or name of a sentence that the text does not have.
    fn missing(&self, text: &str, sentence: &Sentence, tokens: &[Token], analysis: &Analysis) -> Option<String> {
        if let Some((_, written)) = numbers(text).find(|(number, _)| !self.numbers.contains(number)) {
            return Some(format!("the text has no number {written}"));
        }
        let written = |token: &Token| {
            let span = token.span.start.checked_sub(sentence.span.start)?..token.span.end - sentence.span.start;
            text.get(span)
        };
        let mut begins = true;
        for token in tokens {
            let Some(word) = written(token) else { continue };
            let is_name = !begins && self.is_name(word, token, analysis);
            // What follows a colon or stands in quotes begins anew.
            begins = match token.kind {
                TokenKind::Word | TokenKind::Number => false,
                TokenKind::Punctuation | TokenKind::Symbol => begins || matches!(word, ":" | "\"" | "“" | "«" | "„"),
            };
            if is_name && !self.has(word, token, analysis) {
                return Some(format!("the text has no name {word}"));
            }
        }
        None
    }

    fn is_name(&self, word: &str, token: &Token, analysis: &Analysis) -> bool {
        let mut letters = word.chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        let whole = capital && letters.clone().next().is_some() && letters.all(|letter| !letter.is_lowercase());
        token.kind == TokenKind::Word && capital && !analysis.term(token.term).stop_word && (self.capitals || whole)
    }

    /// Whether the text has a word, its stem, or all parts of it.
    fn has(&self, word: &str, token: &Token, analysis: &Analysis) -> bool {
        let term = analysis.term(token.term);
        let known = |word: &str| self.words.contains(word) || self.by_stem.contains_key(word);
        let parts = || word.split(['-', '–', '/', '\'', '’', '.']).filter(|part| part.chars().count() > 1);
        known(&term.text)
            || known(&term.stem)
            || (parts().next().is_some() && parts().all(|part| known(&part.to_lowercase())))
    }

    /// The sentences of the text that a sentence rests on, the one that gives most first, and the share of its weight that they have.
    fn support(&self, tokens: &[Token], analysis: &Analysis) -> (Vec<ByteSpan>, f64) {
        let mut wanted: FxHashMap<&str, f64> = FxHashMap::default();
        let mut stems = Vec::new();
        for token in tokens.iter().filter(|token| token.kind.is_wordlike()) {
            let term = analysis.term(token.term);
            if !term.stop_word && !wanted.contains_key(&*term.stem) {
                wanted.insert(&term.stem, self.weight(&term.stem));
                stems.push(&*term.stem);
            }
        }
        let total: f64 = stems.iter().map(|stem| wanted[stem]).sum();
        let (mut spans, mut found) = (Vec::new(), 0.0);
        while spans.len() < MOST && total > 0.0 {
            let mut gains: FxHashMap<u32, f64> = FxHashMap::default();
            for stem in &stems {
                for sentence in self.by_stem.get(stem).into_iter().flatten() {
                    *gains.entry(*sentence).or_default() += wanted[stem];
                }
            }
            // The earliest of those that give most, so that the order of the map does not count.
            let best = gains.into_iter().max_by(|(a, gain), (b, other)| gain.total_cmp(other).then(b.cmp(a)));
            let Some((best, gain)) = best.filter(|(_, gain)| *gain >= LEAST_ADDED * total) else { break };
            let Some(sentence) = self.sentences.get(best as usize) else { break };
            spans.push(sentence.span);
            found += gain;
            stems.retain(|stem| self.by_stem.get(stem).is_none_or(|all| all.binary_search(&best).is_err()));
        }
        (spans, if total > 0.0 { (found / total).min(1.0) } else { 0.0 })
    }

    /// How much a stem counts: less the more sentences of the text have it. One that none has counts like one that one has.
    fn weight(&self, stem: &str) -> f64 {
        let frequency = self.by_stem.get(stem).map_or(1, Vec::len).max(1);
        ((self.sentences.len() as f64 + 1.0) / (frequency as f64 + 0.5)).ln().max(0.1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "The Port of Calder will be dredged this spring. The city pays 2,500,000 euros for it, said Mayor Lindgren. \
                        Three ferries stop until May 4, 2019.\n\nFishermen fear for the herring, which spawn in the harbor.";

    fn checked(text: &str, answer: &str) -> Checked {
        check(&Document::from_text("note.txt", text), answer, 0.5, &Context::default()).unwrap()
    }

    fn why(answer: &str) -> Option<String> {
        let checked = checked(TEXT, answer);
        assert_eq!(checked.sentences.len() + checked.unsupported.len(), 1, "{checked:?}");
        checked.unsupported.into_iter().next().map(|sentence| sentence.why)
    }

    #[test]
    fn a_sentence_leads_to_those_of_the_text_that_have_its_words() {
        let answer = "Calder's port is dredged in spring. The city pays, and fishermen fear for the herring.";
        let found = checked(TEXT, answer).sentences;
        let span = |sentence: usize| found[sentence].span.of(TEXT).unwrap();
        assert!(span(0).starts_with("The Port of Calder"));
        assert_eq!((found[0].text.as_str(), found[0].also.len()), ("Calder's port is dredged in spring.", 0));
        assert!(span(1).starts_with("Fishermen fear"));
        assert!(found[1].also[0].of(TEXT).unwrap().starts_with("The city pays"));
        assert!(found.iter().all(|sentence| sentence.score > 0.8), "{found:?}");
    }

    #[test]
    fn numbers_and_names_must_be_in_the_text() {
        assert_eq!(why("The city pays 2.5 million euros for it."), Some("the text has no number 2.5".to_owned()));
        assert_eq!(why("The city pays 2500000 euros for it."), None);
        assert_eq!(why("3 ferries stop until May 4."), None);
        assert_eq!(why("4 ferries stop until May 5."), Some("the text has no number 5".to_owned()));
        assert_eq!(why("The city pays for it, said Mayor Ostberg."), Some("the text has no name Ostberg".to_owned()));
        assert_eq!(why("The city pays for it, said Lindgren's mayor."), None);
        // The first word of a sentence has a capital whether it is a name or not.
        assert_eq!(why("Municipal money: The city pays euros for it."), None);
    }

    #[test]
    fn words_that_the_text_has_not_are_no_support() {
        let why = why("The weather was lovely and everybody danced.").unwrap();
        assert_eq!(why, "the text has a share of 0.00 of its words together");
        assert_eq!(checked("", "The port grew.").unsupported.len(), 1);
        assert_eq!(checked(TEXT, "…").unsupported.len(), 0);
    }

    #[test]
    fn nouns_of_german_are_no_names_by_their_capitals() {
        let text = "Der Hafen wird im Frühjahr vertieft. Die Stadt zahlt für den Hafen.";
        let mut doc = Document::from_text("note.txt", text);
        doc.set_language("de");
        let unsupported = |answer| check(&doc, answer, 0.4, &Context::default()).unwrap().unsupported;
        assert_eq!(unsupported("Im Frühjahr wird der Hafen auf Kosten der Stadt vertieft."), []);
        assert_eq!(unsupported("Der Hafen der SPD wird im Frühjahr vertieft.")[0].why, "the text has no name SPD");
    }

    proptest! {
        #[test]
        fn any_answer_to_any_text_is_checked(text in any::<String>(), answer in any::<String>(), words in "([A-Za-z0-9]{1,4}[ .:\n]){0,30}") {
            for (text, answer) in [(&text, &answer), (&words, &text), (&answer, &words), (&words, &words)] {
                let found = checked(text, answer);
                for sentence in &found.sentences {
                    prop_assert!((0.0..=1.0).contains(&sentence.score) && sentence.also.len() < MOST);
                    prop_assert!(sentence.also.iter().chain([&sentence.span]).all(|span| span.of(text).is_some()));
                }
            }
        }
    }
}
