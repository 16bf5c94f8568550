//! How the values of subjects become an order: weighted sum, TOPSIS, VIKOR.

use super::weights::scaled;

/// Whether more or less of an indicator puts a subject first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More does.
    High,
    /// Less does.
    Low,
}

impl Better {
    /// The codes in score sheets.
    pub const CODES: &[(&'static str, Better)] = &[("high", Better::High), ("low", Better::Low)];
}

/// A method of ordering.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// The sum of weight times value, each value from 0 at the worst to 1 at the best.
    WeightedSum,
    /// Closeness to the best of every indicator and distance from the worst.
    Topsis,
    /// A compromise between the sum of what is lost and the worst single loss; `v` is the share of
    /// the first.
    Vikor {
        /// From 0 to 1.
        v: f64,
    },
}

impl Method {
    /// Whether the subject with the greatest number comes first.
    pub fn greatest_first(self) -> bool {
        !matches!(self, Method::Vikor { .. })
    }
}

/// TOPSIS: the closeness of each subject, from 0 to 1, the greatest first.
///
/// `values[i][j]` is indicator `j` of subject `i`; columns are divided by the root of the sum of
/// their squares. Source: C. L. Hwang, K. Yoon, *Multiple Attribute Decision Making*, Springer, 1981.
pub fn topsis(values: &[Vec<f64>], weights: &[f64], better: &[Better]) -> Vec<f64> {
    let columns = weights.len();
    let length = |at: usize| values.iter().map(|row| row[at] * row[at]).sum::<f64>().sqrt();
    let lengths: Vec<f64> = (0..columns).map(length).collect();
    let weighted = |row: &Vec<f64>| -> Vec<f64> {
        let one = |at: usize| match lengths[at] > 0.0 {
            true => weights[at] * row[at] / lengths[at],
            false => 0.0,
        };
        (0..columns).map(one).collect()
    };
    let values: Vec<Vec<f64>> = values.iter().map(weighted).collect();
    let end = |best: bool| -> Vec<f64> {
        let of = |at: usize| {
            let all = values.iter().map(|row| row[at]);
            match (better[at], best) {
                (Better::High, true) | (Better::Low, false) => {
                    all.fold(f64::NEG_INFINITY, f64::max)
                }
                _ => all.fold(f64::INFINITY, f64::min),
            }
        };
        (0..columns).map(of).collect()
    };
    let (ideal, worst) = (end(true), end(false));
    let distance = |row: &[f64], to: &[f64]| {
        row.iter().zip(to).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    };
    values
        .iter()
        .map(|row| {
            let (from_ideal, from_worst) = (distance(row, &ideal), distance(row, &worst));
            let sum = from_ideal + from_worst;
            if sum > 0.0 { from_worst / sum } else { 1.0 }
        })
        .collect()
}

/// What VIKOR says of each subject; the least `q` comes first.
#[derive(Debug, Clone, PartialEq)]
pub struct Vikor {
    /// The sum of what is lost against the best of every indicator.
    pub s: Vec<f64>,
    /// The greatest single loss.
    pub r: Vec<f64>,
    /// The compromise of both.
    pub q: Vec<f64>,
}

/// VIKOR with `v` as the share of the sum of losses. Source: S. Opricovic, G.-H. Tzeng, *Compromise
/// solution by MCDM methods: a comparative analysis of VIKOR and TOPSIS*, European Journal of
/// Operational Research 156 (2004) 445-455.
pub fn vikor(values: &[Vec<f64>], weights: &[f64], better: &[Better], v: f64) -> Vikor {
    let sum: f64 = weights.iter().sum();
    let columns: Vec<Vec<f64>> =
        better.iter().enumerate().map(|(at, better)| losses(values, at, *better)).collect();
    let lost = |row: usize| -> Vec<f64> {
        let share = |weight: &f64| if sum > 0.0 { weight / sum } else { 0.0 };
        weights.iter().zip(&columns).map(|(weight, column)| share(weight) * column[row]).collect()
    };
    let all: Vec<Vec<f64>> = (0..values.len()).map(lost).collect();
    let s: Vec<f64> = all.iter().map(|row| row.iter().sum()).collect();
    let r: Vec<f64> = all.iter().map(|row| row.iter().copied().fold(0.0, f64::max)).collect();
    let part = |of: &[f64], row: usize| {
        let least = of.iter().copied().fold(f64::INFINITY, f64::min);
        let width = of.iter().copied().fold(f64::NEG_INFINITY, f64::max) - least;
        if width > 0.0 { (of[row] - least) / width } else { 0.0 }
    };
    let q = (0..values.len()).map(|row| v * part(&s, row) + (1.0 - v) * part(&r, row)).collect();
    Vikor { s, r, q }
}

/// How far each subject lies from the best, as a share of the way to the worst.
fn losses(values: &[Vec<f64>], column: usize, better: Better) -> Vec<f64> {
    let all_alike = values.iter().all(|row| row[column] == values[0][column]);
    let scaled = scaled(values, column, better);
    scaled.into_iter().map(|value| if all_alike { 0.0 } else { 1.0 - value }).collect()
}

impl Vikor {
    /// The subjects that may be called first: one, where it leads clearly and is best by `s` or `r`
    /// as well; else those that cannot be told apart from it.
    pub fn compromise(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.q.len()).collect();
        order.sort_by(|a, b| self.q[*a].total_cmp(&self.q[*b]));
        let [first, second, ..] = order.as_slice() else { return order };
        let advantage = 1.0 / (self.q.len() as f64 - 1.0);
        let near = |one: usize| self.q[one] - self.q[*first] < advantage - 1e-12;
        if near(*second) {
            return order.iter().copied().take_while(|one| near(*one)).collect();
        }
        let least = |of: &[f64]| of.iter().copied().fold(f64::INFINITY, f64::min);
        let stable = self.s[*first] <= least(&self.s) || self.r[*first] <= least(&self.r);
        if stable { vec![*first] } else { vec![*first, *second] }
    }
}
