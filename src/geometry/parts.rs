//! The pieces of a geometry, and whether its coordinates can be places at all.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use geo::CoordsIter;
use geo_types::{Coord, Geometry, MultiPolygon, Polygon};

/// The simple geometries inside: collections are opened, however deep they nest.
pub(super) fn leaves(geometry: &Geometry) -> Vec<&Geometry> {
    let mut open = vec![geometry];
    let mut leaves = Vec::new();
    while let Some(next) = open.pop() {
        match next {
            Geometry::GeometryCollection(members) => open.extend(members.0.iter().rev()),
            leaf => leaves.push(leaf),
        }
    }
    leaves
}

/// Whether a coordinate can be a place: finite, longitude within 180°, latitude within 90°.
pub fn is_place(coord: Coord) -> bool {
    coord.x.abs() <= 180.0 && coord.y.abs() <= 90.0
}

/// The first coordinate that cannot be a place, if there is one.
pub fn misplaced(geometry: &Geometry) -> Option<Coord> {
    let mut all = leaves(geometry).into_iter();
    all.find_map(|leaf| leaf.coords_iter().find(|coord| !is_place(*coord)))
}

/// The polygons of a geometry, whatever holds them; rectangles and triangles are polygons too.
pub fn polygons(geometry: &Geometry) -> Vec<Cow<'_, Polygon>> {
    let mut all = Vec::new();
    for leaf in leaves(geometry) {
        match leaf {
            Geometry::Polygon(polygon) => all.push(Cow::Borrowed(polygon)),
            Geometry::MultiPolygon(parts) => all.extend(parts.0.iter().map(Cow::Borrowed)),
            Geometry::Rect(rect) => all.push(Cow::Owned(rect.to_polygon())),
            Geometry::Triangle(triangle) => all.push(Cow::Owned(triangle.to_polygon())),
            _ => {}
        }
    }
    all.retain(|polygon| !polygon.exterior().0.is_empty());
    all
}

/// One polygon as such, several as one geometry, none as nothing.
pub(super) fn as_geometry(mut parts: MultiPolygon) -> Option<Geometry> {
    match parts.0.len() {
        0 => None,
        1 => parts.0.pop().map(Geometry::Polygon),
        _ => Some(Geometry::MultiPolygon(parts)),
    }
}

/// Runs planar work of other crates, some of which panics on shapes it cannot handle.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::wkt;

    #[test]
    fn a_coordinate_that_is_no_place_is_found_however_deep() {
        let inner = Geometry::from(wkt!(MULTIPOINT(1. 2., 3. 95.)));
        let nested = Geometry::GeometryCollection(vec![inner].into());
        let nested = Geometry::GeometryCollection(vec![nested].into());
        assert_eq!(misplaced(&nested), Some(Coord { x: 3.0, y: 95.0 }));
        let missing = Geometry::from(wkt!(LINESTRING(1. 2., 3. 4.)));
        assert_eq!(misplaced(&missing), None);
        for bad in [f64::NAN, f64::INFINITY, 1e300] {
            assert!(misplaced(&Geometry::Point((bad, 0.0).into())).is_some());
        }
    }

    #[test]
    fn polygons_are_found_whatever_holds_them() {
        let square = wkt!(POLYGON((0. 0., 1. 0., 1. 1., 0. 0.)));
        let parts = MultiPolygon(vec![square.clone(), wkt!(POLYGON EMPTY)]);
        let all = Geometry::GeometryCollection(
            vec![square.into(), parts.into(), Geometry::Point((0.0, 0.0).into())].into(),
        );
        assert_eq!(polygons(&all).len(), 2);
    }
}
