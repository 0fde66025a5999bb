//! Terms: the distinct lower-cased words of a text, each stored and stemmed once.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::lexicon::Lexicon;
use crate::sentence::index;

/// Names a term of one analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(u32);

impl TermId {
    /// The term of what is no word: empty, a stop word, occurs 0 times.
    pub const NONE: Self = Self(0);

    /// Its place in [`crate::Analysis::terms`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A distinct lower-cased word or number of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The word in lower case, with straight apostrophes and without soft hyphens.
    pub text: Box<str>,
    /// Its stem in the text's language; the word itself for stop words and numbers, and where there is no stemmer.
    pub stem: Box<str>,
    /// Whether it is a stop word of the text's language.
    pub stop_word: bool,
    /// How often it occurs.
    pub count: u32,
}

/// The terms found so far, in an open-addressing table of their indices: the words are stored once, not once more as keys.
pub(crate) struct Terms {
    found: Vec<Term>,
    hashes: Vec<u32>,
    /// Index of a term, or 0 (which is [`TermId::NONE`]) where free. Its length is a power of two.
    slots: Vec<u32>,
    /// The word at hand in lower case.
    word: String,
}

impl Terms {
    /// For a text of about this many bytes.
    pub(crate) fn new(bytes: usize) -> Self {
        let expected = (bytes / 12).clamp(16, 1 << 16);
        let none = Term { text: Box::default(), stem: Box::default(), stop_word: true, count: 0 };
        let mut terms = Vec::with_capacity(expected);
        terms.push(none);
        Self { found: terms, hashes: vec![0], slots: vec![0; (expected * 2).next_power_of_two()], word: String::new() }
    }

    pub(crate) fn as_slice(&self) -> &[Term] {
        &self.found
    }

    pub(crate) fn finish(self) -> Vec<Term> {
        self.found
    }

    /// The term of a word as written, counted once more.
    pub(crate) fn intern(&mut self, written: &str, number: bool, lexicon: &Lexicon) -> TermId {
        fold(written, &mut self.word);
        let hash = hash_of(&self.word);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let id = self.slots[slot];
            if id == 0 {
                break;
            }
            if self.hashes[id as usize] == hash && *self.found[id as usize].text == *self.word {
                self.found[id as usize].count += 1;
                return TermId(id);
            }
            slot = (slot + 1) & mask;
        }
        let id = index(self.found.len());
        self.slots[slot] = id;
        self.hashes.push(hash);
        let stop_word = lexicon.stop_words.contains(&self.word);
        let text: Box<str> = self.word.as_str().into();
        let stem = if stop_word || number { text.clone() } else { lexicon.stems.stem(&text, hash) };
        self.found.push(Term { text, stem, stop_word, count: 1 });
        if self.found.len() * 2 > self.slots.len() {
            self.grow();
        }
        TermId(id)
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots = vec![0; mask + 1];
        for (id, hash) in self.hashes.iter().enumerate().skip(1) {
            let mut slot = *hash as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = index(id);
        }
    }
}

/// Puts the word into `folded` in lower case, with straight apostrophes and without soft hyphens.
fn fold(written: &str, folded: &mut String) {
    folded.clear();
    if written.is_ascii() {
        folded.push_str(written);
        folded.make_ascii_lowercase();
        return;
    }
    for letter in written.chars() {
        match letter {
            '’' => folded.push('\''),
            '\u{AD}' => {}
            '\u{2010}' | '\u{2011}' => folded.push('-'),
            _ => folded.extend(letter.to_lowercase()),
        }
    }
}

fn hash_of(word: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    let hash = hasher.finish();
    // The table takes the lowest bits, which are the weakest of this hash.
    u32::try_from((hash ^ (hash >> 32)) & u64::from(u32::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(words: &[&str]) -> Vec<(String, u32)> {
        let lexicon = Lexicon::of(Some("en"));
        let mut terms = Terms::new(0);
        for word in words {
            terms.intern(word, false, &lexicon);
        }
        terms.finish().into_iter().map(|term| (term.text.into(), term.count)).collect()
    }

    #[test]
    fn the_same_word_in_other_letters_is_one_term() {
        let expected = [("", 0), ("harbor", 3), ("l'eau", 2)].map(|(text, count)| (text.to_owned(), count));
        assert_eq!(terms(&["Harbor", "HARBOR", "L’eau", "har\u{AD}bor", "l'eau"]), expected);
    }

    #[test]
    fn many_terms_outgrow_the_first_table() {
        let words: Vec<String> = (0..5_000).map(|number| format!("word{number}")).collect();
        let twice: Vec<&str> = words.iter().chain(&words).map(String::as_str).collect();
        let found = terms(&twice);
        assert_eq!(found.len(), 5_001);
        assert!(found.iter().skip(1).all(|(_, count)| *count == 2));
    }
}
