//! Cases and figures that were published: what a careful inspector makes of them.

use std::collections::BTreeSet;
use std::path::Path;

use facility_audit::Project;
use facility_audit::audit::Audit;
use facility_audit::measure::figures;
use facility_audit::quantity::Interval;
use serde::Deserialize;

use crate::support::{folders, root};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    expect: Vec<Expectation>,
    #[serde(default)]
    figure: Vec<Figure>,
    #[serde(default)]
    rate: Vec<Rate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    requirement: String,
    subject: String,
    outcome: String,
    because: Option<String>,
    measured: [f64; 2],
    required: [f64; 2],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Figure {
    part: String,
    item: String,
    value: [f64; 2],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    item: String,
    part: String,
    period: String,
    numerator: String,
    denominator: String,
    value: [f64; 2],
}

fn read(folder: &Path) -> (Audit, Expected) {
    let audit = Project::open(folder.join("project.toml")).and_then(|project| project.audit());
    let audit = audit.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let text = std::fs::read_to_string(folder.join("expected.toml")).expect("expected.toml");
    let expected = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    (audit, expected)
}

fn close(found: Interval, expected: [f64; 2]) -> bool {
    let near = |a: f64, b: f64| a == b || (a - b).abs() < 1e-5;
    near(found.low, expected[0]) && near(found.high, expected[1])
}

/// Every assessment of the sample texts a folder brings must be expected, and every expected one found.
fn judged_as_expected(folder: &Path, audit: &Audit, expected: &Expected) -> usize {
    let name = folder.display();
    let named: BTreeSet<&str> =
        expected.expect.iter().map(|one| one.requirement.as_str()).collect();
    // Of the built-in pages only what is expected is compared, of the folder's own text everything.
    let packs: BTreeSet<&str> = named
        .iter()
        .filter_map(|name| name.split('/').next())
        .filter(|pack| !pack.starts_with("facility-audit"))
        .collect();
    let of_packs = audit.assessments.iter().filter(|one| {
        let name = format!("{}/{}", one.pack, one.requirement);
        packs.contains(one.pack.as_str()) || named.contains(name.as_str())
    });
    let mut left: Vec<_> = of_packs.collect();
    for one in &expected.expect {
        let is_it = |found: &&facility_audit::assessment::Assessment| {
            format!("{}/{}", found.pack, found.requirement) == one.requirement
                && found.label == one.subject
        };
        let at = left.iter().position(is_it).unwrap_or_else(|| panic!("{name}: no {one:?}"));
        let found = left.remove(at);
        let same = found.outcome.code() == one.outcome
            && found.because.map(|because| because.code()) == one.because.as_deref()
            && close(found.measured, one.measured)
            && close(found.required, one.required);
        assert!(same, "{name}: {found:?}, expected {one:?}");
    }
    assert!(left.is_empty(), "{name}: not expected: {left:#?}");
    expected.expect.len()
}

#[test]
fn a_flag_that_says_handed_over_is_not_enough_in_any_of_the_single_cases() {
    let all = folders(&root("fixtures/cases"));
    assert_eq!(all.len(), 4);
    for folder in all {
        let (audit, expected) = read(&folder);
        assert!(judged_as_expected(&folder, &audit, &expected) >= 3, "{}", folder.display());
    }
}

#[test]
fn published_figures_give_the_rates_their_rows_do_and_no_more() {
    let (mut rates, mut known) = (0, 0);
    for town in ["xianning-2021", "ziyang-2016-2021", "taijiang-2013"] {
        let folder = root("fixtures/towns").join(town);
        let (audit, expected) = read(&folder);
        judged_as_expected(&folder, &audit, &expected);
        let figures = figures(&audit.inventory).expect("figures");
        for one in &expected.figure {
            let found = figures
                .iter()
                .find(|figure| figure.part.as_deref() == Some(&one.part) && figure.item == one.item)
                .unwrap_or_else(|| panic!("{town}: no {one:?}"));
            assert!(close(found.value, one.value), "{town}: {:?}, expected {one:?}", found.value);
            known += 1;
        }
        for one in &expected.rate {
            let found = audit.rates.iter().find(|rate| {
                let of = &rate.numerator;
                rate.item == one.item
                    && of.part.as_deref() == Some(&one.part)
                    && of.period.as_deref() == Some(&one.period)
                    && of.item == one.numerator
                    && rate.denominator.item == one.denominator
            });
            let found = found.unwrap_or_else(|| panic!("{town}: no {one:?}"));
            assert!(close(found.value, one.value), "{town}: {:?}, expected {one:?}", found.value);
            rates += 1;
        }
    }
    assert!(known >= 10 && rates >= 2, "{known} figures, {rates} rates");
}
