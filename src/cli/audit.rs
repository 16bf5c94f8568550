//! `audit`: read, judge, print the summary, write the run folder or files.

use std::path::{Path, PathBuf};

use facility_audit::assessment::Outcome;
use facility_audit::audit::Audit;
use facility_audit::day::Day;
use facility_audit::place::Place;
use facility_audit::plan::{ScoreSheet, Tenures, rank};
use facility_audit::project::{InputSpec, corrections, header_rows, saved, settled};
use facility_audit::report::{
    self, Columns, FORMATS, Heading, Reported, gb18030, geopackage, ledger, replace, save, summary,
    write,
};
use facility_audit::source::located;
use facility_audit::standard::Force;
use facility_audit::words::Lang;
use facility_audit::{Error, Project};

use super::Verdict;
use super::language::say;
use super::progress::Progress;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(required_unless_present = "layer", value_name = "PROJECT|FILE", help = say("一个项目文件（.toml），或若干表格文件", "a project file (.toml), or some tables"))]
    inputs: Vec<PathBuf>,
    #[arg(long, visible_alias = "points", value_name = "NAME=FILE[@CRS]", help = say("图层：社区=社区.gpkg、小区=小区面.shp@EPSG:4527、用房=点.csv@GCJ-02；可多次", "a layer: communities=a.gpkg, estates=b.shp@EPSG:4527, premises=c.csv@GCJ-02; repeatable"))]
    layer: Vec<String>,
    #[arg(long, value_name = "CODE", help = say("所在地的行政区划代码，如 370102", "the place's administrative code, such as 370102"))]
    place: Option<String>,
    #[arg(long, value_name = "ID|FILE", help = say("采用这一标准：编号或 .toml 文件；可多次", "use this standard: an id or a .toml file; repeatable"))]
    pack: Vec<String>,
    #[arg(long, value_name = "DAY", help = say("核查日，如 2023-12-31", "the day to judge on, such as 2023-12-31"))]
    as_of: Option<String>,
    #[arg(long, value_name = "ROWS", help = say("所列表格的表头所在的行：3，或首末两行 3-4；写了项目文件的在其中指明", "the rows of the headings of the tables named: 3, or first and last, 3-4; a project file says it itself"))]
    header: Option<String>,
    #[arg(long, value_name = "FILE", help = say("已确认的更正清单（identity 写出的 更正.csv）；可多次", "a confirmed list of corrections (written by identity); repeatable"))]
    corrections: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", help = say("已填好决定的名称核对表（identity 写出的 名称核对.csv）；可多次", "a review of names with decisions filled in (written by identity); repeatable"))]
    identity: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", help = say("沿用保存的读法（上次运行写出的 读法.toml）；可多次", "use a saved mapping (读法.toml of an earlier run); repeatable"))]
    mapping: Vec<PathBuf>,
    #[arg(long, help = say("被更近的文件取代的上位文件也给出结论（地方与国家两个结论）", "also judge wider texts that give way: local and national verdict both"))]
    wider: bool,
    #[arg(long, value_name = "DIR", conflicts_with = "output", help = say("运行文件夹；默认 runs/<项目名>", "the run folder; runs/<project> by default"))]
    out: Option<PathBuf>,
    #[arg(short, long, value_name = "FILE", help = say("只写这些文件，不写运行文件夹；由扩展名定种类：.html、.xlsx（台账）、.docx（简报）、.json、.csv、.geojson、.gpkg、.fgb、.parquet、.sarif、.xml（JUnit）；可多次", "write only these files, no run folder; the extension says what: .html, .xlsx (ledger), .docx (brief), .json, .csv, .geojson, .gpkg, .fgb, .parquet, .sarif, .xml (JUnit); repeatable"))]
    output: Vec<PathBuf>,
    #[arg(long, value_name = "WHICH", value_parser = ["usual", "all", "none"], default_value = "usual", hide_possible_values = true, hide_default_value = true, help = say("运行文件夹里写哪些报告：usual（默认：网页、台账、简报、图层）、all（加公开版台账、CSV、FlatGeobuf、GeoParquet、SARIF、JUnit）、none", "which reports stand in the run folder: usual (default: page, ledger, brief, layers), all (with the public ledger, CSV, FlatGeobuf, GeoParquet, SARIF, JUnit), none"))]
    reports: String,
    #[arg(long, value_name = "FILE", help = say("问题台账的列模板（.toml）；默认用项目中写的 ledger", "the template of the ledger's columns (.toml); the project's own by default"))]
    ledger: Option<PathBuf>,
    #[arg(long, value_name = "NAME", value_parser = ["utf-8", "gb18030"], default_value = "utf-8", hide_possible_values = true, hide_default_value = true, help = say("findings.csv 或 -o 所写 CSV 用什么编码：utf-8（带 BOM，默认）、gb18030", "the encoding of findings.csv or of CSV written by -o: utf-8 (with BOM, default), gb18030"))]
    encoding: String,
    #[arg(short, long, help = say("不打印摘要，只打印错误", "print no summary, only errors"))]
    quiet: bool,
    #[arg(long, conflicts_with = "quiet", help = say("不打印摘要，每行打印一条结论（JSON）", "print each finding as a line of JSON instead of the summary"))]
    json_lines: bool,
    #[arg(long, value_name = "OUTCOME", value_parser = ["not-met", "unknown"], hide_possible_values = true, help = say("有这种结论（not-met、unknown）时退出码为 1；可多次", "exit with 1 when there is such an outcome (not-met, unknown); repeatable"))]
    fail_on: Vec<String>,
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    let project = project(args)?;
    let stage = Progress::stage(say("读取并核查", "reading and judging"));
    let audit = project.audit()?;
    drop(stage);
    let heading = Heading { name: project.name.clone(), place_name: project.place_name.clone() };
    if args.json_lines {
        super::print(&json_lines(&audit)?)?;
    } else if !args.quiet {
        super::print(&summary(&audit, &heading, lang))?;
    }
    let stage = Progress::stage(say("写出", "writing"));
    let written = outputs(args, &project, &audit, &heading, lang)?;
    drop(stage);
    for path in written.iter().filter(|_| !args.quiet && !args.json_lines) {
        super::print(&format!("{}{}\n", say("已写：", "written: "), path.display()))?;
    }
    Ok(verdict(args, &audit))
}

fn project(args: &Args) -> anyhow::Result<Project> {
    // What is named here is relative to where the user stands, not to the project's folder.
    let here = std::env::current_dir()?;
    let is_project = |path: &Path| path.extension().is_some_and(|extension| extension == "toml");
    let mut layers = Vec::new();
    for layer in &args.layer {
        let mut spec = InputSpec::layer(layer)?;
        spec.file = located(&here, &spec.file);
        layers.push(spec);
    }
    let header = match &args.header {
        Some(text) => Some(header_rows(text).ok_or_else(|| super::no_header(text))?),
        None => None,
    };
    let of_file = |file: &PathBuf| InputSpec { header, ..InputSpec::of_file(file) };
    let mut project = match args.inputs.as_slice() {
        [path] if is_project(path) => {
            let mut project = Project::open(path)?;
            project.inputs.extend(layers);
            project
        }
        files => Project::of_inputs(files.iter().map(of_file).chain(layers).collect())?,
    };
    for file in &args.mapping {
        project.saved.extend(saved(file)?);
    }
    project.wider |= args.wider;
    for list in &args.identity {
        project.settled.extend(settled(list)?);
    }
    for list in &args.corrections {
        project.corrections.extend(corrections(list)?);
    }
    if let Some(code) = &args.place {
        project.place = Place::parse(code).ok_or_else(|| {
            Error::refused(
                format!("--place {code}：不是行政区划代码；应为 2、4、6、9 或 12 位数字"),
                format!("--place {code}: no administrative code; expected 2, 4, 6, 9 or 12 digits"),
            )
        })?;
    }
    if let Some(day) = &args.as_of {
        project.day = day.parse::<Day>().map_err(|_| {
            Error::refused(
                format!("--as-of {day}：不是日期；应如 2023-12-31"),
                format!("--as-of {day}: no day; expected one such as 2023-12-31"),
            )
        })?;
    }
    project.packs.extend(args.pack.iter().map(|pack| match pack.ends_with(".toml") {
        true => here.join(pack).display().to_string(),
        false => pack.clone(),
    }));
    Ok(project)
}

/// The run folder: as asked, as the project says, or under `runs`.
pub fn folder(project: &Project, asked: Option<&Path>) -> PathBuf {
    let default = || Path::new("runs").join(&project.name);
    asked.map(Path::to_owned).or_else(|| project.output.clone()).unwrap_or_else(default)
}

/// An audit with what the project asks for beside it.
pub fn reported<'a>(
    project: &Project,
    audit: &'a Audit,
    heading: &'a Heading,
) -> anyhow::Result<Reported<'a>> {
    let ranking = match &project.score {
        Some(file) => Some(rank(audit, &ScoreSheet::open(&project.folder.join(file))?)?),
        None => None,
    };
    let tenures = Some(Tenures::of(audit, &project.tenure, &[])?);
    Ok(Reported { audit, heading, tenures, ranking })
}

fn outputs(
    args: &Args,
    project: &Project,
    audit: &Audit,
    heading: &Heading,
    lang: Lang,
) -> anyhow::Result<Vec<PathBuf>> {
    if args.output.is_empty() {
        let folder = folder(project, args.out.as_deref());
        save(audit, heading, &folder)?;
        if let Some(text) = project.readings(&audit.inventory) {
            replace(&folder.join("读法.toml"), text.as_bytes())?;
        }
        let mut written = vec![folder.clone()];
        written.extend(reports(args, project, audit, heading, &folder, lang)?);
        return Ok(written);
    }
    let reported = reported(project, audit, heading)?;
    for path in &args.output {
        match path.extension().and_then(|end| end.to_str()) {
            Some("csv") => replace(path, &csv(&reported, args, lang)?)?,
            Some("xlsx") => {
                replace(path, &ledger(&reported, &columns(args, project)?, false, lang)?)?;
            }
            _ => write(&reported, path, lang)?,
        }
    }
    Ok(args.output.clone())
}

/// An audit with more assessments than this gets its reports only when they are asked for.
const MANY: usize = 300_000;

/// The reports beside the run: those people open, and on request those programs read.
fn reports(
    args: &Args,
    project: &Project,
    audit: &Audit,
    heading: &Heading,
    folder: &Path,
    lang: Lang,
) -> anyhow::Result<Vec<PathBuf>> {
    if args.reports == "none" || (args.reports == "usual" && audit.assessments.len() > MANY) {
        return Ok(Vec::new());
    }
    let reported = reported(project, audit, heading)?;
    let columns = columns(args, project)?;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let bytes = |ending: &str| {
        let format = FORMATS.iter().find(|format| format.extension == ending);
        (format.expect("a format of ours").write)(&reported, lang)
    };
    files.push(("report.html".to_owned(), bytes("html")?));
    files.push(("ledger.xlsx".to_owned(), ledger(&reported, &columns, false, lang)?));
    files.push(("brief.docx".to_owned(), bytes("docx")?));
    if ["communities", "estates", "premises"]
        .iter()
        .any(|table| !audit.inventory.geometry(table).is_empty())
    {
        let (package, styles) = geopackage(audit, lang)?;
        files.push(("audit.gpkg".to_owned(), package));
        files.extend(
            styles.into_iter().map(|(end, text)| (format!("audit{end}"), text.into_bytes())),
        );
    }
    if args.reports == "all" {
        files.push(("ledger_public.xlsx".to_owned(), ledger(&reported, &columns, true, lang)?));
        files.push(("findings.csv".to_owned(), csv(&reported, args, lang)?));
        for ending in ["fgb", "parquet", "sarif", "xml"] {
            files.push((format!("audit.{ending}"), bytes(ending)?));
        }
    }
    let mut written = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        replace(&path, &bytes)?;
        written.push(path);
    }
    Ok(written)
}

/// The columns of the ledger: as asked, as the project says, or the usual ones.
fn columns(args: &Args, project: &Project) -> anyhow::Result<Columns> {
    let of_project = || project.ledger.as_ref().map(|file| project.folder.join(file));
    let Some(file) = args.ledger.clone().or_else(of_project) else {
        return Ok(Columns::usual());
    };
    let text = std::fs::read_to_string(&file).map_err(Error::read(&file))?;
    Ok(Columns::parse(&file.display().to_string(), &text)?)
}

/// All assessments as CSV, in the encoding asked for.
fn csv(reported: &Reported<'_>, args: &Args, lang: Lang) -> anyhow::Result<Vec<u8>> {
    let format = FORMATS.iter().find(|format| format.extension == "csv").expect("a format of ours");
    let bytes = (format.write)(reported, lang)?;
    Ok(match args.encoding.as_str() {
        "gb18030" => gb18030(&bytes),
        _ => bytes,
    })
}

/// Every finding that is not met or unknown, one a line.
fn json_lines(audit: &Audit) -> anyhow::Result<String> {
    let mut text = String::new();
    for finding in report::findings(audit)? {
        text += &serde_json::to_string(&finding)?;
        text.push('\n');
    }
    Ok(text)
}

fn verdict(args: &Args, audit: &Audit) -> Verdict {
    let asked = |outcome| {
        let name = match outcome {
            Outcome::NotMet => "not-met",
            Outcome::Unknown => "unknown",
            Outcome::Met | Outcome::NotApplicable => return false,
        };
        args.fail_on.iter().any(|asked| asked == name)
    };
    // A figure that is only watched fails nothing.
    let demanded = audit.assessments.iter().filter(|one| {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        requirement.force != Force::Indicator
    });
    if demanded.into_iter().any(|one| asked(one.outcome)) { Verdict::Failed } else { Verdict::Fine }
}
