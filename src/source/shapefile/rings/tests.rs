use geo::Area;
use proptest::prelude::*;

use super::*;
use crate::source::shapefile::sample::{Ring as Points, square, turned};

fn assembled(rings: &[Points]) -> Assembled {
    let coords = |ring: &Points| ring.iter().map(|point| Coord::from(*point)).collect();
    assemble(rings.iter().map(coords).collect())
}

/// The area of each polygon, and its number of holes.
fn areas(rings: &[Points]) -> Vec<(f64, usize)> {
    let polygons = assembled(rings).polygons;
    polygons.iter().map(|polygon| (polygon.signed_area(), polygon.interiors().len())).collect()
}

#[test]
fn holes_find_their_outer_ring_in_any_order_and_winding() {
    let rings = [
        square(0.0, 0.0, 10.0),
        square(20.0, 0.0, 9.0),
        turned(square(1.0, 1.0, 2.0)),
        turned(square(21.0, 1.0, 1.0)),
    ];
    let mut order = [0, 1, 2, 3];
    for _ in 0..4 {
        order.rotate_left(1);
        for windings in 0..16 {
            let turn = |index: &usize| match windings >> index & 1 {
                0 => rings[*index].clone(),
                _ => turned(rings[*index].clone()),
            };
            let shuffled: Vec<Points> = order.iter().map(turn).collect();
            assert_eq!(areas(&shuffled), [(96.0, 1), (80.0, 1)], "{order:?} {windings}");
        }
    }
}

#[test]
fn an_island_in_a_hole_is_a_polygon_of_its_own() {
    let rings = [
        square(3.0, 3.0, 4.0),
        square(0.0, 0.0, 10.0),
        square(4.0, 4.0, 1.0),
        square(1.0, 1.0, 8.0),
    ];
    assert_eq!(areas(&rings), [(36.0, 1), (15.0, 1)]);
}

#[test]
fn rings_that_touch_are_told_by_their_other_points() {
    // A hole that touches in a corner, one whose corners all lie on the edge, and two squares that
    // share a corner and an edge.
    let corner = square(0.0, 0.0, 2.0);
    let diamond = vec![(5.0, 0.0), (10.0, 5.0), (5.0, 10.0), (0.0, 5.0), (5.0, 0.0)];
    assert_eq!(areas(&[corner, square(0.0, 0.0, 10.0)]), [(96.0, 1)]);
    assert_eq!(areas(&[diamond, square(0.0, 0.0, 10.0)]), [(50.0, 1)]);
    assert_eq!(areas(&[square(0.0, 0.0, 2.0), square(2.0, 2.0, 1.0)]), [(4.0, 0), (1.0, 0)]);
    assert_eq!(areas(&[square(0.0, 0.0, 2.0), square(2.0, 0.0, 1.0)]), [(4.0, 0), (1.0, 0)]);
    // A ring in the notch of another lies in its box, not in it.
    let notched = vec![
        (0.0, 0.0),
        (0.0, 3.0),
        (1.0, 3.0),
        (1.0, 1.0),
        (2.0, 1.0),
        (2.0, 3.0),
        (3.0, 3.0),
        (3.0, 0.0),
        (0.0, 0.0),
    ];
    assert_eq!(areas(&[notched, square(1.0, 1.0, 1.0)]), [(7.0, 0), (1.0, 0)]);
}

#[test]
fn rings_touch_within_a_tenth_of_a_millimetre_far_from_the_origin() {
    let moved = |ring: Points, by: f64| -> Points {
        ring.into_iter().map(|(x, y)| (x + 39_512_345.1 + by, y + 3_400_000.3 + by)).collect()
    };
    let diagonal = vec![(0.0, 0.0), (7.0, 30.0), (30.0, 7.0), (0.0, 0.0)];
    let hole = vec![(0.0, 0.0), (3.5, 15.0), (10.0, 10.0), (0.0, 0.0)];
    let found = assembled(&[moved(hole, 3e-5), moved(diagonal, 0.0)]);
    assert_eq!((found.polygons.len(), found.polygons[0].interiors().len()), (1, 1));
    assert_eq!(found.crossing, 0);
}

#[test]
fn odd_rings_are_counted() {
    let point = vec![(1.0, 1.0); 4];
    let line = vec![(0.0, 0.0), (1.0, 2.0), (2.0, 4.0), (0.0, 0.0)];
    let mut open = square(0.0, 0.0, 4.0);
    open.pop();
    let again = turned(square(0.0, 0.0, 4.0));
    let hole = square(1.0, 1.0, 1.0);
    let found = assembled(&[point, line, vec![], open, again, hole]);
    assert_eq!((found.flat, found.open, found.repeated, found.crossing), (3, 1, 1, 0));
    let areas: Vec<f64> = found.polygons.iter().map(Area::unsigned_area).collect();
    assert_eq!(areas, [15.0]);
}

#[test]
fn a_hole_that_crosses_its_outer_ring_a_little_stays_a_hole() {
    let wave: Points =
        (0..40).map(|i| (1.0 + f64::from(i) * 0.1, if i == 7 { -0.01 } else { 1.0 })).collect();
    let hole = [wave, vec![(4.9, 3.0), (1.0, 3.0), (1.0, 1.0)]].concat();
    let outer = vec![
        (0.0, 0.0),
        (9.0, 0.0),
        (9.0, -1.0),
        (10.0, -1.0),
        (10.0, 10.0),
        (0.0, 10.0),
        (0.0, 0.0),
    ];
    let found = assembled(&[outer, hole]);
    assert_eq!((found.polygons.len(), found.polygons[0].interiors().len()), (1, 1));
}

#[test]
fn a_large_ring_with_thousands_of_holes_is_quick() {
    // A jagged circle, with a grid of holes and an island in each.
    let at = |step: usize| {
        let angle = step as f64 / 20_000.0 * std::f64::consts::TAU;
        let radius = if step.is_multiple_of(2) { 1000.0 } else { 990.0 };
        (radius * angle.cos(), radius * angle.sin())
    };
    let mut rings = vec![(0..=20_000).map(|step| at(step % 20_000)).collect::<Points>()];
    for row in 0..50 {
        for column in 0..50 {
            let (x, y) = (f64::from(column) * 20.0 - 500.0, f64::from(row) * 20.0 - 500.0);
            rings.push(square(x + 1.0, y + 1.0, 1.0));
            rings.push(square(x, y, 3.0));
        }
    }
    let found = assembled(&rings);
    assert_eq!(found.polygons.len(), 2501);
    assert_eq!(found.polygons[0].interiors().len(), 2500);
    assert_eq!((found.crossing, found.repeated), (0, 0));
}

/// Squares in squares, four side by side at each level, and the area they should leave.
fn nested(x: f64, y: f64, size: f64, shape: &[u8], rings: &mut Vec<Points>, sign: f64) -> f64 {
    let Some((first, rest)) = shape.split_first() else { return 0.0 };
    let ring = square(x, y, size);
    rings.push(if first & 16 == 0 { ring } else { turned(ring) });
    let mut area = sign * size * size;
    for quarter in (0..4u8).filter(|quarter| first >> quarter & 1 == 1) {
        // Side by side the squares inside touch each other, and at `first & 32` the one around.
        let margin = if first & 32 == 0 { 0.1 * size } else { 0.0 };
        let step = (size - 2.0 * margin) / 2.0;
        let (right, up) = (f64::from(quarter & 1), f64::from(quarter >> 1));
        let (x, y) = (x + margin + right * step, y + margin + up * step);
        area += nested(x, y, step * 0.9, rest, rings, -sign);
    }
    area
}

proptest! {
    #[test]
    fn any_nest_of_rings_keeps_its_area(
        shape in prop::collection::vec(any::<u8>(), 1..5),
        seed in any::<u64>(),
    ) {
        let mut rings = Vec::new();
        let area = nested(500_000.0, 3_400_000.0, 1000.0, &shape, &mut rings, 1.0);
        let mut state = seed;
        for index in (1..rings.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            rings.swap(index, (state >> 33) as usize % (index + 1));
        }
        let found = assembled(&rings);
        let total: f64 = found.polygons.iter().map(Area::signed_area).sum();
        prop_assert!((total - area).abs() < 1e-3, "{total} {area}");
        prop_assert_eq!(found.flat + found.open + found.repeated + found.crossing, 0);
        let all: usize = found.polygons.iter().map(|polygon| 1 + polygon.interiors().len()).sum();
        prop_assert_eq!(all, rings.len());
        prop_assert!(found.polygons.iter().all(|polygon| polygon.signed_area() > 0.0));
    }

    #[test]
    fn any_rings_at_all_are_sorted_without_a_panic(
        rings in prop::collection::vec(
            prop::collection::vec((0u8..6, 0u8..6), 0..90),
            0..8,
        ),
    ) {
        let points = |ring: Vec<(u8, u8)>| ring.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).collect();
        let rings: Vec<Points> = rings.into_iter().map(points).collect();
        let found = assembled(&rings);
        let kept: usize = found.polygons.iter().map(|polygon| 1 + polygon.interiors().len()).sum();
        prop_assert_eq!(kept + found.flat + found.repeated, rings.len());
    }
}
