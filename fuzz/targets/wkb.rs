//! Well-known binary, also as digits. What is written of it must be read again, and be
//! written the same.
#![no_main]

use facility_audit_fuzz::geometry::{bounds::kept, wkb};
use facility_audit_fuzz::target;

target!(|bytes| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = wkb::read_hex(text);
    }
    let Ok((_, geometry)) = wkb::read(bytes) else { return };
    let Ok(geometry) = kept(geometry) else { return };
    let (_, again) = wkb::read(&wkb::write(&geometry)).expect("what is written is read");
    assert_eq!(wkb::write(&again), wkb::write(&geometry));
});
