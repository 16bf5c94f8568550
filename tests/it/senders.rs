//! What goes to senders and comes back from them: forms, returned workbooks, decisions.

use std::path::Path;

use facility_audit::export::workbook::marker;
use facility_audit::inventory::tables;
use facility_audit::project::{InputSpec, saved, settled};
use facility_audit::report::{load, template};
use facility_audit::source::read;
use facility_audit::words::Lang;
use facility_audit::{Project, mapping};
use rust_xlsxwriter::Workbook;

use crate::support::{printed, root, run_in};

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("written");
}

/// Fills a form in: the sender, and rows of cells by heading.
fn fill(folder: &Path, name: &str, form: &[u8], sender: &str, rows: &[&[(&str, &str)]]) {
    std::fs::write(folder.join("form.xlsx"), form).expect("written");
    let file = read(&folder.join("form.xlsx"), None).expect("read");
    let grid = file.grids.iter().find(|grid| !grid.hidden).expect("a form");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(grid.sheet.as_deref().expect("a name")).expect("a name");
    for row in 0..grid.rows().min(3) {
        for column in 0..grid.columns() {
            sheet.write(row as u32, column as u16, grid.cell(row, column)).expect("written");
        }
    }
    sheet.write(1, 1, sender).expect("written");
    let headings: Vec<&str> = (0..grid.columns()).map(|column| grid.cell(2, column)).collect();
    for (at, cells) in rows.iter().enumerate() {
        for (heading, text) in *cells {
            let column = headings.iter().position(|one| one.trim_start_matches('*') == *heading);
            let column = column.unwrap_or_else(|| panic!("{heading} in {headings:?}"));
            sheet.write(3 + at as u32, column as u16, *text).expect("written");
        }
    }
    book.save(folder.join(name)).expect("saved");
}

#[test]
fn every_table_has_a_form_that_reads_back_without_a_mapping() {
    for table in tables() {
        for lang in [Lang::Zh, Lang::En] {
            let form = template(table, &[], lang).expect("made");
            assert!(marker(&form).is_some_and(|text| text.contains(&table.name)), "{}", table.name);
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("form.xlsx"), &form).expect("written");
            let file = read(&folder.path().join("form.xlsx"), None).expect("read");
            let grid = file.grids.iter().find(|grid| !grid.hidden).expect("a form");
            let guess = mapping::guess_for(grid, table, None).expect("recognised");
            assert_eq!(guess.header().last, 2, "{}", table.name);
            let fed = guess.mapping().columns.len();
            let wanted = table.columns.iter().filter(|column| column.name != "id").count();
            assert_eq!(fed, wanted, "{} {lang:?}: unused {:?}", table.name, guess.unused);
            assert!(guess.ambiguous.is_empty(), "{}", table.name);
        }
    }
}

const ROOM: &[(&str, &str)] = &[
    ("用房名称", "党群服务中心"),
    ("社区", "桂花社区"),
    ("用房面积（㎡）", "650"),
    ("权属", "自有(有证)"),
];

#[test]
fn returned_forms_become_one_inventory_and_who_is_missing_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let premises = facility_audit::inventory::table("premises").expect("declared");
    let form = template(premises, &[], Lang::Zh).expect("made");
    let other: &[(&str, &str)] = &[
        ("用房名称", "居民活动室"),
        ("社区", "东湖社区"),
        ("用房面积（㎡）", "八十"),
        ("权属", "租赁"),
    ];
    fill(folder.path(), "a.xlsx", &form, "城东街道", &[ROOM]);
    fill(folder.path(), "b.xlsx", &form, "城西街道", &[ROOM, other]);
    let text = printed(&run_in(
        folder.path(),
        &["collect", "a.xlsx", "b.xlsx", "--senders", "城东街道,城西街道,湖滨街道"],
    ));
    assert!(text.contains("未报 1：湖滨街道"), "{text}");
    assert!(text.contains("重复的行：") && text.contains("完全相同"), "{text}");
    assert!(text.contains("城东街道") && text.contains("a.xlsx"), "{text}");
    let project = Project::open(folder.path().join("收表/project.toml")).expect("a project");
    let inventory = project.inventory().expect("read");
    assert_eq!(inventory.table("premises").height(), 2, "the room listed twice counts once");
    assert_eq!(inventory.accounts.iter().map(|one| one.unreadable.len()).sum::<usize>(), 1);
    let book = read(&folder.path().join("收表/汇总.xlsx"), None).expect("read");
    assert_eq!(book.grids[0].rows(), 4, "a heading and the three rows sent");
    assert_eq!(book.grids[0].cell(3, 0), "城西街道");
}

#[test]
fn a_form_that_differs_is_told_with_what_it_lacks() {
    let folder = tempfile::tempdir().expect("a folder");
    let premises = facility_audit::inventory::table("premises").expect("declared");
    let whole = template(premises, &[], Lang::Zh).expect("made");
    fill(folder.path(), "a.xlsx", &whole, "城东街道", &[ROOM]);
    fill(folder.path(), "c.xlsx", &whole, "湖滨街道", &[ROOM]);
    write(folder.path(), "b.csv", "社区,用房名称,用房面积\n桂花社区,一楼,30\n");
    let text = printed(&run_in(folder.path(), &["collect", "a.xlsx", "b.csv", "c.xlsx"]));
    assert!(
        text.contains("与其他表不是同一张登记表：b.csv（缺：") && text.contains("权属"),
        "{text}"
    );
    assert!(text.contains("b（按文件名）"), "{text}");
}

#[test]
fn the_sender_gets_their_own_workbook_back_with_the_reasons() {
    let folder = tempfile::tempdir().expect("a folder");
    let traps = root("fixtures/formats/office/traps");
    let name = "全市新建小区配套移交台账.xlsx";
    std::fs::copy(traps.join(name), folder.path().join(name)).expect("copied");
    run_in(folder.path(), &["audit", name, "--as-of", "2023-06-30", "--out", "结果"]);
    let text = printed(&run_in(folder.path(), &["return", "结果"]));
    let back = folder.path().join("结果/退回核对/全市新建小区配套移交台账_退回核对.xlsx");
    assert!(back.exists(), "{text}");
    let file = read(&back, None).expect("read");
    let sheet =
        file.grids.iter().find(|grid| grid.sheet.as_deref() == Some("城西")).expect("there");
    let reasons =
        (0..sheet.columns()).find(|&column| sheet.cell(3, column).starts_with("核对意见"));
    let reasons = reasons.expect("a column of reasons");
    let said = sheet.cell(18, reasons);
    assert!(said.starts_with("F：") && said.contains("逐行相加 18,240，差 180"), "{said}");
    assert_eq!(sheet.cell(18, 5), "18420", "the sender's own number stays");
    // The file has changed since: what was found in it may stand elsewhere now.
    std::fs::copy(traps.join("权属在备注.xlsx"), folder.path().join(name)).expect("copied");
    let text = printed(&run_in(folder.path(), &["return", "结果"]));
    assert!(text.contains("与核查时的内容不同"), "{text}");
}

#[test]
fn who_sent_no_workbook_of_the_new_kind_gets_a_copy() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "台账.csv", "社区,用房名称,建筑面积\n桂花社区,一楼,八十\n");
    run_in(folder.path(), &["audit", "台账.csv", "--out", "run"]);
    run_in(folder.path(), &["return", "run"]);
    let file = read(&folder.path().join("run/退回核对/台账_退回核对.xlsx"), None).expect("read");
    let grid = &file.grids[0];
    assert_eq!(grid.cell(1, 2), "八十");
    let said = grid.cell(1, 3);
    assert!(said.contains("C：用房面积“八十”无法识别"), "{said}");
}

const ESTATES: &str = "小区名称,区县,建设单位,规划户数\n幸福里,370102,甲公司,1000\n";
const OWED: &str = "小区名称,区县,设施类别,移交面积\n幸福里小区,370102,社区用房,300\n幸福里二期,370102,社区用房,200\n";

fn two_lists(folder: &Path, decided: Option<&Path>) -> Project {
    write(folder, "estates.csv", ESTATES);
    write(folder, "owed.csv", OWED);
    let files = ["estates.csv", "owed.csv"].map(|name| InputSpec::of_file(&folder.join(name)));
    let mut project = Project::of_inputs(files.to_vec()).expect("read");
    project.day = "2023-06-30".parse().expect("a day");
    if let Some(path) = decided {
        project.settled = settled(path).expect("decided");
    }
    project
}

#[test]
fn names_are_one_thing_only_once_a_person_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = two_lists(folder.path(), None).inventory().expect("read");
    let linked = |inventory: &facility_audit::inventory::Inventory| -> Vec<Option<String>> {
        let facilities = inventory.table("facilities");
        let ids = facilities.column("estate_id").expect("there").str().expect("text");
        let mut all: Vec<Option<String>> = ids.iter().map(|id| id.map(str::to_owned)).collect();
        all.sort();
        all
    };
    assert_eq!(linked(&before), [None, None], "nothing is merged by itself");
    run_in(folder.path(), &["audit", "estates.csv", "owed.csv", "--out", "run"]);
    let text = printed(&run_in(folder.path(), &["identity", "run"]));
    let path = folder.path().join("run/名称核对.csv");
    let review = std::fs::read_to_string(&path).expect("written");
    assert!(review.contains("幸福里小区") && review.contains("幸福里二期"), "{text}{review}");
    let decide = |line: &str| match line {
        line if line.contains("幸福里小区") && line.contains(",幸福里,") => {
            with_decision(line, "同一")
        }
        line if line.contains("幸福里二期") && line.contains(",幸福里,") => {
            with_decision(line, "分期")
        }
        line => line.to_owned(),
    };
    let decided: Vec<String> = review.lines().map(decide).collect();
    std::fs::write(&path, decided.join("\n")).expect("written");
    let project = two_lists(folder.path(), Some(&path));
    let after = project.inventory().expect("read");
    let id = Some("370102-幸福里".to_owned());
    assert_eq!(linked(&after), [id.clone(), id], "{decided:#?}");
    let phases = after.table("facilities").column("phase").expect("there").str().expect("text");
    assert!(phases.iter().any(|phase| phase == Some("二期")), "{phases:?}");
    let told = project.declarations();
    assert!(
        told.iter().any(|words| words.zh.contains("“幸福里小区”与“幸福里”按同一对象处理")),
        "{told:#?}"
    );
    // A second look keeps what was decided.
    run_in(folder.path(), &["identity", "run"]);
    let again = std::fs::read_to_string(&path).expect("written");
    assert!(again.contains("同一") && again.contains("分期"), "{again}");
}

/// The line of a review file with a decision filled in, in the last column but one.
fn with_decision(line: &str, decision: &str) -> String {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
    let record = reader.records().next().expect("a line").expect("readable");
    let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
    let at = cells.len() - 2;
    cells[at] = decision.to_owned();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&cells).expect("written");
    String::from_utf8(writer.into_inner().expect("whole")).expect("text").trim_end().to_owned()
}

#[test]
fn two_lists_that_contradict_each_other_are_told_with_both_cells() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "规划.csv", "小区名称,规划户数\n幸福里,1000\n");
    write(folder.path(), "民政.csv", "小区名称,规划户数\n幸福里,1200\n");
    let files = ["规划.csv", "民政.csv"].map(|name| folder.path().join(name));
    let inventory =
        Project::of_files(&files).and_then(|project| project.inventory()).expect("read");
    let aside = inventory.accounts.iter().flat_map(|account| &account.set_aside).next();
    let words = &aside.expect("one of them is set aside").words.zh;
    for part in ["规划户数", "1,000（规划.csv!B2）", "1,200（民政.csv!B2）"] {
        assert!(words.contains(part), "{words}");
    }
}

#[test]
fn a_remark_changes_nothing_until_it_is_confirmed() {
    let folder = tempfile::tempdir().expect("a folder");
    write(
        folder.path(),
        "台账.csv",
        "社区,用房名称,建筑面积,权属,备注\n甲社区,中心,300,自有,租用沿街商铺\n",
    );
    run_in(folder.path(), &["audit", "台账.csv", "--out", "run"]);
    let text = printed(&run_in(folder.path(), &["identity", "run"]));
    let list = folder.path().join("run/更正.csv");
    let proposed = std::fs::read_to_string(&list).expect(&text);
    assert!(proposed.contains("台账.csv!D2,tenure,自有,租赁,"), "{proposed}");
    let tenure = |run: &str| -> String {
        let (audit, _) = load(&folder.path().join(run)).expect("a run");
        let premises = audit.inventory.table("premises");
        let tenure = premises.column("tenure").expect("there").str().expect("text");
        tenure.get(0).unwrap_or_default().to_owned()
    };
    assert_eq!(tenure("run"), "owned");
    let mut lines: Vec<String> = proposed.lines().map(str::to_owned).collect();
    lines[1] = lines[1].trim_end_matches(',').to_owned() + ",采用";
    std::fs::write(&list, lines.join("\n")).expect("written");
    let told = printed(&run_in(
        folder.path(),
        &["audit", "台账.csv", "--corrections", "run/更正.csv", "--out", "run2"],
    ));
    assert_eq!(tenure("run2"), "rented", "{told}");
    assert!(told.contains("按“租赁”理解（更正清单）"), "{told}");
    write(
        folder.path(),
        "台账.csv",
        "社区,用房名称,建筑面积,权属,备注\n甲社区,中心,300,借用,租用沿街商铺\n",
    );
    let told = printed(&run_in(
        folder.path(),
        &["audit", "台账.csv", "--corrections", "run/更正.csv", "--out", "run3"],
    ));
    assert!(told.contains("现为“借用”"), "{told}");
}

#[test]
fn a_reading_that_was_looked_at_is_used_again() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "一.csv", "社区,场所,面积甲,归属\n甲社区,中心,300,单位提供\n");
    write(
        folder.path(),
        "p.toml",
        "name = \"p\"\n[[input]]\nfile = \"一.csv\"\ntable = \"premises\"\n\
         columns = { area = \"面积甲\", tenure = \"归属\", name = \"场所\" }\n\
         values = { tenure = { \"单位提供\" = \"borrowed\" } }\n",
    );
    run_in(folder.path(), &["audit", "p.toml", "--out", "run"]);
    let list = folder.path().join("run/读法.toml");
    let readings = saved(&list).expect("saved");
    assert_eq!(readings[0].columns["area"], "面积甲");
    // Next year's file has its columns in another order, and one more.
    write(folder.path(), "二.csv", "序号,归属,面积甲,社区,场所\n1,单位提供,310,甲社区,中心\n");
    let told = printed(&run_in(
        folder.path(),
        &["audit", "二.csv", "--mapping", "run/读法.toml", "--out", "run2"],
    ));
    let (audit, _) = load(&folder.path().join("run2")).expect(&told);
    let premises = audit.inventory.table("premises");
    let cell =
        |name: &str| premises.column(name).expect("there").get(0).expect("a row").to_string();
    assert_eq!(cell("area"), "310.0");
    assert_eq!(cell("tenure"), "\"borrowed\"");
    // One heading is gone: it is read by the dictionary, and that is said.
    write(folder.path(), "三.csv", "序号,归属,面积（㎡）,社区,场所\n1,自有,310,甲社区,中心\n");
    let told = printed(&run_in(
        folder.path(),
        &["audit", "三.csv", "--mapping", "run/读法.toml", "--out", "run3"],
    ));
    assert!(told.contains("与保存的读法不同：没有表头“面积甲”"), "{told}");
}

#[test]
fn the_rows_of_headings_can_be_pinned() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows =
        "单位：㎡,,,\n社区,用房名称,面积,权属\n社区,用房名称,建筑面积,权属\n甲社区,中心,300,自有\n";
    write(folder.path(), "台账.csv", rows);
    let text = printed(&run_in(folder.path(), &["inspect", "台账.csv", "--header", "3"]));
    assert!(text.contains("表头在第 3 行") && text.contains("1 行数据"), "{text}");
    let text = printed(&run_in(folder.path(), &["inspect", "台账.csv", "--header", "0-9"]));
    assert!(text.contains("不是表头的行号"), "{text}");
}
