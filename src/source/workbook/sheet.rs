//! One sheet as it is read: cells come in, a grid with its notes comes out.

use std::borrow::Cow;

use super::address::{MOST_COLUMNS, MOST_ROWS, address};
use super::broken;
use super::garbled::garbled;
use super::look::Look;
use super::number::number;
use crate::layer::{Grid, Merge, TextColumn};
use crate::source::Read;
use crate::words::Words;

/// A workbook is refused when reading it would take more cells than this, blank ones counted to the
/// last used row of their column: a few bytes can claim a cell in the last row of every column.
const MOST_CELLS: usize = 64_000_000;

/// A column takes as much memory as so many cells, even a blank one.
const CELLS_OF_COLUMN: usize = 8;

/// A workbook is refused when its cells hold more bytes of text: one text may stand in every cell.
const MOST_TEXT: usize = 1 << 29;

/// What a cell says whose formula was never worked out: no value, and no blank either.
const NOT_WORKED_OUT: &str = "=（未计算）";

/// So many merged ranges and hidden stretches are kept of a sheet.
const MOST_RANGES: usize = 100_000;

/// What all sheets of one workbook share while it is read.
#[derive(Debug)]
pub struct Book<'f> {
    /// The file's name.
    pub name: &'f str,
    /// Whether days count from 1904.
    pub since_1904: bool,
    cells: usize,
    text: usize,
    strings: usize,
}

impl<'f> Book<'f> {
    /// Takes in a string that cells may refer to; it counts as text although no cell holds it yet.
    ///
    /// # Errors
    /// When the strings alone are too large.
    pub fn string(&mut self, text: &str) -> Read<()> {
        // Where it ends is kept as well.
        self.strings += text.len() + size_of::<usize>();
        match self.strings > MOST_TEXT {
            true => Err(broken(self.name, &"its strings are too many")),
            false => Ok(()),
        }
    }

    /// A workbook of which nothing has been read.
    pub fn new(name: &'f str) -> Book<'f> {
        Book { name, since_1904: false, cells: 0, text: 0, strings: 0 }
    }
}

/// How many cells are in some way, and the first of them.
#[derive(Debug, Default)]
struct Tally {
    first: Option<(usize, usize)>,
    count: usize,
}

impl Tally {
    fn add(&mut self, row: usize, column: usize) {
        self.first.get_or_insert((row, column));
        self.count += 1;
    }
}

/// Rows or columns from the first to the last, both included.
type Stretch = (usize, usize);

/// A sheet that is being read.
#[derive(Debug, Default)]
pub struct Sheet {
    name: String,
    columns: Vec<TextColumn>,
    /// Cells that came after a lower one of their column.
    late: Vec<(usize, usize, String)>,
    merges: Vec<Merge>,
    hidden_rows: Vec<Stretch>,
    hidden_columns: Vec<Stretch>,
    is_filtered: bool,
    too_long: Tally,
    without_value: Tally,
}

impl Sheet {
    /// A sheet without cells.
    pub fn new(name: String) -> Sheet {
        Sheet { name, ..Sheet::default() }
    }

    /// Puts a text into a cell.
    ///
    /// # Errors
    /// When the text is garbled, the cell lies beyond every sheet or the workbook is too large.
    pub fn text(&mut self, book: &mut Book<'_>, row: usize, column: usize, text: &str) -> Read<()> {
        let text = text.trim_end_matches('\0');
        if let Some(what) = garbled(text) {
            return Err(self.wrong(book.name, row, column, what));
        }
        let text = match text.contains('\r') {
            true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
            false => Cow::Borrowed(text),
        };
        self.put(book, row, column, &text)
    }

    /// Puts a number into a cell, as its format shows it.
    ///
    /// # Errors
    /// As [`Sheet::text`].
    pub fn number(
        &mut self,
        book: &mut Book<'_>,
        (row, column): (usize, usize),
        value: f64,
        look: Look,
    ) -> Read<()> {
        let (text, is_too_long) = number(value, look, book.since_1904);
        if is_too_long {
            self.too_long.add(row, column);
        }
        self.put(book, row, column, &text)
    }

    /// Counts a formula whose result the file does not hold. Its cell is no blank: it says that it was
    /// never worked out.
    ///
    /// # Errors
    /// As [`Sheet::text`].
    pub fn formula_without_value(
        &mut self,
        book: &mut Book<'_>,
        row: usize,
        column: usize,
    ) -> Read<()> {
        self.without_value.add(row, column);
        self.put(book, row, column, NOT_WORKED_OUT)
    }

    /// Takes in cells that are merged.
    pub fn merge(&mut self, merge: Merge) {
        if self.merges.len() < MOST_RANGES {
            self.merges.push(merge);
        }
    }

    /// Takes in rows that are hidden.
    pub fn hide_rows(&mut self, first: usize, last: usize) {
        hide(&mut self.hidden_rows, first, last);
    }

    /// Takes in columns that are hidden.
    pub fn hide_columns(&mut self, first: usize, last: usize) {
        hide(&mut self.hidden_columns, first, last);
    }

    /// Takes in that rows are hidden by a filter.
    pub fn filter(&mut self) {
        self.is_filtered = true;
    }

    fn put(&mut self, book: &mut Book<'_>, row: usize, column: usize, text: &str) -> Read<()> {
        if text.is_empty() {
            return Ok(());
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(broken(book.name, &"a cell lies beyond the last row or column"));
        }
        let rows = self.columns.get(column).map_or(0, TextColumn::len);
        book.cells += (column + 1).saturating_sub(self.columns.len()) * CELLS_OF_COLUMN;
        book.cells += (row + 1).saturating_sub(rows);
        book.text += text.len();
        if row < rows {
            book.cells += CELLS_OF_COLUMN;
        }
        if book.cells > MOST_CELLS || book.text > MOST_TEXT {
            return Err(self.too_large(book.name));
        }
        if self.columns.len() <= column {
            self.columns.resize_with(column + 1, TextColumn::default);
        }
        if row < rows {
            self.late.push((row, column, text.to_owned()));
        } else {
            self.columns[column].put(row, text);
        }
        Ok(())
    }

    /// The grid of the sheet; `since_1904` is that of its workbook.
    pub fn into_grid(mut self, book: &Book<'_>) -> Grid {
        self.place_late_cells();
        let notes = self.notes();
        let mut merges = std::mem::take(&mut self.merges);
        let mut grid = Grid::from_columns(Some(self.name), self.columns);
        let (rows, columns) = (grid.rows(), grid.columns());
        merges.retain_mut(|merge| within(merge, rows, columns));
        merges.sort_unstable();
        merges.dedup();
        grid.merges = merges;
        grid.since_1904 = book.since_1904;
        grid.notes = notes;
        grid
    }

    /// Cells usually come row by row; those that do not are sorted in here. The last of a cell wins.
    fn place_late_cells(&mut self) {
        let mut late = std::mem::take(&mut self.late);
        late.sort_by_key(|(row, column, _)| (*column, *row));
        for cells in late.chunk_by(|a, b| a.1 == b.1) {
            let column = &mut self.columns[cells[0].1];
            let mut sorted = TextColumn::default();
            let mut left = cells.iter().peekable();
            for row in 0..column.len() {
                let mut text = column.get(row);
                while let Some((_, _, later)) = left.next_if(|cell| cell.0 == row) {
                    text = later;
                }
                sorted.push(text);
            }
            *column = sorted;
        }
    }

    fn notes(&self) -> Vec<Words> {
        let rows = self.columns.iter().map(TextColumn::len).max().unwrap_or(0);
        let hidden = [
            (shown(&self.hidden_rows, rows), "行", "rows"),
            (shown(&self.hidden_columns, self.columns.len()), "列", "columns"),
        ];
        let at = |first: (usize, usize)| format!("{}!{}", self.name, address(first.0, first.1));
        let mut notes = Vec::new();
        if let Some(first) = self.too_long.first {
            let (first, count) = (at(first), self.too_long.count);
            notes.push(Words::new(
                format!("{first} 等 {count} 格是超过 15 位的数字，第 15 位以后已丢失；编号请存为文本"),
                format!(
                    "{first}: the first of {count} numbers of more than 15 digits, whose last digits are lost; keep ids as text"
                ),
            ));
        }
        if let Some(first) = self.without_value.first {
            let (first, count) = (at(first), self.without_value.count);
            notes.push(Words::new(
                format!("{first} 等 {count} 格是没有计算结果的公式，按不明处理；请在 Excel 或 WPS 中打开并保存一次"),
                format!(
                    "{first}: the first of {count} formulas without a result, taken as unknown; open and save the file once in Excel or WPS"
                ),
            ));
        }
        if let (true, count @ 1..) = (self.is_filtered, hidden[0].0) {
            let name = &self.name;
            notes.push(Words::new(
                format!("{name}：设有筛选，隐藏了 {count} 行；隐藏的行照常读取"),
                format!("{name}: a filter hides {count} rows; they were read all the same"),
            ));
        }
        for (count, zh, en) in hidden.into_iter().skip(usize::from(self.is_filtered)) {
            if count > 0 {
                let name = &self.name;
                notes.push(Words::new(
                    format!("{name}：有 {count} {zh}隐藏；照常读取"),
                    format!("{name}: hidden {en}, read all the same: {count}"),
                ));
            }
        }
        notes
    }

    fn wrong(
        &self,
        file: &str,
        row: usize,
        column: usize,
        (zh, en): (&'static str, &'static str),
    ) -> Words {
        let (sheet, cell) = (&self.name, address(row, column));
        Words::new(
            format!(
                "{file}!{sheet}!{cell}：{zh}；请在 Excel 或 WPS 中打开，确认文字无误后另存为 .xlsx"
            ),
            format!(
                "{file}!{sheet}!{cell}: {en}; open the file in Excel or WPS, see that the text is right and save it as .xlsx"
            ),
        )
    }

    fn too_large(&self, file: &str) -> Words {
        let sheet = &self.name;
        let most = MOST_TEXT >> 20;
        Words::new(
            format!(
                "{file}!{sheet}：到此工作表为止占用的单元格超过 {MOST_CELLS} 个或文字超过 {most} MB；请删除末尾多余的行列后再试"
            ),
            format!(
                "{file}!{sheet}: with this sheet the workbook spans more than {MOST_CELLS} cells or {most} MB of text; delete stray rows and columns at its end"
            ),
        )
    }
}

fn hide(stretches: &mut Vec<Stretch>, first: usize, last: usize) {
    if first > last {
        return;
    }
    if let Some(before) = stretches.last_mut().filter(|before| before.1 + 1 == first) {
        before.1 = last;
    } else if stretches.len() < MOST_RANGES {
        stretches.push((first, last));
    }
}

/// How many of the used rows or columns are in some stretches.
fn shown(stretches: &[Stretch], used: usize) -> usize {
    let lengths = stretches.iter().map(|(first, last)| (last + 1).min(used).saturating_sub(*first));
    lengths.sum()
}

/// Cuts a merged range to the used cells; whether more than one is left.
fn within(merge: &mut Merge, rows: usize, columns: usize) -> bool {
    merge.bottom = merge.bottom.min(rows.saturating_sub(1));
    merge.right = merge.right.min(columns.saturating_sub(1));
    let lies_within = merge.top <= merge.bottom && merge.left <= merge.right;
    lies_within && (merge.top, merge.left) != (merge.bottom, merge.right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(grid: &Grid) -> Vec<Vec<&str>> {
        let row = |row| (0..grid.columns()).map(|column| grid.cell(row, column)).collect();
        (0..grid.rows()).map(row).collect()
    }

    #[test]
    fn cells_may_come_in_any_order() {
        let (mut book, mut sheet) = (Book::new("a.xls"), Sheet::new("城东".into()));
        for (row, column, text) in [(2, 1, "f"), (0, 1, "b"), (0, 0, "a"), (2, 0, "e"), (1, 1, "d")]
        {
            sheet.text(&mut book, row, column, text).expect("sound");
        }
        sheet.text(&mut book, 1, 0, "c").expect("sound");
        let grid = sheet.into_grid(&book);
        assert_eq!(rows(&grid), [["a", "b"], ["c", "d"], ["e", "f"]]);
    }

    #[test]
    fn merges_are_cut_to_the_used_cells() {
        let (mut book, mut sheet) = (Book::new("a.xls"), Sheet::new("城东".into()));
        sheet.text(&mut book, 1, 2, "x").expect("sound");
        let merge = |top, left, bottom, right| Merge { top, left, bottom, right };
        for one in [merge(0, 0, 0, 9), merge(1, 2, 5, 2), merge(7, 7, 8, 8), merge(1, 1, 0, 0)] {
            sheet.merge(one);
        }
        assert_eq!(sheet.into_grid(&book).merges, [merge(0, 0, 0, 2)]);
    }

    #[test]
    fn one_text_in_many_cells_does_not_take_all_memory() {
        let (mut book, mut sheet) = (Book::new("大.xlsx"), Sheet::new("城东".into()));
        let text = "字".repeat(30_000);
        let put = |row| sheet.text(&mut book, row, 0, &text);
        let error = (0..10_000).map(put).find_map(Result::err).expect("refused");
        assert!(error.zh.starts_with("大.xlsx!城东：") && error.zh.contains("512 MB"), "{error}");
    }

    #[test]
    fn garbled_text_stops_the_reading_at_its_cell() {
        let (mut book, mut sheet) = (Book::new("a.xls"), Sheet::new("城东".into()));
        sheet.text(&mut book, 0, 0, "幸福里\0").expect("an end is no damage");
        let error = sheet.text(&mut book, 4, 2, "ÐÒ¸£Àï").expect_err("refused");
        assert!(error.zh.starts_with("a.xls!城东!C5：中文被当作西文解码"), "{error}");
    }
}
