//! Where the edges of rings meet, other than one edge ending where the next begins.

use geo::line_intersection::{LineIntersection, line_intersection};
use geo_types::{Coord, Line};

/// How two edges meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meeting {
    /// They cross, each in its middle.
    Cross,
    /// They meet in one place, which is an end of at least one of them.
    Touch,
    /// They run along each other.
    Along,
    /// The second goes back along the first, from its end.
    Back,
}

/// One meeting of two edges.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contact {
    /// The rings of the edges, the lower number first.
    pub(super) rings: (usize, usize),
    /// How they meet.
    pub(super) meeting: Meeting,
    /// Where they meet; the tip, where one goes back.
    pub(super) place: Coord,
    /// Where they part again: the same place, unless they share a line.
    pub(super) until: Coord,
}

impl Contact {
    /// Whether it is a fault by itself: different rings may touch.
    pub(super) fn is_fault(&self) -> bool {
        self.rings.0 == self.rings.1 || self.meeting != Meeting::Touch
    }
}

struct Edge {
    line: Line,
    ring: usize,
    index: usize,
    low: Coord,
    high: Coord,
}

/// The meetings of the edges of all rings, until there are about `most` that are faults by
/// themselves.
///
/// Rings are without their closing point and without points that repeat the one before.
pub(super) fn contacts(rings: &[Vec<Coord>], most: usize) -> Vec<Contact> {
    let mut edges: Vec<Edge> =
        rings.iter().enumerate().flat_map(|(ring, points)| edges_of(ring, points)).collect();
    if sweeps_better_upwards(&edges) {
        edges.sort_by(|a, b| a.low.y.total_cmp(&b.low.y));
        sweep(rings, &edges, most, |coord| coord.y)
    } else {
        edges.sort_by(|a, b| a.low.x.total_cmp(&b.low.x));
        sweep(rings, &edges, most, |coord| coord.x)
    }
}

fn edges_of(ring: usize, points: &[Coord]) -> impl Iterator<Item = Edge> {
    let ends = points.iter().skip(1).chain(points.first());
    points.iter().zip(ends).enumerate().map(move |(index, (&start, &end))| Edge {
        line: Line { start, end },
        ring,
        index,
        low: Coord { x: start.x.min(end.x), y: start.y.min(end.y) },
        high: Coord { x: start.x.max(end.x), y: start.y.max(end.y) },
    })
}

/// Whether fewer edges lie beside each other in y than in x, each against the whole extent.
fn sweeps_better_upwards(edges: &[Edge]) -> bool {
    let crowd = |along: fn(Coord) -> f64| {
        let low = edges.iter().map(|edge| along(edge.low)).fold(f64::INFINITY, f64::min);
        let high = edges.iter().map(|edge| along(edge.high)).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = edges.iter().map(|edge| along(edge.high) - along(edge.low)).sum();
        sum / (high - low)
    };
    crowd(|coord| coord.y) < crowd(|coord| coord.x)
}

/// Compares each edge with those that begin before it ends.
fn sweep(
    rings: &[Vec<Coord>],
    edges: &[Edge],
    most: usize,
    along: fn(Coord) -> f64,
) -> Vec<Contact> {
    let mut found: Vec<Contact> = Vec::new();
    let mut faults = 0;
    for (position, edge) in edges.iter().enumerate() {
        let beside =
            edges[position + 1..].iter().take_while(|other| along(other.low) <= along(edge.high));
        for other in beside {
            if let Some(contact) = meet(rings, edge, other) {
                faults += usize::from(contact.is_fault());
                found.push(contact);
            }
        }
        if faults >= most {
            break;
        }
    }
    found
}

fn meet(rings: &[Vec<Coord>], a: &Edge, b: &Edge) -> Option<Contact> {
    let apart =
        a.low.x > b.high.x || b.low.x > a.high.x || a.low.y > b.high.y || b.low.y > a.high.y;
    if apart {
        return None;
    }
    let (first, second) = if (a.ring, a.index) <= (b.ring, b.index) { (a, b) } else { (b, a) };
    let length = rings[first.ring].len();
    let same_ring = first.ring == second.ring;
    let follows = same_ring && first.index + 1 == second.index;
    let closes = same_ring && first.index == 0 && second.index + 1 == length;
    let contact = |meeting, place, until| {
        Some(Contact { rings: (first.ring, second.ring), meeting, place, until })
    };
    match line_intersection(first.line, second.line)? {
        LineIntersection::Collinear { intersection: Line { start, end } } if start != end => {
            if follows || closes {
                let tip = if follows { second.line.start } else { first.line.start };
                contact(Meeting::Back, tip, if start == tip { end } else { start })
            } else {
                contact(Meeting::Along, start, end)
            }
        }
        _ if follows || closes => None,
        LineIntersection::SinglePoint { intersection, is_proper: true } => {
            contact(Meeting::Cross, intersection, intersection)
        }
        LineIntersection::SinglePoint { intersection: at, .. }
        | LineIntersection::Collinear { intersection: Line { start: at, .. } } => {
            contact(Meeting::Touch, at, at)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Intersects;
    use proptest::prelude::*;

    fn ring(points: &[(i32, i32)]) -> Vec<Coord> {
        points.iter().map(|&(x, y)| Coord { x: x as f64, y: y as f64 }).collect()
    }

    fn meetings(rings: &[Vec<Coord>]) -> Vec<Meeting> {
        contacts(rings, 100).into_iter().map(|contact| contact.meeting).collect()
    }

    #[test]
    fn each_way_of_meeting_is_told() {
        let square = ring(&[(0, 0), (4, 0), (4, 4), (0, 4)]);
        assert!(meetings(std::slice::from_ref(&square)).is_empty());
        let bowtie = ring(&[(0, 0), (4, 4), (4, 0), (0, 4)]);
        assert_eq!(meetings(&[bowtie]), [Meeting::Cross]);
        let spike = ring(&[(0, 0), (4, 0), (4, 4), (2, 4), (2, 6), (2, 4), (0, 4)]);
        assert!(meetings(&[spike]).contains(&Meeting::Back));
        let beside = ring(&[(4, 1), (6, 1), (6, 3), (4, 3)]);
        assert!(meetings(&[square.clone(), beside]).contains(&Meeting::Along));
        let at_a_point = ring(&[(4, 1), (6, 1), (6, 3)]);
        assert_eq!(meetings(&[square, at_a_point]), [Meeting::Touch; 2]);
    }

    #[test]
    fn a_spike_at_the_first_point_is_found() {
        let spike = ring(&[(2, 6), (2, 4), (0, 4), (0, 0), (4, 0), (4, 4), (2, 4)]);
        let found = contacts(&[spike], 100);
        let back = found.iter().find(|contact| contact.meeting == Meeting::Back);
        assert_eq!(back.map(|contact| contact.place), Some(Coord { x: 2.0, y: 6.0 }));
    }

    proptest! {
        #[test]
        fn two_rings_are_in_contact_if_their_lines_intersect(
            a in prop::collection::vec((0..9, 0..9), 3..9),
            b in prop::collection::vec((0..9, 0..9), 3..9),
        ) {
            let closed = |points: &[Coord]| {
                let mut line = geo_types::LineString(points.to_vec());
                line.close();
                line
            };
            let mut rings = [ring(&a), ring(&b)];
            for ring in &mut rings {
                ring.dedup();
                prop_assume!(ring.len() > 1 && ring.first() != ring.last());
            }
            let meet = contacts(&rings, usize::MAX).iter().any(|found| found.rings == (0, 1));
            prop_assert_eq!(meet, closed(&rings[0]).intersects(&closed(&rings[1])));
        }
    }
}
