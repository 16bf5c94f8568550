//! What stands in a cell that is merged with others: names and dates hold for all rows, a number
//! for all of them together.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::Kind;
use crate::layer::Grid;

use super::cell::folded;
use super::{Mapped, Mapping};

/// The cells of a grid below its headings, merged ones filled.
pub struct Cells<'g> {
    /// The cells as they are.
    pub grid: &'g Grid,
    /// For each column, its merges over several rows: first row → last row.
    down: BTreeMap<usize, BTreeMap<usize, usize>>,
    /// Columns of which a blank cell means the one above, in files that know no merged cells.
    runs: BTreeSet<usize>,
}

/// Where the text of a cell comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The cell itself.
    Own,
    /// The first of the cells it is merged with, or that one itself: those from row to row.
    Merged(usize, usize),
    /// The cell above it.
    Above,
}

impl<'g> Cells<'g> {
    /// The cells that a mapping reads.
    pub fn of(grid: &'g Grid, mapping: &Mapping) -> Cells<'g> {
        let mut down: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
        let below = mapping.header.last;
        for merge in
            grid.merges.iter().filter(|merge| merge.top > below && merge.bottom > merge.top)
        {
            for column in merge.left..=merge.right.min(grid.columns().saturating_sub(1)) {
                down.entry(column).or_default().insert(merge.top, merge.bottom);
            }
        }
        let mut cells = Cells { grid, down, runs: BTreeSet::new() };
        if grid.merges.is_empty() && !grid.is_layer() {
            let groups = mapping.columns.iter().filter(|mapped| is_group(mapped));
            let runs =
                groups.map(|mapped| mapped.index).filter(|&index| cells.is_run(index, below));
            cells.runs = runs.collect();
        }
        cells
    }

    /// A cell's text, and where it comes from.
    pub fn text(&self, row: usize, column: usize) -> (&'g str, From) {
        let own = self.grid.cell(row, column);
        let merges = self.down.get(&column);
        let merge = merges.and_then(|merges| merges.range(..=row).next_back());
        if let Some((&top, &bottom)) = merge.filter(|(_, bottom)| **bottom >= row) {
            return (self.grid.cell(top, column), From::Merged(top, bottom));
        }
        if own.is_empty() && self.runs.contains(&column) && !self.grid.is_blank(row) {
            let above = (0..row).rev().map(|above| self.grid.cell(above, column));
            let above = above.into_iter().find(|text| !text.is_empty());
            return (above.unwrap_or(""), From::Above);
        }
        (own, From::Own)
    }

    /// Whether a column's blanks are those of merged cells: its first row says something, and what it
    /// says stands in one place only.
    fn is_run(&self, column: usize, header: usize) -> bool {
        let rows = header + 1..self.grid.rows();
        let mut seen = BTreeSet::new();
        let mut blanks = 0;
        let mut last = String::new();
        for row in rows.filter(|&row| !self.grid.is_blank(row)) {
            let text = folded(self.grid.cell(row, column));
            if text.is_empty() {
                if last.is_empty() {
                    return false;
                }
                blanks += 1;
            } else if text != last && !seen.insert(text.clone()) {
                return false;
            } else {
                last = text;
            }
        }
        blanks > 0
    }
}

/// Columns by which ledgers group their rows.
fn is_group(mapped: &Mapped) -> bool {
    mapped.column.kind == Kind::Place || mapped.column.to.as_deref() == Some("divisions")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Merge;
    use crate::mapping::guess;

    fn grid(districts: [&str; 3]) -> Grid {
        let mut grid = Grid::default();
        grid.push_row(["区县", "社区名称", "建筑面积"]);
        for (district, name) in districts.into_iter().zip(["甲社区", "乙社区", "丙社区"]) {
            grid.push_row([district, name, "300"]);
        }
        grid
    }

    fn districts(grid: &Grid) -> Vec<(&str, From)> {
        let guess = guess(grid, None).expect("recognised");
        let cells = Cells::of(grid, guess.mapping());
        (1..4).map(|row| cells.text(row, 0)).collect()
    }

    #[test]
    fn merged_cells_say_the_same_in_every_row() {
        let mut merged = grid(["城东区", "", "城西区"]);
        merged.merges = vec![Merge { top: 1, left: 0, bottom: 2, right: 0 }];
        let filled = From::Merged(1, 2);
        assert_eq!(
            districts(&merged),
            [("城东区", filled), ("城东区", filled), ("城西区", From::Own)]
        );
    }

    #[test]
    fn blanks_of_a_file_without_merged_cells_are_filled_where_the_column_groups_rows() {
        let found = districts(&grid(["城东区", "", "城西区"])).concat_names();
        assert_eq!(found, ["城东区", "城东区", "城西区"]);
        let found = districts(&grid(["", "城东区", "城西区"])).concat_names();
        assert_eq!(found, ["", "城东区", "城西区"], "its first row says nothing");
    }

    trait Names {
        fn concat_names(self) -> Vec<String>;
    }

    impl Names for Vec<(&str, From)> {
        fn concat_names(self) -> Vec<String> {
            self.into_iter().map(|(text, _)| text.to_owned()).collect()
        }
    }
}
