//! The run folder says the same as the audit it was made of, and `explain` shows why.

use facility_audit::Project;
use facility_audit::report::{Heading, explain, load, save, summary};
use facility_audit::words::Lang;

use crate::support::{files, golden, root, town};

fn heading(name: &str) -> Heading {
    let project = Project::open(root("fixtures/towns").join(name).join("project.toml"));
    let project = project.expect("a project");
    Heading { name: project.name, place_name: project.place_name }
}

#[test]
fn a_run_read_back_gives_the_same_summary_and_explanations() {
    for name in ["chuanhui-2007", "sanya-2015-2022", "founding-article", "binjiang-2019"] {
        let folder = tempfile::tempdir().expect("a folder");
        let (audit, heading) = (town(name), heading(name));
        save(&audit, &heading, folder.path()).expect("saved");
        let (again, heading_again) = load(folder.path()).expect("loaded");
        for lang in [Lang::Zh, Lang::En] {
            assert_eq!(summary(&audit, &heading, lang), summary(&again, &heading_again, lang));
            for one in &audit.assessments {
                let first = explain(&audit, &one.subject, lang).expect("explained");
                assert_eq!(first, explain(&again, &one.subject, lang).expect("explained"));
            }
        }
    }
}

#[test]
fn two_runs_are_the_same_byte_for_byte() {
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    for folder in &folders {
        save(&town("chuanhui-2007"), &heading("chuanhui-2007"), folder.path()).expect("saved");
    }
    let contents = |folder: &std::path::Path| -> Vec<(String, Vec<u8>)> {
        ["json", "csv", "toml"]
            .iter()
            .flat_map(|extension| files(folder, extension))
            .map(|path| {
                let name = path.strip_prefix(folder).expect("inside").display().to_string();
                (name, std::fs::read(path).expect("read"))
            })
            .collect()
    };
    let [first, second] = folders.each_ref().map(|folder| contents(folder.path()));
    assert!(first.len() > 20);
    assert_eq!(first, second);
}

#[test]
fn a_folder_with_other_content_is_never_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let letter = folder.path().join("信.txt");
    std::fs::write(&letter, "不要删").expect("written");
    let refused = save(&town("binjiang-2019"), &heading("binjiang-2019"), folder.path());
    assert!(refused.expect_err("refused").words().en.contains("holds something that is no run"));
    assert_eq!(std::fs::read_to_string(letter).expect("still there"), "不要删");
}

#[test]
fn a_damaged_or_missing_run_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = load(folder.path()).expect_err("no run");
    assert!(missing.words().zh.contains("没有 manifest.json"));
    save(&town("chuanhui-2007"), &heading("chuanhui-2007"), folder.path()).expect("saved");
    let table = folder.path().join("inventory/premises.csv");
    let text = std::fs::read_to_string(&table).expect("read").replacen(",inf,", ",无穷,", 1);
    std::fs::write(&table, text).expect("written");
    let damaged = load(folder.path()).expect_err("damaged");
    assert!(damaged.words().en.contains("the snapshot is damaged: row 2, column"), "{damaged}");
}

#[test]
fn the_summaries_of_the_towns_are_as_reviewed() {
    for name in ["chuanhui-2007", "sanya-2015-2022", "founding-article", "binjiang-2019"] {
        let (audit, heading) = (town(name), heading(name));
        for (lang, code) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
            let path =
                root("fixtures/towns").join(name).join(format!("expected/summary.{code}.txt"));
            golden(&path, &summary(&audit, &heading, lang));
        }
    }
}

#[test]
fn the_explanations_of_chosen_subjects_are_as_reviewed() {
    let chosen = [
        ("chuanhui-2007", "周商社区"),
        ("chuanhui-2007", "颍河社区"),
        ("sanya-2015-2022", "合计 面积合计"),
        ("founding-article", "某县级市"),
        ("binjiang-2019", "全区 2019 社区平均面积"),
    ];
    for (name, subject) in chosen {
        let audit = town(name);
        let text =
            [Lang::Zh, Lang::En].map(|lang| explain(&audit, subject, lang).expect("explained"));
        let file = format!("expected/explain-{}.txt", subject.replace(' ', "-"));
        golden(&root("fixtures/towns").join(name).join(file), &text.join("\n"));
    }
}

#[test]
fn an_unknown_subject_is_answered_with_the_nearest() {
    let error = explain(&town("chuanhui-2007"), "周商社", Lang::Zh).expect_err("no such subject");
    assert!(error.words().zh.contains("是否指“周商社区”"), "{error}");
}
