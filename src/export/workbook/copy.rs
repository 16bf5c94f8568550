//! A sender's cells in a new workbook, with marks on them: for files that cannot be patched.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::layer::Grid;
use crate::words::Words;

use super::address::{MOST_COLUMNS, MOST_ROWS};
use super::reasons::{self, Reasons, column_width, height, width};
use super::xml::cell_text;
use super::{Annotation, Mark, Severity, made, names, properties};

/// A column is this wide at most and at least, in digits.
const WIDTHS: (usize, usize) = (8, 40);

/// A new workbook (`.xlsx`) with the cells of sheets at their addresses, marked as
/// [`annotate`](super::annotate) does; hidden sheets are left out.
///
/// Plain numbers become numbers, unless they begin with a zero or have more than 15 digits; all else
/// is text. A grid without the name of a sheet is meant by marks whose sheet is empty.
///
/// # Errors
/// When a mark stands on a sheet that is not there, or a sheet has more cells than a workbook holds.
pub fn copy(sheets: &[Grid], marks: &[Mark], style: &Annotation) -> Result<Vec<u8>, Words> {
    let shown: Vec<&Grid> = sheets.iter().filter(|grid| !grid.hidden).collect();
    let name = |grid: &Grid| grid.sheet.clone().unwrap_or_default();
    if let Some(mark) = marks.iter().find(|mark| shown.iter().all(|grid| name(grid) != mark.sheet))
    {
        return Err(Words::new(
            format!("没有工作表“{}”，无法标注", mark.sheet),
            format!("there is no sheet \"{}\" to mark", mark.sheet),
        ));
    }
    let tabs = names::unique(
        shown
            .iter()
            .map(|grid| grid.sheet.clone().or_else(|| grid.called.clone()).unwrap_or_default()),
    );
    let mut book = Workbook::new();
    book.set_properties(&properties());
    for (grid, tab) in shown.iter().zip(tabs) {
        let own = name(grid);
        let reasons = reasons::by_row(marks.iter().filter(|mark| mark.sheet == own))?;
        let header = style.header_row(&own);
        let sheet = Copied { grid, reasons, header, heading: style.heading_text() };
        sheet.write(book.add_worksheet(), &tab)?;
    }
    if shown.is_empty() {
        book.add_worksheet();
    }
    made(book.save_to_buffer())
}

/// A sheet to be written.
struct Copied<'g> {
    grid: &'g Grid,
    reasons: BTreeMap<u32, Reasons>,
    header: Option<u32>,
    heading: String,
}

impl Copied<'_> {
    fn write(&self, sheet: &mut Worksheet, tab: &str) -> Result<(), Words> {
        let (rows, columns) = (self.grid.rows() as u64, self.grid.columns() as u64);
        if rows > u64::from(MOST_ROWS) || columns >= u64::from(MOST_COLUMNS) {
            return Err(Words::new(
                format!("{tab}：{rows} 行 {columns} 列，超出一张工作表的范围"),
                format!("{tab}: {rows} rows and {columns} columns are more than a sheet holds"),
            ));
        }
        made(sheet.set_name(tab).map(|_| ()))?;
        made(self.merges(sheet))?;
        made(self.cells(sheet))?;
        made(self.beside(sheet))?;
        if let Some(header) = self.header.filter(|header| *header < MOST_ROWS) {
            made(sheet.set_freeze_panes(header, 0).map(|_| ()))?;
            made(
                sheet
                    .set_repeat_rows(header.saturating_sub(1), header.saturating_sub(1))
                    .map(|_| ()),
            )?;
        }
        sheet
            .set_landscape()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0)
            .set_print_gridlines(true);
        Ok(())
    }

    /// Merges cells; merges that overlap one before are left out.
    fn merges(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        for merge in &self.grid.merges {
            let (rows, columns) =
                (merge.bottom < MOST_ROWS as usize, merge.right < MOST_COLUMNS as usize);
            if rows && columns && (merge.top, merge.left) != (merge.bottom, merge.right) {
                let (top, left) = (merge.top as u32, merge.left as u16);
                let (bottom, right) = (merge.bottom as u32, merge.right as u16);
                let format = Format::new().set_align(FormatAlign::VerticalCenter);
                match sheet.merge_range(top, left, bottom, right, "", &format) {
                    Err(XlsxError::MergeRangeOverlaps(..)) => {}
                    done => drop(done?),
                }
            }
        }
        Ok(())
    }

    fn cells(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let mut filled: BTreeMap<(u32, u32), Severity> = BTreeMap::new();
        for (&row, reasons) in &self.reasons {
            for (&column, &severity) in &reasons.cells {
                let place = self.corner(row, column);
                let worst = filled.entry(place).or_insert(severity);
                *worst = severity.min(*worst);
            }
        }
        // What is spread over several columns need not fit into one of them.
        let wide = self.grid.merges.iter().filter(|merge| merge.left < merge.right);
        let spread: BTreeSet<_> = wide.map(|merge| (merge.top, merge.left)).collect();
        for column in 0..self.grid.columns() {
            let mut widest = 0;
            for row in 0..self.grid.rows() {
                let text = self.grid.cell(row, column);
                let place = (row as u32 + 1, column as u32);
                let severity = filled.remove(&place);
                if text.is_empty() && severity.is_none() {
                    continue;
                }
                if !spread.contains(&(row, column)) {
                    widest = widest.max(width(text));
                }
                let format = self.format(place.0, text, severity);
                put(sheet, place, text, format)?;
            }
            let wide = (widest + 2).clamp(WIDTHS.0, WIDTHS.1);
            sheet.set_column_width(column as u16, wide as f64)?;
        }
        for (place, severity) in filled {
            put(sheet, place, "", self.format(place.0, "", Some(severity)))?;
        }
        Ok(())
    }

    /// The column of reasons.
    fn beside(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let heading_row = self.header.unwrap_or_else(|| {
            let used = (0..self.grid.rows()).find(|row| !self.grid.is_blank(*row));
            used.map_or(1, |row| row as u32 + 1)
        });
        if self.reasons.is_empty() {
            return Ok(());
        }
        let column = self.free_column(heading_row);
        let texts = self.reasons.values().map(|row| row.text.as_str());
        let wide = column_width(texts.chain([self.heading.as_str()]));
        sheet.set_column_width(column as u16, wide as f64)?;
        let boxed = || Format::new().set_text_wrap().set_border(FormatBorder::Thin);
        let mut put = |row: u32, text: &str, format: &Format| {
            let text = cell_text(text);
            sheet.write_string_with_format(row - 1, column as u16, &text, format)?;
            let own =
                (0..self.grid.columns()).map(|column| self.grid.cell(row as usize - 1, column));
            let own = own.map(|text| height(text, WIDTHS.1)).fold(0.0, f64::max);
            sheet.set_row_height(row - 1, height(&text, wide).max(own)).map(|_| ())
        };
        for (&row, reasons) in self.reasons.iter().filter(|(row, _)| **row != heading_row) {
            let colour = reasons.worst.map_or(0xFF_FFFF, Severity::colour);
            let format = boxed().set_align(FormatAlign::Top).set_background_color(colour);
            put(row, &reasons.text, &format.set_num_format_index(49))?;
        }
        let said = match self.reasons.get(&heading_row) {
            Some(reasons) => format!("{}\n{}", self.heading, reasons.text),
            None => self.heading.clone(),
        };
        let format = boxed().set_bold().set_align(FormatAlign::Center);
        put(heading_row, &said, &format.set_align(FormatAlign::VerticalCenter))
    }

    /// The first column right of the headings that holds nothing.
    fn free_column(&self, heading_row: u32) -> u32 {
        let marked: BTreeSet<usize> =
            self.reasons.keys().copied().chain([heading_row]).map(|row| row as usize - 1).collect();
        let is_headed = |column: usize| {
            let last = self.header.map_or(self.grid.rows(), |row| row as usize);
            (0..last.min(self.grid.rows())).any(|row| !self.grid.cell(row, column).is_empty())
        };
        let is_used = |column: usize| {
            (0..self.grid.rows()).any(|row| !self.grid.cell(row, column).is_empty())
        };
        let is_marked = |column: usize| {
            self.reasons.values().any(|row| row.cells.contains_key(&(column as u32)))
        };
        let is_covered = |column: usize| {
            let covers = |merge: &&crate::layer::Merge| {
                let rows = marked.range(merge.top..=merge.bottom.max(merge.top)).next().is_some();
                rows && (merge.left..=merge.right).contains(&column)
            };
            self.grid.merges.iter().any(|merge| covers(&merge))
        };
        let first = (0..self.grid.columns()).rev().find(|column| is_headed(*column));
        let first = first.map_or(0, |column| column + 1);
        let free = (first..MOST_COLUMNS as usize)
            .find(|one| !is_used(*one) && !is_marked(*one) && !is_covered(*one));
        free.unwrap_or(first) as u32
    }

    fn corner(&self, row: u32, column: u32) -> (u32, u32) {
        let (at, place) = (row as usize - 1, column as usize);
        let merge = self.grid.merges.iter().find(|merge| merge.holds(at, place));
        merge.map_or((row, column), |merge| (merge.top as u32 + 1, merge.left as u32))
    }

    fn format(&self, row: u32, text: &str, severity: Option<Severity>) -> Format {
        let mut format = Format::new().set_align(FormatAlign::VerticalCenter);
        if self.header.is_some_and(|header| row <= header) {
            format = format.set_bold().set_align(FormatAlign::Center).set_text_wrap();
        } else if text.contains('\n') || width(text) > WIDTHS.1 {
            format = format.set_text_wrap();
        }
        match severity {
            Some(severity) => format.set_background_color(severity.colour()),
            None => format,
        }
    }
}

/// Writes a cell, as a number where it is one.
fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u32),
    text: &str,
    format: Format,
) -> Result<(), XlsxError> {
    let (row, column) = (row - 1, column as u16);
    if text.is_empty() {
        sheet.write_blank(row, column, &format)?;
    } else if let Some(number) = plain_number(text) {
        // Zeros at the end are kept in sight.
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let shown = format!("0.{}", "0".repeat(decimals));
        let format = if number.to_string() == text { format } else { format.set_num_format(shown) };
        sheet.write_number_with_format(row, column, number, &format)?;
    } else {
        let text = cell_text(text);
        sheet.write_string_with_format(row, column, text, &format.set_num_format_index(49))?;
    }
    Ok(())
}

/// The number that a text is, if nothing of the text is lost with it.
fn plain_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = match digits.split_once('.') {
        Some((whole, decimals)) if !decimals.is_empty() => (whole, decimals),
        Some(_) => return None,
        None => (digits, ""),
    };
    let is_plain =
        !whole.is_empty() && whole.bytes().chain(decimals.bytes()).all(|b| b.is_ascii_digit());
    let is_led_by_zero = whole.len() > 1 && whole.starts_with('0');
    let is_short = whole.len() + decimals.len() <= 15;
    let number = text.parse().ok().filter(|_| is_plain && !is_led_by_zero && is_short)?;
    (text != "-0").then_some(number)
}

#[cfg(test)]
mod tests;
