//! Dates as the calendar has them: `March 14, 2016`, `14. März`, `March 2016`; those in numbers are read in `numeric`.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numeric::{day_and_month, in_numbers, slashed, with_name, year_and_month, year_first};
use super::spelled::{day_in_words, year_in_words};
use crate::reading::{LexemeKind, Lexemes, Sense};

/// How a date in numbers, such as `3/4/2016`, is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// By the document's language: the month first in English, else the day.
    #[default]
    Language,
    /// The month first.
    Mdy,
    /// The day first.
    Dmy,
}

/// A date with what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CalendarDate {
    pub(crate) year: Option<i16>,
    pub(crate) month: Option<i8>,
    pub(crate) day: Option<i8>,
}

impl CalendarDate {
    /// A date that exists in the calendar; February 29 does where the year is not known.
    pub(crate) fn new(year: Option<i16>, month: Option<i8>, day: Option<i8>) -> Option<Self> {
        match (month, day) {
            (None, None) => year.map(|_| ()),
            (Some(month), None) => (1..=12).contains(&month).then_some(()),
            (Some(month), Some(day)) => Date::new(year.unwrap_or(2000), month, day).ok().map(|_| ()),
            (None, Some(_)) => None,
        }?;
        Some(Self { year, month, day })
    }

    pub(crate) fn of_day(date: Date) -> Self {
        Self { year: Some(date.year()), month: Some(date.month()), day: Some(date.day()) }
    }

    /// An ISO 8601 date such as `2016-03-15`, `2016-03` or `2016`; a time behind it is left out.
    pub(crate) fn from_iso(text: &str) -> Option<Self> {
        let date = text.split(['T', ' ']).next()?;
        let mut parts = date.splitn(3, '-');
        let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
        let month = parts.next().map(str::parse).transpose().ok()?;
        let day = parts.next().map(str::parse).transpose().ok()?;
        Self::new(Some(year), month, day)
    }

    /// The day, where it is known.
    pub(crate) fn exact(self) -> Option<Date> {
        Date::new(self.year?, self.month?, self.day?).ok()
    }

    /// The last day that it may be.
    pub(crate) fn latest(self) -> Option<Date> {
        let month = self.month.unwrap_or(12);
        match self.day {
            Some(day) => Date::new(self.year?, month, day).ok(),
            None => Date::new(self.year?, month, 1).ok().map(Date::last_of_month),
        }
    }

    /// The first day that it may be.
    fn earliest(self) -> Option<Date> {
        Date::new(self.year?, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()
    }

    /// With the year that makes it the last such date on or before `reference`.
    pub(crate) fn last_before(self, reference: Self) -> Option<Self> {
        let latest = reference.latest()?;
        // February 29 may be eight years away.
        (0..=8)
            .filter_map(|back| self.in_year(latest.year().checked_sub(back)?))
            .find(|date| date.earliest().is_some_and(|earliest| earliest <= latest))
    }

    /// With the year that makes it the nearest to `reference`, where one direction counts double.
    pub(crate) fn nearest(self, reference: Self, ahead: bool) -> Option<Self> {
        let latest = reference.latest()?;
        let cost = |date: &Self| {
            let earliest = date.earliest()?;
            let end = date.latest()?;
            let distance = if earliest > latest {
                i64::from((earliest - latest).get_days()) * if ahead { 1 } else { 2 }
            } else if end < latest {
                i64::from((latest - end).get_days()) * if ahead { 2 } else { 1 }
            } else {
                0
            };
            Some(distance)
        };
        (-1..=1)
            .filter_map(|offset| self.in_year(latest.year().checked_add(offset)?))
            .filter_map(|date| cost(&date).map(|cost| (cost, date)))
            .min_by_key(|(cost, _)| *cost)
            .map(|(_, date)| date)
    }

    pub(crate) fn in_year(self, year: i16) -> Option<Self> {
        Self::new(Some(year), self.month, self.day)
    }
}

/// ISO 8601, reduced to what is known: `2016-03-14`, `2016-03`, `2016`, `--03-14`, `--03`.
impl fmt::Display for CalendarDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}")?,
            None => f.write_str("-")?,
        }
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

/// Days from `date`, where the calendar reaches so far.
pub(crate) fn days_from(date: Date, days: i32) -> Option<Date> {
    date.checked_add(days.days()).ok()
}

/// A date in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// Index of the last lexeme.
    pub(crate) last: usize,
    pub(crate) date: CalendarDate,
    /// The other end of a range.
    pub(crate) end: Option<CalendarDate>,
    /// Whether it is the name of a month and no more, which may be another word (`May`, `March`).
    pub(crate) bare_month: bool,
}

impl Found {
    pub(super) fn one(last: usize, date: Option<CalendarDate>) -> Option<Self> {
        Some(Self { last, date: date?, end: None, bare_month: false })
    }
}

/// The date that begins at the lexeme `at`; `day_first` says how dates in numbers are read.
pub(crate) fn date_at(text: Lexemes<'_>, at: usize, day_first: bool) -> Option<Found> {
    match text.get(at)?.kind {
        LexemeKind::Number => in_numbers(text, at, day_first)
            .or_else(|| day_month(text, at))
            .or_else(|| year_and_month(text, at))
            .or_else(|| with_name(text, at))
            .or_else(|| year_first(text, at))
            .or_else(|| day_and_month(text, at, day_first)),
        LexemeKind::Word(Some(Sense::Month(_))) => month_first(text, at),
        LexemeKind::Word(Some(Sense::Weekday(_) | Sense::Opening | Sense::Ordinal(_) | Sense::Numeral(_))) => {
            behind_weekday(text, at, day_first).or_else(|| day_in_words_month(text, at))
        }
        LexemeKind::Word(_) | LexemeKind::Symbol(_) => None,
    }
}

/// The weekday that begins at the lexeme, and the index of its last lexeme.
pub(super) fn weekday_at(text: Lexemes<'_>, at: usize) -> Option<(u8, usize)> {
    if let Some(Sense::Weekday(weekday)) = text.sense(at) {
        return Some((weekday, at));
    }
    text.phrase(at, |sense| if let Sense::Weekday(weekday) = sense { Some(weekday) } else { None })
}

/// `Monday, 8 January 2018`, `Friday (Jun-15)`, `am Freitag, den 5. Mai`.
fn behind_weekday(text: Lexemes<'_>, at: usize, day_first: bool) -> Option<Found> {
    let (_, last) = weekday_at(text, at)?;
    let mut next = last + 1;
    let mut opened = false;
    while next <= last + 2 {
        opened |= text.symbol(next) == Some('(');
        if !matches!(text.symbol(next), Some(',' | '.' | '-' | '('))
            && !text.is_word(next, &["the", "den", "dem", "le", "der", "el", "dia", "día"])
        {
            break;
        }
        next += 1;
    }
    let follows = text.follows(next) && weekday_at(text, next).is_none();
    let numeric = || slashed(text, next, day_first);
    let mut found = (follows.then(|| date_at(text, next, day_first).or_else(numeric)).flatten())
        .filter(|found| found.date.day.is_some())?;
    if opened && text.symbol(found.last + 1) == Some(')') {
        found.last += 1;
    }
    Some(found)
}

/// `second of Aug`, `twenty five January 1986`, `ersten Mai`, `quince de mayo`.
fn day_in_words_month(text: Lexemes<'_>, at: usize) -> Option<Found> {
    let (day, last) = day_in_words(text, at)?;
    let of = usize::from(text.is_word(last + 1, &["of", "de", "di"]));
    let next = last + 1 + of;
    let (month, end) = month_at(text, next).filter(|_| text.follows(next))?;
    let found = with_year(text, end, Some(month), Some(day))?;
    // `One May morning` is no date.
    let is_order = last > at || of == 1 || !matches!(text.sense(at), Some(Sense::Numeral(_))) || day > 12;
    (is_order || found.date.year.is_some()).then_some(found)
}

/// The month that the lexeme is, and the index of its last lexeme (the period of an abbreviation). A small letter is allowed for
/// names that are no other word.
pub(super) fn month_at(text: Lexemes<'_>, at: usize) -> Option<(i8, usize)> {
    let Some(Sense::Month(month) | Sense::ForeignMonth(month)) = text.sense(at) else { return None };
    let name = text.word(at)?;
    let capital = name.chars().next().is_some_and(char::is_uppercase);
    if !capital && ["may", "march", "mar", "sept", "sep", "dec"].contains(&name) {
        return None;
    }
    let is_short = name.chars().count() <= 5;
    let period = is_short && text.symbol(at + 1) == Some('.') && text.glued(at + 1) && text.get(at + 2).is_some();
    let goes_on = period && (text.number(at + 2).is_some() || text.symbol(at + 2) == Some(','));
    Some((i8::try_from(month).ok()?, if goes_on { at + 1 } else { at }))
}

/// The day of a month that the lexeme is, and the index of its last lexeme: `14`, `14th`, `14.`, `1er`.
pub(super) fn day_at(text: Lexemes<'_>, at: usize) -> Option<(i8, usize)> {
    let digits = text.digits(at).filter(|digits| digits.len() <= 2)?;
    let day = digits.parse().ok().filter(|day| (1..=31).contains(day))?;
    let next = at + 1;
    let suffix = text.glued(next)
        && (text.is_word(next, &["st", "nd", "rd", "th", "er"]) || matches!(text.symbol(next), Some('º' | 'ª')));
    if !suffix && text.glued(next) && matches!(text.get(next)?.kind, LexemeKind::Word(None)) {
        return None;
    }
    Some((day, if suffix { next } else { at }))
}

/// The year of four digits that the lexeme is.
pub(crate) fn year_at(text: Lexemes<'_>, at: usize) -> Option<i16> {
    let digits = text.digits(at).filter(|digits| digits.len() == 4)?;
    digits.parse().ok().filter(|year| (1000..2200).contains(year))
}

/// The date with the year that may follow the lexeme `last`.
fn with_year(text: Lexemes<'_>, last: usize, month: Option<i8>, day: Option<i8>) -> Option<Found> {
    let year = following_year(text, last);
    let date = CalendarDate::new(year.map(|(year, _)| year), month, day)?;
    Found::one(year.map_or(last, |(_, last)| last), Some(date))
}

pub(super) fn following_year(text: Lexemes<'_>, last: usize) -> Option<(i16, usize)> {
    let mut at = last + 1;
    let of = text.is_word(at, &["of", "de", "del", "do", "in"]);
    // `Jan-3-2016`.
    let joined = matches!(text.symbol(at), Some('-' | '/')) && text.glued(at) && text.glued(at + 1);
    if text.symbol(at) == Some(',') || of || joined && year_at(text, at + 1).is_some() {
        at += 1;
    }
    let Some(year) = year_at(text, at).filter(|_| text.follows(at)) else {
        // `am 3. Mai zweitausend Menschen` is no year.
        let words = year_in_words(text, at).filter(|(year, _)| year % 1000 != 0);
        return words.or_else(|| short_year(text, at, of)).filter(|_| text.follows(at));
    };
    // `May 15, 2000 people`, `March 3, 1200 m`: not a year where a letter, a percent sign or a fraction hangs on it.
    let hangs_on = text.glued(at + 1) && !matches!(text.get(at + 1)?.kind, LexemeKind::Symbol(symbol) if symbol != '%');
    (!hangs_on).then_some((year, at))
}

/// `April of 87`, `May ’87`.
fn short_year(text: Lexemes<'_>, at: usize, of: bool) -> Option<(i16, usize)> {
    let apostrophe = matches!(text.symbol(at), Some('’' | '\'')) && text.glued(at + 1);
    let last = at + usize::from(apostrophe);
    let digits = text.digits(last).filter(|digits| digits.len() == 2 && (of || apostrophe))?;
    let ends = !text.glued(last + 1) || matches!(text.symbol(last + 1), Some('.' | ',' | ';' | ')'));
    ends.then(|| Some((full_year(digits.parse().ok()?), last)))?
}

/// The year of which only two digits are written.
pub(super) fn full_year(year: i16) -> i16 {
    if year < 40 { 2000 + year } else { 1900 + year }
}

/// `March 14, 2016`, `March 14–16, 2016`, `March 2016`, `March`, `Jan/3`.
fn month_first(text: Lexemes<'_>, at: usize) -> Option<Found> {
    let (month, last) = month_at(text, at)?;
    let joined = matches!(text.symbol(last + 1), Some('/' | '-')) && text.glued(last + 1) && text.glued(last + 2);
    let the = usize::from(
        text.is_word(last + 1, &["the"])
            || joined
            || text.symbol(last + 1) == Some(',')
                && text.is_word(last + 3, &["st", "nd", "rd", "th"])
                && text.glued(last + 3),
    );
    if let Some((day, last)) = day_in_words(text, last + 1 + the).filter(|(day, at)| {
        text.follows(last + 1) && (*day >= 10 || matches!(text.sense(*at), Some(Sense::Ordinal(_))))
    }) {
        return with_year(text, last, Some(month), Some(day));
    }
    if let Some((day, last)) = day_at(text, last + 1 + the).filter(|_| text.follows(last + 1)) {
        // `March 14:30` and `May 3.5` are not days.
        let other = text.glued(last + 1) && matches!(text.symbol(last + 1), Some(':' | '%'));
        if !other {
            if let Some((to, last)) = day_behind_dash(text, last, day) {
                let year = following_year(text, last);
                return range(year.map_or(last, |(_, last)| last), year.map(|(year, _)| year), month, (day, to));
            }
            if let Some(found) = to_other_month(text, last, (month, day)) {
                return Some(found);
            }
            return with_year(text, last, Some(month), Some(day));
        }
    }
    if let Some(found) = months(text, last, month) {
        return Some(found);
    }
    let found = with_year(text, last, Some(month), None)?;
    let capital = text.word(at)?.chars().next().is_some_and(char::is_uppercase);
    Some(Found { bare_month: found.date.year.is_none(), ..found })
        .filter(|found| capital || !found.bare_month || found.date.month.is_some())
}

fn day_behind_dash(text: Lexemes<'_>, last: usize, from: i8) -> Option<(i8, usize)> {
    let period = usize::from(text.symbol(last + 1) == Some('.') && text.glued(last + 1));
    let between = last + 1 + period;
    let dash = matches!(text.symbol(between), Some('–' | '-' | '/' | '—')).then_some(between);
    let end = dash.or_else(|| text.phrase_of(between, Sense::To))?;
    let (day, last) = day_at(text, end + 1).filter(|_| text.follows(end + 1))?;
    (day > from).then_some((day, last))
}

/// `–May 2, 2016` behind `April 30`, `to March 5` behind `March 3`.
fn to_other_month(text: Lexemes<'_>, last: usize, from: (i8, i8)) -> Option<Found> {
    let dash = matches!(text.symbol(last + 1), Some('–' | '-' | '—')).then_some(last + 1);
    let to = dash.or_else(|| text.phrase_of(last + 1, Sense::To))?;
    let (month, end) = month_at(text, to + 1).filter(|_| text.follows(to + 1))?;
    let (day, end) = day_at(text, end + 1).filter(|_| text.follows(end + 1))?;
    if (month, day) <= from {
        return None;
    }
    let year = following_year(text, end);
    let date = |month, day| CalendarDate::new(year.map(|(year, _)| year), Some(month), Some(day));
    let last = year.map_or(end, |(_, last)| last);
    Some(Found { last, date: date(from.0, from.1)?, end: Some(date(month, day)?), bare_month: false })
}

/// `/April 2015` behind `March`: an issue of two months, or a stretch of several.
fn months(text: Lexemes<'_>, last: usize, from: i8) -> Option<Found> {
    let joined = matches!(text.symbol(last + 1), Some('–' | '-' | '/')) && text.glued(last + 1);
    let (to, end) = joined.then(|| month_at(text, last + 2)).flatten().filter(|(to, _)| *to > from)?;
    let (year, end) = following_year(text, end)?;
    let date = |month| CalendarDate::new(Some(year), Some(month), None);
    Some(Found { last: end, date: date(from)?, end: Some(date(to)?), bare_month: false })
}

fn range(last: usize, year: Option<i16>, month: i8, days: (i8, i8)) -> Option<Found> {
    let date = CalendarDate::new(year, Some(month), Some(days.0))?;
    let end = CalendarDate::new(year, Some(month), Some(days.1))?;
    Some(Found { last, date, end: Some(end), bare_month: false })
}

/// `14 March 2016`, `14. März`, `11–12 August 2018`, `1er de mayo de 2014`.
fn day_month(text: Lexemes<'_>, at: usize) -> Option<Found> {
    let (day, mut last) = day_at(text, at)?;
    let range_end = day_behind_dash(text, last, day);
    if let Some((_, end)) = range_end {
        last = end;
    }
    // `03-Mar-2016`.
    if matches!(text.symbol(last + 1), Some('-' | '/')) && text.glued(last + 1) && text.glued(last + 2) {
        let (month, end) = month_at(text, last + 2)?;
        let joined =
            matches!(text.symbol(end + 1), Some('-' | '/')) && text.glued(end + 1) && year_at(text, end + 2).is_some();
        return with_year(text, end + usize::from(joined), Some(month), Some(day));
    }
    let mut next = last + 1;
    if text.symbol(next) == Some('.') && text.glued(next) || text.is_word(next, &["of", "de", "di", "day"]) {
        next += 1;
    }
    let (month, last) = month_at(text, next).filter(|_| text.follows(next))?;
    match range_end {
        Some((to, _)) => {
            let year = following_year(text, last);
            range(year.map_or(last, |(_, last)| last), year.map(|(year, _)| year), month, (day, to))
        }
        None => with_year(text, last, Some(month), Some(day)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Vocabulary, lexemes};

    fn read(language: &str, text: &str) -> Option<String> {
        let items = lexemes(text, Vocabulary::of(Some(language)));
        let vocabulary = Vocabulary::of(Some(language));
        let found = date_at(Lexemes { text, items: &items, vocabulary }, 0, language != "en")?;
        let end = found.end.map(|end| format!("..{end}")).unwrap_or_default();
        Some(format!("{}{end}", found.date))
    }

    #[test]
    fn dates_are_read_in_all_orders_and_languages() {
        for (language, text, expected) in [
            ("en", "March 14, 2016", Some("2016-03-14")),
            ("en", "14 March 2016", Some("2016-03-14")),
            ("en", "14th of Mar., 2016", Some("2016-03-14")),
            ("en", "Monday, 8 January 2018", Some("2018-01-08")),
            ("en", "Sept. 3", Some("--09-03")),
            ("en", "March 14–16, 2016", Some("2016-03-14..2016-03-16")),
            ("en", "11/12 August 2018", Some("2018-08-11..2018-08-12")),
            ("en", "2016-03-14", Some("2016-03-14")),
            ("en", "3/14/2016", Some("2016-03-14")),
            ("de", "3/4/2016", Some("2016-04-03")),
            ("de", "14. März 2016", Some("2016-03-14")),
            ("de", "14.3.2016", Some("2016-03-14")),
            ("fr", "1er mars 2016", Some("2016-03-01")),
            ("es", "14 de marzo de 2016", Some("2016-03-14")),
            ("pt", "14 de março", Some("--03-14")),
            ("it", "14 marzo 2016", Some("2016-03-14")),
            ("en", "February 30", None),
            ("en", "2003-04", None),
            ("en", "may 29", None),
            ("en", "32 March", None),
        ] {
            assert_eq!(read(language, text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_missing_year_is_the_last_or_the_nearest() {
        let reference = CalendarDate::from_iso("2016-03-15").unwrap();
        let date = |month, day| CalendarDate::new(None, Some(month), day).unwrap();
        let last = |month, day| date(month, day).last_before(reference).unwrap().to_string();
        assert_eq!(last(3, Some(14)), "2016-03-14");
        assert_eq!(last(5, Some(6)), "2015-05-06");
        assert_eq!(last(2, Some(29)), "2016-02-29");
        assert_eq!(last(1, None), "2016-01");
        assert_eq!(date(4, None).nearest(reference, false).unwrap().to_string(), "2016-04");
        assert_eq!(date(9, None).nearest(reference, false).unwrap().to_string(), "2015-09");
        assert_eq!(date(9, None).nearest(reference, true).unwrap().to_string(), "2016-09");
    }
}
