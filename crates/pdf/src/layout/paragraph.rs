//! From lines to paragraphs and items of lists.

use rustc_hash::FxHashSet;

use super::line::Segment;
use super::{Kind, Piece, list, text};

/// Letters this much blacker than others are bold.
pub(crate) const BOLDER: f32 = 1.22;
/// Sizes that differ by less than this share are the same.
const SAME_SIZE: f32 = 0.08;

/// Most lines of an entry of a table of contents.
const ENTRY_LINES: usize = 4;
/// Fewer steps from line to line do not tell what is usual, but this many sizes are.
const FEW: usize = 4;
const USUAL_LEADING: f32 = 1.45;

/// What the lines of a region have in common.
struct Measure {
    left: f32,
    right: f32,
    /// From one base line to the next, in most places.
    leading: f32,
}

impl Measure {
    fn of(lines: &[Segment]) -> Self {
        let left = lines.iter().map(|line| line.frame.x0).fold(f32::MAX, f32::min);
        let right = lines.iter().map(|line| line.frame.x1).fold(f32::MIN, f32::max);
        let steps = lines.windows(2).map(|pair| (step(&pair[0], &pair[1]), pair[1].letters().min(60)));
        let usual: Vec<(f32, usize)> = steps.filter(|(step, _)| *step > 1.0).collect();
        let size = super::prevailing(lines.iter().map(|line| (line.size, line.letters())));
        // A few lines may all be paragraphs of their own.
        let most = if usual.len() < FEW { size * USUAL_LEADING } else { f32::MAX };
        Self { left, right, leading: super::prevailing(usual.into_iter()).min(most) }
    }
}

fn step(above: &Segment, below: &Segment) -> f32 {
    baseline(below) - baseline(above)
}

fn baseline(line: &Segment) -> f32 {
    line.frame.y1
}

/// The pieces of lines from top to bottom. A line that is a `title` of the outline is one of its own.
pub(crate) fn pieces(lines: Vec<Segment>, page: usize, titles: &FxHashSet<String>) -> Vec<Piece> {
    let measure = Measure::of(&lines);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut levels: Vec<f32> = Vec::new();
    let mut open: Vec<Segment> = Vec::new();
    let mut kind = Kind::Paragraph;
    for line in lines {
        let starts_item = starts_item(open.last(), &line, &kind, &measure);
        if starts_item && ends_entry(&open, &line, &kind, &measure) {
            kind = Kind::Item(depth(&mut levels, open[0].frame.x0));
            open.push(line);
            continue;
        }
        if !open.is_empty() && (starts_item || parts(&open, &line, &kind, &measure, titles)) {
            pieces.push(Piece::new(std::mem::replace(&mut kind, Kind::Paragraph), page, std::mem::take(&mut open)));
        }
        if open.is_empty() {
            kind = if starts_item { Kind::Item(depth(&mut levels, line.frame.x0)) } else { Kind::Paragraph };
            if !starts_item {
                levels.clear();
            }
        }
        open.push(line);
    }
    if !open.is_empty() {
        pieces.push(Piece::new(kind, page, open));
    }
    for piece in &mut pieces {
        if matches!(piece.kind, Kind::Item(_)) {
            without_bullet(piece);
        }
    }
    pieces
}

/// The depth of an item by its left edge, among the items before it.
fn depth(levels: &mut Vec<f32>, left: f32) -> u8 {
    levels.retain(|level| *level < left + 4.0);
    if levels.last().is_none_or(|last| left - last > 4.0) {
        levels.push(left);
    }
    u8::try_from(levels.len()).unwrap_or(u8::MAX)
}

/// Whether a line is the end of an entry of a table of contents that began in the lines before.
fn ends_entry(open: &[Segment], line: &Segment, kind: &Kind, measure: &Measure) -> bool {
    let Some(above) = open.last().filter(|above| !above.entry && !ends(above)) else { return false };
    // A heading above the first entry is short.
    let is_long = above.frame.x1 > f32::midpoint(measure.left, measure.right);
    let is_near = step(above, line) < measure.leading * 1.35 && (above.size - line.size).abs() < line.size * SAME_SIZE;
    line.entry && *kind == Kind::Paragraph && open.len() < ENTRY_LINES && is_long && is_near
}

/// Whether a line begins an item. A dash or a number at its begin may be one of a sentence that goes on.
fn starts_item(above: Option<&Segment>, line: &Segment, kind: &Kind, measure: &Measure) -> bool {
    if line.entry {
        return true;
    }
    let Some(first) = line.words.first().filter(|_| line.words.len() > 1) else { return false };
    if !list::is_marker(&first.text) {
        return false;
    }
    let is_sure = !first.text.is_ascii() && !matches!(first.text.as_str(), "\u{2013}" | "\u{2014}");
    let Some(above) = above else { return true };
    let ended = ends(above) || above.frame.x1 < measure.right - (measure.right - measure.left) * 0.2;
    is_sure || matches!(kind, Kind::Item(_)) || ended || step(above, line) > measure.leading * 1.25
}

/// Whether a line ends a sentence.
fn ends(line: &Segment) -> bool {
    let last = line.words.last().map(|word| word.text.trim_end_matches(['"', '\u{201d}', '\u{2019}', ')', '\'']));
    last.is_some_and(|last| last.ends_with(['.', '!', '?', ':', ';', '\u{2026}', '\u{3002}']))
}

/// Whether a line begins something else than the lines before it.
fn parts(open: &[Segment], line: &Segment, kind: &Kind, measure: &Measure, titles: &FxHashSet<String>) -> bool {
    let Some(above) = open.last() else { return false };
    if above.entry {
        return true;
    }
    let size = above.size.max(line.size).max(0.1);
    if (above.size - line.size).abs() > size * SAME_SIZE && !is_small_part(above, line) {
        return true;
    }
    if step(above, line) > (measure.leading * 1.35).max(size * 1.05) {
        return true;
    }
    if is_title(line, titles) || (open.len() == 1 && is_title(above, titles)) {
        return true;
    }
    if changes_weight(above, line) {
        return true;
    }
    let first = &open[0];
    if matches!(kind, Kind::Item(_)) {
        // What is flush with the marker is no part of its item, unless the item's own lines are.
        let is_flush = line.frame.x0 < first.frame.x0 + size * 0.4;
        let hangs = open.get(1).is_some_and(|second| second.frame.x0 > first.frame.x0 + size * 0.4);
        return is_flush && (hangs || ends(above));
    }
    let is_indented = line.frame.x0 > above.frame.x0 + size * 0.8 && line.frame.x0 < measure.left + size * 5.0;
    let is_short = is_short(above, line, measure);
    // The second line of a paragraph whose first hangs out is indented, and goes on with its sentence.
    is_indented && (ends(above) || is_short) || is_short && ends(above) && starts_sentence(line)
}

/// Whether the first word of a line would have had room in the line above.
fn is_short(above: &Segment, line: &Segment, measure: &Measure) -> bool {
    let word = line.words.first().map_or(0.0, |word| word.frame.width());
    let room = measure.right - above.frame.x1;
    room > (measure.right - measure.left) * 0.12 && room > word + line.size * 0.8
}

fn starts_sentence(line: &Segment) -> bool {
    line.words.first().is_some_and(|word| !word.text.starts_with(char::is_lowercase))
}

/// A short line, such as a raised number, does not tell the size of a paragraph.
fn is_small_part(above: &Segment, line: &Segment) -> bool {
    above.letters().min(line.letters()) < 4 && above.frame.beside(&line.frame) > 0.0
}

fn is_title(line: &Segment, titles: &FxHashSet<String>) -> bool {
    !titles.is_empty() && titles.contains(&text::plain_key(&line.text()))
}

/// Whether one of two lines is bold and the other is not.
fn changes_weight(above: &Segment, line: &Segment) -> bool {
    let (one, other) = (above.ink(), line.ink());
    one > 0.0 && other > 0.0 && one.max(other) > one.min(other) * BOLDER && above.letters().min(line.letters()) > 3
}

/// A bullet says no more than that it is an item; a number is said.
fn without_bullet(piece: &mut Piece) {
    let Some(line) = piece.lines.first_mut() else { return };
    let is_bullet = line.words.first().is_some_and(|word| !word.text.chars().any(char::is_alphanumeric));
    if is_bullet && line.words.len() > 1 {
        line.words.remove(0);
    }
}
