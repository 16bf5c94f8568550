//! Published tables give the answers their documents lead to.

use facility_audit::assessment::{Assessment, Outcome};
use facility_audit::quantity::{Interval, percent};

use crate::support::town;

#[test]
fn chuanhui_against_300_square_metres_seven_fail_and_twenty_one_cannot_be_told() {
    let audit = town("chuanhui-2007");
    let area = audit.tally("chuanhui-2007-91/premises-300").expect("judged");
    let counts = (area.met, area.not_met, area.not_applicable, area.unknown);
    assert_eq!(counts, (0, 7, 0, 21));
    assert_eq!(area.rate(), Some(Interval::between(0.0, 0.75)));
    assert_eq!(area.shortfall, Interval::between(2100.0, 8400.0));
}

#[test]
fn chuanhui_four_rent_for_sure_and_sixteen_at_most() {
    let audit = town("chuanhui-2007");
    let tenure = &audit.tenure;
    assert_eq!((tenure.communities, tenure.rented, tenure.rented_at_most), (28, 4, 16));
    assert_eq!((tenure.own, tenure.borrowed, tenure.shared), (0, 5, 0));
    assert_eq!((tenure.none, tenure.unknown), (7, 12));
    let share = audit.rented_share().expect("there are communities");
    assert_eq!((percent(share.low).as_str(), percent(share.high).as_str()), ("14.3%", "57.1%"));
}

#[test]
fn sanya_names_exactly_the_five_printed_sums_that_do_not_add_up() {
    let audit = town("sanya-2015-2022");
    let wrong: Vec<(&str, f64, f64)> = audit
        .assessments
        .iter()
        .filter(|one| one.outcome != Outcome::Met)
        .map(|one| (one.label.as_str(), one.measured.low, one.required.low))
        .collect();
    assert_eq!(
        wrong,
        [
            ("2015 total_area", 40332.91, 40242.91),
            ("2016 total_area", 55739.62, 55799.62),
            ("2019 total_area", 93943.73, 93942.87),
            ("合计 annual_rent", 30856.0, 30852.0),
            ("合计 total_area", 530890.6, 530859.74),
        ]
    );
}

#[test]
fn sanya_rent_per_square_metre_leaves_2021_as_a_gap() {
    let audit = town("sanya-2015-2022");
    let rent = audit.series.iter().find(|series| series.item == "rent_per_m2").expect("computed");
    let points: Vec<(&str, Option<f64>)> = rent
        .points
        .iter()
        .map(|point| {
            let rounded = |rate: f64| (rate * 10.0).round() / 10.0;
            (point.period.as_str(), point.rate.as_ref().map(|rate| rounded(rate.value.low)))
        })
        .collect();
    assert_eq!(
        points,
        [
            ("2015", Some(791.1)),
            ("2016", Some(767.5)),
            ("2017", Some(816.5)),
            ("2018", Some(665.0)),
            ("2019", Some(635.8)),
            ("2020", Some(974.8)),
            ("2021", None),
            ("2022", Some(745.6)),
        ]
    );
}

#[test]
fn the_founding_article_is_reproduced() {
    let audit = town("founding-article");
    let staff: Vec<&Assessment> =
        audit.assessments.iter().filter(|one| one.subject_kind == "division").collect();
    let [staff] = staff.as_slice() else { panic!("one division, one rule") };
    assert_eq!(staff.outcome, Outcome::NotMet);
    assert_eq!(staff.required, Interval::exactly(161.0));
    assert_eq!(staff.measured, Interval::exactly(120.0));
    assert_eq!(staff.shortfall, Interval::exactly(41.0));
    let attrition = audit.attrition[0].rate().expect("both numbers are stated");
    assert_eq!(percent(attrition), "25.5%");
}

#[test]
fn binjiang_rates_are_ratios_of_sums() {
    let audit = town("binjiang-2019");
    let rate = |item: &str| {
        let found: Vec<_> = audit.rates.iter().filter(|rate| rate.item == item).collect();
        let [rate] = found.as_slice() else { panic!("one row states both figures of {item}") };
        (rate.value.low, rate.printed.as_ref().and_then(|figure| figure.stated))
    };
    let (mean, printed) = rate("mean_area");
    assert_eq!((mean.round(), printed), (2001.0, Some(2001.0)));
    let (per_hundred, printed) = rate("area_per_100_households");
    assert_eq!(((per_hundred * 10.0).round() / 10.0, printed), (91.6, Some(91.6)));
    assert!(audit.assessments.iter().all(|one| one.outcome == Outcome::Met));
}

#[test]
fn every_row_of_every_town_is_accounted_for() {
    for name in ["chuanhui-2007", "sanya-2015-2022", "founding-article", "binjiang-2019"] {
        let audit = town(name);
        for account in &audit.inventory.accounts {
            let accounted = account.used + account.unlinked.len() + account.set_aside.len();
            assert!(account.read > 0 && account.read == accounted, "{name}: {account:?}");
        }
    }
}
