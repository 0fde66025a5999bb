//! Dates in numbers, with a separator between them: `2016-03-14`, `3/14/2016`, `14.3.2016`, `2016.3.14`, `22/04`, `2019/aug/01`.

use super::calendar::{CalendarDate, Found, day_at, full_year, month_at, year_at};
use crate::reading::Lexemes;

/// `2016-03-14`, `2016/3/14`, `3/14/2016`, `14.3.2016`, `14-03-2016`.
pub(super) fn in_numbers(text: Lexemes<'_>, at: usize, day_first: bool) -> Option<Found> {
    if let Some(number) = text.number(at).filter(|number| number.contains('.')) {
        let mut parts = number.split('.');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        let ends = parts.next().is_none() && month.len() <= 2;
        if ends && day.len() == 4 && year.len() <= 2 {
            return Found::one(at, numeric(day, month, year));
        }
        let fits = ends && day.len() <= 2 && matches!(year.len(), 2 | 4);
        return fits.then(|| Found::one(at, numeric(year, month, day)))?;
    }
    let separator = text.symbol(at + 1).filter(|separator| matches!(separator, '-' | '/'))?;
    let glued = (at + 1..=at + 4).all(|at| text.glued(at)) && text.symbol(at + 3) == Some(separator);
    // A part of something longer, such as a number of a file or an address.
    let numbered = at >= 2 && text.glued(at - 1) && text.number(at - 2).is_some();
    let longer = text.glued(at) && (numbered || matches!(text.symbol(at.wrapping_sub(1)), Some('/' | '.')))
        || text.glued(at + 5)
            && matches!(text.symbol(at + 5), Some('/' | '-'))
            && text.glued(at + 6)
            && text.number(at + 6).is_some();
    if !glued || longer {
        return None;
    }
    let (one, two, three) = (text.digits(at)?, text.digits(at + 2)?, text.digits(at + 4)?);
    let date = match (one.len(), two.len(), three.len()) {
        (4, 1..=2, 1..=2) => numeric(one, two, three),
        (1..=2, 1..=2, 4) if day_first => numeric(three, two, one).or_else(|| numeric(three, one, two)),
        (1..=2, 1..=2, 4) => numeric(three, one, two).or_else(|| numeric(three, two, one)),
        (1..=2, 1..=2, 2) if separator == '/' && day_first => numeric(three, two, one),
        (1..=2, 1..=2, 2) if separator == '/' => numeric(three, one, two),
        _ => None,
    };
    Found::one(at + 4, date)
}

fn numeric(year: &str, month: &str, day: &str) -> Option<CalendarDate> {
    let short = year.len() == 2;
    let year: i16 = year.parse().ok()?;
    let year = match year {
        _ if short => full_year(year),
        1000..2200 => year,
        _ => return None,
    };
    CalendarDate::new(Some(year), Some(month.parse().ok()?), Some(day.parse().ok()?))
}

/// `2016 September`, `2016 Sept 3`.
pub(super) fn year_first(text: Lexemes<'_>, at: usize) -> Option<Found> {
    let year = year_at(text, at)?;
    let (month, last) = month_at(text, at + 1).filter(|_| text.follows(at + 1) && !text.glued(at + 1))?;
    let day = day_at(text, last + 1).filter(|_| text.follows(last + 1) && !text.glued(last + 1));
    let last = day.map_or(last, |(_, last)| last);
    Found::one(last, CalendarDate::new(Some(year), Some(month), day.map(|(day, _)| day)))
}

/// `2016-03`, unless it may as well be the years 2003 and 2004.
pub(super) fn year_and_month(text: Lexemes<'_>, at: usize) -> Option<Found> {
    let year = year_at(text, at)?;
    let month = text.digits(at + 2).filter(|month| month.len() <= 2)?.parse::<i8>().ok()?;
    let dash = text.symbol(at + 1) == Some('-') && text.glued(at + 1) && text.glued(at + 2) && !text.glued(at);
    let ends = !text.glued(at + 3) || matches!(text.symbol(at + 3), Some('.' | ',' | ')' | ';'));
    let years = i16::from(month) > year % 100;
    (dash && ends && !years).then(|| Found::one(at + 2, CalendarDate::new(Some(year), Some(month), None)))?
}

/// `2019/aug/01`, `2020/23/Sep`, `12-2015`.
pub(super) fn with_name(text: Lexemes<'_>, at: usize) -> Option<Found> {
    let separator = text.symbol(at + 1).filter(|separator| matches!(separator, '/' | '-'))?;
    if !text.glued(at + 1) || !text.glued(at + 2) || text.glued(at) {
        return None;
    }
    if let Some(year) = year_at(text, at + 2) {
        let month = text.digits(at).filter(|month| month.len() == 2)?.parse().ok()?;
        let ends = separator == '-' && !(text.glued(at + 3) && matches!(text.symbol(at + 3), Some('-' | '/' | '%')));
        return ends.then(|| Found::one(at + 2, CalendarDate::new(Some(year), Some(month), None)))?;
    }
    let year = year_at(text, at)?;
    if text.symbol(at + 3) != Some(separator) || !text.glued(at + 3) || !text.glued(at + 4) {
        return None;
    }
    let in_order = month_at(text, at + 2).zip(day_at(text, at + 4));
    let ((month, _), (day, last)) = match in_order {
        Some(found) => found,
        None => (month_at(text, at + 4)?, day_at(text, at + 2).map(|(day, _)| (day, at + 4))?),
    };
    Found::one(last, CalendarDate::new(Some(year), Some(month), Some(day)))
}

/// Words that a date without a year in numbers follows: `on 5/12`, `by 22/04`.
const BEFORE_DAY: &[&str] = &[
    "on", "by", "until", "since", "before", "after", "am", "bis", "vom", "le", "du", "au", "el", "del", "al", "dia",
    "día", "em", "até", "desde", "hasta",
];

/// `22/04`, `11/20`: where a word says that it is a day, or no fraction looks like it.
pub(super) fn day_and_month(text: Lexemes<'_>, at: usize, day_first: bool) -> Option<Found> {
    let introduced = at > 0 && text.is_word(at - 1, BEFORE_DAY);
    let (one, two) = (text.digits(at)?, text.digits(at + 2)?);
    let large = |part: &str| part.parse::<u8>().is_ok_and(|part| part > 12);
    // `24/7` is always, `5/16` and `9/16` are sixteenths.
    let plain = (large(one) || large(two))
        && one.len() + two.len() >= 3
        && !matches!((one, two), ("24", "7"))
        && !matches!(two, "16" | "32" | "64");
    // The day of the attacks of 2001 rather than of this year.
    let named = (one, two) == ("9", "11");
    slashed(text, at, day_first).filter(|_| (introduced || plain) && !named)
}

/// A day and a month with a slash between them.
pub(super) fn slashed(text: Lexemes<'_>, at: usize, day_first: bool) -> Option<Found> {
    let slash = text.symbol(at + 1) == Some('/') && text.glued(at + 1) && text.glued(at + 2);
    let opens = !text.glued(at) || matches!(text.symbol(at.wrapping_sub(1)), Some('(' | '-' | ':' | '"' | '“'));
    let closes =
        !text.glued(at + 3) || matches!(text.symbol(at + 3), Some('.' | ',' | ';' | '?' | '!' | ')' | ':' | '"' | '”'));
    let (one, two) = (text.digits(at)?, text.digits(at + 2)?);
    if !slash
        || !opens
        || !closes
        || one.len() > 2
        || two.len() > 2
        || text.number(at + 3).is_some() && text.glued(at + 3)
    {
        return None;
    }
    let (one, two): (i8, i8) = (one.parse().ok()?, two.parse().ok()?);
    let date = |day, month| CalendarDate::new(None, Some(month), Some(day));
    let date =
        if day_first { date(one, two).or_else(|| date(two, one)) } else { date(two, one).or_else(|| date(one, two)) };
    Found::one(at + 2, date)
}
