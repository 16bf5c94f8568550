//! A table as its file holds it: cells as text, each with its row and column.

use geo_types::Geometry;

use crate::words::Words;

/// What a file says its coordinates are.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Claim {
    /// Nothing.
    #[default]
    None,
    /// An EPSG code.
    Epsg(u32),
    /// A text that describes the system: WKT of a `.prj`, PROJJSON, a proj string, a URN.
    Text(String),
}

/// The geometry beside the cells of a layer, in the coordinates of its file: x east, y north.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    /// One per row of the grid; the row of headings has none.
    pub all: Vec<Option<Geometry<f64>>>,
    /// What the file says its coordinates are.
    pub claim: Claim,
    /// Rows whose geometry could not be kept or had to be mended, and why.
    pub faults: Vec<(usize, Words)>,
}

/// The cells of one column, kept in one piece of memory; blank ones at either end cost nothing, so
/// that a small file that claims many cells does not take much.
#[derive(Debug, Clone, Default)]
pub struct TextColumn {
    text: String,
    ends: Vec<usize>,
    /// How many blank cells come before the first that is kept.
    blank: usize,
    /// How many cells there are.
    rows: usize,
}

impl TextColumn {
    /// Appends a cell.
    pub fn push(&mut self, cell: &str) {
        if !cell.is_empty() {
            if self.ends.is_empty() {
                self.blank = self.rows;
            }
            self.ends.resize(self.rows - self.blank, self.text.len());
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
        self.rows += 1;
    }

    /// Appends empty cells until there are `rows`.
    pub fn pad_to(&mut self, rows: usize) {
        self.rows = self.rows.max(rows);
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Writes the cell of a row at or beyond the end; a row that is already there keeps its text.
    pub fn put(&mut self, row: usize, cell: &str) {
        if row >= self.rows {
            self.pad_to(row);
            self.push(cell);
        }
    }

    /// The cell of a row, empty beyond the end.
    pub fn get(&self, row: usize) -> &str {
        let Some(kept) = row.checked_sub(self.blank) else {
            return "";
        };
        let Some(&end) = self.ends.get(kept) else {
            return "";
        };
        let start = if kept == 0 { 0 } else { self.ends[kept - 1] };
        &self.text[start..end]
    }
}

/// Cells that a file holds as one; the text stands in the first. Rows and columns from 0, the last
/// included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    /// The first row.
    pub top: usize,
    /// The first column.
    pub left: usize,
    /// The last row.
    pub bottom: usize,
    /// The last column.
    pub right: usize,
}

impl Merge {
    /// Whether a cell is one of those merged.
    pub fn holds(&self, row: usize, column: usize) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }
}

/// All cells of one file or sheet, before anybody has said which row holds the headings.
///
/// Columns and rows count from 0, starting at the sheet's first cell.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// The sheet's name, for workbooks.
    pub sheet: Option<String>,
    /// Whether the sheet is hidden: it is named, not read.
    pub hidden: bool,
    /// How the text was decoded, for CSV.
    pub encoding: Option<String>,
    /// What a layer is called: its name in the file, or that of the file.
    pub called: Option<String>,
    /// The geometry beside the cells; row 0 of a layer holds the field names.
    pub shapes: Option<Shapes>,
    /// Cells that the file holds as one.
    pub merges: Vec<Merge>,
    /// Whether the workbook counts its days from 1904 and not from 1900.
    pub since_1904: bool,
    /// What stands over a table in a document: its title, and its unit if that has a line of its own.
    pub caption: Option<String>,
    /// What a reader must know of how the file was read.
    pub notes: Vec<Words>,
    columns: Vec<TextColumn>,
    rows: usize,
}

impl Grid {
    /// A grid from columns that may differ in length.
    pub fn from_columns(sheet: Option<String>, columns: Vec<TextColumn>) -> Grid {
        Grid {
            sheet,
            hidden: false,
            encoding: None,
            called: None,
            shapes: None,
            merges: Vec::new(),
            since_1904: false,
            caption: None,
            notes: Vec::new(),
            rows: columns.iter().map(TextColumn::len).max().unwrap_or(0),
            columns,
        }
    }

    /// A hidden sheet: its name, without its cells.
    pub fn hidden(sheet: String) -> Grid {
        Grid { sheet: Some(sheet), hidden: true, ..Grid::default() }
    }

    /// Appends a row of cells.
    pub fn push_row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        for (index, cell) in cells.into_iter().enumerate() {
            if index == self.columns.len() {
                self.columns.push(TextColumn::default());
            }
            self.columns[index].pad_to(self.rows);
            self.columns[index].push(cell);
        }
        self.rows += 1;
    }

    /// How many rows there are, blank ones included.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// One cell's text without surrounding white space; empty outside the grid.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.columns.get(column).map_or("", |cells| cells.get(row)).trim()
    }

    /// Whether all cells of a row are blank.
    pub fn is_blank(&self, row: usize) -> bool {
        (0..self.columns()).all(|column| self.cell(row, column).is_empty())
    }

    /// Whether it is a layer, whose fields have names and whose rows are features; a table with
    /// columns of coordinates is none.
    pub fn is_layer(&self) -> bool {
        self.called.is_some()
    }

    /// The row's number in a spreadsheet, from 1; of a layer, the feature's number, from 1.
    pub fn row_number(&self, row: usize) -> u32 {
        if self.is_layer() { row as u32 } else { row as u32 + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_cells_at_either_end_cost_nothing() {
        let mut column = TextColumn::default();
        column.pad_to(1_000_000);
        assert_eq!((column.len(), column.ends.len()), (1_000_000, 0));
        column.push("a");
        column.push("");
        column.push("b");
        column.put(2_000_000, "");
        assert_eq!((column.len(), column.ends.len()), (2_000_001, 3));
        let cells = [0, 999_999, 1_000_000, 1_000_001, 1_000_002, 1_500_000, 3_000_000];
        assert_eq!(cells.map(|row| column.get(row)), ["", "", "a", "", "b", "", ""]);
    }

    #[test]
    fn short_rows_leave_their_missing_cells_blank() {
        let mut grid = Grid::default();
        grid.push_row(["a", "b", "c"]);
        grid.push_row(["1"]);
        grid.push_row(["2", "x", " y "]);
        let column: Vec<&str> = (0..3).map(|row| grid.cell(row, 2)).collect();
        assert_eq!(column, ["c", "", "y"]);
        assert_eq!(grid.cell(9, 9), "");
        assert_eq!((grid.rows(), grid.columns(), grid.row_number(2)), (3, 3, 3));
    }
}
