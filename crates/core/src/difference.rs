//! The edits between two texts, for stages that hand back a whole text.
//!
//! Texts are compared word by word. What both begin and end with is set aside; runs of words that stand once in each are anchors
//! where the texts meet again, as in patience diff (B. Cohen); between two anchors a window is moved along, in which the longest
//! common subsequence is found by dynamic programming, weighted so that words count more than the spaces between them. All of it
//! grows with the texts, but for a logarithm: a text in which every word is another costs no more than one with few changes.

use std::collections::HashMap;
use std::ops::Range;

use crate::{ByteSpan, Edits};

/// How many words in a row make an anchor.
const ANCHOR: usize = 6;
/// How many words of each text are compared at a time.
const WINDOW: usize = 128;
/// How much a word counts, against a space or a punctuation mark.
const WORD: u16 = 4;

impl Edits {
    /// Edits that make `after` of `before`, and leave alone what the two have in common. The same for the same texts.
    ///
    /// ```
    /// use docmill_core::{ByteSpan, Edits};
    ///
    /// let edits = Edits::between("the colour of the sea", "the color of a sea");
    /// let list: Vec<_> = edits.iter().collect();
    /// assert_eq!(list, [(ByteSpan::new(8, 9), ""), (ByteSpan::new(14, 17), "a")]);
    /// ```
    pub fn between(before: &str, after: &str) -> Self {
        let mut edits = Self::new();
        if before == after {
            return edits;
        }
        let mut names = HashMap::new();
        let (old, new) = (Words::of(before, &mut names), Words::of(after, &mut names));
        let mut comparison = Comparison { old: &old, new: &new, hunks: Vec::new() };
        comparison.compare(0..old.list.len(), 0..new.list.len());
        for (was, is) in comparison.hunks {
            trimmed(&mut edits, before, after, old.span(&was), new.span(&is));
        }
        edits
    }
}

/// A text cut into words: runs of letters and digits, runs of white space, and all other characters one by one.
struct Words {
    list: Vec<Word>,
    /// Where each begins, and where the last one ends.
    starts: Vec<usize>,
}

/// A word by its number, and how much it counts.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Word {
    number: u32,
    weight: u16,
}

impl Words {
    fn of<'t>(text: &'t str, names: &mut HashMap<&'t str, u32>) -> Self {
        let (mut list, mut starts, mut rest) = (Vec::new(), vec![0], text);
        while let Some(first) = rest.chars().next() {
            let kind = Kind::of(first);
            let end = rest.find(|c| kind == Kind::Mark || Kind::of(c) != kind).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end.max(first.len_utf8()));
            let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
            let number = *names.entry(word).or_insert(next);
            list.push(Word { number, weight: if kind == Kind::Letters { WORD } else { 1 } });
            starts.push(text.len() - after.len());
            rest = after;
        }
        Self { list, starts }
    }

    fn span(&self, words: &Range<usize>) -> ByteSpan {
        ByteSpan::new(self.starts[words.start], self.starts[words.end])
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letters,
    Space,
    Mark,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            c if c.is_alphanumeric() => Self::Letters,
            c if c.is_whitespace() => Self::Space,
            _ => Self::Mark,
        }
    }
}

/// Two texts as they are compared, and the parts in which they were found to differ, in words of each.
struct Comparison<'w> {
    old: &'w Words,
    new: &'w Words,
    hunks: Vec<(Range<usize>, Range<usize>)>,
}

impl Comparison<'_> {
    fn compare(&mut self, old: Range<usize>, new: Range<usize>) {
        let (old, new) = self.without_common_ends(old, new);
        let (mut from_old, mut from_new) = (old.start, new.start);
        for (at_old, at_new) in self.anchors(old.clone(), new.clone()) {
            // What an earlier anchor has run on over is settled.
            if at_old >= from_old && at_new >= from_new {
                self.gap(from_old..at_old, from_new..at_new);
                let same = self.common(at_old..old.end, at_new..new.end);
                (from_old, from_new) = (at_old + same, at_new + same);
            }
        }
        self.gap(from_old..old.end, from_new..new.end);
    }

    /// How many words both ranges begin with.
    fn common(&self, old: Range<usize>, new: Range<usize>) -> usize {
        let pairs = self.old.list[old].iter().zip(&self.new.list[new]);
        pairs.take_while(|(old, new)| old == new).count()
    }

    fn without_common_ends(&self, old: Range<usize>, new: Range<usize>) -> (Range<usize>, Range<usize>) {
        let lead = self.common(old.clone(), new.clone());
        let (old, new) = (old.start + lead..old.end, new.start + lead..new.end);
        let pairs = self.old.list[old.clone()].iter().rev().zip(self.new.list[new.clone()].iter().rev());
        let tail = pairs.take_while(|(old, new)| old == new).count();
        (old.start..old.end - tail, new.start..new.end - tail)
    }

    /// Where runs of words that stand once in each range begin, in ascending order in both: as many as there can be.
    fn anchors(&self, old: Range<usize>, new: Range<usize>) -> Vec<(usize, usize)> {
        if old.len().min(new.len()) <= WINDOW {
            return Vec::new();
        }
        let in_new = once(&self.new.list, new);
        let mut pairs: Vec<(usize, usize)> = once(&self.old.list, old)
            .into_iter()
            .filter_map(|(hash, at)| Some((at?, (*in_new.get(&hash)?)?)))
            .filter(|&(old, new)| self.old.list[old..old + ANCHOR] == self.new.list[new..new + ANCHOR])
            .collect();
        pairs.sort_unstable();
        longest_ascending(&pairs)
    }

    /// Compares what lies between two anchors, window by window.
    fn gap(&mut self, old: Range<usize>, new: Range<usize>) {
        let (mut old, mut new) = self.without_common_ends(old, new);
        while !old.is_empty() && !new.is_empty() {
            let window = (old.start..old.end.min(old.start + WINDOW), new.start..new.end.min(new.start + WINDOW));
            let last = window.0.end == old.end && window.1.end == new.end;
            let (to_old, to_new) = self.window(window.0, window.1, last);
            let same = self.common(to_old..old.end, to_new..new.end);
            (old.start, new.start) = (to_old + same, to_new + same);
        }
        if !old.is_empty() || !new.is_empty() {
            self.differ(old, new);
        }
    }

    /// Compares two windows, and says how far: to their ends where they are the `last` ones, else to about their middle, since what is
    /// best for the rest depends on what follows.
    fn window(&mut self, old: Range<usize>, new: Range<usize>, last: bool) -> (usize, usize) {
        let (was, is) = (&self.old.list[old.clone()], &self.new.list[new.clone()]);
        let width = is.len() + 1;
        // The most weight that the rests from here on have in common.
        let mut best = vec![0_u16; (was.len() + 1) * width];
        for (i, word) in was.iter().enumerate().rev() {
            for (j, other) in is.iter().enumerate().rev() {
                let skipped = best[(i + 1) * width + j].max(best[i * width + j + 1]);
                let kept = if word == other { best[(i + 1) * width + j + 1] + word.weight } else { 0 };
                best[i * width + j] = skipped.max(kept);
            }
        }
        let (middle_old, middle_new) = if last { (was.len(), is.len()) } else { (WINDOW / 2, WINDOW / 2) };
        let (mut i, mut j, mut from) = (0, 0, (0, 0));
        let mut hunks = Vec::new();
        while i < was.len() && j < is.len() && (i < middle_old || j < middle_new) {
            let here = best[i * width + j];
            if was[i] == is[j] && here == best[(i + 1) * width + j + 1] + was[i].weight {
                if from != (i, j) {
                    hunks.push((from.0..i, from.1..j));
                }
                (i, j) = (i + 1, j + 1);
                from = (i, j);
            } else if here == best[(i + 1) * width + j] {
                i += 1;
            } else {
                j += 1;
            }
        }
        if last {
            (i, j) = (was.len(), is.len());
        }
        if from != (i, j) {
            hunks.push((from.0..i, from.1..j));
        }
        for (was, is) in hunks {
            self.differ(old.start + was.start..old.start + was.end, new.start + is.start..new.start + is.end);
        }
        (old.start + i, new.start + j)
    }

    /// Notes that two ranges differ; one that follows on the last one is a part of it.
    fn differ(&mut self, old: Range<usize>, new: Range<usize>) {
        match self.hunks.last_mut() {
            Some(last) if last.0.end == old.start && last.1.end == new.start => {
                (last.0.end, last.1.end) = (old.end, new.end);
            }
            _ => self.hunks.push((old, new)),
        }
    }
}

/// Where each run of words begins that stands once in a range, by a hash of it; `None` for those that stand there more often.
fn once(words: &[Word], range: Range<usize>) -> HashMap<u64, Option<usize>> {
    let mut found = HashMap::with_capacity(range.len());
    for (at, run) in words[range.clone()].windows(ANCHOR).enumerate() {
        // The constant of Knuth's multiplicative hashing for 64 bits.
        let hash = run.iter().fold(0_u64, |hash, word| {
            (hash.rotate_left(5) ^ u64::from(word.number)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        });
        found.entry(hash).and_modify(|place| *place = None).or_insert(Some(range.start + at));
    }
    found
}

/// Of pairs in ascending order of their first numbers, the most whose second numbers ascend too (C. Schensted, 1961).
fn longest_ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The last pair of the best list of each length, and before each pair the one that it follows.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::with_capacity(pairs.len()));
    for (index, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].1 < pair.1);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut list: Vec<_> = std::iter::successors(ends.last().copied(), |&index| before[index]).collect();
    list.reverse();
    list.into_iter().map(|index| pairs[index]).collect()
}

/// The replacement of a part by another, without what both begin and end with.
fn trimmed(edits: &mut Edits, before: &str, after: &str, old: ByteSpan, new: ByteSpan) {
    let (was, is) = (&before[old.start..old.end], &after[new.start..new.end]);
    let same = |(a, b): &(char, char)| a == b;
    let lead: usize = was.chars().zip(is.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (was_rest, is_rest) = (&was[lead..], &is[lead..]);
    let tail = was_rest.chars().rev().zip(is_rest.chars().rev()).take_while(same);
    let tail: usize = tail.map(|(c, _)| c.len_utf8()).sum();
    let span = ByteSpan::new(old.start + lead, old.end - tail);
    edits.replace(span, &is_rest[..is_rest.len() - tail]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn between(before: &str, after: &str) -> Vec<(String, String)> {
        let edits = Edits::between(before, after);
        assert_eq!(edits.apply(before).unwrap().0, after, "{before:?}");
        edits.iter().map(|(span, new)| (span.of(before).unwrap().to_owned(), new.to_owned())).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect()
    }

    #[test]
    fn a_word_that_is_another_is_one_edit() {
        assert_eq!(between("one two three", "one 2 three"), pairs(&[("two", "2")]));
        assert_eq!(between("the colours", "the colors"), pairs(&[("u", "")]));
        assert_eq!(between("", "new"), pairs(&[("", "new")]));
        assert_eq!(between("old", ""), pairs(&[("old", "")]));
        assert_eq!(between("same", "same"), pairs(&[]));
    }

    #[test]
    fn where_every_word_changes_each_is_an_edit_of_its_own() {
        let text = "the harbor was dredged. ".repeat(500);
        let edits = between(&text, &text.to_uppercase());
        assert_eq!(edits.len(), 2000);
        assert!(edits.iter().all(|(old, new)| old.to_uppercase() == *new && !old.contains(' ')), "{:?}", &edits[..9]);
    }

    #[test]
    fn a_long_part_that_goes_is_one_edit_wherever_it_is() {
        let word = |number: usize| format!("word{} ", number * number % 977);
        let text: String = (0..3000).map(word).collect();
        let part: String = (700..2200).map(word).collect();
        let edits = between(&text, &text.replacen(&part, "", 1));
        assert_eq!(edits.iter().map(|(old, _)| old.len()).sum::<usize>(), part.len());
        assert!(edits.len() <= 2, "{}", edits.len());
        let moved = format!("{}{part}", text.replacen(&part, "", 1));
        let kept = text.len() - between(&text, &moved).iter().map(|(old, _)| old.len()).sum::<usize>();
        assert!(kept >= part.len(), "{kept} of {} bytes are left alone", text.len());
    }

    #[test]
    fn work_grows_with_the_texts_alone() {
        // The worst for algorithms whose work grows with the number of differences.
        let text = "港 harbor 🜂 ".repeat(60_000);
        assert_eq!(between(&text, &text.replace("harbor", "HARBOR")).len(), 60_000);
        let (old, new): (String, String) = (0..60_000).map(|n| (format!("w{n} "), format!("v{n} "))).unzip();
        assert_eq!(between(&old, &new).len(), 60_000);
    }

    proptest! {
        #[test]
        fn the_edits_make_the_one_text_of_the_other(
            before in "([a-c]{1,2}[ .é\n]){0,300}",
            after in "([a-c]{1,2}[ .é\n]){0,300}",
        ) {
            let edits = Edits::between(&before, &after);
            prop_assert_eq!(edits.apply(&before).map(|(text, _)| text), Ok(after));
        }
    }
}
