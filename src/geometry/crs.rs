//! Coordinate reference systems: which one a layer has, and its degrees.
//!
//! Home is CGCS2000: degrees (EPSG:4490) and the Gauss–Krüger zones 4491–4554. WGS 84, its UTM
//! zones over China and Web Mercator are read as they are. Beijing 1954, Xi'an 1980 and anything
//! else needs parameters, given as a proj string. GCJ-02 and BD-09 hold only where declared: no
//! file can say so and no number shows it.
//!
//! Points are x east, y north throughout, whatever order a code has by the book.
//!
//! ```
//! use facility_audit::geometry::crs::Crs;
//! let zone = Crs::named("EPSG:4527").expect("zone 39");
//! let (lon, lat) = zone.to_lonlat(39_500_000.0, 4_060_000.0).expect("a place");
//! assert!((lon - 117.0).abs() < 1e-9 && (lat - 36.67).abs() < 0.01);
//! assert!(Crs::named("EPSG:2437").is_err(), "Beijing 1954 needs parameters");
//! ```

use geo::Rect;

use crate::layer::Claim;
use crate::words::Words;

pub use candidates::{Candidate, candidates};
pub use suspicion::{Suspicion, suspect};
pub use transform::Transformer;
pub use zone::{Width, Zone};

mod candidates;
mod datum;
mod definition;
mod extent;
pub mod gcj02;
mod name;
mod prj;
mod problems;
mod proj_string;
mod projjson;
mod suspicion;
mod transform;
mod wkt;
mod zone;

/// A coordinate reference system whose degrees can be computed.
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "坐标系")]
pub enum Crs {
    /// Degrees of CGCS2000, EPSG:4490.
    Cgcs2000,
    /// Degrees of WGS 84, EPSG:4326.
    Wgs84,
    /// A Gauss–Krüger zone of CGCS2000, EPSG:4491–4554.
    GaussKruger(Zone),
    /// A northern UTM zone of WGS 84 over China, 43–53, EPSG:32643–32653.
    Utm(u8),
    /// Web Mercator, EPSG:3857.
    WebMercator,
    /// The shifted degrees of most Chinese map services.
    Gcj02,
    /// The shifted degrees of Baidu.
    Bd09,
    /// Parameters that somebody gave.
    Explicit(Explicit),
}

/// A system given by its parameters, tried once in China.
#[derive(Debug, Clone, PartialEq)]
pub struct Explicit {
    definition: String,
    geographic: bool,
}

impl Explicit {
    /// Keeps a proj string that works.
    fn new(definition: String, geographic: bool) -> Result<Explicit, Words> {
        match transform::unusable(&definition, geographic) {
            None => Ok(Explicit { definition, geographic }),
            Some(reason) => Err(Words::new(
                format!("proj 字符串“{definition}”无法使用（{}）", reason.zh),
                format!("the proj string “{definition}” cannot be used ({})", reason.en),
            )),
        }
    }
}

impl Crs {
    /// The system of an EPSG code; the three-dimensional codes are read without heights.
    ///
    /// # Errors
    /// The code is not supported, or its datum needs parameters.
    pub fn of_epsg(code: u32) -> Result<Crs, Words> {
        match code {
            4490 | 4480 => return Ok(Crs::Cgcs2000),
            4326 | 4979 => return Ok(Crs::Wgs84),
            // The codes that ESRI and others used before EPSG gave one.
            3857 | 3785 | 900_913 | 102_100 | 102_113 => return Ok(Crs::WebMercator),
            32643..=32653 => return Ok(Crs::Utm((code - 32600) as u8)),
            _ => {}
        }
        if let Some(zone) = Zone::of_epsg(code) {
            return Ok(Crs::GaussKruger(zone));
        }
        let what = format!("EPSG:{code}");
        Err(match datum::Datum::refused(code) {
            Some(datum) => datum.refusal(&what, None),
            None => name::not_supported(&what),
        })
    }

    /// The system that a file claims; nothing if it claims none.
    ///
    /// # Errors
    /// As for [`Crs::of_epsg`] and [`Crs::of_text`].
    pub fn of_claim(claim: &Claim) -> Result<Option<Crs>, Words> {
        match claim {
            Claim::None | Claim::Epsg(0) => Ok(None),
            Claim::Epsg(code) => Crs::of_epsg(*code).map(Some),
            Claim::Text(text) if text.trim_matches(is_blank).is_empty() => Ok(None),
            Claim::Text(text) => Crs::of_text(text).map(Some),
        }
    }

    /// The system of a text: WKT of ESRI or OGC, PROJJSON, a proj string, or what
    /// [`Crs::named`] reads.
    ///
    /// # Errors
    /// The text is damaged, means nothing here, or its datum needs parameters.
    pub fn of_text(text: &str) -> Result<Crs, Words> {
        let text = text.trim_matches(is_blank);
        if text.starts_with('{') {
            projjson::read(text)
        } else if wkt::is_wkt(text) {
            wkt::read(text)?.crs()
        } else {
            let folded = datum::folded(text);
            if proj_string::is_proj(&folded) {
                proj_string::read(&folded)
            } else {
                name::read(text)
            }
        }
    }

    /// The system of a name or code that somebody types: `4527`, `EPSG:4527`, `CGCS2000`,
    /// `WGS84`, `GCJ-02`, a URN.
    ///
    /// # Errors
    /// Nothing is known by that name; the message lists what is.
    pub fn named(text: &str) -> Result<Crs, Words> {
        name::read(text)
    }

    /// The EPSG code, for the systems that have one.
    pub fn authority(&self) -> Option<u32> {
        match self {
            Crs::Cgcs2000 => Some(4490),
            Crs::Wgs84 => Some(4326),
            Crs::GaussKruger(zone) => Some(zone.epsg()),
            Crs::Utm(zone) => Some(32600 + u32::from(*zone)),
            Crs::WebMercator => Some(3857),
            Crs::Gcj02 | Crs::Bd09 | Crs::Explicit(_) => None,
        }
    }

    /// What a reader needs to know of it.
    pub fn words(&self) -> Words {
        match self {
            Crs::Cgcs2000 => {
                Words::new("CGCS2000 经纬度（EPSG:4490）", "CGCS2000 degrees (EPSG:4490)")
            }
            Crs::Wgs84 => Words::new("WGS 84 经纬度（EPSG:4326）", "WGS 84 degrees (EPSG:4326)"),
            Crs::GaussKruger(zone) => zone.words(),
            Crs::Utm(zone) => Words::new(
                format!("WGS 84 UTM {zone} 带北（EPSG:326{zone}）"),
                format!("WGS 84 UTM zone {zone}N (EPSG:326{zone})"),
            ),
            Crs::WebMercator => Words::new("Web 墨卡托（EPSG:3857）", "Web Mercator (EPSG:3857)"),
            Crs::Gcj02 => Words::new("GCJ-02 经纬度", "GCJ-02 degrees"),
            Crs::Bd09 => Words::new("BD-09 经纬度", "BD-09 degrees"),
            Crs::Explicit(explicit) => Words::new(
                format!("给定参数的坐标系（{}）", explicit.definition),
                format!("a system given by its parameters ({})", explicit.definition),
            ),
        }
    }

    /// Whether the coordinates are degrees rather than lengths.
    pub fn is_geographic(&self) -> bool {
        match self {
            Crs::Cgcs2000 | Crs::Wgs84 | Crs::Gcj02 | Crs::Bd09 => true,
            Crs::GaussKruger(_) | Crs::Utm(_) | Crs::WebMercator => false,
            Crs::Explicit(explicit) => explicit.geographic,
        }
    }

    /// The proj string; nothing for the map services' degrees, which have none.
    pub fn definition(&self) -> Option<String> {
        match self {
            Crs::Cgcs2000 => Some("+proj=longlat +ellps=GRS80".to_owned()),
            Crs::Wgs84 => Some("+proj=longlat +ellps=WGS84".to_owned()),
            Crs::GaussKruger(zone) => Some(transform::zone_definition(*zone)),
            Crs::Utm(zone) => Some(transform::utm_definition(*zone)),
            Crs::WebMercator => Some("+proj=webmerc +ellps=WGS84 +units=m".to_owned()),
            Crs::Gcj02 | Crs::Bd09 => None,
            Crs::Explicit(explicit) => Some(explicit.definition.clone()),
        }
    }

    /// The text of a `.prj` file, for the systems that have a code.
    pub fn prj(&self) -> Option<String> {
        prj::write(self)
    }

    /// Degrees of one point; for many points make a [`Transformer`] once.
    pub fn to_lonlat(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        Transformer::new(self).to_lonlat(x, y)
    }

    /// One point from its degrees; for many points make a [`Transformer`] once.
    pub fn from_lonlat(&self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        Transformer::new(self).from_lonlat(lon, lat)
    }

    /// Why a layer of this extent cannot have this system, if so.
    pub fn problems(&self, extent: Rect<f64>) -> Option<Words> {
        problems::find(self, extent)
    }
}

/// White space, and what files leave around a text: marks of the byte order, zero bytes.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_supported_code_returns_its_code() {
        for code in (4490..=4554).chain([4326, 3857]).chain(32643..=32653) {
            let crs = Crs::of_epsg(code).expect("supported");
            assert_eq!(crs.authority(), Some(code));
            assert!(crs.words().en.contains(&format!("EPSG:{code}")), "{}", crs.words());
            assert_eq!(crs.is_geographic(), code == 4490 || code == 4326);
            let text = crs.definition().expect("a proj string");
            let same = Crs::of_text(&text).expect("read back").definition();
            assert_eq!(same, Some(text));
        }
    }

    #[test]
    fn heights_are_dropped_and_old_codes_of_web_mercator_known() {
        assert_eq!(Crs::of_epsg(4480), Ok(Crs::Cgcs2000));
        assert_eq!(Crs::of_epsg(4979), Ok(Crs::Wgs84));
        assert_eq!(Crs::of_epsg(900_913), Ok(Crs::WebMercator));
    }

    #[test]
    fn old_datums_and_unknown_codes_are_refused() {
        for (code, name) in [
            (4214, "Beijing 1954"),
            (2401, "Beijing 1954"),
            (2442, "Beijing 1954"),
            (21420, "Beijing 1954"),
            (4610, "Xi'an 1980"),
            (2327, "Xi'an 1980"),
            (2390, "Xi'an 1980"),
            (4784, "New Beijing"),
            (4479, "not a known"),
            (32750, "not a known"),
            (u32::MAX, "not a known"),
        ] {
            let words = Crs::of_epsg(code).expect_err("refused");
            assert!(words.en.contains(name), "{words}");
            assert!(words.en.contains("explicit parameters"), "{words}");
            assert!(words.zh.contains("需要明确给出参数"), "{}", words.zh);
        }
    }

    #[test]
    fn a_claim_is_read_in_any_form_and_may_be_empty() {
        let of = |text: &str| Crs::of_claim(&Claim::Text(text.to_owned()));
        assert_eq!(Crs::of_claim(&Claim::None), Ok(None));
        assert_eq!(Crs::of_claim(&Claim::Epsg(0)), Ok(None));
        assert_eq!(Crs::of_claim(&Claim::Epsg(4490)), Ok(Some(Crs::Cgcs2000)));
        assert_eq!(of("\u{feff} \0"), Ok(None));
        assert_eq!(of("urn:ogc:def:crs:EPSG::4490"), Ok(Some(Crs::Cgcs2000)));
        assert_eq!(of("\u{feff}GCJ-02\r\n"), Ok(Some(Crs::Gcj02)));
        assert_eq!(of("＋proj=longlat +datum=WGS84"), Ok(Some(Crs::Wgs84)));
        assert_eq!(of(r#"{"wkid":4490}"#), Ok(Some(Crs::Cgcs2000)));
        assert_eq!(of(&Crs::Cgcs2000.prj().expect("text")), Ok(Some(Crs::Cgcs2000)));
        assert!(of("LOCAL_CS[\"x\"]").is_err());
    }
}
