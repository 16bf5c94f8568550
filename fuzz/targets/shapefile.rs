//! The length of the `.shp` in four bytes, the lowest first; the `.shp`; the `.dbf`.
#![no_main]

use facility_audit_fuzz::{file, read, target};

target!(|bytes| {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else { return };
    let (shp, dbf) = rest.split_at((u32::from_le_bytes(*length) as usize).min(rest.len()));
    let mut opened = file("图层.shp", shp);
    if !dbf.is_empty() {
        opened.parts.insert("dbf".to_owned(), dbf.to_owned());
    }
    read("shapefile", &opened)
});
