//! How values become an order, by any of the methods.

use std::cmp::Ordering as Order;

use super::method::{Better, Method, topsis, vikor};
use super::stability::Top;

/// How values become an order, once all that depends on the data is settled.
#[derive(Debug, Clone)]
pub struct Scorer {
    /// The method.
    pub method: Method,
    /// Whether more or less is better, of each indicator.
    pub better: Vec<Better>,
    /// The worst and the best end of each indicator, the smaller first.
    pub ends: Vec<(f64, f64)>,
    /// What every sum begins with.
    pub base: f64,
    /// The indicators that decide between equals.
    pub ties: Vec<usize>,
}

/// Numbers closer than this are equal: what is left is binary noise.
const EQUAL: f64 = 1e-9;

impl Scorer {
    /// Each value from 0 at the worst to 1 at the best end of its indicator.
    pub fn scaled(&self, values: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let one = |(value, at): (&f64, usize)| {
            let (low, high) = self.ends[at];
            let share = if high > low { (value - low) / (high - low) } else { 0.0 };
            if self.better[at] == Better::High { share } else { 1.0 - share }
        };
        let row = |row: &Vec<f64>| row.iter().zip(0..).map(one).collect();
        values.iter().map(row).collect()
    }

    /// What orders the subjects, the greatest first whatever the method.
    fn ratings(&self, values: &[Vec<f64>], scaled: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
        match self.method {
            Method::WeightedSum => {
                let sum = |row: &Vec<f64>| row.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>();
                scaled.iter().map(|row| self.base + sum(row)).collect()
            }
            Method::Topsis => topsis(values, weights, &self.better),
            Method::Vikor { v } => {
                let found = vikor(values, weights, &self.better, v);
                found.q.into_iter().map(|q| -q).collect()
            }
        }
    }

    /// Between equals the indicators named for it decide.
    pub fn compare(&self, values: &[Vec<f64>], ratings: &[f64], a: usize, b: usize) -> Order {
        if (ratings[a] - ratings[b]).abs() > EQUAL {
            return ratings[b].total_cmp(&ratings[a]);
        }
        for &at in &self.ties {
            let (one, other) = (values[a][at], values[b][at]);
            if (one - other).abs() > EQUAL {
                let more = other.total_cmp(&one);
                return if self.better[at] == Better::High { more } else { more.reverse() };
            }
        }
        Order::Equal
    }

    /// The order: positions in `values`, equals in the order they stand in.
    pub fn order(&self, values: &[Vec<f64>], weights: &[f64]) -> (Vec<usize>, Vec<f64>) {
        let ratings = self.ratings(values, &self.scaled(values), weights);
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|a, b| self.compare(values, &ratings, *a, *b));
        (order, ratings)
    }

    /// Who is at the top under some weights.
    pub fn top_of(
        &self,
        values: &[Vec<f64>],
        scaled: &[Vec<f64>],
        weights: &[f64],
        top: usize,
    ) -> Top {
        let ratings = self.ratings(values, scaled, weights);
        let mut order: Vec<usize> = (0..values.len()).collect();
        let by = |a: &usize, b: &usize| self.compare(values, &ratings, *a, *b).then(a.cmp(b));
        if top < order.len() {
            order.select_nth_unstable_by(top, by);
        }
        let mut is_top = vec![false; values.len()];
        order.into_iter().take(top).for_each(|row| is_top[row] = true);
        is_top
    }

    /// The place of the last of `values`.
    pub fn place_of_last(&self, values: &[Vec<f64>], weights: &[f64]) -> usize {
        let ratings = self.ratings(values, &self.scaled(values), weights);
        let last = values.len() - 1;
        let before = |row: &usize| self.compare(values, &ratings, *row, last) == Order::Less;
        1 + (0..last).filter(before).count()
    }
}
