//! A file when it begins like an archive; else its content.
#![no_main]

use facility_audit_fuzz::{archive, file, read, target};

const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

target!(|bytes| {
    if bytes.starts_with(b"PK") {
        return drop(read("ods", &file("台账.ods", bytes)));
    }
    let book = archive(&[("mimetype", KIND), ("content.xml", bytes)]);
    drop(read("ods", &file("台账.ods", &book)))
});
