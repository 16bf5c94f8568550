use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use calamine::{Data, Reader, Xlsx};

use super::super::Severity::{self, Error, Note, Warning};
use super::*;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/formats/office/annotate");

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{FOLDER}/{name}")).expect("a fixture")
}

fn mark(sheet: &str, row: u32, column: Option<u32>, text: &str, severity: Severity) -> Mark {
    Mark { sheet: sheet.into(), row, column, text: text.into(), severity }
}

fn style(headers: &[(&str, u32)]) -> Annotation {
    let header_rows = headers.iter().map(|(name, row)| ((*name).to_owned(), *row)).collect();
    Annotation { heading: "核对意见".into(), header_rows, note: String::new() }
}

/// The marks of the ledger that several writers wrote.
fn marks() -> Vec<Mark> {
    vec![
        mark("城东 1", 5, Some(3), "“约1200户”不是确数，请填实数", Warning),
        mark("城东 1", 5, Some(0), "=街道名称与名录不符", Note),
        mark("城东 1", 4, Some(5), "应移交 840㎡，已移交 512㎡，差 328㎡", Error),
        mark("城东 1", 5, Some(6), "日期缺少年份", Warning),
        mark("城东 1", 6, None, "与第 4 行疑为同一小区", Note),
        mark("城东 1", 7, Some(6), "移交日期未填", Error),
        mark("城东 1", 10, Some(2), "这一行未填", Warning),
        mark("O'Brien & 城西", 3, Some(1), "<缺 & 空>", Error),
    ]
}

fn annotated(name: &str) -> Vec<u8> {
    let style = style(&[("城东 1", 3), ("O'Brien & 城西", 1)]);
    annotate(&fixture(name), &marks(), &style).expect("annotated")
}

fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let count = archive.len();
    let read = |index| {
        let mut part = archive.by_index(index).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("read");
        (part.name().expect("a name").into_owned(), bytes)
    };
    (0..count).map(read).collect()
}

fn text(bytes: &[u8], part: &str) -> String {
    String::from_utf8(parts(bytes)[part].clone()).expect("text")
}

fn cell(bytes: &[u8], sheet: &str, place: (u32, u32)) -> String {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range(sheet).expect("a sheet");
    range.get_value(place).map_or(String::new(), Data::to_string)
}

/// The attributes of the styles of all cells, by address.
fn looks(bytes: &[u8], sheet: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let styles = text(bytes, "xl/styles.xml");
    let xfs = styles.split("cellXfs").nth(1).expect("styles");
    let attributes = |xml: &str| -> BTreeMap<String, String> {
        let tag = xml.split('>').next().expect("a tag");
        let quoted: Vec<&str> = tag.split('"').collect();
        let pair = |pair: &[&str]| {
            (
                pair[0].trim().trim_end_matches('=').rsplit(' ').next().expect("a key").to_owned(),
                pair[1].to_owned(),
            )
        };
        quoted.chunks_exact(2).map(pair).collect()
    };
    let xfs: Vec<_> = xfs.split("<xf ").skip(1).map(attributes).collect();
    let sheet = text(bytes, sheet);
    let cells = sheet.split("<c ").skip(1).map(attributes);
    let style = |cell: &BTreeMap<String, String>| {
        xfs[cell.get("s").map_or(0, |style| style.parse().expect("a number"))].clone()
    };
    cells.map(|cell| (cell["r"].clone(), style(&cell))).collect()
}

fn colour(bytes: &[u8], fill: &str) -> Option<String> {
    let styles = text(bytes, "xl/styles.xml");
    let fills = styles.split("<fills").nth(1)?.split("</fills>").next()?;
    let fill = fills.split("<fill>").nth(fill.parse::<usize>().ok()? + 1)?;
    Some(fill.split("fgColor rgb=\"FF").nth(1)?[..6].to_owned())
}

const BY_OTHERS: [&str; 3] = ["openpyxl.xlsx", "libreoffice.xlsx", "macros.xlsm"];

#[test]
fn reasons_stand_in_one_new_column_beside_their_rows() {
    for name in BY_OTHERS {
        let bytes = annotated(name);
        let read = |row: u32| cell(&bytes, "城东 1", (row - 1, 7));
        assert_eq!(read(3), "核对意见", "{name}");
        assert_eq!(read(4), "F：应移交 840㎡，已移交 512㎡，差 328㎡");
        assert_eq!(
            read(5),
            "A：=街道名称与名录不符\nD：“约1200户”不是确数，请填实数\nG：日期缺少年份"
        );
        assert_eq!(read(6), "与第 4 行疑为同一小区");
        assert_eq!(read(10), "C：这一行未填");
        assert_eq!(cell(&bytes, "O'Brien & 城西", (2, 2)), "B：<缺 & 空>");
        assert_eq!(cell(&bytes, "O'Brien & 城西", (0, 2)), "核对意见");
        let last = cell(&bytes, "城东 1", (6, 4));
        assert_eq!(last, "186", "{name}: what stood there still stands");
    }
}

#[test]
fn all_other_parts_are_copied_byte_for_byte() {
    for name in BY_OTHERS {
        let (before, after) = (parts(&fixture(name)), parts(&annotated(name)));
        assert!(before.keys().eq(after.keys()), "{name}: the same parts");
        let changed: Vec<&str> = before
            .iter()
            .filter(|(part, bytes)| after[*part] != **bytes)
            .map(|(part, _)| part.as_str())
            .collect();
        let expected = [
            "xl/styles.xml",
            "xl/workbook.xml",
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/sheet2.xml",
        ];
        assert_eq!(changed, expected, "{name}");
    }
}

#[test]
fn a_marked_cell_keeps_its_number_format_font_and_border() {
    for name in BY_OTHERS {
        let sheet = "xl/worksheets/sheet1.xml";
        let bytes = annotated(name);
        let (before, after) = (looks(&fixture(name), sheet), looks(&bytes, sheet));
        for (address, severity) in [("D5", Warning), ("F4", Error), ("G5", Warning), ("A4", Note)] {
            let (before, after) = (&before[address], &after[address]);
            for kept in ["numFmtId", "fontId", "borderId", "xfId"] {
                assert_eq!(before.get(kept), after.get(kept), "{name} {address} {kept}");
            }
            let colour = colour(&bytes, &after["fillId"]).expect("a fill");
            assert_eq!(colour, format!("{:06X}", severity.colour()), "{name} {address}");
        }
        let same = before.iter().filter(|(address, look)| after[*address] == **look).count();
        assert_eq!(before.len() - same, 5, "{name}: no cell but the marked ones changes its look");
    }
}

#[test]
fn filters_and_the_extent_of_the_sheet_take_in_the_new_column() {
    for name in BY_OTHERS {
        let bytes = annotated(name);
        let sheet = text(&bytes, "xl/worksheets/sheet1.xml");
        assert!(sheet.contains("<autoFilter ref=\"A3:H7\""), "{name}");
        assert!(sheet.contains("<dimension ref=\"A1:H10\""), "{name}");
        assert!(text(&bytes, "xl/workbook.xml").contains("$A$3:$H$7</definedName>"), "{name}");
        let column = sheet.split("min=\"8\" max=\"8\"").nth(1).expect("the column");
        assert!(!column.split('>').next().expect("a tag").contains("hidden"), "{name}");
        assert!(sheet.contains("hidden=\"1\"") || sheet.contains("hidden=\"true\""), "{name}");
    }
}

#[test]
fn a_row_of_a_fixed_height_grows_to_show_its_reasons() {
    let sheet = text(&annotated("openpyxl.xlsx"), "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<row r=\"5\" ht=\"49.5\" customHeight=\"1\">"), "{sheet}");
}

#[test]
fn prefixes_missing_addresses_and_missing_styles_are_understood() {
    let sheet = "甲 & \"乙\"";
    let marks = [
        mark(sheet, 2, Some(1), "不是数", Error),
        mark(sheet, 3, Some(0), "空行", Note),
        mark(sheet, 4, Some(1), "未填", Warning),
        mark(sheet, 6, None, "多余", Warning),
    ];
    let bytes = annotate(&fixture("strict.xlsx"), &marks, &style(&[(sheet, 1)])).expect("marked");
    let xml = text(&bytes, "sheets/a.xml");
    let rows: Vec<&str> = xml.split("<x:row").collect();
    assert!(rows[2].contains("<x:c t=\"inlineStr\" s=\"") && rows[2].contains("r=\"D2\""), "{xml}");
    assert!(rows[3].starts_with("><x:c r=\"A3\" s=\"") && rows[3].contains("r=\"D3\""), "{xml}");
    assert!(rows[4].contains("<x:c s=\"") && rows[5].starts_with(" r=\"6\""), "{xml}");
    assert!(text(&bytes, "book/styles.xml").contains("ooxml/spreadsheetml/main"));
    assert!(text(&bytes, "[Content_Types].xml").contains("/book/styles.xml"));
    assert!(
        text(&bytes, "book/_rels/main.xml.rels")
            .contains("purl.oclc.org/ooxml/officeDocument/relationships/styles")
    );
}

#[test]
fn equal_inputs_give_equal_bytes_and_no_marks_the_workbook_itself() {
    assert_eq!(annotated("openpyxl.xlsx"), annotated("openpyxl.xlsx"));
    let bytes = fixture("openpyxl.xlsx");
    assert_eq!(annotate(&bytes, &[], &Annotation::default()), Ok(bytes));
}

#[test]
fn a_sheet_that_is_not_there_is_named_with_those_that_are() {
    let marks = [mark("城南", 1, None, "x", Note)];
    let words = annotate(&fixture("openpyxl.xlsx"), &marks, &style(&[])).expect_err("refused");
    assert!(words.zh.contains("“城南”") && words.zh.contains("城东 1、O'Brien & 城西、说明"));
}

/// The ledger with another text of its first sheet.
fn with_sheet(xml: &str) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, mut bytes) in parts(&fixture("openpyxl.xlsx")) {
        if name == "xl/worksheets/sheet1.xml" {
            bytes = xml.as_bytes().to_owned();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).expect("started");
        out.write_all(&bytes).expect("written");
    }
    out.finish().expect("finished").into_inner()
}

#[test]
fn a_column_that_is_used_or_covered_is_passed_over() {
    let value = |address: &str| format!("<c r=\"{address}\"><v>1</v></c>");
    let xml = format!(
        "<worksheet><sheetFormatPr customHeight=\"1\"/><cols><col min=\"3\" max=\"16384\" style=\"1\" hidden=\"1\"/></cols><sheetData><row r=\"1\">{}<c r=\"B1\" s=\"2\"/></row><row r=\"2\">{}{}</row></sheetData><mergeCells><mergeCell ref=\"C2:D2\"/></mergeCells></worksheet>",
        value("A1"),
        value("B2"),
        value("C2"),
    );
    let marks =
        [mark("城东 1", 2, Some(3), "甲", Note), mark("城东 1", 3, Some(3), "乙\n丙\n丁", Note)];
    let bytes = annotate(&with_sheet(&xml), &marks, &style(&[("城东 1", 1)])).expect("marked");
    let xml = text(&bytes, "xl/worksheets/sheet1.xml");
    assert!(xml.contains("<c r=\"E1\"") && xml.contains("<c r=\"E3\""), "{xml}");
    assert!(
        xml.contains(
            "<col min=\"3\" max=\"4\" style=\"1\" hidden=\"1\"/><col min=\"5\" max=\"5\" width="
        ),
        "{xml}"
    );
    assert!(
        xml.contains("<col min=\"6\" max=\"16384\" style=\"1\" hidden=\"1\"/></cols>"),
        "{xml}"
    );
    assert!(xml.contains("<row r=\"3\" ht=\"49.5\" customHeight=\"1\"><c r=\"D3\""), "{xml}");
    let looks = looks(&bytes, "xl/worksheets/sheet1.xml");
    assert_eq!(colour(&bytes, &looks["C2"]["fillId"]).as_deref(), Some("DDEBF7"), "{xml}");
}

#[test]
fn a_blank_cell_that_is_marked_is_not_written_over() {
    let xml =
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>";
    let marks = [mark("城东 1", 1, Some(1), "甲", Note), mark("城东 1", 2, Some(1), "乙", Note)];
    let bytes = annotate(&with_sheet(xml), &marks, &style(&[])).expect("marked");
    assert_eq!(cell(&bytes, "城东 1", (1, 2)), "B：乙");
}

#[test]
fn a_row_that_is_fitted_when_opened_gets_no_height() {
    // Of the styles of the ledger number 2 is wrapped, number 0 is not.
    let row = |style: u32| {
        format!(
            "<worksheet><sheetData><row r=\"1\"/><row r=\"2\"><c r=\"A2\" s=\"{style}\"><v>1</v></c></row></sheetData></worksheet>"
        )
    };
    let marks = [mark("城东 1", 2, None, "甲\n乙", Note)];
    let marked = |xml: &str| {
        let bytes = annotate(&with_sheet(xml), &marks, &style(&[("城东 1", 1)])).expect("marked");
        text(&bytes, "xl/worksheets/sheet1.xml")
    };
    assert!(marked(&row(0)).contains("<row r=\"2\" ht=\"33\">"));
    assert!(marked(&row(2)).contains("<row r=\"2\">"));
}

#[test]
fn a_blank_sheet_takes_marks_too() {
    for data in ["<sheetData/>", "<sheetData></sheetData>"] {
        let xml = format!("<worksheet>{data}</worksheet>");
        let marks = [mark("城东 1", 1, Some(1), "甲", Note), mark("城东 1", 3, None, "乙", Error)];
        let bytes = annotate(&with_sheet(&xml), &marks, &style(&[])).expect("marked");
        assert_eq!(cell(&bytes, "城东 1", (0, 0)), "核对意见\nB：甲");
        assert_eq!(cell(&bytes, "城东 1", (2, 0)), "乙");
    }
}

#[test]
fn a_damaged_sheet_is_refused_and_named() {
    for xml in [
        "",
        "<worksheet>",
        "<worksheet/>",
        "<worksheet><sheetData><row r=\"0\"/></sheetData></worksheet>",
        "<worksheet><sheetData><row r=\"1048577\"/></sheetData></worksheet>",
        "<worksheet><sheetData><row r=\"1\"><c r=\"ZZZZ1\"/></row></sheetData></worksheet>",
        "<worksheet><sheetData><row></sheetData></worksheet>",
        "<worksheet></worksheet></worksheet>",
    ] {
        let words = annotate(&with_sheet(xml), &marks(), &style(&[])).expect_err(xml);
        assert!(
            words.zh.starts_with("城东 1：") && words.en.contains("save it as .xlsx"),
            "{words}"
        );
    }
}

#[test]
fn no_damage_to_a_part_makes_it_panic() {
    let sound = parts(&fixture("libreoffice.xlsx"));
    let style = style(&[("城东 1", 3)]);
    for part in [
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
    ] {
        for step in 0..160 {
            let mut parts = sound.clone();
            let bytes = parts.get_mut(part).expect("a part");
            let at = step * 7919 % bytes.len();
            match step % 4 {
                0 => bytes.truncate(at),
                1 => bytes[at] = b"<>\"/ 9&="[step / 4 % 8],
                2 => drop(bytes.drain(at..(at + 1 + step % 40).min(bytes.len()))),
                _ => bytes.extend_from_within(at..),
            }
            let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
            let stored = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Stored);
            for (name, bytes) in &parts {
                out.start_file(name, stored).expect("started");
                out.write_all(bytes).expect("written");
            }
            let bytes = out.finish().expect("finished").into_inner();
            std::hint::black_box(annotate(&bytes, &marks(), &style).is_ok());
        }
    }
}

#[test]
fn no_damage_to_the_archive_makes_it_panic() {
    let sound = fixture("macros.xlsm");
    for at in (0..sound.len()).step_by(11) {
        let mut bytes = sound.clone();
        bytes[at] = bytes[at].wrapping_add(1 + (at % 251) as u8);
        std::hint::black_box(annotate(&bytes, &marks(), &style(&[])).is_ok());
        std::hint::black_box(annotate(&sound[..at], &marks(), &style(&[])).is_ok());
    }
}
