//! From words with places to pieces in reading order: paragraphs, items of lists, tables, running heads and feet.

mod aligned;
mod bidi;
mod grid;
mod leader;
mod line;
mod list;
mod paragraph;
mod region;
mod running;
mod text;

use self::line::Segment;
use crate::page::{Directed, Direction, Frame, Page};
use crate::source::Entry;

pub(crate) use self::line::prevailing;
pub(crate) use self::paragraph::BOLDER;
pub(crate) use self::text::{Text, Vocabulary, plain_key};

/// What a piece is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Paragraph,
    /// An item of a list at this depth, from 1.
    Item(u8),
    Table(Table),
    Header,
    Footer,
}

impl Kind {
    pub(crate) fn is_running(&self) -> bool {
        matches!(self, Self::Header | Self::Footer)
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Table {
    pub(crate) frame: Frame,
    /// Rows of as many cells each.
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// Whether the first row heads the others: no numbers in it, and some below.
    pub(crate) fn has_header(&self) -> bool {
        let number = |cell: &String| cell.chars().any(|c| c.is_ascii_digit()) && !cell.chars().any(char::is_alphabetic);
        let Some((first, others)) = self.rows.split_first() else { return false };
        let below = others.iter().flatten().filter(|cell| number(cell)).count();
        below > 0 && !first.iter().any(number) && first.iter().filter(|cell| !cell.is_empty()).count() > 1
    }
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    /// From 1.
    pub(crate) page: usize,
    pub(crate) lines: Vec<Segment>,
    /// The size of most of its letters.
    pub(crate) size: f32,
    /// How black its letters are.
    pub(crate) ink: f32,
}

impl Piece {
    fn new(kind: Kind, page: usize, mut lines: Vec<Segment>) -> Self {
        for line in &mut lines {
            bidi::read_order(&mut line.words);
        }
        let size = prevailing(lines.iter().map(|line| (line.size, line.letters())));
        let letters: usize = lines.iter().map(Segment::letters).sum();
        let ink = lines.iter().map(|line| line.ink() * line.letters() as f32).sum::<f32>() / letters.max(1) as f32;
        Self { kind, page, lines, size, ink }
    }

    pub(crate) fn letters(&self) -> usize {
        self.lines.iter().map(Segment::letters).sum()
    }

    /// Its words, parted by spaces.
    pub(crate) fn plain(&self) -> String {
        self.lines.iter().map(Segment::text).collect::<Vec<_>>().join(" ")
    }
}

/// The pieces of all pages in reading order.
pub(crate) fn flow(pages: &mut [Page], outline: &[Entry]) -> Vec<Piece> {
    let mut running = running::take(pages);
    let titles: rustc_hash::FxHashSet<String> = outline.iter().map(|entry| text::plain_key(&entry.title)).collect();
    let mut pieces = Vec::new();
    for (page, (heads, feet)) in pages.iter().zip(&mut running) {
        pieces.extend(heads.drain(..).map(|line| Piece::new(Kind::Header, page.number, vec![line])));
        for text in &page.texts {
            directed(text, page.number, &titles, &mut pieces);
        }
        pieces.extend(feet.drain(..).map(|line| Piece::new(Kind::Footer, page.number, vec![line])));
    }
    pieces
}

/// What runs in one direction.
fn directed(text: &Directed, page: usize, titles: &rustc_hash::FxHashSet<String>, pieces: &mut Vec<Piece>) {
    if text.direction == Direction::Aslant {
        let lines = line::rows(text.words.clone()).into_iter().map(Segment::of).collect();
        pieces.push(Piece::new(Kind::Paragraph, page, lines));
        return;
    }
    let mut words = text.words.clone();
    let tables = grid::take(&mut words, &text.rules);
    let mut segments: Vec<Segment> = line::rows(words).into_iter().flat_map(line::segments).collect();
    segments.extend(tables.iter().enumerate().map(|(number, table)| Segment::of_table(table.frame, number)));
    for region in region::regions(segments) {
        for part in aligned::parts(region) {
            match part {
                aligned::Part::Lines(lines) => lines_of(lines, page, &tables, titles, pieces),
                aligned::Part::Table(table) => pieces.push(Piece::new(Kind::Table(table), page, Vec::new())),
            }
        }
    }
}

/// Lines of prose, with the tables that were taken out before at their places.
fn lines_of(
    lines: Vec<Segment>,
    page: usize,
    tables: &[Table],
    titles: &rustc_hash::FxHashSet<String>,
    pieces: &mut Vec<Piece>,
) {
    let mut open = Vec::new();
    for line in lines {
        match line.table.and_then(|number| tables.get(number)) {
            Some(table) => {
                pieces.extend(paragraph::pieces(std::mem::take(&mut open), page, titles));
                pieces.push(Piece::new(Kind::Table(table.clone()), page, Vec::new()));
            }
            None => open.push(line),
        }
    }
    pieces.extend(paragraph::pieces(open, page, titles));
}
