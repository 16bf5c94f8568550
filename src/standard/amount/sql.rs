//! The SQL face: standard expressions over the same `_low` and `_high` columns.
//!
//! Only comparison, arithmetic, `CASE`, `CEIL`, `FLOOR`, and `MIN`/`MAX` over a `UNION ALL` are used. An upper end that does not
//! exist is the database's infinity (`'Infinity'` in PostgreSQL, `9e999` in SQLite).

use std::collections::BTreeMap;

use crate::inventory::{high, low};
use crate::quantity::Rounding;

use super::{Amount, Band, Base, Count};

/// The least and the greatest value, as SQL.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlEnds {
    /// The least possible value.
    pub low: String,
    /// The greatest possible value.
    pub high: String,
}

type Narrowed = BTreeMap<String, SqlEnds>;

impl Amount {
    /// The amount as SQL expressions.
    pub fn sql(&self) -> SqlEnds {
        self.sql_within(&Narrowed::new())
    }

    fn sql_within(&self, narrowed: &Narrowed) -> SqlEnds {
        let base = |base: &Base| match narrowed.get(&base.column) {
            Some(ends) => ends.clone(),
            None => SqlEnds { low: quoted(&low(&base.column)), high: quoted(&high(&base.column)) },
        };
        let each = |parts: &[Amount]| -> Vec<SqlEnds> {
            parts.iter().map(|part| part.sql_within(narrowed)).collect()
        };
        match self {
            Amount::Fixed(value) => constant(*value),
            Amount::Per { rate, .. } if *rate == 0.0 => constant(0.0),
            Amount::Per { rate, lot, base: of, count } => base(of)
                .map(|value| counted(&format!("({value} * {})", real(1.0 / lot)), *count))
                .map(|lots| format!("({lots} * {})", real(*rate))),
            Amount::Share { share, .. } if *share == 0.0 => constant(0.0),
            Amount::Share { share, base: of } => {
                base(of).map(|value| format!("({value} * {})", real(*share)))
            }
            Amount::Steps { base: of, steps } => {
                let whole = base(of);
                let (mut lows, mut highs) = (Vec::new(), Vec::new());
                for step in steps {
                    let mut inside = whole.clone();
                    let mut reached = vec!["1 = 1".to_owned()];
                    if let Some((bound, closed)) = step.from {
                        let sign = if closed { ">=" } else { ">" };
                        reached.push(format!("{} {sign} {}", whole.high, real(bound)));
                        inside.low = larger(&inside.low, &real(bound));
                    }
                    if let Some((bound, closed)) = step.to {
                        let sign = if closed { "<=" } else { "<" };
                        reached.push(format!("{} {sign} {}", whole.low, real(bound)));
                        inside.high = smaller(&inside.high, &real(bound));
                    }
                    let mut narrower = narrowed.clone();
                    narrower.insert(of.column.clone(), inside);
                    let there = step.amount.sql_within(&narrower);
                    let reached = reached.join(" AND ");
                    lows.push((reached.clone(), there.low));
                    highs.push((reached, there.high));
                }
                SqlEnds { low: pick(&lows, "MIN"), high: pick(&highs, "MAX") }
            }
            Amount::Marginal { base: of, bands } => base(of).map(|value| marginal(bands, &value)),
            Amount::BaseStep { start, add, .. } if *add == 0.0 => constant(*start),
            Amount::BaseStep { start, base: of, up_to, add, lot, count } => base(of).map(|value| {
                let above = larger(&format!("({value} - {})", real(*up_to)), &real(0.0));
                let lots = counted(&format!("({above} / {})", real(*lot)), *count);
                format!("({} + {lots} * {})", real(*start), real(*add))
            }),
            Amount::Greatest(parts) => fold(&each(parts), larger),
            Amount::Least(parts) => fold(&each(parts), smaller),
            Amount::Sum(parts) => fold(&each(parts), |a, b| format!("({a} + {b})")),
            Amount::Clamp { amount, low, high } => amount
                .sql_within(narrowed)
                .map(|value| smaller(&larger(&value, &real(*low)), &real(*high))),
            Amount::Range { low, .. } => low.sql_within(narrowed),
            Amount::About { value, tolerance } => constant(value * (1.0 - tolerance)),
            Amount::Each { each, .. } if *each == 0.0 => constant(0.0),
            Amount::Each { each, capacity } => {
                capacity.sql_within(narrowed).map(|count| format!("({count} * {})", real(*each)))
            }
            Amount::ValueOf(of) => base(of),
        }
    }
}

/// A required amount rounded as its text says; the same arithmetic as [`Rounding::apply`].
pub fn rounded(amount: &str, rounding: Rounding) -> String {
    let noise = real(Rounding::NOISE);
    match rounding {
        Rounding::None => amount.to_owned(),
        Rounding::Up => format!("CEIL({amount} - {noise})"),
        Rounding::HalfUp => format!("FLOOR({amount} + 0.5 + {noise})"),
        Rounding::Down => format!("FLOOR({amount} + {noise})"),
    }
}

impl SqlEnds {
    fn map(self, rising: impl Fn(String) -> String) -> SqlEnds {
        SqlEnds { low: rising(self.low), high: rising(self.high) }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A number as SQL reads it back to the same double.
fn real(value: f64) -> String {
    format!("{value:?}")
}

fn constant(value: f64) -> SqlEnds {
    SqlEnds { low: real(value), high: real(value) }
}

fn larger(a: &str, b: &str) -> String {
    format!("(CASE WHEN {a} >= {b} THEN {a} ELSE {b} END)")
}

fn smaller(a: &str, b: &str) -> String {
    format!("(CASE WHEN {a} <= {b} THEN {a} ELSE {b} END)")
}

fn fold(parts: &[SqlEnds], join: fn(&str, &str) -> String) -> SqlEnds {
    let joined = parts
        .iter()
        .cloned()
        .reduce(|a, b| SqlEnds { low: join(&a.low, &b.low), high: join(&a.high, &b.high) });
    joined.unwrap_or_else(|| constant(0.0))
}

/// The least or greatest of the steps that are reached; the others are null and do not count.
fn pick(steps: &[(String, String)], aggregate: &str) -> String {
    let rows: Vec<String> = steps
        .iter()
        .map(|(reached, value)| format!("SELECT CASE WHEN {reached} THEN {value} END AS v"))
        .collect();
    format!("(SELECT {aggregate}(v) FROM ({}) AS steps)", rows.join(" UNION ALL "))
}

/// The same arithmetic as [`Count::apply`].
fn counted(lots: &str, count: Count) -> String {
    let noise = real(Rounding::NOISE);
    match count {
        Count::Proportional => lots.to_owned(),
        Count::Started => format!("CEIL({lots} - {noise})"),
        Count::Complete => format!("FLOOR({lots} + {noise})"),
    }
}

fn marginal(bands: &[Band], value: &str) -> String {
    let mut from = 0.0;
    let mut terms = vec![real(0.0)];
    for band in bands {
        let inside = match band.up_to {
            Some(to) => smaller(value, &real(to)),
            None => value.to_owned(),
        };
        if band.rate != 0.0 {
            let part = larger(&format!("({inside} - {})", real(from)), &real(0.0));
            terms.push(format!("{part} * {}", real(band.rate)));
        }
        from = band.up_to.unwrap_or(f64::INFINITY);
    }
    format!("({})", terms.join(" + "))
}
