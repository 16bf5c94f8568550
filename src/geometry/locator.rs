//! Where a place lies against a ring: inside, outside, or on it; quickly also for long rings.
//!
//! Long rings are cut into horizontal bands, each with the edges that pass through it. The interval
//! tree of the geometry library does the same but cannot tell the boundary from the outside, and
//! here a place on the boundary counts.

use std::borrow::Cow;

use geo::Orientation;
use geo::algorithm::kernels::{Kernel, RobustKernel};
use geo::coordinate_position::CoordPos;
use geo_types::{Coord, LineString, Polygon, Rect};

/// Rings with more edges than this are cut into bands; for shorter ones it does not pay.
const PLAIN_EDGES: usize = 24;

/// A ring prepared for the question where a place lies.
#[derive(Debug)]
pub(super) struct RingLocator<'r> {
    points: Cow<'r, [Coord]>,
    bounds: Rect,
    bands: Option<Bands>,
}

/// The edges that pass through each band, those of band `b` at `edges[starts[b]..starts[b + 1]]`.
#[derive(Debug)]
struct Bands {
    bottom: f64,
    per_unit: f64,
    starts: Vec<u32>,
    edges: Vec<u32>,
}

impl<'r> RingLocator<'r> {
    /// Prepares a closed ring; a ring without points has no inside and gives none.
    pub(super) fn new(ring: &'r LineString) -> Option<RingLocator<'r>> {
        RingLocator::of(Cow::Borrowed(&ring.0))
    }

    fn of(points: Cow<'r, [Coord]>) -> Option<RingLocator<'r>> {
        let first = points.first()?;
        let (mut low, mut high) = (*first, *first);
        for point in points.iter() {
            low = Coord { x: low.x.min(point.x), y: low.y.min(point.y) };
            high = Coord { x: high.x.max(point.x), y: high.y.max(point.y) };
        }
        let bounds = Rect::new(low, high);
        let long = points.len() - 1 > PLAIN_EDGES && bounds.height() > 0.0;
        let bands = long.then(|| Bands::new(&points, bounds));
        Some(RingLocator { points, bounds, bands })
    }

    /// The points of the ring, the first once more at the end.
    pub(super) fn points(&self) -> &[Coord] {
        &self.points
    }

    /// The box around the ring.
    pub(super) fn bounds(&self) -> Rect {
        self.bounds
    }

    /// Where a place lies; inside is what the ring goes round, in either direction.
    pub(super) fn position(&self, place: Coord) -> CoordPos {
        if !within(self.bounds, place) {
            return CoordPos::Outside;
        }
        let edge = |index: usize| (self.points[index], self.points[index + 1]);
        match &self.bands {
            Some(bands) => winding(place, bands.at(place.y).map(edge)),
            None => winding(place, (0..self.points.len() - 1).map(edge)),
        }
    }
}

impl Bands {
    fn new(points: &[Coord], bounds: Rect) -> Bands {
        let edges = points.len() - 1;
        let climbed: f64 = points.windows(2).map(|edge| (edge[1].y - edge[0].y).abs()).sum();
        // A level line crosses this many edges on average: so many bands that each edge stands in
        // two of them on average, whatever the shape.
        let crossed = (climbed / bounds.height()).max(1.0);
        let count = ((edges as f64 / crossed) as usize).clamp(1, edges);
        let mut bands = Bands {
            bottom: bounds.min().y,
            per_unit: count as f64 / bounds.height(),
            starts: vec![0; count + 1],
            edges: Vec::new(),
        };
        let span = |edge: &[Coord]| {
            bands.index(edge[0].y.min(edge[1].y), count)
                ..=bands.index(edge[0].y.max(edge[1].y), count)
        };
        let spans: Vec<_> = points.windows(2).map(span).collect();
        for band in spans.iter().cloned().flatten() {
            bands.starts[band + 1] += 1;
        }
        for band in 0..count {
            bands.starts[band + 1] += bands.starts[band];
        }
        let mut next = bands.starts.clone();
        bands.edges = vec![0; bands.starts[count] as usize];
        for (edge, span) in spans.into_iter().enumerate() {
            for band in span {
                bands.edges[next[band] as usize] = edge as u32;
                next[band] += 1;
            }
        }
        bands
    }

    fn index(&self, y: f64, count: usize) -> usize {
        (((y - self.bottom) * self.per_unit) as usize).min(count - 1)
    }

    fn at(&self, y: f64) -> impl Iterator<Item = usize> {
        let band = self.index(y, self.starts.len() - 1);
        let edges = self.starts[band] as usize..self.starts[band + 1] as usize;
        self.edges[edges].iter().map(|&edge| edge as usize)
    }
}

/// Where a place lies against a polygon: in its outer ring and in none of its holes.
#[derive(Debug)]
pub(super) struct PolygonLocator<'p> {
    shell: RingLocator<'p>,
    holes: Vec<RingLocator<'p>>,
}

impl<'p> PolygonLocator<'p> {
    /// Prepares a polygon; one without points gives none.
    pub(super) fn new(polygon: &'p Polygon) -> Option<PolygonLocator<'p>> {
        PolygonLocator::of(Cow::Borrowed(polygon))
    }

    /// Prepares a polygon that may have to be owned.
    pub(super) fn of(polygon: Cow<'p, Polygon>) -> Option<PolygonLocator<'p>> {
        let rings: Vec<Cow<[Coord]>> = match polygon {
            Cow::Borrowed(polygon) => {
                let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                rings.map(|ring| Cow::Borrowed(&ring.0[..])).collect()
            }
            Cow::Owned(polygon) => {
                let (shell, holes) = polygon.into_inner();
                std::iter::once(shell).chain(holes).map(|ring| Cow::Owned(ring.0)).collect()
            }
        };
        let mut rings = rings.into_iter();
        let shell = RingLocator::of(rings.next()?)?;
        Some(PolygonLocator { shell, holes: rings.filter_map(RingLocator::of).collect() })
    }

    /// The outer ring and those holes that lie in its box; others are no boundary.
    pub(super) fn rings(&self) -> impl Iterator<Item = &RingLocator<'p>> {
        let inside = |hole: &&RingLocator| {
            let (low, high) = (hole.bounds.min(), hole.bounds.max());
            within(self.shell.bounds, low) && within(self.shell.bounds, high)
        };
        std::iter::once(&self.shell).chain(self.holes.iter().filter(inside))
    }

    /// The box around the outer ring.
    pub(super) fn bounds(&self) -> Rect {
        self.shell.bounds()
    }

    /// Where a place lies.
    pub(super) fn position(&self, place: Coord) -> CoordPos {
        let mut position = self.shell.position(place);
        for hole in &self.holes {
            position = match (position, hole.position(place)) {
                (CoordPos::Inside, CoordPos::Inside) => CoordPos::Outside,
                (CoordPos::Inside, CoordPos::OnBoundary) => CoordPos::OnBoundary,
                _ => position,
            };
        }
        position
    }
}

fn within(bounds: Rect, place: Coord) -> bool {
    let (min, max) = (bounds.min(), bounds.max());
    place.x >= min.x && place.x <= max.x && place.y >= min.y && place.y <= max.y
}

/// Counts how often the edges go round a place.
fn winding(place: Coord, edges: impl Iterator<Item = (Coord, Coord)>) -> CoordPos {
    let mut turns = 0;
    for (from, to) in edges {
        let (low, high) = if from.y <= to.y { (from, to) } else { (to, from) };
        if place.y < low.y || place.y > high.y || place.x > from.x.max(to.x) {
            continue;
        }
        match RobustKernel::orient2d(low, high, place) {
            Orientation::Collinear if place.x >= from.x.min(to.x) => return CoordPos::OnBoundary,
            // Half open, so that a vertex at the height of the place counts once.
            Orientation::CounterClockwise if place.y < high.y => {
                turns += if from.y <= to.y { 1 } else { -1 };
            }
            _ => {}
        }
    }
    if turns == 0 { CoordPos::Outside } else { CoordPos::Inside }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::coordinate_position::coord_pos_relative_to_ring;
    use proptest::prelude::*;

    fn ring(points: Vec<(i32, i32)>, step: f64) -> LineString {
        let points = points.into_iter().map(|(x, y)| Coord { x: x as f64 * step, y: y as f64 });
        let mut ring = LineString(points.collect());
        ring.close();
        ring
    }

    proptest! {
        /// On a coarse grid many places are vertices or lie on edges.
        #[test]
        fn bands_agree_with_the_plain_way(
            points in prop::collection::vec((0..12, 0..12), 3..80), x in -1..13, y in -1..13,
            step in prop_oneof![Just(1.0), Just(0.1)],
        ) {
            let ring = ring(points, step);
            let place = Coord { x: x as f64 * step, y: y as f64 };
            let locator = RingLocator::new(&ring).expect("has points");
            prop_assert_eq!(locator.position(place), coord_pos_relative_to_ring(place, &ring));
        }
    }

    #[test]
    fn a_comb_does_not_fill_memory() {
        let teeth = (0..5000).flat_map(|x| [(2 * x, 0), (2 * x + 1, 1000)]).collect();
        let ring = ring(teeth, 1.0);
        let locator = RingLocator::new(&ring).expect("has points");
        let bands = locator.bands.as_ref().expect("is long");
        assert!(bands.edges.len() < 3 * ring.0.len());
        assert_eq!(locator.position(Coord { x: 2.0, y: 500.0 }), CoordPos::Outside);
    }
}
