//! Documents that repeat themselves.
//!
//! The rules are those of Rae et al. 2021 (Scaling Language Models, table A1): the shares of lines and paragraphs that
//! repeat an earlier one, of the most frequent sequences of 2 to 4 words, and of all repeated sequences of 5 to 10 words.

use docmill_core::{
    BuildContext, Component, Context, Document, Field, Filter, OptionError, Role, RoleKind, StageError, Verdict,
};
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::{Rule, judge, share};

/// Drops documents that repeat themselves.
///
/// Each option is the largest share, 0..=1, that goes on; 1 switches a rule off. The measures are `repetition.lines` and so on.
/// Sequences are of words parted by white space, and shares of them count characters. The defaults are those of Rae et al. 2021,
/// table A1 (the preset `gopher` of `filter.quality` has the rest). Place it before `normalize.lines` where lines are to be judged as they were.
///
/// ```yaml
/// - filter.repetition: { lines: 0.2, top_2_grams: 1.0 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FilterRepetition {
    /// Share of lines that repeat an earlier line.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub lines: f64,
    /// Share of characters that are in such lines.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub line_characters: f64,
    /// Share of paragraphs that repeat an earlier paragraph.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub paragraphs: f64,
    /// Share of characters that are in such paragraphs.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub paragraph_characters: f64,
    /// Share of characters in the most frequent sequence of two words.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub top_2_grams: f64,
    /// The same for three words.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub top_3_grams: f64,
    /// The same for four words.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub top_4_grams: f64,
    /// Share of characters in sequences of five words that repeat an earlier one.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub duplicate_5_grams: f64,
    /// The same for six words.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub duplicate_6_grams: f64,
    /// The same for seven words.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub duplicate_7_grams: f64,
    /// The same for eight words.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub duplicate_8_grams: f64,
    /// The same for nine words.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub duplicate_9_grams: f64,
    /// The same for ten words.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub duplicate_10_grams: f64,
}

impl Default for FilterRepetition {
    fn default() -> Self {
        Self {
            lines: 0.3,
            line_characters: 0.2,
            paragraphs: 0.3,
            paragraph_characters: 0.2,
            top_2_grams: 0.2,
            top_3_grams: 0.18,
            top_4_grams: 0.16,
            duplicate_5_grams: 0.15,
            duplicate_6_grams: 0.14,
            duplicate_7_grams: 0.13,
            duplicate_8_grams: 0.12,
            duplicate_9_grams: 0.11,
            duplicate_10_grams: 0.1,
        }
    }
}

impl Component for FilterRepetition {
    const NAME: &'static str = "filter.repetition";
    const KIND: RoleKind = RoleKind::Filter;

    fn gives(&self) -> Vec<Field> {
        self.rules("").iter().map(|rule| Field::measure(rule.name)).collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        Ok(Role::filter(self))
    }
}

impl Filter for FilterRepetition {
    fn judge(&self, doc: &mut Document, _cx: &Context) -> Result<Verdict, StageError> {
        let rules = self.rules(doc.text());
        Ok(judge(doc, &rules))
    }
}

impl FilterRepetition {
    fn rules(&self, text: &str) -> Vec<Rule> {
        let lines = Repeated::of(text.lines());
        let paragraphs = Repeated::of(text.split("\n\n"));
        let words = Words::of(text);
        let mut rules = vec![
            Rule::at_most("repetition.lines", lines.pieces, self.lines),
            Rule::at_most("repetition.line_characters", lines.characters, self.line_characters),
            Rule::at_most("repetition.paragraphs", paragraphs.pieces, self.paragraphs),
            Rule::at_most("repetition.paragraph_characters", paragraphs.characters, self.paragraph_characters),
        ];
        for (length, name, threshold) in [
            (2, "repetition.top_2_grams", self.top_2_grams),
            (3, "repetition.top_3_grams", self.top_3_grams),
            (4, "repetition.top_4_grams", self.top_4_grams),
        ] {
            rules.push(Rule::at_most(name, words.top_share(length), threshold));
        }
        let mut starts = (0..words.hashes.len()).collect();
        for (length, name, threshold) in [
            (5, "repetition.duplicate_5_grams", self.duplicate_5_grams),
            (6, "repetition.duplicate_6_grams", self.duplicate_6_grams),
            (7, "repetition.duplicate_7_grams", self.duplicate_7_grams),
            (8, "repetition.duplicate_8_grams", self.duplicate_8_grams),
            (9, "repetition.duplicate_9_grams", self.duplicate_9_grams),
            (10, "repetition.duplicate_10_grams", self.duplicate_10_grams),
        ] {
            rules.push(Rule::at_most(name, words.duplicate_share(length, &mut starts), threshold));
        }
        rules
    }
}

/// The shares of pieces of a text that repeat an earlier one.
pub(super) struct Repeated {
    pieces: f64,
    pub(super) characters: f64,
}

impl Repeated {
    pub(super) fn of<'a>(pieces: impl Iterator<Item = &'a str>) -> Self {
        let mut seen = FxHashSet::default();
        let (mut all, mut repeated, mut characters, mut repeated_characters) = (0, 0, 0, 0);
        for piece in pieces.map(str::trim).filter(|piece| !piece.is_empty()) {
            let length = piece.chars().count();
            all += 1;
            characters += length;
            if !seen.insert(piece) {
                repeated += 1;
                repeated_characters += length;
            }
        }
        Self { pieces: share(repeated, all), characters: share(repeated_characters, characters) }
    }
}

/// The words of a text, as hashes and lengths.
struct Words {
    hashes: Vec<u64>,
    lengths: Vec<usize>,
    characters: usize,
}

impl Words {
    fn of(text: &str) -> Self {
        let (hashes, lengths): (Vec<u64>, Vec<usize>) =
            text.split_whitespace().map(|word| (xxh3_64(word.as_bytes()), word.chars().count())).unzip();
        let characters = lengths.iter().sum();
        Self { hashes, lengths, characters }
    }

    /// The sequence of `length` words from `start` on, as a hash.
    fn sequence(&self, start: usize, length: usize) -> Option<u64> {
        // Multiplying between the additions makes the order of words count; the factor is the golden ratio's.
        let mixed = |hash: u64, word: &u64| (hash.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Some(self.hashes.get(start..start + length)?.iter().fold(0, mixed))
    }

    /// The share of characters in the most frequent sequence of `length` words, if it is repeated; the longest of those that
    /// are as frequent.
    fn top_share(&self, length: usize) -> f64 {
        let mut counts: FxHashMap<u64, (usize, usize)> = FxHashMap::default();
        for start in 0..self.hashes.len() {
            let Some(sequence) = self.sequence(start, length) else { break };
            let characters = || (0, self.lengths[start..start + length].iter().sum());
            counts.entry(sequence).or_insert_with(characters).0 += 1;
        }
        let (count, characters) = counts.into_values().max().unwrap_or_default();
        if count < 2 { 0.0 } else { share(count * characters, self.characters).min(1.0) }
    }

    /// The share of characters in sequences of `length` words that repeat an earlier one; none is counted twice.
    ///
    /// `starts` has the places where they may begin, and gets those where sequences begin that occur more than once: no longer
    /// sequence is repeated elsewhere.
    fn duplicate_share(&self, length: usize, starts: &mut Vec<usize>) -> f64 {
        let mut first: FxHashMap<u64, Option<usize>> = FxHashMap::default();
        let mut repeated = Vec::new();
        let (mut characters, mut counted) = (0, 0);
        for &start in &*starts {
            let Some(sequence) = self.sequence(start, length) else { break };
            match first.entry(sequence) {
                Entry::Vacant(unseen) => {
                    unseen.insert(Some(start));
                }
                Entry::Occupied(mut seen) => {
                    repeated.extend(seen.get_mut().take());
                    repeated.push(start);
                    characters += self.lengths[start.max(counted)..start + length].iter().sum::<usize>();
                    counted = start + length;
                }
            }
        }
        repeated.sort_unstable();
        *starts = repeated;
        share(characters, self.characters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, rule};

    fn measure(text: &str, name: &str) -> f64 {
        judged(FilterRepetition::default(), text).1.measures()[name]
    }

    const PROSE: &str = "The harbor was quiet when the first boat came in, and no one on the quay said a word.\n\
        Later, as the fog lifted, three more of them could be seen beyond the lighthouse, waiting for the tide.";

    #[test]
    fn prose_goes_on() {
        let (verdict, doc) = judged(FilterRepetition::default(), PROSE);
        assert_eq!(verdict, Verdict::Keep);
        assert_eq!(doc.measures().len(), 13);
    }

    #[test]
    fn repeated_lines_and_paragraphs_are_counted() {
        assert!((measure("a\nb\na\na", "repetition.lines") - 0.5).abs() < 1e-9);
        assert!((measure("aaa\nb\naaa\n", "repetition.line_characters") - 0.4286).abs() < 1e-9);
        assert!((measure("a b\n\nc\n\na b", "repetition.paragraphs") - 0.3333).abs() < 1e-9);
        let (verdict, _) = judged(FilterRepetition::default(), &"Read more here\n".repeat(20));
        assert_eq!(rule(&verdict), Some("repetition.lines.max"));
    }

    #[test]
    fn the_most_frequent_sequence_is_measured() {
        assert!((measure("a b c a b d", "repetition.top_2_grams") - 0.6667).abs() < 1e-9);
        assert!(measure("a b c d", "repetition.top_2_grams").abs() < 1e-9);
    }

    #[test]
    fn no_character_of_a_repeated_sequence_is_counted_twice() {
        assert!((measure("a b c d e f x a b c d e f", "repetition.duplicate_5_grams") - 0.4615).abs() < 1e-9);
        assert!((measure(&"a ".repeat(50), "repetition.duplicate_10_grams") - 0.98).abs() < 1e-9);
    }

    #[test]
    fn a_rule_is_switched_off_by_1() {
        let one = FilterRepetition {
            lines: 1.0,
            line_characters: 1.0,
            paragraphs: 1.0,
            paragraph_characters: 1.0,
            ..FilterRepetition::default()
        };
        assert_eq!(rule(&judged(one, &"Read more here\n".repeat(20)).0), Some("repetition.top_2_grams.max"));
    }
}
