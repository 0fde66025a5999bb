//! The text as dates, amounts and quantities are read from it: words with their sense, numbers, and symbols.
//!
//! One pass over the text, shared by the stages that read values ([`reading`]). A word is only looked up once, in the
//! vocabulary of the document's language; what a stage has to do is to look at few neighbouring lexemes.

mod compounds;
mod decimal;
mod figure;
mod ideographic;
mod languages;
mod vocabulary;

use std::borrow::Cow;
use std::sync::Arc;

use docmill_core::{ByteSpan, Document};

pub(crate) use decimal::Decimal;
pub(crate) use figure::{Figure, Range, figures, joined, spelled};
pub(crate) use ideographic::{is_ideograph, small};
pub(crate) use languages::Writing;
pub(crate) use vocabulary::{Holiday, Period, Sense, Vocabulary};

/// A word, a number or a symbol.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lexeme {
    pub(crate) span: ByteSpan,
    pub(crate) kind: LexemeKind,
}

/// What a lexeme is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LexemeKind {
    /// Letters, with what they mean for a value.
    Word(Option<Sense>),
    /// Digits, with separators between them.
    Number,
    /// Any other character that is not white space.
    Symbol(char),
}

/// What is kept with the document: the lexemes and the figures among them.
pub(crate) struct Reading {
    lexemes: Vec<Lexeme>,
    figures: Vec<Figure>,
    vocabulary: &'static Vocabulary,
}

impl Reading {
    fn of(doc: &Document) -> Self {
        let vocabulary = Vocabulary::of(doc.language());
        let lexemes = lexemes(doc.text(), vocabulary);
        let figures = figures(Lexemes { text: doc.text(), items: &lexemes, vocabulary });
        Self { lexemes, figures, vocabulary }
    }

    /// The lexemes of `text`, which must be the one that was read.
    pub(crate) fn lexemes<'a>(&'a self, text: &'a str) -> Lexemes<'a> {
        Lexemes { text, items: &self.lexemes, vocabulary: self.vocabulary }
    }

    /// The numbers in digits or words, in text order.
    pub(crate) fn figures(&self) -> &[Figure] {
        &self.figures
    }
}

/// The reading of the document's current text, made once.
pub(crate) fn reading(doc: &Document) -> Arc<Reading> {
    doc.derived(Reading::of)
}

/// Lexemes with their text. Every question about one that is not there is answered with nothing.
#[derive(Clone, Copy)]
pub(crate) struct Lexemes<'a> {
    pub(crate) text: &'a str,
    pub(crate) items: &'a [Lexeme],
    /// The words of the document's language.
    pub(crate) vocabulary: &'static Vocabulary,
}

/// The widest gap between two lexemes that belong together: a line end with a little indentation.
const WIDEST_GAP: usize = 8;

impl<'a> Lexemes<'a> {
    pub(crate) fn get(self, at: usize) -> Option<Lexeme> {
        self.items.get(at).copied()
    }

    /// The same text with some of its lexemes.
    pub(crate) fn with(self, items: &'a [Lexeme]) -> Self {
        Self { items, ..self }
    }

    /// What the phrase that begins at the lexeme means, where `meant` takes it, with the index of its last lexeme.
    pub(crate) fn phrase<T>(self, at: usize, meant: impl Fn(Sense) -> Option<T>) -> Option<(T, usize)> {
        self.vocabulary.phrase(self, at, meant)
    }

    /// The index of the last lexeme of the phrase at `at` that means `sense`.
    pub(crate) fn phrase_of(self, at: usize, sense: Sense) -> Option<usize> {
        self.phrase(at, |found| (found == sense).then_some(())).map(|((), last)| last)
    }

    pub(crate) fn str(self, at: usize) -> &'a str {
        self.get(at).and_then(|lexeme| lexeme.span.of(self.text)).unwrap_or_default()
    }

    pub(crate) fn sense(self, at: usize) -> Option<Sense> {
        match self.get(at)?.kind {
            LexemeKind::Word(sense) => sense,
            LexemeKind::Number | LexemeKind::Symbol(_) => None,
        }
    }

    pub(crate) fn symbol(self, at: usize) -> Option<char> {
        match self.get(at)?.kind {
            LexemeKind::Symbol(symbol) => Some(symbol),
            LexemeKind::Number | LexemeKind::Word(_) => None,
        }
    }

    pub(crate) fn word(self, at: usize) -> Option<&'a str> {
        matches!(self.get(at)?.kind, LexemeKind::Word(_)).then(|| self.str(at))
    }

    pub(crate) fn is_word(self, at: usize, among: &[&str]) -> bool {
        self.word(at).is_some_and(|word| among.iter().any(|other| word.eq_ignore_ascii_case(other)))
    }

    /// The digits of a number without separators.
    pub(crate) fn digits(self, at: usize) -> Option<&'a str> {
        let digits = self.number(at)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)
    }

    pub(crate) fn number(self, at: usize) -> Option<&'a str> {
        (self.get(at)?.kind == LexemeKind::Number).then(|| self.str(at))
    }

    /// What lies between the lexeme and the one before it.
    fn gap(self, at: usize) -> &'a str {
        let before = at.checked_sub(1).and_then(|before| self.get(before));
        match (before, self.get(at)) {
            (Some(before), Some(lexeme)) => self.text.get(before.span.end..lexeme.span.start).unwrap_or_default(),
            _ => "",
        }
    }

    /// Whether the lexeme follows the one before it without white space.
    pub(crate) fn glued(self, at: usize) -> bool {
        at > 0 && at < self.items.len() && self.gap(at).is_empty()
    }

    /// Whether the lexeme follows the one before it in the same paragraph.
    pub(crate) fn follows(self, at: usize) -> bool {
        let gap = self.gap(at);
        at > 0
            && at < self.items.len()
            && gap.len() <= WIDEST_GAP
            && gap.bytes().filter(|byte| *byte == b'\n').count() <= 1
    }

    /// Whether the lexeme begins a line in upper case, as titles and the cells of tables do.
    pub(crate) fn begins_anew(self, at: usize) -> bool {
        self.gap(at).contains('\n') && self.str(at).starts_with(char::is_uppercase)
    }

    /// The span of the lexemes `first..=last`.
    pub(crate) fn span(self, first: usize, last: usize) -> ByteSpan {
        match (self.get(first), self.get(last)) {
            (Some(first), Some(last)) => first.span.hull(last.span),
            _ => ByteSpan::point(0),
        }
    }
}

/// What was written, on one line and with single spaces.
pub(crate) fn one_line(written: &str) -> Cow<'_, str> {
    let bytes = written.as_bytes();
    if bytes.iter().any(|byte| matches!(byte, b'\n' | b'\t' | b'\r')) || bytes.windows(2).any(|pair| pair == b"  ") {
        Cow::Owned(written.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(written)
    }
}

/// The lexemes of a text.
pub(crate) fn lexemes(text: &str, vocabulary: &Vocabulary) -> Vec<Lexeme> {
    let bytes = text.as_bytes();
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let kind = if byte.is_ascii_alphabetic() || byte >= 0x80 {
            let (end, kind) = match vocabulary.ideographs_at(text, at) {
                Some(end) => (end, None),
                None => word_or_symbol(text, at, vocabulary),
            };
            at = end;
            match kind {
                Some(symbol) if symbol.is_whitespace() => continue,
                Some(symbol) => LexemeKind::Symbol(symbol),
                None => LexemeKind::Word(vocabulary.sense(text.get(start..end).unwrap_or_default())),
            }
        } else if byte.is_ascii_digit() {
            at = number_end(bytes, at);
            LexemeKind::Number
        } else {
            at += 1;
            if byte.is_ascii_whitespace() {
                continue;
            }
            LexemeKind::Symbol(char::from(byte))
        };
        found.push(Lexeme { span: ByteSpan::new(start, at), kind });
    }
    found
}

/// The end of the word that begins at `at`, or of the one symbol that is there.
fn word_or_symbol(text: &str, at: usize, vocabulary: &Vocabulary) -> (usize, Option<char>) {
    let bytes = text.as_bytes();
    let mut end = at;
    while let Some(&byte) = bytes.get(end) {
        if byte.is_ascii_alphabetic() {
            end += 1;
        } else if byte < 0x80 {
            break;
        } else {
            match text.get(end..).and_then(|rest| rest.chars().next()) {
                Some(letter) if end > at && vocabulary.is_without_spaces() && is_ideograph(letter) => break,
                // The micro sign and the ordinal indicators are letters to Unicode, but signs to a unit or a number.
                Some(letter) if letter.is_alphabetic() && !matches!(letter, 'º' | 'ª') => end += letter.len_utf8(),
                Some(symbol) if end == at => return (end + symbol.len_utf8(), Some(symbol)),
                Some(_) | None => break,
            }
        }
    }
    (end, None)
}

/// The end of the number that begins at `at`: digits, and between digits a separator.
fn number_end(bytes: &[u8], at: usize) -> usize {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = at;
    loop {
        while is_digit(end) {
            end += 1;
        }
        let separator = match bytes.get(end..).unwrap_or_default() {
            [b'.' | b',' | b'\'', ..] => 1,
            // No-break space, which parts thousands and nothing else.
            [0xC2, 0xA0, ..] if three_digits(bytes, end + 2) => 2,
            // Thin space, narrow no-break space, and the apostrophe.
            [0xE2, 0x80, 0x89 | 0xAF | 0x99, ..] if three_digits(bytes, end + 3) => 3,
            _ => return end,
        };
        if !is_digit(end + separator) {
            return end;
        }
        end += separator;
    }
}

fn three_digits(bytes: &[u8], at: usize) -> bool {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    is_digit(at) && is_digit(at + 1) && is_digit(at + 2) && !is_digit(at + 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(text: &str) -> Vec<&str> {
        let found = lexemes(text, Vocabulary::of(None));
        found.iter().map(|lexeme| lexeme.span.of(text).unwrap()).collect()
    }

    #[test]
    fn words_numbers_and_symbols_are_told_apart() {
        assert_eq!(
            parts("US$1.2bn, 5 µm (4–7)."),
            ["US", "$", "1.2", "bn", ",", "5", "µm", "(", "4", "–", "7", ")", "."]
        );
        assert_eq!(
            parts("1\u{a0}200 m, 12’500 Fr., ’80s"),
            ["1\u{a0}200", "m", ",", "12’500", "Fr", ".", ",", "’", "80", "s"]
        );
    }

    proptest! {
        #[test]
        fn lexemes_cover_all_that_is_not_white_space(text in "\\PC*") {
            let mut rest = String::new();
            let mut last = 0;
            for lexeme in lexemes(&text, Vocabulary::of(None)) {
                prop_assert!(lexeme.span.start >= last && !lexeme.span.is_empty());
                prop_assert!(text[last..lexeme.span.start].chars().all(char::is_whitespace));
                rest.push_str(lexeme.span.of(&text).unwrap());
                last = lexeme.span.end;
            }
            prop_assert!(text[last..].chars().all(char::is_whitespace));
        }
    }
}
