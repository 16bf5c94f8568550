//! Which polygons of a layer hold a place, and which is nearest.

use std::collections::BTreeMap;

use geo::coordinate_position::CoordPos;
use geo_index::rtree::{NeighborsOptions, RTree, RTreeIndex};
use geo_types::{Coord, Geometry, Point, Rect};

use super::distance::{between, nearest_on_polygon, squared};
use super::extent::index;
use super::frame::Frame;
use super::locator::PolygonLocator;
use super::parts::{is_place, misplaced, polygons};

/// Distances that differ by less, in metres, are the same: neighbours share their boundary.
const SAME: f64 = 1e-3;

/// The polygons of a layer, prepared for the question which of them hold a place.
///
/// Shapes are taken as they are: repair them first, or places in the loop of a ring that crosses
/// itself count as inside while its area may not.
#[derive(Debug)]
pub struct PolygonIndex<'g> {
    parts: Vec<(usize, PolygonLocator<'g>)>,
    tree: RTree<f64>,
}

/// A polygon near a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The number of its geometry in the layer, from 0.
    pub feature: usize,
    /// How far away it is in metres; zero for the place inside it or on its boundary.
    pub metres: f64,
}

impl<'g> PolygonIndex<'g> {
    /// Prepares the polygons of a layer; points, lines and geometries with a coordinate that is no
    /// place hold nothing.
    pub fn new(layer: &'g [Option<Geometry>]) -> PolygonIndex<'g> {
        let mut parts = Vec::new();
        for (feature, geometry) in layer.iter().enumerate() {
            let geometry = geometry.as_ref().filter(|geometry| misplaced(geometry).is_none());
            let polygons = geometry.map(polygons).unwrap_or_default();
            let located = polygons.into_iter().filter_map(PolygonLocator::of);
            parts.extend(located.map(|part| (feature, part)));
        }
        let boxes: Vec<Rect> = parts.iter().map(|(_, part)| part.bounds()).collect();
        PolygonIndex { tree: index(&boxes), parts }
    }

    /// The numbers of all geometries that hold a place, in order; a place on a boundary is held.
    ///
    /// ```
    /// use facility_audit::geometry::join::PolygonIndex;
    /// use geo::wkt;
    /// let communities = [
    ///     Some(wkt!(POLYGON((117. 30., 118. 30., 118. 31., 117. 31., 117. 30.))).into()),
    ///     None,
    ///     Some(wkt!(POLYGON((118. 30., 119. 30., 119. 31., 118. 31., 118. 30.))).into()),
    /// ];
    /// let index = PolygonIndex::new(&communities);
    /// assert_eq!(index.locate((117.5, 30.5).into()), [0]);
    /// assert_eq!(index.locate((118.0, 30.5).into()), [0, 2]);
    /// assert!(index.locate((f64::NAN, 30.5).into()).is_empty());
    /// ```
    pub fn locate(&self, place: Point) -> Vec<usize> {
        let Coord { x, y } = place.0;
        let holds =
            |part: &u32| self.parts[*part as usize].1.position(place.0) != CoordPos::Outside;
        let found = self.tree.search(x, y, x, y).into_iter().filter(holds);
        let mut features: Vec<usize> = found.map(|part| self.parts[part as usize].0).collect();
        features.sort_unstable();
        features.dedup();
        features
    }

    /// The nearest polygon within `most` metres, and all others that are as near to a millimetre,
    /// in order; none if nothing is that near.
    ///
    /// Within 10 km distances are right to 0.1 %.
    pub fn nearest(&self, place: Point, most: f64) -> Vec<Near> {
        if !is_place(place.0) || most.is_nan() || most < 0.0 {
            return Vec::new();
        }
        let frame = Frame::at(place.0);
        // The flat frame may be a little too long; the geodesic distance decides.
        let reach = most * 1.01 + SAME;
        let Some(&(_, best)) = self.within(&frame, place, reach, true).first() else {
            return Vec::new();
        };
        let mut nearest: BTreeMap<usize, f64> = BTreeMap::new();
        for (part, _) in self.within(&frame, place, best + SAME, false) {
            let (feature, part) = &self.parts[part as usize];
            let metres = nearest_on_polygon(&frame, place, part)
                .and_then(|nearest| between(place, Point(frame.degrees(nearest))));
            let metres = metres.unwrap_or(f64::INFINITY);
            let least = nearest.entry(*feature).or_insert(metres);
            *least = least.min(metres);
        }
        let all = nearest.into_iter().map(|(feature, metres)| Near { feature, metres });
        all.filter(|near| near.metres <= most).collect()
    }

    /// The parts within `reach` metres of the frame, nearest first, or only the nearest one.
    fn within(&self, frame: &Frame, place: Point, reach: f64, one: bool) -> Vec<(u32, f64)> {
        let mut reach_now = reach;
        let distance = |part: u32, corners: [f64; 4]| {
            if to_box(frame, corners) > reach_now {
                return None;
            }
            let (_, part) = &self.parts[part as usize];
            let metres = squared(nearest_on_polygon(frame, place, part)?).sqrt();
            if one {
                reach_now = reach_now.min(metres);
            }
            Some(metres)
        };
        let options = if one { NeighborsOptions::k(1) } else { NeighborsOptions::all() };
        let options = options.max_distance(reach.min(f64::MAX));
        self.tree.neighbors_with_callbacks(options, |corners| to_box(frame, corners), distance)
    }
}

/// How far a box is from the centre of a frame, in its metres.
fn to_box(frame: &Frame, [left, bottom, right, top]: [f64; 4]) -> f64 {
    let low = frame.metres(Coord { x: left, y: bottom });
    let high = frame.metres(Coord { x: right, y: top });
    let off = |low: f64, high: f64| low.max(-high).max(0.0);
    off(low.x, high.x).hypot(off(low.y, high.y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::distance::to;
    use geo::{Intersects, wkt};
    use geo_types::{LineString, MultiPolygon, Polygon};
    use proptest::prelude::*;

    fn square(x: f64, y: f64, size: f64) -> Polygon {
        let ring = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)];
        Polygon::new(LineString::from(ring.to_vec()), Vec::new())
    }

    #[test]
    fn a_place_in_a_hole_or_between_two_parts_is_not_held() {
        let mut holed = square(117.0, 30.0, 1.0);
        holed.interiors_push(square(117.4, 30.4, 0.2).exterior().clone());
        let apart = MultiPolygon(vec![square(119.0, 30.0, 0.1), square(119.5, 30.0, 0.1)]);
        let layer = [Some(holed.into()), Some(apart.into())];
        let index = PolygonIndex::new(&layer);
        let located = |x, y| index.locate(Point::new(x, y));
        assert!(located(117.5, 30.5).is_empty());
        assert_eq!(located(117.4, 30.5), [0]);
        assert!(located(119.3, 30.05).is_empty());
        assert_eq!(located(119.55, 30.05), [1]);
    }

    #[test]
    fn a_rectangle_is_a_polygon_and_a_line_is_not() {
        let rect = Rect::new((117.0, 30.0), (118.0, 31.0));
        let layer = [
            Some(Geometry::Rect(rect)),
            Some(Geometry::from(wkt!(LINESTRING(117. 30., 118. 31.)))),
            Some(Geometry::Point((f64::NAN, 0.0).into())),
        ];
        assert_eq!(PolygonIndex::new(&layer).locate(Point::new(117.5, 30.5)), [0]);
        assert!(PolygonIndex::new(&[]).locate(Point::new(117.5, 30.5)).is_empty());
        assert!(PolygonIndex::new(&[]).nearest(Point::new(117.5, 30.5), 1e9).is_empty());
    }

    #[test]
    fn the_nearest_is_found_within_its_limit_and_ties_are_shown() {
        let layer = [
            Some(square(117.0, 30.0, 0.01).into()),
            Some(square(117.0, 30.01, 0.01).into()),
            Some(square(117.03, 30.0, 0.01).into()),
        ];
        let index = PolygonIndex::new(&layer);
        let features = |x, y, most| {
            let near = index.nearest(Point::new(x, y), most);
            near.into_iter().map(|near| near.feature).collect::<Vec<_>>()
        };
        assert_eq!(features(117.011, 30.005, 1000.0), [0]);
        assert_eq!(features(117.011, 30.01, 1000.0), [0, 1]);
        assert_eq!(features(117.029, 30.005, 1000.0), [2]);
        assert!(features(117.011, 30.005, 90.0).is_empty());
        let inside = index.nearest(Point::new(117.005, 30.005), 0.0);
        assert_eq!(inside, [Near { feature: 0, metres: 0.0 }]);
        assert!(features(117.011, 30.005, f64::NAN).is_empty());
    }

    /// Polygons on a coarse grid, so that many places lie on vertices and edges.
    fn layer() -> impl Strategy<Value = Vec<Option<Geometry>>> {
        let ring = || prop::collection::vec((0..10, 0..10), 3..40);
        let polygon = (ring(), prop::option::of(ring())).prop_map(|(shell, hole)| {
            let line = |points: Vec<(i32, i32)>| -> LineString {
                let place = |(x, y)| (117.0 + x as f64 / 100.0, 30.0 + y as f64 / 100.0);
                points.into_iter().map(place).collect()
            };
            Some(Geometry::from(Polygon::new(line(shell), hole.into_iter().map(line).collect())))
        });
        prop::collection::vec(polygon, 0..20)
    }

    proptest! {
        #[test]
        fn locating_agrees_with_testing_each(layer in layer(), x in 0..10, y in 0..10) {
            let place = Point::new(117.0 + x as f64 / 100.0, 30.0 + y as f64 / 100.0);
            let each = layer.iter().enumerate();
            let plain: Vec<usize> = each
                .filter(|(_, polygon)| polygon.as_ref().is_some_and(|p| p.intersects(&place)))
                .map(|(feature, _)| feature)
                .collect();
            prop_assert_eq!(PolygonIndex::new(&layer).locate(place), plain);
        }

        #[test]
        fn the_nearest_agrees_with_measuring_each(
            layer in layer(), x in 116.9..117.2f64, y in 29.9..30.2f64,
        ) {
            let place = Point::new(x, y);
            let each = layer.iter().flatten().filter_map(|polygon| to(place, polygon));
            let least = each.min_by(f64::total_cmp);
            let found = PolygonIndex::new(&layer).nearest(place, 1e6);
            let nearest = found.iter().map(|near| near.metres).min_by(f64::total_cmp);
            match (nearest, least) {
                (Some(found), Some(least)) => prop_assert!((found - least).abs() <= 1e-3 * least + 1e-3)
                ,
                (found, least) => prop_assert_eq!(found, least),
            }
        }
    }
}
