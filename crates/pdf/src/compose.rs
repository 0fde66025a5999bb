//! From pieces to the document: headings, paragraphs that go on over a page, places, properties and warnings.

mod heading;

use docmill_core::{BlockKind, Composer, Context, Document, RawSource, ReadError, Spot};
use serde_json::json;

use self::heading::Rank;
use crate::layout::{Kind, Piece, Table, Text, Vocabulary};
use crate::page::Page;
use crate::source::{Entry, File};

/// Pieces between a paragraph and where it goes on: the feet of its page and the heads of the next.
const AHEAD: usize = 16;
/// A paragraph with fewer letters does not go on elsewhere.
const SHORT: usize = 20;

/// The document of a file.
pub(crate) fn compose(pieces: &[Piece], file: &File, source: RawSource, cx: &Context) -> Result<Document, ReadError> {
    let ranks = heading::ranks(pieces, file);
    let vocabulary = Vocabulary::of(pieces.iter().flat_map(|piece| &piece.lines));
    let mut composer = Composer::new(cx);
    let mut is_written = vec![false; pieces.len()];
    let mut page = 1;
    for index in 0..pieces.len() {
        if composer.is_over() {
            break;
        }
        let piece = &pieces[index];
        while page < piece.page {
            composer.page_break();
            page += 1;
        }
        if std::mem::replace(&mut is_written[index], true) {
            continue;
        }
        let mut text = Text::of(&piece.lines, piece.page, &vocabulary);
        let mut last = index;
        while let Some(next) = goes_on(pieces, &ranks, last) {
            for line in &pieces[next].lines {
                text.line(line, pieces[next].page, &vocabulary);
            }
            is_written[next] = true;
            last = next;
        }
        write(piece, ranks[index], &text, &mut composer);
    }
    let mut doc = composer.finish(source)?;
    tell(file, &mut doc);
    Ok(doc)
}

fn write(piece: &Piece, rank: Rank, text: &Text, composer: &mut Composer) {
    let (kind, level) = match (&piece.kind, rank) {
        (Kind::Table(table), _) => return rows(table, piece.page, composer),
        (Kind::Header, _) => (BlockKind::Header, None),
        (Kind::Footer, _) => (BlockKind::Footer, None),
        (_, Rank::Title) => (BlockKind::Title, None),
        (_, Rank::Heading(level)) => (BlockKind::Heading, Some(level)),
        (Kind::Item(depth), _) => (BlockKind::ListItem, Some(*depth)),
        (Kind::Paragraph, Rank::Text) => (BlockKind::Paragraph, None),
    };
    composer.begin(kind, level);
    for run in &text.runs {
        composer.at(spot(run.page));
        match &run.link {
            Some(address) => link(&run.text, address, composer),
            None => composer.text(&run.text),
        }
    }
    composer.end();
}

/// Writes a link without the mark that ends its sentence, which stands in the same word.
fn link(text: &str, address: &str, composer: &mut Composer) {
    let inner = text.trim_end_matches(['.', ',', ';', ':', '!', '?']);
    composer.link(inner, address);
    composer.text(&text[inner.len()..]);
}

fn rows(table: &Table, page: usize, composer: &mut Composer) {
    composer.at(spot(page));
    composer.begin(BlockKind::Table, None);
    let has_header = table.has_header();
    for (index, row) in table.rows.iter().enumerate() {
        composer.row(row.iter().map(String::as_str), has_header && index == 0);
    }
    composer.end();
}

fn spot(page: usize) -> Spot {
    u32::try_from(page).map(Spot::page).unwrap_or_default()
}

/// The piece with which a paragraph goes on, in the next column or on the next page.
fn goes_on(pieces: &[Piece], ranks: &[Rank], index: usize) -> Option<usize> {
    let piece = &pieces[index];
    if ranks[index] != Rank::Text || !matches!(piece.kind, Kind::Paragraph | Kind::Item(_)) || piece.letters() < SHORT {
        return None;
    }
    let ahead = pieces.iter().enumerate().skip(index + 1).take(AHEAD);
    let (next, other) = ahead.into_iter().find(|(_, other)| !other.kind.is_running())?;
    let is_text = ranks[next] == Rank::Text && other.kind == Kind::Paragraph;
    let is_near = other.page == piece.page + 1 || other.page == piece.page && is_higher(other, piece);
    let is_same_size = (other.size - piece.size).abs() < piece.size * 0.08;
    (is_text && is_near && is_same_size && is_open(piece, other)).then_some(next)
}

/// Whether a piece begins above the end of another, as the next column does.
fn is_higher(piece: &Piece, than: &Piece) -> bool {
    piece.lines.first().zip(than.lines.last()).is_some_and(|(first, last)| first.frame.y1 < last.frame.y0)
}

/// Whether a sentence is not at its end, and the other piece goes on with it.
fn is_open(piece: &Piece, other: &Piece) -> bool {
    let (text, next) = (piece.plain(), other.plain());
    let text = text.trim_end_matches(['"', '\u{201d}', '\u{2019}', ')']);
    let is_ended = text.ends_with(['.', '!', '?', ':', '\u{2026}']);
    let is_parted = text.ends_with(['-', '\u{2010}', '\u{ad}']);
    let mut first = next.chars().skip_while(|character| matches!(character, '(' | '"' | '\u{201c}'));
    let first = first.next();
    !is_ended && (is_parted || first.is_some_and(char::is_lowercase) || text.ends_with(',') && first.is_some())
}

/// What the file states about itself, and what could not be read of it.
fn tell(file: &File, doc: &mut Document) {
    for (key, value) in file.info.iter() {
        doc.meta.set_if_absent(key, value.clone());
    }
    if !file.outline.is_empty() {
        let entry = |entry: &Entry| json!({ "title": entry.title, "level": entry.level, "page": entry.page });
        doc.meta.set_if_absent("outline", file.outline.iter().map(entry).collect::<Vec<_>>());
    }
    let (glyphs, unmapped) =
        file.pages.iter().fold((0, 0), |(glyphs, unmapped), page| (glyphs + page.glyphs, unmapped + page.unmapped));
    if unmapped > 0 {
        doc.warn(format!(
            "the fonts do not say which letters {unmapped} of {glyphs} glyphs are: they are \u{fffd} in the text"
        ));
    }
    if file.attached > 0 {
        doc.warn(format!("files are attached to it, and not read: {}", file.attached));
    }
    let cut = numbers(&file.pages, |page| page.cut);
    if !cut.is_empty() {
        doc.warn(format!("more is drawn than is read on page {cut}"));
    }
}

/// The numbers of the pages that are so: `2, 5-7`.
pub(crate) fn numbers(pages: &[Page], is_so: impl Fn(&Page) -> bool) -> String {
    let found: Vec<usize> = pages.iter().filter(|page| is_so(page)).map(|page| page.number).collect();
    let runs = found.chunk_by(|one, next| one + 1 == *next);
    let shown = runs.filter_map(|run| match run {
        [] => None,
        [one] => Some(one.to_string()),
        [first, .., last] => Some(format!("{first}-{last}")),
    });
    shown.collect::<Vec<_>>().join(", ")
}
