//! `tenure.json`: rented against owned for other programs, as its own types.

mod build;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assessment::Outcome;

use super::v1::{Place, Range, Text, Tool};

pub use build::tenure_json;

/// The name of this version.
pub const SCHEMA: &str = "facility-audit/tenure.v1";

/// Rented against owned.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Tenure {
    /// The name of the version: `facility-audit/tenure.v1`.
    pub schema: String,
    /// The program that wrote it.
    pub tool: Tool,
    /// The project's name.
    pub project: String,
    /// Where.
    pub place: Place,
    /// The day that was judged on.
    pub as_of: String,
    /// The whole first, then divisions, then communities.
    pub places: Vec<PlaceTenure>,
    /// The area tests by housing, and with and without rented rooms.
    pub tests: Vec<Test>,
    /// When leases end.
    pub lease_ends: Vec<LeaseEnd>,
    /// Rents over the years.
    pub rents: Rents,
    /// The rented share by communities over the years; a year that is missing has no entry.
    pub shares: Vec<Share>,
    /// Rent against purchase; nothing where the project states no terms.
    pub purchase: Option<Purchases>,
    /// Targets.
    pub targets: Vec<Target>,
}

/// One place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PlaceTenure {
    /// `all`, `community`, or the level of a division such as `county`.
    pub level: String,
    /// Its id; empty for all.
    pub id: String,
    /// Its name; empty for all.
    pub name: String,
    /// Its communities: the denominator of the shares by communities.
    pub communities: usize,
    /// Have premises of their own, or a right to use some.
    pub own: usize,
    /// Rent, and surely have none of their own.
    pub rented: usize,
    /// The same at most.
    pub rented_at_most: usize,
    /// Only borrow.
    pub borrowed: usize,
    /// Only share.
    pub shared: usize,
    /// Have none.
    pub none: usize,
    /// Cannot be told.
    pub unknown: usize,
    /// Those that rent and own nothing, of all communities.
    pub share_by_communities: Option<Range>,
    /// Those that rent anything, of all communities.
    pub share_any_rented: Option<Range>,
    /// Its sites: the denominator of the share by sites.
    pub sites: usize,
    /// Rented sites, surely.
    pub rented_sites: usize,
    /// Rented sites, at most.
    pub rented_sites_at_most: usize,
    /// The rented area in m².
    pub rented_area: Range,
    /// Rented area, of all floor area.
    pub share_by_area: Option<Range>,
    /// The rent in yuan a year.
    pub annual_rent: Range,
    /// Rented rooms whose rent is not known.
    pub rented_without_rent: usize,
    /// Its rent, of all rent.
    pub share_of_rent: Option<Range>,
    /// Rent in yuan per m² and year.
    pub rent_per_m2: Option<Range>,
    /// Over how many rooms.
    pub rent_per_m2_rooms: usize,
    /// The households of communities that surely rent a room.
    pub renting_households: Range,
    /// Rent in yuan per household of theirs and year.
    pub rent_per_household: Option<Range>,
}

/// One requirement on rooms.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Test {
    /// `pack/requirement`.
    pub requirement: String,
    /// Its name.
    pub name: Text,
    /// How many meet it, by how they are housed.
    pub by_housing: Vec<ByHousing>,
    /// Each community it speaks about.
    pub communities: Vec<OwnArea>,
}

/// The communities housed in one way.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ByHousing {
    /// `own`, `rented`, `borrowed`, `shared`, `none`, `unknown`.
    pub housing: String,
    /// Meet it.
    pub met: usize,
    /// Do not.
    pub not_met: usize,
    /// Cannot be told.
    pub unknown: usize,
}

/// One community with and without rented rooms, in m².
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OwnArea {
    /// Its id.
    pub community: String,
    /// What counts as the text says.
    pub measured: Range,
    /// The same without rented rooms.
    pub without_rented: Range,
    /// What is required.
    pub required: Range,
    /// The verdict.
    pub outcome: Outcome,
    /// What it would be without rented rooms.
    pub outcome_without_rented: Outcome,
}

/// The leases that end at one time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct LeaseEnd {
    /// `2024Q2`, `2024`, `before`, `perhaps_before`, `unknown` or `not_begun`.
    pub ends: String,
    /// The same in words.
    pub words: Text,
    /// The rooms, by id.
    pub rooms: Vec<String>,
    /// The cells of their leases.
    pub cells: Vec<String>,
    /// Their area in m².
    pub area: Range,
    /// Their rent in yuan a year.
    pub annual_rent: Range,
}

/// Rents over the years.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Rents {
    /// The whole, by year; a year no room has a row of is missing.
    pub all: Vec<YearOfAll>,
    /// Each room, by year.
    pub rooms: Vec<YearOfRoom>,
    /// Rooms for which the list of rents and the ledger differ.
    pub differences: Vec<Difference>,
    /// Rooms with rents that the ledger does not call rented.
    pub not_rented: Vec<String>,
}

/// One year of all rooms.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct YearOfAll {
    /// The year.
    pub year: i32,
    /// The rent in yuan: without an upper end where something is missing.
    pub annual_rent: Range,
    /// How many rooms are known.
    pub rooms: usize,
    /// How many are missing.
    pub gaps: usize,
    /// Rent in yuan per m², over rooms of which both are known.
    pub rent_per_m2: Option<Range>,
}

/// One year of one room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct YearOfRoom {
    /// The room.
    pub room: String,
    /// Its community, by id.
    pub community: Option<String>,
    /// The year.
    pub year: i32,
    /// The rent in yuan; nothing for a gap.
    pub annual_rent: Option<Range>,
    /// The cell, where there is one.
    pub cell: Option<String>,
}

/// Two rents of one room and year, in yuan.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The room.
    pub room: String,
    /// The year.
    pub year: i32,
    /// What the list of rents says.
    pub listed: Range,
    /// Its cell.
    pub listed_cell: String,
    /// What the ledger says.
    pub ledger: Range,
    /// Its cell.
    pub ledger_cell: String,
}

/// The rented share of one year.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// The day it was judged on.
    pub as_of: String,
    /// Its communities.
    pub communities: usize,
    /// The share.
    pub share: Option<Range>,
}

/// Rent against purchase.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Purchases {
    /// The discount rate of a year, as the project states it.
    pub discount_rate: f64,
    /// How much rents grow in a year, as the project states it.
    pub rent_growth: f64,
    /// After how many years the comparison ends.
    pub years: u32,
    /// Each rented room.
    pub rooms: Vec<Purchase>,
    /// Rented rooms that cannot be compared, by id.
    pub not_compared: Vec<String>,
}

/// One rented room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Purchase {
    /// Its id.
    pub room: String,
    /// Its name.
    pub name: String,
    /// Its community, by id.
    pub community: Option<String>,
    /// The rent of the first year, in yuan.
    pub annual_rent: f64,
    /// The price of a m², in yuan.
    pub unit_price: f64,
    /// `stated`, `community`, `district` or `all`.
    pub price_from: String,
    /// What as much area would cost, in yuan.
    pub cost: f64,
    /// What all rents within the years are worth today, in yuan.
    pub rents_today: f64,
    /// The year in which rent reaches the price; nothing where it does not.
    pub break_even: Option<u32>,
    /// The same with one thing changed.
    pub sensitivity: Vec<Sensitivity>,
    /// The cells it is worked out from.
    pub cells: Vec<String>,
}

/// One thing changed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Sensitivity {
    /// `discount_rate`, `rent_growth` or `price` (a factor).
    pub what: String,
    /// To what.
    pub to: f64,
    /// The year.
    pub break_even: Option<u32>,
}

/// A target for the rented share by communities.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// The greatest share.
    pub rented_share: f64,
    /// The year it is to be reached.
    pub by: Option<i16>,
    /// The share now.
    pub now: Option<Range>,
    /// Communities that have to stop renting, at least and at most.
    pub to_stop: [usize; 2],
    /// The year it is reached at the planned pace, at the earliest and at the latest.
    pub planned: Option<[i16; 2]>,
    /// The year it is reached by the trend of earlier years.
    pub trend: Option<[i16; 2]>,
    /// The text that sets it.
    pub source: Option<String>,
}
