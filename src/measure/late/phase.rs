//! Whether the housing of a phase had a facility to serve it when it was delivered.
//!
//! Any facility of the estate serves any of its phases; what counts is the first that did.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::inventory::Inventory;
use crate::measure::ordered;

use super::super::{FACET, Measure, SUBJECT, Selection};
use super::{Days, Lateness, When, number};

/// How many days later than a phase of housing the first facility that serves it reached a stage.
pub const PHASE_DAYS_LATE: Measure = Measure {
    name: "days_late",
    subject: "phase",
    counts: Some("facilities"),
    table: Some("events"),
    fields: &["date"],
    unit: Some("days"),
    check: "synchrony",
    bases: &[],
    zh: "可用设施晚于本期住宅",
    en: "the first facility that serves it is later",
    compute: days_late,
    rows,
};

/// The events of a phase, and those of all facilities of its estate.
fn rows(inventory: &Inventory) -> PolarsResult<LazyFrame> {
    let events = inventory.table("events").clone().lazy();
    let none = || lit(NULL).cast(DataType::String).alias(FACET);
    let own = events.clone().filter(col("subject_kind").eq(lit("phase")));
    let own = own.with_columns([col("subject").alias(SUBJECT), none()]);
    let inner = || ordered(JoinType::Inner);
    let phases = inventory.table("phases").clone().lazy();
    let phases = phases.select([col("id").alias("_phase"), col("estate_id").alias("_estate")]);
    let facilities = inventory.table("facilities").clone().lazy();
    let facilities =
        facilities.select([col("id").alias("_facility"), col("estate_id").alias("_of")]);
    let pairs = phases.join(facilities, [col("_estate")], [col("_of")], inner());
    let pairs = pairs.select([col("_phase"), col("_facility")]);
    let theirs = events
        .filter(col("subject_kind").eq(lit("facility")))
        .join(pairs, [col("subject")], [col("_facility")], inner())
        .with_columns([col("_phase").alias(SUBJECT), none()])
        .drop(by_name(["_phase"], true, false));
    concat_lf_diagonal([own, theirs], UnionArgs::default())
}

fn days_late(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let (Some(timing), Some(today)) = (&selection.timing, selection.day) else {
        polars_bail!(InvalidOperation: "a rule on timing names its stages");
    };
    let days = Days::of(inventory, today)?;
    let facilities = inventory.table("facilities").clone().lazy();
    let facilities = facilities.with_columns([
        selection.member.clone().alias("_counts"),
        selection.class.clone().alias("_class"),
    ]);
    let facilities = facilities.collect()?;
    let text = |name: &str| facilities.column(name).and_then(|column| column.str().cloned());
    let (ids, estates) = (text("id")?, text("estate_id")?);
    let flags = |name: &str| facilities.column(name).and_then(|column| column.bool().cloned());
    let (counts, class) = (flags("_counts")?, flags("_class")?);
    let mut first: BTreeMap<String, When> = BTreeMap::new();
    for row in 0..facilities.height() {
        let (Some(id), Some(estate)) = (ids.get(row), estates.get(row)) else { continue };
        if class.get(row) == Some(false) {
            continue;
        }
        let when = match counts.get(row) {
            Some(true) => days.when("facility", id, &timing.stages),
            Some(false) => When::NEVER,
            None => days.when("facility", id, &timing.stages).any_of(When::NEVER),
        };
        let known = first.entry(estate.to_owned()).or_insert(When::NEVER);
        *known = known.either(when);
    }
    // Where no facility of the class is listed there may be one all the same.
    let nothing =
        if inventory.complete.contains("facilities") { When::NEVER } else { When::UNKNOWN };
    let phases = inventory.table("phases");
    let text = |name: &str| phases.column(name).and_then(|column| column.str().cloned());
    let (ids, estates) = (text("id")?, text("estate_id")?);
    let mut found = Lateness::default();
    for row in 0..phases.height() {
        let Some(id) = ids.get(row) else { continue };
        let facility = estates.get(row).and_then(|estate| first.get(estate)).copied();
        let housing = days.when("phase", id, &timing.behind).shifted(timing.months, today);
        found.push(id, facility.unwrap_or(nothing), housing, number(today));
    }
    found.into_frame()
}
