//! How much of the housing had come before a facility did: the measure of every rule that asks for a
//! facility before a share of the housing is finished, or begun.
//!
//! The housing is the list of buildings; of an estate without one, its phases. A building of the same
//! day does not count as being before.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::inventory::{Inventory, high, low};
use crate::quantity::Interval;
use crate::words::{Lang, Words};

use super::super::{FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection};
use super::{Days, Matched, Timing, When, facilities};

/// The share of the housing that had reached its stage before a facility reached its own.
pub const SHARE_AHEAD: Measure = Measure {
    name: "share_ahead",
    subject: "facility",
    counts: Some("buildings"),
    table: Some("events"),
    fields: &["date"],
    unit: Some("ratio"),
    check: "synchrony",
    bases: &[],
    zh: "先于设施的住宅比例",
    en: "share of the housing ahead of the facility",
    compute: share_ahead,
    rows: super::rows,
};

/// The name of the column that says that a verdict which holds is only not due yet: the facility has
/// not come, and need not have.
pub const PENDING: &str = "pending";

/// What a share of housing is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareOf {
    /// The floor area of dwellings.
    ResidentialArea,
    /// The floor area of whole buildings.
    TotalArea,
    /// Households.
    Households,
    /// Buildings.
    Buildings,
}

impl ShareOf {
    /// The codes used in packs.
    pub const CODES: &[(&'static str, ShareOf)] = &[
        ("residential_area", ShareOf::ResidentialArea),
        ("total_area", ShareOf::TotalArea),
        ("households", ShareOf::Households),
        ("buildings", ShareOf::Buildings),
    ];

    /// The column of buildings and of phases it adds up; none where each counts as one.
    fn column(self) -> Option<&'static str> {
        match self {
            ShareOf::ResidentialArea => Some("residential_area"),
            ShareOf::TotalArea => Some("total_area"),
            ShareOf::Households => Some("households"),
            ShareOf::Buildings => None,
        }
    }

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            ShareOf::ResidentialArea => Words::new("住宅建筑面积", "floor area of dwellings"),
            ShareOf::TotalArea => Words::new("总建筑面积", "total floor area"),
            ShareOf::Households => Words::new("户数", "households"),
            ShareOf::Buildings => Words::new("栋数", "buildings"),
        }
    }

    /// What its numbers are followed by.
    fn unit(self, lang: Lang) -> &'static str {
        match self {
            ShareOf::ResidentialArea | ShareOf::TotalArea => lang.pick("㎡", "m²"),
            ShareOf::Households => lang.pick("户", "households"),
            ShareOf::Buildings => lang.pick("栋", "buildings"),
        }
    }
}

/// One building of an estate, or one phase where its buildings are not listed.
struct Unit {
    phase: Option<String>,
    size: Interval,
    /// Whether it counts; none where that cannot be told.
    counts: Option<bool>,
    when: When,
}

/// How much of the housing was ahead of a facility.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    /// What had come before the facility.
    pub ahead: Interval,
    /// What had not.
    pub rest: Interval,
    /// The facility has not come, or may not have: what holds is not due yet.
    pub pending: bool,
    /// How many buildings or phases there are.
    pub listed: usize,
    of: ShareOf,
}

impl Ahead {
    /// Reads it off the buildings and the day of the facility.
    fn of(units: &[&Unit], facility: When, of: ShareOf) -> Ahead {
        let zero = Interval::exactly(0.0);
        let (mut ahead, mut rest) = (zero, zero);
        for unit in units {
            // What has not come by the day of the audit was ahead of nothing.
            let (surely, maybe) = match (facility.may, facility.must) {
                (false, _) => (unit.when.must, unit.when.may),
                (true, true) => (
                    unit.when.must && unit.when.last < facility.first,
                    unit.when.may && unit.when.first < facility.last,
                ),
                (true, false) => (unit.when.must && unit.when.last < facility.first, unit.when.may),
            };
            let least = if unit.counts == Some(true) { unit.size.low } else { 0.0 };
            let most = if unit.counts == Some(false) { 0.0 } else { unit.size.high };
            let add = |sum: &mut Interval, surely: bool, maybe: bool| {
                sum.low += if surely { least } else { 0.0 };
                sum.high += if maybe { most } else { 0.0 };
            };
            add(&mut ahead, surely, maybe);
            add(&mut rest, !maybe, !surely);
        }
        Ahead { ahead, rest, pending: !facility.must, listed: units.len(), of }
    }

    /// The share that was ahead: anything, where no housing is listed.
    pub fn share(&self) -> Interval {
        // The share grows with what is ahead and shrinks with what is not.
        let share = |ahead: f64, rest: f64, otherwise: f64| match ahead + rest {
            _ if ahead.is_infinite() => 1.0,
            0.0 => otherwise,
            all => ahead / all,
        };
        let low = if self.rest.high.is_infinite() {
            0.0
        } else {
            share(self.ahead.low, self.rest.high, 0.0)
        };
        Interval::between(low, share(self.ahead.high, self.rest.low, 1.0))
    }

    /// The share in figures: `住宅建筑面积 40,000 ㎡ 在前，40,000 ㎡ 在后`.
    pub fn words(&self) -> Words {
        if self.listed == 0 {
            return Words::new(
                "楼栋表、分期表都没有该小区",
                "neither buildings nor phases of the estate are listed",
            );
        }
        let say = |lang: Lang| {
            let (ahead, rest) = (self.ahead.text(2, lang), self.rest.text(2, lang));
            let (of, unit) = (self.of.words(), self.of.unit(lang));
            match lang {
                Lang::Zh => format!("{} {ahead} {unit}在前，{rest} {unit}不在前", of.zh),
                Lang::En => format!("{}: {ahead} {unit} ahead of it, {rest} not", of.en),
            }
        };
        Words::new(say(Lang::Zh), say(Lang::En))
    }
}

/// How much of the housing was ahead of every facility, by id; nothing for a rule without shares.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn ahead(
    inventory: &Inventory,
    selection: &Selection,
) -> PolarsResult<BTreeMap<String, Ahead>> {
    let (Some(timing), Some(day)) = (&selection.timing, selection.day) else {
        return Ok(BTreeMap::new());
    };
    let Some(of) = timing.share_of else { return Ok(BTreeMap::new()) };
    let days = Days::of(inventory, day)?;
    let units = units(inventory, selection, &days, timing, of)?;
    let mut found = BTreeMap::new();
    facilities(inventory, |facility| {
        let own =
            facility.estate.and_then(|estate| units.get(estate)).map_or(&[][..], Vec::as_slice);
        let in_its_phase = |unit: &&Unit| match timing.of {
            Matched::OwnPhase => {
                facility.phase.is_none() || unit.phase.as_deref() == facility.phase
            }
            _ => true,
        };
        let own: Vec<&Unit> = own.iter().filter(in_its_phase).collect();
        let when = days.when("facility", facility.id, &timing.stages);
        found.insert(facility.id.to_owned(), Ahead::of(&own, when, of));
    })?;
    Ok(found)
}

/// The buildings of every estate, or its phases where no building is listed.
fn units(
    inventory: &Inventory,
    selection: &Selection,
    days: &Days,
    timing: &Timing,
    of: ShareOf,
) -> PolarsResult<BTreeMap<String, Vec<Unit>>> {
    let mut all: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
    let buildings = inventory.table("buildings");
    let phases = inventory.table("phases");
    // Phases have fewer columns than buildings: what they do not say is not known of them.
    let columns: Vec<PlSmallStr> = buildings.get_column_names_owned();
    let shaped = concat_lf_diagonal(
        [buildings.clone().lazy().limit(0), phases.clone().lazy()],
        UnionArgs::default(),
    )?;
    let shaped = shaped.select(columns.into_iter().map(col).collect::<Vec<_>>());
    for (kind, table) in [("building", buildings.clone().lazy()), ("phase", shaped)] {
        let table = table.with_column(selection.member.clone().alias("_counts")).collect()?;
        let text = |name: &str| table.column(name).and_then(|column| column.str().cloned());
        let (ids, estates) = (text("id")?, text("estate_id")?);
        let in_phase = if kind == "phase" { text("id")? } else { text("phase_id")? };
        let counts = table.column("_counts")?.bool()?;
        let ends = match of.column() {
            Some(name) => Some((
                table.column(&low(name))?.f64()?.clone(),
                table.column(&high(name))?.f64()?.clone(),
            )),
            None => None,
        };
        let mut added: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
        for row in 0..table.height() {
            let (Some(id), Some(estate)) = (ids.get(row), estates.get(row)) else { continue };
            let size = match &ends {
                Some((low, high)) => Interval::between(
                    low.get(row).unwrap_or(0.0),
                    high.get(row).unwrap_or(f64::INFINITY),
                ),
                None => Interval::exactly(1.0),
            };
            let own = days.said(kind, id, &timing.behind);
            let of_phase = || days.said("phase", in_phase.get(row)?, &timing.behind);
            added.entry(estate.to_owned()).or_default().push(Unit {
                phase: in_phase.get(row).map(str::to_owned),
                size,
                counts: counts.get(row),
                when: own.or_else(of_phase).unwrap_or(When::UNKNOWN),
            });
        }
        for (estate, units) in added {
            all.entry(estate).or_insert(units);
        }
    }
    Ok(all)
}

fn share_ahead(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let (mut subject, mut low, mut high) = (Vec::new(), Vec::new(), Vec::new());
    let (mut gap, mut rows, mut pending) = (Vec::new(), Vec::new(), Vec::new());
    for (id, one) in ahead(inventory, selection)? {
        let share = one.share();
        gap.push(match (share.is_exact(), one.listed) {
            (true, _) => None,
            (false, 0) => Some(Gap::NoRows.code()),
            (false, _) => Some(Gap::Value.code()),
        });
        rows.push(u32::from(!share.is_exact()));
        subject.push(id);
        low.push(share.low);
        high.push(share.high);
        pending.push(one.pending);
    }
    let frame = df!(
        SUBJECT => subject, LOW => low, HIGH => high, GAP => gap, GAP_ROWS => rows, PENDING => pending,
    )?;
    Ok(frame.lazy().with_column(lit(NULL).cast(DataType::String).alias(FACET)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn on(first: f64, last: f64) -> When {
        When { may: true, must: last <= 100.0, first, last: last.min(100.0) }
    }

    fn unit(size: Interval, when: When) -> Unit {
        Unit { phase: None, size, counts: Some(true), when }
    }

    fn share(units: &[Unit], facility: When) -> Interval {
        let units: Vec<&Unit> = units.iter().collect();
        Ahead::of(&units, facility, ShareOf::ResidentialArea).share()
    }

    #[test]
    fn a_building_of_the_same_day_is_not_ahead() {
        let all = [10.0, 20.0, 30.0].map(|day| unit(Interval::exactly(1000.0), on(day, day)));
        assert_eq!(share(&all, on(20.0, 20.0)), Interval::exactly(1000.0 / 3000.0));
        assert_eq!(share(&all, When::NEVER), Interval::exactly(1.0));
        assert_eq!(share(&all, When::UNKNOWN), Interval::between(0.0, 1.0));
    }

    #[test]
    fn without_housing_any_share_is_possible() {
        assert_eq!(share(&[], on(20.0, 20.0)), Interval::between(0.0, 1.0));
        let unknown = [unit(Interval::UNKNOWN, on(10.0, 10.0))];
        assert_eq!(share(&unknown, on(20.0, 20.0)), Interval::between(0.0, 1.0));
    }

    proptest! {
        #[test]
        fn a_later_facility_is_behind_more_and_hiding_anything_only_widens(
            days in prop::collection::vec((0u32..100, 1u32..50), 1..6), day in 0u32..90, later in 0u32..10,
        ) {
            let at = |day: u32| on(f64::from(day), f64::from(day));
            let units: Vec<Unit> = days
                .iter()
                .map(|(day, size)| unit(Interval::exactly(f64::from(*size)), at(*day)))
                .collect();
            let before = share(&units, at(day));
            prop_assert!(before.is_exact());
            prop_assert!(share(&units, at(day + later)).low >= before.low);
            prop_assert!(share(&units, When::NEVER).low >= before.low);
            for hidden in 0..units.len() {
                let with = |change: &dyn Fn(&Unit) -> Unit| -> Interval {
                    let units: Vec<Unit> = units
                        .iter()
                        .enumerate()
                        .map(|(at, one)| if at == hidden { change(one) } else { unit(one.size, one.when) })
                        .collect();
                    share(&units, at(day))
                };
                let wider = [
                    with(&|one| unit(one.size, When::UNKNOWN)),
                    with(&|one| unit(Interval::UNKNOWN, one.when)),
                    with(&|one| Unit { counts: None, ..unit(one.size, one.when) }),
                ];
                // A size that is not known may also be nothing: then any share of the rest is left.
                for one in &wider[..1] {
                    prop_assert!(one.low <= before.low && one.high >= before.high);
                }
                for one in &wider[1..] {
                    prop_assert!(one.low <= before.low + 1e-12 && one.high >= before.high - 1e-12);
                }
            }
        }
    }
}
