//! Words of Chinese: of all ways to cut a run into words of the list and single characters, the one whose words are most likely
//! together, taken as independent (the unigram model of jieba and of many before it). Traditional characters are looked up as
//! their simplified ones.

use std::sync::LazyLock;

static LIST: LazyLock<List> = LazyLock::new(|| List::of(include_bytes!("chinese.bin")));

/// The longest word of the list, in characters.
const LONGEST: usize = 4;

/// The natural logarithm of all words that were counted for the list, in 16ths: the cost of a word is what its own logarithm
/// is less.
const ALL: u32 = 288;

/// The cost of a character that is in no list.
const UNKNOWN: u32 = ALL + 32;

/// The parts of the file, each sorted; `pack_words.py` tells its layout.
struct List {
    /// Words by their length less one: their characters and a byte for the frequency.
    words: [&'static [u8]; LONGEST],
    /// Traditional characters with their simplified ones.
    simplified: &'static [u8],
}

impl List {
    fn of(mut file: &'static [u8]) -> Self {
        let mut counts = [0; LONGEST + 1];
        for count in &mut counts {
            if let Some((bytes, rest)) = file.split_first_chunk::<4>() {
                *count = u32::from_le_bytes(*bytes) as usize;
                file = rest;
            }
        }
        let mut take = |bytes: usize| {
            let (part, rest) = file.split_at_checked(bytes).unwrap_or_default();
            file = rest;
            part
        };
        let words = std::array::from_fn(|place| take(counts[place] * record(place + 1)));
        Self { words, simplified: take(counts[LONGEST] * 4) }
    }

    /// The cost of a word of 1 to [`LONGEST`] simplified characters, if it is in the list.
    fn cost(&self, word: &[u16]) -> Option<u32> {
        let mut bytes = [0; LONGEST * 2];
        for (place, letter) in bytes.chunks_exact_mut(2).zip(word) {
            place.copy_from_slice(&letter.to_be_bytes());
        }
        let key = bytes.get(..word.len() * 2)?;
        let found = search(self.words.get(word.len().checked_sub(1)?)?, record(word.len()), key)?;
        Some(ALL.saturating_sub(u32::from(*found.first()?)))
    }

    fn simplified(&self, letter: u16) -> u16 {
        match search(self.simplified, 4, &letter.to_be_bytes()) {
            Some(&[high, low]) => u16::from_be_bytes([high, low]),
            _ => letter,
        }
    }
}

/// The bytes that a word of so many characters takes in the list.
const fn record(letters: usize) -> usize {
    letters * 2 + 1
}

/// What stands behind `key` in the record of a sorted table that begins with it.
fn search<'a>(table: &'a [u8], record: usize, key: &[u8]) -> Option<&'a [u8]> {
    let (mut low, mut high) = (0, table.len() / record);
    while low < high {
        let middle = low.midpoint(high);
        let found = table.get(middle * record..(middle + 1) * record)?;
        let (word, rest) = found.split_at_checked(key.len())?;
        match word.cmp(key) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => return Some(rest),
        }
    }
    None
}

/// Appends the ends of the words of `text[start..end]`.
pub(super) fn cut(text: &str, start: usize, end: usize, ends: &mut Vec<usize>) {
    let list = &*LIST;
    let run = text.get(start..end).unwrap_or_default();
    // Rare characters beyond the first plane are in no list: any code that is not there stands for them.
    let letters: Vec<u16> = run
        .chars()
        .map(|letter| u16::try_from(u32::from(letter)).map_or(u16::MAX, |code| list.simplified(code)))
        .collect();
    // From the last to the first place: the least cost of what follows, and the length of the first word of it.
    let mut best: Vec<(u32, usize)> = vec![(0, 0); letters.len() + 1];
    for at in (0..letters.len()).rev() {
        let longest = LONGEST.min(letters.len() - at);
        let single = (best[at + 1].0.saturating_add(list.cost(&letters[at..=at]).unwrap_or(UNKNOWN)), 1);
        let words = (2..=longest).filter_map(|length| {
            let cost = list.cost(&letters[at..at + length])?;
            Some((best[at + length].0.saturating_add(cost), length))
        });
        // Of equals the longer one.
        best[at] = words.fold(single, |best, word| if word.0 <= best.0 { word } else { best });
    }
    let mut left = 0;
    for (number, (offset, letter)) in run.char_indices().enumerate() {
        if left == 0 {
            left = best[number].1;
        }
        left -= 1;
        if left == 0 {
            ends.push(start + offset + letter.len_utf8());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut ends = Vec::new();
        cut(text, 0, text.len(), &mut ends);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let words: Vec<&str> = starts.zip(&ends).map(|(start, end)| &text[start..*end]).collect();
        assert_eq!(words.join(" "), expected);
    }

    #[test]
    fn the_likeliest_words_are_taken() {
        check("市政府决定扩建港口", "市政府 决定 扩建 港口");
        check("研究生命的起源", "研究 生命 的 起源");
        check("他们在北京大学学习经济", "他们 在 北京大学 学习 经济");
    }

    #[test]
    fn traditional_characters_are_read_as_simplified_ones() {
        check("政府決定擴建港口", "政府 決定 擴建 港口");
    }

    #[test]
    fn what_is_in_no_list_is_cut_into_characters() {
        check("𠀀𠀁港口", "𠀀 𠀁 港口");
        check("", "");
    }

    #[test]
    fn the_list_is_whole_and_sorted() {
        for (place, words) in LIST.words.iter().enumerate() {
            let size = record(place + 1);
            assert!(words.len() > size * 1000 && words.len() % size == 0);
            assert!(words.chunks(size).is_sorted_by(|one, next| one[..size - 1] < next[..size - 1]));
        }
        assert!(LIST.simplified.chunks(4).is_sorted_by(|one, next| one[..2] < next[..2]));
        assert_eq!(LIST.simplified(0x6C7A), 0x51B3);
    }
}
