//! Edits: how a normalizer changes a text without assigning a new one.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{ByteSpan, SourceMap};

/// A set of replacements, all in offsets of the text before any of them. They are applied at once by [`crate::Document::edit`].
///
/// They may be pushed in any order. Two edits must not overlap; several insertions at one place are kept in the order pushed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Edits {
    list: Vec<Edit>,
    /// The replacements of all edits, one after the other: no allocation an edit.
    replacements: String,
    unsorted: bool,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Edit {
    span: ByteSpan,
    replacement: ByteSpan,
}

/// An edit that cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The span does not lie in the text.
    #[error("the edit of {span} reaches beyond the text, which has {length} bytes")]
    OutOfBounds {
        /// The edit's span.
        span: ByteSpan,
        /// The text's length in bytes.
        length: usize,
    },
    /// An end of the span falls inside a character.
    #[error("the edit of {span} would split a character")]
    SplitsCharacter {
        /// The edit's span.
        span: ByteSpan,
    },
    /// The text would grow beyond all measure.
    #[error("the edits would make {length} bytes of {original}, which is over {limit}")]
    Expands {
        /// The text's length after the edits, in bytes.
        length: usize,
        /// Its length as ingested, in bytes.
        original: usize,
        /// What it may have, in bytes.
        limit: usize,
    },
    /// Two edits of one set cover the same text.
    #[error("the edits of {first} and {second} overlap")]
    Overlap {
        /// The earlier edit's span.
        first: ByteSpan,
        /// The later edit's span.
        second: ByteSpan,
    },
}

impl Edits {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces `span` by `replacement`.
    pub fn replace(&mut self, span: impl Into<ByteSpan>, replacement: &str) {
        let span = span.into();
        if self.list.last().is_some_and(|last| (last.span.start, last.span.end) > (span.start, span.end)) {
            self.unsorted = true;
        }
        let start = self.replacements.len();
        self.replacements.push_str(replacement);
        self.list.push(Edit { span, replacement: ByteSpan::new(start, self.replacements.len()) });
    }

    /// Removes `span`.
    pub fn delete(&mut self, span: impl Into<ByteSpan>) {
        self.replace(span, "");
    }

    /// Inserts `text` before the character at `offset`.
    pub fn insert(&mut self, offset: usize, text: &str) {
        self.replace(ByteSpan::point(offset), text);
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Number of edits.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// How many bytes a text of `length` bytes has after them, if they fit it.
    pub(crate) fn length_after(&self, length: usize) -> usize {
        let removed: usize = self.list.iter().map(|edit| edit.span.len()).sum();
        (length + self.replacements.len()).saturating_sub(removed)
    }

    /// Whether they can be applied to `text`.
    pub fn check(&self, text: &str) -> Result<(), EditError> {
        check(&self.sorted(), text)
    }

    /// The edits as (span, replacement), in the order in which they were pushed.
    pub fn iter(&self) -> impl Iterator<Item = (ByteSpan, &str)> {
        self.list.iter().map(|edit| (edit.span, &self.replacements[edit.replacement.start..edit.replacement.end]))
    }

    fn sorted(&self) -> Cow<'_, [Edit]> {
        if !self.unsorted {
            return Cow::Borrowed(&self.list);
        }
        let mut sorted = self.list.clone();
        sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
        Cow::Owned(sorted)
    }

    /// The edited text and the map from it to `text`.
    pub fn apply(&self, text: &str) -> Result<(String, SourceMap), EditError> {
        let edits = self.sorted();
        check(&edits, text)?;
        let mut edited = String::with_capacity(text.len() + self.replacements.len());
        let mut map = SourceMap::builder();
        let mut copied = 0;
        for edit in edits.as_ref() {
            edited.push_str(&text[copied..edit.span.start]);
            let start = edited.len();
            edited.push_str(&self.replacements[edit.replacement.start..edit.replacement.end]);
            map.change(edit.span, ByteSpan::new(start, edited.len()));
            copied = edit.span.end;
        }
        edited.push_str(&text[copied..]);
        let map = map.finish(text.len(), edited.len());
        Ok((edited, map))
    }
}

fn check(edits: &[Edit], text: &str) -> Result<(), EditError> {
    let mut previous: Option<ByteSpan> = None;
    for edit in edits {
        let span = edit.span;
        if span.start > span.end || span.end > text.len() {
            return Err(EditError::OutOfBounds { span, length: text.len() });
        }
        if !text.is_char_boundary(span.start) || !text.is_char_boundary(span.end) {
            return Err(EditError::SplitsCharacter { span });
        }
        if let Some(first) = previous.filter(|first| first.end > span.start) {
            return Err(EditError::Overlap { first, second: span });
        }
        previous = Some(span);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(text: &str, edits: &[(std::ops::Range<usize>, &str)]) -> Result<String, EditError> {
        let mut set = Edits::new();
        for (span, replacement) in edits {
            set.replace(span.clone(), replacement);
        }
        set.apply(text).map(|(edited, _)| edited)
    }

    #[test]
    fn edits_are_in_offsets_of_the_text_before_them_in_any_order() {
        assert_eq!(apply("abcdef", &[(4..5, "EE"), (0..1, ""), (2..2, "-")]).as_deref(), Ok("b-cdEEf"));
    }

    #[test]
    fn insertions_at_one_place_keep_their_order() {
        assert_eq!(apply("ab", &[(1..1, "1"), (1..1, "2")]).as_deref(), Ok("a12b"));
    }

    #[test]
    fn an_edit_that_overlaps_another_splits_a_character_or_leaves_the_text_is_refused() {
        assert!(matches!(apply("abc", &[(0..2, "x"), (1..3, "y")]), Err(EditError::Overlap { .. })));
        assert!(matches!(apply("é", &[(1..2, "x")]), Err(EditError::SplitsCharacter { .. })));
        assert!(matches!(apply("abc", &[(2..9, "x")]), Err(EditError::OutOfBounds { .. })));
    }
}
