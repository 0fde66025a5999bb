//! Time zones behind a time of day: `GMT`, `UTC+2`, `ET`, `MEZ`, `Eastern Time`.

use crate::reading::Lexemes;

/// A time zone as it stands behind a time.
pub(super) struct Zone {
    /// Its abbreviation, such as `GMT` or `UTC+2`.
    pub(super) name: String,
    /// How far it is from UTC, such as `+02:00`; `None` where that depends on the season.
    pub(super) offset: Option<String>,
    pub(super) last: usize,
}

/// Abbreviations that mean one zone in reports in these languages, in minutes from UTC. Of those that mean several (`IST`, `CST` of
/// China) the ones left out are rare behind a time of day.
const FIXED: &[(&str, i16)] = &[
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("BST", 60),
    ("CET", 60),
    ("MEZ", 60),
    ("WEST", 60),
    ("CEST", 120),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("IST", 330),
    ("SGT", 480),
    ("HKT", 480),
    ("AWST", 480),
    ("JST", 540),
    ("KST", 540),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("BRT", -180),
    ("ART", -180),
    ("AST", -240),
    ("EDT", -240),
    ("EST", -300),
    ("CDT", -300),
    ("CST", -360),
    ("MDT", -360),
    ("MST", -420),
    ("PDT", -420),
    ("PST", -480),
    ("AKST", -540),
    ("HST", -600),
];

/// The zones of North America whatever the season, with the word for them before `Time`.
const SEASONAL: &[(&str, &str)] = &[("ET", "Eastern"), ("CT", "Central"), ("MT", "Mountain"), ("PT", "Pacific")];

/// The zone that stands at the lexeme `at`. `CT` and the like count behind `a.m.` and `p.m.` only: behind another number they are
/// something else.
pub(super) fn zone_at(text: Lexemes<'_>, at: usize, behind_half: bool) -> Option<Zone> {
    if !text.follows(at) || text.glued(at) && text.symbol(at).is_none() && !behind_half {
        return None;
    }
    let word = text.word(at)?;
    if let Some((name, minutes)) = FIXED.iter().find(|(name, _)| *name == word) {
        if matches!(*name, "UTC" | "GMT")
            && let Some((minutes, last)) = offset_at(text, at + 1)
        {
            let written = text.span(at, last).of(text.text)?;
            let name: String = written.chars().filter(|letter| !letter.is_whitespace()).collect();
            return Some(Zone { name: name.replace('−', "-"), offset: Some(iso(minutes)), last });
        }
        return Some(Zone { name: (*name).to_owned(), offset: Some(iso(*minutes)), last: at });
    }
    let (name, _) = SEASONAL.iter().find(|(name, long)| {
        behind_half && *name == word || *long == word && text.follows(at + 1) && text.is_word(at + 1, &["time"])
    })?;
    let last = if *name == word { at } else { at + 1 };
    Some(Zone { name: (*name).to_owned(), offset: None, last })
}

/// Hours and minutes from UTC behind its name: `+2`, `−05:30`. Minutes, and the index of the last lexeme.
fn offset_at(text: Lexemes<'_>, at: usize) -> Option<(i16, usize)> {
    let sign = match text.symbol(at).filter(|_| text.glued(at))? {
        '+' => 1,
        '-' | '−' => -1,
        _ => return None,
    };
    let digits = text.digits(at + 1).filter(|_| text.glued(at + 1))?;
    let minutes = |at: usize| -> Option<i16> {
        let colon = text.symbol(at) == Some(':') && text.glued(at) && text.glued(at + 1);
        text.digits(at + 1).filter(|digits| colon && digits.len() == 2)?.parse().ok().filter(|minutes| *minutes < 60)
    };
    let (hours, minutes, last) = match digits.len() {
        1 | 2 => match minutes(at + 2) {
            Some(minutes) => (digits.parse::<i16>().ok()?, minutes, at + 3),
            None => (digits.parse().ok()?, 0, at + 1),
        },
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?, at + 1),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some((sign * (hours * 60 + minutes), last))
}

/// An offset as ISO 8601 writes it.
fn iso(minutes: i16) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}
