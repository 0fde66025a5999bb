//! What a word looks like, and what is known of it: what features are made of.

use std::ops::Range;

use crate::hash::{self, joined};
use crate::lexicon::Lexicon;

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Case {
    /// No word: past the border of the sentence.
    #[default]
    None,
    /// `J`
    Letter,
    /// `NATO`
    Capitals,
    /// `McKay`
    Mixed,
    /// `Port`
    Capitalized,
    /// `iPod`
    Inner,
    /// `port`
    Small,
    /// `1990s`
    Number,
    /// `@harbor`
    Account,
    /// `#port`
    Topic,
    /// Anything else.
    Mark,
}

impl Case {
    fn of(word: &str) -> Self {
        let mut letters = word.chars();
        let Some(first) = letters.next() else { return Self::None };
        let rest = letters.as_str();
        if first.is_uppercase() {
            match (rest.contains(char::is_lowercase), rest.contains(char::is_uppercase)) {
                _ if rest.is_empty() => Self::Letter,
                (false, _) => Self::Capitals,
                (true, true) => Self::Mixed,
                (true, false) => Self::Capitalized,
            }
        } else if first.is_lowercase() {
            if rest.contains(char::is_uppercase) { Self::Inner } else { Self::Small }
        } else if first.is_numeric() {
            Self::Number
        } else if first == '@' && !rest.is_empty() {
            Self::Account
        } else if first == '#' && !rest.is_empty() {
            Self::Topic
        } else {
            Self::Mark
        }
    }

    /// Whether it has a capital letter.
    pub(crate) const fn is_capital(self) -> bool {
        match self {
            Self::Letter | Self::Capitals | Self::Mixed | Self::Capitalized | Self::Inner => true,
            Self::None | Self::Small | Self::Number | Self::Account | Self::Topic | Self::Mark => false,
        }
    }
}

/// A word as features see it. Texts are there as hashes; all is 0 past the borders of a sentence.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traits {
    /// As written.
    pub(crate) exact: u64,
    /// In lower case.
    pub(crate) folded: u64,
    /// The kinds of its characters, of runs no more than two: `Xxx-99`.
    pub(crate) shape: u64,
    pub(crate) case: Case,
    /// What it begins with, one to four characters long.
    pub(crate) prefixes: [u64; 4],
    /// What it ends with, one to four characters long.
    pub(crate) suffixes: [u64; 4],
    /// Its cluster, of which the lowest bits are the first branches of the path.
    pub(crate) cluster: u32,
    /// The lists that it is in by itself.
    pub(crate) lists: u32,
    /// The lists of names of several words of which it is the first, an inner or the last.
    pub(crate) parts: [u32; 3],
}

impl Traits {
    fn of(lexicon: &Lexicon, word: &str) -> Self {
        let (exact, folded) = (hash::text(word), hash::folded(word));
        let mut traits = Self {
            exact,
            folded,
            shape: shape(word),
            case: Case::of(word),
            cluster: lexicon.cluster(exact, folded),
            lists: lexicon.lists(folded),
            ..Self::default()
        };
        let mut ends = word.char_indices().skip(1).map(|(end, _)| end);
        for prefix in &mut traits.prefixes {
            *prefix = hash::folded(&word[..ends.next().unwrap_or(word.len())]);
        }
        let mut starts = word.char_indices().rev().map(|(start, _)| start);
        for suffix in &mut traits.suffixes {
            *suffix = hash::folded(&word[starts.next().unwrap_or(0)..]);
        }
        traits
    }
}

/// The traits of the words of a sentence, which are byte ranges of `text`.
pub(crate) fn traits(lexicon: &Lexicon, text: &str, words: &[Range<usize>]) -> Vec<Traits> {
    let mut traits: Vec<Traits> =
        words.iter().map(|word| Traits::of(lexicon, text.get(word.clone()).unwrap_or_default())).collect();
    let folded: Vec<u64> = traits.iter().map(|word| word.folded).collect();
    for first in 0..traits.len() {
        for (words, lists) in lexicon.names(&folded[first..]) {
            if lists != 0 {
                let last = first + words - 1;
                traits[first].parts[0] |= lists;
                traits[first + 1..last].iter_mut().for_each(|inner| inner.parts[1] |= lists);
                traits[last].parts[2] |= lists;
            }
        }
    }
    traits
}

fn shape(word: &str) -> u64 {
    let (mut shape, mut before, mut repeated) = (0, ' ', 0);
    for character in word.chars() {
        let kind = match character {
            _ if character.is_uppercase() => 'X',
            _ if character.is_lowercase() => 'x',
            _ if character.is_numeric() => '9',
            _ if character.is_alphabetic() => 'o',
            _ => character,
        };
        repeated = if kind == before { repeated + 1 } else { 0 };
        before = kind;
        if repeated < 2 {
            shape = joined(shape, u64::from(kind));
        }
    }
    shape
}
