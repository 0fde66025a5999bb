//! Times by the parts of an hour: `half past three`, `halb drei`, `Viertel nach acht`, `las tres y media`.

use crate::reading::{Lexemes, Sense};

/// An hour and minute, and the index of the last lexeme.
pub(super) type Clock = (u8, u8, usize);

/// The time that begins at the lexeme `at` with the part of an hour: `half past three`, `Viertel vor neun`.
pub(super) fn part_before_hour(text: Lexemes<'_>, at: usize) -> Option<Clock> {
    let minutes = |sense| if let Sense::Minutes(minutes) = sense { Some(minutes) } else { None };
    let (minutes, end) = text.phrase(at, minutes)?;
    let (hour, last) = hour_at(text, end + 1)?;
    // `halb drei Prozent`, `half past 3 million`: no time.
    (!counts_something(text, last + 1)).then(|| shifted(hour, minutes, last))
}

/// The time that begins at the lexeme `at` with the hour: `tres y media`, `huit heures et quart`. The word before it has to say
/// that it is one, since `tres y media` may be a number too.
pub(super) fn part_behind_hour(text: Lexemes<'_>, at: usize) -> Option<Clock> {
    let (hour, end) = hour_at(text, at)?;
    let minutes = |sense| if let Sense::MinutesBehind(minutes) = sense { Some(minutes) } else { None };
    let (minutes, last) = text.phrase(end + 1, minutes).filter(|_| text.follows(end + 1))?;
    // `à trois heures et demie de route`: a span of time; `de la tarde` and the like say the half of the day.
    let daytime = |sense| matches!(sense, Sense::Daytime(_)).then_some(());
    let spans = text.follows(last + 1)
        && text.is_word(last + 1, &["de", "d"])
        && text.phrase(last + 1, daytime).is_none()
        && !text.is_word(last + 2, &["la"]);
    (!spans && !counts_something(text, last + 1)).then(|| shifted(hour, minutes, last))
}

/// An hour of twelve in words or digits, or noon or midnight.
fn hour_at(text: Lexemes<'_>, at: usize) -> Option<(u8, usize)> {
    if !text.follows(at) {
        return None;
    }
    let hour = match text.sense(at) {
        Some(Sense::Hour(hour)) => hour,
        Some(Sense::Numeral(hour)) => u8::try_from(hour).ok().filter(|hour| (1..=12).contains(hour))?,
        _ => text.digits(at)?.parse().ok().filter(|hour| (1..=12).contains(hour))?,
    };
    Some((hour, at))
}

/// Whether a unit, a power of ten, a further number or `of` follows, so that the number before it is an amount.
fn counts_something(text: Lexemes<'_>, at: usize) -> bool {
    if !text.follows(at) {
        return false;
    }
    let glued = text.glued(at) && matches!(text.symbol(at), Some(':' | '-' | '/'));
    glued
        || text.number(at).is_some()
        || text.is_word(at, &["of"])
        || text.phrase_of(at, Sense::Percent).is_some()
        || matches!(text.symbol(at), Some('%' | '$' | '€' | '£'))
        || matches!(text.sense(at), Some(Sense::Magnitude(_) | Sense::Hundred | Sense::Numeral(_) | Sense::Period(_)))
}

/// So many minutes from an hour; the hour of midnight follows that of eleven at night.
fn shifted(hour: u8, minutes: i8, last: usize) -> Clock {
    if minutes >= 0 {
        return (hour, minutes.unsigned_abs(), last);
    }
    // One hour earlier: half past twelve is before one.
    let earlier = match hour {
        0 => 23,
        1 => 12,
        hour => hour - 1,
    };
    (earlier, 60 - minutes.unsigned_abs(), last)
}
