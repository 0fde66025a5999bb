//! Line ends that part: where a line ends although the next word had room on it, the writer ended it.

use memchr::{memchr_iter, memrchr};

use crate::Token;

/// Paragraphs that are no wider are lists of words or names, in characters.
const LIST_WIDTH: usize = 24;
/// Paragraphs that are no wider are words set letter by letter.
const LETTERS: usize = 2;
/// No program wraps lines before this, in characters.
const LEAST_WIDTH: usize = 40;
/// In so many lines one that is wider than all others is an address or the like, and not the width of the text.
const MANY_LINES: usize = 4;

/// How wide the lines of a paragraph are.
pub(super) struct Lines {
    /// In characters.
    width: usize,
    is_list: bool,
}

impl Lines {
    /// The lines that these tokens stand in; `None` where there is but one.
    pub(super) fn of(text: &str, tokens: &[Token]) -> Option<Self> {
        let (first, last) = (tokens.first()?, tokens.last()?);
        let written = text.get(first.span.start..last.span.end)?;
        let (mut start, mut count, mut widest, mut second) = (0, 0_usize, 0, 0);
        for end in memchr_iter(b'\n', written.as_bytes()).chain([written.len()]) {
            let width = written.get(start..end).map_or(0, |line| line.trim().chars().count());
            count += usize::from(width > 0);
            if width > widest {
                (widest, second) = (width, widest);
            } else {
                second = second.max(width);
            }
            start = end + 1;
        }
        let width = if count >= MANY_LINES { second } else { widest };
        (count > 1 && widest > LETTERS).then_some(Self { width, is_list: widest <= LIST_WIDTH })
    }

    /// Whether the line end between two neighbours parts them. `opens` says whether a sentence can begin with the later one.
    pub(super) fn part(&self, text: &str, before: Token, after: Token, opens: bool) -> bool {
        let (end, start) = (before.span.end, after.span.start);
        if memchr_iter(b'\n', &text.as_bytes()[end..start]).next().is_none() {
            return false;
        }
        if self.is_list {
            return true;
        }
        let line = memrchr(b'\n', &text.as_bytes()[..end]).map_or(0, |at| at + 1);
        let width = text.get(line..end).map_or(0, |line| line.trim_start().chars().count());
        let goes_on = matches!(before.span.of(text), Some("," | "-" | "–" | "—" | "(" | "[" | "&" | "/"));
        let next = after.span.of(text).map_or(0, |word| word.chars().count());
        opens && !goes_on && width + 1 + next <= self.width.max(LEAST_WIDTH)
    }
}
