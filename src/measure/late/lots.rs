//! Handovers in lots: a facility is handed over on the day of the lot that completes it.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::inventory::{Inventory, high, low};
use crate::quantity::Interval;

use super::When;

/// What was handed over at once, and when.
#[derive(Debug, Clone, Copy)]
pub struct Lot {
    /// When it was.
    pub when: When,
    /// Its area.
    pub area: Interval,
}

/// When lots come to an area that is needed: with less than that it has not happened.
pub fn completed(lots: &[Lot], needed: Interval) -> When {
    let reached = |day: &dyn Fn(&Lot) -> Option<(f64, f64)>, needed: f64| {
        let mut days: Vec<(f64, f64)> = lots.iter().filter_map(day).collect();
        days.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut sum = 0.0;
        let complete = |(day, area): (f64, f64)| {
            sum += area;
            (sum >= needed - 0.005).then_some(day)
        };
        days.into_iter().find_map(complete)
    };
    let soonest =
        reached(&|lot| lot.when.may.then_some((lot.when.first, lot.area.high)), needed.low);
    let surely =
        reached(&|lot| lot.when.must.then_some((lot.when.last, lot.area.low)), needed.high);
    let latest = lots.iter().filter(|lot| lot.when.may).map(|lot| lot.when.last);
    match (soonest, surely) {
        (None, _) => When::NEVER,
        (Some(first), Some(last)) => When { may: true, must: true, first, last },
        (Some(first), None) => {
            let last = latest.fold(f64::NEG_INFINITY, f64::max);
            When { may: true, must: false, first, last }
        }
    }
}

/// What has been handed over in lots, so far as they have surely or possibly happened.
pub fn handed_over(lots: &[Lot]) -> Interval {
    Interval::sum(lots.iter().map(|lot| {
        let least = if lot.when.must { lot.area.low } else { 0.0 };
        Interval::between(least, if lot.when.may { lot.area.high } else { 0.0 })
    }))
}

/// What each facility must have handed over to be complete: what is due, or what was built where
/// that is less.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn needed(inventory: &Inventory) -> PolarsResult<BTreeMap<String, Interval>> {
    let facilities = inventory.table("facilities");
    let ids = facilities.column("id")?.str()?;
    let read = |names: &[&str]| -> PolarsResult<Vec<Interval>> {
        let ends = |name: &&str| -> PolarsResult<(Float64Chunked, Float64Chunked)> {
            let end = |name: String| facilities.column(&name)?.f64().cloned();
            Ok((end(low(name))?, end(high(name))?))
        };
        let columns = names.iter().map(ends).collect::<PolarsResult<Vec<_>>>()?;
        let first = |row: usize| {
            let given = columns.iter().map(|(low, high)| {
                Interval::between(
                    low.get(row).unwrap_or(0.0),
                    high.get(row).unwrap_or(f64::INFINITY),
                )
            });
            given.into_iter().find(|one| *one != Interval::UNKNOWN).unwrap_or(Interval::UNKNOWN)
        };
        Ok((0..facilities.height()).map(first).collect())
    };
    let due = read(&["due_contract", "due_plan", "due_stated"])?;
    let built = read(&["built_area", "accepted_area"])?;
    let mut found = BTreeMap::new();
    for row in 0..facilities.height() {
        let Some(id) = ids.get(row) else { continue };
        let (due, built) = (due[row], built[row]);
        let less = Interval::between(due.low.min(built.low), due.high.min(built.high));
        found.insert(id.to_owned(), less);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(day: f64, area: f64) -> Lot {
        let when = When { may: true, must: true, first: day, last: day };
        Lot { when, area: Interval::exactly(area) }
    }

    #[test]
    fn the_lot_that_completes_it_counts() {
        let lots = [lot(20.0, 156.0), lot(10.0, 300.0)];
        let at = |needed: f64| completed(&lots, Interval::exactly(needed));
        assert_eq!((at(300.0).first, at(456.0).first), (10.0, 20.0));
        assert_eq!(at(457.0), When::NEVER);
        assert_eq!(handed_over(&lots), Interval::exactly(456.0));
    }

    #[test]
    fn where_it_is_not_known_how_much_is_needed_it_may_be_complete() {
        let unknown = completed(&[lot(10.0, 300.0)], Interval::UNKNOWN);
        assert!(unknown.may && !unknown.must);
        let within = completed(&[lot(10.0, 300.0)], Interval::between(200.0, 400.0));
        assert!(within.may && !within.must);
    }
}
