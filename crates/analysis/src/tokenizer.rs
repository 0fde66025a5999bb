//! Cuts a text into tokens in one pass over its bytes.
//!
//! A word goes on over what joins its parts: apostrophes, hyphens, the full stops of abbreviations and addresses, the
//! separators of numbers. What does not join ends it. Nothing looks back further than the word at hand.

use docmill_core::ByteSpan;

use crate::character::{ASCII, Class, Script, class};
use crate::lexicon::Lexicon;
use crate::term::Terms;
use crate::words::{self, Manner};
use crate::{TermId, Token, TokenKind};

/// The longest word that elides, without its apostrophe, in bytes: `presqu'`, `quoiqu'`, `nessun'`.
const LONGEST_ELISION: usize = 8;

/// The longest part between two full stops of an abbreviation: `Ph.D.`, `B.Sc.`, `S.p.A.`, `G.m.b.H.`
const LONGEST_ABBREVIATION_PART: usize = 3;

pub(crate) struct Tokenizer<'a> {
    text: &'a str,
    /// Where `text` begins in the document's text.
    offset: usize,
    lexicon: &'a Lexicon,
}

/// A word being read: what its parts so far allow to follow.
struct Word {
    start: usize,
    end: usize,
    /// Where the part after the last full stop begins.
    part: usize,
    full_stops: usize,
    longest_part: usize,
    kind: TokenKind,
}

impl<'a> Tokenizer<'a> {
    pub(crate) fn new(text: &'a str, offset: usize, lexicon: &'a Lexicon) -> Self {
        Self { text, offset, lexicon }
    }

    /// Appends the tokens of the text, and their terms.
    pub(crate) fn run(&self, terms: &mut Terms, tokens: &mut Vec<Token>) {
        let mut at = 0;
        // The ends of the words of the run of Chinese characters or Japanese syllables at hand, and how many of them were passed.
        let (mut ends, mut passed) = (Vec::new(), 0);
        while let Some((class, length)) = self.class_at(at) {
            let (end, kind) = match class {
                Class::Space => {
                    at += length;
                    continue;
                }
                Class::Letter => self.word(at, at + length, TokenKind::Word),
                Class::Digit => self.word(at, at + length, TokenKind::Number),
                Class::Ideograph(_) => {
                    if passed == ends.len() {
                        ends.clear();
                        passed = 0;
                        let (end, manner) = self.run_at(at);
                        words::cut(self.text, at, end, manner, &mut ends);
                    }
                    let end = ends.get(passed).copied().unwrap_or(at + length);
                    passed += 1;
                    (end, TokenKind::Word)
                }
                Class::Punctuation => (self.punctuation(at, at + length), TokenKind::Punctuation),
                Class::Symbol => (at + length, TokenKind::Symbol),
            };
            let term = match kind {
                TokenKind::Word => terms.intern(&self.text[at..end], false, self.lexicon),
                TokenKind::Number => terms.intern(&self.text[at..end], true, self.lexicon),
                TokenKind::Punctuation | TokenKind::Symbol => TermId::NONE,
            };
            let span = ByteSpan::new(at, end).shifted(self.offset);
            tokens.push(Token { span, kind, term, sentence: 0 });
            at = end;
        }
    }

    /// The class and length in bytes of the character at `at`, which is on a boundary.
    fn class_at(&self, at: usize) -> Option<(Class, usize)> {
        let byte = *self.text.as_bytes().get(at)?;
        if let Some(class) = ASCII.get(usize::from(byte)) {
            return Some((*class, 1));
        }
        let character = self.text[at..].chars().next()?;
        Some((class(character), character.len_utf8()))
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The end of the word or number whose first character ends at `end`, and which of the two it is.
    fn word(&self, start: usize, end: usize, kind: TokenKind) -> (usize, TokenKind) {
        let mut word = Word { start, end, part: start, full_stops: 0, longest_part: 0, kind };
        while let Some((class, length)) = self.class_at(word.end) {
            match class {
                Class::Letter | Class::Digit => word.end += length,
                Class::Space | Class::Ideograph(_) => break,
                Class::Punctuation | Class::Symbol => {
                    if !self.joins(&mut word, length) {
                        break;
                    }
                    word.end += length;
                    if self.is_elision(&word) {
                        break;
                    }
                }
            }
        }
        if word.full_stops > 0
            && self.byte(word.end) == Some(b'.')
            && self.byte(word.end + 1) != Some(b'.')
            && word.kind == TokenKind::Word
            && word.longest_part.max(word.end - word.part) <= LONGEST_ABBREVIATION_PART
        {
            word.end += 1;
        }
        (word.end, word.kind)
    }

    /// Whether the mark at the end of the word joins it to what follows.
    fn joins(&self, word: &mut Word, length: usize) -> bool {
        let Some((after, _)) = self.class_at(word.end + length) else { return false };
        let ends_in_digit = self.byte(word.end - 1).is_some_and(|byte| byte.is_ascii_digit());
        match self.text[word.end..].chars().next() {
            Some('\'' | '’') => {
                after == Class::Letter && word.kind == TokenKind::Word
                    || ends_in_digit && after == Class::Digit && self.groups(word.end + length)
            }
            Some('-' | '\u{2010}' | '\u{2011}') => match after {
                Class::Letter => {
                    // `9-year-old` is a word, not a number.
                    word.kind = TokenKind::Word;
                    true
                }
                Class::Digit => word.kind == TokenKind::Word,
                _ => false,
            },
            Some('.') => self.full_stop_joins(word, ends_in_digit, after),
            Some(',' | ':') => ends_in_digit && after == Class::Digit,
            Some('&') => {
                let upper = |at: usize| self.byte(at).is_some_and(|byte| byte.is_ascii_uppercase());
                upper(word.end - 1) && upper(word.end + 1)
            }
            _ => false,
        }
    }

    fn full_stop_joins(&self, word: &mut Word, ends_in_digit: bool, after: Class) -> bool {
        let joins = match after {
            Class::Digit => ends_in_digit,
            Class::Letter => !ends_in_digit && !self.misses_space(word),
            _ => false,
        };
        if joins {
            word.full_stops += 1;
            word.longest_part = word.longest_part.max(word.end - word.part);
            word.part = word.end + 1;
        }
        joins
    }

    /// Whether the full stop at the end of the word ends a sentence although no space follows: `left.They came`.
    fn misses_space(&self, word: &Word) -> bool {
        let lower = |at: usize| self.byte(at).is_some_and(|byte| byte.is_ascii_lowercase());
        word.end - word.part > 1
            && word.full_stops == 0
            && lower(word.end - 1)
            && self.byte(word.end + 1).is_some_and(|byte| byte.is_ascii_uppercase())
            && lower(word.end + 2)
    }

    /// Whether three digits follow, as they do after an apostrophe that groups thousands.
    fn groups(&self, at: usize) -> bool {
        self.text.as_bytes().get(at..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
    }

    /// Whether the word so far is an article, pronoun or the like that lost its vowel: `l'`, `qu'`, `dell'`.
    fn is_elision(&self, word: &Word) -> bool {
        if !self.lexicon.elides {
            return false;
        }
        let written = &self.text[word.start..word.end];
        let Some(head) = written.strip_suffix('\'').or_else(|| written.strip_suffix('’')) else { return false };
        if head.len() > LONGEST_ELISION {
            return false;
        }
        // `aujourd'hui` and `prud'homme` are one word each; what elides is short, or ends in `qu` or `ll`.
        head.chars().count() <= 2 || head.ends_with("qu") || head.ends_with("ll") || head.ends_with("st")
    }

    /// The end of the run of Chinese characters and Japanese syllables at `start`, and how it is cut: where the language does not say,
    /// syllables make it Japanese.
    fn run_at(&self, start: usize) -> (usize, Manner) {
        let mut at = start;
        let mut manner = Manner::Chinese;
        while let Some((Class::Ideograph(script), length)) = self.class_at(at) {
            if script != Script::Han {
                manner = Manner::Japanese;
            }
            at += length;
        }
        (at, self.lexicon.manner.unwrap_or(manner))
    }

    /// The end of the run of like marks.
    fn punctuation(&self, start: usize, end: usize) -> usize {
        let more = |at: usize, same: &dyn Fn(u8) -> bool| {
            self.text.as_bytes()[at..].iter().position(|byte| !same(*byte)).map_or(self.text.len(), |found| at + found)
        };
        match self.byte(start) {
            Some(b'.') => more(end, &|byte| byte == b'.'),
            Some(b'-') => more(end, &|byte| byte == b'-'),
            Some(b'!' | b'?') => more(end, &|byte| matches!(byte, b'!' | b'?')),
            _ => end,
        }
    }
}

#[cfg(test)]
mod tests {
    use docmill_core::Document;
    use proptest::prelude::*;

    use crate::{Analysis, TokenKind, analysis};

    /// Checks the tokens of a text in a language: words as they are, numbers after `#`, the rest after `·`.
    fn check_in(language: &str, text: &str, expected: &str) {
        let mut doc = Document::from_text("note.txt", text);
        doc.set_language(language);
        let show = |token: &crate::Token| {
            let mark = match token.kind {
                TokenKind::Word => "",
                TokenKind::Number => "#",
                TokenKind::Punctuation | TokenKind::Symbol => "·",
            };
            format!("{mark}{}", token.span.of(text).unwrap())
        };
        let found: Vec<String> = analysis(&doc).tokens().iter().map(show).collect();
        assert_eq!(found.join(" "), expected);
    }

    fn check(text: &str, expected: &str) {
        check_in("en", text, expected);
    }

    #[test]
    fn words_hold_what_joins_their_parts() {
        check(
            "don't well-kept O’Brien’s 9-year-old COVID-19 B12 R&D",
            "don't well-kept O’Brien’s 9-year-old COVID-19 B12 R&D",
        );
        check("'so-called' - rock-'n'-roll", "·' so-called ·' ·- rock ·- ·' n ·' ·- roll");
        check("trade—of either/or", "trade ·— of either ·/ or");
    }

    #[test]
    fn abbreviations_hold_their_full_stops() {
        check("U.S. a.m. S.p.A. Ph.D., Mr. end.", "U.S. a.m. S.p.A. Ph.D. ·, Mr ·. end ·.");
        check("www.post.example.", "www.post.example ·.");
    }

    #[test]
    fn numbers_hold_their_separators() {
        check("$2.17 1,250.5, 9:30 1990s 3rd 1'000'000", "·$ #2.17 #1,250.5 ·, #9:30 #1990s #3rd #1'000'000");
        check("No.5 2016-03", "No ·. #5 #2016 ·- #03");
    }

    #[test]
    fn elisions_are_words_of_their_own_in_french_and_italian() {
        check_in("fr", "L’eau qu'il aujourd'hui", "L’ eau qu' il aujourd'hui");
        check_in("it", "dell'acqua", "dell' acqua");
        check_in("en", "d'Arcy", "d'Arcy");
    }

    #[test]
    fn chinese_and_japanese_are_cut_into_words() {
        check_in("ja", "市長はコーヒーを", "市長 は コーヒー を");
        check_in("zh", "扩建港口。", "扩建 港口 ·。");
        check_in("zh", "2024年扩建A区", "#2024 年 扩建 A 区");
        check("The 扩建港口 and コーヒーを", "The 扩建 港口 and コーヒー を");
        check_in("ko", "항구는 조용했다.", "항구는 조용했다 ·.");
    }

    #[test]
    fn combining_marks_and_soft_hyphens_stay_in_the_word() {
        check("cafe\u{301} har\u{AD}bor", "cafe\u{301} har\u{AD}bor");
    }

    fn holds(text: &str, language: &str) {
        let mut doc = Document::from_text("note.txt", text);
        doc.set_language(language);
        let analysis = Analysis::of(&doc);
        let mut end = 0;
        for (number, token) in analysis.tokens().iter().enumerate() {
            let written = token.span.of(text).expect("a span of the text");
            assert!(!written.is_empty() && token.span.start >= end);
            end = token.span.end;
            assert_eq!(token.kind.is_wordlike(), token.term != crate::TermId::NONE);
            let sentence = &analysis.sentences()[token.sentence as usize];
            assert!(sentence.span.contains(token.span) && sentence.tokens.contains(&u32::try_from(number).unwrap()));
        }
        let covered: usize = analysis.sentences().iter().map(|sentence| analysis.sentence_tokens(sentence).len()).sum();
        assert_eq!(covered, analysis.tokens().len());
        let counted: u32 = analysis.terms().iter().map(|term| term.count).sum();
        assert_eq!(counted as usize, analysis.words());
    }

    proptest! {
        #[test]
        fn spans_are_in_order_and_every_token_is_in_its_sentence(text in any::<String>(), language in "[a-z]{2}") {
            holds(&text, &language);
        }

        #[test]
        fn no_stemmer_panics_on_words_of_any_script(
            text in "[a-zà-ÿα-ωа-яא-תء-يऀ-ॿஅ-௺ıİŐőșţ'’ .!?\"()\\[\\]0-9-]{0,80}",
            language in prop::sample::select(vec!["ar", "da", "de", "el", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ro", "ru", "sv", "ta", "tr", "zh"]),
        ) {
            holds(&text, language);
        }
    }
}
