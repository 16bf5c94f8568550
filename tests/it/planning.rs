//! Ranking and tenure of the demo town, against what was worked out without the program.

use std::collections::{BTreeMap, BTreeSet};

use facility_audit::Project;
use facility_audit::audit::Audit;
use facility_audit::plan::{
    Asked, Changed, Choice, Ends, Level, Origin, Ranking, ScoreSheet, Standing, Tenures, Turn, rank,
};
use facility_audit::quantity::Interval;
use serde::Deserialize;

use crate::support::{root, town};

type Numbers = BTreeMap<String, f64>;

#[derive(Debug, Deserialize)]
struct Expected {
    gated: Vec<Gated>,
    undecided: Vec<Gated>,
    missing: Vec<Missing>,
    choice: Chosen,
    ranked: Vec<Ranked>,
    weights_note: Note,
    weights_plus: Vec<Plus>,
    weight_range: Vec<WeightRange>,
    topsis: Vec<Placed>,
    vikor: Vec<Placed>,
    vikor_note: Compromise,
    entropy: Weighed,
    critic: Weighed,
    tenure_place: Vec<Place>,
    lease_end: Vec<LeaseEnd>,
    lease_not_begun: Vec<NotBegun>,
    rent_year: Vec<RentYear>,
    rent_community: Vec<RentCommunity>,
    rent_city: Vec<RentCity>,
    break_even: Vec<BreakEven>,
    break_even_skipped: Vec<Skipped>,
}

#[derive(Debug, Deserialize)]
struct Gated {
    subject: String,
    #[serde(default)]
    failed: Vec<String>,
    #[serde(default)]
    unknown: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Missing {
    subject: String,
    indicator: String,
    place_if_100: usize,
    place_if_0: usize,
    threshold: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Chosen {
    budget: f64,
    spent: f64,
    chosen: Vec<String>,
    households: f64,
    quota_households: f64,
    quota_share: f64,
}

#[derive(Debug, Deserialize)]
struct Ranked {
    subject: String,
    place: usize,
    score: f64,
    contributions: Numbers,
    choice: String,
    cost: Option<f64>,
    left: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Note {
    sum: f64,
    top: Vec<String>,
    order_same_when_scaled: bool,
}

#[derive(Debug, Deserialize)]
struct Plus {
    indicator: String,
    enters: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct WeightRange {
    indicator: String,
    from: Option<f64>,
    from_pair: Option<[String; 2]>,
    to: Option<f64>,
    to_pair: Option<[String; 2]>,
}

#[derive(Debug, Deserialize)]
struct Placed {
    subject: String,
    place: usize,
    closeness: Option<f64>,
    q: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Compromise {
    compromise: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Weighed {
    weights: Numbers,
}

#[derive(Debug, Deserialize)]
struct Place {
    level: String,
    place: String,
    communities: usize,
    counted: usize,
    unknown: usize,
    share: toml::Value,
    any_rented: usize,
    any_share: toml::Value,
    sites: usize,
    rented_sites: usize,
    unknown_sites: usize,
    share_by_sites: toml::Value,
    rented_area: toml::Value,
    share_by_area: toml::Value,
    annual_rent: f64,
    rented_without_rent: usize,
    share_of_rent: Option<toml::Value>,
    rent_per_m2: Option<f64>,
    rent_per_m2_rooms: Option<usize>,
    rent_per_household: Option<toml::Value>,
}

#[derive(Debug, Deserialize)]
struct LeaseEnd {
    bucket: String,
    rooms: usize,
    rent: f64,
    rooms_are: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct NotBegun {
    room: String,
    rent: f64,
}

#[derive(Debug, Deserialize)]
struct RentYear {
    room: String,
    year: i32,
    rent: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct RentCommunity {
    community: String,
    year: i32,
    rent: Option<f64>,
    rooms: usize,
    gaps: usize,
}

#[derive(Debug, Deserialize)]
struct RentCity {
    year: i32,
    rent: f64,
    rooms: usize,
    gaps: usize,
}

#[derive(Debug, Deserialize)]
struct BreakEven {
    room: String,
    unit_price: f64,
    price_from: String,
    price: f64,
    year: Option<u32>,
    year_r3: Option<u32>,
    year_r5: Option<u32>,
    year_g1: Option<u32>,
    year_g3: Option<u32>,
    year_price90: Option<u32>,
    year_price110: Option<u32>,
    present_value_40: f64,
}

#[derive(Debug, Deserialize)]
struct Skipped {
    room: String,
}

fn expected() -> Expected {
    let path = root("fixtures/towns/demo/expected/planning.toml");
    toml::from_str(&std::fs::read_to_string(path).expect("read")).expect("the expected results")
}

fn sheet(change: impl Fn(String) -> String) -> ScoreSheet {
    let path = root("fixtures/towns/demo/老旧社区评分细则.toml");
    let text = std::fs::read_to_string(path).expect("read");
    ScoreSheet::parse("评分细则.toml", &change(text)).expect("a score sheet")
}

fn ranked(audit: &Audit, change: impl Fn(String) -> String) -> Ranking {
    rank(audit, &sheet(change)).expect("ranked")
}

/// The sheet by another method or other weights: keys that stand before the first table.
fn with(line: &'static str) -> impl Fn(String) -> String {
    move |text| format!("{line}\n{text}")
}

fn labels(ranking: &Ranking) -> Vec<&str> {
    let label = |at: &usize| ranking.candidates[*at].subject.label.as_str();
    ranking.order.iter().map(label).collect()
}

fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() < 1e-5 || (found.is_infinite() && wanted.is_infinite())
}

/// An expected value: a number, or a range of two.
fn range(value: &toml::Value) -> Interval {
    let number = |value: &toml::Value| {
        value.as_float().or(value.as_integer().map(|n| n as f64)).expect("a number")
    };
    match value {
        toml::Value::Array(ends) => Interval::between(number(&ends[0]), number(&ends[1])),
        one => Interval::exactly(number(one)),
    }
}

fn same(found: Interval, wanted: &toml::Value, what: &str) {
    let wanted = range(wanted);
    assert!(
        near(found.low, wanted.low) && near(found.high, wanted.high),
        "{what}: {found:?} {wanted:?}"
    );
}

#[test]
fn the_ranking_of_the_demo_town_is_the_one_worked_out_without_the_program() {
    let (audit, wanted) = (town("demo"), expected());
    let found = ranked(&audit, |text| text);
    assert_eq!(found.order.len(), wanted.ranked.len());
    for (position, (at, wanted)) in found.order.iter().zip(&wanted.ranked).enumerate() {
        let one = &found.candidates[*at];
        let Standing::Ranked { place, total, parts, reach } = &one.standing else {
            panic!("{} is ranked", one.subject.label)
        };
        assert_eq!((&one.subject.label, *place), (&wanted.subject, wanted.place));
        assert!(near(*total, wanted.score), "{}: {total}", wanted.subject);
        assert_eq!(*reach, None, "all its values are exact");
        for (part, indicator) in parts.iter().zip(&found.sheet.indicators) {
            assert!(near(*part, wanted.contributions[&indicator.words.zh]), "{}", wanted.subject);
        }
        let (code, cost, left) = match found.choice(position) {
            Choice::Chosen { cost } => ("chosen", *cost, None),
            Choice::Quota { .. } => ("quota", None, None),
            Choice::TooDear { cost, left } => ("too_dear", Some(*cost), Some(*left)),
            Choice::CostUnknown => ("cost_unknown", None, None),
            other => panic!("{other:?}"),
        };
        assert_eq!(code, wanted.choice, "{}", wanted.subject);
        if let Some(cost) = cost {
            assert!(near(cost, wanted.cost.expect("a cost")), "{}", wanted.subject);
        }
        assert_eq!(left, wanted.left, "{}", wanted.subject);
    }
    let money = found.chosen.money.as_ref().expect("there is a budget");
    assert_eq!((money.amount, money.spent), (wanted.choice.budget, wanted.choice.spent));
    let chosen = labels(&found).into_iter().enumerate();
    let chosen: Vec<&str> = chosen
        .filter(|(position, _)| found.choice(*position).is_chosen())
        .map(|(_, label)| label)
        .collect();
    assert_eq!(chosen, wanted.choice.chosen);
    let quota = &found.chosen.quotas[0];
    assert_eq!(
        (quota.counted, quota.whole, quota.share()),
        (wanted.choice.quota_households, wanted.choice.households, wanted.choice.quota_share)
    );
}

#[test]
fn the_counts_of_the_town_balance_with_its_row_of_weights() {
    let audit = town("demo");
    let (sources, accounts) = (&audit.inventory.sources, &audit.inventory.accounts);
    let line =
        facility_audit::report::reading::counts(sources, accounts, facility_audit::words::Lang::Zh);
    let (_, rest) = line.split_once('，').expect("rows after tables");
    let numbers = |text: &str| -> Vec<usize> {
        text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
    };
    let all = numbers(rest);
    assert_eq!(all[0], all[1..].iter().sum::<usize>(), "{line}");
    assert!(line.contains("权重行 1"), "{line}");
}

#[test]
fn gates_and_missing_data_are_those_worked_out_without_the_program() {
    let (audit, wanted) = (town("demo"), expected());
    let found = ranked(&audit, |text| text);
    let gate_ids = |gates: &[usize]| -> Vec<String> {
        gates.iter().map(|gate| found.sheet.gates[*gate].id.clone()).collect()
    };
    let (mut gated, mut open, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for one in &found.candidates {
        let label = one.subject.label.clone();
        match &one.standing {
            Standing::Gated(gates) => gated.push((label, gate_ids(gates))),
            Standing::Undecided(gates) => open.push((label, gate_ids(gates))),
            Standing::Missing(indicators, reach) => missing.push((label, indicators, reach)),
            Standing::Ranked { .. } => {}
        }
    }
    let failed = wanted.gated.iter().map(|one| (one.subject.clone(), one.failed.clone()));
    assert_eq!(gated, failed.collect::<Vec<_>>());
    let unknown = wanted.undecided.iter().map(|one| (one.subject.clone(), one.unknown.clone()));
    assert_eq!(open, unknown.collect::<Vec<_>>());
    assert_eq!(missing.len(), wanted.missing.len());
    for ((label, indicators, reach), wanted) in missing.iter().zip(&wanted.missing) {
        assert_eq!(label, &wanted.subject);
        assert_eq!(found.sheet.indicators[indicators[0]].words.zh, wanted.indicator);
        assert_eq!((reach.best, reach.worst), (wanted.place_if_100, wanted.place_if_0), "{label}");
        let threshold = reach.threshold.as_ref().map(|one| one.points);
        assert_eq!(threshold.is_some(), wanted.threshold.is_some(), "{label}");
        if let (Some(found), Some(wanted)) = (threshold, wanted.threshold) {
            assert!(near(found, wanted), "{label}: {found}");
        }
    }
}

#[test]
fn how_far_weights_can_move_is_exact() {
    let (audit, wanted) = (town("demo"), expected());
    let found = ranked(&audit, |text| text);
    let stability = found.stability.as_ref().expect("some are ranked");
    let names = labels(&found);
    assert_eq!(names[..stability.top], wanted.weights_note.top);
    for ((moved, indicator), wanted) in
        stability.moves.iter().zip(&found.sheet.indicators).zip(&wanted.weight_range)
    {
        assert_eq!(indicator.words.zh, wanted.indicator);
        let check = |turn: &Option<Turn>, weight: Option<f64>, pair: &Option<[String; 2]>| {
            assert_eq!(turn.is_some(), weight.is_some(), "{}", wanted.indicator);
            let (Some(turn), Some(weight)) = (turn, weight) else { return };
            assert!(near(turn.weight, weight), "{}: {}", wanted.indicator, turn.weight);
            let [leaves, enters] = pair.as_ref().expect("who changes places");
            let named = |all: &[usize]| all.iter().map(|row| names[*row]).collect::<Vec<_>>();
            assert_eq!(named(&turn.leaves), [leaves.as_str()], "{}", wanted.indicator);
            assert_eq!(named(&turn.enters), [enters.as_str()], "{}", wanted.indicator);
        };
        check(&moved.below, wanted.from, &wanted.from_pair);
        check(&moved.above, wanted.to, &wanted.to_pair);
    }
    // Weights that do not add up are told, with what it would do to add what is missing.
    let sum = found.weights.sum.as_ref().expect("they add up to 98");
    assert_eq!((sum.sum, sum.expected), (wanted.weights_note.sum, 100.0));
    assert_eq!(sum.same_when_scaled, wanted.weights_note.order_same_when_scaled);
    for (found, wanted) in sum.if_added.iter().zip(&wanted.weights_plus) {
        assert_eq!(found.as_ref().expect("not negative"), &wanted.enters, "{}", wanted.indicator);
    }
}

#[test]
fn the_search_for_moves_agrees_with_the_exact_ones() {
    // VIKOR with v = 1 orders by the sum of losses, as a weighted sum over the observed ranges does.
    let audit = town("demo");
    let no_range = |text: String| text.replace("range = [0, 100]\n", "");
    let exact = ranked(&audit, no_range);
    let searched = ranked(&audit, |text| format!("method = {{ vikor = 1 }}\n{}", no_range(text)));
    assert_eq!(labels(&exact), labels(&searched));
    let moves = |ranking: &Ranking| ranking.stability.clone().expect("ranked").moves;
    let mut compared = 0;
    for (exact, searched) in moves(&exact).iter().zip(moves(&searched)) {
        for (exact, searched) in [(&exact.below, &searched.below), (&exact.above, &searched.above)]
        {
            if let (Some(exact), Some(searched)) = (exact, searched) {
                assert!(
                    (exact.weight / searched.weight - 1.0).abs() < 1e-6,
                    "{exact:?} {searched:?}"
                );
                assert_eq!((&exact.leaves, &exact.enters), (&searched.leaves, &searched.enters));
                compared += 1;
            }
        }
    }
    assert!(compared >= 10, "only {compared} turns");
}

#[test]
fn other_methods_and_weights_are_those_worked_out_without_the_program() {
    let (audit, wanted) = (town("demo"), expected());
    let check = |found: &Ranking, wanted: &[Placed]| {
        for (at, wanted) in found.order.iter().zip(wanted) {
            let one = &found.candidates[*at];
            let Standing::Ranked { place, total, .. } = &one.standing else { panic!("ranked") };
            assert_eq!((&one.subject.label, *place), (&wanted.subject, wanted.place));
            let number = wanted.closeness.or(wanted.q).expect("a number");
            assert!(near(*total, number), "{}: {total} {number}", wanted.subject);
        }
        assert_eq!(found.order.len(), wanted.len());
    };
    check(&ranked(&audit, with("method = \"topsis\"")), &wanted.topsis);
    let vikor = ranked(&audit, with("method = \"vikor\""));
    check(&vikor, &wanted.vikor);
    let set: Vec<&str> = vikor.compromise.iter().map(|row| labels(&vikor)[*row]).collect();
    assert_eq!(set, wanted.vikor_note.compromise);
    for (line, wanted) in
        [("weights = \"entropy\"", &wanted.entropy), ("weights = \"critic\"", &wanted.critic)]
    {
        let found = ranked(&audit, with(line));
        for (weight, indicator) in found.weights.used.iter().zip(&found.sheet.indicators) {
            let wanted = wanted.weights[&indicator.words.zh];
            assert!((weight / 100.0 - wanted).abs() < 1e-6, "{line}: {}", indicator.id);
        }
    }
    let both =
        ranked(&audit, with("weights = { combine = [\"given\", \"entropy\"], by = \"product\" }"));
    let given = ranked(&audit, |text| text).weights.used;
    let products: Vec<f64> = given
        .iter()
        .zip(&both.sheet.indicators)
        .map(|(weight, indicator)| weight * wanted.entropy.weights[&indicator.words.zh])
        .collect();
    let sum: f64 = products.iter().sum();
    for (found, product) in both.weights.used.iter().zip(products) {
        assert!((found / 100.0 - product / sum).abs() < 1e-6);
    }
    assert_eq!(both.weights.sets.len(), 2);
}

fn tenures(audit: &Audit) -> Tenures {
    let project = Project::open(root("fixtures/towns/demo/project.toml")).expect("a project");
    Tenures::of(audit, &project.tenure, &[]).expect("compared")
}

#[test]
fn rents_and_shares_by_place_are_those_worked_out_without_the_program() {
    let (audit, wanted) = (town("demo"), expected());
    let found = tenures(&audit);
    let mut compared = 0;
    for wanted in &wanted.tenure_place {
        let name = &wanted.place;
        let place = found.places.iter().find(|place| match wanted.level.as_str() {
            "city" => place.level == Level::All,
            _ => place.label == *name && place.level != Level::Community,
        });
        let place = place.unwrap_or_else(|| panic!("{name} is listed"));
        let (tally, sums) = (&place.tally, &place.sums);
        assert_eq!(
            (
                tally.communities,
                tally.rented,
                tally.rented_at_most - tally.rented,
                tally.any_rented.0
            ),
            (wanted.communities, wanted.counted, wanted.unknown, wanted.any_rented),
            "{name}"
        );
        same(tally.rented_share().expect("a share"), &wanted.share, name);
        same(tally.any_rented_share().expect("a share"), &wanted.any_share, name);
        let (low, high) = sums.rented_sites;
        assert_eq!(
            (sums.sites, low, high - low),
            (wanted.sites, wanted.rented_sites, wanted.unknown_sites),
            "{name}"
        );
        let by_sites =
            Interval::between(low as f64 / sums.sites as f64, high as f64 / sums.sites as f64);
        same(by_sites, &wanted.share_by_sites, name);
        same(sums.rented_area, &wanted.rented_area, name);
        same(sums.by_area.expect("an area"), &wanted.share_by_area, name);
        assert_eq!(sums.rent, Interval::exactly(wanted.annual_rent), "{name}");
        assert_eq!(sums.without_rent.0, wanted.rented_without_rent, "{name}");
        if let Some(share) = &wanted.share_of_rent {
            same(place.part_of_rent.expect("a share"), share, name);
        }
        let per_m2 = sums.per_m2.map(|(rent, rooms)| (rent.low, rooms));
        assert_eq!(per_m2.is_some(), wanted.rent_per_m2.is_some(), "{name}");
        if let (Some((rent, rooms)), Some(wanted_rent)) = (per_m2, wanted.rent_per_m2) {
            assert!(near(rent, wanted_rent), "{name}: {rent}");
            assert_eq!(Some(rooms), wanted.rent_per_m2_rooms, "{name}");
        }
        if let Some(rent) = &wanted.rent_per_household {
            same(place.per_household.expect("a rent"), rent, name);
        }
        compared += 1;
    }
    assert_eq!(compared, 12);
}

#[test]
fn leases_and_rents_over_the_years_are_those_worked_out_without_the_program() {
    let (audit, wanted) = (town("demo"), expected());
    let found = tenures(&audit);
    let bucket = |ends: &Ends| match ends {
        Ends::Before => "expired".to_owned(),
        Ends::Quarter(year, quarter) => format!("{year}Q{quarter}"),
        other => format!("{other:?}"),
    };
    let label = |at: &usize| found.rooms[*at].label.clone();
    let running: Vec<_> = found.leases.iter().filter(|one| one.ends != Ends::NotBegun).collect();
    assert_eq!(running.len(), wanted.lease_end.len());
    for (one, wanted) in running.iter().zip(&wanted.lease_end) {
        let rooms: BTreeSet<String> = one.rooms.iter().map(label).collect();
        let named: BTreeSet<String> = wanted.rooms_are.iter().cloned().collect();
        assert_eq!(
            (bucket(&one.ends), one.rooms.len(), rooms),
            (wanted.bucket.clone(), wanted.rooms, named)
        );
        assert_eq!(one.rent, Interval::exactly(wanted.rent), "{}", wanted.bucket);
    }
    let coming = found.leases.iter().find(|one| one.ends == Ends::NotBegun).expect("one");
    assert_eq!(label(&coming.rooms[0]), wanted.lease_not_begun[0].room);
    assert_eq!(coming.rent, Interval::exactly(wanted.lease_not_begun[0].rent));

    let years = &found.years;
    let mut listed: BTreeMap<(String, i32), Option<f64>> = BTreeMap::new();
    for room in &years.rooms {
        for (rent, year) in room.rents.iter().zip(&years.years) {
            use facility_audit::plan::YearRent;
            match rent {
                YearRent::Outside => {}
                YearRent::Gap => drop(listed.insert((room.label.clone(), *year), None)),
                YearRent::Paid(rent) => {
                    listed.insert((room.label.clone(), *year), Some(rent.low));
                }
            }
        }
    }
    let by_hand = wanted.rent_year.iter().map(|one| ((one.room.clone(), one.year), one.rent));
    assert_eq!(listed, by_hand.collect());
    let at = |year: i32| years.years.iter().position(|one| *one == year).expect("a year");
    for wanted in &wanted.rent_city {
        let sum = found.rents()[at(wanted.year)].expect("some rooms");
        assert_eq!((sum.known, sum.gaps, sum.rent.low), (wanted.rooms, wanted.gaps, wanted.rent));
        // What is missing may cost anything: the sum is no more than "at least".
        assert_eq!(sum.rent.is_exact(), wanted.gaps == 0);
    }
    for wanted in &wanted.rent_community {
        let place =
            found.places.iter().find(|place| place.label == wanted.community).expect("listed");
        let sum = found.rents_of(place)[at(wanted.year)].expect("a row");
        assert_eq!((sum.known, sum.gaps), (wanted.rooms, wanted.gaps), "{wanted:?}");
        assert_eq!(sum.rent.low, wanted.rent.unwrap_or(0.0), "{wanted:?}");
    }
    let strange: Vec<&str> = years.not_rented.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(strange, ["东岸社区党群服务中心"], "its tenure is blank");
}

#[test]
fn rent_against_purchase_is_the_one_worked_out_without_the_program() {
    let (audit, wanted) = (town("demo"), expected());
    let found = tenures(&audit);
    assert_eq!(found.purchases.len(), wanted.break_even.len());
    for (one, wanted) in found.purchases.iter().zip(&wanted.break_even) {
        assert_eq!(found.rooms[one.room].label, wanted.room);
        let from = match one.price.from {
            Origin::Community => "community",
            Origin::District => "district",
            Origin::All => "all",
            Origin::Stated => "stated",
        };
        assert_eq!(
            (one.price.yuan, from, one.cost),
            (wanted.unit_price, wanted.price_from.as_str(), wanted.price)
        );
        assert_eq!(one.even, wanted.year, "{}", wanted.room);
        assert!((one.worth - wanted.present_value_40).abs() < 1e-3, "{}", wanted.room);
        let others: Vec<Option<u32>> = one.others.iter().map(|(_, year)| *year).collect();
        assert_eq!(
            others,
            [
                wanted.year_r3,
                wanted.year_r5,
                wanted.year_g1,
                wanted.year_g3,
                wanted.year_price90,
                wanted.year_price110
            ],
            "{}",
            wanted.room
        );
        let (changed, _) = one.others[0];
        assert!(matches!(changed, Changed::Rate(rate) if (rate - 0.03).abs() < 1e-12));
    }
    let skipped: Vec<&str> =
        found.not_compared.iter().map(|at| found.rooms[*at].label.as_str()).collect();
    let by_hand: Vec<&str> =
        wanted.break_even_skipped.iter().map(|one| one.room.as_str()).collect();
    assert_eq!(skipped, by_hand);
    // Without stated terms nothing is assumed.
    let none = Tenures::of(&audit, &Asked::default(), &[]).expect("compared");
    assert!(none.purchases.is_empty() && none.terms.is_none());
}
