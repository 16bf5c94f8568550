//! `template`: a blank workbook for one table.

use std::path::PathBuf;

use facility_audit::Error;
use facility_audit::inventory::{Table, tables};
use facility_audit::report::{replace, template};
use facility_audit::words::Lang;

use super::Verdict;
use super::language::say;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "TABLE", help = say("表名：premises、社区用房、facilities、配套设施……", "a table: premises, facilities, 社区用房 …"))]
    table: String,
    #[arg(short, long, value_name = "FILE", help = say("写到这个文件；默认 <表名>.xlsx", "where to write; <table>.xlsx by default"))]
    out: Option<PathBuf>,
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    let wanted = args.table.trim();
    let is_it = |table: &&Table| {
        [&table.name, &table.zh, &table.en].iter().any(|name| name.as_str() == wanted)
            || table.subject.as_deref() == Some(wanted)
    };
    let table = tables().iter().find(is_it).ok_or_else(|| {
        let zh: Vec<String> =
            tables().iter().map(|table| format!("{}（{}）", table.name, table.zh)).collect();
        let en: Vec<&str> = tables().iter().map(|table| table.name.as_str()).collect();
        Error::refused(
            format!("没有名为“{wanted}”的表；可用：{}", zh.join("、")),
            format!("no table `{wanted}`; available: {}", en.join(", ")),
        )
    })?;
    let bytes = template(table, lang).map_err(Error::Refused)?;
    let name = lang.pick(&table.zh, &table.name);
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.xlsx")));
    replace(&path, &bytes)?;
    super::print(&format!("{}{}\n", say("已写：", "written: "), path.display()))?;
    Ok(Verdict::Fine)
}
