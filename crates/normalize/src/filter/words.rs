//! Documents of a certain length.

use docmill_core::{
    BuildContext, Component, Context, Document, Field, Filter, OptionError, Role, RoleKind, StageError, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Rule, judge};

/// Drops documents with too few or too many words.
///
/// Words and numbers of all blocks count; the measure is `words`. The defaults are those of Rae et al. 2021, table A1.
///
/// ```yaml
/// - filter.words: { min: 100, max: 50000 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FilterWords {
    /// Fewest words that a document may have.
    pub min: u32,
    /// Most words that a document may have.
    pub max: u32,
}

impl Default for FilterWords {
    fn default() -> Self {
        Self { min: 50, max: 100_000 }
    }
}

impl Component for FilterWords {
    const NAME: &'static str = "filter.words";
    const VERSION: u32 = 2;
    const KIND: RoleKind = RoleKind::Filter;

    fn gives(&self) -> Vec<Field> {
        vec![Field::measure("words")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.max < self.min {
            let message = format!("expected at least min = {}, found {}", self.min, self.max);
            return Err(vec![OptionError::new("/max", message)]);
        }
        Ok(Role::filter(self))
    }
}

impl Filter for FilterWords {
    fn judge(&self, doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let words = docmill_analysis::analysis(doc).words() as f64;
        let rule = Rule {
            name: "words",
            measured: words,
            at_least: Some(f64::from(self.min)),
            at_most: Some(f64::from(self.max)),
        };
        Ok(judge(doc, &[rule]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, rule};

    #[test]
    fn both_ends_are_kept() {
        let words = FilterWords { min: 2, max: 3 };
        for (text, expected) in
            [("one", Some("words.min")), ("one two", None), ("one, two three.", None), ("a b c d", Some("words.max"))]
        {
            let (verdict, doc) = judged(words.clone(), text);
            assert_eq!(rule(&verdict), expected, "{text}");
            assert!(doc.measures().contains_key("words"));
        }
    }

    #[test]
    fn an_empty_range_is_refused() {
        let errors = (FilterWords { min: 5, max: 4 }).build(&BuildContext::default()).err().unwrap_or_default();
        assert_eq!(errors[0].pointer, "/max");
    }
}
