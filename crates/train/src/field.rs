//! Training of conditional random fields: `AdaGrad` (Duchi, Hazan and Singer, 2011) with an L1 penalty that is paid when a weight is
//! next used (after Tsuruoka, Tsujii and Ananiadou, 2009), so that most weights end as 0, and with features left out at random, so
//! that no word is learned by heart where its neighbours tell as much.

use std::collections::{BTreeMap, HashMap};

use docmill_sequence::Weights;
use docmill_sequence::chain::{NEVER, Sums, Transitions};

use crate::chance::Chance;

/// A sentence to learn from.
pub(crate) struct Example {
    /// The features of each word.
    pub(crate) words: Vec<Vec<u32>>,
    /// The label of each word.
    pub(crate) labels: Vec<u8>,
}

/// How to train.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Training {
    /// How often it begins anew, each time with another order of the examples: the result is the mean.
    pub(crate) runs: usize,
    /// How often the examples are gone through in each run.
    pub(crate) epochs: usize,
    /// The length of the first steps.
    pub(crate) rate: f32,
    /// The L1 penalty of a weight, for each example.
    pub(crate) penalty: f32,
    /// Features that occur less often are left out.
    pub(crate) least: u32,
    /// The share of features that each word does without, 0..1.
    pub(crate) left_out: f32,
}

/// Gradients are first divided by the root of this.
const FIRST_SQUARE: f32 = 1e-4;

struct Field {
    training: Training,
    transitions: Transitions,
    transition_squares: Vec<f32>,
    /// Weights of all labels, feature by feature.
    weights: Vec<f32>,
    squares: Vec<f32>,
    /// Up to which step the penalty of each feature is paid.
    paid: Vec<u32>,
    step: u32,
}

/// Sums of what was learned after each of the later epochs of each run: their mean depends less on the order of the examples.
#[derive(Default)]
struct Kept {
    count: f32,
    weights: Vec<f32>,
    transitions: Vec<f32>,
}

impl Training {
    /// Trains on the examples, whose labels have these names and transitions.
    pub(crate) fn run(self, labels: Vec<String>, transitions: &Transitions, examples: &[Example]) -> Weights {
        let numbers = self.numbers(examples);
        let numbered: Vec<Vec<Vec<u32>>> = examples
            .iter()
            .map(|example| {
                let known = |word: &Vec<u32>| word.iter().filter_map(|key| numbers.get(key).copied()).collect();
                example.words.iter().map(known).collect()
            })
            .collect();
        let mut kept = Kept::default();
        let mut chance = Chance::new();
        let mut order: Vec<usize> = (0..examples.len()).collect();
        for _ in 0..self.runs {
            let mut field = Field::new(self, transitions.clone(), numbers.len());
            for epoch in 1..=self.epochs {
                chance.shuffle(&mut order);
                let mut loss = 0.0;
                for &place in &order {
                    loss += field.learn(&numbered[place], &examples[place], &mut chance);
                }
                tell(epoch, loss);
                if epoch * 2 > self.epochs {
                    field.keep(&mut kept);
                }
            }
        }
        kept.mean(labels, &numbers)
    }

    /// The numbers of the features that are frequent enough, in the order of their keys.
    fn numbers(self, examples: &[Example]) -> HashMap<u32, u32> {
        let mut keys: Vec<u32> = examples.iter().flat_map(|example| example.words.iter().flatten()).copied().collect();
        keys.sort_unstable();
        let frequent = |same: &&[u32]| same.len() >= self.least as usize;
        keys.chunk_by(|key, next| key == next).filter(frequent).map(|same| same[0]).zip(0..).collect()
    }
}

#[expect(clippy::print_stderr, reason = "progress of a program that runs for minutes")]
fn tell(epoch: usize, loss: f64) {
    eprintln!("epoch {epoch}: loss {loss:.0}");
}

impl Field {
    /// A field of so many features that has learned nothing yet.
    fn new(training: Training, transitions: Transitions, features: usize) -> Self {
        let size = features * transitions.labels;
        Self {
            training,
            transition_squares: vec![FIRST_SQUARE; transitions.scores.len()],
            transitions,
            weights: vec![0.0; size],
            squares: vec![FIRST_SQUARE; size],
            paid: vec![0; features],
            step: 0,
        }
    }

    /// Takes one step by one sentence, and returns its loss before.
    fn learn(&mut self, words: &[Vec<u32>], example: &Example, chance: &mut Chance) -> f64 {
        let labels = self.transitions.labels;
        if words.is_empty() {
            return 0.0;
        }
        self.step += 1;
        let share = self.training.left_out;
        let used: Vec<Vec<u32>> = words
            .iter()
            .map(|features| features.iter().copied().filter(|_| chance.share() >= share).collect())
            .collect();
        let mut scores = vec![0.0; words.len() * labels];
        for (features, row) in used.iter().zip(scores.chunks_exact_mut(labels)) {
            for &feature in features {
                self.pay(feature as usize);
                let start = feature as usize * labels;
                for (score, weight) in row.iter_mut().zip(&self.weights[start..start + labels]) {
                    *score += weight;
                }
            }
            for score in row.iter_mut() {
                *score /= 1.0 - share;
            }
        }
        let sums = Sums::of(&self.transitions, &scores);
        let loss = sums.log_total - self.path(&scores, &example.labels);
        let scale = 1.0 / sums.end();
        self.learn_transitions(&sums, example, scale);
        let mut gradient = vec![0.0; labels];
        for (word, features) in used.iter().enumerate() {
            for (label, gradient) in gradient.iter_mut().enumerate() {
                let at = word * labels + label;
                *gradient = sums.forward[at] * sums.backward[at] * scale;
            }
            gradient[usize::from(example.labels[word])] -= 1.0;
            if gradient.iter().all(|gradient| gradient.abs() < 1e-4) {
                continue;
            }
            for &feature in features {
                let start = feature as usize * labels;
                let weights = self.weights[start..start + labels].iter_mut();
                for ((weight, square), gradient) in weights.zip(&mut self.squares[start..start + labels]).zip(&gradient)
                {
                    *square += gradient * gradient;
                    *weight -= self.training.rate * gradient / square.sqrt();
                }
            }
        }
        loss
    }

    /// Draws the weights of a feature towards 0, by the penalty of all steps since it was last used.
    fn pay(&mut self, feature: usize) {
        let steps = self.step - self.paid[feature];
        self.paid[feature] = self.step;
        if steps == 0 {
            return;
        }
        let owed = self.training.penalty * self.training.rate * steps as f32;
        let labels = self.transitions.labels;
        let range = feature * labels..(feature + 1) * labels;
        for (weight, square) in self.weights[range.clone()].iter_mut().zip(&self.squares[range]) {
            if *weight != 0.0 {
                *weight = weight.signum() * (weight.abs() - owed / square.sqrt()).max(0.0);
            }
        }
    }

    /// The score of a sequence of labels.
    fn path(&self, scores: &[f32], path: &[u8]) -> f64 {
        let labels = self.transitions.labels;
        let mut before = labels;
        let mut sum = 0.0;
        for (row, label) in scores.chunks_exact(labels).zip(path) {
            let label = usize::from(*label);
            sum += f64::from(row[label] + self.transitions.get(before, label));
            before = label;
        }
        sum + f64::from(self.transitions.get(before, labels))
    }

    fn learn_transitions(&mut self, sums: &Sums, example: &Example, scale: f32) {
        let labels = self.transitions.labels;
        let stride = labels + 1;
        let words = example.labels.len();
        let mut gradient = vec![0.0; stride * stride];
        for label in 0..labels {
            gradient[labels * stride + label] += sums.forward[label] * sums.backward[label] * scale;
            let last = (words - 1) * labels + label;
            gradient[label * stride + labels] += sums.forward[last] * sums.backward[last] * scale;
        }
        for word in 1..words {
            for before in 0..labels {
                let reached = sums.forward[(word - 1) * labels + before] * scale * sums.scale[word];
                if reached < 1e-7 {
                    continue;
                }
                for after in 0..labels {
                    let at = word * labels + after;
                    let moved = sums.moves[before * stride + after] * sums.emitted[at] * sums.backward[at];
                    gradient[before * stride + after] += reached * moved;
                }
            }
        }
        let mut before = labels;
        for label in example.labels.iter().map(|label| usize::from(*label)).chain([labels]) {
            gradient[before * stride + label] -= 1.0;
            before = label;
        }
        for (place, gradient) in gradient.into_iter().enumerate() {
            let score = &mut self.transitions.scores[place];
            if *score > NEVER / 2.0 && gradient != 0.0 {
                let square = &mut self.transition_squares[place];
                *square += gradient * gradient;
                *score -= self.training.rate * gradient / square.sqrt();
            }
        }
    }

    /// Adds what is learned so far to what is kept.
    fn keep(&mut self, kept: &mut Kept) {
        for feature in 0..self.paid.len() {
            self.pay(feature);
        }
        kept.count += 1.0;
        add(&mut kept.weights, &self.weights);
        add(&mut kept.transitions, &self.transitions.scores);
    }
}

impl Kept {
    /// The mean of what was kept, for labels with these names and features with these numbers.
    fn mean(self, names: Vec<String>, numbers: &HashMap<u32, u32>) -> Weights {
        let labels = names.len();
        let mean = |sums: &[f32]| sums.iter().map(|sum| sum / self.count).collect::<Vec<f32>>();
        let of_feature = |number: u32| mean(&self.weights[number as usize * labels..(number as usize + 1) * labels]);
        let features: BTreeMap<u32, Vec<f32>> = numbers
            .iter()
            .map(|(key, number)| (*key, of_feature(*number)))
            .filter(|(_, weights)| weights.iter().any(|weight| *weight != 0.0))
            .collect();
        Weights { labels: names, transitions: Transitions { labels, scores: mean(&self.transitions) }, features }
    }
}

fn add(sums: &mut Vec<f32>, values: &[f32]) {
    sums.resize(values.len(), 0.0);
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

#[cfg(test)]
mod tests {
    use docmill_sequence::{Model, chain};

    use super::*;

    /// A model of examples in which words with the feature 1 are names, and no others.
    fn learned() -> Vec<u8> {
        let example = |words: &[u32], labels: &[u8]| Example {
            words: words.iter().map(|feature| vec![*feature, 9]).collect(),
            labels: labels.to_vec(),
        };
        let examples: Vec<Example> = (0..40)
            .flat_map(|_| [example(&[1, 3], &[1, 0]), example(&[3, 3, 1], &[0, 0, 1]), example(&[3, 4], &[0, 0])])
            .collect();
        let training = Training { runs: 2, epochs: 6, rate: 0.1, penalty: 1e-4, least: 2, left_out: 0.2 };
        let free = Transitions { labels: 2, scores: vec![0.0; 9] };
        training.run(vec!["O".to_owned(), "U".to_owned()], &free, &examples).write(0.01)
    }

    #[test]
    fn what_features_say_is_learned() {
        let model = Model::read(&learned()).unwrap();
        let mut scores = Vec::new();
        for word in [3, 1, 4, 1] {
            model.score(&[word, 9], &mut scores);
        }
        assert_eq!(chain::best(model.transitions(), &scores), [0, 1, 0, 1]);
    }

    #[test]
    fn the_same_examples_give_the_same_bytes() {
        assert_eq!(learned(), learned());
    }
}
