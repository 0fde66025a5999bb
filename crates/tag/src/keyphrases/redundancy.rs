//! Leaves out phrases that say the same as a better one.

use std::collections::BinaryHeap;

use super::candidates::Counted;
use super::phrase::Sequence;
use super::scoring::Ranked;

/// How much of a single word's score a phrase needs to stand in its place in a text that explains; in others it needs more.
const NEAR: f64 = 0.75;

/// The best of the ranked sequences, less those that say the same as a better one.
///
/// In a text that explains, a longer noun phrase is taken before a single word that is part of it where both are near in score.
pub(super) fn chosen(counted: &Counted<'_>, mut ranked: BinaryHeap<Ranked>, top: usize) -> Vec<(f64, usize)> {
    let sequences = &counted.sequences;
    let (explains, tells) = (counted.explains, counted.explains < 0.5);
    let longer = if counted.has_noun_phrases() && explains > 0.0 { longer(counted, &ranked) } else { Vec::new() };
    let mut chosen: Vec<(f64, usize)> = Vec::new();
    while chosen.len() < top {
        let Some(Ranked { score, index }) = ranked.pop() else { break };
        let sequence = &sequences[index];
        let phrase = match sequence.stems() {
            [stem] if sequence.name.is_none() => longer.get(*stem as usize).copied().flatten(),
            _ => None,
        };
        let phrase = phrase.filter(|phrase| explains * phrase.score >= NEAR * score).map(|phrase| phrase.index);
        for index in phrase.into_iter().chain([index]) {
            let sequence = &sequences[index];
            let repeats =
                chosen.iter().any(|&(_, better)| better == index || repeats(sequence, &sequences[better], tells));
            if !repeats && chosen.len() < top {
                // A phrase that stands in the place of a word has the word's score, so that scores fall from first to last.
                chosen.push((score, index));
            }
        }
    }
    chosen
}

/// For each stem the best phrase of several words with it.
fn longer(counted: &Counted<'_>, ranked: &BinaryHeap<Ranked>) -> Vec<Option<Ranked>> {
    let mut longer: Vec<Option<Ranked>> = vec![None; counted.stems.len()];
    for phrase in ranked.iter().filter(|phrase| counted.sequences[phrase.index].words > 1) {
        for stem in counted.sequences[phrase.index].stems() {
            if let Some(best) = longer.get_mut(*stem as usize) {
                *best = (*best).max(Some(*phrase));
            }
        }
    }
    longer
}

/// Whether a sequence says little that the better one does not say, in a text that tells or another.
fn repeats(sequence: &Sequence, better: &Sequence, tells: bool) -> bool {
    if sequence.key == better.key {
        return true;
    }
    if better.contains(sequence) {
        if tells && sequence.words == 1 {
            // It must occur without the phrase.
            return sequence.count <= better.count;
        }
        // It must be clearly more frequent, and not as part of other phrases only.
        return sequence.count < better.count * 2.0 + 1.0 || sequence.alone * 4.0 < sequence.count;
    }
    sequence.contains(better) && sequence.count * 2.0 < better.count
}
