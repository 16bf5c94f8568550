//! `standards`: the texts a run can choose from, and their worked cases.

use std::path::PathBuf;

use clap::Subcommand;
use facility_audit::Error;
use facility_audit::check::run_cases;
use facility_audit::document::nearest;
use facility_audit::report::Grid;
use facility_audit::standard::{Library, Pack};
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
    let packs: Vec<Pack> = match which {
        [] => Library::shipped().packs().to_vec(),
        some => some.iter().map(|one| find(one)).collect::<anyhow::Result<_>>()?,
    };
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
