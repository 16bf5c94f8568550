use super::*;
use geo::{Validation, wkt};
use geo_types::{MultiPolygon, Polygon};
use proptest::prelude::*;

/// Moves small numbers to a place in China: thousandths of a degree from 117° E 30° N.
fn there(geometry: impl Into<Geometry>) -> Geometry {
    let place = |at: Coord| Coord { x: 117.0 + at.x / 1000.0, y: 30.0 + at.y / 1000.0 };
    geo::MapCoords::map_coords(&geometry.into(), place)
}

fn kinds(geometry: impl Into<Geometry>) -> Vec<FaultKind> {
    faults(&there(geometry)).into_iter().map(|fault| fault.kind).collect()
}

#[test]
fn a_good_polygon_is_without_fault() {
    assert_eq!(
        kinds(wkt!(POLYGON((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (1. 1., 1. 2., 2. 2., 1. 1.)))),
        []
    );
    assert!(kinds(wkt!(POINT(1. 1.))).is_empty());
    let islands = wkt!(MULTIPOLYGON(
        ((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (1. 1., 1. 8., 8. 8., 8. 1., 1. 1.)),
        ((2. 2., 3. 2., 3. 3., 2. 2.)),
        ((9. 9., 12. 9., 12. 12., 9. 9.))
    ));
    assert_eq!(kinds(islands), [], "an island in a hole and a corner that touches are allowed");
}

#[test]
fn each_fault_of_one_ring_is_told() {
    let bowtie = wkt!(POLYGON((0. 0., 9. 9., 9. 0., 0. 9., 0. 0.)));
    assert_eq!(kinds(bowtie), [FaultKind::SelfIntersection]);
    let spike = wkt!(POLYGON((0. 0., 4. 0., 4. 4., 2. 4., 2. 6., 2. 4., 0. 4., 0. 0.)));
    assert_eq!(kinds(spike), [FaultKind::Spike]);
    let inverted = wkt!(POLYGON((0. 0., 9. 0., 9. 9., 5. 9., 4. 5., 6. 5., 5. 9., 0. 9., 0. 0.)));
    assert_eq!(kinds(inverted), [FaultKind::SelfTouch]);
    let line = wkt!(POLYGON((0. 0., 4. 0., 9. 0., 0. 0.)));
    assert_eq!(kinds(line), [FaultKind::ZeroArea]);
    let two = wkt!(POLYGON((0. 0., 4. 0., 4. 0., 0. 0.)));
    assert_eq!(kinds(two), [FaultKind::TooFewPoints, FaultKind::RepeatedPoint]);
    assert_eq!(kinds(wkt!(POLYGON EMPTY)), [FaultKind::Empty]);
}

#[test]
fn what_leaves_a_polygon_valid_is_noted() {
    let clockwise = wkt!(POLYGON((0. 0., 0. 9., 9. 9., 9. 0., 0. 0.)));
    assert_eq!(kinds(clockwise), [FaultKind::Winding]);
    let hole = wkt!(POLYGON((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (1. 1., 2. 2., 1. 2., 1. 1.)));
    assert_eq!(kinds(hole), [FaultKind::Winding]);
    let repeated = wkt!(POLYGON((0. 0., 9. 0., 9. 0., 9. 9., 0. 9., 0. 0.)));
    assert_eq!(kinds(repeated), [FaultKind::RepeatedPoint]);
    let needle = wkt!(POLYGON((0. 0., 9. 0., 9. 9., 5. 9., 5. 19., 4.99 9., 0. 9., 0. 0.)));
    assert_eq!(kinds(needle), [FaultKind::NarrowSpike]);
    for kind in [FaultKind::Winding, FaultKind::RepeatedPoint, FaultKind::NarrowSpike] {
        assert!(!kind.is_invalid());
    }
}

#[test]
fn faults_between_rings_are_told() {
    let outside =
        wkt!(POLYGON((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (20. 1., 20. 2., 22. 2., 20. 1.)));
    assert_eq!(kinds(outside), [FaultKind::HoleOutside]);
    let half_out =
        wkt!(POLYGON((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (8. 1., 8. 2., 12. 2., 8. 1.)));
    assert_eq!(kinds(half_out), [FaultKind::HoleOutside]);
    let out_by_a_corner = wkt!(POLYGON(
        (0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (9. 4., 8. 5., 9. 6., 10. 5., 9. 4.)
    ));
    assert_eq!(kinds(out_by_a_corner), [FaultKind::HoleOutside]);
    let along = wkt!(POLYGON((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (9. 4., 8. 5., 9. 6., 9. 4.)));
    assert_eq!(kinds(along), [FaultKind::SharedLine]);
    let nested_holes = wkt!(POLYGON(
        (0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (1. 1., 1. 8., 8. 8., 8. 1., 1. 1.),
        (2. 2., 2. 3., 3. 3., 2. 2.)
    ));
    assert_eq!(kinds(nested_holes), [FaultKind::HolesOverlap]);
    let crossing_holes = wkt!(POLYGON(
        (0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (1. 1., 1. 5., 5. 5., 5. 1., 1. 1.),
        (3. 3., 3. 7., 7. 7., 7. 3., 3. 3.)
    ));
    assert_eq!(kinds(crossing_holes), [FaultKind::HolesOverlap]);
}

#[test]
fn faults_between_parts_are_told() {
    let nested = wkt!(MULTIPOLYGON(
        ((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.)), ((2. 2., 3. 2., 3. 3., 2. 2.))
    ));
    assert_eq!(kinds(nested), [FaultKind::NestedShells]);
    let overlapping = wkt!(MULTIPOLYGON(
        ((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.)), ((5. 0., 14. 0., 14. 9., 5. 9., 5. 0.))
    ));
    assert_eq!(kinds(overlapping), [FaultKind::PartsOverlap], "no edges cross, some share lines");
    let twice = wkt!(MULTIPOLYGON(
        ((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.)), ((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.))
    ));
    assert_eq!(kinds(twice), [FaultKind::PartsOverlap]);
    let beside = wkt!(MULTIPOLYGON(
        ((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.)), ((9. 0., 14. 0., 14. 9., 9. 9., 9. 0.))
    ));
    assert_eq!(kinds(beside), [FaultKind::SharedLine]);
}

#[test]
fn a_fault_says_what_and_where() {
    let parts = wkt!(MULTIPOLYGON(
        ((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.)), ((10. 0., 20. 10., 20. 0., 10. 10., 10. 0.))
    ));
    let found = faults(&there(parts)).remove(0);
    assert_eq!(found.place.map(|place| (place.x(), place.y())), Some((117.015, 30.005)));
    assert_eq!(found.words.zh, "第 2 部分的外环自相交，位于 (117.0150000, 30.0050000)");
    assert!(found.words.en.starts_with("the outer ring of part 2 crosses itself"));
    assert_eq!(found.kind.code(), "self_intersection");
}

#[test]
fn a_raw_ring_tells_that_it_is_open() {
    let kinds = |points: Vec<(f64, f64)>| -> Vec<FaultKind> {
        faults_of_raw_ring(&points.into()).into_iter().map(|fault| fault.kind).collect()
    };
    assert_eq!(kinds(vec![(1., 1.), (2., 1.), (2., 2.)]), [FaultKind::NotClosed]);
    assert_eq!(kinds(vec![(1., 1.), (2., 1.), (1., 1.)]), [FaultKind::TooFewPoints]);
    assert_eq!(kinds(vec![]), [FaultKind::Empty]);
    assert_eq!(kinds(vec![(1., f64::NAN)]), [FaultKind::NoPlace]);
}

#[test]
fn a_scribble_has_a_hundred_faults_at_most_of_a_kind() {
    let zigzag = |step: u32| (f64::from(step * 7919 % 1009), f64::from(step * 104_729 % 997));
    let ring: LineString = (0..2000).map(zigzag).collect();
    let found = faults(&there(Polygon::new(ring, Vec::new())));
    assert!(found.len() <= 300 && found.iter().any(|fault| fault.kind.is_invalid()));
}

/// Rings on a coarse grid, so that they touch, overlap and repeat.
fn ring() -> impl Strategy<Value = LineString> {
    let point = (0..8, 0..8).prop_map(|(x, y)| (f64::from(x), f64::from(y)));
    prop::collection::vec(point, 3..8).prop_map(LineString::from)
}

proptest! {
    #[test]
    fn what_is_invalid_is_what_the_library_calls_so(
        shells in prop::collection::vec((ring(), prop::option::of(ring())), 1..3),
    ) {
        let parts = shells.into_iter();
        let parts = parts.map(|(shell, hole)| Polygon::new(shell, hole.into_iter().collect()));
        let geometry = there(MultiPolygon(parts.collect()));
        let found = faults(&geometry);
        let invalid = found.iter().any(|fault| fault.kind.is_invalid());
        // A ring that rounding keeps from being a line is one here, but not there.
        prop_assume!(found.iter().all(|fault| fault.kind != FaultKind::ZeroArea));
        prop_assert_eq!(invalid, !geometry.is_valid(), "{:?} {:?}", geometry, found);
    }

    #[test]
    fn no_coordinates_make_it_panic(
        numbers in prop::collection::vec(prop_oneof![
            -200.0..200.0f64, Just(f64::NAN), Just(f64::INFINITY), Just(1e300), Just(1e-300),
            Just(117.0), Just(30.0), any::<f64>(),
        ], 0..24),
    ) {
        let points: LineString = numbers.chunks_exact(2).map(|at| (at[0], at[1])).collect();
        let placed = points.0.iter().all(|place| is_place(*place));
        faults_of_raw_ring(&points);
        let found = faults(&Polygon::new(points.clone(), vec![points]).into());
        let no_place = found.iter().any(|fault| fault.kind == FaultKind::NoPlace);
        prop_assert_eq!(no_place, !placed);
    }
}
