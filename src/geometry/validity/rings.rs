//! One ring by itself: its points, and what they alone show.

use geo::Orientation;
use geo::algorithm::kernels::{Kernel, RobustKernel};
use geo_types::{Coord, LineString};

use crate::geometry::frame::Frame;

use super::FaultKind;

/// A ring closer than this to one line encloses nothing, in metres.
const FLAT: f64 = 1e-4;
/// A corner is like a needle when its arms part by less than this angle, in radians: half a degree.
const NEEDLE_ANGLE: f64 = 0.5 * std::f64::consts::PI / 180.0;
/// A needle is at least this long, in metres; shorter ones are ordinary rounding.
const NEEDLE_LENGTH: f64 = 1.0;

/// A ring of a polygon.
pub(super) struct Ring {
    /// The number of its polygon.
    pub(super) part: usize,
    /// Its number among the holes; none for the outer ring.
    pub(super) hole: Option<usize>,
    /// Its points, without the closing one and without points that repeat the one before.
    pub(super) points: Vec<Coord>,
    /// Where points repeat the one before.
    pub(super) repeated: Vec<Coord>,
}

/// Something found in a ring.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finding {
    pub(super) kind: FaultKind,
    pub(super) place: Coord,
}

impl Ring {
    pub(super) fn new(part: usize, hole: Option<usize>, line: &LineString) -> Ring {
        let closed = line.0.len() > 1 && line.is_closed();
        let open = if closed { &line.0[..line.0.len() - 1] } else { &line.0[..] };
        let mut points: Vec<Coord> = Vec::with_capacity(open.len());
        let mut repeated = Vec::new();
        for &point in open {
            if points.last() == Some(&point) {
                repeated.push(point);
            } else {
                points.push(point);
            }
        }
        while points.len() > 1 && points.first() == points.last() {
            repeated.extend(points.pop());
        }
        Ring { part, hole, points, repeated }
    }

    /// Each point with the one before and the one after it.
    fn corners(&self) -> impl Iterator<Item = [Coord; 3]> {
        let count = self.points.len();
        let corner = move |at: usize| {
            [self.points[(at + count - 1) % count], self.points[at], self.points[(at + 1) % count]]
        };
        (0..count).map(corner)
    }
}

/// What one ring shows by itself; with `notes`, also what leaves it valid.
pub(super) fn own_findings(ring: &Ring, frame: &Frame, notes: bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(&first) = ring.points.first() else {
        return found;
    };
    let mut find = |kind, place| found.push(Finding { kind, place });
    if notes && let Some(&place) = ring.repeated.first() {
        find(FaultKind::RepeatedPoint, place);
    }
    if ring.points.len() < 3 {
        find(FaultKind::TooFewPoints, first);
    } else if is_flat(ring, frame) {
        find(FaultKind::ZeroArea, first);
    } else if notes {
        if turns_clockwise(ring) == ring.hole.is_none() {
            find(FaultKind::Winding, first);
        }
        for [before, tip, after] in ring.corners() {
            if is_needle(frame, before, tip, after) {
                find(FaultKind::NarrowSpike, tip);
            }
        }
    }
    found
}

/// Whether all points lie on one line, but for the width of a hair.
fn is_flat(ring: &Ring, frame: &Frame) -> bool {
    let points: Vec<Coord> = ring.points.iter().map(|point| frame.metres(*point)).collect();
    let from = points[0];
    let far = |point: &Coord| (point.x - from.x).hypot(point.y - from.y);
    let farthest = points.iter().max_by(|a, b| far(a).total_cmp(&far(b)));
    let Some((to, length)) = farthest.map(|point| (*point, far(point))).filter(|to| to.1 > 0.0)
    else {
        return true;
    };
    let across = |point: &Coord| {
        ((to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x)) / length
    };
    points.iter().all(|point| across(point).abs() < FLAT)
}

fn turns_clockwise(ring: &Ring) -> bool {
    let first = ring.points[0];
    let twice_area: f64 = ring
        .corners()
        .map(|[_, from, to]| {
            (from.x - first.x) * (to.y - first.y) - (to.x - first.x) * (from.y - first.y)
        })
        .sum();
    twice_area < 0.0
}

/// Whether the arms of a corner part by less than the angle of a needle, but do part.
fn is_needle(frame: &Frame, before: Coord, tip: Coord, after: Coord) -> bool {
    if RobustKernel::orient2d(before, tip, after) == Orientation::Collinear {
        return false;
    }
    let [before, tip, after] = [before, tip, after].map(|point| frame.metres(point));
    let (a, b) = (before - tip, after - tip);
    let (long_a, long_b) = (a.x.hypot(a.y), b.x.hypot(b.y));
    let (cross, along) = (a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y);
    long_a.min(long_b) >= NEEDLE_LENGTH && cross.abs().atan2(along) < NEEDLE_ANGLE
}
