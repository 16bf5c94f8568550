//! The demo town against the verdicts a careful inspector reached without the program.

use std::collections::{BTreeMap, BTreeSet};

use facility_audit::assessment::{Assessment, Outcome};
use facility_audit::audit::Audit;
use facility_audit::measure::chain::{Class, DueFrom};
use facility_audit::quantity::Interval;
use facility_audit::words::Lang;
use serde::Deserialize;

use crate::support::{root, town};

#[derive(Debug, Deserialize)]
struct Verdicts {
    synchrony: Vec<Synchrony>,
    chain: Vec<Chained>,
    chain_estate: Vec<Estate>,
    community_area: Vec<Area>,
    rented: Vec<Judged>,
    ratio: Vec<Ratio>,
    no_premises_row: Vec<NoRow>,
}

/// What an estate lacks: its public facilities, and those of its owners.
#[derive(Debug, Deserialize)]
struct Estate {
    estate: String,
    public_shortfall: toml::Value,
    owners_shortfall: Option<toml::Value>,
}

/// How much of the housing was ahead of a facility.
#[derive(Debug, Deserialize)]
struct Ratio {
    facility: String,
    category: String,
    outcome: String,
    share: Option<toml::Value>,
}

#[derive(Debug, Deserialize)]
struct NoRow {
    facility: String,
    handed_over: toml::Value,
}

/// The area of a community, and whose what it lacks is.
#[derive(Debug, Deserialize)]
struct Area {
    community: String,
    outcome: String,
    shortfall: Option<toml::Value>,
    recoverable: Option<toml::Value>,
    government: Option<toml::Value>,
    estates_owe: Option<toml::Value>,
    #[serde(default)]
    debts_of: Vec<String>,
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
    estate: String,
    category: String,
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
    developer_debt: Option<toml::Value>,
    government: Option<toml::Value>,
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
            if !same || !late {
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
    let judged = of(&audit, "in-place");
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::new());
    let mut slices = 0;
    for one in verdicts().chain {
        let found = judged[one.facility.as_str()];
        let outcome = code(found.outcome);
        *counts.entry(outcome).or_insert(0) += 1;
        let chained = audit.owing.chain("demo-rooms", "in-place", &one.facility).expect("known");
        let chain = &chained.chain;
        let from = match one.due_from.as_str() {
            "contract" => DueFrom::Contract,
            "plan" => DueFrom::Plan,
            "stated" => DueFrom::Stated,
            "formula" => DueFrom::Formula,
            _ => DueFrom::NoDuty,
        };
        if chain.from != from {
            wrong.push(format!("{}: due from {:?}", one.facility, chain.from));
        }
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
        if let Some(debt) = &one.developer_debt {
            let owed = chain.developer_owes;
            let least = if chained.housed == Some(true) { owed.low } else { 0.0 };
            differ("the developer owes", debt, Interval::between(least, owed.high));
        }
        if let Some(government) = &one.government {
            differ("the government owes", government, chain.government);
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
    assert!(slices > 150, "{slices} classes were compared");
    for outcome in ["met", "not_met", "unknown", "not_applicable"] {
        assert!(counts.get(outcome).is_some_and(|count| *count >= 9), "{counts:?}");
    }
}

#[test]
fn communities_are_judged_as_the_inspector_judged_them() {
    let audit = town("demo");
    let areas = verdicts()
        .community_area
        .into_iter()
        .map(|one| Judged { community: one.community, outcome: one.outcome });
    for (requirement, expected) in
        [("rooms-of-a-community", areas.collect()), ("rented-without-own", verdicts().rented)]
    {
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
                // A community that is not founded yet is not judged at all.
                let outcome = outcome.or(Some("not_applicable"));
                (outcome != Some(one.outcome.as_str()))
                    .then(|| format!("{}: {outcome:?}, expected {}", one.community, one.outcome))
            })
            .collect();
        assert!(wrong.is_empty(), "{requirement}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn the_stages_of_an_estate_stand_in_one_table_and_each_shows_both_cells() {
    let audit = town("demo");
    let estate = facility_audit::report::explain(&audit, "锦绣江南", Lang::Zh).expect("known");
    let table: Vec<&str> = estate
        .lines()
        .skip_while(|line| !line.contains("各设施与住宅的同步"))
        .take_while(|line| !line.is_empty())
        .collect();
    assert_eq!(table.len(), 6, "a heading, the rules and four facilities: {estate}");
    let culture = table.iter().find(|line| line.contains("文化活动站")).expect("listed");
    assert!(culture.contains("未发生，至少晚 1,976 天"), "{culture}");
    assert!(
        table.last().is_some_and(|line| line.contains("物业服务用房") && line.contains("不适用")),
        "property rooms stay with the owners"
    );
    let chains: Vec<&str> =
        estate.lines().skip_while(|line| !line.contains("各设施的落实")).collect();
    assert_eq!(chains.len(), 8, "a heading, the steps, four facilities and two sums: {estate}");
    assert!(
        chains.iter().any(|line| line.contains("社区用房") && line.contains("1,560")),
        "{estate}"
    );
    let facility = facility_audit::report::explain(&audit, "城西-0006", Lang::Zh).expect("known");
    for cell in
        ["城西区!Z10  设施的竣工验收日期 2020-10-14", "城西区!L10  分期的竣工验收日期 2020-12-03"]
    {
        assert!(facility.contains(cell), "{cell}: {facility}");
    }
    assert!(!facility.contains("城西区!L8 "), "the first phase is not its own");
}

/// The arithmetic shows every room that counts, with its share of rooms that are shared.
#[test]
fn the_working_of_a_community_adds_up_its_rooms() {
    let audit = town("demo");
    let (mut summed, mut shared, mut none) = (0, 0, 0);
    let communities = audit.assessments.iter().filter(|one| {
        one.requirement == "rooms-of-a-community" && one.outcome != Outcome::NotApplicable
    });
    for one in communities {
        let text = facility_audit::report::explain(&audit, &one.subject, Lang::Zh).expect("known");
        let verdict = text.split("\n\n").find(|text| text.contains("  社区用房面积\n"));
        let verdict = verdict.unwrap_or_else(|| panic!("{text}"));
        let rooms = verdict.lines().filter(|line| line.contains(" 用房面积 "));
        let rooms: Vec<&str> = rooms.filter(|line| line.trim_start().starts_with("数据")).collect();
        let working = verdict.lines().find(|line| line.trim_start().starts_with("算式"));
        let working = working.expect("arithmetic");
        let left_out = rooms.iter().filter(|line| line.ends_with("不计入")).count();
        none += left_out;
        if rooms.len() - left_out > 1 {
            let (sum, _) = working.split_once("㎡；").expect("two sides");
            assert_eq!(sum.matches(" + ").count(), rooms.len() - left_out - 1, "{verdict}");
            summed += 1;
        }
        if verdict.contains("；份额 ") || verdict.contains("；共用而份额不明；") {
            assert!(verdict.contains(" 服务社区 "), "where it is shared is not shown: {verdict}");
            shared += 1;
        }
    }
    assert!(
        summed > 15 && shared > 2 && none > 0,
        "{summed} sums, {shared} shared, {none} not counted"
    );
    let east = facility_audit::report::explain(&audit, "东湖社区", Lang::Zh).expect("known");
    for line in
        ["用房面积 300 ㎡；份额 53.37%；计 160.1 ㎡", "用房面积 = 360 + 605.5 + 160.1 = 1,125.6 ㎡"]
    {
        assert!(east.contains(line), "{line}: {east}");
    }
}

fn near(expected: &toml::Value, found: Interval) -> bool {
    let (low, high) = ends(expected);
    (low - found.low).abs() < 0.006 && (high == found.high || (high - found.high).abs() < 0.006)
}

#[test]
fn what_a_community_lacks_is_split_as_the_inspector_split_it() {
    let audit = town("demo");
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for one in verdicts().community_area {
        let Some(recoverable) = &one.recoverable else { continue };
        let found = audit
            .assessments
            .iter()
            .find(|found| {
                found.requirement == "rooms-of-a-community" && found.label == one.community
            })
            .expect("judged");
        let split = audit.owing.split(found).expect("split");
        let debts: BTreeSet<&str> = split.debts.iter().map(|debt| debt.facility.as_str()).collect();
        let pairs = [
            (&one.shortfall, found.shortfall),
            (&one.recoverable, split.recoverable),
            (&one.government, split.government),
            (&one.estates_owe, split.estates_owe),
        ];
        let same = pairs.iter().all(|(expected, found)| {
            expected.as_ref().is_none_or(|expected| near(expected, *found))
        });
        if !same || debts != one.debts_of.iter().map(String::as_str).collect() {
            wrong.push(format!("{}: {split:?}, expected {recoverable} {one:?}", one.community));
        }
        compared += 1;
    }
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= 12, "{compared}");
}

#[test]
fn shares_of_the_housing_are_those_of_the_inspector() {
    let audit = town("demo");
    let (half, others) = (of(&audit, "before-half"), of(&audit, "before-four-fifths"));
    let (mut wrong, mut known) = (Vec::new(), 0);
    for one in verdicts().ratio {
        let first = ["社区用房", "幼儿园", "卫生服务站"].contains(&one.category.as_str());
        let found = if first { &half } else { &others }[one.facility.as_str()];
        if code(found.outcome) != one.outcome {
            wrong.push(format!("{}: {found:?}, expected {}", one.facility, one.outcome));
        }
        if let Some(share) = &one.share {
            let (low, high) = ends(share);
            let same = (low - found.measured.low).abs() < 1e-5
                && (high - found.measured.high).abs() < 1e-5;
            if !same {
                wrong.push(format!("{}: {:?}, expected {share}", one.facility, found.measured));
            }
            known += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
    assert!(known >= 25, "{known}");
}

#[test]
fn what_was_received_and_is_in_no_list_of_rooms_is_found() {
    let audit = town("demo");
    let found: BTreeMap<&str, Interval> = of(&audit, "passed-on")
        .into_iter()
        .filter(|(_, one)| one.outcome == Outcome::NotMet)
        .map(|(facility, one)| (facility, one.measured))
        .collect();
    let expected = verdicts().no_premises_row;
    let names: BTreeSet<&str> = expected.iter().map(|one| one.facility.as_str()).collect();
    assert_eq!(found.keys().copied().collect::<BTreeSet<_>>(), names);
    for one in &expected {
        assert!(near(&one.handed_over, found[one.facility.as_str()]), "{}", one.facility);
    }
}

#[test]
fn three_rates_are_the_inspectors_chains_added_up() {
    let audit = town("demo");
    let owners = ["物业服务用房", "业委会用房"];
    let public: Vec<Chained> = verdicts()
        .chain
        .into_iter()
        .filter(|one| !owners.contains(&one.category.as_str()))
        .filter(|one| one.outcome != "not_applicable" && ends(&one.due).1 > 0.0)
        .collect();
    let count =
        |outcome: &str, of: &[&Chained]| of.iter().filter(|one| one.outcome == outcome).count();
    let all: Vec<&Chained> = public.iter().collect();
    let (met, not_met) = (count("met", &all) as f64, count("not_met", &all) as f64);
    let total = all.len() as f64;
    let rates: BTreeMap<&str, Vec<&Assessment>> =
        ["facilities-in-place", "estates-in-place", "area-in-place"]
            .into_iter()
            .map(|name| {
                (name, audit.assessments.iter().filter(|one| one.requirement == name).collect())
            })
            .collect();
    // The rates are of each district; weighted by what each has they are those of the town.
    for (name, found) in &rates {
        assert!(!found.is_empty(), "{name}");
        for one in found {
            assert!(0.0 <= one.measured.low && one.measured.high <= 1.0, "{one:?}");
        }
    }
    assert!(met > 20.0 && not_met > 20.0 && total > met + not_met);
    let prefix = |district: &str| district.to_owned() + "-";
    for (at, district) in [("990202", "城东"), ("990203", "城西"), ("990204", "湖滨")] {
        let here: Vec<&Chained> =
            public.iter().filter(|one| one.facility.starts_with(&prefix(district))).collect();
        let (met, not_met) = (count("met", &here) as f64, count("not_met", &here) as f64);
        let all = here.len() as f64;
        let found = rates["facilities-in-place"].iter().find(|one| one.subject == at).expect(at);
        let expected = Interval::between(met / all, (all - not_met) / all);
        assert!(
            (found.measured.low - expected.low).abs() < 1e-6
                // Of what may not be due yet and surely falls short, none is ever in place.
                && found.measured.high <= expected.high + 1e-6
                && found.measured.high >= expected.low,
            "{district}: {:?}, expected {expected:?}",
            found.measured
        );
        let estates: BTreeMap<&str, Vec<&Chained>> =
            here.iter().fold(BTreeMap::new(), |mut all, one| {
                all.entry(one.estate.as_str()).or_insert_with(Vec::new).push(*one);
                all
            });
        let whole = estates.values().filter(|all| all.iter().all(|one| one.outcome == "met"));
        let found = rates["estates-in-place"].iter().find(|one| one.subject == at).expect(at);
        let expected = whole.count() as f64 / estates.len() as f64;
        assert!(
            (found.measured.low - expected).abs() < 1e-6,
            "{district}: {:?}, {expected}",
            found.measured
        );
    }
}

#[test]
fn rooms_of_the_owners_are_in_no_sum_of_what_the_public_is_owed() {
    let audit = town("demo");
    let in_place: Vec<Assessment> =
        audit.assessments.iter().filter(|one| one.requirement == "in-place").cloned().collect();
    let estates = audit.inventory.table("estates");
    let text = |name: &str| estates.column(name).expect("declared").str().expect("text").clone();
    let (ids, names) = (text("id"), text("name"));
    let (mut wrong, mut apart) = (Vec::new(), 0);
    for one in verdicts().chain_estate {
        let at = names.iter().position(|name| name == Some(one.estate.as_str()));
        let id = at.and_then(|at| ids.get(at)).unwrap_or_else(|| panic!("{}", one.estate));
        let (public, owners) = audit.owing.short_of(&in_place, id);
        let of_owners = one.owners_shortfall.unwrap_or(toml::Value::Integer(0));
        if !near(&one.public_shortfall, public) || !near(&of_owners, owners) {
            wrong.push(format!(
                "{}: {public:?} and {owners:?}, expected {} and {of_owners}",
                one.estate, one.public_shortfall
            ));
        }
        apart += u8::from(owners.high > 0.0);
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
    assert!(apart >= 2, "{apart}");
}
