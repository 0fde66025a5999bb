//! Headings: short lines of their own above what they head.

use docmill_core::{Block, ByteSpan};

use super::lines::{Line, ends_sentence, is_capitals, words};
use super::list::{self, Marker, MarkerKind};
use super::prose::{is_prose, is_word_said, room};
use super::{Finder, Place, Title, USUAL_WIDTH, WIDEST, grid, hull};
use crate::date;

/// Headings in capitals may take so many lines.
const MOST_LINES: usize = 3;

impl<'t> Finder<'t> {
    /// A heading at the beginning of a group: underlined, above what it heads or parted from it.
    pub(super) fn heading(&mut self, lines: &[Line<'t>], place: Place<'_, 't>) -> Option<usize> {
        let line = lines[0];
        let marker = list::marker(line.text);
        let numbered = marker.filter(|marker| matches!(marker.kind, MarkerKind::Number(_)));
        let label = numbered.map_or(line.text, |marker| &line.text[marker.length..]);
        if marker.is_some() && numbered.is_none() || !is_heading(label) {
            return None;
        }
        if let Some(level) = lines.get(1).and_then(|under| underlined(line, *under)) {
            self.found.marks.push(lines[1].span());
            self.found.blocks.push(Block::heading(level, line.span()));
            return Some(2);
        }
        let capitals = |line: &Line<'_>| is_capitals(line.text) && is_heading(line.text);
        if self.prose > 0
            && (2..=MOST_LINES).contains(&lines.len())
            && place.next.is_some()
            && lines.iter().all(capitals)
        {
            return Some(self.heads(1, hull(lines), lines.len()));
        }
        let level = match (lines.get(1), place.next) {
            (None, Some(next)) => self.level(line.text, label, numbered, next)?,
            (Some(_), _) if stands_above(lines, label, numbered, self.width.unwrap_or(USUAL_WIDTH)) => {
                self.level(line.text, label, numbered, &lines[1..])?
            }
            _ => return None,
        };
        // The first words of a letter are no heading.
        let is_of_letter = self.prose == 0 && matches!(self.title, Title::OfLetter | Title::OfMessage);
        if is_of_letter && numbered.is_none() && words(label) <= 5 && !is_capitals(label) {
            return None;
        }
        Some(self.heads(level, line.span(), 1))
    }

    fn heads(&mut self, level: u8, span: ByteSpan, count: usize) -> usize {
        self.found.blocks.push(Block::heading(level, span));
        count
    }

    /// The level of a heading above `next`, if it is one.
    fn level(&mut self, line: &str, label: &str, numbered: Option<Marker>, next: &[Line<'_>]) -> Option<u8> {
        let first = next[0].text;
        match numbered.map(|marker| marker.kind) {
            Some(_) if are_items(line, first) => None,
            Some(MarkerKind::Number(depth)) => Some(depth),
            _ if is_capitals(label) => {
                self.capital_headings = true;
                Some(1)
            }
            _ if next.len() > 1 || first.len() > USUAL_WIDTH || label.ends_with(':') => {
                Some(1 + u8::from(self.capital_headings))
            }
            _ => None,
        }
    }
}

/// The level of a heading with `under` drawn below it.
fn underlined(line: Line<'_>, under: Line<'_>) -> Option<u8> {
    let (length, drawn) = (line.text.chars().count(), under.text.len());
    let fits = grid::is_rule(under.text) && drawn + 3 >= length && drawn <= length + 12;
    match under.text.as_bytes().first() {
        Some(b'=') if fits => Some(1),
        Some(b'-' | b'~') if fits => Some(2),
        _ => None,
    }
}

/// Whether a line is no part of the sentence that begins on the next one: that one had room on it, or is not wrapped.
fn stands_above(lines: &[Line<'_>], label: &str, numbered: Option<Marker>, width: usize) -> bool {
    let (line, next) = (lines[0], lines[1]);
    let begins = next.text.starts_with(|first: char| {
        first.is_alphabetic() && !first.is_lowercase() || matches!(first, '"' | '“' | '«' | '„' | '(')
    });
    let starts_prose = is_prose(next.text)
        || is_word_said(next.text)
        || lines.len() > 2 && !ends_sentence(line.text) && next.text.len() > USUAL_WIDTH;
    let tells = numbered.is_some() || is_capitals(label) || next.text.len() > USUAL_WIDTH;
    // A line that is nearly full goes on in the next one, even where a short word had room on it.
    let is_short = line.text.chars().count() * 3 <= width * 2;
    let apart = next.text.len() > WIDEST || is_short && room(line, next, width);
    begins && starts_prose && tells && apart && !label.ends_with(':') && !are_items(line.text, next.text)
}

/// Whether two lines that follow each other are marked alike: as items of one list.
fn are_items(line: &str, next: &str) -> bool {
    let bracketed = |text: &str| text.starts_with('(');
    list::marker(next).is_some_and(|next| match (list::marker(line), next.kind) {
        (Some(marker), kind) => marker.kind == kind,
        (None, MarkerKind::Bullet | MarkerKind::Number(_) | MarkerKind::Note) => true,
    }) && bracketed(line) == bracketed(next)
}

/// Whether a line of its own is a heading where a paragraph follows.
fn is_heading(text: &str) -> bool {
    let first = text.chars().find(|c| c.is_alphanumeric());
    if text.len() > 100 {
        return false;
    }
    let count = words(text);
    if count > 14 || !first.is_some_and(|c| c.is_uppercase() || c.is_numeric() || !c.is_ascii()) {
        return false;
    }
    if !text.chars().any(char::is_alphabetic) || date::parse(text).is_some() {
        return false;
    }
    match text.chars().last() {
        Some('.' | ',' | ';' | '…' | '。' | '”' | '"' | '»' | ')') => false,
        Some(':') => count <= 3,
        Some('?' | '!') => is_capitals(text) || is_title_case(text),
        _ => true,
    }
}

/// Whether most words of more than three letters begin with a capital.
fn is_title_case(text: &str) -> bool {
    let long = text.split_whitespace().filter(|word| word.chars().count() > 3);
    let (capitals, all) = long.fold((0, 0), |(capitals, all), word| {
        (capitals + usize::from(word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)), all + 1)
    });
    all > 0 && capitals * 3 > all * 2
}
