//! The command line: one file per verb.

mod audit;
mod collect;
mod convert;
mod explain;
mod identity;
mod inspect;
mod language;
mod problem;
mod progress;
mod rank;
mod return_;
mod standards;
mod template;
mod tenure;

use std::process::ExitCode;

use clap::{Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use facility_audit::words::Lang;

use language::say;

/// What a verb found: whether the program ends with 0 or 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It ran.
    Fine,
    /// It ran, and found what the user asked to be told by the exit code.
    Failed,
}

#[derive(Debug, Parser)]
#[command(
    name = "facility-audit",
    version,
    about = say("按所在地当日有效的规定，核查社区服务中心与小区配套设施", "Audits community service centres and estate facilities against the rules of a place and day"),
    after_help = say(
        "退出码：0 已运行；1 有 --fail-on 所指的结论；2 未能运行",
        "Exit codes: 0 ran; 1 found what --fail-on names; 2 could not run",
    ),
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
struct Args {
    /// The language of everything printed.
    #[arg(long, global = true, value_name = "zh|en", value_parser = ["zh", "en"], hide_possible_values = true, help = say("语言；默认取自系统，不确定时用中文", "language; from the system, Chinese if unsure"))]
    lang: Option<String>,

    #[arg(short, long, global = true, action = clap::ArgAction::Help, help = say("显示帮助", "print help"))]
    help: Option<bool>,

    #[arg(short = 'V', long, action = clap::ArgAction::Version, help = say("显示版本", "print the version"))]
    version: Option<bool>,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    #[command(about = say("查看文件会被怎样读取；不改动、不核查", "show how files would be read; changes and judges nothing"))]
    Inspect(inspect::Args),
    #[command(about = say("核查一个项目文件，或若干表格文件", "audit a project file, or some tables"))]
    Audit(Box<audit::Args>),
    #[command(about = say("说明一个对象的结论从何而来", "explain how one subject came to its verdicts"))]
    Explain(explain::Args),
    #[command(about = say("按评分细则给老旧社区或小区排序：门槛、评分、比例、资金", "rank old communities or estates by a score sheet: gates, points, quotas, budget"))]
    Rank(rank::Args),
    #[command(about = say("租赁与自有：各地租赁率、租金、到期、租购比较、历年与目标", "rented and owned: shares, rents, leases, rent against purchase, years, targets"))]
    Tenure(tenure::Args),
    #[command(about = say("写出可能是同一对象的名称，供人决定", "write the names that may be one thing, for a person to decide"))]
    Identity(identity::Args),
    #[command(about = say("在报送单位自己的表上标出问题，退回核对", "mark what is wrong in the senders' own workbooks, to send back"))]
    Return(return_::Args),
    #[command(about = say("写出一张表的空白登记表", "write a blank workbook for a table"))]
    Template(template::Args),
    #[command(about = say("把各单位填回的登记表收成一份", "collect returned workbooks into one inventory"))]
    Collect(collect::Args),
    #[command(about = say("把图层转成另一种格式或坐标系", "convert a layer to another format or coordinate system"))]
    Convert(convert::Args),
    #[command(about = say("查看、检验标准", "look at standards and test them"))]
    Standards(standards::Args),
    #[command(about = say("输出 JSON Schema", "print a JSON Schema"))]
    Schema {
        #[arg(value_name = "NAME", help = say("名称：audit.v1、inventory、pack、project、rank.v1、score、tenure.v1", "its name: audit.v1, inventory, pack, project, rank.v1, score, tenure.v1"))]
        name: String,
    },
    #[command(about = say("输出命令行补全脚本", "print a shell completion script"))]
    Completions {
        #[arg(value_name = "SHELL", help = say("bash、zsh、fish、powershell、elvish", "bash, zsh, fish, powershell or elvish"))]
        shell: clap_complete::Shell,
    },
}

/// Runs the command line and gives the exit code.
pub fn main() -> ExitCode {
    let lang = language::choose(std::env::args_os());
    let matches = localised(Args::command()).try_get_matches();
    let args = match matches.and_then(|matches| Args::from_arg_matches(&matches)) {
        Ok(args) => args,
        Err(error) => return problem::usage(&error, lang),
    };
    match run(args.verb, lang) {
        Ok(Verdict::Fine) => ExitCode::SUCCESS,
        Ok(Verdict::Failed) => ExitCode::from(1),
        Err(error) => problem::report(&error, lang),
    }
}

/// The headings of help in the language chosen, for every verb.
fn localised(command: Command) -> Command {
    let template = say(
        "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}",
        "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}",
    );
    let heading = |argument: clap::Arg| match argument.is_positional() {
        true => argument.help_heading(say("参数", "Arguments")),
        false => argument.help_heading(say("选项", "Options")),
    };
    command
        .help_template(template)
        .subcommand_help_heading(say("命令", "Commands"))
        .mut_args(heading)
        .mut_subcommands(localised)
}

fn run(verb: Verb, lang: Lang) -> anyhow::Result<Verdict> {
    match verb {
        Verb::Inspect(args) => inspect::run(&args, lang),
        Verb::Audit(args) => audit::run(&args, lang),
        Verb::Convert(args) => convert::run(&args, lang),
        Verb::Identity(args) => identity::run(&args, lang),
        Verb::Return(args) => return_::run(&args, lang),
        Verb::Template(args) => template::run(&args, lang),
        Verb::Collect(args) => collect::run(&args, lang),
        Verb::Tenure(args) => tenure::run(&args, lang),
        Verb::Rank(args) => rank::run(&args, lang),
        Verb::Explain(args) => explain::run(&args, lang),
        Verb::Standards(args) => standards::run(&args, lang),
        Verb::Schema { name } => schema(&name),
        Verb::Completions { shell } => {
            let mut command = Args::command();
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, "facility-audit", &mut script);
            print(&String::from_utf8_lossy(&script))?;
            Ok(Verdict::Fine)
        }
    }
}

fn schema(name: &str) -> anyhow::Result<Verdict> {
    let known: Vec<&str> =
        facility_audit::schema::SCHEMAS.iter().map(|schema| schema.name).collect();
    let schema = facility_audit::schema::schema(name).ok_or_else(|| {
        facility_audit::Error::refused(
            format!("没有名为“{name}”的结构；可用：{}", known.join("、")),
            format!("no schema `{name}`; available: {}", known.join(", ")),
        )
    })?;
    print(&format!("{}\n", serde_json::to_string_pretty(&(schema.build)())?))?;
    Ok(Verdict::Fine)
}

/// The rows of headings cannot be understood.
fn no_header(text: &str) -> facility_audit::Error {
    facility_audit::Error::refused(
        format!("--header {text}：不是表头的行号；应如 3，或 3-4（至多三行）"),
        format!("--header {text}: no rows of headings; expected 3, or 3-4 (three at most)"),
    )
}

/// Prints to standard output; a reader that stops early, such as `head`, is no error.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    match std::io::stdout().write_all(harmless(text).as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints to standard error, whether anybody reads it or not.
fn complain(text: &str) {
    use std::io::Write;
    let _ = std::io::stderr().write_all(harmless(text).as_bytes());
}

/// Text from inputs must not steer the terminal: control characters and marks that turn the
/// direction of writing are shown as a replacement character.
fn harmless(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}
