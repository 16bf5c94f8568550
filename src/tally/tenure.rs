//! How communities are housed: owned, rented, borrowed, or not at all.

use polars::prelude::PolarsResult;

use crate::day::Day;
use crate::inventory::Inventory;
use crate::measure::{TenureColumn, tenure_by_community};
use crate::quantity::Interval;

use super::share;

/// Communities by tenure. The six classes are disjoint and add up to `communities`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TenureTally {
    /// All communities.
    pub communities: usize,
    /// Have premises of their own, or a right to use some.
    pub own: usize,
    /// Rent, and surely have none of their own.
    pub rented: usize,
    /// Only borrow.
    pub borrowed: usize,
    /// Only share with others.
    pub shared: usize,
    /// Have no premises.
    pub none: usize,
    /// Cannot be told.
    pub unknown: usize,
    /// Communities that rent and have none of their own, if all unknown ones that could, did.
    pub rented_at_most: usize,
    /// Communities with any rented site, whatever else they have: surely, and at most.
    pub any_rented: (usize, usize),
}

impl TenureTally {
    /// Counts the communities of an inventory.
    ///
    /// # Errors
    /// When the engine fails, which would be a defect.
    pub fn of(inventory: &Inventory, day: Day) -> PolarsResult<TenureTally> {
        let table = tenure_by_community(inventory, Some(day))?.collect()?;
        let column = |class: TenureColumn, end: &str| -> PolarsResult<Vec<f64>> {
            let name = class.end(end);
            Ok(table.column(&name)?.f64()?.iter().map(|n| n.unwrap_or(0.0)).collect())
        };
        let bounds = |class| -> PolarsResult<Vec<Interval>> {
            let (low, high) = (column(class, "low")?, column(class, "high")?);
            Ok(low.into_iter().zip(high).map(|(low, high)| Interval::between(low, high)).collect())
        };
        let (own, rented) = (bounds(TenureColumn::Own)?, bounds(TenureColumn::Rented)?);
        let (borrowed, shared) = (bounds(TenureColumn::Borrowed)?, bounds(TenureColumn::Shared)?);
        let mut tally = TenureTally { communities: table.height(), ..TenureTally::default() };
        for row in 0..table.height() {
            let surely = |of: &[Interval]| of[row].low > 0.0;
            let maybe = |of: &[Interval]| of[row].high > 0.0;
            let class = if surely(&own) {
                &mut tally.own
            } else if maybe(&own) {
                &mut tally.unknown
            } else if surely(&rented) {
                &mut tally.rented
            } else if maybe(&rented) {
                &mut tally.unknown
            } else if surely(&borrowed) {
                &mut tally.borrowed
            } else if maybe(&borrowed) {
                &mut tally.unknown
            } else if surely(&shared) {
                &mut tally.shared
            } else if maybe(&shared) {
                &mut tally.unknown
            } else {
                &mut tally.none
            };
            *class += 1;
            tally.rented_at_most += usize::from(maybe(&rented) && !surely(&own));
            tally.any_rented.0 += usize::from(surely(&rented));
            tally.any_rented.1 += usize::from(maybe(&rented));
        }
        Ok(tally)
    }

    /// The rented share by communities: those that rent and have no premises of their own, over
    /// all communities, those without any premises included.
    pub fn rented_share(&self) -> Option<Interval> {
        share(self.rented, self.rented_at_most, self.communities)
    }

    /// The share of communities with any rented site.
    pub fn any_rented_share(&self) -> Option<Interval> {
        share(self.any_rented.0, self.any_rented.1, self.communities)
    }
}
