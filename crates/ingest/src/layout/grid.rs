//! Tables in plain text: rows of cells between `|`, in columns that line up, or of a key and a value; and tables of
//! contents.

use docmill_core::{Block, ByteSpan, Cell};

use super::hull;
use super::lines::{Line, ends_sentence, words};
use super::masthead::{self, Pair};

/// So many pairs are looked at to tell a table from what people say.
const SAMPLE: usize = 16;

/// The table that begins with the first of `lines`, and how many lines it has.
pub(crate) fn table(lines: &[Line<'_>]) -> Option<(Block, usize)> {
    ruled(lines).or_else(|| contents(lines)).or_else(|| aligned(lines)).or_else(|| keyed(lines))
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
    let first = lines.first()?;
    let has_gap = first.text.contains('\t') || first.text.contains("  ");
    let width = if has_gap { columns(first).len() } else { 1 };
    if width < 2 {
        return None;
    }
    let place = |line: &Line<'_>, offset: usize| {
        line.indent + line.text.get(..offset - line.start).map_or(0, |before| before.chars().count())
    };
    let edges = |line: &Line<'_>, cells: &[ByteSpan]| -> Vec<(usize, usize)> {
        cells.iter().map(|cell| (place(line, cell.start), place(line, cell.end))).collect()
    };
    let mut rows = vec![columns(first)];
    let first_edges = edges(first, &rows[0]);
    // Whether each column has begun, and ended, at one place so far.
    let mut same = vec![(true, true); width];
    let mut tabs = first.text.contains('\t');
    for line in &lines[1..] {
        let cells = columns(line);
        if cells.len() != width {
            break;
        }
        for ((same, edges), first) in same.iter_mut().zip(edges(line, &cells)).zip(&first_edges) {
            *same = (same.0 && edges.0 == first.0, same.1 && edges.1 == first.1);
        }
        tabs &= line.text.contains('\t');
        if !tabs && !same[1..].iter().all(|(start, end)| *start || *end) {
            break;
        }
        rows.push(cells);
    }
    let count = rows.len();
    if count < 3 {
        return None;
    }
    let cells = rows
        .iter()
        .enumerate()
        .flat_map(|(row, spans)| spans.iter().enumerate().map(move |(column, span)| cell(row, column, false, *span)));
    Some((block(&lines[..count], cells.collect()), count))
}

/// Two lines at least of a key and a short value: a table with two columns.
fn keyed(lines: &[Line<'_>]) -> Option<(Block, usize)> {
    let pairs = || lines.iter().map_while(|line| masthead::pair(line.text)).take_while(|pair| !pair.value.is_empty());
    // A few tell what the others are, so that none is looked at twice.
    let sample = pairs().take(SAMPLE).count();
    let sentences = pairs().take(SAMPLE).filter(|pair| is_sentence(pair.value)).count();
    if sample < 2 || sentences * 2 > sample {
        return None;
    }
    let pairs: Vec<Pair<'_>> = pairs().collect();
    let cells = lines.iter().zip(&pairs).enumerate().flat_map(|(row, (line, pair))| {
        let key = ByteSpan::new(line.start, line.start + pair.key.len());
        let value = ByteSpan::new(line.span().end - pair.value.len(), line.span().end);
        [cell(row, 0, true, key), cell(row, 1, false, value)]
    });
    Some((block(&lines[..pairs.len()], cells.collect()), pairs.len()))
}

/// Whether a value is said in words: someone speaks, or a question is asked and answered.
fn is_sentence(value: &str) -> bool {
    let small = |word: &&str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    value.ends_with(['!', '?'])
        || words(value) > 14
        || ends_sentence(value) && value.split_whitespace().filter(small).count() >= 3
}

/// Two lines at least that lead to a page number: a table of contents, of an entry and its page.
fn contents(lines: &[Line<'_>]) -> Option<(Block, usize)> {
    let rows: Vec<[ByteSpan; 2]> = lines.iter().map_while(leader).collect();
    if rows.len() < 2 {
        return None;
    }
    let cells = rows
        .iter()
        .enumerate()
        .flat_map(|(row, [entry, page])| [cell(row, 0, false, *entry), cell(row, 1, false, *page)])
        .collect();
    Some((block(&lines[..rows.len()], cells), rows.len()))
}

/// An entry and its page, parted by dots.
fn leader(line: &Line<'_>) -> Option<[ByteSpan; 2]> {
    let text = line.text;
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, 'i' | 'v' | 'x'));
    let dots = before.trim_end_matches(['.', ' ', '\t', '…', '·', '_']);
    let leads = before[dots.len()..].chars().map(|c| if c == '…' { 3 } else { usize::from(!c.is_whitespace()) });
    let is_entry = before.len() < text.len() && !dots.is_empty() && leads.sum::<usize>() >= 3;
    is_entry.then(|| {
        let end = line.span().end;
        [ByteSpan::new(line.start, line.start + dots.len()), ByteSpan::new(end - (text.len() - before.len()), end)]
    })
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
    Block::table(hull(lines), cells)
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

    #[test]
    fn an_entry_that_leads_to_its_page_is_of_a_table_of_contents() {
        assert_eq!(
            cells("1. Summary ........ 1\n  1.1 Leaks . . . . 12\nAnnex … iv"),
            Some(vec!["1. Summary", "1", "1.1 Leaks", "12", "Annex", "iv"])
        );
        assert_eq!(cells("We waited... 3\nand waited."), None);
    }

    #[test]
    fn keys_with_values_are_cells_and_what_is_said_is_not() {
        assert_eq!(
            cells("Saturday: 9:00 to 3:00\nSunday: closed"),
            Some(vec!["Saturday", "9:00 to 3:00", "Sunday", "closed"])
        );
        assert_eq!(cells("Q: Who pays?\nA: We do, if the rope was faulty when it came."), None);
    }
}
