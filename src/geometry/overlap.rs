//! Whether the polygons of a layer cover the ground once: where two overlap.
//!
//! Gaps between them are found in [`gaps`](super::gaps).

use geo::{Area, BoundingRect, Euclidean, Length};
use geo_index::rtree::RTree;
use geo_types::{Geometry, MultiPolygon, Polygon, Rect};

use super::extent::{index, meeting};
use super::frame::Frame;
use super::planar::intersection;
use super::repair::{Known, area_of_valid, settled, valid_polygons};

/// So many pairs are compared for each polygon on average, and so many in any case; a layer with
/// more of them is not one that covers the ground once.
const MOST_PAIRS: usize = 50;
const ALWAYS_PAIRS: usize = 10_000;

/// What is too small to count as an overlap or a gap, and what is too large for a gap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Overlaps and gaps of less area do not count, in m².
    pub area: f64,
    /// Pieces narrower than this on average do not count, in metres.
    pub width: f64,
    /// Holes of more area are ground that belongs to nobody, not gaps, in m².
    pub largest_gap: f64,
}

impl Default for Tolerance {
    /// One square metre; two centimetres, as a boundary drawn in a projection bends by about one
    /// centimetre against that in degrees where an edge is a kilometre long; one hectare.
    fn default() -> Tolerance {
        Tolerance { area: 1.0, width: 0.02, largest_gap: 10_000.0 }
    }
}

impl Tolerance {
    /// Whether a piece, given in metres, is large enough to count.
    pub(super) fn counts(&self, piece: &Polygon) -> bool {
        let rings = std::iter::once(piece.exterior()).chain(piece.interiors());
        let perimeter: f64 = rings.map(|ring| Euclidean.length(ring)).sum();
        2.0 * piece.unsigned_area() >= self.width * perimeter
    }
}

/// A layer of polygons that should cover the ground once, valid and indexed.
#[derive(Debug)]
pub struct Coverage {
    /// The number in the layer, the polygons, and the box around them.
    pub(super) members: Vec<(usize, MultiPolygon, Rect)>,
    pub(super) tree: RTree<f64>,
    left_out: Vec<usize>,
}

/// Two polygons that overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    /// The number of the first in the layer, from 0.
    pub first: usize,
    /// The number of the second, greater than that of the first.
    pub second: usize,
    /// What both cover, without the pieces that are too narrow to count.
    pub geometry: MultiPolygon,
    /// Its area in m².
    pub square_metres: f64,
}

/// All overlaps of a layer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overlaps {
    /// The pairs, in the order of the layer.
    pub pairs: Vec<Overlap>,
    /// How many pairs near each other were not compared, because there were too many or the library
    /// could not.
    pub not_compared: usize,
}

impl Coverage {
    /// Prepares the polygons of a layer; invalid ones are repaired.
    pub fn new(layer: &[Option<Geometry>]) -> Coverage {
        let mut members = Vec::new();
        let mut left_out = Vec::new();
        for (number, geometry) in layer.iter().enumerate() {
            let Some(geometry) = geometry else { continue };
            let polygons = valid_polygons(geometry);
            match polygons.and_then(|all| all.bounding_rect().map(|bounds| (all, bounds))) {
                Some((polygons, bounds)) => members.push((number, polygons, bounds)),
                None => left_out.push(number),
            }
        }
        let boxes: Vec<Rect> = members.iter().map(|member| member.2).collect();
        Coverage { tree: index(&boxes), members, left_out }
    }

    /// The numbers of geometries that hold no polygon, or none that could be repaired.
    pub fn left_out(&self) -> &[usize] {
        &self.left_out
    }

    /// The pairs that overlap by more than the tolerance.
    pub fn overlaps(&self, tolerance: &Tolerance) -> Overlaps {
        let most = (self.members.len() * MOST_PAIRS).max(ALWAYS_PAIRS);
        let mut compared = 0;
        let mut found = Overlaps::default();
        for (position, (_, _, bounds)) in self.members.iter().enumerate() {
            for other in meeting(&self.tree, *bounds) {
                if other <= position {
                    continue;
                }
                if compared == most {
                    found.not_compared += 1;
                    continue;
                }
                compared += 1;
                match self.overlap(position, other, tolerance) {
                    Ok(overlap) => found.pairs.extend(overlap),
                    Err(Incomparable) => found.not_compared += 1,
                }
            }
        }
        found
    }

    fn overlap(
        &self,
        first: usize,
        second: usize,
        tolerance: &Tolerance,
    ) -> Result<Option<Overlap>, Incomparable> {
        let (first, a, a_bounds) = &self.members[first];
        let (second, b, b_bounds) = &self.members[second];
        let frame = Frame::of(common(*a_bounds, *b_bounds));
        let (a, b) = (frame.flat(a), frame.flat(b));
        let pieces = intersection(&a, &b).ok_or(Incomparable)?;
        let wide = MultiPolygon(pieces.into_iter().filter(|one| tolerance.counts(one)).collect());
        // The flat area may be a little off; the geodesic one decides.
        if wide.0.is_empty() || wide.unsigned_area() < 0.9 * tolerance.area {
            return Ok(None);
        }
        let geometry = settled(wide, &frame, &Known::new()).ok_or(Incomparable)?;
        let square_metres = area_of_valid(&geometry);
        let overlap = Overlap { first: *first, second: *second, geometry, square_metres };
        Ok((square_metres >= tolerance.area).then_some(overlap))
    }
}

/// The library could not cut two polygons with each other.
struct Incomparable;

/// What two boxes that meet have in common.
fn common(a: Rect, b: Rect) -> Rect {
    let low = (a.min().x.max(b.min().x), a.min().y.max(b.min().y));
    let high = (a.max().x.min(b.max().x), a.max().y.min(b.max().y));
    Rect::new(low, high)
}

#[cfg(test)]
mod tests;
