//! Where those would stand of whom something is missing, or known only about.

use super::drawn::Drawn;
use super::method::Better;
use super::ranking::{Candidate, Reach, Standing, Threshold, ends};
use super::scorer::Scorer;
use super::sheet::ScoreSheet;

/// How many times the greatest that is known stands for a value without an upper end: so many that more
/// would change no place.
const BEYOND: f64 = 1e6;

/// Where those stand that cannot be ranked, and those of whom something is known only about.
pub fn reaches(
    sheet: &ScoreSheet,
    scorer: &Scorer,
    candidates: &mut [Candidate],
    order: &[usize],
    ordered: &[Vec<f64>],
    weights: &[f64],
) {
    let top = sheet.top;
    for (at, one) in candidates.iter_mut().enumerate() {
        let position = order.iter().position(|ranked| *ranked == at);
        let about = one.values.iter().any(Drawn::is_about);
        let about_or = |missing: &[usize]| -> Vec<usize> {
            let open = |at: &usize| missing.contains(at) || one.values[*at].is_about();
            (0..one.values.len()).filter(open).collect()
        };
        let missing = match &one.standing {
            Standing::Missing(missing, _) => about_or(missing),
            Standing::Ranked { .. } if about => {
                (0..one.values.len()).filter(|at| one.values[*at].is_about()).collect()
            }
            _ => continue,
        };
        let mut others: Vec<Vec<f64>> = ordered.to_vec();
        if let Some(position) = position {
            others.remove(position);
        }
        let end = |indicator: usize, best: bool| {
            let (low, high) = scorer.ends[indicator];
            let within = one.within[indicator];
            let is_about = one.values[indicator].is_about();
            let (low, high) = match sheet.indicators[indicator].range {
                _ if within.high.is_finite() && within.low > f64::NEG_INFINITY => {
                    (within.low, within.high)
                }
                // At least so much, and nobody says how much more.
                None if is_about => (within.low, (high.max(within.low).abs() + 1.0) * BEYOND),
                Some((_, most)) if is_about => (within.low, most),
                _ => (low.max(within.low), high.max(within.low)),
            };
            if best == (scorer.better[indicator] == Better::High) { high } else { low }
        };
        let with = |fill: &dyn Fn(usize) -> f64| {
            let own = (0..one.points.len()).map(|indicator| match missing.contains(&indicator) {
                true => fill(indicator),
                false => one.points[indicator].unwrap_or(0.0),
            });
            let mut all = others.clone();
            all.push(own.collect());
            // Where the ends are those of the ranked, this one moves them.
            Scorer { ends: ends(sheet, &all), ..scorer.clone() }.place_of_last(&all, weights)
        };
        let (best, worst) = (with(&|at| end(at, true)), with(&|at| end(at, false)));
        let threshold = match missing.as_slice() {
            [only] if best <= top && worst > top => {
                let (mut inside, mut outside) = (end(*only, true), end(*only, false));
                for _ in 0..60 {
                    let middle = f64::midpoint(inside, outside);
                    if with(&|_| middle) <= top { inside = middle } else { outside = middle }
                }
                let better = scorer.better[*only];
                Some(Threshold { indicator: *only, points: inside, better })
            }
            _ => None,
        };
        match &mut one.standing {
            Standing::Missing(_, reach) => *reach = Reach { best, worst, threshold },
            Standing::Ranked { reach, .. } => *reach = Some((best, worst)),
            _ => {}
        }
    }
}
