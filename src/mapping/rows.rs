//! What each row below the headings is: data, or a total, a footer, a title of a group.

use crate::inventory::{Kind, Reason, Table, tables};
use crate::layer::Grid;
use crate::words::Words;

use super::Mapping;
use super::cell::folded;
use super::header::is_value;
use super::headings::{Heading, column_of};

/// Words with which ledgers mark a row that totals others.
const TOTALS: &[&str] = &[
    "合计",
    "小计",
    "总计",
    "共计",
    "累计",
    "总和",
    "汇总",
    "平均",
    "total",
    "subtotal",
    "grandtotal",
    "average",
];

/// What these words end with, a colon after them included.
const TOTAL_ENDS: &str = "计和总汇均leLEｌｅ:：";

/// Words with which the lines below a table begin.
const FOOTERS: &[&str] = &[
    "填表",
    "制表",
    "审核",
    "复核",
    "填报",
    "负责人",
    "联系人",
    "联系电话",
    "备注",
    "说明",
    "注",
    "单位负责人",
    "日期",
    "preparedby",
    "note",
];

/// What a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// It is about a subject.
    Data,
    /// It totals others, in these words.
    Total(String),
    /// It is no subject either.
    Aside(Reason),
}

/// What a column of the file says of a row.
struct Role {
    /// A number, code or date: no word for a total.
    is_value: bool,
    /// Whether a longer text that ends in the word means a total: the name, a group, the number.
    ends_in_total: bool,
    /// Where a line below the table would begin.
    may_be_footer: bool,
    /// Whether it feeds anything.
    is_fed: bool,
}

/// What every row below the headings is, by the mapping that says what a row is.
pub fn kinds(grid: &Grid, mapping: &Mapping) -> Vec<Row> {
    let roles: Vec<Role> = (0..grid.columns()).map(|index| role(mapping, index)).collect();
    let figures = mapping.table.name == "aggregates";
    let first = mapping.header.last + 1;
    let end = if figures || grid.is_layer() { grid.rows() } else { end(grid, mapping) };
    let mut after_footer = false;
    let kind = |row: usize| {
        if row >= end {
            Row::Aside(if grid.is_blank(row) { Reason::Blank } else { Reason::Beyond })
        } else if grid.is_blank(row) {
            Row::Aside(Reason::Blank)
        } else if grid.is_layer() {
            // Features are what they are; only a name may say that one totals others.
            if figures { Row::Data } else { told(grid, row, &roles) }
        } else if mapping.weights == Some(row) {
            Row::Aside(Reason::Weights)
        } else if mapping.header.repeats_in(grid, row)
            || (row == first && mapping.header.numbers_columns(grid, row))
        {
            Row::Aside(Reason::Header)
        } else if figures {
            Row::Data
        } else if after_footer && is_note(grid, row) {
            Row::Aside(Reason::Footer)
        } else {
            let told = told(grid, row, &roles);
            after_footer |= told == Row::Aside(Reason::Footer);
            told
        }
    };
    (first..grid.rows()).map(kind).collect()
}

/// The row at which another table begins on the same sheet: below a blank row or a title of its own
/// stand headings again, other ones.
fn end(grid: &Grid, mapping: &Mapping) -> usize {
    let said = |row: usize| {
        (0..grid.columns()).filter(move |&column| !grid.cell(row, column).is_empty()).count()
    };
    let stands_again = |row: &usize| {
        let row = *row;
        let texts = || {
            (0..grid.columns()).map(|column| grid.cell(row, column)).filter(|text| !text.is_empty())
        };
        let count = said(row);
        if count < 3
            || said(row - 1) > 1
            || texts().any(is_value)
            || mapping.header.repeats_in(grid, row)
        {
            return false;
        }
        let known = |table: &'static Table| {
            texts().filter(|text| column_of(table, &Heading::of(text)).is_some()).count()
        };
        let most = tables().iter().map(known).max().unwrap_or(0);
        most >= 3 && most * 5 >= count * 3
    };
    let found = (mapping.header.last + 2..grid.rows()).find(stands_again);
    let Some(mut end) = found else { return grid.rows() };
    while end > mapping.header.last + 1 && said(end - 1) <= 1 {
        end -= 1;
    }
    end
}

/// Whether a row below a footer goes on with it: one text, numbered.
fn is_note(grid: &Grid, row: usize) -> bool {
    let mut texts =
        (0..grid.columns()).map(|column| grid.cell(row, column)).filter(|text| !text.is_empty());
    let only = texts.next().filter(|_| texts.next().is_none()).map(folded);
    only.is_some_and(|text| {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || "(（".contains(c));
        rest.len() < text.len() && rest.starts_with(['.', '、', ')', '）', ','])
    })
}

fn role(mapping: &Mapping, index: usize) -> Role {
    let mapped = mapping.columns.iter().find(|mapped| mapped.index == index);
    let kind = mapped.map(|mapped| mapped.column.kind);
    let is_value = kind.is_some_and(|kind| {
        kind.is_quantity() || matches!(kind, Kind::Code | Kind::Flag | Kind::Date | Kind::Year)
    });
    let is_name = mapped.is_some_and(|mapped| mapping.names_the_row(&mapped.column.name));
    let may_be_footer = is_name || (index == 0 && mapped.is_none());
    // Districts and streets group the rows, and a running number stands before the name.
    let groups = mapped.is_some_and(|mapped| {
        mapped.column.kind == Kind::Place || mapped.column.to.as_deref() == Some("divisions")
    });
    let ends_in_total = is_name || groups || (index == 0 && mapped.is_none());
    Role { is_value, ends_in_total, may_be_footer, is_fed: mapped.is_some() }
}

/// What a row says it is. The word for a total may stand in a column nobody uses, such as the
/// running number; in the column of names it may also end a longer one (`城东小计`).
fn told(grid: &Grid, row: usize, roles: &[Role]) -> Row {
    let mut said = 0;
    let mut fed = 0;
    for (column, role) in roles.iter().enumerate() {
        let cell = grid.cell(row, column);
        if cell.is_empty() {
            continue;
        }
        said += 1;
        fed += usize::from(role.is_fed);
        // Most cells are neither; to see that is cheaper than to fold them.
        let may_total = !role.is_value && cell.ends_with(|c: char| TOTAL_ENDS.contains(c));
        if !may_total && !role.may_be_footer && said > 1 {
            continue;
        }
        let text = folded(cell);
        let plain = text.trim_end_matches([':', '：']);
        let is_total =
            |word: &&&str| plain == **word || (role.ends_in_total && plain.ends_with(**word));
        if !role.is_value && TOTALS.iter().any(|word| is_total(&word)) {
            return Row::Total(text);
        }
        let labelled = text.split([':', '：']).next().filter(|head| *head != text).unwrap_or("");
        let is_label = || FOOTERS.iter().any(|word| labelled.starts_with(word));
        let is_word = || FOOTERS.contains(&text.as_str());
        // Those who sign may begin anywhere, as long as nothing stands before them.
        let signs = said == 1 && is_label() && cell.ends_with([':', '：']);
        if (role.may_be_footer && (is_label() || is_word())) || signs {
            return Row::Aside(Reason::Footer);
        }
    }
    let wide = said == 1 && grid.columns() >= 3 && !grid.is_layer();
    if wide && is_band(grid, row, roles, fed) { Row::Aside(Reason::Band) } else { Row::Data }
}

/// Whether a row with a single text names a group of the rows below: `一、城东片区`. It spans the
/// table in one merged cell, or counts the groups in front of its name.
fn is_band(grid: &Grid, row: usize, roles: &[Role], fed: usize) -> bool {
    let column = (0..roles.len()).find(|&column| !grid.cell(row, column).is_empty());
    let Some(column) = column else { return false };
    let merge = grid.merges.iter().find(|merge| merge.holds(row, column));
    let spans = merge.is_some_and(|merge| {
        merge.top == merge.bottom && (merge.right - merge.left + 1) * 2 > grid.columns()
    });
    let text = folded(grid.cell(row, column));
    let counted = text
        .trim_start_matches(['(', '第'])
        .trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
    let numbered = counted.len() < text.len() && counted.starts_with(['、', '.', ')', ',']);
    spans || (numbered && (fed == 0 || column == 0))
}

/// Why a row is set aside.
pub fn words(row: &Row) -> (Reason, Words) {
    match row {
        Row::Total(text) => (
            Reason::Total,
            Words::new(
                format!("“{text}”是合计行，不作为对象"),
                format!("`{text}` is a row of totals, not a subject"),
            ),
        ),
        Row::Aside(reason) => {
            let words = match reason {
                Reason::Blank => Words::new("整行空白", "all cells are blank"),
                Reason::Header => Words::new(
                    "重复的表头或栏号，不作为对象",
                    "repeats or numbers the headings, not a subject",
                ),
                Reason::Beyond => Words::new(
                    "下面另有一段表（表头又出现一次），未读；请另存为单独的工作表",
                    "another table with headings of its own stands below; not read: move it to a sheet of its own",
                ),
                Reason::Weights => Words::new(
                    "权重行：读作各项指标的权重，不作为对象",
                    "the row of weights: read as those of the indicators, not a subject",
                ),
                Reason::Band => {
                    Words::new("分组标题行，不作为对象", "names a group of rows, not a subject")
                }
                _ => {
                    Words::new("表尾的说明行，不作为对象", "a line below the table, not a subject")
                }
            };
            (*reason, words)
        }
        Row::Data => unreachable!("a row of data is not set aside for what it is"),
    }
}

impl Mapping {
    /// Whether a column says what a row is about.
    pub(super) fn names_the_row(&self, column: &str) -> bool {
        self.table.label == column || self.table.belongs_to.iter().any(|name| name == column)
    }
}
