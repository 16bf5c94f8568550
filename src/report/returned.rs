//! What goes back to the sender: their own workbook, with the cells that need another look coloured
//! and the reasons beside them.

use std::collections::{BTreeMap, BTreeSet};

use crate::assessment::Outcome;
use crate::audit::Audit;
use crate::export::workbook::{Annotation, Mark, Severity, annotate, copy};
use crate::inventory::{DoubtKind, Reason};
use crate::layer::Grid;
use crate::origin::Source;
use crate::standard::Force;
use crate::words::{Lang, Words};

use super::reading::field_name;
use super::sentence::{finding, name};

/// What is to be said of the rows of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Returned {
    /// The file's name.
    pub file: String,
    /// The path it was read from.
    pub path: String,
    /// Its SHA-256.
    pub sha256: String,
    /// What is to be said, sheet by sheet.
    pub marks: Vec<Mark>,
    /// The row of the headings of each sheet, from 1; of several the last.
    pub header_rows: BTreeMap<String, u32>,
}

/// What is to be said of the tables that were read; layers have no sheets to write on.
pub fn returned(audit: &Audit, lang: Lang) -> Vec<Returned> {
    let mut files: BTreeMap<&str, Returned> = BTreeMap::new();
    let inventory = &audit.inventory;
    for (source, account) in inventory.sources.iter().zip(&inventory.accounts) {
        if !source.names.is_empty() {
            continue;
        }
        let one = files.entry(&source.sha256).or_insert_with(|| Returned {
            file: source.file.clone(),
            path: source.path.clone(),
            sha256: source.sha256.clone(),
            marks: Vec::new(),
            header_rows: BTreeMap::new(),
        });
        let sheet = source.sheet.clone().unwrap_or_default();
        if let Some([_, last]) = source.header {
            one.header_rows.insert(sheet.clone(), last);
        }
        let mut mark = |row: u32, field: Option<&str>, text: String, severity: Severity| {
            let column = field.and_then(|field| source.columns.get(field)).copied();
            one.marks.push(Mark { sheet: sheet.clone(), row, column, text, severity });
        };
        for aside in account.set_aside.iter().filter(|_| source.beside.is_none()) {
            let severity = match aside.reason {
                Reason::Incomplete | Reason::Conflict => Severity::Error,
                Reason::Beyond => Severity::Warning,
                Reason::Duplicate => Severity::Note,
                _ => continue,
            };
            mark(aside.row, None, aside.words.in_lang(lang).to_owned(), severity);
        }
        for aside in account.set_aside.iter().filter(|_| source.beside.is_some()) {
            if aside.reason == Reason::Conflict {
                mark(aside.row, None, aside.words.in_lang(lang).to_owned(), Severity::Error);
            }
        }
        for bad in &account.unreadable {
            let name = field_name(source, &bad.field);
            let text = match lang {
                Lang::Zh => {
                    format!("{}“{}”无法识别；可填：{}", name.zh, bad.found, bad.accepted.zh)
                }
                Lang::En => {
                    format!(
                        "{} `{}` cannot be read; accepted: {}",
                        name.en, bad.found, bad.accepted.en
                    )
                }
            };
            mark(bad.row, Some(&bad.field), text, Severity::Error);
        }
        for row in &account.unlinked {
            mark(*row, belongs(source), unlinked().in_lang(lang).to_owned(), Severity::Error);
        }
        for doubt in &account.doubts {
            let severity = match doubt.kind {
                DoubtKind::Total => Severity::Error,
                DoubtKind::Outlier | DoubtKind::Remark => Severity::Warning,
            };
            mark(doubt.row, Some(&doubt.field), doubt.words.in_lang(lang).to_owned(), severity);
        }
    }
    add_findings(audit, lang, &mut files);
    let mut all: Vec<Returned> = files.into_values().collect();
    for one in &mut all {
        // One row read for several tables may say one thing twice.
        let mut seen = BTreeSet::new();
        one.marks.sort_by(|a, b| {
            (&a.sheet, a.row, a.severity, a.column, &a.text)
                .cmp(&(&b.sheet, b.row, b.severity, b.column, &b.text))
        });
        one.marks.retain(|mark| {
            seen.insert((mark.sheet.clone(), mark.row, mark.column, mark.text.clone()))
        });
    }
    all.sort_by(|a, b| (&a.file, &a.sha256).cmp(&(&b.file, &b.sha256)));
    all
}

/// The column that says what a row belongs to.
fn belongs(source: &Source) -> Option<&str> {
    let table = crate::inventory::table(&source.table)?;
    let fed = |field: &&String| source.columns.contains_key(*field);
    table.belongs_to.iter().find(fed).map(String::as_str)
}

fn unlinked() -> Words {
    Words::new(
        "未能关联：名单中没有这个名称，请核对写法，或补报名单",
        "belongs to nothing known: check how the name is written, or send the list",
    )
}

/// What was found of the subjects, beside the row that lists each of them.
fn add_findings(audit: &Audit, lang: Lang, files: &mut BTreeMap<&str, Returned>) {
    for one in &audit.assessments {
        let (pack, requirement) = audit.requirement(&one.pack, &one.requirement);
        let severity = match one.outcome {
            Outcome::NotMet => Severity::Error,
            Outcome::Unknown => Severity::Warning,
            Outcome::Met | Outcome::NotApplicable => continue,
        };
        let of_data = requirement.measure.check == "data_quality";
        if of_data || requirement.force == Force::Indicator {
            continue;
        }
        let (Some(source), Some(row)) = (one.source, one.row) else { continue };
        let Some(source) = audit.inventory.sources.get(source as usize) else { continue };
        let Some(file) = files.get_mut(source.sha256.as_str()) else { continue };
        let citation = pack.number.as_deref().unwrap_or(&pack.id);
        let text = format!(
            "{} {}：{}（{citation}）",
            name(one, lang),
            requirement.words.in_lang(lang),
            finding(one, requirement).in_lang(lang)
        );
        let sheet = source.sheet.clone().unwrap_or_default();
        file.marks.push(Mark { sheet, row, column: None, text, severity });
    }
}

impl Returned {
    /// The annotated copy: of a workbook its own file, of other files their cells in a new one.
    ///
    /// # Errors
    /// What hinders, in both languages, such as a damaged workbook.
    pub fn workbook(
        &self,
        format: &str,
        bytes: &[u8],
        grids: &[Grid],
        lang: Lang,
    ) -> Result<Vec<u8>, Words> {
        let style = Annotation {
            heading: lang.pick("核对意见", "to be checked").to_owned(),
            header_rows: self.header_rows.clone(),
            note: lang
                .pick(
                    "红：须改正　黄：请核对　蓝：提示",
                    "red: put right · amber: look again · blue: note",
                )
                .to_owned(),
        };
        match format {
            "xlsx" => annotate(bytes, &self.marks, &style),
            _ => copy(grids, &self.marks, &style),
        }
    }
}
