//! The sheet that says how to fill the form in: its notes, then one row for each column.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::super::address::letters;
use super::super::reasons::height;
use super::super::xml::cell_text;
use super::rules::accepted;
use super::{Blank, BlankColumn, CellKind, GUIDE};

/// The columns of the table, each with its width in digits.
const TABLE: [(&str, usize); 6] = [
    ("列", 6),
    ("列名", 22),
    ("必填", 8),
    ("怎么填", 34),
    ("含义、单位、留空表示什么", 46),
    ("示例", 18),
];

/// So many choices are listed; the others are seen when a cell is filled in.
const LISTED: usize = 12;

/// Writes the explanations.
pub(super) fn write(sheet: &mut Worksheet, blank: &Blank) -> Result<(), XlsxError> {
    sheet.set_name(GUIDE)?;
    for (column, (_, width)) in TABLE.iter().enumerate() {
        sheet.set_column_width(column as u16, *width as f64)?;
    }
    let last = TABLE.len() as u16 - 1;
    let title = Format::new().set_bold().set_font_size(14).set_align(FormatAlign::VerticalCenter);
    sheet.merge_range(0, 0, 0, last, "填表说明", &title)?;
    sheet.set_row_height(0, 26)?;
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let whole: usize = TABLE.iter().map(|(_, width)| width).sum();
    let mut row = 1;
    for (number, note) in (1..).zip(&blank.notes) {
        let note = cell_text(&format!("{number}. {note}"));
        sheet.merge_range(row, 0, row, last, &note, &text)?;
        sheet.set_row_height(row, height(&note, whole) + 3.0)?;
        row += 1;
    }
    row += 1;
    let boxed = text.set_border(FormatBorder::Thin);
    let heading =
        boxed.clone().set_bold().set_background_color(0xD9_E1_F2).set_align(FormatAlign::Center);
    for (column, (text, _)) in TABLE.iter().enumerate() {
        sheet.write_string_with_format(row, column as u16, *text, &heading)?;
    }
    sheet.set_row_height(row, 20)?.set_repeat_rows(row, row)?;
    for (place, one) in (0..).zip(&blank.columns) {
        row += 1;
        let mut highest: f64 = 0.0;
        for (column, (text, (_, width))) in described(place, one).iter().zip(TABLE).enumerate() {
            let format = match column {
                0 | 2 => boxed.clone().set_align(FormatAlign::Center),
                _ => boxed.clone().set_num_format_index(49),
            };
            sheet.write_string_with_format(row, column as u16, text, &format)?;
            highest = highest.max(height(text, width));
        }
        sheet.set_row_height(row, highest + 3.0)?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn described(place: u32, column: &BlankColumn) -> [String; 6] {
    let mut how = accepted(&column.kind);
    if let CellKind::Choice(list) = &column.kind {
        let first: Vec<&str> = list.iter().take(LISTED).map(String::as_str).collect();
        let rest =
            if list.len() > LISTED { format!("等 {} 项", list.len()) } else { String::new() };
        how = format!("{how}：{}{rest}", first.join("、"));
    }
    let required = if column.required { "必填" } else { "" };
    [
        letters(place),
        column.heading.clone(),
        required.to_owned(),
        how,
        column.note.clone(),
        column.example.clone(),
    ]
    .map(|text| cell_text(&text))
}
