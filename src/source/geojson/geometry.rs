//! The geometry object of GeoJSON.
//!
//! JSON that is broken stops the feature; JSON that is no geometry only costs the geometry, and
//! the fault says why.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use super::scan::{Broken, Scan};
use crate::source::features::Shape;
use crate::words::Words;

/// Collections nest no deeper than this.
const DEEPEST: usize = 32;

/// Reads a geometry object, or `null`.
pub(crate) fn read(scan: &mut Scan<'_>) -> Result<Shape, Broken> {
    let mut mended = None;
    Ok(match geometry(scan, 0, &mut mended)? {
        Ok(geometry) => Shape { geometry, fault: mended },
        Err(words) => Shape::refused(words),
    })
}

type Outcome = Result<Option<Geometry<f64>>, Words>;

fn geometry(
    scan: &mut Scan<'_>,
    depth: usize,
    mended: &mut Option<Words>,
) -> Result<Outcome, Broken> {
    if scan.peek() != Some(b'{') {
        let raw = scan.skip()?;
        return Ok(if raw == b"null" { Ok(None) } else { Err(no_geometry()) });
    }
    if depth > DEEPEST {
        scan.skip()?;
        return Ok(Err(Words::new(
            format!("几何集合嵌套超过 {DEEPEST} 层"),
            format!("geometry collections are nested more than {DEEPEST} deep"),
        )));
    }
    let mut kind = String::new();
    let mut coordinates = None;
    let mut members: Result<Vec<Geometry<f64>>, Words> = Ok(Vec::new());
    scan.object(|scan, key| {
        match &*key {
            "type" if scan.peek() == Some(b'"') => kind = scan.string()?.into_owned(),
            "coordinates" => coordinates = Some(nest(scan, 0)?),
            "geometries" if scan.peek() == Some(b'[') => {
                scan.array(|scan| {
                    let member = geometry(scan, depth + 1, mended)?;
                    match (&mut members, member) {
                        (Ok(members), Ok(member)) => members.extend(member),
                        (Ok(_), Err(words)) => members = Err(words),
                        (Err(_), _) => {}
                    }
                    Ok(())
                })?;
            }
            _ => drop(scan.skip()?),
        }
        Ok(())
    })?;
    if kind == "GeometryCollection" {
        return Ok(
            members.map(|members| Some(Geometry::GeometryCollection(GeometryCollection(members))))
        );
    }
    let built = coordinates.unwrap_or(Nest::Missing).into_geometry(&kind, mended);
    Ok(built.map(Some).map_err(|trouble| trouble.words(&kind)))
}

/// The `coordinates` member before its type is known.
enum Nest {
    Position(f64, f64),
    List(Vec<Nest>),
    /// Not there.
    Missing,
    /// Text, objects and other things that are no coordinates.
    Strange,
}

/// Why coordinates are no geometry.
enum Trouble {
    Missing,
    Strange,
    Depth,
    Kind,
}

fn nest(scan: &mut Scan<'_>, depth: usize) -> Result<Nest, Broken> {
    // A MultiPolygon has its positions at depth 3.
    if scan.peek() != Some(b'[') || depth > 3 {
        scan.skip()?;
        return Ok(Nest::Strange);
    }
    let (mut items, mut numbers, mut strange) = (Vec::new(), [0.0; 2], false);
    let mut count = 0;
    scan.array(|scan| {
        match scan.peek() {
            Some(b'[') => items.push(nest(scan, depth + 1)?),
            Some(b'"' | b'{') => {
                scan.skip()?;
                strange = true;
            }
            _ => {
                let number = scan.number()?;
                strange |= number.is_none();
                if let Some(place) = numbers.get_mut(count) {
                    *place = number.unwrap_or(f64::NAN);
                }
                count += 1;
            }
        }
        Ok(())
    })?;
    Ok(match (count, items.is_empty()) {
        _ if strange => Nest::Strange,
        (0, _) => Nest::List(items),
        (1, _) | (_, false) => Nest::Strange,
        (_, true) => Nest::Position(numbers[0], numbers[1]),
    })
}

impl Nest {
    fn into_geometry(
        self,
        kind: &str,
        mended: &mut Option<Words>,
    ) -> Result<Geometry<f64>, Trouble> {
        Ok(match kind {
            "Point" => match self {
                Nest::List(items) if items.is_empty() => MultiPoint(vec![]).into(),
                nest => Point(nest.into_coord()?).into(),
            },
            "MultiPoint" => MultiPoint(self.into_list(|nest| nest.into_coord().map(Point))?).into(),
            "LineString" => self.into_line()?.into(),
            "MultiLineString" => MultiLineString(self.into_list(Nest::into_line)?).into(),
            "Polygon" => self.into_polygon(mended)?.into(),
            "MultiPolygon" => {
                MultiPolygon(self.into_list(|nest| nest.into_polygon(mended))?).into()
            }
            _ => return Err(Trouble::Kind),
        })
    }

    fn into_list<T>(self, item: impl FnMut(Nest) -> Result<T, Trouble>) -> Result<Vec<T>, Trouble> {
        match self {
            Nest::List(items) => items.into_iter().map(item).collect(),
            Nest::Missing => Err(Trouble::Missing),
            Nest::Strange => Err(Trouble::Strange),
            Nest::Position(..) => Err(Trouble::Depth),
        }
    }

    fn into_coord(self) -> Result<Coord<f64>, Trouble> {
        match self {
            Nest::Position(x, y) => Ok(Coord { x, y }),
            Nest::Missing => Err(Trouble::Missing),
            Nest::Strange => Err(Trouble::Strange),
            Nest::List(_) => Err(Trouble::Depth),
        }
    }

    fn into_line(self) -> Result<LineString<f64>, Trouble> {
        self.into_list(Nest::into_coord).map(LineString)
    }

    fn into_polygon(self, mended: &mut Option<Words>) -> Result<Polygon<f64>, Trouble> {
        let rings = self.into_list(Nest::into_line)?;
        if rings.iter().any(|ring| !ring.is_closed()) {
            *mended = Some(ring_closed());
        }
        let mut rings = rings.into_iter();
        let outer = rings.next().unwrap_or(LineString(vec![]));
        Ok(Polygon::new(outer, rings.collect()))
    }
}

impl Trouble {
    fn words(&self, kind: &str) -> Words {
        match self {
            Trouble::Missing => Words::new(
                format!("几何 {kind} 没有 coordinates"),
                format!("the geometry {kind} has no coordinates"),
            ),
            Trouble::Strange => Words::new(
                format!("几何 {kind} 的坐标不全是数；应形如 [116.39, 39.9]"),
                format!(
                    "the coordinates of {kind} are not all numbers; expected such as [116.39, 39.9]"
                ),
            ),
            Trouble::Depth => Words::new(
                format!("坐标的括号层数与几何类型 {kind} 不符"),
                format!("the coordinates are not nested as a {kind} has them"),
            ),
            Trouble::Kind => Words::new(
                format!(
                    "几何类型“{kind}”不在 GeoJSON 之列；应为 Point、LineString、Polygon、MultiPoint、MultiLineString、MultiPolygon 或 GeometryCollection"
                ),
                format!(
                    "\"{kind}\" is no geometry type of GeoJSON; expected Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon or GeometryCollection"
                ),
            ),
        }
    }
}

fn no_geometry() -> Words {
    Words::new("geometry 不是对象也不是 null", "geometry is neither an object nor null")
}

/// What is said of a ring that had to be closed.
pub(crate) fn ring_closed() -> Words {
    Words::new("面的环首尾不相接，已接上", "a ring did not end where it began; it was closed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::wkt;

    fn shape(text: &str) -> Shape {
        read(&mut Scan::new(text.as_bytes(), 0)).expect("sound JSON")
    }

    #[test]
    fn every_type_of_geometry_is_read() {
        for (kind, coordinates, expected) in [
            ("Point", "[116.39, 39.9, 55.1]", "POINT(116.39 39.9)"),
            ("MultiPoint", "[[1,2],[3,4]]", "MULTIPOINT((1 2),(3 4))"),
            ("LineString", "[[1,2],[3,4]]", "LINESTRING(1 2,3 4)"),
            ("MultiLineString", "[[[1,2],[3,4]]]", "MULTILINESTRING((1 2,3 4))"),
            ("Polygon", "[[[0,0],[0,1],[1,1],[0,0]]]", "POLYGON((0 0,0 1,1 1,0 0))"),
            ("MultiPolygon", "[[[[0,0],[1,0],[1,1],[0,0]]]]", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"),
        ] {
            let text = format!(r#"{{"coordinates":{coordinates},"type":"{kind}"}}"#);
            let shape = shape(&text);
            assert_eq!(wkt::write(&shape.geometry.expect("a geometry")), expected);
            assert_eq!(shape.fault, None);
        }
        let collection = r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},null]}"#;
        let expected = "GEOMETRYCOLLECTION(POINT(1 2))";
        assert_eq!(wkt::write(&shape(collection).geometry.expect("a geometry")), expected);
    }

    #[test]
    fn a_ring_that_is_open_is_closed_and_said_so() {
        let shape = shape(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]}"#);
        assert_eq!(wkt::write(&shape.geometry.expect("kept")), "POLYGON((0 0,1 0,1 1,0 0))");
        assert_eq!(shape.fault, Some(ring_closed()));
    }

    #[test]
    fn what_is_no_geometry_says_why() {
        for (text, part) in [
            (r#"{"type":"Point"}"#, "has no coordinates"),
            (r#"{"type":"Point","coordinates":["116.3","39.9"]}"#, "not all numbers"),
            (r#"{"type":"Point","coordinates":[116.3]}"#, "not all numbers"),
            (r#"{"type":"Point","coordinates":[1,[2]]}"#, "not all numbers"),
            (r#"{"type":"Point","coordinates":[[1,2]]}"#, "not nested as a Point"),
            (r#"{"type":"Polygon","coordinates":[[0,0],[1,1]]}"#, "not nested as a Polygon"),
            (r#"{"type":"Circle","coordinates":[0,0]}"#, "\"Circle\" is no geometry type"),
            (r#""POINT(1 2)""#, "neither an object nor null"),
            (r#"{"type":"Polygon","coordinates":[[[[[[1]]]]]]}"#, "not nested as a Polygon"),
        ] {
            let fault = shape(text).fault.expect("a fault");
            assert!(fault.en.contains(part), "{text}: {fault}");
        }
        assert!(shape("null").fault.is_none());
        let deep = r#"{"type":"GeometryCollection","geometries":["#.repeat(60) + &"]}".repeat(60);
        assert!(shape(&deep).fault.expect("a fault").en.contains("nested more than 32"));
    }
}
