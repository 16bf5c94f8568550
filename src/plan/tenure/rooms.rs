//! The rooms of an inventory as a comparison of renting and owning needs them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::Float64Chunked;

use crate::audit::Audit;
use crate::day::PartialDay;
use crate::error::Result;
use crate::inventory::{high, low};
use crate::quantity::Interval;

/// How a room is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Owned, with or without title, or by a right of use.
    Own,
    /// Rented.
    Rented,
    /// Borrowed, or shared with others.
    Otherwise,
    /// Not known.
    Unknown,
}

/// One room.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// The site it is part of.
    pub site: String,
    /// Its community, by id: of a shared one the first; nothing when nobody is known to use it.
    pub home: Option<String>,
    /// How it is held.
    pub held: Held,
    /// Whether its lease, if it has one, has begun by the day; nothing where that cannot be told.
    pub begun: Option<bool>,
    /// Its floor area; of an area on another basis nothing is known.
    pub area: Interval,
    /// The rent of a year, in yuan.
    pub rent: Interval,
    /// The last day of the lease.
    pub ends: Option<PartialDay>,
    /// The year its figures belong to.
    pub year: Option<i32>,
    /// The cell of its rent.
    pub rent_cell: String,
    /// The cell of its lease.
    pub lease_cell: String,
}

impl Room {
    /// Whether it is rented on the day: surely, and perhaps.
    pub fn rented(&self) -> (bool, bool) {
        let is = self.held == Held::Rented;
        let may = is || self.held == Held::Unknown;
        (is && self.begun == Some(true), may && self.begun != Some(false))
    }
}

/// The codes of tenure that are owning.
const OWN: [&str; 4] = ["owned", "owned_titled", "owned_untitled", "use_right"];

/// Every room there is on the day; rows that say there is none are left out.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn rooms(audit: &Audit) -> Result<Vec<Room>> {
    let inventory = &audit.inventory;
    let day = audit.question.day;
    let mut homes: HashMap<&str, &str> = HashMap::new();
    let uses = inventory.uses();
    let (premises, communities) =
        (uses.column("premises_id")?.str()?, uses.column("community_id")?.str()?);
    let sure = uses.column("sure")?.bool()?;
    for row in 0..uses.height() {
        if let (Some(premises), Some(community), Some(true)) =
            (premises.get(row), communities.get(row), sure.get(row))
        {
            homes.entry(premises).or_insert(community);
        }
    }
    let frame = inventory.table("premises");
    let text = |name: &str| frame.column(name)?.str();
    let number = |name: &str| frame.column(name)?.f64();
    let (ids, names, sites, tenures) = (text("id")?, text("name")?, text("site")?, text("tenure")?);
    let (bases, from, to) = (text("area_basis")?, text("lease_from")?, text("lease_to")?);
    let areas = (number(&low("area"))?, number(&high("area"))?);
    let rents = (number(&low("annual_rent"))?, number(&high("annual_rent"))?);
    let years = frame.column("figures_year")?.i32()?;
    let (sources, rows) = (frame.column("_source")?.u32()?, frame.column("_row")?.u32()?);
    let mut all = Vec::with_capacity(frame.height());
    for row in 0..frame.height() {
        let Some(id) = ids.get(row) else { continue };
        let held = match tenures.get(row) {
            Some("none") => continue,
            Some("rented") => Held::Rented,
            Some(code) if OWN.contains(&code) => Held::Own,
            Some(_) => Held::Otherwise,
            None => Held::Unknown,
        };
        let of = |ends: &(&Float64Chunked, &Float64Chunked)| -> Interval {
            match (ends.0.get(row), ends.1.get(row)) {
                (Some(low), Some(high)) => Interval::between(low, high),
                _ => Interval::UNKNOWN,
            }
        };
        let floor = bases.get(row).is_none_or(|basis| basis == "floor");
        let begun = match from.get(row).and_then(PartialDay::parse) {
            Some(date) if date.first() > day => Some(false),
            Some(date) if date.last() > day => None,
            _ => Some(true),
        };
        let source = sources.get(row).and_then(|at| inventory.sources.get(at as usize));
        let cell = |field: &str| {
            source
                .zip(rows.get(row))
                .map(|(source, row)| source.cell(field, row))
                .unwrap_or_default()
        };
        let fed = |field: &str| source.is_some_and(|source| source.columns.contains_key(field));
        let lease = if fed("lease_to") { "lease_to" } else { "lease_term" };
        all.push(Room {
            id: id.to_owned(),
            label: names.get(row).unwrap_or(id).to_owned(),
            site: sites.get(row).unwrap_or(id).to_owned(),
            home: homes.get(id).map(|home| (*home).to_owned()),
            held,
            begun,
            area: if floor { of(&areas) } else { Interval::UNKNOWN },
            rent: of(&rents),
            ends: to.get(row).and_then(PartialDay::parse),
            year: years.get(row),
            rent_cell: cell("annual_rent"),
            lease_cell: cell(lease),
        });
    }
    Ok(all)
}

/// Sums over some rooms, each counted once.
#[derive(Debug, Clone, PartialEq)]
pub struct Sums {
    /// How many sites there are.
    pub sites: usize,
    /// How many of them are rented, at least and at most.
    pub rented_sites: (usize, usize),
    /// The area that is rented.
    pub rented_area: Interval,
    /// The share of the area that is rented; nothing without any area.
    pub by_area: Option<Interval>,
    /// The rent of a year.
    pub rent: Interval,
    /// How many rented rooms have no rent, of how many.
    pub without_rent: (usize, usize),
    /// Rent per m² and year, over rooms of which both are known, and how many these are.
    pub per_m2: Option<(Interval, usize)>,
}

/// One part as a share of itself and the rest. Against an endless rest it is nothing, and an endless
/// part is all.
pub fn part(one: f64, rest: f64) -> f64 {
    if one == 0.0 || rest.is_infinite() {
        return 0.0;
    }
    if rest == 0.0 || one.is_infinite() { 1.0 } else { one / (one + rest) }
}

/// Adds up rooms; those whose lease has not begun are none yet.
pub fn sums<'r>(rooms: impl IntoIterator<Item = &'r Room>) -> Sums {
    let here: Vec<&Room> = rooms.into_iter().filter(|room| room.begun != Some(false)).collect();
    let mut sites: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
    for room in &here {
        let (surely, maybe) = room.rented();
        let site = sites.entry(room.site.as_str()).or_default();
        *site = (site.0 || surely, site.1 || maybe);
    }
    let rented = || here.iter().filter(|room| room.rented().0);
    let nothing = Interval::exactly(0.0);
    let at_least = Interval::sum(rented().map(|room| room.area));
    let open: Vec<&&Room> =
        here.iter().filter(|room| room.rented().1 && !room.rented().0).collect();
    let may = Interval::sum(open.iter().map(|room| room.area));
    let other = Interval::sum(here.iter().filter(|room| !room.rented().1).map(|room| room.area));
    let any_area = at_least.high + may.high + other.high > 0.0;
    // A rent that may be due to somebody who may rent is not in the sum; it is told beside it.
    let paid = Interval::sum(rented().map(|room| room.rent));
    let both: Vec<&&Room> = rented()
        .filter(|room| {
            room.rent.high.is_finite() && room.area.high.is_finite() && room.area.low > 0.0
        })
        .collect();
    let per_m2 = (!both.is_empty()).then(|| {
        let rent = Interval::sum(both.iter().map(|room| room.rent));
        let area = Interval::sum(both.iter().map(|room| room.area));
        (Interval::between(rent.low / area.high, rent.high / area.low), both.len())
    });
    Sums {
        sites: sites.len(),
        rented_sites: (
            sites.values().filter(|(surely, _)| *surely).count(),
            sites.values().filter(|(_, maybe)| *maybe).count(),
        ),
        rented_area: if rented().next().is_some() { at_least } else { nothing },
        by_area: any_area.then(|| {
            Interval::between(
                part(at_least.low, other.high + may.high),
                part(at_least.high + may.high, other.low),
            )
        }),
        rent: paid,
        without_rent: (
            rented().filter(|room| room.rent.high.is_infinite()).count(),
            rented().count(),
        ),
        per_m2,
    }
}

/// The communities that surely rent any of these rooms.
pub fn renters(rooms: &[Room]) -> BTreeSet<&str> {
    let rented = rooms.iter().filter(|room| room.rented().0);
    rented.filter_map(|room| room.home.as_deref()).collect()
}
