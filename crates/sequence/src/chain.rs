//! Linear chains: the best sequence of labels, and how sure each part of it is.
//!
//! A chain has a score for each label of each word and for each pair of labels that follow each other. The best sequence is
//! found by the algorithm of Viterbi (1967), the probability of a part of it by the forward and backward sums of a conditional
//! random field (Lafferty and others, 2001). Work and memory are linear in the words.

/// The score of a pair of labels that may not follow each other.
pub const NEVER: f32 = -1.0e4;

/// Scores of pairs of labels; label numbers are 0 to `labels` - 1, and `labels` stands for the border of the sentence.
#[derive(Debug, Clone)]
pub struct Transitions {
    /// How many labels there are.
    pub labels: usize,
    /// Score of `after` behind `before` at `before * (labels + 1) + after`.
    pub scores: Vec<f32>,
}

impl Transitions {
    /// The score of `after` behind `before`.
    #[inline]
    pub fn get(&self, before: usize, after: usize) -> f32 {
        self.scores[before * (self.labels + 1) + after]
    }
}

/// The best sequence for words with these scores (`labels` a word).
pub fn best(transitions: &Transitions, scores: &[f32]) -> Vec<u8> {
    let labels = transitions.labels;
    let words = scores.len() / labels;
    if words == 0 {
        return Vec::new();
    }
    let mut from = vec![0u8; scores.len()];
    let mut before: Vec<f32> = (0..labels).map(|label| transitions.get(labels, label) + scores[label]).collect();
    let mut now = vec![0.0; labels];
    for word in 1..words {
        for (label, now) in now.iter_mut().enumerate() {
            let (mut top, mut place) = (f32::NEG_INFINITY, 0);
            for (previous, score) in before.iter().enumerate() {
                let score = score + transitions.get(previous, label);
                if score > top {
                    (top, place) = (score, previous);
                }
            }
            *now = top + scores[word * labels + label];
            from[word * labels + label] = u8::try_from(place).unwrap_or(0);
        }
        std::mem::swap(&mut before, &mut now);
    }
    let (mut top, mut last) = (f32::NEG_INFINITY, 0u8);
    for (label, score) in before.iter().enumerate() {
        let score = score + transitions.get(label, labels);
        if score > top {
            (top, last) = (score, u8::try_from(label).unwrap_or(0));
        }
    }
    let mut path = vec![last; words];
    for word in (1..words).rev() {
        last = from[word * labels + usize::from(last)];
        path[word - 1] = last;
    }
    path
}

/// Sums over all sequences of a sentence.
#[derive(Debug)]
pub struct Sums {
    labels: usize,
    /// Probabilities up to and with each word, scaled to sum to 1 a word.
    pub forward: Vec<f32>,
    /// Probabilities of what follows each word, scaled likewise.
    pub backward: Vec<f32>,
    /// The factor of each word that scaled `forward`.
    pub scale: Vec<f32>,
    /// The scores as factors.
    pub emitted: Vec<f32>,
    /// The transitions as factors.
    pub moves: Vec<f32>,
    /// The natural logarithm of the sum over all sequences.
    pub log_total: f64,
}

impl Sums {
    /// The sums for words with these scores.
    pub fn of(transitions: &Transitions, scores: &[f32]) -> Self {
        let labels = transitions.labels;
        let words = scores.len() / labels;
        let moves: Vec<f32> = transitions.scores.iter().map(|score| score.exp()).collect();
        let stride = labels + 1;
        let mut emitted = vec![0.0; scores.len()];
        let mut log_total = 0.0;
        for (row, out) in scores.chunks_exact(labels).zip(emitted.chunks_exact_mut(labels)) {
            let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            log_total += f64::from(top);
            for (score, out) in row.iter().zip(out) {
                *out = (score - top).exp();
            }
        }
        let mut forward = vec![0.0f32; scores.len()];
        let mut scale = vec![1.0f32; words];
        for (word, scale) in scale.iter_mut().enumerate() {
            let (past, now) = forward.split_at_mut(word * labels);
            let now = &mut now[..labels];
            if word == 0 {
                now.copy_from_slice(&moves[labels * stride..labels * stride + labels]);
            } else {
                for (before, weight) in past[(word - 1) * labels..].iter().enumerate() {
                    let row = &moves[before * stride..before * stride + labels];
                    for (now, step) in now.iter_mut().zip(row) {
                        *now += weight * step;
                    }
                }
            }
            let mut sum = 0.0;
            for (now, emitted) in now.iter_mut().zip(&emitted[word * labels..]) {
                *now *= emitted;
                sum += *now;
            }
            let factor = 1.0 / sum.max(f32::MIN_POSITIVE);
            for now in now.iter_mut() {
                *now *= factor;
            }
            *scale = factor;
            log_total -= f64::from(factor.ln());
        }
        let mut backward = vec![0.0f32; scores.len()];
        let mut ahead = vec![0.0f32; labels];
        for word in (0..words).rev() {
            let (now, next) = backward[word * labels..].split_at_mut(labels);
            if word + 1 == words {
                for (label, now) in now.iter_mut().enumerate() {
                    *now = moves[label * stride + labels];
                }
                continue;
            }
            let emitted = &emitted[(word + 1) * labels..];
            for ((ahead, next), emitted) in ahead.iter_mut().zip(next).zip(emitted) {
                *ahead = *next * emitted * scale[word + 1];
            }
            for (label, now) in now.iter_mut().enumerate() {
                let row = &moves[label * stride..label * stride + labels];
                *now = row.iter().zip(&ahead).map(|(step, ahead)| step * ahead).sum();
            }
        }
        let mut sums = Self { labels, forward, backward, scale, emitted, moves, log_total };
        if words > 0 {
            // What the border behind the last word adds.
            let end = sums.end();
            sums.log_total += f64::from(end.max(f32::MIN_POSITIVE).ln());
        }
        sums
    }

    /// The sum of what is at the end, by which products of `forward` and `backward` are divided.
    pub fn end(&self) -> f32 {
        let last = self.forward.len().saturating_sub(self.labels);
        self.forward[last..].iter().zip(&self.backward[last..]).map(|(forward, backward)| forward * backward).sum()
    }

    /// The probability, 0 to 1, that the words from `start` on have these labels.
    pub fn probability(&self, start: usize, labels: &[u8]) -> f32 {
        let Some((first, rest)) = labels.split_first() else { return 1.0 };
        let stride = self.labels + 1;
        let mut label = usize::from(*first);
        let mut product = self.forward[start * self.labels + label];
        let mut word = start;
        for &next in rest {
            word += 1;
            let next = usize::from(next);
            product *= self.moves[label * stride + next] * self.emitted[word * self.labels + next] * self.scale[word];
            label = next;
        }
        (product * self.backward[word * self.labels + label] / self.end().max(f32::MIN_POSITIVE)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores that look random, from -2 to 2.
    fn scores(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1u32 << 22) as f32 - 2.0
        };
        (0..count).map(|_| next()).collect()
    }

    /// All sequences of three labels for four words, and the score of each.
    fn all(transitions: &Transitions, scores: &[f32]) -> Vec<(Vec<u8>, f64)> {
        let sequences = (0..81u8).map(|number| vec![number / 27, number / 9 % 3, number / 3 % 3, number % 3]);
        sequences
            .map(|path| {
                let (mut before, mut sum) = (3, 0.0);
                for (word, label) in path.iter().enumerate() {
                    sum += f64::from(
                        transitions.get(before, usize::from(*label)) + scores[word * 3 + usize::from(*label)],
                    );
                    before = usize::from(*label);
                }
                (path, sum + f64::from(transitions.get(before, 3)))
            })
            .collect()
    }

    #[test]
    fn the_best_sequence_and_the_probabilities_are_those_of_trying_all() {
        for seed in 1..40 {
            let transitions = Transitions { labels: 3, scores: scores(16, seed) };
            let scores = scores(12, seed + 1000);
            let all = all(&transitions, &scores);
            let top = all.iter().max_by(|one, other| one.1.total_cmp(&other.1)).unwrap();
            assert_eq!(best(&transitions, &scores), top.0);
            let sums = Sums::of(&transitions, &scores);
            let total: f64 = all.iter().map(|(_, score)| score.exp()).sum();
            assert!((sums.log_total - total.ln()).abs() < 1e-3);
            let part: f64 = all.iter().filter(|(path, _)| path[1..3] == [2, 0]).map(|(_, score)| score.exp()).sum();
            assert!((f64::from(sums.probability(1, &[2, 0])) - part / total).abs() < 1e-3);
        }
    }

    #[test]
    fn no_words_have_no_labels() {
        let transitions = Transitions { labels: 2, scores: vec![0.0; 9] };
        assert!(best(&transitions, &[]).is_empty());
        assert!(Sums::of(&transitions, &[]).probability(0, &[]) > 0.99);
    }
}
