//! Kickers: the name of a section above a title, such as `Defense & Society`.

use super::lines::{is_capitals, words};

/// A name of a section has no more words.
const MOST_WORDS: usize = 3;

/// What sections are about.
const SUBJECTS: &[&str] = &[
    "africa",
    "agriculture",
    "americas",
    "arctic",
    "arts",
    "asia",
    "banking",
    "books",
    "business",
    "central america",
    "cities",
    "climate",
    "commodities",
    "community",
    "conflict",
    "cover story",
    "courts",
    "crime",
    "culture",
    "defence",
    "defense",
    "development",
    "diplomacy",
    "economics",
    "economy",
    "education",
    "elections",
    "energy",
    "environment",
    "europe",
    "finance",
    "food",
    "geopolitics",
    "government",
    "health",
    "history",
    "housing",
    "ideas",
    "industry",
    "infrastructure",
    "international",
    "justice",
    "labor",
    "latin america",
    "labour",
    "law",
    "lifestyle",
    "local",
    "long read",
    "markets",
    "media",
    "middle east",
    "migration",
    "military",
    "mining",
    "money",
    "national",
    "nature",
    "north america",
    "politics",
    "policy",
    "ports",
    "region",
    "regional",
    "religion",
    "science",
    "security",
    "shipping",
    "society",
    "south america",
    "sport",
    "sports",
    "strategy",
    "technology",
    "trade",
    "transport",
    "travel",
    "war",
    "water",
    "weather",
    "world",
    "wirtschaft",
    "politik",
    "gesellschaft",
    "kultur",
    "wissenschaft",
    "politique",
    "économie",
    "société",
    "monde",
    "política",
    "economía",
    "sociedad",
    "mundo",
    "cultura",
];

/// What the name of a section ends in, whatever it is about: `Sahel Watch`, `Latin American Affairs`.
const FORMS: &[&str] = &[
    "affairs",
    "briefing",
    "desk",
    "diary",
    "dispatches",
    "focus",
    "forum",
    "monitor",
    "news",
    "notebook",
    "notes",
    "outlook",
    "report",
    "reports",
    "watch",
];

/// Words between the subjects of a section, and places that it is about.
const BESIDE: &[&str] =
    &["&", "/", "and", "the", "of", "in", "und", "et", "y", "central", "north", "south", "east", "west"];

/// Whether `line` is the name of a section above the longer line `title`.
pub(super) fn is_kicker(line: &str, title: &str) -> bool {
    let line = line.trim_end_matches(':');
    line.len() <= 40 && (1..=MOST_WORDS).contains(&words(line)) && words(title) > words(line) && names_section(line)
}

/// Whether a few words are what a section may be called: all of them subjects, two things joined, or a known form.
fn names_section(line: &str) -> bool {
    let plain = |c: char| c.is_alphabetic() || matches!(c, ' ' | '&' | '/' | '-' | '’' | '\'');
    if !line.chars().all(plain) || !line.starts_with(char::is_uppercase) {
        return false;
    }
    let is_title_case = line
        .split(' ')
        .all(|word| word.starts_with(|c: char| !c.is_lowercase()) || BESIDE.contains(&word) || is_capitals(word));
    let lower = line.to_lowercase();
    let is_subject = |word: &str| SUBJECTS.contains(&word);
    let mut parts = lower.split([' ', '/']).filter(|word| !word.is_empty());
    let whole = SUBJECTS.contains(&lower.strip_prefix("the ").unwrap_or(&lower));
    let joined = line.contains(" & ");
    let of_form = words(line) > 1 && lower.rsplit(' ').next().is_some_and(|last| FORMS.contains(&last));
    let all_subjects =
        lower.split([' ', '/']).any(is_subject) && parts.all(|word| is_subject(word) || BESIDE.contains(&word));
    is_title_case && (whole || joined || of_form || all_subjects)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kicker_is_a_subject_two_things_joined_or_of_a_known_form() {
        let title = "Baltic Cables, Nordic Doubts";
        for line in [
            "Defense & Society",
            "World",
            "POLITICS",
            "Energy and Climate",
            "Sahel Watch",
            "Trade/Ports",
            "Latin America",
            "The Long Read",
        ] {
            assert!(is_kicker(line, title), "{line}");
        }
        for line in
            ["Ships Return", "Water Everywhere", "Notes", "May 3, 2016", "Profit and Loss", "world", "News of 2016"]
        {
            assert!(!is_kicker(line, title), "{line}");
        }
        assert!(!is_kicker("Energy and Climate", "After Paris"), "a title is longer than its kicker");
    }
}
