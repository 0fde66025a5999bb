//! Days and years in words: `twenty-second`, `quince`, `nineteen ninety-six`, `zweitausendsechzehn`.

use crate::reading::{Lexemes, Sense, spelled};

/// The day of a month that begins at the lexeme, and the index of its last lexeme.
pub(super) fn day_in_words(text: Lexemes<'_>, at: usize) -> Option<(i8, usize)> {
    let day = |day: u16| i8::try_from(day).ok().filter(|day| (1..=31).contains(day));
    match text.sense(at)? {
        Sense::Ordinal(order) => Some((day(u16::from(order))?, at)),
        // `twenty-second`; with `second` alone the number in words ends before it.
        Sense::Numeral(tens @ (20 | 30)) => {
            let hyphen = usize::from(text.symbol(at + 1) == Some('-') && text.glued(at + 1));
            let next = at + 1 + hyphen;
            if let Some(Sense::Ordinal(order @ 1..=9)) = text.sense(next).filter(|_| text.follows(next)) {
                return Some((day(tens + u16::from(order))?, next));
            }
            let (number, last) = spelled(text, at)?;
            Some((day(number)?, last))
        }
        Sense::Numeral(_) => {
            let (number, last) = spelled(text, at)?;
            Some((day(number)?, last))
        }
        _ => None,
    }
}

/// The year in words that begins at the lexeme, and the index of its last lexeme: of the years 1100 to 2199.
pub(super) fn year_in_words(text: Lexemes<'_>, at: usize) -> Option<(i16, usize)> {
    let (number, last) = spelled(text, at)?;
    let (year, last) = match number {
        1100..2200 => (number, last),
        // `nineteen ninety-six`, `twenty sixteen`.
        11..=21 => {
            let (rest, end) = spelled(text, last + 1).filter(|_| text.follows(last + 1))?;
            (10..100).contains(&rest).then_some((number * 100 + rest, end))?
        }
        _ => return None,
    };
    Some((i16::try_from(year).ok()?, last))
}
