//! A comparison of rented and owned in the types of `tenure.json`.

use crate::audit::Audit;
use crate::plan::{self, Changed, Ends, Level, Origin, Tenures, YearRent, YearSum};
use crate::quantity::Interval;
use crate::report::Heading;
use crate::report::tenure::ends_words;

use super::super::{place as where_of, range, text, tool};
use super::{
    ByHousing, Difference, LeaseEnd, OwnArea, PlaceTenure, Purchase, Purchases, Rents, SCHEMA,
    Sensitivity, Share, Target, Tenure, Test, YearOfAll, YearOfRoom,
};

/// Rented against owned as JSON, ending in a line break.
pub fn tenure_json(audit: &Audit, found: &Tenures, heading: &Heading) -> String {
    let whole = Tenure {
        schema: SCHEMA.to_owned(),
        tool: tool(),
        project: heading.name.clone(),
        place: where_of(audit, heading),
        as_of: audit.question.day.to_string(),
        places: found.places.iter().map(place).collect(),
        tests: found.tests.iter().map(test).collect(),
        lease_ends: found.leases.iter().map(|one| lease_end(found, one)).collect(),
        rents: rents(found),
        shares: found
            .shares
            .iter()
            .map(|one| Share {
                as_of: one.day.clone(),
                communities: one.communities,
                share: one.share.map(range),
            })
            .collect(),
        purchase: purchases(found),
        targets: found.outlooks.iter().map(target).collect(),
    };
    let mut text = serde_json::to_string_pretty(&whole).expect("plain data is JSON");
    text.push('\n');
    text
}

fn place(one: &plan::PlaceTenure) -> PlaceTenure {
    let (tally, sums) = (&one.tally, &one.sums);
    PlaceTenure {
        level: match &one.level {
            Level::All => "all".to_owned(),
            Level::Community => "community".to_owned(),
            Level::Division(code) => code.clone(),
        },
        id: one.id.clone(),
        name: one.label.clone(),
        communities: tally.communities,
        own: tally.own,
        rented: tally.rented,
        rented_at_most: tally.rented_at_most,
        borrowed: tally.borrowed,
        shared: tally.shared,
        none: tally.none,
        unknown: tally.unknown,
        share_by_communities: tally.rented_share().map(range),
        share_any_rented: tally.any_rented_share().map(range),
        sites: sums.sites,
        rented_sites: sums.rented_sites.0,
        rented_sites_at_most: sums.rented_sites.1,
        rented_area: range(sums.rented_area),
        share_by_area: sums.by_area.map(range),
        annual_rent: range(sums.rent),
        rented_without_rent: sums.without_rent.0,
        share_of_rent: one.part_of_rent.map(range),
        rent_per_m2: sums.per_m2.map(|(rent, _)| range(rent)),
        rent_per_m2_rooms: sums.per_m2.map_or(0, |(_, rooms)| rooms),
        renting_households: range(one.households),
        rent_per_household: one.per_household.map(range),
    }
}

fn test(one: &plan::OwnTest) -> Test {
    let by = one.by_housing.iter().map(|(housing, [met, not_met, unknown])| ByHousing {
        housing: housing.code().to_owned(),
        met: *met,
        not_met: *not_met,
        unknown: *unknown,
    });
    let communities = one.communities.iter().map(|one| OwnArea {
        community: one.community.clone(),
        measured: range(one.measured),
        without_rented: range(one.without),
        required: range(one.required),
        outcome: one.outcome,
        outcome_without_rented: one.outcome_without,
    });
    Test {
        requirement: one.requirement.clone(),
        name: text(&one.words),
        by_housing: by.collect(),
        communities: communities.collect(),
    }
}

fn lease_end(found: &Tenures, one: &plan::LeaseEnd) -> LeaseEnd {
    let rooms = || one.rooms.iter().map(|at| &found.rooms[*at]);
    LeaseEnd {
        ends: match one.ends {
            Ends::Before => "before".to_owned(),
            Ends::PerhapsBefore => "perhaps_before".to_owned(),
            Ends::Quarter(year, quarter) => format!("{year}Q{quarter}"),
            Ends::Year(year) => year.to_string(),
            Ends::Unknown => "unknown".to_owned(),
            Ends::NotBegun => "not_begun".to_owned(),
        },
        words: text(&ends_words(&one.ends)),
        rooms: rooms().map(|room| room.id.clone()).collect(),
        cells: rooms().map(|room| room.lease_cell.clone()).collect(),
        area: range(one.area),
        annual_rent: range(one.rent),
    }
}

fn rents(found: &Tenures) -> Rents {
    let years = &found.years;
    let of_all = |(year, sum): (&i32, Option<YearSum>)| {
        let sum = sum?;
        Some(YearOfAll {
            year: *year,
            annual_rent: range(sum.rent),
            rooms: sum.known,
            gaps: sum.gaps,
            rent_per_m2: sum.per_m2.map(|(rent, _)| range(rent)),
        })
    };
    let of_room = |room: &plan::RoomYears| {
        let each = room.rents.iter().zip(&years.years).zip(&room.cells);
        each.filter_map(|((rent, year), cell)| {
            let paid: Option<Interval> = match rent {
                YearRent::Outside => return None,
                YearRent::Gap => None,
                YearRent::Paid(rent) => Some(*rent),
            };
            Some(YearOfRoom {
                room: room.label.clone(),
                community: room.community.clone(),
                year: *year,
                annual_rent: paid.map(range),
                cell: cell.clone(),
            })
        })
        .collect::<Vec<_>>()
    };
    Rents {
        all: years.years.iter().zip(found.rents()).filter_map(of_all).collect(),
        rooms: years.rooms.iter().flat_map(of_room).collect(),
        not_rented: years.not_rented.iter().map(|(label, _)| label.clone()).collect(),
        differences: years
            .differences
            .iter()
            .map(|one| Difference {
                room: one.label.clone(),
                year: one.year,
                listed: range(one.listed.0),
                listed_cell: one.listed.1.clone(),
                ledger: range(one.ledger.0),
                ledger_cell: one.ledger.1.clone(),
            })
            .collect(),
    }
}

fn purchases(found: &Tenures) -> Option<Purchases> {
    let terms = found.terms.as_ref()?;
    let one = |one: &plan::Purchase| {
        let room = &found.rooms[one.room];
        let changed = |(changed, even): &(Changed, Option<u32>)| {
            let (what, to) = match changed {
                Changed::Rate(to) => ("discount_rate", *to),
                Changed::Growth(to) => ("rent_growth", *to),
                Changed::Price(to) => ("price", *to),
            };
            Sensitivity { what: what.to_owned(), to, break_even: *even }
        };
        let cells = std::iter::once(&room.rent_cell).chain(&one.price.cells);
        Purchase {
            room: room.id.clone(),
            name: room.label.clone(),
            community: room.home.clone(),
            annual_rent: one.rent,
            unit_price: one.price.yuan,
            price_from: match one.price.from {
                Origin::Stated => "stated",
                Origin::Community => "community",
                Origin::District => "district",
                Origin::All => "all",
            }
            .to_owned(),
            cost: one.cost,
            rents_today: one.worth,
            break_even: one.even,
            sensitivity: one.others.iter().map(changed).collect(),
            cells: cells.cloned().collect(),
        }
    };
    Some(Purchases {
        discount_rate: terms.discount_rate,
        rent_growth: terms.rent_growth,
        years: terms.years,
        rooms: found.purchases.iter().map(one).collect(),
        not_compared: found.not_compared.iter().map(|at| found.rooms[*at].id.clone()).collect(),
    })
}

fn target(one: &plan::Outlook) -> Target {
    Target {
        rented_share: one.target.share,
        by: one.target.by,
        now: one.now.map(range),
        to_stop: [one.must.0, one.must.1],
        planned: one.planned.map(|(first, last)| [first, last]),
        trend: one.trend.as_ref().and_then(|trend| trend.year).map(|(first, last)| [first, last]),
        source: one.target.source.clone(),
    }
}
