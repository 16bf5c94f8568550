//! What a column of a form accepts: its rule, in the workbook and in words.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Formula, Workbook,
    XlsxError,
};

use super::super::address::letters;
use super::{BlankColumn, CHOICES, CellKind};

/// A rule, its message or the choices in it may be this long, as UTF-16 counts.
const LONGEST: usize = 255;

/// The title of a message may be this long.
const LONGEST_TITLE: usize = 32;

/// Years that a form takes for likely.
const YEARS: (i32, i32) = (1900, 2100);

/// Lists of choices that do not fit into a rule; each gets a column of a hidden sheet.
#[derive(Default)]
pub(super) struct Choices {
    lists: Vec<Vec<String>>,
}

impl Choices {
    /// Keeps a list and says where it will stand.
    fn keep(&mut self, list: &[String]) -> Formula {
        let kept = self.lists.iter().position(|other| other == list);
        let column = kept.unwrap_or_else(|| {
            self.lists.push(list.to_owned());
            self.lists.len() - 1
        });
        let letters = letters(column as u32);
        Formula::new(format!("='{CHOICES}'!${letters}$1:${letters}${}", list.len()))
    }

    /// Writes the hidden sheet, if there are lists for it.
    pub fn write(&self, book: &mut Workbook) -> Result<(), XlsxError> {
        if self.lists.is_empty() {
            return Ok(());
        }
        let sheet = book.add_worksheet().set_name(CHOICES)?.set_hidden(true);
        for (column, list) in self.lists.iter().enumerate() {
            for (row, choice) in list.iter().enumerate() {
                sheet.write_string(row as u32, column as u16, choice)?;
            }
        }
        Ok(())
    }
}

/// What a column takes, in a few words.
pub(super) fn accepted(kind: &CellKind) -> String {
    match kind {
        CellKind::Text => "填文字".to_owned(),
        CellKind::Number { decimals: 0 } => "填不小于 0 的数字，不带单位".to_owned(),
        CellKind::Number { decimals } => {
            format!("填不小于 0 的数字，可带 {decimals} 位小数，不带单位")
        }
        CellKind::Date => "填日期，如 2024-05-01".to_owned(),
        CellKind::Year => "填四位年份，如 2016".to_owned(),
        CellKind::Choice(_) => "从下拉列表中选".to_owned(),
        CellKind::YesNo => "选“是”或“否”".to_owned(),
    }
}

/// What is shown beside a cell or a heading that is selected.
pub(super) fn told(column: &BlankColumn) -> Result<DataValidation, XlsxError> {
    let mut message = accepted(&column.kind);
    if column.required {
        message = format!("必填。{message}");
    }
    for more in
        [column.note.as_str(), column.example.as_str()].iter().filter(|text| !text.is_empty())
    {
        let more =
            if *more == column.example { format!("例：{more}") } else { (*more).to_owned() };
        message = format!("{message}\n{more}");
    }
    let title = cut(&column.heading, LONGEST_TITLE);
    DataValidation::new().set_input_title(title)?.set_input_message(cut(&message, LONGEST))
}

/// The rule of the cells of a column; whoever confirms may go against it.
pub(super) fn rule(
    column: &BlankColumn,
    choices: &mut Choices,
) -> Result<DataValidation, XlsxError> {
    let told = told(column)?;
    let rule = match &column.kind {
        CellKind::Text => return Ok(told),
        CellKind::Choice(list) if list.is_empty() => return Ok(told),
        CellKind::Number { .. } => {
            told.allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
        }
        CellKind::Date => {
            let day = |year, month, day| ExcelDateTime::from_ymd(year, month, day);
            let (first, last) = (day(YEARS.0 as u16, 1, 1)?, day(YEARS.1 as u16, 12, 31)?);
            told.allow_date(DataValidationRule::Between(first, last))
        }
        CellKind::Year => told.allow_whole_number(DataValidationRule::Between(YEARS.0, YEARS.1)),
        CellKind::Choice(list) if fits(list) => told.allow_list_strings(list)?,
        CellKind::Choice(list) => told.allow_list_formula(choices.keep(list)),
        CellKind::YesNo => told.allow_list_strings(&["是", "否"])?,
    };
    let said = match column.kind {
        CellKind::Number { .. } => "确有“约1200”一类情况的，可确认后保留。",
        _ => "确需填写其他内容的，可确认后保留。",
    };
    rule.set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title("请核对")?
        .set_error_message(format!("{}。\n{said}", accepted(&column.kind)))
}

/// Whether choices fit into a rule, where commas part them.
fn fits(list: &[String]) -> bool {
    let length: usize = list.iter().map(|choice| choice.encode_utf16().count() + 1).sum();
    let is_plain = |choice: &String| !choice.contains([',', '"']) && choice.trim() == choice;
    length <= LONGEST && list.iter().all(is_plain)
}

/// A text cut to a length.
fn cut(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut units = 1;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= most
    };
    text.chars().take_while(fits).chain(['…']).collect()
}
