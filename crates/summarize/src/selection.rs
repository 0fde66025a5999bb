//! Picks sentences: the best first, each marked down by what it repeats of those already picked.

use crate::centrality::Vectors;

/// How long a summary may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Length {
    /// At most so many sentences.
    Sentences(usize),
    /// At most so many words, but one sentence in any case.
    Words(usize),
    /// This share of the sentences, rounded up.
    Share(f64),
}

/// How much of its score a sentence keeps that repeats another word by word.
const REPEATED: f64 = 0.2;

/// After so many picks repetition is no longer looked at: each look costs a pass over the text, and a summary this long
/// repeats what the text repeats.
const MOST_COMPARED: usize = 64;

/// The sentences to take, in text order. `scores` and `words` are those of each sentence.
pub(crate) fn select(vectors: &Vectors, scores: &[f64], words: &[usize], length: Length) -> Vec<usize> {
    let mut room = Room::new(length, scores.len());
    let mut left = scores.to_vec();
    let mut picked: Vec<usize> = Vec::new();
    while room.sentences > 0 && picked.len() < MOST_COMPARED {
        let Some(best) = best(&left, |sentence| room.fits(words[sentence], picked.is_empty())) else { break };
        room.take(words[best]);
        picked.push(best);
        left[best] = f64::NEG_INFINITY;
        for (left, similarity) in left.iter_mut().zip(vectors.similarities(best)) {
            *left *= 1.0 - (1.0 - REPEATED) * similarity.clamp(0.0, 1.0);
        }
    }
    if room.sentences > 0 && picked.len() == MOST_COMPARED {
        let mut others: Vec<usize> = (0..left.len()).filter(|sentence| left[*sentence].is_finite()).collect();
        others.sort_by(|one, other| left[*other].total_cmp(&left[*one]).then(one.cmp(other)));
        for sentence in others {
            if room.sentences > 0 && room.fits(words[sentence], false) {
                room.take(words[sentence]);
                picked.push(sentence);
            }
        }
    }
    picked.sort_unstable();
    picked
}

/// The first of the sentences with the highest score that may be taken.
fn best(left: &[f64], may_take: impl Fn(usize) -> bool) -> Option<usize> {
    let candidates = (0..left.len()).filter(|sentence| left[*sentence].is_finite() && may_take(*sentence));
    candidates.reduce(|best, next| if left[next] > left[best] { next } else { best })
}

/// What still fits into the summary.
struct Room {
    sentences: usize,
    words: usize,
}

impl Room {
    fn new(length: Length, count: usize) -> Self {
        match length {
            Length::Sentences(sentences) => Self { sentences, words: usize::MAX },
            Length::Words(words) => Self { sentences: usize::MAX, words },
            Length::Share(share) => {
                let taken = (0..count).take_while(|taken| (*taken as f64) < share * count as f64).count();
                Self { sentences: taken, words: usize::MAX }
            }
        }
    }

    const fn fits(&self, words: usize, first: bool) -> bool {
        first || words <= self.words
    }

    const fn take(&mut self, words: usize) {
        self.sentences -= 1;
        self.words = self.words.saturating_sub(words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(length: Length, expected: &[usize]) {
        // The second repeats the first; the others share nothing.
        let vectors = Vectors::new(&[vec![0, 1, 2], vec![0, 1, 2], vec![3, 4], vec![5, 6]], 7);
        assert_eq!(select(&vectors, &[0.9, 0.8, 0.5, 0.4], &[10, 4, 6, 5], length), expected, "{length:?}");
    }

    #[test]
    fn a_sentence_that_repeats_another_comes_last() {
        check(Length::Sentences(2), &[0, 2]);
        check(Length::Sentences(3), &[0, 2, 3]);
        check(Length::Sentences(9), &[0, 1, 2, 3]);
    }

    #[test]
    fn words_are_filled_with_what_fits_but_hold_one_sentence() {
        check(Length::Words(3), &[0]);
        check(Length::Words(15), &[0, 3]);
        check(Length::Words(16), &[0, 2]);
    }

    #[test]
    fn a_share_is_rounded_up() {
        check(Length::Share(0.01), &[0]);
        check(Length::Share(0.5), &[0, 2]);
        check(Length::Share(0.51), &[0, 2, 3]);
        check(Length::Share(1.0), &[0, 1, 2, 3]);
    }
}
