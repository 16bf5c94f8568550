//! The measures of what a facility owes: what is not in place, and what its contract leaves out.

use polars::prelude::*;

use crate::inventory::Inventory;
use crate::quantity::Interval;

use super::super::{
    ASKED, DEBTOR, FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection,
};
use super::DueFrom;
use super::read::{Chained, chains};
use crate::measure::late::DUE;

/// How much of the area that a facility owes is not in place.
pub const NOT_IN_PLACE: Measure = Measure {
    name: "not_in_place",
    subject: "facility",
    counts: None,
    table: Some("events"),
    fields: &[
        "date",
        "due_contract",
        "due_plan",
        "due_stated",
        "built_area",
        "accepted_area",
        "handed_over_area",
        "used_area",
        "use_state",
        "mode",
    ],
    unit: Some("m2"),
    check: "handover",
    bases: &[],
    zh: "不到位的面积",
    en: "area that is not in place",
    compute: not_in_place,
    rows: crate::measure::late::rows,
};

/// How much less than the formula the contract or the plan of a facility asks for.
pub const BELOW_FORMULA: Measure = Measure {
    name: "below_formula",
    fields: &["due_contract", "due_plan"],
    table: None,
    zh: "合同或规划低于公式的面积",
    en: "area that contract or plan leave out of the formula",
    compute: below_formula,
    ..NOT_IN_PLACE
};

fn not_in_place(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let all = chains(inventory, selection)?;
    let debtor = |one: &Chained| one.chain.debtor(one.use_by).map(str::to_owned);
    frame(all.values().map(|one| (one, one.chain.short, one.due(), debtor(one))))
}

fn below_formula(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let all = chains(inventory, selection)?;
    let government = || Some("government".to_owned());
    frame(all.values().map(|one| (one, one.chain.government, Some(true), government())))
}

/// The columns of a measure of facilities: who, how much, whether it is due, and whose it is.
fn frame<'c>(
    all: impl Iterator<Item = (&'c Chained, Interval, Option<bool>, Option<String>)>,
) -> PolarsResult<LazyFrame> {
    let (mut subjects, mut low, mut high) = (Vec::new(), Vec::new(), Vec::new());
    let (mut gap, mut rows, mut dues, mut debtors) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut asked = Vec::new();
    for (one, value, due, debtor) in all {
        subjects.push(one.id.clone());
        low.push(value.low);
        high.push(value.high);
        gap.push((!value.is_exact()).then_some(Gap::Value.code()));
        rows.push(u32::from(!value.is_exact()));
        dues.push(due);
        debtors.push(debtor);
        asked.push(one.chain.from != DueFrom::NoDuty);
    }
    let frame = df!(
        SUBJECT => subjects, LOW => low, HIGH => high, GAP => gap, GAP_ROWS => rows, DUE => dues,
        DEBTOR => debtors, ASKED => asked,
    )?;
    Ok(frame.lazy().with_column(lit(NULL).cast(DataType::String).alias(FACET)))
}
