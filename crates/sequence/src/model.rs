//! Models in files: labels, transitions and the weights of features, small enough to be part of a binary.
//!
//! A file begins with `docmill-sequence 1` and a line feed, the checksum of the rest (8 bytes) and then, all numbers little-endian:
//! the labels, the transitions (32-bit floats), the size of a step of the weights, and the features by rising key. A feature is the
//! distance of its key from the one before (LEB128), the set of labels for which it has a weight (LEB128) and these weights
//! as signed bytes in steps. Features without a weight are not there.

use crate::bytes::{Reader, Writer};
use crate::chain::Transitions;
use crate::table::Table;

/// What a model file begins with.
const HEAD: &[u8] = b"docmill-sequence 1\n";

/// Why bytes are no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// They begin as something else does.
    #[error("this is no model of this version of docmill: it does not begin with {expected:?}")]
    Head {
        /// What they should begin with.
        expected: String,
    },
    /// They are damaged.
    #[error("the model is damaged: its checksum is {found:016x}, but {expected:016x} is written in it")]
    Checksum {
        /// The checksum of the bytes.
        found: u64,
        /// The checksum that the file states.
        expected: u64,
    },
    /// They end early, or hold what cannot be.
    #[error("the model is broken at byte {at}: expected {expected}")]
    Broken {
        /// Where, in bytes from the first.
        at: usize,
        /// What should be there.
        expected: &'static str,
    },
}

/// A trained model: weights of features for labels.
#[derive(Debug)]
pub struct Model {
    labels: Vec<String>,
    transitions: Transitions,
    step: f32,
    /// The row of each feature, counted from 1.
    rows: Table,
    /// Where each row begins in `weights`, and where the last ends.
    starts: Vec<u32>,
    /// Label and weight in steps.
    weights: Vec<(u8, i8)>,
}

impl Model {
    /// The model in these bytes.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut reader = Reader::open(bytes, HEAD)?;
        let count = usize::from(reader.byte("how many labels there are")?);
        let mut labels = Vec::with_capacity(count);
        for _ in 0..count {
            labels.push(reader.text("a label")?.to_owned());
        }
        if count == 0 || count > 32 {
            return Err(reader.broken("1 to 32 labels"));
        }
        let mut scores = Vec::with_capacity((count + 1) * (count + 1));
        for _ in 0..(count + 1) * (count + 1) {
            scores.push(reader.float("the score of a transition")?);
        }
        let step = reader.float("the step of the weights")?;
        let features = reader.count("how many features there are", 3)?;
        let mut rows = Table::of(features);
        let mut starts = Vec::with_capacity(features + 1);
        let mut weights = Vec::with_capacity(features * 4);
        let mut key = 0u32;
        for row in 1..=features {
            key = key.wrapping_add(reader.number("the key of a feature")?);
            *rows.entry(key) = u32::try_from(row).unwrap_or(0);
            starts.push(u32::try_from(weights.len()).unwrap_or(0));
            let mut set = reader.number("the labels of a feature")?;
            while set != 0 {
                let label = set.trailing_zeros();
                set &= set - 1;
                if label as usize >= count {
                    return Err(reader.broken("a label that the model has"));
                }
                let weight = i8::from_le_bytes([reader.byte("a weight")?]);
                weights.push((u8::try_from(label).unwrap_or(0), weight));
            }
        }
        starts.push(u32::try_from(weights.len()).unwrap_or(0));
        reader.end()?;
        Ok(Self { labels, transitions: Transitions { labels: count, scores }, step, rows, starts, weights })
    }

    /// The names of the labels, by their numbers.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The scores of pairs of labels.
    pub fn transitions(&self) -> &Transitions {
        &self.transitions
    }

    /// Appends the scores of all labels for a word with these features.
    pub fn score(&self, features: &[u32], scores: &mut Vec<f32>) {
        let mut sums = [0i32; 32];
        for feature in features {
            let row = self.rows.get(*feature) as usize;
            if row == 0 {
                continue;
            }
            let (start, end) = (self.starts[row - 1] as usize, self.starts[row] as usize);
            for (label, weight) in &self.weights[start..end] {
                sums[usize::from(*label & 31)] += i32::from(*weight);
            }
        }
        scores.extend(sums.iter().take(self.labels.len()).map(|sum| *sum as f32 * self.step));
    }
}

/// A trained model before it is written.
#[derive(Debug)]
pub struct Weights {
    /// The names of the labels; at most 32.
    pub labels: Vec<String>,
    /// The scores of pairs of labels.
    pub transitions: Transitions,
    /// Features by their keys, each with a weight for every label.
    pub features: std::collections::BTreeMap<u32, Vec<f32>>,
}

impl Weights {
    /// The file of the model, its weights rounded to steps of a 127th of the largest; of those below `least` none is kept.
    pub fn write(&self, least: f32) -> Vec<u8> {
        let largest = self.features.values().flatten().fold(0.0f32, |largest, weight| largest.max(weight.abs()));
        let step = (largest.min(LARGEST) / 127.0).max(f32::MIN_POSITIVE);
        let mut writer = Writer::default();
        writer.byte(u8::try_from(self.labels.len()).unwrap_or(u8::MAX));
        for label in &self.labels {
            writer.text(label);
        }
        for score in &self.transitions.scores {
            writer.float(*score);
        }
        writer.float(step);
        let mut kept = Vec::new();
        for (key, weights) in &self.features {
            let row: Vec<(usize, i8)> = weights
                .iter()
                .enumerate()
                .filter(|(_, weight)| weight.abs() >= least)
                .map(|(label, weight)| (label, rounded(weight / step)))
                .filter(|(_, weight)| *weight != 0)
                .collect();
            if !row.is_empty() {
                kept.push((*key, row));
            }
        }
        writer.count(kept.len());
        let mut before = 0;
        for (key, row) in kept {
            writer.number(key - before);
            before = key;
            writer.number(row.iter().fold(0, |set, (label, _)| set | 1 << label));
            for (_, weight) in row {
                writer.byte(weight.to_le_bytes()[0]);
            }
        }
        writer.close(HEAD)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it lies between -127 and 127")]
fn rounded(steps: f32) -> i8 {
    steps.round().clamp(-127.0, 127.0) as i8
}

/// Weights past this are cut: a few large ones would make the steps of all others coarse.
const LARGEST: f32 = 4.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn weights() -> Weights {
        Weights {
            labels: vec!["O".to_owned(), "U-PER".to_owned()],
            transitions: Transitions { labels: 2, scores: vec![0.5; 9] },
            features: [(7, vec![1.0, -2.0]), (u32::MAX, vec![0.0, 0.001]), (300_000, vec![0.0, 2.0])].into(),
        }
    }

    #[test]
    fn a_model_is_read_as_it_was_written() {
        let model = Model::read(&weights().write(0.01)).unwrap();
        assert_eq!(model.labels(), ["O", "U-PER"]);
        assert!(model.transitions().scores.iter().all(|score| (score - 0.5).abs() < 1e-6));
        let mut scores = Vec::new();
        model.score(&[7, 300_000, 300_000, u32::MAX, 5], &mut scores);
        let close = |found: f32, expected: f32| (found - expected).abs() < 0.02;
        assert!(close(scores[0], 1.0) && close(scores[1], 2.0), "{scores:?}");
    }

    #[test]
    fn the_same_weights_give_the_same_bytes() {
        assert_eq!(weights().write(0.01), weights().write(0.01));
    }

    #[test]
    fn what_is_no_model_says_so() {
        let file = weights().write(0.01);
        let head = Model::read(b"docmill-sequence 2\n").unwrap_err().to_string();
        assert!(head.contains("docmill-sequence 1"), "{head}");
        for at in HEAD.len()..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 4;
            assert!(matches!(Model::read(&damaged), Err(ModelError::Checksum { .. })), "byte {at}");
        }
        for length in HEAD.len() + 8..file.len() {
            let mut writer = Writer::default();
            file[HEAD.len() + 8..length].iter().for_each(|byte| writer.byte(*byte));
            let error = Model::read(&writer.close(HEAD)).unwrap_err();
            assert!(matches!(error, ModelError::Broken { .. }), "{length} bytes: {error}");
        }
    }

    #[test]
    fn the_models_for_english_can_be_read() {
        let names = Model::read(include_bytes!("../models/names.bin")).unwrap();
        assert_eq!(names.labels(), crate::labels::names());
        let parts = Model::read(include_bytes!("../models/parts-of-speech.bin")).unwrap();
        assert_eq!(parts.labels(), crate::PartOfSpeech::ALL.map(|(_, code)| code));
        crate::Lexicon::read(include_bytes!("../models/lexicon.bin")).unwrap();
    }
}
