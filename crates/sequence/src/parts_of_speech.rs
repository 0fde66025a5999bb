//! Parts of speech: which of the 17 classes of Universal Dependencies each word of a sentence is.

use std::ops::Range;

use crate::chain;
use crate::features::{Features, Window, branches};
use crate::lexicon::Lexicon;
use crate::model::Model;
use crate::traits::{Traits, traits};

/// A part of speech, after Universal Dependencies (<https://universaldependencies.org/u/pos/>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the classes' own")]
pub enum PartOfSpeech {
    Adjective,
    Adposition,
    Adverb,
    Auxiliary,
    CoordinatingConjunction,
    Determiner,
    Interjection,
    Noun,
    Numeral,
    Particle,
    Pronoun,
    ProperNoun,
    Punctuation,
    SubordinatingConjunction,
    Symbol,
    Verb,
    Other,
}

impl PartOfSpeech {
    /// All parts of speech, in the order of their codes.
    pub const ALL: [(Self, &'static str); 17] = [
        (Self::Adjective, "ADJ"),
        (Self::Adposition, "ADP"),
        (Self::Adverb, "ADV"),
        (Self::Auxiliary, "AUX"),
        (Self::CoordinatingConjunction, "CCONJ"),
        (Self::Determiner, "DET"),
        (Self::Interjection, "INTJ"),
        (Self::Noun, "NOUN"),
        (Self::Numeral, "NUM"),
        (Self::Particle, "PART"),
        (Self::Pronoun, "PRON"),
        (Self::ProperNoun, "PROPN"),
        (Self::Punctuation, "PUNCT"),
        (Self::SubordinatingConjunction, "SCONJ"),
        (Self::Symbol, "SYM"),
        (Self::Verb, "VERB"),
        (Self::Other, "X"),
    ];

    /// The code of Universal Dependencies: `PROPN`.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(part, _)| *part == self).map_or("X", |(_, code)| code)
    }
}

/// Finds parts of speech by a lexicon and a model.
#[derive(Debug, Clone, Copy)]
pub struct PartsOfSpeech<'m> {
    /// What is known of words.
    pub lexicon: &'m Lexicon,
    /// The model of the labels.
    pub model: &'m Model,
}

impl PartsOfSpeech<'_> {
    /// The part of speech of each of these words of a sentence, byte ranges of `text` as [`crate::words`] cuts them.
    pub fn of(&self, text: &str, words: &[Range<usize>]) -> Vec<PartOfSpeech> {
        let sentence = traits(self.lexicon, text, words);
        let (mut keys, mut scores) = (Vec::new(), Vec::new());
        for at in 0..sentence.len() {
            keys.clear();
            features(&sentence, at, &mut keys);
            self.model.score(&keys, &mut scores);
        }
        let part = |label: u8| PartOfSpeech::ALL.get(usize::from(label)).map_or(PartOfSpeech::Other, |(part, _)| *part);
        chain::best(self.model.transitions(), &scores).into_iter().map(part).collect()
    }
}

/// The features of the words of a sentence, for training.
pub fn sentence_features(lexicon: &Lexicon, text: &str, words: &[Range<usize>]) -> Vec<Vec<u32>> {
    let sentence = traits(lexicon, text, words);
    let of_word = |at| {
        let mut keys = Vec::new();
        features(&sentence, at, &mut keys);
        keys
    };
    (0..sentence.len()).map(of_word).collect()
}

/// Appends the features of the word `at` of a sentence.
fn features(sentence: &[Traits], at: usize, keys: &mut Vec<u32>) {
    let none = Traits::default();
    let Window { word, before, after, second_before, second_after } = Window::around(sentence, at, &none);
    let mut features = Features::new(keys);
    let case = |word: &Traits| word.case as u64;
    features.add(0, [0]);
    features.add(1, [word.exact]);
    features.add(2, [word.folded]);
    features.add(3, [before.folded]);
    features.add(4, [after.folded]);
    features.add(5, [second_before.folded]);
    features.add(6, [second_after.folded]);
    features.add(7, [before.folded, word.folded]);
    features.add(8, [word.folded, after.folded]);
    for length in 0..4 {
        features.add(9, [word.prefixes[length], length as u64]);
        features.add(10, [word.suffixes[length], length as u64]);
    }
    features.add(11, [before.suffixes[2]]);
    features.add(12, [after.suffixes[2]]);
    features.add(13, [word.shape, u64::from(at == 0)]);
    features.add(14, [case(before), case(word), case(after)]);
    for (place, neighbour) in [(0, word), (1, before), (2, after), (3, second_after)] {
        for depth in [4, 8, 14] {
            features.add(15 + place, [u64::from(depth), branches(neighbour.cluster, depth)]);
        }
    }
    features.add(19, [before.cluster.into(), word.cluster.into()]);
    features.add(20, [word.cluster.into(), after.cluster.into()]);
    features.add(21, [before.cluster.into(), branches(word.cluster, 8), after.cluster.into()]);
    features.add(22, [word.suffixes[2], before.suffixes[1]]);
    features.add(23, [word.suffixes[2], after.suffixes[1]]);
    features.add(24, [word.lists.into(), case(word)]);
    features.add(25, [u64::from(at + 1 == sentence.len()), case(word)]);
}
