//! What a file states about itself, in docmill's keys.

use docmill_core::Meta;
use hayro_interpret::hayro_syntax::metadata::Metadata;
use hayro_interpret::hayro_syntax::object::DateTime;

/// Titles that programs fill in by themselves.
const NO_TITLES: &[&str] =
    &["untitled", "anonymous", "(anonymous)", "unspecified", "(unspecified)", "powerpoint presentation"];

pub(crate) fn read(metadata: &Metadata) -> Meta {
    let mut meta = Meta::default();
    let stated = |bytes: &Option<Box<[u8]>>| {
        let text = bytes.as_deref().map(super::text).unwrap_or_default();
        Some(text).filter(|text| !text.is_empty() && !NO_TITLES.contains(&text.to_lowercase().as_str()))
    };
    if let Some(title) = stated(&metadata.title) {
        meta.set("title", title);
    }
    if let Some(authors) = stated(&metadata.author) {
        meta.set("authors", listed(&authors, &[';', '\u{1}']));
    }
    if let Some(subject) = stated(&metadata.subject) {
        meta.set("subject", subject);
    }
    if let Some(keywords) = stated(&metadata.keywords) {
        meta.set("keywords", listed(&keywords, &[',', ';']));
    }
    if let Some(created) = metadata.creation_date.filter(is_likely) {
        meta.set("created", moment(&created));
        meta.set("date", format!("{:04}-{:02}-{:02}", created.year, created.month, created.day));
    }
    if let Some(modified) = metadata.modification_date.filter(is_likely) {
        meta.set("modified", moment(&modified));
    }
    meta
}

/// The parts of a list. Authors that only commas part are several where each of them has a name of two words.
fn listed(text: &str, separators: &[char]) -> Vec<String> {
    let parts = |separators: &[char]| -> Vec<String> {
        text.split(separators).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let found = parts(separators);
    let by_commas = parts(&[',']);
    if found.len() == 1 && by_commas.iter().all(|name| name.contains(' ')) { by_commas } else { found }
}

fn is_likely(date: &DateTime) -> bool {
    date.year > 1900 && (1..=12).contains(&date.month) && (1..=31).contains(&date.day)
}

fn moment(date: &DateTime) -> String {
    let DateTime { year, month, day, hour, minute, second, utc_offset_hour: hours, utc_offset_minute: minutes } = date;
    let zone = if *hours == 0 && *minutes == 0 { "Z".to_owned() } else { format!("{hours:+03}:{minutes:02}") };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
}
