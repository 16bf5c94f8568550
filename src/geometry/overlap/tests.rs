use super::*;
use geo::{MapCoords, Translate, Validation};
use geo_types::{Coord, LineString};
use proptest::prelude::*;

use crate::geometry::area::square_metres;

/// Moves small numbers to a place in China: thousandths of a degree from 117° E 30° N.
fn there(points: Vec<(f64, f64)>) -> Polygon {
    let polygon = Polygon::new(LineString::from(points), Vec::new());
    polygon.map_coords(|at| Coord { x: 117.0 + at.x / 1000.0, y: 30.0 + at.y / 1000.0 })
}

fn rect(x: f64, y: f64, width: f64, height: f64) -> Polygon {
    there(vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
}

fn layer(polygons: impl IntoIterator<Item = Polygon>) -> Vec<Option<Geometry>> {
    polygons.into_iter().map(|polygon| Some(polygon.into())).collect()
}

fn pairs(layer: &[Option<Geometry>]) -> Vec<(usize, usize, f64)> {
    let overlaps = Coverage::new(layer).overlaps(&Tolerance::default());
    assert_eq!(overlaps.not_compared, 0);
    let pair = |overlap: Overlap| (overlap.first, overlap.second, overlap.square_metres);
    overlaps.pairs.into_iter().map(pair).collect()
}

fn area(polygon: &Polygon) -> f64 {
    square_metres(&polygon.clone().into()).expect("is a polygon")
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.01
}

/// Communities side by side, `count` by `count`, with winding boundaries that neighbours share.
fn town(count: usize, points: usize) -> Vec<Option<Geometry>> {
    let corner = |x: usize, y: usize| Coord { x: x as f64 * 10.0, y: y as f64 * 10.0 };
    let side = |from: Coord, to: Coord| -> Vec<Coord> {
        let way = to - from;
        let place = |step: usize| {
            let noise = (from.x * 3.1 + from.y * 7.7 + step as f64 * 12.9).sin() * 43_758.545;
            let off = if step == 0 { 0.0 } else { 0.5 * noise.fract() };
            let share = step as f64 / points as f64;
            from + way * share + Coord { x: -way.y, y: way.x } * (off / points as f64)
        };
        (0..points).map(place).collect()
    };
    let backwards = |from: Coord, to: Coord| {
        let mut side = side(from, to);
        side.push(to);
        side.reverse();
        side.pop();
        side
    };
    let cell = |(x, y): (usize, usize)| {
        let (a, b, c, d) = (corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1));
        let ring = [side(a, b), side(b, c), backwards(d, c), backwards(a, d)].concat();
        there(ring.into_iter().map(|at| (at.x, at.y)).collect())
    };
    layer((0..count * count).map(|cell| (cell % count, cell / count)).map(cell))
}

#[test]
fn a_town_that_fits_together_is_silent() {
    let coverage = Coverage::new(&town(6, 40));
    assert_eq!(coverage.overlaps(&Tolerance::default()), Overlaps::default());
    assert_eq!(coverage.gaps(&Tolerance::default()), Some(Vec::new()));
}

#[test]
fn a_corner_on_the_edge_of_a_neighbour_is_no_fault() {
    let layer = layer([
        there(vec![(0., 0.), (10., 0.), (13., 7.), (0., 9.)]),
        there(vec![(10., 0.), (20., 0.), (20., 9.), (11.5, 3.5)]),
        there(vec![(11.5, 3.5), (20., 9.), (13., 7.)]),
    ]);
    assert!(pairs(&layer).is_empty());
    assert_eq!(Coverage::new(&layer).gaps(&Tolerance::default()), Some(Vec::new()));
}

#[test]
fn an_overlap_is_found_with_its_area() {
    let layer = layer([rect(0., 0., 10., 10.), rect(30., 0., 5., 5.), rect(8., 4., 10., 3.)]);
    let overlaps = Coverage::new(&layer).overlaps(&Tolerance::default()).pairs;
    assert_eq!((overlaps.len(), overlaps[0].first, overlaps[0].second), (1, 0, 2));
    assert!(close(overlaps[0].square_metres, area(&rect(8., 4., 2., 3.))));
    assert!(overlaps[0].geometry.is_valid());
}

#[test]
fn one_inside_the_other_and_one_twice_overlap_as_a_whole() {
    let layer = layer([rect(0., 0., 10., 10.), rect(2., 2., 3., 3.), rect(0., 0., 10., 10.)]);
    let found = pairs(&layer);
    let (large, small) = (area(&rect(0., 0., 10., 10.)), area(&rect(2., 2., 3., 3.)));
    let numbers: Vec<_> = found.iter().map(|pair| (pair.0, pair.1)).collect();
    assert_eq!(numbers, [(0, 1), (0, 2), (1, 2)]);
    assert!(close(found[0].2, small) && close(found[1].2, large) && close(found[2].2, small));
}

#[test]
fn what_is_narrower_than_the_tolerance_is_no_overlap() {
    // 1 cm wide and more than 1 m² large.
    let layer = layer([rect(0., 0., 10., 10.), rect(10. - 1e-4, 0., 10., 10.)]);
    assert!(pairs(&layer).is_empty());
    let exact = Tolerance { width: 0.0, ..Tolerance::default() };
    assert_eq!(Coverage::new(&layer).overlaps(&exact).pairs.len(), 1);
}

#[test]
fn invalid_polygons_are_repaired_first_and_others_are_named() {
    let bowtie = there(vec![(0., 0.), (10., 10.), (10., 0.), (0., 10.)]);
    let flat = there(vec![(0., 0.), (5., 0.), (9., 0.)]);
    let mut layer = layer([bowtie, rect(0., 4., 2., 2.), flat]);
    layer.push(None);
    layer.push(Some(Geometry::Point((117.0, 30.0).into())));
    let coverage = Coverage::new(&layer);
    assert_eq!(coverage.left_out(), [2, 4]);
    assert!(close(pairs(&layer)[0].2, area(&rect(0., 4., 2., 2.))));
}

#[test]
fn too_many_pairs_are_counted_not_compared() {
    let layer = vec![Some(rect(0., 0., 1., 1.).into()); 150];
    let found = Coverage::new(&layer).overlaps(&Tolerance::default());
    assert_eq!((found.pairs.len(), found.not_compared), (10_000, 150 * 149 / 2 - 10_000));
}

#[test]
fn a_gap_is_found_with_its_neighbours() {
    let layer = layer([
        rect(0., 0., 10., 4.),
        rect(0., 4., 4., 2.),
        rect(4.4, 4., 5.6, 2.),
        rect(0., 6., 10., 4.),
        rect(20., 0., 10., 10.),
    ]);
    let gaps = Coverage::new(&layer).gaps(&Tolerance::default()).expect("can be told");
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].neighbours, [0, 1, 2, 3]);
    assert!(close(gaps[0].square_metres, area(&rect(4., 4., 0.4, 2.))));
    let larger = Tolerance { largest_gap: 5000.0, ..Tolerance::default() };
    assert_eq!(Coverage::new(&layer).gaps(&larger), Some(Vec::new()));
}

#[test]
fn a_moat_around_an_enclave_is_a_gap_and_an_open_slit_is_none() {
    let mut outer = rect(0., 0., 20., 20.);
    outer.interiors_push(rect(5., 5., 10., 10.).exterior().clone());
    let layer = layer([outer, rect(5.02, 5.02, 9.96, 9.96), rect(20.1, 0., 5., 20.)]);
    let gaps = Coverage::new(&layer).gaps(&Tolerance::default()).expect("can be told");
    assert_eq!((gaps.len(), gaps[0].geometry.interiors().len()), (1, 1));
    assert_eq!(gaps[0].neighbours, [0, 1]);
    let moat = area(&rect(5., 5., 10., 10.)) - area(&rect(5.02, 5.02, 9.96, 9.96));
    assert!(moat > 1000.0 && close(gaps[0].square_metres, moat));
}

#[test]
fn no_layer_at_all_is_covered() {
    let coverage = Coverage::new(&[None]);
    assert_eq!(coverage.gaps(&Tolerance::default()), Some(Vec::new()));
    assert_eq!(coverage.overlaps(&Tolerance::default()), Overlaps::default());
}

fn polygon() -> impl Strategy<Value = Geometry> {
    let place = (0.0..5.0f64, 0.0..5.0f64);
    prop::collection::vec(place, 3..12).prop_map(|points| there(points).into())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_overlap_is_the_same_from_both_sides(a in polygon(), b in polygon()) {
        let one = pairs(&[Some(a.clone()), Some(b.clone())]);
        let other = pairs(&[Some(b), Some(a)]);
        prop_assert_eq!(one.len(), other.len());
        for (one, other) in one.iter().zip(&other) {
            prop_assert!((one.2 - other.2).abs() < 1.0, "{} {}", one.2, other.2);
        }
    }

    /// What two polygons cover is the sum of both, less their overlap; a shortest line of some hundred
    /// metres bends less when it is cut.
    #[test]
    fn overlaps_and_areas_add_up(a in polygon(), b in polygon()) {
        let exact = Tolerance { area: 0.0, width: 0.0, ..Tolerance::default() };
        let layer = [Some(a.clone()), Some(b.clone())];
        let overlaps = Coverage::new(&layer).overlaps(&exact).pairs;
        let common: f64 = overlaps.iter().map(|overlap| overlap.square_metres).sum();
        let both = Geometry::GeometryCollection(vec![a.clone(), b.clone()].into());
        let [a, b, both] = [a, b, both].map(|one| square_metres(&one).unwrap_or(0.0));
        prop_assert!((a + b - common - both).abs() < 5.0, "{} {} {} {}", a, b, common, both);
    }

    #[test]
    fn a_shifted_community_gives_the_area_it_lost_and_took(x in -2.0..2.0f64, y in -2.0..2.0f64) {
        let mut town = town(3, 12);
        if let Some(middle) = &mut town[4] {
            middle.translate_mut(x / 1000.0, y / 1000.0);
        }
        let coverage = Coverage::new(&town);
        let exact = Tolerance { area: 0.0, width: 0.0, largest_gap: 1e9 };
        let overlaps = coverage.overlaps(&exact);
        let gaps = coverage.gaps(&exact).expect("can be told");
        let over: f64 = overlaps.pairs.iter().map(|overlap| overlap.square_metres).sum();
        let under: f64 = gaps.iter().map(|gap| gap.square_metres).sum();
        // Moving north makes it a little smaller.
        prop_assert!((over - under).abs() < 1e-4 * over + 100.0, "{} {}", over, under);
        prop_assert!(overlaps.pairs.iter().all(|pair| pair.first == 4 || pair.second == 4));
        prop_assert!(gaps.iter().all(|gap| gap.neighbours.contains(&4)));
    }
}
