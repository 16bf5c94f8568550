//! Blank workbooks for the tables of the inventory, which read back without a mapping.

use crate::export::workbook::{Blank, BlankColumn, CellKind, blank};
use crate::inventory::{Blank as Meaning, Column, Kind, Table};
use crate::mapping::Heading;
use crate::quantity::Unit;
use crate::words::{Lang, Words};

/// What a template's marker begins with.
pub const MARKER: &str = "facility-audit/template/";

/// A blank workbook for a table: headings with units, choices, and what each column means.
///
/// # Errors
/// When the workbook cannot be written, which would be a defect.
///
/// `only` names the columns to ask for, in this order; none means all.
pub fn template(table: &Table, only: &[&Column], lang: Lang) -> Result<Vec<u8>, Words> {
    let all: Vec<&Column> = table.columns.iter().filter(|one| one.name != "id").collect();
    let columns = if only.is_empty() { &all } else { only };
    let name = lang.pick(&table.zh, &table.en).to_owned();
    blank(&Blank {
        title: match lang {
            Lang::Zh => format!("{}登记表", table.zh),
            Lang::En => format!("List of {}", table.en),
        },
        columns: columns.iter().map(|one| column(one, lang)).collect(),
        notes: notes(table, lang),
        marker: format!("{MARKER}{}/{}", table.name, env!("CARGO_PKG_VERSION")),
        sender_label: lang.pick("填报单位：", "Filled in by:").to_owned(),
        date_label: lang.pick("填报日期：", "Filled in on:").to_owned(),
        person_label: lang.pick("填表人：", "Name:").to_owned(),
        name,
    })
}

fn notes(table: &Table, lang: Lang) -> Vec<String> {
    match lang {
        Lang::Zh => vec![
            format!("一行填{}。带 * 的必填。", table.row_zh),
            "不知道的留空或写“不详”；确实没有的写“无”；数量不能确定的可写“约1200”“500余”“300以上”。".to_owned(),
            "只填数字，单位见表头；另写单位的（如 3亩、6万元）以单元格为准。".to_owned(),
            "不要增删列、合并单元格；行数不够时可继续往下填。".to_owned(),
        ],
        Lang::En => vec![
            format!("One row is {}. Columns with * must be filled in.", table.row_en),
            "Leave blank, or write 不详, what is not known; write 无 where there is none; 约1200, 500余, 300以上 where a number is not certain.".to_owned(),
            "Numbers only, in the unit of the heading; a unit written in the cell (3亩, 6万元) goes first.".to_owned(),
            "Do not add or remove columns or merge cells; go on below where there are not enough rows.".to_owned(),
        ],
    }
}

fn column(declared: &Column, lang: Lang) -> BlankColumn {
    // A unit that could not be read back is left out.
    let reads_back = |unit: &Unit| {
        let heading = Heading::of(&format!("{}({})", declared.zh, unit.zh));
        heading.unit.is_some() && heading.factor(declared.kind) == Some(1.0)
    };
    let unit = declared.unit().filter(reads_back);
    let name = lang.pick(&declared.zh, &declared.en);
    let heading = match (unit, lang) {
        (Some(unit), Lang::Zh) => format!("{name}（{}）", unit.zh),
        (Some(unit), Lang::En) => format!("{name} ({})", unit.zh),
        (None, _) => name.to_owned(),
    };
    let doc = lang.pick(&declared.doc_zh, &declared.doc_en);
    let meaning = match declared.blank {
        Meaning::Unknown => lang.pick("空白表示不明", "blank means unknown"),
        Meaning::None => lang.pick("空白表示没有", "blank means none"),
        Meaning::NotApplicable => lang.pick("空白表示不适用", "blank means not applicable"),
    };
    BlankColumn {
        heading,
        required: declared.required,
        kind: kind(declared, lang),
        note: format!("{doc}{}{meaning}", lang.pick("；", "; ")),
        example: example(declared, lang),
    }
}

fn kind(declared: &Column, lang: Lang) -> CellKind {
    match declared.kind {
        Kind::Code => {
            let names = declared.values.iter().map(|value| lang.pick(&value.zh, &value.en));
            CellKind::Choice(names.map(str::to_owned).collect())
        }
        Kind::Flag => CellKind::YesNo,
        Kind::Date => CellKind::Date,
        Kind::Year => CellKind::Year,
        Kind::Count => CellKind::Number { decimals: 0 },
        kind if kind.is_quantity() => CellKind::Number { decimals: 2 },
        _ => CellKind::Text,
    }
}

fn example(declared: &Column, lang: Lang) -> String {
    let text = match declared.kind {
        Kind::Code => declared.values.first().map_or("", |value| lang.pick(&value.zh, &value.en)),
        Kind::Flag => "是",
        Kind::Date => "2023-04-05",
        Kind::Year => "2023",
        Kind::Area => "281.98",
        Kind::Money => "36000",
        Kind::Count => "1200",
        Kind::Length => "2.8",
        Kind::Share => "0.6",
        Kind::Place => "370102",
        _ => "",
    };
    text.to_owned()
}

/// The name of a sheet for the rows of a table, the first plain, others numbered.
pub fn sheet_name(table: &str, number: usize) -> String {
    let name = crate::inventory::table(table).map_or(table, |table| table.zh.as_str());
    if number == 0 { name.to_owned() } else { format!("{name}{}", number + 1) }
}
