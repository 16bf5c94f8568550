//! `explain`: how one subject came to its verdicts.

use std::path::PathBuf;

use facility_audit::plan::{ScoreSheet, rank};
use facility_audit::report::{explain, load, place};
use facility_audit::words::Lang;

use super::Verdict;
use super::language::say;
use super::rank::SCORE;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "RUN", help = say("audit 写出的运行文件夹", "the run folder that audit wrote"))]
    run: PathBuf,
    #[arg(value_name = "SUBJECT", help = say("对象的名称或编号", "the subject's name or id"))]
    subject: String,
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    let (audit, _) = load(&args.run)?;
    let found = explain(&audit, &args.subject, lang);
    let score = args.run.join(SCORE);
    let mut text = String::new();
    if score.exists() {
        let ranking = rank(&audit, &ScoreSheet::open(&score)?)?;
        // Who is no candidate may still have findings, and the other way round.
        text += &place(&ranking, &args.subject, lang).unwrap_or_default();
    }
    let found = if text.is_empty() { found? } else { found.unwrap_or_default() };
    let between = if text.is_empty() || found.is_empty() { "" } else { "\n" };
    super::print(&format!("{found}{between}{text}"))?;
    Ok(Verdict::Fine)
}
