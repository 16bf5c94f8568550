//! Reading layers beside GDAL: 200 MB of GeoJSON, and a province of shapefiles, in one run.
//!
//! `cargo bench --bench layers`. GDAL is asked through pyogrio, by the Python that the variable
//! `PYTHON` names (`python3` otherwise); where that has none, only our own times are printed. What
//! counts is the ratio of the two, side by side.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use facility_audit::export::files;
use facility_audit::export::shapefile::Coding;
use facility_audit::source::{Cells, OutField, OutLayer, Srs, read};
use geo_types::{Coord, Geometry, LineString, Polygon};

/// Features of the GeoJSON file: with sixty vertices each it has about 200 MB.
const FEATURES: usize = 94_000;

/// Shapefiles of a province, one a county, and the features of each.
const COUNTIES: usize = 120;
const OF_COUNTY: usize = 250;

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-layers");
    std::fs::create_dir_all(&folder).expect("a folder");
    let geojson = folder.join("estates.geojson");
    write(&geojson, &layer(0, FEATURES, 60));
    let shapefiles: Vec<PathBuf> = (0..COUNTIES)
        .map(|county| {
            let path = folder.join(format!("county{county}.shp"));
            write(&path, &layer(county * OF_COUNTY, OF_COUNTY, 60));
            path
        })
        .collect();
    println!("{:<28}{:>10}{:>12}{:>12}{:>10}", "what", "MB", "ours s", "GDAL s", "ratio");
    compare("GeoJSON", &[geojson]);
    compare("shapefiles of a province", &shapefiles);
}

fn compare(what: &str, paths: &[PathBuf]) {
    let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |about| about.len());
    let megabytes = paths.iter().map(size).sum::<u64>() as f64 / 1e6;
    let start = Instant::now();
    let features: usize =
        paths.iter().map(|path| read(path, None).expect("read").grids[0].rows() - 1).sum();
    let ours = start.elapsed().as_secs_f64();
    let (theirs, ratio) = match gdal(paths, features) {
        Some(theirs) => (format!("{theirs:.2}"), format!("{:.2}", theirs / ours)),
        None => ("-".to_owned(), "-".to_owned()),
    };
    println!("{what:<28}{megabytes:>10.1}{ours:>12.2}{theirs:>12}{ratio:>10}");
}

/// The seconds GDAL takes to read all features with their geometry, if it is there.
fn gdal(paths: &[PathBuf], features: usize) -> Option<f64> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = "import sys, time, pyogrio\nstart = time.time()\n\
                  count = sum(len(pyogrio.raw.read(path)[2]) for path in sys.argv[1:])\n\
                  print(time.time() - start, count)";
    let output = Command::new(python).arg("-c").arg(script).args(paths).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (seconds, count) = text.trim().split_once(' ')?;
    assert_eq!(count.parse::<usize>().ok()?, features, "GDAL reads another number of features");
    seconds.parse().ok()
}

fn write(path: &Path, layer: &OutLayer) {
    let ending = path.extension().expect("an ending").to_string_lossy().into_owned();
    let written = files(std::slice::from_ref(layer), &ending, Coding::Utf8).expect("written");
    for (end, bytes) in written.files {
        let path = PathBuf::from(format!("{}{end}", path.with_extension("").display()));
        std::fs::write(path, bytes).expect("written");
    }
}

/// Polygons with so many vertices, and six columns.
fn layer(from: usize, count: usize, vertices: usize) -> OutLayer {
    let numbers = || from..from + count;
    let text = |prefix: &str| -> Cells {
        Cells::Text(numbers().map(|number| Some(format!("{prefix}{number}"))).collect())
    };
    let number = |factor: f64| -> Cells {
        Cells::Real(numbers().map(|number| Some(number as f64 * factor)).collect())
    };
    let field = |name: &str, cells: Cells| OutField { name: name.to_owned(), alias: None, cells };
    OutLayer {
        name: "estates".to_owned(),
        fields: vec![
            field("name", text("幸福里小区")),
            field("community", text("槐荫社区")),
            field("developer", text("某某房地产开发有限公司")),
            field("households", number(1.0)),
            field("area", number(123.456)),
            field("land", number(0.789)),
        ],
        shapes: Some(numbers().map(|number| Some(ring(number, vertices))).collect()),
        srs: Some(Srs::cgcs2000()),
        ..OutLayer::default()
    }
}

fn ring(number: usize, vertices: usize) -> Geometry {
    let centre =
        Coord { x: 110.0 + (number % 700) as f64 * 0.01, y: 30.0 + (number / 700) as f64 * 0.01 };
    let corner = |step: usize| {
        let angle = step as f64 / vertices as f64 * std::f64::consts::TAU;
        Coord { x: centre.x + 0.003 * angle.cos(), y: centre.y + 0.003 * angle.sin() }
    };
    Polygon::new(LineString::new((0..vertices).map(corner).collect()), Vec::new()).into()
}
