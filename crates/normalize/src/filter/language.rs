//! Documents in certain languages.

use docmill_core::{
    BuildContext, Component, Context, Document, DropReason, Field, Filter, OptionError, Role, RoleKind, StageError,
    Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Drops documents that are not in one of some languages, or whose language is not sure.
///
/// `allow` has language codes (BCP 47): `en` allows `en-GB` too, and `no` both languages of Norwegian. `min_score` is compared with the measure `language.score` of
/// `tag.language`; a language that the source states, without a measure, counts as sure.
///
/// ```yaml
/// - tag.language
/// - filter.language: { allow: [en, de], min_score: 0.8 }
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FilterLanguage {
    /// The languages that go on.
    pub allow: Vec<String>,
    /// How sure the language has to be, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_score: f64,
}

/// The measure that `tag.language` keeps.
const SCORE: &str = "language.score";

impl Component for FilterLanguage {
    const NAME: &'static str = "filter.language";
    const KIND: RoleKind = RoleKind::Filter;
    const VERSION: u32 = 3;

    fn needs(&self) -> Vec<Field> {
        vec![Field::Language]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.allow.is_empty() {
            return Err(vec![OptionError::new("/allow", "expected at least one language, such as `en`")]);
        }
        Ok(Role::filter(self))
    }
}

impl Filter for FilterLanguage {
    fn judge(&self, doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let language = doc.language();
        if !language.is_some_and(|language| self.allow.iter().any(|allowed| is_within(language, allowed))) {
            return Ok(Verdict::Drop(DropReason::new("language.allow", json!(language), json!(self.allow))));
        }
        match doc.measures().get(SCORE) {
            Some(&score) if score < self.min_score => {
                Ok(Verdict::Drop(DropReason::new("language.score.min", score, self.min_score)))
            }
            _ => Ok(Verdict::Keep),
        }
    }
}

/// Whether a language is another one or a variant of it, as `en-GB` is of `en`, and `nb` of `no`.
fn is_within(language: &str, allowed: &str) -> bool {
    if allowed.eq_ignore_ascii_case("no") && (is_within(language, "nb") || is_within(language, "nn")) {
        return true;
    }
    let (Some(head), Some(rest)) = (language.get(..allowed.len()), language.get(allowed.len()..)) else { return false };
    head.eq_ignore_ascii_case(allowed) && (rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{filter, rule};

    fn check(language: Option<&str>, score: Option<f64>, expected: Option<&str>) {
        let mut doc = Document::from_text("a.txt", "text");
        if let Some(language) = language {
            doc.set_language(language);
        }
        if let Some(score) = score {
            doc.measure(SCORE, score);
        }
        let stage = filter(FilterLanguage { allow: ["en", "no", "pt-BR"].map(str::to_owned).to_vec(), min_score: 0.8 });
        let verdict = stage.judge(&mut doc, &Context::default()).expect("it takes every document");
        assert_eq!(rule(&verdict), expected, "{language:?} {score:?}");
    }

    #[test]
    fn languages_and_their_variants_are_allowed() {
        check(Some("en"), Some(0.9), None);
        check(Some("en-GB"), None, None);
        check(Some("pt-br"), None, None);
        check(Some("nn"), None, None);
        check(Some("pt"), None, Some("language.allow"));
        check(Some("eng"), None, Some("language.allow"));
        check(None, None, Some("language.allow"));
    }

    #[test]
    fn a_language_has_to_be_sure() {
        check(Some("en"), Some(0.79), Some("language.score.min"));
    }
}
