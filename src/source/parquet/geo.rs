//! What a file says of its geometry: the "geo" entry of GeoParquet, or Parquet's own types.

use parquet::basic::LogicalType;
use parquet::file::metadata::FileMetaData;
use serde_json::Value;

use crate::layer::Claim;
use crate::words::Words;

use super::super::Read;
use super::broken;

/// What the Parquet standards mean when they name no reference system.
const DEFAULT_SYSTEM: &str = "OGC:CRS84";

/// The geometry of a file.
#[derive(Debug, Default)]
pub struct Geo {
    /// The column of well-known binary.
    pub column: Option<String>,
    /// What it says its coordinates are.
    pub claim: Claim,
    /// Columns that are no attributes: other geometry, bounds.
    pub others: Vec<String>,
}

impl Geo {
    /// Looks for geometry.
    ///
    /// # Errors
    /// When the description is damaged, or the encoding is not read.
    pub fn of(name: &str, file: &FileMetaData) -> Read<Geo> {
        let entries = file.key_value_metadata().into_iter().flatten();
        let described =
            entries.filter(|entry| entry.key == "geo").find_map(|entry| entry.value.as_deref());
        match described {
            Some(text) => described_by(name, text),
            None => Ok(of_types(file)),
        }
    }
}

fn described_by(name: &str, text: &str) -> Read<Geo> {
    let geo: Value = serde_json::from_str(text).map_err(|error| broken(name, &error))?;
    let column = geo["primary_column"].as_str();
    let columns = geo["columns"].as_object();
    let (Some(column), Some(columns)) = (column, columns) else {
        return Err(broken(name, &"the \"geo\" entry names no primary_column"));
    };
    let Some(about) = columns.get(column) else {
        return Err(broken(name, &"the \"geo\" entry does not describe its primary_column"));
    };
    let encoding = about["encoding"].as_str().unwrap_or("WKB");
    if !encoding.eq_ignore_ascii_case("WKB") {
        return Err(native(name, column, encoding));
    }
    let mut others: Vec<String> =
        columns.keys().filter(|other| *other != column).cloned().collect();
    others.extend(covering(about));
    Ok(Geo { column: Some(column.to_owned()), claim: claim(about.get("crs")), others })
}

/// The column of bounds that only speeds up searches.
fn covering(about: &Value) -> Option<String> {
    let paths = about["covering"]["bbox"].as_object()?;
    paths.values().next()?[0].as_str().map(str::to_owned)
}

/// Parquet's own types for geometry, which newer writers use without the entry.
fn of_types(file: &FileMetaData) -> Geo {
    let mut geo = Geo::default();
    for leaf in file.schema_descr().columns() {
        let crs = match leaf.logical_type_ref() {
            Some(LogicalType::Geometry(kind)) => &kind.crs,
            Some(LogicalType::Geography(kind)) => &kind.crs,
            _ => continue,
        };
        if geo.column.is_some() || leaf.path().parts().len() != 1 {
            geo.others.extend(leaf.path().parts().first().cloned());
            continue;
        }
        geo.column = Some(leaf.name().to_owned());
        geo.claim = match crs.as_deref() {
            None | Some("") => Claim::Text(DEFAULT_SYSTEM.into()),
            Some(text) => typed_claim(text, file),
        };
    }
    geo
}

/// The text of a type's system: a code, PROJJSON, or the name of an entry that holds it.
fn typed_claim(text: &str, file: &FileMetaData) -> Claim {
    let entry = text.strip_prefix("projjson:").and_then(|key| {
        let mut entries = file.key_value_metadata().into_iter().flatten();
        entries.find(|entry| entry.key == key).and_then(|entry| entry.value.as_deref())
    });
    let text = entry.unwrap_or(text);
    if let Some(code) = text.strip_prefix("srid:") {
        return match code.trim().parse() {
            Ok(0) => Claim::None,
            Ok(code) => Claim::Epsg(code),
            Err(_) => Claim::Text(text.to_owned()),
        };
    }
    match serde_json::from_str::<Value>(text) {
        Ok(crs) if crs.is_object() => claim(Some(&crs)),
        _ => claim(Some(&Value::String(text.to_owned()))),
    }
}

/// What the `crs` of a column means: left out it is CRS84, null it is not known.
fn claim(crs: Option<&Value>) -> Claim {
    match crs {
        None => Claim::Text(DEFAULT_SYSTEM.into()),
        Some(Value::Null) => Claim::None,
        Some(Value::String(text)) => of_code(text).unwrap_or_else(|| Claim::Text(text.clone())),
        Some(crs) => {
            let id = crs.get("id").or_else(|| crs["ids"].get(0));
            id.and_then(of_id).unwrap_or_else(|| Claim::Text(crs.to_string()))
        }
    }
}

fn of_id(id: &Value) -> Option<Claim> {
    let authority = id["authority"].as_str()?;
    let code = match &id["code"] {
        Value::String(code) => code.clone(),
        Value::Number(code) => code.to_string(),
        _ => return None,
    };
    let text = format!("{authority}:{code}");
    Some(of_code(&text).unwrap_or(Claim::Text(text)))
}

fn of_code(text: &str) -> Option<Claim> {
    let (authority, code) = text.split_once(':')?;
    let code = code.trim().parse().ok().filter(|code| *code > 0)?;
    authority.eq_ignore_ascii_case("EPSG").then_some(Claim::Epsg(code))
}

fn native(name: &str, column: &str, encoding: &str) -> Words {
    Words::new(
        format!(
            "{name}：几何列 {column} 的编码是 {encoding}；可读 WKB 编码，请以 geometry_encoding='WKB' 重新导出"
        ),
        format!(
            "{name}: the geometry column {column} is encoded as {encoding}; WKB can be read: export again with geometry_encoding='WKB'"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn described(about: &Value) -> Read<Geo> {
        let geo = json!({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": about, "centre": {}}});
        described_by("a.parquet", &geo.to_string())
    }

    #[test]
    fn a_system_left_out_is_not_one_unknown() {
        let claim = |crs: Value| {
            let about = json!({"encoding": "WKB", "crs": crs});
            described(&about).expect("described").claim
        };
        let left_out = described(&json!({"encoding": "WKB"})).expect("described");
        assert_eq!(left_out.claim, Claim::Text("OGC:CRS84".into()));
        assert_eq!(left_out.others, ["centre"]);
        assert_eq!(claim(Value::Null), Claim::None);
        assert_eq!(claim(json!({"id": {"authority": "EPSG", "code": 4547}})), Claim::Epsg(4547));
        let crs84 = json!({"id": {"authority": "OGC", "code": "CRS84"}});
        assert_eq!(claim(crs84), Claim::Text("OGC:CRS84".into()));
        assert_eq!(claim(json!({"name": "武汉"})), Claim::Text(r#"{"name":"武汉"}"#.into()));
        assert_eq!(claim(json!("epsg:4490")), Claim::Epsg(4490));
    }

    #[test]
    fn an_encoding_that_is_not_read_is_named() {
        let words = described(&json!({"encoding": "multipolygon"})).expect_err("native");
        assert!(words.en.contains("multipolygon") && words.en.contains("WKB"));
    }

    #[test]
    fn the_column_of_bounds_is_no_attribute() {
        let about = json!({"encoding": "WKB", "covering": {"bbox": {"xmin": ["bbox", "xmin"]}}});
        assert_eq!(described(&about).expect("described").others, ["centre", "bbox"]);
    }

    #[test]
    fn a_damaged_description_is_refused() {
        for text in
            ["", "[]", "{}", r#"{"primary_column":"g","columns":{}}"#, "{\"primary_column\":1}"]
        {
            assert!(described_by("a.parquet", text).is_err(), "{text}");
        }
    }
}
