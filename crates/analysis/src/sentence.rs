//! Sentences: runs of tokens between two borders.

use std::ops::Range;

use docmill_core::{BlockKind, ByteSpan};

/// A sentence of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// From its first token to its last, without white space around it; never empty.
    pub span: ByteSpan,
    /// Its tokens, as a range of [`crate::Analysis::tokens`].
    pub tokens: Range<u32>,
    /// The block that it stands in, as an index into the document's blocks.
    pub block: Option<u32>,
    /// The kind of that block; a paragraph where the document has no blocks.
    pub kind: BlockKind,
}

impl Sentence {
    /// Whether it is prose: part of a paragraph, list item or quotation.
    pub fn is_prose(&self) -> bool {
        self.kind.is_prose()
    }
}

/// A count as an index. Documents are far smaller than 4 billion tokens; what lies past that is cut off, not wrapped.
pub(crate) fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
