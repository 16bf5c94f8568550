//! PROJJSON, and the short forms of JSON that name a system.

use serde_json::Value;

use crate::words::Words;

use super::Crs;
use super::datum::{Datum, Ellipsoid};
use super::definition::{Definition, Method, Projection, shift_text};

/// Reads a system: PROJJSON, ESRI's `wkid`, or the `crs` member of old GeoJSON.
///
/// # Errors
/// The text is no JSON, or names no system of two horizontal axes that is supported.
pub(super) fn read(text: &str) -> Result<Crs, Words> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| unreadable(&error.to_string()))?;
    let number = |key: &str| value.get(key).and_then(Value::as_u64).and_then(|n| n.try_into().ok());
    if let Some(code) = number("latestWkid").or_else(|| number("wkid")) {
        return Crs::of_epsg(code);
    }
    if let Some(name) = value.pointer("/properties/name").and_then(Value::as_str) {
        return Crs::named(name);
    }
    if let Some(("OGC", code)) = id(&value) {
        return Crs::named(&format!("OGC:{code}"));
    }
    let found = horizontal(&value).and_then(definition);
    found.ok_or_else(|| unreadable("no projected or geographic CRS"))?.crs()
}

fn unreadable(reason: &str) -> Words {
    Words::new(
        format!("坐标系的 JSON 无法读取（{reason}）；请声明坐标系，如 EPSG:4527"),
        format!(
            "the coordinate system's JSON cannot be read ({reason}); declare the system, such as EPSG:4527"
        ),
    )
}

/// The authority and code of an object, where it has both as text or number.
fn id(object: &Value) -> Option<(&str, String)> {
    let id = object.get("id").or_else(|| object.pointer("/ids/0"))?;
    let code = id.get("code")?;
    let text = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
    Some((id.get("authority")?.as_str()?, text))
}

fn text<'v>(object: &'v Value, key: &str) -> &'v str {
    object.get(key).and_then(Value::as_str).unwrap_or("")
}

/// The horizontal part, and the shift that a bound system adds.
fn horizontal(value: &Value) -> Option<(&Value, Option<String>)> {
    match text(value, "type") {
        "CompoundCRS" => horizontal(value.pointer("/components/0")?),
        "BoundCRS" => {
            let (inner, _) = horizontal(value.get("source_crs")?)?;
            let parameters = value.pointer("/transformation/parameters").and_then(Value::as_array);
            let values = parameters
                .into_iter()
                .flatten()
                .filter_map(|parameter| parameter.get("value").and_then(Value::as_f64));
            Some((inner, shift_text(&values.collect::<Vec<f64>>())))
        }
        "ProjectedCRS" | "GeographicCRS" => Some((value, None)),
        _ => None,
    }
}

fn definition((value, towgs84): (&Value, Option<String>)) -> Option<Definition> {
    let is_projected = text(value, "type") == "ProjectedCRS";
    let degrees = if is_projected { value.get("base_crs")? } else { value };
    let datum = degrees.get("datum").or_else(|| degrees.get("datum_ensemble"))?;
    let from_greenwich = datum.pointer("/prime_meridian/longitude").and_then(Value::as_f64);
    if from_greenwich.is_some_and(|longitude| longitude != 0.0) {
        return None;
    }
    let code = id(value).filter(|(authority, _)| *authority == "EPSG");
    Some(Definition {
        name: text(value, "name").to_owned(),
        code: code.and_then(|(_, code)| code.parse().ok()),
        datum: datum_of(datum),
        towgs84,
        projection: if is_projected { Some(projection(value)?) } else { None },
    })
}

fn datum_of(datum: &Value) -> Datum {
    let ellipsoid = datum.get("ellipsoid");
    let figure = ellipsoid.and_then(|ellipsoid| {
        Some(Ellipsoid {
            semi_major: ellipsoid.get("semi_major_axis")?.as_f64()?,
            inverse_flattening: ellipsoid.get("inverse_flattening")?.as_f64()?,
        })
    });
    Datum::of(text(datum, "name"), ellipsoid.map_or("", |e| text(e, "name")), figure)
}

fn projection(value: &Value) -> Option<Projection> {
    let conversion = value.get("conversion")?;
    let mut projection = Projection::new(Method::named(text(conversion.get("method")?, "name")));
    if let Some(axis) = value.pointer("/coordinate_system/axis/0") {
        projection.to_metre = unit(axis, "metre")?;
    }
    for parameter in conversion.get("parameters")?.as_array()? {
        let value = parameter.get("value")?.as_f64()?;
        let factor = match parameter.pointer("/unit/type").and_then(Value::as_str) {
            Some("AngularUnit") => unit(parameter, "radian")?.to_degrees(),
            _ => unit(parameter, "")?,
        };
        let name = text(parameter, "name");
        if !projection.set(name, value * factor) {
            projection.method = Method::Other(name.to_owned());
        }
    }
    Some(projection)
}

/// The factor of an object's unit to metres, degrees or one; nothing for a unit not known by name.
fn unit(object: &Value, base: &str) -> Option<f64> {
    match object.get("unit") {
        None => Some(1.0),
        Some(Value::String(name)) => {
            (["metre", "degree", "unity", base].contains(&name.as_str())).then_some(1.0)
        }
        Some(unit) => unit.get("conversion_factor")?.as_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: &str = r#"{"type":"ProjectedCRS","name":"CGCS2000 / 3-degree Gauss-Kruger zone 39",
        "base_crs":{"name":"China Geodetic Coordinate System 2000","datum":{"type":"GeodeticReferenceFrame",
        "name":"China 2000","ellipsoid":{"name":"CGCS2000","semi_major_axis":6378137,"inverse_flattening":298.257222101}}},
        "conversion":{"name":"zone 39","method":{"name":"Transverse Mercator"},"parameters":[
        {"name":"Latitude of natural origin","value":0,"unit":"degree"},
        {"name":"Longitude of natural origin","value":117,"unit":"degree"},
        {"name":"Scale factor at natural origin","value":1,"unit":"unity"},
        {"name":"False easting","value":39500000,"unit":"metre"},
        {"name":"False northing","value":0,"unit":"metre"}]},
        "coordinate_system":{"subtype":"Cartesian","axis":[{"name":"Northing","unit":"metre"},{"name":"Easting","unit":"metre"}]}
        ID}"#;

    fn code(text: &str) -> Option<u32> {
        read(text).expect("known").authority()
    }

    #[test]
    fn projjson_is_read_with_and_without_its_code() {
        assert_eq!(code(&ZONE.replace("ID", "")), Some(4527));
        let id = r#","id":{"authority":"EPSG","code":4527}"#;
        assert_eq!(code(&ZONE.replace("ID", id)), Some(4527));
        let wrong = r#","id":{"authority":"EPSG","code":4548}"#;
        assert!(read(&ZONE.replace("ID", wrong)).is_err());
        let compound = format!(
            r#"{{"type":"CompoundCRS","name":"x","components":[{}]}}"#,
            ZONE.replace("ID", "")
        );
        assert_eq!(code(&compound), Some(4527));
    }

    #[test]
    fn degrees_of_an_ensemble_are_wgs84() {
        let text = r#"{"type":"GeographicCRS","name":"WGS 84 (CRS84)","datum_ensemble":{
            "name":"World Geodetic System 1984 ensemble"},"id":{"authority":"OGC","code":"CRS84"}}"#;
        assert_eq!(read(text), Ok(Crs::Wgs84));
        assert_eq!(read(&text.replace("OGC", "X")), Ok(Crs::Wgs84));
    }

    #[test]
    fn an_old_datum_and_a_bound_shift_are_refused() {
        let old = ZONE.replace("China 2000", "Beijing 1954").replace("ID", "");
        assert!(read(&old).expect_err("refused").en.contains("Beijing 1954"));
        let bound = format!(
            r#"{{"type":"BoundCRS","source_crs":{},"transformation":{{"parameters":[
            {{"name":"X-axis translation","value":15.8}},{{"name":"Y","value":1}},{{"name":"Z","value":2}}]}}}}"#,
            ZONE.replace("ID", "")
        );
        assert!(read(&bound).expect_err("refused").en.contains("+towgs84=15.8,1,2"));
    }

    #[test]
    fn short_forms_name_a_system() {
        assert_eq!(code(r#"{"wkid":102100,"latestWkid":3857}"#), Some(3857));
        assert_eq!(code(r#"{"wkid":4490}"#), Some(4490));
        let named = r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}"#;
        assert_eq!(code(named), Some(4490));
    }

    #[test]
    fn damaged_json_is_refused_in_words() {
        for text in ["{", "{}", r#"{"type":"ProjectedCRS"}"#, r#"{"type":"CompoundCRS"}"#, "[1]"] {
            assert!(read(text).is_err(), "{text}");
        }
        let deep = "{\"type\":".repeat(100_000);
        assert!(read(&deep).is_err());
    }
}
