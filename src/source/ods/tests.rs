//! Sheets of OpenDocument are read as they are shown.

use std::io::{Cursor, Write as _};

use super::*;
use crate::layer::Merge;
use crate::source::workbook::tests::is_the_ledger;

/// A file with these styles and tables.
fn file(styles: &str, tables: &str) -> Opened {
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    packed(&[("content.xml", &content)])
}

fn packed(parts: &[(&str, &str)]) -> Opened {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let kind = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet")];
    for (name, text) in kind.iter().chain(parts) {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("started");
        writer.write_all(text.as_bytes()).expect("written");
    }
    let bytes = writer.finish().expect("finished").into_inner();
    Opened { name: "表.ods".into(), bytes, ..Opened::default() }
}

fn one(tables: &str) -> Grid {
    read(&file("", &format!("<table:table table:name=\"城东\">{tables}</table:table>")))
        .expect("reads")
        .remove(0)
}

fn rows(grid: &Grid) -> Vec<Vec<&str>> {
    let row = |row| (0..grid.columns()).map(|column| grid.cell(row, column)).collect();
    (0..grid.rows()).map(row).collect()
}

#[test]
fn a_ledger_of_another_program_gives_all_its_cells() {
    let path = format!("{}/fixtures/formats/office/readers/台账.ods", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("the fixture is there");
    assert!((FORMAT.recognises)(&bytes));
    is_the_ledger(&read(&Opened { bytes, ..Opened::default() }).expect("reads"), "1");
}

#[test]
fn text_is_that_of_the_paragraphs_without_remarks_drawings_and_sounds() {
    let grid = one(
        "<table:table-row><table:table-cell office:value-type=\"string\"><office:annotation><text:p>批注</text:p></office:annotation><text:p>幸福<text:span>里</text:span><text:s text:c=\"2\"/>一\n  期</text:p><text:p><text:ruby><text:ruby-base>万科</text:ruby-base><text:ruby-text>wan ke</text:ruby-text></text:ruby>城<text:line-break/>&lt;二&gt;</text:p><draw:frame><draw:text-box><text:p>图</text:p></draw:text-box></draw:frame></table:table-cell></table:table-row>",
    );
    assert_eq!(rows(&grid), [["幸福里  一 期\n万科城\n<二>"]]);
}

#[test]
fn values_are_read_by_their_kind() {
    let grid = one(
        "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1.5\"/><table:table-cell office:value-type=\"percentage\" office:value=\"0.125\"/><table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"><text:p>真</text:p></table:table-cell><table:table-cell office:value-type=\"time\" office:time-value=\"PT12H\"/><table:table-cell office:value-type=\"date\" office:date-value=\"2023-04-05T08:00:00\"/><table:table-cell table:formula=\"of:=1+1\"/><table:table-cell office:value-type=\"string\" calcext:value-type=\"error\" office:string-value=\"\"><text:p>#REF!</text:p></table:table-cell></table:table-row>",
    );
    assert_eq!(
        rows(&grid),
        [["1.5", "12.5%", "true", "0.5", "2023-04-05", "=（未计算）", "#REF!"]]
    );
    assert!(grid.notes[0].zh.starts_with("城东!F1 等 1 格是没有计算结果的公式"));
}

#[test]
fn a_date_is_kept_as_far_as_its_style_shows_it() {
    let styles = "<number:date-style style:name=\"N1\"><number:year/><number:text>年</number:text><number:month/></number:date-style><style:style style:name=\"ce1\" style:family=\"table-cell\" style:data-style-name=\"N1\"/><style:style style:name=\"ce2\" style:family=\"table-cell\" style:parent-style-name=\"ce1\"/><style:style style:name=\"ce3\" style:family=\"table-cell\" style:parent-style-name=\"ce3\"/>";
    let date = |style: &str| {
        format!(
            "<table:table-cell{style} office:value-type=\"date\" office:date-value=\"2023-06-01\"/>"
        )
    };
    let row: String =
        ["", " table:style-name=\"ce2\"", " table:style-name=\"ce3\"", ""].map(date).concat();
    let table = format!(
        "<table:table table:name=\"a\"><table:table-column table:number-columns-repeated=\"3\"/><table:table-column table:default-cell-style-name=\"ce1\"/><table:table-row>{row}</table:table-row></table:table>"
    );
    let grid = &read(&file(styles, &table)).expect("reads")[0];
    assert_eq!(rows(grid), [["2023-06-01", "2023-06", "2023-06-01", "2023-06"]]);
}

#[test]
fn repeated_rows_and_cells_keep_their_places() {
    let cell = "<table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell>";
    let grid = one(&format!(
        "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"2\"/></table:table-row><table:table-row table:number-rows-repeated=\"2\" table:visibility=\"filter\"><table:table-cell/>{cell}</table:table-row><table:table-row><table:table-cell table:number-columns-spanned=\"3\" table:number-rows-spanned=\"1\" office:value-type=\"string\"><text:p>y</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated=\"2\"/></table:table-row><table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>"
    ));
    let blank = ["", "", ""];
    assert_eq!(rows(&grid), [blank, blank, ["", "x", "x"], ["", "x", "x"], ["y", "", ""]]);
    assert_eq!(grid.merges, [Merge { top: 4, left: 0, bottom: 4, right: 2 }]);
    assert_eq!(grid.notes[0].zh, "城东：设有筛选，隐藏了 2 行；隐藏的行照常读取");
}

#[test]
fn a_small_file_that_claims_many_cells_is_refused() {
    let row = "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row>";
    let table = format!("<table:table table:name=\"大\">{row}</table:table>");
    let error = read(&file("", &table)).expect_err("refused");
    assert!(error.zh.starts_with("表.ods!大："), "{error}");
}

#[test]
fn copies_of_other_files_are_no_tables_and_hidden_ones_are_named() {
    let styles = "<style:style style:name=\"ta1\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>";
    let tables = "<table:table table:name=\"底稿\" table:style-name=\"ta1\"><table:table-row/></table:table><table:table table:name=\"'file:///a.ods'#a\"><table:table-source/><table:table-row/></table:table>";
    let grids = read(&file(styles, tables)).expect("reads");
    let found: Vec<_> = grids.iter().map(|grid| (grid.sheet.as_deref(), grid.hidden)).collect();
    assert_eq!(found, [(Some("底稿"), true)]);
}

#[test]
fn encrypted_and_damaged_files_say_what_to_do() {
    let list = "<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>";
    let locked = packed(&[("META-INF/manifest.xml", list), ("content.xml", "\u{1}")]);
    assert!(read(&locked).expect_err("refused").zh.contains("去掉密码"));
    let whole = file("", "<table:table table:name=\"a\"><table:table-row><table:table-cell/></table:table-row></table:table>").bytes;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        let _ = read(&Opened { bytes, ..Opened::default() });
        assert!(read(&Opened { bytes: whole[..at].to_vec(), ..Opened::default() }).is_err());
    }
    let cut =
        packed(&[("content.xml", "<office:document-content><table:table><table:table-row/>")]);
    assert!(read(&cut).expect_err("refused").zh.contains("另存为 .xlsx"));
}
