//! The edges of a large ring, by horizontal strip: a point needs to meet only those of its own.

use geo_types::Coord;

/// Which edges pass through which strip.
#[derive(Debug)]
pub struct Strips {
    south: f64,
    per_unit: f64,
    /// Where each strip's edges begin; one more than there are strips.
    starts: Vec<u32>,
    edges: Vec<u32>,
}

impl Strips {
    /// Sorts the edges of a closed ring; each is widened by `near` to both sides.
    ///
    /// There are as many strips as keep the list of edges below five times the ring: a zigzag has
    /// all its edges in every strip.
    pub fn new(points: &[Coord<f64>], near: f64) -> Strips {
        let spans: Vec<(f64, f64)> = points
            .windows(2)
            .map(|edge| (edge[0].y.min(edge[1].y) - near, edge[0].y.max(edge[1].y) + near))
            .collect();
        let south = spans.iter().fold(f64::INFINITY, |least, span| least.min(span.0));
        let north = spans.iter().fold(f64::NEG_INFINITY, |most, span| most.max(span.1));
        let total: f64 = spans.iter().map(|(low, high)| high - low).sum();
        let wanted = 2.0 * spans.len() as f64 * (north - south) / total;
        let count = (wanted as usize).clamp(1, spans.len().max(1));
        let mut strips = Strips {
            south,
            per_unit: count as f64 / (north - south),
            starts: vec![0; count + 1],
            edges: Vec::new(),
        };
        for (low, high) in &spans {
            for strip in strips.at(*low)..=strips.at(*high) {
                strips.starts[strip + 1] += 1;
            }
        }
        for strip in 0..count {
            strips.starts[strip + 1] += strips.starts[strip];
        }
        let mut next = strips.starts.clone();
        strips.edges = vec![0; strips.starts[count] as usize];
        for (edge, (low, high)) in spans.iter().enumerate() {
            for next in &mut next[strips.at(*low)..=strips.at(*high)] {
                strips.edges[*next as usize] = edge as u32;
                *next += 1;
            }
        }
        strips
    }

    /// The edges that a point at this height can be near to, or west of.
    pub fn edges_at(&self, y: f64) -> impl Iterator<Item = usize> {
        let strip = self.at(y);
        let range = self.starts[strip] as usize..self.starts[strip + 1] as usize;
        self.edges[range].iter().map(|edge| *edge as usize)
    }

    fn at(&self, y: f64) -> usize {
        let last = self.starts.len() - 2;
        (((y - self.south) * self.per_unit) as usize).min(last)
    }
}
