//! A share of the documents.

use docmill_core::{
    BuildContext, Component, Context, Document, DropReason, Field, Filter, OptionError, Role, RoleKind, StageError,
    Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::draw::Draw;

/// Keeps a share of the documents, drawn as if at random.
///
/// Each document has a draw from 0 to 1, kept as the measure `sample.draw`, which follows from its URI and `seed`: it goes on where
/// that is below `share`. Whether it does depends on no other document, so that a sample stays as it is when others are added, and
/// a smaller share of the same seed is part of a larger one. Another seed gives another sample. For so many documents, whatever
/// the number of all, take `filter.draw`.
///
/// ```yaml
/// - filter.sample: { share: 0.1 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FilterSample {
    /// Which share goes on, 0..=1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
    /// Which of all samples.
    pub seed: u64,
}

impl Default for FilterSample {
    fn default() -> Self {
        Self { share: 0.1, seed: 0 }
    }
}

/// The measure.
pub(super) const MEASURE: &str = "sample.draw";

impl Component for FilterSample {
    const NAME: &'static str = "filter.sample";
    const KIND: RoleKind = RoleKind::Filter;

    fn gives(&self) -> Vec<Field> {
        vec![Field::measure(MEASURE)]
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::filter(self))
    }
}

impl Filter for FilterSample {
    fn judge(&self, doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let draw = Draw::of(doc, self.seed).share();
        doc.measure(MEASURE, draw);
        if draw < self.share {
            return Ok(Verdict::Keep);
        }
        // The reason has all digits: small shares differ in them.
        Ok(Verdict::Drop(DropReason::new("sample.share", draw, self.share)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::filter;

    /// Which of 2,000 documents go on.
    fn sample(share: f64, seed: u64) -> Vec<usize> {
        let filter = filter(FilterSample { share, seed });
        let goes_on = |number: &usize| {
            let mut doc = Document::from_text(&format!("inbox/{number}.txt"), "text");
            filter.judge(&mut doc, &Context::default()).expect("it takes every document") == Verdict::Keep
        };
        (0..2000).filter(goes_on).collect()
    }

    #[test]
    fn about_the_share_goes_on() {
        assert_eq!((sample(0.0, 0).len(), sample(1.0, 0).len()), (0, 2000));
        let tenth = sample(0.1, 0).len();
        assert!((150..250).contains(&tenth), "{tenth}");
    }

    #[test]
    fn a_smaller_share_is_part_of_a_larger_one() {
        let (tenth, half) = (sample(0.1, 3), sample(0.5, 3));
        assert!(tenth.iter().all(|number| half.contains(number)));
    }

    #[test]
    fn another_seed_gives_another_sample() {
        let (one, other) = (sample(0.5, 1), sample(0.5, 2));
        let common = one.iter().filter(|number| other.contains(number)).count();
        assert!((400..600).contains(&common), "{common}");
    }

    #[test]
    fn a_drop_says_what_was_drawn() {
        let mut doc = Document::from_text("a.txt", "text");
        let verdict = filter(FilterSample { share: 0.0, seed: 0 }).judge(&mut doc, &Context::default());
        let Ok(Verdict::Drop(reason)) = verdict else { panic!("it goes on") };
        assert_eq!((reason.rule.as_str(), reason.threshold), ("sample.share", 0.0.into()));
        let measured = reason.measured.as_f64().expect("a number");
        assert!((measured - doc.measures()[MEASURE]).abs() < 1e-4);
    }
}
