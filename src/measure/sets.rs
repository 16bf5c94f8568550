//! Measures of a place's communities taken together: shares that reach something, and means.
//!
//! A mean is a ratio of sums. It hides those that fall short, so rules on means stand beside rules
//! on every one, never instead of them.

use polars::prelude::*;

use crate::inventory::{Inventory, high, low};

use super::{
    FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection, Subjects, ordered, rooms,
    subjects,
};

/// The share of a place's communities whose area reaches what the rule names.
pub const SHARE_REACHING: Measure = Measure {
    name: "share_reaching",
    unit: Some("ratio"),
    zh: "达到规模的社区占比",
    en: "share of communities that reach the size",
    compute: share_reaching,
    ..of_place()
};

/// How many of a place's communities have an area within what the rule names.
pub const NUMBER_WITHIN: Measure = Measure {
    name: "number_within",
    unit: Some("units"),
    zh: "规模在所述范围内的社区数",
    en: "number of communities within the size",
    compute: number_within,
    ..of_place()
};

/// The area of a place's communities over their number.
pub const MEAN_AREA: Measure = Measure {
    name: "mean_area",
    unit: Some("m2"),
    zh: "社区平均用房面积",
    en: "mean area per community",
    compute: |inventory, selection| ratio(inventory, selection, None),
    ..of_place()
};

/// The area of a place's communities over their households, per hundred.
pub const AREA_PER_100_HOUSEHOLDS: Measure = Measure {
    name: "area_per_100_households",
    unit: Some("m2/100hh"),
    zh: "每百户用房面积",
    en: "area per 100 households",
    compute: |inventory, selection| ratio(inventory, selection, Some("households")),
    ..of_place()
};

const fn of_place() -> Measure {
    Measure {
        name: "",
        subject: "place",
        counts: Some("premises"),
        table: None,
        fields: &[],
        unit: None,
        check: "coverage",
        bases: &[],
        zh: "",
        en: "",
        compute: share_reaching,
        rows: |inventory| {
            Ok(subjects(inventory, "place")?
                .with_column(lit(NULL).cast(DataType::String).alias(FACET)))
        },
    }
}

/// Every community with its place and the bounds of its area.
fn communities(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let areas = (rooms::AREA.compute)(inventory, selection)?;
    let all = subjects(inventory, "community")?;
    let inner = ordered(JoinType::Inner);
    Ok(all.join(areas, [col(SUBJECT)], [col(SUBJECT)], inner))
}

fn by_place(frame: LazyFrame, sums: Vec<Expr>) -> LazyFrame {
    let place = col(Subjects::AT).fill_null(lit("")).alias(SUBJECT);
    frame.group_by_stable([place]).agg(sums)
}

fn count(condition: Expr) -> Expr {
    condition.cast(DataType::UInt32).sum()
}

fn share_reaching(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let share = |of: &str| col(of).cast(DataType::Float64) / col("_all").cast(DataType::Float64);
    let table = within(inventory, selection)?
        .with_columns([share("_surely").alias(LOW), share("_maybe").alias(HIGH)]);
    Ok(finished(table))
}

fn number_within(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let number = |of: &str| col(of).cast(DataType::Float64);
    let table = within(inventory, selection)?
        .with_columns([number("_surely").alias(LOW), number("_maybe").alias(HIGH)]);
    Ok(finished(table))
}

/// How many communities surely, and how many possibly, reach the one size and stay below the other.
fn within(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let slack = || lit(0.005 + crate::quantity::Rounding::NOISE);
    let at_least = |end: Expr, size: Expr| end.gt_eq(size - slack());
    let mut surely = Vec::new();
    let mut maybe = Vec::new();
    if let Some((least, most)) = selection.reaching.clone() {
        surely.push(at_least(col(LOW), most));
        maybe.push(at_least(col(HIGH), least));
    }
    if let Some((least, most)) = selection.below.clone() {
        surely.push(at_least(col(HIGH), least).not());
        maybe.push(at_least(col(LOW), most).not());
    }
    let all = |tests: Vec<Expr>| tests.into_iter().reduce(Expr::and).unwrap_or(lit(true));
    let sums = vec![
        count(all(surely)).alias("_surely"),
        count(all(maybe)).alias("_maybe"),
        len().alias("_all"),
    ];
    let table = by_place(communities(inventory, selection)?, sums);
    Ok(table.with_column((col("_maybe") - col("_surely")).alias(GAP_ROWS)))
}

/// Area over communities, or over hundreds of a base.
fn ratio(
    inventory: &Inventory,
    selection: &Selection,
    base: Option<&str>,
) -> PolarsResult<LazyFrame> {
    let all = communities(inventory, selection)?;
    let (below_low, below_high) = match base {
        Some(base) => (col(low(base)).sum() / lit(100.0), col(high(base)).sum() / lit(100.0)),
        None => (len().cast(DataType::Float64), len().cast(DataType::Float64)),
    };
    let sums = vec![
        col(LOW).sum(),
        col(HIGH).sum(),
        below_low.alias("_below_low"),
        below_high.alias("_below_high"),
        count(col(LOW).neq(col(HIGH))).alias(GAP_ROWS),
    ];
    let over = |above: &str, below: &str, otherwise: f64| {
        let sound = col(below).gt(lit(0.0)).and(col(below).is_finite());
        when(sound).then(col(above) / col(below)).otherwise(lit(otherwise))
    };
    // A room tied to nobody may be any community's of any place.
    let strays = strays(inventory, selection)?;
    let table = by_place(all, sums).with_column(col(HIGH) + lit(strays)).with_columns([
        over(LOW, "_below_high", 0.0).alias("_low"),
        over(HIGH, "_below_low", f64::INFINITY).alias("_high"),
    ]);
    Ok(finished(table.with_columns([col("_low").alias(LOW), col("_high").alias(HIGH)])))
}

/// The area of rooms that are tied to no community, not even perhaps.
fn strays(inventory: &Inventory, selection: &Selection) -> PolarsResult<f64> {
    let rooms = inventory.table("premises").clone().lazy();
    let may_count = selection.member.clone().fill_null(lit(true));
    let used = inventory.uses().clone().lazy();
    let anti = ordered(JoinType::Anti);
    let strays = rooms.filter(may_count).join(used, [col("id")], [col("premises_id")], anti);
    Ok(strays.collect()?.column("area_high")?.f64()?.iter().flatten().sum())
}

fn finished(table: LazyFrame) -> LazyFrame {
    let exact = col(LOW).eq(col(HIGH));
    let gap = when(exact).then(lit(NULL).cast(DataType::String)).otherwise(lit(Gap::Value.code()));
    table.select([
        col(SUBJECT),
        lit(NULL).cast(DataType::String).alias(FACET),
        col(LOW),
        col(HIGH),
        gap.alias(GAP),
        col(GAP_ROWS),
    ])
}
