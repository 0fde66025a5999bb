//! Tokens: words, numbers, punctuation and symbols.

use docmill_core::ByteSpan;

use crate::TermId;

/// A word, number, mark or symbol of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it is in the text; never empty.
    pub span: ByteSpan,
    /// What it is.
    pub kind: TokenKind,
    /// Its lower-cased word; [`TermId::NONE`] for punctuation and symbols.
    pub term: TermId,
    /// Index of the sentence that it belongs to.
    pub sentence: u32,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word. It may hold apostrophes, hyphens and digits (`don't`, `well-kept`, `B12`) and the full stops of an
    /// abbreviation (`U.S.`, `S.p.A.`). French and Italian elisions are words of their own (`l'`, `eau`).
    Word,
    /// A number with its separators (`1,250.5`, `9:30`) or with letters that follow it (`1990s`, `3rd`).
    Number,
    /// One mark, or a run of full stops, hyphens, or question and exclamation marks.
    Punctuation,
    /// Anything else, such as `$`, `&` or an emoji.
    Symbol,
}

impl TokenKind {
    /// Whether it counts as a word: a word or a number.
    pub const fn is_wordlike(self) -> bool {
        matches!(self, Self::Word | Self::Number)
    }
}
