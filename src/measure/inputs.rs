//! Measures of the inputs themselves: what could not be read, tied or kept.

use polars::prelude::*;

use crate::inventory::{Account, DoubtKind, Inventory, Reason, table};
use crate::origin::Source;

use super::{FACET, GAP, GAP_ROWS, HIGH, LOW, Measure, SUBJECT, Selection};

/// Cells whose text is no value of their column.
pub const UNREADABLE_CELLS: Measure = measure(
    "unreadable_cells",
    "cells",
    "无法识别的单元格",
    "cells that cannot be read",
    |inventory, _| count(inventory, |account| account.unreadable.len()),
);

/// Rows that belong to nothing that is known.
pub const UNLINKED_ROWS: Measure = measure(
    "unlinked_rows",
    "rows",
    "未能关联的行",
    "rows tied to nothing",
    |inventory, _| count(inventory, |account| account.unlinked.len()),
);

/// Rows that name the same thing as another row and say otherwise.
pub const CONFLICTING_ROWS: Measure = measure(
    "conflicting_rows",
    "rows",
    "同名而内容冲突的行",
    "rows that contradict another of the same name",
    |inventory, _| count(inventory, |account| account.set_aside_for(Reason::Conflict)),
);

/// Printed totals that are not the sum of their rows.
pub const WRONG_TOTALS: Measure = measure(
    "wrong_totals",
    "cells",
    "与逐行相加不符的合计",
    "totals that are not the sum of their rows",
    |inventory, _| doubts(inventory, DoubtKind::Total),
);

/// Values a hundred or ten thousand times as large or small as the others of their column.
pub const SUSPICIOUS_VALUES: Measure = measure(
    "suspicious_values",
    "cells",
    "疑为单位写错的数",
    "values whose unit is perhaps wrong",
    |inventory, _| doubts(inventory, DoubtKind::Outlier),
);

/// Rows whose remark says otherwise than the row, or what it leaves open.
pub const UNCONFIRMED_REMARKS: Measure = measure(
    "unconfirmed_remarks",
    "rows",
    "备注与权属不一致、待确认的行",
    "rows whose remark says another tenure",
    |inventory, _| doubts(inventory, DoubtKind::Remark),
);

/// The doubts that a measure of inputs counts.
pub fn doubts_of(measure: &str) -> Option<DoubtKind> {
    let kinds = [
        (WRONG_TOTALS.name, DoubtKind::Total),
        (SUSPICIOUS_VALUES.name, DoubtKind::Outlier),
        (UNCONFIRMED_REMARKS.name, DoubtKind::Remark),
    ];
    kinds.into_iter().find(|(name, _)| *name == measure).map(|(_, kind)| kind)
}

/// A measure of inputs: how many of something each has.
pub(super) const fn measure(
    name: &'static str,
    unit: &'static str,
    zh: &'static str,
    en: &'static str,
    compute: fn(&Inventory, &Selection) -> PolarsResult<LazyFrame>,
) -> Measure {
    Measure {
        name,
        subject: "input",
        counts: None,
        table: None,
        fields: &[],
        unit: Some(unit),
        check: "data_quality",
        bases: &[],
        zh,
        en,
        compute,
        // What was not read is listed in the input's account, cell by cell.
        rows: |inventory| {
            Ok(subjects(inventory)?.with_column(lit(NULL).cast(DataType::String).alias(FACET)))
        },
    }
}

/// One row per input that was read.
pub fn subjects(inventory: &Inventory) -> PolarsResult<LazyFrame> {
    let sources = &inventory.sources;
    let labels = inventory.source_labels();
    let frame = DataFrame::new(
        sources.len(),
        vec![
            Column::new(SUBJECT.into(), labels.clone()),
            Column::new("label".into(), labels),
            Column::new("at".into(), vec![None::<String>; sources.len()]),
            Column::new("_source".into(), (0..sources.len() as u32).collect::<Vec<_>>()),
            Column::new("_row".into(), vec![None::<u32>; sources.len()]),
            Column::new("_field".into(), vec![None::<String>; sources.len()]),
        ],
    )?;
    Ok(frame.lazy())
}

fn count(inventory: &Inventory, of: fn(&Account) -> usize) -> PolarsResult<LazyFrame> {
    counts(inventory, |_| true, of)
}

/// Doubts of tables whose columns hold what can be doubted so. Published figures have checks of
/// their own, and layers no rows of totals.
fn doubts(inventory: &Inventory, kind: DoubtKind) -> PolarsResult<LazyFrame> {
    let asked = |source: &Source| {
        let numbers = || {
            let declared = table(&source.table);
            let is_number = |field: &String| {
                let column = declared.and_then(|table| table.column(field));
                column.is_some_and(|column| column.kind.is_quantity())
            };
            source.columns.keys().any(is_number)
        };
        let is_table = source.names.is_empty() && source.table != "aggregates";
        is_table
            && match kind {
                DoubtKind::Remark => {
                    source.table == "premises" && source.columns.contains_key("note")
                }
                _ => numbers(),
            }
    };
    counts(inventory, asked, |account| account.doubts_of(kind).count())
}

/// How many of something each of the inputs that are asked has.
fn counts(
    inventory: &Inventory,
    asked: impl Fn(&Source) -> bool,
    of: impl Fn(&Account) -> usize,
) -> PolarsResult<LazyFrame> {
    let labels = inventory.source_labels().into_iter();
    let all = inventory.sources.iter().zip(&inventory.accounts).zip(labels);
    let (labels, counts): (Vec<String>, Vec<f64>) = all
        .filter(|((source, _), _)| asked(source))
        .map(|((_, account), label)| (label, of(account) as f64))
        .unzip();
    let height = counts.len();
    let nothing = vec![None::<String>; height];
    let frame = DataFrame::new(
        height,
        vec![
            Column::new(SUBJECT.into(), labels),
            Column::new(FACET.into(), nothing.clone()),
            Column::new(LOW.into(), counts.clone()),
            Column::new(HIGH.into(), counts),
            Column::new(GAP.into(), nothing),
            Column::new(GAP_ROWS.into(), vec![0u32; height]),
        ],
    )?;
    Ok(frame.lazy())
}
