//! What a page draws: its glyphs become words, its straight lines rules.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::object::{Dict, Name};
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};
use rustc_hash::FxHashMap;

use super::characters;
use super::fonts::Fonts;
use super::words::{Placed, Words};
use crate::page::{Directed, Direction, Frame, Page, Rule};

/// Most glyphs and most lines of a page that are looked at.
const MOST_GLYPHS: usize = 400_000;
const MOST_RULES: usize = 1_500;
/// Most steps of the interpretation of a page.
const MOST_STEPS: usize = 2_000_000;
/// Thicker than this, a filled rectangle is no line.
const THICK: f64 = 2.6;

/// Looks at what is drawn on one page.
pub(super) struct Canvas<'f> {
    fonts: &'f mut Fonts,
    width: f32,
    height: f32,
    texts: [Words; 5],
    rules: Vec<Rule>,
    /// How much ink a glyph has, by its font and number.
    inks: FxHashMap<u128, f32>,
    /// For each open part of marked content, whether it is no content of the document.
    marked: Vec<bool>,
    deeper: usize,
    pictures: usize,
    covered: f64,
    glyphs: usize,
    unmapped: usize,
    hidden: usize,
    cut: bool,
    /// What was drawn, pieces of all kinds.
    steps: usize,
}

/// Ends the interpretation of a page that draws without end.
pub(crate) struct Spent;

impl<'f> Canvas<'f> {
    /// Counts a step. The library has no way to be told to stop; files may draw a form that draws another twice, and so on, which ends
    /// in a thousand years. Therefore this unwinds to where the page was begun.
    fn step(&mut self) {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            self.cut = true;
            std::panic::resume_unwind(Box::new(Spent));
        }
    }

    pub(super) fn new(width: f32, height: f32, fonts: &'f mut Fonts) -> Self {
        Self {
            fonts,
            width,
            height,
            texts: std::array::from_fn(|_| Words::default()),
            rules: Vec::new(),
            inks: FxHashMap::default(),
            marked: Vec::new(),
            deeper: 0,
            pictures: 0,
            covered: 0.0,
            glyphs: 0,
            unmapped: 0,
            hidden: 0,
            cut: false,
            steps: 0,
        }
    }

    /// Tells that not all that is drawn is read.
    pub(crate) fn cut(&mut self) {
        self.cut = true;
    }

    pub(crate) fn finish(self, number: usize) -> Page {
        let (width, height) = (self.width, self.height);
        let mut texts: Vec<Directed> = Vec::new();
        for (direction, words) in Direction::ALL.into_iter().zip(self.texts) {
            if words.is_empty() {
                continue;
            }
            let (_, turned_height) = direction.upright_size(width, height);
            let turn = |rule: &Rule| Rule { frame: direction.upright_frame(&rule.frame, width, height) };
            texts.push(Directed {
                direction,
                height: turned_height,
                words: words.finish(),
                rules: self.rules.iter().map(turn).collect(),
            });
        }
        texts.sort_by_key(|text| std::cmp::Reverse(text.words.len()));
        Page {
            number,
            texts,
            pictures: self.pictures,
            covered: narrow(self.covered) / (width * height).max(1.0),
            glyphs: self.glyphs,
            unmapped: self.unmapped,
            hidden: self.hidden,
            recognized: None,
            cut: self.cut,
        }
    }

    fn is_artifact(&self) -> bool {
        self.marked.contains(&true)
    }

    fn glyph(&mut self, glyph: &Glyph<'_>, transform: Affine, vertical: bool) {
        let [right, down, left, up, x, y] = transform.as_coeffs();
        let size = narrow(left.hypot(up) * 1000.0);
        if !size.is_finite() || size < 0.5 || !self.is_shown(x, y) {
            return;
        }
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(drawn) => drawn.advance_width(),
        };
        let advance = narrow(right.hypot(down)) * advance.unwrap_or(500.0).clamp(0.0, 5_000.0);
        let (direction, advance) =
            if vertical { (Direction::of(-left, -up), size) } else { (Direction::of(right, down), advance) };
        let text = self.text(glyph);
        let (x, y) = direction.upright((narrow(x), narrow(y)), self.width, self.height);
        let ink = self.ink(glyph, &text);
        let placed = Placed { text, x, y, advance, size, ink, artifact: self.is_artifact() };
        self.texts[direction as usize].push(&placed);
    }

    fn is_shown(&self, x: f64, y: f64) -> bool {
        (-2.0..=f64::from(self.width) + 2.0).contains(&x) && (-2.0..=f64::from(self.height) + 2.0).contains(&y)
    }

    fn text(&mut self, glyph: &Glyph<'_>) -> String {
        let text = match glyph.as_unicode() {
            Some(BfString::Char(character)) => characters::readable(character.encode_utf8(&mut [0; 4])),
            Some(BfString::String(characters)) => characters::readable(&characters),
            None => None,
        };
        let embedded = |glyph: &Glyph<'_>, fonts: &mut Fonts| match glyph {
            Glyph::Outline(outline) => fonts.text(outline),
            Glyph::Type3(_) => None,
        };
        let text = text.or_else(|| embedded(glyph, self.fonts)).unwrap_or_else(|| characters::UNKNOWN.to_string());
        if !text.chars().all(char::is_whitespace) {
            self.glyphs += 1;
            self.unmapped += usize::from(text.starts_with(characters::UNKNOWN));
        }
        text
    }

    /// The share of a letter's width and height that is black.
    fn ink(&mut self, glyph: &Glyph<'_>, text: &str) -> f32 {
        let Glyph::Outline(outline) = glyph else { return 0.0 };
        if !text.chars().all(char::is_alphabetic) {
            return 0.0;
        }
        let key = outline.identifier().cache_key();
        *self.inks.entry(key).or_insert_with(|| {
            let path = outline.outline();
            let frame = path.bounding_box();
            narrow(path.area().abs() / (frame.width() * frame.height()).max(1.0))
        })
    }

    fn line(&mut self, from: Point, to: Point) {
        let (width, height) = ((from.x - to.x).abs(), (from.y - to.y).abs());
        if (width < 1.0 || height < 1.0) && width.max(height) > 4.0 {
            self.rule(from, to);
        }
    }

    fn rule(&mut self, from: Point, to: Point) {
        let all = [from.x, from.y, to.x, to.y];
        if self.rules.len() >= MOST_RULES || !all.iter().all(|place| place.is_finite()) {
            return;
        }
        let frame = Frame {
            x0: narrow(from.x.min(to.x)),
            y0: narrow(from.y.min(to.y)),
            x1: narrow(from.x.max(to.x)),
            y1: narrow(from.y.max(to.y)),
        };
        self.rules.push(Rule { frame });
    }

    fn stroked(&mut self, path: &BezPath, transform: Affine) {
        let (mut start, mut here) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            match element {
                PathEl::MoveTo(to) => (start, here) = (transform * *to, transform * *to),
                PathEl::LineTo(to) => {
                    let to = transform * *to;
                    self.line(here, to);
                    here = to;
                }
                PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => here = transform * *to,
                PathEl::ClosePath => {
                    self.line(here, start);
                    here = start;
                }
            }
        }
    }

    /// A filled rectangle that is so thin that it is a line.
    fn filled(&mut self, path: &BezPath, transform: Affine) {
        let frame = transform.transform_rect_bbox(path.bounding_box());
        let (thin, long) = (frame.width().min(frame.height()), frame.width().max(frame.height()));
        if thin < THICK && long > 4.0 {
            let middle = frame.center();
            if frame.width() > frame.height() {
                self.rule(Point::new(frame.x0, middle.y), Point::new(frame.x1, middle.y));
            } else {
                self.rule(Point::new(middle.x, frame.y0), Point::new(middle.x, frame.y1));
            }
        }
    }
}

impl<'a> Device<'a> for Canvas<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.step();
        if self.rules.len() >= MOST_RULES {
            return;
        }
        match mode {
            DrawMode::Fill(_) => self.filled(path, props.transform),
            DrawMode::Stroke(_) | DrawMode::FillAndStroke(..) => self.stroked(path, props.transform),
            DrawMode::Invisible => {}
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.step();
        let before = self.glyphs;
        let vertical = matches!(run.writing_mode(), WritingMode::Vertical);
        for glyph in run.glyphs() {
            if self.glyphs >= MOST_GLYPHS {
                self.cut = true;
                return;
            }
            self.glyph(glyph, props.transform * glyph.transform(), vertical);
        }
        if matches!(mode, DrawMode::Invisible) {
            self.hidden += self.glyphs - before;
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.step();
        self.pictures += 1;
        let frame = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let page = Rect::new(0.0, 0.0, f64::from(self.width), f64::from(self.height));
        let seen = props.transform.transform_rect_bbox(frame).intersect(page);
        if seen.is_finite() {
            self.covered += seen.area();
        }
    }

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        self.step();
        if self.marked.len() >= 256 {
            self.deeper += 1;
            return;
        }
        let kind = properties.and_then(|properties| properties.get::<Name<'_>>(b"Type"));
        self.marked.push(tag == b"Artifact" && kind.is_some_and(|kind| kind.as_str() == "Pagination"));
    }

    fn end_marked_content(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else {
            self.marked.pop();
        }
    }

    fn push_clip_path(&mut self, _path: &ClipPath) {
        self.step();
    }

    fn push_transparency_group(&mut self, _opacity: f32, _mask: Option<SoftMask<'a>>, _mode: BlendMode) {
        self.step();
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// A place on a page; what is beyond `f32` is beyond any page.
#[allow(clippy::cast_possible_truncation, reason = "places on a page need no more digits")]
pub(super) fn narrow(value: f64) -> f32 {
    value as f32
}
