//! Cutting and joining polygons in a plane of metres, with the slips of the library set right.
//!
//! Now and then the library gives the right rings but takes an outer ring for a hole, where rings
//! touch, or stops at an assertion of its own. The even-odd rule tells again what the rings enclose,
//! and a turned plane makes it pass.

use std::borrow::Cow;

use geo::bool_ops::{FillRule, OpType};
use geo::orient::{Direction, Orient};
use geo::{BooleanOps, MakeValid, MapCoords, unary_union};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::parts::guarded;
use super::validity::is_sound;

mod assemble;

pub(super) use assemble::assembled;

/// The angles by which the plane is turned, one after the other, until the library copes.
const TURNS: [f64; 4] = [0.0, 0.7, 1.9, 2.6];

/// A ring with more points is long.
const LONG: usize = 1000;

/// What valid polygons have in common with other valid polygons.
pub(super) fn intersection(a: &MultiPolygon, b: &MultiPolygon) -> Option<MultiPolygon> {
    turned(a, b, |a, b| a.intersection(b))
}

/// What valid polygons have left when others are taken away; those may overlap each other.
pub(super) fn difference(a: &MultiPolygon, b: &MultiPolygon) -> Option<MultiPolygon> {
    // What lies within several outer rings, which are counter-clockwise, is taken away once.
    turned(a, b, |a, b| a.boolean_op_with_fill_rule(b, OpType::Difference, FillRule::Positive))
}

/// What any of several polygons cover.
pub(super) fn union(parts: &MultiPolygon) -> Option<MultiPolygon> {
    turned(parts, &MultiPolygon::empty(), |parts, _| unary_union(parts))
}

/// What a ring encloses, by the even-odd rule.
///
/// The points of short rings stay exactly where they are; those of long ones are rounded, as the
/// exact way takes minutes for a long ring with many loops.
pub(super) fn enclosed(ring: &LineString) -> Option<MultiPolygon> {
    let filled = MultiPolygon(vec![Polygon::new(ring.clone(), Vec::new())]);
    let rounded = || turned(&filled, &MultiPolygon::empty(), |ring, nothing| ring.union(nothing));
    match ring.0.len() > LONG {
        true => rounded().or_else(|| noded(&filled)),
        false => noded(&filled).or_else(rounded),
    }
}

/// What rings enclose by the even-odd rule, with a point wherever one touches an edge.
pub(super) fn noded(parts: &MultiPolygon) -> Option<MultiPolygon> {
    guarded(|| parts.make_valid().ok()).flatten().map(assembled)
}

fn turned(
    a: &MultiPolygon,
    b: &MultiPolygon,
    cut: impl Fn(&MultiPolygon, &MultiPolygon) -> MultiPolygon,
) -> Option<MultiPolygon> {
    TURNS.into_iter().find_map(|angle| {
        let cut = guarded(|| set_right(cut(&turn(a, angle), &turn(b, angle))))?;
        Some(turn(&cut, -angle).into_owned())
    })
}

fn turn(parts: &MultiPolygon, angle: f64) -> Cow<'_, MultiPolygon> {
    if angle == 0.0 {
        return Cow::Borrowed(parts);
    }
    let (sine, cosine) = angle.sin_cos();
    Cow::Owned(parts.map_coords(|place| Coord {
        x: place.x * cosine - place.y * sine,
        y: place.x * sine + place.y * cosine,
    }))
}

fn set_right(parts: MultiPolygon) -> MultiPolygon {
    let borrowed: Vec<Cow<Polygon>> = parts.iter().map(Cow::Borrowed).collect();
    if is_sound(&borrowed) {
        return parts.orient(Direction::Default);
    }
    noded(&parts).unwrap_or(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, Validation};
    use proptest::prelude::*;

    fn polygons() -> impl Strategy<Value = MultiPolygon> {
        let place = (0..9, 0..9).prop_map(|(x, y)| (f64::from(x), f64::from(y)));
        let ring = prop::collection::vec(place, 3..14).prop_map(LineString::from);
        ring.prop_map(|ring| enclosed(&ring).expect("can be told"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// On a coarse grid rings touch themselves and each other all the time.
        #[test]
        fn the_parts_add_up_to_the_whole(a in polygons(), b in polygons()) {
            let both = MultiPolygon(a.iter().chain(&b).cloned().collect());
            let whole = union(&both).expect("can be told");
            let common = intersection(&a, &b).expect("can be told");
            let rest = difference(&a, &b).expect("can be told");
            let area = |parts: &MultiPolygon| parts.unsigned_area();
            prop_assert!((area(&rest) + area(&b) - area(&whole)).abs() < 1e-4);
            prop_assert!((area(&rest) + area(&common) - area(&a)).abs() < 1e-4);
            prop_assert!([whole, common, rest].iter().all(|parts| parts.is_valid()));
        }
    }

    #[test]
    fn the_hole_of_an_island_in_a_hole_stays_its_hole() {
        let square = |from: f64, to: f64| {
            LineString::from(vec![(from, from), (to, from), (to, to), (from, to), (from, from)])
        };
        let nested = MultiPolygon(vec![
            Polygon::new(square(0.0, 90.0), vec![square(10.0, 80.0)]),
            Polygon::new(square(20.0, 70.0), vec![square(30.0, 60.0)]),
        ]);
        for _ in 0..20 {
            let again = assembled(nested.make_valid().expect("is valid"));
            assert!(again.is_valid());
            assert_eq!(again, assembled(nested.clone()));
        }
    }
}
