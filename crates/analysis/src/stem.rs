//! Stems of words, remembered between documents.
//!
//! Stemming takes as long as the rest of the analysis together, and most words of a document were in one before it. Each
//! thread keeps the words that it met last, in a table of fixed size; what a word's stem is does not depend on it.

use std::cell::RefCell;

use rust_stemmers::{Algorithm, Stemmer};

/// Longer words are no words of a language, and stemming them would cost more than it gives.
const LONGEST: usize = 48;

/// Words that a thread remembers; a power of two. At some 64 bytes a word they take half a megabyte.
const REMEMBERED: usize = 8_192;

thread_local! {
    static LAST: RefCell<Vec<Option<Stemmed>>> = const { RefCell::new(Vec::new()) };
}

struct Stemmed {
    language: Algorithm,
    word: Box<str>,
    stem: Box<str>,
}

/// The stemmer of one language, or of none, which leaves words as they are.
pub(crate) struct Stems {
    language: Option<Algorithm>,
}

impl Stems {
    /// Of the language with this ISO 639-1 code.
    pub(crate) fn of(code: &str) -> Self {
        Self { language: algorithm(code) }
    }

    /// Whether there is a stemmer for the language with this code.
    pub(crate) fn has(code: &str) -> bool {
        algorithm(code).is_some()
    }

    /// The stem of a lower-cased word with this hash.
    pub(crate) fn stem(&self, word: &str, hash: u32) -> Box<str> {
        let Some(language) = self.language.filter(|_| is_stemmed(word)) else { return word.into() };
        LAST.with_borrow_mut(|last| {
            if last.is_empty() {
                last.resize_with(REMEMBERED, || None);
            }
            let place = &mut last[hash as usize % REMEMBERED];
            match place {
                Some(known) if known.language == language && *known.word == *word => known.stem.clone(),
                _ => {
                    let stem: Box<str> = Stemmer::create(language).stem(word).into();
                    *place = Some(Stemmed { language, word: word.into(), stem: stem.clone() });
                    stem
                }
            }
        })
    }
}

/// Whether it is made of letters alone, but for apostrophes; the stemmers know nothing else.
fn is_stemmed(word: &str) -> bool {
    if word.len() <= 2 || word.len() > LONGEST {
        return false;
    }
    if word.is_ascii() {
        return word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'\'');
    }
    word.chars().all(|letter| letter.is_alphabetic() || letter == '\'')
}

fn algorithm(code: &str) -> Option<Algorithm> {
    Some(match code {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nl" => Algorithm::Dutch,
        "no" | "nb" | "nn" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, words: &[(&str, &str)]) {
        let stems = Stems::of(code);
        // Twice, so that the second time they are remembered; all share one place.
        for (word, stem) in words.iter().chain(words) {
            assert_eq!(&*stems.stem(word, 7), *stem, "{code}: {word}");
        }
    }

    #[test]
    fn words_are_stemmed_in_their_language() {
        check("en", &[("harbors", "harbor"), ("dredging", "dredg"), ("don't", "don't"), ("it", "it")]);
        check("de", &[("häfen", "haf"), ("harbors", "harbor")]);
        check("fr", &[("continuellement", "continuel")]);
    }

    #[test]
    fn what_no_stemmer_knows_stays_as_it_is() {
        check("xx", &[("harbors", "harbors")]);
        check("en", &[("well-kept", "well-kept"), ("u.s.", "u.s."), ("b12s", "b12s")]);
        let long = "harbors".repeat(10);
        check("en", &[(&long, &long)]);
    }
}
