#![no_main]

use facility_audit_fuzz::{file, read, target};

target!(|bytes| read("parquet", &file("图层.parquet", bytes)));
