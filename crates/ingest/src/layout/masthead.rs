//! Mastheads: what a publication or a message says about itself before its text.
//!
//! `Key: value` pairs are read here, one or several on a line; the header lines of an e-mail are such pairs too. What a line
//! without keys states is read by [`imprint`](super::imprint).

use docmill_core::Meta;
use serde_json::Value;

use super::byline;
use super::lines::words;
use crate::date;
use crate::key::snake_case;

/// The names of what mastheads state, as they are written in lower case, and the key that each has in the metadata.
const KEYS: &[(&str, &str)] = &[
    ("abstract", "abstract"),
    ("an", "to"),
    ("asunto", "subject"),
    ("ausgabe", "issue"),
    ("auteur", "authors"),
    ("author", "authors"),
    ("authors", "authors"),
    ("autor", "authors"),
    ("autoren", "authors"),
    ("bcc", "bcc"),
    ("betreff", "subject"),
    ("by", "authors"),
    ("byline", "authors"),
    ("case", "case"),
    ("categories", "categories"),
    ("category", "category"),
    ("cc", "cc"),
    ("city", "city"),
    ("column", "column"),
    ("contact", "contact"),
    ("copyright", "copyright"),
    ("date", "date"),
    ("dateline", "dateline"),
    ("datum", "date"),
    ("de", "from"),
    ("department", "department"),
    ("description", "description"),
    ("docket", "docket"),
    ("document", "document"),
    ("doi", "doi"),
    ("e-mail", "email"),
    ("edition", "edition"),
    ("editor", "editor"),
    ("email", "email"),
    ("fax", "fax"),
    ("fecha", "date"),
    ("from", "from"),
    ("fuente", "source"),
    ("headline", "title"),
    ("isbn", "isbn"),
    ("issn", "issn"),
    ("issue", "issue"),
    ("issued", "date"),
    ("jahrgang", "volume"),
    ("journal", "publication"),
    ("keywords", "keywords"),
    ("language", "language"),
    ("length", "length"),
    ("location", "location"),
    ("magazine", "publication"),
    ("media contact", "contact"),
    ("message-id", "message_id"),
    ("newspaper", "publication"),
    ("no", "issue"),
    ("no.", "issue"),
    ("nr.", "issue"),
    ("number", "issue"),
    ("nummer", "issue"),
    ("numéro", "issue"),
    ("número", "issue"),
    ("objet", "subject"),
    ("page", "page"),
    ("pages", "pages"),
    ("para", "to"),
    ("phone", "phone"),
    ("place", "place"),
    ("publicación", "publication"),
    ("publication date", "date"),
    ("publication", "publication"),
    ("published", "date"),
    ("publisher", "publisher"),
    ("página", "page"),
    ("quelle", "source"),
    ("re", "subject"),
    ("received", "received"),
    ("reference", "reference"),
    ("reply-to", "reply_to"),
    ("ressort", "section"),
    ("rubrique", "section"),
    ("sección", "section"),
    ("section", "section"),
    ("seite", "page"),
    ("sent", "date"),
    ("series", "series"),
    ("source", "source"),
    ("status", "status"),
    ("subject", "subject"),
    ("subtitle", "subtitle"),
    ("tags", "tags"),
    ("tel", "phone"),
    ("telephone", "phone"),
    ("title", "title"),
    ("to", "to"),
    ("topic", "topic"),
    ("updated", "updated"),
    ("url", "url"),
    ("version", "version"),
    ("veröffentlicht", "date"),
    ("vol", "volume"),
    ("vol.", "volume"),
    ("volume", "volume"),
    ("volumen", "volume"),
    ("von", "from"),
    ("word count", "word_count"),
    ("zeitung", "publication"),
    ("автор", "authors"),
    ("дата", "date"),
    ("источник", "source"),
    ("тема", "subject"),
    ("作者", "authors"),
    ("日付", "date"),
    ("日期", "date"),
    ("来源", "source"),
];

/// A longer line is prose.
const LONGEST: usize = 400;

fn known(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    KEYS.iter().find(|(written, _)| *written == name).map(|(_, key)| *key)
}

/// A `Key: value` pair of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair<'t> {
    /// The key as written.
    pub key: &'t str,
    pub value: &'t str,
}

/// The pairs of a line, if it consists of pairs of which at least one has a known key.
pub(crate) fn pairs(line: &str) -> Option<Vec<Pair<'_>>> {
    let keys = keys(line);
    let known_keys = keys.iter().filter(|(start, end)| known(&line[*start..*end]).is_some()).count();
    if known_keys == 0 || line.len() > LONGEST {
        return None;
    }
    // A single pair on a line is the whole line; among several, each key starts a new one.
    let starts: Vec<(usize, usize)> = match known_keys {
        1 if known(&line[keys[0].0..keys[0].1]).is_some() => vec![keys[0]],
        _ => keys
            .into_iter()
            .filter(|(start, end)| {
                *start == 0
                    || known_keys > 1 && {
                        let name = &line[*start..*end];
                        known(name).is_some() || name.chars().next().is_some_and(char::is_uppercase)
                    }
            })
            .collect(),
    };
    // A key right after another, as in `Subject: Re: Ropes`, is part of its value.
    let mut before = None;
    let starts: Vec<(usize, usize)> = starts
        .into_iter()
        .filter(|(start, colon)| {
            let begins = before.is_none_or(|before: usize| !line[before + 1..*start].trim().is_empty());
            before = Some(*colon);
            begins
        })
        .collect();
    if starts.first()?.0 != 0 {
        return None;
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([line.len()]);
    Some(
        starts
            .iter()
            .zip(ends)
            .map(|((start, colon), end)| Pair {
                key: &line[*start..*colon],
                value: line[colon + 1..end].trim_matches(|c: char| c.is_whitespace() || matches!(c, '|' | ';' | ',')),
            })
            .collect(),
    )
}

/// A line of one pair, whatever its key: up to six words, a colon, and a value that is not long.
pub(crate) fn pair(line: &str) -> Option<Pair<'_>> {
    if line.len() > 160 {
        return None;
    }
    let (key, value) = line.split_once(": ").or_else(|| line.strip_suffix(':').map(|key| (key, "")))?;
    let plain =
        key.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '/' | '(' | ')' | '.' | '\'' | '’'));
    let starts = key.chars().next().is_some_and(|first| first.is_uppercase() || first.is_ascii_digit());
    (plain && starts && words(key) <= 6 && key.len() <= 40).then(|| Pair { key, value: value.trim() })
}

/// Where the names before a colon are: start and end of one or two words that a space, `|` or `;` goes before.
fn keys(line: &str) -> Vec<(usize, usize)> {
    let bytes = line.as_bytes();
    let mut keys = Vec::new();
    for colon in memchr::memchr_iter(b':', bytes) {
        // Times and addresses have colons too.
        if bytes.get(colon + 1).is_some_and(|next| !next.is_ascii_whitespace()) {
            continue;
        }
        let before = &line[..colon];
        let word = before.rfind([' ', '\t', '|', ';']).map_or(0, |space| space + 1);
        if word == colon {
            continue;
        }
        let pair = before[..word].trim_end().rfind([' ', '\t', '|', ';']).map_or(0, |space| space + 1);
        let two_words = !before[pair..word].trim().is_empty() && known(before[pair..].trim()).is_some();
        keys.push((if two_words { pair } else { word }, colon));
    }
    // A first key may have more words than the later ones, which can be told by their names alone.
    if let Some((start, end)) = keys.first_mut()
        && known(&line[*start..*end]).is_none()
        && words(&line[..*end]) <= 3
    {
        *start = 0;
    }
    keys
}

/// Takes the pairs into the metadata: keys in snake case, dates in ISO 8601, authors as a list.
pub(crate) fn state(meta: &mut Meta, pairs: &[Pair<'_>]) {
    for pair in pairs.iter().filter(|pair| !pair.value.is_empty()) {
        let key = known(pair.key).map_or_else(|| snake_case(pair.key), str::to_owned);
        match key.as_str() {
            "date" | "updated" | "received" => {
                let date = date::parse(pair.value).or_else(|| date::find(pair.value).map(|date| date.iso));
                meta.set_if_absent(key, date.unwrap_or_else(|| pair.value.to_owned()));
            }
            "authors" => {
                let names = byline::names(pair.value);
                let names = if names.is_empty() { vec![pair.value.to_owned()] } else { names };
                meta.set_if_absent(key, Value::from(names));
            }
            "" => {}
            _ => meta.set_if_absent(key, pair.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(line: &str) -> String {
        let mut meta = Meta::default();
        match pairs(line) {
            Some(pairs) => state(&mut meta, &pairs),
            None => return "prose".to_owned(),
        }
        let entries: Vec<String> =
            meta.iter().map(|(key, value)| format!("{key}={}", value.to_string().replace('"', ""))).collect();
        entries.join(" ")
    }

    #[test]
    fn pairs_may_stand_several_on_a_line() {
        for (line, expected) in [
            (
                "Publication: Coastal Monitor Volume: 7 Issue: 31 Date: March 15, 2016",
                "date=2016-03-15 issue=31 publication=Coastal Monitor volume=7",
            ),
            ("Publication: Inland Review", "publication=Inland Review"),
            (
                "PUBLICATION: The Review | DATE: 3 May 2018 | SECTION: World",
                "date=2018-05-03 publication=The Review section=World",
            ),
            ("Title: A Week: In Numbers", "title=A Week: In Numbers"),
            ("Date: Wed, 16 Mar 2016 17:42:10 +0100", "date=2016-03-16"),
            (
                "Word Count: 951 Author: Mara Ellison and Tomas Reyes",
                "authors=[Mara Ellison,Tomas Reyes] word_count=951",
            ),
            ("Subject: Re: Re: Cabin", "subject=Re: Re: Cabin"),
            ("Re: Claim GM-2023-118842", "subject=Claim GM-2023-118842"),
        ] {
            assert_eq!(stated(line), expected, "{line}");
        }
    }

    #[test]
    fn prose_is_no_masthead() {
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
