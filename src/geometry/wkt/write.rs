//! A geometry becomes well-known text.

use geo_types::{Coord, Geometry, LineString, Polygon};

/// Writes a geometry as WKT, each number in the fewest digits that read back the same.
///
/// ```text
/// POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))
/// ```
pub fn write(geometry: &Geometry<f64>) -> String {
    let mut out = String::new();
    write_geometry(&mut out, geometry);
    out
}

fn write_geometry(out: &mut String, geometry: &Geometry<f64>) {
    match geometry {
        Geometry::Point(point) => {
            out.push_str("POINT");
            line(out, &[point.0]);
        }
        Geometry::Line(part) => {
            out.push_str("LINESTRING");
            line(out, &[part.start, part.end]);
        }
        Geometry::LineString(part) => {
            out.push_str("LINESTRING");
            line(out, &part.0);
        }
        Geometry::Polygon(part) => {
            out.push_str("POLYGON");
            polygon(out, part);
        }
        Geometry::Rect(part) => write_geometry(out, &part.to_polygon().into()),
        Geometry::Triangle(part) => write_geometry(out, &part.to_polygon().into()),
        Geometry::MultiPoint(parts) => {
            out.push_str("MULTIPOINT");
            listed(out, &parts.0, |out, point| line(out, &[point.0]));
        }
        Geometry::MultiLineString(parts) => {
            out.push_str("MULTILINESTRING");
            listed(out, &parts.0, |out, part| line(out, &part.0));
        }
        Geometry::MultiPolygon(parts) => {
            out.push_str("MULTIPOLYGON");
            listed(out, &parts.0, polygon);
        }
        Geometry::GeometryCollection(parts) => {
            out.push_str("GEOMETRYCOLLECTION");
            listed(out, &parts.0, write_geometry);
        }
    }
}

fn listed<T>(out: &mut String, items: &[T], mut item: impl FnMut(&mut String, &T)) {
    if items.is_empty() {
        // `POINT EMPTY` has a blank, `(EMPTY)` has none.
        let after_a_word = out.ends_with(|c: char| c.is_ascii_alphabetic());
        return out.push_str(if after_a_word { " EMPTY" } else { "EMPTY" });
    }
    for (index, part) in items.iter().enumerate() {
        out.push(if index == 0 { '(' } else { ',' });
        item(out, part);
    }
    out.push(')');
}

fn line(out: &mut String, coords: &[Coord<f64>]) {
    listed(out, coords, |out, Coord { x, y }| out.push_str(&format!("{x} {y}")));
}

fn polygon(out: &mut String, polygon: &Polygon<f64>) {
    let rings: Vec<&LineString<f64>> = std::iter::once(polygon.exterior())
        .chain(polygon.interiors())
        .filter(|ring| !ring.0.is_empty())
        .collect();
    listed(out, &rings, |out, ring| line(out, &ring.0));
}
