//! Times of day: `7:30 a.m.`, `22:10`, `7 p.m.`, `14h30`, `14.30 Uhr`, `las tres de la tarde`, `noon`; with their zone.

use serde_json::json;

use super::Read;
use super::fractions::{Clock, part_before_hour, part_behind_hour};
use super::zones::zone_at;
use crate::reading::{Lexemes, Sense, spelled};

/// The time that begins at the lexeme `at`, with the zone behind it.
pub(super) fn time_at(text: Lexemes<'_>, at: usize) -> Option<Read> {
    let mut found = clock_at(text, at)?;
    let behind_half = text.is_word(found.last, &["am", "pm", "m"]) || text.symbol(found.last) == Some('.');
    if let Some(zone) = zone_at(text, found.last + 1, behind_half)
        && let Some(value) = found.value.as_object_mut()
    {
        value.insert("zone".to_owned(), zone.name.into());
        value.extend(zone.offset.map(|offset| ("offset".to_owned(), offset.into())));
        found.last = zone.last;
    }
    Some(found)
}

fn clock_at(text: Lexemes<'_>, at: usize) -> Option<Read> {
    if let Some(clock) = part_before_hour(text, at) {
        return Some(in_daytime(text, clock));
    }
    if at > 0
        && text.is_word(at - 1, BEFORE_HOUR)
        && let Some(clock) = part_behind_hour(text, at)
    {
        return Some(in_daytime(text, clock));
    }
    if let Some(Sense::Hour(hour)) = text.sense(at) {
        return Some(read(at, hour, 0));
    }
    if let Some((hour, last)) = text.phrase(at, |sense| if let Sense::Hour(hour) = sense { Some(hour) } else { None }) {
        return Some(read(last, hour, 0));
    }
    if at > 0 && text.glued(at) && matches!(text.symbol(at - 1), Some(':' | '.' | '/' | '-' | '$')) {
        return None;
    }
    if let Some((hour, last)) = spelled(text, at) {
        return with_daytime(text, at, u8::try_from(hour).ok()?, 0, last);
    }
    // `14.30 Uhr`.
    if let Some((hour, minute)) = text.number(at).and_then(|number| number.split_once('.')) {
        let minute = minute.parse().ok().filter(|_| minute.len() == 2)?;
        return with_daytime(text, at, hour.parse().ok()?, minute, at);
    }
    // `12 noon`.
    if text.digits(at) == Some("12") && text.follows(at + 1) && text.is_word(at + 1, &["noon", "midnight"]) {
        return clock_at(text, at + 1);
    }
    let hour: u8 = text.digits(at).filter(|digits| digits.len() <= 2)?.parse().ok().filter(|hour| *hour <= 24)?;
    let colon = text.symbol(at + 1) == Some(':') && text.glued(at + 1) && text.glued(at + 2);
    let letter = text.is_word(at + 1, &["h"]) && text.glued(at + 1) && text.glued(at + 2);
    let introduced = at > 0 && text.is_word(at - 1, BEFORE_HOUR) || text.is_word(at + 1, &["Uhr"]);
    let set_apart =
        introduced && text.is_word(at + 1, &["h", "heures", "Uhr"]) && text.follows(at + 1) && text.follows(at + 2);
    let minutes = text.digits(at + 2).filter(|digits| (colon || letter || set_apart) && digits.len() == 2);
    let minute = match minutes {
        Some(minutes) => minutes.parse().ok().filter(|minute| *minute < 60)?,
        None => 0,
    };
    let mut last = if minutes.is_some() { at + 2 } else { at };
    // Seconds are part of it, but say too little to be kept.
    if minutes.is_some()
        && text.symbol(last + 1) == Some(':')
        && text.digits(last + 2).is_some_and(|digits| digits.len() == 2)
    {
        last += 2;
    }
    if let Some((afternoon, end)) = half_of_day(text, last + 1) {
        return Some(read(end, in_half(hour, afternoon)?, minute));
    }
    if let Some(found) = with_daytime(text, at, hour, minute, last) {
        return Some(found);
    }
    if minutes.is_none() || hour > 23 || is_verse(text, at) {
        return None;
    }
    Some(read(last, hour, minute))
}

/// Words before an hour that say that it is one, where the word behind it may be a span of time too: `à 14 heures`.
const BEFORE_HOUR: &[&str] = &["à", "vers", "dès", "las", "la", "às", "as", "gegen"];

/// A time by the parts of an hour, with what says behind it which half of the day it is.
fn in_daytime(text: Lexemes<'_>, (hour, minute, last): Clock) -> Read {
    let daytime = |sense| if let Sense::Daytime(half @ (0 | 12)) = sense { Some(half == 12) } else { None };
    let half = text.phrase(last + 1, daytime).or_else(|| half_of_day(text, last + 1));
    if let Some((afternoon, end)) = half.filter(|_| text.follows(last + 1))
        && let Some(hour) = in_half(hour, afternoon)
    {
        return read(end, hour, minute);
    }
    read(last, hour, minute)
}

/// The time with what says behind it which half of the day it is, or that it is a time.
fn with_daytime(text: Lexemes<'_>, first: usize, hour: u8, minute: u8, last: usize) -> Option<Read> {
    let next = last + 1;
    if !text.follows(next) || minute > 59 {
        return None;
    }
    // `trois heures et demie` that is no time is none without its half either.
    if text.phrase(next, |sense| matches!(sense, Sense::MinutesBehind(_)).then_some(())).is_some() {
        return None;
    }
    let daytime = text.phrase(next, |sense| if let Sense::Daytime(half) = sense { Some(half) } else { None });
    let introduced = first.checked_sub(1).is_some_and(|before| text.is_word(before, BEFORE_HOUR));
    match daytime {
        Some((half @ (0 | 12), end)) if hour <= 12 => Some(read(end, in_half(hour, half == 12)?, minute)),
        Some((24, end)) if hour < 24 => {
            let sure = text.is_word(next, &["Uhr", "o"]) || introduced || minute > 0;
            sure.then(|| read(end, hour, minute))
        }
        None if introduced && text.is_word(next, &["h"]) && hour < 24 && text.word(next) == Some("h") => {
            Some(read(next, hour, minute))
        }
        _ => None,
    }
}

/// The hour of 24 that an hour of twelve is.
fn in_half(hour: u8, afternoon: bool) -> Option<u8> {
    match (hour, afternoon) {
        (12, false) => Some(0),
        (12, true) => Some(12),
        (1..=11, true) => Some(hour + 12),
        (1..=11, false) => Some(hour),
        _ => None,
    }
}

/// Whether the word before says that two numbers with a colon are a place in a book, or a result.
fn is_verse(text: Lexemes<'_>, at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|before| text.is_word(before, &["verse", "verses", "won", "lost", "ratio", "score", "odds"]))
}

/// `a.m.` or `p.m.`: whether it is the afternoon, and the index of the last lexeme.
fn half_of_day(text: Lexemes<'_>, at: usize) -> Option<(bool, usize)> {
    if !text.follows(at) {
        return None;
    }
    let word = text.word(at)?;
    if word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm") {
        return Some((word.starts_with(['p', 'P']), at));
    }
    let dotted = (word.eq_ignore_ascii_case("a") || word.eq_ignore_ascii_case("p"))
        && text.symbol(at + 1) == Some('.')
        && text.glued(at + 1)
        && text.is_word(at + 2, &["m"])
        && text.glued(at + 2);
    let period = text.symbol(at + 3) == Some('.') && text.glued(at + 3);
    dotted.then_some((word.starts_with(['p', 'P']), if period { at + 3 } else { at + 2 }))
}

fn read(last: usize, hour: u8, minute: u8) -> Read {
    let value = json!({ "time": format!("{hour:02}:{minute:02}") });
    Read { kind: "time", last, value, score: 1.0 }
}
