//! How central each sentence is: the stationary distribution of a walk between sentences that share stems.
//!
//! This is continuous `LexRank` (Erkan and Radev, 2004) with idf taken within the document. The matrix of similarities is never
//! built: it is the product of the sentence vectors with themselves, so a step of the walk goes from sentences to stems and
//! back, in time that is linear in the length of the text.

/// Share of the walk that follows similarities; the rest jumps to any sentence.
const DAMPING: f64 = 0.85;

/// Steps of the walk. Fixed, so that equal texts take equal paths; the order of sentences settles well before.
const STEPS: usize = 12;

/// Sentences as unit vectors over stems.
#[derive(Debug, Default)]
pub(crate) struct Vectors {
    /// Stem and weight, sentence after sentence.
    entries: Vec<(u32, f64)>,
    /// Where the entries of each sentence end.
    ends: Vec<usize>,
    stems: usize,
}

impl Vectors {
    /// Of the stems of each sentence, as numbers below `stems`, once for each time that they occur.
    pub(crate) fn new(sentences: &[Vec<u32>], stems: usize) -> Self {
        let mut vectors = Self { stems, ..Self::default() };
        let mut frequencies = vec![0_u32; stems];
        for sentence in sentences {
            let mut sorted = sentence.clone();
            sorted.sort_unstable();
            for run in sorted.chunk_by(|one, next| one == next) {
                frequencies[run[0] as usize] += 1;
                vectors.entries.push((run[0], run.len() as f64));
            }
            vectors.ends.push(vectors.entries.len());
        }
        let count = sentences.len() as f64;
        let idf: Vec<f64> =
            frequencies.iter().map(|frequency| ((count + 1.0) / (f64::from(*frequency) + 0.5)).ln()).collect();
        for sentence in 0..vectors.len() {
            let entries = vectors.entries_mut(sentence);
            for (stem, weight) in entries.iter_mut() {
                *weight *= idf[*stem as usize];
            }
            let norm = entries.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
            if norm > 0.0 {
                for (_, weight) in entries.iter_mut() {
                    *weight /= norm;
                }
            }
        }
        vectors
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    fn range(&self, sentence: usize) -> std::ops::Range<usize> {
        sentence.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[sentence]
    }

    fn entries(&self, sentence: usize) -> &[(u32, f64)] {
        &self.entries[self.range(sentence)]
    }

    fn entries_mut(&mut self, sentence: usize) -> &mut [(u32, f64)] {
        let range = self.range(sentence);
        &mut self.entries[range]
    }

    /// The cosine of one sentence with each, in order.
    pub(crate) fn similarities(&self, sentence: usize) -> Vec<f64> {
        let mut by_stem = vec![0.0; self.stems];
        for (stem, weight) in self.entries(sentence) {
            by_stem[*stem as usize] = *weight;
        }
        self.times(&by_stem)
    }

    /// The product of each sentence with a vector over stems.
    fn times(&self, by_stem: &[f64]) -> Vec<f64> {
        let product =
            |sentence| self.entries(sentence).iter().map(|(stem, weight)| weight * by_stem[*stem as usize]).sum();
        (0..self.len()).map(product).collect()
    }

    /// What each sentence gives to all others, in proportion to their similarity.
    fn spread(&self, given: &[f64]) -> Vec<f64> {
        let mut by_stem = vec![0.0; self.stems];
        for (sentence, share) in given.iter().enumerate() {
            for (stem, weight) in self.entries(sentence) {
                by_stem[*stem as usize] += share * weight;
            }
        }
        let mut received = self.times(&by_stem);
        for (received, (sentence, own)) in received.iter_mut().zip(given.iter().enumerate()) {
            // Each is like itself, which says nothing.
            if !self.entries(sentence).is_empty() {
                *received = (*received - own).max(0.0);
            }
        }
        received
    }
}

/// How central each sentence is, 0..=1, where the most central has 1.
pub(crate) fn centralities(vectors: &Vectors) -> Vec<f64> {
    let count = vectors.len() as f64;
    let degrees = vectors.spread(&vec![1.0; vectors.len()]);
    let mut scores = vec![1.0 / count; vectors.len()];
    for _ in 0..STEPS {
        let shares: Vec<f64> = scores
            .iter()
            .zip(&degrees)
            .map(|(score, degree)| if *degree > 1e-9 { score / degree } else { 0.0 })
            .collect();
        scores = vectors.spread(&shares);
        for score in &mut scores {
            *score = (1.0 - DAMPING) / count + DAMPING * *score;
        }
    }
    let most = scores.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    for score in &mut scores {
        *score /= most;
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_that_shares_most_is_most_central() {
        let vectors = Vectors::new(&[vec![0, 1, 2], vec![0, 3], vec![1, 4], vec![5, 6]], 7);
        let scores = centralities(&vectors);
        assert!((scores[0] - 1.0).abs() < 1e-12);
        assert!(scores[1] < scores[0] && scores[3] < scores[1]);
    }

    #[test]
    fn spreading_agrees_with_the_matrix_of_similarities() {
        let sentences = [vec![0, 1, 1, 2], vec![0, 2, 3], vec![], vec![1, 4, 0], vec![5]];
        let vectors = Vectors::new(&sentences, 6);
        let given = [0.3, 0.1, 0.2, 0.25, 0.15];
        for (to, received) in vectors.spread(&given).into_iter().enumerate() {
            let row = vectors.similarities(to);
            let expected: f64 = (0..given.len()).filter(|from| *from != to).map(|from| row[from] * given[from]).sum();
            assert!((received - expected).abs() < 1e-12, "{to}: {received} is not {expected}");
        }
    }
}
