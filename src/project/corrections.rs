//! Corrections that a user has confirmed: what a cell means instead of what it says.
//!
//! A list is a CSV with the headings 出处, 字段, 原文, 改为, 决定. Only rows whose 决定 says yes are
//! used, and only while the cell still says what it said.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Result};
use crate::inventory::CORRECTION_HEADINGS as HEADINGS;
use crate::mapping::folded;
use crate::source::read;
use crate::words::Words;

use super::{Project, called};

/// One confirmed correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The file's name without folders.
    pub file: String,
    /// The sheet, for workbooks.
    pub sheet: Option<String>,
    /// The spreadsheet row, from 1.
    pub row: u32,
    /// The field.
    pub field: String,
    /// What the cell says.
    pub from: String,
    /// What is meant.
    pub to: String,
}

/// Reads a list of corrections.
///
/// # Errors
/// When the file cannot be read, lacks a heading, or a row of it cannot be understood.
pub fn corrections(path: &Path) -> Result<Vec<Correction>> {
    let file = read(path, None)?;
    let name = &file.name;
    let Some(grid) = file.grids.first() else { return Ok(Vec::new()) };
    let column = |heading: &str| {
        let at =
            (0..grid.columns()).find(|&column| folded(grid.cell(0, column)) == folded(heading));
        at.ok_or_else(|| {
            Error::refused(
                format!(
                    "{name}：第 1 行没有“{heading}”；更正清单的表头为：{}",
                    HEADINGS.join("、")
                ),
                format!(
                    "{name}: row 1 lacks `{heading}`; its headings are: {}",
                    HEADINGS.join(", ")
                ),
            )
        })
    };
    let [at, field, from, to, verdict] =
        [column("出处")?, column("字段")?, column("原文")?, column("改为")?, column("决定")?];
    let mut all = Vec::new();
    for row in (1..grid.rows()).filter(|&row| !grid.is_blank(row)) {
        let text = |column: usize| grid.cell(row, column).trim_start_matches('\'').to_owned();
        match folded(&text(verdict)).as_str() {
            "是" | "采用" | "同意" | "yes" | "y" | "1" | "√" => {}
            "" | "否" | "不采用" | "不同意" | "no" | "n" | "0" | "×" => continue,
            other => {
                let row = grid.row_number(row);
                return Err(Error::refused(
                    format!("{name} 第 {row} 行：决定“{other}”无法识别；可写 采用、不采用，或留空"),
                    format!(
                        "{name}, row {row}: `{other}` is no decision; accepted: 采用 (yes), 不采用 (no), or blank"
                    ),
                ));
            }
        }
        let (file, sheet, number) = address(&text(at)).ok_or_else(|| {
            let (row, found) = (grid.row_number(row), text(at));
            Error::refused(
                format!("{name} 第 {row} 行：“{found}”不是单元格地址；应如 台账.xlsx!城东!F17"),
                format!("{name}, row {row}: `{found}` is no cell; expected one such as 台账.xlsx!城东!F17"),
            )
        })?;
        let (field, from, to) = (text(field), text(from), text(to));
        all.push(Correction { file, sheet, row: number, field, from, to });
    }
    Ok(all)
}

/// `台账.xlsx!城东!F17` taken apart.
fn address(text: &str) -> Option<(String, Option<String>, u32)> {
    let (place, cell) = text.rsplit_once('!')?;
    let row = cell.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()?;
    let (file, sheet) = match place.split_once('!') {
        Some((file, sheet)) => (file, Some(sheet.to_owned())),
        None => (place, None),
    };
    Some((file.to_owned(), sheet, row))
}

impl Project {
    /// The corrections of one sheet: row and field → what is meant.
    pub(super) fn corrections_of(
        &self,
        file: &str,
        sheet: Option<&str>,
    ) -> BTreeMap<(u32, String), String> {
        let here =
            self.corrections.iter().filter(|one| one.file == file && one.sheet.as_deref() == sheet);
        here.map(|one| ((one.row, one.field.clone()), one.to.clone())).collect()
    }

    /// What the corrections change, for printing with the results.
    pub(super) fn corrected(&self) -> Vec<Words> {
        let words = |one: &Correction| {
            let sheet = one.sheet.as_deref().map_or(String::new(), |sheet| format!("{sheet}!"));
            let cell = format!("{}!{sheet}{}", one.file, one.row);
            let (field, from, to) = (called(None, &one.field), &one.from, &one.to);
            Words::new(
                format!("{cell}：{}：“{from}”按“{to}”理解（更正清单）", field.zh),
                format!("{cell}: {}: `{from}` is read as `{to}` (list of corrections)", field.en),
            )
        };
        self.corrections.iter().map(words).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_decided_is_corrected() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("更正.csv");
        let list = "出处,字段,原文,改为,理由,决定\n台账.xlsx!城东!F17,tenure,自有,租赁,备注,采用\n\
                    台账.csv!F3,tenure,,借用,备注,\n";
        std::fs::write(&path, list).expect("written");
        let found = corrections(&path).expect("read");
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].sheet.as_deref(), found[0].row), (Some("城东"), 17));
        std::fs::write(&path, "出处,字段,原文,改为,决定\n别处,a,b,c,采用\n").expect("written");
        let words = corrections(&path).expect_err("refused").words();
        assert!(words.zh.contains("第 2 行"), "{words}");
    }
}
