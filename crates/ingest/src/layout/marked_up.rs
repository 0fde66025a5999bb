//! The top of a text whose blocks are known from its mark-up, and its captions.
//!
//! Mark-up tells headings and lists, but not that a short paragraph below the title is a masthead or a byline. Those
//! paragraphs are read by the rules for plain text, up to the first one that is prose or the first heading below the title;
//! so is the dateline before the prose.

use docmill_core::{Block, BlockKind, ByteSpan, Meta};

use super::front::states;
use super::kicker::is_kicker;
use super::lines::{Line, ends_sentence, lines, words};
use super::prose::{DATELINE_WITHIN, is_prose};
use super::{Finder, Layout, Place, Title, caption, masthead};

/// The top has no more blocks.
const MOST_BLOCKS: usize = 10;
/// A paragraph at the top that has more lines is prose.
const MOST_LINES: usize = 8;
/// So is one that is longer, in bytes.
const LONGEST: usize = 600;
/// A longer standfirst is the text, in bytes.
const LONGEST_STANDFIRST: usize = 300;
/// A name of a section above a title that is marked as one has no more words.
const KICKER_WORDS: usize = 3;

/// The blocks of `text` with what its first paragraphs and its captions are, and what they state added to `meta`.
pub(crate) fn marked_up(text: &str, blocks: Vec<Block>, meta: Meta) -> Layout {
    let mut finder = Finder::new(text);
    finder.found.meta = meta;
    let titled = blocks.iter().any(|block| block.kind == BlockKind::Title);
    if titled || finder.found.meta.get("title").is_some() {
        finder.title = Title::Found;
    }
    let mut top = Top { is_open: true, before: None, left: 0 };
    let mut blocks = blocks.into_iter();
    while let Some(block) = blocks.next() {
        let rest = blocks.as_slice();
        let kind = block.kind;
        let is_read = match kind {
            BlockKind::Heading if top.before.is_none() => finder.kicker(&block, rest),
            BlockKind::Paragraph if top.is_open => finder.top(&block, rest),
            BlockKind::Paragraph => finder.caption_block(block.span),
            _ => false,
        };
        if is_read && top.is_open {
            finder.settle(top.left);
        }
        if !is_read {
            top.is_open &= finder.leaves_open(&block, top.before, rest);
            finder.keep(block);
        }
        if is_read || kind == BlockKind::Title {
            top.left = finder.found.blocks.len();
        }
        top.before = Some(kind);
        top.is_open &= finder.found.blocks.len() < MOST_BLOCKS;
    }
    finder.name_sources();
    finder.found
}

/// What was seen of the blocks above the text.
struct Top {
    /// Whether mastheads may still come.
    is_open: bool,
    /// The kind of the block before, as the mark-up tells it.
    before: Option<BlockKind>,
    /// Where the blocks after the title, or after the last one that was read, begin.
    left: usize,
}

/// Whether the lines of a paragraph, wrapped in the source, are mastheads, bylines and captions: then they are not joined.
pub(crate) fn stands_in_lines(paragraph: &str) -> bool {
    if paragraph.len() > LONGEST || !paragraph.trim_end().contains('\n') {
        return false;
    }
    let plain: String = paragraph.chars().filter(|c| !matches!(c, '*' | '_' | '`')).collect();
    are_stated(&lines(plain.trim_end()))
}

/// Whether the first line states something, and half of them do; the others are of a few words, such as a place. Below a pair
/// with a known key, other pairs do.
fn are_stated(lines: &[Line<'_>]) -> bool {
    if !(1..=MOST_LINES).contains(&lines.len()) {
        return false;
    }
    let mut in_pairs = false;
    let mut stated = 0;
    for line in lines {
        let is_pair = masthead::pairs(line.text).is_some() || in_pairs && masthead::pair(line.text).is_some();
        in_pairs |= is_pair;
        if is_pair || states(line.text) || caption::caption(line.text).is_some() {
            stated += 1;
        } else if stated == 0 || !is_short(line.text) {
            return false;
        }
    }
    stated * 2 >= lines.len()
}

/// Whether a line is a few words that neither go on with a sentence nor end one.
fn is_short(text: &str) -> bool {
    words(text) <= 5 && text.starts_with(char::is_uppercase) && !ends_sentence(text) && !text.ends_with([',', ';'])
}

impl<'t> Finder<'t> {
    /// Takes a paragraph at the top, if it is a kicker, a title, or lines that state something.
    fn top(&mut self, block: &Block, rest: &[Block]) -> bool {
        if block.span.len() > LONGEST {
            return false;
        }
        if self.kicker(block, rest) || self.caption_block(block.span) {
            return true;
        }
        let lines = self.lines_of(block.span);
        let next = rest.first().map(|next| self.lines_of(next.span)).unwrap_or_default();
        let after = rest.get(1).map(|after| self.lines_of(after.span)).unwrap_or_default();
        let are_of_text = |count: usize| rest.iter().take(count).all(|block| block.kind == BlockKind::Paragraph);
        let is_title_above = self.title == Title::Awaited
            && lines.len() == 1
            && (are_stated(&next) && are_of_text(1)
                || are_stated(&after) && are_of_text(2) && is_kicker(lines[0].text, next[0].text));
        if !are_stated(&lines) && !is_title_above {
            return false;
        }
        let mut at = 0;
        while at < lines.len() {
            let place = Place {
                at_start: at == 0 && is_title_above,
                labelled: false,
                whole: lines.len() == 1,
                next: Some(next.as_slice()).filter(|lines| !lines.is_empty()),
                after: Some(after.as_slice()).filter(|lines| !lines.is_empty()),
            };
            let left = &lines[at..];
            at += self.front(left, place).or_else(|| self.caption(left)).unwrap_or_else(|| {
                self.push_along(BlockKind::Masthead, left[0].span());
                1
            });
        }
        true
    }

    /// Takes a block of a few words right above the title as the name of its section.
    fn kicker(&mut self, block: &Block, rest: &[Block]) -> bool {
        let Some(text) = block.span.of(self.text) else { return false };
        let above_title = rest.first().is_some_and(|next| next.kind == BlockKind::Title);
        let is_label = words(text) <= KICKER_WORDS && !is_prose(text) && !states(text) && !text.contains('\n');
        if above_title && is_label {
            self.section(text.trim_end_matches(':'), block.span);
        }
        above_title && is_label
    }

    /// Adds a block as it is, but for the dateline that one of the first paragraphs of prose may begin with.
    fn keep(&mut self, block: Block) {
        let may_be_dated = block.kind == BlockKind::Paragraph && self.prose < DATELINE_WITHIN;
        if may_be_dated && block.span.of(self.text).is_some_and(is_prose) {
            self.paragraph(block.span);
        } else {
            self.found.blocks.push(block);
        }
    }

    /// Makes mastheads of the short paragraphs among mastheads, such as a subtitle: those from the block `left`.
    fn settle(&mut self, left: usize) {
        for block in &mut self.found.blocks[left..] {
            if block.kind == BlockKind::Paragraph && !block.span.of(self.text).is_some_and(is_prose) {
                block.kind = BlockKind::Masthead;
            }
        }
    }

    /// Whether mastheads may come below a block that is none.
    fn leaves_open(&self, block: &Block, before: Option<BlockKind>, rest: &[Block]) -> bool {
        match block.kind {
            BlockKind::Title => true,
            BlockKind::Heading => before.is_none(),
            BlockKind::Paragraph => {
                let is_prose = block.span.of(self.text).is_some_and(is_prose);
                !is_prose || before == Some(BlockKind::Title) && self.is_standfirst(block, rest)
            }
            _ => false,
        }
    }

    /// Whether a paragraph of prose tells what the text is about, with a masthead or a byline below it.
    fn is_standfirst(&self, block: &Block, rest: &[Block]) -> bool {
        let below = rest.first().filter(|next| next.kind == BlockKind::Paragraph);
        block.span.len() <= LONGEST_STANDFIRST && below.is_some_and(|next| are_stated(&self.lines_of(next.span)))
    }

    /// Takes a paragraph that is one line and a caption.
    fn caption_block(&mut self, span: ByteSpan) -> bool {
        if span.len() > LONGEST {
            return false;
        }
        let lines = self.lines_of(span);
        matches!(lines.as_slice(), [_]) && self.caption(&lines).is_some()
    }

    fn lines_of(&self, span: ByteSpan) -> Vec<Line<'t>> {
        let Some(part) = span.of(self.text).filter(|part| part.len() <= LONGEST) else { return Vec::new() };
        lines(part).into_iter().map(|line| Line { start: line.start + span.start, ..line }).collect()
    }
}
