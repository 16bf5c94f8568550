//! A workbook when it begins like an archive; else the XML of the one sheet of a workbook.
#![no_main]

use facility_audit_fuzz::{archive, file, read, target};

const WORKBOOK: &[u8] = br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const LINKS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

target!(|bytes| {
    if bytes.starts_with(b"PK") {
        return drop(read("xlsx", &file("台账.xlsx", bytes)));
    }
    let book = archive(&[
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", LINKS),
        ("xl/worksheets/sheet1.xml", bytes),
    ]);
    drop(read("xlsx", &file("台账.xlsx", &book)))
});
