//! What is written beside a row: its marks, one to a line, each with the letters of its column.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use crate::words::Words;

use super::address::{MOST_COLUMNS, MOST_ROWS, letters};
use super::{Mark, Severity};

/// Columns of reasons are this wide at least and at most, in digits.
const WIDTHS: (usize, usize) = (24, 44);

/// A row that shows one line is this high, in points.
pub(super) const LINE: f64 = 16.5;

/// A row can be no higher, in points.
const HIGHEST: f64 = 409.0;

/// All that is said of a row.
#[derive(Default)]
pub(super) struct Reasons {
    /// The lines, in the order of the columns; what concerns the whole row comes first.
    pub text: String,
    /// The gravest.
    pub worst: Option<Severity>,
    /// The gravest of each cell, by column.
    pub cells: BTreeMap<u32, Severity>,
}

/// The reasons of a sheet, by row.
///
/// # Errors
/// When a mark stands where no sheet has a cell.
pub(super) fn by_row<'m>(
    marks: impl IntoIterator<Item = &'m Mark>,
) -> Result<BTreeMap<u32, Reasons>, Words> {
    let mut sorted: Vec<&Mark> = marks.into_iter().collect();
    sorted.sort_by_key(|mark| (mark.row, mark.column));
    let mut rows: BTreeMap<u32, Reasons> = BTreeMap::new();
    for mark in sorted {
        let is_beyond = mark.column.is_some_and(|column| column >= MOST_COLUMNS);
        if !(1..=MOST_ROWS).contains(&mark.row) || is_beyond {
            let place = format!("{}!{}:{}", mark.sheet, mark.row, mark.column.unwrap_or(0));
            return Err(Words::new(
                format!("{place}：工作表中没有这样的行列，无法标注"),
                format!("{place}: no sheet has such a row and column, it cannot be marked"),
            ));
        }
        let row = rows.entry(mark.row).or_default();
        if !row.text.is_empty() {
            row.text.push('\n');
        }
        if let Some(column) = mark.column {
            row.text.extend([letters(column).as_str(), "："]);
            let cell = row.cells.entry(column).or_insert(mark.severity);
            *cell = mark.severity.min(*cell);
        }
        row.text.push_str(&mark.text);
        row.worst = Some(row.worst.map_or(mark.severity, |worst| worst.min(mark.severity)));
    }
    Ok(rows)
}

/// How wide a text is, in digits: a Chinese character takes two, as do signs such as `㎡` and `①`.
pub(super) fn width(text: &str) -> usize {
    text.lines().map(UnicodeWidthStr::width_cjk).max().unwrap_or(0)
}

/// The width of a column that holds these texts.
pub(super) fn column_width<'t>(texts: impl IntoIterator<Item = &'t str>) -> usize {
    let widest = texts.into_iter().map(width).max().unwrap_or(0);
    (widest + 2).clamp(WIDTHS.0, WIDTHS.1)
}

/// The height of a row that shows all of a text in a column of that width, in points.
pub(super) fn height(text: &str, column: usize) -> f64 {
    // A line breaks before it is quite full.
    let room = column.saturating_sub(2).max(1);
    let lines: usize = text.split('\n').map(|line| line.width_cjk().div_ceil(room).max(1)).sum();
    (lines as f64 * LINE).min(HIGHEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(row: u32, column: Option<u32>, text: &str, severity: Severity) -> Mark {
        Mark { sheet: "城东".into(), row, column, text: text.into(), severity }
    }

    #[test]
    fn reasons_name_their_columns_in_order() {
        let marks = [
            mark(4, Some(27), "看不懂", Severity::Note),
            mark(4, Some(5), "少两位", Severity::Warning),
            mark(4, Some(5), "不是数", Severity::Error),
            mark(4, None, "重复", Severity::Note),
        ];
        let rows = by_row(&marks).expect("rows");
        let row = &rows[&4];
        assert_eq!(row.text, "重复\nF：少两位\nF：不是数\nAB：看不懂");
        assert_eq!((row.worst, row.cells[&5]), (Some(Severity::Error), Severity::Error));
    }

    #[test]
    fn a_mark_beyond_every_sheet_is_refused() {
        assert!(by_row(&[mark(0, None, "x", Severity::Note)]).is_err());
        assert!(by_row(&[mark(1, Some(MOST_COLUMNS), "x", Severity::Note)]).is_err());
    }

    #[test]
    fn long_reasons_take_several_lines() {
        assert_eq!(column_width(["短"]), 24);
        assert!((height("短", 24) - 16.5).abs() < 1e-9);
        assert!((height(&"字".repeat(30), 24) - 49.5).abs() < 1e-9);
        assert!((height("a\nb", 24) - 33.0).abs() < 1e-9);
    }
}
