//! The `.shp` and the `.shx`: geometries of one family, outer rings clockwise as the format wants.

use geo::CoordsIter;
use geo::orient::{Direction, Orient};
use geo_types::{Coord, Geometry, LineString, Polygon};

use crate::source::Read;
use crate::words::Words;

/// What a file holds; the number is that of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Null = 0,
    Point = 1,
    Line = 3,
    Polygon = 5,
    MultiPoint = 8,
}

impl Family {
    fn of(geometry: &Geometry<f64>) -> Option<Family> {
        match geometry {
            Geometry::Point(_) => Some(Family::Point),
            Geometry::MultiPoint(_) => Some(Family::MultiPoint),
            Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => {
                Some(Family::Line)
            }
            Geometry::Polygon(_)
            | Geometry::MultiPolygon(_)
            | Geometry::Rect(_)
            | Geometry::Triangle(_) => Some(Family::Polygon),
            Geometry::GeometryCollection(_) => None,
        }
    }

    /// The family of both; single points go with several.
    fn with(self, other: Family) -> Option<Family> {
        match (self, other) {
            (Family::Null, other) => Some(other),
            (Family::Point, Family::MultiPoint) | (Family::MultiPoint, Family::Point) => {
                Some(Family::MultiPoint)
            }
            _ => (self == other).then_some(self),
        }
    }
}

/// The bytes of both files; the name is for messages.
pub fn write(name: &str, geometries: &[Option<Geometry<f64>>]) -> Read<(Vec<u8>, Vec<u8>)> {
    let family = family(name, geometries)?;
    let mut extent = Extent::default();
    let (mut records, mut index) = (Vec::new(), Vec::new());
    for (number, geometry) in (1u32..).zip(geometries) {
        let content = match geometry {
            Some(geometry) if geometry.coords_count() > 0 => {
                extent.widen(&Extent::of(geometry));
                content(family, geometry)
            }
            _ => 0u32.to_le_bytes().to_vec(),
        };
        let words = (content.len() / 2) as u32;
        index.extend((((100 + records.len()) / 2) as u32).to_be_bytes());
        index.extend(words.to_be_bytes());
        records.extend(number.to_be_bytes());
        records.extend(words.to_be_bytes());
        records.extend(content);
        if i32::try_from((100 + records.len()) / 2).is_err() {
            return Err(Words::new(
                format!(
                    "{name}：到第 {number} 行时 .shp 已超过 4 GB 的限度；请分几层导出，或用 GeoPackage"
                ),
                format!(
                    "{name}: at row {number} the .shp is beyond its limit of 4 GB; export several layers, or a GeoPackage"
                ),
            ));
        }
    }
    let file = |body: Vec<u8>| {
        let mut bytes = header(family, body.len(), &extent);
        bytes.extend(body);
        bytes
    };
    Ok((file(records), file(index)))
}

fn family(name: &str, geometries: &[Option<Geometry<f64>>]) -> Read<Family> {
    let mut family = Family::Null;
    for (row, geometry) in (1..).zip(geometries) {
        let Some(geometry) = geometry else { continue };
        let joined = Family::of(geometry).and_then(|own| family.with(own));
        family = joined.ok_or_else(|| {
            Words::new(
                format!("{name}：第 {row} 行的几何与前面各行不属同一类；一个 .shp 只能是点、线或面，请分层导出"),
                format!("{name}: the geometry of row {row} is of another kind than those before it; a .shp holds points, lines or polygons, export one layer for each"),
            )
        })?;
        if let Some(Coord { x, y }) =
            geometry.coords_iter().find(|c| !(c.x.is_finite() && c.y.is_finite()))
        {
            return Err(Words::new(
                format!("{name}：第 {row} 行的坐标 {x}, {y} 不是有限的数"),
                format!("{name}: the coordinates {x}, {y} of row {row} are not finite"),
            ));
        }
    }
    Ok(family)
}

/// The box around some coordinates.
#[derive(Debug, Clone, Copy, Default)]
struct Extent(Option<[f64; 4]>);

impl Extent {
    fn of(geometry: &Geometry<f64>) -> Extent {
        let mut extent = Extent::default();
        for Coord { x, y } in geometry.coords_iter() {
            extent.widen(&Extent(Some([x, y, x, y])));
        }
        extent
    }

    fn widen(&mut self, other: &Extent) {
        self.0 = match (self.0, other.0) {
            (Some(a), Some(b)) => {
                Some([a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
            }
            (own, other) => own.or(other),
        };
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.unwrap_or_default().iter().flat_map(|value| value.to_le_bytes()).collect()
    }
}

fn header(family: Family, body: usize, extent: &Extent) -> Vec<u8> {
    let mut bytes = 9994u32.to_be_bytes().to_vec();
    bytes.resize(24, 0);
    bytes.extend((((100 + body) / 2) as u32).to_be_bytes());
    bytes.extend(1000u32.to_le_bytes());
    bytes.extend((family as u32).to_le_bytes());
    bytes.extend(extent.bytes());
    bytes.resize(100, 0);
    bytes
}

fn content(family: Family, geometry: &Geometry<f64>) -> Vec<u8> {
    let mut bytes = (family as u32).to_le_bytes().to_vec();
    let points: Vec<Coord<f64>> = geometry.coords_iter().collect();
    match family {
        Family::Null => {}
        Family::Point => put_points(&mut bytes, &points),
        Family::MultiPoint => {
            bytes.extend(Extent::of(geometry).bytes());
            bytes.extend((points.len() as u32).to_le_bytes());
            put_points(&mut bytes, &points);
        }
        Family::Line | Family::Polygon => {
            let parts = parts(geometry);
            bytes.extend(Extent::of(geometry).bytes());
            bytes.extend((parts.len() as u32).to_le_bytes());
            let count: usize = parts.iter().map(|part| part.0.len()).sum();
            bytes.extend((count as u32).to_le_bytes());
            let mut start = 0;
            for part in &parts {
                bytes.extend((start as u32).to_le_bytes());
                start += part.0.len();
            }
            parts.iter().for_each(|part| put_points(&mut bytes, &part.0));
        }
    }
    bytes
}

fn put_points(bytes: &mut Vec<u8>, points: &[Coord<f64>]) {
    for point in points {
        bytes.extend(point.x.to_le_bytes());
        bytes.extend(point.y.to_le_bytes());
    }
}

/// The lines of a geometry, or its rings, without empty ones.
fn parts(geometry: &Geometry<f64>) -> Vec<LineString<f64>> {
    let parts = match geometry {
        Geometry::Line(line) => vec![LineString::from(*line)],
        Geometry::LineString(line) => vec![line.clone()],
        Geometry::MultiLineString(lines) => lines.0.clone(),
        Geometry::Polygon(polygon) => rings(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().flat_map(rings).collect(),
        Geometry::Rect(rect) => rings(&rect.to_polygon()),
        Geometry::Triangle(triangle) => rings(&triangle.to_polygon()),
        Geometry::Point(_) | Geometry::MultiPoint(_) | Geometry::GeometryCollection(_) => vec![],
    };
    parts.into_iter().filter(|part| !part.0.is_empty()).collect()
}

fn rings(polygon: &Polygon<f64>) -> Vec<LineString<f64>> {
    let (outer, holes) = polygon.orient(Direction::Reversed).into_inner();
    std::iter::once(outer).chain(holes).collect()
}
