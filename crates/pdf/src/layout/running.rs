//! Running heads, running feet and page numbers: what stands at the same place of several pages, and what the file says is no content.

use rustc_hash::{FxHashMap, FxHashSet};

use super::line::{self, Segment};
use crate::page::{Page, Word};

/// Rows from the upper and from the lower edge that are looked at.
const ROWS: usize = 3;
/// The part of a page's height beside each edge where they stand.
const MARGIN: f32 = 0.17;
/// Points that the place may differ by.
const REACH: f32 = 4.0;

/// The heads and the feet of a page.
type Running = (Vec<Segment>, Vec<Segment>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    is_head: bool,
    text: String,
    place: i32,
}

/// A row near an edge.
struct Candidate {
    row: Vec<Word>,
    keys: Vec<Key>,
    /// Whether it is but a number, set apart from the others.
    is_number: bool,
}

/// Takes the running heads and feet out of the pages' first texts, a pair a page.
pub(crate) fn take(pages: &mut [Page]) -> Vec<Running> {
    let found: Vec<[Vec<Candidate>; 2]> = pages.iter().map(candidates).collect();
    let mut counts: FxHashMap<&Key, usize> = FxHashMap::default();
    for page in &found {
        let keys: FxHashSet<&Key> = page.iter().flatten().flat_map(|candidate| &candidate.keys).collect();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    let repeated = |key: &Key| {
        let near = [-1, 0, 1].map(|step| Key { place: key.place + step, ..key.clone() });
        near.iter().map(|key| counts.get(key).copied().unwrap_or_default()).sum::<usize>() > 1
    };
    let is_running = |candidate: &Candidate| candidate.is_number || candidate.keys.iter().any(repeated);
    let mut running: Vec<Vec<Vec<Word>>> = Vec::new();
    let mut taken: Vec<Running> = Vec::new();
    for page in &found {
        // What is farther in than a row of content is content.
        let rows = |side: &[Candidate]| -> Vec<Vec<Word>> {
            side.iter().take_while(|candidate| is_running(candidate)).map(|candidate| candidate.row.clone()).collect()
        };
        let (heads, mut feet) = (rows(&page[0]), rows(&page[1]));
        feet.reverse();
        running.push(heads.iter().chain(&feet).cloned().collect());
        let segments = |rows: Vec<Vec<Word>>| rows.into_iter().map(Segment::of).collect();
        taken.push((segments(heads), segments(feet)));
    }
    let words = |page: &Page| page.texts.first().map_or(0, |text| text.words.len());
    let total: usize = pages.iter().map(words).sum();
    let gone: usize = running.iter().flatten().map(Vec::len).sum();
    if gone >= total {
        return pages.iter().map(|_| Running::default()).collect();
    }
    for ((page, rows), taken) in pages.iter_mut().zip(&running).zip(&mut taken) {
        remove(page, rows, taken);
    }
    taken
}

/// Takes the words of the rows out of the page, and what the file says is no content.
fn remove(page: &mut Page, rows: &[Vec<Word>], taken: &mut Running) {
    let Some(text) = page.texts.first_mut() else { return };
    let place = |word: &Word| (word.frame.x0.to_bits(), word.frame.y0.to_bits());
    let gone: FxHashSet<(u32, u32)> = rows.iter().flatten().map(place).collect();
    text.words.retain(|word| !gone.contains(&place(word)));
    if text.words.iter().all(|word| word.artifact) {
        return;
    }
    let (artifacts, words): (Vec<Word>, Vec<Word>) =
        std::mem::take(&mut text.words).into_iter().partition(|word| word.artifact);
    text.words = words;
    for row in line::rows(artifacts) {
        let segment = Segment::of(row);
        let side = if segment.frame.centre().1 < text.height / 2.0 { &mut taken.0 } else { &mut taken.1 };
        side.push(segment);
    }
}

/// The rows near the upper and near the lower edge, from the edge inwards.
fn candidates(page: &Page) -> [Vec<Candidate>; 2] {
    let Some(text) = page.texts.first() else { return [Vec::new(), Vec::new()] };
    let rows = line::rows(text.words.clone());
    let count = rows.len();
    let spans: Vec<(f32, f32)> = rows.iter().map(|row| span(row)).collect();
    let mut sides = [Vec::new(), Vec::new()];
    for (index, row) in rows.into_iter().enumerate() {
        let (top, bottom) = spans[index];
        let is_head = index < ROWS && bottom < text.height * MARGIN;
        let is_foot = index + ROWS >= count && top > text.height * (1.0 - MARGIN);
        if !is_head && !is_foot {
            continue;
        }
        let is_edge = index == 0 || index + 1 == count;
        let gap = if is_head {
            spans.get(index + 1).map(|next| next.0 - bottom)
        } else {
            index.checked_sub(1).map(|before| top - spans[before].1)
        };
        let is_apart = gap.is_some_and(|gap| gap > (bottom - top) * 0.8);
        let segments = line::segments(row.clone());
        let is_number = is_edge && is_apart && segments.len() == 1 && is_page_number(&segments[0].text());
        let keys = segments.iter().map(|segment| key(segment, is_head)).collect();
        sides[usize::from(!is_head)].push(Candidate { row, keys, is_number });
    }
    sides[1].reverse();
    sides
}

fn span(row: &[Word]) -> (f32, f32) {
    let top = row.iter().map(|word| word.frame.y0).fold(f32::MAX, f32::min);
    (top, row.iter().map(|word| word.frame.y1).fold(f32::MIN, f32::max))
}

fn key(segment: &Segment, is_head: bool) -> Key {
    let mut text = String::new();
    let whole = segment.text().to_lowercase();
    if !whole.is_empty() && whole.chars().all(|character| "ivxl".contains(character)) {
        text.push('#');
    } else {
        for character in whole.chars() {
            let shown = if character.is_numeric() { '#' } else { character };
            if shown != '#' || !text.ends_with('#') {
                text.push(shown);
            }
        }
    }
    #[allow(clippy::cast_possible_truncation, reason = "a place on a page")]
    let place = (segment.frame.y1 / REACH).round() as i32;
    Key { is_head, text, place }
}

/// `7`, `- 7 -`, `7 / 12`.
fn is_page_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (1..=8).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || " -\u{2013}\u{2014}/|[]".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Directed, Frame};

    fn page(number: usize, rows: &[(&str, f32)]) -> Page {
        let mut words = Vec::new();
        for (text, y) in rows {
            for (index, text) in text.split(' ').enumerate() {
                let x0 = 50.0 + index as f32 * 40.0;
                let frame = Frame { x0, y0: y - 8.0, x1: x0 + 36.0, y1: y + 2.0 };
                words.push(Word { text: text.into(), frame, size: 10.0, spaced: true, ..Word::default() });
            }
        }
        let text = Directed { height: 800.0, words, ..Directed::default() };
        Page { number, texts: vec![text], ..Page::default() }
    }

    fn shown(pages: &mut [Page]) -> Vec<(String, String, usize)> {
        let text = |segments: &[Segment]| segments.iter().map(Segment::text).collect::<Vec<_>>().join("|");
        let running = take(pages);
        let left = pages.iter().map(|page| page.texts[0].words.len());
        running.iter().zip(left).map(|((heads, feet), left)| (text(heads), text(feet), left)).collect()
    }

    #[test]
    fn what_stands_at_the_same_place_of_pages_is_taken_out() {
        let mut pages = [
            page(1, &[("Tidewater", 40.0), ("One text", 90.0), ("and more", 400.0), ("Page 1", 770.0)]),
            page(2, &[("Tidewater", 40.0), ("Another one", 90.0), ("it ends", 500.0), ("Page 2", 770.0)]),
        ];
        let taken = ("Tidewater".to_owned(), "Page 1".to_owned(), 4);
        assert_eq!(shown(&mut pages), [taken, ("Tidewater".to_owned(), "Page 2".to_owned(), 4)]);
    }

    #[test]
    fn one_page_has_no_running_heads_but_may_have_a_number() {
        let mut pages = [page(1, &[("Tidewater", 40.0), ("One text", 90.0), ("- 4 -", 770.0)])];
        assert_eq!(shown(&mut pages), [(String::new(), "- 4 -".to_owned(), 3)]);
    }

    #[test]
    fn pages_that_are_all_alike_are_content() {
        let mut pages = [page(1, &[("Form", 40.0)]), page(2, &[("Form", 40.0)])];
        assert_eq!(shown(&mut pages), [(String::new(), String::new(), 1), (String::new(), String::new(), 1)]);
    }
}
