//! `explain`: how one subject came to its verdicts.

use std::path::PathBuf;

use facility_audit::report::{explain, load};
use facility_audit::words::Lang;

use super::Verdict;
use super::language::say;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "RUN", help = say("audit 写出的运行文件夹", "the run folder that audit wrote"))]
    run: PathBuf,
    #[arg(value_name = "SUBJECT", help = say("对象的名称或编号", "the subject's name or id"))]
    subject: String,
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    let (audit, _) = load(&args.run)?;
    super::print(&explain(&audit, &args.subject, lang)?)?;
    Ok(Verdict::Fine)
}
