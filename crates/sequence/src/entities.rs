//! Names of people, organisations, places and other things in the sentences of a text.
//!
//! A conditional random field labels words by how they and their neighbours are written, by clusters and lists, and by how the
//! same words stand elsewhere in the document. What counts in it is close to the baseline of Ratinov and Roth (2009).

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::chain::{self, Sums};
use crate::features::{Features, Window, branches};
use crate::labels::{self, NameKind};
use crate::lexicon::Lexicon;
use crate::model::Model;
use crate::traits::{Case, Traits, traits};
use crate::words;

/// Longer sentences are labelled in parts of so many words, so that memory stays small.
const LONGEST: usize = 400;

/// A name in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// Where it is, as bytes of the text.
    pub span: Range<usize>,
    /// What it most probably names.
    pub kind: NameKind,
    /// How probable it is that exactly this is the name of a person, organisation, place or other thing, 0 to 1 each.
    pub probabilities: [f32; 4],
}

/// Finds names by a lexicon and a model.
#[derive(Debug, Clone, Copy)]
pub struct Names<'m> {
    /// What is known of words.
    pub lexicon: &'m Lexicon,
    /// The model of the labels.
    pub model: &'m Model,
}

impl Names<'_> {
    /// The names in the sentences of a text, which are byte ranges of it, in their order.
    pub fn find(&self, text: &str, sentences: &[Range<usize>]) -> Vec<Name> {
        let document = Sentences::of(self.lexicon, text, sentences);
        let mut names = Vec::new();
        let (mut keys, mut scores) = (Vec::new(), Vec::new());
        let transitions = self.model.transitions();
        for (sentence, words) in document.traits.iter().zip(&document.words) {
            scores.clear();
            for at in 0..sentence.len() {
                keys.clear();
                features(sentence, &document.elsewhere, at, &mut keys);
                self.model.score(&keys, &mut scores);
            }
            let spans = labels::spans(&chain::best(transitions, &scores));
            if spans.is_empty() {
                continue;
            }
            let sums = Sums::of(transitions, &scores);
            for (first, end, kind) in spans {
                let probability = |kind: NameKind| {
                    let labels: Vec<u8> = kind.labels(end - first).collect();
                    sums.probability(first, &labels)
                };
                names.push(Name {
                    span: words[first].start..words[end - 1].end,
                    kind,
                    probabilities: NameKind::ALL.map(probability),
                });
            }
        }
        names
    }
}

/// The words of a document's sentences and what the document says of them.
struct Sentences {
    words: Vec<Vec<Range<usize>>>,
    traits: Vec<Vec<Traits>>,
    elsewhere: Elsewhere,
}

impl Sentences {
    fn of(lexicon: &Lexicon, text: &str, sentences: &[Range<usize>]) -> Self {
        let mut document = Self { words: Vec::new(), traits: Vec::new(), elsewhere: Elsewhere::default() };
        for sentence in sentences {
            let mut parts = Vec::new();
            words(text.get(sentence.clone()).unwrap_or_default(), &mut parts);
            let placed: Vec<Range<usize>> =
                parts.into_iter().map(|part| part.start + sentence.start..part.end + sentence.start).collect();
            for part in placed.chunks(LONGEST) {
                document.add(lexicon, text, part.to_vec());
            }
        }
        document
    }

    fn add(&mut self, lexicon: &Lexicon, text: &str, words: Vec<Range<usize>>) {
        let traits = traits(lexicon, text, &words);
        self.elsewhere.note(&traits);
        self.words.push(words);
        self.traits.push(traits);
    }
}

/// The features of all words of a document, for training: the sentences are given as their words, byte ranges of `text`.
pub fn document_features(lexicon: &Lexicon, text: &str, sentences: &[Vec<Range<usize>>]) -> Vec<Vec<Vec<u32>>> {
    let mut document = Sentences { words: Vec::new(), traits: Vec::new(), elsewhere: Elsewhere::default() };
    for words in sentences {
        document.add(lexicon, text, words.clone());
    }
    let of_word = |sentence: &[Traits], at| {
        let mut keys = Vec::new();
        features(sentence, &document.elsewhere, at, &mut keys);
        keys
    };
    document.traits.iter().map(|traits| (0..traits.len()).map(|at| of_word(traits, at)).collect()).collect()
}

/// How the words of a document are written, and what stands beside them where they have a capital.
#[derive(Debug, Default)]
struct Elsewhere {
    words: FxHashMap<u64, Uses>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Uses {
    small: u32,
    /// With a capital, other than as the first word of a sentence.
    capital: u32,
    /// The lists of all words before it.
    before: u32,
    /// The lists of all words with capitals after it.
    after: u32,
}

impl Elsewhere {
    fn note(&mut self, sentence: &[Traits]) {
        let mut first = true;
        let mut before = 0;
        for (at, word) in sentence.iter().enumerate() {
            if word.case != Case::Mark {
                let uses = self.words.entry(word.folded).or_default();
                if word.case.is_capital() {
                    uses.capital += u32::from(!first);
                    uses.before |= before;
                    uses.after |=
                        sentence.get(at + 1).filter(|next| next.case.is_capital()).map_or(0, |next| next.lists);
                } else {
                    uses.small += 1;
                }
                first = false;
            }
            before = word.lists;
        }
    }
}

/// Appends the features of the word `at` of a sentence.
fn features(sentence: &[Traits], elsewhere: &Elsewhere, at: usize, keys: &mut Vec<u32>) {
    let none = Traits::default();
    let Window { word, before, after, second_before, second_after } = Window::around(sentence, at, &none);
    let around = [(0, word), (1, before), (2, after), (3, second_before), (4, second_after)];
    let mut features = Features::new(keys);
    let case = |word: &Traits| word.case as u64;
    // The words.
    features.add(0, [0]);
    features.add(1, [word.exact]);
    features.add(2, [word.folded]);
    for (place, neighbour) in &around[1..] {
        features.add(3, [*place, neighbour.folded]);
    }
    features.add(4, [before.folded, word.folded]);
    features.add(5, [word.folded, after.folded]);
    features.add(6, [second_before.folded, before.folded]);
    features.add(7, [after.folded, second_after.folded]);
    features.add(8, [before.folded, after.folded, case(word)]);
    // How they are written.
    for length in 0..4 {
        features.add(9, [word.prefixes[length], length as u64]);
        features.add(10, [word.suffixes[length], length as u64]);
    }
    features.add(11, [word.shape]);
    features.add(12, [before.shape, 1]);
    features.add(12, [after.shape, 2]);
    features.add(13, [before.folded, word.shape]);
    features.add(14, [after.folded, word.shape]);
    features.add(15, [case(before), case(word), case(after)]);
    features.add(16, [case(second_before), case(before), case(word)]);
    features.add(17, [case(word), case(after), case(second_after)]);
    features.add(18, around.map(|(_, word)| case(word)));
    // Their clusters.
    for (place, neighbour) in around {
        let cluster = neighbour.cluster;
        for depth in if place > 2 { &[6, 14][..] } else { &[4, 6, 8, 10, 14] } {
            features.add(19, [place, u64::from(*depth), branches(cluster, *depth)]);
        }
    }
    features.add(20, [before.cluster.into(), word.cluster.into()]);
    features.add(21, [word.cluster.into(), after.cluster.into()]);
    features.add(22, [branches(before.cluster, 8), branches(after.cluster, 8)]);
    features.add(23, [branches(before.cluster, 6), branches(word.cluster, 6), case(word)]);
    features.add(24, [branches(word.cluster, 6), branches(after.cluster, 6), case(word)]);
    // The lists that they are in.
    let capital = u64::from(word.case.is_capital());
    features.add(25, [word.lists.into(), case(word)]);
    features.add(26, [word.lists.into(), after.lists.into(), capital]);
    features.add(27, [before.lists.into(), word.lists.into(), capital]);
    for (place, neighbour) in around {
        features.add_each(28 + place, neighbour.lists, if place == 0 { case(word) } else { 0 });
    }
    for (place, lists) in word.parts.into_iter().enumerate() {
        features.add_each(33 + place as u64, lists, case(word));
    }
    // Where it stands, and how it stands elsewhere.
    features.add(36, [at.min(2) as u64, case(word)]);
    features.add(37, [(sentence.len() - 1 - at).min(1) as u64, case(word)]);
    if word.case.is_capital() {
        let uses = elsewhere.words.get(&word.folded).copied().unwrap_or_default();
        features.add(38, [uses.small.min(3).into(), uses.capital.min(3).into(), u64::from(at == 0)]);
        features.add_each(39, uses.before, 0);
        features.add_each(40, uses.after, 0);
    }
}
