//! What was handed over and stands in no list of rooms that communities use (接收未交社区使用).

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::inventory::{Inventory, high, low};

use super::super::late::Days;
use super::super::{FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection};

/// How much was handed over of a facility to which no room of a community is tied.
pub const NOT_PASSED_ON: Measure = Measure {
    name: "not_passed_on",
    subject: "facility",
    counts: None,
    table: Some("facilities"),
    fields: &["handed_over_area", "use_state"],
    unit: Some("m2"),
    check: "handover",
    bases: &[],
    zh: "已移交而社区用房中没有的面积",
    en: "area handed over that is in no list of premises",
    compute: not_passed_on,
    rows: |inventory| {
        let nobody = crate::measure::subjects(inventory, "facility")?.filter(lit(false));
        Ok(nobody.with_column(lit(NULL).cast(DataType::String).alias(FACET)))
    },
};

fn not_passed_on(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let rooms = inventory.table("premises");
    let tied: BTreeSet<&str> = rooms.column("facility_id")?.str()?.iter().flatten().collect();
    // Without a list of rooms, or where it tells of none which facility it was, nobody knows which
    // stand in it.
    let listed = !tied.is_empty() || inventory.complete.contains("premises");
    let facilities = inventory.table("facilities");
    let ids = facilities.column("id")?.str()?;
    let column = "handed_over_area";
    let (least, most) =
        (facilities.column(&low(column))?.f64()?, facilities.column(&high(column))?.f64()?);
    let days = selection.day.map(|day| Days::of(inventory, day)).transpose()?;
    let (mut subject, mut ends) = (Vec::new(), (Vec::new(), Vec::new()));
    for row in 0..facilities.height() {
        let Some(id) = ids.get(row) else { continue };
        let lots = days.as_ref().and_then(|days| days.handed_over(id));
        let (least, most) = match (most.get(row).filter(|most| most.is_finite()), lots) {
            (Some(most), _) => (least.get(row).unwrap_or(0.0), most),
            (None, Some(lots)) => (lots.low, lots.high),
            (None, None) => (least.get(row).unwrap_or(0.0), f64::INFINITY),
        };
        let (least, most) = if tied.contains(id) { (0.0, 0.0) } else { (least, most) };
        subject.push(id.to_owned());
        ends.0.push(if listed { least } else { 0.0 });
        ends.1.push(most);
    }
    let gap = ends.0.iter().zip(&ends.1).map(|(low, high)| {
        let code = if listed { Gap::Value.code() } else { Gap::NoRows.code() };
        (low != high).then_some(code)
    });
    let gap: Vec<Option<&str>> = gap.collect();
    let rows: Vec<u32> = gap.iter().map(|gap| u32::from(gap.is_some())).collect();
    let frame = df!(
        SUBJECT => subject, LOW => ends.0, HIGH => ends.1, GAP => gap, GAP_ROWS => rows,
    )?;
    Ok(frame.lazy().with_column(lit(NULL).cast(DataType::String).alias(FACET)))
}
