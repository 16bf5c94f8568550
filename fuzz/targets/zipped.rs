#![no_main]

use facility_audit_fuzz::{file, read, target};

target!(|bytes| read("zipped", &file("图层.zip", bytes)));
