//! All rings of a geometry together.

use std::borrow::Cow;
use std::collections::BTreeSet;

use geo::BoundingRect;
use geo_types::{Coord, Polygon};

use crate::geometry::contacts::{Contact, Meeting, contacts};
use crate::geometry::frame::Frame;
use crate::words::Words;

use super::meet;
use super::rings::{Finding, Ring, own_findings};
use super::{Fault, FaultKind};

/// So many contacts are looked for in one geometry.
const MOST_CONTACTS: usize = 1000;
/// So many places of one kind are told of one geometry.
const MOST_PLACES: usize = 100;

/// The faults of the polygons of one geometry, whose coordinates are places.
pub(super) fn faults(polygons: &[Cow<Polygon>]) -> Vec<Fault> {
    let rings = rings_of(polygons);
    let (mut found, lines) = each_alone(polygons, &rings, true);
    let contacts = contacts(&lines, MOST_CONTACTS);
    found.extend(self_contacts(&contacts));
    found.extend(between(polygons, &rings, &lines, &contacts));
    found.sort_by_key(|(ring, finding)| (*ring, finding.kind));
    let mut faults: Vec<Fault> = Vec::new();
    let mut in_row = 0;
    for (ring, Finding { kind, place }) in found {
        in_row = if faults.last().is_some_and(|fault| fault.kind == kind) { in_row + 1 } else { 0 };
        if in_row < MOST_PLACES {
            faults.push(Fault::new(kind, &name(&rings[ring], polygons.len()), Some(place)));
        }
    }
    faults
}

/// Whether the rings of the polygons of one geometry meet in more faulty places than `most`.
pub(in crate::geometry) fn is_scribble(polygons: &[Cow<Polygon>], most: usize) -> bool {
    let lines: Vec<Vec<Coord>> = rings_of(polygons).into_iter().map(|ring| ring.points).collect();
    contacts(&lines, most).iter().filter(|contact| contact.is_fault()).count() >= most
}

/// Whether nothing makes the polygons of one geometry invalid; their coordinates are places.
pub(in crate::geometry) fn is_sound(polygons: &[Cow<Polygon>]) -> bool {
    let rings = rings_of(polygons);
    let (own, lines) = each_alone(polygons, &rings, false);
    if !own.is_empty() {
        return false;
    }
    let contacts = contacts(&lines, 1);
    !contacts.iter().any(Contact::is_fault)
        && between(polygons, &rings, &lines, &contacts).is_empty()
}

fn rings_of(polygons: &[Cow<Polygon>]) -> Vec<Ring> {
    let mut rings = Vec::new();
    for (part, polygon) in polygons.iter().enumerate() {
        rings.push(Ring::new(part, None, polygon.exterior()));
        let holes = polygon.interiors().iter().enumerate();
        rings.extend(holes.map(|(hole, line)| Ring::new(part, Some(hole), line)));
    }
    rings.retain(|ring| !ring.points.is_empty());
    rings
}

/// What rings show by themselves, each with its number, and the points of those that are rings.
fn each_alone(
    polygons: &[Cow<Polygon>],
    rings: &[Ring],
    notes: bool,
) -> (Vec<(usize, Finding)>, Vec<Vec<Coord>>) {
    let bounds = polygons.iter().find_map(|polygon| polygon.bounding_rect());
    let frame = bounds.map_or(Frame::at(Coord::zero()), Frame::of);
    let mut found = Vec::new();
    let mut lines = Vec::with_capacity(rings.len());
    for (number, ring) in rings.iter().enumerate() {
        let own = own_findings(ring, &frame, notes);
        // A ring without area meets itself everywhere, which says nothing new.
        let hollow = own.iter().any(|finding| finding.kind.is_invalid());
        lines.push(if hollow { Vec::new() } else { ring.points.clone() });
        found.extend(own.into_iter().map(|finding| (number, finding)));
    }
    (found, lines)
}

/// What holes and parts show against each other.
fn between(
    polygons: &[Cow<Polygon>],
    rings: &[Ring],
    lines: &[Vec<Coord>],
    contacts: &[Contact],
) -> Vec<(usize, Finding)> {
    let sound: Vec<bool> = lines.iter().map(|line| !line.is_empty()).collect();
    let mut found = holes_found(polygons, rings, &sound, contacts);
    found.extend(parts_found(polygons, rings, &sound, contacts));
    found
}

/// Where rings meet themselves, each place once; the foot of a spike is part of the spike.
fn self_contacts(contacts: &[Contact]) -> Vec<(usize, Finding)> {
    let own = contacts.iter().filter(|contact| contact.rings.0 == contact.rings.1);
    let bits = |place: Coord| (place.x.to_bits(), place.y.to_bits());
    let backs = own.clone().filter(|contact| contact.meeting == Meeting::Back);
    let feet: BTreeSet<_> = backs.map(|back| (back.rings.0, bits(back.until))).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for contact in own {
        let ring = contact.rings.0;
        let kind = match contact.meeting {
            Meeting::Back => FaultKind::Spike,
            Meeting::Touch if feet.contains(&(ring, bits(contact.place))) => continue,
            Meeting::Touch => FaultKind::SelfTouch,
            Meeting::Cross | Meeting::Along => FaultKind::SelfIntersection,
        };
        if seen.insert((ring, kind, bits(contact.place))) {
            found.push((ring, Finding { kind, place: contact.place }));
        }
    }
    found
}

fn holes_found(
    polygons: &[Cow<Polygon>],
    rings: &[Ring],
    sound: &[bool],
    contacts: &[Contact],
) -> Vec<(usize, Finding)> {
    let mut found = Vec::new();
    for (part, polygon) in polygons.iter().enumerate() {
        if polygon.interiors().is_empty() {
            continue;
        }
        let pairs = meet::by_pair(contacts, |ring| {
            let ring = &rings[ring];
            (ring.part == part).then(|| ring.hole.map_or(0, |hole| hole + 1))
        });
        for (hole, kind, place) in meet::holes(polygon, &pairs) {
            let ring = rings.iter().position(|ring| ring.part == part && ring.hole == Some(hole));
            let ring = ring.filter(|&ring| sound[ring]);
            found.extend(ring.map(|ring| (ring, Finding { kind, place })));
        }
    }
    found
}

fn parts_found(
    polygons: &[Cow<Polygon>],
    rings: &[Ring],
    sound: &[bool],
    contacts: &[Contact],
) -> Vec<(usize, Finding)> {
    if polygons.len() < 2 {
        return Vec::new();
    }
    let all: Vec<&Polygon> = polygons.iter().map(|polygon| polygon.as_ref()).collect();
    let pairs = meet::by_pair(contacts, |ring| Some(rings[ring].part));
    let found = meet::parts(&all, &pairs).into_iter().filter_map(|(part, kind, place)| {
        let ring = rings.iter().position(|ring| ring.part == part && ring.hole.is_none());
        ring.filter(|&ring| sound[ring]).map(|ring| (ring, Finding { kind, place }))
    });
    found.collect()
}

/// How a ring is named: only where there are several are they numbered.
fn name(ring: &Ring, parts: usize) -> Words {
    let (part_zh, part_en) = match parts {
        0 | 1 => Default::default(),
        _ => (format!("第 {} 部分的", ring.part + 1), format!(" of part {}", ring.part + 1)),
    };
    match ring.hole {
        None => Words::new(format!("{part_zh}外环"), format!("the outer ring{part_en}")),
        Some(hole) => {
            let hole = hole + 1;
            Words::new(format!("{part_zh}第 {hole} 个洞"), format!("hole {hole}{part_en}"))
        }
    }
}
