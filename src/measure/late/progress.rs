//! How far a facility had been built when its housing reached a stage, such as its filing.
//!
//! A ledger tells the progress of today, and what is built is not undone: on an earlier day it was no
//! more than that. What was accepted by then was complete.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::inventory::{Inventory, high};

use super::super::{FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection};
use super::{DUE, Days, compared};

/// How far a facility had been built when the housing it is matched with reached its stage.
pub const PROGRESS: Measure = Measure {
    name: "progress",
    subject: "facility",
    counts: None,
    table: Some("events"),
    fields: &["date", "progress", "build_state"],
    unit: Some("ratio"),
    check: "synchrony",
    bases: &[],
    zh: "设施形象进度",
    en: "progress of the facility",
    compute: progress,
    rows: super::rows,
};

/// The stages from which on nothing is left to build.
pub const COMPLETE: [&str; 4] =
    ["construction_end", "completion_acceptance", "joint_acceptance", "acceptance"];

fn progress(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let (Some(timing), Some(today)) = (&selection.timing, selection.day) else {
        polars_bail!(InvalidOperation: "progress is judged at a stage of the housing");
    };
    let (all, day) = compared(inventory, selection)?;
    let days = Days::of(inventory, today)?;
    let facilities = inventory.table("facilities");
    let ids = facilities.column("id")?.str()?;
    let most = facilities.column(&high("progress"))?.f64()?;
    let states = facilities.column("build_state")?.str()?;
    let row_of: BTreeMap<&str, usize> =
        ids.iter().enumerate().filter_map(|(row, id)| Some((id?, row))).collect();
    let (mut subject, mut ends, mut due) = (Vec::new(), (Vec::new(), Vec::new()), Vec::new());
    for one in all {
        let row = row_of[one.id.as_str()];
        let done = days.when("facility", &one.id, &timing.stages);
        let began = !matches!(states.get(row), Some("not_planned" | "not_built"));
        let today = match most.get(row).filter(|most| most.is_finite()) {
            Some(most) => most.min(1.0),
            None if began => 1.0,
            None => 0.0,
        };
        let (low, high) = match () {
            // Complete before the housing could have come, or the day of both is the same.
            () if done.must && done.last <= one.housing.first => (1.0, 1.0),
            // Complete since, or not at all: how far it was on that day is not told.
            () if done.may => (0.0, 1.0),
            // On the day of the audit the figure is that of the day.
            () if one.housing.first >= day => (today, today),
            () => (0.0, today),
        };
        subject.push(one.id);
        ends.0.push(low);
        ends.1.push(high);
        due.push(match (one.housing.may, one.housing.must) {
            (false, _) => Some(false),
            (true, true) => Some(true),
            (true, false) => None,
        });
    }
    let gap =
        ends.0.iter().zip(&ends.1).map(|(low, high)| (low != high).then_some(Gap::Value.code()));
    let gap: Vec<Option<&str>> = gap.collect();
    let rows: Vec<u32> = gap.iter().map(|gap| u32::from(gap.is_some())).collect();
    let frame = df!(
        SUBJECT => subject, LOW => ends.0, HIGH => ends.1, GAP => gap, GAP_ROWS => rows, DUE => due,
    )?;
    Ok(frame.lazy().with_column(lit(NULL).cast(DataType::String).alias(FACET)))
}
