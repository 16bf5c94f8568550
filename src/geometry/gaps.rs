//! Gaps: ground that the polygons of a layer enclose but leave out.

use std::collections::BTreeSet;

use geo::{BoundingRect, CoordsIter};
use geo_types::{Coord, MultiPolygon, Polygon, Rect};

use super::distance::{nearest_on_line, squared};
use super::extent::meeting;
use super::frame::Frame;
use super::overlap::{Coverage, Tolerance};
use super::planar::difference;
use super::repair::{Known, area_of_valid, settled};

/// A polygon is beside a gap if it comes this near, in metres.
const BESIDE: f64 = 0.02;

/// Ground that is enclosed by polygons of a layer and belongs to none of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// The ground.
    pub geometry: Polygon,
    /// Its area in m².
    pub square_metres: f64,
    /// The numbers of the polygons beside it, in order.
    pub neighbours: Vec<usize>,
}

impl Coverage {
    /// The gaps that are larger than the tolerance and no larger than its largest gap, from west to
    /// east; none if they cannot be told.
    ///
    /// A slit that is open to the outside of the layer is no gap.
    pub fn gaps(&self, tolerance: &Tolerance) -> Option<Vec<Gap>> {
        let Some(frame) = self.frame() else { return Some(Vec::new()) };
        let enclosed = self.enclosed(&frame)?;
        let wide = |ground: &Polygon| tolerance.counts(&frame.flat(ground));
        let gaps = enclosed.into_iter().filter(wide).filter_map(|ground| {
            let ground = MultiPolygon(vec![ground]);
            let square_metres = area_of_valid(&ground);
            let counts = (tolerance.area..=tolerance.largest_gap).contains(&square_metres);
            let geometry = ground.0.into_iter().next().filter(|_| counts)?;
            Some(Gap { neighbours: self.beside(&geometry), geometry, square_metres })
        });
        Some(gaps.collect())
    }

    /// The frame around the whole layer.
    fn frame(&self) -> Option<Frame> {
        let boxes = self.members.iter().map(|member| member.2);
        boxes.reduce(around).map(Frame::of)
    }

    /// What is left of the ground when all polygons are taken away, in degrees, without the part that
    /// reaches the outside.
    fn enclosed(&self, frame: &Frame) -> Option<Vec<Polygon>> {
        let parts = self.members.iter().flat_map(|(_, polygons, _)| frame.flat(polygons));
        let all = MultiPolygon(parts.collect());
        let bounds = all.bounding_rect()?;
        let margin = Coord { x: 1.0, y: 1.0 } * (1.0 + bounds.width().max(bounds.height()) * 1e-3);
        let ground = Rect::new(bounds.min() - margin, bounds.max() + margin).to_polygon();
        let left = difference(&MultiPolygon(vec![ground]), &all)?;
        let west = frame.degrees(bounds.min() - margin / 2.0).x;
        let inside = |part: &Polygon| part.bounding_rect().is_some_and(|part| part.min().x > west);
        let settled = settled(left, frame, &Known::new())?;
        Some(settled.into_iter().filter(inside).collect())
    }

    fn beside(&self, gap: &Polygon) -> Vec<usize> {
        let Some(bounds) = gap.bounding_rect() else { return Vec::new() };
        let frame = Frame::of(bounds);
        let near = frame.widened(bounds, BESIDE);
        let touches = |member: &usize| {
            let (_, polygons, _) = &self.members[*member];
            polygons.iter().any(|polygon| touch(polygon, gap, near) || touch(gap, polygon, near))
        };
        let members = meeting(&self.tree, near).into_iter().filter(touches);
        let numbers: BTreeSet<usize> = members.map(|member| self.members[member].0).collect();
        numbers.into_iter().collect()
    }
}

/// Whether a point of the first polygon, within a box, comes near the boundary of the second.
fn touch(first: &Polygon, second: &Polygon, within: Rect) -> bool {
    let (low, high) = (within.min(), within.max());
    let in_box = |place: &Coord| {
        place.x >= low.x && place.x <= high.x && place.y >= low.y && place.y <= high.y
    };
    first.coords_iter().filter(in_box).any(|place| {
        let frame = Frame::at(place);
        let mut rings = std::iter::once(second.exterior()).chain(second.interiors());
        rings.any(|ring| {
            nearest_on_line(&frame, &ring.0)
                .is_some_and(|nearest| squared(nearest) <= BESIDE * BESIDE)
        })
    })
}

fn around(a: Rect, b: Rect) -> Rect {
    let low = (a.min().x.min(b.min().x), a.min().y.min(b.min().y));
    Rect::new(low, (a.max().x.max(b.max().x), a.max().y.max(b.max().y)))
}
