//! A new workbook of plain tables, each on a sheet of its own: for reading, sorting and printing.

use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, Format, FormatAlign, FormatBorder,
    Formula, Workbook, Worksheet, XlsxError,
};

use crate::origin::column_letters;
use crate::words::Words;

use super::reasons::width;
use super::{made, names, properties};

/// What one cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A text; never a formula.
    Text(String),
    /// A number, shown with so many decimals.
    Number(f64, usize),
    /// A share, shown as a percentage.
    Share(f64),
    /// A number within bounds, in words: it stands to the right, as numbers do.
    Range(String),
    /// Nothing.
    Blank,
}

/// One sheet: a title, remarks, headings, rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tab {
    /// The name of the sheet.
    pub name: String,
    /// The title above the table.
    pub title: String,
    /// Remarks below the title, a line each.
    pub notes: Vec<String>,
    /// The headings; a sheet without any holds remarks only.
    pub headings: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Content>>,
    /// Columns that are added up below the rows, by a formula that follows the filter.
    pub totals: Vec<usize>,
    /// Colours of cells by what they say: the column, the text, and `0xRRGGBB`.
    pub colours: Vec<(usize, String, u32)>,
    /// How many columns stay in sight when one scrolls to the right.
    pub frozen: u16,
    /// What the row of totals is called.
    pub total_label: String,
}

/// A column is this wide at most and at least, in digits.
const WIDTHS: (usize, usize) = (7, 46);

/// How high one line of text is, in points.
const LINE: f64 = 15.0;

/// The paper is A4 (ISO 216), by the number spreadsheets give it.
const A4: u8 = 9;

/// Twice as large, for tables of more columns than stay readable on A4.
const A3: u8 = 8;
const ON_A4: usize = 14;

/// A workbook (`.xlsx`) of tables: headings frozen and with filters, numbers as numbers, pages as wide
/// as the table. Equal tables give equal bytes.
///
/// # Errors
/// When a table has more cells than a sheet holds.
pub fn tables(title: &str, tabs: &[Tab]) -> Result<Vec<u8>, Words> {
    let mut book = Workbook::new();
    book.set_properties(&properties().set_title(cut(title)));
    let names = names::unique(tabs.iter().map(|tab| tab.name.clone()));
    for (tab, name) in tabs.iter().zip(names) {
        made(write(book.add_worksheet(), tab, &name))?;
    }
    made(book.save_to_buffer())
}

/// As much of a text as a cell holds.
fn cut(text: &str) -> &str {
    const MOST: usize = 32_000;
    text.char_indices().nth(MOST).map_or(text, |(at, _)| &text[..at])
}

fn write(sheet: &mut Worksheet, tab: &Tab, name: &str) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let title = Format::new().set_bold().set_font_size(14);
    sheet.write_string_with_format(0, 0, cut(&tab.title), &title)?;
    let note = Format::new().set_font_color(Color::RGB(0x0059_5959));
    for (at, text) in tab.notes.iter().enumerate() {
        sheet.write_string_with_format(1 + at as u32, 0, cut(text), &note)?;
    }
    let paper = if tab.headings.len() > ON_A4 { A3 } else { A4 };
    sheet.set_landscape().set_paper_size(paper).set_print_fit_to_pages(1, 0);
    if tab.headings.is_empty() {
        return Ok(());
    }
    let head = 1 + tab.notes.len() as u32;
    let frame =
        || Format::new().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x00BF_BFBF));
    let heading = frame()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0x00DD_EBF7));
    for (column, text) in tab.headings.iter().enumerate() {
        sheet.write_string_with_format(head, column as u16, cut(text), &heading)?;
    }
    let text = frame().set_text_wrap().set_align(FormatAlign::Top);
    let range = frame().set_align(FormatAlign::Right).set_align(FormatAlign::Top);
    let share = frame().set_num_format("0.0%").set_align(FormatAlign::Top);
    let number = |decimals: usize| {
        let format = if decimals == 0 {
            "#,##0".to_owned()
        } else {
            format!("#,##0.{}", "0".repeat(decimals))
        };
        frame().set_num_format(format).set_align(FormatAlign::Top)
    };
    let numbers: Vec<Format> = (0..=6).map(number).collect();
    for (at, row) in tab.rows.iter().enumerate() {
        let line = head + 1 + at as u32;
        for (column, content) in row.iter().enumerate() {
            let column = column as u16;
            match content {
                Content::Text(said) => {
                    sheet.write_string_with_format(line, column, cut(said), &text)?;
                }
                Content::Number(value, decimals) => {
                    let format = &numbers[(*decimals).min(numbers.len() - 1)];
                    sheet.write_number_with_format(line, column, *value, format)?;
                }
                Content::Share(value) => {
                    sheet.write_number_with_format(line, column, *value, &share)?;
                }
                Content::Range(said) => {
                    sheet.write_string_with_format(line, column, cut(said), &range)?;
                }
                Content::Blank => {
                    sheet.write_blank(line, column, &text)?;
                }
            }
        }
    }
    let widths: Vec<usize> = (0..tab.headings.len()).map(|column| widest(tab, column)).collect();
    for (column, width) in widths.iter().enumerate() {
        sheet.set_column_width(column as u16, *width as f64)?;
    }
    // Rows that wrap are as high as their text: not every program works that out by itself.
    let heading = tab.headings.iter().zip(&widths).map(|(text, width)| lines(text, *width)).max();
    sheet.set_row_height(head, LINE * heading.unwrap_or(1) as f64)?;
    for (at, row) in tab.rows.iter().enumerate() {
        let wrapped = row.iter().zip(&widths).map(|(content, width)| match content {
            Content::Text(text) => lines(text, *width),
            _ => 1,
        });
        let high = wrapped.max().unwrap_or(1);
        if high > 1 {
            sheet.set_row_height(head + 1 + at as u32, LINE * high as f64)?;
        }
    }
    let (last_row, last_column) = (head + tab.rows.len() as u32, tab.headings.len() as u16 - 1);
    if !tab.rows.is_empty() {
        sheet.autofilter(head, 0, last_row, last_column)?;
    }
    if !tab.rows.is_empty() {
        totals(sheet, tab, head + 1, last_row)?;
        for (column, text, colour) in &tab.colours {
            let column = *column as u16;
            let format = Format::new().set_background_color(Color::RGB(*colour));
            let rule = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::EqualTo(text.as_str()))
                .set_format(format);
            sheet.add_conditional_format(head + 1, column, last_row, column, &rule)?;
        }
    }
    sheet.set_freeze_panes(head + 1, tab.frozen)?;
    sheet.set_repeat_rows(head, head)?;
    Ok(())
}

/// The totals below the rows: sums of what the filter leaves, with the sum of all as the value a
/// program shows that does not calculate.
fn totals(sheet: &mut Worksheet, tab: &Tab, first: u32, last: u32) -> Result<(), XlsxError> {
    if tab.totals.is_empty() {
        return Ok(());
    }
    let bold = |format: Format| format.set_bold().set_border_top(FormatBorder::Double);
    let label = bold(Format::new());
    sheet.write_string_with_format(last + 1, 0, cut(&tab.total_label), &label)?;
    for &column in &tab.totals {
        let numbers = tab.rows.iter().filter_map(|row| match row.get(column) {
            Some(Content::Number(number, decimals)) => Some((*number, *decimals)),
            _ => None,
        });
        let (sum, decimals) = numbers
            .fold((0.0, 0), |(sum, most), (number, decimals)| (sum + number, most.max(decimals)));
        let letters = column_letters(column as u32);
        let formula = format!("=SUBTOTAL(109,{letters}{}:{letters}{})", first + 1, last + 1);
        let formula = Formula::new(formula).set_result(sum.to_string());
        let shown = if decimals == 0 {
            "#,##0".to_owned()
        } else {
            format!("#,##0.{}", "0".repeat(decimals))
        };
        let format = bold(Format::new().set_num_format(shown));
        sheet.write_formula_with_format(last + 1, column as u16, formula, &format)?;
    }
    Ok(())
}

/// How many lines a text takes in a column, at most as many as a row may be high.
fn lines(text: &str, width: usize) -> usize {
    let of =
        |line: &str| super::reasons::width(line).div_ceil(width.saturating_sub(1).max(1)).max(1);
    text.lines().map(of).sum::<usize>().clamp(1, 25)
}

/// How wide a column is: as its longest cell, within reason; headings may take two lines.
fn widest(tab: &Tab, column: usize) -> usize {
    let shown = |content: &Content| match content {
        Content::Text(text) | Content::Range(text) => text.lines().map(width).max().unwrap_or(0),
        Content::Number(value, decimals) => crate::quantity::fixed(*value, *decimals).len() + 2,
        Content::Share(_) => 7,
        // Somebody writes here: a day, or a name.
        Content::Blank => 10,
    };
    let cells = tab.rows.iter().filter_map(|row| row.get(column)).map(shown).max().unwrap_or(0);
    let heading = width(&tab.headings[column]).div_ceil(2) + 2;
    (cells + 2).max(heading).clamp(WIDTHS.0, WIDTHS.1)
}
