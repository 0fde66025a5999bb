//! A sieve before a table of words: most words of a text are in none, and their first and last letter and length say so
//! without a look-up.

/// The shapes that the words of a table have.
pub(crate) struct Shapes {
    /// The lengths of the words with a first and a last letter, as bits; see [`index`].
    lengths: Box<[u32; LETTERS * LETTERS]>,
}

/// The letters that are told apart: those of ASCII, in any case, and one for all other characters.
const LETTERS: usize = 27;

impl Shapes {
    /// The shapes of `words`.
    pub(crate) fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut lengths = Box::new([0; LETTERS * LETTERS]);
        for word in words {
            if let Some(kept) = index(word).and_then(|index| lengths.get_mut(index)) {
                *kept |= length(word);
            }
        }
        Self { lengths }
    }

    /// Whether a word of the table may be `word`, in any case.
    pub(crate) fn may_hold(&self, word: &str) -> bool {
        index(word).and_then(|index| self.lengths.get(index)).is_some_and(|lengths| lengths & length(word) != 0)
    }
}

fn index(word: &str) -> Option<usize> {
    let (first, last) = (word.bytes().next()?, word.bytes().next_back()?);
    Some(letter(first) * LETTERS + letter(last))
}

fn letter(byte: u8) -> usize {
    if byte.is_ascii_alphabetic() { usize::from((byte | 0x20) - b'a') } else { LETTERS - 1 }
}

/// The bit of the length in bytes; the last one stands for all longer words.
fn length(word: &str) -> u32 {
    1 << word.len().min(31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_of_another_shape_are_ruled_out() {
        let shapes = Shapes::of(["march", "été", ""].into_iter());
        assert!(
            shapes.may_hold("march") && shapes.may_hold("MARCH") && shapes.may_hold("match") && shapes.may_hold("été")
        );
        assert!(!shapes.may_hold("marches") && !shapes.may_hold("larch") && !shapes.may_hold(""));
    }
}
