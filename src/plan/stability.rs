//! How stable an order is: how far each weight can move before the top changes, and how often each
//! subject is at the top under random weights.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use super::method::Method;
use super::scorer::Scorer;

/// How stable the top of an order is.
#[derive(Debug, Clone, PartialEq)]
pub struct Stability {
    /// How many places the top has.
    pub top: usize,
    /// How far each weight can move alone.
    pub moves: Vec<Move>,
    /// How often each of the ranked is at the top when all weights are drawn at random, in their
    /// order; 0 to 1.
    pub any: Vec<f64>,
    /// The same when each weight is drawn from its neighbourhood.
    pub near: Vec<f64>,
    /// How far the neighbourhood reaches, as a share of each weight.
    pub reach: f64,
    /// How many draws.
    pub draws: usize,
    /// What started them.
    pub seed: u64,
}

/// How far one weight can move, the others staying, before another subject is at the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// The weight below which the top changes; nothing when it does not, down to no weight.
    pub below: Option<Turn>,
    /// The weight above which it changes; nothing when it never does.
    pub above: Option<Turn>,
}

/// Where the top changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The weight.
    pub weight: f64,
    /// Who leaves, by position in the order.
    pub leaves: Vec<usize>,
    /// Who enters.
    pub enters: Vec<usize>,
}

/// How much greater than itself a weight is tried for methods without a closed form.
const MOST: f64 = 20.0;
/// In how many steps.
const STEPS: usize = 200;

/// The top places as flags, by position in `values`.
pub type Top = Vec<bool>;

/// Works out how stable the order of `values` is, which are in that order.
pub fn stability(
    scorer: &Scorer,
    values: &[Vec<f64>],
    weights: &[f64],
    top: usize,
    (near, draws, seed): (f64, usize, u64),
) -> Stability {
    let rows = values.len();
    let top = top.min(rows);
    let scaled = scorer.scaled(values);
    let at = |weights: &[f64]| scorer.top_of(values, &scaled, weights, top);
    let moves = match (top == rows, scorer.method) {
        (true, _) => weights.iter().map(|_| Move { below: None, above: None }).collect(),
        (_, Method::WeightedSum) => exact_moves(&scaled, weights, top, &at),
        _ => (0..weights.len()).map(|column| searched(weights, column, &at)).collect(),
    };
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let mut unit = || (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    let count = |draw: &mut dyn FnMut() -> Vec<f64>| -> Vec<f64> {
        let mut at_top = vec![0usize; rows];
        for _ in 0..draws {
            let drawn = draw();
            for (count, is_top) in at_top.iter_mut().zip(at(&drawn)) {
                *count += usize::from(is_top);
            }
        }
        at_top.into_iter().map(|count| count as f64 / draws as f64).collect()
    };
    let sum: f64 = weights.iter().sum();
    let any = count(&mut || simplex(weights.len(), &mut unit).iter().map(|w| w * sum).collect());
    let near_top = count(&mut || {
        weights.iter().map(|weight| weight * (1.0 - near + 2.0 * near * unit())).collect()
    });
    Stability { top, moves, any, near: near_top, reach: near, draws, seed }
}

/// Weights that add up to 1, every such set as likely as any other: the gaps between sorted numbers.
fn simplex(count: usize, unit: &mut impl FnMut() -> f64) -> Vec<f64> {
    let mut cuts: Vec<f64> = (1..count).map(|_| unit()).collect();
    cuts.extend([0.0, 1.0]);
    cuts.sort_by(f64::total_cmp);
    cuts.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// In a weighted sum each pair meets at one weight: the nearest to both sides are exact.
fn exact_moves(
    scaled: &[Vec<f64>],
    weights: &[f64],
    top: usize,
    at: &dyn Fn(&[f64]) -> Top,
) -> Vec<Move> {
    let total = |row: &Vec<f64>| -> f64 { row.iter().zip(weights).map(|(x, w)| x * w).sum() };
    let totals: Vec<f64> = scaled.iter().map(total).collect();
    let one = |column: usize| {
        let (mut down, mut up) = (f64::NEG_INFINITY, f64::INFINITY);
        for inside in 0..top {
            for outside in top..scaled.len() {
                let lead = totals[inside] - totals[outside];
                let slope = scaled[inside][column] - scaled[outside][column];
                // With a steeper slope outside more weight closes the lead, else less weight does.
                let turn = -lead / slope;
                if slope < 0.0 {
                    up = up.min(turn.max(0.0));
                } else if slope > 0.0 {
                    down = down.max(turn.min(0.0));
                }
            }
        }
        let turn = |moved: f64, beyond: f64| {
            let weight = weights[column] + moved;
            let (leaves, enters) = changes(weights, column, weight + beyond, top, at);
            Turn { weight, leaves, enters }
        };
        let hair = (weights.iter().sum::<f64>() * 1e-9).max(1e-12);
        let lowest = -weights[column];
        Move {
            below: (down > lowest + hair).then(|| turn(down, -hair)),
            above: up.is_finite().then(|| turn(up, hair)),
        }
    };
    (0..weights.len()).map(one).collect()
}

/// Searched step by step, then halved: for methods in which nothing simpler holds.
fn searched(weights: &[f64], column: usize, at: &dyn Fn(&[f64]) -> Top) -> Move {
    let own = weights[column];
    let set = |weight: f64| {
        let mut moved = weights.to_vec();
        moved[column] = weight;
        at(&moved)
    };
    let now = set(own);
    let find = |steps: &mut dyn Iterator<Item = f64>| -> Option<Turn> {
        let mut good = own;
        for weight in steps {
            if set(weight) == now {
                good = weight;
                continue;
            }
            let mut bad = weight;
            for _ in 0..50 {
                let middle = f64::midpoint(good, bad);
                if set(middle) == now { good = middle } else { bad = middle }
            }
            let then = set(bad);
            let who = |was: bool| {
                let moved = now.iter().zip(&then).enumerate();
                moved.filter(|(_, (a, b))| **a == was && a != b).map(|(at, _)| at).collect()
            };
            return Some(Turn { weight: good, leaves: who(true), enters: who(false) });
        }
        None
    };
    let largest = weights.iter().copied().fold(0.0, f64::max);
    let top_end = own.max(largest) * MOST;
    let step = |at: usize| at as f64 / STEPS as f64;
    Move {
        below: find(&mut (1..=STEPS).map(|at| own * (1.0 - step(at)))),
        above: find(&mut (1..=STEPS).map(|at| own + (top_end - own) * step(at).powi(2))),
    }
}

fn changes(
    weights: &[f64],
    column: usize,
    weight: f64,
    top: usize,
    at: &dyn Fn(&[f64]) -> Top,
) -> (Vec<usize>, Vec<usize>) {
    let mut moved = weights.to_vec();
    moved[column] = weight.max(0.0);
    let then = at(&moved);
    let leaves = (0..top).filter(|row| !then[*row]).collect();
    (leaves, (top..then.len()).filter(|row| then[*row]).collect())
}
