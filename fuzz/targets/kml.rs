//! KML; KMZ when it begins like an archive. KML is also read from an archive made of it.
#![no_main]

use facility_audit_fuzz::{archive, file, read, target};

target!(|bytes| {
    read("kml", &file("图层.kml", bytes));
    if !bytes.starts_with(b"PK") {
        read("kml", &file("图层.kmz", &archive(&[("doc.kml", bytes)])));
    }
});
