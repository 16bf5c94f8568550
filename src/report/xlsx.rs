//! `ledger.xlsx`: the problem ledger of a bureau: a summary, all findings, a sheet for each district.
//!
//! Which columns stand in it, in which order and under which headings, a template file may say; what
//! the bureau fills in itself (who, until when, how far) is left blank. A public variant leaves out
//! who is responsible and how to reach them, and hides what looks like a telephone or identity number.

use std::collections::{BTreeMap, BTreeSet};

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::document::{Document, Fields};
use crate::error::{Error, Result};
use crate::export::workbook::{Content, Tab, tables};
use crate::quantity::Interval;
use crate::standard::{Debtor, Force, Pack, Requirement};
use crate::words::{Lang, Words};

use super::evidence::Evidence;
use super::html::Places;
use super::sentence::{cure, finding, name};
use super::{Format, Heading, Reported};

pub const FORMAT: Format = Format {
    extension: "xlsx",
    zh: "问题台账：汇总、全部问题、分区县各一张，带筛选、合计公式和颜色",
    en: "the problem ledger: summary, all findings, a sheet for each district, with filters, totals and colours",
    write: |reported, lang| ledger(reported, &Columns::usual(), false, lang),
};

/// What a column of the ledger holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Number,
    District,
    Kind,
    Subject,
    Requirement,
    Outcome,
    Measured,
    Required,
    Shortfall,
    Unit,
    Finding,
    Cure,
    Debtor,
    Citation,
    Cells,
    Key,
    Blank,
}

/// The codes of what a column may hold, with the usual headings.
const FIELDS: &[(&str, Field, &str, &str)] = &[
    ("number", Field::Number, "序号", "no."),
    ("district", Field::District, "区县", "district"),
    ("kind", Field::Kind, "对象", "kind"),
    ("subject", Field::Subject, "名称", "name"),
    ("requirement", Field::Requirement, "问题类别", "requirement"),
    ("outcome", Field::Outcome, "结论", "verdict"),
    ("measured", Field::Measured, "测得", "measured"),
    ("required", Field::Required, "应有", "required"),
    ("shortfall", Field::Shortfall, "缺口", "short"),
    ("unit", Field::Unit, "单位", "unit"),
    ("finding", Field::Finding, "问题描述", "what was found"),
    ("cure", Field::Cure, "整改要求", "cure"),
    ("debtor", Field::Debtor, "责任方", "owed by"),
    ("citation", Field::Citation, "依据", "by"),
    ("cells", Field::Cells, "数据位置", "cells"),
    ("key", Field::Key, "问题编号", "key"),
    ("blank", Field::Blank, "", ""),
];

/// The columns of a ledger, in order, with their headings.
#[derive(Debug, Clone)]
pub struct Columns {
    all: Vec<(Field, Words)>,
    title: Option<String>,
}

impl Columns {
    /// The usual layout: what was found, then what the bureau fills in.
    pub fn usual() -> Columns {
        let own = FIELDS.iter().filter(|one| one.1 != Field::Blank && one.1 != Field::Key);
        let mut all: Vec<(Field, Words)> =
            own.map(|(_, field, zh, en)| (*field, Words::new(*zh, *en))).collect();
        let blank = [
            ("责任单位", "responsible"),
            ("责任人", "person"),
            ("联系电话", "telephone"),
            ("整改期限", "until"),
            ("整改状态", "state"),
            ("销号日期", "struck off on"),
        ];
        all.extend(blank.map(|(zh, en)| (Field::Blank, Words::new(zh, en))));
        let key = FIELDS.iter().find(|one| one.1 == Field::Key).expect("listed");
        all.push((Field::Key, Words::new(key.2, key.3)));
        Columns { all, title: None }
    }

    /// Reads a bureau's template: `[[column]]` with `field` and `heading`.
    ///
    /// # Errors
    /// [`Error::Diagnostics`] with every mistake in it.
    pub fn parse(file: &str, text: &str) -> Result<Columns> {
        let column = |fields: &Fields<'_>| {
            let codes: Vec<(&'static str, Field)> =
                FIELDS.iter().map(|(code, field, ..)| (*code, *field)).collect();
            let field = fields.need("field").and_then(|value| value.code(&codes));
            let heading = fields.text("heading");
            fields.finish();
            let field = field?;
            let usual = FIELDS.iter().find(|one| one.1 == field).expect("listed");
            let words = heading.map_or(Words::new(usual.2, usual.3), Words::same);
            Some((field, words))
        };
        Document::new(file, text).read(|fields| {
            let title = fields.text("title");
            let all: Vec<Option<(Field, Words)>> =
                fields.tables("column").iter().map(column).collect();
            if all.is_empty() {
                fields.report(Words::new("没有任何 [[column]]", "no [[column]] at all"), None);
            }
            fields.finish();
            Some(Columns { all: all.into_iter().collect::<Option<_>>()?, title })
        })
    }

    /// Without what says who is responsible and how to reach them, and where the data stand.
    fn public(&self) -> Columns {
        let private = ["人", "电话", "联系", "手机", "person", "telephone", "phone", "contact"];
        let names_somebody = |words: &Words| {
            private.iter().any(|word| words.zh.contains(word) || words.en.contains(word))
        };
        let kept = |one: &&(Field, Words)| {
            !(one.0 == Field::Cells || one.0 == Field::Blank && names_somebody(&one.1))
        };
        Columns { all: self.all.iter().filter(kept).cloned().collect(), title: self.title.clone() }
    }
}

/// Colours of verdicts that differ in lightness too, for grey prints.
const COLOURS: [(Outcome, u32); 2] =
    [(Outcome::NotMet, 0x00F4_B3AE), (Outcome::Unknown, 0x00FF_E699)];

/// One line of the ledger.
struct Line<'a> {
    one: &'a Assessment,
    pack: &'a Pack,
    requirement: &'a Requirement,
    district: String,
    cells: String,
}

/// The ledger as a workbook.
///
/// # Errors
/// When the table engine fails, which would be a defect, or a sheet holds no more rows.
pub fn ledger(
    reported: &Reported<'_>,
    columns: &Columns,
    public: bool,
    lang: Lang,
) -> Result<Vec<u8>> {
    let audit = reported.audit;
    let columns = if public { columns.public() } else { columns.clone() };
    let places = Places::of(audit, reported.heading)?;
    let lines = lines(audit, &places, lang)?;
    let title = columns.title.clone().unwrap_or_else(|| title(reported.heading, lang));
    let day = audit.question.day;
    let version = env!("CARGO_PKG_VERSION");
    let note = |rows: usize| match lang {
        Lang::Zh => format!("核查日 {day}；facility-audit {version}；共 {rows} 条"),
        Lang::En => format!("as of {day}; facility-audit {version}; {rows} in all"),
    };
    let mut tabs = vec![summary(audit, &places, &title, lang)];
    let tab = |name: &str, all: &[&Line<'_>]| {
        tab(name, &title, &note(all.len()), all, &columns, public, lang)
    };
    tabs.push(tab(lang.pick("问题台账", "ledger"), &lines.iter().collect::<Vec<_>>()));
    let mut by_district: BTreeMap<&str, Vec<&Line<'_>>> = BTreeMap::new();
    for line in lines.iter().filter(|line| !line.district.is_empty()) {
        by_district.entry(&line.district).or_default().push(line);
    }
    // One district is the whole ledger again.
    if by_district.len() > 1 {
        tabs.extend(by_district.iter().map(|(district, all)| tab(district, all)));
    }
    tables(&title, &tabs).map_err(Error::Refused)
}

fn title(heading: &Heading, lang: Lang) -> String {
    let place = heading.place_name.as_deref().unwrap_or(&heading.name);
    match lang {
        Lang::Zh => format!("{place}社区用房与配套设施问题台账"),
        Lang::En => format!("{place}: ledger of problems of community premises and facilities"),
    }
}

fn lines<'a>(audit: &'a Audit, places: &Places, lang: Lang) -> Result<Vec<Line<'a>>> {
    let mut lines = Vec::new();
    for outcome in [Outcome::NotMet, Outcome::Unknown] {
        for tally in &audit.tallies {
            let (pack, requirement) = audit.requirement(&tally.pack, &tally.requirement);
            let open: Vec<&Assessment> = audit
                .assessments
                .iter()
                .filter(|one| one.outcome == outcome)
                .filter(|one| one.pack == tally.pack && one.requirement == tally.requirement)
                .collect();
            if open.is_empty() || requirement.force == Force::Indicator {
                continue;
            }
            let subjects: Vec<&str> = open.iter().map(|one| one.subject.as_str()).collect();
            let evidence = Evidence::of(audit, requirement, Some(&subjects))?;
            for one in open {
                let cells = evidence.cells(one);
                let mut seen = BTreeSet::new();
                let addresses = cells.iter().map(|cell| cell.address.as_str());
                let addresses: Vec<&str> =
                    addresses.filter(|address| seen.insert(*address)).collect();
                lines.push(Line {
                    one,
                    pack,
                    requirement,
                    district: places.name(one).to_owned(),
                    cells: addresses.join(lang.pick("、", ", ")),
                });
            }
        }
    }
    Ok(lines)
}

fn tab(
    name: &str,
    title: &str,
    note: &str,
    lines: &[&Line<'_>],
    columns: &Columns,
    public: bool,
    lang: Lang,
) -> Tab {
    let at = |wanted: Field| columns.all.iter().position(|(field, _)| *field == wanted);
    let row = |(number, line): (usize, &&Line<'_>)| {
        let content = |(field, _): &(Field, Words)| match content(*field, number + 1, line, lang) {
            Content::Text(text) if public && *field != Field::Key => Content::Text(hidden(&text)),
            other => other,
        };
        columns.all.iter().map(content).collect()
    };
    // Amounts of one unit may be added up: one filters by requirement first.
    let units: std::collections::BTreeSet<&str> =
        lines.iter().filter_map(|line| line.one.unit).map(|unit| unit.code).collect();
    let totals = at(Field::Shortfall).filter(|_| !units.is_empty());
    let mut notes = vec![note.to_owned()];
    if totals.is_some() && units.len() > 1 {
        notes.push(
            lang.pick(
                "“缺口”的合计随筛选变化：先按“单位”筛选再看",
                "the total of what is short follows the filter: choose one unit first",
            )
            .to_owned(),
        );
    }
    Tab {
        name: name.to_owned(),
        title: title.to_owned(),
        notes,
        headings: columns.all.iter().map(|(_, words)| words.in_lang(lang).to_owned()).collect(),
        rows: lines.iter().enumerate().map(row).collect(),
        totals: totals.into_iter().collect(),
        colours: at(Field::Outcome).map_or(Vec::new(), |column| {
            COLOURS
                .map(|(outcome, colour)| (column, outcome.words().in_lang(lang).to_owned(), colour))
                .into()
        }),
        frozen: at(Field::Subject).map_or(0, |column| column as u16 + 1),
        total_label: lang.pick("合计", "total").to_owned(),
    }
}

fn content(field: Field, number: usize, line: &Line<'_>, lang: Lang) -> Content {
    let (one, requirement) = (line.one, line.requirement);
    let decimals = one.unit.map_or(2, |unit| unit.decimals);
    let amount = |value: Interval| {
        if value.is_exact() {
            Content::Number(value.low, decimals)
        } else {
            Content::Range(value.text(decimals, lang))
        }
    };
    let text =
        |text: &str| if text.is_empty() { Content::Blank } else { Content::Text(text.to_owned()) };
    match field {
        Field::Number => Content::Number(number as f64, 0),
        Field::District => text(&line.district),
        Field::Kind => {
            let table = crate::inventory::subject_table(&one.subject_kind);
            text(
                table.map_or(one.subject_kind.as_str(), |table| {
                    lang.pick(&table.zh, &one.subject_kind)
                }),
            )
        }
        Field::Subject => text(&name(one, lang)),
        Field::Requirement => text(requirement.words.in_lang(lang)),
        Field::Outcome => text(one.outcome.words().in_lang(lang)),
        Field::Measured => amount(one.measured),
        Field::Required => amount(one.required),
        Field::Shortfall => amount(one.shortfall),
        Field::Unit => text(one.unit.map_or("", |unit| lang.pick(unit.zh, unit.en))),
        Field::Finding => text(finding(one, requirement).in_lang(lang)),
        Field::Cure => text(
            cure(one, requirement)
                .map_or(String::new(), |words| words.in_lang(lang).to_owned())
                .as_str(),
        ),
        Field::Debtor => {
            let who = one.debtor.as_deref().and_then(Debtor::of).map(Debtor::words);
            text(who.map_or(String::new(), |words| words.in_lang(lang).to_owned()).as_str())
        }
        Field::Citation => text(&line.pack.cited(requirement, lang)),
        Field::Cells => text(&line.cells),
        Field::Key => text(&one.key),
        Field::Blank => Content::Blank,
    }
}

/// A text without what looks like a telephone or identity number: runs of 7 digits or more, that are
/// no part of an id of ours.
fn hidden(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    let flush = |run: &mut String, out: &mut String| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        // A mobile number has 11 digits, a landline 7 or 8 after its area code, an identity card 18 or 17
        // and an X. A day is no number of anybody.
        let is_day = run.contains('-') && run.parse::<crate::day::Day>().is_ok();
        let telling = matches!(digits, 7 | 8 | 10 | 11 | 12 | 17 | 18) && !is_day;
        out.push_str(&if telling { "*".repeat(run.chars().count()) } else { run.clone() });
        run.clear();
    };
    for c in text.chars() {
        if c.is_ascii_digit() || (c == '-' && !run.is_empty()) {
            run.push(c);
        } else {
            flush(&mut run, &mut out);
            out.push(c);
        }
    }
    flush(&mut run, &mut out);
    out
}

/// Each requirement by district: how many meet it, do not, and cannot be told.
fn summary(audit: &Audit, places: &Places, title: &str, lang: Lang) -> Tab {
    let headings = match lang {
        Lang::Zh => {
            ["要求", "区县", "达标", "不达标", "无法核查", "合计", "达标率下限", "达标率上限"]
        }
        Lang::En => [
            "requirement",
            "district",
            "met",
            "not met",
            "unknown",
            "all",
            "rate at least",
            "rate at most",
        ],
    };
    let mut rows = Vec::new();
    for tally in &audit.tallies {
        let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        if requirement.force == Force::Indicator {
            continue;
        }
        let mut by: BTreeMap<String, [usize; 3]> = BTreeMap::new();
        for one in &audit.assessments {
            let at = match one.outcome {
                _ if one.pack != tally.pack || one.requirement != tally.requirement => continue,
                Outcome::Met => 0,
                Outcome::NotMet => 1,
                Outcome::Unknown => 2,
                Outcome::NotApplicable => continue,
            };
            by.entry(places.name(one).to_owned()).or_default()[at] += 1;
        }
        for (district, counts) in by {
            let all: usize = counts.iter().sum();
            let share = |count: usize| Content::Share(count as f64 / all as f64);
            let count = |count: usize| Content::Number(count as f64, 0);
            rows.push(vec![
                Content::Text(requirement.words.in_lang(lang).to_owned()),
                if district.is_empty() { Content::Blank } else { Content::Text(district) },
                count(counts[0]),
                count(counts[1]),
                count(counts[2]),
                count(all),
                share(counts[0]),
                share(counts[0] + counts[2]),
            ]);
        }
    }
    Tab {
        name: lang.pick("汇总", "summary").to_owned(),
        title: title.to_owned(),
        notes: vec![
            lang.pick(
                "合计随筛选变化：先按“要求”筛选再看",
                "totals follow the filter: choose one requirement first",
            )
            .to_owned(),
        ],
        headings: headings.map(str::to_owned).into(),
        rows,
        totals: vec![2, 3, 4, 5],
        frozen: 1,
        total_label: lang.pick("合计", "total").to_owned(),
        ..Tab::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_reach_people_are_hidden_and_others_stay() {
        assert_eq!(
            hidden("联系 13812345678，或 0531-8888999"),
            "联系 ***********，或 ************"
        );
        assert_eq!(hidden("身份证 370102199001011234"), "身份证 ******************");
        assert_eq!(hidden("身份证 37010219900101123X"), "身份证 *****************X");
        assert_eq!(hidden("（示例〔2014〕26号，2014-04-20）"), "（示例〔2014〕26号，2014-04-20）");
        assert_eq!(
            hidden("面积 1200.55 ㎡，2023 年，第 12345 号"),
            "面积 1200.55 ㎡，2023 年，第 12345 号"
        );
    }

    #[test]
    fn a_template_chooses_columns_and_their_headings() {
        let text = "title = \"问题清单\"\n[[column]]\nfield = \"subject\"\nheading = \"小区名称\"\n[[column]]\nfield = \"blank\"\nheading = \"责任人\"\n";
        let columns = Columns::parse("t.toml", text).expect("a template");
        let named: Vec<&str> = columns.all.iter().map(|(_, words)| words.zh.as_str()).collect();
        assert_eq!(named, ["小区名称", "责任人"]);
        assert_eq!(columns.public().all.len(), 1);
        let wrong =
            Columns::parse("t.toml", "[[column]]\nfield = \"name\"\n").expect_err("no such field");
        assert!(wrong.words().en.contains("unknown value `name`"), "{wrong}");
    }
}
