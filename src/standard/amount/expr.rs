//! The columnar face: expressions over the subject's `_low` and `_high` columns.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::inventory::{high, low};
use crate::quantity::Rounding;

use super::{Amount, Band, Base, Count};

/// The least and the greatest value of something, as expressions.
#[derive(Debug, Clone)]
pub struct Ends {
    /// The least possible value.
    pub low: Expr,
    /// The greatest possible value.
    pub high: Expr,
}

/// Bases whose values are narrowed: inside a step, its own base is.
type Narrowed = BTreeMap<String, Ends>;

impl Amount {
    /// The amount as expressions over the subject's columns.
    ///
    /// # Errors
    /// When the engine cannot build the expression, which would be a defect.
    pub fn expr(&self) -> PolarsResult<Ends> {
        self.within(&Narrowed::new())
    }

    fn within(&self, narrowed: &Narrowed) -> PolarsResult<Ends> {
        let base = |base: &Base| match narrowed.get(&base.column) {
            Some(ends) => ends.clone(),
            None => Ends { low: col(low(&base.column)), high: col(high(&base.column)) },
        };
        let each = |parts: &[Amount]| -> PolarsResult<Vec<Ends>> {
            parts.iter().map(|part| part.within(narrowed)).collect()
        };
        Ok(match self {
            Amount::Fixed(value) => constant(*value),
            Amount::Per { rate, .. } if *rate == 0.0 => constant(0.0),
            Amount::Per { rate, lot, base: of, count } => {
                let lots = base(of).map(|value| counted(value * lit(1.0 / lot), *count));
                lots.map(|lots| lots * lit(*rate))
            }
            Amount::Share { share, .. } if *share == 0.0 => constant(0.0),
            Amount::Share { share, base: of } => base(of).map(|value| value * lit(*share)),
            Amount::Steps { base: of, steps } => {
                let whole = base(of);
                let (mut lows, mut highs) = (Vec::new(), Vec::new());
                for step in steps {
                    let (mut inside, mut reached) = (whole.clone(), lit(true));
                    if let Some((bound, closed)) = step.from {
                        let above = whole.high.clone().gt(lit(bound));
                        let at = whole.high.clone().eq(lit(bound)).and(lit(closed));
                        reached = reached.and(above.or(at));
                        inside.low = larger(inside.low, lit(bound));
                    }
                    if let Some((bound, closed)) = step.to {
                        let below = whole.low.clone().lt(lit(bound));
                        let at = whole.low.clone().eq(lit(bound)).and(lit(closed));
                        reached = reached.and(below.or(at));
                        inside.high = smaller(inside.high, lit(bound));
                    }
                    let mut narrower = narrowed.clone();
                    narrower.insert(of.column.clone(), inside);
                    let there = step.amount.within(&narrower)?;
                    let absent = || lit(NULL).cast(DataType::Float64);
                    lows.push(when(reached.clone()).then(there.low).otherwise(absent()));
                    highs.push(when(reached).then(there.high).otherwise(absent()));
                }
                Ends {
                    low: polars::lazy::dsl::min_horizontal(&lows)?,
                    high: polars::lazy::dsl::max_horizontal(&highs)?,
                }
            }
            Amount::Marginal { base: of, bands } => base(of).map(|value| marginal(bands, value)),
            Amount::BaseStep { start, add, .. } if *add == 0.0 => constant(*start),
            Amount::BaseStep { start, base: of, up_to, add, lot, count } => base(of).map(|value| {
                let above = larger(value - lit(*up_to), lit(0.0)) / lit(*lot);
                lit(*start) + counted(above, *count) * lit(*add)
            }),
            Amount::Greatest(parts) => fold(each(parts)?, larger),
            Amount::Least(parts) => fold(each(parts)?, smaller),
            Amount::Sum(parts) => fold(each(parts)?, |a, b| a + b),
            Amount::Clamp { amount, low, high } => {
                let held = |value: Expr| smaller(larger(value, lit(*low)), lit(*high));
                amount.within(narrowed)?.map(held)
            }
            Amount::Range { low, .. } => low.within(narrowed)?,
            Amount::About { value, tolerance } => constant(value * (1.0 - tolerance)),
            Amount::Each { each, .. } if *each == 0.0 => constant(0.0),
            Amount::Each { each, capacity } => {
                capacity.within(narrowed)?.map(|count| count * lit(*each))
            }
            Amount::ValueOf(of) => base(of),
        })
    }
}

impl Ends {
    fn map(self, rising: impl Fn(Expr) -> Expr) -> Ends {
        Ends { low: rising(self.low), high: rising(self.high) }
    }
}

fn constant(value: f64) -> Ends {
    Ends { low: lit(value), high: lit(value) }
}

fn fold(parts: Vec<Ends>, join: fn(Expr, Expr) -> Expr) -> Ends {
    let joined = parts
        .into_iter()
        .reduce(|a, b| Ends { low: join(a.low, b.low), high: join(a.high, b.high) });
    joined.unwrap_or_else(|| constant(0.0))
}

fn larger(a: Expr, b: Expr) -> Expr {
    when(a.clone().gt_eq(b.clone())).then(a).otherwise(b)
}

fn smaller(a: Expr, b: Expr) -> Expr {
    when(a.clone().lt_eq(b.clone())).then(a).otherwise(b)
}

/// The same arithmetic as [`Count::apply`].
fn counted(lots: Expr, count: Count) -> Expr {
    match count {
        Count::Proportional => lots,
        Count::Started => (lots - lit(Rounding::NOISE)).ceil(),
        Count::Complete => (lots + lit(Rounding::NOISE)).floor(),
    }
}

fn marginal(bands: &[Band], value: Expr) -> Expr {
    let mut from = 0.0;
    let mut sum = lit(0.0);
    for band in bands {
        let inside = match band.up_to {
            Some(to) => smaller(value.clone(), lit(to)),
            None => value.clone(),
        };
        if band.rate != 0.0 {
            sum = sum + larger(inside - lit(from), lit(0.0)) * lit(band.rate);
        }
        from = band.up_to.unwrap_or(f64::INFINITY);
    }
    sum
}
