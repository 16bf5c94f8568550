//! Tables for a terminal, aligned for Chinese.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

/// A plain table: headings, then rows; numbers to the right.
#[derive(Debug)]
pub struct Grid {
    table: Table,
}

impl Grid {
    /// A table with these headings.
    pub fn new<'h>(headings: impl IntoIterator<Item = &'h str>) -> Grid {
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(headings);
        Grid { table }
    }

    /// Aligns columns to the right.
    pub fn right(mut self, columns: impl IntoIterator<Item = usize>) -> Grid {
        for index in columns {
            if let Some(column) = self.table.column_mut(index) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        self
    }

    /// Appends a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.table.add_row(cells);
    }

    /// The table's lines, each indented by two blanks.
    pub fn lines(&self) -> String {
        let lines = self.table.lines().map(|line| format!("  {}\n", line.trim_end()));
        lines.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn columns_line_up_whatever_the_script() {
        let mut grid = Grid::new(["要求", "n"]).right([1]);
        grid.row(["社区办公用房面积".to_owned(), "7".to_owned()]);
        grid.row(["area".to_owned(), "21".to_owned()]);
        let widths: Vec<usize> = grid.lines().lines().map(UnicodeWidthStr::width).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{}", grid.lines());
    }
}
