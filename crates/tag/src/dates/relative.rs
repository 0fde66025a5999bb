//! Dates that only the document's own date makes one: `yesterday`, `last month`, `three weeks ago`, `Tuesday`; and those
//! that name a period of a year: `Q3 2017`, `the first quarter of 2017`, `spring 2015`.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::days_from;
use super::{CalendarDate, Read, Reader, year_at};
use crate::reading::{Period, Sense};

/// How sure a date is that rests on the document's date.
const SCORE: f64 = 0.9;

impl Reader<'_> {
    /// A date by its distance from the document's, that begins at the word `at`.
    pub(super) fn relative(&self, at: usize) -> Option<Read> {
        match self.text.sense(at) {
            Some(Sense::Day(days)) => {
                let day = days_from(self.today()?, i32::from(days))?;
                Some(Read::date(at, CalendarDate::of_day(day), SCORE))
            }
            Some(Sense::Shift(shift)) => self.shifted(at, shift),
            Some(Sense::Weekday(weekday)) => {
                // An abbreviation may be any word: `sun`, `Sat`, `Wed`.
                let name = self.text.word(at).filter(|name| name.len() >= 5)?;
                let ahead = self.looks_ahead(at);
                let capital = name.chars().next().is_some_and(char::is_uppercase)
                    || name.starts_with(['l', 'm', 'j', 'v', 's', 'd']);
                if !capital {
                    return None;
                }
                Some(Read::date(at, CalendarDate::of_day(self.weekday(weekday, ahead, true)?), 0.8))
            }
            Some(Sense::Numeral(_)) => self.ago(at),
            Some(Sense::Ordinal(number @ 1..=4)) if self.text.sense(at + 1) == Some(Sense::Period(Period::Quarter)) => {
                self.quarter(number, at + 2)
            }
            Some(Sense::Period(Period::Season(_))) => {
                let of = usize::from(self.text.is_word(at + 1, &["of", "de"]));
                let year = year_at(self.text, at + 1 + of)?;
                Some(Read::date(at + 1 + of, CalendarDate::new(Some(year), None, None)?, 0.8))
            }
            None if self.is_quarter(at) => {
                let number = self.text.digits(at + 1)?.parse().ok()?;
                self.quarter(number, at + 2)
            }
            _ => None,
        }
    }

    /// Whether the lexemes are a quarter such as `Q3`.
    pub(super) fn is_quarter(&self, at: usize) -> bool {
        matches!(self.text.word(at), Some("Q" | "q"))
            && self.text.glued(at + 1)
            && matches!(self.text.digits(at + 1), Some("1" | "2" | "3" | "4"))
    }

    /// The quarter with the year that may begin at the lexeme `next`.
    fn quarter(&self, number: u8, next: usize) -> Option<Read> {
        let of = usize::from(self.text.is_word(next, &["of", "in"]) || self.text.symbol(next) == Some(','));
        let stated = year_at(self.text, next + of).filter(|_| self.text.follows(next));
        let last = if stated.is_some() { next + of } else { next.checked_sub(1)? };
        let first_month = i8::try_from(number).ok()? * 3 - 2;
        let date = |month| CalendarDate::new(stated, Some(month), None);
        let (start, end) = (date(first_month)?, date(first_month + 2)?);
        if stated.is_some() {
            return Some(Read::range(last, start, end, 1.0));
        }
        let start = start.last_before(self.reference?)?;
        Some(Read::range(last, start, end.in_year(start.year?)?, 0.8))
    }

    /// `last year`, `this month`, `next Tuesday`.
    fn shifted(&self, at: usize, shift: i8) -> Option<Read> {
        let last = at + 1;
        match self.text.sense(last).filter(|_| self.text.follows(last))? {
            Sense::Weekday(weekday) => {
                let day = match shift {
                    // `last Tuesday`, said on a Tuesday, is not today; nor, on Wednesday, is it yesterday rather than the one before.
                    -1 => self.weekday(weekday, false, false)?,
                    0 => self.weekday(weekday, self.looks_ahead(at), true)?,
                    _ => self.weekday(weekday, true, false)?,
                };
                Some(Read::date(last, CalendarDate::of_day(day), SCORE))
            }
            Sense::Month(month) => {
                let date = CalendarDate::new(None, i8::try_from(month).ok(), None)?;
                let reference = self.reference?;
                let date = match shift {
                    -1 => date.last_before(reference)?,
                    0 => date.nearest(reference, false)?,
                    _ => date.last_before(reference).and_then(|date| date.in_year(date.year?.checked_add(1)?))?,
                };
                Some(Read::date(last, date, SCORE))
            }
            Sense::Period(period) => self.period(last, period, i32::from(shift)),
            _ => None,
        }
    }

    /// The period that is `distance` periods from the present one.
    fn period(&self, last: usize, period: Period, distance: i32) -> Option<Read> {
        let reference = self.reference?;
        let year = reference.year?;
        match period {
            Period::Day => Some(Read::date(last, CalendarDate::of_day(days_from(self.today()?, distance)?), SCORE)),
            Period::Week => {
                let today = self.today()?;
                let monday = days_from(today, -i32::from(today.weekday().to_monday_zero_offset()) + 7 * distance)?;
                let sunday = days_from(monday, 6)?;
                Some(Read::range(last, CalendarDate::of_day(monday), CalendarDate::of_day(sunday), SCORE))
            }
            Period::Month => {
                let month = Date::new(year, reference.month?, 1).ok()?.checked_add(distance.months()).ok()?;
                Some(Read::date(last, CalendarDate { day: None, ..CalendarDate::of_day(month) }, SCORE))
            }
            Period::Quarter => {
                let month = reference.month?;
                let first = Date::new(year, (month - 1) / 3 * 3 + 1, 1).ok()?;
                let start = first.checked_add((3 * distance).months()).ok()?;
                let end = start.checked_add(2.months()).ok()?;
                let month = |date| CalendarDate { day: None, ..CalendarDate::of_day(date) };
                Some(Read::range(last, month(start), month(end), SCORE))
            }
            Period::Year => {
                let year = year.checked_add(i16::try_from(distance).ok()?)?;
                Some(Read::date(last, CalendarDate::new(Some(year), None, None)?, SCORE))
            }
            Period::Season(_) => {
                let year = year.checked_add(i16::try_from(distance).ok()?)?;
                Some(Read::date(last, CalendarDate::new(Some(year), None, None)?, 0.5))
            }
            // `the past decade` is no calendar decade.
            Period::Decade => None,
        }
    }

    /// `three weeks ago`, that begins with a number at `at`; as exact as the period.
    pub(super) fn ago(&self, at: usize) -> Option<Read> {
        let count: i32 = match (self.text.digits(at), self.text.sense(at)) {
            (Some(digits), _) if digits.len() <= 3 => digits.parse().ok()?,
            (None, Some(Sense::Numeral(count))) => i32::from(count),
            _ => return None,
        };
        let Some(Sense::Period(period)) = self.text.sense(at + 1) else { return None };
        if !self.text.is_word(at + 2, &["ago"]) {
            return None;
        }
        match period {
            Period::Week => {
                let day = days_from(self.today()?, -7 * count)?;
                Some(Read::date(at + 2, CalendarDate::of_day(day), SCORE))
            }
            Period::Decade => self.period(at + 2, Period::Year, -10 * count).map(|read| Read { score: 0.5, ..read }),
            Period::Day | Period::Month | Period::Quarter | Period::Year => self.period(at + 2, period, -count),
            Period::Season(_) => None,
        }
    }

    fn today(&self) -> Option<Date> {
        self.reference?.exact()
    }

    /// The nearest such weekday before or after the document's day, which counts where `today` says so.
    fn weekday(&self, weekday: u8, ahead: bool, today: bool) -> Option<Date> {
        let from = self.today()?;
        let weekday = i32::from(weekday) - i32::from(from.weekday().to_monday_one_offset());
        let distance = match (weekday, ahead) {
            (0, _) if today => 0,
            (0, true) => 7,
            (0, false) => -7,
            (days, true) => days.rem_euclid(7),
            (days, false) => days.rem_euclid(7) - 7,
        };
        days_from(from, distance)
    }
}
