//! The sheet that is filled in.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::super::reasons::width;
use super::super::xml::cell_text;
use super::rules::{Choices, rule, told};
use super::{Blank, BlankColumn, CellKind};

/// The row of the headings, from 0.
const HEADINGS: u32 = 2;

/// The first and the last row with rules, from 0.
const ROWS: (u32, u32) = (3, 502);

/// A column is this wide at least and at most, in digits.
const WIDTHS: (usize, usize) = (10, 40);

/// The columns that the second row takes: three labels, each with a cell to fill in.
const LABELS: usize = 6;

/// The fill of headings.
const HEADING: u32 = 0xD9_E1_F2;

/// Writes the form.
pub(super) fn write(
    sheet: &mut Worksheet,
    tab: &str,
    blank: &Blank,
    choices: &mut Choices,
) -> Result<(), XlsxError> {
    sheet.set_name(tab)?;
    columns(sheet, blank, choices)?;
    title(sheet, blank)?;
    labels(sheet, blank)?;
    let last = (blank.columns.len() - 1) as u16;
    sheet.set_freeze_panes(ROWS.0, 0)?.autofilter(HEADINGS, 0, ROWS.1, last)?;
    page(sheet)
}

fn title(sheet: &mut Worksheet, blank: &Blank) -> Result<(), XlsxError> {
    let format = Format::new()
        .set_bold()
        .set_font_size(16)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    let last = (blank.columns.len().max(LABELS) - 1) as u16;
    sheet.merge_range(0, 0, 0, last, &cell_text(&blank.title), &format)?;
    sheet.set_row_height(0, 30).map(|_| ())
}

/// Who fills the form in, when, and their name.
fn labels(sheet: &mut Worksheet, blank: &Blank) -> Result<(), XlsxError> {
    let label = Format::new().set_align(FormatAlign::Right).set_align(FormatAlign::VerticalCenter);
    let value = Format::new()
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::Left)
        .set_align(FormatAlign::VerticalCenter);
    let text = value.clone().set_num_format_index(49);
    let day = value.set_num_format("yyyy-mm-dd");
    let asked =
        [(&blank.sender_label, &text), (&blank.date_label, &day), (&blank.person_label, &text)];
    for (place, (text, shown)) in asked.into_iter().enumerate() {
        let column = place as u16 * 2;
        sheet.write_string_with_format(1, column, cell_text(text), &label)?;
        sheet.write_blank(1, column + 1, shown)?;
    }
    sheet.set_row_height(1, 22).map(|_| ())
}

/// The headings with what they mean, and the cells below them.
fn columns(sheet: &mut Worksheet, blank: &Blank, choices: &mut Choices) -> Result<(), XlsxError> {
    let heading = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_background_color(HEADING)
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    let (star, plain) =
        (Format::new().set_bold().set_font_color(Color::Red), Format::new().set_bold());
    let labels = [
        Some(&blank.sender_label),
        None,
        Some(&blank.date_label),
        None,
        Some(&blank.person_label),
        None,
    ];
    let mut lines = 1;
    for place in 0..blank.columns.len().max(LABELS) {
        let column = place as u16;
        let label = labels.get(place).copied().flatten().map_or(0, |label| width(label) + 2);
        let Some(one) = blank.columns.get(place) else {
            sheet.set_column_width(column, label.max(14) as f64)?;
            continue;
        };
        let wide = wide(one).max(label).clamp(WIDTHS.0, WIDTHS.1);
        lines = lines.max((width(&one.heading) + 1).div_ceil(wide - 3));
        sheet.set_column_width(column, wide as f64)?;
        sheet.set_column_format(column, &cell(&one.kind))?;
        let text = cell_text(&one.heading);
        if one.required && !text.is_empty() {
            let parts = [(&star, "*"), (&plain, text.as_str())];
            sheet.write_rich_string_with_format(HEADINGS, column, &parts, &heading)?;
        } else {
            sheet.write_string_with_format(HEADINGS, column, text, &heading)?;
        }
        sheet.add_data_validation(HEADINGS, column, HEADINGS, column, &told(one)?)?;
        sheet.add_data_validation(ROWS.0, column, ROWS.1, column, &rule(one, choices)?)?;
    }
    // Below the text there must be room for the filter's button.
    sheet.set_row_height(HEADINGS, 18.0 * lines as f64 + 12.0).map(|_| ())
}

/// How wide a column should be: long headings are broken into two lines.
fn wide(column: &BlankColumn) -> usize {
    let heading = width(&column.heading) + 1;
    let heading = if heading > 16 { heading.div_ceil(2) + 2 } else { heading };
    let kind = match &column.kind {
        CellKind::Text => 14,
        CellKind::Number { .. } => 10,
        CellKind::Date => 12,
        CellKind::Year | CellKind::YesNo => 8,
        CellKind::Choice(list) => list.iter().map(|choice| width(choice) + 2).max().unwrap_or(0),
    };
    // The arrow of the filter takes some room.
    (heading + 4).max(kind).max(width(&column.example) + 2)
}

/// How the cells of a column look, down to the end of the sheet: identifiers stay as they are typed.
fn cell(kind: &CellKind) -> Format {
    let format = Format::new().set_align(FormatAlign::VerticalCenter);
    match kind {
        CellKind::Text => {
            format.set_num_format_index(49).set_align(FormatAlign::Left).set_text_wrap()
        }
        CellKind::Number { decimals: 0 } => format,
        CellKind::Number { decimals } => {
            format.set_num_format(format!("0.{}", "0".repeat(usize::from(*decimals))))
        }
        CellKind::Date => format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
        CellKind::Year => format.set_num_format("0").set_align(FormatAlign::Center),
        CellKind::Choice(_) | CellKind::YesNo => {
            format.set_num_format_index(49).set_align(FormatAlign::Center)
        }
    }
}

/// How it is printed: A4, across, as wide as the page, headings on each.
fn page(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_print_gridlines(true)
        .set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3)
        .set_footer("&C第 &P 页 共 &N 页")
        .set_repeat_rows(HEADINGS, HEADINGS)
        .map(|_| ())
}
