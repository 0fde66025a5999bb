//! Finds what is what in plain text: title, masthead, byline, dateline, captions, headings, lists, quotes, tables,
//! running headers and footers, and the paragraphs between them.
//!
//! The text is taken group by group, as empty lines part it. Up to the first paragraph, lines may be a title, a masthead or
//! a byline; after it, they no longer are. What is neither prose nor anything that is known by its form, such as an address
//! or a signature, is never a paragraph. Long lines are paragraphs at a glance, so the cost is in the short ones alone.

mod byline;
mod caption;
mod front_matter;
mod grid;
mod lines;
mod list;
mod masthead;
mod page;

use std::collections::BTreeSet;

use docmill_core::{Block, BlockKind, ByteSpan, Cell, Meta};
use serde_json::Value;

pub(crate) use self::byline::names;
use self::lines::{Line, ends_sentence, groups, is_capitals, lines, words};
use self::list::MarkerKind;
use self::masthead::Pair;
pub(crate) use self::masthead::snake_case;
use crate::date;

/// A line longer than this is a paragraph, whatever else it looks like.
const LONG_LINE: usize = 400;
/// Lines that are longer than this were not wrapped by hand or by an old mailer.
const WIDEST: usize = 150;
/// Lines that are wrapped are at least about this long.
const NARROWEST: usize = 40;
/// Where nothing is known of a text's width, its lines are wrapped at this many characters at least.
const USUAL_WIDTH: usize = 60;
/// A dateline stands before one of the first paragraphs, if anywhere.
const DATELINE_WITHIN: usize = 2;

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
    let front = front_matter::front_matter(text, &lines);
    let after = front.as_ref().map_or(0, |front| front.lines);
    if let Some(front) = front {
        finder.found.marks.extend([lines[0].span(), lines[after - 1].span()]);
        finder.push(BlockKind::Masthead, front.inner);
        front_matter::state(&mut finder.found.meta, front.values);
        if finder.found.meta.get("title").is_some() {
            finder.title = Title::Found;
        }
    }
    finder.run(&lines[after..]);
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
    /// Whether what follows is a signature.
    signature: bool,
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
            signature: false,
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
            let next = groups.get(index + 1).map(|next| &lines[next.clone()]);
            self.group(&lines[group.clone()], group.start, next);
        }
    }

    fn group(&mut self, lines: &[Line<'t>], first: usize, next: Option<&[Line<'t>]>) {
        if lines[0].new_page {
            self.push(BlockKind::PageBreak, ByteSpan::point(lines[0].start));
        }
        let mut at = 0;
        while at < lines.len() {
            let place = Place { at_start: at == 0, whole: at == 0 && lines.len() == 1, next };
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
        if self.signature {
            self.push_along(BlockKind::Footer, line.span());
            return 1;
        }
        if grid::is_rule(line.text) || line.text == "--" {
            self.signature |= line.text == "--" && self.prose > 0;
            self.found.marks.push(line.span());
            return 1;
        }
        if line.text.starts_with('>') {
            return self.quote(lines);
        }
        if self.prose == 0
            && let Some(count) = self.front(lines, place)
        {
            return count;
        }
        if let Some(caption) = caption::caption(line.text) {
            self.photo_sources.extend(caption.source.map(str::to_owned));
            self.push(BlockKind::Caption, line.span());
            return 1;
        }
        if page::is_page_number(line.text) || is_lone_number(line.text, place) || line.text.starts_with('©') {
            self.push(BlockKind::Footer, line.span());
            return 1;
        }
        if let Some((table, count)) = grid::table(lines).or_else(|| pair_table(lines)) {
            self.found.blocks.push(table);
            return count;
        }
        if place.whole && self.heading(line, place) {
            return 1;
        }
        if let Some(marker) = list::marker(line.text) {
            return self.list(lines, marker.kind);
        }
        let count = 1 + lines[1..].iter().zip(lines).take_while(|(line, before)| !starts_piece(line, before)).count();
        self.passage(&lines[..count], place);
        count
    }

    /// What may stand before the first paragraph alone: masthead, title, byline.
    fn front(&mut self, lines: &[Line<'t>], place: Place<'_, 't>) -> Option<usize> {
        let line = lines[0];
        if let Some(pairs) = masthead::pairs(line.text) {
            return Some(self.masthead(lines, &pairs));
        }
        let imprint = masthead::imprint(line.text);
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
        let authors = byline::authors(line.text)?;
        self.authors(authors);
        self.push(BlockKind::Byline, line.span());
        Some(1)
    }

    fn authors(&mut self, authors: Vec<String>) {
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
            } else if let Some(imprint) = masthead::imprint(line.text) {
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

    /// The title, and in the line before it, in capitals, whose text it is.
    fn title(&mut self, lines: &[Line<'t>], place: Place<'_, 't>) -> Option<usize> {
        if self.title != Title::Awaited || !place.at_start || (lines.len() == 1 && place.next.is_none()) {
            return None;
        }
        let title = lines[0];
        let stated = lines.get(1).is_some_and(|next| {
            let text = next.text;
            masthead::pairs(text).is_some() || masthead::imprint(text).is_some() || byline::authors(text).is_some()
        });
        if !is_title(title.text, stated) {
            return None;
        }
        let count = match lines {
            [_] => 1,
            _ if stated => 1,
            [_, next, ..] if next.text.len() > WIDEST && !ends_sentence(title.text) => 1,
            [_, next, ..] if grid::is_rule(next.text) => 1,
            [owner, title] if is_capitals(owner.text) && !is_capitals(title.text) && is_title(title.text, false) => {
                self.push(BlockKind::Masthead, owner.span());
                self.set_title(title.span());
                return Some(2);
            }
            [first, second] if first.text.len() >= 30 && is_title(second.text, false) && !has_contact(lines) => 2,
            [first, second, third, ..]
                if first.text.len() >= 30
                    && is_title(second.text, false)
                    && (masthead::pairs(third.text).is_some() || masthead::imprint(third.text).is_some()) =>
            {
                2
            }
            _ => return None,
        };
        self.set_title(hull(&lines[..count]));
        Some(count)
    }

    fn set_title(&mut self, span: ByteSpan) {
        self.title = Title::Found;
        let title = span.of(self.text).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        self.found.meta.set_if_absent("title", title);
        self.push(BlockKind::Title, span);
    }

    fn heading(&mut self, line: Line<'t>, place: Place<'_, 't>) -> bool {
        let Some(next) = place.next else { return false };
        let marker = list::marker(line.text).filter(|marker| matches!(marker.kind, MarkerKind::Number(_)));
        let label = marker.map_or(line.text, |marker| &line.text[marker.length..]);
        let first = next[0].text;
        let level = match marker.map(|marker| marker.kind) {
            _ if !is_heading(label) => return false,
            Some(kind) if list::marker(first).is_some_and(|marker| marker.kind == kind) => return false,
            Some(MarkerKind::Number(depth)) => depth,
            _ if list::marker(line.text).is_some() => return false,
            _ if is_capitals(label) => {
                self.capital_headings = true;
                1
            }
            _ if next.len() > 1 || first.len() > USUAL_WIDTH || label.ends_with(':') => {
                1 + u8::from(self.capital_headings)
            }
            _ => return false,
        };
        // The first words of a letter are no heading.
        if self.prose == 0
            && self.title == Title::OfLetter
            && marker.is_none()
            && words(label) <= 5
            && !is_capitals(label)
        {
            return false;
        }
        self.found.blocks.push(Block::heading(level, line.span()));
        true
    }

    /// A run of lines that begin with `>`; its marks go, and each part between empty ones is a block.
    fn quote(&mut self, lines: &[Line<'t>]) -> usize {
        let count = lines.iter().take_while(|line| line.text.starts_with('>')).count();
        let mut open: Option<ByteSpan> = None;
        for line in &lines[..count] {
            let inner = line.text.trim_start_matches(|c: char| c == '>' || c.is_whitespace());
            let start = line.start + line.text.len() - inner.len();
            self.found.marks.push(ByteSpan::new(line.start, start));
            let inner = ByteSpan::new(start, line.span().end);
            if is_attribution(inner.of(self.text).unwrap_or_default()) {
                self.quoted(open.take());
                self.push(BlockKind::Masthead, inner);
            } else if inner.is_empty() {
                self.quoted(open.take());
            } else {
                open = Some(open.map_or(inner, |span| span.hull(inner)));
            }
        }
        self.quoted(open);
        count
    }

    fn quoted(&mut self, span: Option<ByteSpan>) {
        if let Some(span) = span {
            self.prose += 1;
            self.push(BlockKind::Quote, span);
        }
    }

    /// Items, each with the lines that go on with it.
    fn list(&mut self, lines: &[Line<'t>], kind: MarkerKind) -> usize {
        let outer = lines[0].indent;
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let Some(marker) = list::marker(line.text).filter(|_| line.text.len() <= LONG_LINE || at == 0) else {
                break;
            };
            let width = self.width.unwrap_or(USUAL_WIDTH);
            // Lines go on with an item where they are set in, or where their first word had no room in the line before.
            let goes_on = |pair: &&[Line<'_>]| {
                let (before, next) = (pair[0], pair[1]);
                let belongs = next.indent > outer || (outer == 0 && !room(before, next, width));
                belongs && next.text.len() <= WIDEST && list::marker(next.text).is_none()
            };
            let own = 1 + lines[at..].windows(2).take_while(goes_on).count();
            let span = hull(&lines[at..at + own]);
            let depth = u8::try_from(1 + (line.indent.saturating_sub(outer) / 2).min(8)).unwrap_or(1);
            self.prose += usize::from(kind != MarkerKind::Note);
            if marker.kind == MarkerKind::Note {
                self.push(BlockKind::Footer, span);
            } else if marker.kind == MarkerKind::Bullet {
                let start = line.start + marker.length;
                self.found.marks.push(ByteSpan::new(line.start, start));
                self.found.blocks.push(Block::list_item(depth, start..span.end));
            } else {
                self.found.blocks.push(Block::list_item(depth, span));
            }
            at += own;
        }
        at.max(1)
    }

    /// Lines of running text: one paragraph that is wrapped, or a line each.
    fn passage(&mut self, lines: &[Line<'t>], place: Place<'_, 't>) {
        if let [line] = lines {
            return self.single(*line);
        }
        let Some(width) = self.wrapped_at(lines).filter(|_| is_wordy(hull(lines).of(self.text).unwrap_or_default()))
        else {
            if self.prose == 0 && place.at_start && lines.iter().all(|line| !is_prose(line.text)) {
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

    fn single(&mut self, line: Line<'t>) {
        if is_attribution(line.text) {
            self.push(BlockKind::Masthead, line.span());
        } else if is_prose(line.text) {
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
    fn paragraph(&mut self, mut span: ByteSpan) {
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

    fn push(&mut self, kind: BlockKind, span: ByteSpan) {
        self.found.blocks.push(Block::new(kind, span));
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
        for index in self.other {
            blocks[index].kind = match (first, last) {
                (Some(first), _) if index < first => BlockKind::Masthead,
                (_, Some(last)) if index > last => BlockKind::Footer,
                (Some(_), Some(_)) => BlockKind::Code,
                // There is nothing but such lines: then they are the text.
                _ => BlockKind::Paragraph,
            };
        }
        if let Some(subject) = self.found.meta.text("subject").map(str::to_owned) {
            self.found.meta.set_if_absent("title", subject);
        }
        if !self.photo_sources.is_empty() {
            self.photo_sources.dedup();
            self.found.meta.set("photo_sources", Value::from(self.photo_sources));
        }
        self.found
    }
}

/// Where in its group a piece stands.
#[derive(Clone, Copy)]
struct Place<'g, 't> {
    at_start: bool,
    /// Whether its first line is all of its group.
    whole: bool,
    /// The group that follows.
    next: Option<&'g [Line<'t>]>,
}

fn hull(lines: &[Line<'_>]) -> ByteSpan {
    let start = lines.first().map_or(0, |line| line.start);
    ByteSpan::new(start, lines.last().map_or(start, |line| line.span().end))
}

fn longest(lines: &[Line<'_>]) -> usize {
    lines.iter().map(|line| line.text.chars().count() + line.indent).max().unwrap_or(0)
}

/// The width of lines that are wrapped beyond doubt: three at least, of which most could not take in one more word.
fn wrapped_width(lines: &[Line<'_>]) -> Option<usize> {
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
fn room(line: Line<'_>, next: Line<'_>, width: usize) -> bool {
    let word = next.text.split(' ').next().unwrap_or_default();
    line.indent + line.text.chars().count() + 1 + word.chars().count() <= width
}

/// Whether a line within running text begins something else.
fn starts_piece(line: &Line<'_>, before: &Line<'_>) -> bool {
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
        || (line.text.starts_with(['[', '(']) || line.text.ends_with([')', ']']))
            && caption::caption(line.text).is_some()
        || page::is_page_number(line.text)
        || memchr::memchr(b'|', line.text.as_bytes()).is_some()
            && memchr::memchr(b'|', before.text.as_bytes()).is_none()
}

/// Two lines at least of a key and a short value: a table with two columns.
fn pair_table(lines: &[Line<'_>]) -> Option<(Block, usize)> {
    let pairs: Vec<Pair<'_>> = lines.iter().map_while(|line| masthead::pair(line.text)).collect();
    let sentences = pairs.iter().filter(|pair| pair.value.ends_with(['!', '?']) || words(pair.value) > 14).count();
    let empty = pairs.iter().filter(|pair| pair.value.is_empty()).count();
    if pairs.len() < 2 || sentences * 2 > pairs.len() || empty > 0 {
        return None;
    }
    let mut cells = Vec::with_capacity(pairs.len() * 2);
    for (row, (line, pair)) in lines.iter().zip(&pairs).enumerate() {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        let key = ByteSpan::new(line.start, line.start + pair.key.len());
        let value = ByteSpan::new(line.span().end - pair.value.len(), line.span().end);
        cells.push(Cell { row, column: 0, header: true, span: key });
        cells.push(Cell { row, column: 1, header: false, span: value });
    }
    Some((Block::table(hull(&lines[..pairs.len()]), cells), pairs.len()))
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
        && caption::caption(text).is_none()
        && byline::authors(text).is_none()
}

/// Whether a line of its own is a heading where a paragraph follows.
fn is_heading(text: &str) -> bool {
    let first = text.chars().find(|c| c.is_alphanumeric());
    let count = words(text);
    if text.len() > 100 || count > 14 || !first.is_some_and(|c| c.is_uppercase() || c.is_numeric() || !c.is_ascii()) {
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

/// Whether a line is a sentence, or long enough to be one that goes on.
fn is_prose(text: &str) -> bool {
    let sentence = ends_sentence(text) && (words(text) >= 2 || !text.is_ascii());
    (sentence || text.len() > 100 || (text.ends_with(':') && words(text) > 3)) && is_wordy(text)
}

/// Whether a text has letters, and not three times as many other characters.
fn is_wordy(text: &str) -> bool {
    let (letters, all) = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .fold((0_usize, 0_usize), |(letters, all), c| (letters + usize::from(c.is_alphabetic()), all + 1));
    letters > 0 && letters * 4 >= all
}

/// Whether a line says who wrote what is quoted below it.
fn is_attribution(text: &str) -> bool {
    ["wrote:", "writes:", "schrieb:", "a écrit :", "a écrit\u{a0}:", "escribió:"].iter().any(|end| text.ends_with(end))
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_lone_number(text: &str, place: Place<'_, '_>) -> bool {
    place.whole && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a line has an address, a telephone number or a mailbox.
fn has_contact(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| {
        let number = line.text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 4);
        let street = line.text.starts_with(|c: char| c.is_ascii_digit()) && words(line.text) <= 5;
        number || street || line.text.contains('@') || line.text.contains("www.")
    })
}

#[cfg(test)]
mod tests;
