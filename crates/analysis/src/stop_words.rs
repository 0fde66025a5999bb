//! Stop words: the words of a language that say little about what a text is about.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lexicon::primary;

/// The stop words of one language.
#[derive(Debug, Default)]
pub struct StopWords(FxHashSet<&'static str>);

impl StopWords {
    /// Whether this lower-cased word, with straight apostrophes, is one.
    pub fn contains(&self, lower_cased_word: &str) -> bool {
        self.0.contains(lower_cased_word)
    }

    /// Whether there is no list of the language.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The lists, each a file of lower-cased words between white space.
const LISTS: &[(&str, &str)] = &[
    ("da", include_str!("stop_words/da.txt")),
    ("de", include_str!("stop_words/de.txt")),
    ("en", include_str!("stop_words/en.txt")),
    ("es", include_str!("stop_words/es.txt")),
    ("fi", include_str!("stop_words/fi.txt")),
    ("fr", include_str!("stop_words/fr.txt")),
    ("it", include_str!("stop_words/it.txt")),
    ("ja", include_str!("stop_words/ja.txt")),
    ("nl", include_str!("stop_words/nl.txt")),
    ("no", include_str!("stop_words/no.txt")),
    ("pt", include_str!("stop_words/pt.txt")),
    ("ru", include_str!("stop_words/ru.txt")),
    ("sv", include_str!("stop_words/sv.txt")),
    ("zh", include_str!("stop_words/zh.txt")),
];

static ALL: LazyLock<Vec<(&str, StopWords)>> = LazyLock::new(|| {
    let read = |words: &'static str| StopWords(words.split_whitespace().collect());
    LISTS.iter().map(|(code, words)| (*code, read(words))).collect()
});

static NONE: LazyLock<StopWords> = LazyLock::new(StopWords::default);

/// The stop words of a language (BCP 47): of English where it is empty or `und`, none where there is no list of it.
pub fn stop_words(language: &str) -> &'static StopWords {
    let code = match primary(language) {
        "nb" | "nn" => "no",
        code => code,
    };
    ALL.iter().find(|(listed, _)| *listed == code).map_or(&NONE, |(_, words)| words)
}

/// For each stop word, the languages of [`LISTS`] that have it, one bit each.
static LANGUAGES: LazyLock<FxHashMap<&str, u16>> = LazyLock::new(|| {
    let mut languages = FxHashMap::default();
    for (number, (_, words)) in LISTS.iter().enumerate() {
        words.split_whitespace().for_each(|word| *languages.entry(word).or_default() |= 1 << number);
    }
    languages
});

/// How many of some words are stop words of each language.
#[derive(Debug, Default)]
pub(crate) struct Votes {
    counts: [u32; LISTS.len()],
    words: u32,
}

impl Votes {
    /// Counts a lower-cased word.
    pub(crate) fn add(&mut self, word: &str) {
        self.words += 1;
        let languages = LANGUAGES.get(word).copied().unwrap_or_default();
        if languages != 0 {
            for (number, count) in self.counts.iter_mut().enumerate() {
                *count += u32::from(languages >> number & 1);
            }
        }
    }

    /// How many words were counted.
    pub(crate) fn words(&self) -> u32 {
        self.words
    }

    /// The language with most stop words, their share of all words, and the share of the next language.
    pub(crate) fn most(&self) -> (&'static str, f64, f64) {
        let (mut first, mut second) = ((0, 0), 0);
        for (number, count) in self.counts.iter().enumerate() {
            if *count > first.1 {
                second = first.1;
                first = (number, *count);
            } else {
                second = second.max(*count);
            }
        }
        let share = |count: u32| f64::from(count) / f64::from(self.words.max(1));
        (LISTS[first.0].0, share(first.1), share(second))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_list() {
        for (language, word) in [
            ("en", "the"),
            ("en-GB", "don't"),
            ("de", "für"),
            ("fr", "l'"),
            ("it", "dell'"),
            ("nb", "ikke"),
            ("ru", "что"),
            ("zh-TW", "的"),
            ("ja", "から"),
            ("und", "the"),
        ] {
            assert!(stop_words(language).contains(word), "{language}: {word}");
        }
        assert!(!stop_words("de").contains("the"));
        assert!(!stop_words("xx").contains("the"));
    }

    #[test]
    fn the_lists_are_short_sorted_and_in_lower_case() {
        for (code, list) in LISTS {
            let words: Vec<&str> = list.split_whitespace().collect();
            assert!((100..=260).contains(&words.len()), "{code}: {} words", words.len());
            assert!(words.is_sorted_by(|one, next| one < next), "{code} is not sorted");
            assert!(words.iter().all(|word| *word == word.to_lowercase()), "{code} has upper case");
        }
    }
}
