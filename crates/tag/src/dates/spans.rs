//! Dates by a span of time: `three weeks ago`, `in two years`, `il y a deux ans`, `2 weeks before Christmas`; and the periods
//! that are counted from the present one.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::days_from;
use super::relative::SCORE;
use super::{CalendarDate, Read, Reader};
use crate::reading::{Period, Sense, spelled};

/// A number of periods.
#[derive(Debug, Clone, Copy)]
struct Span {
    count: i32,
    period: Period,
    /// Index of its last lexeme.
    last: usize,
}

impl Reader<'_> {
    /// A date by its distance from the document's or from another one, that begins at `at`.
    pub(super) fn span_from(&self, at: usize) -> Option<Read> {
        self.lead(at).or_else(|| self.single(at)).or_else(|| {
            let span = self.span(at)?;
            self.trail(span).or_else(|| self.anchored(span))
        })
    }

    /// `the day after Christmas`, `the week before May 3`.
    fn single(&self, at: usize) -> Option<Read> {
        let Some(Sense::Period(period @ (Period::Day | Period::Week))) = self.text.sense(at) else { return None };
        let article = self.text.is_word(at.checked_sub(1)?, &["the", "le", "la", "el", "am", "der", "o", "no", "na"]);
        article.then(|| self.anchored(Span { count: 1, period, last: at })).flatten()
    }

    /// `three weeks ago`.
    fn trail(&self, span: Span) -> Option<Read> {
        let meant = |sense| if let Sense::Trail(way) = sense { Some(way) } else { None };
        let (way, last) = self.text.phrase(span.last + 1, meant).filter(|_| self.text.follows(span.last + 1))?;
        // `two years from now` are counted from the day.
        let exact =
            || Some(Read::date(last, CalendarDate::of_day(offset(self.today()?, span.period, span.count)?), SCORE));
        if way > 0 { exact() } else { self.distant(span, way, last) }
    }

    /// `in two weeks`, `vor drei Tagen`, `hace dos años`.
    fn lead(&self, at: usize) -> Option<Read> {
        let meant = |sense| if let Sense::Lead(way) = sense { Some(way) } else { None };
        let (way, last) = self.text.phrase(at, meant)?;
        let span = self.span(last + 1).filter(|_| self.text.follows(last + 1))?;
        if self.text.is_word(at, &["in"]) && self.is_stretch(at, span) {
            return None;
        }
        // `in a fortnight's time`.
        self.distant(span, way, span.last)
    }

    /// Whether `in` and a span of time say how long something took: `the first time in two years`, `in two days of talks`. Of months
    /// and years they do, unless the words before look ahead.
    fn is_stretch(&self, at: usize, span: Span) -> bool {
        const BEFORE: &[&str] = &[
            "time", "times", "first", "second", "third", "once", "twice", "only", "mal", "worst", "best", "all",
            "done", "even",
        ];
        let is_long = !matches!(span.period, Period::Day | Period::Week | Period::Fortnight);
        is_long && !self.looks_ahead(at)
            || self.text.is_word(span.last + 1, &["of"])
            || (at.saturating_sub(3)..at).any(|before| {
                let word = self.text.word(before).unwrap_or_default();
                self.text.is_word(before, BEFORE) || word.len() > 5 && word.ends_with("est")
            })
    }

    /// `2 weeks before Christmas`, `two months after next Friday`.
    fn anchored(&self, span: Span) -> Option<Read> {
        let meant = |sense| if let Sense::Anchor(way) = sense { Some(way) } else { None };
        let (way, last) = self.text.phrase(span.last + 1, meant).filter(|_| self.text.follows(span.last + 1))?;
        let mut next = last + 1;
        next += usize::from(self.text.is_word(next, &["the", "le", "el", "dem", "o"]));
        let (anchor, end) = self.moment(next).filter(|_| self.text.follows(next))?;
        let date = offset(anchor, span.period, span.count * i32::from(way))?;
        Some(Read::date(end, CalendarDate::of_day(date), SCORE))
    }

    /// A day that a span of time may be counted from.
    fn moment(&self, at: usize) -> Option<(Date, usize)> {
        if let Some((days, last)) = self.named_day(at) {
            return Some((days_from(self.today()?, i32::from(days))?, last));
        }
        let read = self.calendar(at).or_else(|| self.shifted(at)).or_else(|| self.holiday(at))?;
        let date = CalendarDate::from_iso(read.value["date"].as_str()?)?;
        Some((date.exact()?, read.last))
    }

    /// `two weeks from now` behind a weekday.
    pub(super) fn in_some_time(&self, at: usize) -> Option<(Date, usize)> {
        if !self.text.follows(at) {
            return None;
        }
        let read = self.span_from(at)?;
        let date = CalendarDate::from_iso(read.value["date"].as_str()?)?;
        Some((date.exact()?, read.last))
    }

    /// The date that is `span` away, as exact as its period.
    fn distant(&self, span: Span, way: i8, last: usize) -> Option<Read> {
        let count = span.count * i32::from(way);
        match span.period {
            Period::Day | Period::Week | Period::Fortnight => {
                let day = offset(self.today()?, span.period, count)?;
                Some(Read::date(last, CalendarDate::of_day(day), SCORE))
            }
            Period::Decade => self.period(last, Period::Year, 10 * count).map(|read| Read { score: 0.5, ..read }),
            Period::Month | Period::Quarter | Period::Year => self.period(last, span.period, count),
            Period::Weekend | Period::HalfYear | Period::Season(_) => None,
        }
    }

    /// A number of periods: `three weeks`, `a fortnight`.
    fn span(&self, at: usize) -> Option<Span> {
        let digits = self.text.digits(at).filter(|digits| digits.len() <= 3).and_then(|digits| digits.parse().ok());
        let article = || self.text.is_word(at, &["a", "an"]).then_some((1, at));
        let (count, number) = digits
            .map(|count| (count, at))
            .or_else(|| spelled(self.text, at).map(|(count, last)| (i32::from(count), last)))
            .or_else(article)?;
        let last = number + 1;
        let Some(Sense::Period(period)) = self.text.sense(last).filter(|_| self.text.follows(last)) else {
            return None;
        };
        (count <= 1000).then_some(Span { count, period, last })
    }

    /// The period that is `distance` periods from the present one.
    pub(super) fn period(&self, last: usize, period: Period, distance: i32) -> Option<Read> {
        let reference = self.reference?;
        let year = reference.year?;
        let days = |from, to| Some(Read::range(last, CalendarDate::of_day(from), CalendarDate::of_day(to), SCORE));
        let month = |date| CalendarDate { day: None, ..CalendarDate::of_day(date) };
        let monday = |today: Date| days_from(today, -i32::from(today.weekday().to_monday_zero_offset()) + 7 * distance);
        match period {
            // `the last day` and `the next day` are seen from what is told of.
            Period::Day if distance == 0 => Some(Read::date(last, CalendarDate::of_day(self.today()?), SCORE)),
            Period::Week => {
                let monday = monday(self.today()?)?;
                days(monday, days_from(monday, 6)?)
            }
            Period::Weekend => {
                let monday = monday(self.today()?)?;
                days(days_from(monday, 5)?, days_from(monday, 6)?)
            }
            Period::Month => {
                let date = Date::new(year, reference.month?, 1).ok()?.checked_add(distance.months()).ok()?;
                Some(Read::date(last, month(date), SCORE))
            }
            Period::Quarter | Period::HalfYear => {
                let length = if period == Period::Quarter { 3 } else { 6 };
                let first = Date::new(year, (reference.month? - 1) / length * length + 1, 1).ok()?;
                let start = first.checked_add((i32::from(length) * distance).months()).ok()?;
                let end = start.checked_add((length - 1).months()).ok()?;
                Some(Read::range(last, month(start), month(end), SCORE))
            }
            Period::Year => {
                let year = year.checked_add(i16::try_from(distance).ok()?)?;
                Some(Read::date(last, CalendarDate::new(Some(year), None, None)?, SCORE))
            }
            Period::Season(season) => {
                // `next fall`, said in spring, is the one of the same year.
                let month = reference.month?;
                let begins = i8::try_from(season).ok()? * 3 + 3;
                let distance = match distance {
                    1.. if month < begins => distance - 1,
                    ..=-1 if month > begins + 2 => distance + 1,
                    _ => distance,
                };
                let year = year.checked_add(i16::try_from(distance).ok()?)?;
                Some(Read::date(last, CalendarDate::new(Some(year), None, None)?, 0.5))
            }
            // `the past decade` is no calendar decade.
            Period::Decade | Period::Fortnight | Period::Day => None,
        }
    }
}

/// The day that is `count` periods from `date`.
fn offset(date: Date, period: Period, count: i32) -> Option<Date> {
    match period {
        Period::Day => days_from(date, count),
        Period::Week => days_from(date, 7 * count),
        Period::Fortnight => days_from(date, 14 * count),
        Period::Month => date.checked_add(count.months()).ok(),
        Period::Quarter => date.checked_add((3 * count).months()).ok(),
        Period::HalfYear => date.checked_add((6 * count).months()).ok(),
        Period::Year => date.checked_add(count.years()).ok(),
        Period::Decade => date.checked_add((10 * count).years()).ok(),
        Period::Weekend | Period::Season(_) => None,
    }
}
