//! Well-known text. What is written of it must be read again, and be written the same.
#![no_main]

use facility_audit_fuzz::geometry::{bounds::kept, wkt};
use facility_audit_fuzz::target;

target!(|bytes| {
    let Ok((_, geometry)) = wkt::read(&String::from_utf8_lossy(bytes)) else { return };
    let Ok(geometry) = kept(geometry) else { return };
    let (_, again) = wkt::read(&wkt::write(&geometry)).expect("what is written is read");
    assert_eq!(wkt::write(&again), wkt::write(&geometry));
});
