//! Every check meets its fixtures: one folder per outcome, with every assessment it must give.

use std::collections::BTreeSet;

use facility_audit::Project;
use facility_audit::assessment::{Assessment, Outcome};
use facility_audit::audit::Audit;
use facility_audit::check::CHECKS;
use facility_audit::quantity::Interval;
use serde::Deserialize;

use crate::support::{folders, root};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    expect: Vec<Expectation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    requirement: String,
    subject: String,
    outcome: String,
    because: Option<String>,
    measured: [End; 2],
    required: [End; 2],
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum End {
    Number(f64),
    #[allow(dead_code, reason = "the text is only ever `inf`")]
    Open(String),
}

fn interval(ends: &[End; 2]) -> Interval {
    let [low, high] = ends.each_ref().map(|end| match end {
        End::Number(number) => *number,
        End::Open(_) => f64::INFINITY,
    });
    Interval::between(low, high)
}

fn line(
    requirement: &str,
    subject: &str,
    outcome: &str,
    because: &str,
    m: Interval,
    r: Interval,
) -> String {
    let tidy = |value: f64| (value * 1e6).round() / 1e6;
    let (m_low, m_high, r_low, r_high) = (tidy(m.low), tidy(m.high), tidy(r.low), tidy(r.high));
    format!("{requirement} {subject}: {outcome} {because} {m_low}..{m_high} {r_low}..{r_high}")
}

fn of_check<'a>(audit: &'a Audit, check: &str) -> Vec<&'a Assessment> {
    let is_of = |one: &&Assessment| {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        requirement.measure.check == check
    };
    audit.assessments.iter().filter(is_of).collect()
}

#[test]
fn every_check_gives_what_its_fixtures_expect() {
    for check in CHECKS {
        for folder in folders(&root("fixtures/checks").join(check.name)) {
            let name = folder.display();
            let project = Project::open(folder.join("project.toml"));
            let audit = project
                .and_then(|project| project.audit())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let text =
                std::fs::read_to_string(folder.join("expected.toml")).expect("expected.toml");
            let expected: Expected =
                toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            let wanted: BTreeSet<String> = expected
                .expect
                .iter()
                .map(|one| {
                    let because = one.because.as_deref().unwrap_or("");
                    let (measured, required) = (interval(&one.measured), interval(&one.required));
                    line(&one.requirement, &one.subject, &one.outcome, because, measured, required)
                })
                .collect();
            let found: BTreeSet<String> = of_check(&audit, check.name)
                .into_iter()
                .map(|one| {
                    let because = one.because.map_or("", |because| because.code());
                    let requirement = format!("{}/{}", one.pack, one.requirement);
                    let outcome = one.outcome.code();
                    line(&requirement, &one.label, outcome, because, one.measured, one.required)
                })
                .collect();
            assert_eq!(found, wanted, "{name}");
        }
    }
}

#[test]
fn every_outcome_of_every_check_has_a_fixture_that_shows_it() {
    for check in CHECKS {
        for outcome in Outcome::ALL {
            // A place has no attribute a rule could exempt it by.
            if (check.name, outcome) == ("coverage", Outcome::NotApplicable) {
                continue;
            }
            let folder = root("fixtures/checks").join(check.name).join(outcome.code());
            let audit =
                Project::open(folder.join("project.toml")).and_then(|project| project.audit());
            let audit = audit.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let shown = of_check(&audit, check.name).into_iter().any(|one| one.outcome == outcome);
            assert!(shown, "{} does not show {}", folder.display(), outcome.code());
        }
    }
}

/// Clean data stays silent: where every row is known and large enough, nothing is found.
#[test]
fn clean_data_is_silent_under_every_check() {
    for check in CHECKS {
        let folder = root("fixtures/checks").join(check.name).join("met");
        let audit = Project::open(folder.join("project.toml")).and_then(|project| project.audit());
        let audit = audit.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let loud: Vec<String> = of_check(&audit, check.name)
            .into_iter()
            .filter(|one| matches!(one.outcome, Outcome::NotMet | Outcome::Unknown))
            .map(|one| one.key.clone())
            .collect();
        assert!(loud.is_empty(), "{}: {loud:#?}", folder.display());
    }
}
