//! Bylines and datelines: who wrote a text, and where and when.

use super::lines::{after_prefix, is_capitals, words};
use crate::date;

/// What a byline begins with.
const OPENINGS: &[&str] = &[
    "by ",
    "by: ",
    "written by ",
    "reported by ",
    "prepared by ",
    "compiled by ",
    "story by ",
    "text by ",
    "words by ",
    "review by ",
    "analysis by ",
    "von ",
    "text: ",
    "par ",
    "por ",
    "di ",
    "door ",
    "автор: ",
    "بقلم: ",
    "بقلم ",
    "from our ",
];

/// Words of a role, an outlet or a place of work: a part of a byline that has one is no name.
const ROLES: &[&str] = &[
    "analyst",
    "agencies",
    "agency",
    "associated",
    "bureau",
    "chief",
    "columnist",
    "contributor",
    "correspondent",
    "desk",
    "editor",
    "engineer",
    "news",
    "newspaper",
    "officer",
    "our",
    "press",
    "reporter",
    "review",
    "science",
    "senior",
    "service",
    "staff",
    "times",
    "writer",
    "redakteur",
    "redaktion",
    "journaliste",
    "redacción",
    "korrespondent",
    "professor",
];

/// Small words within a name.
const PARTICLES: &[&str] = &[
    "al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "le", "van",
    "von", "y", "zu",
];

/// The authors that a byline names; `None` where a line is no byline.
pub(crate) fn authors(line: &str) -> Option<Vec<String>> {
    if line.len() > 160 || line.ends_with(['.', ':', '?', '!']) {
        return None;
    }
    let (opening, rest) = OPENINGS.iter().find_map(|opening| Some((opening, after_prefix(line, opening)?)))?;
    let found = names(rest);
    // Many a sentence begins like a byline; one without a name is only sure where it says whose correspondent wrote it.
    (!found.is_empty() || (*opening == "from our " && words(rest) <= 5)).then_some(found)
}

/// The author of a byline without an opening: a name and what its bearer is, `Jane Doe | Staff Writer`.
pub(crate) fn with_role(line: &str) -> Option<Vec<String>> {
    let (name, role) = line.split_once(['|', ',', '•', '·', '/']).or_else(|| line.split_once(" – "))?;
    let role = role.trim();
    let is_role = |word: &str| ROLES.contains(&word.to_lowercase().as_str());
    let short = line.len() <= 80 && words(role) <= 6;
    (short && is_name(name.trim()) && role.split_whitespace().any(is_role))
        .then(|| names(name))
        .filter(|n| !n.is_empty())
}

/// The names in what follows a `By`: parts that look like a person's name, without roles and places.
pub(crate) fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in text.split([',', ';', '&', '|', '/', '—', '(']) {
        for name in split_words(part, &["and", "und", "et", "y", "with", "mit"]) {
            // What follows `in Berlin` or `for The Times` is no name any more.
            let name = split_words(name, &["in", "at", "for", "aus", "à", "en", "|"]).next().unwrap_or_default();
            let name = after_prefix(name, "by ").unwrap_or(name).trim();
            if is_name(name) {
                names.push(if is_capitals(name) { capitalized(name) } else { name.to_owned() });
            }
        }
    }
    names
}

/// The parts of a text between any of some words.
fn split_words<'t>(text: &'t str, separators: &'static [&str]) -> impl Iterator<Item = &'t str> {
    let mut cuts = vec![0];
    let mut at = 0;
    for word in text.split(' ') {
        if separators.iter().any(|separator| word.eq_ignore_ascii_case(separator)) {
            cuts.extend([at, at + word.len()]);
        }
        at += word.len() + 1;
    }
    cuts.push(text.len());
    cuts.into_iter()
        .collect::<Vec<_>>()
        .chunks(2)
        .map(|cut| text[cut[0]..cut[1]].trim())
        .collect::<Vec<_>>()
        .into_iter()
}

fn is_name(text: &str) -> bool {
    let count = words(text);
    (2..=5).contains(&count)
        && text.split_whitespace().all(|word| {
            let lower = word.trim_end_matches('.').to_lowercase();
            let begins = word.chars().next().is_some_and(char::is_uppercase);
            let plain = word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'));
            plain && !ROLES.contains(&lower.as_str()) && (begins || PARTICLES.contains(&word))
        })
}

/// `MARA O'NEIL` as `Mara O'Neil`.
fn capitalized(name: &str) -> String {
    let mut capitalized = String::with_capacity(name.len());
    let mut inside = false;
    for c in name.chars() {
        if inside {
            capitalized.extend(c.to_lowercase());
        } else {
            capitalized.push(c);
        }
        inside = c.is_alphabetic();
    }
    capitalized
}

/// The place and date before the first sentence of a paragraph.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dateline<'t> {
    /// Its bytes from the paragraph's beginning, with the dash.
    pub length: usize,
    /// Place, date and agency as written.
    pub text: &'t str,
    pub date: Option<String>,
}

/// The dateline that a paragraph begins with: `PORT CALDER, March 3 (Reuters) — `, `Valbrune, le 14 octobre 2018 — `,
/// `Oberweiler, 14. Mai 2017. `. A place in mixed case must have a date with it.
pub(crate) fn dateline(paragraph: &str) -> Option<Dateline<'_>> {
    let end = (0..=paragraph.len().min(120)).rev().find(|end| paragraph.is_char_boundary(*end)).unwrap_or(0);
    let head = &paragraph[..end];
    let (text, length) = dashed(head).or_else(|| dated(head)).or_else(|| enclosed(head))?;
    let place = text.split([',', '(']).next()?.trim();
    let found = date::find(text);
    let span = found.as_ref().map(|date| date.span).or_else(|| date::day_and_month(text));
    // In mixed case, nothing but an agency may follow the date, and nothing but the place go before it.
    let exact = span.is_some_and(|span| {
        let rest = text.get(span.end..).map_or("", str::trim);
        let before = text.get(..span.start).map_or("", str::trim_end);
        (rest.is_empty() || rest.starts_with('(')) && before.strip_suffix(',') == Some(place)
    });
    let capitals = is_capitals(place) && place.chars().filter(|c| c.is_uppercase()).count() >= 3;
    let named =
        place.chars().next().is_some_and(char::is_uppercase) && words(place) <= 5 && !place.contains(['"', '“', '«']);
    let rest_is_prose = paragraph.get(length..).is_some_and(|rest| words(rest.get(..40).unwrap_or(rest)) >= 3);
    let place_alone = capitals && words(text) <= 12;
    let date = found.map(|date| date.iso);
    (named && rest_is_prose && (place_alone || exact)).then_some(Dateline { length, text, date })
}

/// What stands in the brackets that a paragraph begins with: `(VELDHAVEN, May 12) `.
fn enclosed(head: &str) -> Option<(&str, usize)> {
    let (text, rest) = head.strip_prefix('(')?.split_once(')')?;
    let spaces = rest.len() - rest.trim_start().len();
    (spaces > 0 && !text.contains('(')).then_some((text, text.len() + 2 + spaces))
}

/// What stands before the first dash with spaces around it.
fn dashed(head: &str) -> Option<(&str, usize)> {
    let (at, dash) = ["—", "–", "--", "-"]
        .iter()
        .filter_map(|dash| {
            // Only the hyphen needs its spaces: it joins words.
            let found = if *dash == "-" { head.find(" - ").map(|at| at + 1) } else { head.find(dash) };
            found.map(|at| (at, dash))
        })
        .min()?;
    let text = head[..at].trim_end();
    let after = at + dash.len();
    let spaces = head[after..].len() - head[after..].trim_start().len();
    (words(text) <= 12 && !text.contains(". ") || date::find(text).is_some()).then_some((text, after + spaces))
}

/// What stands before the full stop after a date: nothing but a place and the date.
fn dated(head: &str) -> Option<(&str, usize)> {
    // Looking for a date takes longer than looking for what must follow it.
    if !head.match_indices(". ").any(|(at, _)| head[..at].ends_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let date = date::find(head)?;
    let before = head.get(..date.span.start)?.trim_end();
    let after = head.get(date.span.end..)?;
    (before.ends_with(',') && before.matches(',').count() == 1 && after.starts_with(". "))
        .then(|| (&head[..date.span.end], date.span.end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byline_names_its_authors() {
        for (line, expected) in [
            ("By Mara Ellison and Tomas Reyes", Some(vec!["Mara Ellison", "Tomas Reyes"])),
            ("by José Patel, Staff Writer", Some(vec!["José Patel"])),
            ("BY MARA O'NEIL", Some(vec!["Mara O'Neil"])),
            ("Von Anna van der Berg in Berlin", Some(vec!["Anna van der Berg"])),
            ("Prepared by Ines Calloway, Chief Engineer", Some(vec!["Ines Calloway"])),
            ("From our correspondent in Veldhaven", Some(vec![])),
            ("By the end of the year", None),
            ("By complaining.", None),
        ] {
            let expected = expected.map(|names| names.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(authors(line), expected, "{line}");
        }
    }

    #[test]
    fn a_name_with_a_role_is_a_byline_too() {
        let names = |line| with_role(line).unwrap_or_default();
        assert_eq!(names("Jane Doe | Staff Writer"), ["Jane Doe"]);
        assert_eq!(names("Jane Doe, Senior Correspondent"), ["Jane Doe"]);
        assert!(with_role("Port Calder, Norland").is_none() && with_role("The editor, a writer").is_none());
    }

    #[test]
    fn a_dateline_is_a_place_in_capitals_or_with_a_date() {
        let check = |paragraph: &str, expected: Option<(&str, Option<&str>)>| {
            let found = dateline(paragraph);
            let found = found.as_ref().map(|found| (found.text, found.date.as_deref()));
            assert_eq!(found, expected, "{paragraph}");
        };
        check(
            "PORT CALDER, March 3 (Reuters) — The first ship came in.",
            Some(("PORT CALDER, March 3 (Reuters)", None)),
        );
        check("KESTREL FALLS — The creditors of it voted.", Some(("KESTREL FALLS", None)));
        check(
            "VELDHAVEN, Jan. 22, 2019 (Harbor Gazette) — A jury at the court",
            Some(("VELDHAVEN, Jan. 22, 2019 (Harbor Gazette)", Some("2019-01-22"))),
        );
        check(
            "Valbrune, le 14 octobre 2018 — Après dix-neuf mois",
            Some(("Valbrune, le 14 octobre 2018", Some("2018-10-14"))),
        );
        check(
            "Oberweiler, 14. Mai 2017. Nach fast dreijähriger",
            Some(("Oberweiler, 14. Mai 2017", Some("2017-05-14"))),
        );
        check("Veldhaven, 12 May (Reuters) - The strait has been quiet", Some(("Veldhaven, 12 May (Reuters)", None)));
        check("(VELDHAVEN, May 12) The strait has been quiet", Some(("VELDHAVEN, May 12", None)));
        check("(However, the strait has been quiet.) The ships came", None);
        check("The order — signed by nobody — was a surprise to all.", None);
        check("On March 14, 2016, the ministry said — at last — that it is done", None);
    }
}
