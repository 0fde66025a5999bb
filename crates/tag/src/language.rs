//! The language of the text.

use docmill_core::{
    BuildContext, Component, Context, Document, Field, OptionError, Role, RoleKind, Stage, StageError, Tag,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Finds the language of the text.
///
/// Sets the document's `language` (ISO 639-1, or 639-3 where there is no shorter code), adds a tag of scheme `language`, and
/// measures `language.score`, how sure it is, 0 to 1. Stop words, stems and the names of later stages follow the language.
///
/// Norwegian is `nb` or `nn`; `no` in `among` stands for both.
///
/// A text of a few words does not tell its language; there the language that the source declares is taken.
///
/// ```yaml
/// - tag.language: { among: [en, de, fr] }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Language {
    /// Codes of the languages that come into question, such as `en`; all known ones where it is empty.
    pub among: Vec<String>,
    /// What to do with the language that the source declares (`meta.language`).
    pub declared: Declared,
}

/// What to do with a declared language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Declared {
    /// Take it where the text is too short to tell.
    #[default]
    Prefer,
    /// Look at the text alone.
    Ignore,
}

/// With fewer bytes than this a text says little about its language.
const SHORT: usize = 80;
/// Below this a guess is worth less than what the source declares.
const UNSURE: f64 = 0.5;
/// How sure a declared language is.
const DECLARED_SCORE: f64 = 0.5;

impl Component for Language {
    const NAME: &'static str = "tag.language";
    const KIND: RoleKind = RoleKind::Stage;
    const VERSION: u32 = 3;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        vec![Field::Language, Field::tags("language"), Field::measure("language.score")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        let is_code = |code: &str| matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase());
        let errors: Vec<OptionError> = (self.among.iter().enumerate())
            .filter(|(_, code)| !is_code(code))
            .map(|(index, code)| {
                let message =
                    format!("expected a language code of two or three small letters, such as `en`, found {code:?}");
                OptionError::new(format!("/among/{index}"), message)
            })
            .collect();
        if errors.is_empty() { Ok(Role::stage(self)) } else { Err(errors) }
    }
}

impl Stage for Language {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        let among: Vec<&str> = self.among.iter().map(String::as_str).collect();
        let text = doc.text();
        let detected = docmill_analysis::language::detect(text, &among);
        let score = detected.as_ref().map_or(0.0, |detected| detected.score);
        let declared = match self.declared {
            Declared::Prefer if text.trim().len() < SHORT || score < UNSURE => self.declared(doc),
            Declared::Prefer | Declared::Ignore => None,
        };
        doc.measure("language.score", score);
        let found = match declared {
            Some(code) => {
                let agrees = detected.is_some_and(|detected| detected.code == code);
                Some((code, if agrees { score.max(DECLARED_SCORE) } else { DECLARED_SCORE }))
            }
            None => detected.map(|detected| (detected.code.to_owned(), score)),
        };
        if let Some((code, score)) = found {
            doc.set_language(code.as_str());
            doc.tag(Tag::new("language", code).with_score(score));
        }
        Ok(())
    }
}

impl Language {
    /// The code of the declared language, without region or script, where it comes into question.
    fn declared(&self, doc: &Document) -> Option<String> {
        let declared = doc.meta.text("language")?;
        let code = declared.split(['-', '_']).next()?.trim().to_ascii_lowercase();
        let plain = matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase());
        (plain && (self.among.is_empty() || self.among.contains(&code))).then_some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "The harbor was quiet in the morning, and nobody on the quay knew whether the ships would come \
                           back before the winter.";
    const GERMAN: &str = "Der Hafen war am Morgen ruhig, und niemand am Kai wusste, ob die Schiffe vor dem Winter noch \
                          einmal zurückkommen würden.";

    fn language(options: &Language, text: &str, declared: Option<&str>) -> Option<String> {
        let mut doc = Document::from_text("test.txt", text);
        if let Some(declared) = declared {
            doc.meta.set("language", declared);
        }
        options.apply(&mut doc, &Context::default()).unwrap();
        assert!(doc.measures().contains_key("language.score"));
        assert_eq!(doc.language(), doc.tags().first().map(|tag| tag.label.as_str()));
        doc.language().map(ToOwned::to_owned)
    }

    #[test]
    fn the_text_tells_its_language() {
        assert_eq!(language(&Language::default(), ENGLISH, None).as_deref(), Some("en"));
        assert_eq!(language(&Language::default(), GERMAN, Some("en")).as_deref(), Some("de"));
    }

    #[test]
    fn a_short_text_takes_the_declared_language() {
        assert_eq!(language(&Language::default(), "No. 12", Some("sv-SE")).as_deref(), Some("sv"));
        let ignoring = Language { declared: Declared::Ignore, ..Language::default() };
        assert_ne!(language(&ignoring, "No. 12", Some("sv-SE")).as_deref(), Some("sv"));
    }

    #[test]
    fn only_the_languages_asked_for_come_into_question() {
        let among = Language { among: vec!["en".to_owned(), "fr".to_owned()], ..Language::default() };
        assert_ne!(language(&among, GERMAN, None).as_deref(), Some("de"));
        assert_ne!(language(&among, "Nr. 12", Some("de")).as_deref(), Some("de"));
    }

    #[test]
    fn what_is_no_language_code_is_refused() {
        let options = Language { among: vec!["en".to_owned(), "English".to_owned()], ..Language::default() };
        let Err(errors) = options.build(&BuildContext::default()) else { panic!("it was built") };
        assert_eq!(errors.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(), ["/among/1"]);
    }
}
