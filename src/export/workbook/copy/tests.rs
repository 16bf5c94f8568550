use std::io::{Cursor, Read as _};

use calamine::{Data, Reader, Xlsx};

use crate::layer::Merge;

use super::*;

fn ledger() -> Grid {
    let mut grid = Grid::default();
    grid.sheet = Some("城东/一".into());
    grid.push_row(["城东台账"]);
    grid.push_row(["街道", "编号", "户数", "面积"]);
    grid.push_row(["东门", "0017", "1400", "58.50"]);
    grid.push_row(["", "1234567890123456", "约1200户", "=1+1"]);
    grid.merges.push(Merge { top: 0, left: 0, bottom: 0, right: 3 });
    grid.merges.push(Merge { top: 2, left: 0, bottom: 3, right: 0 });
    grid
}

fn mark(row: u32, column: Option<u32>, text: &str, severity: Severity) -> Mark {
    Mark { sheet: "城东/一".into(), row, column, text: text.into(), severity }
}

fn copied() -> Vec<u8> {
    let marks = [
        mark(4, Some(0), "街道不符", Severity::Note),
        mark(4, Some(2), "不是数", Severity::Error),
        mark(9, Some(1), "缺", Severity::Warning),
    ];
    let style = Annotation {
        heading: "核对意见".into(),
        header_rows: [("城东/一".to_owned(), 2)].into(),
        note: "请改正".into(),
    };
    let sheets = [ledger(), Grid::hidden("隐".into())];
    copy(&sheets, &marks, &style).expect("copied")
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
    text
}

#[test]
fn cells_keep_their_addresses_and_their_texts() {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(copied())).expect("a workbook");
    assert_eq!(book.sheet_names(), ["城东_一"]);
    let range = book.worksheet_range("城东_一").expect("a sheet");
    let cell = |row, column| range.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(cell(0, 0), Data::String("城东台账".into()));
    assert_eq!(cell(2, 1), Data::String("0017".into()));
    assert_eq!(cell(2, 2), Data::Float(1400.0));
    assert_eq!(cell(2, 3), Data::Float(58.5));
    assert_eq!(cell(3, 1), Data::String("1234567890123456".into()));
    assert_eq!(cell(3, 3), Data::String("=1+1".into()));
    assert_eq!(cell(1, 4), Data::String("核对意见\n请改正".into()));
    assert_eq!(cell(3, 4), Data::String("A：街道不符\nC：不是数".into()));
    assert_eq!(cell(8, 4), Data::String("B：缺".into()));
}

#[test]
fn merges_and_the_frozen_headings_are_there_and_bytes_are_equal() {
    let bytes = copied();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<mergeCell ref=\"A1:D1\"/><mergeCell ref=\"A3:A4\"/>"), "{sheet}");
    assert!(sheet.contains("<pane ySplit=\"2\" topLeftCell=\"A3\""), "{sheet}");
    let styles = part(&bytes, "xl/styles.xml");
    for severity in Severity::ALL {
        let colour = format!("FF{:06X}", severity.colour());
        assert!(styles.contains(&colour), "{styles}");
    }
    assert_eq!(bytes, copied());
}

#[test]
fn a_number_is_one_only_if_nothing_is_lost() {
    let plain = ["0", "-5", "0.5", "123456789012345", "1.50"];
    assert!(plain.iter().all(|text| plain_number(text).is_some()));
    let other =
        ["", "-", "007", "1234567890123456", "1e5", "1,200", ".5", "5.", "+5", "NaN", "-0", "１"];
    assert!(other.iter().all(|text| plain_number(text).is_none()));
}

#[test]
fn a_file_without_sheets_is_meant_by_marks_without_one() {
    let mut grid = ledger();
    grid.sheet = None;
    let mark = Mark { sheet: String::new(), ..mark(2, None, "重复", Severity::Note) };
    let style = Annotation::default();
    assert!(copy(std::slice::from_ref(&grid), std::slice::from_ref(&mark), &style).is_ok());
    let mark = Mark { sheet: "无".into(), ..mark };
    assert!(copy(&[grid], &[mark], &style).is_err());
}

#[test]
fn a_heading_row_that_no_sheet_has_counts_as_none() {
    for row in [0, u32::MAX] {
        let style = Annotation {
            header_rows: [("城东/一".to_owned(), row)].into(),
            ..Annotation::default()
        };
        assert!(copy(&[ledger()], &[mark(3, Some(2), "x", Severity::Note)], &style).is_ok());
    }
}
