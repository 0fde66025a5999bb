//! Running text: which lines are one paragraph, which stand for themselves, and which are no prose.

use docmill_core::{BlockKind, ByteSpan};

use super::lines::{Line, ends_sentence, words};
use super::list::{self, MarkerKind};
use super::quote::is_attribution;
use super::{Finder, LONG_LINE, Place, Title, USUAL_WIDTH, WIDEST, byline, caption, closing, grid, hull, page};
use crate::bytes::count;
use crate::date;

/// Lines that are wrapped are at least about this long.
const NARROWEST: usize = 40;
/// A dateline stands before one of the first paragraphs, if anywhere.
pub(super) const DATELINE_WITHIN: usize = 2;

impl<'t> Finder<'t> {
    /// Lines of running text: one paragraph that is wrapped, or a line each.
    pub(super) fn passage(&mut self, lines: &[Line<'t>], place: Place<'_, 't>) {
        if let [line] = lines {
            return self.single(*line);
        }
        let Some(width) = self.wrapped_at(lines).filter(|_| is_wordy(hull(lines).of(self.text).unwrap_or_default()))
        else {
            if is_verse(lines) {
                return self.paragraph(hull(lines));
            }
            if self.prose == 0 && !self.is_message() && place.at_start && lines.iter().all(|line| !is_prose(line.text))
            {
                self.title = Title::OfLetter;
            }
            for line in lines {
                self.single(*line);
            }
            return;
        };
        let mut start = 0;
        for index in 1..lines.len() {
            let (before, line) = (lines[index - 1], lines[index]);
            let ends = room(before, line, width) && ends_sentence(before.text);
            if ends || (line.indent >= before.indent + 2 && index > start + 1) {
                self.paragraph(hull(&lines[start..index]));
                start = index;
            }
        }
        self.paragraph(hull(&lines[start..]));
    }

    /// The width at which lines are wrapped, in characters, or `None` where each stands for itself.
    fn wrapped_at(&self, lines: &[Line<'t>]) -> Option<usize> {
        let all_sentences = lines.iter().all(|line| ends_sentence(line.text));
        wrapped_width(lines).or_else(|| {
            let longest = longest(lines);
            let width = self.width.unwrap_or(USUAL_WIDTH).max(longest);
            // Two lines that both end a sentence may be wrapped, if others in the text are; more are a line each.
            let apart = all_sentences && (self.width.is_none() || lines.len() > 2);
            (longest <= WIDEST && is_full(lines, width) && !apart).then_some(width)
        })
    }

    pub(super) fn single(&mut self, line: Line<'t>) {
        if is_attribution(line.text) {
            self.push(BlockKind::Masthead, line.span());
        } else if is_prose(line.text) || (self.prose > 0 && is_word_said(line.text)) {
            self.paragraph(line.span());
        } else {
            // A report may be dated below its author.
            let signed = self.found.blocks.last().is_some_and(|last| last.kind == BlockKind::Byline);
            if (self.prose == 0 || signed)
                && let Some(date) = date::parse(line.text)
            {
                self.found.meta.set_if_absent("date", date);
            }
            if let Some(authors) = byline::authors(line.text).filter(|authors| !authors.is_empty()) {
                self.authors(authors);
                return self.push(BlockKind::Byline, line.span());
            }
            self.other(line.span());
        }
    }

    /// A paragraph, with the dateline that it may begin with.
    pub(super) fn paragraph(&mut self, mut span: ByteSpan) {
        if self.prose < DATELINE_WITHIN
            && self.found.meta.get("dateline").is_none()
            && let Some(dateline) = span.of(self.text).and_then(byline::dateline)
        {
            let marked = &self.text[span.start..span.start + dateline.length];
            self.push(BlockKind::Dateline, ByteSpan::new(span.start, span.start + marked.trim_end().len()));
            self.found.meta.set("dateline", dateline.text);
            if let Some(date) = dateline.date {
                self.found.meta.set_if_absent("date", date);
            }
            span.start += dateline.length;
        }
        self.prose += 1;
        self.push(BlockKind::Paragraph, span);
    }

    /// A line that is neither prose nor known by its form; those that follow each other are one block.
    fn other(&mut self, span: ByteSpan) {
        let last = self.found.blocks.len().wrapping_sub(1);
        if self.other.last() == Some(&last) && self.follows(self.found.blocks[last].span, span) {
            self.found.blocks[last].span.end = span.end;
        } else {
            self.other.push(self.found.blocks.len());
            self.push(BlockKind::Code, span);
        }
    }
}

fn longest(lines: &[Line<'_>]) -> usize {
    lines.iter().map(|line| line.text.chars().count() + line.indent).max().unwrap_or(0)
}

/// The width of lines that are wrapped beyond doubt: three at least, of which most could not take in one more word.
pub(super) fn wrapped_width(lines: &[Line<'_>]) -> Option<usize> {
    if lines.len() < 3 || lines.iter().any(|line| line.text.len() > LONG_LINE) {
        return None;
    }
    let width = longest(lines);
    if lines.iter().all(|line| ends_sentence(line.text)) {
        return None;
    }
    ((NARROWEST..=WIDEST).contains(&width) && is_full(lines, width)).then_some(width)
}

/// Whether at least half of the lines, the last aside, could not take in the next one's first word.
fn is_full(lines: &[Line<'_>], width: usize) -> bool {
    let ragged = lines.windows(2).filter(|pair| room(pair[0], pair[1], width)).count();
    ragged * 2 < lines.len()
}

/// Whether `line` could take in the first word of `next`.
pub(super) fn room(line: Line<'_>, next: Line<'_>, width: usize) -> bool {
    let word = next.text.split(' ').next().unwrap_or_default();
    line.indent + line.text.chars().count() + 1 + word.chars().count() <= width
}

/// Whether a line within running text begins something else.
pub(super) fn starts_piece(line: &Line<'_>, before: &Line<'_>) -> bool {
    if line.text.len() > LONG_LINE {
        return true;
    }
    let closed = ends_sentence(before.text) || before.text.ends_with([':', ';']);
    let marker = list::marker(line.text).map(|marker| marker.kind);
    let item = marker.is_some_and(|kind| match kind {
        MarkerKind::Bullet => closed || line.indent > before.indent || !line.text.starts_with(['-', '–']),
        MarkerKind::Number(_) | MarkerKind::Note => closed || line.text.starts_with("1."),
    });
    item || line.text.starts_with('>')
        || line.text == "--"
        || grid::is_rule(line.text)
        || (ends_sentence(before.text) || line.text.starts_with(['[', '(']) || line.text.ends_with([')', ']']))
            && caption::caption(line.text).is_some()
        || page::is_page_number(line.text)
        || closing::is_rights(line.text)
        || memchr::memchr(b'|', line.text.as_bytes()).is_some()
            && memchr::memchr(b'|', before.text.as_bytes()).is_none()
}

/// Whether a line is a sentence, or long enough to be one that goes on.
pub(super) fn is_prose(text: &str) -> bool {
    let sentence = ends_sentence(text) && (text.contains(char::is_whitespace) || !text.is_ascii());
    (sentence || text.len() > 100 || (text.ends_with(':') && words(text) > 3))
        && is_wordy(text)
        && !text.starts_with("//")
        && !text.starts_with("/*")
}

/// Whether a text has letters, and not three times as many other characters.
pub(super) fn is_wordy(text: &str) -> bool {
    let (letters, all) = if text.is_ascii() {
        let bytes = text.as_bytes();
        (count(bytes, |byte| byte.is_ascii_alphabetic()), count(bytes, |byte| byte > b' '))
    } else {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .fold((0, 0), |(letters, all), c| (letters + usize::from(c.is_alphabetic()), all + 1))
    };
    letters > 0 && letters * 4 >= all
}

/// Whether a line is a sentence of one word: `None.`, `"Always."`.
pub(super) fn is_word_said(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_uppercase() || matches!(first, '"' | '\'' | '“' | '‘'));
    begins && ends_sentence(text) && text.bytes().filter(u8::is_ascii_alphabetic).count() >= 2
}

/// Whether lines are the verses of one sentence: the last one ends it, and most of the others go on in the next one.
fn is_verse(lines: &[Line<'_>]) -> bool {
    let goes_on = |pair: &&[Line<'_>]| {
        pair[0].text.ends_with([',', ';', ':', '—', '–']) || pair[1].text.starts_with(char::is_lowercase)
    };
    let flowing = lines.windows(2).filter(goes_on).count();
    let plain = lines.iter().all(|line| words(line.text) >= 2 && list::marker(line.text).is_none());
    lines.len() >= 3
        && plain
        && ends_sentence(lines[lines.len() - 1].text)
        && flowing * 3 >= (lines.len() - 1) * 2
        && is_wordy(lines[0].text)
}
