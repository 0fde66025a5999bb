//! Captions of photos, figures and tables, and the source that they name.

use super::lines::after_prefix;

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

/// The caption that a line is, if it is one.
pub(crate) fn caption(line: &str) -> Option<Caption<'_>> {
    if line.len() > LONGEST {
        return None;
    }
    let inner = line.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    let opened = opening(inner.unwrap_or(line));
    let source = trailing_source(line);
    if inner.is_some() && opened {
        let inner = inner.unwrap_or(line);
        let last = inner.rsplit_once(" / ").map(|(_, source)| source.trim());
        return Some(Caption { source: last.or_else(|| whole_source(inner)).or(source) });
    }
    (opened || source.is_some()).then(|| Caption { source: source.or_else(|| whole_source(line)) })
}

/// Whether a line begins as captions do: `Photo:`, `Figure 3.`, `Photo by`.
fn opening(line: &str) -> bool {
    OPENINGS.iter().filter_map(|opening| after_prefix(line, opening)).any(|rest| {
        let number = rest.trim_start();
        let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        // `Figure 3 shows` begins a sentence.
        let numbered = number.len() < rest.len()
            && number.starts_with(|first: char| first.is_ascii_digit())
            && (number[..digits].ends_with('.')
                || number[digits..].starts_with([':', ' ', '–', '—']) && !verb_follows(&number[digits..]));
        rest.starts_with(':') || numbered || after_prefix(rest, " by ").is_some_and(|name| name.len() < 80)
    })
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
        check("Source: Ministry of Ports", Some(Some("Ministry of Ports")));
        check("Figure 3. Ships that called at the port, by month.", Some(None));
        check("Fig. 12: Ships by month", Some(None));
        check("Figure 3 shows the ships that called.", None);
        check("Table tennis is played here.", None);
        check("Photographs of it are rare (Harbor Gazette, March 14).", None);
    }
}
