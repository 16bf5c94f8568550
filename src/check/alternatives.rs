//! Things that can stand in for each other: one that is not met accuses nobody while another is.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::assessment::{Because, COLUMNS, Outcome};
use crate::measure::{SUBJECT, ordered};
use crate::standard::{Pack, Spoken};

use super::{judge, rule};

/// Once a list is judged, tells its alternatives what that means for them: where the list is met
/// they are not asked for, where it is unknown they are unknown, and else they stand.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn settle(
    packs: &[Pack],
    list: Spoken,
    verdicts: &DataFrame,
    tables: &mut BTreeMap<Spoken, DataFrame>,
) -> PolarsResult<()> {
    let names = &rule(packs, list).items;
    for (spoken, table) in tables.iter_mut() {
        let item = rule(packs, *spoken);
        if spoken.pack == list.pack && item.alternative && names.contains(&item.id) {
            *table = settled(table, verdicts)?;
        }
    }
    Ok(())
}

fn settled(table: &DataFrame, verdicts: &DataFrame) -> PolarsResult<DataFrame> {
    let of_list = verdicts.clone().lazy().select([col(SUBJECT), col("outcome").alias("_list")]);
    let is = |column: &str, outcome: Outcome| col(column).eq(lit(outcome.code()));
    let open = is("outcome", Outcome::NotMet).or(is("outcome", Outcome::Unknown));
    // A list that is not due yet accuses nobody either.
    let settled = is("_list", Outcome::Met).or(is("_list", Outcome::NotApplicable));
    let spared = open.clone().and(settled);
    let doubtful = open.and(is("_list", Outcome::Unknown));
    let changed = spared.clone().or(doubtful.clone());
    let none = || lit(NULL).cast(DataType::String);
    let left = ordered(JoinType::Left);
    let mut table = table
        .clone()
        .lazy()
        .join(of_list, [col(SUBJECT)], [col(SUBJECT)], left)
        .with_columns([
            spared.alias("_spared"),
            doubtful.alias("_doubtful"),
            changed.alias("_changed"),
        ])
        .with_columns([
            when(col("_spared"))
                .then(lit(Outcome::NotApplicable.code()))
                .when(col("_doubtful"))
                .then(lit(Outcome::Unknown.code()))
                .otherwise(col("outcome"))
                .alias("outcome"),
            when(col("_changed"))
                .then(lit(Because::Alternative.code()))
                .otherwise(col("because"))
                .alias("because"),
            when(col("_changed")).then(none()).otherwise(col("debtor")).alias("debtor"),
            when(col("_changed"))
                .then(lit(0.0))
                .otherwise(col("shortfall_low"))
                .alias("shortfall_low"),
            when(col("_spared"))
                .then(lit(0.0))
                .otherwise(col("shortfall_high"))
                .alias("shortfall_high"),
        ])
        .select(COLUMNS.iter().map(|name| col(*name)).collect::<Vec<_>>())
        .sort(["key"], SortMultipleOptions::default())
        .collect()?;
    table.with_column(judge::facts(&table)?)?;
    Ok(table)
}
