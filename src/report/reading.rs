//! How files were read, for the reader's first look: what became of the rows, what was converted or
//! completed, which printed totals do not agree, which values look wrong.

use std::collections::BTreeSet;

use crate::inventory::{Account, DoubtKind, How, Reason, Table, table};
use crate::origin::{Source, column_letters};
use crate::quantity::number;
use crate::words::{Lang, Words, counted};

/// What became of the rows: `读取：3 张表，217 行 = 数据 206 + 合计行 3 + 空行 8`.
///
/// Rows that were read again for what else they hold, or into another table, count once.
pub fn counts(sources: &[Source], accounts: &[Account], lang: Lang) -> String {
    let mut sheets = std::collections::BTreeSet::new();
    let own = sources.iter().zip(accounts).filter(|(source, _)| source.beside.is_none());
    let once: Vec<(&Source, &Account)> = own
        .filter(|(source, _)| sheets.insert((&source.file, &source.sha256, &source.sheet)))
        .collect();
    let first = || once.iter();
    let rows: usize = first().map(|(_, account)| account.read).sum();
    let aside: usize = first().map(|(_, account)| account.set_aside.len()).sum();
    let mut parts = vec![format!("{} {}", lang.pick("数据", "data"), rows - aside)];
    for reason in Reason::ALL {
        let count: usize = first().map(|(_, account)| account.set_aside_for(reason)).sum();
        if count > 0 {
            parts.push(format!("{} {count}", reason.words().in_lang(lang)));
        }
    }
    let sheets = sheets.len();
    match lang {
        Lang::Zh => format!("读取：{sheets} 张表，{rows} 行 = {}", parts.join(" + ")),
        Lang::En => format!(
            "Read: {}, {} = {}",
            counted(sheets, "table"),
            counted(rows, "row"),
            parts.join(" + ")
        ),
    }
}

/// How the cells of all sources were understood, each line once: a column that feeds several tables
/// is understood once.
pub fn all_understood(sources: &[Source], accounts: &[Account], lang: Lang) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let both = sources.iter().zip(accounts);
    let lines = both.flat_map(|(source, account)| {
        let lines = understood(source, account, lang).into_iter();
        lines.map(|(how, cells, line)| ((&source.file, how, cells.clone()), cells, line))
    });
    let once = lines.filter(|(place, ..)| seen.insert(place.clone()));
    let of_file = before_cell(sources);
    once.map(|((file, ..), cells, line)| format!("{}{cells} {line}", of_file(file))).collect()
}

/// What stands before a cell: its file, where there are several.
fn before_cell(sources: &[Source]) -> impl Fn(&str) -> String {
    let files: BTreeSet<&str> = sources.iter().map(|source| source.file.as_str()).collect();
    let several = files.len() > 1;
    move |file| if several { format!("{file}!") } else { String::new() }
}

/// How cells were understood that are no plain reading: how, which, and what is said of them.
fn understood(source: &Source, account: &Account, lang: Lang) -> Vec<(How, String, String)> {
    let sheet = source.sheet.as_deref().map_or(String::new(), |sheet| format!("{sheet}!"));
    let line = |one: &crate::inventory::Understood| {
        let letters = source.columns.get(&one.field).map(|&column| column_letters(column));
        let letters = letters.unwrap_or_default();
        let cells = match one.first == one.last {
            true => format!("{sheet}{letters}{}", one.first),
            false => format!("{sheet}{letters}{}:{letters}{}", one.first, one.last),
        };
        let name = field_name(source, &one.field);
        let (name, how, count) = (name.in_lang(lang), one.how.words(), one.count);
        let sample = match one.sample.chars().count() {
            0..=20 => one.sample.replace('\n', " "),
            _ => one.sample.chars().take(20).chain(['…']).collect(),
        };
        let factor = factor_of(source, one.how, &one.field).unwrap_or_default();
        let line = match lang {
            Lang::Zh => format!("{name} {count} 个：{}{factor}（如“{sample}”）", how.zh),
            Lang::En => format!("{name}, {count}: {}{factor} (such as `{sample}`)", how.en),
        };
        (one.how, cells, line)
    };
    account.understood.iter().map(line).collect()
}

/// What was multiplied by, for units of headings.
fn factor_of(source: &Source, how: How, field: &str) -> Option<String> {
    let factor = source.factors.get(field).filter(|_| how == How::UnitOfHeading)?;
    Some(format!(" ×{}", number(*factor, 2)))
}

/// What a field is called: a column of the table, or a stage of an event.
pub fn field_name(source: &Source, field: &str) -> Words {
    let declared: Option<&Table> = table(&source.table);
    if let Some(column) = declared.and_then(|table| table.column(field)) {
        return column.words();
    }
    stage_name(field)
}

/// What the day of a stage is called; a field that is no stage keeps its name.
pub fn stage_name(stage: &str) -> Words {
    // Where several columns hold one stage they are numbered: `handover#2`.
    let stage = stage.split('#').next().unwrap_or(stage);
    let declared = table("events").and_then(|events| events.column("stage"));
    let code = declared.and_then(|column| column.values.iter().find(|value| value.code == stage));
    match code {
        Some(code) => Words::new(format!("{}日期", code.zh), format!("day of {}", code.en)),
        None => Words::new(stage, stage),
    }
}

/// The doubts of one kind in all sources, as they are told.
pub fn doubts(
    sources: &[Source],
    accounts: &[Account],
    kind: DoubtKind,
    lang: Lang,
) -> Vec<String> {
    let of_file = before_cell(sources);
    let both = sources.iter().zip(accounts);
    let lines = both.flat_map(|(source, account)| {
        let file = of_file(&source.file);
        account.doubts_of(kind).map(move |doubt| file.clone() + doubt.words.in_lang(lang))
    });
    lines.collect()
}

impl DoubtKind {
    /// What a list of such doubts is headed with.
    pub fn heading(self) -> Words {
        match self {
            DoubtKind::Total => Words::new("合计核对", "printed totals"),
            DoubtKind::Outlier => Words::new("疑为单位写错", "perhaps the wrong unit"),
            DoubtKind::Remark => {
                Words::new("备注与权属，待确认", "remarks against tenure, to be confirmed")
            }
        }
    }

    /// All kinds, in the order they are told.
    pub const ALL: [DoubtKind; 3] = [DoubtKind::Total, DoubtKind::Outlier, DoubtKind::Remark];
}

impl Reason {
    /// All reasons, in the order they are told.
    pub const ALL: [Reason; 11] = [
        Reason::Total,
        Reason::Blank,
        Reason::Footer,
        Reason::Header,
        Reason::Weights,
        Reason::Band,
        Reason::Incomplete,
        Reason::Duplicate,
        Reason::Conflict,
        Reason::Nothing,
        Reason::Beyond,
    ];
}
