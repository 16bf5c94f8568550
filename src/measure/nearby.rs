//! Measures of what lies nearby: how far the nearest facility is, and whether there is one.

use polars::prelude::*;

use crate::inventory::Inventory;

use super::{FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection, ordered, subjects};

/// How far a community's nearest facility is.
pub const OF_COMMUNITY: Measure = Measure {
    name: "nearest",
    subject: "community",
    counts: Some("nearby"),
    table: Some("nearby"),
    fields: &["category", "distance"],
    unit: Some("m"),
    check: "threshold",
    bases: &[],
    zh: "最近一处设施的距离",
    en: "distance of the nearest facility",
    compute: |inventory, selection| nearest(inventory, selection, "community"),
    rows: |inventory| Ok(rows(inventory, "community")),
};

/// How far an estate's nearest facility is.
pub const OF_ESTATE: Measure = Measure {
    subject: "estate",
    compute: |inventory, selection| nearest(inventory, selection, "estate"),
    rows: |inventory| Ok(rows(inventory, "estate")),
    ..OF_COMMUNITY
};

/// A class of facility of which there must be none near a subject for a rule to apply.
#[derive(Debug, Clone, PartialEq)]
pub struct Unless {
    /// The class.
    pub category: String,
    /// How near, in metres.
    pub within: f64,
}

fn rows(inventory: &Inventory, kind: &str) -> LazyFrame {
    let owner = format!("{kind}_id");
    let tied = inventory.table("nearby").clone().lazy().filter(col(&owner).is_not_null());
    tied.with_columns([col(owner).alias(SUBJECT), lit(NULL).cast(DataType::String).alias(FACET)])
}

/// The least distance; where none is listed it could be any, and where all are listed there is none
/// at any distance.
fn nearest(inventory: &Inventory, selection: &Selection, kind: &str) -> PolarsResult<LazyFrame> {
    let infinite = || lit(f64::INFINITY);
    let may = col("member").fill_null(lit(true));
    let does = col("member").fill_null(lit(false));
    let inexact = may.clone().and(col("distance_low").neq(col("distance_high")));
    let found = rows(inventory, kind)
        .with_column(selection.member.clone().alias("member"))
        .group_by_stable([col(SUBJECT)])
        .agg([
            when(may).then(col("distance_low")).otherwise(infinite()).min().alias("_low"),
            when(does).then(col("distance_high")).otherwise(infinite()).min().alias(HIGH),
            inexact.or(col("member").is_null()).cast(DataType::UInt32).sum().alias(GAP_ROWS),
        ]);
    let complete = inventory.complete.contains("nearby");
    let nothing = if complete { f64::INFINITY } else { 0.0 };
    let left = ordered(JoinType::Left);
    let all = subjects(inventory, kind)?.select([col(SUBJECT)]);
    // What is not listed may be nearer still.
    let low = if complete { col("_low").fill_null(infinite()) } else { lit(nothing) };
    let joined = all.join(found, [col(SUBJECT)], [col(SUBJECT)], left).with_columns([
        low.alias(LOW),
        col(HIGH).fill_null(infinite()),
        col(GAP_ROWS).fill_null(lit(0u32)),
    ]);
    let gap = when(col(LOW).eq(col(HIGH)))
        .then(lit(NULL).cast(DataType::String))
        .when(col(HIGH).is_infinite().and(lit(!complete)))
        .then(lit(Gap::NoRows.code()))
        .otherwise(lit(Gap::Value.code()));
    Ok(joined.with_columns([gap.alias(GAP), lit(NULL).cast(DataType::String).alias(FACET)]))
}

/// Whether there is no facility of the class so near: `subject`, `_none_near` (null: unknown).
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn none_near(inventory: &Inventory, kind: &str, unless: &Unless) -> PolarsResult<LazyFrame> {
    let of_class = col("category").eq(lit(unless.category.as_str()));
    let selection = Selection::of(of_class, None);
    let near = nearest(inventory, &selection, kind)?;
    let none = when(col(HIGH).lt_eq(lit(unless.within)))
        .then(lit(false))
        .when(col(LOW).gt(lit(unless.within)))
        .then(lit(true))
        .otherwise(lit(NULL).cast(DataType::Boolean));
    Ok(near.select([col(SUBJECT), none.alias("_none_near")]))
}
