//! A guess at what each word of an English text is: noun, adjective, verb and so on.
//!
//! A word's classes come from a list, from the word that it is an inflection of, or from its ending; the class before it
//! and the likeliest class of the word after it decide between them, from left to right in one pass. That is right for about
//! nine words of ten, which is enough to tell where a noun phrase may begin and end.

use std::sync::LazyLock;

use docmill_analysis::{Analysis, Term, Token, TokenKind};
use docmill_core::ByteSpan;
use rustc_hash::FxHashMap;

/// What a word is in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Noun,
    Name,
    Adjective,
    Comparative,
    Verb,
    Participle,
    Ing,
    Adverb,
    Preposition,
    Determiner,
    Pronoun,
    Modal,
    Auxiliary,
    Other,
    Number,
    Mark,
}

impl Class {
    /// In the order and with the letters of the data files.
    const ALL: [(Self, u8); 16] = [
        (Self::Noun, b'N'),
        (Self::Name, b'R'),
        (Self::Adjective, b'A'),
        (Self::Comparative, b'K'),
        (Self::Verb, b'V'),
        (Self::Participle, b'E'),
        (Self::Ing, b'G'),
        (Self::Adverb, b'B'),
        (Self::Preposition, b'P'),
        (Self::Determiner, b'D'),
        (Self::Pronoun, b'O'),
        (Self::Modal, b'M'),
        (Self::Auxiliary, b'X'),
        (Self::Other, b'C'),
        (Self::Number, b'#'),
        (Self::Mark, b'.'),
    ];

    /// Whether a word of this class may be part of a noun phrase.
    pub(super) const fn is_nominal(self) -> bool {
        match self {
            Self::Noun | Self::Name | Self::Adjective | Self::Participle | Self::Ing | Self::Number => true,
            Self::Comparative
            | Self::Verb
            | Self::Adverb
            | Self::Preposition
            | Self::Determiner
            | Self::Pronoun
            | Self::Modal
            | Self::Auxiliary
            | Self::Other
            | Self::Mark => false,
        }
    }
}

/// How likely each class is, in ninths: four bits a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shares(u64);

impl Shares {
    const fn of(class: Class, ninths: u64) -> Self {
        Self(ninths << (class as u64 * 4))
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn get(self, class: Class) -> u64 {
        self.0 >> (class as u64 * 4) & 15
    }

    /// The classes with a share, and their shares.
    fn iter(self) -> impl Iterator<Item = (Class, usize)> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let place = (left.trailing_zeros() / 4) as usize;
            let (class, _) = Class::ALL.get(place)?;
            let share = left >> (place * 4) & 15;
            left ^= share << (place * 4);
            Some((*class, share as usize))
        })
    }

    /// The class with most, the first of equals.
    fn likeliest(self) -> Class {
        let mut best = (Class::Noun, 0);
        for (class, share) in self.iter() {
            if share > best.1 {
                best = (class, share);
            }
        }
        best.0
    }

    /// `N6V3` as the data files write it.
    fn read(written: &[u8]) -> Self {
        let mut shares = Self(0);
        for pair in written.chunks_exact(2) {
            if let Some((class, _)) = Class::ALL.iter().find(|(_, letter)| *letter == pair[0]) {
                shares = shares.and(Self::of(*class, u64::from(pair[1].saturating_sub(b'0') & 15)));
            }
        }
        shares
    }
}

/// The words, or endings, of a data file with their shares.
fn entries(text: &'static str) -> impl Iterator<Item = (&'static [u8], Shares)> {
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(word, shares)| (word.as_bytes(), Shares::read(shares.as_bytes())))
}

/// The longest ending that is listed, in bytes.
const ENDING: usize = 5;

/// An ending as a number, its last byte the lowest, so that shorter endings are its lower bytes.
fn packed(ending: &[u8]) -> u64 {
    ending.iter().fold(0, |packed, byte| packed << 8 | u64::from(*byte))
}

struct Model {
    words: FxHashMap<&'static [u8], Shares>,
    /// By [`packed`] ending.
    endings: FxHashMap<u64, Shares>,
    /// How much likelier a class is after a class, and before one, in sixteenths of a logarithm.
    after: [[i32; 16]; 16],
    after_plural: [i32; 16],
    before: [[i32; 16]; 16],
}

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let mut rows = include_str!("../../data/pos/context.txt").lines().map(|line| {
        let mut row = [0; 16];
        for (place, number) in row.iter_mut().zip(line.split(' ')) {
            *place = number.parse().unwrap_or_default();
        }
        row
    });
    let mut row = || rows.next().unwrap_or_default();
    Model {
        words: entries(include_str!("../../data/pos/words.txt")).collect(),
        endings: entries(include_str!("../../data/pos/endings.txt"))
            .map(|(ending, shares)| (packed(ending), shares))
            .collect(),
        after: std::array::from_fn(|_| row()),
        after_plural: row(),
        before: std::array::from_fn(|_| row()),
    }
});

/// What a word may be, and its likeliest class.
#[derive(Debug, Clone, Copy)]
struct Guess {
    shares: Shares,
    likeliest: Class,
    /// Whether it can be nothing else.
    certain: bool,
}

impl Guess {
    const fn certain(class: Class) -> Self {
        Self { shares: Shares::of(class, 9), likeliest: class, certain: true }
    }
}

impl From<Shares> for Guess {
    fn from(shares: Shares) -> Self {
        Self { shares, likeliest: shares.likeliest(), certain: shares.iter().nth(1).is_none() }
    }
}

/// Sixteenths of the logarithm of a share in ninths; no share counts as a small one.
const LOGARITHMS: [i32; 16] = [-99, -35, -24, -18, -13, -9, -6, -4, -2, 0, 0, 0, 0, 0, 0, 0];

const NOUN: Shares = Shares::of(Class::Noun, 9);
const PERHAPS_A_NAME: Guess = Guess {
    shares: Shares::of(Class::Name, 6).and(Shares::of(Class::Noun, 3)),
    likeliest: Class::Name,
    certain: false,
};
const NAME_OR_ADJECTIVE: Guess = Guess {
    shares: Shares::of(Class::Adjective, 7).and(Shares::of(Class::Name, 2)),
    likeliest: Class::Adjective,
    certain: false,
};

impl Model {
    /// What a lower-cased word may be, whatever stands around it.
    fn shares(&self, term: &Term) -> Shares {
        let text = without_possessive(&term.text);
        if let Some(shares) = self.words.get(text.as_bytes()) {
            return *shares;
        }
        if term.stop_word {
            return match text {
                _ if text.ends_with("n't") => Shares::of(Class::Modal, 9),
                _ if text.contains('\'') => Shares::of(Class::Auxiliary, 9),
                _ => Shares::of(Class::Other, 9),
            };
        }
        if let Some(hyphen) = memchr::memrchr(b'-', text.as_bytes()) {
            let noun = self.words.get(&text.as_bytes()[hyphen + 1..]).map_or(0, |shares| shares.get(Class::Noun));
            return if noun > 5 {
                Shares::of(Class::Noun, 6).and(Shares::of(Class::Adjective, 3))
            } else {
                Shares::of(Class::Adjective, 8).and(Shares::of(Class::Noun, 1))
            };
        }
        self.inflected(text).or_else(|| self.by_ending(text)).unwrap_or(NOUN)
    }

    /// What a word is that is not listed, but the word without its ending is.
    fn inflected(&self, text: &str) -> Option<Shares> {
        if let Some(base) = text.strip_suffix("es").or_else(|| text.strip_suffix('s')).filter(|base| base.len() > 2) {
            let whole = text.strip_suffix('s').and_then(|base| self.words.get(base.as_bytes()));
            let base = whole.or_else(|| self.words.get(base.as_bytes()))?;
            let (noun, verb) = (base.get(Class::Noun), base.get(Class::Verb));
            return (noun + verb > 3 && !text.ends_with("ss"))
                .then(|| Shares::of(Class::Noun, noun).and(Shares::of(Class::Verb, verb)));
        }
        let base = text.strip_suffix("er").or_else(|| text.strip_suffix("est")).filter(|base| base.len() > 2)?;
        let bytes = base.as_bytes();
        let mut longer = Vec::with_capacity(bytes.len() + 1);
        longer.extend_from_slice(bytes);
        longer.push(b'e');
        let mut found = self.words.get(bytes).or_else(|| self.words.get(&*longer));
        if let Some(stem) = bytes.strip_suffix(b"i") {
            longer.clear();
            longer.extend_from_slice(stem);
            longer.push(b'y');
            found = self.words.get(&*longer);
        }
        found.filter(|shares| shares.get(Class::Adjective) > 5).map(|_| Shares::of(Class::Comparative, 9))
    }

    /// What the longest listed ending says.
    fn by_ending(&self, text: &str) -> Option<Shares> {
        let from = text.len().saturating_sub(ENDING).max(2);
        let ending = text.as_bytes().get(from..)?;
        let whole = packed(ending);
        (1..=ending.len()).rev().find_map(|bytes| self.endings.get(&(whole & ((1 << (bytes * 8)) - 1))).copied())
    }
}

fn without_possessive(word: &str) -> &str {
    word.strip_suffix("'s").filter(|rest| rest.len() > 2).unwrap_or(word)
}

/// The classes of all tokens of a text.
pub(super) fn classes(text: &str, analysis: &Analysis) -> Vec<Class> {
    let model = &*MODEL;
    let mut known: Vec<Option<Guess>> = vec![None; analysis.terms().len()];
    let mut classes = Vec::with_capacity(analysis.tokens().len());
    let mut guesses: Vec<Guess> = Vec::new();
    for sentence in analysis.sentences() {
        let tokens = analysis.sentence_tokens(sentence);
        guesses.clear();
        let mut words = Words { text, is_prose: sentence.is_prose(), is_first: true };
        for token in tokens {
            let of_term = &mut known[token.term.index()];
            let alone = || *of_term.get_or_insert_with(|| model.shares(analysis.term(token.term)).into());
            guesses.push(words.guess(token, alone));
        }
        let mut after = &model.after[Class::Mark as usize];
        let mut singular = false;
        for (at, (token, guess)) in tokens.iter().zip(&guesses).enumerate() {
            let next = guesses.get(at + 1).map_or(Class::Mark, |next| next.likeliest);
            let word = text.as_bytes().get(token.span.start..token.span.end).unwrap_or_default();
            let is_plural = is_plural(word);
            let class = if guess.certain {
                guess.likeliest
            } else {
                choose(guess.shares, after, &model.before[next as usize], singular && is_plural)
            };
            classes.push(class);
            singular = matches!(class, Class::Noun | Class::Name) && !is_plural;
            after = match class {
                Class::Noun | Class::Name if word.ends_with(b"'s") || word.ends_with("’s".as_bytes()) => {
                    &model.after[Class::Determiner as usize]
                }
                Class::Noun if is_plural => &model.after_plural,
                class => &model.after[class as usize],
            };
        }
    }
    classes
}

/// The words of a sentence, from the first.
struct Words<'a> {
    text: &'a str,
    is_prose: bool,
    is_first: bool,
}

impl Words<'_> {
    /// What a token may be by its letters and capitals.
    fn guess(&mut self, token: &Token, alone: impl FnOnce() -> Guess) -> Guess {
        match token.kind {
            TokenKind::Number => return Guess::certain(Class::Number),
            TokenKind::Punctuation => return Guess::certain(Class::Mark),
            TokenKind::Symbol => return Guess::certain(Class::Other),
            TokenKind::Word => {}
        }
        let is_first = std::mem::replace(&mut self.is_first, false);
        let guess = alone();
        let open = match guess.likeliest {
            Class::Noun | Class::Name | Class::Adjective | Class::Verb | Class::Participle | Class::Ing => true,
            Class::Comparative
            | Class::Adverb
            | Class::Preposition
            | Class::Determiner
            | Class::Pronoun
            | Class::Modal
            | Class::Auxiliary
            | Class::Other
            | Class::Number
            | Class::Mark => false,
        };
        if !open || !self.is_prose || !starts_with_capital(self.text, token.span) {
            return guess;
        }
        match guess.likeliest {
            // A word that no list knows, or a noun: a name may begin the sentence as well.
            Class::Noun if is_first => PERHAPS_A_NAME,
            _ if is_first => guess,
            Class::Adjective if guess.shares.get(Class::Noun) < 3 => NAME_OR_ADJECTIVE,
            _ => Guess::certain(Class::Name),
        }
    }
}

/// Whether the first letter is a capital; ASCII is looked at as a byte.
pub(super) fn starts_with_capital(text: &str, span: ByteSpan) -> bool {
    match text.as_bytes().get(span.start) {
        Some(first) if first.is_ascii() => first.is_ascii_uppercase(),
        _ => span.of(text).is_some_and(|word| word.starts_with(char::is_uppercase)),
    }
}

/// Whether it ends as a plural does, or a verb after a singular.
fn is_plural(noun: &[u8]) -> bool {
    matches!(noun, [_, _, .., before, b's'] if !matches!(before, b's' | b'u' | b'i'))
}

/// How much likelier a verb in `-s` is after a singular, in sixteenths of a logarithm.
const AGREEMENT: i32 = 34;

/// The likeliest class of a word, given what it may be, how likely each class is after and before its neighbours, and whether
/// the word agrees with the noun before it as a verb does.
fn choose(shares: Shares, after: &[i32; 16], before: &[i32; 16], agrees: bool) -> Class {
    let mut best = (Class::Noun, i32::MIN);
    for (class, share) in shares.iter() {
        let agreement = if agrees && class == Class::Verb { AGREEMENT } else { 0 };
        let score = LOGARITHMS[share] + after[class as usize] + before[class as usize] + agreement;
        if score > best.1 {
            best = (class, score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use docmill_core::Document;

    /// Checks the letters of the classes of a text's words.
    fn check(text: &str, expected: &str) {
        let doc = Document::from_text("test.txt", text);
        let found: Vec<u8> = classes(text, &Analysis::of(&doc))
            .into_iter()
            .map(|class| Class::ALL.iter().find(|(known, _)| *known == class).unwrap().1)
            .collect();
        assert_eq!(String::from_utf8(found).unwrap(), expected, "{text}");
    }

    #[test]
    fn what_stands_before_a_word_tells_a_verb_from_a_noun() {
        check("They plan to vote.", "OVMV.");
        check("The plan for the vote.", "DNPDN.");
        check("The moss remembers.", "DNV.");
        check("The prices rose.", "DNV.");
        check("The reader rings twice.", "DNVB.");
    }

    #[test]
    fn an_unlisted_word_is_told_by_its_base_or_its_ending() {
        check("The deeper channel is fjordlike.", "DKNXA.");
        check("A glubbous zorkation spoke.", "DANV.");
    }

    #[test]
    fn a_capital_inside_a_sentence_makes_a_name() {
        check("She saw Rose in the Tarn.", "OVRPDR.");
    }

    #[test]
    fn the_data_files_are_read() {
        let shares = Shares::of(Class::Noun, 6).and(Shares::of(Class::Verb, 3));
        assert_eq!(MODEL.words.get(&b"act"[..]), Some(&shares));
        assert_eq!(MODEL.words.get(&b"harborly"[..]), None);
        assert_eq!(MODEL.endings.get(&packed(b"qqq")), None);
        assert_eq!(MODEL.endings.get(&packed(b"cally")), Some(&Shares::of(Class::Adverb, 9)));
    }
}
