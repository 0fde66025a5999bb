//! The edits between two texts, for stages that hand back a whole text.

use imara_diff::{Algorithm, Diff, InternedInput};

use crate::{ByteSpan, Edits};

impl Edits {
    /// Edits that make `after` of `before`, and leave alone what the two have in common as far as it can be told with work that
    /// grows with the texts: lines are compared first, then the words of those that differ (E. W. Myers, "An O(ND) difference
    /// algorithm", 1986, with the heuristics of `imara-diff`), then the ends of words. The same for the same texts.
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
        let lines = changed(&Pieces::lines(before), &Pieces::lines(after));
        for (old, new) in lines {
            let words =
                changed(&Pieces::words(&before[old.start..old.end]), &Pieces::words(&after[new.start..new.end]));
            for (inner_old, inner_new) in words {
                trimmed(&mut edits, before, after, inner_old.shifted(old.start), inner_new.shifted(new.start));
            }
        }
        edits
    }
}

/// A text cut into pieces that are compared as a whole.
struct Pieces<'t> {
    list: Vec<&'t str>,
    /// Where each begins, and where the last one ends.
    starts: Vec<usize>,
}

impl<'t> Pieces<'t> {
    fn of(pieces: impl Iterator<Item = &'t str>) -> Self {
        let (mut list, mut starts, mut at) = (Vec::new(), vec![0], 0);
        for piece in pieces {
            at += piece.len();
            list.push(piece);
            starts.push(at);
        }
        Self { list, starts }
    }

    fn lines(text: &'t str) -> Self {
        Self::of(text.split_inclusive('\n'))
    }

    /// Runs of letters and digits, runs of white space, and all other characters one by one.
    fn words(text: &'t str) -> Self {
        let class = |c: char| match c {
            c if c.is_alphanumeric() => 0,
            c if c.is_whitespace() => 1,
            _ => 2,
        };
        let mut rest = text;
        Self::of(std::iter::from_fn(move || {
            let mut chars = rest.char_indices();
            let (_, first) = chars.next()?;
            let ends = chars.find(|&(_, c)| class(first) == 2 || class(c) != class(first));
            let (piece, after) = rest.split_at(ends.map_or(rest.len(), |(at, _)| at));
            rest = after;
            Some(piece)
        }))
    }

    fn span(&self, range: std::ops::Range<u32>) -> ByteSpan {
        ByteSpan::new(self.starts[range.start as usize], self.starts[range.end as usize])
    }
}

/// The parts in which two lists of pieces differ, in bytes of each.
fn changed(before: &Pieces<'_>, after: &Pieces<'_>) -> Vec<(ByteSpan, ByteSpan)> {
    let mut input = InternedInput::default();
    input.update_before(before.list.iter().copied());
    input.update_after(after.list.iter().copied());
    let diff = Diff::compute(Algorithm::Myers, &input);
    diff.hunks().map(|hunk| (before.span(hunk.before), after.span(hunk.after))).collect()
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
