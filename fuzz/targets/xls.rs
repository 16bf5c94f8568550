//! A workbook in a compound file, or its records alone.
#![no_main]

use facility_audit_fuzz::{file, read, target};

target!(|bytes| read("xls", &file("台账.xls", bytes)));
