//! Binary workbooks are read as they are shown.

use super::*;
use crate::source::workbook::tests::is_the_ledger;

fn ledger() -> Opened {
    let path = format!("{}/fixtures/formats/office/readers/台账.xlsb", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("the fixture is there");
    Opened { name: "台账.xlsb".into(), bytes, ..Opened::default() }
}

/// The ledger with one part changed.
fn changed(part: &str, change: impl Fn(&mut Vec<u8>)) -> Opened {
    use std::io::{Cursor, Read as _, Write as _};
    let sound = ledger();
    let mut parts = zip::ZipArchive::new(Cursor::new(sound.bytes)).expect("an archive");
    let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..parts.len() {
        let mut file = parts.by_index(number).expect("a part");
        let (name, mut bytes) = (file.name().expect("a name").into_owned(), Vec::new());
        file.read_to_end(&mut bytes).expect("read");
        if name == part {
            change(&mut bytes);
        }
        let options = zip::write::SimpleFileOptions::default();
        written.start_file(name, options).expect("started");
        written.write_all(&bytes).expect("written");
    }
    let bytes = written.finish().expect("finished").into_inner();
    Opened { name: "改.xlsb".into(), bytes, ..Opened::default() }
}

#[test]
fn a_ledger_gives_all_its_cells() {
    assert!((FORMAT.recognises)(&ledger().bytes));
    is_the_ledger(&read(&ledger()).expect("reads"), "true");
}

#[test]
fn another_reader_finds_the_same_text() {
    use calamine::Reader as _;
    let file = ledger();
    let grid = &read(&file).expect("reads")[0];
    let bytes = std::io::Cursor::new(&file.bytes);
    let mut book: calamine::Xlsb<_> = calamine::Xlsb::new(bytes).expect("opens");
    let range = book.worksheet_range("城东").expect("reads");
    for (row, column) in [(0, 0), (1, 7), (2, 1), (3, 1), (4, 1), (5, 1)] {
        let other = range.get_value((row, column)).expect("a cell").to_string();
        assert_eq!(grid.cell(row as usize, column as usize), other);
    }
}

#[test]
fn days_that_count_from_1904_are_the_right_days() {
    let file = changed("xl/workbook.bin", |bytes| {
        // The flags of the workbook follow the record's kind and length.
        let at = bytes.windows(3).position(|three| three == [0x99, 0x01, 12]).expect("there");
        bytes[at + 3] |= 1;
    });
    let grid = &read(&file).expect("reads")[0];
    assert!(grid.since_1904);
    assert_eq!(grid.cell(2, 4), "2027-04-06");
}

#[test]
fn damage_is_refused_or_read_but_never_panics() {
    for part in
        ["xl/workbook.bin", "xl/worksheets/sheet1.bin", "xl/styles.bin", "xl/sharedStrings.bin"]
    {
        let mut length = 0;
        let _ = changed(part, |_| {});
        for at in (0..600).step_by(7) {
            let file = changed(part, |bytes| {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 0xFF;
                }
            });
            length += read(&file).map_or(0, |grids| grids.len());
            let _ = read(&changed(part, |bytes| bytes.truncate(at)));
        }
        assert!(length > 0, "{part}: no byte is without effect");
    }
    let error = read(&changed("xl/worksheets/sheet1.bin", |bytes| bytes.truncate(100)));
    assert!(error.expect_err("refused").zh.starts_with("改.xlsb："));
}
