//! Imprints: lines in which a publication says its name, volume and date without keys.

use docmill_core::Meta;
use serde_json::Value;

use super::byline;
use super::lines::{after_prefix, ends_sentence, words};
use crate::date;

/// What a line without keys states: `Coastal Ledger | Vol. 23, No. 15 | April 14, 2016`, `Evening Dispatch, April 22, 2016, page 1`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Imprint {
    pub publication: Option<String>,
    pub date: Option<String>,
    pub volume: Option<String>,
    pub issue: Option<String>,
    pub page: Option<String>,
    pub authors: Vec<String>,
    /// Whether it can be nothing but a masthead: a title may end in a date, but not in a volume.
    pub certain: bool,
}

/// What may stand before a date and names no publication.
const VERBS: &[&str] = &[
    "adopted",
    "approved",
    "created",
    "dated",
    "issued",
    "last updated",
    "modified",
    "posted",
    "printed",
    "published",
    "recorded",
    "released",
    "revised",
    "submitted",
    "updated",
    "draft",
    "version",
    "effective",
    "as of",
];

/// What becomes of a dash between spaces that was written or read in the wrong encoding.
const MISREAD_DASHES: &[&str] = &[
    " ? ",
    " ?? ",
    " ??? ",
    " \u{fffd} ",
    " \u{fffd}\u{fffd} ",
    " \u{fffd}\u{fffd}\u{fffd} ",
    " \u{96} ",
    " \u{97} ",
    " â€“ ",
    " â€” ",
    " â€\u{9d} ",
];

/// Reads a line as an imprint, if it has a date, a volume or an author and nothing that an imprint does not have.
pub(crate) fn imprint(line: &str) -> Option<Imprint> {
    let may_state =
        || line.bytes().any(|byte| byte.is_ascii_digit()) || memchr::memmem::find(line.as_bytes(), b" by ").is_some();
    if line.len() > 160 || !may_state() {
        return None;
    }
    let mut imprint = Imprint::default();
    let mut rest = line.to_owned();
    if let Some(date) = date::find(line) {
        imprint.date = Some(date.iso);
        rest.replace_range(date.span.start..date.span.end, "|");
    }
    for dash in MISREAD_DASHES.iter().filter(|dash| line.contains(**dash)) {
        rest = rest.replace(*dash, " — ");
    }
    let bars = line.matches(['|', '·', '•']).count();
    let mut names = Vec::new();
    for segment in
        rest.split(['|', '·', '•', ',', ';', '—', '–', '(', ')']).map(str::trim).filter(|part| !part.is_empty())
    {
        if let Some((kind, number)) = numbered(segment) {
            let place = match kind {
                Numbered::Volume => &mut imprint.volume,
                Numbered::Issue => &mut imprint.issue,
                Numbered::Page => &mut imprint.page,
            };
            place.get_or_insert(number);
        } else if let Some(author) = after_prefix(segment, "by ") {
            imprint.authors.extend(byline::names(author));
        } else {
            names.push(segment);
        }
    }
    let numbered = imprint.volume.is_some() || imprint.issue.is_some() || imprint.page.is_some();
    let short = names.iter().all(|name| {
        words(name) <= 6
            && !ends_sentence(name)
            && name.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric())
    });
    // An outlet and an author are parted by a bar or a dash: a comma and a `by` are in many a title.
    let signed = !imprint.authors.is_empty() && !names.is_empty() && (bars > 0 || rest.contains(" — "));
    if !short || names.len() > 2 + bars || (imprint.date.is_none() && !numbered && !signed) {
        return None;
    }
    let publisher = names.first().map(|name| {
        let issued =
            ["Issued by ", "Published by ", "Published in "].iter().find_map(|opening| after_prefix(name, opening));
        issued.unwrap_or(name).trim_start_matches("the ").to_owned()
    });
    imprint.publication = publisher.filter(|name| !VERBS.contains(&name.trim_end_matches(':').to_lowercase().as_str()));
    imprint.certain = numbered || (bars > 0 && imprint.date.is_some());
    Some(imprint)
}

impl Imprint {
    /// Takes it into the metadata.
    pub(crate) fn state(self, meta: &mut Meta) {
        let texts = [
            ("publication", self.publication),
            ("date", self.date),
            ("volume", self.volume),
            ("issue", self.issue),
            ("page", self.page),
        ];
        for (key, value) in texts {
            if let Some(value) = value {
                meta.set_if_absent(key, value);
            }
        }
        if !self.authors.is_empty() {
            meta.set_if_absent("authors", Value::from(self.authors));
        }
    }
}

enum Numbered {
    Volume,
    Issue,
    Page,
}

/// `Vol. 12`, `No. 4`, `page 1`.
fn numbered(segment: &str) -> Option<(Numbered, String)> {
    let (word, number) = segment.split_once(char::is_whitespace)?;
    let number = number.trim();
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || number.len() > 8 || number.contains(' ') {
        return None;
    }
    let kind = match word.to_lowercase().trim_end_matches('.') {
        "vol" | "volume" | "jg" | "jahrgang" | "tome" | "volumen" => Numbered::Volume,
        "no" | "nr" | "issue" | "number" | "nummer" | "ausgabe" | "numéro" | "número" | "n°" | "heft" => {
            Numbered::Issue
        }
        "page" | "p" | "pp" | "pages" | "seite" | "s" | "página" => Numbered::Page,
        _ => return None,
    };
    Some((kind, number.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(line: &str) -> String {
        let mut meta = Meta::default();
        match imprint(line) {
            Some(imprint) => imprint.state(&mut meta),
            None => return "prose".to_owned(),
        }
        let entries: Vec<String> =
            meta.iter().map(|(key, value)| format!("{key}={}", value.to_string().replace('"', ""))).collect();
        entries.join(" ")
    }

    #[test]
    fn an_imprint_has_an_outlet_and_a_date_or_a_volume() {
        for (line, expected) in [
            (
                "Coastal Ledger | Vol. 23, No. 15 | April 14, 2016",
                "date=2016-04-14 issue=15 publication=Coastal Ledger volume=23",
            ),
            ("Evening Dispatch, April 22, 2016, page 1", "date=2016-04-22 page=1 publication=Evening Dispatch"),
            ("Vol. 12, No. 4", "issue=4 volume=12"),
            ("Science Notes, August 2018", "date=2018-08 publication=Science Notes"),
            (
                "The Daily Ledger, March 3, 2014 — by José Patel",
                "authors=[José Patel] date=2014-03-03 publication=The Daily Ledger",
            ),
            ("3 December 2019", "date=2019-12-03"),
            ("Recorded May 2, 2017", "date=2017-05-02"),
        ] {
            assert_eq!(stated(line), expected, "{line}");
        }
    }

    #[test]
    fn prose_is_no_imprint() {
        for line in [
            "The county received the report on March 14, 2016.",
            "It is easy: he came, and he saw what there was to see on the page",
            "Monday to Friday: 8:00 a.m. to 7:00 p.m.",
            "In January 2015 the bank lent money on easy terms to everyone who asked for it",
        ] {
            assert_eq!(stated(line), "prose", "{line}");
        }
    }
}
