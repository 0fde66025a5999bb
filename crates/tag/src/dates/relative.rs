//! Dates that only the document's own date makes one: `yesterday`, `last month`, `Tuesday`, `monday of the following week`.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{day_at, days_from, weekday_at};
use super::numeric::slashed;
use super::spelled::day_in_words;
use super::{CalendarDate, Read, Reader, year_at};
use crate::reading::{Period, Sense, is_ideograph};

/// How sure a date is that rests on the document's date.
pub(super) const SCORE: f64 = 0.9;

/// A word that shifts a period or a weekday.
#[derive(Debug, Clone, Copy)]
struct Shift {
    distance: i8,
    /// Whether a weekday is the nearest one rather than one of another week.
    nearest: bool,
}

impl Reader<'_> {
    /// A date by its distance from the document's, that begins at the word `at`.
    pub(super) fn relative(&self, at: usize) -> Option<Read> {
        if let Some((days, last)) = self.named_day(at) {
            return Some(Read::date(last, CalendarDate::of_day(days_from(self.today()?, i32::from(days))?), SCORE));
        }
        // `Viernes Santo` is more than a Friday, and `last Friday of May` another one than the last.
        self.span_from(at)
            .or_else(|| self.holiday(at))
            .or_else(|| self.weekday_of_month(at))
            .or_else(|| self.shifted(at))
            .or_else(|| self.weekday_read(at))
            .or_else(|| self.shifted_behind(at))
            .or_else(|| self.part(at))
            .or_else(|| self.of_year(at))
            .or_else(|| self.age_of_history(at))
            .or_else(|| self.day_of_shifted_month(at))
    }

    /// `yesterday`, `day after tomorrow`, `mañana`.
    pub(super) fn named_day(&self, at: usize) -> Option<(i8, usize)> {
        let phrase = self.text.phrase(at, |sense| if let Sense::Day(days) = sense { Some(days) } else { None });
        let (days, last) = match (self.text.sense(at), phrase) {
            (_, Some(found)) if found.1 > at => found,
            (Some(Sense::Day(days)), _) => (days, at),
            (_, Some(found)) => found,
            _ => return None,
        };
        // `morgen`, `mañana`: the morning, where an article or another day stands before it.
        let word = self.text.str(at);
        let ambiguous = last == at && matches!(word, "morgen" | "Morgen" | "mañana" | "Mañana");
        let morning = at.checked_sub(1).is_some_and(|before| {
            self.text.is_word(
                before,
                &["am", "guten", "jeden", "heute", "gestern", "la", "esta", "cada", "una", "einem", "diesem"],
            )
        });
        let behind = self.text.is_word(at.wrapping_sub(1), &["pasado"]) && word == "mañana";
        (!(ambiguous && (morning || behind || word == "Morgen"))).then_some((days, last))
    }

    fn shift_at(&self, at: usize) -> Option<Shift> {
        match self.text.sense(at)? {
            Sense::Shift(distance) => Some(Shift { distance, nearest: false }),
            Sense::Near(distance) => Some(Shift { distance, nearest: true }),
            Sense::Following => Some(Shift { distance: 1, nearest: false }),
            _ => None,
        }
    }

    /// A word behind its noun that shifts it, with the index of its last lexeme.
    fn behind_at(&self, at: usize) -> Option<(i8, usize)> {
        let meant = |sense| if let Sense::Behind(distance) = sense { Some(distance) } else { None };
        self.text.phrase(at, meant).filter(|_| self.text.follows(at))
    }

    /// `last year`, `this month`, `next Tuesday`, `this upcoming Friday`, `next week Wednesday`.
    pub(super) fn shifted(&self, at: usize) -> Option<Read> {
        let mut shift = self.shift_at(at)?;
        let mut target = at + 1;
        if let Some(second) = self.shift_at(target).filter(|_| self.text.follows(target)) {
            shift = second;
            target += 1;
        }
        if !self.text.follows(target) {
            return None;
        }
        if let Some((weekday, last)) = weekday_at(self.text, target) {
            // `this Friday, June 15`.
            if let Some(read) = self.calendar(target).filter(|read| read.last > last) {
                return Some(read);
            }
            let day = self.shifted_weekday(weekday, shift, at)?;
            return Some(Read::date(last, CalendarDate::of_day(day), SCORE));
        }
        if let Some((holiday, last)) = self.holiday_at(target) {
            return Some(Read::date(last, self.shifted_holiday(holiday, shift.distance)?, SCORE));
        }
        // `next 5/12`.
        if let Some(found) = slashed(self.text, target, self.day_first) {
            return Some(Read::date(found.last, self.shifted_month(found.date, shift.distance)?, SCORE));
        }
        match self.text.sense(target)? {
            Sense::Month(month) => {
                let date = CalendarDate::new(None, i8::try_from(month).ok(), None)?;
                Some(Read::date(target, self.shifted_month(date, shift.distance)?, SCORE))
            }
            Sense::Period(Period::Week) => {
                let dash = usize::from(matches!(self.text.symbol(target + 1), Some('-' | ',')));
                if let Some((weekday, last)) = weekday_at(self.text, target + 1 + dash) {
                    let day = self.day_of_week(weekday, i32::from(shift.distance))?;
                    return Some(Read::date(last, CalendarDate::of_day(day), SCORE));
                }
                if self.text.sense(at) == Some(Sense::Following) {
                    return None;
                }
                self.period(target, Period::Week, i32::from(shift.distance))
            }
            // `the following year` is seen from the time that is told of.
            Sense::Period(_) if self.text.sense(at) == Some(Sense::Following) => None,
            Sense::Period(Period::Month) => {
                // `next month 20th`.
                let the = usize::from(self.text.is_word(target + 1, &["the"]));
                let day = day_at(self.text, target + 1 + the).filter(|(_, last)| *last > target + 1 + the);
                match day.filter(|_| self.text.follows(target + 1)) {
                    Some((day, last)) => {
                        let first = self.today()?.first_of_month();
                        let month = first.checked_add(i64::from(shift.distance).months()).ok()?;
                        let date = CalendarDate::new(Some(month.year()), Some(month.month()), Some(day))?;
                        Some(Read::date(last, date, SCORE))
                    }
                    None => self.period(target, Period::Month, i32::from(shift.distance)),
                }
            }
            Sense::Period(period) => self.period(target, period, i32::from(shift.distance)),
            _ => None,
        }
    }

    fn shifted_month(&self, date: CalendarDate, distance: i8) -> Option<CalendarDate> {
        let reference = self.reference?;
        match distance {
            ..=-1 => date.last_before(reference),
            0 => date.nearest(reference, false),
            _ => date.last_before(reference).and_then(|date| date.in_year(date.year?.checked_add(1)?)),
        }
    }

    fn shifted_weekday(&self, weekday: u8, shift: Shift, at: usize) -> Option<Date> {
        match (shift.distance, shift.nearest) {
            (0, _) => {
                let day = self.day_of_week(weekday, 0)?;
                if day < self.today()? && self.looks_ahead(at) { days_from(day, 7) } else { Some(day) }
            }
            // `last Tuesday`, said on a Tuesday, is not today.
            (distance, true) => self.weekday(weekday, distance > 0, false),
            (distance, false) => self.day_of_week(weekday, i32::from(distance)),
        }
    }

    /// The weekday of the week that is `weeks` from the present one.
    fn day_of_week(&self, weekday: u8, weeks: i32) -> Option<Date> {
        let today = self.today()?;
        let monday = -i32::from(today.weekday().to_monday_zero_offset()) + 7 * weeks;
        days_from(today, monday + i32::from(weekday) - 1)
    }

    /// `Tuesday`, `tuesday of next week`, `Monday two weeks from now`, `vendredi prochain`, `Monday 21`.
    fn weekday_read(&self, at: usize) -> Option<Read> {
        let (weekday, last) = weekday_at(self.text, at)?;
        let read = |last, day| Read::date(last, CalendarDate::of_day(day), SCORE);
        if let Some((distance, end)) = self.behind_at(last + 1) {
            return Some(read(end, self.weekday(weekday, distance > 0, false)?));
        }
        if let Some((weeks, end)) = self.week_behind(last + 1) {
            return Some(read(end, self.day_of_week(weekday, weeks)?));
        }
        if let Some((day, end)) = self.in_some_time(last + 1) {
            let monday = days_from(day, -i32::from(day.weekday().to_monday_zero_offset()))?;
            return Some(read(end, days_from(monday, i32::from(weekday) - 1)?));
        }
        if let Some((day, end)) = self.day_behind(weekday, last + 1) {
            return Some(read(end, day));
        }
        // An abbreviation may be any word: `sun`, `Sat`, `Wed`.
        let name = self.text.word(at).filter(|name| name.len() >= 5)?;
        let capital = name.starts_with(char::is_uppercase)
            || name.starts_with(['l', 'm', 'j', 'v', 's', 'd', 'q', 't', 'п', 'в', 'с', 'ч'])
            || name.starts_with(is_ideograph);
        if !capital {
            return None;
        }
        let day = self.weekday(weekday, self.looks_ahead(at), true)?;
        Some(Read::date(last, CalendarDate::of_day(day), 0.8))
    }

    /// `of next week`, `nächster Woche`, `de la semaine prochaine`: how many weeks away, and the index of the last lexeme.
    fn week_behind(&self, at: usize) -> Option<(i32, usize)> {
        let mut next = at;
        while next < at + 3 && self.text.is_word(next, &["of", "the", "in", "de", "la", "da", "der"]) {
            next += 1;
        }
        if !self.text.follows(next) {
            return None;
        }
        if let Some(shift) = self.shift_at(next) {
            let is_week = self.text.sense(next + 1) == Some(Sense::Period(Period::Week));
            return is_week.then_some((i32::from(shift.distance), next + 1));
        }
        let is_week = self.text.sense(next) == Some(Sense::Period(Period::Week));
        let (distance, last) = is_week.then(|| self.behind_at(next + 1)).flatten()?;
        Some((i32::from(distance), last))
    }

    /// `21` or `the eleventh` behind a weekday: the day of this month or of those beside it that is such a weekday.
    fn day_behind(&self, weekday: u8, at: usize) -> Option<(Date, usize)> {
        let the = usize::from(self.text.is_word(at, &["the", "den", "le", "el", "dia", "día"]));
        let next = at + the;
        let (day, last) = day_at(self.text, next)
            .or_else(|| day_in_words(self.text, next).filter(|_| the == 1))
            .filter(|_| self.text.follows(next))?;
        let ends = self.text.get(last + 1).is_none()
            || matches!(self.text.symbol(last + 1), Some('.' | ',' | ';' | '!' | '?' | ')'))
            || the == 1;
        let first = self.today()?.first_of_month();
        ends.then_some(())?;
        [0, 1, -1].into_iter().find_map(|months: i64| {
            let month = first.checked_add(months.months()).ok()?;
            let date = Date::new(month.year(), month.month(), day).ok()?;
            (date.weekday().to_monday_one_offset() == i8::try_from(weekday).ok()?).then_some((date, last))
        })
    }

    /// `semaine dernière`, `mes pasado`, `mês que vem`.
    fn shifted_behind(&self, at: usize) -> Option<Read> {
        let (distance, last) = self.behind_at(at + 1)?;
        match self.text.sense(at)? {
            Sense::Period(period) => self.period(last, period, i32::from(distance)),
            Sense::Month(month) => {
                let date = CalendarDate::new(None, i8::try_from(month).ok(), None)?;
                Some(Read::date(last, self.shifted_month(date, distance)?, SCORE))
            }
            _ => None,
        }
    }

    /// `end of 2000`, `later this month`, `fin de l'année`: as exact as what it is a part of.
    fn part(&self, at: usize) -> Option<Read> {
        let phrase = self.text.phrase_of(at, Sense::Part);
        let last = phrase.or_else(|| (self.text.sense(at) == Some(Sense::Part)).then_some(at))?;
        let mut next = last + 1;
        let mut article = matches!(
            self.text.str(last),
            "the" | "des" | "der" | "du" | "del" | "do" | "da" | "'" | "’" | "dieses" | "al"
        );
        while next < last + 4
            && (self.text.is_word(next, &["of", "in", "the", "del", "de", "la", "l"])
                || self.text.is_word(next, &["year"]) && year_at(self.text, next + 1).is_some()
                || matches!(self.text.symbol(next), Some('-' | '’' | '\'')) && self.text.glued(next))
        {
            article |= self.text.is_word(next, &["the", "la", "l", "del"]);
            next += 1;
        }
        if !self.text.follows(next) {
            return None;
        }
        if let Some(year) = year_at(self.text, next) {
            let counts =
                self.text.glued(next + 1) && !matches!(self.text.symbol(next + 1), Some('.' | ',' | ';' | ')' | ':'));
            return (!counts).then(|| Some(Read::date(next, CalendarDate::new(Some(year), None, None)?, SCORE)))?;
        }
        if let Some(read) = self.shifted(next).filter(|_| self.shift_at(next).is_some()) {
            return Some(read);
        }
        match self.text.sense(next)? {
            Sense::Period(period @ (Period::Week | Period::Month | Period::Quarter | Period::Year))
                if article || self.text.is_word(next, &["year"]) && self.text.str(last) == "of" =>
            {
                if let Some(read) = self.shifted_behind(next) {
                    return Some(read);
                }
                self.period(next, period, 0)
            }
            _ => None,
        }
    }

    /// `21st this month`, `15th day of next month`.
    pub(super) fn day_of_shifted_month(&self, at: usize) -> Option<Read> {
        let (day, last) = day_at(self.text, at).or_else(|| day_in_words(self.text, at))?;
        let ordinal = last > at || !matches!(self.text.sense(at), None | Some(Sense::Numeral(_)));
        let mut next = last + 1;
        next += usize::from(self.text.is_word(next, &["day", "dia", "día"]));
        next += usize::from(self.text.is_word(next, &["of", "de", "do", "du"]));
        let shift = self.shift_at(next).filter(|_| ordinal && self.text.follows(next))?;
        if self.text.sense(next + 1) != Some(Sense::Period(Period::Month)) {
            return None;
        }
        let month = self.today()?.first_of_month().checked_add(i64::from(shift.distance).months()).ok()?;
        let date = CalendarDate::new(Some(month.year()), Some(month.month()), Some(day))?;
        Some(Read::date(next + 1, date, SCORE))
    }

    pub(super) fn today(&self) -> Option<Date> {
        self.reference?.exact()
    }

    /// The nearest such weekday before or after the document's day, which counts where `today` says so.
    pub(super) fn weekday(&self, weekday: u8, ahead: bool, today: bool) -> Option<Date> {
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
