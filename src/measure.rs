//! Measures put numbers on the inventory: one interval per subject.
//!
//! A measure is one function and one entry in [`MEASURES`]. It gives a table with the columns
//! [`SUBJECT`] … [`GAP_ROWS`]: the subject, the bounds of the measured value, and what kept it from
//! being exact. Every sum goes through [`interval_sum`]; a plain sum would skip what is unknown.

pub mod chain;
pub mod dates;
mod figures;
mod inputs;
mod items;
pub mod late;
pub mod listed;
pub mod map;
pub mod nearby;
mod rooms;
mod sets;
mod sites;
mod staff;
mod subjects;
mod tenure;
mod whose;

use std::collections::HashMap;

use polars::prelude::*;

pub use figures::{Figure, Rated, figures, rated};
pub use inputs::doubts_of;
pub use items::{Rate, item_unit, item_words, rates};

pub use staff::{Attrition, attrition};
pub use subjects::{KINDS, Subjects, subjects};
pub use tenure::{TenureColumn, tenure_by_community};
pub use whose::members;

use crate::inventory::Inventory;
use crate::quantity::{Interval, Unit};
use crate::words::Words;

/// The subject's id.
pub const SUBJECT: &str = "subject";
/// What distinguishes several values of one subject, else null.
pub const FACET: &str = "facet";
/// The least possible measured value.
pub const LOW: &str = "measured_low";
/// The greatest possible measured value.
pub const HIGH: &str = "measured_high";
/// What kept the value from being exact: a [`Gap`] code, else null.
pub const GAP: &str = "gap";
/// How far the value may lie from what is required and still equal it, where a measure knows that
/// better than its unit.
pub const HALF_STEP: &str = "half_step";
/// Whether anything is asked of the subject at all, where a measure knows that.
pub const ASKED: &str = "is_asked";
/// Who has to make good what is short, where a measure knows that better than the rule.
pub const DEBTOR: &str = "owed_by";
/// How many rows kept it from being exact.
pub const GAP_ROWS: &str = "gap_rows";

/// A named quantity of a kind of subject.
#[derive(Debug)]
pub struct Measure {
    /// Its name in packs.
    pub name: &'static str,
    /// The kind of subject it measures.
    pub subject: &'static str,
    /// The table whose rows are counted, when a requirement may choose among them.
    pub counts: Option<&'static str>,
    /// The table the rows it reads are of, if they are not the subject's own.
    pub table: Option<&'static str>,
    /// The fields of that table the value is made of, for showing cells.
    pub fields: &'static [&'static str],
    /// The unit; figures that carry their own have none here.
    pub unit: Option<&'static str>,
    /// The check that judges it.
    pub check: &'static str,
    /// Quantities it computes beside the value, which amounts may depend on.
    pub bases: &'static [(&'static str, &'static str, &'static str)],
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// Computes it for what a requirement selects.
    pub compute: fn(&Inventory, &Selection) -> PolarsResult<LazyFrame>,
    /// The rows each value is made of: `subject`, `facet`, and the columns of their table.
    pub rows: fn(&Inventory) -> PolarsResult<LazyFrame>,
}

/// What a requirement selects for a measure.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Which rows count: true, false, or null where it cannot be told.
    pub member: Expr,
    /// Which rows are of the class of facility the rule asks for, whatever else excludes them; all
    /// when it asks for none. Where no such row is listed, nobody has said there is none.
    pub class: Expr,
    /// The functions that are counted; all when there are none.
    pub among: Vec<String>,
    /// What a community must reach to be counted, at least and at most, over its columns.
    pub reaching: Option<(Expr, Expr)>,
    /// What a community must stay below to be counted, in the same way.
    pub below: Option<(Expr, Expr)>,
    /// For a list: whether its items are [`listed::MET`] and [`listed::ASKED`], per subject.
    pub items: Option<DataFrame>,
    /// For a rule on timing: what is compared with what.
    pub timing: Option<late::Timing>,
    /// For a rule on what is in place: how far, and which formulas say what is due.
    pub terms: chain::Terms,
    /// What those formulas ask of each estate.
    pub formulas: chain::Formulas,
    /// The day of the audit.
    pub day: Option<crate::day::Day>,
}

impl Selection {
    /// Rows alone, whatever else a requirement may select by.
    pub(crate) fn of(member: Expr, day: Option<crate::day::Day>) -> Selection {
        Selection {
            member,
            class: lit(true),
            among: Vec::new(),
            reaching: None,
            below: None,
            items: None,
            timing: None,
            terms: chain::Terms::default(),
            formulas: chain::Formulas::default(),
            day,
        }
    }
}

impl Measure {
    /// What is measured of each subject.
    ///
    /// # Errors
    /// When the engine fails, which would be a defect.
    pub(crate) fn values(
        &self,
        inventory: &Inventory,
        selection: &Selection,
    ) -> PolarsResult<HashMap<String, Interval>> {
        let measured = (self.compute)(inventory, selection)?.collect()?;
        let subjects = measured.column(SUBJECT)?.str()?;
        let (lows, highs) = (measured.column(LOW)?.f64()?, measured.column(HIGH)?.f64()?);
        let each = subjects.iter().zip(lows.iter().zip(highs.iter()));
        let value = |(subject, (low, high)): (Option<&str>, (Option<f64>, Option<f64>))| {
            Some((subject?.to_owned(), Interval::between(low?, high?)))
        };
        Ok(each.filter_map(value).collect())
    }
}

/// All measures.
pub const MEASURES: &[&Measure] = &[
    &rooms::AREA,
    &rooms::NUMBER,
    &rooms::EACH,
    &rooms::LARGEST,
    &rooms::ACTIVITY_SHARE,
    &rooms::FUNCTIONS,
    &rooms::ESTATE_AREA,
    &rooms::ESTATE_NUMBER,
    &rooms::ESTATE_EACH,
    &rooms::ESTATE_LARGEST,
    &rooms::OFFICE_AREA,
    &rooms::ACTIVITY_AREA,
    &rooms::OUTDOOR_AREA,
    &rooms::ESTATE_LAND,
    &rooms::ESTATE_FEE,
    &rooms::POOL_AREA,
    &rooms::POOL_NUMBER,
    &rooms::POOL_EACH,
    &rooms::POOL_LARGEST,
    &rooms::DIVISION_AREA,
    &rooms::DIVISION_NUMBER,
    &rooms::DIVISION_EACH,
    &rooms::DIVISION_LARGEST,
    &rooms::DIVISION_BESIDE_LARGEST,
    &sets::SHARE_REACHING,
    &sets::NUMBER_WITHIN,
    &sets::MEAN_AREA,
    &sets::AREA_PER_100_HOUSEHOLDS,
    &tenure::RENTED_WITHOUT_OWN,
    &staff::IN_POST,
    &staff::COMMUNITY_IN_POST,
    &nearby::OF_COMMUNITY,
    &nearby::OF_ESTATE,
    &listed::OF_COMMUNITY,
    &listed::OF_ESTATE,
    &listed::OF_FACILITY,
    &late::DAYS_LATE,
    &late::SHARE_AHEAD,
    &late::PROGRESS,
    &late::PHASE_DAYS_LATE,
    &chain::NOT_IN_PLACE,
    &chain::BELOW_FORMULA,
    &chain::NOT_PASSED_ON,
    &chain::AREA_IN_PLACE,
    &chain::ESTATE_AREA_IN_PLACE,
    &chain::FACILITIES_IN_PLACE,
    &chain::ESTATES_IN_PLACE,
    &figures::PRINTED_TOTAL,
    &figures::PRINTED_RATE,
    &inputs::UNREADABLE_CELLS,
    &inputs::UNLINKED_ROWS,
    &inputs::CONFLICTING_ROWS,
    &inputs::WRONG_TOTALS,
    &inputs::SUSPICIOUS_VALUES,
    &inputs::UNCONFIRMED_REMARKS,
    &map::UNKEPT,
    &map::INVALID,
    &map::OUTSIDE,
    &map::ELSEWHERE,
    &map::GAPS,
    &map::OVERLAP,
    &map::DRAWN_DIFFERENCE,
];

impl Measure {
    /// The measure of this name for this kind of subject.
    pub fn of(name: &str, subject: &str) -> Option<&'static Measure> {
        let fits = |measure: &&&Measure| measure.name == name && measure.subject == subject;
        MEASURES.iter().find(fits).copied()
    }

    /// Its name in both languages.
    pub fn words(&self) -> Words {
        Words::new(self.zh, self.en)
    }

    /// Its unit, if all its values have the same.
    pub fn unit(&self) -> Option<Unit> {
        self.unit.and_then(Unit::of)
    }
}

/// What kept a measured value from being exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// There is no row about the subject, and nobody said the source is complete.
    NoRows,
    /// A row's value is unknown.
    Value,
    /// It is unknown whether a row counts.
    Member,
    /// Whether an item of a list is met is unknown.
    Item,
    /// A row's value is known only within bounds.
    Approximate,
}

impl Gap {
    /// All gaps, the weightiest first.
    pub const ALL: [Gap; 5] = [Gap::NoRows, Gap::Value, Gap::Member, Gap::Item, Gap::Approximate];

    /// The code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Gap::NoRows => "no_rows",
            Gap::Value => "value_unknown",
            Gap::Member => "membership_unknown",
            Gap::Item => "item_unknown",
            Gap::Approximate => "approximate",
        }
    }
}

/// Sums values that are known within bounds, per subject: the one sum everything uses.
///
/// `parts` has `subject`, `low`, `high`, `member` (null: it is unknown whether the row counts) and
/// `share_low`, `share_high` (what of the row belongs to the subject). A part that may or may not
/// count adds nothing to the lower end and all it could be to the upper.
pub fn interval_sum(parts: LazyFrame) -> LazyFrame {
    let counts = col("member").fill_null(lit(true));
    let surely = col("member").fill_null(lit(false));
    let zero_if_none = |share: &str, value: &str| {
        when(col(share).eq(lit(0.0))).then(lit(0.0)).otherwise(col(share) * col(value))
    };
    let known = col("low").eq(col("high"));
    let unbounded = col("high").is_infinite();
    let count = |condition: Expr| condition.cast(DataType::UInt32).sum();
    let exact_share = col("share_low").eq(col("share_high"));
    parts
        .group_by_stable([col(SUBJECT)])
        .agg([
            when(surely)
                .then(zero_if_none("share_low", "low"))
                .otherwise(lit(0.0))
                .sum()
                .alias(LOW),
            when(counts.clone())
                .then(zero_if_none("share_high", "high"))
                .otherwise(lit(0.0))
                .sum()
                .alias(HIGH),
            count(counts.clone().and(unbounded.clone())).alias("_value"),
            count(col("member").is_null().or(counts.clone().and(exact_share.not())))
                .alias("_member"),
            count(counts.and(known.not()).and(unbounded.not())).alias("_approximate"),
        ])
        .with_columns([tidy(col(LOW)).alias(LOW), tidy(col(HIGH)).alias(HIGH)])
        .with_columns([gap_code().alias(GAP), gap_rows().alias(GAP_ROWS)])
        .select([col(SUBJECT), col(LOW), col(HIGH), col(GAP), col(GAP_ROWS)])
}

/// A number without binary noise, such as a sum has by its order: the same bytes at any number of
/// threads, and the same number in all outputs.
///
/// The engine multiplies by the inverse where one divides by a constant, which would bring noise
/// back; its own rounding divides truly.
pub fn tidy(sum: Expr) -> Expr {
    let rounded = sum.clone().round(6, RoundMode::HalfAwayFromZero);
    when(sum.clone().is_finite()).then(rounded).otherwise(sum)
}

fn gap_code() -> Expr {
    let text = |gap: Gap| lit(gap.code());
    when(col(LOW).eq(col(HIGH)))
        .then(lit(NULL).cast(DataType::String))
        .when(col("_value").gt(lit(0)))
        .then(text(Gap::Value))
        .when(col("_member").gt(lit(0)))
        .then(text(Gap::Member))
        .otherwise(text(Gap::Approximate))
}

fn gap_rows() -> Expr {
    when(col("_value").gt(lit(0)))
        .then(col("_value"))
        .when(col("_member").gt(lit(0)))
        .then(col("_member"))
        .otherwise(col("_approximate"))
}

/// Rows that belong to nobody known may be anybody's: they widen every upper end.
fn widened(measured: LazyFrame, rows: usize, more: f64) -> LazyFrame {
    if rows == 0 {
        return measured;
    }
    let exact = col(LOW).eq(col(HIGH));
    measured.with_columns([
        when(exact.clone()).then(lit(Gap::Member.code())).otherwise(col(GAP)).alias(GAP),
        when(exact).then(lit(rows as u32)).otherwise(col(GAP_ROWS)).alias(GAP_ROWS),
        (col(HIGH) + lit(more)).alias(HIGH),
    ])
}

/// A join that keeps the rows in order: those on its left, and the partners of each.
///
/// The engine is free to give them in any other, and then two equal runs would differ.
pub(crate) fn ordered(kind: JoinType) -> JoinArgs {
    JoinArgs { maintain_order: MaintainOrderJoin::LeftRight, ..JoinArgs::new(kind) }
}

/// Completes a measure to all subjects: one without rows has nothing if the source is complete,
/// else anything.
fn for_all(subjects: LazyFrame, measured: LazyFrame, complete: bool) -> LazyFrame {
    let no_rows = col(LOW).is_null();
    let high = if complete { 0.0 } else { f64::INFINITY };
    let gap = if complete { lit(NULL).cast(DataType::String) } else { lit(Gap::NoRows.code()) };
    subjects
        .select([col(SUBJECT)])
        .join(measured, [col(SUBJECT)], [col(SUBJECT)], ordered(JoinType::Left))
        .with_columns([
            when(no_rows.clone()).then(gap).otherwise(col(GAP)).alias(GAP),
            col(GAP_ROWS).fill_null(lit(0u32)),
            col(LOW).fill_null(lit(0.0)),
            when(no_rows).then(lit(high)).otherwise(col(HIGH)).alias(HIGH),
        ])
        .with_column(lit(NULL).cast(DataType::String).alias(FACET))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Interval;
    use proptest::prelude::*;

    fn sums(parts: &[(f64, f64, Option<bool>)]) -> (f64, f64, Option<String>) {
        let n = parts.len();
        let frame = df!(
            SUBJECT => vec!["s"; n],
            "low" => parts.iter().map(|p| p.0).collect::<Vec<_>>(),
            "high" => parts.iter().map(|p| p.1).collect::<Vec<_>>(),
            "member" => parts.iter().map(|p| p.2).collect::<Vec<_>>(),
            "share_low" => vec![1.0; n],
            "share_high" => vec![1.0; n],
        )
        .expect("a frame");
        let out = interval_sum(frame.lazy()).collect().expect("summed");
        let number = |name: &str| out.column(name).expect("there").f64().expect("numbers").get(0);
        let gap = out.column(GAP).expect("there").str().expect("text").get(0).map(str::to_owned);
        (number(LOW).expect("a value"), number(HIGH).expect("a value"), gap)
    }

    #[test]
    fn an_unknown_part_leaves_the_sum_without_upper_end() {
        let unknown = f64::INFINITY;
        assert_eq!(
            sums(&[(800.0, 800.0, Some(true)), (0.0, unknown, Some(true))]),
            (800.0, unknown, Some("value_unknown".into()))
        );
        assert_eq!(sums(&[(0.0, unknown, Some(false))]), (0.0, 0.0, None));
    }

    #[test]
    fn a_part_that_may_not_count_adds_to_the_upper_end_only() {
        assert_eq!(
            sums(&[(500.0, 500.0, Some(true)), (120.0, 120.0, None)]),
            (500.0, 620.0, Some("membership_unknown".into()))
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn the_columnar_sum_is_the_scalar_sum(
            parts in prop::collection::vec(
                (0u32..100_000, prop_oneof![Just(Some(0u32)), (0u32..500).prop_map(Some), Just(None)]),
                1..8,
            ),
        ) {
            let intervals: Vec<Interval> = parts.iter().map(|(low, width)| {
                let low = f64::from(*low) / 100.0;
                Interval::between(low, width.map_or(f64::INFINITY, |w| low + f64::from(w) / 100.0))
            }).collect();
            let rows: Vec<_> = intervals.iter().map(|i| (i.low, i.high, Some(true))).collect();
            let scalar = Interval::sum(intervals);
            let (low, high, _) = sums(&rows);
            prop_assert!((low - scalar.low).abs() < 1e-5);
            prop_assert!(high == scalar.high || (high - scalar.high).abs() < 1e-5);
        }
    }
}
