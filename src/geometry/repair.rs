//! A valid geometry in place of an invalid one, with what that does to the area.
//!
//! What a ring encloses is told by the even-odd rule: both halves of a bow tie count, a spike does
//! not. Holes take away what they cover once, and nothing outside their outer ring; parts count once
//! where they overlap. Points stay where they are to the last digit, unless they lie within a tenth
//! of a millimetre of another one or a hole or a part had to be cut, which moves points by some
//! micrometres.

use std::borrow::Cow;
use std::collections::HashMap;

use geo::bool_ops::{FillRule, OpType};
use geo::orient::{Direction, Orient};
use geo::{
    Area, BooleanOps, BoundingRect, CoordsIter, Euclidean, GeodesicArea, Length, MakeValid,
    MapCoords, unary_union,
};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use super::frame::Frame;
use super::parts::{as_geometry, guarded, misplaced, polygons};
use super::validity::{is_scribble, is_sound};

/// Rings narrower than this on average are left-overs of rounding, in metres.
const HAIR: f64 = 2.5e-4;
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
    /// The area in m² that outer rings less holes give as they stand; none without polygons.
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
    ring(polygon.exterior()) - polygon.interiors().iter().map(ring).sum::<f64>()
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
    let lifted = |parts: &MultiPolygon| {
        parts.map_coords(|place| known.get(&bits(place)).copied().unwrap_or(frame.degrees(place)))
    };
    let valid = |parts: &MultiPolygon| {
        // The library does not always wind the holes it makes.
        let lifted = lifted(&without_hairs(parts)).orient(Direction::Default);
        let borrowed: Vec<Cow<Polygon>> = lifted.iter().map(Cow::Borrowed).collect();
        is_sound(&borrowed).then_some(lifted)
    };
    guarded(|| {
        let parts =
            MultiPolygon(polygons.iter().flat_map(|part| sound_part(part, &frame)).collect());
        valid(&parts).or_else(|| valid(&unary_union(&parts.orient(Direction::Default))))
    })
    .flatten()
}

/// One polygon in metres, rebuilt if it is not valid by itself.
fn sound_part(polygon: &Cow<Polygon>, frame: &Frame) -> Vec<Polygon> {
    let flat = frame.flat(polygon.as_ref());
    if is_sound(std::slice::from_ref(polygon)) {
        return vec![flat.orient(Direction::Default)];
    }
    let shell = enclosed(flat.exterior());
    let holes: Vec<MultiPolygon> = flat.interiors().iter().map(enclosed).collect();
    match holes.is_empty() {
        true => shell.0,
        false => shell.difference(&unary_union(&holes)).0,
    }
}

/// What one ring encloses, by the even-odd rule.
fn enclosed(ring: &LineString) -> MultiPolygon {
    let filled = Polygon::new(ring.clone(), Vec::new());
    let exact = guarded(|| filled.make_valid().ok()).flatten();
    exact.unwrap_or_else(|| {
        let nothing = MultiPolygon::empty();
        filled.boolean_op_with_fill_rule(&nothing, OpType::Union, FillRule::EvenOdd)
    })
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

/// The places in degrees by those in metres, so that they come back without rounding.
fn known_places(polygons: &MultiPolygon, frame: &Frame) -> HashMap<(u64, u64), Coord> {
    polygons.coords_iter().map(|place| (bits(frame.metres(place)), place)).collect()
}

#[cfg(test)]
mod tests;
