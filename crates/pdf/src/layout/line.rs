//! From words to segments: words on one base line without a wide gap between them.

use super::leader;
use crate::page::{Frame, Word};

/// Words on one base line that stand together.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Segment {
    pub(crate) words: Vec<Word>,
    pub(crate) frame: Frame,
    /// The size of most of its letters.
    pub(crate) size: f32,
    /// Whether it is an entry of a table of contents.
    pub(crate) entry: bool,
    /// A table whose words were taken out before; its number on the page.
    pub(crate) table: Option<usize>,
}

/// A gap this wide, in sizes of the font, parts two segments.
const WIDE: f32 = 0.8;
/// A gap this narrow joins two words, unless the file has a space there.
const NARROW: f32 = 0.12;
/// The widest gap between a bullet and what it belongs to.
const AFTER_BULLET: f32 = 4.0;

impl Segment {
    pub(crate) fn of(words: Vec<Word>) -> Self {
        let frame = Frame::around_all(words.iter().map(|word| &word.frame)).unwrap_or_default();
        let size = prevailing(words.iter().map(|word| (word.size, word.text.chars().count())));
        let entry = matches!(&words[..], [.., leader, page] if leader.leads && leader::is_page(&page.text));
        Self { words, frame, size, entry, table: None }
    }

    /// A placeholder for a table.
    pub(crate) fn of_table(frame: Frame, number: usize) -> Self {
        Self { frame, table: Some(number), ..Self::default() }
    }

    pub(crate) fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }

    pub(crate) fn letters(&self) -> usize {
        self.words.iter().map(|word| word.text.chars().count()).sum()
    }

    /// How black its letters are on the average, by the letters.
    pub(crate) fn ink(&self) -> f32 {
        let known = self.words.iter().filter(|word| word.ink > 0.0);
        let (ink, letters) = known.fold((0.0, 0.0), |(ink, letters), word| {
            let count = word.text.chars().count() as f32;
            (ink + word.ink * count, letters + count)
        });
        if letters > 0.0 { ink / letters } else { 0.0 }
    }
}

/// The value that most of the weight has, where values that differ by less than a tenth of a point are the same.
pub(crate) fn prevailing(values: impl Iterator<Item = (f32, usize)>) -> f32 {
    let mut weights: std::collections::BTreeMap<i32, usize> = std::collections::BTreeMap::new();
    for (value, weight) in values {
        #[allow(clippy::cast_possible_truncation, reason = "sizes of fonts are small")]
        let key = (value * 10.0).round() as i32;
        *weights.entry(key).or_default() += weight;
    }
    // The larger of two with the same weight.
    weights.into_iter().max_by_key(|(key, weight)| (*weight, *key)).map_or(0.0, |(key, _)| key as f32 / 10.0)
}

/// Words in rows from top to bottom, each from left to right.
pub(crate) fn rows(mut words: Vec<Word>) -> Vec<Vec<Word>> {
    words.sort_by(|a, b| a.frame.y1.total_cmp(&b.frame.y1).then(a.frame.x0.total_cmp(&b.frame.x0)));
    let mut rows: Vec<(Frame, Vec<Word>)> = Vec::new();
    for word in words {
        // What is set higher or lower may stand between two rows.
        let found = rows.iter_mut().rev().take(3).find(|(frame, _)| frame.beside(&word.frame) > 0.55);
        match found {
            Some((frame, row)) => {
                if word.frame.height() > frame.height() * 1.05 {
                    *frame = word.frame;
                }
                row.push(word);
            }
            None => rows.push((word.frame, vec![word])),
        }
    }
    rows.sort_by(|(a, _), (b, _)| a.y1.total_cmp(&b.y1));
    let sorted = |(_, mut row): (Frame, Vec<Word>)| {
        row.sort_by(|a, b| a.frame.x0.total_cmp(&b.frame.x0));
        row
    };
    rows.into_iter().map(sorted).collect()
}

/// The segments of a row.
pub(crate) fn segments(row: Vec<Word>) -> Vec<Segment> {
    let mut parts: Vec<Vec<Word>> = Vec::new();
    for word in leader::mark(row) {
        let Some(part) = parts.last_mut() else {
            parts.push(vec![word]);
            continue;
        };
        let last = part.last().map_or(0.0, |last| last.frame.x1);
        let size = part.last().map_or(word.size, |last| last.size.max(word.size)).max(0.1);
        let gap = (word.frame.x0 - last) / size;
        let is_bullet = part.len() == 1 && crate::layout::list::is_marker(&part[0].text);
        let is_led = word.leads || part.last().is_some_and(|last| last.leads);
        if gap > WIDE && !is_led && !(is_bullet && gap < AFTER_BULLET) {
            parts.push(vec![word]);
        } else if gap < NARROW && !word.spaced && !is_bullet {
            join(part, &word);
        } else {
            part.push(word);
        }
    }
    parts.into_iter().map(Segment::of).collect()
}

/// Puts two parts of one word together.
fn join(part: &mut [Word], word: &Word) {
    let Some(last) = part.last_mut() else { return };
    last.frame = last.frame.around(&word.frame);
    last.text.push_str(&word.text);
    last.size = last.size.max(word.size);
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn word(text: &str, x: f32, y: f32, size: f32) -> Word {
        let width = text.chars().count() as f32 * size * 0.5;
        let frame = Frame { x0: x, y0: y - size * 0.8, x1: x + width, y1: y + size * 0.2 };
        Word { text: text.into(), frame, size, spaced: true, ..Word::default() }
    }

    fn shown(words: Vec<Word>) -> Vec<Vec<String>> {
        rows(words).into_iter().map(|row| segments(row).iter().map(Segment::text).collect()).collect()
    }

    #[test]
    fn words_of_one_base_line_are_a_row_in_whatever_order_they_are_drawn() {
        let words = vec![word("low", 0.0, 30.0, 10.0), word("world", 30.0, 10.5, 10.0), word("hello", 0.0, 10.0, 10.0)];
        assert_eq!(shown(words), [["hello world"], ["low"]]);
    }

    #[test]
    fn a_wide_gap_parts_a_row() {
        let words = vec![word("left", 0.0, 10.0, 10.0), word("right", 80.0, 10.0, 10.0)];
        assert_eq!(shown(words), [["left", "right"]]);
    }

    #[test]
    fn what_is_set_higher_belongs_to_its_row() {
        let mut raised = word("2", 10.0, 6.5, 6.0);
        raised.spaced = false;
        let words = vec![word("km", 0.0, 10.0, 10.0), raised, word("of", 16.0, 10.0, 10.0)];
        assert_eq!(shown(words), [["km2 of"]]);
    }

    #[test]
    fn a_bullet_stays_with_its_item() {
        let words = vec![word("\u{2022}", 0.0, 10.0, 10.0), word("item", 20.0, 10.0, 10.0)];
        assert_eq!(shown(words), [["\u{2022} item"]]);
    }
}
