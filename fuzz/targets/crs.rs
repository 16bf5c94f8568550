//! What files say of their coordinate system: WKT, PROJJSON, proj strings, names.
#![no_main]

use facility_audit_fuzz::geometry::crs::{Crs, Transformer};
use facility_audit_fuzz::target;

target!(|bytes| {
    let Ok(crs) = Crs::of_text(&String::from_utf8_lossy(bytes)) else { return };
    let transformer = Transformer::new(&crs);
    for (x, y) in [(117.0, 36.6), (39_512_345.0, 4_052_345.0), (512_345.0, 4_052_345.0), (0.0, 0.0)]
    {
        let _ = transformer.to_lonlat(x, y);
        let _ = transformer.from_lonlat(x, y);
    }
    let _ = (crs.words(), crs.definition(), crs.prj());
});
