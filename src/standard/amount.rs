//! Required amounts: a closed set of forms, each with one meaning in four faces.
//!
//! A form is a scalar over intervals ([`Amount::at`]), an expression over columns
//! ([`Amount::expr`]), a sentence with its working ([`Amount::sentence`], [`Amount::working`]) and
//! standard SQL ([`Amount::sql`]). All forms but steps grow with what they depend on, so their least
//! value comes from the least bases and their greatest from the greatest; steps look at every step
//! the interval reaches.

mod expr;
mod sentence;
mod sql;

pub use sql::{SqlEnds, rounded as rounded_sql};

use crate::quantity::{Interval, Rounding, Unit};
use crate::words::Words;

/// A required amount, in the unit of the measure it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Amount {
    /// The same for every subject: `300 ㎡`.
    Fixed(f64),
    /// So much for each lot of a base: `30 ㎡ per 100 households`.
    Per {
        /// How much for each lot.
        rate: f64,
        /// The size of a lot.
        lot: f64,
        /// What is counted in lots.
        base: Base,
        /// Whether parts of a lot count.
        count: Count,
    },
    /// A share of a base: `7‰ of the floor area above ground`.
    Share {
        /// The share, 0 to 1.
        share: f64,
        /// What it is a share of.
        base: Base,
    },
    /// An amount for each range of a base; ranges meet and cover everything from zero.
    Steps {
        /// What decides the step.
        base: Base,
        /// The steps, in rising order.
        steps: Vec<Step>,
    },
    /// Rates that apply to the part of a base inside each band, like a tax.
    Marginal {
        /// What is cut into bands.
        base: Base,
        /// The bands, in rising order; the last has no upper end.
        bands: Vec<Band>,
    },
    /// A start amount up to a limit, and so much more for each lot above it.
    BaseStep {
        /// The amount up to the limit.
        start: f64,
        /// What is counted.
        base: Base,
        /// The limit.
        up_to: f64,
        /// How much for each further lot.
        add: f64,
        /// The size of a lot.
        lot: f64,
        /// Whether parts of a lot count.
        count: Count,
    },
    /// The greatest of several amounts: `20 ㎡ per 100 households, at least 400 ㎡`.
    Greatest(Vec<Amount>),
    /// The least of several amounts.
    Least(Vec<Amount>),
    /// Several amounts together.
    Sum(Vec<Amount>),
    /// An amount held between two ends.
    Clamp {
        /// The amount.
        amount: Box<Amount>,
        /// It is never less.
        low: f64,
        /// It is never more.
        high: f64,
    },
    /// A range: the lower end binds, the upper is advice.
    Range {
        /// What binds.
        low: Box<Amount>,
        /// What is advised not to be exceeded.
        high: Box<Amount>,
    },
    /// `以 … 为宜`: about so much, with a tolerance the pack states; never a duty by itself.
    About {
        /// The value named.
        value: f64,
        /// How far below it still counts, as a share of it.
        tolerance: f64,
    },
    /// So much for each unit of a capacity: `8 ㎡ for each of 10 places per 1,000 people`.
    Each {
        /// How much for each.
        each: f64,
        /// How many there must be.
        capacity: Box<Amount>,
    },
    /// The value of another quantity of the subject: a printed total equals the sum of its parts.
    ValueOf(Base),
}

/// A quantity of the subject that an amount depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Base {
    /// Its column in the subject's table, without `_low` or `_high`.
    pub column: String,
    /// Its name for readers.
    pub words: Words,
    /// Its unit; a figure that carries its own has none here.
    pub unit: Option<Unit>,
}

/// Whether parts of a lot count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// In proportion: half a lot counts half.
    Proportional,
    /// A lot that has begun counts whole.
    Started,
    /// Only whole lots count.
    Complete,
}

impl Count {
    /// The codes used in packs.
    pub const CODES: &[(&'static str, Count)] = &[
        ("proportional", Count::Proportional),
        ("started", Count::Started),
        ("complete", Count::Complete),
    ];

    /// A number of lots, counted.
    pub fn apply(self, lots: f64) -> f64 {
        match self {
            Count::Proportional => lots,
            Count::Started => Rounding::Up.apply(lots),
            Count::Complete => Rounding::Down.apply(lots),
        }
    }
}

/// An amount for one range of a base.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The lower bound, and whether it belongs to the step; none for the first.
    pub from: Option<(f64, bool)>,
    /// The upper bound, and whether it belongs to the step; none for the last.
    pub to: Option<(f64, bool)>,
    /// The amount there.
    pub amount: Amount,
}

/// A rate for one band of a base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The upper end; none for the last.
    pub up_to: Option<f64>,
    /// The rate inside it.
    pub rate: f64,
}

impl Step {
    /// The part of an interval that lies in the step, if any does.
    fn part(&self, of: Interval) -> Option<Interval> {
        let above =
            self.from.is_none_or(|(bound, closed)| of.high > bound || (closed && of.high == bound));
        let below =
            self.to.is_none_or(|(bound, closed)| of.low < bound || (closed && of.low == bound));
        let low = self.from.map_or(of.low, |(bound, _)| of.low.max(bound));
        let high = self.to.map_or(of.high, |(bound, _)| of.high.min(bound));
        (above && below).then_some(Interval::between(low, high))
    }
}

impl Amount {
    /// The amount for given bases.
    ///
    /// ```
    /// # use facility_audit::quantity::{Interval, Unit};
    /// # use facility_audit::standard::{Amount, Base, Count};
    /// # use facility_audit::words::Words;
    /// let base = Base {
    ///     column: "households".into(),
    ///     words: Words::new("户数", "households"),
    ///     unit: Unit::of("households"),
    /// };
    /// let rule = Amount::Greatest(vec![
    ///     Amount::Per { rate: 20.0, lot: 100.0, base, count: Count::Proportional },
    ///     Amount::Fixed(400.0),
    /// ]);
    /// let required = |count| rule.at(&|_: &str| Interval::exactly(count)).low;
    /// assert_eq!((required(1500.0), required(2500.0)), (400.0, 500.0));
    /// ```
    pub fn at(&self, base: &dyn Fn(&str) -> Interval) -> Interval {
        let each = |parts: &[Amount]| -> Vec<Interval> {
            parts.iter().map(|part| part.at(base)).collect()
        };
        match self {
            Amount::Fixed(value) => Interval::exactly(*value),
            Amount::Per { rate, lot, base: of, count } => {
                let lots = base(&of.column).times(1.0 / lot);
                ends(lots, |lots| count.apply(lots)).times(*rate)
            }
            Amount::Share { share, base: of } => base(&of.column).times(*share),
            Amount::Steps { base: of, steps } => {
                let known = base(&of.column);
                let reached = steps.iter().filter_map(|step| {
                    let part = step.part(known)?;
                    let inside =
                        |column: &str| if column == of.column { part } else { base(column) };
                    Some(step.amount.at(&inside))
                });
                hull(reached)
            }
            Amount::Marginal { base: of, bands } => {
                ends(base(&of.column), |value| marginal(bands, value))
            }
            Amount::BaseStep { start, base: of, up_to, add, lot, count } => {
                let more = |value: f64| start + count.apply((value - up_to).max(0.0) / lot) * add;
                ends(base(&of.column), |value| if *add == 0.0 { *start } else { more(value) })
            }
            Amount::Greatest(parts) => reduce(&each(parts), f64::max),
            Amount::Least(parts) => reduce(&each(parts), f64::min),
            Amount::Sum(parts) => Interval::sum(each(parts)),
            Amount::Clamp { amount, low, high } => {
                ends(amount.at(base), |value| value.max(*low).min(*high))
            }
            Amount::Range { low, .. } => low.at(base),
            Amount::About { value, tolerance } => Interval::exactly(value * (1.0 - tolerance)),
            Amount::Each { each, capacity } => capacity.at(base).times(*each),
            Amount::ValueOf(of) => base(&of.column),
        }
    }

    /// The amount it is advised not to exceed, where it names one beside what binds.
    pub fn advised(&self) -> Option<Amount> {
        self.has_range().then(|| self.upper())
    }

    fn has_range(&self) -> bool {
        matches!(self, Amount::Range { .. }) || self.parts().into_iter().any(Amount::has_range)
    }

    fn upper(&self) -> Amount {
        let all = |parts: &[Amount]| parts.iter().map(Amount::upper).collect();
        match self {
            Amount::Range { high, .. } => high.upper(),
            Amount::Greatest(parts) => Amount::Greatest(all(parts)),
            Amount::Least(parts) => Amount::Least(all(parts)),
            Amount::Sum(parts) => Amount::Sum(all(parts)),
            Amount::Steps { base, steps } => {
                let upper = |step: &Step| Step { amount: step.amount.upper(), ..step.clone() };
                Amount::Steps { base: base.clone(), steps: steps.iter().map(upper).collect() }
            }
            Amount::Clamp { amount, low, high } => {
                Amount::Clamp { amount: Box::new(amount.upper()), low: *low, high: *high }
            }
            Amount::Each { each, capacity } => {
                Amount::Each { each: *each, capacity: Box::new(capacity.upper()) }
            }
            other => other.clone(),
        }
    }

    /// The amounts it is made of.
    pub fn parts(&self) -> Vec<&Amount> {
        match self {
            Amount::Greatest(parts) | Amount::Least(parts) | Amount::Sum(parts) => {
                parts.iter().collect()
            }
            Amount::Steps { steps, .. } => steps.iter().map(|step| &step.amount).collect(),
            Amount::Clamp { amount, .. } => vec![amount],
            Amount::Range { low, high } => vec![low, high],
            Amount::Each { capacity, .. } => vec![capacity],
            _ => Vec::new(),
        }
    }

    /// The quantities of the subject it depends on, each once.
    pub fn bases(&self) -> Vec<&Base> {
        let own = match self {
            Amount::Per { base, .. }
            | Amount::Share { base, .. }
            | Amount::Steps { base, .. }
            | Amount::Marginal { base, .. }
            | Amount::BaseStep { base, .. }
            | Amount::ValueOf(base) => Some(base),
            _ => None,
        };
        let inner = self.parts().into_iter().flat_map(Amount::bases);
        let mut bases: Vec<&Base> = own.into_iter().chain(inner).collect();
        bases.sort_by(|a, b| a.column.cmp(&b.column));
        bases.dedup_by(|a, b| a.column == b.column);
        bases
    }

    /// The bases and numbers at which something changes, for checking that worked cases stand there.
    pub fn thresholds(&self) -> Vec<(&Base, f64)> {
        let own: Vec<(&Base, f64)> = match self {
            Amount::Steps { base, steps } => {
                steps.iter().filter_map(|step| Some((base, step.to?.0))).collect()
            }
            Amount::Marginal { base, bands } => {
                bands.iter().filter_map(|band| Some((base, band.up_to?))).collect()
            }
            Amount::BaseStep { base, up_to, .. } => vec![(base, *up_to)],
            _ => Vec::new(),
        };
        let inner = self.parts().into_iter().flat_map(Amount::thresholds);
        own.into_iter().chain(inner).collect()
    }

    /// The bounds at which the amount falls while its base grows: slab rates do, and a subject can
    /// lower its duty by growing. The text is computed as written, and this is said.
    pub fn falls_at(&self) -> Vec<f64> {
        let Amount::Steps { base, steps } = self else {
            return self.parts().into_iter().flat_map(Amount::falls_at).collect();
        };
        let at = |step: &Step, value: f64| {
            let here = |column: &str| {
                if column == base.column {
                    Interval::exactly(value)
                } else {
                    Interval::exactly(0.0)
                }
            };
            step.amount.at(&here).low
        };
        let pairs = steps.windows(2).filter_map(|pair| {
            let (bound, _) = pair[0].to?;
            (at(&pair[1], bound) < at(&pair[0], bound) - Rounding::NOISE).then_some(bound)
        });
        pairs.collect()
    }

    /// Whether it, or an amount in it, names a lower limit with something beyond it.
    pub fn is_lower_limit(&self) -> bool {
        let own = matches!(self, Amount::About { .. } | Amount::Range { .. });
        own || self.parts().into_iter().any(Amount::is_lower_limit)
    }

    /// Whether it, or an amount in it, is an "about" value, which never makes a duty by itself.
    pub fn is_about(&self) -> bool {
        matches!(self, Amount::About { .. }) || self.parts().into_iter().any(Amount::is_about)
    }
}

/// A rising function of an interval: from its ends.
fn ends(of: Interval, rising: impl Fn(f64) -> f64) -> Interval {
    Interval::between(rising(of.low), rising(of.high))
}

/// The smallest interval that holds all of some.
fn hull(all: impl Iterator<Item = Interval>) -> Interval {
    let none = Interval::between(f64::INFINITY, f64::NEG_INFINITY);
    all.fold(none, |hull, one| Interval::between(hull.low.min(one.low), hull.high.max(one.high)))
}

fn reduce(all: &[Interval], pick: fn(f64, f64) -> f64) -> Interval {
    let first = all.first().copied().unwrap_or(Interval::exactly(0.0));
    all.iter().fold(first, |so_far, one| {
        Interval::between(pick(so_far.low, one.low), pick(so_far.high, one.high))
    })
}

/// The part of a value in each band, times its rate.
fn marginal(bands: &[Band], value: f64) -> f64 {
    let mut from = 0.0;
    let mut sum = 0.0;
    for band in bands {
        let to = band.up_to.unwrap_or(f64::INFINITY);
        let inside = (value.min(to) - from).max(0.0);
        if band.rate != 0.0 {
            sum += inside * band.rate;
        }
        from = to;
    }
    sum
}

#[cfg(test)]
mod tests;
