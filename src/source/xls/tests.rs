//! Old workbooks are read as they are shown, from files of other programs and from built records.

use super::*;
use crate::layer::Merge;
use crate::source::compound::tests::compound;

fn opened(name: &str, bytes: Vec<u8>) -> Read<Vec<Grid>> {
    read(&Opened { name: name.to_owned(), bytes, ..Opened::default() })
}

fn rows(grid: &Grid) -> Vec<Vec<&str>> {
    let row = |row| (0..grid.columns()).map(|column| grid.cell(row, column)).collect();
    (0..grid.rows()).map(row).collect()
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

fn places(place: [u16; 3]) -> Vec<u8> {
    place.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// A text of the older kind in a cell.
fn label(row: u16, column: u16, text: &[u8]) -> Vec<u8> {
    let length = (text.len() as u16).to_le_bytes();
    record(0x0204, &[&places([row, column, 0])[..], &length, text].concat())
}

fn begin(version: u16, kind: u16) -> Vec<u8> {
    record(0x0809, &[version.to_le_bytes(), kind.to_le_bytes(), [0; 2], [0; 2]].concat())
}

/// A stream of a workbook with one sheet, its records and those before it.
fn workbook(version: u16, name: &[u8], before: &[u8], cells: &[u8]) -> Vec<u8> {
    let head = [begin(version, 5), before.to_vec()].concat();
    let listed = 4 + 6 + name.len();
    let start = (head.len() + listed + 4) as u32;
    let list = record(0x0085, &[&start.to_le_bytes()[..], &[0, 0], name].concat());
    let end = record(0x000A, &[]);
    [head, list, end.clone(), begin(version, 16), cells.to_vec(), end].concat()
}

#[test]
fn text_of_the_older_versions_is_read_through_its_code_page() {
    let (gbk, ..) = encoding_rs::GBK.encode("幸福里社区");
    let (name, ..) = encoding_rs::GBK.encode("\u{4}城东");
    let page = record(0x0042, &936u16.to_le_bytes());
    let stream = workbook(0x0500, &name, &page, &label(1, 0, &gbk));
    let grid = opened("旧.xls", compound(&[("Book", &stream)])).expect("reads").remove(0);
    assert_eq!(grid.sheet.as_deref(), Some("城东"));
    assert_eq!(rows(&grid), [[""], ["幸福里社区"]]);
    assert_eq!(grid.encoding.as_deref(), Some("gb18030"));
}

#[test]
fn records_without_a_container_are_read() {
    let (gbk, ..) = encoding_rs::GBK.encode("社区");
    let stream = [begin(0, 16), label(0, 0, &gbk), record(0x000A, &[])].concat();
    assert!((FORMAT.recognises)(&stream));
    let grid = opened("导出.xls", stream).expect("reads").remove(0);
    assert_eq!(rows(&grid), [["社区"]]);
}

#[test]
fn chinese_text_under_a_western_code_page_stops_at_its_cell() {
    let (gbk, ..) = encoding_rs::GBK.encode("幸福里社区");
    let page = record(0x0042, &1252u16.to_le_bytes());
    let stream = workbook(0x0500, b"\x01A", &page, &label(4, 2, &gbk));
    let bytes = compound(&[("Book", &stream)]);
    let error = opened("旧.xls", bytes.clone()).expect_err("refused");
    assert!(error.zh.starts_with("旧.xls!A!C5：中文被当作西文解码"), "{error}");
    // The user may say how the text is to be read.
    let file = Opened { bytes, encoding: Some("gbk".into()), ..Opened::default() };
    assert_eq!(read(&file).expect("reads")[0].cell(4, 2), "幸福里社区");
}

#[test]
fn a_string_goes_on_in_the_next_record_where_the_first_is_full() {
    let half = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let head = [2, 0, 0, 0, 2, 0, 0, 0, 6, 0, 1];
    let first = record(0x00FC, &[&head[..], &half("幸福里")].concat());
    let more = record(
        0x003C,
        &[&[0][..], b"ABC", &[3, 0, 0x0D, 1, 0, 4, 0, 0, 0], &half("万科城"), &[9; 8]].concat(),
    );
    let cells: Vec<u8> = [0u16, 1]
        .iter()
        .flat_map(|at| record(0x00FD, &[&places([0, *at, 0])[..], &[*at as u8, 0, 0, 0]].concat()))
        .collect();
    let stream = workbook(0x0600, b"\x01\0A", &[first, more].concat(), &cells);
    let grid = opened("新.xls", compound(&[("Workbook", &stream)])).expect("reads").remove(0);
    assert_eq!(rows(&grid), [["幸福里ABC", "万科城"]]);
}

#[test]
fn results_of_formulas_are_read_and_missing_ones_told() {
    let formula = |column, result: [u8; 8]| {
        record(0x0006, &[&places([0, column, 0])[..], &result, &[0; 8]].concat())
    };
    let blank = |column| formula(column, [3, 0, 0, 0, 0, 0, 0xFF, 0xFF]);
    let text = [formula(1, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]), record(0x0207, &[2, 0, 0, b'o', b'k'])]
        .concat();
    let read_one = |cells: &[Vec<u8>]| {
        let stream = workbook(0x0600, b"\x01\0A", &[], &cells.concat());
        opened("a.xls", compound(&[("Workbook", &stream)])).expect("reads").remove(0)
    };
    let grid = read_one(&[
        blank(0),
        text,
        formula(2, 2.5f64.to_le_bytes()),
        formula(3, [1, 0, 1, 0, 0, 0, 0xFF, 0xFF]),
        formula(4, [2, 0, 0x17, 0, 0, 0, 0xFF, 0xFF]),
    ]);
    assert_eq!(rows(&grid), [["", "ok", "2.5", "true", "#REF!"]]);
    assert!(grid.notes.is_empty(), "an empty text may be a result: {:?}", grid.notes);
    let grid = read_one(&[label(0, 3, b"x").clone(), blank(0), blank(1)]);
    assert!(grid.notes[0].zh.starts_with("A!A1 等 2 格是没有计算结果的公式"), "{:?}", grid.notes);
}

#[test]
fn encrypted_and_ancient_workbooks_say_what_to_do() {
    let lock = record(0x002F, &[1, 0, 1, 0, 1, 0]);
    let stream = workbook(0x0600, b"\x01\0A", &lock, &[]);
    let error = opened("密.xls", compound(&[("Workbook", &stream)])).expect_err("refused");
    assert!(error.zh.contains("去掉密码"), "{error}");
    let ancient = [0x09, 0x00, 4, 0, 2, 0, 16, 0];
    assert!((FORMAT.recognises)(&ancient));
    let error = opened("古.xls", ancient.to_vec()).expect_err("refused");
    assert!(error.zh.contains("Excel 4"), "{error}");
}

#[test]
fn a_file_of_another_program_gives_all_its_cells() {
    let path = format!("{}/fixtures/formats/office/readers/台账.xls", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("the fixture is there");
    assert!((FORMAT.recognises)(&bytes));
    let grids = opened("台账.xls", bytes).expect("reads");
    crate::source::workbook::tests::is_the_ledger(&grids, "true");
    assert!(grids[0].merges.contains(&Merge { top: 0, left: 0, bottom: 0, right: 7 }));
}

#[test]
fn a_damaged_workbook_never_panics() {
    let path = format!("{}/fixtures/formats/office/readers/台账.xls", env!("CARGO_MANIFEST_DIR"));
    let whole = std::fs::read(path).expect("the fixture is there");
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        let _ = opened("坏.xls", bytes);
    }
    for cut in (0..whole.len()).step_by(101) {
        let _ = opened("断.xls", whole[..cut].to_vec());
    }
}
