#![no_main]

use facility_audit_fuzz::{file, read, target};

target!(|bytes| read("flatgeobuf", &file("图层.fgb", bytes)));
