//! Workbooks that go back to those who fill them in.
//!
//! What a ledger's sender gets is not a report of ours but their own workbook, with the cells that
//! need another look coloured and the reasons in one more column ([`annotate`]). Who sent another
//! kind of file gets the same cells in a new workbook ([`copy`]). A blank one to fill in is made by
//! [`blank`], and known again, filled in, by its [`marker`].

mod address;
mod annotate;
mod blank;
mod book;
mod copy;
mod marker;
mod names;
mod package;
mod reasons;
mod rows;
mod sheet;
mod styles;
mod survey;
mod tables;
mod xml;

use std::collections::BTreeMap;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, XlsxError};

use crate::words::Words;

pub use annotate::annotate;
pub use blank::{Blank, BlankColumn, CellKind, blank};
pub use copy::copy;
pub use marker::marker;
pub use tables::{Content, Tab, tables};

/// Something to say of a row or of one of its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The name of the sheet, as on its tab; empty for a file without sheets.
    pub sheet: String,
    /// The row, from 1, as spreadsheets count.
    pub row: u32,
    /// The column, from 0; none when the row as a whole is meant.
    pub column: Option<u32>,
    /// What to say, without the name of the column.
    pub text: String,
    /// How grave it is.
    pub severity: Severity,
}

/// How grave a mark is; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It must be put right: light red.
    Error,
    /// It should be looked at: light amber.
    Warning,
    /// It is worth knowing: light blue.
    Note,
}

impl Severity {
    /// All of them, the gravest first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

    /// The colour of a marked cell, `0xRRGGBB`: black text is easy to read on all of them, and they
    /// differ in lightness too, for grey prints and for eyes that do not tell red from green.
    pub fn colour(self) -> u32 {
        match self {
            Severity::Error => 0xF4B3AE,
            Severity::Warning => 0xFFE699,
            Severity::Note => 0xDDEBF7,
        }
    }
}

/// How the column with the reasons is headed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Annotation {
    /// The heading, such as `核对意见`.
    pub heading: String,
    /// The row of the headings by sheet, from 1; of several the last. A sheet without one gets the
    /// heading in its first row that is used.
    pub header_rows: BTreeMap<String, u32>,
    /// What is said below the heading, in the same cell: who looked, when, what to do. May be empty.
    pub note: String,
}

impl Annotation {
    /// The row of a sheet's headings, if it is one that a sheet has.
    fn header_row(&self, sheet: &str) -> Option<u32> {
        self.header_rows.get(sheet).copied().filter(|row| (1..=address::MOST_ROWS).contains(row))
    }

    /// The heading with its note.
    fn heading_text(&self) -> String {
        if self.note.is_empty() {
            self.heading.clone()
        } else {
            format!("{}\n{}", self.heading, self.note)
        }
    }
}

/// A workbook that cannot be read, and why.
fn unreadable(why: &dyn std::fmt::Display) -> Words {
    Words::new(
        format!("工作簿无法读取：{why}；请在 Excel 或 WPS 中打开后另存为 .xlsx"),
        format!("the workbook cannot be read: {why}; open it in Excel or WPS and save it as .xlsx"),
    )
}

/// What a new workbook says of itself: always the same day, so that equal content gives equal bytes.
fn properties() -> DocProperties {
    let day = ExcelDateTime::from_ymd(2000, 1, 1).expect("a day of the calendar");
    DocProperties::new().set_creation_datetime(&day)
}

/// A step in writing a new workbook.
fn made<T>(step: Result<T, XlsxError>) -> Result<T, Words> {
    step.map_err(|error| {
        Words::new(
            format!("工作簿无法写出：{error}"),
            format!("the workbook cannot be written: {error}"),
        )
    })
}
