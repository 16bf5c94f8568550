#![no_main]

use facility_audit_fuzz::{file, read, target};

target!(|bytes| read("geopackage", &file("图层.gpkg", bytes)));
