//! Dates and times in Chinese and Japanese: `2024年3月15日`, `3月15号`, `二〇二四年三月`, `令和6年`, `下午3点半`, `午後3時30分`.

use serde_json::json;

use super::{CalendarDate, Read, Reader};
use crate::reading::{Lexemes, small};

/// Names of eras with the year before their first.
const ERAS: &[(&str, i16)] =
    &[("令和", 2018), ("平成", 1988), ("昭和", 1925), ("大正", 1911), ("明治", 1867), ("民国", 1911), ("民國", 1911)];

impl Reader<'_> {
    /// The date or time that begins at the lexeme, where the language is written without spaces.
    pub(super) fn ideographic(&self, at: usize) -> Option<Read> {
        if !self.text.vocabulary.is_without_spaces() {
            return None;
        }
        time_at(self.text, at).or_else(|| self.ideographic_date(at))
    }

    fn ideographic_date(&self, at: usize) -> Option<Read> {
        let text = self.text;
        let year = year(text, at);
        let month = match year {
            Some((_, last)) => counted(text, last + 1, &["月"]),
            None => counted(text, at, &["月"]),
        };
        let month = month.and_then(|(month, last)| Some((i8::try_from(month).ok()?, last)));
        let day = month.and_then(|(_, last)| counted(text, last + 1, &["日", "号", "號"]));
        let day = day.and_then(|(day, last)| Some((i8::try_from(day).ok()?, last)));
        let last = day.or(month).map(|(_, last)| last).or(year.map(|(_, last)| last));
        let Some(last) = last else { return self.day_of_this_month(at) };
        let date =
            CalendarDate::new(year.map(|(year, _)| year), month.map(|(month, _)| month), day.map(|(day, _)| day))?;
        match (date.year, self.reference) {
            (Some(_), _) => Some(Read::date(last, date, 1.0)),
            (None, Some(reference)) => Some(Read::date(last, date.nearest(reference, self.looks_ahead(at))?, 0.9)),
            (None, None) => Some(Read::date(last, date, 0.5)),
        }
    }

    /// `15日`, as news say it of the month that they were written in, or of the one before.
    fn day_of_this_month(&self, at: usize) -> Option<Read> {
        let (day, last) = counted(self.text, at, &["日"])?;
        // `15日前` and `15日から` are from that day on, `第15日` is a place in an order.
        let ordinal = at > 0 && self.text.glued(at) && self.text.str(at - 1) == "第";
        let reference = self.reference.filter(|_| !ordinal)?;
        let day = i8::try_from(day).ok()?;
        let (year, month) = (reference.year?, reference.month?);
        let (year, month) = match (reference.day.is_some_and(|today| day > today), month) {
            (false, month) => (year, month),
            (true, 1) => (year - 1, 12),
            (true, month) => (year, month - 1),
        };
        Some(Read::date(last, CalendarDate::new(Some(year), Some(month), Some(day))?, 0.7))
    }
}

/// The number at the lexeme that one of these words stands behind, and the index of the word.
fn counted(text: Lexemes<'_>, at: usize, words: &[&str]) -> Option<(u16, usize)> {
    let (number, last) = small(text, at)?;
    let next = last + 1;
    (text.follows(next) && words.contains(&text.str(next))).then_some((number, next))
}

/// The year that begins at the lexeme, of four digits or of an era, and the index of its last lexeme.
fn year(text: Lexemes<'_>, at: usize) -> Option<(i16, usize)> {
    if let Some((_, before)) = ERAS.iter().find(|(era, _)| text.str(at) == *era) {
        // The first year of an era is called `元年`.
        let first = || Some((1, at + 2)).filter(|_| text.str(at + 1) == "元" && text.str(at + 2) == "年");
        let (number, last) = counted(text, at + 1, &["年"]).filter(|(number, _)| *number < 150).or_else(first)?;
        return Some((before + i16::try_from(number).ok()?, last));
    }
    let (year, last) = counted(text, at, &["年"])?;
    let year = i16::try_from(year).ok().filter(|year| (1000..2200).contains(year))?;
    Some((year, last))
}

/// Words before an hour: whether it is one of the afternoon.
const HALVES: &[(&str, bool)] = &[
    ("上午", false),
    ("早上", false),
    ("凌晨", false),
    ("清晨", false),
    ("中午", true),
    ("下午", true),
    ("傍晚", true),
    ("晚上", true),
    ("午前", false),
    ("午後", true),
];

fn time_at(text: Lexemes<'_>, at: usize) -> Option<Read> {
    let half = HALVES.iter().find(|(word, _)| text.str(at) == *word);
    let first = at + usize::from(half.is_some());
    let (hour, mut last) = counted(text, first, &["点", "點", "时", "時"])?;
    let hour = u8::try_from(hour).ok().filter(|hour| *hour <= 24)?;
    let minute = match counted(text, last + 1, &["分"]) {
        Some((minute, end)) => {
            last = end;
            u8::try_from(minute).ok().filter(|minute| *minute < 60)?
        }
        None if text.str(last + 1) == "半" => {
            last += 1;
            30
        }
        // `3点建议` are three points, `3時` is an hour.
        None if half.is_none() && matches!(text.str(last), "点" | "點" | "时") => return None,
        None => 0,
    };
    let hour = match half {
        Some((_, true)) if hour < 12 => hour + 12,
        _ => hour,
    };
    let value = json!({ "time": format!("{hour:02}:{minute:02}") });
    Some(Read { kind: "time", last, value, score: 1.0 })
}
