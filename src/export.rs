//! Layers become files of other programs.
//!
//! A layer that was read is written again in another format, or another coordinate system: what
//! `convert` does. Types of columns are told by all their cells: numbers that begin with a zero, or
//! are too long for a number, stay text.

pub mod geojson;
pub mod shapefile;
pub mod workbook;

use std::path::Path;

use geo_types::Geometry;

use crate::geometry::crs::{Crs, Transformer};
use crate::geometry::wkt;
use crate::layer::{Grid, Shapes, TextColumn};
use crate::source::{
    Cells, OutField, OutLayer, Read, Srs, write_flatgeobuf, write_geopackage, write_parquet,
};
use crate::words::Words;

use shapefile::{Coding, Features, Field, Kind};

/// The files of a layer, and what was changed on the way.
#[derive(Debug, Default)]
pub struct Files {
    /// What is added to the name without its ending, and the bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// What a reader must know.
    pub notes: Vec<Words>,
}

/// The endings that can be written.
pub const ENDINGS: &[&str] = &["geojson", "gpkg", "shp", "fgb", "parquet", "csv"];

/// A grid in degrees as a layer in another system; without one, a table without geometry.
///
/// # Errors
/// When the system has no definition that can be written, or a place lies beyond it.
pub fn layer(grid: &Grid, name: &str, to: &Crs) -> Read<OutLayer> {
    let rows = 1..grid.rows();
    let mut taken: Vec<String> = Vec::new();
    let fields = (0..grid.columns()).map(|column| {
        let heading = grid.cell(0, column);
        let heading =
            if heading.is_empty() { format!("field_{}", column + 1) } else { heading.to_owned() };
        let mut unique = heading.clone();
        let mut number = 1;
        while taken.iter().any(|other| other.eq_ignore_ascii_case(&unique)) {
            number += 1;
            unique = format!("{heading}_{number}");
        }
        taken.push(unique.clone());
        OutField { name: unique, alias: None, cells: cells(grid, column) }
    });
    let fields: Vec<OutField> = fields.collect();
    let transformer = Transformer::new(to);
    let place = |row: usize| -> Read<Option<Geometry<f64>>> {
        let shapes = grid.shapes.as_ref().map(|shapes| &shapes.all);
        let Some(from) = shapes.and_then(|all| all.get(row)?.as_ref()) else { return Ok(None) };
        transformer.geometry_from_lonlat(from).map(Some).ok_or_else(|| {
            let crs = to.words();
            Words::new(
                format!("{name}：第 {row} 个要素超出{}的范围", crs.zh),
                format!("{name}: feature {row} lies beyond {}", crs.en),
            )
        })
    };
    let shapes = match &grid.shapes {
        Some(_) => Some(rows.map(place).collect::<Read<Vec<_>>>()?),
        None => None,
    };
    let srs = to.authority().and_then(Srs::of_epsg);
    if shapes.is_some() && srs.is_none() {
        let crs = to.words();
        return Err(Words::new(
            format!("不能写成{}；可用：EPSG:4490、EPSG:4326、EPSG:4491–4554", crs.zh),
            format!("{} cannot be written; accepted: EPSG:4490, EPSG:4326, EPSG:4491–4554", crs.en),
        ));
    }
    Ok(OutLayer {
        name: name.to_owned(),
        title: name.to_owned(),
        fields,
        shapes,
        srs,
        style: None,
        sld: None,
    })
}

/// The cells of a column in the narrowest type that loses nothing of any.
fn cells(grid: &Grid, column: usize) -> Cells {
    let all = || (1..grid.rows()).map(|row| grid.cell(row, column));
    let given = || all().filter(|text| !text.is_empty());
    let plain = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let leading = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        !leading && digits.len() <= 17 && digits.starts_with(|c: char| c.is_ascii_digit())
    };
    let integer = |text: &str| text.parse::<i64>().ok().filter(|_| plain(text));
    let real =
        |text: &str| text.parse::<f64>().ok().filter(|number| plain(text) && number.is_finite());
    if given().next().is_none() {
        Cells::Text(all().map(|_| None).collect())
    } else if given().all(|text| integer(text).is_some()) {
        Cells::Integer(all().map(integer).collect())
    } else if given().all(|text| real(text).is_some()) {
        Cells::Real(all().map(real).collect())
    } else {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Cells::Text(all().map(text).collect())
    }
}

/// Writes layers in the format an ending names; formats of one layer take just one.
///
/// # Errors
/// When the ending is unknown, the format holds one layer and there are several, or the format
/// cannot hold what is in them.
pub fn files(layers: &[OutLayer], ending: &str, coding: Coding) -> Read<Files> {
    let one = || match layers {
        [layer] => Ok(layer),
        several => Err(Words::new(
            format!(".{ending} 只能放一个图层，现有 {} 个；请用 --sheet 指明", several.len()),
            format!(
                "a .{ending} holds one layer, there are {}; name one with --sheet",
                several.len()
            ),
        )),
    };
    let single =
        |bytes: Vec<u8>| Files { files: vec![(format!(".{ending}"), bytes)], notes: Vec::new() };
    match ending {
        "geojson" => geojson::write(one()?).map(single),
        "gpkg" => write_geopackage(layers, jiff::Timestamp::UNIX_EPOCH).map(single),
        "fgb" => {
            let layer = one()?;
            let epsg = layer.srs.as_ref().map(|srs| srs.epsg);
            Ok(single(write_flatgeobuf(&layer.name, &grid(layer), epsg)))
        }
        "parquet" => write_parquet(one()?).map(single),
        "csv" => Ok(single(csv(one()?))),
        "shp" => to_shapefile(one()?, coding),
        _ => {
            let known = ENDINGS.join(", .");
            Err(Words::new(
                format!("不认识的输出格式 .{ending}；可用：.{known}"),
                format!("unknown output format .{ending}; accepted: .{known}"),
            ))
        }
    }
}

/// A layer as a grid of texts, with its geometry.
fn grid(layer: &OutLayer) -> Grid {
    let rows = layer.rows().unwrap_or(0);
    let mut grid = Grid::default();
    grid.push_row(layer.fields.iter().map(|field| field.name.as_str()));
    for row in 0..rows {
        let cells: Vec<String> = layer.fields.iter().map(|field| field.cells.text(row)).collect();
        grid.push_row(cells.iter().map(String::as_str));
    }
    let shapes = layer.shapes.clone().unwrap_or_default();
    let all = std::iter::once(None).chain(shapes).collect();
    grid.shapes = Some(Shapes { all, ..Shapes::default() });
    grid
}

fn to_shapefile(layer: &OutLayer, coding: Coding) -> Read<Files> {
    let fields = layer.fields.iter().map(|field| Field {
        name: field.name.clone(),
        kind: match &field.cells {
            Cells::Real(_) | Cells::Integer(_) => Kind::Number,
            Cells::Flag(_) => Kind::Flag,
            Cells::Text(_) => Kind::Text,
        },
        cells: {
            let mut column = TextColumn::default();
            (0..field.cells.len()).for_each(|row| column.push(&field.cells.text(row)));
            column
        },
    });
    let crs = layer.srs.as_ref().and_then(|srs| Crs::of_epsg(srs.epsg).ok());
    let features = Features {
        fields: fields.collect(),
        geometries: layer.shapes.clone().unwrap_or_default(),
        projection: crs.and_then(|crs| crs.prj()),
    };
    let written = shapefile::write(&layer.name, &features, coding)?;
    let mut files: Vec<(String, Vec<u8>)> =
        written.files.into_iter().map(|(ending, bytes)| (format!(".{ending}"), bytes)).collect();
    let mut dictionary = String::from("\u{feff}字段,全名\r\n");
    for (short, full) in &written.dictionary {
        dictionary += &format!("{},{}\r\n", quoted(short), quoted(full));
    }
    files.push(("_字段对照.csv".to_owned(), dictionary.into_bytes()));
    Ok(Files { files, notes: written.notes })
}

/// A table with the geometry as WKT in the last column.
fn csv(layer: &OutLayer) -> Vec<u8> {
    let geometry = layer.shapes.as_ref().map(|_| layer.free_name("wkt"));
    let headings = layer.fields.iter().map(|field| quoted(&field.name)).chain(geometry);
    let mut text = String::from("\u{feff}");
    text += &headings.collect::<Vec<_>>().join(",");
    text += "\r\n";
    let rows = layer.rows().unwrap_or(0);
    for row in 0..rows {
        let cells = layer.fields.iter().map(|field| quoted(&guarded(&field.cells.text(row))));
        let shape = layer
            .shapes
            .as_ref()
            .map(|shapes| shapes[row].as_ref().map_or(String::new(), wkt::write));
        text += &cells.chain(shape.map(|shape| quoted(&shape))).collect::<Vec<_>>().join(",");
        text += "\r\n";
    }
    text.into_bytes()
}

/// A text a spreadsheet would take for a formula; numbers are none.
fn guarded(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if risky { format!("'{text}") } else { text.to_owned() }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// The system a layer is written in when nobody names one: its own, if that can be written.
pub fn own_crs(name: Option<&str>) -> Crs {
    let own = name.and_then(|name| Crs::named(name).ok());
    own.filter(|crs| crs.authority().and_then(Srs::of_epsg).is_some()).unwrap_or(Crs::Cgcs2000)
}

/// The ending of a path, in lower case.
pub fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}
