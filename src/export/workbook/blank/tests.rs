use std::io::{Cursor, Read as _};

use calamine::{Reader, SheetVisible, Xlsx};

use super::super::marker;
use super::*;

fn column(heading: &str, required: bool, kind: CellKind) -> BlankColumn {
    let (note, example) = ("留空表示不清楚".to_owned(), "例子".to_owned());
    BlankColumn { heading: heading.into(), required, kind, note, example }
}

fn form() -> Blank {
    let many = (1..=60).map(|number| format!("第{number}街道办事处")).collect();
    Blank {
        title: "小区配套用房台账".into(),
        name: "台账/填报".into(),
        columns: vec![
            column("编号", true, CellKind::Text),
            column("户数", true, CellKind::Number { decimals: 0 }),
            column("面积（㎡）", false, CellKind::Number { decimals: 2 }),
            column("移交日期", false, CellKind::Date),
            column("建成年份", false, CellKind::Year),
            column("取得方式", false, CellKind::Choice(vec!["移交".into(), "租用".into()])),
            column("街道", true, CellKind::Choice(many)),
            column("有无产权证", false, CellKind::YesNo),
        ],
        notes: vec!["每个小区填一行".into()],
        marker: "台账 v1 & <甲>".into(),
        sender_label: "填报单位：".into(),
        date_label: "填报日期：".into(),
        person_label: "填表人：".into(),
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
    text
}

#[test]
fn headings_stand_in_row_three_and_required_ones_have_a_star() {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(blank(&form()).expect("made"))).expect("opens");
    let range = book.worksheet_range("台账_填报").expect("the form");
    let cell =
        |row, column| range.get_value((row, column)).map_or(String::new(), ToString::to_string);
    assert_eq!(cell(0, 0), "小区配套用房台账");
    assert_eq!([cell(1, 0), cell(1, 2), cell(1, 4)], ["填报单位：", "填报日期：", "填表人："]);
    assert_eq!([cell(2, 0), cell(2, 2), cell(2, 6)], ["*编号", "面积（㎡）", "*街道"]);
    assert_eq!(range.end(), Some((2, 7)), "nothing is filled in");
}

#[test]
fn what_is_not_to_be_seen_is_hidden() {
    let book: Xlsx<_> = Xlsx::new(Cursor::new(blank(&form()).expect("made"))).expect("opens");
    let tabs: Vec<_> =
        book.sheets_metadata().iter().map(|sheet| (sheet.name.as_str(), sheet.visible)).collect();
    let expected = [
        ("台账_填报", SheetVisible::Visible),
        ("说明", SheetVisible::Visible),
        ("_选项", SheetVisible::Hidden),
        ("_template", SheetVisible::VeryHidden),
    ];
    assert_eq!(tabs, expected);
}

#[test]
fn the_marker_is_read_back() {
    let form = form();
    assert_eq!(marker(&blank(&form).expect("made")), Some(form.marker));
}

#[test]
fn numbers_can_be_gone_against_and_long_lists_are_kept_apart() {
    let sheet = part(&blank(&form()).expect("made"), "xl/worksheets/sheet1.xml");
    let rule = |area: &str| {
        let rules = sheet.split("<dataValidation ").find(|rule| rule.contains(area));
        rules.expect("a rule").to_owned()
    };
    let number = rule("sqref=\"B4:B503\"");
    assert!(number.contains("type=\"decimal\"") && number.contains("errorStyle=\"warning\""));
    assert!(number.contains("<formula1>0</formula1>") && number.contains("约1200"), "{number}");
    assert!(rule("sqref=\"F4:F503\"").contains("<formula1>\"移交,租用\"</formula1>"));
    assert!(rule("sqref=\"G4:G503\"").contains("<formula1>'_选项'!$A$1:$A$60</formula1>"));
    assert!(rule("sqref=\"A3\"").contains("留空表示不清楚"));
    assert!(rule("sqref=\"A4:A503\"").contains("留空表示不清楚"));
}

#[test]
fn it_is_printed_across_with_its_headings_on_each_page() {
    let bytes = blank(&form()).expect("made");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("paperSize=\"9\"") && sheet.contains("orientation=\"landscape\""));
    assert!(sheet.contains("fitToHeight=\"0\"") && sheet.contains("<autoFilter ref=\"A3:H503\""));
    assert!(sheet.contains("ySplit=\"3\" topLeftCell=\"A4\""), "{sheet}");
    assert!(part(&bytes, "xl/workbook.xml").contains("台账_填报!$3:$3</definedName>"));
}

#[test]
fn identifiers_stay_text_in_every_row() {
    let bytes = blank(&form()).expect("made");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    let column = sheet.split("<col min=\"1\"").nth(1).expect("the first column");
    let style = column.split("style=\"").nth(1).expect("a style").split('"').next();
    let style: usize = style.expect("a style").parse().expect("a number");
    let styles = part(&bytes, "xl/styles.xml");
    let xfs = styles.split("<cellXfs").nth(1).expect("styles");
    assert!(xfs.split("<xf ").nth(style + 1).expect("the style").starts_with("numFmtId=\"49\""));
}

#[test]
fn equal_forms_give_equal_bytes_and_one_without_columns_is_refused() {
    assert_eq!(blank(&form()), blank(&form()));
    assert!(blank(&Blank::default()).is_err());
    let one =
        Blank { columns: vec![column("", true, CellKind::Choice(Vec::new()))], ..Blank::default() };
    assert!(blank(&one).is_ok());
    let long = column(&"长".repeat(300), true, CellKind::Text);
    let long = BlankColumn { note: "注".repeat(500), example: "例".repeat(300), ..long };
    assert!(blank(&Blank { columns: vec![long], ..Blank::default() }).is_ok());
}
