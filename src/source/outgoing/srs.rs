//! What the coordinates of a written layer are, in the forms that formats ask for.

use serde_json::{Value, json};

/// A coordinate reference system by its EPSG code, with its definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Srs {
    /// The EPSG code.
    pub epsg: u32,
    /// Its name.
    pub name: String,
    /// Its definition as WKT 1.
    pub wkt: String,
    /// Its definition as PROJJSON.
    pub projjson: Value,
}

impl Srs {
    /// The system of a code: 4326, CGCS2000 (4490) and its Gauss–Kruger zones (4491–4554).
    pub fn of_epsg(code: u32) -> Option<Srs> {
        match code {
            4326 => Some(Srs::wgs84()),
            4490 => Some(Srs::cgcs2000()),
            4491..=4554 => Some(Srs::gauss_kruger(code)),
            _ => None,
        }
    }

    /// CGCS2000 in degrees: EPSG 4490.
    pub fn cgcs2000() -> Srs {
        Srs {
            epsg: 4490,
            name: CGCS2000.into(),
            wkt: CGCS2000_WKT.into(),
            projjson: geographic(CGCS2000, "China 2000", "CGCS2000", 298.257_222_101, 4490),
        }
    }

    /// WGS 84 in degrees: EPSG 4326.
    pub fn wgs84() -> Srs {
        Srs {
            epsg: 4326,
            name: "WGS 84".into(),
            wkt: WGS84_WKT.into(),
            projjson: geographic(
                "WGS 84",
                "World Geodetic System 1984",
                "WGS 84",
                298.257_223_563,
                4326,
            ),
        }
    }

    fn gauss_kruger(code: u32) -> Srs {
        let zone = Zone::of_epsg(code);
        let name = format!("CGCS2000 / {}", zone.name);
        let (meridian, easting) = (zone.meridian, zone.easting);
        let wkt = format!(
            r#"PROJCS["{name}",{CGCS2000_WKT},PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{meridian}],PARAMETER["scale_factor",1],PARAMETER["false_easting",{easting}],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","{code}"]]"#
        );
        let projjson = projected(&name, code, &zone);
        Srs { epsg: code, name, wkt, projjson }
    }
}

const CGCS2000: &str = "China Geodetic Coordinate System 2000";

const CGCS2000_WKT: &str = r#"GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]"#;

const WGS84_WKT: &str = r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]"#;

/// A zone of the Gauss–Kruger projection: one formula gives all 64 codes.
struct Zone {
    name: String,
    meridian: u32,
    easting: u32,
}

impl Zone {
    fn of_epsg(code: u32) -> Zone {
        // The four runs of codes: 6 degrees and 3 degrees wide, each with and without the zone's
        // number before the easting.
        let (wide, first, first_zone, step) = match code {
            4491..=4501 => ("Gauss-Kruger", 4491, 13, 6),
            4502..=4512 => ("Gauss-Kruger", 4502, 0, 6),
            4513..=4533 => ("3-degree Gauss-Kruger", 4513, 25, 3),
            _ => ("3-degree Gauss-Kruger", 4534, 0, 3),
        };
        let meridian = 75 + (code - first) * step;
        if first_zone == 0 {
            return Zone { name: format!("{wide} CM {meridian}E"), meridian, easting: 500_000 };
        }
        let zone = first_zone + (code - first);
        Zone { name: format!("{wide} zone {zone}"), meridian, easting: zone * 1_000_000 + 500_000 }
    }
}

fn geographic(
    name: &str,
    datum: &str,
    ellipsoid: &str,
    inverse_flattening: f64,
    code: u32,
) -> Value {
    json!({
        "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
        "type": "GeographicCRS",
        "name": name,
        "datum": {
            "type": "GeodeticReferenceFrame",
            "name": datum,
            "ellipsoid": {
                "name": ellipsoid,
                "semi_major_axis": 6_378_137,
                "inverse_flattening": inverse_flattening,
            },
        },
        "coordinate_system": {
            "subtype": "ellipsoidal",
            "axis": [
                axis("Geodetic latitude", "Lat", "north", "degree"),
                axis("Geodetic longitude", "Lon", "east", "degree"),
            ],
        },
        "id": {"authority": "EPSG", "code": code},
    })
}

fn projected(name: &str, code: u32, zone: &Zone) -> Value {
    let mut base = Srs::cgcs2000().projjson;
    if let Some(base) = base.as_object_mut() {
        base.remove("$schema");
    }
    json!({
        "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
        "type": "ProjectedCRS",
        "name": name,
        "base_crs": base,
        "conversion": {
            "name": zone.name,
            "method": {"name": "Transverse Mercator", "id": {"authority": "EPSG", "code": 9807}},
            "parameters": [
                parameter("Latitude of natural origin", 0, "degree", 8801),
                parameter("Longitude of natural origin", zone.meridian, "degree", 8802),
                parameter("Scale factor at natural origin", 1, "unity", 8805),
                parameter("False easting", zone.easting, "metre", 8806),
                parameter("False northing", 0, "metre", 8807),
            ],
        },
        "coordinate_system": {
            "subtype": "Cartesian",
            "axis": [
                axis("Northing", "X", "north", "metre"),
                axis("Easting", "Y", "east", "metre"),
            ],
        },
        "id": {"authority": "EPSG", "code": code},
    })
}

fn axis(name: &str, abbreviation: &str, direction: &str, unit: &str) -> Value {
    json!({"name": name, "abbreviation": abbreviation, "direction": direction, "unit": unit})
}

fn parameter(name: &str, value: u32, unit: &str, code: u32) -> Value {
    json!({
        "name": name, "value": value, "unit": unit, "id": {"authority": "EPSG", "code": code},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zones_follow_one_formula() {
        let zone = |code| {
            let Zone { name, meridian, easting } = Zone::of_epsg(code);
            (name, meridian, easting)
        };
        assert_eq!(zone(4491), ("Gauss-Kruger zone 13".into(), 75, 13_500_000));
        assert_eq!(zone(4512), ("Gauss-Kruger CM 135E".into(), 135, 500_000));
        assert_eq!(zone(4527), ("3-degree Gauss-Kruger zone 39".into(), 117, 39_500_000));
        assert_eq!(zone(4548), ("3-degree Gauss-Kruger CM 117E".into(), 117, 500_000));
    }

    #[test]
    fn only_the_systems_in_use_are_known() {
        assert!(Srs::of_epsg(3857).is_none());
        assert!((4490..=4554).all(|code| Srs::of_epsg(code).is_some_and(|srs| srs.epsg == code)));
    }
}
