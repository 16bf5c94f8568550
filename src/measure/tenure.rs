//! How a community holds the rooms it uses.

use polars::prelude::*;

use crate::day::Day;
use crate::inventory::Inventory;

use super::dates::begun;
use super::whose::{sure_rows, used_rooms};
use super::{FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, ordered, subjects};

/// How many rented sites a community has while it has none of its own; 0 when it has one.
pub const RENTED_WITHOUT_OWN: Measure = Measure {
    name: "rented_without_own",
    subject: "community",
    counts: None,
    table: Some("premises"),
    fields: &["tenure"],
    unit: Some("sites"),
    check: "tenure",
    bases: &[],
    zh: "租赁且无自有用房的处数",
    en: "rented sites of a community without premises of its own",
    compute: |inventory, selection| {
        let tenure = tenure_by_community(inventory, selection.day)?;
        let rented = |end: &str| col(TenureColumn::Rented.end(end));
        let own = |end: &str| col(TenureColumn::Own.end(end));
        Ok(tenure.select([
            col(SUBJECT),
            lit(NULL).cast(DataType::String).alias(FACET),
            when(own("high").gt(lit(0.0))).then(lit(0.0)).otherwise(rented("low")).alias(LOW),
            when(own("low").gt(lit(0.0))).then(lit(0.0)).otherwise(rented("high")).alias(HIGH),
            when(col("rows").eq(lit(0u32)))
                .then(lit(Gap::NoRows.code()))
                .otherwise(lit(Gap::Value.code()))
                .alias(GAP),
            col("unknown").alias(GAP_ROWS),
        ]))
    },
    rows: |inventory| used_rooms(inventory, &lit(true)),
};

/// The classes of tenure counted per community.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenureColumn {
    /// Owned, with or without title, or with a right of use.
    Own,
    /// Rented.
    Rented,
    /// Borrowed free of charge.
    Borrowed,
    /// Shared with others.
    Shared,
}

impl TenureColumn {
    /// All classes.
    pub const ALL: [TenureColumn; 4] =
        [TenureColumn::Own, TenureColumn::Rented, TenureColumn::Borrowed, TenureColumn::Shared];

    fn name(self) -> &'static str {
        match self {
            TenureColumn::Own => "own",
            TenureColumn::Rented => "rented",
            TenureColumn::Borrowed => "borrowed",
            TenureColumn::Shared => "shared",
        }
    }

    fn codes(self) -> &'static [&'static str] {
        match self {
            TenureColumn::Own => &["owned", "owned_titled", "owned_untitled", "use_right"],
            TenureColumn::Rented => &["rented"],
            TenureColumn::Borrowed => &["borrowed"],
            TenureColumn::Shared => &["shared"],
        }
    }

    /// The column with one end of the count of sites: `own_low`.
    pub fn end(self, end: &str) -> String {
        format!("{}_{end}", self.name())
    }
}

/// Per community the number of sites of each tenure, as bounds, with `rows` and `unknown` rows.
///
/// A room whose tenure is unknown could be of any; a community without rows could have anything,
/// unless the source is declared complete. A lease that has not begun by the day is no room yet, and
/// a community that was not founded by then is none.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn tenure_by_community(inventory: &Inventory, day: Option<Day>) -> PolarsResult<LazyFrame> {
    let by = |date: &str| day.map_or(lit(true), |day| begun(date, day));
    let count = |condition: Expr| condition.cast(DataType::UInt32).sum().cast(DataType::Float64);
    let mut columns = vec![
        len().cast(DataType::UInt32).alias("rows"),
        col("tenure")
            .is_null()
            .or(col("member").is_null())
            .cast(DataType::UInt32)
            .sum()
            .alias("unknown"),
    ];
    for class in TenureColumn::ALL {
        let is_it = class
            .codes()
            .iter()
            .map(|code| col("tenure").eq(lit(*code)))
            .reduce(Expr::or)
            .expect("every class has codes");
        let is_it = is_it.and(col("member"));
        columns.push(count(is_it.clone().fill_null(lit(false))).alias(class.end("low")));
        columns.push(count(is_it.fill_null(lit(true))).alias(class.end("high")));
    }
    let rooms = used_rooms(inventory, &by("lease_from"))?;
    let rooms = rooms.filter(by("lease_from").fill_null(lit(true)));
    let counted = rooms.group_by_stable([col(SUBJECT)]).agg(columns);
    let could_be = if inventory.complete.contains("premises") { 0.0 } else { f64::INFINITY };
    let mut filled = vec![col("rows").fill_null(lit(0u32)), col("unknown").fill_null(lit(0u32))];
    for class in TenureColumn::ALL {
        filled.push(col(class.end("low")).fill_null(lit(0.0)));
        let high = col(class.end("high"));
        // Without a room that surely is its own, a community could have any, unless all are listed.
        let open = col("_sure_rows").is_null().and(lit(could_be).gt(lit(0.0)));
        let high = when(open).then(lit(could_be)).otherwise(high.fill_null(lit(0.0)));
        filled.push(high.alias(class.end("high")));
    }
    let founded = by("founded_on").fill_null(lit(true));
    let all = subjects(inventory, "community")?.filter(founded).select([col(SUBJECT)]);
    let left = ordered(JoinType::Left);
    let all = all.join(sure_rows(inventory), [col(SUBJECT)], [col(SUBJECT)], left.clone());
    Ok(all.join(counted, [col(SUBJECT)], [col(SUBJECT)], left).with_columns(filled))
}
