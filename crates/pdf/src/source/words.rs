//! From glyphs in the order in which they are drawn to words.

use rustc_hash::FxHashMap;

use crate::page::{Frame, Word};

/// A glyph with its character, in a page that was turned so that it stands upright.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) text: String,
    pub(crate) x: f32,
    /// Of the base line.
    pub(crate) y: f32,
    pub(crate) advance: f32,
    pub(crate) size: f32,
    pub(crate) ink: f32,
    pub(crate) artifact: bool,
}

/// Puts words together.
#[derive(Debug, Default)]
pub(crate) struct Words {
    done: Vec<Word>,
    open: Option<Open>,
    spaced: bool,
    /// The characters seen so far by their places, since letters are drawn twice to look bold or to throw a shadow.
    seen: FxHashMap<(i32, i32), Vec<Seen>>,
}

/// A text with its place.
type Seen = (String, f32, f32);

#[derive(Debug)]
struct Open {
    word: Word,
    baseline: f32,
    end: f32,
    ink: f32,
    letters: f32,
}

/// Gaps within a word, as shares of the size of the font.
const TOUCHING: std::ops::Range<f32> = -0.4..0.14;
/// Most glyphs of one place that are compared with another.
const CROWD: usize = 8;

impl Words {
    pub(crate) fn push(&mut self, glyph: &Placed) {
        if glyph.text.chars().all(char::is_whitespace) {
            self.close();
            self.spaced = true;
        } else if !self.is_drawn_again(glyph) {
            if !self.open.as_ref().is_some_and(|open| open.goes_on(glyph)) {
                self.close();
                self.open = Some(Open::begin(glyph, std::mem::take(&mut self.spaced)));
            }
            if let Some(open) = &mut self.open {
                open.add(glyph);
            }
        }
    }

    pub(crate) fn finish(mut self) -> Vec<Word> {
        self.close();
        self.done
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.done.is_empty() && self.open.is_none()
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.done.push(open.finish());
        }
    }

    fn is_drawn_again(&mut self, glyph: &Placed) -> bool {
        let cell = (glyph.size * 0.25).max(0.25);
        #[allow(clippy::cast_possible_truncation, reason = "places of glyphs lie on a page")]
        let (column, row) = ((glyph.x / cell).floor() as i32, (glyph.y / cell).floor() as i32);
        for x in column.saturating_sub(1)..=column.saturating_add(1) {
            for y in row.saturating_sub(1)..=row.saturating_add(1) {
                let again = self.seen.get(&(x, y)).is_some_and(|there| {
                    there.iter().any(|(text, x, y)| {
                        *text == glyph.text && (x - glyph.x).abs() < cell * 0.8 && (y - glyph.y).abs() < cell * 0.8
                    })
                });
                if again {
                    return true;
                }
            }
        }
        let there = self.seen.entry((column, row)).or_default();
        if there.len() < CROWD {
            there.push((glyph.text.clone(), glyph.x, glyph.y));
        }
        false
    }
}

impl Open {
    fn begin(glyph: &Placed, spaced: bool) -> Self {
        let frame = Frame { x0: glyph.x, y0: glyph.y - glyph.size * 0.8, x1: glyph.x, y1: glyph.y + glyph.size * 0.2 };
        let word = Word { frame, size: glyph.size, spaced, artifact: glyph.artifact, ..Word::default() };
        Self { word, baseline: glyph.y, end: glyph.x, ink: 0.0, letters: 0.0 }
    }

    fn goes_on(&self, glyph: &Placed) -> bool {
        let size = self.word.size.max(glyph.size);
        (self.baseline - glyph.y).abs() < size * 0.12
            && (self.word.size - glyph.size).abs() < size * 0.25
            && TOUCHING.contains(&((glyph.x - self.end) / size.max(0.1)))
            && self.word.artifact == glyph.artifact
    }

    fn add(&mut self, glyph: &Placed) {
        self.word.text.push_str(&glyph.text);
        self.end = glyph.x + glyph.advance;
        self.word.frame.x1 = self.word.frame.x1.max(self.end);
        if glyph.ink > 0.0 {
            self.ink += glyph.ink;
            self.letters += 1.0;
        }
    }

    fn finish(self) -> Word {
        let ink = if self.letters > 0.0 { self.ink / self.letters } else { 0.0 };
        Word { ink, ..self.word }
    }
}
