//! A page as plain data: words, rules and links with their places. Whatever library reads the file gives these, and the
//! layout knows nothing else.
//!
//! Places are in points, with x to the right and y downwards from the upper left corner of the page as it is shown.

use std::sync::Arc;

use crate::ocr::Recognized;

/// A rectangle: `x0 <= x1`, `y0 <= y1`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Frame {
    pub(crate) x0: f32,
    pub(crate) y0: f32,
    pub(crate) x1: f32,
    pub(crate) y1: f32,
}

impl Frame {
    pub(crate) fn width(&self) -> f32 {
        self.x1 - self.x0
    }

    pub(crate) fn height(&self) -> f32 {
        self.y1 - self.y0
    }

    pub(crate) fn centre(&self) -> (f32, f32) {
        (f32::midpoint(self.x0, self.x1), f32::midpoint(self.y0, self.y1))
    }

    /// The smallest frame around both.
    pub(crate) fn around(&self, other: &Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// The smallest frame around all; `None` of none.
    pub(crate) fn around_all<'a>(frames: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        frames.into_iter().copied().reduce(|all, frame| all.around(&frame))
    }

    pub(crate) fn holds(&self, (x, y): (f32, f32)) -> bool {
        self.x0 <= x && x <= self.x1 && self.y0 <= y && y <= self.y1
    }

    /// The share of the lower of both that lies beside the other.
    pub(crate) fn beside(&self, other: &Self) -> f32 {
        let shared = self.y1.min(other.y1) - self.y0.max(other.y0);
        shared / self.height().min(other.height()).max(0.01)
    }
}

/// A word, or what was drawn without a gap.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// From the ascenders to the descenders; the base line is at a fifth of the size above the lower edge.
    pub(crate) frame: Frame,
    /// The size of the font, in points.
    pub(crate) size: f32,
    /// How much of its width is ink, 0 where nobody knows: bold letters have more of it.
    pub(crate) ink: f32,
    /// Whether the file says that a space stands before it.
    pub(crate) spaced: bool,
    /// Whether the file says that it is no content: running heads, page numbers.
    pub(crate) artifact: bool,
    /// Whether it stands for dots that lead to the number of a page.
    pub(crate) leads: bool,
    /// Where a click on it leads to.
    pub(crate) link: Option<Arc<str>>,
}

/// A straight line that runs along an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rule {
    pub(crate) frame: Frame,
}

impl Rule {
    pub(crate) fn is_horizontal(&self) -> bool {
        self.frame.width() >= self.frame.height()
    }
}

/// A link to an address, with the place where it can be clicked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Link {
    pub(crate) frame: Frame,
    pub(crate) address: Arc<str>,
}

/// A page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    /// From 1.
    pub(crate) number: usize,
    /// The words that run in the same direction, a list a direction; the first has most of them. Their places are those of the page
    /// when it is turned so that they run to the right.
    pub(crate) texts: Vec<Directed>,
    /// How many pictures were drawn.
    pub(crate) pictures: usize,
    /// How much of the page they cover, 1 for all of it.
    pub(crate) covered: f32,
    /// How many glyphs were drawn, without spaces.
    pub(crate) glyphs: usize,
    /// How many of them stand for no character that is known.
    pub(crate) unmapped: usize,
    /// How many are drawn without being seen, as programs for character recognition lay them over scans.
    pub(crate) hidden: usize,
    /// What was recognized in its pictures, where that was tried.
    pub(crate) recognized: Option<Recognized>,
    /// Whether more was drawn than is read.
    pub(crate) cut: bool,
}

/// Glyphs beside a picture that is the page: a stamp, a page number.
const FEW_GLYPHS: usize = 60;
/// How much of a page a picture covers that is the page.
const MOST_OF_IT: f32 = 0.6;

impl Page {
    /// Whether nothing is written on it that is known.
    pub(crate) fn has_no_text(&self) -> bool {
        self.glyphs == self.unmapped && self.recognized.is_none_or(|recognized| recognized.words == 0)
    }

    /// Whether its text is in its pictures, if it has any.
    pub(crate) fn is_scan(&self) -> bool {
        let is_picture = self.covered > MOST_OF_IT && self.glyphs < FEW_GLYPHS && self.hidden == 0;
        self.pictures > 0 && (self.glyphs == 0 || is_picture)
    }
}

/// What is written in one direction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directed {
    pub(crate) direction: Direction,
    /// The height of the page after it was turned.
    pub(crate) height: f32,
    pub(crate) words: Vec<Word>,
    pub(crate) rules: Vec<Rule>,
}

/// Where a text runs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Direction {
    #[default]
    Right,
    Down,
    Left,
    Up,
    /// Aslant, as stamps and watermarks do.
    Aslant,
}

impl Direction {
    pub(crate) const ALL: [Self; 5] = [Self::Right, Self::Down, Self::Left, Self::Up, Self::Aslant];

    /// The direction of a vector, with y downwards.
    pub(crate) fn of(x: f64, y: f64) -> Self {
        let (along, across) = (x.abs(), y.abs());
        match (along > across * 4.0, across > along * 4.0) {
            (true, _) if x > 0.0 => Self::Right,
            (true, _) => Self::Left,
            (_, true) if y > 0.0 => Self::Down,
            (_, true) => Self::Up,
            _ => Self::Aslant,
        }
    }

    /// A point of a page of this size, after the page was turned so that texts of this direction run to the right.
    pub(crate) fn upright(self, (x, y): (f32, f32), width: f32, height: f32) -> (f32, f32) {
        match self {
            Self::Right | Self::Aslant => (x, y),
            Self::Down => (y, width - x),
            Self::Left => (width - x, height - y),
            Self::Up => (height - y, x),
        }
    }

    /// A frame, likewise.
    pub(crate) fn upright_frame(self, frame: &Frame, width: f32, height: f32) -> Frame {
        let one = self.upright((frame.x0, frame.y0), width, height);
        let other = self.upright((frame.x1, frame.y1), width, height);
        Frame { x0: one.0.min(other.0), y0: one.1.min(other.1), x1: one.0.max(other.0), y1: one.1.max(other.1) }
    }

    /// The size of the page after it was turned.
    pub(crate) fn upright_size(self, width: f32, height: f32) -> (f32, f32) {
        match self {
            Self::Right | Self::Left | Self::Aslant => (width, height),
            Self::Down | Self::Up => (height, width),
        }
    }
}
