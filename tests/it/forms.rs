//! The catalogue of rule forms says what is proved, and it is.

use std::collections::BTreeMap;

use facility_audit::check::run_cases;
use facility_audit::standard::{Library, Pack, parse};

use crate::support::{files, root};

/// Shipped packs, and the samples of forms met in texts without a name.
fn packs() -> BTreeMap<String, Pack> {
    let samples = files(&root("fixtures/packs/forms"), "toml").into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).expect("read");
        parse(&path.display().to_string(), &text).unwrap_or_else(|error| panic!("{error}"))
    });
    let shipped = Library::shipped().packs().to_vec();
    let all = shipped.into_iter().chain(samples);
    all.map(|pack| (pack.id.clone(), pack)).collect()
}

/// Number and proof of each row of the table.
fn rows() -> Vec<(usize, String)> {
    let page = std::fs::read_to_string(root("src/docs/forms.md")).expect("read");
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim().trim_matches('|').split(" | ").map(str::trim).collect();
        let number = cells.first()?.parse().ok()?;
        Some((number, (*cells.last()?).to_owned()))
    };
    page.lines().filter(|line| line.starts_with('|')).filter_map(row).collect()
}

#[test]
fn the_catalogue_lists_every_form_once_and_in_order() {
    let numbers: Vec<usize> = rows().iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=101).collect::<Vec<_>>());
}

#[test]
fn every_form_that_is_said_is_proved_by_a_worked_case() {
    let packs = packs();
    let mut said = 0;
    for (number, proof) in rows() {
        if proof.starts_with("later (") {
            continue;
        }
        let named: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "form {number}: neither proved nor later: {proof}");
        for name in named {
            if name.starts_with("checks/") {
                let expected = root("fixtures").join(name).join("expected.toml");
                assert!(expected.exists(), "form {number}: no fixture {name}");
                continue;
            }
            let (pack, requirement) =
                name.split_once('/').unwrap_or_else(|| panic!("form {number}: {name}"));
            let pack = packs.get(pack).unwrap_or_else(|| panic!("form {number}: no pack {pack}"));
            assert!(pack.requirement(requirement).is_some(), "form {number}: no {name}");
            let mut expected = pack.cases.iter().flat_map(|case| &case.expect);
            assert!(
                expected.any(|one| one.requirement == requirement),
                "form {number}: {name} has no case"
            );
        }
        said += 1;
    }
    assert!(said >= 100, "only {said} forms are said");
}

#[test]
fn every_worked_case_of_every_sample_holds() {
    for pack in packs().values() {
        let report = run_cases(pack).expect("the cases run");
        assert!(report.failures.is_empty(), "{:#?}", report.failures);
    }
}

/// Whether a date is known to its month only.
fn is_month(date: &str) -> bool {
    let parts: Vec<&str> = date.split('-').collect();
    parts.len() == 2 && parts.iter().all(|part| part.chars().all(|c| c.is_ascii_digit()))
}

#[test]
fn every_form_of_timing_is_shown_with_every_outcome_and_with_a_day_known_to_its_month() {
    let packs = packs();
    let sample = &packs["form-timing"];
    let mut missing = Vec::new();
    // What can stand in for another is shown by its list.
    for requirement in sample.requirements.iter().filter(|one| !one.alternative) {
        let of_it = sample.cases.iter().filter_map(|case| {
            let expected = case.expect.iter().find(|one| one.requirement == requirement.id)?;
            let dates = case.rows.iter().flat_map(|(_, rows)| rows).flatten();
            let month = dates.into_iter().any(|(column, date)| column == "date" && is_month(date));
            Some((expected.outcome.as_str(), month))
        });
        let shown: Vec<(&str, bool)> = of_it.collect();
        for outcome in ["met", "not_met", "unknown", "not_applicable"] {
            if !shown.iter().any(|(one, _)| *one == outcome) {
                missing.push(format!("{}: {outcome}", requirement.id));
            }
        }
        if !shown.iter().any(|(_, month)| *month) {
            missing.push(format!("{}: a month", requirement.id));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(sample.requirements.len() >= 20);
}
