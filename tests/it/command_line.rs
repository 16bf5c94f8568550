//! The program as a user meets it.

use std::path::Path;

use crate::support::{printed, root, run_in};

fn project(town: &str) -> String {
    root("fixtures/towns").join(town).join("project.toml").display().to_string()
}

#[test]
fn the_main_command_prints_the_summary_and_writes_a_run() {
    let here = tempfile::tempdir().expect("a folder");
    let output = run_in(here.path(), &["audit", &project("chuanhui-2007")]);
    let text = printed(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("租赁率 14.3%–57.1%"), "{text}");
    assert!(text.contains("已写：runs/chuanhui-2007"), "{text}");
    let run = here.path().join("runs/chuanhui-2007");
    for part in ["manifest.json", "audit.json", "assessments.csv", "inventory/premises.csv"] {
        assert!(run.join(part).is_file(), "{part}");
    }
    let explained = run_in(here.path(), &["explain", "runs/chuanhui-2007", "周商社区"]);
    let text = printed(&explained);
    assert!(
        text.contains("chuanhui-2007.csv!F23") && text.contains("川政文〔2007〕91号"),
        "{text}"
    );
}

#[test]
fn a_second_run_replaces_the_first() {
    let here = tempfile::tempdir().expect("a folder");
    for _ in 0..2 {
        let output = run_in(here.path(), &["audit", &project("binjiang-2019"), "--out", "r"]);
        assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
    }
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let here = tempfile::tempdir().expect("a folder");
    let town = project("chuanhui-2007");
    let code = |args: &[&str]| run_in(here.path(), args).status.code();
    assert_eq!(code(&["audit", &town]), Some(0));
    assert_eq!(code(&["audit", &town, "--fail-on", "not-met"]), Some(1));
    assert_eq!(code(&["audit", &town, "--fail-on", "unknown"]), Some(1));
    assert_eq!(code(&["audit", &project("binjiang-2019"), "--fail-on", "not-met"]), Some(0));
    assert_eq!(code(&["audit", "没有.toml"]), Some(2));
    assert_eq!(code(&["audit"]), Some(2));
    assert_eq!(code(&["adit"]), Some(2));
    assert_eq!(code(&["--help"]), Some(0));
    assert_eq!(code(&["standards", "test"]), Some(0));
}

#[test]
fn both_languages_are_spoken_throughout() {
    let here = tempfile::tempdir().expect("a folder");
    let town = project("founding-article");
    let english = printed(&run_in(here.path(), &["--lang", "en", "audit", &town]));
    assert!(english.contains("Attrition (left ÷ recruited) 2022: 41 ÷ 161 = 25.5%"), "{english}");
    assert!(
        english.contains("required at least 161 people: not met, short by 41 people"),
        "{english}"
    );
    let chinese = printed(&run_in(here.path(), &["audit", &town]));
    assert!(chinese.contains("流失率（流失 ÷ 招录） 2022：41 ÷ 161 = 25.5%"), "{chinese}");
    let help = printed(&run_in(here.path(), &["audit", "--help"]));
    assert!(help.contains("行政区划代码") && !help.contains("Options"), "{help}");
    let help = printed(&run_in(here.path(), &["--lang=en", "audit", "--help"]));
    assert!(help.contains("administrative code") && !help.contains("行政"), "{help}");
    let wrong = printed(&run_in(here.path(), &["audit", &town, "--plce", "1"]));
    assert!(wrong.contains("不认识的参数 --plce；是否指 --place"), "{wrong}");
}

#[test]
fn loose_files_are_audited_by_their_headings() {
    let here = tempfile::tempdir().expect("a folder");
    std::fs::write(
        here.path().join("台账.csv"),
        "某区社区用房台账,,,\n序号,社区,建筑面积（㎡）,权属\n1,幸福里,320,自有\n2,和平里,约300,租赁\n合计,,620,\n",
    )
    .expect("written");
    let args = ["audit", "台账.csv", "--place", "411602", "--pack", "chuanhui-2007-91"];
    let text = printed(&run_in(here.path(), &args));
    assert!(text.contains("和平里  用房面积 285–315 ㎡，应不少于 300 ㎡：无法核查"), "{text}");
    assert!(text.contains("合计行 1"), "{text}");
    assert!(text.contains("租赁率 50.0%"), "{text}");
}

#[test]
fn inspect_shows_the_guess_and_writes_nothing() {
    let here = tempfile::tempdir().expect("a folder");
    std::fs::write(
        here.path().join("台账.csv"),
        "社区,建筑面积（亩）,权属,电话\n幸福里,3,自有,1\n和平里,三亩,租赁,2\n",
    )
    .expect("written");
    let text = printed(&run_in(here.path(), &["inspect", "台账.csv"]));
    for part in ["premises", "表头在第 1 行", "×666.67", "未使用的列：D 电话", "“三亩”无法识别"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let left: Vec<_> = std::fs::read_dir(here.path()).expect("read").collect();
    assert_eq!(left.len(), 1);
}

#[test]
fn a_mistake_in_a_project_names_file_line_column_and_cure() {
    let here = tempfile::tempdir().expect("a folder");
    let text = "name = \"x\"\n[[input]]\nfile = \"a.csv\"\ntabel = \"premises\"\n";
    std::fs::write(here.path().join("p.toml"), text).expect("written");
    let output = run_in(here.path(), &["audit", "p.toml"]);
    let text = printed(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains("p.toml:4:1: [input] 不认识的键“tabel”"), "{text}");
    assert!(text.contains("是否指“table”"), "{text}");
}

#[test]
fn a_heading_that_is_not_there_names_file_row_and_what_is() {
    let here = tempfile::tempdir().expect("a folder");
    std::fs::write(here.path().join("a.csv"), "社区,面积\n甲,3\n").expect("written");
    let text = "name = \"x\"\n[[input]]\nfile = \"a.csv\"\ntable = \"premises\"\nheader = 1\ncolumns = { area = \"使用面积\" }\n";
    std::fs::write(here.path().join("p.toml"), text).expect("written");
    let text = printed(&run_in(here.path(), &["audit", "p.toml"]));
    assert!(text.contains("a.csv：第 1 行没有表头“使用面积”；该行有：社区、面积"), "{text}");
}

#[test]
fn chosen_outputs_are_written_whole_and_formulas_defused() {
    let here = tempfile::tempdir().expect("a folder");
    std::fs::write(here.path().join("a.csv"), "社区,建筑面积,权属\n=cmd(),3,自有\n")
        .expect("written");
    let args = [
        "audit",
        "a.csv",
        "--place",
        "411602",
        "--pack",
        "chuanhui-2007-91",
        "-o",
        "o.csv",
        "-o",
        "o.json",
    ];
    let output = run_in(here.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
    let csv = std::fs::read_to_string(here.path().join("o.csv")).expect("written");
    assert!(csv.starts_with('\u{feff}') && csv.contains("'=cmd()"), "{csv}");
    assert!(!here.path().join("runs").exists());
    let refused = run_in(here.path(), &["audit", "a.csv", "-o", "o.pdf"]);
    assert!(printed(&refused).contains("可用：.json, .csv"), "{}", printed(&refused));
}

#[test]
fn standards_are_listed_shown_and_tested() {
    let here = tempfile::tempdir().expect("a folder");
    let list = printed(&run_in(here.path(), &["standards", "list"]));
    assert!(
        list.contains("国办发〔2021〕56号") && list.contains("jiangsu-2011-community"),
        "{list}"
    );
    let shown = printed(&run_in(here.path(), &["standards", "show", "jiangsu-2011-community"]));
    assert!(shown.contains("以下较大者（每 100 户 20 ㎡；400 ㎡）"), "{shown}");
    let near = printed(&run_in(here.path(), &["standards", "show", "jiangsu-2011"]));
    assert!(near.contains("最接近：jiangsu-2011-community"), "{near}");
    let test = printed(&run_in(here.path(), &["--lang", "en", "standards", "test"]));
    assert!(test.contains(" passed, 0 failed"), "{test}");
}

#[test]
fn a_pack_is_scaffolded_linted_paged_and_compared() {
    let here = tempfile::tempdir().expect("a folder");
    let run = |args: &[&str]| run_in(here.path(), args);
    let scaffold = run(&["standards", "new", "my-city", "--place", "411602"]);
    std::fs::write(here.path().join("my.toml"), scaffold.stdout).expect("written");
    assert_eq!(run(&["standards", "test", "my.toml"]).status.code(), Some(0));
    let lint = run(&["standards", "lint", "my.toml"]);
    assert_eq!(lint.status.code(), Some(0), "{}", printed(&lint));
    let pages = run(&["standards", "pages", "rules", "my.toml"]);
    assert!(here.path().join("rules/my-city/area.zh.md").is_file(), "{}", printed(&pages));
    let sql = printed(&run(&["standards", "sql", "my.toml"]));
    assert!(sql.contains("\"households_low\"") && sql.contains("FROM communities;"), "{sql}");
    run(&["audit", &project("chuanhui-2007"), "--out", "run"]);
    let diff = printed(&run(&["standards", "diff", "chuanhui-2007-91", "my.toml", "--on", "run"]));
    assert!(diff.contains("chuanhui-2007-91 → my-city：结论改变 0，不变 28"), "{diff}");
}

#[test]
fn a_failing_worked_case_names_its_line_and_ends_with_one() {
    let here = tempfile::tempdir().expect("a folder");
    let shipped =
        std::fs::read_to_string(root("standards/cn/32-jiangsu/jiangsu-2011-community.toml"));
    let wrong = shipped.expect("read").replace("fixed = 400", "fixed = 300");
    std::fs::write(here.path().join("my.toml"), wrong).expect("written");
    let output = run_in(here.path(), &["standards", "test", "my.toml"]);
    let text = printed(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("my.toml:") && text.contains("community-centre-area：应为"), "{text}");
}

#[test]
fn schemas_and_completions_are_printed() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = printed(&run_in(here, &["schema", "inventory"]));
    assert!(schema.contains("\"premises\""));
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = printed(&run_in(here, &["completions", shell]));
        assert!(script.contains("facility-audit") && script.contains("standards"), "{shell}");
    }
}
