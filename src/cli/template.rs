//! `template`: a blank workbook for one table.

use std::path::PathBuf;

use facility_audit::Error;
use facility_audit::inventory::{Column, Table, tables};
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
    #[arg(long, value_name = "FIELDS", help = say("只要这些字段，以逗号分隔：community,name,area,tenure 或 社区,用房面积；默认全部", "only these fields, separated by commas: community,name,area,tenure; all by default"))]
    columns: Option<String>,
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
    let asked = args.columns.as_deref().unwrap_or_default();
    let asked = asked.split([',', '，', '、']).map(str::trim).filter(|name| !name.is_empty());
    let only = asked.map(|name| column(table, name)).collect::<Result<Vec<&Column>, Error>>()?;
    let lacks =
        |column: &&Column| column.required && !only.iter().any(|one| one.name == column.name);
    if let Some(required) = table.columns.iter().find(|column| !only.is_empty() && lacks(column)) {
        let (zh, field) = (&required.zh, &required.name);
        return Err(Error::refused(
            format!("--columns 缺少必填的字段：{field}（{zh}）"),
            format!("--columns lacks a field that must be filled in: {field}"),
        )
        .into());
    }
    let bytes = template(table, &only, lang).map_err(Error::Refused)?;
    let name = lang.pick(&table.zh, &table.name);
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.xlsx")));
    replace(&path, &bytes)?;
    super::print(&format!("{}{}\n", say("已写：", "written: "), path.display()))?;
    Ok(Verdict::Fine)
}

/// The column of a table that a user names by its code or in words.
fn column(table: &'static Table, name: &str) -> Result<&'static Column, Error> {
    let is_it = |column: &&Column| column.name == name || column.zh == name || column.en == name;
    table.columns.iter().find(is_it).ok_or_else(|| {
        let zh: Vec<String> =
            table.columns.iter().map(|one| format!("{}（{}）", one.name, one.zh)).collect();
        let en: Vec<&str> = table.columns.iter().map(|one| one.name.as_str()).collect();
        Error::refused(
            format!("表 {} 没有字段“{name}”；可用：{}", table.name, zh.join("、")),
            format!("table {} has no field `{name}`; available: {}", table.name, en.join(", ")),
        )
    })
}
