//! The rows of a layer, and the index over their geometry.

use geo::{BoundingRect, Rect};
use geo_types::Geometry;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, params};

use super::super::super::outgoing::{Cells, OutLayer, as_multi, joined, kind_name};
use super::super::{blob, quoted};

/// What is true of all geometry of a layer.
pub struct Shapes {
    /// The kind that the layer declares.
    pub kind: &'static str,
    /// Whether geometry of one part is written as one of many.
    pub multi: bool,
    /// Its reference system; 0 where it is not known.
    pub srs_id: i32,
    /// Its bounds; none when all geometry is missing or empty.
    pub bounds: Option<Rect<f64>>,
}

impl Shapes {
    /// What is true of the geometry of a layer.
    pub fn of(layer: &OutLayer) -> Shapes {
        let all = || layer.shapes.iter().flatten().flatten();
        let mut kinds: Vec<&str> = all().map(kind_name).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let (kind, multi) = match kinds.as_slice() {
            ["Point"] => ("POINT", false),
            ["LineString"] => ("LINESTRING", false),
            ["Polygon"] => ("POLYGON", false),
            ["MultiPoint"] | ["MultiPoint", "Point"] => ("MULTIPOINT", true),
            ["MultiLineString"] | ["LineString", "MultiLineString"] => ("MULTILINESTRING", true),
            ["MultiPolygon"] | ["MultiPolygon", "Polygon"] => ("MULTIPOLYGON", true),
            _ => ("GEOMETRY", false),
        };
        let srs_id = layer.srs.as_ref().and_then(|srs| i32::try_from(srs.epsg).ok()).unwrap_or(0);
        let bounds = all().filter_map(BoundingRect::bounding_rect).reduce(joined);
        Shapes { kind, multi, srs_id, bounds }
    }
}

/// Inserts all rows, numbered from 1.
pub fn insert(
    connection: &Connection,
    layer: &OutLayer,
    shapes: &Shapes,
    id: &str,
    geometry: Option<&str>,
) -> rusqlite::Result<()> {
    let mut names = vec![quoted(id)];
    names.extend(geometry.map(quoted));
    names.extend(layer.fields.iter().map(|field| quoted(&field.name)));
    let marks = vec!["?"; names.len()].join(", ");
    let sql =
        format!("INSERT INTO {} ({}) VALUES ({marks})", quoted(&layer.name), names.join(", "));
    let mut statement = connection.prepare(&sql)?;
    let rows = layer.shapes.as_ref().map(Vec::len);
    let rows = rows.or(layer.fields.first().map(|field| field.cells.len())).unwrap_or(0);
    for row in 0..rows {
        statement.raw_bind_parameter(1, row as i64 + 1)?;
        let mut place = 2;
        if let Some(all) = &layer.shapes {
            let bytes = all[row].as_ref().map(|geometry| bytes(geometry, shapes));
            statement.raw_bind_parameter(place, bytes)?;
            place += 1;
        }
        for field in &layer.fields {
            statement.raw_bind_parameter(place, Cell(&field.cells, row))?;
            place += 1;
        }
        statement.raw_execute()?;
    }
    Ok(())
}

fn bytes(geometry: &Geometry<f64>, shapes: &Shapes) -> Vec<u8> {
    if shapes.multi {
        return blob::write(&as_multi(geometry.clone()), shapes.srs_id);
    }
    blob::write(geometry, shapes.srs_id)
}

struct Cell<'c>(&'c Cells, usize);

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self.0 {
            Cells::Text(cells) => cells[self.1].to_sql(),
            Cells::Real(cells) => cells[self.1].to_sql(),
            Cells::Integer(cells) => cells[self.1].to_sql(),
            Cells::Flag(cells) => cells[self.1].to_sql(),
        }
    }
}

/// Builds the index over the bounds of all geometry, and the triggers that keep it.
pub fn index(
    connection: &Connection,
    layer: &OutLayer,
    id: &str,
    geometry: &str,
) -> rusqlite::Result<()> {
    let name = quoted(&format!("rtree_{}_{geometry}", layer.name));
    connection.execute_batch(&format!(
        "CREATE VIRTUAL TABLE {name} USING rtree(id, minx, maxx, miny, maxy)"
    ))?;
    let mut statement =
        connection.prepare(&format!("INSERT INTO {name} VALUES (?1, ?2, ?3, ?4, ?5)"))?;
    for (row, shape) in layer.shapes.iter().flatten().enumerate() {
        let bounds: Option<Rect<f64>> = shape.as_ref().and_then(BoundingRect::bounding_rect);
        if let Some(bounds) = bounds {
            let (min, max) = (bounds.min(), bounds.max());
            statement.execute(params![row as i64 + 1, min.x, max.x, min.y, max.y])?;
        }
    }
    let inside = |name: &str| name.replace('"', "\"\"");
    let triggers = include_str!("../rtree.sql")
        .replace("{c}", &inside(geometry))
        .replace("{i}", &inside(id))
        .replace("{t}", &inside(&layer.name));
    connection.execute_batch(&triggers)?;
    connection
        .execute(
            "INSERT INTO gpkg_extensions VALUES (?1, ?2, 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
            params![layer.name, geometry],
        )
        .map(|_| ())
}
