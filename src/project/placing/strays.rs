//! Features whose numbers are of another kind than those of most: a row with latitude and longitude
//! exchanged, or (0, 0) where nothing was known. One such must not make a whole layer look wrong.

use std::collections::BTreeMap;

use geo::BoundingRect;
use geo_types::{Coord, Geometry};

use crate::layer::Shapes;
use crate::words::Words;

/// What kind of numbers a place is given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Numbers {
    /// Degrees, as around China.
    Degrees,
    /// The same, latitude first.
    Exchanged,
    /// Lengths, with what stands before the six digits of an easting.
    Metres(i64),
    /// Anything else.
    Neither,
}

impl Numbers {
    fn of(place: Coord) -> Numbers {
        let is_longitude = |value: f64| (60.0..=150.0).contains(&value);
        let is_latitude = |value: f64| (0.5..60.0).contains(&value);
        let Coord { x, y } = place;
        if is_longitude(x) && is_latitude(y) {
            Numbers::Degrees
        } else if is_longitude(y) && is_latitude(x) {
            Numbers::Exchanged
        } else if x.abs() >= 1000.0 && y.abs() >= 1000.0 {
            // Prefixes of 3-degree zones; below them lies Web Mercator, which has none.
            let prefix = (x / 1e6).floor();
            Numbers::Metres(if (25.0..46.0).contains(&prefix) { prefix as i64 } else { 0 })
        } else {
            Numbers::Neither
        }
    }
}

/// Takes the geometry of the few away that is of another kind than that of more than half, and says
/// so; their cells stay.
pub fn set_aside(shapes: &mut Shapes) {
    let kind = |geometry: &Geometry<f64>| {
        let bounds = geometry.bounding_rect();
        bounds.map_or(Numbers::Neither, |bounds| Numbers::of(bounds.center()))
    };
    let mut counts: BTreeMap<Numbers, usize> = BTreeMap::new();
    for geometry in shapes.all.iter().flatten() {
        *counts.entry(kind(geometry)).or_default() += 1;
    }
    let all: usize = counts.values().sum();
    let Some((&most, _)) = counts.iter().find(|(_, count)| **count * 2 > all) else { return };
    if most == Numbers::Neither || counts.len() == 1 {
        return;
    }
    for (row, geometry) in shapes.all.iter_mut().enumerate() {
        let Some(found) = geometry.as_ref().map(kind).filter(|found| *found != most) else {
            continue;
        };
        let centre = geometry.take().and_then(|geometry| geometry.bounding_rect());
        let at = centre.map_or(String::new(), |bounds| {
            let Coord { x, y } = bounds.center();
            format!("（{x}，{y}）")
        });
        let exchanged = [found, most] == [Numbers::Exchanged, Numbers::Degrees];
        let (zh, en) = match exchanged {
            true => ("，疑为经纬度颠倒", ", perhaps with latitude and longitude exchanged"),
            false => ("", ""),
        };
        shapes.faults.push((
            row,
            Words::new(
                format!("坐标{at}与多数要素不是同一类数{zh}，图形未采用"),
                format!("its coordinates {at} are of another kind than most{en}; the geometry is left out"),
            ),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::Point;

    fn kept(places: &[(f64, f64)]) -> (Vec<bool>, Shapes) {
        let point = |&(x, y): &(f64, f64)| Some(Geometry::Point(Point::new(x, y)));
        let all = std::iter::once(None).chain(places.iter().map(point)).collect();
        let mut shapes = Shapes { all, ..Shapes::default() };
        set_aside(&mut shapes);
        (shapes.all.iter().skip(1).map(Option::is_some).collect(), shapes)
    }

    #[test]
    fn an_exchanged_row_and_a_row_of_zeros_do_not_spoil_the_layer() {
        let places = [(99.9, 36.6), (100.1, 36.6), (36.6, 100.2), (0.0, 0.0), (99.8, 36.5)];
        let (kept, shapes) = kept(&places);
        assert_eq!(kept, [true, true, false, false, true]);
        assert_eq!(shapes.faults.len(), 2);
        assert!(shapes.faults[0].1.zh.contains("疑为经纬度颠倒"), "{:?}", shapes.faults);
    }

    #[test]
    fn a_layer_without_a_majority_is_left_to_whoever_judges_it() {
        let (kept, _) = kept(&[(117.0, 36.6), (36.6, 117.0)]);
        assert_eq!(kept, [true, true]);
        let (mercator, _) = self::kept(&[(9.9e6, 4.3e6), (10.1e6, 4.3e6), (10.2e6, 4.3e6)]);
        assert_eq!(mercator, [true, true, true], "Web Mercator has no prefix");
    }

    #[test]
    fn an_easting_of_another_zone_is_of_another_kind() {
        let places =
            [(39_501_000.0, 4_053_000.0), (39_502_000.0, 4_053_000.0), (38_501_000.0, 4_053_000.0)];
        assert_eq!(kept(&places).0, [true, true, false]);
    }
}
