#![no_main]

use facility_audit_fuzz::{file, read, target};

target!(|bytes| read("geojsonl", &file("图层.geojsonl", bytes)));
