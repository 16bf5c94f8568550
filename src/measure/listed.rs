//! Lists: how many of several requirements a subject meets.

use polars::prelude::*;

use crate::inventory::Inventory;

use super::late::DUE;
use super::{FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection, subjects};

/// Whether an item is met: true, false, or null where it cannot be told.
pub const MET: &str = "met";
/// Whether an item is asked for, in the same way.
pub const ASKED: &str = "asked";

/// How many items of a list a community meets.
pub const OF_COMMUNITY: Measure = of("community", "threshold");

/// How many items of a list an estate meets.
pub const OF_ESTATE: Measure = of("estate", "threshold");

/// How many items of a list a facility meets: each of them a rule on timing.
pub const OF_FACILITY: Measure = of("facility", "synchrony");

/// Whether an item that can stand in for another is only not due yet.
pub const PENDING: &str = "item_pending";

const fn of(subject: &'static str, check: &'static str) -> Measure {
    Measure {
        name: "items",
        subject,
        counts: None,
        table: None,
        fields: &[],
        unit: Some("units"),
        check,
        bases: &[("items", "适用的项数", "number of items that apply")],
        zh: "达到的项数",
        en: "number of items met",
        compute: met,
        rows: |inventory| {
            let nobody = subjects(inventory, "community")?.filter(lit(false));
            Ok(nobody.with_column(lit(NULL).cast(DataType::String).alias(FACET)))
        },
    }
}

/// An item that is not known to be met may be; one that may not apply may not be asked for.
fn met(_: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let Some(items) = &selection.items else {
        polars_bail!(InvalidOperation: "a list needs the assessments of its items");
    };
    let number = |which: Expr| which.cast(DataType::Float64).sum();
    let (surely, maybe) = (lit(false), lit(true));
    let exact = col(LOW).eq(col(HIGH)).and(col("items_low").eq(col("items_high")));
    Ok(items
        .clone()
        .lazy()
        .group_by_stable([col(SUBJECT)])
        .agg([
            number(col(MET).fill_null(surely.clone())).alias(LOW),
            number(col(MET).fill_null(maybe.clone())).alias(HIGH),
            number(col(ASKED).fill_null(surely)).alias("items_low"),
            number(col(ASKED).fill_null(maybe)).alias("items_high"),
            col(MET).is_null().cast(DataType::UInt32).sum().alias(GAP_ROWS),
            col(PENDING).any(true).alias("_pending"),
        ])
        // Where no item is asked for there is nothing to count.
        .filter(col("items_high").gt(lit(0.0)).or(col("_pending")))
        .with_columns([
            // While one that may stand in for the others is not due yet, nothing is missed.
            when(col("_pending").and(col(LOW).eq(lit(0.0))))
                .then(lit(false))
                .otherwise(lit(true))
                .alias(DUE),
            lit(NULL).cast(DataType::String).alias(FACET),
            when(exact)
                .then(lit(NULL).cast(DataType::String))
                .otherwise(lit(Gap::Item.code()))
                .alias(GAP),
        ]))
}
