//! Tables of documents are read as they are shown.

use std::io::{Cursor, Write as _};

use super::*;
use crate::layer::Merge;
use crate::source::workbook::tests::is_the_ledger;

fn file(body: &str) -> Opened {
    let document = format!("<w:document><w:body>{body}<w:sectPr/></w:body></w:document>");
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("word/document.xml", options).expect("started");
    writer.write_all(document.as_bytes()).expect("written");
    let bytes = writer.finish().expect("finished").into_inner();
    Opened { name: "情况.docx".into(), bytes, ..Opened::default() }
}

fn paragraph(text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:tabs><w:tab w:pos=\"1\"/></w:tabs></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

/// A cell with these properties and this text.
fn cell(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph(text))
}

fn row(cells: &[String]) -> String {
    format!("<w:tr>{}</w:tr>", cells.concat())
}

fn table(rows: &[String]) -> String {
    format!("<w:tbl><w:tblPr/><w:tblGrid/>{}</w:tbl>", rows.concat())
}

fn grids(body: &str) -> Vec<Grid> {
    read(&file(body)).expect("reads")
}

fn rows(grid: &Grid) -> Vec<Vec<&str>> {
    let row = |row| (0..grid.columns()).map(|column| grid.cell(row, column)).collect();
    (0..grid.rows()).map(row).collect()
}

#[test]
fn a_ledger_in_a_document_gives_all_its_cells() {
    let path = format!("{}/fixtures/formats/office/readers/台账.docx", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("the fixture is there");
    assert!((FORMAT.recognises)(&bytes));
    let grids = read(&Opened { bytes, ..Opened::default() }).expect("reads");
    is_the_ledger(&grids, "true");
    assert_eq!(grids[0].caption.as_deref(), Some("社区用房情况\n单位：㎡"));
    assert_eq!(grids[0].sheet.as_deref(), Some("表 1"));
}

#[test]
fn cells_that_span_columns_and_rows_are_merged() {
    let (first, part) = ("<w:vMerge w:val=\"restart\"/>", "<w:vMerge/>");
    let wide = "<w:gridSpan w:val=\"2\"/>";
    let grid = &grids(&table(&[
        row(&[cell(wide, "标题"), cell("", "备注")]),
        row(&[cell(first, "城东"), cell("", "a"), cell(first, "x")]),
        row(&[cell(part, ""), cell("", "b"), cell(part, "")]),
        row(&[cell(first, "城西"), cell("", "c"), cell("", "d")]),
        row(&[cell(part, ""), cell("", "e"), cell("", "f")]),
        format!("<w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}</w:tr>", cell(wide, "g")),
    ]))[0];
    assert_eq!(
        rows(grid),
        [
            ["标题", "", "备注"],
            ["城东", "a", "x"],
            ["", "b", ""],
            ["城西", "c", "d"],
            ["", "e", "f"],
            ["", "g", ""]
        ]
    );
    let merge = |top, left, bottom, right| Merge { top, left, bottom, right };
    assert_eq!(
        grid.merges,
        [
            merge(0, 0, 0, 1),
            merge(1, 0, 2, 0),
            merge(1, 2, 2, 2),
            merge(3, 0, 4, 0),
            merge(5, 1, 5, 2)
        ]
    );
}

#[test]
fn text_is_what_the_document_says_now() {
    let texts = "<w:tc><w:p><w:r><w:t>幸福</w:t></w:r><w:del><w:r><w:delText>旧</w:delText></w:r><w:r><w:t>旧</w:t></w:r></w:del><w:ins><w:r><w:t xml:space=\"preserve\">里 &amp; 新</w:t></w:r></w:ins></w:p><w:p><w:r><w:instrText>DATE</w:instrText><w:t>二</w:t><w:br/><w:t>三</w:t></w:r></w:p></w:tc>";
    let copies = "<w:tc><w:p><mc:AlternateContent><mc:Choice><w:t>框</w:t></mc:Choice><mc:Fallback><w:t>框</w:t></mc:Fallback></mc:AlternateContent><w:ruby><w:rt><w:r><w:t>xing</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>幸</w:t></w:r></w:rubyBase></w:ruby></w:p></w:tc>";
    let deleted = format!("<w:tr><w:trPr><w:del/></w:trPr>{}</w:tr>", cell("", "删"));
    let all = [row(&[texts.into(), copies.into()]), deleted, row(&[cell("", "后"), cell("", "")])];
    let grid = &grids(&table(&all))[0];
    assert_eq!(rows(grid), [["幸福里 & 新\n二\n三", "框幸"], ["后", ""]]);
}

#[test]
fn a_table_within_a_cell_is_part_of_its_text() {
    let inner = table(&[row(&[cell("", "一"), cell("", "二")]), row(&[cell("", "三")])]);
    let outer = format!("<w:tc>{}{inner}{}</w:tc>", paragraph("前"), paragraph("后"));
    let all = grids(&table(&[row(&[outer, cell("", "旁")]), row(&[cell("", "下")])]));
    assert_eq!(all.len(), 1);
    assert_eq!(rows(&all[0]), [["前\n一\n二\n三\n后", "旁"], ["下", ""]]);
}

#[test]
fn every_table_is_a_grid_with_what_stands_over_it() {
    let one = || table(&[row(&[cell("", "x")])]);
    let body = [
        paragraph("正文"),
        paragraph("表1 社区用房"),
        paragraph("单位：平方米"),
        paragraph(" "),
        one(),
        one(),
        paragraph("正文"),
        paragraph("表3 人员"),
        format!("<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", one()),
    ]
    .concat();
    let found: Vec<_> =
        grids(&body).into_iter().map(|grid| (grid.sheet.expect("a name"), grid.caption)).collect();
    let named = |sheet: &str, caption: Option<&str>| (sheet.to_owned(), caption.map(str::to_owned));
    assert_eq!(
        found,
        [
            named("表 1", Some("表1 社区用房\n单位：平方米")),
            named("表 2", None),
            named("表 3", Some("表3 人员"))
        ]
    );
}

#[test]
fn a_document_without_tables_says_what_is_accepted() {
    let error = read(&file(&paragraph("没有"))).expect_err("refused");
    assert!(error.zh.starts_with("情况.docx：文档中没有表格；可读取"), "{error}");
}

#[test]
fn damage_is_refused_or_read_but_never_panics() {
    let body = [
        paragraph("题"),
        table(&[row(&[
            cell("<w:gridSpan w:val=\"99999999999\"/>", "x"),
            cell("<w:gridSpan w:val=\"16384\"/>", ""),
        ])]),
    ]
    .concat();
    let _ = read(&file(&body));
    let whole = format!("<w:document>{body}</w:document>");
    for (at, _) in whole.char_indices() {
        let _ = read(&file(&whole[..at]));
        let _ = read(&file(&whole[at..]));
    }
    let bytes = file(&body).bytes;
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0xFF;
        let _ = read(&Opened { bytes, ..Opened::default() });
    }
}
