//! Picks sentences: the best first, each marked down by what it repeats of those already picked (maximal marginal relevance:
//! Carbonell and Goldstein, 1998).

use crate::centrality::Vectors;

/// How long a summary may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Length {
    /// At most so many sentences.
    Sentences(usize),
    /// At most so many words, but one sentence in any case.
    Words(usize),
    /// At most so many characters, but one sentence in any case.
    Characters(usize),
    /// This share of the sentences, rounded up.
    Share(f64),
}

/// A sentence that may be picked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    /// How much it says, 0..=1.
    pub(crate) score: f64,
    /// What its score is multiplied with as long as the sentence before it, on which it leans, is not picked; 1 for others.
    pub(crate) alone: f64,
    pub(crate) words: usize,
    pub(crate) characters: usize,
}

/// What the text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Sentences that go on from each other.
    Prose,
    /// What many said of one thing, each by himself.
    Opinions,
}

impl Kind {
    /// How much of its length a sentence must earn where the summary is so many words or characters long: the exponent of the
    /// number of words. A little, so that two sentences that say more than one long one come first.
    const fn cost(self) -> f64 {
        match self {
            Self::Prose => 0.1,
            Self::Opinions => 0.2,
        }
    }
}

/// Sentences with fewer words cost as much as one with so many.
const LEAST_WORDS: usize = 6;

/// Where a number of words or characters is to be filled, sentences that are worth less than this share of the best are left out:
/// what fills up what is left is seldom worth reading.
const WORTH_FILLING: f64 = 0.5;

/// How much of its score a sentence keeps that repeats another word by word.
const REPEATED: f64 = 0.2;

/// After so many picks repetition is no longer looked at: each look costs a pass over the text, and a summary this long
/// repeats what the text repeats.
const MOST_COMPARED: usize = 64;

/// The sentences to take, in text order.
pub(crate) fn select(vectors: &Vectors, sentences: &[Candidate], length: Length, kind: Kind) -> Vec<usize> {
    let mut room = Room::new(length, sentences.len());
    let cost = match length {
        Length::Words(_) | Length::Characters(_) => kind.cost(),
        Length::Sentences(_) | Length::Share(_) => 0.0,
    };
    let worth =
        |sentence: &Candidate| sentence.score * sentence.alone / (sentence.words.max(LEAST_WORDS) as f64).powf(cost);
    let mut left: Vec<f64> = sentences.iter().map(worth).collect();
    let least = if cost > 0.0 { WORTH_FILLING * left.iter().copied().fold(0.0, f64::max) } else { 0.0 };
    let mut picked: Vec<usize> = Vec::new();
    while room.sentences > 0 && picked.len() < MOST_COMPARED {
        let Some(best) = best(&left, |sentence| room.fits(&sentences[sentence], picked.is_empty())) else { break };
        if left[best] < least && !picked.is_empty() {
            break;
        }
        room.take(&sentences[best]);
        picked.push(best);
        left[best] = f64::NEG_INFINITY;
        for (left, similarity) in left.iter_mut().zip(vectors.similarities(best)) {
            *left *= 1.0 - (1.0 - REPEATED) * similarity.clamp(0.0, 1.0);
        }
        if let Some((left, next)) = left.get_mut(best + 1).zip(sentences.get(best + 1)) {
            *left /= next.alone;
        }
    }
    if room.sentences > 0 && picked.len() == MOST_COMPARED {
        let mut others: Vec<usize> = (0..left.len()).filter(|sentence| left[*sentence].is_finite()).collect();
        others.sort_by(|one, other| left[*other].total_cmp(&left[*one]).then(one.cmp(other)));
        for sentence in others {
            if left[sentence] >= least && room.sentences > 0 && room.fits(&sentences[sentence], false) {
                room.take(&sentences[sentence]);
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
    characters: usize,
}

impl Room {
    fn new(length: Length, count: usize) -> Self {
        let all = Self { sentences: usize::MAX, words: usize::MAX, characters: usize::MAX };
        match length {
            Length::Sentences(sentences) => Self { sentences, ..all },
            Length::Words(words) => Self { words, ..all },
            // A space stands before each sentence but the first.
            Length::Characters(characters) => Self { characters: characters.saturating_add(1), ..all },
            Length::Share(share) => {
                let taken = (0..count).take_while(|taken| (*taken as f64) < share * count as f64).count();
                Self { sentences: taken, ..all }
            }
        }
    }

    const fn fits(&self, sentence: &Candidate, first: bool) -> bool {
        first || sentence.words <= self.words && sentence.characters < self.characters
    }

    const fn take(&mut self, sentence: &Candidate) {
        self.sentences -= 1;
        self.words = self.words.saturating_sub(sentence.words);
        self.characters = self.characters.saturating_sub(sentence.characters + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(length: Length, expected: &[usize]) {
        // The second repeats the first; the others share nothing.
        let vectors = Vectors::new(&[vec![0, 1, 2], vec![0, 1, 2], vec![3, 4], vec![5, 6]], 7);
        assert_eq!(select(&vectors, &sentences(), length, Kind::Prose), expected, "{length:?}");
    }

    fn sentences() -> [Candidate; 4] {
        [(0.9, 10), (0.8, 4), (0.7, 6), (0.6, 5)].map(|(score, words)| Candidate {
            score,
            alone: 1.0,
            words,
            characters: words * 6,
        })
    }

    #[test]
    fn a_sentence_that_leans_on_the_one_before_is_taken_with_it() {
        let vectors = Vectors::new(&[vec![0, 1], vec![2, 3], vec![4, 5]], 6);
        let sentence = |score, alone| Candidate { score, alone, words: 8, characters: 50 };
        let sentences = [sentence(0.9, 1.0), sentence(0.8, 0.5), sentence(0.5, 1.0)];
        assert_eq!(select(&vectors, &sentences, Length::Sentences(2), Kind::Prose), [0, 1]);
        let first_is_weak = [sentence(0.1, 1.0), sentence(0.8, 0.5), sentence(0.5, 1.0)];
        assert_eq!(select(&vectors, &first_is_weak, Length::Sentences(1), Kind::Prose), [2]);
    }

    #[test]
    fn characters_count_the_spaces_between_sentences() {
        check(Length::Characters(5), &[0]);
        check(Length::Characters(84), &[0]);
        check(Length::Characters(90), &[0]);
        check(Length::Characters(91), &[0, 3]);
        check(Length::Characters(97), &[0, 2]);
    }

    #[test]
    fn among_opinions_short_ones_are_worth_more() {
        let vectors = Vectors::new(&[vec![0, 1], vec![2, 3]], 4);
        let sentences =
            [(0.6, 24), (0.5, 6)].map(|(score, words)| Candidate { score, alone: 1.0, words, characters: words * 6 });
        let first = |length, kind| select(&vectors, &sentences, length, kind);
        assert_eq!(first(Length::Words(25), Kind::Opinions), [1]);
        assert_eq!(first(Length::Words(25), Kind::Prose), [0]);
        assert_eq!(first(Length::Sentences(1), Kind::Opinions), [0]);
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
    fn a_length_is_not_filled_with_what_says_little() {
        let vectors = Vectors::new(&[vec![0, 1], vec![2, 3], vec![4, 5]], 6);
        let sentences = [0.9, 0.6, 0.3].map(|score| Candidate { score, alone: 1.0, words: 10, characters: 60 });
        let taken = |length| select(&vectors, &sentences, length, Kind::Prose);
        assert_eq!(taken(Length::Words(100)), [0, 1]);
        assert_eq!(taken(Length::Characters(1000)), [0, 1]);
        assert_eq!(taken(Length::Sentences(3)), [0, 1, 2]);
    }

    #[test]
    fn a_share_is_rounded_up() {
        check(Length::Share(0.01), &[0]);
        check(Length::Share(0.5), &[0, 2]);
        check(Length::Share(0.51), &[0, 2, 3]);
        check(Length::Share(1.0), &[0, 1, 2, 3]);
    }
}
