//! A blank workbook to fill in: the form, how to fill it in, and a marker to know it by.
//!
//! The form lets through what does not fit its rules once the person confirms it: `约1200` is worth
//! more than a blank cell. All its own words are Chinese, as are those who fill it in.

mod form;
mod guide;
mod rules;

use rust_xlsxwriter::Workbook;

use crate::words::Words;

use super::marker::SHEET;
use super::{made, names, properties};

/// A form to be made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blank {
    /// The title above the form.
    pub title: String,
    /// The name of its sheet.
    pub name: String,
    /// What to fill in, one column each.
    pub columns: Vec<BlankColumn>,
    /// How to fill it in, one paragraph each.
    pub notes: Vec<String>,
    /// What [`marker`](super::marker) reads from a filled-in copy: which form it is, of what version.
    pub marker: String,
    /// Asks who fills it in, such as `填报单位：`.
    pub sender_label: String,
    /// Asks for the day, such as `填报日期：`.
    pub date_label: String,
    /// Asks for the person, such as `填表人：`.
    pub person_label: String,
}

/// A column of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlankColumn {
    /// The heading; required ones get a `*` before it.
    pub heading: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// What may be filled in.
    pub kind: CellKind,
    /// What it means, in which unit, and what a blank cell says.
    pub note: String,
    /// One value, as it should look.
    pub example: String,
}

/// What may be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellKind {
    /// Anything; numbers typed into it stay as they were typed.
    Text,
    /// A number that is not negative.
    Number {
        /// How many decimals are shown.
        decimals: u8,
    },
    /// A day.
    Date,
    /// A year.
    Year,
    /// One of several.
    Choice(Vec<String>),
    /// `是` or `否`.
    YesNo,
}

/// The sheet that says how to fill the form in.
const GUIDE: &str = "说明";

/// The hidden sheet with choices too many for a rule.
const CHOICES: &str = "_选项";

/// A blank form as a workbook (`.xlsx`): title, who and when, headings in row 3, rows to fill in from
/// row 4; a sheet with explanations; the marker on a sheet that is not shown.
///
/// Equal forms give equal bytes.
///
/// # Errors
/// When the form has no columns, or more than a sheet.
pub fn blank(sheet: &Blank) -> Result<Vec<u8>, Words> {
    if sheet.columns.is_empty() {
        return Err(Words::new("模板没有列", "the template has no columns"));
    }
    let fixed = [GUIDE, CHOICES, SHEET].map(str::to_owned);
    let tabs = names::unique(fixed.into_iter().chain([sheet.name.clone()]));
    let mut book = Workbook::new();
    book.set_properties(&properties().set_title(&sheet.title));
    let mut choices = rules::Choices::default();
    made(form::write(book.add_worksheet(), &tabs[3], sheet, &mut choices))?;
    made(guide::write(book.add_worksheet(), sheet))?;
    made(choices.write(&mut book))?;
    let hidden = book.add_worksheet().set_very_hidden(true);
    made(
        hidden
            .set_name(SHEET)
            .and_then(|hidden| hidden.write_string(0, 0, &sheet.marker))
            .map(|_| ()),
    )?;
    made(book.save_to_buffer())
}

#[cfg(test)]
mod tests;
