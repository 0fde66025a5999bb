//! Tables without lines: rows that stand below each other, with free columns between their cells.

use super::line::Segment;
use super::text::{Text, Vocabulary};
use super::{Table, leader};
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
/// Rows of one table are no farther apart than this many heights of a line, and the lines of one cell than this many.
const APART: f32 = 2.2;
const WITHIN: f32 = 0.75;
/// Most lines of a cell.
const CELL_LINES: usize = 12;
/// Fewest rows of a table of contents without leaders.
const ENTRIES: usize = 4;

type Row = Vec<Segment>;
/// A column from its left to its right.
type Span = (f32, f32);

/// The parts of a region from top to bottom.
pub(crate) fn parts(region: Vec<Segment>) -> Vec<Part> {
    let mut rows = rows(region);
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let run = run(&rows, at);
        let count = run.starts.len();
        let starts: Vec<&Row> = run.starts.iter().map(|start| &rows[*start]).collect();
        let is_contents = is_contents(&starts);
        if count >= ROWS && !is_contents {
            parts.push(Part::Table(table(&rows, &run)));
            at = run.end;
            continue;
        }
        let end = if is_contents { run.end } else { at + 1 };
        for (index, row) in rows.iter_mut().enumerate().take(end).skip(at) {
            let mut line = whole(std::mem::take(row));
            line.entry |= is_contents && run.starts.contains(&index);
            match parts.last_mut() {
                Some(Part::Lines(lines)) => lines.push(line),
                _ => parts.push(Part::Lines(vec![line])),
            }
        }
        at = end;
    }
    parts
}

/// Whether rows are those of a table of contents: titles, and the pages on which they stand, which grow.
fn is_contents(rows: &[&Row]) -> bool {
    let page = |row: &&Row| row.last().filter(|_| (2..4).contains(&row.len())).map(Segment::text);
    let Some(pages) = rows.iter().map(page).collect::<Option<Vec<String>>>() else { return false };
    let words: usize = rows.iter().flat_map(|row| &row[..row.len() - 1]).map(|title| title.words.len()).sum();
    let numbers = pages.iter().filter_map(|page| page.parse::<u32>().ok());
    // One word each may be the names of a table with figures.
    rows.len() >= ENTRIES
        && words >= rows.len() * 2
        && pages.iter().all(|page| leader::is_page(page))
        && numbers.clone().count() > 1
        && numbers.is_sorted()
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

/// Rows that may be a table.
struct Run {
    columns: Vec<Span>,
    /// The rows with which its rows begin: what is between are further lines of their cells.
    starts: Vec<usize>,
    end: usize,
}

/// The table that begins with this row.
fn run(rows: &[Row], start: usize) -> Run {
    let mut run = Run { columns: Vec::new(), starts: Vec::new(), end: start };
    // Lines that belong to the table if another row follows.
    let mut at = start;
    while let Some(row) = rows.get(at) {
        if row.len() > COLUMNS || is_far(rows, start, at) || row.last().is_some_and(|last| last.entry) {
            break;
        }
        if goes_on(rows, &run, at) {
            // In the first column it may as well be the text below: only a row that follows tells.
            if column(&run.columns, &row[0]).is_some_and(|column| column > 0) {
                run.end = at + 1;
            }
            at += 1;
            continue;
        }
        let with = merged(&run.columns, row);
        // A row that closes a gap between columns is none of this table, unless some are left that are parted.
        let is_closed = !run.columns.is_empty() && with.len() < run.columns.len().min(row.len()).max(2);
        if row.len() < 2 || with.len() < 2 || is_closed {
            break;
        }
        run.columns = with;
        run.starts.push(at);
        at += 1;
        run.end = at;
    }
    run
}

/// Whether a row is a further line of the cells of the one before: it stands close below, within columns.
fn goes_on(rows: &[Row], run: &Run, at: usize) -> bool {
    let (row, Some(last)) = (&rows[at], run.starts.last().copied()) else { return false };
    let inside = |segment: &Segment| column(&run.columns, segment).is_some();
    let height = row[0].frame.height().max(rows[at - 1][0].frame.height());
    let is_close = row[0].frame.y0 - rows[at - 1][0].frame.y1 < height * WITHIN;
    let is_partial = row.len() < run.columns.len().min(rows[last].len());
    let is_new = row.len() > 1 && column(&run.columns, &row[0]) == Some(0);
    let is_said = |segment: &Segment| segment.text().chars().any(char::is_alphabetic);
    // Several cells may be a row whose first cell is empty, unless a sentence goes on.
    let is_sentence = row.len() == 1 || row.iter().any(|segment| segment.text().starts_with(char::is_lowercase));
    at - last < CELL_LINES
        && is_partial
        && !is_new
        && is_close
        && is_sentence
        && row.iter().all(|segment| inside(segment) && is_said(segment))
}

/// The column in which a segment lies, if it lies in one.
fn column(columns: &[Span], segment: &Segment) -> Option<usize> {
    let after = columns.partition_point(|column| column.0 <= segment.frame.x0 + 1.0);
    let column = after.checked_sub(1)?;
    let right = columns.get(after).map_or(f32::MAX, |next| next.0);
    (segment.frame.x1 < right && segment.frame.x0 < columns[column].1).then_some(column)
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

fn table(rows: &[Row], run: &Run) -> Table {
    let lines = &rows[run.starts[0]..run.end];
    let frame = Frame::around_all(lines.iter().flatten().map(|segment| &segment.frame)).unwrap_or_default();
    let ends = run.starts.iter().skip(1).copied().chain([run.end]);
    let cells = |(start, end): (&usize, usize)| {
        let mut cells: Vec<Vec<Segment>> = vec![Vec::new(); run.columns.len()];
        for row in &rows[*start..end] {
            let mut before = None;
            for segment in row {
                let after = run.columns.partition_point(|column| column.0 <= segment.frame.x0 + 1.0);
                let column = after.saturating_sub(1);
                match cells[column].last_mut().filter(|_| before == Some(column)) {
                    Some(line) => line.words.extend(segment.words.iter().cloned()),
                    None => cells[column].push(segment.clone()),
                }
                before = Some(column);
            }
        }
        cells.iter().map(|lines| said(lines)).collect()
    };
    Table { frame, rows: run.starts.iter().zip(ends).map(cells).collect() }
}

fn said(lines: &[Segment]) -> String {
    Text::of(lines, 0, &Vocabulary::default()).runs.into_iter().map(|run| run.text).collect()
}
