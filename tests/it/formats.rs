//! The same ledger gives the same audit in every format and encoding.

use std::path::Path;

use facility_audit::Project;
use facility_audit::audit::Audit;
use rust_xlsxwriter::Workbook;

use crate::support::{files, root};

/// What an audit says, without where it was read from.
fn answers(audit: &Audit) -> Vec<String> {
    let about_subjects = audit.assessments.iter().filter(|one| one.subject_kind != "input");
    about_subjects
        .map(|one| format!("{} {:?} {:?} {:?}", one.key, one.outcome, one.measured, one.because))
        .collect()
}

fn audit(path: &Path) -> Audit {
    let mut project = Project::of_files(&[path.to_owned()]).expect("read");
    project.packs.push("jiangsu-2011-community".to_owned());
    project.place = facility_audit::place::Place::parse("320102").expect("a code");
    project.audit().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn one_ledger_in_every_encoding_and_separator_gives_one_audit() {
    let folder = root("fixtures/formats/csv");
    let mut ledgers = files(&folder, "csv");
    ledgers.extend(files(&folder, "tsv"));
    assert!(ledgers.len() >= 8, "{ledgers:?}");
    let expected = answers(&audit(&folder.join("utf8-bom.csv")));
    assert!(expected.len() >= 8, "{expected:#?}");
    for ledger in ledgers {
        assert_eq!(answers(&audit(&ledger)), expected, "{}", ledger.display());
    }
}

#[test]
fn a_workbook_gives_the_audit_of_its_csv() {
    let csv = root("fixtures/formats/csv/utf8-bom.csv");
    let text = std::fs::read_to_string(&csv).expect("read");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            let (row, column) = (row as u32, column as u16);
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(row, column, number).map(drop),
                Err(_) => sheet.write(row, column, cell.trim_matches('"')).map(drop),
            }
            .expect("written");
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("台账.xlsx");
    book.save(&path).expect("saved");
    assert_eq!(answers(&audit(&path)), answers(&audit(&csv)));
}
