//! Weights from pairwise comparisons (analytic hierarchy process, 层次分析法).
//!
//! The weights are the principal eigenvector of a matrix of comparisons; how far the comparisons
//! contradict each other is its consistency ratio. Source: T. L. Saaty, *How to make a decision: the
//! analytic hierarchy process*, European Journal of Operational Research 48 (1990).

use std::sync::OnceLock;

use serde::Deserialize;

/// The convention of the method: how consistent comparisons must be.
#[derive(Debug, Deserialize)]
pub struct Convention {
    /// Where it is from.
    pub source: String,
    /// The consistency ratio above which comparisons are refused.
    pub limit: f64,
    /// The mean consistency index of random comparisons, by the number of things less one.
    pub index: Vec<f64>,
}

/// The convention of the method.
pub fn convention() -> &'static Convention {
    static ONE: OnceLock<Convention> = OnceLock::new();
    ONE.get_or_init(|| {
        toml::from_str(include_str!("../random_index.toml"))
            .expect("the convention is part of the program and tested")
    })
}

/// What comparisons say: weights, and how consistent they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The weights, adding up to 1.
    pub weights: Vec<f64>,
    /// The principal eigenvalue: the number of things where nothing is contradictory.
    pub eigenvalue: f64,
    /// The consistency index.
    pub index: f64,
    /// The consistency ratio; 0 for one or two things, which cannot contradict each other.
    pub ratio: f64,
    /// The comparison that fits the weights worst, where not all fit.
    pub worst: Option<Worst>,
}

/// The comparison that fits worst.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worst {
    /// What is compared, by its position.
    pub first: usize,
    /// What it is compared with.
    pub second: usize,
    /// How many times as important the first was said to be.
    pub stated: f64,
    /// How many times as important it is by the weights.
    pub fitting: f64,
}

impl Compared {
    /// Whether the comparisons are consistent enough by the [`convention`].
    pub fn is_consistent(&self) -> bool {
        self.ratio <= convention().limit
    }
}

/// The most things that can be compared: as many as the convention gives an index for.
pub fn most() -> usize {
    convention().index.len()
}

/// Works out the weights of a reciprocal matrix: `matrix[i][j]` says how many times as important
/// `i` is as `j`.
///
/// ```
/// use facility_audit::plan::ahp;
/// let compared = ahp(&[vec![1.0, 3.0], vec![1.0 / 3.0, 1.0]]);
/// assert!((compared.weights[0] - 0.75).abs() < 1e-9 && compared.ratio == 0.0);
/// ```
///
/// # Panics
/// When the matrix is empty or larger than the convention has an index for; the reader of score sheets refuses both.
pub fn ahp(matrix: &[Vec<f64>]) -> Compared {
    let n = matrix.len();
    let (weights, eigenvalue) = principal(matrix);
    let random = convention().index[n - 1];
    let index = if n > 2 { ((eigenvalue - n as f64) / (n as f64 - 1.0)).max(0.0) } else { 0.0 };
    let ratio = if random > 0.0 { index / random } else { 0.0 };
    let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
    let misfit = |&(i, j): &(usize, usize)| (matrix[i][j] * weights[j] / weights[i]).ln().abs();
    let worst = pairs
        .filter(|pair| misfit(pair) > 1e-6)
        .max_by(|a, b| misfit(a).total_cmp(&misfit(b)))
        .map(|(i, j)| Worst {
            first: i,
            second: j,
            stated: matrix[i][j],
            fitting: weights[i] / weights[j],
        });
    Compared { weights, eigenvalue, index, ratio, worst }
}

/// The judgements of several experts as one matrix: the geometric mean of each comparison, which
/// alone keeps it reciprocal.
pub fn together(matrices: &[Vec<Vec<f64>>]) -> Vec<Vec<f64>> {
    let n = matrices.first().map_or(0, Vec::len);
    let mean = |i: usize, j: usize| {
        let logs: f64 = matrices.iter().map(|one| one[i][j].ln()).sum();
        (logs / matrices.len() as f64).exp()
    };
    (0..n).map(|i| (0..n).map(|j| mean(i, j)).collect()).collect()
}

/// The principal eigenvector, adding up to 1, and its eigenvalue, by repeated multiplication: for
/// matrices of positive numbers it always settles.
fn principal(matrix: &[Vec<f64>]) -> (Vec<f64>, f64) {
    let n = matrix.len();
    let mut vector = vec![1.0 / n as f64; n];
    let mut eigenvalue = n as f64;
    for _ in 0..10_000 {
        let next: Vec<f64> =
            matrix.iter().map(|row| row.iter().zip(&vector).map(|(a, x)| a * x).sum()).collect();
        eigenvalue = next.iter().sum();
        let next: Vec<f64> = next.iter().map(|x| x / eigenvalue).collect();
        let moved = next.iter().zip(&vector).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        vector = next;
        if moved < 1e-14 {
            break;
        }
    }
    (vector, eigenvalue)
}
