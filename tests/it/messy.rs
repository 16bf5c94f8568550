//! Messy ledgers never lead to a false accusation: what may be somebody's is not held against them.

use std::path::Path;

use facility_audit::Project;
use facility_audit::assessment::Outcome;
use facility_audit::audit::Audit;
use facility_audit::error::Result;
use facility_audit::inventory::Reason;
use facility_audit::quantity::Interval;

use crate::support::root;

/// Audits one ledger of rooms against 300 m² a community, as loose files are.
fn loose(ledger: &str) -> Result<Audit> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("台账.csv");
    std::fs::write(&path, ledger).expect("written");
    let mut project = Project::of_files(&[path])?;
    project.place = facility_audit::place::Place::parse("411602").expect("a code");
    project.packs.push("chuanhui-2007-91".to_owned());
    project.audit()
}

/// Audits communities and rooms, with more lines for the project's second input.
fn listed(folder: &Path, communities: &str, rooms: &str, more: &str) -> Audit {
    std::fs::write(folder.join("c.csv"), communities).expect("written");
    std::fs::write(folder.join("r.csv"), rooms).expect("written");
    let project = format!(
        "name = \"p\"\nplace = \"411602\"\nas_of = 2023-01-01\npacks = [\"chuanhui-2007-91\"]\n\
         [[input]]\nfile = \"c.csv\"\ntable = \"communities\"\n\
         [[input]]\nfile = \"r.csv\"\ntable = \"premises\"\n{more}\n"
    );
    std::fs::write(folder.join("p.toml"), project).expect("written");
    Project::open(folder.join("p.toml")).and_then(|project| project.audit()).expect("audited")
}

fn area(audit: &Audit, community: &str) -> (Outcome, Interval) {
    let is_it = |one: &&facility_audit::assessment::Assessment| {
        one.label == community && one.requirement == "premises-300"
    };
    let found = audit.assessments.iter().find(is_it).expect("judged");
    (found.outcome, found.measured)
}

fn set_aside(audit: &Audit, reason: Reason) -> usize {
    audit.inventory.accounts.iter().map(|account| account.set_aside_for(reason)).sum()
}

const HEADING: &str = "社区名称,用房名称,建筑面积（㎡）,权属\n";

#[test]
fn rooms_below_a_merged_community_cell_may_be_that_communitys() {
    let audit =
        loose(&format!("{HEADING}甲社区,一楼,200,租赁\n,二楼,350,自有\n")).expect("audited");
    assert_eq!(area(&audit, "甲社区"), (Outcome::Unknown, Interval::between(200.0, 550.0)));
    assert_eq!(audit.rented_share(), Some(Interval::between(0.0, 1.0)));
    assert_eq!(audit.inventory.accounts[0].unlinked, [3]);
}

#[test]
fn a_room_of_a_misspelt_community_may_be_the_one_meant() {
    let folder = tempfile::tempdir().expect("a folder");
    let communities = "社区名称\n丁社区\n幸福里社区\n";
    let rooms = "社区名称,建筑面积\n丁社区,100\n丁,250\n幸福里社区,100\n";
    let audit = listed(folder.path(), communities, rooms, "");
    assert_eq!(area(&audit, "丁社区"), (Outcome::Unknown, Interval::between(100.0, 350.0)));
    assert_eq!(area(&audit, "幸福里社区"), (Outcome::NotMet, Interval::exactly(100.0)));
}

#[test]
fn two_headings_that_could_be_the_area_are_not_chosen_between() {
    let refused = loose("社区名称,建筑面积（㎡）,租赁面积（㎡）\n甲社区,500,0\n");
    let words = refused.expect_err("refused").words();
    assert!(
        words.zh.contains("B 建筑面积（㎡）") && words.zh.contains("C 租赁面积（㎡）"),
        "{words}"
    );
}

#[test]
fn rows_that_contradict_each_other_are_known_no_better_than_both() {
    let folder = tempfile::tempdir().expect("a folder");
    let communities = "社区名称,户数\n甲社区,1000\n甲社区,300\n";
    let audit = listed(folder.path(), communities, "社区名称,建筑面积\n甲社区,200\n", "");
    let households = audit.inventory.table("communities");
    let end = |name: &str| households.column(name).expect("there").f64().expect("numbers").get(0);
    assert_eq!((end("households_low"), end("households_high")), (Some(300.0), Some(1000.0)));
    assert_eq!(set_aside(&audit, Reason::Conflict), 1);
}

#[test]
fn two_numbers_in_one_cell_are_no_number() {
    let audit = loose(&format!("{HEADING}甲社区,一楼,\"20\n30\",自有\n")).expect("audited");
    assert_eq!(area(&audit, "甲社区"), (Outcome::Unknown, Interval::UNKNOWN));
    assert_eq!(audit.inventory.accounts[0].unreadable.len(), 1);
}

#[test]
fn a_merged_district_cell_does_not_split_a_community() {
    let ledger = "区县,社区名称,用房名称,建筑面积,权属\n甲区,幸福里社区,一楼,200,自有\n,幸福里社区,二楼,150,自有\n";
    let audit = loose(ledger).expect("audited");
    assert_eq!(audit.tenure.communities, 1);
    assert_eq!(area(&audit, "幸福里社区"), (Outcome::Met, Interval::exactly(350.0)));
}

#[test]
fn shares_that_do_not_add_up_leave_the_share_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let communities = "社区名称,户数\n甲社区,1000\n乙社区,1000\n";
    for shares in ["10%、20%", "-50、150", "inf、1", "三成、七成", "60%"] {
        let rooms = format!("服务社区,分摊比例,建筑面积\n甲社区、乙社区,{shares},1000\n");
        let audit = listed(folder.path(), communities, &rooms, "");
        assert_eq!(
            area(&audit, "甲社区"),
            (Outcome::Unknown, Interval::between(0.0, 1000.0)),
            "{shares}"
        );
        assert_eq!(audit.inventory.accounts[1].unreadable.len(), 1, "{shares}");
    }
    let rooms = "服务社区,分摊比例,建筑面积\n甲社区、乙社区,40%、60%,1000\n";
    let audit = listed(folder.path(), communities, rooms, "");
    assert_eq!(area(&audit, "甲社区"), (Outcome::Met, Interval::exactly(400.0)));
}

#[test]
fn a_source_that_lost_a_row_is_not_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let communities = "社区名称\n甲社区\n乙社区\n";
    let whole = "社区名称,建筑面积\n甲社区,300\n";
    let audit = listed(folder.path(), communities, whole, "complete = true");
    assert_eq!(area(&audit, "乙社区"), (Outcome::NotMet, Interval::exactly(0.0)));
    let torn = "社区名称,建筑面积\n甲社区,300\n别处,80\n";
    let audit = listed(folder.path(), communities, torn, "complete = true");
    assert_eq!(area(&audit, "乙社区"), (Outcome::Unknown, Interval::UNKNOWN));
    let told = audit.declarations.iter().any(|words| words.zh.contains("虽声明完整"));
    assert!(told, "{:?}", audit.declarations);
}

#[test]
fn footers_averages_and_subtotals_are_no_communities() {
    let ledger = format!(
        "{HEADING}甲社区,一楼,320,自有\n城东小计,,320,\n平均,,320,\n填表人：张三,,,\n合 计,,320,\n"
    );
    let audit = loose(&ledger).expect("audited");
    assert_eq!(audit.tenure.communities, 1);
    assert_eq!(audit.inventory.accounts[0].set_aside_for(Reason::Total), 3);
    assert_eq!(audit.inventory.accounts[0].set_aside_for(Reason::Footer), 1);
}

#[test]
fn a_room_listed_twice_counts_once() {
    let ledger = "用房编号,社区名称,建筑面积,权属\nR1,甲社区,200,自有\nR1,甲社区,200,自有\nR2,乙社区,200,自有\nR2,乙社区,250,租赁\n";
    let audit = loose(ledger).expect("audited");
    assert_eq!(area(&audit, "甲社区"), (Outcome::NotMet, Interval::exactly(200.0)));
    assert_eq!(area(&audit, "乙社区"), (Outcome::NotMet, Interval::between(200.0, 250.0)));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    std::fs::write(&path, ledger).expect("written");
    let twice = Project::of_files(&[path.clone(), path]).and_then(|project| project.audit());
    assert!(twice.expect_err("refused").words().en.contains("given twice"));
}

#[test]
fn an_empty_file_is_no_success() {
    for nothing in ["", "\n\n", "\u{feff}", "题目而已\n"] {
        assert!(loose(nothing).is_err(), "{nothing:?}");
    }
}

#[test]
fn people_of_an_unknown_division_may_be_anybodys() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("d.csv"), "名称,城镇常住人口\n甲区,89200\n")
        .expect("written");
    std::fs::write(
        folder.path().join("s.csv"),
        "区划,年份,在岗人数\n甲区,2022,100\n乙区,2022,70\n",
    )
    .expect("written");
    let project = "name = \"p\"\nas_of = 2022-12-31\npacks = [\"cn-guobanfa-2021-56\"]\n\
                   [[input]]\nfile = \"d.csv\"\ntable = \"divisions\"\n[[input]]\nfile = \"s.csv\"\ntable = \"staff\"\n";
    std::fs::write(folder.path().join("p.toml"), project).expect("written");
    let audit = Project::open(folder.path().join("p.toml")).and_then(|project| project.audit());
    let audit = audit.expect("audited");
    let staff =
        audit.assessments.iter().find(|one| one.subject_kind == "division").expect("judged");
    assert_eq!(
        (staff.outcome, staff.measured),
        (Outcome::Unknown, Interval::between(100.0, 170.0))
    );
}

/// Audits an estate of 1,000 households against 济南's rule of 30 m² per hundred.
fn estate(facilities: &str) -> (Outcome, Interval) {
    estate_by(facilities, "table = \"facilities\"\n")
}

/// The same, with what the project says of the list of facilities.
fn estate_by(facilities: &str, said: &str) -> (Outcome, Interval) {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("e.csv", "小区名称,规划户数\n幸福里,1000\n");
    write("f.csv", facilities);
    write(
        "rule.toml",
        "id = \"x\"\nnumber = \"x\"\nissuer = \"某市\"\nplace = \"370100\"\nstatus = \"in_force\"\nissued = 2017-01-01\n\
         from = 2017-01-01\nevidence = \"secondary\"\n[[require]]\nid = \"rooms\"\nzh = \"社区用房\"\nen = \"rooms\"\n\
         topic = \"rooms\"\nsubject = \"estate\"\nmeasure = \"area\"\ncounts = { category = \"community-rooms\" }\n\
         at_least = { per = \"100 households_planned\", rate = 30 }\nround = \"none\"\nforce = \"shall\"\ndebtor = \"developer\"\n",
    );
    write(
        "p.toml",
        &format!(
            "name = \"p\"\nplace = \"370102\"\nas_of = 2020-01-01\npacks = [\"rule.toml\"]\n\
             [[input]]\nfile = \"e.csv\"\ntable = \"estates\"\n[[input]]\nfile = \"f.csv\"\n{said}"
        ),
    );
    let audit = Project::open(folder.path().join("p.toml")).and_then(|project| project.audit());
    let audit = audit.expect("audited");
    let one = audit.assessments.iter().find(|one| one.requirement == "rooms").expect("judged");
    (one.outcome, one.measured)
}

#[test]
fn a_facility_of_an_unknown_class_may_be_the_one_that_counts() {
    let of = |class: &str| {
        estate(&format!("小区名称,设施类别,移交面积\n幸福里,社区用房,100\n幸福里,{class},250\n"))
    };
    assert_eq!(of("社区服务站"), (Outcome::Met, Interval::exactly(350.0)));
    assert_eq!(of("幼儿园"), (Outcome::NotMet, Interval::exactly(100.0)));
    assert_eq!(of("邻里汇"), (Outcome::Unknown, Interval::between(100.0, 350.0)));
    assert_eq!(of("不详"), (Outcome::Unknown, Interval::between(100.0, 350.0)));
    // A list of a facility of an unknown class tells nothing of what else there is.
    let alone = estate("小区名称,设施类别,移交面积\n幸福里,不详,0\n");
    assert_eq!(alone, (Outcome::Unknown, Interval::UNKNOWN));
}

/// The class stands in a heading, wherever it stands there, or in the title.
#[test]
fn one_class_of_a_ledger_is_that_of_all_its_columns() {
    let read = |ledger: &str| estate_by(ledger, "");
    let named = read("小区名称,应配建社区用房面积,实际移交面积,移交时间\n幸福里,450,310,2020.3\n");
    assert_eq!(named, (Outcome::Met, Interval::exactly(310.0)));
    let titled =
        |title: &str| read(&format!("{title},,\n小区名称,应配面积,实际移交面积\n幸福里,450,200\n"));
    assert_eq!(titled("小区配套社区用房移交表"), (Outcome::NotMet, Interval::exactly(200.0)));
    // Titles that may name several classes, or another one, tell nothing of this one.
    for title in [
        "社区用房和幼儿园移交表",
        "小区配套设施移交表",
        "小区配套社区用房等移交表",
        "某小区社区用房建设项目配套设施移交台账",
    ] {
        assert_eq!(titled(title).0, Outcome::Unknown, "{title}");
    }
    assert_eq!(titled("小区配套幼儿园移交表"), (Outcome::Unknown, Interval::UNKNOWN));
}

#[test]
fn an_estate_whose_list_names_no_such_facility_may_yet_have_one() {
    let others = "小区名称,设施类别,移交面积\n幸福里,幼儿园,900\n";
    assert_eq!(estate(others), (Outcome::Unknown, Interval::UNKNOWN));
}

#[test]
fn two_equal_rooms_of_one_estate_are_two_rooms() {
    let twice = "小区名称,设施类别,移交面积\n幸福里,社区用房,150\n幸福里,社区用房,150\n";
    assert_eq!(estate(twice), (Outcome::Met, Interval::exactly(300.0)));
}

#[test]
fn a_facility_of_a_misspelt_estate_may_be_the_one_meant() {
    let stray = "小区名称,设施类别,移交面积\n幸福里,社区用房,100\n幸福理,社区用房,250\n";
    assert_eq!(estate(stray), (Outcome::Unknown, Interval::between(100.0, 350.0)));
}

/// The households of the one community two lists name, and what became of their rows.
fn households_of_two_lists(first: &str, second: &str) -> (Interval, Audit) {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("a.csv", first);
    write("b.csv", second);
    let input = |file: &str| format!("[[input]]\nfile = \"{file}\"\ntable = \"communities\"\n");
    write(
        "p.toml",
        &format!(
            "name = \"p\"\nplace = \"411602\"\nas_of = 2023-01-01\n{}{}",
            input("a.csv"),
            input("b.csv")
        ),
    );
    let audit = Project::open(folder.path().join("p.toml")).and_then(|project| project.audit());
    let audit = audit.expect("audited");
    let communities = audit.inventory.table("communities");
    assert_eq!(communities.height(), 1, "one community");
    let end = |name: &str| communities.column(name).expect("there").f64().expect("numbers").get(0);
    let (low, high) = (end("households_low"), end("households_high"));
    (Interval::between(low.unwrap_or(0.0), high.unwrap_or(f64::INFINITY)), audit)
}

#[test]
fn two_lists_of_one_thing_complete_each_other() {
    let (households, audit) = households_of_two_lists(
        "社区名称,户数,常住人口\n甲社区,1200,不详\n",
        "社区名称,户数,常住人口\n甲社区,,3600\n",
    );
    assert_eq!(households, Interval::exactly(1200.0));
    let borrowed: Vec<_> = audit.inventory.borrowed().iter().collect();
    assert_eq!(borrowed.len(), 1, "one value stands in the other list: {borrowed:?}");
    assert_eq!((set_aside(&audit, Reason::Conflict), set_aside(&audit, Reason::Duplicate)), (0, 0));
    assert!(audit.inventory.accounts.iter().all(|account| account.used == 1), "both rows are used");
}

#[test]
fn two_lists_that_contradict_each_other_are_told_and_not_joined() {
    let (households, audit) = households_of_two_lists(
        "社区名称,户数,常住人口\n甲社区,1200,3600\n",
        "社区名称,户数,常住人口\n甲社区,1500,\n",
    );
    assert_eq!(households, Interval::between(1200.0, 1500.0));
    assert_eq!(set_aside(&audit, Reason::Conflict), 1);
}

/// A row for each room, which tells of its community as well; the second row does not tell it again.
#[test]
fn a_row_of_a_room_tells_of_its_community_too() {
    const LEDGER: &str = "街道,社区,户数,社区类型,用房面积,权属\n\
        东街道,甲社区,1500,城市社区,300,自有\n,甲社区,,,200,租赁\n东街道,乙社区,约2000,城市社区,150,自有\n";
    let audit = loose(LEDGER).expect("audited");
    assert_eq!(area(&audit, "甲社区"), (Outcome::Met, Interval::exactly(500.0)));
    assert_eq!(area(&audit, "乙社区"), (Outcome::NotMet, Interval::exactly(150.0)));
    let communities = audit.inventory.table("communities");
    assert_eq!(communities.height(), 2);
    let households = |end: &str| -> Vec<Option<f64>> {
        let column = communities.column(end).expect("a column").f64().expect("numbers");
        let mut all: Vec<Option<f64>> = column.iter().collect();
        all.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
        all
    };
    assert_eq!(households("households_low"), [Some(1500.0), Some(1900.0)]);
    assert_eq!(households("households_high"), [Some(1500.0), Some(2100.0)]);
    assert!(audit.inventory.accounts.iter().all(|one| one.set_aside.is_empty()));

    // Two rows that contradict each other are told, and neither is believed more.
    let contradicts = loose(&LEDGER.replace(",甲社区,,,", ",甲社区,1600,,")).expect("audited");
    let aside = contradicts.inventory.accounts.iter().flat_map(|one| &one.set_aside);
    assert_eq!(aside.filter(|one| one.reason == Reason::Conflict).count(), 1);

    // A project says the same where it names no table; beside a list of communities rows tell of rooms only.
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("r.csv"), LEDGER).expect("written");
    std::fs::write(folder.path().join("p.toml"), PROJECT).expect("written");
    let project = Project::open(folder.path().join("p.toml")).and_then(|one| one.audit());
    let project = project.expect("audited");
    assert_eq!(project.inventory.table("communities").height(), 2);
    assert_eq!(area(&project, "甲社区"), (Outcome::Met, Interval::exactly(500.0)));
    std::fs::write(
        folder.path().join("c.csv"),
        "社区名称,户数\n甲社区,9000\n乙社区,8000\n丙社区,1\n",
    )
    .expect("written");
    let paths = ["c.csv", "r.csv"].map(|name| folder.path().join(name));
    let listed = Project::of_files(&paths).expect("read").inventory().expect("read");
    let communities = listed.table("communities");
    let households = communities.column("households").expect("a column").f64().expect("numbers");
    let sum: f64 = households.iter().flatten().sum();
    assert_eq!((communities.height(), sum), (3, 17_001.0));
}

const PROJECT: &str = "name = \"p\"\nplace = \"411602\"\nas_of = 2023-01-01\npacks = [\"chuanhui-2007-91\"]\n\
    [[input]]\nfile = \"r.csv\"\n";

/// The area of offices may be all there is, or leave out that of activities: both are possible.
#[test]
fn an_area_of_offices_beside_one_of_activities_accuses_nobody() {
    let audit =
        loose("社区,办公用房面积,活动用房面积\n甲,120,190\n乙,310,50\n丙,100,90\n丁,120,0\n");
    let audit = audit.expect("audited");
    assert_eq!(area(&audit, "甲"), (Outcome::Unknown, Interval::between(120.0, 310.0)));
    assert_eq!(area(&audit, "乙"), (Outcome::Met, Interval::between(310.0, 360.0)));
    assert_eq!(area(&audit, "丙"), (Outcome::NotMet, Interval::between(100.0, 190.0)));
    assert_eq!(area(&audit, "丁"), (Outcome::NotMet, Interval::exactly(120.0)));
    // A part of it that is said to be one changes nothing.
    let parts = loose("社区,办公用房面积,其中活动面积\n甲,120,190\n").expect("audited");
    assert_eq!(area(&parts, "甲").1, Interval::exactly(120.0));
}

/// A column of areas for each tenure is a room for each; a blank may be one, and nothing is none.
#[test]
fn a_column_for_each_tenure_is_a_room_of_it() {
    let audit = loose(
        "街道,社区,户数,自有面积,租赁面积(㎡),年租金（万元）,借用面积\n\
         东街道,甲,1500,300,0,,0\n东街道,乙,2500,100,150,3,0\n东街道,丙,900,200,,,0\n东街道,丁,900,0,0,,0\n",
    );
    let audit = audit.expect("audited");
    assert_eq!(area(&audit, "甲"), (Outcome::Met, Interval::exactly(300.0)));
    assert_eq!(area(&audit, "乙"), (Outcome::NotMet, Interval::exactly(250.0)));
    assert_eq!(area(&audit, "丙"), (Outcome::Unknown, Interval::between(200.0, f64::INFINITY)));
    assert_eq!(area(&audit, "丁"), (Outcome::NotMet, Interval::exactly(0.0)));
    // A column of totals beside them is no room.
    let total = loose("社区,用房总面积,自有面积,租赁面积\n甲,450,300,150\n").expect("audited");
    assert_eq!(area(&total, "甲"), (Outcome::Met, Interval::exactly(450.0)));
    assert_eq!(total.inventory.table("premises").height(), 2);
    // The same is read when the reading is used again; a pinned area is that of the one room.
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("r.csv"),
        "社区,用房总面积,自有面积,租赁面积\n甲,450,300,150\n",
    )
    .expect("written");
    let pinned = |heading: &str| {
        let project = format!("{PROJECT}columns = {{ area = \"{heading}\" }}\n");
        std::fs::write(folder.path().join("p.toml"), project).expect("written");
        let project = Project::open(folder.path().join("p.toml")).expect("a project");
        let rooms = project.inventory().expect("read").table("premises").clone();
        let areas = rooms.column("area").expect("a column").f64().expect("numbers");
        let area: f64 = areas.iter().flatten().sum();
        let tenures = rooms.column("tenure").expect("a column").str().expect("texts");
        (area, tenures.iter().flatten().map(str::to_owned).collect::<Vec<_>>())
    };
    let both = ["owned", "rented"].map(str::to_owned).to_vec();
    assert_eq!(pinned("自有面积"), (450.0, both));
    assert_eq!(pinned("用房总面积"), (450.0, Vec::new()));
    // None of them rents without owning: 丙 owns rooms, whatever else it has.
    assert_eq!(audit.rented_share(), Some(Interval::exactly(0.0)));
    let rooms = audit.inventory.table("premises");
    let of = |column: &str| rooms.column(column).expect("a column").clone();
    let (tenure, rent) = (of("tenure"), of("annual_rent"));
    let rows = tenure.str().expect("texts").iter().zip(rent.f64().expect("numbers").iter());
    let mut rented: Vec<_> = rows.filter(|(tenure, _)| *tenure == Some("rented")).collect();
    assert_eq!(rented.pop(), Some((Some("rented"), Some(30_000.0))));
    assert!(rented.is_empty(), "{rented:?}");
    assert!(audit.inventory.accounts.iter().all(|one| one.unlinked.is_empty()));
}

/// Rooms of which none tells the facility it was may be the one that was handed over.
#[test]
fn rooms_that_tell_of_no_facility_accuse_nobody_of_keeping_one() {
    let passed_on = |rooms: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("written");
        };
        write(
            "f.csv",
            "设施编号,小区名称,设施类别,移交面积\n1,幸福里,社区用房,300\n2,和平苑,社区用房,200\n",
        );
        write("r.csv", rooms);
        let pack = root("fixtures/towns/demo/示范市社区用房办法.toml").display().to_string();
        let paths = ["f.csv", "r.csv"].map(|name| folder.path().join(name));
        let mut project = Project::of_files(&paths).expect("read");
        project.place = facility_audit::place::Place::parse("990200").expect("a code");
        project.packs.push(pack);
        let audit = project.audit().expect("audited");
        let of_rule = |one: &&facility_audit::assessment::Assessment| {
            let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
            requirement.measure.name == "not_passed_on"
        };
        let mut found: Vec<(String, Outcome)> = audit
            .assessments
            .iter()
            .filter(of_rule)
            .map(|one| (one.subject.clone(), one.outcome))
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found.into_iter().map(|(_, outcome)| outcome).collect::<Vec<_>>()
    };
    let silent = passed_on("社区,用房面积,权属\n甲社区,300,自有\n");
    assert_eq!(silent, [Outcome::Unknown, Outcome::Unknown]);
    let tells = passed_on("社区,对应配建设施,用房面积,权属\n甲社区,1,300,自有\n");
    assert_eq!(tells, [Outcome::Met, Outcome::NotMet]);
}
