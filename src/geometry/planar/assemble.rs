//! Rings into polygons: which hole belongs to which outer ring, and in which order they stand.

use std::cmp::Ordering;

use geo::Area;
use geo::coordinate_position::CoordPos;
use geo::orient::{Direction, Orient};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use crate::geometry::extent::{index, meeting};
use crate::geometry::locator::RingLocator;

/// The same rings with each hole in the smallest outer ring around it, all in an order that depends
/// on nothing but their places; a hole in no outer ring is dropped.
///
/// The library's repair gives the right rings in an order that changes from run to run, and puts the
/// hole of an island in a hole into the first ring around it.
pub(in crate::geometry) fn assembled(parts: MultiPolygon) -> MultiPolygon {
    let (mut shells, mut holes) = (Vec::new(), Vec::new());
    for part in parts {
        let (shell, its_holes) = part.into_inner();
        shells.push(shell);
        holes.extend(its_holes);
    }
    shells.retain(|shell| !shell.0.is_empty());
    let owners = owners(&shells, &holes);
    let mut parts: Vec<Polygon> =
        shells.into_iter().map(|shell| Polygon::new(shell, Vec::new())).collect();
    for (hole, owner) in holes.into_iter().zip(owners) {
        if let Some(owner) = owner {
            parts[owner].interiors_push(hole);
        }
    }
    ordered(parts)
}

/// Outer rings counter-clockwise and holes clockwise, each from its westernmost point, sorted by it.
fn ordered(parts: Vec<Polygon>) -> MultiPolygon {
    let mut parts: Vec<Polygon> = parts
        .into_iter()
        .map(|part| {
            let (shell, holes) = part.orient(Direction::Default).into_inner();
            let mut holes: Vec<LineString> = holes.into_iter().map(from_the_west).collect();
            holes.sort_by(by_places);
            Polygon::new(from_the_west(shell), holes)
        })
        .collect();
    parts.sort_by(|a, b| by_places(a.exterior(), b.exterior()));
    MultiPolygon(parts)
}

fn from_the_west(mut ring: LineString) -> LineString {
    ring.0.pop();
    let places = ring.0.iter().enumerate();
    let west = places.min_by(|a, b| by_place(a.1, b.1)).map_or(0, |(position, _)| position);
    ring.0.rotate_left(west);
    ring.close();
    ring
}

fn by_place(a: &Coord, b: &Coord) -> Ordering {
    a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
}

fn by_places(a: &LineString, b: &LineString) -> Ordering {
    let pairs = a.0.iter().zip(&b.0).map(|(a, b)| by_place(a, b));
    pairs.fold(Ordering::Equal, Ordering::then).then(a.0.len().cmp(&b.0.len()))
}

fn owners(shells: &[LineString], holes: &[LineString]) -> Vec<Option<usize>> {
    let locators: Vec<RingLocator> = shells.iter().filter_map(RingLocator::new).collect();
    let boxes: Vec<_> = locators.iter().map(RingLocator::bounds).collect();
    let area = |shell: &LineString| Polygon::new(shell.clone(), Vec::new()).unsigned_area();
    let areas: Vec<f64> = shells.iter().map(area).collect();
    let tree = index(&boxes);
    let owner = |hole: &LineString| {
        let bounds = RingLocator::new(hole)?.bounds();
        let around = meeting(&tree, bounds).into_iter();
        let around = around.filter(|&shell| lies_in(hole, &locators[shell]));
        around.min_by(|&a, &b| areas[a].total_cmp(&areas[b]))
    };
    holes.iter().map(owner).collect()
}

/// Whether a ring that crosses no other lies in one: told by its first place that is not on it.
fn lies_in(hole: &LineString, shell: &RingLocator) -> bool {
    let middles = hole.lines().map(|line| (line.start + line.end) / 2.0);
    let places: Vec<Coord> = hole.0.iter().copied().chain(middles).collect();
    let positions = places.into_iter().map(|place| shell.position(place));
    let first = positions.into_iter().find(|position| *position != CoordPos::OnBoundary);
    first == Some(CoordPos::Inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::wkt;

    #[test]
    fn a_hole_goes_into_the_smallest_ring_around_it() {
        let mixed = wkt!(MULTIPOLYGON(
            ((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (3. 3., 3. 4., 4. 4., 3. 3.), (1. 1., 1. 8., 8. 8., 8. 1., 1. 1.)),
            ((2. 2., 7. 2., 7. 7., 2. 7., 2. 2.)),
            ((20. 0., 21. 0., 21. 1., 20. 0.), (30. 0., 31. 0., 31. 1., 30. 0.))
        ));
        let holes: Vec<usize> =
            assembled(mixed).iter().map(|part| part.interiors().len()).collect();
        assert_eq!(holes, [1, 1, 0]);
    }

    #[test]
    fn the_order_depends_on_places_only() {
        let one = wkt!(MULTIPOLYGON(
            ((0. 0., 9. 0., 9. 9., 0. 0.)), ((20. 0., 21. 0., 21. 1., 20. 0.))
        ));
        let other = wkt!(MULTIPOLYGON(
            ((21. 1., 21. 0., 20. 0., 21. 1.)), ((9. 0., 9. 9., 0. 0., 9. 0.))
        ));
        assert_eq!(assembled(one), assembled(other));
    }
}
