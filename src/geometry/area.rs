//! Areas and lengths on the ellipsoid.
//!
//! Between two points a boundary is taken to follow the shortest line. The ellipsoid is that of WGS
//! 84; that of CGCS2000 gives areas that differ by less than one part in a billion.

use geo::{Geodesic, GeodesicArea, Length};
use geo_types::{Geometry, LineString};

use crate::quantity::Interval;

use super::parts::{misplaced, polygons};
use super::repair::{area_of_valid, valid_polygons};

/// The area of the polygons of a geometry in m², as drawn.
///
/// Holes count as such whichever way they are wound, and what several parts cover counts once;
/// invalid polygons are [repaired](super::repair) first. None for points and lines, for coordinates
/// that are no places, and for polygons that cannot be repaired.
pub fn square_metres(geometry: &Geometry) -> Option<f64> {
    valid_polygons(geometry).as_ref().map(area_of_valid)
}

/// The areas in m² that the place may have, if each point of its boundary is known to within
/// `error` metres: what a declared area is compared with.
///
/// A boundary of length `p` that lies anywhere within `e` of the drawn one encloses at most
/// `p·e + π·e²` more or less, for each ring. This is the worst case, all points off the same way;
/// errors that are independent of each other mostly cancel out.
///
/// ```
/// use facility_audit::geometry::area::area;
/// use geo::wkt;
/// let square = wkt!(POLYGON((117.0 30.5, 117.01 30.5, 117.01 30.51, 117.0 30.51, 117.0 30.5)));
/// let bounds = area(&square.into(), 1.0).expect("is a polygon");
/// assert!(bounds.low > 1_060_000.0 && bounds.high < 1_069_000.0);
/// ```
pub fn area(geometry: &Geometry, error: f64) -> Option<Interval> {
    let error = error.max(0.0);
    let polygons = valid_polygons(geometry)?;
    let drawn = area_of_valid(&polygons);
    let rings = polygons.iter().map(|polygon| 1 + polygon.interiors().len()).sum::<usize>() as f64;
    let perimeter: f64 = polygons.iter().map(GeodesicArea::geodesic_perimeter).sum();
    let off = perimeter * error + rings * std::f64::consts::PI * error * error;
    Some(Interval::between((drawn - off).max(0.0), drawn + off))
}

/// The length of lines in metres, or of all rings of polygons; none for points, and for coordinates
/// that are no places.
///
/// Of a collection the polygons count, or the lines if there are none.
pub fn metres(geometry: &Geometry) -> Option<f64> {
    if misplaced(geometry).is_some() {
        return None;
    }
    let rings: Vec<_> = polygons(geometry);
    if !rings.is_empty() {
        return Some(rings.iter().map(|polygon| polygon.geodesic_perimeter()).sum());
    }
    let mut open = vec![geometry];
    let mut lengths = Vec::new();
    while let Some(next) = open.pop() {
        match next {
            Geometry::GeometryCollection(members) => open.extend(&members.0),
            Geometry::Line(line) => lengths.push(Geodesic.length(line)),
            Geometry::LineString(line) => lengths.push(Geodesic.length(line)),
            Geometry::MultiLineString(lines) => {
                lengths.extend(lines.iter().map(|line: &LineString| Geodesic.length(line)));
            }
            _ => {}
        }
    }
    (!lengths.is_empty()).then(|| lengths.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::wkt;
    use geo_types::{Coord, MultiPolygon, Polygon};

    /// A square of `size` thousandths of a degree, its lower left corner so many from 117° E 30.5° N.
    fn square(x: f64, y: f64, size: f64) -> Polygon {
        let corner =
            |dx: f64, dy: f64| Coord { x: 117.0 + (x + dx) / 1000.0, y: 30.5 + (y + dy) / 1000.0 };
        let ring = [(0.0, 0.0), (size, 0.0), (size, size), (0.0, size), (0.0, 0.0)];
        Polygon::new(ring.iter().map(|&(x, y)| corner(x, y)).collect(), Vec::new())
    }

    fn with_hole(mut shell: Polygon, hole: &Polygon, backwards: bool) -> Polygon {
        let mut ring = hole.exterior().clone();
        if backwards {
            ring.0.reverse();
        }
        shell.interiors_push(ring);
        shell
    }

    fn measured(geometry: impl Into<Geometry>) -> f64 {
        square_metres(&geometry.into()).expect("has an area")
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 0.01
    }

    #[test]
    fn a_hundredth_of_a_degree_squared_is_the_known_area() {
        assert!(close(measured(square(0.0, 0.0, 10.0)), 1_064_199.238));
    }

    #[test]
    fn a_hole_counts_whichever_way_it_is_wound() {
        let (outer, inner) = (square(0.0, 0.0, 10.0), square(2.0, 2.0, 2.0));
        let left = measured(outer.clone()) - measured(inner.clone());
        for backwards in [false, true] {
            let holed = with_hole(outer.clone(), &inner, backwards);
            assert!(close(measured(holed), left));
        }
    }

    #[test]
    fn a_hole_outside_takes_nothing_away() {
        let holed = with_hole(square(0.0, 0.0, 10.0), &square(20.0, 0.0, 5.0), true);
        assert!(close(measured(holed), 1_064_199.238));
    }

    #[test]
    fn what_two_parts_cover_counts_once() {
        let union = measured(square(0.0, 0.0, 10.0));
        for inner in [square(2.0, 2.0, 3.0), square(0.0, 0.0, 10.0), square(0.0, 0.0, 5.0)] {
            let parts = MultiPolygon(vec![square(0.0, 0.0, 10.0), inner]);
            assert!(close(measured(parts), union));
        }
        let apart = MultiPolygon(vec![square(0.0, 0.0, 10.0), square(20.0, 0.0, 10.0)]);
        assert!(close(measured(apart), 2.0 * union));
    }

    #[test]
    fn a_small_room_keeps_its_area_when_it_is_repaired() {
        // 8 m wide, with a spike: in degrees the repair would melt it down to a point.
        let room = wkt!(POLYGON((
            117. 30.5, 117.00008 30.5, 117.00012 30.5, 117.00008 30.5, 117.00008 30.50008,
            117. 30.50008, 117. 30.5
        )));
        assert!((measured(room) - 68.1).abs() < 0.1);
    }

    #[test]
    fn the_bounds_widen_with_the_boundary() {
        let place = Geometry::from(square(0.0, 0.0, 10.0));
        assert!(area(&place, 0.0).is_some_and(|area| area.is_exact()));
        let off = area(&place, 2.0).map_or(0.0, |area| area.high - 1_064_199.238);
        let length = metres(&place).unwrap_or(0.0);
        assert!(close(off, 2.0 * length + 4.0 * std::f64::consts::PI));
        assert!(area(&Geometry::from(square(0.0, 0.0, 0.01)), 5.0).is_some_and(|a| a.low == 0.0));
    }

    #[test]
    fn what_has_no_area_has_none() {
        for geometry in [
            Geometry::from(wkt!(POINT(117. 30.))),
            Geometry::from(wkt!(LINESTRING(117. 30., 118. 30.))),
            Geometry::from(wkt!(POLYGON EMPTY)),
            Geometry::from(wkt!(POLYGON((500000. 3400000., 500100. 3400000., 500100. 3400100.)))),
        ] {
            assert_eq!(square_metres(&geometry), None);
        }
    }

    #[test]
    fn the_length_of_a_line_is_geodesic() {
        let line = Geometry::from(wkt!(LINESTRING(117. 30., 118. 30.)));
        assert!((metres(&line).unwrap_or(0.0) - 96_486.0).abs() < 1.0);
        assert_eq!(metres(&Geometry::from(wkt!(POINT(117. 30.)))), None);
    }
}
