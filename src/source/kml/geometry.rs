//! The geometry of a placemark.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use super::element::Element;
use crate::source::features::Shape;
use crate::source::geojson::geometry::ring_closed;
use crate::words::Words;

/// The geometry of a placemark; several become one multi-geometry, or a collection when mixed.
pub(super) fn read(placemark: &Element) -> Shape {
    let mut found = Vec::new();
    let mut mended = None;
    for child in &placemark.children {
        if let Err(words) = gather(child, &mut found, &mut mended) {
            return Shape::refused(words);
        }
    }
    Shape { geometry: united(found), fault: mended }
}

fn gather(
    element: &Element,
    found: &mut Vec<Geometry<f64>>,
    mended: &mut Option<Words>,
) -> Result<(), Words> {
    match element.name.as_str() {
        "MultiGeometry" => {
            for child in &element.children {
                gather(child, found, mended)?;
            }
        }
        "Point" => {
            let coords = coordinates_of(element)?;
            let point =
                coords.first().map_or(MultiPoint(vec![]).into(), |coord| Point(*coord).into());
            found.push(point);
        }
        "LineString" | "LinearRing" => found.push(LineString(coordinates_of(element)?).into()),
        "Polygon" => found.push(polygon(element, mended)?.into()),
        "Track" | "MultiTrack" | "Model" => {
            return Err(Words::new(
                format!(
                    "几何类型 {} 不能读取；可读取 Point、LineString、Polygon、MultiGeometry",
                    element.name
                ),
                format!(
                    "a {} is not read; Point, LineString, Polygon and MultiGeometry are",
                    element.name
                ),
            ));
        }
        _ => {}
    }
    Ok(())
}

fn polygon(element: &Element, mended: &mut Option<Words>) -> Result<Polygon<f64>, Words> {
    let mut rings = |boundary: &str| -> Result<Vec<LineString<f64>>, Words> {
        let boundaries = element.children.iter().filter(|child| child.name == boundary);
        let rings = boundaries.flat_map(|boundary| &boundary.children);
        let lines = rings
            .filter(|ring| ring.name == "LinearRing")
            .map(|ring| coordinates_of(ring).map(LineString))
            .collect::<Result<Vec<_>, _>>()?;
        if lines.iter().any(|ring| !ring.is_closed()) {
            *mended = Some(ring_closed());
        }
        Ok(lines)
    };
    let outer = rings("outerBoundaryIs")?.into_iter().next().unwrap_or(LineString(vec![]));
    Ok(Polygon::new(outer, rings("innerBoundaryIs")?))
}

fn coordinates_of(element: &Element) -> Result<Vec<Coord<f64>>, Words> {
    element.child("coordinates").map_or(Ok(Vec::new()), |child| coordinates(&child.text))
}

/// `lon,lat` or `lon,lat,height`, with white space between positions; blanks beside the commas are
/// forgiven.
fn coordinates(text: &str) -> Result<Vec<Coord<f64>>, Words> {
    let mut coords = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (mut numbers, mut count) = ([0.0; 2], 0);
        loop {
            let end = rest.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(rest.len());
            let number = rest[..end].parse::<f64>().map_err(|_| unreadable(rest))?;
            if let Some(place) = numbers.get_mut(count) {
                *place = number;
            }
            count += 1;
            let behind = rest[end..].trim_start();
            match behind.strip_prefix(',') {
                Some(next) => rest = next.trim_start(),
                None => {
                    rest = behind;
                    break;
                }
            }
        }
        if !(2..=3).contains(&count) {
            return Err(wrong_count(count));
        }
        coords.push(Coord { x: numbers[0], y: numbers[1] });
    }
    Ok(coords)
}

fn unreadable(rest: &str) -> Words {
    let found: String = rest.chars().take(16).collect();
    Words::new(
        format!("coordinates 中的“{found}”不是数；应形如 116.39,39.9,0 117.1,40.2,0"),
        format!(
            "\"{found}\" in the coordinates is no number; expected such as 116.39,39.9,0 117.1,40.2,0"
        ),
    )
}

fn wrong_count(count: usize) -> Words {
    Words::new(
        format!("coordinates 的一个位置有 {count} 个数，应为 2 或 3 个，位置之间用空格"),
        format!(
            "a position has {count} numbers instead of 2 or 3; positions are set apart by blanks"
        ),
    )
}

fn united(mut found: Vec<Geometry<f64>>) -> Option<Geometry<f64>> {
    if found.len() < 2 {
        return found.pop();
    }
    let all = |is: fn(&Geometry<f64>) -> bool| found.iter().all(is);
    Some(if all(|one| matches!(one, Geometry::Point(_))) {
        MultiPoint(found.into_iter().filter_map(|one| Point::try_from(one).ok()).collect()).into()
    } else if all(|one| matches!(one, Geometry::LineString(_))) {
        let lines = found.into_iter().filter_map(|one| LineString::try_from(one).ok());
        MultiLineString(lines.collect()).into()
    } else if all(|one| matches!(one, Geometry::Polygon(_))) {
        let polygons = found.into_iter().filter_map(|one| Polygon::try_from(one).ok());
        MultiPolygon(polygons.collect()).into()
    } else {
        Geometry::GeometryCollection(GeometryCollection(found))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_forgive_blanks_but_not_nonsense() {
        for (text, count) in
            [(" 116.1,39.2,0\n 117,40 ", 2), ("116.1, 39.2, 0  117 , 40", 2), ("", 0), ("1,2", 1)]
        {
            assert_eq!(coordinates(text).map(|coords| coords.len()), Ok(count), "{text:?}");
        }
        for text in ["116", "1,2,3,4", "116.1 39.2", "a,b", "1,,2", "1,2,", "1,2;3,4"] {
            assert!(coordinates(text).is_err(), "{text:?}");
        }
    }
}
