//! How many days later than its housing a facility reached a stage: the measure of every rule that
//! asks for both "in step" (同步).
//!
//! A day is known within bounds, or not at all; what happened after the day of the audit has not
//! happened yet. Lateness is never negative: an early facility is 0 days late.

mod lots;
mod matched;
mod phase;
mod progress;
mod share;
mod when;

use std::collections::BTreeMap;

use jiff::civil::Date;
use polars::prelude::*;

use crate::day::Day;
use crate::inventory::{Inventory, table};
use crate::words::Words;

use super::{FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection, ordered};
pub use matched::Matched;
use matched::{Facility, Housing};
pub use phase::PHASE_DAYS_LATE;
pub use progress::{COMPLETE, PROGRESS};
pub use share::{Ahead, PENDING, SHARE_AHEAD, ShareOf, ahead};
pub(super) use when::Days;
use when::When;

/// How many days later than the matched housing a facility reached a stage.
pub const DAYS_LATE: Measure = Measure {
    name: "days_late",
    subject: "facility",
    counts: None,
    table: Some("events"),
    fields: &["date"],
    unit: Some("days"),
    check: "synchrony",
    bases: &[],
    zh: "比对照的阶段晚",
    en: "later than the stage it is held against",
    compute: days_late,
    rows,
};

/// The name of the column that says whether anything is due yet: false, where neither has come.
pub const DUE: &str = "due_yet";

/// What a rule on timing compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// The stage of the facility; of several, the first that happened. None where only the housing's
    /// stage counts.
    pub stages: Vec<String>,
    /// Which housing it is matched with.
    pub of: Matched,
    /// The stage of that housing.
    pub behind: Vec<String>,
    /// So many calendar months after it are still in time; days of grace are the amount.
    pub months: u32,
    /// What a share of the housing is counted in, where the rule is on a share.
    pub share_of: Option<ShareOf>,
}

impl Timing {
    /// What is compared, as a part of the rule's sentence.
    pub fn words(&self) -> Words {
        let (own, behind, of) = (stages(&self.stages), stages(&self.behind), self.of.words());
        let (after_zh, after_en) = match self.months {
            0 => (String::new(), String::new()),
            months => (format!("后 {months} 个月"), format!("{months} months after ")),
        };
        if let Some(share_of) = self.share_of {
            let share_of = share_of.words();
            return Words::new(
                format!("设施{}前，{}中已{}的（按{}）", own.zh, of.zh, behind.zh, share_of.zh),
                format!(
                    "what of {} had come to {} before {} of the facility (by {})",
                    of.en, behind.en, own.en, share_of.en
                ),
            );
        }
        if self.stages.is_empty() {
            return Words::new(
                format!("自{}的{}{after_zh}起", of.zh, behind.zh),
                format!("from {after_en}{} of {} on", behind.en, of.en),
            );
        }
        Words::new(
            format!("设施的{}与{}的{}{after_zh}相比", own.zh, of.zh, behind.zh),
            format!("{} of the facility against {after_en}{} of {}", own.en, behind.en, of.en),
        )
    }
}

/// The names of stages, of which the first that happened counts.
fn stages(codes: &[String]) -> Words {
    let declared = table("events").and_then(|events| events.column("stage"));
    let name = |code: &String| {
        let found = declared.and_then(|column| column.values.iter().find(|one| one.code == *code));
        found.map_or(Words::same(code), |one| Words::new(&one.zh, &one.en))
    };
    let names: Vec<Words> = codes.iter().map(name).collect();
    let (zh, en): (Vec<&str>, Vec<&str>) =
        names.iter().map(|one| (one.zh.as_str(), one.en.as_str())).unzip();
    Words::new(zh.join("或"), en.join(" or "))
}

/// The events of facilities, and those of the housing each is matched with.
pub(super) fn rows(inventory: &Inventory) -> PolarsResult<LazyFrame> {
    let events = inventory.table("events").clone().lazy();
    let none = lit(NULL).cast(DataType::String).alias(FACET);
    let own = events.clone().filter(col("subject_kind").eq(lit("facility")));
    let own = own.with_columns([col("subject").alias(SUBJECT), none.clone()]);
    let facilities = inventory.table("facilities").clone().lazy();
    let pairs = |key: &str| {
        facilities.clone().select([col("id").alias(SUBJECT), col(key).alias("_matched")])
    };
    let inner = || ordered(JoinType::Inner);
    let of = |kind: &str, pairs: LazyFrame, key: &str| {
        // What the event happened to gives way to the facility it is matched with.
        let tied = events.clone().filter(col("subject_kind").eq(lit(kind)));
        let tied = tied.with_columns([none.clone(), col(key).alias("_thing")]);
        let tied = tied.drop(by_name([SUBJECT], true, false));
        tied.join(pairs, [col("_thing")], [col("_matched")], inner())
    };
    let phases = of("phase", pairs("phase_id"), "subject");
    let paired = of("phase", pairs("paired_phase_id"), "subject");
    let buildings = of("building", pairs("paired_building_id"), "subject");
    let estates = of("estate", pairs("estate_id"), "estate_id");
    let listed = inventory.table("buildings").clone().lazy();
    let listed = listed.select([col("id").alias("_building"), col("estate_id").alias("_estate")]);
    let listed = pairs("estate_id").join(listed, [col("_matched")], [col("_estate")], inner());
    let listed = listed.select([col(SUBJECT), col("_building").alias("_matched")]);
    let of_estate = of("building", listed, "subject");
    let buildings = concat([buildings, of_estate], UnionArgs::default())?;
    let buildings = buildings.unique_stable(None, UniqueKeepStrategy::First);
    concat_lf_diagonal([own, phases, paired, buildings, estates], UnionArgs::default())
}

/// A facility, and when it and the housing it is matched with reached their stages.
struct Compared {
    id: String,
    facility: When,
    housing: When,
}

/// For every facility, when it and the housing it is matched with reached their stages.
fn compared(inventory: &Inventory, selection: &Selection) -> PolarsResult<(Vec<Compared>, f64)> {
    let (Some(timing), Some(day)) = (&selection.timing, selection.day) else {
        polars_bail!(InvalidOperation: "a rule on timing names its stages");
    };
    let days = Days::of(inventory, day)?;
    let housing = Housing::of(inventory, &days, timing)?;
    let mut found = Vec::new();
    facilities(inventory, |facility| {
        let housing = housing.of_facility(&facility).shifted(timing.months, day);
        let own = days.when("facility", facility.id, &timing.stages);
        found.push(Compared { id: facility.id.to_owned(), facility: own, housing });
    })?;
    Ok((found, number(day)))
}

/// Calls `each` with every facility.
fn facilities(inventory: &Inventory, mut each: impl FnMut(Facility<'_>)) -> PolarsResult<()> {
    let facilities = inventory.table("facilities");
    let text = |name: &str| facilities.column(name).and_then(|column| column.str().cloned());
    let (ids, named) = (text("id")?, text("phase")?);
    let (estates, phases) = (text("estate_id")?, text("phase_id")?);
    let (paired_phases, paired_buildings) = (text("paired_phase_id")?, text("paired_building_id")?);
    for row in 0..facilities.height() {
        let Some(id) = ids.get(row) else { continue };
        each(Facility {
            id,
            estate: estates.get(row),
            phase: phases.get(row),
            names_phase: named.get(row).is_some(),
            paired_phase: paired_phases.get(row),
            paired_building: paired_buildings.get(row),
        });
    }
    Ok(())
}

fn days_late(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let (all, day) = compared(inventory, selection)?;
    let mut found = Lateness::default();
    all.iter().for_each(|one| found.push(&one.id, one.facility, one.housing, day));
    found.into_frame()
}

/// Which facilities' housing has reached the stage from which on they are owed.
pub struct Housed {
    all: BTreeMap<String, When>,
}

impl Housed {
    /// Reads it for what a requirement names; where it names no stage, everything is owed at once.
    ///
    /// # Errors
    /// When the engine fails, which would be a defect.
    pub fn of(inventory: &Inventory, selection: &Selection) -> PolarsResult<Housed> {
        if selection.timing.is_none() {
            return Ok(Housed { all: BTreeMap::new() });
        }
        let (all, _) = compared(inventory, selection)?;
        Ok(Housed { all: all.into_iter().map(|one| (one.id, one.housing)).collect() })
    }

    /// Whether the housing surely has.
    pub fn surely(&self, facility: &str) -> bool {
        self.all.get(facility).is_none_or(|housing| housing.must)
    }

    /// Whether it may have.
    pub fn perhaps(&self, facility: &str) -> bool {
        self.all.get(facility).is_none_or(|housing| housing.may)
    }
}

/// A day as the number of days since 1970-01-01.
fn number(day: Day) -> f64 {
    let epoch = Date::constant(1970, 1, 1);
    f64::from((day - epoch).get_days())
}

/// The columns of a measure, filled row by row.
#[derive(Default)]
struct Lateness {
    subject: Vec<String>,
    low: Vec<f64>,
    high: Vec<f64>,
    gap: Vec<Option<&'static str>>,
    due: Vec<bool>,
}

impl Lateness {
    /// How late a facility is behind its housing, on the day of the audit.
    fn push(&mut self, id: &str, facility: When, housing: When, day: f64) {
        let (low, high, due) = late(facility, housing, day);
        let gap = match (low == high, facility.coarse() && housing.coarse()) {
            (true, _) => None,
            (false, true) => Some(Gap::Approximate.code()),
            (false, false) => Some(Gap::Value.code()),
        };
        self.subject.push(id.to_owned());
        self.low.push(low);
        self.high.push(high);
        self.gap.push(gap);
        self.due.push(due);
    }

    fn into_frame(self) -> PolarsResult<LazyFrame> {
        let rows: Vec<u32> = self.gap.iter().map(|gap| u32::from(gap.is_some())).collect();
        let frame = df!(
            SUBJECT => self.subject,
            LOW => self.low,
            HIGH => self.high,
            GAP => self.gap,
            GAP_ROWS => rows,
            DUE => self.due,
        )?;
        Ok(frame.lazy().with_column(lit(NULL).cast(DataType::String).alias(FACET)))
    }
}

/// The least and the most days late, and whether anything is due.
fn late(facility: When, housing: When, day: f64) -> (f64, f64, bool) {
    if !housing.may {
        // The housing has not come: a facility that has is in time, another is not due yet.
        return (0.0, 0.0, facility.must);
    }
    // What has not happened by the day of the audit can happen the day after at the earliest.
    let tomorrow = day + 1.0;
    let (first, last) = match (facility.may, facility.must) {
        (false, _) => (tomorrow, f64::INFINITY),
        (true, true) => (facility.first, facility.last),
        (true, false) => (facility.first, f64::INFINITY),
    };
    let least = (first - housing.last).max(0.0);
    let most = (last - housing.first).max(0.0);
    if housing.must {
        return (least, most, true);
    }
    // The housing may not have come at all: then nobody is late.
    (0.0, most, true)
}

/// The days of every stage of some subjects, by kind and id.
type Known = BTreeMap<(String, String, String), When>;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: f64 = 100.0;

    fn on(first: f64, last: f64) -> When {
        When { may: true, must: last <= DAY, first, last }
    }

    /// What is known of a day: nothing, that it never came, or within which days it lies.
    fn whens() -> impl Strategy<Value = When> {
        prop_oneof![
            Just(When::UNKNOWN),
            Just(When::NEVER),
            (0u32..100, 0u32..40).prop_map(|(first, wide)| {
                let first = f64::from(first);
                let last = first + f64::from(wide);
                When { may: true, must: last <= DAY, first, last: last.min(DAY) }
            }),
        ]
    }

    /// Met, not met, not due, or unknown, with so many days of grace.
    fn verdict(facility: When, housing: When, grace: f64) -> &'static str {
        match late(facility, housing, DAY) {
            (_, _, false) => "not due",
            (_, high, _) if high <= grace => "met",
            (low, ..) if low > grace => "not met",
            _ => "unknown",
        }
    }

    proptest! {
        #[test]
        fn a_later_day_of_the_facility_never_improves_a_verdict(
            housing in whens(), first in 0u32..80, later in 0u32..20, grace in 0u32..30,
        ) {
            let at = |day: u32| on(f64::from(day), f64::from(day));
            let rank = |verdict: &str| ["not met", "unknown", "met"].iter().position(|one| *one == verdict);
            let grace = f64::from(grace);
            let (before, after) = (
                verdict(at(first), housing, grace),
                verdict(at(first + later), housing, grace),
            );
            prop_assert!(rank(after) <= rank(before), "{} then {}", before, after);
        }

        #[test]
        fn hiding_a_day_never_turns_a_verdict_around(
            facility in whens(), housing in whens(), grace in 0u32..30,
        ) {
            let grace = f64::from(grace);
            let before = verdict(facility, housing, grace);
            for hidden in [
                verdict(When::UNKNOWN, housing, grace),
                verdict(facility, When::UNKNOWN, grace),
            ] {
                let same = hidden == before || hidden == "unknown";
                // Whether a facility is in time or not due yet is no verdict on it.
                let early = [before, hidden].iter().all(|one| ["met", "not due"].contains(one));
                prop_assert!(same || early, "{} then {}", before, hidden);
            }
        }

        #[test]
        fn knowing_a_day_better_keeps_every_verdict(
            housing in whens(), first in 0u32..60, wide in 0u32..40, part in 0.0f64..1.0, grace in 0u32..30,
        ) {
            let (first, wide, grace) = (f64::from(first), f64::from(wide), f64::from(grace));
            let coarse = verdict(on(first, first + wide), housing, grace);
            let day = first + (wide * part).floor();
            let exact = verdict(on(day, day), housing, grace);
            prop_assert!(coarse == "unknown" || coarse == exact, "{} then {}", coarse, exact);
        }
    }

    #[test]
    fn lateness_spans_all_the_days_could_be() {
        assert_eq!(late(on(10.0, 10.0), on(12.0, 12.0), DAY), (0.0, 0.0, true));
        assert_eq!(late(on(15.0, 15.0), on(12.0, 12.0), DAY), (3.0, 3.0, true));
        assert_eq!(late(on(10.0, 40.0), on(12.0, 12.0), DAY), (0.0, 28.0, true));
        assert_eq!(late(on(50.0, 80.0), on(10.0, 40.0), DAY), (10.0, 70.0, true));
    }

    #[test]
    fn what_never_happened_is_late_from_the_day_after_the_audit_on() {
        assert_eq!(late(When::NEVER, on(60.0, 60.0), DAY), (41.0, f64::INFINITY, true));
        assert_eq!(late(When::NEVER, on(100.0, 100.0), DAY), (1.0, f64::INFINITY, true));
    }

    #[test]
    fn nothing_is_due_before_the_housing() {
        assert_eq!(late(When::NEVER, When::NEVER, DAY), (0.0, 0.0, false));
        assert_eq!(late(When::UNKNOWN, When::NEVER, DAY), (0.0, 0.0, false));
        assert_eq!(late(on(10.0, 10.0), When::NEVER, DAY), (0.0, 0.0, true));
    }

    #[test]
    fn what_is_not_known_decides_nothing() {
        let (low, high, due) = late(When::UNKNOWN, on(60.0, 60.0), DAY);
        assert_eq!((low, high, due), (0.0, f64::INFINITY, true));
        assert_eq!(late(on(70.0, 70.0), When::UNKNOWN, DAY).0, 0.0);
        // Before the earliest day the housing could have come, the facility is in time.
        let housing = When { may: true, must: false, first: 60.0, last: 100.0 };
        assert_eq!(late(on(50.0, 50.0), housing, DAY), (0.0, 0.0, true));
    }
}
