//! The demo town against the verdicts a careful inspector reached without the program.

use std::collections::{BTreeMap, BTreeSet};

use facility_audit::assessment::{Assessment, Outcome};
use facility_audit::audit::Audit;
use facility_audit::measure::chain::{Class, chains};
use facility_audit::quantity::Interval;
use facility_audit::words::Lang;
use serde::Deserialize;

use crate::support::{root, town};

#[derive(Debug, Deserialize)]
struct Verdicts {
    synchrony: Vec<Synchrony>,
    chain: Vec<Chained>,
    community_area: Vec<Judged>,
    rented: Vec<Judged>,
}

#[derive(Debug, Deserialize)]
struct Synchrony {
    facility: String,
    stages: Vec<Stage>,
}

#[derive(Debug, Deserialize)]
struct Stage {
    stage: String,
    outcome: String,
    reason: String,
    late_days: Option<toml::Value>,
}

/// What of a facility's area is in place; the classes are left out where nothing is missing or due.
#[derive(Debug, Deserialize)]
struct Chained {
    facility: String,
    outcome: String,
    due_from: String,
    due: toml::Value,
    planning: Option<toml::Value>,
    construction: Option<toml::Value>,
    handover: Option<toml::Value>,
    #[serde(rename = "use")]
    misuse: Option<toml::Value>,
    shortfall: Option<toml::Value>,
    largest: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Judged {
    community: String,
    outcome: String,
}

fn verdicts() -> Verdicts {
    let path = root("fixtures/towns/demo/expected/verdicts.toml");
    let text = std::fs::read_to_string(path).expect("read");
    toml::from_str(&text).expect("verdicts")
}

fn code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::NotMet => "not_met",
        Outcome::NotApplicable => "not_applicable",
        Outcome::Unknown => "unknown",
    }
}

/// The assessments of one requirement by subject.
fn of<'a>(audit: &'a Audit, requirement: &str) -> BTreeMap<&'a str, &'a Assessment> {
    let all = audit.assessments.iter().filter(|one| one.requirement == requirement);
    all.map(|one| (one.subject.as_str(), one)).collect()
}

#[test]
fn every_stage_of_every_facility_is_judged_as_the_inspector_judged_it() {
    let audit = town("demo");
    // Handed over in lots: which lot completes it cannot be said yet, so the first one counts.
    let lots = BTreeSet::from(["城东-0011", "城西-0004"]);
    let requirements = BTreeMap::from([
        ("规划", "planned-with-housing"),
        ("建设", "built-with-housing"),
        ("验收", "accepted-with-housing"),
        ("交付", "handed-over-with-housing"),
    ]);
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &verdicts().synchrony {
        for stage in &one.stages {
            let all = of(&audit, requirements[stage.stage.as_str()]);
            let Some(found) = all.get(one.facility.as_str()) else {
                wrong.push(format!("{} {}: not judged", one.facility, stage.stage));
                continue;
            };
            *counts.entry(code(found.outcome)).or_default() += 1;
            let days = match &stage.late_days {
                Some(toml::Value::Integer(days)) => Some((*days as f64, *days as f64)),
                Some(toml::Value::Array(ends)) => {
                    let end = |at: usize| ends[at].as_integer().map(|days| days as f64);
                    end(0).zip(end(1))
                }
                _ => None,
            };
            let same = code(found.outcome) == stage.outcome;
            // Of what did not happen only the least is known: it is late by one day more every day.
            let late =
                stage.reason != "late" || days == Some((found.measured.low, found.measured.high));
            if (!same || !late) && !lots.contains(one.facility.as_str()) {
                wrong.push(format!(
                    "{} {}: {:?} {:?}, expected {} {} {days:?}",
                    one.facility,
                    stage.stage,
                    found.outcome,
                    found.measured,
                    stage.outcome,
                    stage.reason
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
    for outcome in ["met", "not_met", "unknown", "not_applicable"] {
        assert!(counts.get(outcome).is_some_and(|count| *count >= 20), "{counts:?}");
    }
}

/// A figure, or the two ends of one.
fn ends(value: &toml::Value) -> (f64, f64) {
    let number = |value: &toml::Value| {
        value.as_float().or(value.as_integer().map(|whole| whole as f64)).expect("a number")
    };
    match value {
        toml::Value::Array(both) => (number(&both[0]), number(&both[1])),
        one => (number(one), number(one)),
    }
}

#[test]
fn what_is_in_place_falls_short_where_the_inspector_says_so() {
    let audit = town("demo");
    let chains = chains(&audit.inventory).expect("chains");
    let judged = of(&audit, "in-place");
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::new());
    let (mut skipped, mut slices) = (0, 0);
    for one in verdicts().chain {
        // What is due by a formula, or by nothing as the formula is younger, cannot be said yet.
        if ["formula", "none"].contains(&one.due_from.as_str()) {
            skipped += 1;
            continue;
        }
        let found = judged[one.facility.as_str()];
        let outcome = code(found.outcome);
        *counts.entry(outcome).or_insert(0) += 1;
        let chain = &chains[&one.facility];
        let mut differ = |what: &str, expected: &toml::Value, interval: Interval| {
            let (low, high) = ends(expected);
            if (low - interval.low).abs() > 0.006 || (high - interval.high).abs() > 0.006 {
                wrong.push(format!("{} {what}: {interval:?}, expected {expected}", one.facility));
            }
        };
        differ("due", &one.due, chain.due);
        let classes = [&one.planning, &one.construction, &one.handover, &one.misuse];
        for ((class, expected), found) in Class::ALL.iter().zip(classes).zip(chain.classes) {
            if let Some(expected) = expected {
                differ(&class.words().zh, expected, found);
                slices += 1;
            }
        }
        if let Some(shortfall) = &one.shortfall {
            differ("shortfall", shortfall, chain.short);
        }
        let largest = chain.largest().map_or("unknown".to_owned(), |class| class.words().zh);
        if one.largest.is_some_and(|expected| !largest.starts_with(&expected)) {
            wrong.push(format!("{} largest: {largest}", one.facility));
        }
        if outcome != one.outcome {
            wrong.push(format!("{}: {outcome}, expected {}", one.facility, one.outcome));
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(skipped, 4);
    assert!(slices > 150, "{slices} classes were compared");
    for outcome in ["met", "not_met", "unknown", "not_applicable"] {
        assert!(counts.get(outcome).is_some_and(|count| *count >= 9), "{counts:?}");
    }
}

#[test]
fn communities_are_judged_as_the_inspector_judged_them() {
    let audit = town("demo");
    for (requirement, expected) in [
        ("rooms-of-a-community", verdicts().community_area),
        ("rented-without-own", verdicts().rented),
    ] {
        let found: BTreeMap<&str, &Assessment> = audit
            .assessments
            .iter()
            .filter(|one| one.requirement == requirement)
            .map(|one| (one.label.as_str(), one))
            .collect();
        assert!(!found.is_empty(), "{requirement}");
        let wrong: Vec<String> = expected
            .iter()
            .filter_map(|one| {
                let outcome = found.get(one.community.as_str()).map(|found| code(found.outcome));
                (outcome != Some(one.outcome.as_str()))
                    .then(|| format!("{}: {outcome:?}, expected {}", one.community, one.outcome))
            })
            .collect();
        // Two rules of the inspector's list are not in the program: a lease that has not begun, and a
        // community that was not founded yet, are outside the rented share.
        let allowed = if requirement == "rented-without-own" { 2 } else { 0 };
        assert!(wrong.len() <= allowed, "{requirement}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn the_stages_of_an_estate_stand_in_one_table_and_each_shows_both_cells() {
    let audit = town("demo");
    let estate = facility_audit::report::explain(&audit, "锦绣江南", Lang::Zh).expect("known");
    let table: Vec<&str> =
        estate.lines().skip_while(|line| !line.contains("各设施与住宅的同步")).collect();
    assert_eq!(table.len(), 6, "a heading, the rules and four facilities: {estate}");
    let culture = table.iter().find(|line| line.contains("文化活动站")).expect("listed");
    assert!(culture.ends_with("未发生，至少晚 1,976 天"), "{culture}");
    assert!(
        table.last().is_some_and(|line| line.ends_with("不适用")),
        "property rooms stay with the owners"
    );
    let facility = facility_audit::report::explain(&audit, "城西-0006", Lang::Zh).expect("known");
    for cell in
        ["城西区!Z10  设施的竣工验收日期 2020-10-14", "城西区!L10  分期的竣工验收日期 2020-12-03"]
    {
        assert!(facility.contains(cell), "{cell}: {facility}");
    }
    assert!(!facility.contains("城西区!L8 "), "the first phase is not its own");
}
