//! Finds what is what in plain text: title, masthead, byline, dateline, captions, headings, lists, quotes, tables,
//! running headers and footers, and the paragraphs between them.
//!
//! The text is taken group by group, as empty lines part it. Up to the first paragraph, lines may be a title, a masthead or
//! a byline ([`front`]); after it, they no longer are. What is neither prose ([`prose`]) nor anything that is known by its
//! form, such as an address or a signature, is never a paragraph. Long lines are paragraphs at a glance, so the cost is in
//! the short ones alone.

mod byline;
mod caption;
mod closing;
mod code;
mod front;
mod grid;
mod heading;
mod imprint;
mod kicker;
mod lines;
mod list;
mod marked_up;
mod masthead;
mod page;
mod prose;
mod quote;
mod stamped;

use std::collections::BTreeSet;

use docmill_core::{Block, BlockKind, ByteSpan, Meta};
use serde_json::Value;

pub(crate) use self::byline::names;
use self::lines::{Line, groups, lines};
use self::list::MarkerKind;
pub(crate) use self::marked_up::{marked_up, stands_in_lines};
use self::prose::{starts_piece, wrapped_width};
use crate::front_matter;

/// A line longer than this is a paragraph, whatever else it looks like.
const LONG_LINE: usize = 400;
/// Lines that are longer than this were not wrapped by hand or by an old mailer.
const WIDEST: usize = 150;
/// Where nothing is known of a text's width, its lines are wrapped at this many characters at least.
const USUAL_WIDTH: usize = 60;

/// What was found in a text.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    pub blocks: Vec<Block>,
    pub meta: Meta,
    /// Mark-up that is no part of any block: bullets, marks of quoting, drawn lines.
    pub marks: Vec<ByteSpan>,
}

/// What is what in a whole text.
pub(crate) fn layout(text: &str) -> Layout {
    let lines = lines(text);
    let mut finder = Finder::new(text);
    let mut after = 0;
    if let Some(front) = front_matter::of(text) {
        after = lines.partition_point(|line| line.start < front.length);
        finder.found.marks.extend([lines[0].span(), lines[after - 1].span()]);
        if !front.inner.is_empty() {
            finder.push(BlockKind::Masthead, front.inner);
        }
        if front.meta.get("title").is_some() {
            finder.title = Title::Found;
        }
        finder.found.meta = front.meta;
    }
    finder.run(&lines[after..]);
    finder.finish()
}

/// What is what in the text of a message, whose title and other descriptions stand elsewhere.
pub(crate) fn message(text: &str) -> Layout {
    let mut finder = Finder { title: Title::OfMessage, ..Finder::new(text) };
    finder.run(&lines(text));
    finder.finish()
}

/// The paragraphs and list items of a text that is known to be nothing but a body: a cell of a table, a field of a record.
pub(crate) fn passages(text: &str) -> Vec<Block> {
    let lines = lines(text);
    let mut blocks = Vec::new();
    for group in groups(&lines) {
        let mut open: Option<Block> = None;
        for line in &lines[group] {
            let bullet = list::marker(line.text).is_some_and(|marker| marker.kind == MarkerKind::Bullet);
            match &mut open {
                Some(block) if !bullet => block.span.end = line.span().end,
                _ => {
                    let block = if bullet {
                        Block::list_item(1, line.span())
                    } else {
                        Block::new(BlockKind::Paragraph, line.span())
                    };
                    blocks.extend(open.replace(block));
                }
            }
        }
        blocks.extend(open);
    }
    blocks
}

/// Whether a title may still come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Title {
    Awaited,
    Found,
    /// An address or the header of an e-mail was seen: a letter has none.
    OfLetter,
    /// It is the text of a message: nothing stands above it.
    OfMessage,
}

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Text,
    /// The notes below it.
    Notes,
    /// The signature below a message: all that follows.
    Signature,
}

struct Finder<'t> {
    text: &'t str,
    found: Layout,
    /// Indices of blocks that are neither prose nor anything known by its form.
    other: Vec<usize>,
    /// Width at which the text is wrapped, in characters.
    width: Option<usize>,
    title: Title,
    /// Blocks of prose so far.
    prose: usize,
    capital_headings: bool,
    part: Part,
    /// Whether the line before was a label, such as `Analysis`, above the title.
    labelled: bool,
    /// Whether there is program code or a log.
    code: bool,
    running: BTreeSet<usize>,
    photo_sources: Vec<String>,
}

impl<'t> Finder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            found: Layout::default(),
            other: Vec::new(),
            width: None,
            title: Title::Awaited,
            prose: 0,
            capital_headings: false,
            part: Part::Text,
            labelled: false,
            code: false,
            running: BTreeSet::new(),
            photo_sources: Vec::new(),
        }
    }

    fn run(&mut self, lines: &[Line<'t>]) {
        let groups = groups(lines);
        self.width = groups.iter().filter_map(|group| wrapped_width(&lines[group.clone()])).max();
        if lines.iter().any(|line| line.new_page) {
            self.running = page::running(lines);
        }
        for (index, group) in groups.iter().enumerate() {
            let group_at = |index: usize| groups.get(index).map(|group| &lines[group.clone()]);
            self.group(&lines[group.clone()], group.start, [group_at(index + 1), group_at(index + 2)]);
        }
    }

    fn group(&mut self, lines: &[Line<'t>], first: usize, [next, after]: [Option<&[Line<'t>]>; 2]) {
        if lines[0].new_page {
            self.push(BlockKind::PageBreak, ByteSpan::point(lines[0].start));
        }
        let mut at = 0;
        while at < lines.len() {
            let labelled = std::mem::take(&mut self.labelled);
            let place =
                Place { at_start: at == 0 || labelled, labelled, whole: at == 0 && lines.len() == 1, next, after };
            at += if self.running.contains(&(first + at)) {
                let kind = if at == 0 && lines[0].new_page { BlockKind::Header } else { BlockKind::Footer };
                self.push(kind, lines[at].span());
                1
            } else {
                self.piece(&lines[at..], place)
            };
        }
    }

    /// Takes what the first of `lines` begins; gives the number of lines.
    fn piece(&mut self, lines: &[Line<'t>], place: Place<'_, 't>) -> usize {
        let line = lines[0];
        if line.text.len() > LONG_LINE {
            self.paragraph(line.span());
            return 1;
        }
        if self.part == Part::Signature && !(self.is_message() && line.text.starts_with('>')) {
            self.push_along(BlockKind::Footer, line.span());
            return 1;
        }
        if grid::is_rule(line.text) || line.text == "--" {
            if line.text == "--" && (self.prose > 0 || self.is_message()) {
                self.part = Part::Signature;
            }
            self.found.marks.push(line.span());
            return 1;
        }
        if line.text.starts_with('>') {
            return self.quote(lines);
        }
        if place.at_start
            && let Some(count) = self.stamped(lines).or_else(|| self.code(lines))
        {
            return count;
        }
        if self.prose == 0
            && !self.is_message()
            && let Some(count) = self.front(lines, place)
        {
            return count;
        }
        if let Some(count) = self.caption(lines).or_else(|| self.closing(lines, place)) {
            return count;
        }
        if let Some((table, count)) = grid::table(lines) {
            self.found.blocks.push(table);
            return count;
        }
        if place.at_start
            && let Some(count) = self.heading(lines, place)
        {
            return count;
        }
        if let Some(marker) = list::marker(line.text) {
            return self.list(lines, marker.kind);
        }
        let count = 1 + lines[1..].iter().zip(lines).take_while(|(line, before)| !starts_piece(line, before)).count();
        self.passage(&lines[..count], place);
        count
    }

    fn push(&mut self, kind: BlockKind, span: ByteSpan) {
        self.found.blocks.push(Block::new(kind, span));
    }

    fn is_message(&self) -> bool {
        self.title == Title::OfMessage
    }

    /// Adds a block, or makes the one before it longer where that is of the same kind and on the line before.
    fn push_along(&mut self, kind: BlockKind, span: ByteSpan) {
        match self.found.blocks.last().map(|last| (last.kind, last.span)) {
            Some((last, before)) if last == kind && self.follows(before, span) => {
                if let Some(last) = self.found.blocks.last_mut() {
                    last.span.end = span.end;
                }
            }
            _ => self.push(kind, span),
        }
    }

    /// Whether nothing but one line end and spaces is between two spans.
    fn follows(&self, before: ByteSpan, span: ByteSpan) -> bool {
        let between = self.text.get(before.end..span.start).unwrap_or_default();
        between.trim().is_empty() && between.matches('\n').count() <= 1
    }

    /// Settles what the other lines are by where they stand.
    fn finish(mut self) -> Layout {
        let blocks = &mut self.found.blocks;
        let first = blocks.iter().position(|block| block.kind.is_prose());
        // A signature stands above the message that is answered.
        let last = blocks.iter().rposition(|block| block.kind.is_prose() && block.kind != BlockKind::Quote);
        for index in std::mem::take(&mut self.other) {
            blocks[index].kind = match (first, last) {
                (Some(first), _) if index < first => BlockKind::Masthead,
                (_, Some(last)) if index > last => BlockKind::Footer,
                (Some(_), Some(_)) => BlockKind::Code,
                _ if self.code => BlockKind::Code,
                // There is nothing but such lines: then they are the text.
                _ => BlockKind::Paragraph,
            };
        }
        closing::author_notes(self.text, &mut self.found);
        if let Some(subject) = self.found.meta.text("subject").map(str::to_owned) {
            self.found.meta.set_if_absent("title", subject);
        }
        self.name_sources();
        self.found
    }

    /// Takes the sources of photos into the metadata.
    fn name_sources(&mut self) {
        if !self.photo_sources.is_empty() {
            self.photo_sources.dedup();
            self.found.meta.set("photo_sources", Value::from(std::mem::take(&mut self.photo_sources)));
        }
    }
}

/// Where in its group a piece stands.
#[derive(Clone, Copy)]
struct Place<'g, 't> {
    /// Whether nothing but a label is before it.
    at_start: bool,
    /// Whether a label is before it.
    labelled: bool,
    /// Whether its first line is all of its group.
    whole: bool,
    /// The group that follows.
    next: Option<&'g [Line<'t>]>,
    /// The group after that.
    after: Option<&'g [Line<'t>]>,
}

fn hull(lines: &[Line<'_>]) -> ByteSpan {
    let start = lines.first().map_or(0, |line| line.start);
    ByteSpan::new(start, lines.last().map_or(start, |line| line.span().end))
}

#[cfg(test)]
mod tests;
