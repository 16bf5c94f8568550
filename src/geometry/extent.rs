//! Boxes around geometries: which of them meet, and how far one lies in another.

use geo::{BoundingRect, CoordsIter};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex};
use geo_types::{Coord, Geometry, Rect};

/// The box around all geometries, in whatever unit they are; none if there is no finite coordinate.
///
/// A geometry with a coordinate that is not finite is left out as a whole.
pub fn extent<'g>(geometries: impl IntoIterator<Item = &'g Geometry>) -> Option<Rect> {
    let boxes = geometries.into_iter().filter_map(finite_bounds);
    boxes.reduce(|a, b| {
        let low = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
        let high = Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) };
        Rect::new(low, high)
    })
}

/// The share of a box that lies in another, from 0 to 1.
///
/// Of a box without area, such as that of one place, it is the share of its length, or whether it
/// lies in the other at all.
pub fn share_within(inner: Rect, outer: Rect) -> f64 {
    let along = |low: f64, high: f64, from: f64, to: f64| {
        let common = high.min(to) - low.max(from);
        if common < 0.0 {
            0.0
        } else if high > low {
            (common / (high - low)).min(1.0)
        } else {
            1.0
        }
    };
    let (a, b, c, d) = (inner.min(), inner.max(), outer.min(), outer.max());
    along(a.x, b.x, c.x, d.x) * along(a.y, b.y, c.y, d.y)
}

fn finite_bounds(geometry: &Geometry) -> Option<Rect> {
    let finite = |coord: Coord| coord.x.is_finite() && coord.y.is_finite();
    if geometry.coords_iter().all(finite) { geometry.bounding_rect() } else { None }
}

/// An index of boxes that all have finite corners.
pub(super) fn index(boxes: &[Rect]) -> RTree<f64> {
    let mut builder = RTreeBuilder::<f64>::new(boxes.len() as u32);
    for each in boxes {
        builder.add(each.min().x, each.min().y, each.max().x, each.max().y);
    }
    builder.finish::<HilbertSort>()
}

/// The numbers of the boxes that meet a box, sorted.
pub(super) fn meeting(index: &RTree<f64>, bounds: Rect) -> Vec<usize> {
    let (low, high) = (bounds.min(), bounds.max());
    let found = index.search(low.x, low.y, high.x, high.y);
    let mut found: Vec<usize> = found.into_iter().map(|item| item as usize).collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::wkt;

    fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect::new((x, y), (x + width, y + height))
    }

    #[test]
    fn the_extent_leaves_out_what_is_not_finite() {
        let good = Geometry::from(wkt!(LINESTRING(1. 2., 3. 5.)));
        let other = Geometry::from(wkt!(POINT(0. 3.)));
        let bad = Geometry::Point((f64::NAN, 0.0).into());
        let empty = Geometry::from(wkt!(POLYGON EMPTY));
        assert_eq!(extent([&good, &bad, &other, &empty]), Some(rect(0.0, 2.0, 3.0, 3.0)));
        assert_eq!(extent([&bad, &empty]), None);
    }

    #[test]
    fn the_share_within_is_that_of_the_first_box() {
        let city = rect(0.0, 0.0, 10.0, 10.0);
        assert_eq!(share_within(rect(-5.0, 0.0, 10.0, 5.0), city), 0.5);
        assert_eq!(share_within(city, rect(-5.0, -5.0, 10.0, 20.0)), 0.5);
        assert_eq!(share_within(rect(20.0, 0.0, 1.0, 1.0), city), 0.0);
        assert_eq!(share_within(rect(3.0, 3.0, 0.0, 0.0), city), 1.0);
        assert_eq!(share_within(rect(8.0, 3.0, 4.0, 0.0), city), 0.5);
    }

    #[test]
    fn an_index_gives_all_boxes_that_meet_or_touch() {
        let boxes: Vec<Rect> = (0..100).map(|x| rect(x as f64, 0.0, 1.0, 1.0)).collect();
        assert_eq!(meeting(&index(&boxes), rect(4.0, 0.5, 0.5, 9.0)), [3, 4]);
        assert!(meeting(&index(&[]), boxes[0]).is_empty());
    }
}
