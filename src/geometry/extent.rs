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
    fn an_index_gives_all_boxes_that_meet_or_touch() {
        let boxes: Vec<Rect> = (0..100).map(|x| rect(x as f64, 0.0, 1.0, 1.0)).collect();
        assert_eq!(meeting(&index(&boxes), rect(4.0, 0.5, 0.5, 9.0)), [3, 4]);
        assert!(meeting(&index(&[]), boxes[0]).is_empty());
    }
}
