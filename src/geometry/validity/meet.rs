//! Rings and parts against each other: what lies in what, and what overlaps.

use std::collections::{BTreeMap, BTreeSet};

use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo::{BoundingRect, Intersects, Relate};
use geo_types::{Coord, LineString, Polygon};

use crate::geometry::contacts::{Contact, Meeting};
use crate::geometry::extent::{index, meeting};
use crate::geometry::locator::{PolygonLocator, RingLocator};
use crate::geometry::parts::guarded;

use super::FaultKind;

/// Where two things meet: the first crossing, the first shared line, and all touches.
#[derive(Debug, Default)]
pub(super) struct Meetings {
    cross: Option<Coord>,
    along: Option<Coord>,
    touches: Vec<Coord>,
}

impl Meetings {
    fn add(&mut self, contact: &Contact) {
        match contact.meeting {
            Meeting::Cross => self.cross = self.cross.or(Some(contact.place)),
            Meeting::Along | Meeting::Back => self.along = self.along.or(Some(contact.place)),
            Meeting::Touch => self.touches.push(contact.place),
        }
    }

    fn place(&self) -> Option<Coord> {
        self.cross.or(self.along).or(self.touches.first().copied())
    }

    /// Whether an edge that begins, ends or is cut at a touch goes where `there` tells.
    ///
    /// Where nothing crosses or runs along, a boundary changes sides in touches only.
    fn leads(&self, line: &LineString, there: impl Fn(Coord) -> bool) -> bool {
        line.lines().any(|edge| {
            let bounds = edge.bounding_rect();
            let near = self.touches.iter().filter(|touch| bounds.intersects(*touch));
            let way = edge.delta();
            let length = way.x * way.x + way.y * way.y;
            let along = |touch: &Coord| {
                let from = *touch - edge.start;
                ((from.x * way.x + from.y * way.y) / length).clamp(0.0, 1.0)
            };
            let mut cuts: Vec<f64> = near.map(along).collect();
            if cuts.is_empty() || length == 0.0 {
                return false;
            }
            cuts.extend([0.0, 1.0]);
            cuts.sort_by(f64::total_cmp);
            cuts.dedup();
            cuts.windows(2).any(|cut| there(edge.start + way * ((cut[0] + cut[1]) / 2.0)))
        })
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

/// Whether the inside of the second polygon has area in common with the inside, or the outside, of
/// the first; asked only of those that share lines, as the library takes its time.
fn shares_area(first: &Polygon, second: &Polygon, of_first: CoordPos) -> bool {
    let matrix = guarded(|| first.relate(second));
    matrix
        .is_some_and(|matrix| matrix.get(of_first, CoordPos::Inside) == Dimensions::TwoDimensional)
}

/// The holes of one polygon against its outer ring and against each other: the number of the hole,
/// what is wrong, and where. `pairs` numbers the outer ring 0 and the holes from 1.
pub(super) fn holes(
    polygon: &Polygon,
    pairs: &BTreeMap<(usize, usize), Meetings>,
) -> Vec<(usize, FaultKind, Coord)> {
    let rings: Vec<&LineString> =
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
    let locators: Vec<Option<RingLocator>> =
        rings.iter().map(|ring| RingLocator::new(ring)).collect();
    let lies = |ring: usize, place, position| {
        locators[ring].as_ref().is_some_and(|ring| ring.position(place) == position)
    };
    let filled = |ring: usize| Polygon::new(rings[ring].clone(), Vec::new());
    let at_fault = |first: usize, second: usize, meetings: &Meetings| {
        let position = if first == 0 { CoordPos::Outside } else { CoordPos::Inside };
        if meetings.cross.is_some() {
            true
        } else if meetings.along.is_some() {
            shares_area(&filled(first), &filled(second), position)
        } else {
            meetings.leads(rings[second], |place| lies(first, place, position))
                || (first > 0
                    && meetings.leads(rings[first], |place| lies(second, place, position)))
        }
    };
    let mut found = Vec::new();
    for (&(first, second), meetings) in pairs {
        let kind = match (at_fault(first, second, meetings), first) {
            (true, 0) => FaultKind::HoleOutside,
            (true, _) => FaultKind::HolesOverlap,
            (false, _) if meetings.along.is_some() => FaultKind::SharedLine,
            (false, _) => continue,
        };
        found.extend(meetings.place().map(|place| (second - 1, kind, place)));
    }
    found.extend(apart_holes(polygon, &locators, &pairs.keys().copied().collect()));
    found
}

/// Holes that meet no other ring: outside the outer ring, or one in the other.
fn apart_holes(
    polygon: &Polygon,
    rings: &[Option<RingLocator>],
    in_contact: &BTreeSet<(usize, usize)>,
) -> Vec<(usize, FaultKind, Coord)> {
    let mut found = Vec::new();
    let numbers: Vec<usize> = (1..rings.len()).filter(|&ring| rings[ring].is_some()).collect();
    let boxes: Vec<_> = rings[1..].iter().flatten().map(RingLocator::bounds).collect();
    let tree = index(&boxes);
    for (&ring, bounds) in numbers.iter().zip(&boxes) {
        let place = polygon.interiors()[ring - 1].0[0];
        let position = |ring: usize| rings[ring].as_ref().map(|ring| ring.position(place));
        if !in_contact.contains(&(0, ring)) && position(0) == Some(CoordPos::Outside) {
            found.push((ring - 1, FaultKind::HoleOutside, place));
        }
        for other in meeting(&tree, *bounds).into_iter().map(|other| numbers[other]) {
            let apart = other != ring && !in_contact.contains(&(ring.min(other), ring.max(other)));
            if apart && position(other) == Some(CoordPos::Inside) {
                found.push((ring - 1, FaultKind::HolesOverlap, place));
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
    let locators: Option<Vec<PolygonLocator>> =
        polygons.iter().map(|polygon| PolygonLocator::new(polygon)).collect();
    let Some(locators) = locators else { return Vec::new() };
    let inside = |part: usize, place| locators[part].position(place) == CoordPos::Inside;
    let leads = |meetings: &Meetings, from: usize, to: usize| {
        let mut rings =
            std::iter::once(polygons[from].exterior()).chain(polygons[from].interiors());
        rings.any(|ring| meetings.leads(ring, |place| inside(to, place)))
    };
    let mut found = Vec::new();
    for (&(first, second), meetings) in pairs {
        let overlap = if meetings.cross.is_some() {
            true
        } else if meetings.along.is_some() {
            shares_area(polygons[first], polygons[second], CoordPos::Inside)
        } else {
            leads(meetings, first, second) || leads(meetings, second, first)
        };
        let kind = if overlap { FaultKind::PartsOverlap } else { FaultKind::SharedLine };
        let place = meetings.place().filter(|_| overlap || meetings.along.is_some());
        found.extend(place.map(|place| (second, kind, place)));
    }
    let boxes: Vec<_> = locators.iter().map(PolygonLocator::bounds).collect();
    let tree = index(&boxes);
    for (outer, bounds) in boxes.iter().enumerate() {
        for inner in meeting(&tree, *bounds) {
            let place = polygons[inner].exterior().0[0];
            let pair = (inner.min(outer), inner.max(outer));
            if inner != outer && !pairs.contains_key(&pair) && inside(outer, place) {
                found.push((inner, FaultKind::NestedShells, place));
            }
        }
    }
    found
}
