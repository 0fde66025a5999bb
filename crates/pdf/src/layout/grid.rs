//! Tables with lines: cells are what horizontal and vertical lines part.

use super::Table;
use super::line::{self, Segment};
use super::text::{Text, Vocabulary};
use crate::page::{Frame, Rule, Word};

/// Points that two lines which meet may be apart.
const REACH: f32 = 2.5;
/// Most rows and columns of a table.
const MOST_ROWS: usize = 400;
const MOST_COLUMNS: usize = 60;

/// Takes the words of ruled tables out of the words of a page.
pub(crate) fn take(words: &mut Vec<Word>, rules: &[Rule]) -> Vec<Table> {
    let mut tables = Vec::new();
    for group in groups(rules) {
        let grid = Grid::of(&group);
        if grid.is_table() {
            tables.extend(grid.fill(words));
        }
    }
    tables
}

/// Lines that meet, directly or by others.
fn groups(rules: &[Rule]) -> Vec<Vec<Frame>> {
    let mut parents: Vec<usize> = (0..rules.len()).collect();
    let upright: Vec<usize> = (0..rules.len()).filter(|index| !rules[*index].is_horizontal()).collect();
    for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.is_horizontal()) {
        for other in &upright {
            if meet(&rule.frame, &rules[*other].frame) {
                let (one, two) = (root(&mut parents, index), root(&mut parents, *other));
                parents[one] = two;
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, Vec<Frame>> = std::collections::BTreeMap::new();
    for (index, rule) in rules.iter().enumerate() {
        groups.entry(root(&mut parents, index)).or_default().push(rule.frame);
    }
    groups.into_values().filter(|group| group.len() > 3).collect()
}

fn root(parents: &mut [usize], mut index: usize) -> usize {
    while parents[index] != index {
        parents[index] = parents[parents[index]];
        index = parents[index];
    }
    index
}

fn meet(one: &Frame, other: &Frame) -> bool {
    one.x0 - REACH <= other.x1 && other.x0 - REACH <= one.x1 && one.y0 - REACH <= other.y1 && other.y0 - REACH <= one.y1
}

/// The lines of a table.
struct Grid {
    /// Where its columns and rows begin, and where the last ends.
    columns: Vec<f32>,
    rows: Vec<f32>,
    /// For each row, whether a line stands before each of its cells.
    parted: Vec<Vec<bool>>,
}

impl Grid {
    fn of(group: &[Frame]) -> Self {
        let is_upright = |frame: &&Frame| frame.width() < frame.height();
        let mut columns: Vec<f32> = group.iter().filter(is_upright).map(|frame| frame.x0).collect();
        let mut rows: Vec<f32> = group.iter().filter(|frame| !is_upright(frame)).map(|frame| frame.y0).collect();
        // Tables may be open at their sides.
        if let Some(frame) = Frame::around_all(group) {
            columns.extend([frame.x0, frame.x1]);
            rows.extend([frame.y0, frame.y1]);
        }
        let mut grid = Self { columns: distinct(columns), rows: distinct(rows), parted: Vec::new() };
        if grid.is_table() {
            let upright: Vec<Frame> = group.iter().filter(is_upright).copied().collect();
            grid.parted =
                grid.rows.windows(2).map(|row| grid.parted(&upright, f32::midpoint(row[0], row[1]))).collect();
        }
        grid
    }

    /// Whether a line stands at the begin of each column, at this height.
    fn parted(&self, upright: &[Frame], y: f32) -> Vec<bool> {
        let here: Vec<f32> =
            upright.iter().filter(|frame| frame.y0 - REACH < y && y < frame.y1 + REACH).map(|frame| frame.x0).collect();
        let is_parted = |column: &f32| here.iter().any(|x| (x - column).abs() < REACH);
        self.columns.iter().map(is_parted).collect()
    }

    fn is_table(&self) -> bool {
        (3..=MOST_COLUMNS + 1).contains(&self.columns.len()) && (3..=MOST_ROWS + 1).contains(&self.rows.len())
    }

    /// The table with its words; `None` where it is a drawing: most of its cells have none.
    fn fill(&self, words: &mut Vec<Word>) -> Option<Table> {
        let (columns, rows) = (self.columns.len() - 1, self.rows.len() - 1);
        let mut cells: Vec<Vec<Vec<Word>>> = vec![vec![Vec::new(); columns]; rows];
        let place = |word: &Word| self.place(word.frame.centre());
        for word in words.iter() {
            if let Some((row, column)) = place(word) {
                cells[row][column].push(word.clone());
            }
        }
        let filled = cells.iter().flatten().filter(|cell| !cell.is_empty()).count();
        let used = (0..columns).filter(|column| cells.iter().any(|row| !row[*column].is_empty())).count();
        if used < 2 || filled * 10 < rows * columns * 3 {
            return None;
        }
        words.retain(|word| place(word).is_none());
        let shown = cells.into_iter().map(|row| row.into_iter().map(cell).collect::<Vec<String>>());
        let rows = shown.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
        let frame = Frame {
            x0: self.columns[0],
            y0: self.rows[0],
            x1: self.columns[columns],
            y1: self.rows[self.rows.len() - 1],
        };
        Some(Table { frame, rows })
    }

    /// The row and the column of a point; of cells that no line parts, the first.
    fn place(&self, (x, y): (f32, f32)) -> Option<(usize, usize)> {
        let row = slot(&self.rows, y)?;
        let mut column = slot(&self.columns, x)?;
        while column > 0 && !self.parted[row][column] {
            column -= 1;
        }
        Some((row, column))
    }
}

/// The places in their order, those within reach of each other as one.
fn distinct(mut places: Vec<f32>) -> Vec<f32> {
    places.sort_by(f32::total_cmp);
    places.dedup_by(|next, last| *next - *last < REACH * 1.5);
    places
}

fn slot(places: &[f32], at: f32) -> Option<usize> {
    let after = places.partition_point(|place| *place <= at);
    (after > 0 && after < places.len()).then(|| after - 1)
}

fn cell(words: Vec<Word>) -> String {
    let lines: Vec<Segment> = line::rows(words)
        .into_iter()
        .map(|row| Segment::of(line::segments(row).into_iter().flat_map(|s| s.words).collect()))
        .collect();
    let vocabulary = Vocabulary::default();
    Text::of(&lines, 0, &vocabulary).runs.into_iter().map(|run| run.text).collect()
}
