//! What is known of one language: its stop words, its stemmer, and how it writes.

use crate::stem::Stems;
use crate::stop_words::{StopWords, stop_words};
use crate::words::Manner;

/// What the analysis knows of the language of a text.
pub(crate) struct Lexicon {
    pub(crate) stop_words: &'static StopWords,
    pub(crate) stems: Stems,
    /// Whether it is English, whose abbreviations are listed most fully.
    pub(crate) english: bool,
    /// Whether words end in an apostrophe before a vowel: `l'eau`, `dell'acqua`.
    pub(crate) elides: bool,
    /// Whether a full stop after a number makes it an ordinal: `3. März`.
    pub(crate) dotted_ordinals: bool,
    /// How runs of Chinese characters and Japanese syllables are cut into words, where the language says it.
    pub(crate) manner: Option<Manner>,
}

impl Lexicon {
    /// What is known of this language (BCP 47); of English where it is `None` or undetermined.
    pub(crate) fn of(language: Option<&str>) -> Self {
        let code = primary(language.unwrap_or("en"));
        Self {
            stop_words: stop_words(code),
            stems: Stems::of(code),
            english: code == "en",
            elides: matches!(code, "fr" | "it" | "ca"),
            dotted_ordinals: matches!(
                code,
                "de" | "da" | "no" | "nb" | "nn" | "fi" | "cs" | "sk" | "sl" | "hr" | "hu" | "et"
            ),
            manner: match code {
                "zh" => Some(Manner::Chinese),
                "ja" => Some(Manner::Japanese),
                _ => None,
            },
        }
    }
}

/// The language itself of a BCP 47 tag: `en` of `en-GB`. English for `und`, which says that it is not known.
pub(crate) fn primary(language: &str) -> &str {
    match language.split(['-', '_']).next() {
        None | Some("" | "und") => "en",
        Some(code) => code,
    }
}

/// Whether a text is in English as far as is known: a document whose language (BCP 47) is `None` or undetermined counts as such.
///
/// ```
/// use docmill_analysis::is_english;
///
/// assert!(is_english(Some("en-GB")) && is_english(Some("und")) && is_english(None));
/// assert!(!is_english(Some("de")));
/// ```
pub fn is_english(language: Option<&str>) -> bool {
    primary(language.unwrap_or("en")) == "en"
}
