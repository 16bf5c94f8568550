//! `standards`: the texts a run can choose from, and their worked cases.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use facility_audit::Error;
use facility_audit::assessment::Outcome;
use facility_audit::check::{compare, run_cases};
use facility_audit::document::nearest;
use facility_audit::place::Place;
use facility_audit::project::today;
use facility_audit::quantity::Interval;
use facility_audit::report::{Grid, load, replace, rule_page};
use facility_audit::standard::{Library, Pack, lint, scaffold};
use facility_audit::words::Lang;

use super::Verdict;
use super::language::say;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    #[command(about = say("列出标准", "list the standards"))]
    List {
        #[arg(long, value_name = "FILE", help = say("再读入这一标准文件；可多次", "also read this file; repeatable"))]
        pack: Vec<PathBuf>,
    },
    #[command(about = say("显示一个标准：出处、要求、算例", "show one: citation, requirements, worked cases"))]
    Show {
        #[arg(value_name = "ID|FILE", help = say("编号或文件", "an id or a file"))]
        which: String,
    },
    #[command(about = say("运行标准自带的算例", "run the worked cases of standards"))]
    Test {
        #[arg(value_name = "ID|FILE", help = say("编号或文件；不写则全部", "ids or files; all when left out"))]
        which: Vec<String>,
    },
    #[command(about = say("检查标准文件缺什么：算例、界限、核对日", "tell what packs lack: cases, bounds, days"))]
    Lint {
        #[arg(value_name = "ID|FILE", help = say("编号或文件；不写则全部", "ids or files; all when left out"))]
        which: Vec<String>,
    },
    #[command(about = say("输出一个带注释的标准文件样板", "print a commented pack to start from"))]
    New {
        #[arg(value_name = "ID", help = say("新标准的编号", "the new pack's id"))]
        id: String,
        #[arg(long, value_name = "CODE", default_value = "CN", help = say("行政区划代码，全国为 CN", "the administrative code, CN for the nation"))]
        place: String,
    },
    #[command(about = say("用同一批数据比较两个标准：谁的结论变了", "compare two texts on the data of a run: whose verdict changes"))]
    Diff {
        #[arg(value_name = "A", help = say("编号或文件", "an id or a file"))]
        first: String,
        #[arg(value_name = "B", help = say("编号或文件", "an id or a file"))]
        second: String,
        #[arg(long, value_name = "RUN", help = say("audit 写出的运行文件夹", "the run folder that audit wrote"))]
        on: PathBuf,
    },
    #[command(about = say("为每条要求写出中英文说明页", "write a page for each requirement, in Chinese and English"))]
    Pages {
        #[arg(value_name = "DIR", help = say("写到哪个文件夹", "the folder to write to"))]
        folder: PathBuf,
        #[arg(value_name = "ID|FILE", help = say("编号或文件；不写则全部", "ids or files; all when left out"))]
        which: Vec<String>,
    },
    #[command(about = say("输出每条要求的 SQL 表达式", "print each requirement's amount as SQL"))]
    Sql {
        #[arg(value_name = "ID|FILE", help = say("编号或文件", "an id or a file"))]
        which: String,
    },
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    match &args.verb {
        Verb::List { pack } => {
            let mut library = Library::shipped();
            library.add_files(pack)?;
            super::print(&list(library.packs(), lang))?;
            Ok(Verdict::Fine)
        }
        Verb::Show { which } => {
            super::print(&show(&find(which)?, lang))?;
            Ok(Verdict::Fine)
        }
        Verb::Test { which } => test(which, lang),
        Verb::Lint { which } => lint_all(which, lang),
        Verb::New { id, place } => new(id, place),
        Verb::Diff { first, second, on } => diff(first, second, on, lang),
        Verb::Pages { folder, which } => pages(folder, which),
        Verb::Sql { which } => {
            super::print(&sql(&find(which)?, lang))?;
            Ok(Verdict::Fine)
        }
    }
}

/// The packs named, or all that are shipped.
fn chosen(which: &[String]) -> anyhow::Result<Vec<Pack>> {
    match which {
        [] => Ok(Library::shipped().packs().to_vec()),
        some => some.iter().map(|one| find(one)).collect(),
    }
}

/// A pack by its id, or from a file.
fn find(which: &str) -> anyhow::Result<Pack> {
    let mut library = Library::shipped();
    let id = match which.ends_with(".toml") {
        true => library.add_files(&[which])?.remove(0),
        false => which.to_owned(),
    };
    let known: Vec<&str> = library.packs().iter().map(|pack| pack.id.as_str()).collect();
    let found = library.get(&id).cloned().ok_or_else(|| {
        let near = nearest(&id, &known);
        let hint = |text: &str| near.map_or(String::new(), |near| format!("{text}{near}"));
        Error::refused(
            format!("没有标准“{id}”{}；可用：{}", hint("，最接近："), known.join("、")),
            format!("no standard `{id}`{}; available: {}", hint(", nearest: "), known.join(", ")),
        )
    })?;
    Ok(found)
}

fn list(packs: &[Pack], lang: Lang) -> String {
    let headings = match lang {
        Lang::Zh => ["编号", "地区", "文号", "标题", "效力", "证据", "要求", "算例"],
        Lang::En => ["id", "place", "number", "title", "in force", "evidence", "rules", "cases"],
    };
    let mut grid = Grid::new(headings).right([6, 7]);
    for pack in packs {
        let title = pack
            .title
            .clone()
            .unwrap_or_else(|| say("（标题未见）", "(title not seen)").to_owned());
        grid.row([
            pack.id.clone(),
            pack.place.to_string(),
            pack.number.clone().unwrap_or_else(|| "—".to_owned()),
            title,
            state(pack, lang),
            pack.evidence.words().in_lang(lang).to_owned(),
            pack.requirements.len().to_string(),
            pack.cases.len().to_string(),
        ]);
    }
    grid.lines()
}

/// Whether and when a text holds.
fn state(pack: &Pack, lang: Lang) -> String {
    let separator = lang.pick("，", ", ");
    format!("{}{separator}{}", pack.status.words().in_lang(lang), pack.validity(lang))
}

fn show(pack: &Pack, lang: Lang) -> String {
    let mut text = format!("{}\n{}\n", pack.id, pack.citation(lang));
    let checked = pack
        .checked
        .map_or_else(|| say("未记录", "not recorded").to_owned(), |day| day.to_string());
    let facts = [
        (say("地区", "place"), pack.place.to_string()),
        (say("效力", "in force"), state(pack, lang)),
        (say("证据", "evidence"), pack.evidence.words().in_lang(lang).to_owned()),
        (say("最近核对", "last checked"), checked),
        (say("文件", "file"), pack.file.clone()),
    ];
    for (name, value) in facts {
        text += &format!("  {name}  {value}\n");
    }
    if let Some(note) = &pack.note {
        text += &format!("  {}  {}\n", say("说明", "note"), note.in_lang(lang));
    }
    for requirement in &pack.requirements {
        text += &format!("\n  {} · {}\n", requirement.id, requirement.words.in_lang(lang));
        let facts = [
            (say("要求", "requires"), requirement.sentence()),
            (say("条款", "clause"), requirement.clause_words()),
            (say("效力", "force"), requirement.force.words()),
            (say("责任方", "debtor"), requirement.debtor.words()),
        ];
        for (name, words) in facts {
            text += &format!("    {name}  {}\n", words.in_lang(lang));
        }
        if let Some(note) = &requirement.note {
            text += &format!("    {}  {}\n", say("说明", "note"), note.in_lang(lang));
        }
        let cases = pack.cases.iter().filter(|case| {
            case.expect.iter().any(|expected| expected.requirement == requirement.id)
        });
        for case in cases {
            let name = case.name.as_deref().unwrap_or_default();
            text += &format!("    {}  {}:{} {name}\n", say("算例", "case"), pack.file, case.line);
        }
    }
    text
}

fn test(which: &[String], lang: Lang) -> anyhow::Result<Verdict> {
    let packs = chosen(which)?;
    let (mut passed, mut failed) = (0, 0);
    for pack in &packs {
        let report = run_cases(pack)?;
        passed += report.passed;
        failed += report.failures.len();
        if pack.cases.is_empty() {
            super::print(&format!("{}  {}\n", pack.id, say("没有算例", "has no worked case")))?;
        }
        for failure in &report.failures {
            super::print(&format!(
                "{}:{} {}\n  {}\n",
                failure.file,
                failure.line,
                failure.case,
                failure.words.in_lang(lang)
            ))?;
        }
    }
    super::print(&match lang {
        Lang::Zh => format!("{passed} 项通过，{failed} 项未通过\n"),
        Lang::En => format!("{passed} passed, {failed} failed\n"),
    })?;
    Ok(if failed == 0 { Verdict::Fine } else { Verdict::Failed })
}

fn lint_all(which: &[String], lang: Lang) -> anyhow::Result<Verdict> {
    let mut serious = 0;
    for pack in chosen(which)? {
        for remark in lint(&pack, today()) {
            serious += usize::from(remark.serious);
            let kind = match remark.serious {
                true => say("须补", "mend"),
                false => say("注意", "note"),
            };
            let place = remark.requirement.map_or(String::new(), |id| format!("/{id}"));
            super::print(&format!("{kind}  {}{place}  {}\n", pack.id, remark.words.in_lang(lang)))?;
        }
    }
    Ok(if serious == 0 { Verdict::Fine } else { Verdict::Failed })
}

fn new(id: &str, place: &str) -> anyhow::Result<Verdict> {
    if Place::parse(place).is_none() {
        let zh = format!("--place {place}：不是行政区划代码");
        return Err(Error::refused(zh, format!("--place {place}: no administrative code")).into());
    }
    super::print(&scaffold(id, place))?;
    Ok(Verdict::Fine)
}

fn diff(first: &str, second: &str, on: &Path, lang: Lang) -> anyhow::Result<Verdict> {
    let (first, second) = (find(first)?, find(second)?);
    let (audit, _) = load(on)?;
    let found = compare(&audit.inventory, &audit.question, &first, &second)?;
    let headings = match lang {
        Lang::Zh => ["对象", "事项", "原结论", "原要求", "新结论", "新要求"],
        Lang::En => ["subject", "topic", "before", "required", "after", "required"],
    };
    let mut grid = Grid::new(headings).right([3, 5]);
    let outcome = |side: &Option<(Outcome, Interval)>| match side {
        Some((outcome, _)) => outcome.words().in_lang(lang).to_owned(),
        None => say("不涉及", "silent").to_owned(),
    };
    let required = |side: &Option<(Outcome, Interval)>| {
        side.map_or("—".to_owned(), |(_, required)| required.text(2, lang))
    };
    for change in &found.changes {
        grid.row([
            change.label.clone(),
            change.topic.clone(),
            outcome(&change.before),
            required(&change.before),
            outcome(&change.after),
            required(&change.after),
        ]);
    }
    let (changed, same) = (found.changes.len(), found.same);
    let summary = match lang {
        Lang::Zh => format!("{} → {}：结论改变 {changed}，不变 {same}\n", first.id, second.id),
        Lang::En => {
            format!("{} → {}: {changed} verdicts change, {same} do not\n", first.id, second.id)
        }
    };
    super::print(&summary)?;
    if changed > 0 {
        super::print(&grid.lines())?;
    }
    Ok(Verdict::Fine)
}

fn pages(folder: &Path, which: &[String]) -> anyhow::Result<Verdict> {
    let plain = |id: &str| -> String {
        let safe = |c: char| if c.is_alphanumeric() || "-_".contains(c) { c } else { '_' };
        id.chars().map(safe).collect()
    };
    let mut count = 0;
    for pack in chosen(which)? {
        for requirement in &pack.requirements {
            let page = rule_page(&pack, requirement);
            let folder = folder.join(plain(&pack.id));
            for (lang, text) in [("zh", page.zh), ("en", page.en)] {
                replace(
                    &folder.join(format!("{}.{lang}.md", plain(&requirement.id))),
                    text.as_bytes(),
                )?;
                count += 1;
            }
        }
    }
    super::print(&format!("{}{} ({count})\n", say("已写：", "written: "), folder.display()))?;
    Ok(Verdict::Fine)
}

fn sql(pack: &Pack, lang: Lang) -> String {
    let mut text = format!("-- {}\n", pack.citation(lang));
    for requirement in &pack.requirements {
        let ends = requirement.sql();
        text += &format!(
            "\n-- {}/{}: {}\nSELECT\n  {} AS required_low,\n  {} AS required_high\nFROM {};\n",
            pack.id,
            requirement.id,
            requirement.sentence().in_lang(lang),
            ends.low,
            ends.high,
            requirement.table.map_or(requirement.subject, |table| &table.name),
        );
    }
    text
}
