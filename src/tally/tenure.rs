//! How communities are housed: owned, rented, borrowed, or not at all.

use polars::prelude::PolarsResult;

use crate::day::Day;
use crate::inventory::Inventory;
use crate::measure::{SUBJECT, TenureColumn, tenure_by_community};
use crate::quantity::Interval;
use crate::words::Words;

use super::share;

/// How a community is housed, by the best it surely has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Housing {
    /// It has premises of its own, or a right to use some.
    Own,
    /// It rents, and surely has none of its own.
    Rented,
    /// It only borrows.
    Borrowed,
    /// It only shares with others.
    Shared,
    /// It has no premises.
    None,
    /// That cannot be told.
    Unknown,
}

impl Housing {
    /// All of them, in the order reports show them.
    pub const ALL: [Housing; 6] = [
        Housing::Own,
        Housing::Rented,
        Housing::Borrowed,
        Housing::Shared,
        Housing::None,
        Housing::Unknown,
    ];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Housing::Own => "own",
            Housing::Rented => "rented",
            Housing::Borrowed => "borrowed",
            Housing::Shared => "shared",
            Housing::None => "none",
            Housing::Unknown => "unknown",
        }
    }

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            Housing::Own => Words::new("自有或有使用权", "own or right of use"),
            Housing::Rented => Words::new("租赁", "rent"),
            Housing::Borrowed => Words::new("仅借用", "only borrow"),
            Housing::Shared => Words::new("仅共用", "only share"),
            Housing::None => Words::new("无用房", "none"),
            Housing::Unknown => Words::new("不明", "unknown"),
        }
    }
}

/// One community and how it is housed.
#[derive(Debug, Clone, PartialEq)]
pub struct Housed {
    /// The community's id.
    pub community: String,
    /// How.
    pub how: Housing,
    /// Whether it may be one that rents and has none of its own.
    pub may_rent_only: bool,
    /// Whether it rents any site: surely, and perhaps.
    pub rents_any: (bool, bool),
}

/// How each community of an inventory is housed on a day, in the order of their table.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn housed(inventory: &Inventory, day: Day) -> PolarsResult<Vec<Housed>> {
    let table = tenure_by_community(inventory, Some(day))?.collect()?;
    let column = |class: TenureColumn, end: &str| -> PolarsResult<Vec<f64>> {
        let name = class.end(end);
        Ok(table.column(&name)?.f64()?.iter().map(|n| n.unwrap_or(0.0)).collect())
    };
    let bounds = |class| -> PolarsResult<Vec<Interval>> {
        let (low, high) = (column(class, "low")?, column(class, "high")?);
        Ok(low.into_iter().zip(high).map(|(low, high)| Interval::between(low, high)).collect())
    };
    let classes = [
        (Housing::Own, bounds(TenureColumn::Own)?),
        (Housing::Rented, bounds(TenureColumn::Rented)?),
        (Housing::Borrowed, bounds(TenureColumn::Borrowed)?),
        (Housing::Shared, bounds(TenureColumn::Shared)?),
    ];
    let subjects = table.column(SUBJECT)?.str()?;
    let one = |row: usize| {
        let surely = |at: usize| classes[at].1[row].low > 0.0;
        let maybe = |at: usize| classes[at].1[row].high > 0.0;
        // The first class it surely has, unless one before it is possible.
        let first = (0..classes.len()).find(|at| maybe(*at));
        let how = match first {
            None => Housing::None,
            Some(at) if surely(at) => classes[at].0,
            Some(_) => Housing::Unknown,
        };
        Housed {
            community: subjects.get(row).unwrap_or_default().to_owned(),
            how,
            may_rent_only: maybe(1) && !surely(0),
            rents_any: (surely(1), maybe(1)),
        }
    };
    Ok((0..table.height()).map(one).collect())
}

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
        Ok(TenureTally::count(&housed(inventory, day)?))
    }

    /// Counts some communities.
    pub fn count<'h>(all: impl IntoIterator<Item = &'h Housed>) -> TenureTally {
        let mut tally = TenureTally::default();
        for one in all {
            tally.communities += 1;
            *match one.how {
                Housing::Own => &mut tally.own,
                Housing::Rented => &mut tally.rented,
                Housing::Borrowed => &mut tally.borrowed,
                Housing::Shared => &mut tally.shared,
                Housing::None => &mut tally.none,
                Housing::Unknown => &mut tally.unknown,
            } += 1;
            tally.rented_at_most += usize::from(one.may_rent_only);
            tally.any_rented.0 += usize::from(one.rents_any.0);
            tally.any_rented.1 += usize::from(one.rents_any.1);
        }
        tally
    }

    /// How many are housed in one way.
    pub fn of_kind(&self, how: Housing) -> usize {
        match how {
            Housing::Own => self.own,
            Housing::Rented => self.rented,
            Housing::Borrowed => self.borrowed,
            Housing::Shared => self.shared,
            Housing::None => self.none,
            Housing::Unknown => self.unknown,
        }
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
