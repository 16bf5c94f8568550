//! `tenure`: rented against owned, by place and over the years, with what buying would cost.

use std::path::PathBuf;

use facility_audit::Project;
use facility_audit::plan::{Past, Tenures};
use facility_audit::report::{self, Heading, load, replace};
use facility_audit::words::Lang;

use super::Verdict;
use super::language::say;
use super::progress::Progress;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(required = true, value_name = "PROJECT|FILE", help = say("一个项目文件（.toml），或若干表格文件", "a project file (.toml), or some tables"))]
    inputs: Vec<PathBuf>,
    #[arg(long, value_name = "RUN", help = say("往年的运行文件夹，并列其租赁率；可多次", "the run folder of an earlier year, to stand beside; repeatable"))]
    with: Vec<PathBuf>,
    #[arg(long, value_name = "DIR", help = say("运行文件夹；默认 runs/<项目名>", "the run folder; runs/<project> by default"))]
    out: Option<PathBuf>,
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    let project = match args.inputs.as_slice() {
        [path] if path.extension().is_some_and(|end| end == "toml") => Project::open(path)?,
        files => Project::of_files(files)?,
    };
    let mut past = Vec::new();
    for run in &args.with {
        let (audit, _) = load(run)?;
        past.push(Past {
            year: audit.question.day.year(),
            day: audit.question.day.to_string(),
            share: audit.rented_share(),
            communities: audit.tenure.communities,
        });
    }
    let stage = Progress::stage(say("读取并核查", "reading and judging"));
    let audit = project.audit()?;
    let found = Tenures::of(&audit, &project.tenure, &past)?;
    drop(stage);
    let heading = Heading { name: project.name.clone(), place_name: project.place_name.clone() };
    let paper = report::tenure(&audit, &found, &heading, lang);
    super::print(&paper.on_screen(lang))?;
    let folder = super::audit::folder(&project, args.out.as_deref());
    report::save(&audit, &heading, &folder)?;
    let json = report::tenure_json(&audit, &found, &heading);
    for (name, bytes) in
        [("tenure.json", json.into_bytes()), ("tenure.xlsx", paper.workbook(lang)?)]
    {
        let path = folder.join(name);
        replace(&path, &bytes)?;
        super::print(&format!("{}{}\n", say("已写：", "written: "), path.display()))?;
    }
    Ok(Verdict::Fine)
}
