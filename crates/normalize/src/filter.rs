//! Filters: whether a document goes on, by what is measured of its text.
//!
//! Each filter keeps what it measured in the document before it decides, so that a threshold can be chosen afterwards.

mod count;
mod draw;
mod language;
mod lines_of_prose;
mod quality;
mod readability;
mod repetition;
mod sample;
mod words;

pub use count::FilterDraw;
pub use language::FilterLanguage;
pub(crate) use lines_of_prose::{FEWEST_WORDS, Unfit, unfit};
pub use quality::{FilterQuality, Preset};
pub use readability::FilterReadability;
pub use repetition::FilterRepetition;
pub use sample::FilterSample;
pub use words::FilterWords;

use docmill_core::{Document, DropReason, Verdict};

/// A measured value and the bounds that it has to keep.
struct Rule {
    /// Name of the measure and of the rule.
    name: &'static str,
    measured: f64,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

impl Rule {
    fn at_most(name: &'static str, measured: f64, threshold: f64) -> Self {
        Self { name, measured, at_least: None, at_most: Some(threshold) }
    }

    fn broken(&self, measured: f64) -> Option<DropReason> {
        let (bound, threshold) = match (self.at_least, self.at_most) {
            (Some(least), _) if measured < least => ("min", least),
            (_, Some(most)) if measured > most => ("max", most),
            _ => return None,
        };
        Some(DropReason::new(format!("{}.{bound}", self.name), measured, threshold))
    }
}

/// Keeps all measures, and drops the document by the first rule that it breaks. What is judged is the measure as kept, so
/// that a drop can be checked from the record.
fn judge(doc: &mut Document, rules: &[Rule]) -> Verdict {
    let mut verdict = Verdict::Keep;
    for rule in rules {
        doc.measure(rule.name, rule.measured);
        let kept = doc.measures().get(rule.name).copied().unwrap_or_default();
        if let (Verdict::Keep, Some(reason)) = (&verdict, rule.broken(kept)) {
            verdict = Verdict::Drop(reason);
        }
    }
    verdict
}

/// The share of `part` in `whole`, 0..=1; 0 of nothing.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_broken_rule_is_the_reason_and_all_measures_are_kept() {
        let mut doc = Document::from_text("a.txt", "a");
        let b = Rule { name: "b", measured: 1.0, at_least: Some(2.0), at_most: None };
        let rules = [Rule::at_most("a", 0.123_456, 1.0), b, Rule::at_most("c", 3.0, 2.0)];
        let verdict = judge(&mut doc, &rules);
        assert_eq!(verdict, Verdict::Drop(DropReason::new("b.min", 1.0, 2.0)));
        assert_eq!(doc.measures().values().copied().collect::<Vec<_>>(), [0.1235, 1.0, 3.0]);
    }
}
