//! Days of the year that have a name: `Christmas`, `Easter Monday`, `black friday 2010`.

use jiff::civil::Date;

use super::calendar::{days_from, following_year};
use super::relative::SCORE;
use super::{CalendarDate, Read, Reader};
use crate::reading::{Holiday, Period, Sense};

impl Reader<'_> {
    /// The named day that begins at the lexeme, and the index of its last lexeme.
    pub(super) fn holiday_at(&self, at: usize) -> Option<(Holiday, usize)> {
        self.text.phrase(at, |sense| if let Sense::Holiday(holiday) = sense { Some(holiday) } else { None })
    }

    /// A named day with its year, or the nearest one to the document's date.
    pub(super) fn holiday(&self, at: usize) -> Option<Read> {
        let (holiday, last) = self.holiday_at(at)?;
        // `the new year` is longer than a day, but for what is before or after it.
        let bare = self.text.is_word(last, &["year"]) && self.text.str(at).eq_ignore_ascii_case("new");
        if bare
            && !at.checked_sub(1).is_some_and(|before| self.text.is_word(before, &["before", "after", "until", "by"]))
        {
            return None;
        }
        if let Some((year, last)) = following_year(self.text, last) {
            return Some(Read::date(last, CalendarDate::of_day(day_in(holiday, year)?), 1.0));
        }
        if let Some((year, last)) = self.of_shifted_year(last + 1) {
            return Some(Read::date(last, CalendarDate::of_day(day_in(holiday, year)?), SCORE));
        }
        match (self.reference, holiday) {
            (Some(reference), _) => {
                let latest = reference.latest()?;
                let year = latest.year();
                let ahead = self.looks_ahead(at);
                let nearest =
                    (-1..=1).filter_map(|offset| day_in(holiday, year.checked_add(offset)?)).min_by_key(|day| {
                        let days = (*day - latest).get_days();
                        if (days > 0) == ahead { days.abs() } else { days.abs() * 2 }
                    });
                Some(Read::date(last, CalendarDate::of_day(nearest?), 0.8))
            }
            (None, Holiday::Fixed(month, day)) => {
                let date = CalendarDate::new(None, i8::try_from(month).ok(), i8::try_from(day).ok())?;
                Some(Read::date(last, date, 0.5))
            }
            (None, _) => None,
        }
    }

    /// `of this year`.
    fn of_shifted_year(&self, at: usize) -> Option<(i16, usize)> {
        let next = at + usize::from(self.text.is_word(at, &["of"]));
        let sense = self.text.sense(next).filter(|_| self.text.follows(next))?;
        let (Sense::Shift(distance) | Sense::Near(distance)) = sense else { return None };
        let is_year = self.text.sense(next + 1) == Some(Sense::Period(Period::Year));
        is_year.then_some((self.reference?.year?.checked_add(i16::from(distance))?, next + 1))
    }

    /// The last, this year's, or the next one.
    pub(super) fn shifted_holiday(&self, holiday: Holiday, distance: i8) -> Option<CalendarDate> {
        let today = self.reference?.latest()?;
        let days = (-1..=1).filter_map(|offset| day_in(holiday, today.year().checked_add(offset)?));
        let day = match distance {
            ..=-1 => days.filter(|day| *day < today).max(),
            0 => day_in(holiday, today.year()),
            _ => days.filter(|day| *day > today).min(),
        };
        day.map(CalendarDate::of_day)
    }
}

/// The day in a year.
fn day_in(holiday: Holiday, year: i16) -> Option<Date> {
    let small = |number: u8| i8::try_from(number).ok();
    let nth = |month: u8, weekday: u8, nth: u8| {
        let first = Date::new(year, small(month)?, 1).ok()?;
        let ahead = (i32::from(weekday) - i32::from(first.weekday().to_monday_one_offset())).rem_euclid(7);
        days_from(first, ahead + 7 * (i32::from(nth) - 1))
    };
    match holiday {
        Holiday::Fixed(month, day) => Date::new(year, small(month)?, small(day)?).ok(),
        Holiday::Easter(days) => days_from(easter(year)?, i32::from(days)),
        Holiday::Nth(month, weekday, number) => nth(month, weekday, number),
        Holiday::After(month, weekday, number, days) => days_from(nth(month, weekday, number)?, i32::from(days)),
        Holiday::Last(month, weekday) => {
            let last = Date::new(year, small(month)?, 1).ok()?.last_of_month();
            let back = (i32::from(last.weekday().to_monday_one_offset()) - i32::from(weekday)).rem_euclid(7);
            days_from(last, -back)
        }
        Holiday::Advent(number) => {
            let eve = Date::new(year, 12, 24).ok()?;
            let fourth = i32::from(eve.weekday().to_sunday_zero_offset());
            days_from(eve, -fourth - 7 * (4 - i32::from(number)))
        }
    }
}

/// Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876 (Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let (lunar, century, rest) = (year_number % 19, year_number / 100, year_number % 100);
    let shift = century - century / 4 - (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * lunar + shift + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let days = moon + weekday - 7 * ((lunar + 11 * moon + 22 * weekday) / 451) + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_move_are_computed() {
        for (holiday, year, expected) in [
            (Holiday::Easter(0), 2018, "2018-04-01"),
            (Holiday::Easter(0), 2000, "2000-04-23"),
            (Holiday::Easter(-2), 2024, "2024-03-29"),
            (Holiday::Nth(11, 4, 4), 2016, "2016-11-24"),
            (Holiday::After(11, 4, 4, 1), 2010, "2010-11-26"),
            (Holiday::Last(5, 1), 2021, "2021-05-31"),
            (Holiday::Advent(1), 2023, "2023-12-03"),
            (Holiday::Advent(4), 2023, "2023-12-24"),
        ] {
            assert_eq!(day_in(holiday, year).unwrap().to_string(), expected, "{holiday:?} {year}");
        }
    }
}
