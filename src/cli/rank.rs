//! `rank`: gates, points, quotas and the budget of a score sheet, with the reason for every place.

use std::path::PathBuf;

use facility_audit::plan::{ScoreSheet, rank};
use facility_audit::report::{self, Heading, replace};
use facility_audit::words::Lang;
use facility_audit::{Error, Project};

use super::Verdict;
use super::language::say;
use super::progress::Progress;

/// What the score sheet is called in a run folder.
pub const SCORE: &str = "score.toml";

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "PROJECT", help = say("项目文件（.toml）", "a project file (.toml)"))]
    project: PathBuf,
    #[arg(long, value_name = "FILE", help = say("评分细则（.toml）；默认用项目中写的 score", "the score sheet (.toml); the project's own by default"))]
    score: Option<PathBuf>,
    #[arg(long, value_name = "SUBJECT", help = say("只说明一个对象的名次从何而来", "explain the place of one subject only"))]
    explain: Option<String>,
    #[arg(long, value_name = "DIR", help = say("运行文件夹；默认 runs/<项目名>", "the run folder; runs/<project> by default"))]
    out: Option<PathBuf>,
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    let project = Project::open(&args.project)?;
    let of_project = project.score.as_ref().map(|file| project.folder.join(file));
    let Some(file) = args.score.clone().or(of_project) else {
        return Err(Error::refused(
            "没有评分细则；请用 --score 指明，或在项目文件中写 score = \"评分细则.toml\"",
            "no score sheet; name one with --score, or write score = \"…\" in the project file",
        )
        .into());
    };
    let sheet = ScoreSheet::open(&file)?;
    let stage = Progress::stage(say("读取、核查并排序", "reading, judging and ranking"));
    let audit = project.audit()?;
    let ranking = rank(&audit, &sheet)?;
    drop(stage);
    if let Some(subject) = &args.explain {
        super::print(&report::place(&ranking, subject, lang)?)?;
        return Ok(Verdict::Fine);
    }
    let heading = Heading { name: project.name.clone(), place_name: project.place_name.clone() };
    let paper = report::ranking(&ranking, &heading, lang);
    super::print(&paper.on_screen(lang))?;
    let folder = super::audit::folder(&project, args.out.as_deref());
    report::save(&audit, &heading, &folder)?;
    let json = report::rank_json(&audit, &ranking, &heading);
    let files = [
        (SCORE, sheet.text.clone().into_bytes()),
        ("rank.json", json.into_bytes()),
        ("rank.xlsx", paper.workbook(lang)?),
    ];
    for (name, bytes) in files {
        let path = folder.join(name);
        replace(&path, &bytes)?;
        if name != SCORE {
            super::print(&format!("{}{}\n", say("已写：", "written: "), path.display()))?;
        }
    }
    Ok(Verdict::Fine)
}
