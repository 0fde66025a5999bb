//! What is counted: words by their stems, and the sequences that they form.

use docmill_core::ByteSpan;

/// The longest phrase that `max_words` allows, as stems; unused places hold [`NO_STEM`].
pub(super) type Key = [u32; 6];
pub(super) const NO_STEM: u32 = u32::MAX;

/// What is known of all words with one stem, or of a name.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of a stem, independent of the others")]
pub(super) struct StemStats {
    /// Occurrences; those in headings count more.
    pub(super) count: f64,
    /// Index of the first sentence with it.
    pub(super) first: usize,
    /// In how many sentences.
    pub(super) sentences: u32,
    pub(super) last: Option<usize>,
    /// Occurrences with a capital inside a sentence.
    pub(super) capitals: f64,
    /// Whether it is a word that any text has.
    pub(super) weak: bool,
    /// Whether it is a word of a name that was annotated.
    pub(super) in_name: bool,
    /// Whether it occurs without a capital.
    pub(super) lower_case: bool,
    pub(super) in_title: bool,
    /// Whether it is more digits than letters, as a part of an account number is.
    pub(super) code: bool,
    pub(super) letters: usize,
}

impl StemStats {
    /// Whether it is always written with a capital, as names are. What any text has, such as `new`, is no name outside of one.
    pub(super) fn is_name(&self) -> bool {
        !self.lower_case && !self.weak && (self.in_name || self.capitals > 0.0)
    }

    /// Counts one occurrence in the sentence with this index.
    pub(super) fn count(&mut self, sentence: usize, weight: f64, heading: bool, capital: bool) {
        if self.count == 0.0 {
            self.first = sentence;
        }
        self.count += weight;
        self.in_title |= heading;
        if self.last != Some(sentence) {
            self.sentences += 1;
            self.last = Some(sentence);
        }
        if capital {
            self.capitals += weight;
        }
    }
}

/// A sequence of words that occurs, or a name in all its forms.
#[derive(Debug)]
pub(super) struct Sequence {
    pub(super) key: Key,
    pub(super) words: usize,
    pub(super) count: f64,
    /// Occurrences that are not part of a longer sequence of words.
    pub(super) alone: f64,
    /// The last of its mentions; each knows the one before it.
    pub(super) last: Option<usize>,
    pub(super) name: Option<Name>,
}

impl Sequence {
    pub(super) fn new(key: Key, words: usize) -> Self {
        Self { key, words, count: 0.0, alone: 0.0, last: None, name: None }
    }

    pub(super) fn stems(&self) -> &[u32] {
        &self.key[..self.words]
    }

    /// Whether the stems of `part` stand in it one after the other.
    pub(super) fn contains(&self, part: &Self) -> bool {
        self.words > part.words && self.stems().windows(part.words).any(|window| window == part.stems())
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Mention {
    pub(super) span: ByteSpan,
    /// Whether capitals say something there: not at the start of a sentence nor in a heading.
    pub(super) cased: bool,
    /// The mention of the same sequence before it, by its place among all mentions.
    pub(super) previous: Option<usize>,
}

/// A person, organisation or place that an earlier stage annotated.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) label: String,
    /// What is known of it as one word.
    pub(super) stem: u32,
}
