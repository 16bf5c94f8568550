//! Measures of the people who work for communities.

use polars::prelude::*;

use crate::inventory::Inventory;
use crate::quantity::Interval;

use super::{FACET, Measure, SUBJECT, for_all, interval_sum, subjects, widened};

/// The people in post in a division in the latest period its rows state.
pub const IN_POST: Measure = Measure {
    name: "in_post",
    subject: "division",
    counts: None,
    table: Some("staff"),
    fields: &["in_post"],
    unit: Some("people"),
    check: "headcount",
    bases: &[],
    zh: "在岗人数",
    en: "people in post",
    compute: |inventory, _| in_post(inventory, "division", latest_rows(inventory)?),
    rows: latest_rows,
};

/// The people in post in a community in the latest period its rows state.
pub const COMMUNITY_IN_POST: Measure = Measure {
    subject: "community",
    compute: |inventory, _| in_post(inventory, "community", community_rows(inventory)?),
    rows: community_rows,
    ..IN_POST
};

fn in_post(inventory: &Inventory, kind: &str, rows: LazyFrame) -> PolarsResult<LazyFrame> {
    let parts = rows.with_columns([
        col("in_post_low").alias("low"),
        col("in_post_high").alias("high"),
        lit(true).alias("member"),
        lit(1.0).alias("share_low"),
        lit(1.0).alias("share_high"),
    ]);
    let all = subjects(inventory, kind)?;
    let measured = for_all(all, interval_sum(parts), inventory.complete.contains("staff"));
    with_strays(inventory, measured, if kind == "division" { "place_id" } else { "community_id" })
}

/// People of rows that belong to nobody known may be anybody's: they widen every upper end. A row
/// that names a place as a whole is nobody's in it.
fn with_strays(inventory: &Inventory, measured: LazyFrame, owner: &str) -> PolarsResult<LazyFrame> {
    let nobody = match owner {
        "community_id" => col("community").is_not_null().and(col("community_id").is_null()),
        _ => col(owner).is_null(),
    };
    let strays = inventory.table("staff").clone().lazy().filter(nobody);
    let strays = strays.collect()?;
    let more: f64 = strays.column("in_post_high")?.f64()?.iter().flatten().sum();
    Ok(widened(measured, strays.height(), more))
}

/// The staff rows of each community's latest period; where no row states a period, all of them.
fn community_rows(inventory: &Inventory) -> PolarsResult<LazyFrame> {
    let last = col("period").max().over([col("community_id")])?;
    let latest = col("period").eq(last.clone()).fill_null(lit(false)).or(last.is_null());
    let linked = inventory.table("staff").clone().lazy().filter(col("community_id").is_not_null());
    Ok(linked.filter(latest).with_columns([
        col("community_id").alias(SUBJECT),
        lit(NULL).cast(DataType::String).alias(FACET),
    ]))
}

/// The staff rows of each division's latest period; where no row states a period, all of them.
/// Where the division states its own number, its communities' rows would count people twice.
fn latest_rows(inventory: &Inventory) -> PolarsResult<LazyFrame> {
    let division = [col("place_id")];
    let last = col("period").max().over(division.clone())?;
    let latest = col("period").eq(last.clone()).fill_null(lit(false)).or(last.is_null());
    let own = col("community").is_null();
    let has_own = own.clone().any(true).over(division)?;
    let linked = inventory.table("staff").clone().lazy().filter(col("place_id").is_not_null());
    Ok(linked.filter(latest).filter(own.eq(has_own)).with_columns([
        col("place_id").alias(SUBJECT),
        lit(NULL).cast(DataType::String).alias(FACET),
    ]))
}

/// How many of those recruited in a period left.
#[derive(Debug, Clone, PartialEq)]
pub struct Attrition {
    /// The division's id.
    pub division: String,
    /// The period, as stated.
    pub period: Option<String>,
    /// People recruited.
    pub recruited: Interval,
    /// People who left.
    pub left: Interval,
    /// Where the row stands.
    pub source: u32,
    /// Its spreadsheet row.
    pub row: u32,
}

impl Attrition {
    /// Left over recruited, when both are known.
    pub fn rate(&self) -> Option<f64> {
        let known = self.recruited.is_exact() && self.left.is_exact() && self.recruited.low > 0.0;
        known.then(|| self.left.low / self.recruited.low)
    }
}

/// The attrition of every staff row that states people recruited or left.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn attrition(inventory: &Inventory) -> PolarsResult<Vec<Attrition>> {
    let staff = inventory.table("staff");
    let number = |name: &str| staff.column(name)?.f64();
    let text = |name: &str| staff.column(name)?.str();
    let place = |name: &str| staff.column(name)?.u32();
    let (recruited, left) = (
        (number("recruited_low")?, number("recruited_high")?),
        (number("left_low")?, number("left_high")?),
    );
    let bounds = |(low, high): (&Float64Chunked, &Float64Chunked), row: usize| {
        Interval::between(low.get(row).unwrap_or(0.0), high.get(row).unwrap_or(f64::INFINITY))
    };
    let all = (0..staff.height()).map(|row| -> PolarsResult<Attrition> {
        Ok(Attrition {
            division: text("place_id")?.get(row).unwrap_or_default().to_owned(),
            period: text("period")?.get(row).map(str::to_owned),
            recruited: bounds(recruited, row),
            left: bounds(left, row),
            source: place("_source")?.get(row).unwrap_or_default(),
            row: place("_row")?.get(row).unwrap_or_default(),
        })
    });
    let stated =
        |one: &Attrition| one.recruited != Interval::UNKNOWN || one.left != Interval::UNKNOWN;
    let mut all = all.collect::<PolarsResult<Vec<_>>>()?;
    all.retain(stated);
    Ok(all)
}
