//! Workbooks are read as they are shown.

use std::io::Cursor;

use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};

use super::*;
use crate::layer::Merge;

fn opened(name: &str, bytes: &[u8]) -> Read<Vec<Grid>> {
    read(&Opened { name: name.to_owned(), bytes: bytes.to_owned(), ..Opened::default() })
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("城东").expect("a name");
    fill(sheet);
    book.save_to_buffer().expect("saved")
}

#[test]
fn cells_are_text_with_their_place() {
    let bytes = workbook(|sheet| {
        let date = CellFormat::new().set_num_format("yyyy-mm-dd");
        sheet.write(1, 1, "社区").expect("written");
        sheet.write(3, 1, "幸福里").expect("written");
        sheet.write(3, 2, 281.98).expect("written");
        sheet.write(3, 3, 3.0).expect("written");
        let day = ExcelDateTime::from_ymd(2021, 12, 27).expect("a day");
        sheet.write_with_format(3, 4, &day, &date).expect("written");
        sheet.write(3, 5, true).expect("written");
    });
    assert!((FORMAT.recognises)(&bytes));
    let grid = opened("台账.xlsx", &bytes).expect("reads").remove(0);
    assert_eq!(grid.sheet.as_deref(), Some("城东"));
    assert_eq!(grid.cell(1, 1), "社区");
    assert_eq!(grid.row_number(3), 4);
    let row: Vec<&str> = (0..grid.columns()).map(|column| grid.cell(3, column)).collect();
    assert_eq!(row, ["", "幸福里", "281.98", "3", "2021-12-27", "true"]);
}

#[test]
fn a_sheet_that_claims_too_many_cells_is_refused() {
    let bytes = workbook(|sheet| {
        for column in 0..70 {
            sheet.write(1_048_575, column, 1).expect("written");
        }
    });
    let error = opened("大.xlsx", &bytes).expect_err("refused");
    assert!(error.zh.starts_with("大.xlsx!城东"));
}

#[test]
fn a_damaged_workbook_says_what_to_do() {
    let mut bytes = workbook(|sheet| {
        sheet.write(0, 0, "x").expect("written");
    });
    bytes.truncate(bytes.len() / 2);
    let error = opened("坏.xlsx", &bytes).expect_err("refused");
    assert!(error.en.contains("save it as .xlsx"), "{error}");
}

/// A workbook whose one sheet holds this XML.
fn of_sheet(rows: &str) -> Vec<u8> {
    of_parts(&[("xl/worksheets/sheet1.xml", &sheet_of(rows, ""))])
}

fn sheet_of(rows: &str, after: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData>{after}</worksheet>")
}

/// A workbook some parts of which are these.
fn of_parts(changed: &[(&str, &str)]) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let sound = workbook(|sheet| {
        sheet.write(0, 0, "共享").expect("written");
    });
    let mut parts = zip::ZipArchive::new(Cursor::new(sound)).expect("an archive");
    let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..parts.len() {
        let mut part = parts.by_index(number).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("read");
        if let Some((_, text)) = changed.iter().find(|(changed, _)| *changed == name) {
            bytes = text.as_bytes().to_vec();
        }
        let options = zip::write::SimpleFileOptions::default();
        written.start_file(name, options).expect("started");
        written.write_all(&bytes).expect("written");
    }
    written.finish().expect("finished").into_inner()
}

/// Styles with these formats, one cell style after the other: an id, and a code unless built in.
fn styles(formats: &[(u32, &str)]) -> String {
    let own: String = formats
        .iter()
        .filter(|(_, code)| !code.is_empty())
        .map(|(id, code)| {
            format!("<numFmt numFmtId=\"{id}\" formatCode=\"{}\"/>", code.replace('"', "&quot;"))
        })
        .collect();
    let cells: String = formats.iter().map(|(id, _)| format!("<xf numFmtId=\"{id}\"/>")).collect();
    format!(
        "<styleSheet><numFmts>{own}</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>{cells}</cellXfs></styleSheet>"
    )
}

fn rows(grid: &Grid) -> Vec<Vec<&str>> {
    let row = |row| (0..grid.columns()).map(|column| grid.cell(row, column)).collect();
    (0..grid.rows()).map(row).collect()
}

fn one(bytes: &[u8]) -> Grid {
    opened("台账.xlsx", bytes).expect("reads").remove(0)
}

fn notes(grid: &Grid) -> Vec<&str> {
    grid.notes.iter().map(|note| note.zh.as_str()).collect()
}

#[test]
fn a_number_is_the_date_its_format_shows_as_far_as_it_shows_it() {
    let formats = [
        (27, ""),
        (31, ""),
        (57, ""),
        (58, ""),
        (14, ""),
        (176, "yyyy\"年\"m\"月\""),
        (177, "[$-804]yyyy\"年\"m\"月\"d\"日\";@"),
        (178, "m\"月\"d\"日\""),
        (179, "yyyy"),
        (180, "yyyy/m/d h:mm"),
        (20, ""),
        (181, "[h]:mm"),
        (32, ""),
        (10, ""),
        (9, ""),
        (0, ""),
    ];
    let cells: String = (0..formats.len())
        .map(|style| {
            let value = if style > 12 { "0.125" } else { "45021.75" };
            format!("<c s=\"{style}\"><v>{value}</v></c>")
        })
        .collect();
    let sheet = sheet_of(&format!("<row r=\"1\">{cells}</row>"), "");
    let book =
        of_parts(&[("xl/worksheets/sheet1.xml", &sheet), ("xl/styles.xml", &styles(&formats))]);
    let (month, day) = ("2023-04", "2023-04-05");
    assert_eq!(
        rows(&one(&book)),
        [[
            month, day, month, day, day, month, day, day, "2023", day, "45021.75", "45021.75",
            "45021.75", "12.5%", "12.5%", "0.125"
        ]]
    );
}

#[test]
fn days_that_count_from_1904_are_the_right_days() {
    let list = "<workbook xmlns:r=\"r\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"城东\" r:id=\"rId1\"/></sheets></workbook>";
    let sheet = sheet_of("<row><c s=\"0\"><v>43559</v></c><c s=\"1\"><v>43559</v></c></row>", "");
    let book = of_parts(&[
        ("xl/workbook.xml", list),
        ("xl/worksheets/sheet1.xml", &sheet),
        ("xl/styles.xml", &styles(&[(0, ""), (31, "")])),
    ]);
    let grid = one(&book);
    assert_eq!(rows(&grid), [["43559", "2023-04-05"]]);
    assert!(grid.since_1904);
}

#[test]
fn merged_cells_are_kept_with_their_place() {
    let bytes = workbook(|sheet| {
        let plain = CellFormat::new();
        sheet.merge_range(0, 0, 0, 2, "社区用房台账", &plain).expect("written");
        sheet.merge_range(1, 0, 2, 0, "城东街道", &plain).expect("written");
        sheet.write(1, 2, "a").expect("written");
        sheet.write(2, 2, "b").expect("written");
    });
    let grid = one(&bytes);
    assert_eq!(
        grid.merges,
        [
            Merge { top: 0, left: 0, bottom: 0, right: 2 },
            Merge { top: 1, left: 0, bottom: 2, right: 0 }
        ]
    );
    assert_eq!(rows(&grid)[2], ["", "", "b"]);
}

#[test]
fn every_kind_of_string_is_its_characters_without_their_sound() {
    let strings = "<sst><si><r><rPr><b/></rPr><t>幸福</t></r><r><t xml:space=\"preserve\">里 </t></r><rPh sb=\"0\" eb=\"2\"><t>xing fu</t></rPh><phoneticPr/></si><si><t>甲_x000D_&#10;乙 &amp; 丙</t></si></sst>";
    let row = "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\" t=\"s\"><v>1</v></c><c r=\"C2\" t=\"inlineStr\"><is><r><t>万</t></r><r><t>科城</t></r></is></c><c r=\"D2\" t=\"str\"><f>A1</f><v>结果</v></c><c r=\"E2\" t=\"e\"><v>#REF!</v></c><c r=\"F2\" t=\"b\"><v>0</v></c><c r=\"G2\" t=\"d\"><v>2021-12-27T08:00:00</v></c><c r=\"H2\"/><c t=\"str\"><v>后</v></c></row>";
    let sheet = sheet_of(row, "");
    let book = of_parts(&[("xl/worksheets/sheet1.xml", &sheet), ("xl/sharedStrings.xml", strings)]);
    let grid = one(&book);
    assert_eq!(
        rows(&grid)[1],
        ["幸福里", "甲\n乙 & 丙", "万科城", "结果", "#REF!", "false", "2021-12-27", "", "后"]
    );
    assert!(grid.notes.is_empty(), "{:?}", grid.notes);
}

#[test]
fn long_ids_kept_as_numbers_are_written_in_full_and_told_once() {
    let row = "<row r=\"5\"><c r=\"C5\"><v>371402199001011234</v></c><c r=\"D5\"><v>3.71402199001011E+17</v></c><c r=\"E5\"><v>370112001001</v></c></row>";
    let grid = one(&of_sheet(row));
    assert_eq!(rows(&grid)[4][2..], ["371402199001011000", "371402199001011000", "370112001001"]);
    assert_eq!(
        notes(&grid),
        ["城东!C5 等 2 格是超过 15 位的数字，第 15 位以后已丢失；编号请存为文本"]
    );
}

#[test]
fn formulas_without_a_result_are_blank_and_told() {
    let row = "<row r=\"2\"><c r=\"A2\"><f>B2*2</f></c><c r=\"B2\"><f>1</f><v></v></c><c r=\"C2\"><f>1+1</f><v>2</v></c><c r=\"D2\" t=\"str\"><f>\"\"</f><v></v></c></row>";
    let grid = one(&of_sheet(row));
    assert_eq!(rows(&grid)[1], ["=（未计算）", "=（未计算）", "2"]);
    assert_eq!(
        notes(&grid),
        ["城东!A2 等 2 格是没有计算结果的公式，按不明处理；请在 Excel 或 WPS 中打开并保存一次"]
    );
}

#[test]
fn hidden_rows_and_columns_are_read_and_told() {
    let data = "<sheetData><row r=\"1\"><c><v>1</v></c></row><row r=\"2\" hidden=\"1\"><c><v>2</v></c></row><row r=\"3\" hidden=\"true\"/></sheetData>";
    let columns = "<cols><col min=\"1\" max=\"16384\" hidden=\"1\"/></cols>";
    let filter = "<autoFilter ref=\"A1:A2\"><filterColumn colId=\"0\"/></autoFilter>";
    let read = |sheet: &str| one(&of_parts(&[("xl/worksheets/sheet1.xml", sheet)]));
    let grid = read(&format!("<worksheet>{columns}{data}</worksheet>"));
    assert_eq!(rows(&grid), [["1"], ["2"]]);
    assert_eq!(notes(&grid), ["城东：有 1 行隐藏；照常读取", "城东：有 1 列隐藏；照常读取"]);
    let grid = read(&format!("<worksheet>{data}{filter}</worksheet>"));
    assert_eq!(notes(&grid), ["城东：设有筛选，隐藏了 1 行；隐藏的行照常读取"]);
}

#[test]
fn hidden_sheets_are_named_and_charts_are_not() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("城东").expect("a name").write(0, 0, "x").expect("written");
    book.add_worksheet().set_name("底稿").expect("a name").set_hidden(true);
    book.add_worksheet().set_name("字典").expect("a name").set_very_hidden(true);
    let mut chart = rust_xlsxwriter::Chart::new_column();
    chart.add_series().set_values("城东!$A$1:$A$1");
    book.add_chartsheet().insert_chart(0, 0, &chart).expect("a chart");
    let grids = opened("台账.xlsx", &book.save_to_buffer().expect("saved")).expect("reads");
    let found: Vec<_> = grids.iter().map(|grid| (grid.sheet.as_deref(), grid.hidden)).collect();
    assert_eq!(found, [(Some("城东"), false), (Some("底稿"), true), (Some("字典"), true)]);
}

#[test]
fn garbled_text_stops_at_its_cell() {
    let rows = "<row r=\"7\"><c r=\"B7\" t=\"str\"><v>ÐÒ¸£Àï</v></c></row>";
    let error = opened("乱.xlsx", &of_sheet(rows)).expect_err("refused");
    assert!(error.zh.starts_with("乱.xlsx!城东!B7：中文被当作西文解码"), "{error}");
}

#[test]
fn a_cut_workbook_is_refused_wherever_it_is_cut() {
    let whole = workbook(|sheet| {
        sheet.write(0, 0, "社区").expect("written");
    });
    for cut in (0..whole.len()).step_by(7) {
        assert!(opened("断.xlsx", &whole[..cut]).is_err(), "{cut}");
    }
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        let _ = opened("坏.xlsx", &bytes);
    }
}

#[test]
fn cells_beyond_every_sheet_are_refused_and_take_no_memory() {
    for rows in [
        "<row><c r=\"ZZZZZ1\"><v>1</v></c></row>",
        "<row r=\"ormatsr\">",
        "<row r=\"99999999999\">",
    ] {
        let words = opened("远.xlsx", &of_sheet(rows)).expect_err("refused");
        assert!(words.zh.starts_with("远.xlsx"), "{rows}: {words}");
    }
}

#[test]
fn the_cells_of_all_sheets_count_together() {
    let mut book = Workbook::new();
    for _ in 0..7 {
        let sheet = book.add_worksheet();
        for column in 0..10 {
            sheet.write(0, column, 1).expect("written");
            sheet.write(1_048_575, column, 1).expect("written");
        }
    }
    let bytes = book.save_to_buffer().expect("saved");
    let words = opened("多.xlsx", &bytes).expect_err("refused");
    assert!(words.zh.starts_with("多.xlsx!Sheet7"), "{words}");
}

#[test]
fn another_reader_finds_the_same_text_in_every_cell() {
    use calamine::Reader as _;
    let bytes = workbook(|sheet| {
        let day = CellFormat::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        for row in 0..50u32 {
            sheet.write(row, 0, format!("社区 {row} <&>\n\"二\"")).expect("written");
            sheet.write(row, 1, f64::from(row) * 1.37 - 9.0).expect("written");
            sheet.write_with_format(row * 3, 4, 45_000 + row, &day).expect("written");
            sheet.write(row, 6, row % 3 == 0).expect("written");
        }
    });
    let grid = one(&bytes);
    let mut book: calamine::Xlsx<_> =
        calamine::Xlsx::new(Cursor::new(&bytes)).expect("another reader opens it");
    let range = book.worksheet_range("城东").expect("another reader reads it");
    let mut count = 0;
    for (row, column, value) in range.used_cells() {
        let other = match value {
            calamine::Data::DateTime(moment) => {
                let (year, month, day, ..) = moment.to_ymd_hms_milli();
                format!("{year:04}-{month:02}-{day:02}")
            }
            calamine::Data::Float(number) => number.to_string(),
            other => other.to_string(),
        };
        let found = grid.cell(row, column);
        match (found.parse::<f64>(), other.parse::<f64>()) {
            (Ok(ours), Ok(theirs)) => assert!((ours - theirs).abs() < 1e-9),
            _ => assert_eq!(found, other, "row {row}, column {column}"),
        }
        count += 1;
    }
    assert_eq!(count, 200);
}
