//! Reading order: a page is cut along the gutters between its columns, and between what runs across them, until no part has a
//! gutter.
//!
//! What stands in the way of a gutter (a headline over three columns, a table across two) does not close it: it parts the columns
//! above from those below.

use super::line::Segment;
use crate::page::Frame;

/// Segments that are read from top to bottom.
pub(crate) type Region = Vec<Segment>;

/// Deepest cut within a cut.
const DEPTH: usize = 12;
/// The narrowest gutter, in sizes of the font.
const GUTTER: f32 = 0.8;
/// Places that are told apart across the page.
const BINS: usize = 1_024;

/// The regions of a page, or of a part of it, in the order in which they are read.
pub(crate) fn regions(segments: Vec<Segment>) -> Vec<Region> {
    let mut regions = Vec::new();
    cut(segments, DEPTH, &mut regions);
    regions
}

fn cut(mut segments: Vec<Segment>, depth: usize, regions: &mut Vec<Region>) {
    if segments.is_empty() {
        return;
    }
    segments.sort_by(|a, b| a.frame.y1.total_cmp(&b.frame.y1).then(a.frame.x0.total_cmp(&b.frame.x0)));
    let place = if depth == 0 { None } else { gutter(&segments) };
    let Some(x) = place else {
        regions.push(segments);
        return;
    };
    for band in bands(segments, x) {
        match band {
            Band::Across(segments) => regions.push(segments),
            Band::Columns(left, right) => {
                cut(left, depth - 1, regions);
                cut(right, depth - 1, regions);
            }
        }
    }
}

/// A part of the height of a region.
enum Band {
    /// Read across.
    Across(Vec<Segment>),
    /// Read one after the other.
    Columns(Vec<Segment>, Vec<Segment>),
}

fn crosses(segment: &Segment, x: f32) -> bool {
    segment.frame.x0 < x && x < segment.frame.x1
}

/// Parts segments, sorted from top to bottom, at those that cross the gutter. Bands that are no columns go with what crosses.
fn bands(segments: Vec<Segment>, x: f32) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    let mut open: Vec<Segment> = Vec::new();
    for segment in segments {
        if crosses(&segment, x) {
            close(std::mem::take(&mut open), x, &mut bands);
            across(vec![segment], &mut bands);
        } else {
            open.push(segment);
        }
    }
    close(open, x, &mut bands);
    bands
}

fn close(segments: Vec<Segment>, x: f32, bands: &mut Vec<Band>) {
    if segments.is_empty() {
        return;
    }
    if are_columns(&segments, x) {
        let (left, right) = segments.into_iter().partition(|segment| segment.frame.centre().0 < x);
        bands.push(Band::Columns(left, right));
    } else {
        across(segments, bands);
    }
}

fn across(segments: Vec<Segment>, bands: &mut Vec<Band>) {
    match bands.last_mut() {
        Some(Band::Across(before)) => before.extend(segments),
        _ => bands.push(Band::Across(segments)),
    }
}

/// A place where a gutter runs between columns of text.
fn gutter(segments: &[Segment]) -> Option<f32> {
    let frame = Frame::around_all(segments.iter().map(|segment| &segment.frame))?;
    if segments.len() < 4 || frame.width() < 1.0 {
        return None;
    }
    let size = super::line::prevailing(segments.iter().map(|segment| (segment.size, segment.letters().max(1))));
    let covered = coverage(segments, &frame);
    let narrowest = (size * GUTTER / frame.width() * BINS as f32).ceil().max(2.0);
    let mut allowed = 0;
    // What crosses a gutter may be a third of what there is.
    while allowed <= segments.len() / 3 {
        let mut free = gaps(&covered, allowed);
        free.retain(|(start, end)| (end - start) as f32 >= narrowest);
        // The widest first.
        free.sort_by_key(|(start, end)| (std::cmp::Reverse(end - start), *start));
        for (start, end) in free.into_iter().take(8) {
            let x = frame.x0 + frame.width() * (start + end) as f32 / 2.0 / BINS as f32;
            if has_columns(segments, x) {
                return Some(x);
            }
        }
        allowed = if allowed == 0 { 1 } else { allowed * 2 };
    }
    None
}

/// Whether some band beside a gutter is one of columns.
fn has_columns(segments: &[Segment], x: f32) -> bool {
    segments.split(|segment| crosses(segment, x)).any(|band| are_columns(band, x))
}

/// How many segments cover each of the places across a frame.
fn coverage(segments: &[Segment], frame: &Frame) -> Vec<usize> {
    let bin = |x: f32| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the bins")]
        let bin = ((x - frame.x0) / frame.width() * BINS as f32).max(0.0) as usize;
        bin.min(BINS - 1)
    };
    let mut changes = vec![0_isize; BINS + 1];
    for segment in segments {
        changes[bin(segment.frame.x0)] += 1;
        changes[bin(segment.frame.x1) + 1] -= 1;
    }
    let mut covered = 0;
    let running = changes.into_iter().take(BINS).map(|change| {
        covered += change;
        usize::try_from(covered).unwrap_or_default()
    });
    running.collect()
}

/// The runs of places that no more than `allowed` segments cover, but for those at the edges.
fn gaps(covered: &[usize], allowed: usize) -> Vec<(usize, usize)> {
    let mut gaps = Vec::new();
    let mut start = None;
    for (bin, count) in covered.iter().enumerate() {
        if *count > allowed {
            if let Some(start) = start.take().filter(|start| *start > 0) {
                gaps.push((start, bin));
            }
        } else if start.is_none() {
            start = Some(bin);
        }
    }
    gaps
}

/// Whether what stands on both sides of `x` are columns of text, rather than the columns of a table or a line and its number.
fn are_columns(segments: &[Segment], x: f32) -> bool {
    let (left, right): (Vec<&Segment>, Vec<&Segment>) =
        segments.iter().partition(|segment| segment.frame.centre().0 < x);
    if left.len().min(right.len()) < 2 || height(&left).min(height(&right)) <= 0.0 {
        return false;
    }
    let beside = overlap(&left, &right) / height(&left).min(height(&right));
    beside > 0.3 && (is_prose(&left) && is_prose(&right) || !are_paired(&left, &right))
}

/// Whether there are several words in most of the segments.
fn is_prose(side: &[&Segment]) -> bool {
    let words: usize = side.iter().map(|segment| segment.words.len()).sum();
    words as f32 / side.len() as f32 >= 3.0
}

fn span(side: &[&Segment]) -> (f32, f32) {
    let frame = Frame::around_all(side.iter().map(|segment| &segment.frame)).unwrap_or_default();
    (frame.y0, frame.y1)
}

fn height(side: &[&Segment]) -> f32 {
    let (top, bottom) = span(side);
    bottom - top
}

fn overlap(left: &[&Segment], right: &[&Segment]) -> f32 {
    let (left, right) = (span(left), span(right));
    left.1.min(right.1) - left.0.max(right.0)
}

/// Whether most segments of the shorter side stand on the base line of one of the other.
fn are_paired(left: &[&Segment], right: &[&Segment]) -> bool {
    let (shorter, longer) = if left.len() < right.len() { (left, right) } else { (right, left) };
    let mut lines: Vec<f32> = longer.iter().map(|segment| segment.frame.y1).collect();
    lines.sort_by(f32::total_cmp);
    let stands = |segment: &&&Segment| {
        let reach = segment.size * 0.3;
        let next = lines.partition_point(|line| *line < segment.frame.y1 - reach);
        lines.get(next).is_some_and(|line| *line <= segment.frame.y1 + reach)
    };
    shorter.iter().filter(stands).count() * 10 >= shorter.len() * 6
}
