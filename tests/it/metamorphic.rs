//! What must follow when a ledger of facilities is changed: later never helps, more never harms, and
//! what is hidden never turns a verdict around.

use std::collections::BTreeMap;
use std::path::Path;

use facility_audit::Project;
use facility_audit::assessment::Outcome;

use crate::support::root;

/// The columns of the ledger below.
const HEADINGS: [&str; 10] = [
    "设施编号",
    "小区名称",
    "设施类别",
    "住宅",
    "配套设施",
    "配套设施",
    "配套设施",
    "配套设施",
    "配套设施",
    "配套设施",
];
const SECOND: [&str; 10] = [
    "",
    "",
    "",
    "竣工验收时间",
    "竣工验收时间",
    "合同约定面积(㎡)",
    "规划批准面积(㎡)",
    "实建面积(㎡)",
    "移交面积(㎡)",
    "正常使用面积(㎡)",
];

type Ledger = Vec<[String; 10]>;

fn ledger() -> Ledger {
    let row = |cells: [&str; 10]| cells.map(str::to_owned);
    vec![
        row([
            "F1",
            "甲小区",
            "社区用房",
            "2020-05-01",
            "2020-05-01",
            "300",
            "300",
            "300",
            "300",
            "300",
        ]),
        row([
            "F2",
            "乙小区",
            "社区用房",
            "2020-05-01",
            "2020-08-09",
            "840",
            "840",
            "840",
            "512",
            "500",
        ]),
        row(["F3", "丙小区", "社区用房", "2020-05", "2020-06", "300", "250", "250", "250", "250"]),
        row([
            "F4",
            "丁小区",
            "社区用房",
            "2020-05",
            "2020-05",
            "300",
            "300",
            "约300",
            "300",
            "300",
        ]),
        row(["F5", "戊小区", "社区用房", "2023-06-20", "无", "300", "300", "200", "无", "无"]),
        row(["F6", "己小区", "社区用房", "无", "2021-03-02", "300", "420", "420", "350", "350"]),
        row(["F7", "庚小区", "社区用房", "无", "无", "300", "300", "无", "无", "无"]),
        row(["F8", "辛小区", "社区用房", "2020-05-01", "", "300", "", "", "", ""]),
    ]
}

/// The outcome of every facility under every rule.
fn audit(folder: &Path, rows: &Ledger) -> BTreeMap<(String, String), Outcome> {
    let lines = rows.iter().map(|row| row.join(","));
    let text: Vec<String> =
        [HEADINGS.join(","), SECOND.join(",")].into_iter().chain(lines).collect();
    std::fs::write(folder.join("ledger.csv"), text.join("\n") + "\n").expect("written");
    for (check, pack) in [("synchrony", "shifan-2020-9.toml"), ("handover", "shifan-2020-10.toml")]
    {
        let from = root("fixtures/checks").join(check).join("met").join(pack);
        let text = std::fs::read_to_string(from).expect("read");
        // The housing's acceptance stands for its delivery: the ledger has one day for it.
        let text = text.replace("stage = \"delivery\"", "stage = \"completion_acceptance\"");
        std::fs::write(folder.join(pack), text).expect("written");
    }
    let project = "name = \"p\"\nplace = \"990100\"\nas_of = 2023-06-30\n\
                   packs = [\"shifan-2020-9.toml\", \"shifan-2020-10.toml\"]\n\
                   [[input]]\nfile = \"ledger.csv\"\n";
    std::fs::write(folder.join("p.toml"), project).expect("written");
    let audit = Project::open(folder.join("p.toml")).and_then(|project| project.audit());
    let audit = audit.expect("audited");
    let of_facilities = audit.assessments.iter().filter(|one| one.subject_kind == "facility");
    of_facilities.map(|one| ((one.requirement.clone(), one.subject.clone()), one.outcome)).collect()
}

fn changed(row: usize, column: usize, text: &str) -> Ledger {
    let mut rows = ledger();
    text.clone_into(&mut rows[row][column]);
    rows
}

/// How good an outcome is; what is not due yet is outside the order.
fn rank(outcome: Outcome) -> Option<u8> {
    match outcome {
        Outcome::NotMet => Some(0),
        Outcome::Unknown => Some(1),
        Outcome::Met => Some(2),
        Outcome::NotApplicable => None,
    }
}

#[test]
fn a_later_day_of_the_facility_never_improves_a_verdict() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = audit(folder.path(), &ledger());
    assert_eq!(before.len(), 16, "two rules, eight facilities: {before:?}");
    let mut worse = 0;
    for row in [0, 1, 2, 3, 5] {
        for later in ["2022-12-31", "无"] {
            let after = audit(folder.path(), &changed(row, 4, later));
            for (key, outcome) in &after {
                let (was, is) = (rank(before[key]), rank(*outcome));
                if let (Some(was), Some(is)) = (was, is) {
                    assert!(is <= was, "row {row} {later}: {key:?} {was} → {is}");
                    worse += u8::from(is < was);
                }
            }
        }
    }
    assert!(worse >= 3, "{worse}");
}

#[test]
fn more_handed_over_and_used_never_worsens_a_verdict() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = audit(folder.path(), &ledger());
    let mut better = 0;
    for row in 0..8 {
        let mut rows = ledger();
        rows[row][6..].iter_mut().for_each(|cell| "900".clone_into(cell));
        for (key, outcome) in &audit(folder.path(), &rows) {
            if let (Some(was), Some(is)) = (rank(before[key]), rank(*outcome)) {
                assert!(is >= was, "row {row}: {key:?} {was} → {is}");
                better += u8::from(is > was);
            }
        }
    }
    assert!(better >= 3, "{better}");
}

#[test]
fn hiding_any_value_never_turns_a_verdict_around() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = audit(folder.path(), &ledger());
    let mut opened = 0;
    for (row, cells) in ledger().iter().enumerate() {
        // A blank contract falls through to the plan, as a text says: that hides nothing.
        for column in [3, 4, 6, 7, 8, 9].into_iter().filter(|column| !cells[*column].is_empty()) {
            for (key, is) in &audit(folder.path(), &changed(row, column, "")) {
                let was = before[key];
                let early = |one: Outcome| matches!(one, Outcome::Met | Outcome::NotApplicable);
                // Whether a facility is in time or not due yet is no verdict on it.
                let holds = *is == was || *is == Outcome::Unknown || (early(*is) && early(was));
                assert!(holds, "row {row} column {column}: {key:?} {was:?} → {is:?}");
                assert!(
                    was != Outcome::Unknown || *is == was,
                    "{key:?}: hiding decided it: {is:?}"
                );
                opened += u8::from(*is != was);
            }
        }
    }
    assert!(opened >= 8, "{opened}");
}
