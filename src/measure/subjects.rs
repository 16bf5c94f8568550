//! The subjects rules speak about, as one table per kind.

use polars::prelude::*;

use crate::inventory::{Inventory, UNSTATED, high, low, subject_table};
use crate::mapping::{categories, category_name};

use super::{SUBJECT, inputs};

/// The kinds of subject that can be judged so far.
pub const KINDS: &[&str] = &[
    "community",
    "estate",
    "phase",
    "facility",
    "pool",
    "division",
    "place",
    "aggregate",
    "input",
];

/// The columns every kind has beside those of its own table.
#[derive(Debug)]
pub struct Subjects;

impl Subjects {
    /// What the subject is called.
    pub const LABEL: &'static str = "label";
    /// The administrative code, or name, of the place it lies in.
    pub const AT: &'static str = "at";
}

/// All subjects of a kind: `subject`, `label`, `at`, `_source`, `_row`, `_field`, and the columns of
/// their table under their own names.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn subjects(inventory: &Inventory, kind: &str) -> PolarsResult<LazyFrame> {
    if kind == "input" {
        return inputs::subjects(inventory);
    }
    if kind == "place" {
        return places(inventory);
    }
    if kind == "pool" {
        return pools(inventory);
    }
    let table =
        subject_table(kind).ok_or_else(|| polars_err!(InvalidOperation: "no table of {kind}"))?;
    let id = if table.column("id").is_some() { "id" } else { "code" };
    // A division is its own place; everything else lies in one.
    let at = if table.column("place").is_some() { "place" } else { id };
    let label = match kind {
        "aggregate" => concat_str([col("part"), col("period"), col("item")], " ", true),
        // A facility is known by its estate, phase and class; its own number or name tells several.
        "facility" => {
            let known = categories();
            let names: Vec<String> = known.iter().map(|code| category_name(code).zh).collect();
            let class = col("category")
                .replace(lit(Series::new("".into(), known)), lit(Series::new("".into(), names)));
            concat_str([col("estate"), col("phase"), class, col("name")], " ", true)
        }
        "phase" => concat_str([col("estate"), col("number")], " ", true),
        _ => col(table.label.as_str()),
    };
    Ok(inventory.table(&table.name).clone().lazy().with_columns([
        col(id).alias(SUBJECT),
        label.fill_null(col(id)).alias(Subjects::LABEL),
        col(at).alias(Subjects::AT),
    ]))
}

/// The places communities and facilities lie in: those that rules about all of a place's communities
/// or facilities speak about.
fn places(inventory: &Inventory) -> PolarsResult<LazyFrame> {
    let place = |table: &str| inventory.table(table).clone().lazy().select([col("place")]);
    let facilities = place("facilities");
    // A place that is not named is one only where communities lie in it, or nothing else does.
    let facilities = match inventory.table("communities").height() {
        0 => facilities,
        _ => facilities.filter(col("place").is_not_null()),
    };
    let all = concat([place("communities"), facilities], UnionArgs::default())?;
    let none = |name: &str, kind: DataType| lit(NULL).cast(kind).alias(name);
    let distinct = all.group_by_stable([col("place").fill_null(lit("")).alias(SUBJECT)]);
    Ok(distinct.agg([col("place").first().alias(Subjects::AT)]).with_columns([
        col(SUBJECT).alias(Subjects::LABEL),
        none("_source", DataType::UInt32),
        none("_row", DataType::UInt32),
        none("_field", DataType::String),
    ]))
}

/// The id of the pool an estate provides in: pools of one name in two places are two.
pub(super) fn pool_id() -> Expr {
    concat_str([col("place"), col("pool")], "|", true)
}

/// Whether an estate names the group it provides in.
pub(super) fn in_a_pool() -> Expr {
    col("pool").is_not_null().and(col("pool").neq(lit(UNSTATED)))
}

/// The groups of estates that provide together: the sums of their quantities, and what else all of
/// them say alike.
fn pools(inventory: &Inventory) -> PolarsResult<LazyFrame> {
    let table = subject_table("estate").expect("estates are declared");
    let mut columns = Vec::new();
    for column in &table.columns {
        let name = column.name.as_str();
        if column.kind.is_quantity() {
            columns.extend([low(name), high(name)].map(|end| col(end).sum()));
        } else if !["id", "place", "pool"].contains(&name) {
            let alike = col(name).n_unique().eq(lit(1u32));
            columns.push(when(alike).then(col(name).first()).otherwise(lit(NULL)).alias(name));
        }
    }
    let first = |name: &str| col(name).first();
    columns.extend([
        first("place"),
        first("pool"),
        first("_source"),
        first("_row"),
        first("_field"),
    ]);
    let estates = inventory.table("estates").clone().lazy().filter(in_a_pool());
    Ok(estates
        .group_by_stable([pool_id().alias(SUBJECT)])
        .agg(columns)
        .with_columns([col("pool").alias(Subjects::LABEL), col("place").alias(Subjects::AT)]))
}
