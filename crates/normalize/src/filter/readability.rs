//! How easily a text is read, by the formulas of Flesch and of those who fitted them to other languages.

use docmill_analysis::analysis;
use docmill_core::{
    BuildContext, Component, Context, Document, Field, Filter, OptionError, Role, RoleKind, StageError, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Rule, judge};

/// Drops documents that are too hard or too easy to read.
///
/// The measure is `readability.flesch`, about 0 (hard) to 100 (easy): a constant less what the mean length of sentences in words and that
/// of words in syllables take from it. The formulas are those of Flesch 1948 (English), Amstad 1978 (German), Kandel and Moles 1958
/// (French), Fernández Huerta 1959 (Spanish) and Martins et al. 1996 (Portuguese); in other languages, and without a word, nothing is measured
/// and the document goes on. Syllables are counted by groups of vowels. Without a bound, it measures and drops nothing.
///
/// ```yaml
/// - filter.readability: { min: 10 }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FilterReadability {
    /// The hardest text that goes on.
    pub min: Option<f64>,
    /// The easiest text that goes on.
    pub max: Option<f64>,
}

/// Name of the measure and of the rule.
const MEASURE: &str = "readability.flesch";

impl Component for FilterReadability {
    const NAME: &'static str = "filter.readability";
    const KIND: RoleKind = RoleKind::Filter;

    fn gives(&self) -> Vec<Field> {
        vec![Field::measure(MEASURE)]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if let (Some(min), Some(max)) = (self.min, self.max)
            && max < min
        {
            return Err(vec![OptionError::new("/max", format!("expected at least min = {min}, found {max}"))]);
        }
        Ok(Role::filter(self))
    }
}

impl Filter for FilterReadability {
    fn judge(&self, doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let Some(ease) = reading_ease(doc) else { return Ok(Verdict::Keep) };
        Ok(judge(doc, &[Rule { name: MEASURE, measured: ease, at_least: self.min, at_most: self.max }]))
    }
}

/// What a formula takes from its constant.
struct Formula {
    constant: f64,
    /// For each word of a mean sentence.
    sentence: f64,
    /// For each syllable of a mean word.
    word: f64,
}

impl Formula {
    /// The one of a language (ISO 639-1).
    fn of(language: &str) -> Option<Self> {
        let (constant, sentence, word) = match language {
            "en" => (206.835, 1.015, 84.6),
            "de" => (180.0, 1.0, 58.5),
            "fr" => (207.0, 1.015, 73.6),
            "es" => (206.84, 1.02, 60.0),
            "pt" => (248.835, 1.015, 84.6),
            _ => return None,
        };
        Some(Self { constant, sentence, word })
    }
}

/// The reading ease of a text, where its language has a formula and it has a word.
fn reading_ease(doc: &Document) -> Option<f64> {
    let language = doc.language().and_then(|language| language.split('-').next()).unwrap_or("en");
    let formula = Formula::of(language)?;
    let analysis = analysis(doc);
    let (mut words, mut syllables, mut sentences) = (0_usize, 0_usize, 0_usize);
    for sentence in analysis.sentences() {
        let before = words;
        for token in analysis.sentence_tokens(sentence).iter().filter(|token| token.kind.is_wordlike()) {
            words += 1;
            syllables += syllables_of(&analysis.term(token.term).text, language);
        }
        sentences += usize::from(words > before);
    }
    if words == 0 {
        return None;
    }
    let (per_sentence, per_word) = (words as f64 / sentences as f64, syllables as f64 / words as f64);
    Some(formula.constant - formula.sentence * per_sentence - formula.word * per_word)
}

/// The syllables of a lower-cased word: its groups of vowels, less an `e` that is silent at the end in English and French; at
/// least one.
fn syllables_of(word: &str, language: &str) -> usize {
    let mut groups = 0;
    let mut before = false;
    for letter in word.chars() {
        let vowel = is_vowel(letter);
        groups += usize::from(vowel && !before);
        before = vowel;
    }
    let silent = match language {
        "en" => {
            let ends = |ending: &str| word.ends_with(ending);
            ends("e") && !ends("le") && !ends("ee") || ends("ed") && !ends("ted") && !ends("ded")
        }
        "fr" => word.ends_with('e') || word.ends_with("es"),
        _ => false,
    };
    (groups - usize::from(silent && groups > 1)).max(1)
}

const fn is_vowel(letter: char) -> bool {
    matches!(
        letter,
        'a' | 'e'
            | 'i'
            | 'o'
            | 'u'
            | 'y'
            | 'ä'
            | 'ö'
            | 'ü'
            | 'á'
            | 'é'
            | 'í'
            | 'ó'
            | 'ú'
            | 'à'
            | 'è'
            | 'ì'
            | 'ò'
            | 'ù'
            | 'â'
            | 'ê'
            | 'î'
            | 'ô'
            | 'û'
            | 'ã'
            | 'õ'
            | 'ë'
            | 'ï'
            | 'œ'
            | 'æ'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{filter, rule};

    fn check(language: &str, text: &str, expected: Option<f64>) {
        let mut doc = Document::from_text("a.txt", text);
        doc.set_language(language);
        filter(FilterReadability::default()).judge(&mut doc, &Context::default()).expect("it takes every text");
        let measured = doc.measures().get(MEASURE).copied();
        match (measured, expected) {
            (Some(measured), Some(expected)) => assert!((measured - expected).abs() < 0.001, "{text}: {measured}"),
            _ => assert_eq!(measured, expected, "{text}"),
        }
    }

    #[test]
    fn each_language_has_its_formula() {
        // Six words of one syllable in one sentence.
        check("en", "The cat sat on the mat.", Some(206.835 - 1.015 * 6.0 - 84.6));
        check("de-AT", "Der Hund lag vor der Tür.", Some(180.0 - 6.0 - 58.5));
        check("fr", "Le chat dort sous le lit.", Some(207.0 - 1.015 * 6.0 - 73.6));
        check("es", "El sol no da luz ya.", Some(206.84 - 1.02 * 6.0 - 60.0));
        check("pt", "O sol não dá luz já.", Some(248.835 - 1.015 * 6.0 - 84.6));
        check("fi", "Kissa istui matolla.", None);
        check("en", "", None);
    }

    #[test]
    fn syllables_are_groups_of_vowels() {
        for (language, word, expected) in [
            ("en", "harbor", 2),
            ("en", "made", 1),
            ("en", "table", 2),
            ("en", "walked", 1),
            ("en", "wanted", 2),
            ("en", "rhythm", 1),
            ("en", "123", 1),
            ("de", "hafenarbeiter", 5),
            ("fr", "petite", 2),
            ("es", "canción", 2),
        ] {
            assert_eq!(syllables_of(word, language), expected, "{word}");
        }
    }

    #[test]
    fn both_bounds_drop() {
        let check = |min: Option<f64>, max: Option<f64>, expected: Option<&str>| {
            let mut doc = Document::from_text("a.txt", "The cat sat on the mat.");
            let verdict = filter(FilterReadability { min, max })
                .judge(&mut doc, &Context::default())
                .expect("it takes every text");
            assert_eq!(rule(&verdict), expected);
        };
        check(Some(116.0), Some(117.0), None);
        check(Some(117.0), None, Some("readability.flesch.min"));
        check(None, Some(116.0), Some("readability.flesch.max"));
    }
}
