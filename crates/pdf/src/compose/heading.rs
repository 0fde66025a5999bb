//! Which paragraphs are headings: those that the outline names, and those in larger or bolder letters.

use rustc_hash::FxHashMap;

use crate::layout::{BOLDER, Kind, Piece, plain_key, prevailing};
use crate::source::File;

/// What a piece is in the outline of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rank {
    Title,
    /// From 1.
    Heading(u8),
    Text,
}

/// Most letters and lines of a heading, and of one that is bold and no larger than the text.
const LETTERS: usize = 200;
const LINES: usize = 4;
const BOLD_LETTERS: usize = 100;
/// How much larger than the text a heading is, and a title.
const LARGER: f32 = 1.1;
const TITLE: f32 = 1.25;
/// Pieces of the first page among which the title is.
const FIRST: usize = 6;
/// The deepest level.
const DEEPEST: usize = 6;

/// What the letters of most of the text look like.
struct Body {
    size: f32,
    ink: f32,
}

/// The ranks of the pieces.
pub(crate) fn ranks(pieces: &[Piece], file: &File) -> Vec<Rank> {
    let body = body(pieces);
    let outlined = outlined(pieces, file);
    let is_larger = |piece: &Piece| is_candidate(piece) && piece.size >= body.size * LARGER && !is_prose(piece);
    let title = title(pieces, file, &body);
    let larger = (0..pieces.len()).filter(|index| Some(*index) != title && is_larger(&pieces[*index]));
    let sizes = sizes(larger.clone().map(|index| pieces[index].size));
    // What the outline says of a heading holds for all of its size.
    let mut known: FxHashMap<usize, u8> = FxHashMap::default();
    for (index, level) in &outlined {
        known.entry(class(&sizes, pieces[*index].size)).or_insert(*level);
    }
    let rank = |index: usize| {
        if Some(index) == title {
            return Rank::Title;
        }
        if let Some(level) = outlined.get(&index) {
            return Rank::Heading(*level);
        }
        let piece = &pieces[index];
        let is_heading = is_larger(piece) || is_bold(pieces, index, &body);
        if !is_heading {
            return Rank::Text;
        }
        let class = class(&sizes, piece.size);
        let level = known.get(&class).copied().or_else(|| u8::try_from((class + 1).min(DEEPEST)).ok());
        Rank::Heading(level.unwrap_or(1))
    };
    (0..pieces.len()).map(rank).collect()
}

fn body(pieces: &[Piece]) -> Body {
    let lines = || pieces.iter().filter(|piece| !piece.kind.is_running()).flat_map(|piece| &piece.lines);
    let size = prevailing(lines().map(|line| (line.size, line.letters())));
    // Fiftieths, since `prevailing` tells tenths apart.
    let ink = prevailing(lines().map(|line| (line.ink() * 5.0, line.letters())).filter(|(ink, _)| *ink > 0.0)) / 5.0;
    Body { size, ink }
}

fn is_candidate(piece: &Piece) -> bool {
    piece.kind == Kind::Paragraph
        && piece.lines.len() <= LINES
        && piece.letters() <= LETTERS
        && piece.lines.iter().any(|line| line.text().chars().any(char::is_alphabetic))
}

/// Whether a piece is long and ends as a sentence does: a lead in larger letters, or the text of a page among others.
fn is_prose(piece: &Piece) -> bool {
    piece.letters() > BOLD_LETTERS && piece.plain().ends_with('.')
}

/// Whether a piece is bold while the text is not, and something follows it.
fn is_bold(pieces: &[Piece], index: usize, body: &Body) -> bool {
    let piece = &pieces[index];
    let is_bold = body.ink > 0.0 && piece.ink > body.ink * BOLDER && piece.size >= body.size * 0.95;
    if !is_bold || !is_candidate(piece) || piece.lines.len() > 2 || piece.letters() > BOLD_LETTERS {
        return false;
    }
    let next = pieces[index + 1..].iter().find(|next| !next.kind.is_running());
    let text = piece.plain();
    // Typewriter letters are as black as bold ones: code is no heading.
    let is_code = text.contains(['{', '}', '<', '>', '=', ';', '_', '|', '\\', '`']);
    next.is_some_and(|next| next.ink <= body.ink * BOLDER) && !is_code && !text.ends_with(['.', ',', ':'])
}

/// The largest piece near the begin, where no other is as large, or what the file says is its title.
fn title(pieces: &[Piece], file: &File, body: &Body) -> Option<usize> {
    let page = pieces.first()?.page;
    let content = pieces.iter().enumerate().filter(|(_, piece)| !piece.kind.is_running());
    let first: Vec<usize> = content
        .clone()
        .take(FIRST)
        .filter(|(_, piece)| piece.page == page && is_candidate(piece))
        .map(|(index, _)| index)
        .collect();
    let stated = file.info.get("title").and_then(|title| title.as_str()).map(plain_key).unwrap_or_default();
    let largest = *first.iter().max_by(|a, b| pieces[**a].size.total_cmp(&pieces[**b].size).then(b.cmp(a)))?;
    let size = pieces[largest].size;
    let is_alone = content.clone().filter(|(_, piece)| is_candidate(piece) && piece.size > size * 0.97).count() == 1;
    if is_alone && size >= body.size * TITLE {
        return Some(largest);
    }
    first.into_iter().find(|index| !stated.is_empty() && plain_key(&pieces[*index].plain()) == stated)
}

/// The pieces that the outline names, with their levels.
fn outlined(pieces: &[Piece], file: &File) -> FxHashMap<usize, u8> {
    let mut entries: FxHashMap<String, Vec<(u8, Option<usize>)>> = FxHashMap::default();
    for entry in &file.outline {
        entries.entry(plain_key(&entry.title)).or_default().push((entry.level, entry.page));
    }
    let level = |(index, piece): (usize, &Piece)| {
        let named = entries.get(&plain_key(&piece.plain()))?;
        let near = |page: Option<usize>| page.is_none_or(|page| page.abs_diff(piece.page) < 2);
        named.iter().find(|(_, page)| near(*page)).map(|(level, _)| (index, *level))
    };
    let is_empty = entries.is_empty();
    let candidates = pieces.iter().enumerate().filter(|(_, piece)| !is_empty && is_candidate(piece));
    candidates.filter_map(level).collect()
}

/// The sizes from the largest, those that hardly differ as one.
fn sizes(sizes: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut sizes: Vec<f32> = sizes.collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    sizes.dedup_by(|next, last| *last - *next < 0.4);
    sizes
}

/// The number of a size among the sizes; that of what is smaller than all follows them.
fn class(sizes: &[f32], size: f32) -> usize {
    sizes.iter().position(|known| size > known - 0.4).unwrap_or(sizes.len())
}
