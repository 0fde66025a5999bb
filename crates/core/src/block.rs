//! Blocks: the parts of a text in reading order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ByteSpan;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// The document's title.
    Title,
    /// A heading; `level` says which, from 1.
    Heading,
    /// A paragraph of prose.
    Paragraph,
    /// An item of a list; `level` is its depth, from 1.
    ListItem,
    /// A table with its cells.
    Table,
    /// The caption of a photo, figure or table, with its source.
    Caption,
    /// A quotation set apart.
    Quote,
    /// Code, or other text whose line ends and spaces count.
    Code,
    /// Lines of `Key: value` pairs that describe the publication.
    Masthead,
    /// Who wrote it.
    Byline,
    /// Place and date before the first sentence.
    Dateline,
    /// A running header.
    Header,
    /// A running footer, or a footnote.
    Footer,
    /// Where a page ends; empty.
    PageBreak,
}

impl BlockKind {
    /// Whether its text is prose: what sentences, keyphrases and summaries are taken from.
    pub const fn is_prose(self) -> bool {
        match self {
            Self::Paragraph | Self::ListItem | Self::Quote => true,
            Self::Title
            | Self::Heading
            | Self::Table
            | Self::Caption
            | Self::Code
            | Self::Masthead
            | Self::Byline
            | Self::Dateline
            | Self::Header
            | Self::Footer
            | Self::PageBreak => false,
        }
    }
}

/// A part of the text with its kind.
///
/// Blocks stand in reading order and do not overlap; what lies between two of them is white space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it is in the current text.
    pub span: ByteSpan,
    /// Level of a heading or depth of a list item, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// The cells of a table, in reading order; empty otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u32,
    /// Whether it is a header cell.
    pub header: bool,
    /// Its text; may be empty.
    pub span: ByteSpan,
}

impl Block {
    /// A block without level or cells.
    pub fn new(kind: BlockKind, span: impl Into<ByteSpan>) -> Self {
        Self { kind, span: span.into(), level: None, cells: Vec::new() }
    }

    /// A heading of `level`, from 1.
    pub fn heading(level: u8, span: impl Into<ByteSpan>) -> Self {
        Self { level: Some(level), ..Self::new(BlockKind::Heading, span) }
    }

    /// A list item at `depth`, from 1.
    pub fn list_item(depth: u8, span: impl Into<ByteSpan>) -> Self {
        Self { level: Some(depth), ..Self::new(BlockKind::ListItem, span) }
    }

    /// A table with its cells.
    pub fn table(span: impl Into<ByteSpan>, cells: Vec<Cell>) -> Self {
        Self { cells, ..Self::new(BlockKind::Table, span) }
    }
}
