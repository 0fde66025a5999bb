//! What there is for a language, so that a stage can say where it does less than for others.

use crate::lexicon::primary;
use crate::stem::Stems;
use crate::stop_words::stop_words;

/// What the analysis has for a language beside what it has for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Support {
    /// A list of its stop words.
    pub stop_words: bool,
    /// A stemmer, so that the inflections of a word are one; Chinese and Japanese need none.
    pub stems: bool,
}

impl Support {
    /// Of the language with this BCP 47 tag.
    pub fn of(language: &str) -> Self {
        let code = primary(language);
        Self { stop_words: !stop_words(code).is_empty(), stems: Stems::has(code) || matches!(code, "zh" | "ja") }
    }

    /// What a text in this language lacks for stages that count its words, such as `no stop words and no stemmer for Polish`; `None` where
    /// nothing is missing or the language is not known.
    pub fn lack(language: Option<&str>) -> Option<String> {
        let language = language.filter(|language| !matches!(primary(language), "" | "und"))?;
        let lacks = match Self::of(language) {
            Self { stop_words: true, stems: true } => return None,
            Self { stop_words: true, stems: false } => "no stemmer",
            Self { stop_words: false, stems: true } => "no stop words",
            Self { stop_words: false, stems: false } => "no stop words and no stemmer",
        };
        Some(format!("{lacks} for {}", name(language)))
    }
}

/// The English name of a language by its BCP 47 tag; the tag itself where it is none that docmill tells.
pub fn name(language: &str) -> &str {
    let code = primary(language);
    NAMES.iter().find(|(known, _)| *known == code).map_or(language, |(_, name)| name)
}

/// All languages that are told, by their codes, and Norwegian without saying which.
pub(crate) const NAMES: &[(&str, &str)] = &[
    ("af", "Afrikaans"),
    ("ak", "Akan"),
    ("am", "Amharic"),
    ("ar", "Arabic"),
    ("az", "Azerbaijani"),
    ("be", "Belarusian"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("bs", "Bosnian"),
    ("ca", "Catalan"),
    ("cs", "Czech"),
    ("cy", "Welsh"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("eo", "Esperanto"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("eu", "Basque"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fr", "French"),
    ("ga", "Irish"),
    ("gl", "Galician"),
    ("gu", "Gujarati"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("hy", "Armenian"),
    ("id", "Indonesian"),
    ("is", "Icelandic"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("jv", "Javanese"),
    ("ka", "Georgian"),
    ("kk", "Kazakh"),
    ("km", "Khmer"),
    ("kn", "Kannada"),
    ("ko", "Korean"),
    ("la", "Latin"),
    ("lg", "Ganda"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("mi", "Maori"),
    ("mk", "Macedonian"),
    ("ml", "Malayalam"),
    ("mn", "Mongolian"),
    ("mr", "Marathi"),
    ("ms", "Malay"),
    ("my", "Burmese"),
    ("nb", "Norwegian Bokmål"),
    ("ne", "Nepali"),
    ("nl", "Dutch"),
    ("nn", "Norwegian Nynorsk"),
    ("no", "Norwegian"),
    ("or", "Odia"),
    ("pa", "Punjabi"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("si", "Sinhala"),
    ("sk", "Slovak"),
    ("sl", "Slovene"),
    ("sn", "Shona"),
    ("so", "Somali"),
    ("sq", "Albanian"),
    ("sr", "Serbian"),
    ("st", "Sotho"),
    ("sv", "Swedish"),
    ("sw", "Swahili"),
    ("ta", "Tamil"),
    ("te", "Telugu"),
    ("th", "Thai"),
    ("tk", "Turkmen"),
    ("tl", "Tagalog"),
    ("tn", "Tswana"),
    ("tr", "Turkish"),
    ("ts", "Tsonga"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("uz", "Uzbek"),
    ("vi", "Vietnamese"),
    ("xh", "Xhosa"),
    ("yi", "Yiddish"),
    ("yo", "Yoruba"),
    ("zh", "Chinese"),
    ("zu", "Zulu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_language_lacks_is_said() {
        for (language, lack) in [
            (None, None),
            (Some("und"), None),
            (Some("en-GB"), None),
            (Some("zh"), None),
            (Some("hu"), Some("no stop words for Hungarian")),
            (Some("pl"), Some("no stop words and no stemmer for Polish")),
            (Some("tlh"), Some("no stop words and no stemmer for tlh")),
        ] {
            assert_eq!(Support::lack(language).as_deref(), lack, "{language:?}");
        }
    }

    #[test]
    fn every_language_that_is_told_has_a_name() {
        assert!(NAMES.is_sorted());
        for code in crate::language::codes() {
            assert_ne!(name(code), code);
        }
    }
}
