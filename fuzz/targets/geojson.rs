#![no_main]

use facility_audit_fuzz::{file, read, target};

target!(|bytes| read("geojson", &file("图层.geojson", bytes)));
