//! Nearer texts speak instead of wider ones; a looser one is told, and both verdicts can be had.

use facility_audit::Project;
use facility_audit::assessment::Outcome;
use facility_audit::audit::Audit;
use facility_audit::report::{Heading, load, save, summary};
use facility_audit::words::Lang;

use crate::support::root;

fn pack(id: &str, place: &str, rate: u32) -> String {
    format!(
        "id = \"{id}\"\nnumber = \"{id}号\"\nissuer = \"某机关\"\nplace = \"{place}\"\nstatus = \"in_force\"\n\
         issued = 2019-01-01\nfrom = 2019-01-01\nevidence = \"secondary\"\n[[require]]\nid = \"area\"\nzh = \"面积\"\n\
         en = \"area\"\ntopic = \"rooms\"\nsubject = \"community\"\nmeasure = \"area\"\nround = \"none\"\n\
         force = \"shall\"\ndebtor = \"government\"\nat_least = {{ per = \"100 households\", rate = {rate} }}\n"
    )
}

/// Two communities of 1,000 households with 250 m² each, under a province's 30 and a city's own rate.
fn audit(city_rate: u32, wider: bool) -> (Audit, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("province.toml", &pack("province", "370000", 30));
    write("city.toml", &pack("city", "370100", city_rate));
    write("a.csv", "社区名称,户数,建筑面积\n甲,1000,250\n乙,1000,250\n");
    write(
        "p.toml",
        &format!(
            "name = \"p\"\nplace = \"370102\"\nas_of = 2021-01-01\npacks = [\"province.toml\", \"city.toml\"]\n\
             wider = {wider}\n[[input]]\nfile = \"a.csv\"\ntable = \"communities\"\n\
             [[input]]\nfile = \"a.csv\"\ntable = \"premises\"\n"
        ),
    );
    let project = Project::open(folder.path().join("p.toml")).expect("a project");
    (project.audit().expect("audited"), folder)
}

fn met(audit: &Audit, requirement: &str) -> Option<(usize, usize)> {
    audit.tally(requirement).map(|tally| (tally.met, tally.not_met))
}

#[test]
fn a_city_that_asks_for_less_than_its_province_is_told() {
    let (audit, folder) = audit(20, false);
    assert_eq!(met(&audit, "city/area"), Some((2, 0)));
    assert_eq!(met(&audit, "province/area"), None);
    let gave_way: Vec<usize> = audit
        .assessed
        .displaced
        .iter()
        .filter(|one| audit.library.packs()[one.displaced.what.pack].id == "province")
        .map(|one| one.looser_for)
        .collect();
    assert_eq!(gave_way, [2]);
    let heading = Heading { name: "p".to_owned(), place_name: None };
    let text = summary(&audit, &heading, Lang::Zh);
    assert!(text.contains("后者对 2 个对象的要求更低，与上位规定不一致"), "{text}");
    let run = folder.path().join("run");
    save(&audit, &heading, &run).expect("saved");
    let (again, heading) = load(&run).expect("loaded");
    assert_eq!(summary(&again, &heading, Lang::Zh), text);
}

#[test]
fn a_city_that_asks_for_more_is_not() {
    let (audit, _folder) = audit(40, false);
    assert_eq!(met(&audit, "city/area"), Some((0, 2)));
    assert!(audit.assessed.displaced.iter().all(|one| one.looser_for == 0));
}

#[test]
fn both_verdicts_are_given_when_asked_for() {
    let (audit, _folder) = audit(20, true);
    assert_eq!(met(&audit, "city/area"), Some((2, 0)));
    assert_eq!(met(&audit, "province/area"), Some((0, 2)));
    let outcomes =
        audit.assessments.iter().filter(|one| one.label == "甲" && one.requirement == "area");
    let outcomes: Vec<Outcome> = outcomes.map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::Met, Outcome::NotMet]);
}

/// What each estate of the version fixture is told as a whole, its dates rewritten.
fn told_by_dates(rewrite: impl Fn(&str) -> String) -> std::collections::BTreeMap<String, Outcome> {
    let folder = tempfile::tempdir().expect("a folder");
    let from = root("fixtures/checks/threshold/version-by-own-date");
    for name in
        ["old.toml", "new.toml", "estates.csv", "facilities.csv", "events.csv", "project.toml"]
    {
        let text = std::fs::read_to_string(from.join(name)).expect("read");
        let text = if name == "events.csv" { rewrite(&text) } else { text };
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let project = Project::open(folder.path().join("project.toml")).expect("a project");
    let audit = project.audit().expect("audited");
    let mut told = std::collections::BTreeMap::new();
    for one in audit.assessments.iter().filter(|one| one.requirement == "rooms") {
        // Met and not met are never said of one estate under two versions.
        let so_far = told.entry(one.label.clone()).or_insert(one.outcome);
        if *so_far == Outcome::NotApplicable {
            *so_far = one.outcome;
        }
        let both = [*so_far, one.outcome];
        let contradicts = both.contains(&Outcome::Met) && both.contains(&Outcome::NotMet);
        assert!(!contradicts, "{} is told both", one.label);
    }
    told
}

/// Knowing less of a date never turns a verdict around: it stands, or it becomes unknown.
#[test]
fn a_coarser_date_never_turns_a_verdict_around() {
    let exact = told_by_dates(str::to_owned);
    let cut = |keep: usize| {
        move |text: &str| {
            let cell = |cell: &str| match cell.len() == 10 && cell.starts_with("20") {
                true => cell[..keep].to_owned(),
                false => cell.to_owned(),
            };
            let line = |line: &str| line.split(',').map(cell).collect::<Vec<_>>().join(",");
            text.lines().map(line).collect::<Vec<_>>().join("\n")
        }
    };
    let mut became_unknown = 0;
    for keep in [7, 4] {
        for (estate, outcome) in told_by_dates(cut(keep)) {
            let before = exact.get(&estate).copied().unwrap_or(Outcome::NotApplicable);
            let coarser = outcome == Outcome::Unknown && before != Outcome::Unknown;
            became_unknown += usize::from(coarser);
            assert!(coarser || outcome == before, "{estate}: {before:?}, then {outcome:?}");
        }
    }
    assert!(became_unknown > 0, "nothing was hidden");
}
