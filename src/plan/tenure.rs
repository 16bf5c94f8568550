//! Rented against owned: what renting costs where, when leases end, what buying would cost instead,
//! how it went over the years, and when a target would be reached.

mod leases;
mod own;
mod places;
mod purchase;
mod rooms;
mod targets;
mod years;

pub use leases::{Ends, LeaseEnd};
pub use own::{OwnArea, OwnTest};
pub use places::{Level, PlaceTenure};
pub use purchase::{Changed, Origin, Price, Purchase, break_even};
pub use rooms::{Held, Room, Sums};
pub use targets::{Outlook, Target, Trend};
pub use years::{Difference, RoomYears, YearRent, YearSum, Years};

use std::collections::HashSet;

use crate::audit::Audit;
use crate::error::Result;
use crate::quantity::Interval;
use crate::tally::{Housed, housed};

use places::Communities;

/// What a project states for a comparison of renting and buying; nothing is assumed.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The discount rate of a year.
    pub discount_rate: f64,
    /// How much rents grow in a year.
    pub rent_growth: f64,
    /// The price of a m², when it is not taken from the offers.
    pub unit_price: Option<f64>,
    /// After how many years the comparison ends.
    pub years: u32,
    /// How far the rate and the growth are moved, and the price as a share.
    pub sensitivity: (f64, f64, f64),
}

/// What a project says for the comparison of rented and owned.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    /// The terms of rent against purchase; without them it is not computed.
    pub terms: Option<Terms>,
    /// Targets.
    pub targets: Vec<Target>,
}

/// An earlier year's share, from an earlier run.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// The year.
    pub year: i16,
    /// The day that run judged on.
    pub day: String,
    /// The rented share by communities.
    pub share: Option<Interval>,
    /// The communities of that run.
    pub communities: usize,
}

/// Rented against owned.
#[derive(Debug, Clone)]
pub struct Tenures {
    /// Every room there is.
    pub rooms: Vec<Room>,
    /// How each community is housed.
    pub housed: Vec<Housed>,
    /// The whole, each division, each community.
    pub places: Vec<PlaceTenure>,
    /// The area tests by housing, with and without rented rooms.
    pub tests: Vec<OwnTest>,
    /// When leases end.
    pub leases: Vec<LeaseEnd>,
    /// Rents over the years.
    pub years: Years,
    /// The rented share over the years, this one included, by year.
    pub shares: Vec<Past>,
    /// The terms of rent against purchase.
    pub terms: Option<Terms>,
    /// Rent against purchase, by room.
    pub purchases: Vec<Purchase>,
    /// Rented rooms that cannot be compared, by position.
    pub not_compared: Vec<usize>,
    /// Targets and when they would be reached.
    pub outlooks: Vec<Outlook>,
}

impl Tenures {
    /// Compares rented and owned premises of an audit.
    ///
    /// # Errors
    /// When the engine fails, which would be a defect.
    pub fn of(audit: &Audit, asked: &Asked, past: &[Past]) -> Result<Tenures> {
        let day = audit.question.day;
        let housed = housed(&audit.inventory, day)?;
        let communities = Communities::of(audit)?;
        let mut rooms = rooms::rooms(audit)?;
        // Rooms of communities that are not founded yet are none of theirs.
        let known: HashSet<&str> = housed.iter().map(|one| one.community.as_str()).collect();
        let founded =
            |room: &Room| room.home.as_ref().is_none_or(|home| known.contains(home.as_str()));
        rooms.retain(founded);
        let places = places::places(audit, &rooms, &housed, &communities)?;
        let tests = own::own_tests(audit, &housed)?;
        let leases = leases::lease_ends(&rooms, day);
        let years = years::years(audit, &rooms)?;
        let (purchases, not_compared) = match &asked.terms {
            Some(terms) => purchase::purchases(audit, &rooms, terms, &communities.places)?,
            None => (Vec::new(), Vec::new()),
        };
        let tally = &audit.tenure;
        let earlier: Vec<(i16, Interval)> =
            past.iter().filter_map(|one| Some((one.year, one.share?))).collect();
        let outlooks = asked
            .targets
            .iter()
            .map(|target| targets::outlook(target, tally, day, &earlier))
            .collect();
        let mut shares = past.to_vec();
        shares.push(Past {
            year: day.year(),
            day: day.to_string(),
            share: tally.rented_share(),
            communities: tally.communities,
        });
        shares.sort_by(|a, b| a.day.cmp(&b.day));
        Ok(Tenures {
            rooms,
            housed,
            places,
            tests,
            leases,
            years,
            shares,
            terms: asked.terms.clone(),
            purchases,
            not_compared,
            outlooks,
        })
    }

    /// The name of a community.
    pub fn label<'t>(&'t self, community: &'t str) -> &'t str {
        let found = self.places.iter().find(|place| place.id == community);
        found.map_or(community, |place| &place.label)
    }

    /// What the whole cost in each year of the list of rents.
    pub fn rents(&self) -> Vec<Option<YearSum>> {
        self.years.sums(&|_| true)
    }

    /// What one place cost in each year.
    pub fn rents_of(&self, place: &PlaceTenure) -> Vec<Option<YearSum>> {
        match place.level {
            Level::All => self.rents(),
            _ => self.years.sums(&|community| {
                community.is_some_and(|community| place.communities.contains(community))
            }),
        }
    }
}
