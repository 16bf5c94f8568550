//! What must not change an audit does not, and what is hidden never decides.

use std::fmt::Write as _;
use std::path::Path;

use facility_audit::Project;
use facility_audit::assessment::Outcome;
use facility_audit::audit::Audit;
use proptest::prelude::*;

/// One made-up community and its room.
#[derive(Debug, Clone)]
struct Row {
    households: u32,
    area: Option<u32>,
    tenure: Option<&'static str>,
}

fn row() -> impl Strategy<Value = Row> {
    let area = prop_oneof![Just(None), (0u32..900).prop_map(Some), Just(Some(400))];
    let tenure = prop_oneof![
        Just(None),
        Just(Some("自有")),
        Just(Some("租赁")),
        Just(Some("借用")),
        Just(Some("无")),
    ];
    (0u32..4000, area, tenure).prop_map(|(households, area, tenure)| Row {
        households,
        area,
        tenure,
    })
}

fn csv(rows: &[(usize, &Row)], heading: [&str; 4]) -> String {
    let mut text = heading.join(",") + "\n";
    for (number, row) in rows {
        let area = row.area.map_or(String::new(), |area| area.to_string());
        let tenure = row.tenure.unwrap_or("");
        let _ = writeln!(text, "第{number}社区,{},{area},{tenure}", row.households);
    }
    text
}

const HEADINGS: [&str; 4] = ["社区名称", "户数", "建筑面积", "权属"];

fn audit(folder: &Path, table: &str, columns: &str) -> Audit {
    std::fs::write(folder.join("a.csv"), table).expect("written");
    let project = format!(
        "name = \"p\"\nplace = \"320102\"\nas_of = 2023-01-01\npacks = [\"jiangsu-2011-community\"]\n\
         [[input]]\nfile = \"a.csv\"\ntable = \"communities\"\n{}\n\
         [[input]]\nfile = \"a.csv\"\ntable = \"premises\"\n{}\n",
        columns.replace("NAME", "name"),
        columns.replace("NAME", "community"),
    );
    std::fs::write(folder.join("p.toml"), project).expect("written");
    Project::open(folder.join("p.toml")).and_then(|project| project.audit()).expect("audited")
}

/// Everything said of communities, whatever row they stood in.
fn answers(audit: &Audit) -> Vec<String> {
    let all = audit.assessments.iter().filter(|one| one.subject_kind == "community");
    all.map(|one| format!("{} {:?} {} {:?}", one.key, one.outcome, one.facts, one.because))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shuffling_the_rows_changes_nothing(
        rows in prop::collection::vec(row(), 1..12).prop_flat_map(|rows| {
            let order: Vec<usize> = (0..rows.len()).collect();
            (Just(rows), Just(order).prop_shuffle())
        }),
    ) {
        let (rows, order) = rows;
        let folder = tempfile::tempdir().expect("a folder");
        let in_order: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
        let shuffled: Vec<(usize, &Row)> = order.iter().map(|&at| (at, &rows[at])).collect();
        let first = answers(&audit(folder.path(), &csv(&in_order, HEADINGS), ""));
        let second = answers(&audit(folder.path(), &csv(&shuffled, HEADINGS), ""));
        prop_assert_eq!(first.len(), rows.len() * 2);
        prop_assert_eq!(first, second);
    }

    #[test]
    fn renaming_the_columns_with_the_mapping_changes_nothing(rows in prop::collection::vec(row(), 1..8)) {
        let folder = tempfile::tempdir().expect("a folder");
        let rows: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
        let first = answers(&audit(folder.path(), &csv(&rows, HEADINGS), ""));
        let renamed = csv(&rows, ["甲", "乙", "丙", "丁"]);
        let folder = folder.path();
        std::fs::write(folder.join("a.csv"), &renamed).expect("written");
        let project = "name = \"p\"\nplace = \"320102\"\nas_of = 2023-01-01\npacks = [\"jiangsu-2011-community\"]\n\
            [[input]]\nfile = \"a.csv\"\ntable = \"communities\"\ncolumns = { name = \"甲\", households = \"乙\" }\n\
            [[input]]\nfile = \"a.csv\"\ntable = \"premises\"\ncolumns = { community = \"甲\", area = \"丙\", tenure = \"丁\" }\n";
        std::fs::write(folder.join("p.toml"), project).expect("written");
        let second = Project::open(folder.join("p.toml")).and_then(|project| project.audit()).expect("audited");
        prop_assert_eq!(first, answers(&second));
    }

    /// Hiding a value can make a verdict unknown; it never turns one into its opposite.
    #[test]
    fn hiding_a_value_never_turns_a_verdict_around(
        rows in prop::collection::vec(row(), 1..8), hide in 0usize..8, what in 0usize..3,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let shown: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
        let before = audit(folder.path(), &csv(&shown, HEADINGS), "");
        let table = csv(&shown, HEADINGS);
        let hidden: String = table
            .lines()
            .enumerate()
            .map(|(number, line)| {
                let mut cells: Vec<&str> = line.split(',').collect();
                if number == hide % rows.len() + 1 {
                    cells[what + 1] = "不详";
                }
                cells.join(",") + "\n"
            })
            .collect();
        let after = audit(folder.path(), &hidden, "");
        for one in before.assessments.iter().filter(|one| one.subject_kind == "community") {
            let other = after.assessments.iter().find(|other| other.key == one.key).expect("still judged");
            let turned = matches!(
                (one.outcome, other.outcome),
                (Outcome::Met, Outcome::NotMet)
                    | (Outcome::NotMet, Outcome::Met)
                    | (Outcome::Unknown, Outcome::Met | Outcome::NotMet)
            );
            // A room whose tenure was "none" had no area; with the tenure hidden it may have one.
            prop_assert!(!turned, "{}: {:?} became {:?}", one.key, one.outcome, other.outcome);
        }
    }
}

#[test]
fn two_rows_of_one_name_are_set_aside_by_content_not_by_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = |table: &str| {
        let audit = audit(folder.path(), table, "");
        let set_aside: usize = audit.inventory.accounts.iter().map(|one| one.set_aside.len()).sum();
        (answers(&audit), set_aside)
    };
    let first = said("社区名称,户数,建筑面积,权属\n甲,1000,400,自有\n甲,3000,,\n");
    let second = said("社区名称,户数,建筑面积,权属\n甲,3000,,\n甲,1000,400,自有\n");
    assert_eq!(first, second);
    assert_eq!(first.1, 1, "one of the two communities is set aside, both rooms are kept");
}

#[test]
fn a_row_of_totals_is_never_a_subject() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = "社区名称,户数,建筑面积,权属\n甲,1000,400,自有\n合 计,1000,400,\n,,,\n";
    let audit = audit(folder.path(), table, "");
    assert_eq!(audit.tenure.communities, 1);
    let reasons: Vec<String> = audit.inventory.accounts[0]
        .set_aside
        .iter()
        .map(|one| format!("{} {:?}", one.row, one.reason))
        .collect();
    assert_eq!(reasons, ["3 Total", "4 Blank"]);
}

/// A blank area is unknown, unless the project declares what its ledger means by leaving it blank.
#[test]
fn what_a_blank_cell_means_is_declared_and_printed() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.csv"), "社区名称,户数,建筑面积,权属\n甲,1000,,自有\n")
        .expect("written");
    let outcome = |declared: &str| {
        let project = format!(
            "name = \"p\"\nplace = \"320102\"\nas_of = 2023-01-01\npacks = [\"jiangsu-2011-community\"]\n\
             [[input]]\nfile = \"a.csv\"\ntable = \"communities\"\n\
             [[input]]\nfile = \"a.csv\"\ntable = \"premises\"\n{declared}\n"
        );
        std::fs::write(folder.path().join("p.toml"), project).expect("written");
        let audit = Project::open(folder.path().join("p.toml")).and_then(|project| project.audit());
        let audit = audit.expect("audited");
        let area = audit.tally("jiangsu-2011-community/community-centre-area").expect("judged");
        let declared: Vec<String> =
            audit.declarations.iter().map(|words| words.zh.clone()).collect();
        (area.not_met, area.unknown, declared.join("；"))
    };
    let (not_met, unknown, _) = outcome("");
    assert_eq!((not_met, unknown), (0, 1));
    let (not_met, unknown, printed) = outcome("blank = { area = \"none\" }");
    assert_eq!((not_met, unknown), (1, 0));
    assert!(printed.contains("（area）：空白视为无"), "{printed}");
}
