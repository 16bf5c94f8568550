//! What several tests need.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use calamine::{Data, Reader, Xlsx};
use facility_audit::Project;
use facility_audit::audit::Audit;

/// A path in the repository.
pub fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The audit of a town among the fixtures.
pub fn town(name: &str) -> Audit {
    let path = root("fixtures/towns").join(name).join("project.toml");
    Project::open(path).and_then(|project| project.audit()).expect("the town is audited")
}

/// Runs the program in a folder, in Chinese unless the arguments say otherwise.
pub fn run_in(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_facility-audit"))
        .args(args)
        .current_dir(folder)
        .env_remove("LANGUAGE")
        .env("LC_ALL", "zh_CN.UTF-8")
        .output()
        .expect("the program starts")
}

/// What a run printed, as text.
pub fn printed(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    text + &String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// The subfolders of a folder, sorted.
pub fn folders(path: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(path)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir())
        .collect();
    all.sort();
    all
}

/// The files below a folder with an ending, sorted.
pub fn files(path: &Path, extension: &str) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut waiting = vec![path.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

/// Compares a generated text with its file; `BLESS=1` rewrites the file instead.
pub fn golden(path: &Path, text: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
        return;
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let name = path.display();
    assert!(kept == text, "{name} is not current; BLESS=1 cargo test rewrites it. Now:\n{text}");
}

/// The sheets of a workbook, by name: the cells of each row.
pub fn sheets(path: &Path) -> BTreeMap<String, Vec<Vec<Data>>> {
    let mut book: Xlsx<_> = calamine::open_workbook(path).expect("a workbook");
    let names = book.sheet_names();
    let rows = |name: &String| {
        let range = book.worksheet_range(name).expect("a sheet");
        (name.clone(), range.rows().map(<[Data]>::to_vec).collect())
    };
    names.iter().map(rows).collect()
}
