//! Captions of photos, figures and tables, and the source that they name.

use docmill_core::BlockKind;

use super::lines::{Line, after_prefix, ends_sentence};
use super::prose::room;
use super::{Finder, hull};

/// A longer line is prose.
const LONGEST: usize = 300;

/// What a caption begins with, before a colon or a number.
const OPENINGS: &[&str] = &[
    "photo",
    "photos",
    "photograph",
    "picture",
    "image",
    "caption",
    "figure",
    "fig.",
    "fig",
    "chart",
    "map",
    "graphic",
    "illustration",
    "infographic",
    "table",
    "foto",
    "фото",
    "写真",
    "図",
    "图",
    "صورة",
    "bild",
    "abbildung",
    "abb.",
    "grafik",
    "tabelle",
    "légende",
    "figura",
    "imagen",
    "gráfico",
    "tabla",
    "source",
    "sources",
    "quelle",
    "fuente",
];

/// What begins a line that names a source, of a picture or of a text.
const PLAIN_SOURCES: &[&str] = &["source", "sources", "quelle", "fuente"];

/// What the source of a picture follows.
const SOURCES: &[&str] = &[
    "source:",
    "sources:",
    "photo:",
    "photos:",
    "image:",
    "credit:",
    "photo credit:",
    "image credit:",
    "courtesy of",
    "photo by",
    "photograph by",
    "illustration by",
    "quelle:",
    "foto:",
    "bild:",
    "fuente:",
    "crédit:",
    "photo courtesy of",
];

/// A caption.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Caption<'t> {
    /// The source that it names.
    pub source: Option<&'t str>,
}

/// What the source of a picture follows within its caption.
const CREDITS: &[&str] = &["Credit: ", "Credits: ", "Source: ", "Photo: ", "Photo by ", "Photo credit: ", "Image: "];

impl Finder<'_> {
    /// A caption, with the lines that it is wrapped over.
    pub(super) fn caption(&mut self, lines: &[Line<'_>]) -> Option<usize> {
        let caption = caption(lines[0].text)?;
        let goes_on = |pair: &&[Line<'_>]| {
            !ends_sentence(pair[0].text) && self.width.is_some_and(|width| !room(pair[0], pair[1], width))
        };
        let count = 1 + lines.windows(2).take_while(goes_on).take(3).count();
        self.photo_sources.extend(caption.source.map(str::to_owned));
        self.push(BlockKind::Caption, hull(&lines[..count]));
        Some(count)
    }
}

/// The caption that a line is, if it is one.
pub(crate) fn caption(line: &str) -> Option<Caption<'_>> {
    if line.len() > LONGEST {
        return None;
    }
    let line = unemphasized(line);
    let inner = enclosed(line);
    let opened = opening(inner.unwrap_or(line));
    let source = trailing_source(line);
    if let Some(inner) = inner.filter(|_| opened) {
        let last = inner.rsplit_once(" / ").map(|(_, source)| source.trim());
        let named = last.or_else(|| trailing_source(inner)).or_else(|| credit(inner));
        return Some(Caption { source: named.or_else(|| whole_source(inner)).or(source) });
    }
    (opened || source.is_some())
        .then(|| Caption { source: source.or_else(|| credit(line)).or_else(|| whole_source(line)) })
}

/// Whether a line is the caption of a picture, by how it begins, and does not only name a source.
pub(crate) fn is_of_picture(line: &str) -> bool {
    let plain = unemphasized(line);
    let plain = enclosed(plain).unwrap_or(plain);
    let label = plain.split(':').next().unwrap_or_default();
    let is_source = PLAIN_SOURCES.iter().any(|source| label.eq_ignore_ascii_case(source));
    !is_source && line.len() <= LONGEST && opening(plain)
}

/// A line without the marks of emphasis around all of it.
fn unemphasized(line: &str) -> &str {
    let mut inner = line;
    for mark in ["**", "__", "*", "_"] {
        if let Some(within) = inner.strip_prefix(mark).and_then(|within| within.strip_suffix(mark)) {
            inner = within.trim();
        }
    }
    if inner.is_empty() { line } else { inner }
}

/// What is in the brackets around a line.
fn enclosed(line: &str) -> Option<&str> {
    let within = |open, close| line.strip_prefix(open).and_then(|inner: &str| inner.strip_suffix(close));
    within('[', ']').or_else(|| within('(', ')'))
}

/// The source at the end of a caption, after what it shows: `The lock at night. Credit: AFP`.
fn credit(line: &str) -> Option<&str> {
    let last = CREDITS.iter().filter_map(|credit| line.rfind(credit).map(|at| (at, at + credit.len()))).max()?;
    let source = line[last.1..].trim_end_matches(['.', ' ']);
    (last.0 > 0 && !source.is_empty() && source.split_whitespace().count() <= 8).then_some(source)
}

/// Whether a line begins as captions do: `Photo:`, `Figure 3.`, `Photo by`, `【写真】`.
fn opening(line: &str) -> bool {
    if let Some((label, _)) = line.strip_prefix('【').and_then(|line| line.split_once('】')) {
        return OPENINGS.contains(&label);
    }
    // The longest opening and what follows it lie within these bytes; most lines of prose have nothing of it there.
    let head = &line.as_bytes()[..line.len().min(32)];
    let may_open = head.iter().any(|byte| byte.is_ascii_digit() || matches!(byte, b':' | 0xEF))
        || memchr::memmem::find(head, b" by").is_some();
    if !may_open {
        return false;
    }
    OPENINGS.iter().filter_map(|opening| after_prefix(line, opening)).any(|rest| {
        let number = rest.trim_start();
        let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        // `Figure 3 shows` begins a sentence.
        let numbered = number.len() < rest.len()
            && number.starts_with(|first: char| first.is_ascii_digit())
            && (number[..digits].ends_with('.')
                || number[digits..].starts_with([':', ' ', '–', '—']) && !verb_follows(&number[digits..]));
        let labelled = rest.strip_prefix([':', '：']).is_some_and(|rest| !goes_on_in_prose(rest));
        labelled || numbered || after_prefix(rest, " by ").is_some_and(|name| name.len() < 80)
    })
}

/// Whether what follows the colon is running text: `Sources: there were few. The archive burned.`
fn goes_on_in_prose(rest: &str) -> bool {
    let sentences =
        || rest.match_indices(". ").filter(|(at, _)| rest[at + 2..].starts_with(char::is_uppercase)).count();
    rest.trim_start().starts_with(char::is_lowercase) && sentences() > 0
}

fn verb_follows(rest: &str) -> bool {
    rest.trim_start().chars().next().is_none_or(char::is_lowercase)
}

/// The source in the brackets at the end of a line.
fn trailing_source(line: &str) -> Option<&str> {
    let line = line.trim_end_matches('.');
    let (open, close) = if line.ends_with(')') {
        ('(', ')')
    } else if line.ends_with(']') {
        ('[', ']')
    } else {
        return None;
    };
    let bracket = &line[line.rfind(open)? + 1..line.rfind(close)?];
    let named = SOURCES.iter().find_map(|opening| after_prefix(bracket, opening));
    let agency = bracket.split_once(" Photo/").map(|(_, name)| name);
    named.or(agency).map(str::trim).filter(|source| !source.is_empty())
}

/// The source where a line holds nothing else: `Photo by Ana Ruiz`, `Source: Ministry of Ports`.
fn whole_source(line: &str) -> Option<&str> {
    let source = SOURCES.iter().find_map(|opening| after_prefix(line, opening))?.trim();
    (!source.is_empty() && source.split_whitespace().count() <= 6 && !source.ends_with('.')).then_some(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_told_by_how_they_begin_or_by_their_source() {
        let check = |line: &str, expected: Option<Option<&str>>| {
            assert_eq!(caption(line).map(|caption| caption.source), expected, "{line}");
        };
        check(
            "A dredger at work, February 2016. (Source: Port Calder Harbor Trust)",
            Some(Some("Port Calder Harbor Trust")),
        );
        check("[Photo: Grain barges outside the lock / Harbor Gazette]", Some(Some("Harbor Gazette")));
        check("The old bridge at dawn. (AP Photo/Ana Ruiz)", Some(Some("Ana Ruiz")));
        check("Photo by Ana Ruiz", Some(Some("Ana Ruiz")));
        check("Caption: The lock at night. Credit: AFP", Some(Some("AFP")));
        check("[Photo: Barges outside the lock. Source: Harbor Gazette]", Some(Some("Harbor Gazette")));
        check("Фото: Анна Петрова", Some(None));
        check("【写真】朝市に並ぶ人々", Some(None));
        check("Source: Ministry of Ports", Some(Some("Ministry of Ports")));
        check("Figure 3. Ships that called at the port, by month.", Some(None));
        check("Fig. 12: Ships by month", Some(None));
        check("Figure 3 shows the ships that called.", None);
        check("Table tennis is played here.", None);
        check("Sources: there were few. The archive burned.", None);
        check("Photographs of it are rare (Harbor Gazette, March 14).", None);
    }
}
