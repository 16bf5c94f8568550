//! A document when it begins like an archive; else its main part.
#![no_main]

use facility_audit_fuzz::{archive, file, read, target};

target!(|bytes| {
    if bytes.starts_with(b"PK") {
        return drop(read("docx", &file("台账.docx", bytes)));
    }
    drop(read("docx", &file("台账.docx", &archive(&[("word/document.xml", bytes)]))))
});
