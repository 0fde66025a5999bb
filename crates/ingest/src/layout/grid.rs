//! Tables in plain text: rows of cells between `|`, or in columns that line up.

use docmill_core::{Block, ByteSpan, Cell};

use super::lines::Line;

/// The table that begins with the first of `lines`, and how many lines it has.
pub(crate) fn table(lines: &[Line<'_>]) -> Option<(Block, usize)> {
    ruled(lines).or_else(|| aligned(lines))
}

/// Whether a line is drawn, not written: `+----+----+`, `|---|---|`, `=====`.
pub(crate) fn is_drawn(line: &str) -> bool {
    line.len() >= 3 && line.bytes().all(|byte| b"-=_+|:*~#. ".contains(&byte)) && !line.bytes().all(|byte| byte == b'.')
}

/// A line of which nothing but one drawn character repeats, so that it parts what is around it.
pub(crate) fn is_rule(line: &str) -> bool {
    let mut marks = line.bytes().filter(|byte| *byte != b' ');
    let Some(first) = marks.next() else { return false };
    b"-=_*~#".contains(&first) && line.len() >= 3 && marks.all(|byte| byte == first)
}

/// Lines with the same number of `|`, two at least.
fn ruled(lines: &[Line<'_>]) -> Option<(Block, usize)> {
    let bars = |line: &Line<'_>| memchr::memchr_iter(b'|', line.text.as_bytes()).count();
    let first = bars(lines.iter().find(|line| !is_drawn(line.text))?);
    let count = lines.iter().take_while(|line| is_drawn(line.text) || (first > 0 && bars(line) == first)).count();
    let rows: Vec<&Line<'_>> = lines[..count].iter().filter(|line| !is_drawn(line.text)).collect();
    if rows.len() < 2 {
        return None;
    }
    // Below a header row, one is drawn.
    let header = lines[1..count].iter().take(2).any(|line| is_drawn(line.text));
    let cells = rows.iter().enumerate().flat_map(|(row, line)| {
        let inner = line.text.strip_prefix('|').unwrap_or(line.text);
        let start = line.start + line.text.len() - inner.len();
        // Between bars on both sides; with one at the end alone, the last cell is empty.
        let framed = inner.len() < line.text.len();
        let inner = inner.strip_suffix('|').filter(|_| framed).unwrap_or(inner);
        let mut at = start;
        inner
            .split('|')
            .map(move |cell| {
                let span = trimmed(cell, at);
                at += cell.len() + 1;
                span
            })
            .enumerate()
            .map(move |(column, span)| cell(row, column, header && row == 0, span))
            .collect::<Vec<_>>()
    });
    Some((block(&lines[..count], cells.collect()), count))
}

/// Three lines at least with the same number of cells, two spaces or a tab apart, of which each column begins or ends at
/// one place.
fn aligned(lines: &[Line<'_>]) -> Option<(Block, usize)> {
    let width = columns(lines.first()?).len();
    if width < 2 {
        return None;
    }
    let rows: Vec<Vec<ByteSpan>> = lines.iter().map(columns).take_while(|cells| cells.len() == width).collect();
    let count = rows.len();
    if count < 3 {
        return None;
    }
    let place = |row: usize, offset: usize| {
        let line = &lines[row];
        line.indent + line.text.get(..offset - line.start).map_or(0, |before| before.chars().count())
    };
    let tabs = lines[..count].iter().all(|line| line.text.contains('\t'));
    let lines_up = |column: usize| {
        let same = |at: fn(&ByteSpan) -> usize| {
            let first = place(0, at(&rows[0][column]));
            (1..count).all(|row| place(row, at(&rows[row][column])) == first)
        };
        same(|span| span.start) || same(|span| span.end)
    };
    if !tabs && !(1..width).all(lines_up) {
        return None;
    }
    let cells = rows
        .iter()
        .enumerate()
        .flat_map(|(row, spans)| spans.iter().enumerate().map(move |(column, span)| cell(row, column, false, *span)));
    Some((block(&lines[..count], cells.collect()), count))
}

/// The parts of a line between tabs or runs of two spaces.
fn columns(line: &Line<'_>) -> Vec<ByteSpan> {
    let mut columns = Vec::new();
    let bytes = line.text.as_bytes();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let gap = bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if gap >= 2 || (gap == 1 && bytes[at] == b'\t') {
            columns.push(ByteSpan::new(line.start + start, line.start + at));
            start = at + gap;
        }
        at += gap.max(1);
    }
    columns.push(ByteSpan::new(line.start + start, line.start + bytes.len()));
    columns
}

fn trimmed(cell: &str, at: usize) -> ByteSpan {
    let inner = cell.trim_start();
    let start = at + cell.len() - inner.len();
    ByteSpan::new(start, start + inner.trim_end().len())
}

fn cell(row: usize, column: usize, header: bool, span: ByteSpan) -> Cell {
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    Cell { row: number(row), column: number(column), header, span }
}

fn block(lines: &[Line<'_>], cells: Vec<Cell>) -> Block {
    let start = lines.first().map_or(0, |line| line.start);
    let end = lines.last().map_or(start, |line| line.span().end);
    Block::table(start..end, cells)
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::*;

    fn cells(text: &str) -> Option<Vec<&str>> {
        let (block, _) = table(&lines(text))?;
        Some(block.cells.iter().map(|cell| cell.span.of(text).expect("a span of the text")).collect())
    }

    #[test]
    fn cells_between_bars_are_found() {
        assert_eq!(
            cells("| Port | Ships |\n|------|-------|\n| Calder | 11 |"),
            Some(vec!["Port", "Ships", "Calder", "11"])
        );
        assert_eq!(cells("a | b\nc |"), Some(vec!["a", "b", "c", ""]));
        assert_eq!(cells("one | line"), None);
    }

    #[test]
    fn cells_in_columns_that_line_up_are_found() {
        let text = "Port         Ships\nCalder          11\nSaltmere         2";
        assert_eq!(cells(text), Some(vec!["Port", "Ships", "Calder", "11", "Saltmere", "2"]));
        assert_eq!(cells("a  line with two  gaps\nb  has  them elsewhere\nc  does so  too"), None);
    }
}
