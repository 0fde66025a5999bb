//! The map between a text and the text it was made from.
//!
//! It is a sorted list of changes; between two changes the texts are equal byte by byte. A text that was never edited has
//! an empty list. Each set of edits makes a map of its own, and [`SourceMap::then`] composes maps, so that a map of the
//! final text leads back to the source however many stages lie between.
//!
//! A change is indivisible: what replaced ten bytes stands for these ten bytes as a whole, and a later edit that touches a
//! part of a change grows to all of it. That keeps every answer on character boundaries of both texts.

use serde::{Deserialize, Serialize};

use crate::ByteSpan;

/// Maps spans of a text to spans of the text it was made from, and back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceMap {
    changes: Vec<Change>,
}

/// `before`, a span of the earlier text, became `after` in the later text. Either may be empty, not both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Change {
    before: ByteSpan,
    after: ByteSpan,
}

impl SourceMap {
    /// The map of a text onto itself.
    pub fn identity() -> Self {
        Self::default()
    }

    /// Whether both texts are equal, as far as the map knows.
    pub fn is_identity(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes as (span before, span after), in order.
    pub fn changes(&self) -> impl Iterator<Item = (ByteSpan, ByteSpan)> {
        self.changes.iter().map(|change| (change.before, change.after))
    }

    /// Number of changes.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether there is no change: the same as [`SourceMap::is_identity`].
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub(crate) fn builder() -> Builder {
        Builder { changes: Vec::new() }
    }

    /// The span of the earlier text that `span` of the later text came from: the hull of what its characters came from.
    /// Text that was inserted comes from an empty span at its place.
    pub fn to_before(&self, span: ByteSpan) -> ByteSpan {
        translate(&self.changes, |change| (change.after, change.before), span)
    }

    /// The span of the later text that `span` of the earlier text went to; empty where it was deleted.
    pub fn to_after(&self, span: ByteSpan) -> ByteSpan {
        translate(&self.changes, |change| (change.before, change.after), span)
    }

    /// This map followed by `next`: from the text after `next` to the text before `self`.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        if self.is_identity() {
            return next.clone();
        }
        if next.is_identity() {
            return self.clone();
        }
        Composition::new(self, next).run()
    }
}

/// Translates `span` from one side of the changes to the other; `sides` gives (from, to) of a change.
fn translate(changes: &[Change], sides: impl Fn(&Change) -> (ByteSpan, ByteSpan), span: ByteSpan) -> ByteSpan {
    // The first change that ends after `offset`, and where `offset` lies if it lies in text that is equal on both sides.
    let find = |offset: usize| {
        let index = changes.partition_point(|change| sides(change).0.end <= offset);
        let equal = |at: usize| match index.checked_sub(1).map(|previous| sides(&changes[previous])) {
            Some((from, to)) => to.end + (at - from.end),
            None => at,
        };
        (changes.get(index).map(&sides), equal(offset), index)
    };
    if span.is_empty() {
        let (change, point, _) = find(span.start);
        return match change {
            Some((from, to)) if from.start < span.start => to,
            _ => ByteSpan::point(point),
        };
    }
    let start = match find(span.start) {
        (Some((from, to)), _, _) if from.start <= span.start => to.start,
        (_, point, _) => point,
    };
    let end = match find(span.end - 1) {
        (Some((from, to)), _, _) if from.start < span.end => to.end,
        (_, point, _) => point + 1,
    };
    ByteSpan { start, end: end.max(start) }
}

/// Collects the changes of one set of edits, in order.
pub(crate) struct Builder {
    changes: Vec<Change>,
}

impl Builder {
    pub(crate) fn change(&mut self, before: ByteSpan, after: ByteSpan) {
        if before.is_empty() && after.is_empty() {
            return;
        }
        if let Some(last) = self.changes.last_mut() {
            // Two deletions side by side are one: nothing is left between them to tell them apart.
            if last.after.is_empty() && after.is_empty() && last.after == after && last.before.end == before.start {
                last.before.end = before.end;
                return;
            }
        }
        self.changes.push(Change { before, after });
    }

    pub(crate) fn finish(mut self, before_length: usize, after_length: usize) -> SourceMap {
        debug_assert!(
            self.changes.last().is_none_or(|last| { before_length - last.before.end == after_length - last.after.end })
        );
        self.changes.shrink_to_fit();
        SourceMap { changes: self.changes }
    }
}

/// Merges two lists of changes that meet in the middle text: `first` leads to it, `second` leaves it.
struct Composition<'a> {
    first: &'a [Change],
    second: &'a [Change],
    /// The last change of each list that was passed, as ends in (earlier, middle) and (middle, later) text.
    first_passed: (usize, usize),
    second_passed: (usize, usize),
}

/// Changes of both lists that overlap in the middle text, taken as one.
struct Group {
    middle: ByteSpan,
    before: usize,
    after: usize,
}

impl<'a> Composition<'a> {
    fn new(first: &'a SourceMap, second: &'a SourceMap) -> Self {
        Self { first: &first.changes, second: &second.changes, first_passed: (0, 0), second_passed: (0, 0) }
    }

    fn run(mut self) -> SourceMap {
        let mut out = Builder { changes: Vec::with_capacity(self.first.len() + self.second.len()) };
        while let Some(mut group) = self.start_group() {
            while self.grow(&mut group) {}
            let before = ByteSpan::new(group.before, self.earlier(group.middle.end));
            let after = ByteSpan::new(group.after, self.later(group.middle.end));
            out.change(before, after);
        }
        SourceMap { changes: out.changes }
    }

    fn earlier(&self, middle: usize) -> usize {
        self.first_passed.0 + (middle - self.first_passed.1)
    }

    fn later(&self, middle: usize) -> usize {
        self.second_passed.1 + (middle - self.second_passed.0)
    }

    fn take_first(&mut self) -> ByteSpan {
        let change = self.first[0];
        self.first = &self.first[1..];
        self.first_passed = (change.before.end, change.after.end);
        change.after
    }

    fn take_second(&mut self) -> ByteSpan {
        let change = self.second[0];
        self.second = &self.second[1..];
        self.second_passed = (change.before.end, change.after.end);
        change.before
    }

    fn start_group(&mut self) -> Option<Group> {
        let first = self.first.first().map(|change| change.after);
        let second = self.second.first().map(|change| change.before);
        let from_first = match (first, second) {
            (None, None) => return None,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            // At one place, what has no length in the middle text goes first, the older before the newer.
            (Some(a), Some(b)) => a.start < b.start || (a.start == b.start && (a.is_empty() || !b.is_empty())),
        };
        let start = if from_first { first?.start } else { second?.start };
        let (before, after) = (self.earlier(start), self.later(start));
        let middle = if from_first { self.take_first() } else { self.take_second() };
        Some(Group { middle, before, after })
    }

    /// Takes the next change of either list into the group if it overlaps it.
    fn grow(&mut self, group: &mut Group) -> bool {
        if let Some(span) = self.first.first().map(|change| change.after).filter(|span| span.overlaps(group.middle)) {
            self.take_first();
            group.middle = group.middle.hull(span);
            return true;
        }
        if let Some(span) = self.second.first().map(|change| change.before).filter(|span| span.overlaps(group.middle)) {
            self.take_second();
            group.middle = group.middle.hull(span);
            return true;
        }
        false
    }
}
