//! Rows and columns of a table, with cells that reach over several of them.

use docmill_core::{ByteSpan, Cell};

/// The standard lets a cell reach over no more columns; rows are bounded likewise here.
const WIDEST: u32 = 1000;
/// Columns that are kept track of; what lies beyond is in the last one.
const COLUMNS: u32 = 10_000;

/// Numbers the cells of one table.
pub(super) struct Grid {
    first_block: usize,
    cells: Vec<Cell>,
    /// For each column, the first row in which it is free again.
    free_from: Vec<u32>,
    rows: u32,
    column: u32,
    cells_in_row: u32,
}

impl Grid {
    /// A table whose text begins with the block of this index.
    pub(super) fn new(first_block: usize) -> Self {
        Self { first_block, cells: Vec::new(), free_from: Vec::new(), rows: 0, column: 0, cells_in_row: 0 }
    }

    pub(super) fn start_row(&mut self) {
        self.rows = self.rows.saturating_add(1);
        self.column = 0;
        self.cells_in_row = 0;
    }

    /// Takes the next free place of the row. Whether the cell is the first that the source has in the row.
    pub(super) fn start_cell(&mut self, header: bool, rowspan: u32, colspan: u32) -> bool {
        if self.rows == 0 {
            self.start_row();
        }
        let row = self.rows - 1;
        let is_taken = |free_from: &[u32], column: u32| free_from.get(column as usize).is_some_and(|&free| free > row);
        while is_taken(&self.free_from, self.column) {
            self.column += 1;
        }
        let column = self.column.min(COLUMNS);
        let end = (column + colspan.clamp(1, WIDEST)).min(COLUMNS);
        if self.free_from.len() < end as usize {
            self.free_from.resize(end as usize, 0);
        }
        let until = row.saturating_add(rowspan.clamp(1, WIDEST));
        for free in &mut self.free_from[column.min(end) as usize..end as usize] {
            *free = until;
        }
        self.column = end;
        self.cells.push(Cell { row, column, header, span: ByteSpan::point(0) });
        self.cells_in_row += 1;
        self.cells_in_row == 1
    }

    /// Says where the text of the last cell is.
    pub(super) fn end_cell(&mut self, span: ByteSpan) {
        if let Some(cell) = self.cells.last_mut() {
            cell.span = span;
        }
    }

    /// The index of the table's first block, and its cells.
    pub(super) fn finish(self) -> (usize, Vec<Cell>) {
        (self.first_block, self.cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_reach_over_rows_and_columns_take_their_places() {
        let mut grid = Grid::new(0);
        for row in [vec![(2, 1), (1, 3)], vec![(1, 1), (1, 1)], vec![(1, 1)]] {
            grid.start_row();
            for (rowspan, colspan) in row {
                grid.start_cell(false, rowspan, colspan);
                grid.end_cell(ByteSpan::point(0));
            }
        }
        let places: Vec<_> = grid.finish().1.iter().map(|cell| (cell.row, cell.column)).collect();
        assert_eq!(places, [(0, 0), (0, 1), (1, 1), (1, 2), (2, 0)]);
    }

    #[test]
    fn a_cell_cannot_claim_more_than_the_standard_lets_it() {
        let mut grid = Grid::new(0);
        for _ in 0..100 {
            grid.start_cell(false, u32::MAX, u32::MAX);
        }
        assert!(grid.finish().1.iter().all(|cell| cell.column <= COLUMNS));
    }
}
