//! Lists: how many of several requirements a subject meets.

use polars::prelude::*;

use crate::assessment::{Because, Outcome};
use crate::inventory::Inventory;

use super::{FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection, subjects};

/// How many items of a list a community meets.
pub const OF_COMMUNITY: Measure = of("community");

/// How many items of a list an estate meets.
pub const OF_ESTATE: Measure = of("estate");

const fn of(subject: &'static str) -> Measure {
    Measure {
        name: "items",
        subject,
        counts: None,
        table: None,
        fields: &[],
        unit: Some("units"),
        check: "threshold",
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
    let is = |outcome: Outcome| col("outcome").eq(lit(outcome.code()));
    let number = |which: Expr| which.cast(DataType::Float64).sum();
    let asked = is(Outcome::NotApplicable).not();
    let may_not_apply = col("because").eq(lit(Because::ScopeUnknown.code())).fill_null(lit(false));
    let exact = col(LOW).eq(col(HIGH)).and(col("items_low").eq(col("items_high")));
    Ok(items
        .clone()
        .lazy()
        .group_by_stable([col(SUBJECT)])
        .agg([
            number(is(Outcome::Met)).alias(LOW),
            number(is(Outcome::Met).or(is(Outcome::Unknown))).alias(HIGH),
            number(asked.clone().and(may_not_apply.not())).alias("items_low"),
            number(asked).alias("items_high"),
            is(Outcome::Unknown).cast(DataType::UInt32).sum().alias(GAP_ROWS),
        ])
        .with_columns([
            lit(NULL).cast(DataType::String).alias(FACET),
            when(exact)
                .then(lit(NULL).cast(DataType::String))
                .otherwise(lit(Gap::Item.code()))
                .alias(GAP),
        ]))
}
