//! Measures of the inputs themselves: what could not be read, tied or kept.

use polars::prelude::*;

use crate::inventory::{Account, Inventory, Reason};

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
    let counts: Vec<f64> = inventory.accounts.iter().map(|account| of(account) as f64).collect();
    let nothing = vec![None::<String>; counts.len()];
    let labels = inventory.source_labels();
    let frame = DataFrame::new(
        counts.len(),
        vec![
            Column::new(SUBJECT.into(), labels),
            Column::new(FACET.into(), nothing.clone()),
            Column::new(LOW.into(), counts.clone()),
            Column::new(HIGH.into(), counts),
            Column::new(GAP.into(), nothing),
            Column::new(GAP_ROWS.into(), vec![0u32; inventory.accounts.len()]),
        ],
    )?;
    Ok(frame.lazy())
}
