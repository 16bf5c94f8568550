//! Rings become polygons by what lies inside what.
//!
//! Winding and order in the file do not count: many files have outer rings the wrong way round, or
//! a hole before its outer ring. A ring inside an even number of others is an outer one, inside an
//! odd number it is a hole of the smallest ring around it; so islands in holes come right.

mod ring;
mod strips;
#[cfg(test)]
mod tests;

use geo::orient::{Direction, Orient};
use geo_types::{Coord, LineString, Polygon};

use ring::{Place, Ring};

/// Polygons, outer rings counter-clockwise, and how many rings were odd.
#[derive(Debug, Default)]
pub struct Assembled {
    /// In the order of their size, the largest first.
    pub polygons: Vec<Polygon<f64>>,
    /// Rings on one line or in one point, left out.
    pub flat: usize,
    /// Rings that did not end where they began, closed.
    pub open: usize,
    /// Rings that cover exactly what another one does, left out.
    pub repeated: usize,
    /// Rings that are partly inside and partly outside another.
    pub crossing: usize,
}

/// Sorts rings into polygons.
pub fn assemble(parts: Vec<Vec<Coord<f64>>>) -> Assembled {
    let mut assembled = Assembled::default();
    let mut rings = Vec::with_capacity(parts.len());
    for part in parts {
        assembled.open += usize::from(part.first() != part.last());
        match Ring::new(part) {
            Some(ring) => rings.push(ring),
            None => assembled.flat += 1,
        }
    }
    // A ring lies only in larger ones, which then come before it.
    rings.sort_by(|a, b| b.area.total_cmp(&a.area));
    let nests = nests(&parents(&rings, &mut assembled.crossing));
    assembled.repeated = nests.iter().filter(|nest| **nest == Nest::Repeated).count();
    assembled.polygons = polygons(rings, &nests);
    assembled
}

/// Where a ring lies, directly.
#[derive(Debug, Clone, Copy)]
enum Parent {
    None,
    Inside(usize),
    Same(usize),
}

/// Finds the ring directly around each ring, going from west to east: only rings that have begun
/// and not ended can be around the next one. Rings are in the order of their size.
fn parents(rings: &[Ring], crossing: &mut usize) -> Vec<Parent> {
    let mut parents = vec![Parent::None; rings.len()];
    let mut west_to_east: Vec<usize> = (0..rings.len()).collect();
    west_to_east.sort_by(|a, b| rings[*a].west().total_cmp(&rings[*b].west()).then(a.cmp(b)));
    let mut begun: Vec<usize> = Vec::new();
    let mut around: Vec<usize> = Vec::new();
    for index in west_to_east {
        let ring = &rings[index];
        begun.retain(|outer| rings[*outer].east() >= ring.west());
        around.clear();
        let holds = |outer: &&usize| **outer < index && rings[**outer].spans(ring);
        around.extend(begun.iter().filter(holds));
        around.sort_unstable();
        let mut crosses = false;
        // The smallest first: it is the one directly around.
        for outer in around.iter().rev() {
            let (place, is_crossing) = ring.place_in(&rings[*outer]);
            crosses |= is_crossing;
            parents[index] = match place {
                Place::Outside => continue,
                Place::Inside => Parent::Inside(*outer),
                Place::Same => Parent::Same(*outer),
            };
            break;
        }
        *crossing += usize::from(crosses);
        begun.push(index);
    }
    parents
}

/// What a ring is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Nest {
    Outer,
    Hole(usize),
    Repeated,
}

fn nests(parents: &[Parent]) -> Vec<Nest> {
    let original = |mut index: usize| {
        while let Parent::Same(other) = parents[index] {
            index = other;
        }
        index
    };
    let mut nests: Vec<Nest> = Vec::with_capacity(parents.len());
    for parent in parents {
        nests.push(match parent {
            Parent::None => Nest::Outer,
            Parent::Same(_) => Nest::Repeated,
            Parent::Inside(outer) => {
                let outer = original(*outer);
                if nests[outer] == Nest::Outer { Nest::Hole(outer) } else { Nest::Outer }
            }
        });
    }
    nests
}

fn polygons(rings: Vec<Ring>, nests: &[Nest]) -> Vec<Polygon<f64>> {
    let mut holes: Vec<Vec<LineString<f64>>> = vec![Vec::new(); rings.len()];
    let mut outers = Vec::new();
    for (index, ring) in rings.into_iter().enumerate() {
        let line = LineString(ring.points);
        match nests[index] {
            Nest::Outer => outers.push((index, line)),
            Nest::Hole(outer) => holes[outer].push(line),
            Nest::Repeated => {}
        }
    }
    let polygon = |(index, line): (usize, LineString<f64>)| {
        Polygon::new(line, std::mem::take(&mut holes[index]))
    };
    let polygons = outers.into_iter().map(polygon);
    polygons.map(|polygon| polygon.orient(Direction::Default)).collect()
}
