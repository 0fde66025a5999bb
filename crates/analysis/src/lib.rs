//! What several docmill stages ask of a text: tokens, sentences, stems, stop words, language.
//!
//! [`analysis`] computes it once per version of a document's text and hands the same value to every stage that asks. The
//! tokenizer and the sentence splitter are one pass each, look at bytes first, and need no model but for words of Chinese and
//! Japanese; what they know of languages is a list of stop words, a stemmer, and the abbreviations that a full stop belongs to. The language itself is told by
//! stop words or by a model of n-grams, and parts of speech ([`tagged_words`]) are found by a model, for English, when a
//! stage asks for them.
//!
//! ```
//! use docmill_core::Document;
//!
//! let doc = Document::from_text("note.txt", "Dr. Lindgren left at 9 a.m. The harbor was quiet.");
//! let analysis = docmill_analysis::analysis(&doc);
//! let sentences: Vec<_> = analysis.sentences().iter().filter_map(|sentence| sentence.span.of(doc.text())).collect();
//! assert_eq!(sentences, ["Dr. Lindgren left at 9 a.m.", "The harbor was quiet."]);
//! ```

mod abbreviation;
mod character;
pub mod language;
mod lexicon;
mod part_of_speech;
mod sentence;
mod splitter;
mod stem;
mod stop_words;
mod support;
mod term;
mod token;
mod tokenizer;
mod words;

use std::sync::Arc;

use docmill_core::{Block, BlockKind, ByteSpan, Document};

pub use docmill_sequence::PartOfSpeech;
pub use lexicon::is_english;
pub use part_of_speech::{TaggedWord, tagged_words};
pub use sentence::Sentence;
pub use stop_words::{StopWords, stop_words};
pub use support::{Support, name as language_name};
pub use term::{Term, TermId};
pub use token::{Token, TokenKind};

use lexicon::Lexicon;
use sentence::index;
use term::Terms;
use tokenizer::Tokenizer;

/// The analysis of the document's current text, computed once for all stages that ask.
pub fn analysis(doc: &Document) -> Arc<Analysis> {
    doc.derived(Analysis::of)
}

/// The tokens, sentences and terms of a text.
#[derive(Debug)]
pub struct Analysis {
    tokens: Vec<Token>,
    sentences: Vec<Sentence>,
    terms: Vec<Term>,
    words: usize,
}

impl Analysis {
    /// Analyses the document's text block by block; a document without blocks is one paragraph. Its language decides stop
    /// words and stems, English where it has none yet.
    pub fn of(doc: &Document) -> Self {
        let text = doc.text();
        let mut draft = Draft::new(text, Lexicon::of(doc.language()));
        if doc.blocks().is_empty() {
            draft.add(ByteSpan::new(0, text.len()), BlockKind::Paragraph, None);
        }
        for (number, block) in doc.blocks().iter().enumerate() {
            for part in parts(block) {
                draft.add(part, block.kind, Some(index(number)));
            }
        }
        draft.finish()
    }

    /// The tokens of all blocks, in text order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The sentences, in text order. None crosses a block; titles, headings and table cells are one sentence each.
    pub fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    /// The tokens of a sentence of this analysis.
    pub fn sentence_tokens(&self, sentence: &Sentence) -> &[Token] {
        self.tokens.get(sentence.tokens.start as usize..sentence.tokens.end as usize).unwrap_or_default()
    }

    /// The term with this id.
    pub fn term(&self, id: TermId) -> &Term {
        &self.terms[id.index()]
    }

    /// The distinct lower-cased words and numbers of the text, in the order in which they first occur, after one empty
    /// term (a stop word that occurs 0 times) which stands for all punctuation and symbols.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// How many tokens are words or numbers.
    pub fn words(&self) -> usize {
        self.words
    }
}

/// The spans of a block that are read apart from each other: the cells of a table, or all of it.
fn parts(block: &Block) -> impl Iterator<Item = ByteSpan> {
    let whole = block.cells.is_empty().then_some(block.span);
    block.cells.iter().map(|cell| cell.span).chain(whole)
}

/// An analysis in the making.
struct Draft<'a> {
    text: &'a str,
    lexicon: Lexicon,
    terms: Terms,
    tokens: Vec<Token>,
    sentences: Vec<Sentence>,
    end: usize,
}

impl<'a> Draft<'a> {
    fn new(text: &'a str, lexicon: Lexicon) -> Self {
        // English prose has a token every five to six bytes and a sentence every 120.
        let (tokens, sentences) = (text.len() / 5 + 8, text.len() / 100 + 4);
        Self {
            text,
            terms: Terms::new(text.len()),
            lexicon,
            tokens: Vec::with_capacity(tokens),
            sentences: Vec::with_capacity(sentences),
            end: 0,
        }
    }

    fn add(&mut self, part: ByteSpan, kind: BlockKind, block: Option<u32>) {
        // Blocks do not overlap; if two ever do, the text that they share is read once, so that tokens stay in order.
        let part = ByteSpan { start: part.start.max(self.end), end: part.end.max(self.end) };
        let Some(text) = part.of(self.text) else { return };
        self.end = part.end;
        let first = self.tokens.len();
        Tokenizer::new(text, part.start, &self.lexicon).run(&mut self.terms, &mut self.tokens);
        let ends = if has_sentences(kind) {
            splitter::ends(self.text, &self.tokens[first..], self.terms.as_slice(), &self.lexicon)
        } else {
            vec![self.tokens.len() - first]
        };
        let mut start = first;
        for end in ends.into_iter().map(|end| first + end).filter(|end| *end > first) {
            let tokens = &mut self.tokens[start..end];
            let (Some(head), Some(tail)) = (tokens.first(), tokens.last()) else { continue };
            let span = head.span.hull(tail.span);
            let number = index(self.sentences.len());
            for token in tokens.iter_mut() {
                token.sentence = number;
            }
            self.sentences.push(Sentence { span, tokens: index(start)..index(end), block, kind });
            start = end;
        }
    }

    fn finish(self) -> Analysis {
        let words = self.tokens.iter().filter(|token| token.kind.is_wordlike()).count();
        Analysis { tokens: self.tokens, sentences: self.sentences, terms: self.terms.finish(), words }
    }
}

/// Whether a block of this kind may hold more than one sentence.
const fn has_sentences(kind: BlockKind) -> bool {
    match kind {
        BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote | BlockKind::Caption | BlockKind::Footer => true,
        BlockKind::Title
        | BlockKind::Heading
        | BlockKind::Table
        | BlockKind::Code
        | BlockKind::Masthead
        | BlockKind::Byline
        | BlockKind::Dateline
        | BlockKind::Header
        | BlockKind::PageBreak => false,
    }
}
