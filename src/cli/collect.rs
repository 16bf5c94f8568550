//! `collect`: returned copies of one form become one inventory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use facility_audit::Project;
use facility_audit::export::workbook::{Annotation, copy};
use facility_audit::inventory::{Inventory, Reason};
use facility_audit::layer::Grid;
use facility_audit::mapping::{Guess, folded, guess};
use facility_audit::project::InputSpec;
use facility_audit::report::{Grid as Table, replace};
use facility_audit::source::{ReadFile, read};
use facility_audit::words::Lang;
use facility_audit::{Error, report};

use super::Verdict;
use super::language::say;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(required = true, value_name = "FILE", help = say("各单位填回的登记表", "the returned workbooks"))]
    files: Vec<PathBuf>,
    #[arg(long, value_name = "NAMES|FILE", help = say("应报单位：以逗号分隔，或一行一个的文本文件", "who should have sent one: separated by commas, or a text file with one a line"))]
    senders: Option<String>,
    #[arg(long, value_name = "DIR", default_value = "收表", help = say("写到这个文件夹", "where to write"))]
    out: PathBuf,
}

/// One sheet of one returned file.
struct Returned {
    file: String,
    sheet: Option<String>,
    sender: String,
    said: bool,
    table: &'static str,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    let mut all = Vec::new();
    for path in &args.files {
        all.extend(returned(path)?);
    }
    let here = std::env::current_dir()?;
    let spec = |path: &PathBuf| InputSpec { file: here.join(path), ..InputSpec::default() };
    let project = Project::of_inputs(args.files.iter().map(spec).collect())?;
    let inventory = project.inventory()?;
    super::print(&listed(&all, &inventory, lang))?;
    super::print(&forms(&all, lang))?;
    super::print(&repeated(&inventory, lang))?;
    if let Some(wanted) = &args.senders {
        super::print(&missing(&all, &expected(wanted)?, lang))?;
    }
    let book = args.out.join("汇总.xlsx");
    replace(&book, &merged(&all).map_err(Error::Refused)?)?;
    let file = args.out.join("project.toml");
    replace(&file, project_file(&args.files, &here).as_bytes())?;
    for path in [book, file] {
        super::print(&format!("{}{}\n", say("已写：", "written: "), path.display()))?;
    }
    Ok(Verdict::Fine)
}

/// The sheets of a file that can be read, with who filled them in.
fn returned(path: &Path) -> anyhow::Result<Vec<Returned>> {
    let file = read(path, None)?;
    let sheets = file.grids.iter().filter(|grid| !grid.hidden);
    let found: Vec<Returned> =
        sheets.filter_map(|grid| Some(of_grid(path, &file, grid, &guess(grid, None)?))).collect();
    if found.is_empty() {
        let name = &file.name;
        return Err(Error::refused(
            format!("{name}：没有可识别的表头；请用 template 发出的登记表"),
            format!("{name}: no heading is known; use a form made by template"),
        )
        .into());
    }
    Ok(found)
}

fn of_grid(path: &Path, file: &ReadFile, grid: &Grid, guess: &Guess) -> Returned {
    let header = guess.header();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let row = |row: usize| -> Vec<String> {
        (0..grid.columns()).map(|column| grid.cell(row, column).to_owned()).collect()
    };
    let rows = (header.last + 1..grid.rows()).filter(|&row| !grid.is_blank(row));
    Returned {
        file: file.name.clone(),
        sheet: grid.sheet.clone(),
        sender: guess.title.sender.clone().or(stem).unwrap_or_default(),
        said: guess.title.sender.is_some(),
        table: &guess.mapping().table.name,
        header: (0..grid.columns()).map(|column| header.text(column)).collect(),
        rows: rows.map(row).collect(),
    }
}

/// What each sender sent, and what is wrong with it.
fn listed(all: &[Returned], inventory: &Inventory, lang: Lang) -> String {
    let headings = match lang {
        Lang::Zh => {
            ["填报单位", "文件", "表", "行", "可用", "重复", "矛盾", "缺必填项", "读不出的格"]
        }
        Lang::En => [
            "sender",
            "file",
            "table",
            "rows",
            "usable",
            "repeated",
            "contradicting",
            "incomplete",
            "unreadable cells",
        ],
    };
    let mut table = Table::new(headings).right(3..9);
    for one in all {
        let of_it = inventory.sources.iter().zip(&inventory.accounts).find(|(source, _)| {
            source.file == one.file && source.sheet == one.sheet && source.beside.is_none()
        });
        let Some((_, account)) = of_it else { continue };
        let aside = |reason| account.set_aside_for(reason).to_string();
        let sender = match one.said {
            true => one.sender.clone(),
            false => format!("{}{}", one.sender, say("（按文件名）", " (by the file's name)")),
        };
        table.row([
            sender,
            one.file.clone(),
            one.table.to_owned(),
            account.read.to_string(),
            (account.used + account.unlinked.len()).to_string(),
            aside(Reason::Duplicate),
            aside(Reason::Conflict),
            aside(Reason::Incomplete),
            account.unreadable.len().to_string(),
        ]);
    }
    table.lines()
}

/// Sheets that are not of the form most others are of, and senders that sent several.
fn forms(all: &[Returned], lang: Lang) -> String {
    let mut counts: BTreeMap<&Vec<String>, usize> = BTreeMap::new();
    all.iter().for_each(|one| *counts.entry(&one.header).or_default() += 1);
    let most = counts.iter().max_by_key(|(_, count)| **count).map(|(header, _)| *header);
    let mut text = String::new();
    for one in all.iter().filter(|one| most.is_some_and(|most| one.header != *most)) {
        let most = most.expect("just asked");
        let lacks: Vec<&str> = most
            .iter()
            .filter(|heading| !one.header.contains(heading))
            .map(String::as_str)
            .collect();
        let more: Vec<&str> = one
            .header
            .iter()
            .filter(|heading| !most.contains(heading))
            .map(String::as_str)
            .collect();
        text += &match lang {
            Lang::Zh => format!(
                "与其他表不是同一张登记表：{}（缺：{}；多：{}）\n",
                one.file,
                lacks.join("、"),
                more.join("、")
            ),
            Lang::En => format!(
                "not the same form as the others: {} (lacks: {}; has: {})\n",
                one.file,
                lacks.join(", "),
                more.join(", ")
            ),
        };
    }
    let mut senders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    all.iter().for_each(|one| senders.entry(&one.sender).or_default().push(&one.file));
    for (sender, files) in senders {
        let files: BTreeSet<&str> = files.into_iter().collect();
        if files.len() > 1 {
            let files: Vec<&str> = files.into_iter().collect();
            text += &format!(
                "{}{sender}：{}\n",
                say("报了几份：", "sent several: "),
                files.join(say("、", ", "))
            );
        }
    }
    text
}

/// Rows that repeat or contradict one another, with both places.
fn repeated(inventory: &Inventory, lang: Lang) -> String {
    let mut text = String::new();
    for (reason, heading) in [
        (Reason::Conflict, say("互相矛盾的行：\n", "rows that contradict each other:\n")),
        (Reason::Duplicate, say("重复的行：\n", "repeated rows:\n")),
    ] {
        let mut lines = Vec::new();
        for (source, account) in inventory.sources.iter().zip(&inventory.accounts) {
            for one in account.set_aside.iter().filter(|one| one.reason == reason) {
                lines.push(format!(
                    "  {}  {}\n",
                    source.cell("", one.row),
                    one.words.in_lang(lang)
                ));
            }
        }
        if !lines.is_empty() {
            text += heading;
            text += &lines.concat();
        }
    }
    text
}

/// The offices that should have sent something.
fn expected(wanted: &str) -> anyhow::Result<Vec<String>> {
    let path = Path::new(wanted);
    let text = match path.is_file() {
        true => {
            let file = read(path, None)?;
            let grid = file.grids.first().cloned().unwrap_or_default();
            let names: Vec<String> =
                (0..grid.rows()).map(|row| grid.cell(row, 0).to_owned()).collect();
            names.join("\n")
        }
        false => wanted.to_owned(),
    };
    let names = text.split(['\n', ',', '，', '、', ';', '；']).map(str::trim);
    Ok(names.filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn missing(all: &[Returned], wanted: &[String], lang: Lang) -> String {
    let sent = |name: &String| {
        let name = folded(name);
        all.iter().any(|one| {
            let sender = folded(&one.sender);
            sender == name || (!one.said && sender.contains(&name))
        })
    };
    let missing: Vec<&str> = wanted.iter().filter(|name| !sent(name)).map(String::as_str).collect();
    let known: BTreeSet<String> = wanted.iter().map(|name| folded(name)).collect();
    let strange = |one: &&Returned| {
        let sender = folded(&one.sender);
        !known.iter().any(|name| sender == *name || (!one.said && sender.contains(name.as_str())))
    };
    let strange: BTreeSet<&str> =
        all.iter().filter(strange).map(|one| one.sender.as_str()).collect();
    let count = wanted.len();
    let mut text = match (lang, missing.is_empty()) {
        (Lang::Zh, true) => format!("应报 {count} 个单位，全部已报\n"),
        (Lang::Zh, false) => {
            format!("应报 {count} 个单位，未报 {}：{}\n", missing.len(), missing.join("、"))
        }
        (Lang::En, true) => format!("all {count} senders have sent theirs\n"),
        (Lang::En, false) => {
            format!("{} of {count} senders are missing: {}\n", missing.len(), missing.join(", "))
        }
    };
    if !strange.is_empty() {
        let names: Vec<&str> = strange.into_iter().collect();
        text += &format!(
            "{}{}\n",
            say("不在应报名单上：", "not on the list of senders: "),
            names.join(say("、", ", "))
        );
    }
    text
}

/// All rows in one workbook, one sheet for each form, with who sent each and where it stands.
fn merged(all: &[Returned]) -> Result<Vec<u8>, facility_audit::words::Words> {
    let mut sheets: Vec<(String, &Vec<String>, Grid)> = Vec::new();
    for one in all {
        let at = sheets.iter().position(|(_, header, _)| **header == one.header);
        let at = at.unwrap_or_else(|| {
            let mut grid = Grid::default();
            let headings = one.header.iter().map(String::as_str);
            grid.push_row(["填报单位", "文件"].into_iter().chain(headings));
            let name = report::sheet_name(one.table, sheets.len());
            grid.sheet = Some(name.clone());
            sheets.push((name, &one.header, grid));
            sheets.len() - 1
        });
        for row in &one.rows {
            let cells = row.iter().map(String::as_str);
            sheets[at]
                .2
                .push_row([one.sender.as_str(), one.file.as_str()].into_iter().chain(cells));
        }
    }
    let rows = sheets.iter().map(|(name, ..)| (name.clone(), 1)).collect();
    let grids: Vec<Grid> = sheets.into_iter().map(|(.., grid)| grid).collect();
    let style = Annotation { heading: String::new(), header_rows: rows, note: String::new() };
    copy(&grids, &[], &style)
}

/// A project that reads the returned files where they are, so that every cell keeps its place.
fn project_file(files: &[PathBuf], here: &Path) -> String {
    let quoted = |text: &str| format!("{text:?}");
    let mut text = format!(
        "# {}\nname = \"收表\"\n",
        say(
            "收来的各张登记表；place、as_of、packs 请补上",
            "the collected forms; add place, as_of and packs"
        )
    );
    for file in files {
        text +=
            &format!("\n[[input]]\nfile = {}\n", quoted(&here.join(file).display().to_string()));
    }
    text
}
