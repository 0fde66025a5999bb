//! A filter: by the share of terms among the words of a document.

use docmill_core::{
    BuildContext, Component, Context, Document, DropReason, Field, Filter, OptionError, Role, RoleKind, StageError,
    Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Drops documents in which too small a share of the words are terms.
///
/// The terms are the annotations that `acme.terms` made; the measure is `terms.share`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Share {
    /// The smallest share that is enough, 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min: f64,
}

impl Default for Share {
    fn default() -> Self {
        Self { min: 0.01 }
    }
}

impl Component for Share {
    const NAME: &'static str = "acme.share";
    const KIND: RoleKind = RoleKind::Filter;

    fn needs(&self) -> Vec<Field> {
        vec![Field::annotations("term")]
    }

    fn gives(&self) -> Vec<Field> {
        vec![Field::measure("terms.share")]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::filter(self))
    }
}

impl Filter for Share {
    fn judge(&self, doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let words = docmill_analysis::analysis(doc).words();
        let terms = doc.annotations_of("term").count();
        let share = if words == 0 { 0.0 } else { terms as f64 / words as f64 };
        doc.measure("terms.share", share);
        // The measure as it is kept, so that the reason can be checked from the record.
        let share = doc.measures()["terms.share"];
        Ok(if share < self.min {
            Verdict::Drop(DropReason::new("terms.share", share, self.min))
        } else {
            Verdict::Keep
        })
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::Annotation;

    use super::*;

    #[test]
    fn a_share_that_is_just_enough_is_kept() {
        for (min, kept) in [(0.25, true), (0.26, false)] {
            let mut doc = Document::from_text("test.txt", "one harbor of four");
            doc.annotate(Annotation::new("term", 4..10));
            let verdict = (Share { min }).judge(&mut doc, &Context::default()).unwrap();
            assert_eq!(verdict == Verdict::Keep, kept, "{verdict:?}");
            assert_eq!(doc.measures()["terms.share"], 0.25);
        }
    }

    #[test]
    fn a_document_without_words_has_no_share() {
        let mut doc = Document::from_text("test.txt", "");
        let verdict = Share::default().judge(&mut doc, &Context::default()).unwrap();
        assert_eq!(verdict, Verdict::Drop(DropReason::new("terms.share", 0.0, 0.01)));
    }
}
