//! Sites: rooms of one site taken together; how many there are, the smallest, the largest.

use polars::prelude::*;

use crate::inventory::Inventory;

use super::rooms::{area, by_street, complete, open_to_streets, stray_areas, unless_listed};
use super::whose::{COMMUNITY, DIVISION, area_of, is_facility, rooms};
use super::{GAP, GAP_ROWS, Gap, HIGH, LOW, SUBJECT, Selection, interval_sum, ordered, widened};

/// Whether a row is a site: a row that says there are no premises is none, unless it states an area.
fn is_site<const OF: u8>() -> Expr {
    if is_facility(OF) {
        let handed_over = col("high").gt(lit(0.0));
        let surely = col("low").gt(lit(0.0));
        when(surely).then(lit(true)).when(handed_over.not()).then(lit(false)).otherwise(unknown())
    } else {
        col("tenure").neq(lit("none")).or(col("area_low").gt(lit(0.0)))
    }
}

fn unknown() -> Expr {
    lit(NULL).cast(DataType::Boolean)
}

/// The sites of each subject: rows of one site are one, their areas add up.
fn sites<const OF: u8>(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let rooms = rooms::<OF>(inventory, &selection.member)?;
    let counted = col("member").and(is_site::<OF>());
    Ok(rooms
        .with_column(counted.alias("member"))
        .group_by_stable([col(SUBJECT), col("_site")])
        .agg([
            when(col("member").fill_null(lit(false)))
                .then(col("low"))
                .otherwise(lit(0.0))
                .sum()
                .alias("low"),
            when(col("member").fill_null(lit(true)))
                .then(col("high"))
                .otherwise(lit(0.0))
                .sum()
                .alias("high"),
            col("member").any(false),
        ]))
}

/// How many sites count.
pub fn number<const OF: u8>(
    inventory: &Inventory,
    selection: &Selection,
) -> PolarsResult<LazyFrame> {
    let ones = ["low", "high", "share_low", "share_high"].map(|one| lit(1.0).alias(one));
    let sites = sites::<OF>(inventory, selection)?.with_columns(ones);
    let measured = complete::<OF>(inventory, interval_sum(sites))?;
    let measured = unless_listed::<OF>(inventory, selection, measured)?;
    if OF == COMMUNITY {
        return Ok(measured);
    }
    let strays = stray_areas::<OF>(inventory, selection, area_of(OF))?.len();
    let measured = widened(measured, strays, strays as f64);
    if OF != DIVISION {
        return Ok(measured);
    }
    let open = open_to_streets(inventory, selection, area_of(OF))?.len();
    by_street(inventory, measured, col(LOW), col(HIGH) + lit(open as f64), open)
}

/// The smallest site that counts.
pub fn each<const OF: u8>(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let may = col("member").fill_null(lit(true));
    let does = col("member").fill_null(lit(false));
    let infinite = || lit(f64::INFINITY);
    let measured = sites::<OF>(inventory, selection)?.group_by_stable([col(SUBJECT)]).agg([
        when(may.clone()).then(col("low")).otherwise(infinite()).min().alias(LOW),
        when(does).then(col("high")).otherwise(infinite()).min().alias(HIGH),
        uncertain(may),
    ]);
    let measured = complete::<OF>(inventory, with_gap(measured))?;
    let measured = unless_listed::<OF>(inventory, selection, measured)?;
    // Where no such site is listed, the smallest may have any size.
    let unlisted = col(GAP).eq(lit(Gap::NoRows.code())).fill_null(lit(false));
    let measured =
        measured.with_column(when(unlisted).then(lit(0.0)).otherwise(col(LOW)).alias(LOW));
    let at_most = |bounds: &[(f64, f64)]| {
        let least = bounds.iter().map(|(low, _)| *low).fold(f64::INFINITY, f64::min);
        when(col(LOW).gt(lit(least))).then(lit(least)).otherwise(col(LOW))
    };
    let measured = match OF {
        COMMUNITY => measured,
        _ => {
            let strays = stray_areas::<OF>(inventory, selection, area_of(OF))?;
            by_strays(measured, at_most(&strays), col(HIGH))
        }
    };
    let measured = if OF == DIVISION {
        let open = open_to_streets(inventory, selection, area_of(OF))?;
        by_street(inventory, measured, at_most(&open), col(HIGH), open.len())?
    } else {
        measured
    };
    // A rule on every site says nothing where there is none.
    let surely_none =
        col(LOW).is_infinite().or(col(HIGH).eq(lit(0.0)).and(col(GAP_ROWS).eq(lit(0u32))));
    Ok(measured.filter(surely_none.not()))
}

/// The largest site that counts.
pub fn largest<const OF: u8>(
    inventory: &Inventory,
    selection: &Selection,
) -> PolarsResult<LazyFrame> {
    let may = col("member").fill_null(lit(true));
    let does = col("member").fill_null(lit(false));
    let measured = sites::<OF>(inventory, selection)?.group_by_stable([col(SUBJECT)]).agg([
        when(does).then(col("low")).otherwise(lit(0.0)).max().alias(LOW),
        when(may.clone()).then(col("high")).otherwise(lit(0.0)).max().alias(HIGH),
        uncertain(may),
    ]);
    let measured = complete::<OF>(inventory, with_gap(measured))?;
    let measured = unless_listed::<OF>(inventory, selection, measured)?;
    if OF == COMMUNITY {
        return Ok(measured);
    }
    let at_least = |bounds: &[(f64, f64)]| {
        let most = bounds.iter().map(|(_, high)| *high).fold(0.0, f64::max);
        when(col(HIGH).lt(lit(most))).then(lit(most)).otherwise(col(HIGH))
    };
    let strays = stray_areas::<OF>(inventory, selection, area_of(OF))?;
    let measured = by_strays(measured, col(LOW), at_least(&strays));
    if OF != DIVISION {
        return Ok(measured);
    }
    let open = open_to_streets(inventory, selection, area_of(OF))?;
    by_street(inventory, measured, col(LOW), at_least(&open), open.len())
}

/// New ends, with a gap where they are no longer one number.
pub fn by_strays(measured: LazyFrame, low: Expr, high: Expr) -> LazyFrame {
    let was_exact = col(LOW).eq(col(HIGH));
    measured
        .with_columns([low.alias("_low"), high.alias("_high"), was_exact.alias("_exact")])
        .with_columns([
            when(col("_exact").and(col("_low").neq(col("_high"))))
                .then(lit(Gap::Member.code()))
                .otherwise(col(GAP))
                .alias(GAP),
            when(col("_exact").and(col("_low").neq(col("_high"))))
                .then(lit(1u32))
                .otherwise(col(GAP_ROWS))
                .alias(GAP_ROWS),
            col("_low").alias(LOW),
            col("_high").alias(HIGH),
        ])
}

/// What there is beside the largest site: the sum less the largest, end by end.
pub fn beside_largest<const OF: u8>(
    inventory: &Inventory,
    selection: &Selection,
) -> PolarsResult<LazyFrame> {
    let whole = area::<OF>(inventory, selection)?;
    let largest = largest::<OF>(inventory, selection)?.select([
        col(SUBJECT),
        col(LOW).alias("_largest_low"),
        col(HIGH).alias("_largest_high"),
    ]);
    let inner = ordered(JoinType::Inner);
    let not_negative = |expr: Expr| when(expr.clone().gt(lit(0.0))).then(expr).otherwise(lit(0.0));
    let both = whole.join(largest, [col(SUBJECT)], [col(SUBJECT)], inner);
    Ok(both.with_columns([
        not_negative(col(LOW) - col("_largest_high")).alias(LOW),
        when(col(HIGH).is_infinite())
            .then(col(HIGH))
            .otherwise(not_negative(col(HIGH) - col("_largest_low")))
            .alias(HIGH),
    ]))
}

/// How many sites are not known exactly, or may not count.
fn uncertain(may: Expr) -> Expr {
    let inexact = may.and(col("low").neq(col("high"))).or(col("member").is_null());
    inexact.cast(DataType::UInt32).sum().alias(GAP_ROWS)
}

/// A gap where the ends are not one number.
pub fn with_gap(measured: LazyFrame) -> LazyFrame {
    let exact = col(LOW).eq(col(HIGH));
    let gap = when(exact).then(lit(NULL).cast(DataType::String)).otherwise(lit(Gap::Value.code()));
    measured.with_column(gap.alias(GAP))
}
