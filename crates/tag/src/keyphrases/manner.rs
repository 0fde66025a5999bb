//! Whether a text explains or tells, which decides what its keyphrases look like.
//!
//! A paper explains: its subjects are terms of several words, such as `phase field model`. News tells of people and places, and is
//! found again by single words. Both are read off the text in any language: who tells names names and quotes what was said. In
//! English, whose learned words are long, the length of words helps.

use docmill_analysis::{Analysis, TokenKind, is_english};

use super::candidates::nouns_are_capitalized;
use super::part_of_speech::starts_with_capital;
use super::phrase::NO_STEM;

/// Below this sum of names and quotation marks a text explains and does not tell at all; above the other it only tells.
const EXPLAINS: f64 = 0.04;
const TELLS: f64 = 0.12;

/// How much a quotation mark a word says, beside a name a stem.
const QUOTED: f64 = 2.0;

/// From this mean length of words that are no stop words, in characters, an English text is taken to explain, and how much each
/// further character says, beside a name a stem.
const LONG: f64 = 7.0;
const LONGER: f64 = 0.15;

/// What is seen of the words of one stem.
#[derive(Clone, Copy, Default)]
struct Seen {
    occurs: bool,
    lower_case: bool,
    /// Within a sentence of prose with a capital before a small letter: `Merrin`, but not `DNA`.
    as_name: bool,
}

/// From 0 for a text that tells to 1 for one that explains. 0.5 where capitals say nothing of names, as in German and in scripts
/// without them. `stem_of` has the stem of each term of the text in this language, of which there are `stems`.
pub(super) fn explains(text: &str, analysis: &Analysis, stem_of: &[u32], stems: usize, language: &str) -> f64 {
    let mut seen = vec![Seen::default(); stems];
    let (mut quotes, mut words, mut letters) = (0_u32, 0_u32, 0_usize);
    for sentence in analysis.sentences() {
        let mut within = false;
        for token in analysis.sentence_tokens(sentence) {
            if token.kind != TokenKind::Word {
                quotes += u32::from(matches!(token.span.of(text), Some("\"" | "“" | "”" | "«" | "»")));
                continue;
            }
            let stem = stem_of.get(token.term.index()).copied().unwrap_or(NO_STEM);
            if let Some(seen) = seen.get_mut(stem as usize) {
                let capital = starts_with_capital(text, token.span);
                words += 1;
                letters += analysis.term(token.term).text.chars().count();
                seen.occurs = true;
                seen.lower_case |= !capital;
                seen.as_name |= capital && within && sentence.is_prose() && is_capitalized(token.span.of(text));
            }
            within = true;
        }
    }
    let count = |is: fn(&Seen) -> bool| seen.iter().filter(|seen| is(seen)).count() as f64;
    let names = count(|seen| seen.as_name && !seen.lower_case);
    let has_case = text.chars().any(char::is_uppercase);
    if nouns_are_capitalized(language) || !has_case {
        return 0.5;
    }
    let length = if is_english(Some(language)) { letters as f64 / f64::from(words.max(1)) } else { 0.0 };
    let learned = LONGER * (length - LONG).clamp(0.0, 1.0);
    let told =
        names / count(|seen| seen.occurs).max(1.0) + QUOTED * f64::from(quotes) / (analysis.words() as f64).max(1.0);
    ((TELLS - told + learned) / (TELLS - EXPLAINS)).clamp(0.0, 1.0)
}

/// Whether a small letter follows the first one.
fn is_capitalized(word: Option<&str>) -> bool {
    word.is_some_and(|word| word.chars().nth(1).is_some_and(char::is_lowercase))
}

#[cfg(test)]
mod tests {
    use super::super::candidates::stems;
    use super::*;
    use docmill_core::Document;

    fn measured(text: &str, language: &str) -> f64 {
        let mut doc = Document::from_text("test.txt", text);
        doc.set_language(language);
        let analysis = Analysis::of(&doc);
        let (stem_of, stems) = stems(&analysis, language);
        explains(text, &analysis, &stem_of, stems.len(), language)
    }

    #[test]
    fn names_and_quotations_tell_and_terms_explain() {
        let told = "On Monday Agnès Duvall left Port Calder for Merrin. “I shall not return,” Duvall said.";
        let explained = "A model of sediment transport is proposed. The DNA of algae marks the layers of the sediment.";
        assert!(measured(told, "en") < 0.01 && measured(explained, "en") > 0.99);
    }

    #[test]
    fn long_words_explain_in_english() {
        let short = "The plan of Merrin shows how a mill may turn a wheel in the rain.";
        let long =
            "The implementation of Merrin demonstrates experimental characterization, optimization and verification.";
        assert!(measured(short, "en") < 0.01 && measured(long, "en") > 0.99);
    }

    #[test]
    fn it_holds_in_other_languages() {
        assert!(
            measured("Hier le maire de Merrin, Luc Sandoval, est parti pour Calder avec Agnès Duvall.", "fr") < 0.01
        );
        assert!(measured("Un modèle du transport des sédiments est proposé pour les rivières lentes.", "fr") > 0.99);
    }

    #[test]
    fn where_capitals_name_nobody_it_stays_open() {
        for (text, language) in [("Der Hafen der Stadt braucht einen Kran.", "de"), ("港は春に深くなる。", "ja")]
        {
            assert!((measured(text, language) - 0.5).abs() < 0.01, "{text}");
        }
    }
}
