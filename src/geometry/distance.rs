//! Distances in metres on the ellipsoid, and places that stand for a whole geometry.
//!
//! What is nearest is found in a flat [`Frame`] around the place; the distance to it is geodesic.

use geo::coordinate_position::CoordPos;
use geo::{CoordsIter, Distance, Geodesic, InteriorPoint};
use geo_types::{Coord, Geometry, Point};

use super::frame::Frame;
use super::locator::PolygonLocator;
use super::parts::{guarded, is_place, leaves, misplaced, polygons};

/// The distance between two places in metres; none if a coordinate is no place.
pub fn between(a: Point, b: Point) -> Option<f64> {
    (is_place(a.0) && is_place(b.0)).then(|| Geodesic.distance(a, b))
}

/// The distance in metres from a place to the nearest place of a geometry, zero inside a polygon.
///
/// None if the geometry is empty or a coordinate is no place. Within 10 km it is right to 0.1 %.
pub fn to(place: Point, geometry: &Geometry) -> Option<f64> {
    if !is_place(place.0) || misplaced(geometry).is_some() {
        return None;
    }
    let frame = Frame::at(place.0);
    let polygons = polygons(geometry);
    let located = polygons.iter().filter_map(|polygon| PolygonLocator::new(polygon));
    let on_polygons = located.filter_map(|polygon| nearest_on_polygon(&frame, place, &polygon));
    let lines = leaves(geometry).into_iter().flat_map(lines);
    let on_lines = lines.filter_map(|line| nearest_on_line(&frame, &line));
    let nearest = nearer(on_polygons.chain(on_lines))?;
    between(place, Point(frame.degrees(nearest)))
}

/// The lines of a geometry that is no polygon; points are lines of one point.
fn lines(leaf: &Geometry) -> Vec<Vec<Coord>> {
    match leaf {
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => Vec::new(),
        Geometry::Rect(_) | Geometry::Triangle(_) => Vec::new(),
        Geometry::MultiLineString(lines) => lines.iter().map(|line| line.0.clone()).collect(),
        Geometry::MultiPoint(points) => points.iter().map(|point| vec![point.0]).collect(),
        line => vec![line.coords_iter().collect()],
    }
}

/// A place that stands for a geometry: a point itself, a place inside a polygon, on a line.
///
/// None if the geometry is empty or a coordinate is no place.
///
/// ```
/// use facility_audit::geometry::distance::representative;
/// use geo::{Contains, wkt};
/// let horseshoe = wkt!(POLYGON((0. 0., 9. 0., 9. 9., 8. 9., 8. 1., 1. 1., 1. 9., 0. 9., 0. 0.)));
/// let place = representative(&horseshoe.clone().into()).expect("is not empty");
/// assert!(horseshoe.contains(&place));
/// ```
pub fn representative(geometry: &Geometry) -> Option<Point> {
    if let Geometry::Point(point) = geometry {
        return is_place(point.0).then_some(*point);
    }
    if misplaced(geometry).is_some() {
        return None;
    }
    guarded(|| geometry.interior_point()).flatten().filter(|point| is_place(point.0))
}

/// The place of a polygon that is nearest to the centre of a frame, in its metres: the centre itself
/// inside the polygon.
pub(super) fn nearest_on_polygon(
    frame: &Frame,
    centre: Point,
    polygon: &PolygonLocator,
) -> Option<Coord> {
    if polygon.position(centre.0) != CoordPos::Outside {
        return Some(Coord::zero());
    }
    nearer(polygon.rings().filter_map(|ring| nearest_on_line(frame, ring.points())))
}

fn nearer(places: impl Iterator<Item = Coord>) -> Option<Coord> {
    places.min_by(|a, b| squared(*a).total_cmp(&squared(*b)))
}

/// The place on a line or ring that is nearest to the centre of a frame, in metres of the frame; none
/// for one without points.
pub(super) fn nearest_on_line(frame: &Frame, line: &[Coord]) -> Option<Coord> {
    let mut from = frame.metres(*line.first()?);
    let mut nearest = from;
    for place in &line[1..] {
        let to = frame.metres(*place);
        let candidate = nearest_on_edge(from, to);
        if squared(candidate) < squared(nearest) {
            nearest = candidate;
        }
        from = to;
    }
    Some(nearest)
}

/// The place on an edge that is nearest to the origin.
fn nearest_on_edge(from: Coord, to: Coord) -> Coord {
    let way = to - from;
    let length = squared(way);
    if length == 0.0 {
        return from;
    }
    let share = (-(from.x * way.x + from.y * way.y) / length).clamp(0.0, 1.0);
    from + way * share
}

/// The square of the distance from the origin.
pub(super) fn squared(place: Coord) -> f64 {
    place.x * place.x + place.y * place.y
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::wkt;
    use geo_types::{LineString, Polygon};
    use proptest::prelude::*;

    #[test]
    fn the_distance_to_a_polygon_is_zero_inside_and_geodesic_outside() {
        let place = wkt!(POLYGON((117. 30., 117.01 30., 117.01 30.01, 117. 30.01, 117. 30.)));
        let place = Geometry::from(place);
        assert_eq!(to(Point::new(117.005, 30.005), &place), Some(0.0));
        assert_eq!(to(Point::new(117.01, 30.005), &place), Some(0.0));
        let away = Point::new(117.02, 30.005);
        let truth = between(away, Point::new(117.01, 30.005)).unwrap_or(0.0);
        assert!((to(away, &place).unwrap_or(0.0) - truth).abs() < 0.01 && truth > 960.0);
        assert_eq!(to(Point::new(f64::NAN, 30.0), &place), None);
        assert_eq!(to(away, &Geometry::from(wkt!(POLYGON EMPTY))), None);
    }

    proptest! {
        /// The truth is the least geodesic distance to places along the edge, ever closer together.
        #[test]
        fn a_distance_within_10_km_is_right_to_a_thousandth(
            latitude in 3.5..53.5f64, x in -0.06..0.06f64, y in -0.06..0.06f64,
            dx in -0.06..0.06f64, dy in -0.06..0.06f64,
        ) {
            let place = Point::new(117.0, latitude);
            let at = |share: f64| Point::new(117.0 + x + dx * share, latitude + y + dy * share);
            let line = Geometry::Line(geo_types::Line::new(at(0.0), at(1.0)));
            let (mut truth, mut near, mut reach) = (f64::INFINITY, 0.5, 0.5f64);
            for _ in 0..4 {
                let share = |step: i32| (near + reach * f64::from(step) / 20.0).clamp(0.0, 1.0);
                let measured = (-20..=20).map(share).filter_map(|share| {
                    between(place, at(share)).map(|metres| (metres, share))
                });
                (truth, near) = measured.min_by(|a, b| a.0.total_cmp(&b.0)).expect("some");
                reach /= 10.0;
            }
            let found = to(place, &line).expect("all are places");
            prop_assert!((found - truth).abs() <= 1e-3 * truth + 0.01, "{} {}", found, truth);
        }

        #[test]
        fn a_representative_place_lies_in_its_polygon(
            points in prop::collection::vec((116.0..118.0f64, 29.0..31.0f64), 3..12),
        ) {
            let ring: LineString = points.into_iter().collect();
            let hull = geo::ConvexHull::convex_hull(&Polygon::new(ring, Vec::new()));
            let place = representative(&hull.clone().into()).expect("is not empty");
            prop_assert!(geo::Intersects::intersects(&hull, &place));
        }
    }
}
