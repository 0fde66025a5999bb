//! What stands below a text: marks of its end, notes, rights, and a word about its author.

use docmill_core::BlockKind;
use serde_json::Value;

use super::lines::{Line, after_prefix, words};
use super::list::{self, MarkerKind};
use super::{Finder, Layout, Part, Place, byline, hull, page};

/// What is above the notes to a text.
const NOTES: &[&str] = &[
    "notes",
    "footnotes",
    "endnotes",
    "end notes",
    "references",
    "bibliography",
    "sources",
    "works cited",
    "anmerkungen",
    "fußnoten",
    "literatur",
    "quellen",
    "références",
    "referencias",
    "notas",
];

/// What people who write are.
const TRADES: &[&str] = &[
    "analyst",
    "author",
    "columnist",
    "contributor",
    "correspondent",
    "director",
    "editor",
    "expert",
    "fellow",
    "historian",
    "journalist",
    "lecturer",
    "novelist",
    "professor",
    "reporter",
    "researcher",
    "scholar",
    "writer",
];

/// More paragraphs are not said about an author.
const MOST_NOTES: usize = 4;

/// A longer paragraph says more than who its author is.
const LONGEST_NOTE: usize = 700;

impl<'t> Finder<'t> {
    /// A page number, a mark of the end, a line of rights, or notes.
    pub(super) fn closing(&mut self, lines: &[Line<'t>], place: Place<'_, 't>) -> Option<usize> {
        let text = lines[0].text;
        if page::is_page_number(text) || is_lone_number(text, place) || is_end(text) || is_rights(text) {
            self.push(BlockKind::Footer, lines[0].span());
            return Some(1);
        }
        let following = lines.get(1).or_else(|| place.next.and_then(<[_]>::first));
        if place.at_start && self.prose > 0 && is_above_notes(text) && following.is_some_and(|next| is_note(next.text))
        {
            self.part = Part::Notes;
            self.push(BlockKind::Heading, lines[0].span());
            return Some(1);
        }
        if self.part != Part::Notes || !is_note(text) {
            self.part = Part::Text;
            return None;
        }
        let count = 1 + lines[1..].iter().take_while(|line| !is_note(line.text)).count();
        self.push(BlockKind::Footer, hull(&lines[..count]));
        Some(count)
    }
}

fn is_lone_number(text: &str, place: Place<'_, '_>) -> bool {
    place.whole && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a line is where a release ends: `ENDS`, `-30-`, `— END —`.
fn is_end(text: &str) -> bool {
    text.len() <= 24
        && matches!(text.trim_matches(['-', '–', '—', '*', '(', ')', '#', ' ']), "END" | "ENDS" | "THE END")
}

/// Whether a line says who holds the rights.
pub(super) fn is_rights(text: &str) -> bool {
    let dated = || text.bytes().any(|byte| byte.is_ascii_digit());
    text.len() <= 250
        && (text.starts_with('©')
            || (after_prefix(text, "copyright ").is_some() || after_prefix(text, "(c) ").is_some()) && dated()
            || after_prefix(text, "all rights reserved").is_some())
}

fn is_above_notes(text: &str) -> bool {
    let label = text.trim_end_matches(':');
    label.len() <= 20 && NOTES.contains(&label.to_lowercase().as_str())
}

/// Whether a line begins with the number of a note.
fn is_note(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = (1..=3).contains(&digits) && text[digits..].starts_with([' ', '.', ')', ':', '\t']);
    numbered
        || list::marker(text).is_some_and(|marker| marker.kind == MarkerKind::Note)
        || text.starts_with(['¹', '²', '³'])
}

/// Makes footers of the last paragraphs, where they say nothing but who wrote the text.
pub(super) fn author_notes(text: &str, found: &mut Layout) {
    for _ in 0..MOST_NOTES {
        let last = found.blocks.iter().rposition(|block| block.kind.is_prose());
        let Some(last) = last.filter(|&last| found.blocks[..last].iter().any(|block| block.kind.is_prose())) else {
            return;
        };
        let block = &mut found.blocks[last];
        let note = block.span.of(text).unwrap_or_default();
        if block.kind != BlockKind::Paragraph || note.len() > LONGEST_NOTE {
            return;
        }
        let authors: Vec<&str> = match found.meta.get("authors") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let Some(note) = author_note(note, &authors) else { return };
        block.kind = BlockKind::Footer;
        if let Some(name) = note.name.map(str::to_owned) {
            found.meta.set_if_absent("authors", vec![name]);
        }
    }
}

/// A word about the author, and the name that it has where no byline said it.
#[derive(Debug, PartialEq, Eq)]
struct AuthorNote<'t> {
    name: Option<&'t str>,
}

/// What a paragraph says about the author, if that is what it is: `About the author: …`, `Jane Doe is a fellow at …`.
fn author_note<'t>(note: &'t str, authors: &[&str]) -> Option<AuthorNote<'t>> {
    let note = note.trim_matches(['(', ')', '[', ']', '*', '_', ' ']);
    if after_prefix(note, "about the author").is_some() {
        return Some(AuthorNote { name: None });
    }
    let tells = |rest: &str| {
        let verb = rest.trim_start().split([' ', ',']).next().unwrap_or_default();
        rest.starts_with([' ', ','])
            && matches!(
                verb,
                "is" | "was" | "has" | "writes" | "works" | "teaches" | "covers" | "reports" | "contributed" | ""
            )
    };
    if ["The author", "The writer"].iter().filter_map(|opening| note.strip_prefix(opening)).any(tells) {
        return Some(AuthorNote { name: None });
    }
    if authors.iter().filter_map(|name| after_prefix(note, &name.to_lowercase())).any(tells) {
        return Some(AuthorNote { name: None });
    }
    // Without a byline, what the person is must be a trade of those who write.
    let (name, rest) = note.split_once(" is ")?;
    let trade = rest.split_whitespace().take(8).any(|word| TRADES.contains(&word.trim_matches([',', '.', ';'])));
    let begins = rest.starts_with("a ") || rest.starts_with("an ") || rest.starts_with("the ");
    let is_one = byline::names(name) == [name] && words(name) <= 4 && note.len() < 300;
    (is_one && begins && trade).then_some(AuthorNote { name: Some(name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_about_the_author_is_told_from_the_text() {
        let named = |name| Some(AuthorNote { name });
        for (note, expected) in [
            ("Jane Doe is a fellow at the Institute for Coastal Affairs.", named(Some("Jane Doe"))),
            ("(Jane Doe is a senior research fellow at the Institute. Views are her own.)", named(Some("Jane Doe"))),
            ("About the author: Jane Doe has written on ports since 1998.", named(None)),
            ("The writer is a former harbor master.", named(None)),
            ("Ada Flint teaches at the Port Calder School.", named(None)),
            ("Jane Doe is expected to sign the treaty.", None),
            ("The author of the plan is unknown.", None),
            ("Port Calder is a town by the sea.", None),
        ] {
            assert_eq!(author_note(note, &["Ada Flint"]), expected, "{note}");
        }
    }

    #[test]
    fn marks_of_the_end_and_rights_are_told_from_prose() {
        assert!(is_end("ENDS") && is_end("— END —") && !is_end("The end") && !is_end("WEEKENDS"));
        assert!(is_rights("© Harbor Gazette") && is_rights("Copyright 2017 Harbor Gazette. All rights reserved."));
        assert!(!is_rights("Copyright law was changed."));
    }
}
