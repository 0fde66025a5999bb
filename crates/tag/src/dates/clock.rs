//! Times of day: `7:30 a.m.`, `22:10`, `7 p.m.`, `14h30`, `noon`.

use serde_json::json;

use super::Read;
use crate::reading::{Lexemes, Sense};

/// The time that begins at the lexeme `at`.
pub(super) fn time_at(text: Lexemes<'_>, at: usize) -> Option<Read> {
    if let Some(Sense::Hour(hour)) = text.sense(at) {
        return Some(read(at, hour, 0));
    }
    let hour: u8 = text.digits(at).filter(|digits| digits.len() <= 2)?.parse().ok().filter(|hour| *hour <= 24)?;
    if at > 0 && text.glued(at) && matches!(text.symbol(at - 1), Some(':' | '.' | '/' | '-' | '$')) {
        return None;
    }
    let colon = text.symbol(at + 1) == Some(':') && text.glued(at + 1) && text.glued(at + 2);
    let letter = text.is_word(at + 1, &["h"]) && text.glued(at + 1) && text.glued(at + 2);
    let minutes = text.digits(at + 2).filter(|digits| (colon || letter) && digits.len() == 2);
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
        let hour = match (hour, afternoon) {
            (12, false) => 0,
            (12, true) => 12,
            (1..=11, true) => hour + 12,
            (1..=11, false) => hour,
            _ => return None,
        };
        return Some(read(end, hour, minute));
    }
    if minutes.is_none() || hour > 23 || is_verse(text, at) {
        return None;
    }
    Some(read(last, hour, minute))
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
