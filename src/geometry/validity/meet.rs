//! Rings and parts against each other: what lies in what, and what overlaps.

use std::collections::{BTreeMap, BTreeSet};

use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo::{BoundingRect, Relate};
use geo_types::{Coord, Polygon};

use crate::geometry::contacts::{Contact, Meeting};
use crate::geometry::extent::{index, meeting};
use crate::geometry::locator::{PolygonLocator, RingLocator};
use crate::geometry::parts::guarded;

use super::FaultKind;

/// The first contact of each way in which two things meet.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Meetings {
    cross: Option<Coord>,
    along: Option<Coord>,
    touch: Option<Coord>,
}

impl Meetings {
    fn add(&mut self, contact: &Contact) {
        let first = match contact.meeting {
            Meeting::Cross => &mut self.cross,
            Meeting::Along | Meeting::Back => &mut self.along,
            Meeting::Touch => &mut self.touch,
        };
        first.get_or_insert(contact.place);
    }

    fn any(self) -> Option<Coord> {
        self.cross.or(self.along).or(self.touch)
    }
}

/// The contacts of two different things, each numbered by `name`, lower number first.
pub(super) fn by_pair(
    contacts: &[Contact],
    name: impl Fn(usize) -> Option<usize>,
) -> BTreeMap<(usize, usize), Meetings> {
    let mut pairs: BTreeMap<(usize, usize), Meetings> = BTreeMap::new();
    for contact in contacts {
        if let (Some(a), Some(b)) = (name(contact.rings.0), name(contact.rings.1))
            && a != b
        {
            pairs.entry((a.min(b), a.max(b))).or_default().add(contact);
        }
    }
    pairs
}

/// How two polygons stand to each other, told by their contacts as far as these go.
struct Relation {
    overlap: bool,
    shared_line: bool,
    second_sticks_out: bool,
}

impl Relation {
    fn of(first: &Polygon, second: &Polygon, meetings: Meetings) -> Relation {
        if meetings.cross.is_some() {
            return Relation { overlap: true, shared_line: false, second_sticks_out: true };
        }
        let area = |dimensions| dimensions == Dimensions::TwoDimensional;
        let matrix = guarded(|| first.relate(second));
        let within = |a, b| matrix.as_ref().is_some_and(|matrix| area(matrix.get(a, b)));
        Relation {
            overlap: within(CoordPos::Inside, CoordPos::Inside),
            shared_line: meetings.along.is_some(),
            second_sticks_out: within(CoordPos::Outside, CoordPos::Inside),
        }
    }
}

/// The holes of one polygon against its outer ring and against each other: the number of the hole,
/// what is wrong, and where. `rings` numbers the outer ring 0 and the holes from 1.
pub(super) fn holes(
    polygon: &Polygon,
    rings: &BTreeMap<(usize, usize), Meetings>,
) -> Vec<(usize, FaultKind, Coord)> {
    let mut found = Vec::new();
    let filled = |hole: usize| match hole {
        0 => Polygon::new(polygon.exterior().clone(), Vec::new()),
        hole => Polygon::new(polygon.interiors()[hole - 1].clone(), Vec::new()),
    };
    for (&(first, second), &meetings) in rings {
        let Some(place) = meetings.any() else { continue };
        let relation = Relation::of(&filled(first), &filled(second), meetings);
        let kind = match first {
            0 if relation.second_sticks_out => FaultKind::HoleOutside,
            0 => FaultKind::SharedLine,
            _ if relation.overlap => FaultKind::HolesOverlap,
            _ => FaultKind::SharedLine,
        };
        if kind != FaultKind::SharedLine || relation.shared_line {
            found.push((second - 1, kind, place));
        }
    }
    found.extend(apart_holes(polygon, &rings.keys().copied().collect()));
    found
}

/// Holes that meet no other ring: outside the outer ring, or one in the other.
fn apart_holes(
    polygon: &Polygon,
    in_contact: &BTreeSet<(usize, usize)>,
) -> Vec<(usize, FaultKind, Coord)> {
    let mut found = Vec::new();
    let shell = RingLocator::new(polygon.exterior());
    let holes: Vec<Option<RingLocator>> =
        polygon.interiors().iter().map(RingLocator::new).collect();
    let boxes: Vec<_> = holes.iter().flatten().map(RingLocator::bounds).collect();
    let numbers: Vec<usize> = (0..holes.len()).filter(|&hole| holes[hole].is_some()).collect();
    let tree = index(&boxes);
    for (position, &hole) in numbers.iter().enumerate() {
        let place = polygon.interiors()[hole].0[0];
        let outside = |ring: &RingLocator| ring.position(place) == CoordPos::Outside;
        if !in_contact.contains(&(0, hole + 1)) && shell.as_ref().is_some_and(outside) {
            found.push((hole, FaultKind::HoleOutside, place));
        }
        for other in meeting(&tree, boxes[position]).into_iter().map(|other| numbers[other]) {
            let pair = (hole.min(other) + 1, hole.max(other) + 1);
            let inside = holes[other].as_ref().map(|ring| ring.position(place));
            if other != hole && !in_contact.contains(&pair) && inside == Some(CoordPos::Inside) {
                found.push((hole, FaultKind::HolesOverlap, place));
            }
        }
    }
    found
}

/// The parts of one geometry against each other: the number of the part, what is wrong, and where.
pub(super) fn parts(
    polygons: &[&Polygon],
    pairs: &BTreeMap<(usize, usize), Meetings>,
) -> Vec<(usize, FaultKind, Coord)> {
    let mut found = Vec::new();
    for (&(first, second), &meetings) in pairs {
        let Some(place) = meetings.any() else { continue };
        let relation = Relation::of(polygons[first], polygons[second], meetings);
        if relation.overlap {
            found.push((second, FaultKind::PartsOverlap, place));
        } else if relation.shared_line {
            found.push((second, FaultKind::SharedLine, place));
        }
    }
    let boxes: Vec<_> = polygons.iter().filter_map(|polygon| polygon.bounding_rect()).collect();
    if boxes.len() < polygons.len() {
        return found;
    }
    let tree = index(&boxes);
    for (outer, polygon) in polygons.iter().enumerate() {
        let Some(locator) = PolygonLocator::new(polygon) else { continue };
        for inner in meeting(&tree, locator.bounds()) {
            let place = polygons[inner].exterior().0[0];
            let apart =
                inner != outer && !pairs.contains_key(&(inner.min(outer), inner.max(outer)));
            if apart && locator.position(place) == CoordPos::Inside {
                found.push((inner, FaultKind::NestedShells, place));
            }
        }
    }
    found
}
