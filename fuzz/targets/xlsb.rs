//! A workbook when it begins like an archive; else the records of its one sheet.
#![no_main]

use facility_audit_fuzz::{archive, file, read, target};

const PACKAGE: &[u8] = br#"<Relationships><Relationship Id="rId1" Type="/officeDocument" Target="xl/workbook.bin"/></Relationships>"#;
const LINKS: &[u8] = br#"<Relationships><Relationship Id="rId1" Type="/worksheet" Target="worksheets/sheet1.bin"/><Relationship Id="rId2" Type="/sharedStrings" Target="sharedStrings.bin"/><Relationship Id="rId3" Type="/styles" Target="styles.bin"/></Relationships>"#;
/// One sheet, called a.
const WORKBOOK: &[u8] = b"\x9c\x01\x1a\0\0\0\0\x01\0\0\0\x04\0\0\0r\0I\0d\x001\0\x01\0\0\0a\0";
/// One string; the table holds it many times.
const STRING: &[u8] = b"\x13\x07\0\x01\0\0\0a\0";
/// Three styles of cells: none, a date, a share.
const STYLES: &[u8] = b"\xe9\x04\0\x2f\x04\0\0\0\0\x2f\x04\0\0\x1f\0\x2f\x04\0\0\x09\0\xea\x04\0";

target!(|bytes| {
    if bytes.starts_with(b"PK") {
        return drop(read("xlsb", &file("台账.xlsb", bytes)));
    }
    let strings = STRING.repeat(32);
    let book = archive(&[
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.bin", WORKBOOK),
        ("xl/_rels/workbook.bin.rels", LINKS),
        ("xl/sharedStrings.bin", &strings),
        ("xl/styles.bin", STYLES),
        ("xl/worksheets/sheet1.bin", bytes),
    ]);
    drop(read("xlsb", &file("台账.xlsb", &book)))
});
