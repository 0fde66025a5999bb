//! What may stand before the first paragraph alone: title, masthead, byline.

use docmill_core::{BlockKind, ByteSpan};
use serde_json::Value;

use super::code::is_code;
use super::imprint::imprint;
use super::kicker::is_kicker;
use super::lines::{Line, ends_sentence, is_capitals, words};
use super::list::{self, MarkerKind};
use super::masthead::{self, Pair};
use super::prose::is_prose;
use super::{Finder, LONG_LINE, Place, Title, WIDEST, byline, caption, grid, hull};
use crate::date;

/// What papers and press offices write above a title to say what kind of text it is.
const LABELS: &[&str] = &[
    "analysis",
    "breaking news",
    "comment",
    "commentary",
    "editorial",
    "exclusive",
    "feature",
    "for immediate release",
    "interview",
    "media release",
    "news analysis",
    "news release",
    "opinion",
    "press release",
    "special report",
    "pressemitteilung",
    "communiqué de presse",
    "nota de prensa",
];

/// Words after which a title goes on in its next line.
const JOINTS: &[&str] =
    &["a", "an", "and", "as", "at", "by", "for", "from", "in", "its", "of", "on", "or", "the", "to", "with"];

impl<'t> Finder<'t> {
    /// What may stand before the first paragraph alone: masthead, title, byline.
    pub(super) fn front(&mut self, lines: &[Line<'t>], place: Place<'_, 't>) -> Option<usize> {
        let line = lines[0];
        if place.at_start && self.title == Title::Awaited && is_label(line.text) {
            self.labelled = true;
            self.push(BlockKind::Masthead, line.span());
            return Some(1);
        }
        // What a photo shows and whose it is may look like a pair.
        if caption::is_of_picture(line.text) {
            return None;
        }
        if let Some(pairs) = masthead::pairs(line.text) {
            return Some(self.masthead(lines, &pairs));
        }
        let imprint = imprint(line.text);
        if imprint.as_ref().is_none_or(|imprint| !imprint.certain)
            && let Some(count) = self.title(lines, place)
        {
            return Some(count);
        }
        if let Some(imprint) = imprint {
            imprint.state(&mut self.found.meta);
            self.push_along(BlockKind::Masthead, line.span());
            return Some(1);
        }
        // Above a letter, a name with a role says who writes or whom to.
        let with_role = || byline::with_role(line.text).filter(|_| self.title == Title::Found);
        let authors = byline::authors(line.text).or_else(with_role)?;
        self.authors(authors);
        self.push(BlockKind::Byline, line.span());
        Some(1)
    }

    pub(super) fn authors(&mut self, authors: Vec<String>) {
        if !authors.is_empty() {
            self.found.meta.set_if_absent("authors", Value::from(authors));
        }
    }

    /// Lines of pairs; once a known key was seen, the other lines of its kind count too, and lines that are set in.
    fn masthead(&mut self, lines: &[Line<'t>], first: &[Pair<'_>]) -> usize {
        masthead::state(&mut self.found.meta, first);
        let mut count = 1;
        for line in &lines[1..] {
            if let Some(pairs) = masthead::pairs(line.text) {
                masthead::state(&mut self.found.meta, &pairs);
            } else if let Some(pair) = masthead::pair(line.text) {
                masthead::state(&mut self.found.meta, &[pair]);
            } else if let Some(imprint) = imprint(line.text) {
                imprint.state(&mut self.found.meta);
            } else if line.indent <= lines[0].indent || line.text.len() > 120 {
                break;
            }
            count += 1;
        }
        self.push_along(BlockKind::Masthead, hull(&lines[..count]));
        if self.found.meta.get("from").is_some() {
            self.title = Title::OfLetter;
        }
        count
    }

    /// The title, with the line before it, in capitals, that says whose text it is, or the subtitle in the line after it.
    fn title(&mut self, lines: &[Line<'t>], place: Place<'_, 't>) -> Option<usize> {
        if self.title != Title::Awaited || !place.at_start || (lines.len() == 1 && place.next.is_none()) {
            return None;
        }
        let title = lines[0];
        if self.is_above_title(lines, place) {
            self.section(title.text.trim_end_matches(':'), title.span());
            self.labelled = true;
            return Some(1);
        }
        let stated = lines.get(1).is_some_and(|next| states(next.text) || is_signed(next.text));
        if !is_title(title.text, stated) {
            return None;
        }
        let follows_title = |line: &Line<'_>| states(line.text) || line.text.len() > WIDEST;
        let (count, subtitle) = match lines {
            [_] => (1, false),
            _ if stated || place.labelled => (1, false),
            [_, next, ..] if next.text.len() > WIDEST && !ends_sentence(title.text) => (1, false),
            [_, next, ..] if grid::is_rule(next.text) => (1, false),
            _ if has_contact(&lines[..2]) => return None,
            [owner, title] if is_capitals(owner.text) && !is_capitals(title.text) && is_title(title.text, false) => {
                self.push(BlockKind::Masthead, owner.span());
                self.set_title(title.span());
                return Some(2);
            }
            [first, second] if is_title(second.text, false) => {
                let wrapped = is_wrapped(first.text, second.text);
                if !wrapped && first.text.len() < 30 && !self.awaits_title(lines, place) {
                    return None;
                }
                (if wrapped { 2 } else { 1 }, !wrapped)
            }
            [first, second, third, ..] if is_title(second.text, false) && follows_title(third) => {
                let wrapped = is_wrapped(first.text, second.text);
                (if wrapped { 2 } else { 1 }, !wrapped)
            }
            _ => return None,
        };
        self.set_title(hull(&lines[..count]));
        if subtitle {
            self.found.meta.set_if_absent("subtitle", lines[1].text);
            self.push(BlockKind::Masthead, lines[1].span());
            return Some(2);
        }
        Some(count)
    }

    /// Whether the first line is the name of a section, with the title and what states whose it is below it.
    fn is_above_title(&self, lines: &[Line<'t>], place: Place<'_, 't>) -> bool {
        if self.found.meta.get("section").is_some() {
            return false;
        }
        let first = |group: Option<&[Line<'t>]>| group.and_then(|group| group.first()).map_or("", |line| line.text);
        let (title, below) = match (lines, place.next) {
            ([_], Some([title])) => (title.text, first(place.after)),
            ([_], Some([title, below, ..])) | ([_, title, below, ..], _) => (title.text, below.text),
            ([_, title], next) => (title.text, first(next)),
            _ => return false,
        };
        is_kicker(lines[0].text, title) && is_title(title, false) && !states(title) && states(below)
    }

    pub(super) fn section(&mut self, name: &str, span: ByteSpan) {
        self.found.meta.set_if_absent("section", name);
        self.push(BlockKind::Masthead, span);
    }

    /// Whether a title and its subtitle, rather than a name and an address, stand where these two lines are.
    fn awaits_title(&self, lines: &[Line<'t>], place: Place<'_, 't>) -> bool {
        let issued = ["publication", "volume", "issue"].iter().any(|key| self.found.meta.get(key).is_some());
        let next = place.next.map_or("", |next| next[0].text);
        let spoken = words(lines[0].text) >= 3 && words(lines[1].text) >= 5;
        issued || states(next) || spoken && (next.len() > LONG_LINE || is_prose(next))
    }

    fn set_title(&mut self, span: ByteSpan) {
        self.title = Title::Found;
        let title = span.of(self.text).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        self.found.meta.set_if_absent("title", unquoted(&title));
        self.push(BlockKind::Title, span);
    }
}

/// Whether a line may be a title. `stated` is whether a masthead or byline follows it: then it may end in a full stop.
fn is_title(text: &str, stated: bool) -> bool {
    let open_end = text.ends_with([',', ';', ':', '-']) || text.ends_with("...") || text.ends_with('…');
    let sentence = ends_sentence(text) && !text.trim_end_matches(['"', '”', '»', '\'', '’']).ends_with(['?', '!']);
    let abbreviation = is_capitals(text.rsplit(' ').next().unwrap_or_default());
    let marked = list::marker(text).is_some_and(|marker| matches!(marker.kind, MarkerKind::Bullet | MarkerKind::Note));
    text.len() <= 250
        && words(text) <= 30
        && text.chars().any(char::is_alphabetic)
        && !open_end
        && (!sentence || stated || abbreviation)
        && !marked
        && date::parse(text).is_none()
        && !text.contains('@')
        && !is_code(text)
        && caption::caption(text).is_none()
        && byline::authors(text).is_none()
}

/// Whether a line has an address, a telephone number or a mailbox.
fn has_contact(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| {
        let number = line.text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 4);
        let street = line.text.starts_with(|c: char| c.is_ascii_digit()) && words(line.text) <= 5;
        number || street || line.text.contains('@') || line.text.contains("www.")
    })
}

fn is_label(text: &str) -> bool {
    text.len() <= 40 && LABELS.contains(&text.trim_end_matches(':').to_lowercase().as_str())
}

/// Whether a line is a masthead or a byline.
pub(super) fn states(text: &str) -> bool {
    masthead::pairs(text).is_some()
        || imprint(text).is_some()
        || byline::authors(text).is_some()
        || byline::with_role(text).is_some()
}

/// Whether a line that is no prose has a date or ends in the name of its author: whatever else it says, it is no part of a
/// title.
fn is_signed(text: &str) -> bool {
    if text.len() > WIDEST || is_prose(text) {
        return false;
    }
    let dated = date::find(text).is_some_and(|date| date.iso.len() == "2016-03-14".len());
    let author = || text.rfind(" by ").and_then(|at| byline::authors(&text[at + 1..]));
    dated || author().is_some()
}

/// Whether the second line of a title goes on with the first one, rather than being a subtitle.
fn is_wrapped(first: &str, second: &str) -> bool {
    let last = first.rsplit(' ').next().unwrap_or_default();
    second.starts_with(char::is_lowercase)
        || is_capitals(first) && is_capitals(second)
        || JOINTS.contains(&last)
        || (first.len() >= 50 && second.len() <= first.len())
        || (first.len() >= 30 && second.len() * 2 <= first.len())
}

/// A title without quotes around all of it.
fn unquoted(title: &str) -> &str {
    let quotes = [('"', '"'), ('“', '”'), ('«', '»'), ('„', '“'), ('「', '」')];
    let inner = quotes.iter().find_map(|(open, close)| {
        let inner = title.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.contains([*open, *close])).then_some(inner.trim())
    });
    inner.filter(|inner| !inner.is_empty()).unwrap_or(title)
}
