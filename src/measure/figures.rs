//! Measures of published figures: printed totals against their parts, printed rates against theirs.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::inventory::Inventory;
use crate::quantity::{Interval, UNITS, Unit};

use super::items::{Rate, rates};
use super::{
    FACET, GAP, GAP_ROWS, Gap, HALF_STEP, HIGH, LOW, Measure, SUBJECT, interval_sum, ordered,
};

/// A printed total, beside the sum of the figures that belong to it.
pub const PRINTED_TOTAL: Measure = Measure {
    name: "printed_total",
    subject: "aggregate",
    counts: None,
    table: Some("aggregates"),
    fields: &["value"],
    unit: None,
    check: "data_quality",
    bases: &[("parts_sum", "分项之和", "the sum of its parts")],
    zh: "印出的合计",
    en: "printed total",
    compute: |inventory, _| {
        let across = parts_of(inventory, "row_total", "across")?;
        let down = parts_of(inventory, "column_total", "down")?;
        concat([across, down], UnionArgs::default())
    },
    rows: |inventory| {
        let across = part_rows(inventory, "row_total", "across")?;
        let down = part_rows(inventory, "column_total", "down")?;
        concat([across, down], UnionArgs::default())
    },
};

/// A printed rate, beside the rate its two figures give at the printed precision.
pub const PRINTED_RATE: Measure = Measure {
    name: "printed_rate",
    subject: "aggregate",
    counts: None,
    table: Some("aggregates"),
    fields: &["value"],
    unit: None,
    check: "data_quality",
    bases: &[("computed_rate", "按分子分母计算的值", "the rate its figures give")],
    zh: "印出的比率",
    en: "printed rate",
    compute: |inventory, _| {
        let computed: Vec<(Rated, Figure)> = rated(inventory)?
            .into_iter()
            .filter_map(|rate| Some((rate.clone(), rate.printed?)))
            .collect();
        let column = |pick: &dyn Fn(&(Rated, Figure)) -> f64| -> Vec<f64> {
            computed.iter().map(pick).collect()
        };
        let rounded = |one: &(Rated, Figure), value: f64| {
            let scale = 10f64.powi(one.1.decimals);
            if value.is_finite() { (value * scale).round() / scale } else { value }
        };
        let frame = DataFrame::new(
            computed.len(),
            vec![
                Column::new(
                    SUBJECT.into(),
                    computed.iter().map(|one| one.1.id.clone()).collect::<Vec<_>>(),
                ),
                Column::new(FACET.into(), vec![None::<String>; computed.len()]),
                Column::new(LOW.into(), column(&|one| one.1.value.low)),
                Column::new(HIGH.into(), column(&|one| one.1.value.high)),
                Column::new(GAP.into(), vec![Gap::Value.code(); computed.len()]),
                Column::new(GAP_ROWS.into(), vec![1u32; computed.len()]),
                Column::new(
                    "computed_rate_low".into(),
                    column(&|one| rounded(one, one.0.value.low)),
                ),
                Column::new(
                    "computed_rate_high".into(),
                    column(&|one| rounded(one, one.0.value.high)),
                ),
                Column::new(HALF_STEP.into(), column(&|one| 0.5 * 10f64.powi(-one.1.decimals))),
            ],
        )?;
        Ok(frame.lazy())
    },
    rows: |inventory| {
        let mut rows: Vec<(String, String)> = Vec::new();
        for rate in rated(inventory)? {
            if let Some(printed) = rate.printed {
                rows.push((printed.id.clone(), rate.numerator.id));
                rows.push((printed.id, rate.denominator.id));
            }
        }
        let (printed, made_of): (Vec<String>, Vec<String>) = rows.into_iter().unzip();
        let pairs = df!(SUBJECT => printed, "_of" => made_of)?;
        let inner = ordered(JoinType::Inner);
        let all = inventory.table("aggregates").clone().lazy();
        let none = lit(NULL).cast(DataType::String).alias(FACET);
        Ok(pairs.lazy().join(all, [col("_of")], [col("id")], inner).with_column(none))
    },
};

/// What ties a figure to its total: the table it stands in, the place, the part, and the period or item they share, then
/// the name of the total. Null keys never match in a join, so what is missing is the empty text.
fn tie(total: &str, named: &str) -> Expr {
    let key = |name: &str| col(name).fill_null(lit(""));
    let shared = if total == "row_total" { "period" } else { "item" };
    concat_str(
        [col("_source").cast(DataType::String), key("place"), key("part"), key(shared), key(named)],
        "\u{1f}",
        false,
    )
}

/// Every printed total's id, with the tie its parts have to it.
fn totals(inventory: &Inventory, total: &str) -> LazyFrame {
    let named = if total == "row_total" { "item" } else { "period" };
    let all = inventory.table("aggregates").clone().lazy();
    all.with_column(tie(total, named).alias("_tie"))
}

/// Printed totals of one direction, each with the interval sum of its parts.
fn parts_of(inventory: &Inventory, total: &str, direction: &str) -> PolarsResult<LazyFrame> {
    let all = inventory.table("aggregates").clone().lazy();
    let parts = all.filter(col(total).is_not_null()).with_columns([
        tie(total, total).alias(SUBJECT),
        (col("value_low") * scale()).alias("low"),
        (col("value_high") * scale()).alias("high"),
        lit(true).alias("member"),
        lit(1.0).alias("share_low"),
        lit(1.0).alias("share_high"),
    ]);
    let sums = interval_sum(parts).select([
        col(SUBJECT).alias("_tie"),
        col(LOW).alias("parts_sum_low"),
        col(HIGH).alias("parts_sum_high"),
        col(GAP),
        col(GAP_ROWS),
    ]);
    let inner = ordered(JoinType::Inner);
    let unbounded = col("value_high").is_infinite();
    let known = col("value_low").eq(col("value_high"));
    let gap = when(unbounded.clone().or(col(GAP).eq(lit(Gap::Value.code()))))
        .then(lit(Gap::Value.code()))
        .when(known.clone().not())
        .then(lit(Gap::Approximate.code()))
        .otherwise(col(GAP));
    let counts =
        unbounded.or(known.not().and(col(GAP).neq(lit(Gap::Value.code())).fill_null(lit(true))));
    Ok(totals(inventory, total).join(sums, [col("_tie")], [col("_tie")], inner).select([
        col("id").alias(SUBJECT),
        lit(direction).alias(FACET),
        col("value_low").alias(LOW),
        col("value_high").alias(HIGH),
        gap.alias(GAP),
        (col(GAP_ROWS) + counts.cast(DataType::UInt32)).alias(GAP_ROWS),
        (col("parts_sum_low") / scale()).alias("parts_sum_low"),
        (col("parts_sum_high") / scale()).alias("parts_sum_high"),
    ]))
}

/// How many of the plain unit one of a figure's own is: parts in 元 add up to a total in 万元.
fn scale() -> Expr {
    UNITS.iter().filter(|unit| unit.scale != 1).fold(lit(1.0), |rest, unit| {
        when(col("unit").eq(lit(unit.code))).then(lit(f64::from(unit.scale))).otherwise(rest)
    })
}

/// The parts of each printed total of one direction.
fn part_rows(inventory: &Inventory, total: &str, direction: &str) -> PolarsResult<LazyFrame> {
    let printed = totals(inventory, total).select([col("_tie"), col("id").alias(SUBJECT)]);
    let all = inventory.table("aggregates").clone().lazy();
    let parts = all.filter(col(total).is_not_null()).with_column(tie(total, total).alias("_tie"));
    let inner = ordered(JoinType::Inner);
    Ok(printed
        .join(parts, [col("_tie")], [col("_tie")], inner)
        .with_column(lit(direction).alias(FACET)))
}

/// One published figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Its id.
    pub id: String,
    /// The place it is about.
    pub place: Option<String>,
    /// The part of the place.
    pub part: Option<String>,
    /// The period, as printed.
    pub period: Option<String>,
    /// What is counted.
    pub item: String,
    /// The number as printed.
    pub stated: Option<f64>,
    /// The decimals it is printed with.
    pub decimals: i32,
    /// The unit it is printed in.
    pub unit: Option<Unit>,
    /// All values it could have.
    pub value: Interval,
    /// Whether it stands in a row of grand totals.
    pub in_total_row: bool,
    /// Where it stands.
    pub source: u32,
    /// Its spreadsheet row.
    pub row: u32,
}

impl Figure {
    /// Its possible values in the plain unit: yuan, not 万元.
    fn plain(&self) -> Interval {
        self.value.times(self.unit.map_or(1.0, |unit| f64::from(unit.scale)))
    }
}

/// A rate computed from two published figures of the same place, part and period.
#[derive(Debug, Clone, PartialEq)]
pub struct Rated {
    /// The rate's item.
    pub item: &'static str,
    /// The figure above the line.
    pub numerator: Figure,
    /// The figure below the line.
    pub denominator: Figure,
    /// The rate.
    pub value: Interval,
    /// The rate as printed, if the table prints it.
    pub printed: Option<Figure>,
}

/// All published figures, in the order of the table.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn figures(inventory: &Inventory) -> PolarsResult<Vec<Figure>> {
    let table = inventory.table("aggregates");
    let text = |name: &str| table.column(name)?.str();
    let number = |name: &str| table.column(name)?.f64();
    let count = |name: &str| table.column(name)?.u32();
    let (ids, places, parts, periods, items) =
        (text("id")?, text("place")?, text("part")?, text("period")?, text("item")?);
    let (stated, low, high) = (number("value")?, number("value_low")?, number("value_high")?);
    let (units, decimals) = (text("unit")?, number("decimals")?);
    let (sources, rows) = (count("_source")?, count("_row")?);
    let total_rows: BTreeSet<&str> = text("column_total")?.iter().flatten().collect();
    let owned = |column: &StringChunked, row: usize| column.get(row).map(str::to_owned);
    Ok((0..table.height())
        .map(|row| Figure {
            id: owned(ids, row).unwrap_or_default(),
            place: owned(places, row),
            part: owned(parts, row),
            period: owned(periods, row),
            item: owned(items, row).unwrap_or_default(),
            stated: stated.get(row),
            decimals: decimals.get(row).unwrap_or(0.0) as i32,
            unit: units.get(row).and_then(Unit::of),
            value: Interval::between(
                low.get(row).unwrap_or(0.0),
                high.get(row).unwrap_or(f64::INFINITY),
            ),
            in_total_row: periods.get(row).is_some_and(|period| total_rows.contains(period)),
            source: sources.get(row).unwrap_or_default(),
            row: rows.get(row).unwrap_or_default(),
        })
        .collect())
}

/// Every rate two known figures of one place, part and period give: a ratio of sums.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn rated(inventory: &Inventory) -> PolarsResult<Vec<Rated>> {
    let all = figures(inventory)?;
    let same = |a: &Figure, b: &Figure| {
        (a.source, &a.place, &a.part, &a.period) == (b.source, &b.place, &b.part, &b.period)
    };
    let beside = |figure: &Figure, item: &str| {
        all.iter().find(|other| other.item == item && same(figure, other)).cloned()
    };
    let mut found = Vec::new();
    for rate in rates() {
        for numerator in all.iter().filter(|figure| figure.item == rate.numerator) {
            let Some(denominator) = beside(numerator, &rate.denominator) else {
                continue;
            };
            if let Some(value) = ratio(rate, numerator.plain(), denominator.plain()) {
                found.push(Rated {
                    item: &rate.item,
                    printed: beside(numerator, &rate.item),
                    numerator: numerator.clone(),
                    denominator,
                    value,
                });
            }
        }
    }
    Ok(found)
}

/// Numerator over denominator; nothing when either is wholly unknown or the denominator may be 0.
fn ratio(rate: &Rate, numerator: Interval, denominator: Interval) -> Option<Interval> {
    let known = numerator.high.is_finite() && denominator.high.is_finite() && denominator.low > 0.0;
    known.then(|| {
        Interval::between(
            numerator.low / denominator.high * rate.per,
            numerator.high / denominator.low * rate.per,
        )
    })
}
