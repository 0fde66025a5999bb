//! From recognized lines to words with places like those of drawn ones.
//!
//! Two things differ from drawn text, and are taken out here: scans lie askew, and what is one size is measured a little differently from line
//! to line.

use super::Recognized;
use super::hocr::{Line, Pixels, Seen};
use crate::page::{Direction, Frame, Word};
use crate::source::Picture;

/// Words that the program is less sure of are told of, in percent.
const SURE: f32 = 60.0;
/// Sizes that differ by less than this share are one.
const SAME: f32 = 0.18;
/// Steeper than this, lines are not straightened: the page was turned.
const STEEP: f32 = 0.12;

/// The words of each line with the direction in which it runs. Counts them.
pub(super) fn lines(lines: &[Line], picture: &Picture, found: &mut Recognized) -> Vec<(Direction, Vec<Word>)> {
    let mut upright: Vec<(Direction, Upright)> = lines
        .iter()
        .map(|line| (direction(line.angle), line))
        .map(|(direction, line)| (direction, Upright::of(line, direction, picture)))
        .filter(|(_, line)| !line.words.is_empty())
        .collect();
    for direction in Direction::ALL {
        let of_it = || upright.iter().filter(|(of, _)| *of == direction).map(|(_, line)| line);
        let skew = skew(of_it());
        let sizes = sizes(of_it());
        for (_, line) in upright.iter_mut().filter(|(of, _)| *of == direction) {
            line.straighten(skew);
            line.size = sizes.iter().copied().find(|size| is_same(*size, line.size)).unwrap_or(line.size);
        }
    }
    for (_, line) in &upright {
        found.words += line.words.len();
        found.unsure += line.words.iter().filter(|(_, _, confidence)| *confidence < SURE).count();
    }
    upright.into_iter().map(|(direction, line)| (direction, line.finish())).collect()
}

/// A line in points, on the page turned so that it runs to the right.
struct Upright {
    /// Its words with their left and right ends, and how sure they are.
    words: Vec<(String, (f32, f32), f32)>,
    slope: Option<f32>,
    /// Where it begins.
    left: f32,
    /// Of the base line, at its left end.
    baseline: f32,
    size: f32,
}

impl Upright {
    fn of(line: &Line, direction: Direction, picture: &Picture) -> Self {
        let scale = picture.scale();
        let points = |place: &Pixels| {
            let [x0, y0, x1, y1] = place.map(|pixels| pixels / scale);
            direction.upright_frame(&Frame { x0, y0, x1, y1 }, picture.width_in_points(), picture.height_in_points())
        };
        let seen: Vec<(&Seen, Frame)> =
            line.words.iter().filter(|word| is_word(&word.text)).map(|word| (word, points(&word.place))).collect();
        let frame = points(&line.place);
        let stated = line.baseline.filter(|(slope, _)| direction == Direction::Right && slope.abs() < STEEP);
        let baseline = stated.map_or_else(|| foot(&seen), |(_, offset)| frame.y1 + offset / scale);
        let size = if line.size > 0.0 { line.size / scale } else { frame.height() };
        let words =
            seen.iter().map(|(word, frame)| (word.text.clone(), (frame.x0, frame.x1), word.confidence)).collect();
        Self { words, slope: stated.map(|(slope, _)| slope), left: frame.x0, baseline, size }
    }

    /// Turns it back by the slope that all lines have.
    fn straighten(&mut self, skew: f32) {
        let shift = skew * self.baseline;
        self.baseline -= skew * self.left;
        for (_, (left, right), _) in &mut self.words {
            (*left, *right) = (*left + shift, *right + shift);
        }
    }

    fn width(&self) -> f32 {
        self.words.last().zip(self.words.first()).map_or(0.0, |(last, first)| last.1.1 - first.1.0)
    }

    fn finish(self) -> Vec<Word> {
        let (y0, y1) = (self.baseline - self.size * 0.8, self.baseline + self.size * 0.2);
        let word = |(text, (x0, x1), _): (String, (f32, f32), f32)| Word {
            text,
            frame: Frame { x0, y0, x1, y1 },
            size: self.size,
            spaced: true,
            ..Word::default()
        };
        self.words.into_iter().map(word).collect()
    }
}

/// What says something; lines of tables and specks are taken for strokes.
fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.chars().all(|character| "|_~\u{a6}\u{2014}".contains(character))
}

fn direction(angle: f32) -> Direction {
    let angle = f64::from(angle).to_radians();
    Direction::of(angle.cos(), -angle.sin())
}

/// The lower edge of words without descenders, of which every line has some.
fn foot(words: &[(&Seen, Frame)]) -> f32 {
    let mut feet: Vec<f32> = words.iter().map(|(_, frame)| frame.y1).collect();
    feet.sort_by(f32::total_cmp);
    feet.get(feet.len() / 4).copied().unwrap_or_default()
}

/// The slope of most of the text: the middle one, by the lengths of the lines.
fn skew<'a>(lines: impl Iterator<Item = &'a Upright>) -> f32 {
    let mut slopes: Vec<(f32, f32)> = lines.filter_map(|line| Some((line.slope?, line.width()))).collect();
    slopes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = slopes.iter().map(|(_, width)| width).sum::<f32>() / 2.0;
    let mut passed = 0.0;
    let middle = slopes.iter().find(|(_, width)| {
        passed += width;
        passed >= half
    });
    middle.map_or(0.0, |(slope, _)| *slope)
}

/// The sizes that lines have, those of the most text first; each is the middle one of those that are near it.
fn sizes<'a>(lines: impl Iterator<Item = &'a Upright>) -> Vec<f32> {
    let mut left: Vec<(f32, f32)> = lines.map(|line| (line.size, line.width())).collect();
    left.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sizes = Vec::new();
    while !left.is_empty() {
        let near = |size: f32| left.iter().filter(move |(other, _)| is_same(size, *other));
        let weight = |size: f32| near(size).map(|(_, width)| width).sum::<f32>();
        let heaviest = left.iter().map(|(size, _)| *size).max_by(|a, b| weight(*a).total_cmp(&weight(*b)));
        let Some(size) = heaviest else { break };
        sizes.push(size);
        left.retain(|(other, _)| !is_same(size, *other));
    }
    sizes
}

fn is_same(one: f32, other: f32) -> bool {
    (one - other).abs() <= one.max(other) * SAME / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line whose words are 100 pixels wide, 200 from each other.
    fn line(left: f32, bottom: f32, slope: f32, size: f32, text: &str) -> Line {
        let count = text.split(' ').count() as f32;
        let words = text.split(' ').enumerate().map(|(index, text)| {
            let left = left + index as f32 * 200.0;
            Seen { text: text.into(), place: [left, bottom - size, left + 100.0, bottom], confidence: 90.0 }
        });
        let place = [left, bottom - size, left + count * 200.0, bottom];
        Line { place, baseline: Some((slope, -10.0)), angle: 0.0, size, words: words.collect() }
    }

    fn told(seen: &[Line]) -> Vec<(String, f32, f32)> {
        let picture = Picture::blank(595.0, 842.0, 144);
        let found = lines(seen, &picture, &mut Recognized::default());
        let told = |(_, words): &(Direction, Vec<Word>)| {
            let text: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            (text.join(" "), words[0].frame.y1 - words[0].size * 0.2, words[0].size)
        };
        found.iter().map(told).collect()
    }

    #[test]
    fn places_are_in_points_and_on_base_lines() {
        assert_eq!(told(&[line(100.0, 200.0, 0.0, 40.0, "two words")]), [("two words".to_owned(), 95.0, 20.0)]);
    }

    #[test]
    fn lines_that_lie_askew_are_straightened() {
        let slope = 0.02;
        let told = told(&[
            line(100.0, 200.0, slope, 40.0, "one row of four"),
            line(1000.0, 200.0 + 900.0 * slope, slope, 40.0, "goes on"),
        ]);
        assert!((told[0].1 - told[1].1).abs() < 0.1, "{told:?}");
    }

    #[test]
    fn sizes_that_hardly_differ_are_one() {
        let told = told(&[
            line(100.0, 200.0, 0.0, 80.0, "large"),
            line(100.0, 300.0, 0.0, 41.0, "a b c d"),
            line(100.0, 400.0, 0.0, 39.0, "a b c"),
            line(100.0, 500.0, 0.0, 43.0, "a b c"),
        ]);
        assert_eq!(told.iter().map(|(_, _, size)| *size).collect::<Vec<_>>(), [40.0, 20.5, 20.5, 20.5]);
    }

    #[test]
    fn strokes_are_no_words_and_what_is_unsure_is_counted() {
        let mut seen = line(0.0, 100.0, 0.0, 40.0, "| yes ___ no");
        seen.words[3].confidence = 20.0;
        let mut found = Recognized::default();
        let told = lines(&[seen], &Picture::blank(595.0, 842.0, 144), &mut found);
        assert_eq!(told[0].1.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["yes", "no"]);
        assert_eq!(found, Recognized { words: 2, unsure: 1 });
    }

    #[test]
    fn text_that_runs_upwards_is_turned() {
        let mut seen = line(0.0, 0.0, 0.0, 20.0, "up");
        seen.angle = 90.0;
        seen.baseline = None;
        seen.place = [100.0, 1000.0, 120.0, 1200.0];
        seen.words[0].place = seen.place;
        let told = lines(&[seen], &Picture::blank(595.0, 842.0, 144), &mut Recognized::default());
        assert_eq!(told[0].0, Direction::Up);
        let frame = told[0].1[0].frame;
        assert_eq!((frame.x0, frame.x1), (242.0, 342.0));
        assert!((frame.y1 - 62.0).abs() < 0.1, "{frame:?}");
    }
}
