//! One awkward file per trap: what each must give stands beside it.

use std::path::{Path, PathBuf};

use facility_audit::geometry::crs::Crs;
use facility_audit::geometry::wkt;
use facility_audit::layer::{Claim, Grid};
use facility_audit::source::read;
use geo::Area;
use geo_types::Geometry;
use serde_json::Value;

use crate::support::{folders, golden, root};

/// The files of a trap that are read: all but the parts of a shapefile.
fn mains(folder: &Path) -> Vec<PathBuf> {
    let part = |path: &PathBuf| {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        ending.is_some_and(|ending| ["dbf", "shx", "prj", "cpg"].contains(&ending.as_str()))
    };
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| !part(path))
        .collect();
    all.sort();
    all
}

fn rows(grid: &Grid) -> Value {
    let row = |row: usize| (0..grid.columns()).map(|column| grid.cell(row, column)).collect();
    (0..grid.rows()).map(row).collect::<Vec<Vec<&str>>>().into()
}

/// Kind, planar area and holes of a geometry; nothing where there is none.
fn shape(geometry: Option<&Geometry<f64>>) -> Value {
    let Some(geometry) = geometry else { return Value::Null };
    let (kind, holes) = match geometry {
        Geometry::Point(_) => ("Point", 0),
        Geometry::MultiPoint(_) => ("MultiPoint", 0),
        Geometry::LineString(_) => ("LineString", 0),
        Geometry::MultiLineString(_) => ("MultiLineString", 0),
        Geometry::Polygon(polygon) => ("Polygon", polygon.interiors().len()),
        Geometry::MultiPolygon(all) => {
            ("MultiPolygon", all.0.iter().map(|polygon| polygon.interiors().len()).sum())
        }
        Geometry::GeometryCollection(_) => ("GeometryCollection", 0),
        _ => ("other", 0),
    };
    serde_json::json!({ "kind": kind, "area": geometry.unsigned_area(), "holes": holes })
}

/// Whether what was found has all that was expected; numbers to nine digits.
fn agrees(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            wanted.iter().all(|(key, value)| agrees(found.get(key).unwrap_or(&Value::Null), value))
        }
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && found.iter().zip(wanted).all(|(found, wanted)| agrees(found, wanted))
        }
        (Value::Number(found), Value::Number(wanted)) => {
            let (found, wanted) = (found.as_f64().unwrap_or(0.0), wanted.as_f64().unwrap_or(0.0));
            (found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0)
        }
        _ => found == wanted,
    }
}

/// Checks that each text expected is part of what was said.
fn says(trap: &str, what: &str, said: &[String], wanted: Option<&Value>) {
    for text in wanted.and_then(Value::as_array).into_iter().flatten() {
        let text = text.as_str().expect("a text");
        assert!(
            said.iter().any(|one| one.contains(text)),
            "{trap}: {what} lacks {text}: {said:#?}"
        );
    }
}

fn check(trap: &str, folder: &Path, wanted: &Value) {
    let files = mains(folder);
    let [file] = files.as_slice() else { panic!("{trap}: one file was expected: {files:?}") };
    let declared = wanted["declared"].as_str();
    let read = match (read(file, declared), wanted["error"].as_str()) {
        (Ok(read), None) => read,
        (Err(error), Some(text)) => {
            let words = error.words();
            assert!(words.zh.contains(text) || words.en.contains(text), "{trap}: {error}");
            return;
        }
        (Err(error), None) => panic!("{trap}: {error}"),
        (Ok(_), Some(text)) => panic!("{trap}: it must be refused: {text}"),
    };
    let grids: Vec<&Grid> = read.grids.iter().collect();
    if let Some(sheets) = wanted["sheets"].as_array() {
        let found: Vec<Value> = grids.iter().map(|grid| grid.sheet.clone().into()).collect();
        assert_eq!(&found, sheets, "{trap}: layers");
    }
    let grid = grids.first().unwrap_or_else(|| panic!("{trap}: no layer"));
    if let Some(encoding) = wanted["encoding"].as_str() {
        let found = grid.encoding.as_deref().unwrap_or("");
        assert!(found.contains(encoding), "{trap}: {found} is not {encoding}");
    }
    if !wanted["rows"].is_null() {
        let found = rows(grid);
        assert_eq!(found, wanted["rows"], "{trap}: cells");
    }
    let shapes = grid.shapes.as_ref();
    if !wanted["shapes"].is_null() {
        let all = &shapes.unwrap_or_else(|| panic!("{trap}: no geometry")).all;
        let found: Value = all.iter().skip(1).map(|one| shape(one.as_ref())).collect();
        assert!(agrees(&found, &wanted["shapes"]), "{trap}: {found:#}");
    }
    if let Some(epsg) = wanted["epsg"].as_u64() {
        let claim = shapes.map_or(Claim::None, |shapes| shapes.claim.clone());
        let crs = Crs::of_claim(&claim).unwrap_or_else(|words| panic!("{trap}: {words}"));
        let found = crs.and_then(|crs| crs.authority()).map(u64::from);
        assert_eq!(found, Some(epsg), "{trap}: its coordinate system");
    }
    let notes: Vec<String> = grid.notes.iter().map(|note| note.zh.clone()).collect();
    says(trap, "notes", &notes, wanted.get("notes"));
    let faults: Vec<String> = shapes
        .map_or(Vec::new(), |shapes| shapes.faults.iter().map(|one| one.1.zh.clone()).collect());
    says(trap, "faults", &faults, wanted.get("faults"));
}

#[test]
fn every_awkward_file_gives_what_it_should() {
    let mut traps = 0;
    for folder in folders(&root("fixtures/formats")) {
        let Ok(text) = std::fs::read_to_string(folder.join("expected.json")) else { continue };
        let format = folder.file_name().expect("named").to_string_lossy().into_owned();
        let expected: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{format}: {error}"));
        let expected = expected.as_object().expect("traps by name");
        for trap in folders(&folder) {
            let name = trap.file_name().expect("named").to_string_lossy().into_owned();
            let wanted = expected.get(&name).unwrap_or_else(|| panic!("{format}/{name}: not told"));
            check(&format!("{format}/{name}"), &trap, wanted);
            traps += 1;
        }
    }
    assert!(traps >= 30, "only {traps} traps");
}

/// What a file of text was read as: its format, cells, geometry, faults and notes.
fn described(path: &Path) -> String {
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    let read = match read(path, None) {
        Ok(read) => read,
        Err(error) => {
            let words = error.words();
            return format!("{name}\n  refused: {}\n  {}\n", words.zh, words.en);
        }
    };
    let mut out = format!("{name}: {}\n", read.format);
    for grid in &read.grids {
        out += &format!("  encoding {}\n", grid.encoding.as_deref().unwrap_or("-"));
        for row in 0..grid.rows().min(6) {
            let cells: Vec<&str> =
                (0..grid.columns()).map(|column| grid.cell(row, column)).collect();
            out += &format!("  | {} |\n", cells.join(" | "));
        }
        let points = facility_audit::source::points_of(grid, 0);
        if let Some(shapes) = grid.shapes.as_ref().or(points.as_ref()) {
            out += &format!("  claim {:?}\n", shapes.claim);
            for (row, shape) in shapes.all.iter().enumerate().skip(1) {
                let text = shape.as_ref().map_or("-".to_owned(), wkt::write);
                out += &format!("  {row}: {}\n", text.chars().take(90).collect::<String>());
            }
            for (row, words) in &shapes.faults {
                out += &format!("  fault {row}: {} | {}\n", words.zh, words.en);
            }
        }
        for words in &grid.notes {
            out += &format!("  note: {} | {}\n", words.zh, words.en);
        }
    }
    out
}

#[test]
fn every_awkward_text_is_read_as_reviewed() {
    let folder = root("fixtures/formats/text");
    let expected = folder.join("expected.txt");
    let other = |path: &PathBuf| {
        let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned());
        !ending.is_some_and(|ending| ["md", "py", "txt"].contains(&ending.as_str()))
    };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(other)
        .collect();
    paths.sort();
    let all: Vec<String> = paths.iter().map(|path| described(path)).collect();
    assert!(all.len() > 30, "only {} files", all.len());
    golden(&expected, &all.join("\n"));
}
