//! A layer becomes FlatGeobuf.
//!
//! The features are built with the tables of the `flatgeobuf` crate and not with its writer: that
//! one knows no feature without geometry, and loses the holes of polygons in collections.

use ::flatgeobuf::{
    Column, ColumnArgs, ColumnType, Crs, CrsArgs, Feature, FeatureArgs, Geometry as Raw,
    GeometryArgs, GeometryType, Header, HeaderArgs,
};
use flatbuffers::{FlatBufferBuilder, WIPOffset};
use geo::BoundingRect;
use geo_types::{Coord, Geometry, LineString, Polygon};

use crate::layer::Grid;

/// Version 3 of the format.
const MAGIC: &[u8] = b"fgb\x03fgb\0";

/// Writes a grid whose row 0 holds the headings, with the geometry beside it, in the order of its
/// rows and without an index.
///
/// A column is one of numbers where every cell reads back the same; codes with leading zeros stay
/// text. Blank cells are null.
pub fn write_flatgeobuf(name: &str, grid: &Grid, epsg: Option<u32>) -> Vec<u8> {
    let all = grid.shapes.as_ref().map_or(&[][..], |shapes| &shapes.all);
    let shape = |row: usize| all.get(row).and_then(Option::as_ref);
    let kind = common_type((1..grid.rows()).filter_map(shape));
    let columns: Vec<ColumnType> =
        (0..grid.columns()).map(|column| column_type(grid, column)).collect();
    let mut out = MAGIC.to_vec();
    let mut builder = FlatBufferBuilder::new();
    write_header(&mut builder, name, grid, kind, &columns, epsg);
    out.extend(builder.finished_data());
    for row in 1..grid.rows() {
        builder.reset();
        let geometry = shape(row).map(|shape| {
            let kind = if kind == GeometryType::Unknown { type_of(shape) } else { kind };
            write_geometry(&mut builder, shape, kind)
        });
        let properties = Some(builder.create_vector(&properties(grid, row, &columns)));
        let feature =
            Feature::create(&mut builder, &FeatureArgs { geometry, properties, columns: None });
        builder.finish_size_prefixed(feature, None);
        out.extend(builder.finished_data());
    }
    out
}

fn write_header(
    builder: &mut FlatBufferBuilder<'_>,
    name: &str,
    grid: &Grid,
    geometry_type: GeometryType,
    columns: &[ColumnType],
    epsg: Option<u32>,
) {
    let declared: Vec<_> = (columns.iter().enumerate())
        .map(|(column, kind)| {
            let name = Some(builder.create_string(grid.cell(0, column)));
            Column::create(builder, &ColumnArgs { name, type_: *kind, ..ColumnArgs::default() })
        })
        .collect();
    let columns = Some(builder.create_vector(&declared));
    let crs = epsg.and_then(|code| i32::try_from(code).ok()).map(|code| {
        let org = Some(builder.create_string("EPSG"));
        Crs::create(builder, &CrsArgs { org, code, ..CrsArgs::default() })
    });
    let envelope = envelope(grid).map(|bounds| builder.create_vector(&bounds));
    let header = HeaderArgs {
        name: Some(builder.create_string(name)),
        envelope,
        geometry_type,
        columns,
        features_count: grid.rows().saturating_sub(1) as u64,
        index_node_size: 0,
        crs,
        ..HeaderArgs::default()
    };
    let header = Header::create(builder, &header);
    builder.finish_size_prefixed(header, None);
}

fn envelope(grid: &Grid) -> Option<[f64; 4]> {
    let shapes = grid.shapes.iter().flat_map(|shapes| shapes.all.iter().flatten());
    let bounds = shapes.filter_map(|shape| shape.bounding_rect());
    let bounds = bounds.map(|one| [one.min().x, one.min().y, one.max().x, one.max().y]);
    bounds.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

/// The type that all geometries have, the multi type where both occur, else unknown.
fn common_type<'g>(mut all: impl Iterator<Item = &'g Geometry<f64>>) -> GeometryType {
    let Some(first) = all.next() else {
        return GeometryType::Unknown;
    };
    all.map(type_of).try_fold(type_of(first), joined).unwrap_or(GeometryType::Unknown)
}

fn joined(a: GeometryType, b: GeometryType) -> Option<GeometryType> {
    if a == b { Some(a) } else { (multi(a) == multi(b)).then_some(multi(a)) }
}

/// The type of a geometry; a collection of one kind is written as the multi-geometry it is.
fn type_of(geometry: &Geometry<f64>) -> GeometryType {
    match geometry {
        Geometry::Point(_) => GeometryType::Point,
        Geometry::Line(_) | Geometry::LineString(_) => GeometryType::LineString,
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => GeometryType::Polygon,
        Geometry::MultiPoint(_) => GeometryType::MultiPoint,
        Geometry::MultiLineString(_) => GeometryType::MultiLineString,
        Geometry::MultiPolygon(_) => GeometryType::MultiPolygon,
        Geometry::GeometryCollection(_) => {
            let members = pieces(geometry);
            let mut kinds = members.iter().map(type_of);
            let first = kinds.next().map_or(GeometryType::GeometryCollection, multi);
            if kinds.all(|kind| multi(kind) == first) {
                first
            } else {
                GeometryType::GeometryCollection
            }
        }
    }
}

fn multi(kind: GeometryType) -> GeometryType {
    match kind {
        GeometryType::LineString => GeometryType::MultiLineString,
        GeometryType::Polygon => GeometryType::MultiPolygon,
        GeometryType::Point => GeometryType::MultiPoint,
        other => other,
    }
}

fn column_type(grid: &Grid, column: usize) -> ColumnType {
    let cells =
        || (1..grid.rows()).map(|row| grid.cell(row, column)).filter(|cell| !cell.is_empty());
    let same = |cell: &str, back: Option<String>| back.is_some_and(|back| back == cell);
    if cells().next().is_none() {
        ColumnType::String
    } else if cells().all(|cell| same(cell, cell.parse().ok().map(|n: i64| n.to_string()))) {
        ColumnType::Long
    } else if cells().all(|cell| same(cell, finite(cell).map(|number| number.to_string()))) {
        ColumnType::Double
    } else {
        ColumnType::String
    }
}

fn finite(cell: &str) -> Option<f64> {
    cell.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The values of a row that are not blank, each behind the number of its column.
fn properties(grid: &Grid, row: usize, columns: &[ColumnType]) -> Vec<u8> {
    let mut out = Vec::new();
    for (column, kind) in columns.iter().enumerate() {
        let cell = grid.cell(row, column);
        let value = match *kind {
            _ if cell.is_empty() => continue,
            ColumnType::Long => {
                cell.parse::<i64>().map(i64::to_le_bytes).unwrap_or_default().to_vec()
            }
            ColumnType::Double => finite(cell).map(f64::to_le_bytes).unwrap_or_default().to_vec(),
            _ => {
                let length = u32::try_from(cell.len()).unwrap_or(u32::MAX);
                [&length.to_le_bytes(), &cell.as_bytes()[..length as usize]].concat()
            }
        };
        // The format counts columns with 16 bits.
        if let Ok(column) = u16::try_from(column) {
            out.extend(column.to_le_bytes());
            out.extend(value);
        }
    }
    out
}

fn write_geometry<'b>(
    builder: &mut FlatBufferBuilder<'b>,
    geometry: &Geometry<f64>,
    kind: GeometryType,
) -> WIPOffset<Raw<'b>> {
    let pieces = pieces(geometry);
    match kind {
        GeometryType::GeometryCollection => {
            let members: Vec<_> = pieces
                .iter()
                .map(|member| write_geometry(builder, member, type_of(member)))
                .collect();
            with_parts(builder, &members, kind)
        }
        GeometryType::MultiPolygon => {
            let polygons: Vec<_> = pieces
                .iter()
                .map(|polygon| write_geometry(builder, polygon, GeometryType::Polygon))
                .collect();
            with_parts(builder, &polygons, kind)
        }
        _ => {
            let lines: Vec<&[Coord<f64>]> = pieces.iter().flat_map(lines_of).collect();
            let xy: Vec<f64> =
                lines.iter().copied().flatten().flat_map(|coord| [coord.x, coord.y]).collect();
            let divided = matches!(kind, GeometryType::Polygon | GeometryType::MultiLineString);
            let ends = (divided && lines.len() > 1).then(|| builder.create_vector(&ends(&lines)));
            let xy = Some(builder.create_vector(&xy));
            Raw::create(builder, &GeometryArgs { ends, xy, type_: kind, ..GeometryArgs::default() })
        }
    }
}

fn with_parts<'b>(
    builder: &mut FlatBufferBuilder<'b>,
    parts: &[WIPOffset<Raw<'b>>],
    type_: GeometryType,
) -> WIPOffset<Raw<'b>> {
    let parts = Some(builder.create_vector(parts));
    Raw::create(builder, &GeometryArgs { parts, type_, ..GeometryArgs::default() })
}

/// The number of positions up to the end of each line.
fn ends(lines: &[&[Coord<f64>]]) -> Vec<u32> {
    let mut end = 0;
    let mut add = |line: &&[Coord<f64>]| {
        end += line.len() as u32;
        end
    };
    lines.iter().map(&mut add).collect()
}

/// The points, lines and polygons of any geometry.
fn pieces(geometry: &Geometry<f64>) -> Vec<Geometry<f64>> {
    match geometry {
        Geometry::MultiPoint(parts) => parts.0.iter().map(|part| (*part).into()).collect(),
        Geometry::MultiLineString(parts) => parts.0.iter().cloned().map(Into::into).collect(),
        Geometry::MultiPolygon(parts) => parts.0.iter().cloned().map(Into::into).collect(),
        Geometry::GeometryCollection(members) => members.0.iter().flat_map(pieces).collect(),
        Geometry::Line(part) => vec![LineString(vec![part.start, part.end]).into()],
        Geometry::Rect(part) => vec![part.to_polygon().into()],
        Geometry::Triangle(part) => vec![part.to_polygon().into()],
        part => vec![part.clone()],
    }
}

fn lines_of(piece: &Geometry<f64>) -> Vec<&[Coord<f64>]> {
    match piece {
        Geometry::Point(point) => vec![std::slice::from_ref(&point.0)],
        Geometry::LineString(line) => vec![&line.0],
        Geometry::Polygon(polygon) => rings(polygon).map(|ring| ring.0.as_slice()).collect(),
        _ => Vec::new(),
    }
}

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}
