//! Required amounts: a closed set of forms, each with one meaning in several faces.
//!
//! A form is a scalar over intervals ([`Amount::at`]), an expression over columns
//! ([`Amount::expr`]), a sentence ([`Amount::sentence`]) and its working with the numbers in it
//! ([`Amount::working`]). Every form grows with its bases, so the least value of the amount comes
//! from the least bases and the greatest from the greatest.

use polars::prelude::*;

use crate::inventory::{high, low};
use crate::quantity::{Interval, Unit, number};
use crate::words::{Lang, Words};

/// A required amount, in the unit of the measure it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Amount {
    /// The same for every subject: `300 ㎡`.
    Fixed(f64),
    /// In proportion to a base: `30 ㎡ per 100 households`.
    Per {
        /// How much for each lot.
        rate: f64,
        /// The size of a lot.
        lot: f64,
        /// What is counted in lots.
        base: Base,
    },
    /// The greatest of several amounts: `20 ㎡ per 100 households, at least 400 ㎡`.
    Greatest(Vec<Amount>),
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

/// Which end of an interval an expression computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The least possible value.
    Low,
    /// The greatest possible value.
    High,
}

impl Base {
    fn expr(&self, end: End) -> Expr {
        col(match end {
            End::Low => low(&self.column),
            End::High => high(&self.column),
        })
    }
}

impl Amount {
    /// The amount for given bases.
    ///
    /// ```
    /// # use facility_audit::{quantity::{Interval, Unit}, standard::{Amount, Base}, words::Words};
    /// let households = Base {
    ///     column: "households".into(),
    ///     words: Words::new("户数", "households"),
    ///     unit: Unit::of("households"),
    /// };
    /// let rule = Amount::Greatest(vec![
    ///     Amount::Per { rate: 20.0, lot: 100.0, base: households },
    ///     Amount::Fixed(400.0),
    /// ]);
    /// let required = |count| rule.at(&|_: &str| Interval::exactly(count)).low;
    /// assert_eq!((required(1500.0), required(2500.0)), (400.0, 500.0));
    /// ```
    pub fn at(&self, base: &dyn Fn(&str) -> Interval) -> Interval {
        match self {
            Amount::Fixed(value) => Interval::exactly(*value),
            Amount::Per { rate, lot, base: of } => base(&of.column).times(rate / lot),
            Amount::Greatest(parts) => parts
                .iter()
                .map(|part| part.at(base))
                .fold(Interval::exactly(f64::NEG_INFINITY), Interval::max),
            Amount::ValueOf(of) => base(&of.column),
        }
    }

    /// The amount as an expression over the subject's columns.
    ///
    /// # Errors
    /// When the engine cannot build the expression, which would be a defect.
    pub fn expr(&self, end: End) -> PolarsResult<Expr> {
        Ok(match self {
            Amount::Fixed(value) => lit(*value),
            Amount::Per { rate, .. } if *rate == 0.0 => lit(0.0),
            Amount::Per { rate, lot, base } => base.expr(end) * lit(rate / lot),
            Amount::Greatest(parts) => {
                let parts: Vec<Expr> =
                    parts.iter().map(|part| part.expr(end)).collect::<PolarsResult<_>>()?;
                polars::lazy::dsl::max_horizontal(&parts)?
            }
            Amount::ValueOf(base) => base.expr(end),
        })
    }

    /// The quantities of the subject it depends on, each once.
    pub fn bases(&self) -> Vec<&Base> {
        let mut bases: Vec<&Base> = match self {
            Amount::Fixed(_) => Vec::new(),
            Amount::Per { base, .. } | Amount::ValueOf(base) => vec![base],
            Amount::Greatest(parts) => parts.iter().flat_map(Amount::bases).collect(),
        };
        bases.sort_by(|a, b| a.column.cmp(&b.column));
        bases.dedup_by(|a, b| a.column == b.column);
        bases
    }

    /// The rule as a phrase: `每100户30 ㎡`, `30 m² per 100 households`.
    pub fn sentence(&self, unit: Unit) -> Words {
        match self {
            Amount::Fixed(value) => unit.words(Interval::exactly(*value)),
            Amount::Per { rate, lot, base } => {
                let rate = unit.words(Interval::exactly(*rate));
                let lot = match base.unit {
                    Some(unit) => unit.words(Interval::exactly(*lot)),
                    None => Words::same(number(*lot, 2)),
                };
                Words::new(
                    format!("每 {}（{}）{}", lot.zh, base.words.zh, rate.zh),
                    format!("{} per {} ({})", rate.en, lot.en, base.words.en),
                )
            }
            Amount::Greatest(parts) => {
                let all: Vec<Words> = parts.iter().map(|part| part.sentence(unit)).collect();
                let texts = |pick: fn(&Words) -> &str| all.iter().map(pick).collect::<Vec<_>>();
                Words::new(
                    format!("以下较大者：{}", texts(|w| &w.zh).join("；")),
                    format!("the greatest of: {}", texts(|w| &w.en).join("; ")),
                )
            }
            Amount::ValueOf(base) => base.words.clone(),
        }
    }

    /// The arithmetic for one subject: `1,400 户 ÷ 100 × 60 = 840 ㎡`.
    pub fn working(&self, unit: Unit, base: &dyn Fn(&str) -> Interval, lang: Lang) -> String {
        let result = unit.print(self.at(base), lang);
        match self {
            Amount::Fixed(_) => result,
            Amount::ValueOf(of) => format!("{} = {result}", of.words.in_lang(lang)),
            Amount::Per { rate, lot, base: of } => {
                let known = base(&of.column);
                let count = match of.unit {
                    Some(unit) => unit.print(known, lang),
                    None => known.text(2, lang),
                };
                format!(
                    "{} {count} ÷ {} × {} = {result}",
                    of.words.in_lang(lang),
                    number(*lot, 4),
                    number(*rate, 4),
                )
            }
            Amount::Greatest(parts) => {
                let workings: Vec<String> =
                    parts.iter().map(|part| part.working(unit, base, lang)).collect();
                let open = lang.pick("取大（", "the greatest of (");
                let close = lang.pick("）", ")");
                let separator = lang.pick("；", "; ");
                format!("{open}{}{close} = {result}", workings.join(separator))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn base(column: &str) -> Base {
        Base { column: column.to_owned(), words: Words::same(column), unit: Unit::of("households") }
    }

    fn amount() -> impl Strategy<Value = Amount> {
        let leaf = prop_oneof![
            (0.0..5000.0f64).prop_map(Amount::Fixed),
            (0.0..100.0f64, prop_oneof![Just(1.0), Just(100.0), Just(10_000.0)], "[ab]")
                .prop_map(|(rate, lot, column)| Amount::Per { rate, lot, base: base(&column) }),
            "[ab]".prop_map(|column| Amount::ValueOf(base(&column))),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop::collection::vec(inner, 1..4).prop_map(Amount::Greatest)
        })
    }

    fn interval() -> impl Strategy<Value = Interval> {
        (0.0..20_000.0f64, prop_oneof![Just(0.0), 0.0..500.0f64, Just(f64::INFINITY)])
            .prop_map(|(low, width)| Interval::between(low, low + width))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_scalar_and_the_expression_agree(amount in amount(), a in interval(), b in interval()) {
            let scalar = amount.at(&|name: &str| if name == "a" { a } else { b });
            let frame = df!(
                "a_low" => [a.low], "a_high" => [a.high], "b_low" => [b.low], "b_high" => [b.high],
            ).expect("a frame");
            let column = |end| -> f64 {
                let expr = amount.expr(end).expect("an expression").alias("x");
                let out = frame.clone().lazy().select([expr]).collect().expect("computed");
                out.column("x").expect("there").f64().expect("numbers").get(0).expect("a value")
            };
            prop_assert_eq!((column(End::Low), column(End::High)), (scalar.low, scalar.high));
        }
    }

    #[test]
    fn a_rule_reads_as_a_phrase_and_shows_its_working() {
        let unit = Unit::of("m2").expect("a unit");
        let households = Base {
            column: "households".into(),
            words: Words::new("户数", "households"),
            unit: Unit::of("households"),
        };
        let rule = Amount::Greatest(vec![
            Amount::Per { rate: 20.0, lot: 100.0, base: households },
            Amount::Fixed(400.0),
        ]);
        assert_eq!(rule.sentence(unit).zh, "以下较大者：每 100 户（户数）20 ㎡；400 ㎡");
        let known = |_: &str| Interval::exactly(2500.0);
        assert_eq!(
            rule.working(unit, &known, Lang::Zh),
            "取大（户数 2,500 户 ÷ 100 × 20 = 500 ㎡；400 ㎡） = 500 ㎡"
        );
    }
}
