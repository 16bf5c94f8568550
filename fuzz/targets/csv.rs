#![no_main]

use facility_audit_fuzz::{file, read, target};

target!(|bytes| read("csv", &file("台账.csv", bytes)));
