//! `identity`: the review file of names that may be one thing, and the list of proposed corrections.

use std::path::PathBuf;

use facility_audit::identity::merge;
use facility_audit::project::reviewed;
use facility_audit::report::{corrections, load, replace, review};
use facility_audit::words::Lang;

use super::Verdict;
use super::language::say;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "RUN", help = say("audit 写出的运行文件夹", "the run folder that audit wrote"))]
    run: PathBuf,
    #[arg(short, long, value_name = "FILE", help = say("写到这个文件；默认 RUN/名称核对.csv，已有的决定都保留", "where to write; RUN/名称核对.csv by default, decisions already made are kept"))]
    out: Option<PathBuf>,
}

/// So many pairs are shown on the screen.
const SHOWN: usize = 10;

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    let (audit, _) = load(&args.run)?;
    let path = args.out.clone().unwrap_or_else(|| args.run.join("名称核对.csv"));
    let mut review = review(&audit.inventory);
    let found = review.pairs.len();
    if path.exists() {
        review = merge(&reviewed(&path)?, review.pairs);
    }
    let undecided = || review.pairs.iter().filter(|row| row.decision.is_none());
    for row in undecided().take(SHOWN) {
        let relation = row.suggestion.words();
        super::print(&format!(
            "  {:>3}  {}  ↔  {}  {}：{}\n",
            row.points,
            row.a.name,
            row.b.name,
            relation.in_lang(lang),
            row.reasons
        ))?;
    }
    let open = undecided().count();
    if open > SHOWN {
        super::print(&format!("  …… {}\n", open - SHOWN))?;
    }
    replace(&path, review.csv().as_bytes())?;
    let shown = path.display();
    super::print(&match lang {
        Lang::Zh => format!(
            "可能是同一对象的名称 {found} 对，未决定 {open} 对；没有一对会自动合并\n\
             已写：{shown}。在“决定”一栏填 同一、分期 或 不同，再用 audit --identity {shown}\n"
        ),
        Lang::En => format!(
            "{found} pairs of names may be one thing, {open} undecided; none is merged by itself\n\
             written: {shown}. Fill in 同一 (same), 分期 (phase) or 不同 (different) under 决定, then run audit --identity {shown}\n"
        ),
    })?;
    if let Some(list) = corrections(&audit.inventory, lang) {
        let path = path.with_file_name("更正.csv");
        // What was decided already is not written over.
        if path.exists() {
            let shown = path.display();
            super::print(&match lang {
                Lang::Zh => format!("{shown} 已存在，未改动；要重新提出，请先移走\n"),
                Lang::En => format!(
                    "{shown} exists and was left alone; move it away to have it proposed anew\n"
                ),
            })?;
            return Ok(Verdict::Fine);
        }
        replace(&path, list.as_bytes())?;
        let shown = path.display();
        super::print(&match lang {
            Lang::Zh => format!(
                "已写：{shown}。在“决定”一栏填 采用 或 不采用，再用 audit --corrections {shown}\n"
            ),
            Lang::En => format!(
                "written: {shown}. Fill in 采用 (yes) or 不采用 (no) under 决定, then run audit --corrections {shown}\n"
            ),
        })?;
    }
    Ok(Verdict::Fine)
}
