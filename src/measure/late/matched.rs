//! The housing a facility is matched with: of its own phase, of the first one, or of the estate.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::identity::{Axis, Mark, Name};
use crate::inventory::Inventory;
use crate::words::Words;

use super::Timing;
use super::when::{Days, When};

/// Which housing a facility must keep step with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// That of the phase it belongs to; of the whole estate where it belongs to none.
    OwnPhase,
    /// That of the estate's first phase; of the whole estate where it has no phases.
    FirstPhase,
    /// That of the whole estate: of all its phases.
    Estate,
    /// That of the phase or the building that the contract pairs it with.
    Paired,
    /// Another stage of the facility itself, such as its acceptance.
    Itself,
}

impl Matched {
    /// The codes used in packs.
    pub const CODES: &[(&'static str, Matched)] = &[
        ("own_phase", Matched::OwnPhase),
        ("first_phase", Matched::FirstPhase),
        ("estate", Matched::Estate),
        ("paired", Matched::Paired),
        ("itself", Matched::Itself),
    ];

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            Matched::OwnPhase => Words::new("本期住宅", "the housing of its own phase"),
            Matched::FirstPhase => Words::new("首期住宅", "the housing of the first phase"),
            Matched::Estate => Words::new("全部住宅", "all housing of the estate"),
            Matched::Paired => Words::new("约定同步的住宅", "the housing it is paired with"),
            Matched::Itself => Words::new("本设施", "the facility itself"),
        }
    }
}

/// What a facility says of the housing it goes with.
#[derive(Debug, Clone, Copy)]
pub struct Facility<'f> {
    /// Its id.
    pub id: &'f str,
    /// Its estate.
    pub estate: Option<&'f str>,
    /// Its phase, where it is known.
    pub phase: Option<&'f str>,
    /// Whether it names a phase, known or not.
    pub names_phase: bool,
    /// The phase the contract pairs it with.
    pub paired_phase: Option<&'f str>,
    /// The building the contract pairs it with.
    pub paired_building: Option<&'f str>,
}

/// One phase of an estate.
#[derive(Debug, Clone)]
struct Phase {
    id: String,
    /// Its place in the order of phases, where its number or the list says.
    order: Option<f64>,
    housing: When,
    permit: When,
}

/// When the housing of every estate and phase reached the stage that counts.
pub struct Housing<'d> {
    days: &'d Days,
    timing: &'d Timing,
    phases: BTreeMap<String, Vec<Phase>>,
}

impl<'d> Housing<'d> {
    /// Reads the phases of all estates.
    pub fn of(
        inventory: &Inventory,
        days: &'d Days,
        timing: &'d Timing,
    ) -> PolarsResult<Housing<'d>> {
        let frame = inventory.table("phases");
        let text = |name: &str| frame.column(name).and_then(|column| column.str().cloned());
        let (ids, estates, numbers) = (text("id")?, text("estate_id")?, text("number")?);
        let orders = frame.column("order")?.f64()?;
        let permit = ["construction_permit".to_owned()];
        let mut phases: BTreeMap<String, Vec<Phase>> = BTreeMap::new();
        for row in 0..frame.height() {
            let (Some(id), Some(estate)) = (ids.get(row), estates.get(row)) else { continue };
            phases.entry(estate.to_owned()).or_default().push(Phase {
                id: id.to_owned(),
                order: orders.get(row).or_else(|| order(numbers.get(row)?)),
                housing: days.when("phase", id, &timing.behind),
                permit: days.when("phase", id, &permit),
            });
        }
        Ok(Housing { days, timing, phases })
    }

    /// When the housing that a facility is matched with reached the stage.
    pub fn of_facility(&self, facility: &Facility<'_>) -> When {
        let estate = facility.estate;
        match self.timing.of {
            Matched::OwnPhase => match facility.phase {
                Some(phase) => self.of_phase(estate, phase),
                // A phase that is named and not known may be any of the estate's.
                None if facility.names_phase => self.any_phase(estate),
                None => self.of_estate(estate),
            },
            Matched::FirstPhase => self.first_phase(estate),
            Matched::Estate => self.of_estate(estate),
            Matched::Itself => self.days.when("facility", facility.id, &self.timing.behind),
            Matched::Paired => match (facility.paired_building, facility.paired_phase) {
                (Some(building), _) => self.days.when("building", building, &self.timing.behind),
                (None, Some(phase)) => self.of_phase(estate, phase),
                (None, None) => When::UNKNOWN,
            },
        }
    }

    fn of_phase(&self, estate: Option<&str>, phase: &str) -> When {
        let said = self.days.said("phase", phase, &self.timing.behind);
        // What is said of an estate with one phase is said of that phase.
        let alone = || self.list(estate).len() == 1;
        said.or_else(|| alone().then(|| self.own(estate)).flatten()).unwrap_or(When::UNKNOWN)
    }

    fn own(&self, estate: Option<&str>) -> Option<When> {
        self.days.said("estate", estate?, &self.timing.behind)
    }

    fn list(&self, estate: Option<&str>) -> &[Phase] {
        let phases = estate.and_then(|estate| self.phases.get(estate));
        phases.map_or(&[], Vec::as_slice)
    }

    /// All phases, where there are any and nothing is said of the whole.
    fn of_estate(&self, estate: Option<&str>) -> When {
        let of_phases = || self.list(estate).iter().map(|phase| phase.housing).reduce(When::all_of);
        self.own(estate).or_else(of_phases).unwrap_or(When::UNKNOWN)
    }

    fn any_phase(&self, estate: Option<&str>) -> When {
        let phases = self.list(estate).iter().map(|phase| phase.housing);
        phases.reduce(When::any_of).unwrap_or(When::UNKNOWN)
    }

    /// The phase with the lowest number, else the one with the earliest construction permit; where
    /// neither tells, any of those it may be.
    fn first_phase(&self, estate: Option<&str>) -> When {
        let phases = self.list(estate);
        if phases.is_empty() {
            return self.of_estate(estate);
        }
        let numbered = phases.iter().all(|phase| phase.order.is_some());
        if numbered {
            let least = phases.iter().filter_map(|phase| phase.order).fold(f64::INFINITY, f64::min);
            let firsts = phases.iter().filter(|phase| phase.order == Some(least));
            return firsts
                .map(|one| self.of_phase(estate, &one.id))
                .reduce(When::any_of)
                .unwrap_or(When::UNKNOWN);
        }
        // One that surely had its permit before all others could have.
        let may_be_first = |one: &&Phase| {
            let before = |other: &Phase| other.permit.must && other.permit.last < one.permit.first;
            one.permit.may && !phases.iter().any(|other| other.id != one.id && before(other))
        };
        let firsts = phases.iter().filter(may_be_first).map(|one| self.of_phase(estate, &one.id));
        firsts.reduce(When::any_of).unwrap_or(When::UNKNOWN)
    }
}

/// The number of a phase: `一期` and `第1期` are 1.
fn order(number: &str) -> Option<f64> {
    let parts = Name::parse(&format!("幸福里{number}")).parts;
    let marks = parts.get(&Axis::Period)?;
    let mut numbers = marks.iter().filter_map(|mark| match mark {
        Mark::Number(number) => Some(f64::from(*number)),
        _ => None,
    });
    numbers.next().filter(|_| numbers.next().is_none())
}
