//! GeoJSON: geometry and cells as objects.

use geo_types::{Coord, Geometry, LineString, Polygon};
use serde_json::{Map, Value, json};

use crate::source::{Cells, OutLayer, Read};
use crate::words::Words;

/// Writes a layer in degrees, one feature a line.
///
/// # Errors
/// When its columns differ in length, or its coordinates are no degrees: the format knows no
/// others.
pub fn write(layer: &OutLayer) -> Read<Vec<u8>> {
    let rows = layer.rows()?;
    if let Some(srs) = layer.srs.as_ref().filter(|srs| srs.epsg != 4490 && srs.epsg != 4326) {
        let (name, epsg) = (&layer.name, srs.epsg);
        return Err(Words::new(
            format!("{name}：GeoJSON 只能是经纬度，不能是 EPSG:{epsg}；请加 --to EPSG:4490"),
            format!("{name}: GeoJSON holds degrees only, not EPSG:{epsg}; add --to EPSG:4490"),
        ));
    }
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[");
    for row in 0..rows {
        text += if row == 0 { "\n" } else { ",\n" };
        let properties: Map<String, Value> = layer
            .fields
            .iter()
            .map(|field| (field.name.clone(), cell(&field.cells, row)))
            .collect();
        let geometry = layer.shapes.as_ref().and_then(|shapes| shapes[row].as_ref());
        text += &feature(geometry, properties).to_string();
    }
    text += "\n]}\n";
    Ok(text.into_bytes())
}

fn cell(cells: &Cells, row: usize) -> Value {
    match cells {
        Cells::Text(cells) => json!(cells[row]),
        Cells::Real(cells) => json!(cells[row]),
        Cells::Integer(cells) => json!(cells[row]),
        Cells::Flag(cells) => json!(cells[row]),
    }
}

/// A feature.
pub fn feature(geometry: Option<&Geometry<f64>>, properties: Map<String, Value>) -> Value {
    json!({ "type": "Feature", "geometry": geometry.map(shape), "properties": properties })
}

fn pair(coord: &Coord<f64>) -> Value {
    json!([coord.x, coord.y])
}

fn line(line: &LineString<f64>) -> Value {
    line.0.iter().map(pair).collect()
}

/// The rings of a polygon as the format wants them: the outer one counter-clockwise.
fn rings(polygon: &Polygon<f64>) -> Value {
    use geo::orient::{Direction, Orient};
    let polygon = polygon.orient(Direction::Default);
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(line).collect()
}

/// A geometry.
pub fn shape(geometry: &Geometry<f64>) -> Value {
    let (kind, coordinates): (&str, Value) = match geometry {
        Geometry::Point(point) => ("Point", pair(&point.0)),
        Geometry::Line(one) => ("LineString", json!([pair(&one.start), pair(&one.end)])),
        Geometry::LineString(one) => ("LineString", line(one)),
        Geometry::Polygon(polygon) => ("Polygon", rings(polygon)),
        Geometry::MultiPoint(points) => {
            ("MultiPoint", points.0.iter().map(|point| pair(&point.0)).collect())
        }
        Geometry::MultiLineString(lines) => ("MultiLineString", lines.0.iter().map(line).collect()),
        Geometry::MultiPolygon(all) => ("MultiPolygon", all.0.iter().map(rings).collect()),
        Geometry::Rect(rect) => ("Polygon", rings(&rect.to_polygon())),
        Geometry::Triangle(triangle) => ("Polygon", rings(&triangle.to_polygon())),
        Geometry::GeometryCollection(all) => {
            let parts: Vec<Value> = all.0.iter().map(shape).collect();
            return json!({ "type": "GeometryCollection", "geometries": parts });
        }
    };
    json!({ "type": kind, "coordinates": coordinates })
}
