//! A text that remembers what it was made from.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{ByteSpan, EditError, Edits, SourceMap};

/// How many times as long as ingested a text may become: rules that feed on each other cost a document, not the run.
const EXPANSION: usize = 16;

/// The current text of a document, the text as ingested, and the map between them.
///
/// Both are shared until the first edit, so that an unedited text costs no copy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Text {
    original: Arc<str>,
    current: Arc<str>,
    map: SourceMap,
}

impl Text {
    /// A text as ingested.
    pub fn new(original: impl Into<Arc<str>>) -> Self {
        let original = original.into();
        Self { current: Arc::clone(&original), original, map: SourceMap::identity() }
    }

    /// The text as it is now.
    pub fn as_str(&self) -> &str {
        &self.current
    }

    /// The text as ingested: the source, decoded to UTF-8 and otherwise untouched.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The map from the text as ingested (before) to the current text (after).
    pub fn map(&self) -> &SourceMap {
        &self.map
    }

    /// Applies the edits and returns the map from the text before them to the text after them. A text that would have more
    /// than 16 times the bytes of the text as ingested, and a mebibyte, is refused.
    pub fn edit(&mut self, edits: &Edits) -> Result<SourceMap, EditError> {
        let (length, original) = (edits.length_after(self.current.len()), self.original.len());
        let limit = original.saturating_mul(EXPANSION).saturating_add(1 << 20);
        if length > limit {
            return Err(EditError::Expands { length, original, limit });
        }
        let (edited, step) = edits.apply(&self.current)?;
        self.current = edited.into();
        self.map = self.map.then(&step);
        Ok(step)
    }

    /// The span of the text as ingested that `span` of the current text came from.
    pub fn to_original(&self, span: ByteSpan) -> ByteSpan {
        self.map.to_before(span)
    }
}
