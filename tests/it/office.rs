//! Awkward office files: each is read as its expectation, worked out by hand, says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use facility_audit::Project;
use facility_audit::inventory::{Account, DoubtKind, Gathering, Reason, tables};
use facility_audit::mapping::{Input, apply, guess};
use facility_audit::origin::Source;
use facility_audit::source::read;
use polars::prelude::{AnyValue, DataFrame};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::support::{files, printed, root, run_in};

#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Expected {
    zh: String,
    en: String,
    sheet: Vec<Sheet>,
    value: Vec<Value>,
    unreadable: Vec<Place>,
    total: Vec<Total>,
    outlier: Vec<Outlier>,
    proposal: Vec<Proposal>,
    note: Vec<Note>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Sheet {
    name: Option<String>,
    header: Option<[u32; 2]>,
    tables: Vec<String>,
    read: Option<usize>,
    blank: usize,
    total: usize,
    footer: usize,
    incomplete: usize,
    duplicate: usize,
    conflict: usize,
    band: usize,
    header_again: usize,
}

#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Value {
    sheet: Option<String>,
    row: u32,
    table: String,
    field: String,
    #[serde(rename = "where")]
    which: BTreeMap<String, String>,
    low: Option<toml::Value>,
    high: Option<toml::Value>,
    text: Option<String>,
    date: Option<String>,
    flag: Option<bool>,
    never: bool,
    unknown: bool,
}

#[derive(Debug, Deserialize, PartialEq, PartialOrd)]
struct Place {
    sheet: Option<String>,
    row: u32,
    field: String,
}

#[derive(Debug, Deserialize)]
struct Total {
    sheet: Option<String>,
    row: u32,
    field: String,
    printed: f64,
    summed: f64,
}

#[derive(Debug, Deserialize)]
struct Outlier {
    sheet: Option<String>,
    row: u32,
    field: String,
    times: f64,
}

#[derive(Debug, Deserialize)]
struct Proposal {
    sheet: Option<String>,
    row: u32,
    field: String,
    code: String,
}

#[derive(Debug, Deserialize)]
struct Note {
    #[allow(dead_code)]
    sheet: Option<String>,
    contains: String,
}

/// What reading one file gave.
struct Found {
    sources: Vec<Source>,
    accounts: Vec<Account>,
    frames: BTreeMap<&'static str, DataFrame>,
    ties: BTreeMap<usize, (u32, u32)>,
}

fn found(path: &Path) -> Result<Found, String> {
    let file = read(path, None).map_err(|error| error.to_string())?;
    let mut gathering = Gathering::default();
    for grid in file.grids.iter().filter(|grid| !grid.hidden) {
        let Some(guess) = guess(grid, None) else { continue };
        let input = Input { file: &file.name, path: "", sha256: &file.sha256, grid, crs: None };
        apply(&guess.mappings, input, &mut gathering);
    }
    let sources = gathering.sources().to_vec();
    let accounts = (0..sources.len()).map(|at| gathering.account(at as u32).clone()).collect();
    let mut ties = BTreeMap::new();
    let events = gathering.rows("events");
    for (row, tie) in events.take_ties() {
        ties.insert(row, (tie.source, tie.row));
    }
    let mut frames = BTreeMap::new();
    for table in tables() {
        let rows = std::mem::replace(
            gathering.rows(&table.name),
            facility_audit::inventory::Rows::new(table),
        );
        frames.insert(table.name.as_str(), rows.into_frame().expect("a frame"));
    }
    Ok(Found { sources, accounts, frames, ties })
}

impl Found {
    /// The sources of a sheet that feed a table.
    fn sources<'a>(
        &'a self,
        sheet: &'a Option<String>,
        table: &'a str,
    ) -> impl Iterator<Item = usize> + 'a {
        let fits = move |source: &&(usize, &Source)| {
            (sheet.is_none() || source.1.sheet == *sheet) && source.1.table == table
        };
        let all: Vec<(usize, &Source)> = self.sources.iter().enumerate().collect();
        all.iter().filter(fits).map(|(at, _)| *at).collect::<Vec<_>>().into_iter()
    }

    fn cell(&self, table: &str, row: usize, column: &str) -> AnyValue<'_> {
        self.frames[table]
            .column(column)
            .and_then(|column| column.get(row))
            .unwrap_or(AnyValue::Null)
    }

    fn text(&self, table: &str, row: usize, column: &str) -> Option<String> {
        match self.cell(table, row, column) {
            AnyValue::String(text) => Some(text.to_owned()),
            AnyValue::StringOwned(text) => Some(text.to_string()),
            _ => None,
        }
    }

    fn number(&self, table: &str, row: usize, column: &str) -> Option<f64> {
        self.cell(table, row, column).extract()
    }

    /// The rows of a table that a row of a sheet gave.
    fn rows(&self, value: &Value) -> Vec<usize> {
        let sources: Vec<usize> = self.sources(&value.sheet, &value.table).collect();
        let frame = &self.frames[value.table.as_str()];
        let of_row = |row: &usize| {
            let source: Option<usize> =
                self.number(&value.table, *row, "_source").map(|n| n as usize);
            let number = self.number(&value.table, *row, "_row").map(|n| n as u32);
            source.is_some_and(|source| sources.contains(&source)) && number == Some(value.row)
        };
        let fits = |row: &usize| {
            value.which.iter().all(|(field, wanted)| match (value.table.as_str(), field.as_str()) {
                ("events", "category") => self.category_of(*row).as_deref() == Some(wanted),
                (table, _) => self.text(table, *row, field).as_deref() == Some(wanted),
            })
        };
        (0..frame.height()).filter(of_row).filter(fits).collect()
    }

    /// The class of the facility an event happened to.
    fn category_of(&self, row: usize) -> Option<String> {
        let (source, number) = self.ties.get(&row)?;
        let facilities = &self.frames["facilities"];
        let is_it = |row: &usize| {
            self.number("facilities", *row, "_source") == Some(f64::from(*source))
                && self.number("facilities", *row, "_row") == Some(f64::from(*number))
        };
        let facility = (0..facilities.height()).find(is_it)?;
        self.text("facilities", facility, "category")
    }

    /// What is wrong with one value, if anything.
    fn check(&self, value: &Value) -> Option<String> {
        let rows = self.rows(value);
        let Value { table, field, .. } = value;
        let at = format!("{:?} row {} {table}.{field}", value.sheet, value.row);
        let Some(&row) = rows.first() else {
            return (!value.unknown).then(|| format!("{at}: no such row"));
        };
        let low = self.number(table, row, &format!("{field}_low"));
        let high = self.number(table, row, &format!("{field}_high"));
        let text = self.text(table, row, field);
        let precision = self.text(table, row, &format!("{field}_precision"));
        let shown = format!("{low:?}–{high:?} {text:?} {precision:?}");
        let bound = |value: &Option<toml::Value>| match value {
            Some(toml::Value::Integer(number)) => Some(*number as f64),
            Some(toml::Value::Float(number)) => Some(*number),
            Some(toml::Value::String(_)) => Some(f64::INFINITY),
            _ => None,
        };
        let near = |found: Option<f64>, wanted: f64| {
            found.is_some_and(|found| {
                found == wanted || (found - wanted).abs() <= 0.005 + 1e-9 * wanted
            })
        };
        let plain = |text: &str| -> String {
            let text: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
            text.trim_start_matches('\'').to_owned()
        };
        let sound = if let (Some(least), Some(most)) = (bound(&value.low), bound(&value.high)) {
            near(low, least) && near(high, most)
        } else if let Some(wanted) = &value.text {
            text.as_deref().map(plain) == Some(plain(wanted))
        } else if let Some(wanted) = &value.date {
            text.as_deref() == Some(wanted)
        } else if let Some(wanted) = value.flag {
            self.cell(table, row, field) == AnyValue::Boolean(wanted)
        } else if value.never {
            precision.as_deref() == Some("never")
        } else if value.unknown {
            match (low, high) {
                (Some(low), Some(high)) => low == 0.0 && high.is_infinite(),
                _ => text.is_none() && precision.as_deref() != Some("never"),
            }
        } else {
            false
        };
        (!sound).then(|| format!("{at}: {shown}, expected {value:?}"))
    }
}

fn faults(path: &Path, expected: &Expected) -> Vec<String> {
    let found = match found(path) {
        Ok(found) => found,
        Err(error) => return vec![error],
    };
    let mut faults = Vec::new();
    for sheet in &expected.sheet {
        faults.extend(sheet_faults(&found, sheet));
    }
    faults.extend(expected.value.iter().filter_map(|value| found.check(value)));
    let both = || found.sources.iter().zip(&found.accounts);
    let name = |source: &Source| source.sheet.clone();
    let list = |mut all: Vec<String>| {
        all.sort();
        all.dedup();
        all
    };
    let alone = expected.sheet.len() < 2 && expected.sheet.iter().all(|sheet| sheet.name.is_none());
    let of = |sheet: &Option<String>| if alone { String::new() } else { format!("{sheet:?} ") };
    let mut compare = |what: &str, found: Vec<String>, wanted: Vec<String>| {
        let (found, wanted) = (list(found), list(wanted));
        if found != wanted {
            faults.push(format!("{what}: {found:#?}, expected {wanted:#?}"));
        }
    };
    compare(
        "unreadable",
        both()
            .flat_map(|(source, account)| {
                let sheet = name(source);
                let dated = source.table == "events";
                account.unreadable.iter().map(move |bad| {
                    // A day of a stage is the date of an event.
                    let field = if dated { "date" } else { bad.field.as_str() };
                    format!("{}{} {field}", of(&sheet), bad.row)
                })
            })
            .collect(),
        expected
            .unreadable
            .iter()
            .map(|one| format!("{}{} {}", of(&one.sheet), one.row, one.field))
            .collect(),
    );
    let doubts = |kind: DoubtKind| -> Vec<(Option<String>, facility_audit::inventory::Doubt)> {
        let all = both().flat_map(|(source, account)| {
            let sheet = name(source);
            account.doubts_of(kind).map(move |doubt| (sheet.clone(), doubt.clone()))
        });
        all.collect()
    };
    let number = |value: f64| format!("{value:.2}");
    compare(
        "totals",
        doubts(DoubtKind::Total)
            .iter()
            .map(|(sheet, one)| {
                let [found, sum] =
                    [one.found, one.expected].map(|value| number(value.unwrap_or(-1.0)));
                format!("{}{} {} {found} {sum}", of(sheet), one.row, one.field)
            })
            .collect(),
        expected
            .total
            .iter()
            .map(|one| {
                let [found, sum] = [one.printed, one.summed].map(number);
                format!("{}{} {} {found} {sum}", of(&one.sheet), one.row, one.field)
            })
            .collect(),
    );
    compare(
        "outliers",
        doubts(DoubtKind::Outlier)
            .iter()
            .map(|(sheet, one)| {
                let times = one.found.unwrap_or(0.0) / one.expected.unwrap_or(1.0);
                format!("{}{} {} {times:.4}", of(sheet), one.row, one.field)
            })
            .collect(),
        expected
            .outlier
            .iter()
            .map(|one| format!("{}{} {} {:.4}", of(&one.sheet), one.row, one.field, one.times))
            .collect(),
    );
    compare(
        "proposals",
        doubts(DoubtKind::Remark)
            .iter()
            .map(|(sheet, one)| {
                let code = one.code.as_deref().unwrap_or_default();
                format!("{}{} {} {code}", of(sheet), one.row, one.field)
            })
            .collect(),
        expected
            .proposal
            .iter()
            .map(|one| format!("{}{} {} {}", of(&one.sheet), one.row, one.field, one.code))
            .collect(),
    );
    if !expected.note.is_empty() {
        let folder = path.parent().expect("a folder");
        let file = path.file_name().expect("a name").to_string_lossy();
        let text = printed(&run_in(folder, &["inspect", &file]));
        for note in expected.note.iter().filter(|note| !text.contains(&note.contains)) {
            faults.push(format!("no note says `{}`", note.contains));
        }
    }
    faults
}

fn sheet_faults(found: &Found, sheet: &Sheet) -> Vec<String> {
    let mut faults = Vec::new();
    let of_sheet = || {
        let all = found.sources.iter().zip(&found.accounts);
        all.filter(|(source, _)| sheet.name.is_none() || source.sheet == sheet.name)
    };
    let mut tables: Vec<&str> = of_sheet().map(|(source, _)| source.table.as_str()).collect();
    tables.sort_unstable();
    tables.dedup();
    let name = &sheet.name;
    if tables != sheet.tables {
        faults.push(format!("{name:?}: feeds {tables:?}, expected {:?}", sheet.tables));
    }
    let Some((source, account)) = of_sheet().find(|(source, _)| source.beside.is_none()) else {
        return faults;
    };
    if sheet.header.is_some() && source.header != sheet.header {
        faults.push(format!(
            "{name:?}: headings in {:?}, expected {:?}",
            source.header, sheet.header
        ));
    }
    let Some(read) = sheet.read else { return faults };
    if account.read != read {
        faults.push(format!("{name:?}: {} rows, expected {read}", account.read));
    }
    for (reason, wanted) in [
        (Reason::Blank, sheet.blank),
        (Reason::Total, sheet.total),
        (Reason::Footer, sheet.footer),
        (Reason::Incomplete, sheet.incomplete),
        (Reason::Duplicate, sheet.duplicate),
        (Reason::Conflict, sheet.conflict),
        (Reason::Band, sheet.band),
        (Reason::Header, sheet.header_again),
    ] {
        let aside = account.set_aside_for(reason);
        let is_late = matches!(reason, Reason::Duplicate | Reason::Conflict);
        if aside != wanted && !is_late {
            faults.push(format!("{name:?}: {reason:?} {aside}, expected {wanted}"));
        }
    }
    faults
}

fn expectations() -> Vec<(PathBuf, Expected)> {
    let folder = root("fixtures/formats/office/traps");
    let all = files(&folder, "toml").into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).expect("read");
        let expected: Expected =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(!expected.zh.is_empty() && !expected.en.is_empty(), "{}", path.display());
        let file = path.display().to_string().replace(".expected.toml", "");
        (PathBuf::from(file), expected)
    });
    all.collect()
}

#[test]
fn every_awkward_office_file_is_read_as_its_expectation_says() {
    let all = expectations();
    assert!(all.len() >= 40, "{}", all.len());
    let mut faulty = Vec::new();
    for (path, expected) in &all {
        let faults = faults(path, expected);
        if !faults.is_empty() {
            let name = path.file_name().expect("a name").to_string_lossy();
            faulty.push(format!("{name}\n  {}", faults.join("\n  ")));
        }
    }
    assert!(faulty.is_empty(), "{} of {}:\n{}", faulty.len(), all.len(), faulty.join("\n"));
}

#[test]
fn one_table_in_every_office_format_gives_one_audit() {
    let folder = root("fixtures/formats/office/same");
    let mut books: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|end| end != "toml"))
        .collect();
    books.sort();
    let formats: Vec<String> = books
        .iter()
        .map(|path| path.extension().expect("an ending").to_string_lossy().into_owned())
        .collect();
    assert_eq!(formats, ["csv", "docx", "ods", "xls", "xlsb", "xlsx"]);
    let answers = |path: &Path| -> Vec<String> {
        let mut project = Project::of_files(&[path.to_owned()]).expect("read");
        project.place = facility_audit::place::Place::parse("320102").expect("a code");
        project.day = "2023-06-30".parse().expect("a day");
        project.packs.push("jiangsu-2011-community".to_owned());
        let audit = project.audit().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let about = audit.assessments.iter().filter(|one| one.subject_kind != "input");
        let said = |one: &facility_audit::assessment::Assessment| {
            format!("{} {:?} {:?} {:?}", one.key, one.outcome, one.measured, one.because)
        };
        about.map(said).collect()
    };
    let expected = answers(&folder.join("社区用房.xlsx"));
    assert!(expected.len() >= 8, "{expected:#?}");
    for book in &books {
        assert_eq!(answers(book), expected, "{}", book.display());
    }
    let text = std::fs::read_to_string(folder.join("expected.toml")).expect("read");
    let expectation: Expected = toml::from_str(&text).expect("an expectation");
    for book in &books {
        let faults = faults(book, &expectation);
        assert!(faults.is_empty(), "{}:\n{}", book.display(), faults.join("\n"));
    }
}

/// Sixty square metres for every hundred households, made up.
const RULE: &str = "id = \"shifan-2014-1\"\ntitle = \"示范市社区用房管理办法\"\nnumber = \"示政发〔2014〕1号\"\n\
    issuer = \"示范市人民政府\"\nplace = \"370100\"\nstatus = \"in_force\"\nissued = 2014-05-26\n\
    from = 2014-05-26\nchecked = 2026-11-23\nevidence = \"official\"\n\n[[require]]\nid = \"rooms\"\n\
    zh = \"小区社区用房\"\nen = \"community rooms of estates\"\ntopic = \"rooms\"\nsubject = \"estate\"\n\
    measure = \"area\"\ncounts = { category = \"community-rooms\" }\n\
    at_least = { per = \"100 households_planned\", rate = 60 }\nround = \"none\"\nforce = \"shall\"\n\
    debtor = \"developer\"\n";

#[test]
fn an_inspector_s_first_screens_say_what_was_read_and_what_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = "全市新建小区配套移交台账.xlsx";
    let ledger = root("fixtures/formats/office/traps").join(name);
    std::fs::copy(ledger, folder.path().join(name)).expect("copied");
    std::fs::write(folder.path().join("rule.toml"), RULE).expect("written");
    let seen = printed(&run_in(folder.path(), &["inspect", name]));
    for line in [
        "读取：3 张表，50 行 = 数据 41 + 合计行 3 + 空行 3 + 表尾说明 3",
        "表头在第 3–4 行；把握 高",
        "同一行还读出：住宅小区、事件",
        "开发区!G5:G14 台账所列应配面积 8 个：按表头单位换算 ×666.67",
        "城东!J5:J22 竣工验收日期 12 个：缺日，按年月理解",
        "城西!F19 写 18,420，逐行相加 18,240，差 180",
    ] {
        assert!(seen.contains(line), "{line}\n{seen}");
    }
    let args = ["audit", name, "--place", "370100", "--pack", "rule.toml"];
    let rest = ["--as-of", "2023-06-30", "--out", "结果"];
    let told = printed(&run_in(folder.path(), &[&args[..], &rest[..]].concat()));
    for line in [
        "读取：3 张表，50 行 = 数据 41 + 合计行 3 + 空行 3 + 表尾说明 3",
        "合计核对：\n  城西!F19 写 18,420，逐行相加 18,240，差 180",
        "小区社区用房    19       8       0        14",
        "小区社区用房 无法核查 14：",
        "幸福里一期  已移交面积 512 ㎡，应不少于 840 ㎡：不达标，差 328 ㎡",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    let why = printed(&run_in(folder.path(), &["explain", "结果", "幸福里一期"]));
    for line in [
        "全市新建小区配套移交台账.xlsx!城东!D21  规划户数 1,400 户",
        "全市新建小区配套移交台账.xlsx!城东!H21  移交面积 512 ㎡",
        "规划户数 1,400 户 ÷ 100 × 60 = 840 ㎡",
    ] {
        assert!(why.contains(line), "{line}\n{why}");
    }
}
