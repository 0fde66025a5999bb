//! Days by their place in a month: `on the 27th`, `first Friday of July`, `dernier lundi de mai 2016`.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{day_at, days_from, following_year, month_at, weekday_at};
use super::relative::SCORE;
use super::spelled::day_in_words;
use super::{CalendarDate, Read, Reader};
use crate::reading::Sense;

impl Reader<'_> {
    /// `on the 27th`, `am 27.`, `el día 27`, where the sentence or its part ends there: the last such day, or the next one.
    pub(super) fn day_alone(&self, at: usize) -> Option<Read> {
        let before = at.checked_sub(1)?;
        let (day, mut last) = day_at(self.text, at)?;
        let english =
            last > at && self.text.is_word(before, &["the"]) && self.text.is_word(before.wrapping_sub(1), &["on"]);
        let german =
            self.text.is_word(before, &["am"]) && self.text.symbol(at + 1) == Some('.') && self.text.glued(at + 1);
        let named = self.text.is_word(before, &["día", "dia"]) && self.text.vocabulary.comma;
        if german && self.text.get(at + 2).is_some() {
            last = at + 1;
        }
        let next = last + 1;
        let ends = self.text.get(next).is_none()
            || matches!(self.text.symbol(next), Some('.' | ',' | ';' | '!' | '?' | ')'))
            || !self.text.follows(next);
        ((english || german || named) && ends).then_some(())?;
        let today = self.today()?;
        let in_month = |months: i64| {
            let month = today.first_of_month().checked_add(months.months()).ok()?;
            Date::new(month.year(), month.month(), day).ok()
        };
        let found = if self.looks_ahead(at) {
            (0..=2).filter_map(in_month).find(|date| *date >= today)
        } else {
            (-2..=0).rev().filter_map(in_month).find(|date| *date <= today)
        };
        Some(Read::date(last, CalendarDate::of_day(found?), 0.7))
    }

    /// `first Friday of July`, `last Sunday in May 2016`, `ersten Montag im Mai`.
    pub(super) fn weekday_of_month(&self, at: usize) -> Option<Read> {
        let ordinal = day_in_words(self.text, at).filter(|_| matches!(self.text.sense(at), Some(Sense::Ordinal(_))));
        let digits = || day_at(self.text, at).filter(|(_, last)| *last > at);
        let is_last = self.text.is_word(at, &["last", "letzten", "letzter", "dernier", "último", "última"]);
        let (place, end) = ordinal.or_else(digits).or_else(|| is_last.then_some((0, at)))?;
        let (weekday, last) = weekday_at(self.text, end + 1).filter(|_| place <= 5 && self.text.follows(end + 1))?;
        let of = self.text.is_word(last + 1, &["of", "in", "im", "de", "en", "do", "des"]);
        let (month, last) = month_at(self.text, last + 2).filter(|_| of)?;
        let stated = following_year(self.text, last);
        let nearest =
            || CalendarDate::new(None, Some(month), None)?.nearest(self.reference?, self.looks_ahead(at))?.year;
        let (year, last) = stated.or_else(|| Some((nearest()?, last)))?;
        let first = Date::new(year, month, 1).ok()?;
        let day = if place == 0 {
            let end = first.last_of_month();
            let back = i32::from(end.weekday().to_monday_one_offset()) - i32::from(weekday);
            days_from(end, -back.rem_euclid(7))?
        } else {
            let ahead = i32::from(weekday) - i32::from(first.weekday().to_monday_one_offset());
            days_from(first, ahead.rem_euclid(7) + 7 * (i32::from(place) - 1))?
        };
        (day.month() == month).then(|| Read::date(last, CalendarDate::of_day(day), SCORE))
    }
}
