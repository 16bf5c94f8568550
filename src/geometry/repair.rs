//! A valid geometry in place of an invalid one, with what that does to the area.
//!
//! What a ring encloses is told by the even-odd rule: both halves of a bow tie count, a spike does
//! not. Holes take away what they cover once, and nothing outside their outer ring; parts count once
//! where they overlap. Points stay where they are to the last digit, unless they lie within a tenth
//! of a millimetre of another one, or a hole, a part or a ring of more than a thousand points had to
//! be cut, which moves points by some micrometres.

use std::borrow::Cow;
use std::collections::HashMap;

use geo::orient::{Direction, Orient};
use geo::{Area, BoundingRect, CoordsIter, Euclidean, GeodesicArea, Length, MapCoords};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use super::frame::Frame;
use super::parts::{as_geometry, misplaced, polygons};
use super::planar::{assembled, difference, enclosed, noded, union};
use super::validity::{is_scribble, is_sound};

/// Rings narrower than this on average are left-overs of rounding, in metres.
const HAIR: f64 = 2.5e-4;
/// So often is rounding from metres to degrees set right.
const ROUNDS: usize = 4;
/// A geometry whose rings meet in more places than this is scribble, and repair would take minutes.
const MOST_CONTACTS: usize = 50_000;

/// A geometry after repair.
#[derive(Debug, Clone, PartialEq)]
pub struct Repaired {
    /// The valid geometry, outer rings counter-clockwise; none if nothing is left, if a coordinate
    /// is no place, or if the geometry could not be repaired.
    pub geometry: Option<Geometry>,
    /// Whether anything but the direction of rings had to change.
    pub changed: bool,
    /// The area in m² that outer rings less holes give as they stand, part by part; none without
    /// polygons.
    pub area_before: Option<f64>,
    /// The area in m² of the valid geometry; none without polygons.
    pub area_after: Option<f64>,
}

/// Repairs the polygons of a geometry; points and lines stay as they are.
///
/// Of a collection that holds polygons only these are kept. Work is done in metres, as the library
/// merges points that are less than 0.0001 units apart: 11 m, if the unit were the degree.
pub fn repair(geometry: &Geometry) -> Repaired {
    let nothing = Repaired { geometry: None, changed: true, area_before: None, area_after: None };
    if misplaced(geometry).is_some() {
        return nothing;
    }
    let polygons = polygons(geometry);
    if polygons.is_empty() {
        return Repaired { geometry: Some(geometry.clone()), changed: false, ..nothing };
    }
    let area_before = Some(polygons.iter().map(|polygon| as_drawn(polygon)).sum());
    let changed = !is_sound(&polygons);
    let mended = if changed { rebuilt(&polygons) } else { Some(oriented(&polygons)) };
    Repaired {
        area_after: mended.as_ref().map(area_of_valid),
        geometry: mended.and_then(as_geometry),
        changed,
        area_before,
    }
}

/// The polygons of a geometry, valid and with outer rings counter-clockwise; none if a coordinate is
/// no place, if there are no polygons, or if they cannot be repaired.
pub fn valid_polygons(geometry: &Geometry) -> Option<MultiPolygon> {
    if misplaced(geometry).is_some() {
        return None;
    }
    let polygons = polygons(geometry);
    match polygons.is_empty() {
        true => None,
        false if is_sound(&polygons) => Some(oriented(&polygons)),
        false => rebuilt(&polygons),
    }
}

/// The geodesic area of valid polygons.
///
/// It is the amount of the signed area: the unsigned one of the library takes a tiny ring whose
/// direction is lost in rounding for the rest of the Earth.
pub(super) fn area_of_valid(polygons: &MultiPolygon) -> f64 {
    polygons.iter().map(|polygon| polygon.geodesic_area_signed().abs()).sum()
}

fn as_drawn(polygon: &Polygon) -> f64 {
    let ring =
        |ring: &LineString| Polygon::new(ring.clone(), Vec::new()).geodesic_area_signed().abs();
    let holes: f64 = polygon.interiors().iter().map(ring).sum();
    (ring(polygon.exterior()) - holes).max(0.0)
}

fn oriented(polygons: &[Cow<Polygon>]) -> MultiPolygon {
    MultiPolygon(polygons.iter().map(|polygon| polygon.orient(Direction::Default)).collect())
}

fn rebuilt(polygons: &[Cow<Polygon>]) -> Option<MultiPolygon> {
    if is_scribble(polygons, MOST_CONTACTS) {
        return None;
    }
    let all = MultiPolygon(polygons.iter().map(|polygon| polygon.as_ref().clone()).collect());
    let frame = Frame::of(all.bounding_rect()?);
    let known = known_places(&all, &frame);
    let parts: Option<Vec<MultiPolygon>> =
        polygons.iter().map(|part| sound_part(part, &frame)).collect();
    settled(MultiPolygon(parts?.into_iter().flatten().collect()), &frame, &known)
}

/// Places in degrees by the bits of those in metres, so that they come back without rounding.
pub(super) type Known = HashMap<(u64, u64), Coord>;

/// Polygons in metres as valid polygons in degrees, in a fixed order; none if that fails.
pub(super) fn settled(parts: MultiPolygon, frame: &Frame, known: &Known) -> Option<MultiPolygon> {
    let degrees = |place| known.get(&bits(place)).copied().unwrap_or(frame.degrees(place));
    let lifted = |parts: &MultiPolygon| assembled(without_hairs(parts).map_coords(degrees));
    let sound = |parts: &MultiPolygon| {
        is_sound(&parts.iter().map(Cow::Borrowed).collect::<Vec<Cow<Polygon>>>())
    };
    let as_they_are = lifted(&parts);
    if sound(&as_they_are) {
        return Some(as_they_are);
    }
    let mut parts = union(&parts)?;
    for _ in 0..ROUNDS {
        let lifted = lifted(&parts);
        if sound(&lifted) {
            return Some(lifted);
        }
        // In degrees a point may have been rounded across the edge it touched: tie it to the edge.
        parts = noded(&frame.flat(&lifted))?;
    }
    None
}

/// One polygon in metres, rebuilt if it is not valid by itself; none if that fails.
fn sound_part(polygon: &Polygon, frame: &Frame) -> Option<MultiPolygon> {
    let flat = frame.flat(polygon);
    if is_sound(&[Cow::Borrowed(polygon)]) {
        return Some(MultiPolygon(vec![flat.orient(Direction::Default)]));
    }
    let shell = enclosed(flat.exterior())?;
    let holes: Option<Vec<MultiPolygon>> = flat.interiors().iter().map(enclosed).collect();
    let holes = MultiPolygon(holes?.into_iter().flatten().collect());
    if holes.0.is_empty() { Some(shell) } else { difference(&shell, &holes) }
}

fn without_hairs(parts: &MultiPolygon) -> MultiPolygon {
    let wide = |ring: &LineString| {
        let area = Polygon::new(ring.clone(), Vec::new()).unsigned_area();
        2.0 * area > HAIR * Euclidean.length(ring)
    };
    let kept = parts.iter().filter(|part| wide(part.exterior())).map(|part| {
        let holes = part.interiors().iter().filter(|hole| wide(hole));
        Polygon::new(part.exterior().clone(), holes.cloned().collect())
    });
    MultiPolygon(kept.collect())
}

fn bits(place: Coord) -> (u64, u64) {
    (place.x.to_bits(), place.y.to_bits())
}

fn known_places(polygons: &MultiPolygon, frame: &Frame) -> Known {
    polygons.coords_iter().map(|place| (bits(frame.metres(place)), place)).collect()
}

#[cfg(test)]
mod tests;
