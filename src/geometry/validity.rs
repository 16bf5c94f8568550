//! What is wrong with a geometry, where, and in words.
//!
//! The rules are those of the simple-feature standard for polygons, with two additions: faults that
//! leave a polygon valid but hint at a slip of the hand are noted, and each fault has its place, so
//! that it can be shown on a map. Whether the interior of a polygon is in one piece is not checked.

use geo_types::{Coord, Geometry, LineString, Point};

use crate::words::Words;

use super::frame::Frame;
use super::parts::{is_place, misplaced, polygons};

mod meet;
mod rings;
mod survey;

pub(super) use survey::{is_scribble, is_sound};

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// There are no coordinates.
    Empty,
    /// A coordinate is not finite, or not a longitude and a latitude.
    NoPlace,
    /// The last point of a ring is not its first.
    NotClosed,
    /// A ring has fewer than three different points.
    TooFewPoints,
    /// A ring lies on one line and encloses nothing.
    ZeroArea,
    /// A ring crosses itself or runs along itself.
    SelfIntersection,
    /// A ring comes back to a place where it was before, without crossing.
    SelfTouch,
    /// A ring goes out and back along the same line.
    Spike,
    /// A hole lies outside its outer ring, in whole or in part.
    HoleOutside,
    /// Two holes overlap, or one lies in the other.
    HolesOverlap,
    /// A part lies inside another part.
    NestedShells,
    /// Two parts overlap.
    PartsOverlap,
    /// Two rings run along each other without an overlap.
    SharedLine,
    /// A point repeats the one before it.
    RepeatedPoint,
    /// A ring goes out and back within a few centimetres.
    NarrowSpike,
    /// An outer ring is clockwise, or a hole counter-clockwise.
    Winding,
}

impl FaultKind {
    /// The code used in tables.
    pub fn code(self) -> &'static str {
        match self {
            FaultKind::Empty => "empty",
            FaultKind::NoPlace => "no_place",
            FaultKind::NotClosed => "not_closed",
            FaultKind::TooFewPoints => "too_few_points",
            FaultKind::ZeroArea => "zero_area",
            FaultKind::SelfIntersection => "self_intersection",
            FaultKind::SelfTouch => "self_touch",
            FaultKind::Spike => "spike",
            FaultKind::HoleOutside => "hole_outside",
            FaultKind::HolesOverlap => "holes_overlap",
            FaultKind::NestedShells => "nested_shells",
            FaultKind::PartsOverlap => "parts_overlap",
            FaultKind::SharedLine => "shared_line",
            FaultKind::RepeatedPoint => "repeated_point",
            FaultKind::NarrowSpike => "narrow_spike",
            FaultKind::Winding => "winding",
        }
    }

    /// Whether it makes the geometry invalid; the other kinds are only noted.
    pub fn is_invalid(self) -> bool {
        !matches!(self, FaultKind::RepeatedPoint | FaultKind::NarrowSpike | FaultKind::Winding)
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            FaultKind::Empty => ("没有任何坐标", "has no coordinates"),
            FaultKind::NoPlace => {
                ("坐标不是有效的经纬度", "has a coordinate that is no longitude and latitude")
            }
            FaultKind::NotClosed => ("没有闭合", "is not closed"),
            FaultKind::TooFewPoints => {
                ("不同的点少于 3 个", "has fewer than three different points")
            }
            FaultKind::ZeroArea => ("在一条直线上，没有面积", "lies on one line and has no area"),
            FaultKind::SelfIntersection => ("自相交", "crosses itself or runs along itself"),
            FaultKind::SelfTouch => ("与自身相接", "touches itself"),
            FaultKind::Spike => {
                ("有尖刺（原路折返）", "has a spike: it goes back along its own line")
            }
            FaultKind::HoleOutside => (
                "有一部分在外环之外，不扣减面积",
                "lies outside its outer ring and takes nothing away there",
            ),
            FaultKind::HolesOverlap => {
                ("与另一个洞重叠，只扣减一次", "overlaps another hole and counts once")
            }
            FaultKind::NestedShells => {
                ("在另一部分之内，只计一次", "lies inside another part and counts once")
            }
            FaultKind::PartsOverlap => {
                ("与另一部分重叠，只计一次", "overlaps another part and counts once")
            }
            FaultKind::SharedLine => ("与另一个环有共用边", "shares a line with another ring"),
            FaultKind::RepeatedPoint => ("有重复点", "has repeated points"),
            FaultKind::NarrowSpike => {
                ("有狭窄的尖角，疑为误绘", "has a needle-like corner, perhaps a slip")
            }
            FaultKind::Winding => {
                ("方向相反，不影响面积", "is wound the other way, which changes no area")
            }
        }
    }
}

/// One fault of a geometry.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// Where it is; none where the coordinate itself is at fault.
    pub place: Option<Point>,
    /// What was found, where.
    pub words: Words,
}

impl Fault {
    /// A fault of what `subject` names, such as `outer ring`.
    fn new(kind: FaultKind, subject: &Words, place: Option<Coord>) -> Fault {
        let (zh, en) = kind.words();
        let place = place.filter(|place| is_place(*place)).map(Point);
        let (at_zh, at_en) = place.map_or_else(Default::default, |place| {
            let at = format!("({:.7}, {:.7})", place.x(), place.y());
            (format!("，位于 {at}"), format!(", at {at}"))
        });
        let words =
            Words::new(format!("{}{zh}{at_zh}", subject.zh), format!("{} {en}{at_en}", subject.en));
        Fault { kind, place, words }
    }
}

/// Everything that is wrong with a geometry, in the order of its rings; of one kind, a hundred
/// places at most.
///
/// Points and lines can only be empty or no places.
pub fn faults(geometry: &Geometry) -> Vec<Fault> {
    let whole = Words::new("图形", "the geometry");
    if geo::HasDimensions::is_empty(geometry) {
        return vec![Fault::new(FaultKind::Empty, &whole, None)];
    }
    if misplaced(geometry).is_some() {
        return vec![Fault::new(FaultKind::NoPlace, &whole, None)];
    }
    survey::faults(&polygons(geometry))
}

/// What is wrong with one ring as a file holds it, before anything has closed it.
///
/// A polygon closes its rings when it is made, so only a reader can tell that one was open.
pub fn faults_of_raw_ring(ring: &LineString) -> Vec<Fault> {
    let subject = Words::new("环", "the ring");
    let Some((&first, &last)) = ring.0.first().zip(ring.0.last()) else {
        return vec![Fault::new(FaultKind::Empty, &subject, None)];
    };
    if ring.0.iter().any(|coord| !is_place(*coord)) {
        return vec![Fault::new(FaultKind::NoPlace, &subject, None)];
    }
    let mut found = Vec::new();
    if first != last {
        found.push(Fault::new(FaultKind::NotClosed, &subject, Some(last)));
    }
    let frame = Frame::at(first);
    found.extend(
        rings::own_findings(&rings::Ring::new(0, None, ring), &frame, true)
            .into_iter()
            .map(|finding| Fault::new(finding.kind, &subject, Some(finding.place))),
    );
    found
}

#[cfg(test)]
mod tests;
