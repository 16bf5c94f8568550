//! A flat frame of metres around a place, in which planar methods may be used.

use geo::MapCoords;
use geo_types::{Coord, Rect};

/// The larger half axis of the ellipsoid of CGCS2000, in metres.
const SEMI_MAJOR: f64 = 6_378_137.0;
/// The flattening of the ellipsoid of CGCS2000.
const FLATTENING: f64 = 1.0 / 298.257_222_101;

/// Metres east and north of a centre.
///
/// It only moves and stretches, so that what is straight or collinear in degrees stays so: a vertex
/// on a neighbour's edge stays on that edge. Lengths are right at the latitude of the centre; 10 km
/// to the north or south of it, east-west lengths are off by less than 0.25 % anywhere in China.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    centre: Coord,
    east: f64,
    north: f64,
}

impl Frame {
    /// The frame around a centre in degrees.
    pub fn at(centre: Coord) -> Frame {
        let (sine, cosine) = centre.y.clamp(-89.9, 89.9).to_radians().sin_cos();
        let squared = FLATTENING * (2.0 - FLATTENING);
        let bend = 1.0 - squared * sine * sine;
        let across = SEMI_MAJOR / bend.sqrt();
        let along = SEMI_MAJOR * (1.0 - squared) / (bend * bend.sqrt());
        Frame { centre, east: (across * cosine).to_radians(), north: along.to_radians() }
    }

    /// The frame around the middle of a box in degrees.
    pub fn of(bounds: Rect) -> Frame {
        Frame::at(bounds.center())
    }

    /// Degrees to metres.
    pub fn metres(&self, place: Coord) -> Coord {
        Coord {
            x: (place.x - self.centre.x) * self.east,
            y: (place.y - self.centre.y) * self.north,
        }
    }

    /// Metres to degrees.
    pub fn degrees(&self, place: Coord) -> Coord {
        Coord { x: place.x / self.east + self.centre.x, y: place.y / self.north + self.centre.y }
    }

    /// A whole geometry from degrees to metres.
    pub fn flat<G: MapCoords<f64, f64, Output = G>>(&self, geometry: &G) -> G {
        geometry.map_coords(|place| self.metres(place))
    }

    /// A whole geometry from metres to degrees.
    pub fn lifted<G: MapCoords<f64, f64, Output = G>>(&self, geometry: &G) -> G {
        geometry.map_coords(|place| self.degrees(place))
    }

    /// A box in degrees that reaches `metres` further on each side, at the latitude of the centre.
    pub fn widened(&self, bounds: Rect, metres: f64) -> Rect {
        let step = Coord { x: metres / self.east, y: metres / self.north };
        Rect::new(bounds.min() - step, bounds.max() + step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Distance, Geodesic};
    use geo_types::Point;

    #[test]
    fn lengths_are_those_on_the_ellipsoid() {
        for latitude in [3.5, 30.5, 53.5] {
            let centre = Coord { x: 117.0, y: latitude };
            let frame = Frame::at(centre);
            for (x, y) in [(0.05, 0.0), (0.0, 0.05), (-0.04, 0.03), (0.04, -0.04)] {
                let other = Coord { x: centre.x + x, y: centre.y + y };
                let flat = frame.metres(other);
                let truth = Geodesic.distance(Point(centre), Point(other));
                assert!((flat.x.hypot(flat.y) / truth - 1.0).abs() < 1e-3, "{latitude} {x} {y}");
            }
        }
    }

    #[test]
    fn there_and_back_is_where_it_was() {
        let frame = Frame::at(Coord { x: 117.2, y: 30.9 });
        let place = Coord { x: 117.234_567_89, y: 30.987_654_32 };
        let back = frame.degrees(frame.metres(place));
        assert!((back.x - place.x).abs() < 1e-12 && (back.y - place.y).abs() < 1e-12);
    }
}
