//! Tables without lines: rows that stand below each other, with free columns between their cells.

use super::Table;
use super::line::Segment;
use crate::page::Frame;

/// A part of a region.
pub(crate) enum Part {
    /// Lines of prose, a segment a row.
    Lines(Vec<Segment>),
    Table(Table),
}

/// Fewest rows of a table, and most of its columns.
const ROWS: usize = 3;
const COLUMNS: usize = 40;
/// Rows of one table are no farther apart than this many heights of a line.
const APART: f32 = 2.2;

type Row = Vec<Segment>;
/// A column from its left to its right.
type Span = (f32, f32);

/// The parts of a region from top to bottom.
pub(crate) fn parts(region: Vec<Segment>) -> Vec<Part> {
    let mut rows = rows(region);
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let (end, columns) = run(&rows, at);
        if end - at >= ROWS {
            parts.push(Part::Table(table(&rows[at..end], &columns)));
            at = end;
        } else {
            let line = whole(std::mem::take(&mut rows[at]));
            match parts.last_mut() {
                Some(Part::Lines(lines)) => lines.push(line),
                _ => parts.push(Part::Lines(vec![line])),
            }
            at += 1;
        }
    }
    parts
}

/// Segments by the rows on which they stand.
fn rows(mut region: Vec<Segment>) -> Vec<Row> {
    region.sort_by(|a, b| a.frame.y1.total_cmp(&b.frame.y1));
    let mut rows: Vec<Row> = Vec::new();
    for segment in region {
        let is_table = segment.table.is_some();
        let fits = |row: &Row| {
            !is_table && row.iter().all(|other| other.table.is_none() && other.frame.beside(&segment.frame) > 0.55)
        };
        match rows.last_mut().filter(|row| fits(row)) {
            Some(row) => row.push(segment),
            None => rows.push(vec![segment]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.frame.x0.total_cmp(&b.frame.x0));
    }
    rows
}

fn whole(mut row: Row) -> Segment {
    if row.len() == 1 {
        return row.swap_remove(0);
    }
    Segment::of(row.into_iter().flat_map(|segment| segment.words).collect())
}

/// Where the table that begins with this row ends, and its columns.
fn run(rows: &[Row], start: usize) -> (usize, Vec<Span>) {
    let mut columns: Vec<Span> = Vec::new();
    let mut end = start;
    while let Some(row) = rows.get(end) {
        if row.len() < 2 || row.len() > COLUMNS || is_far(rows, start, end) {
            break;
        }
        let with = merged(&columns, row);
        // A row that closes a gap between columns is none of this table, unless some are left that are parted.
        let is_closed = !columns.is_empty() && with.len() < columns.len().min(row.len()).max(2);
        if with.len() < 2 || is_closed {
            break;
        }
        columns = with;
        end += 1;
    }
    (end, columns)
}

fn is_far(rows: &[Row], start: usize, end: usize) -> bool {
    if end == start {
        return false;
    }
    let height = rows[end][0].frame.height().max(rows[end - 1][0].frame.height());
    rows[end][0].frame.y0 - rows[end - 1][0].frame.y1 > height * APART
}

/// The columns with those of a row; what overlaps is one.
fn merged(columns: &[Span], row: &Row) -> Vec<Span> {
    let mut all: Vec<Span> = columns.to_vec();
    all.extend(row.iter().map(|segment| (segment.frame.x0, segment.frame.x1)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged: Vec<Span> = Vec::new();
    for (left, right) in all {
        match merged.last_mut() {
            Some(last) if left < last.1 + 1.0 => last.1 = last.1.max(right),
            _ => merged.push((left, right)),
        }
    }
    merged
}

fn table(rows: &[Row], columns: &[Span]) -> Table {
    let frame = Frame::around_all(rows.iter().flatten().map(|segment| &segment.frame)).unwrap_or_default();
    let cells = |row: &Row| {
        let mut cells = vec![String::new(); columns.len()];
        for segment in row {
            let after = columns.partition_point(|column| column.0 <= segment.frame.x0);
            let cell = &mut cells[after.saturating_sub(1)];
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(&segment.text());
        }
        cells
    };
    Table { frame, rows: rows.iter().map(cells).collect() }
}
