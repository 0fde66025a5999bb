//! Numbers as they are written: in digits, in words, or both (`2.17 billion`, `twenty-five thousand`, `1 ½`).

use super::{Decimal, LexemeKind, Lexemes, Period, Sense, ideographic};

/// A number in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figure {
    /// Index of its first lexeme.
    pub(crate) first: usize,
    /// Index of its last lexeme.
    pub(crate) last: usize,
    /// What it says.
    pub(crate) amount: Decimal,
    /// Power of ten of the magnitude word that is part of it, or 0.
    pub(crate) magnitude: u32,
    /// Whether it begins with digits.
    pub(crate) digits: bool,
}

/// The figures of a text, in order.
pub(crate) fn figures(text: Lexemes<'_>) -> Vec<Figure> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.items.len() {
        match figure_at(text, at) {
            Some(figure) => {
                at = figure.last + 1;
                if figure.digits || !is_vague(text, figure) {
                    found.push(figure);
                }
            }
            None => at += 1,
        }
    }
    found
}

fn figure_at(text: Lexemes<'_>, at: usize) -> Option<Figure> {
    if text.vocabulary.is_without_spaces() && text.symbol(at).is_none() {
        return ideographic::figure_at(text, at);
    }
    match text.get(at)?.kind {
        LexemeKind::Number => in_digits(text, at),
        LexemeKind::Word(Some(Sense::Numeral(_) | Sense::Hundred | Sense::Magnitude(_))) => {
            quarters(text, at).or_else(|| in_words(text, at))
        }
        LexemeKind::Word(Some(Sense::Half)) => half(text, at),
        LexemeKind::Word(Some(Sense::Halves(halves))) => {
            magnified(text, Figure { first: at, last: at, amount: halved(halves), magnitude: 0, digits: false })
        }
        LexemeKind::Word(Some(Sense::Period(Period::Quarter))) => quarters(text, at),
        LexemeKind::Symbol(symbol) => {
            let amount = vulgar_fraction(symbol)?;
            Some(Figure { first: at, last: at, amount, magnitude: 0, digits: true })
        }
        LexemeKind::Word(_) => None,
    }
}

fn halved(halves: u8) -> Decimal {
    Decimal::new(u128::from(halves) * 5, 1)
}

/// Words before a number that leave it open.
const COUNTED: &[&str] = &[
    "several",
    "few",
    "many",
    "some",
    "multi",
    "multiple",
    "dozen",
    "dozens",
    "half",
    "more",
    "einige",
    "mehrere",
    "viele",
    "plusieurs",
    "quelques",
    "varios",
    "varias",
    "algunos",
    "vários",
    "várias",
    "alguns",
    "algumas",
    "diverse",
    "несколько",
    "нескольких",
    "много",
];

/// The whole number in words that begins at the lexeme, where it is a small one, with the index of its last lexeme.
pub(crate) fn spelled(text: Lexemes<'_>, at: usize) -> Option<(u16, usize)> {
    let Some(Sense::Numeral(_) | Sense::Magnitude(3)) = text.sense(at) else { return None };
    let figure = in_words(text, at)?;
    Some((figure.amount.small()?, figure.last))
}

/// Whether the words leave open how many there are: `millions`, `several thousand`, `two and a half million`.
fn is_vague(text: Lexemes<'_>, figure: Figure) -> bool {
    if text.vocabulary.is_without_spaces() {
        return false;
    }
    let (first, before) = (figure.first, figure.first.wrapping_sub(1));
    let counts = matches!(text.sense(first), Some(Sense::Numeral(_) | Sense::Half | Sense::Halves(_)));
    if counts || text.is_word(first, &["half", "quarter", "a", "an"]) {
        return false;
    }
    let word = text.str(first);
    let plural = matches!(text.sense(first), Some(Sense::Magnitude(_)))
        && ["s", "onen", "arden", "ов", "ысяч", "ысячи"].iter().any(|ending| word.ends_with(ending));
    let of_a = text.is_word(before, &["a"]) && text.is_word(before.wrapping_sub(1), &["of"]);
    plural || of_a || text.is_word(before, COUNTED) || text.symbol(before) == Some('-') && text.glued(first)
}

/// `half a million`, `a half turn`, `medio millón`, `half a mile`.
fn half(text: Lexemes<'_>, at: usize) -> Option<Figure> {
    // `half-million`, `demi-million`.
    let hyphen = text.symbol(at + 1) == Some('-') && matches!(text.sense(at + 2), Some(Sense::Magnitude(_)));
    let article = usize::from(hyphen || text.is_word(at + 1, &["a", "an"]) && text.follows(at + 1));
    let before = at.checked_sub(1).filter(|before| text.is_word(*before, &["a", "an"]) && text.follows(at));
    let figure =
        Figure { first: before.unwrap_or(at), last: at + article, amount: halved(1), magnitude: 0, digits: false };
    magnified(text, figure)
}

/// `a quarter million`, `a quarter of a billion`, `three quarters billion`: only with a magnitude, for a quarter is a time too.
fn quarters(text: Lexemes<'_>, at: usize) -> Option<Figure> {
    let is_quarter = |at| text.is_word(at, &["quarter", "quarters"]);
    let (count, quarter) = match text.sense(at) {
        Some(Sense::Numeral(count @ 1..=3)) if is_quarter(at + 1) => (count, at + 1),
        _ if is_quarter(at) => (1, at),
        _ => return None,
    };
    let of = usize::from(text.is_word(quarter + 1, &["of"]));
    let article = usize::from(text.is_word(quarter + 1 + of, &["a"]));
    let amount = Decimal::new(u128::from(count) * 25, 2);
    let before = at.checked_sub(1).filter(|before| text.is_word(*before, &["a"]));
    let first = if quarter == at { before.unwrap_or(at) } else { at };
    magnified(text, Figure { first, last: quarter + of + article, amount, magnitude: 0, digits: false })
        .filter(|figure| figure.magnitude > 0)
}

/// With the magnitudes behind it.
fn magnified(text: Lexemes<'_>, mut figure: Figure) -> Option<Figure> {
    while let Some(Sense::Magnitude(power)) = text.sense(figure.last + 1).filter(|_| text.follows(figure.last + 1)) {
        figure.amount = figure.amount.shifted(u32::from(power))?;
        figure.magnitude += u32::from(power);
        figure.last += 1;
    }
    Some(figure)
}

fn vulgar_fraction(symbol: char) -> Option<Decimal> {
    Some(match symbol {
        '½' => Decimal::new(5, 1),
        '¼' => Decimal::new(25, 2),
        '¾' => Decimal::new(75, 2),
        '⅛' => Decimal::new(125, 3),
        '⅜' => Decimal::new(375, 3),
        '⅝' => Decimal::new(625, 3),
        '⅞' => Decimal::new(875, 3),
        '⅕' => Decimal::new(2, 1),
        '⅖' => Decimal::new(4, 1),
        '⅗' => Decimal::new(6, 1),
        '⅘' => Decimal::new(8, 1),
        _ => return None,
    })
}

/// The fraction of digits that begins at the lexeme, where a decimal says it: `1/2`, `3/8`.
fn fraction(text: Lexemes<'_>, at: usize) -> Option<Decimal> {
    let slash = matches!(text.symbol(at + 1), Some('/' | '⁄')) && text.glued(at + 1) && text.glued(at + 2);
    let part = |at: usize| text.digits(at).filter(|digits| digits.len() <= 2)?.parse::<u128>().ok();
    let (above, below) = if slash { (part(at)?, part(at + 2)?) } else { return None };
    let ends = text.glued(at + 3) && matches!(text.symbol(at + 3), Some('/' | '-'));
    let (factor, scale) = match below {
        2 => (5, 1),
        4 => (25, 2),
        5 => (2, 1),
        8 => (125, 3),
        10 => (1, 1),
        16 => (625, 4),
        32 => (3125, 5),
        _ => return None,
    };
    (above > 0 && above < below && !ends).then(|| Decimal::new(above * factor, scale))
}

fn in_digits(text: Lexemes<'_>, first: usize) -> Option<Figure> {
    let comma = text.vocabulary.comma;
    // The other part of a fraction, such as of `1/3`.
    let is_part =
        first >= 2 && text.glued(first) && text.symbol(first - 1) == Some('/') && text.number(first - 2).is_some();
    if is_part {
        return None;
    }
    if let Some(amount) = fraction(text, first) {
        return Some(Figure { first, last: first + 2, amount, magnitude: 0, digits: true });
    }
    // The part of a fraction that no decimal says, and of a date.
    if text.symbol(first + 1) == Some('/')
        && text.glued(first + 1)
        && text.glued(first + 2)
        && text.number(first + 2).is_some()
    {
        return None;
    }
    let mut last = first;
    let mut amount = Decimal::parse(text.str(first), comma)?;
    // `10 000`, with a plain space, where the language writes so.
    if comma && text.digits(first).is_some_and(|digits| digits.len() <= 3) {
        let mut digits = text.str(first).to_owned();
        while digits.len() < 18 && is_group(text, last + 1) {
            last += 1;
            digits.push_str(text.str(last));
        }
        if last > first {
            amount = Decimal::parse(&digits, comma)?;
        }
    }
    // `2 ½`, `2½`, `2 1/2`.
    let more = text.digits(last).filter(|_| text.follows(last + 1)).and_then(|_| {
        let sign = text.symbol(last + 1).and_then(vulgar_fraction).map(|part| (part, last + 1));
        sign.or_else(|| Some((fraction(text, last + 1).filter(|_| !text.glued(last + 1))?, last + 3)))
    });
    if let Some((part, end)) = more {
        amount = amount.plus(part)?;
        last = end;
    }
    // `12.5.2016` and `2016-03-14` fail above or are dates; a number that a letter is glued to in front is a name: `A4`, `Q3`.
    let figure = magnified(text, Figure { first, last, amount, magnitude: 0, digits: true })?;
    and_a_half(text, figure)
}

/// Whether the lexeme is a further group of three digits behind one space, perhaps with decimals.
fn is_group(text: Lexemes<'_>, at: usize) -> bool {
    let one_space = text.get(at).zip(text.get(at.wrapping_sub(1)));
    one_space.is_some_and(|(lexeme, before)| {
        text.text.get(before.span.end..lexeme.span.start) == Some(" ")
            && text.digits(at - 1).is_some()
            && text.number(at).is_some_and(|number| number.split(',').next().is_some_and(|whole| whole.len() == 3))
            && text.number(at).is_some_and(|number| !number.contains('.'))
    })
}

/// A number in words as far as it is read.
#[derive(Clone, Copy)]
struct Spelled {
    total: u128,
    current: u128,
    magnitude: u32,
    /// How much may still be added below what was said: `twenty` takes `five`, `five` takes nothing.
    room: u128,
}

/// More than any number word.
const OPEN: u128 = 100_000;

impl Spelled {
    fn take(&mut self, sense: Sense, twenties: bool) -> Option<()> {
        match sense {
            // `quatre-vingts`.
            Sense::Numeral(20) if twenties && self.current % 100 == 4 => {
                self.current += 76;
                self.room = 20;
            }
            Sense::Numeral(value) if u128::from(value) < self.room => {
                self.current = self.current.checked_add(u128::from(value))?;
                self.room = match value {
                    1_000.. if value % 1_000 == 0 => 1_000,
                    100.. if value % 100 == 0 => 100,
                    60 if twenties => 20,
                    10 | 20..=90 if value % 10 == 0 && (twenties || value > 10) => 10,
                    _ => 0,
                };
            }
            Sense::Hundred if self.current < 100 => {
                self.current = self.current.max(1) * 100;
                self.room = 100;
            }
            Sense::Magnitude(power) => {
                let power = u32::from(power);
                let factor = 10_u128.checked_pow(power)?;
                if self.current == 0 && self.total > 0 {
                    self.total = self.total.checked_mul(factor)?;
                } else {
                    self.total = self.total.checked_add(self.current.max(1).checked_mul(factor)?)?;
                }
                self.current = 0;
                self.magnitude = power;
                self.room = 1_000;
            }
            _ => return None,
        }
        Some(())
    }

    /// Whether `and` goes on with this number rather than with another one: `two hundred and six`, but `two thousand and three
    /// thousand`.
    fn goes_on(self, text: Lexemes<'_>, next: usize) -> bool {
        let Some(Sense::Numeral(value)) = text.sense(next) else { return false };
        let room = (10..=1_000).contains(&self.room) && u128::from(value) < self.room;
        let other = self.magnitude > 0
            && (next + 1..next + 5)
                .take_while(|at| {
                    matches!(text.sense(*at), Some(Sense::Numeral(_) | Sense::Hundred | Sense::Magnitude(_)))
                })
                .any(
                    |at| matches!(text.sense(at), Some(Sense::Magnitude(power)) if u32::from(power) >= self.magnitude),
                );
        room && !other
    }
}

fn in_words(text: Lexemes<'_>, first: usize) -> Option<Figure> {
    // `un demi`, `eine halbe Million`.
    if text.sense(first) == Some(Sense::Numeral(1)) && text.sense(first + 1) == Some(Sense::Half) {
        return Some(Figure { first, ..half(text, first + 1)? });
    }
    let twenties = text.vocabulary.language.twenties;
    let mut spelled = Spelled { total: 0, current: 0, magnitude: 0, room: OPEN };
    let mut last = first;
    let mut at = first;
    while let Some(sense) = text.sense(at) {
        if spelled.take(sense, twenties).is_none() {
            break;
        }
        last = at;
        at += 1;
        match joint(text, at, spelled) {
            Some(next) => at = next,
            None if text.follows(at) => {}
            None => break,
        }
    }
    let amount = Decimal::from_integer(spelled.total.checked_add(spelled.current)?);
    and_a_half(text, Figure { first, last, amount, magnitude: spelled.magnitude, digits: false })
}

/// Where a number in words goes on behind a hyphen or an `and` at `at`: `twenty-five`, `vingt-et-un`, `cento e vinte`.
fn joint(text: Lexemes<'_>, at: usize, spelled: Spelled) -> Option<usize> {
    let hyphen = |at| text.symbol(at) == Some('-') && text.glued(at) && text.glued(at + 1);
    if hyphen(at) {
        let and = if hyphen(at + 2) { text.phrase_of(at + 1, Sense::And).filter(|last| *last == at + 1) } else { None };
        let next = and.map_or(at + 1, |last| last + 2);
        let number = matches!(text.sense(next), Some(Sense::Numeral(_) | Sense::Hundred));
        return (number && (spelled.room >= 10 || text.vocabulary.language.twenties)).then_some(next);
    }
    let and = text.phrase_of(at, Sense::And).filter(|last| *last == at && text.follows(at))?;
    spelled.goes_on(text, and + 1).then_some(and + 1)
}

/// With the half that is said behind it: `one and a half million`, `un millón y medio`.
fn and_a_half(text: Lexemes<'_>, figure: Figure) -> Option<Figure> {
    let Some(last) = text.phrase_of(figure.last + 1, Sense::Half).filter(|last| *last > figure.last + 1) else {
        return Some(figure);
    };
    let amount = figure.amount.plus(Decimal::new(5, 1).shifted(figure.magnitude)?)?;
    let figure = Figure { last, amount, ..figure };
    if figure.magnitude > 0 { Some(figure) } else { magnified(text, figure) }
}

/// Two figures that are the ends of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) from: Decimal,
    pub(crate) to: Decimal,
}

/// The range that two neighbouring figures make: joined by a dash, by a word such as `to`, or as in `between 5 and 10`. A
/// magnitude that is said once counts for both ends: `2–3 billion`.
pub(crate) fn joined(text: Lexemes<'_>, from: Figure, to: Figure) -> Option<Range> {
    let between = from.last + 1;
    if !(between + 1..=between + 2).contains(&to.first) || !text.follows(between) || !text.follows(to.first) {
        return None;
    }
    let dash = between + 1 == to.first && matches!(text.symbol(between), Some('–' | '—' | '-'));
    let is_range = dash
        || text.phrase_of(between, Sense::To) == Some(to.first - 1)
        || text.phrase_of(between, Sense::And) == Some(to.first - 1)
            && from.first > 0
            && text.is_word(from.first - 1, &["between", "zwischen", "entre", "tra", "fra"]);
    if !is_range {
        return None;
    }
    let lower = if from.magnitude == 0 { from.amount.shifted(to.magnitude)? } else { from.amount };
    // `1990 à 1015 francs` is no range.
    (to.amount != lower && to.amount.minus(lower).is_some()).then_some(Range { from: lower, to: to.amount })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Vocabulary, lexemes};

    fn check(language: &str, text: &str, expected: &[&str]) {
        let vocabulary = Vocabulary::of(Some(language));
        let items = lexemes(text, vocabulary);
        let found = figures(Lexemes { text, items: &items, vocabulary });
        let found: Vec<String> = found.iter().map(|figure| figure.amount.to_string()).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn digits_and_magnitudes_are_one_number() {
        check("en", "2.17 billion, 30 million and 1,200", &["2170000000", "30000000", "1200"]);
        check("es", "48.000 millones", &["48000000000"]);
        check("fr", "10 000 euros, 1 234 567,5 francs", &["10000", "1234567.5"]);
    }

    #[test]
    fn words_that_leave_the_number_open_are_none() {
        for text in
            ["millions", "tens of thousands", "several hundred thousand", "a third of a million", "a few million"]
        {
            check("en", text, &[]);
        }
        check("de", "Millionen", &[]);
    }

    #[test]
    fn words_are_numbers() {
        check("en", "twenty-five thousand", &["25000"]);
        check("en", "two hundred and six; one million two hundred thousand", &["206", "1200000"]);
        check("en", "five six seven", &["5", "6", "7"]);
        check("en", "half a million, a quarter of a billion, a million", &["500000", "250000000", "1000000"]);
        check("es", "mil millones", &["1000000000"]);
        check("de", "achtzig Millionen", &["80000000"]);
    }
}
