//! What the taggers have for a language, and what they say of a text in one for which they have less.

use docmill_analysis::language_name;
use docmill_core::Document;

use crate::reading::Vocabulary;

/// What the taggers have for a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaggerSupport {
    /// Words of dates, amounts and quantities; without, those are read in digits and by their symbols.
    pub values: bool,
    /// How names are found.
    pub names: Names,
}

/// How names are found in texts of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// By rules and a trained model.
    Model,
    /// By rules alone, which go by capitals.
    Rules,
    /// By lists alone: the script has no capitals.
    Lists,
}

impl TaggerSupport {
    /// Of the language with this BCP 47 tag.
    pub fn of(language: &str) -> Self {
        const WITHOUT_CAPITALS: &[&str] = &[
            "am", "ar", "bn", "fa", "gu", "he", "hi", "ja", "ka", "km", "kn", "ko", "ml", "mr", "my", "ne", "or", "pa",
            "si", "ta", "te", "th", "ur", "yi", "zh",
        ];
        let names = match language.split(['-', '_']).next().unwrap_or_default() {
            "en" | "und" | "" => Names::Model,
            code if WITHOUT_CAPITALS.contains(&code) => Names::Lists,
            _ => Names::Rules,
        };
        Self { values: Vocabulary::knows(language), names }
    }
}

/// Notes in the document's record that `stage` reads values in a language without words for them.
pub(crate) fn warn_of_values(doc: &mut Document, stage: &str) {
    let Some(language) = doc.language().filter(|language| !TaggerSupport::of(language).values) else { return };
    let warning = format!("{stage}: no words of values for {}: by digits and symbols alone", language_name(language));
    doc.warn(warning);
}

/// Notes in the document's record that `stage` finds names in a language without a model.
pub(crate) fn warn_of_names(doc: &mut Document, stage: &str) {
    let Some(language) = doc.language() else { return };
    let way = match TaggerSupport::of(language).names {
        Names::Model => return,
        Names::Rules => "by rules alone",
        Names::Lists => "by lists alone, for there are no capitals",
    };
    let warning = format!("{stage}: no model for {}: {way}", language_name(language));
    doc.warn(warning);
}

#[cfg(test)]
mod tests {
    use docmill_core::{Context, Stage as _};

    use crate::{Dates, Entities, Keyphrases, Money, Quantities};

    /// The warnings of a document in a language after the stages that know languages.
    fn warnings(language: Option<&str>) -> Vec<String> {
        let mut doc = docmill_core::Document::from_text("test.txt", "3");
        if let Some(language) = language {
            doc.set_language(language);
        }
        let cx = Context::default();
        Dates::default().apply(&mut doc, &cx).unwrap();
        Money::default().apply(&mut doc, &cx).unwrap();
        Quantities::default().apply(&mut doc, &cx).unwrap();
        Entities::default().apply(&mut doc, &cx).unwrap();
        Keyphrases::default().apply(&mut doc, &cx).unwrap();
        doc.warnings().to_vec()
    }

    #[test]
    fn what_is_not_there_for_a_language_is_said_once_a_stage() {
        assert_eq!(
            warnings(Some("pl")),
            [
                "tag.dates: no words of values for Polish: by digits and symbols alone",
                "tag.money: no words of values for Polish: by digits and symbols alone",
                "tag.quantities: no words of values for Polish: by digits and symbols alone",
                "tag.entities: no model for Polish: by rules alone",
                "tag.keyphrases: no stop words and no stemmer for Polish",
            ]
        );
        assert_eq!(
            warnings(Some("zh")),
            ["tag.entities: no model for Chinese: by lists alone, for there are no capitals"]
        );
    }

    #[test]
    fn english_and_texts_of_no_known_language_lack_nothing() {
        for language in [None, Some("en-GB"), Some("und")] {
            assert_eq!(warnings(language), Vec::<String>::new());
        }
    }
}
