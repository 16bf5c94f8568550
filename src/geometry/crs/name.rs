//! The names and codes by which people and files mean a coordinate system.

use crate::words::Words;

use super::datum::{Datum, folded, plain};
use super::{Crs, Zone};

/// Names of systems without zones, plain: letters and digits in lower case.
const NAMES: &[(&[&str], Crs)] = &[
    (
        &[
            "cgcs2000",
            "gcscgcs2000",
            "gcschinageodeticcoordinatesystem2000",
            "chinageodeticcoordinatesystem2000",
            "国家2000",
            "国家2000坐标系",
            "2000国家大地坐标系",
            "国家大地坐标系2000",
            "2000坐标系",
            "大地2000",
        ],
        Crs::Cgcs2000,
    ),
    (
        &["wgs84", "wgs1984", "gcswgs1984", "gcswgs84", "ogccrs84", "crs84", "ogccrs84h", "crs84h"],
        Crs::Wgs84,
    ),
    (
        &[
            "webmercator",
            "pseudomercator",
            "wgs84pseudomercator",
            "wgs1984webmercatorauxiliarysphere",
            "wgs1984webmercator",
            "web墨卡托",
            "google墨卡托",
        ],
        Crs::WebMercator,
    ),
    (&["gcj02", "gcj02ll", "火星坐标", "火星坐标系", "国测局坐标", "国测局坐标系"], Crs::Gcj02),
    (&["bd09", "bd09ll", "百度坐标", "百度坐标系", "百度经纬度"], Crs::Bd09),
];

/// The system of a name or code: `4527`, `EPSG:4527`, a URN, `CGCS2000`, `GCJ-02`, the names that
/// ESRI and EPSG give to the zones.
///
/// # Errors
/// Nothing is known by that name.
pub(super) fn read(text: &str) -> Result<Crs, Words> {
    let text = folded(text);
    let text = text.trim();
    if let Some(code) = code(text) {
        return Crs::of_epsg(code);
    }
    // The last part of a URN or URL: `urn:ogc:def:crs:OGC:1.3:CRS84`, `…/OGC/1.3/CRS84`.
    let last = text.rsplit(['/', ':', '#']).next().unwrap_or(text);
    let name = plain(text);
    let named = NAMES.iter().find(|(names, _)| {
        names.contains(&name.as_str()) || (is_address(text) && names.contains(&&*plain(last)))
    });
    if let Some((_, crs)) = named {
        return Ok(crs.clone());
    }
    if let Some(zone) = Zone::all()
        .find(|zone| plain(&zone.esri_name()) == name || plain(&zone.epsg_name()) == name)
    {
        return Ok(Crs::GaussKruger(zone));
    }
    let utm = (43..=53).find(|zone| {
        [format!("wgs1984utmzone{zone}n"), format!("wgs84utmzone{zone}n")].contains(&name)
    });
    match utm {
        Some(zone) => Ok(Crs::Utm(zone)),
        None => Err(unknown(text)),
    }
}

fn is_address(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.starts_with("urn:") || text.starts_with("http:") || text.starts_with("https:")
}

/// The number of `4527`, `EPSG:4527`, `epsg 4527`, `ESRI:102100`, a URN or a URL of EPSG.
fn code(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let digits = lower.trim_end().rsplit(|c: char| !c.is_ascii_digit()).next()?;
    let before = &lower[..lower.len() - digits.len()];
    let authority = before.trim_end_matches([':', ' ', '#', '_', '-']);
    let by_authority = authority == "epsg" || authority == "esri";
    // Between the authority and the code stands a version: `urn:ogc:def:crs:EPSG:9.8.2:4527`.
    let by_address = is_address(&lower) && before.contains("epsg");
    (before.is_empty() || by_authority || by_address).then(|| digits.parse().ok()).flatten()
}

/// Why a name means nothing here, and what would.
fn unknown(text: &str) -> Words {
    let shown: String = text.chars().take(60).collect();
    if plain(text).starts_with("bd09mc") {
        return Words::new(
            format!("“{shown}”：百度墨卡托坐标不支持；请导出百度经纬度并声明 BD-09"),
            format!(
                "“{shown}”: Baidu's metres are not supported; export degrees and declare BD-09"
            ),
        );
    }
    match Datum::of(text, "", None) {
        datum @ (Datum::Beijing54 | Datum::Xian80 | Datum::NewBeijing) => {
            datum.refusal(&format!("“{shown}”"), None)
        }
        _ => not_supported(&format!("“{shown}”")),
    }
}

/// A system that is not supported, and what is.
pub(super) fn not_supported(what: &str) -> Words {
    Words::new(
        format!(
            "{what}：不认识的坐标系，需要明确给出参数；可用：EPSG:4490、4491–4554（CGCS2000 各带）、4326、3857、32643–32653、GCJ-02、BD-09，或 proj 字符串"
        ),
        format!(
            "{what}: not a known coordinate system, it needs explicit parameters; accepted are EPSG:4490, 4491–4554 (zones of CGCS2000), 4326, 3857, 32643–32653, GCJ-02, BD-09, or a proj string"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(text: &str) -> Option<u32> {
        read(text).unwrap_or_else(|words| panic!("{text}: {words}")).authority()
    }

    #[test]
    fn a_code_is_read_however_it_is_written() {
        for text in [
            "4527",
            " EPSG:4527 ",
            "epsg:4527",
            "EPSG 4527",
            "ＥＰＳＧ：４５２７",
            "urn:ogc:def:crs:EPSG::4527",
            "urn:ogc:def:crs:EPSG:9.8.2:4527",
            "urn:x-ogc:def:crs:EPSG:4527",
            "http://www.opengis.net/def/crs/EPSG/0/4527",
            "https://www.opengis.net/def/crs/EPSG/0/4527",
            "http://www.opengis.net/gml/srs/epsg.xml#4527",
            "CGCS2000_3_Degree_GK_Zone_39",
            "CGCS2000 / 3-degree Gauss-Kruger zone 39",
        ] {
            assert_eq!(authority(text), Some(4527), "{text}");
        }
        assert_eq!(authority("ESRI:102100"), Some(3857));
        assert_eq!(authority("CGCS2000_GK_CM_117E"), Some(4509));
        assert_eq!(authority("WGS_1984_UTM_Zone_50N"), Some(32650));
    }

    #[test]
    fn a_name_is_read_with_any_case_and_hyphens() {
        for text in ["GCJ-02", "gcj02", "GCJ_02", "ＧＣＪ－０２", "火星坐标系"] {
            assert_eq!(read(text), Ok(Crs::Gcj02), "{text}");
        }
        for text in ["BD-09", "bd09", "BD09LL", "百度坐标"] {
            assert_eq!(read(text), Ok(Crs::Bd09), "{text}");
        }
        for text in ["WGS84", "WGS 84", "wgs-84", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"] {
            assert_eq!(read(text), Ok(Crs::Wgs84), "{text}");
        }
        for text in ["CGCS2000", "国家2000", "China Geodetic Coordinate System 2000"] {
            assert_eq!(read(text), Ok(Crs::Cgcs2000), "{text}");
        }
    }

    #[test]
    fn an_unknown_name_says_what_is_accepted() {
        let words = read("济南城建坐标").expect_err("unknown");
        assert!(words.zh.contains("济南城建坐标") && words.zh.contains("EPSG:4490"));
        assert!(read("北京54").expect_err("refused").zh.contains("+towgs84"));
        assert!(read("EPSG:2437").expect_err("refused").en.contains("Beijing 1954"));
        assert!(read("BD09MC").expect_err("metres").en.contains("BD-09"));
        for text in ["", "EPSG:", "urn:", "99999999999", "EPSG:-1", "4527.0", "zone 39", "::"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
