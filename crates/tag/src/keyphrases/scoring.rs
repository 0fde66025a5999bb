//! What words and phrases are worth.
//!
//! A word weighs more the more often it occurs, the earlier, the wider spread, and in titles; a phrase is worth what its words
//! weigh, how often they stand together, and whether the phrase stands alone or only as part of longer ones. In spirit this is
//! YAKE (Campos et al., 2020) and C-value (Frantzi et al., 2000); the formula is our own.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::candidates::{Counted, Script};
use super::phrase::{Sequence, StemStats};

/// A sequence by its index, and its score. The greatest has the highest score; of equals it is the earlier one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ranked {
    pub(super) score: f64,
    pub(super) index: usize,
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.index.cmp(&self.index))
    }
}

/// What a phrase of three words and more is worth that occurs once, where it may be any words, beside one that is of nouns.
const CHANCE: f64 = 0.6;

/// All sequences that have a score. A heap, as only the best few are looked at. The weight of each stem is multiplied with its
/// `rarity`, where there is one.
pub(super) fn ranked(counted: &Counted<'_>, rarity: &[f64]) -> BinaryHeap<Ranked> {
    let rarity = rarity.iter().copied().chain(std::iter::repeat(1.0));
    let weights: Vec<f64> =
        counted.stems.iter().zip(rarity).map(|(stem, rarity)| weight(stem, counted.sentences) * rarity).collect();
    let form = Form::of(counted);
    let ranked: Vec<Ranked> = counted
        .sequences
        .iter()
        .enumerate()
        .map(|(index, sequence)| Ranked { score: score(counted, sequence, &weights, &form), index })
        .filter(|ranked| ranked.score > 0.0)
        .collect();
    ranked.into()
}

fn weight(stem: &StemStats, sentences: usize) -> f64 {
    if stem.count == 0.0 {
        return 0.0;
    }
    let total = sentences.max(1) as f64;
    let early = 1.0 + 1.0 / (1.0 + stem.first as f64 * 0.25);
    let spread = 1.0 + f64::from(stem.sentences) / total;
    let name = 1.0 + 0.5 * (stem.capitals / stem.count).min(1.0);
    let title = if stem.in_title { 1.3 } else { 1.0 };
    let weak = if stem.weak { 0.25 } else { 1.0 };
    let short = if stem.letters < 4 && stem.capitals == 0.0 { 0.7 } else { 1.0 };
    (1.0 + stem.count).ln() * early * spread * name * title * weak * short
}

/// What the form of a phrase counts in a text. A text that explains is about terms of several words; one that tells is found again
/// by single words.
struct Form {
    /// By number of words.
    lengths: [f64; 7],
    /// The exponent of the count. In a short text that explains, what occurs once is as good a term as what occurs twice.
    count: f64,
    /// What a phrase is worth that occurs as part of longer ones only.
    part: f64,
}

impl Form {
    fn of(counted: &Counted<'_>) -> Self {
        let explains = counted.explains;
        let mut lengths: [f64; 7] = std::array::from_fn(|words| (words as f64).powf(1.5 * explains - 0.1));
        lengths[1] *= 1.0 - 0.4 * explains;
        Self { lengths, count: 1.0 - 0.5 * explains * counted.brevity, part: 0.2 + 0.1 * explains }
    }
}

fn score(counted: &Counted<'_>, sequence: &Sequence, weights: &[f64], form: &Form) -> f64 {
    let weight_of = |stem: u32| weights.get(stem as usize).copied().unwrap_or(0.0);
    let words = sequence.words as f64;
    let length = form.lengths.get(sequence.words).copied().unwrap_or_default();
    if let Some(name) = &sequence.name {
        return weight_of(name.stem) * (1.0 + sequence.count).ln() * length;
    }
    if counted.script == Script::Chinese && sequence.words > 1 && sequence.count < 2.0 {
        return 0.0;
    }
    // Where nothing tells nouns from verbs, three words that stand together once are seldom a term: `balsa vai parar`.
    let is_chance = counted.script == Script::Spaced
        && !counted.has_noun_phrases()
        && !counted.nouns_are_capitalized
        && sequence.words > 2
        && sequence.count < 2.0;
    let chance = if is_chance { CHANCE } else { 1.0 };
    let mut sum = 0.0;
    let mut weakest = f64::MAX;
    for stem in sequence.stems() {
        let weight = weight_of(*stem);
        sum += weight;
        weakest = weakest.min(weight);
    }
    // A weak word at either end makes a weak phrase: `new harbor`, `harbor said`.
    let mean = (sum / words * weakest).sqrt();
    let is_weak = |stem: &u32| counted.stems.get(*stem as usize).is_none_or(|stem| stem.weak || stem.letters < 2);
    if sequence.stems().iter().all(is_weak) && (sequence.words == 1 || counted.has_noun_phrases()) {
        return if counted.has_noun_phrases() { 0.0 } else { 0.1 * mean };
    }
    let independent = (form.part + (1.0 - form.part) * sequence.alone / sequence.count).min(1.0);
    mean * (1.0 + sequence.count).ln().powf(form.count) * length * independent * chance
}
