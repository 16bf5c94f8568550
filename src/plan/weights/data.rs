//! Weights from the data: entropy (熵权法) and CRITIC.

use crate::words::Words;

use super::super::method::Better;

/// Entropy weights: an indicator on which all are alike says nothing and weighs nothing.
///
/// `values[i][j]` is indicator `j` of subject `i`. Each column is divided by its sum; with the
/// entropies `e` of the columns over `ln(subjects)`, the weights are proportional to `1 − e`. Source:
/// C. L. Hwang, K. Yoon, *Multiple Attribute Decision Making*, Springer, 1981, section 3.2.
///
/// # Errors
/// When there are fewer than two subjects, a number is negative, or all subjects are alike.
pub fn entropy(values: &[Vec<f64>]) -> Result<Vec<f64>, Words> {
    enough(values)?;
    if values.iter().flatten().any(|value| *value < 0.0) {
        return Err(Words::new(
            "熵权法不能用于负数",
            "entropy weights cannot be worked out of negative numbers",
        ));
    }
    let most = (values.len() as f64).ln();
    let columns = values[0].len();
    let says = |column: usize| {
        let sum: f64 = values.iter().map(|row| row[column]).sum();
        if sum == 0.0 {
            return 0.0;
        }
        let part = |row: &Vec<f64>| {
            let share = row[column] / sum;
            if share > 0.0 { share * share.ln() } else { 0.0 }
        };
        // A hair of binary noise is no difference between subjects.
        let rest = 1.0 + values.iter().map(part).sum::<f64>() / most;
        if rest < 1e-12 { 0.0 } else { rest }
    };
    shares((0..columns).map(says).collect())
}

/// CRITIC weights: an indicator weighs more the more it tells subjects apart, and the less it repeats
/// the others. Source: D. Diakoulaki, G. Mavrotas, L. Papayannakis, *Determining objective weights in
/// multiple criteria problems: the CRITIC method*, Computers & Operations Research 22 (1995) 763-770.
///
/// Columns are scaled to 0 for their worst and 1 for their best value; the weights are proportional
/// to the standard deviation times the sum of `1 − r` over the correlations `r` with all columns.
///
/// # Errors
/// When there are fewer than two subjects, or all are alike.
pub fn critic(values: &[Vec<f64>], better: &[Better]) -> Result<Vec<f64>, Words> {
    enough(values)?;
    let columns: Vec<Vec<f64>> =
        better.iter().enumerate().map(|(at, better)| scaled(values, at, *better)).collect();
    let tells = |at: usize| {
        let own = deviation(&columns[at]);
        let conflict: f64 =
            columns.iter().map(|other| 1.0 - correlation(&columns[at], other)).sum();
        own * conflict.max(0.0)
    };
    // One indicator alone conflicts with none; it is all there is.
    if columns.len() == 1 {
        return Ok(vec![1.0]);
    }
    shares((0..columns.len()).map(tells).collect())
}

fn enough(values: &[Vec<f64>]) -> Result<(), Words> {
    if values.len() < 2 {
        return Err(Words::new(
            "由数据求权重至少要两个对象",
            "weights from data need two subjects at least",
        ));
    }
    Ok(())
}

fn shares(parts: Vec<f64>) -> Result<Vec<f64>, Words> {
    let sum: f64 = parts.iter().sum();
    if sum <= 0.0 {
        return Err(Words::new(
            "各对象的数据全部相同，不能由数据求权重",
            "all subjects are alike: no weights can be worked out of their data",
        ));
    }
    Ok(parts.into_iter().map(|part| part / sum).collect())
}

/// A column from 0 for its worst value to 1 for its best; 0 throughout where all are alike.
pub fn scaled(values: &[Vec<f64>], column: usize, better: Better) -> Vec<f64> {
    let all = || values.iter().map(|row| row[column]);
    let (least, most) =
        (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let width = most - least;
    let scale = |value: f64| match better {
        _ if width <= 0.0 => 0.0,
        Better::High => (value - least) / width,
        Better::Low => (most - value) / width,
    };
    all().map(scale).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let centre = mean(values);
    let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    // Whether it is divided by all or by all but one cancels out in the shares.
    (squares / values.len() as f64).sqrt()
}

/// Pearson's correlation; 0 with a column on which all are alike.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (centre_a, centre_b) = (mean(a), mean(b));
    let product: f64 = a.iter().zip(b).map(|(x, y)| (x - centre_a) * (y - centre_b)).sum();
    let spread = deviation(a) * deviation(b) * a.len() as f64;
    if spread > 0.0 { product / spread } else { 0.0 }
}
