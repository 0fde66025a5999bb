//! Scores that say how often a name is right.
//!
//! The model is too sure of what it is sure of, as models of its kind are where a text differs from those that they learned from. A line
//! through a few points ([`POINTS`]) sets that right without changing which of two names is surer.

/// Probabilities of the model, and how often names with them are right: on a tenth of the annotated text that the model did not see, and
/// much the same on other news, web text, posts and encyclopedias (`docs/QUALITY.md`).
const POINTS: [(f64, f64); 6] = [(0.0, 0.0), (0.65, 0.62), (0.75, 0.69), (0.86, 0.775), (0.98, 0.935), (1.0, 0.96)];

/// How often a name with this score, 0 to 1, is right, 0 to 0.96.
pub(super) fn calibrated(score: f64) -> f64 {
    let score = score.clamp(0.0, 1.0);
    let next = POINTS.partition_point(|(point, _)| *point < score).clamp(1, POINTS.len() - 1);
    let ((start, low), (end, high)) = (POINTS[next - 1], POINTS[next]);
    low + (high - low) * (score - start) / (end - start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_lies_on_the_line_through_the_points() {
        for (score, expected) in [(0.0, 0.0), (0.325, 0.31), (0.65, 0.62), (0.7, 0.655), (0.99, 0.9475), (1.0, 0.96)] {
            assert!((calibrated(score) - expected).abs() < 1e-9, "{score}: {}", calibrated(score));
        }
    }

    #[test]
    fn the_surer_of_two_names_stays_the_surer_one() {
        let scores: Vec<f64> = (0..=100).map(|percent| calibrated(f64::from(percent) / 100.0)).collect();
        assert!(scores.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(calibrated(-1.0) >= 0.0 && calibrated(2.0) <= 1.0);
    }
}
