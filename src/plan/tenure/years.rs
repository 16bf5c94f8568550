//! Rents over the years, side by side; a year without a figure is a gap and is not filled.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::Audit;
use crate::error::Result;
use crate::inventory::{high, low};
use crate::quantity::Interval;

use super::rooms::{Held, Room};

/// Rents by year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Years {
    /// The years, from the first to the last that any figure is of.
    pub years: Vec<i32>,
    /// Each room, or community where the rooms are not told apart, by year.
    pub rooms: Vec<RoomYears>,
    /// Where the list of rents and the ledger differ for one room and year.
    pub differences: Vec<Difference>,
    /// Rooms and years of which two rows say different rents: the room, the year, the cells.
    pub twice: Vec<(String, i32, String)>,
    /// Rooms in the list of rents that the ledger does not call rented, with the last cell of each.
    pub not_rented: Vec<(String, String)>,
}

/// One room over the years.
#[derive(Debug, Clone, PartialEq)]
pub struct RoomYears {
    /// What it is called.
    pub label: String,
    /// Its community, by id.
    pub community: Option<String>,
    /// What is known of each year, by the position in the years.
    pub rents: Vec<YearRent>,
    /// Its area in each year, where it is known.
    pub areas: Vec<Option<Interval>>,
    /// The cells, for years that have one.
    pub cells: Vec<Option<String>>,
}

/// The rent of one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum YearRent {
    /// It lies outside the first and the last year of the room's figures.
    Outside,
    /// It is missing, or its cell is blank.
    Gap,
    /// It is known, in yuan.
    Paid(Interval),
}

/// What some rooms cost in one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearSum {
    /// What is known: without an upper end where there are gaps.
    pub rent: Interval,
    /// How many rooms are known.
    pub known: usize,
    /// How many are missing.
    pub gaps: usize,
    /// Rent per m², over rooms of which both are known, and how many these are.
    pub per_m2: Option<(Interval, usize)>,
}

/// Two figures for one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The room.
    pub label: String,
    /// The year.
    pub year: i32,
    /// What the list of rents says, and where.
    pub listed: (Interval, String),
    /// What the ledger says, and where.
    pub ledger: (Interval, String),
}

type Rows = BTreeMap<i32, (Interval, Option<Interval>, String)>;

/// Arranges the list of rents by room and year.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn years(audit: &Audit, rooms: &[Room]) -> Result<Years> {
    let frame = audit.inventory.table("rents");
    let text = |name: &str| frame.column(name)?.str();
    let number = |name: &str| frame.column(name)?.f64();
    let (premises, names) = (text("premises_id")?, text("premises")?);
    let (communities, community_names) = (text("community_id")?, text("community")?);
    let numbers = frame.column("year")?.i32()?;
    let rents = (number(&low("annual_rent"))?, number(&high("annual_rent"))?);
    let areas = (number("area")?, number(&low("area"))?, number(&high("area"))?);
    let (sources, rows) = (frame.column("_source")?.u32()?, frame.column("_row")?.u32()?);
    let by_id: BTreeMap<&str, &Room> = rooms.iter().map(|room| (room.id.as_str(), room)).collect();
    let mut by_room: BTreeMap<(Option<String>, String, Option<String>), Rows> = BTreeMap::new();
    for row in 0..frame.height() {
        let Some(year) = numbers.get(row) else { continue };
        let own = premises.get(row).and_then(|id| by_id.get(id));
        let named = own.map(|room| room.label.as_str()).or(names.get(row));
        let label = named.or(community_names.get(row)).unwrap_or_default().to_owned();
        let home = own.and_then(|room| room.home.clone());
        let community = home.or(communities.get(row).map(str::to_owned));
        let rent = match (rents.0.get(row), rents.1.get(row)) {
            (Some(low), Some(high)) => Interval::between(low, high),
            _ => Interval::UNKNOWN,
        };
        let listed = match (areas.0.get(row), areas.1.get(row), areas.2.get(row)) {
            (Some(_), Some(low), Some(high)) => Some(Interval::between(low, high)),
            _ => own.map(|room| room.area).filter(|area| area.high.is_finite()),
        };
        let source = sources.get(row).and_then(|at| audit.inventory.sources.get(at as usize));
        let cell = source.zip(rows.get(row)).map(|(source, row)| source.cell("annual_rent", row));
        let key = (community, label, premises.get(row).map(str::to_owned));
        let one = by_room.entry(key).or_default().entry(year);
        let cell = cell.unwrap_or_default();
        one.and_modify(|(known, _, cells)| {
            // Two rows for one room and year: the same figure again, or two that add up.
            if *known != rent {
                *known = Interval::between(known.low.min(rent.low), known.high + rent.high);
                cells.push('、');
                cells.push_str(&cell);
            }
        })
        .or_insert((rent, listed, cell.clone()));
    }
    let all: BTreeSet<i32> = by_room.values().flat_map(|rows| rows.keys().copied()).collect();
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return Ok(Years::default()) };
    let years: Vec<i32> = (*first..=*last).collect();
    let mut found = Years { years: years.clone(), ..Years::default() };
    for ((community, label, premises), rows) in by_room {
        let own: Vec<i32> = rows.keys().copied().collect();
        let (from, until) = (own[0], own[own.len() - 1]);
        let rent = |year: &i32| match rows.get(year) {
            Some((rent, ..)) if rent.high.is_finite() => YearRent::Paid(*rent),
            None if *year < from || *year > until => YearRent::Outside,
            _ => YearRent::Gap,
        };
        let room = premises.as_deref().and_then(|id| by_id.get(id));
        if let Some(room) = room.filter(|room| room.held != Held::Rented)
            && let Some((_, (.., cell))) = rows.last_key_value()
        {
            found.not_rented.push((room.label.clone(), cell.clone()));
        }
        if let Some(room) = room
            && let Some(year) = room.year
            && let Some((listed, _, cell)) = rows.get(&year)
            && room.rent.high.is_finite()
            && listed.high.is_finite()
            && (listed.high < room.rent.low - 0.5 || listed.low > room.rent.high + 0.5)
        {
            found.differences.push(Difference {
                label: label.clone(),
                year,
                listed: (*listed, cell.clone()),
                ledger: (room.rent, room.rent_cell.clone()),
            });
        }
        for (year, (.., cell)) in rows.iter().filter(|(_, (.., cell))| cell.contains('、')) {
            found.twice.push((label.clone(), *year, cell.clone()));
        }
        found.rooms.push(RoomYears {
            rents: years.iter().map(rent).collect(),
            areas: years.iter().map(|year| rows.get(year).and_then(|(_, area, _)| *area)).collect(),
            cells: years.iter().map(|year| rows.get(year).map(|(.., cell)| cell.clone())).collect(),
            label,
            community,
        });
    }
    Ok(found)
}

impl Years {
    /// What the rooms of some communities cost in each year; nothing for a year no room has.
    pub fn sums(&self, of: &dyn Fn(Option<&str>) -> bool) -> Vec<Option<YearSum>> {
        let rooms: Vec<&RoomYears> =
            self.rooms.iter().filter(|room| of(room.community.as_deref())).collect();
        let sum = |at: usize| {
            let paid = || {
                rooms.iter().filter_map(move |room| match room.rents[at] {
                    YearRent::Paid(rent) => Some((rent, room.areas[at])),
                    _ => None,
                })
            };
            let gaps = rooms.iter().filter(|room| room.rents[at] == YearRent::Gap).count();
            let known = paid().count();
            if known + gaps == 0 {
                return None;
            }
            let rent = Interval::sum(paid().map(|(rent, _)| rent));
            let both: Vec<(Interval, Interval)> = paid()
                .filter_map(|(rent, area)| Some((rent, area.filter(|area| area.low > 0.0)?)))
                .collect();
            let per_m2 = (!both.is_empty()).then(|| {
                let rent = Interval::sum(both.iter().map(|(rent, _)| *rent));
                let area = Interval::sum(both.iter().map(|(_, area)| *area));
                (Interval::between(rent.low / area.high, rent.high / area.low), both.len())
            });
            Some(YearSum {
                rent: if gaps == 0 { rent } else { Interval::between(rent.low, f64::INFINITY) },
                known,
                gaps,
                per_m2,
            })
        };
        (0..self.years.len()).map(sum).collect()
    }
}
