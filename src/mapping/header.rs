//! The headings of a grid: one to three rows, and what each column is called by all of them.
//!
//! `应移交` above `面积` and `时间` makes `应移交面积` and `应移交时间`. A group is told by merged
//! cells, or in files that know none by blank cells to its right.

use crate::inventory::tables;
use crate::layer::Grid;

use super::cell::folded;
use super::headings::{Heading, column_of, header_words, stage_of};

/// A header has at most so many rows.
pub const MOST_ROWS: usize = 3;

/// The rows of the headings, and the headings of each column from top to bottom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Header {
    /// The first of its rows, from 0.
    pub first: usize,
    /// The last of its rows; the data begin below.
    pub last: usize,
    paths: Vec<Vec<String>>,
}

impl Header {
    /// The headings that stand in these rows.
    pub fn of(grid: &Grid, first: usize, last: usize) -> Header {
        let paths = (0..grid.columns()).map(|column| path(grid, first, last, column)).collect();
        Header { first, last, paths }
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.paths.len()
    }

    /// A column's headings, the widest group first; empty when it has none.
    pub fn path(&self, column: usize) -> &[String] {
        self.paths.get(column).map_or(&[], Vec::as_slice)
    }

    /// A column's heading as a reader knows it: `应移交 / 面积（㎡）`.
    pub fn text(&self, column: usize) -> String {
        self.path(column).join(" / ")
    }

    /// What a column's heading may be read as, the likeliest first.
    pub fn readings(&self, column: usize) -> Vec<Heading> {
        readings(self.path(column))
    }

    /// What headings above each other may be read as, the likeliest first.
    pub fn readings_of(path: &[String]) -> Vec<Heading> {
        readings(path)
    }

    /// The column a user means by this heading: as the file writes it in one of the rows or in all
    /// of them, without white space and width.
    pub fn find(&self, heading: &str) -> Option<usize> {
        let wanted = folded(heading);
        let plain = |parts: &[String]| -> String {
            parts.iter().map(|part| folded(part)).collect::<Vec<String>>().concat()
        };
        let wanted = wanted.replace(" / ", "").replace('/', "");
        let whole = |path: &&Vec<String>| plain(path).replace('/', "") == wanted;
        let last = |path: &&Vec<String>| {
            path.last().is_some_and(|last| folded(last).replace('/', "") == wanted)
        };
        let at = |fits: &dyn Fn(&&Vec<String>) -> bool| {
            self.paths.iter().position(|path| !path.is_empty() && fits(&path))
        };
        at(&whole).or_else(|| at(&last))
    }

    /// Whether a row below repeats the headings, as those printed on each page do.
    pub fn repeats_in(&self, grid: &Grid, row: usize) -> bool {
        let repeats = |header: usize| {
            let cells = (0..grid.columns()).map(|column| grid.cell(row, column));
            let mut said = cells.enumerate().filter(|(_, text)| !text.is_empty()).peekable();
            let mut count = 0;
            said.peek().is_some()
                && said.all(|(column, text)| {
                    count += 1;
                    folded(text) == folded(grid.cell(header, column))
                })
                && count >= 2
        };
        (self.first..=self.last).any(repeats)
    }

    /// Whether a row below numbers the columns (`1 2 3`, `甲 乙 1 2`) and says nothing else.
    pub fn numbers_columns(&self, grid: &Grid, row: usize) -> bool {
        const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
        let mut next = 1;
        let mut count = 0;
        for column in 0..grid.columns() {
            let text = folded(grid.cell(row, column));
            if text.is_empty() {
                continue;
            }
            count += 1;
            let plain = text.trim_matches(['(', ')', '[', ']']);
            // A column may say how it is made of others: `5=3+4`.
            let number = plain.split('=').next().unwrap_or_default();
            let is_stem = number.chars().count() == 1 && STEMS.contains(number);
            if is_stem && next == 1 {
                continue;
            }
            if number.parse() != Ok(next) {
                return false;
            }
            next += 1;
        }
        count >= 3 && next > 2
    }
}

/// The blocks of rows that could be headings, within the first rows of a grid.
pub fn candidates(grid: &Grid, rows: std::ops::Range<usize>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for first in rows {
        if grid.is_blank(first) {
            continue;
        }
        found.push((first, first));
        if is_title(grid, first) {
            continue;
        }
        for last in first + 1..(first + MOST_ROWS).min(grid.rows()) {
            if !refines(grid, last) {
                break;
            }
            found.push((first, last));
        }
    }
    found
}

/// Whether a row holds one text only, which stands at its beginning or is long, or texts such as
/// `填报单位：`, or numbers: no groups of columns.
fn is_title(grid: &Grid, row: usize) -> bool {
    let labelled = |column: usize| {
        let text = grid.cell(row, column);
        text.contains([':', '：']) && !text.starts_with("其中")
    };
    let value = |column: usize| is_value(grid.cell(row, column));
    if (0..grid.columns()).any(|column| labelled(column) || value(column)) {
        return true;
    }
    let mut said = (0..grid.columns()).filter(|&column| !grid.cell(row, column).is_empty());
    let only = said.next().filter(|_| said.next().is_none());
    only.is_some_and(|column| column == 0 || grid.cell(row, column).chars().count() > 8)
}

/// Whether a row can be a lower row of a header: it holds no numbers or dates, and stands below a
/// group of several columns, or gives the units.
fn refines(grid: &Grid, row: usize) -> bool {
    let said = || {
        let cells = (0..grid.columns()).map(|column| (column, grid.cell(row, column)));
        cells.filter(|(_, text)| !text.is_empty())
    };
    if said().next().is_none() || said().any(|(_, text)| is_value(text)) {
        return false;
    }
    let units = said().all(|(column, text)| {
        Heading::of(text).is_unit() && !grid.cell(row - 1, column).is_empty()
    });
    let grouped = said().filter(|&(column, _)| group_above(grid, row, column)).count();
    let below =
        |column: usize| !group_above(grid, row, column) && !grid.cell(row - 1, column).is_empty();
    let others = said().filter(|&(column, _)| below(column)).count();
    // Below other headings stands nothing; only where cells are merged may a group be narrow.
    let allowed = if grid.merges.is_empty() { 0 } else { said().count() / 3 };
    units || (grouped >= 2 && others <= allowed) || goes_on(grid, row)
}

/// Whether a row goes on with headings where groups are one column wide: all it says are known
/// headings, and below some of the headings above it says nothing, as no row of data does.
fn goes_on(grid: &Grid, row: usize) -> bool {
    let texts = |row: usize| (0..grid.columns()).map(move |column| grid.cell(row, column));
    let known = |text: &str| {
        let heading = Heading::of(text);
        stage_of(&heading).is_some()
            || tables().iter().any(|table| column_of(table, &heading).is_some())
    };
    let said = texts(row).filter(|text| !text.is_empty());
    let ends =
        texts(row).zip(texts(row - 1)).any(|(below, above)| below.is_empty() && !above.is_empty());
    let beside =
        texts(row).zip(texts(row - 1)).all(|(below, above)| below.is_empty() || below != above);
    ends && beside && said.clone().count() >= 2 && said.clone().all(known)
}

/// Whether the cell above belongs to a group that is wider than one column.
fn group_above(grid: &Grid, row: usize, column: usize) -> bool {
    let merged = grid.merges.iter().find(|merge| merge.holds(row - 1, column));
    if let Some(merge) = merged {
        // What is as wide as the table is its title.
        let whole = merge.left == 0 && merge.right + 1 >= grid.columns();
        return merge.right > merge.left && merge.bottom < row && !whole;
    }
    if !grid.merges.is_empty() {
        return false;
    }
    let blank = |column: usize| grid.cell(row - 1, column).is_empty();
    let below = |column: usize| !grid.cell(row, column).is_empty();
    match blank(column) {
        true => (0..column).rev().find(|&left| !blank(left)).is_some_and(below),
        false => column + 1 < grid.columns() && blank(column + 1) && below(column + 1),
    }
}

/// Whether a cell holds a number or a date, which no heading does.
pub(super) fn is_value(text: &str) -> bool {
    let text = folded(text);
    let text = text.trim_start_matches('约');
    let mut digits = text.chars();
    if !digits.next().is_some_and(|c| c.is_ascii_digit()) {
        return false;
    }
    text.chars().all(|c| c.is_ascii_digit() || ".,-/%".contains(c))
        || (text.contains('年') && text.contains('月'))
}

fn path(grid: &Grid, first: usize, last: usize, column: usize) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    for row in first..=last {
        let text = heading_at(grid, row, column, last);
        if !text.is_empty() && path.last().is_none_or(|above| above != text) {
            path.push(text.to_owned());
        }
    }
    path
}

/// The heading of a row over a column: its own, that of the cells it is merged with, or that of the
/// group to its left.
fn heading_at(grid: &Grid, row: usize, column: usize, last: usize) -> &str {
    let own = grid.cell(row, column);
    if !own.is_empty() {
        return own;
    }
    if let Some(merge) = grid.merges.iter().find(|merge| merge.holds(row, column)) {
        return grid.cell(merge.top, merge.left);
    }
    let is_group = row < last && grid.merges.is_empty() && group_above(grid, row + 1, column);
    let mut left = (0..column).rev().filter(|_| is_group);
    left.find(|&left| !grid.cell(row, left).is_empty()).map_or("", |left| grid.cell(row, left))
}

/// What headings above each other may be read as, the likeliest first.
fn readings(path: &[String]) -> Vec<Heading> {
    let mut parts: Vec<Heading> = path.iter().map(|text| Heading::of(text)).collect();
    let mut unit = parts.iter().rev().find_map(|part| part.unit.clone());
    if parts.len() > 1 && parts.last().is_some_and(Heading::is_unit) {
        let last = parts.pop().map(|last| last.words);
        unit = unit.or(last);
    }
    let of = |words: &[&str]| Heading { words: words.concat(), unit: unit.clone() };
    let words: Vec<&str> = parts.iter().map(|part| part.words.as_str()).collect();
    let [.., above, last] = words.as_slice() else {
        let Some(only) = words.first() else { return Vec::new() };
        // `其中：活动面积` is a part of the column before; the word itself says nothing of it.
        let rest = only.trim_start_matches("其中").trim_start_matches([':', '：']);
        let joined = format!("其中{rest}");
        let mut all = vec![of(&[only])];
        if rest != *only {
            all.extend([of(&[&joined]), of(&[rest])]);
        }
        return all;
    };
    let said = header_words();
    let is = |list: &[String], word: &str| list.iter().any(|known| known == word);
    let mut all = vec![of(&words), of(&[above, last]), of(&[last, above])];
    if is(&said.whole, last) {
        all.push(of(&[above]));
    }
    let neutral = is(&said.neutral, above)
        || said.neutral_endings.iter().any(|ending| above.ends_with(ending.as_str()));
    if neutral || !is(&said.generic, last) {
        all.push(of(&[last]));
    }
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Merge;

    fn grid(rows: &[&[&str]]) -> Grid {
        let mut grid = Grid::default();
        for row in rows {
            grid.push_row(row.iter().copied());
        }
        grid
    }

    fn merge(top: usize, left: usize, bottom: usize, right: usize) -> Merge {
        Merge { top, left, bottom, right }
    }

    const TWO: [&[&str]; 3] = [
        &["小区名称", "户数", "应移交", "", "备注"],
        &["", "", "面积（㎡）", "时间", ""],
        &["幸福里", "1400", "840", "2019.6", ""],
    ];

    #[test]
    fn merged_headings_are_read_from_top_to_bottom() {
        let mut merged = grid(&TWO);
        merged.merges = vec![merge(0, 0, 1, 0), merge(0, 1, 1, 1), merge(0, 2, 0, 3)];
        for grid in [merged, grid(&TWO)] {
            assert_eq!(candidates(&grid, 0..3), [(0, 0), (0, 1), (1, 1), (2, 2)]);
            let header = Header::of(&grid, 0, 1);
            let texts: Vec<String> = (0..5).map(|column| header.text(column)).collect();
            assert_eq!(texts, ["小区名称", "户数", "应移交 / 面积（㎡）", "应移交 / 时间", "备注"]);
            assert_eq!(header.readings(2)[0].words, "应移交面积");
            assert_eq!(header.readings(2)[0].unit.as_deref(), Some("m2"));
            assert_eq!(header.find("应移交/时间"), Some(3));
        }
    }

    #[test]
    fn a_row_of_data_is_no_part_of_the_header() {
        let grid = grid(&[
            &["社区", "用房名称", "权属", ""],
            &["甲社区", "党群服务中心", "租赁", "街道"],
            &["乙社区", "党群服务中心", "自有", "街道"],
        ]);
        assert!(!candidates(&grid, 0..3).contains(&(0, 1)));
    }

    #[test]
    fn groups_of_one_column_are_known_by_the_headings_below_them() {
        let grid = grid(&[
            &["小区名称", "设施类别", "住宅", "配套设施"],
            &["", "", "竣工验收时间", "竣工验收时间"],
            &["甲小区", "社区用房", "2020.5.1", "2020.5.1"],
        ]);
        assert!(candidates(&grid, 0..3).contains(&(0, 1)));
        assert_eq!(Header::of(&grid, 0, 1).text(3), "配套设施 / 竣工验收时间");
    }

    #[test]
    fn a_row_of_units_belongs_to_the_headings_above_it() {
        let grid =
            grid(&[&["社区", "面积", "年租金"], &["", "㎡", "万元"], &["甲社区", "300", "6"]]);
        assert!(candidates(&grid, 0..3).contains(&(0, 1)));
        let header = Header::of(&grid, 0, 1);
        let rent = header.readings(2).remove(0);
        assert_eq!((rent.words.as_str(), rent.unit.as_deref()), ("年租金", Some("万元")));
    }

    #[test]
    fn a_heading_that_means_nothing_alone_needs_its_group() {
        let words = |path: &[&str]| -> Vec<String> {
            let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
            readings(&path).into_iter().map(|heading| heading.words).collect()
        };
        assert!(!words(&["物业公司", "名称"]).contains(&"名称".to_owned()));
        assert!(words(&["基本情况", "面积"]).contains(&"面积".to_owned()));
        assert!(words(&["户数", "合计"]).contains(&"户数".to_owned()));
        assert!(words(&["建筑面积", "规划"]).contains(&"规划建筑面积".to_owned()));
    }

    #[test]
    fn repeated_headings_and_numbered_columns_are_no_data() {
        let grid = grid(&[
            &["序号", "社区", "面积"],
            &["甲", "1", "2"],
            &["1", "幸福里", "300"],
            &["序号", "社区", "面积"],
            &["1", "2", "3"],
        ]);
        let header = Header::of(&grid, 0, 0);
        let repeats: Vec<bool> = (1..5).map(|row| header.repeats_in(&grid, row)).collect();
        let numbers: Vec<bool> = (1..5).map(|row| header.numbers_columns(&grid, row)).collect();
        assert_eq!(repeats, [false, false, true, false]);
        assert_eq!(numbers, [true, false, false, true]);
    }
}
