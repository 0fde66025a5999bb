//! Leaves out phrases that say the same as a better one.

use rustc_hash::FxHashMap;

use super::candidates::Counted;
use super::phrase::Sequence;

/// How much of a single word's score a phrase needs to stand in its place.
const NEAR: f64 = 0.75;

/// The best of the ranked sequences, less those that say the same as a better one.
///
/// A longer noun phrase is taken before a single word that is part of it where both are near in score.
pub(super) fn chosen(counted: &Counted<'_>, ranked: &[(f64, usize)], top: usize) -> Vec<(f64, usize)> {
    let sequences = &counted.sequences;
    let longer = if counted.has_noun_phrases() { longer(sequences, ranked) } else { FxHashMap::default() };
    let mut chosen: Vec<(f64, usize)> = Vec::new();
    for &(score, index) in ranked {
        if chosen.len() == top {
            break;
        }
        let sequence = &sequences[index];
        let phrase = match sequence.stems() {
            [stem] if sequence.name.is_none() => longer.get(stem).copied().filter(|phrase| phrase.0 >= NEAR * score),
            _ => None,
        };
        for (_, index) in phrase.into_iter().chain([(score, index)]) {
            let sequence = &sequences[index];
            let repeats = chosen.iter().any(|&(_, better)| better == index || repeats(sequence, &sequences[better]));
            if !repeats && chosen.len() < top {
                // A phrase that stands in the place of a word has the word's score, so that scores fall from first to last.
                chosen.push((score, index));
            }
        }
    }
    chosen
}

/// For each stem the best phrase of several words with it.
fn longer(sequences: &[Sequence], ranked: &[(f64, usize)]) -> FxHashMap<u32, (f64, usize)> {
    let mut longer = FxHashMap::default();
    for &(score, index) in ranked {
        let sequence = &sequences[index];
        if sequence.words > 1 {
            for stem in sequence.stems() {
                longer.entry(*stem).or_insert((score, index));
            }
        }
    }
    longer
}

/// Whether a sequence says little that the better one does not say.
fn repeats(sequence: &Sequence, better: &Sequence) -> bool {
    if sequence.key == better.key {
        return true;
    }
    if better.contains(sequence) {
        // It must be clearly more frequent, and not as part of other phrases only.
        return sequence.count < better.count * 2.0 + 1.0 || sequence.alone * 4.0 < sequence.count;
    }
    sequence.contains(better) && sequence.count * 2.0 < better.count
}
