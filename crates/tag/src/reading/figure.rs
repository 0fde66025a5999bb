//! Numbers as they are written: in digits, in words, or both (`2.17 billion`, `twenty-five thousand`).

use super::{Decimal, LexemeKind, Lexemes, Sense, Vocabulary};

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
pub(crate) fn figures(text: Lexemes<'_>, vocabulary: &Vocabulary) -> Vec<Figure> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.items.len() {
        match figure_at(text, at, vocabulary) {
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

fn figure_at(text: Lexemes<'_>, at: usize, vocabulary: &Vocabulary) -> Option<Figure> {
    match text.get(at)?.kind {
        LexemeKind::Number => in_digits(text, at, vocabulary),
        LexemeKind::Word(Some(Sense::Numeral(_) | Sense::Hundred | Sense::Magnitude(_))) => in_words(text, at),
        LexemeKind::Symbol(symbol) => {
            let amount = vulgar_fraction(symbol)?;
            Some(Figure { first: at, last: at, amount, magnitude: 0, digits: true })
        }
        LexemeKind::Word(_) => None,
    }
}

/// Whether the words leave open how many there are: `millions`, `several thousand`, `two and a half million`.
fn is_vague(text: Lexemes<'_>, figure: Figure) -> bool {
    let (first, before) = (figure.first, figure.first.wrapping_sub(1));
    if matches!(text.sense(first), Some(Sense::Numeral(_))) || text.is_word(first, &["half", "quarter"]) {
        return false;
    }
    let word = text.str(first);
    let plural = matches!(text.sense(first), Some(Sense::Magnitude(_)))
        && ["s", "onen", "arden"].iter().any(|ending| word.ends_with(ending));
    let counted = ["several", "few", "many", "some", "multi", "multiple", "dozen", "dozens", "half", "more", "einige"];
    let of_a = text.is_word(before, &["a"]) && text.is_word(before.wrapping_sub(1), &["of"]);
    plural || of_a || text.is_word(before, &counted) || text.symbol(before) == Some('-') && text.glued(first)
}

/// `half` or `a quarter of` what begins at `first`, with the index of that word.
fn part_before(text: Lexemes<'_>, first: usize) -> Option<(usize, Decimal)> {
    let article = first.checked_sub(1).filter(|at| text.is_word(*at, &["a"]))?;
    let before = article.checked_sub(1)?;
    if text.is_word(before, &["half"]) {
        return Some((before, Decimal::new(5, 1)));
    }
    let quarter = before.checked_sub(1).filter(|at| text.is_word(*at, &["quarter"]))?;
    text.is_word(before, &["of"]).then_some((quarter, Decimal::new(25, 2)))
}

fn vulgar_fraction(symbol: char) -> Option<Decimal> {
    match symbol {
        '½' => Some(Decimal::new(5, 1)),
        '¼' => Some(Decimal::new(25, 2)),
        '¾' => Some(Decimal::new(75, 2)),
        _ => None,
    }
}

fn in_digits(text: Lexemes<'_>, first: usize, vocabulary: &Vocabulary) -> Option<Figure> {
    let mut last = first;
    let mut amount = Decimal::parse(text.str(first), vocabulary.comma)?;
    // `10 000`, with a plain space, where the language writes so.
    if vocabulary.comma && text.digits(first).is_some_and(|digits| digits.len() <= 3) {
        let mut digits = text.str(first).to_owned();
        while digits.len() < 18 && is_group(text, last + 1) {
            last += 1;
            digits.push_str(text.str(last));
        }
        if last > first {
            amount = Decimal::parse(&digits, vocabulary.comma)?;
        }
    }
    // `12.5.2016` and `2016-03-14` fail above or are dates; a number that a letter is glued to in front is a name: `A4`, `Q3`.
    let mut magnitude = 0;
    while let Some(Sense::Magnitude(power)) = text.sense(last + 1).filter(|_| text.follows(last + 1)) {
        amount = amount.shifted(u32::from(power))?;
        magnitude += u32::from(power);
        last += 1;
    }
    Some(Figure { first, last, amount, magnitude, digits: true })
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

fn in_words(text: Lexemes<'_>, first: usize) -> Option<Figure> {
    let (mut total, mut current): (u128, u128) = (0, 0);
    let mut magnitude = 0;
    let mut last = first;
    let mut at = first;
    // How much may still be added below what was said: `twenty` takes `five`, `five` takes nothing.
    let mut room: u128 = 1_000;
    loop {
        match text.sense(at) {
            Some(Sense::Numeral(value)) if u128::from(value) < room => {
                current = current.checked_add(u128::from(value))?;
                room = match value {
                    100.. => 100,
                    20..=90 if value % 10 == 0 => 10,
                    _ => 0,
                };
            }
            Some(Sense::Hundred) if current < 100 => {
                current = current.max(1) * 100;
                room = 100;
            }
            Some(Sense::Magnitude(power)) => {
                let factor = 10_u128.checked_pow(u32::from(power))?;
                if current == 0 && total > 0 {
                    total = total.checked_mul(factor)?;
                } else {
                    total = total.checked_add(current.max(1).checked_mul(factor)?)?;
                }
                current = 0;
                magnitude = u32::from(power);
                room = 1_000;
            }
            _ => break,
        }
        last = at;
        at += 1;
        let hyphen = text.symbol(at) == Some('-') && text.glued(at) && text.glued(at + 1);
        let and = text.is_word(at, &["and", "y", "e", "et"]);
        if hyphen && matches!(text.sense(at + 1), Some(Sense::Numeral(_))) && room == 10
            || and && (10..1_000).contains(&room) && matches!(text.sense(at + 1), Some(Sense::Numeral(_)))
        {
            at += 1;
        } else if !text.follows(at) {
            break;
        }
    }
    let amount = Decimal::from_integer(total.checked_add(current)?);
    let part = part_before(text, first).filter(|_| last == first && magnitude > 0);
    let (first, amount) = match part {
        Some((part, share)) => (part, share.shifted(magnitude)?),
        None => (first, amount),
    };
    Some(Figure { first, last, amount, magnitude, digits: false })
}

/// Two figures that are the ends of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) from: Decimal,
    pub(crate) to: Decimal,
}

/// The range that two neighbouring figures make: joined by a dash or by a word such as `to`. A magnitude that is said once counts
/// for both ends: `2–3 billion`.
pub(crate) fn joined(text: Lexemes<'_>, from: Figure, to: Figure) -> Option<Range> {
    let between = from.last + 1;
    let is_range = between + 1 == to.first
        && text.follows(between)
        && text.follows(to.first)
        && (matches!(text.symbol(between), Some('–' | '—' | '-')) || text.is_word(between, &["to", "bis", "à", "a"]));
    if !is_range {
        return None;
    }
    let lower = if from.magnitude == 0 { from.amount.shifted(to.magnitude)? } else { from.amount };
    Some(Range { from: lower, to: to.amount })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::lexemes;

    fn check(language: &str, text: &str, expected: &[&str]) {
        let vocabulary = Vocabulary::of(Some(language));
        let items = lexemes(text, vocabulary);
        let found = figures(Lexemes { text, items: &items }, vocabulary);
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
