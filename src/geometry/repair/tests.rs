use super::*;
use geo::{Validation, wkt};
use proptest::prelude::*;

use crate::geometry::area::square_metres;
use crate::geometry::validity::faults;

/// Moves small numbers to a place in China: ten-thousandths of a degree from 117° E 30° N.
fn there(geometry: impl Into<Geometry>) -> Geometry {
    let place = |at: Coord| Coord { x: 117.0 + at.x / 1e4, y: 30.0 + at.y / 1e4 };
    geometry.into().map_coords(place)
}

fn mended(geometry: impl Into<Geometry>) -> Repaired {
    let repaired = repair(&there(geometry));
    let valid = repaired.geometry.as_ref().is_some_and(|geometry| geometry.is_valid());
    assert!(valid, "{repaired:?}");
    repaired
}

/// In units of a square of one ten-thousandth of a degree.
fn units(area: Option<f64>) -> f64 {
    let unit = square_metres(&there(wkt!(POLYGON((0. 0., 1. 0., 1. 1., 0. 1., 0. 0.)))));
    area.zip(unit).map_or(f64::NAN, |(area, unit)| (area / unit * 100.0).round() / 100.0)
}

#[test]
fn a_valid_polygon_only_turns_round() {
    let repaired = mended(wkt!(POLYGON((0. 0., 0. 9., 9. 9., 9. 0., 0. 0.))));
    assert!(!repaired.changed);
    let turned = there(wkt!(POLYGON((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.))));
    assert_eq!(repaired.geometry, Some(turned));
    assert_eq!((units(repaired.area_before), units(repaired.area_after)), (81.0, 81.0));
}

#[test]
fn both_halves_of_a_bow_tie_count() {
    let repaired = mended(wkt!(POLYGON((0. 0., 10. 10., 10. 0., 0. 10., 0. 0.))));
    assert!(repaired.changed);
    assert_eq!((units(repaired.area_before), units(repaired.area_after)), (0.0, 50.0));
}

#[test]
fn points_that_stay_keep_their_coordinates_to_the_last_digit() {
    let spiked = there(wkt!(POLYGON((0. 0., 4. 0., 4. 4., 2. 4., 2. 6., 2. 4., 0. 4., 0. 0.))));
    let geometry = repair(&spiked).geometry.expect("repaired");
    let before: Vec<Coord> = spiked.coords_iter().collect();
    assert!(geometry.coords_iter().all(|place| before.contains(&place)), "{geometry:?}");
}

#[test]
fn a_hole_takes_away_only_what_there_is() {
    let holed = mended(wkt!(POLYGON(
        (0. 0., 10. 0., 10. 10., 0. 10., 0. 0.), (8. 0., 8. 5., 12. 5., 12. 0., 8. 0.),
        (20. 0., 20. 5., 22. 5., 20. 0.), (7. 1., 7. 4., 9. 4., 9. 1., 7. 1.)
    )));
    assert_eq!(units(holed.area_after), 87.0);
}

#[test]
fn parts_that_overlap_become_one() {
    let parts = mended(wkt!(MULTIPOLYGON(
        ((0. 0., 10. 0., 10. 10., 0. 10., 0. 0.), (2. 2., 2. 4., 4. 4., 4. 2., 2. 2.)),
        ((0. 0., 0. 10., 5. 10., 5. 0., 0. 0.))
    )));
    assert!(matches!(parts.geometry, Some(Geometry::Polygon(_))));
    assert_eq!((units(parts.area_before), units(parts.area_after)), (146.0, 100.0));
}

#[test]
fn what_cannot_be_repaired_is_none() {
    let line = repair(&there(wkt!(POLYGON((0. 0., 4. 0., 9. 0., 0. 0.)))));
    assert_eq!((line.geometry, line.area_after), (None, Some(0.0)));
    let far = repair(&Geometry::from(wkt!(POLYGON((5e5 3e6, 6e5 3e6, 6e5 4e6, 5e5 3e6)))));
    assert_eq!((far.geometry, far.area_after), (None, None));
    let scribble: LineString = (0..2000)
        .map(|step| (f64::from(step * 7919 % 1009), f64::from(step * 541 % 997)))
        .collect();
    assert_eq!(repair(&there(Polygon::new(scribble, Vec::new()))).geometry, None);
}

#[test]
fn points_and_lines_stay() {
    let line = there(wkt!(LINESTRING(0. 0., 1. 1.)));
    let repaired = repair(&line);
    assert_eq!((repaired.geometry, repaired.changed), (Some(line), false));
}

fn ring(coarse: bool) -> impl Strategy<Value = LineString> {
    let point = move |(x, y): (f64, f64)| if coarse { (x.round(), y.round()) } else { (x, y) };
    let points = prop::collection::vec((0.0..9.0f64, 0.0..9.0f64).prop_map(point), 3..14);
    points.prop_map(LineString::from)
}

fn polygons_of(coarse: bool) -> impl Strategy<Value = MultiPolygon> {
    let polygon = (ring(coarse), prop::collection::vec(ring(coarse), 0..3));
    let polygon = polygon.prop_map(|(shell, holes)| Polygon::new(shell, holes));
    prop::collection::vec(polygon, 1..4).prop_map(MultiPolygon)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_was_repaired_is_valid_and_stays_as_it_is(
        parts in prop_oneof![polygons_of(false), polygons_of(true)],
    ) {
        let repaired = repair(&there(parts.clone()));
        prop_assert!(repaired.area_after.is_some_and(|area| (0.0..1e6).contains(&area)), "{:?}", repaired);
        if let Some(geometry) = repaired.geometry {
            prop_assert!(geometry.is_valid(), "{:?} {:?}", parts, geometry);
            prop_assert!(faults(&geometry).iter().all(|fault| !fault.kind.is_invalid()));
            let again = repair(&geometry);
            prop_assert!(!again.changed && again.geometry == Some(geometry));
        }
    }

    #[test]
    fn no_coordinates_make_it_panic(
        numbers in prop::collection::vec(prop_oneof![
            -200.0..200.0f64, Just(f64::NAN), Just(f64::INFINITY), Just(1e300), Just(1e-300),
            Just(117.0), Just(30.0), any::<f64>(), -1e-9..1e-9f64,
        ], 0..24),
    ) {
        let points: LineString = numbers.chunks_exact(2).map(|at| (at[0], at[1])).collect();
        let repaired = repair(&Polygon::new(points.clone(), vec![points]).into());
        prop_assert!(repaired.area_after.is_none_or(|area| area.is_finite()));
    }
}
