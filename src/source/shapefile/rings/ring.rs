//! One ring, and whether another lies in it.
//!
//! Rings of one polygon often touch, so a point on the other's edge says nothing and the next one is
//! asked. Nine points that do say something decide together: where rings cross by a digitising
//! error, most of them are still right.

use std::cell::OnceCell;

use geo_types::Coord;

use super::strips::Strips;

/// So many points are asked.
const VOTES: usize = 9;

/// Nearer to an edge than this share of the coordinates counts as on it: a tenth of a millimetre.
const NEAR: f64 = 2.5e-12;

/// Rings with fewer points are searched without an index.
const FEW: usize = 64;

/// A closed ring with an extent in both directions.
#[derive(Debug)]
pub struct Ring {
    /// Its points, the first repeated at the end.
    pub points: Vec<Coord<f64>>,
    /// Its size, whichever way it runs.
    pub area: f64,
    low: Coord<f64>,
    high: Coord<f64>,
    near: f64,
    strips: OnceCell<Strips>,
}

/// Where a ring lies with regard to a larger one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// Beside it.
    Outside,
    /// In it.
    Inside,
    /// Everywhere on its edge.
    Same,
}

/// Where a point lies with regard to a ring.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Spot {
    Outside,
    Inside,
    Edge,
}

impl Ring {
    /// A ring of these points, closed if it is not; none if they are all on one line.
    pub fn new(mut points: Vec<Coord<f64>>) -> Option<Ring> {
        let first = *points.first()?;
        if points.last() != Some(&first) {
            points.push(first);
        }
        let distance = |point: &Coord<f64>| (point.x - first.x).hypot(point.y - first.y);
        let farthest = points.iter().max_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        let across = |point: &Coord<f64>| cross(first, *farthest, *point).abs();
        let least = 1e-12 * distance(farthest).powi(2);
        points.iter().any(|point| across(point) > least).then_some(())?;
        let twice: f64 = points.windows(2).map(|edge| cross(first, edge[0], edge[1])).sum();
        let low =
            points.iter().fold(first, |low, p| Coord { x: low.x.min(p.x), y: low.y.min(p.y) });
        let high =
            points.iter().fold(first, |high, p| Coord { x: high.x.max(p.x), y: high.y.max(p.y) });
        let largest =
            [low.x, low.y, high.x, high.y].into_iter().fold(0.0, |a: f64, b| a.max(b.abs()));
        let strips = OnceCell::new();
        Some(Ring { area: twice.abs() / 2.0, near: largest * NEAR, points, low, high, strips })
    }

    /// Its least x.
    pub fn west(&self) -> f64 {
        self.low.x
    }

    /// Its greatest x.
    pub fn east(&self) -> f64 {
        self.high.x
    }

    /// Whether the box around it holds that around the other.
    pub fn spans(&self, other: &Ring) -> bool {
        self.low.x <= other.low.x
            && self.low.y <= other.low.y
            && self.high.x >= other.high.x
            && self.high.y >= other.high.y
    }

    /// Where it lies in a larger ring, and whether the two cross.
    pub fn place_in(&self, outer: &Ring) -> (Place, bool) {
        let count = self.points.len() - 1;
        let corner = |index: usize| self.points[index];
        let middle = |index: usize| (self.points[index] + self.points[index + 1]) / 2.0;
        let mut votes = outer.votes(spread(count).map(corner));
        if votes == (0, 0) {
            votes = outer.votes(spread(count).map(middle));
        }
        match votes {
            (0, 0) => (Place::Same, false),
            (inside, outside) if inside > outside => (Place::Inside, outside > 0),
            (inside, _) => (Place::Outside, inside > 0),
        }
    }

    /// How many of the points are inside, and how many outside, until enough are told.
    fn votes(&self, points: impl Iterator<Item = Coord<f64>>) -> (usize, usize) {
        let (mut inside, mut outside) = (0, 0);
        for point in points {
            match self.spot(point) {
                Spot::Inside => inside += 1,
                Spot::Outside => outside += 1,
                Spot::Edge => {}
            }
            if inside + outside == VOTES {
                break;
            }
        }
        (inside, outside)
    }

    fn spot(&self, point: Coord<f64>) -> Spot {
        if self.points.len() <= FEW {
            self.spot_by(point, 0..self.points.len() - 1)
        } else {
            let strips = self.strips.get_or_init(|| Strips::new(&self.points, self.near));
            self.spot_by(point, strips.edges_at(point.y))
        }
    }

    /// Counts the edges to the east of a point: an odd number is inside.
    fn spot_by(&self, point: Coord<f64>, edges: impl Iterator<Item = usize>) -> Spot {
        let mut is_inside = false;
        for edge in edges {
            let (a, b) = (self.points[edge], self.points[edge + 1]);
            if is_near(point, a, b, self.near) {
                return Spot::Edge;
            }
            let crosses = (a.y > point.y) != (b.y > point.y);
            if crosses && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x {
                is_inside = !is_inside;
            }
        }
        if is_inside { Spot::Inside } else { Spot::Outside }
    }
}

/// Twice the area of a triangle, positive where it runs counter-clockwise.
fn cross(origin: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    (a.x - origin.x) * (b.y - origin.y) - (a.y - origin.y) * (b.x - origin.x)
}

fn is_near(point: Coord<f64>, a: Coord<f64>, b: Coord<f64>, near: f64) -> bool {
    let (along, to) = (b - a, point - a);
    let length = along.x * along.x + along.y * along.y;
    let share = if length > 0.0 { (to.x * along.x + to.y * along.y) / length } else { 0.0 };
    let foot = a + along * share.clamp(0.0, 1.0);
    (point.x - foot.x).abs() <= near && (point.y - foot.y).abs() <= near
}

/// All indices below a count, the first ones far from each other.
fn spread(count: usize) -> impl Iterator<Item = usize> {
    let step = (count / VOTES).max(1);
    (0..step).flat_map(move |start| (start..count).step_by(step))
}
