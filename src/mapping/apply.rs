//! Reading the cells of a grid into inventory rows, losing nothing.

use std::collections::BTreeMap;

use crate::inventory::{
    BadCell, Blank, Column, From, Gathering, Kind, MapFault, MapFaultKind, Reason, SetAside,
    UNSTATED, Value,
};
use crate::layer::Grid;
use crate::origin::{Source, column_letters};
use crate::quantity::{Interval, Unit};
use crate::words::Words;

use super::cell::{self, decimals, folded};
use super::{Mapped, Mapping, Reading};

/// One grid and where it came from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The file's name without folders.
    pub file: &'a str,
    /// The file's SHA-256.
    pub sha256: &'a str,
    /// Its cells.
    pub grid: &'a Grid,
    /// For layers whose geometry was read: the coordinate system of the file.
    pub crs: Option<&'a str>,
}

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

/// What a mapping does with every row, worked out once.
struct Plan<'m> {
    /// Where each column of the table comes from.
    feeds: Vec<Feed<'m>>,
    /// What each column of the file says of a row.
    roles: Vec<Role>,
}

/// Where a column of the table comes from.
enum Feed<'m> {
    Nothing,
    Set(&'m str),
    Cell(&'m Mapped),
}

/// What a column of the file says of a row.
struct Role {
    /// A number, code or date: no word for a total.
    is_value: bool,
    /// What the row is about.
    is_name: bool,
    /// Where a line below the table would begin.
    may_be_footer: bool,
}

/// A row of totals, or a line below the table, is no subject: it would be judged, and everything
/// counted twice. The word may stand in a column nobody uses, such as the running number; in the
/// column of names it may also end a longer one (`城东小计`).
fn refuse_total(plan: &Plan<'_>, grid: &Grid, row: usize) -> Result<(), (Reason, Words)> {
    for (column, role) in plan.roles.iter().enumerate() {
        if role.is_value && !role.may_be_footer {
            continue;
        }
        let text = folded(grid.cell(row, column));
        let is_total = |word: &&&str| text == **word || (role.is_name && text.ends_with(**word));
        if !role.is_value && TOTALS.iter().any(|word| is_total(&word)) {
            return Err((
                Reason::Total,
                Words::new(
                    format!("“{text}”是合计行，不作为对象"),
                    format!("`{text}` is a row of totals, not a subject"),
                ),
            ));
        }
        let labelled = text.split([':', '：']).next().filter(|head| *head != text).unwrap_or("");
        let is_footer = || FOOTERS.iter().any(|word| labelled.starts_with(word) || text == *word);
        if role.may_be_footer && is_footer() {
            return Err((
                Reason::Footer,
                Words::new("表尾的说明行，不作为对象", "a line below the table, not a subject"),
            ));
        }
    }
    Ok(())
}

impl Mapping {
    /// Reads every row below the headings into `gathering`, or sets it aside with its reason.
    pub fn apply(&self, input: Input<'_>, gathering: &mut Gathering) {
        let rows = self.header + 1..input.grid.rows();
        let source = gathering.source(self.source(input), rows.len());
        for (row, words) in input.grid.shapes.iter().flat_map(|shapes| &shapes.faults) {
            gathering.map_fault(MapFault {
                kind: MapFaultKind::Unkept,
                source,
                row: input.grid.row_number(*row),
                table: &self.table.name,
                id: String::new(),
                area: 0.0,
                words: words.clone(),
                place: None,
            });
        }
        let plan = self.plan(input.grid);
        for row in rows {
            let read = self.read_row(&plan, input.grid, row, source, gathering);
            if let Err((reason, words)) = read {
                gathering.account(source).set_aside.push(SetAside {
                    row: input.grid.row_number(row),
                    reason,
                    words,
                });
            }
        }
    }

    fn source(&self, input: Input<'_>) -> Source {
        let columns =
            self.columns.iter().map(|mapped| (mapped.column.name.clone(), mapped.index as u32));
        let items = self.items.iter().map(|item| (item.item.clone(), item.index as u32));
        Source {
            file: input.file.to_owned(),
            sheet: input.grid.sheet.clone(),
            table: self.table.name.clone(),
            sha256: input.sha256.to_owned(),
            columns: columns.chain(items).collect(),
            names: self.layer_names(input.grid),
            crs: input.crs.map(str::to_owned),
        }
    }

    /// What a layer calls the fields; nothing for other files, whose cells have letters.
    fn layer_names(&self, grid: &Grid) -> BTreeMap<String, String> {
        if !grid.is_layer() {
            return BTreeMap::new();
        }
        let name = |index: usize| grid.cell(self.header, index).to_owned();
        let named = self.columns.iter().map(|one| (one.column.name.clone(), name(one.index)));
        named.collect()
    }

    /// Where each column of the table comes from, and what each column of the file says of a row.
    fn plan(&self, grid: &Grid) -> Plan<'_> {
        let feed = |column: &Column| {
            let set = self.set.iter().find(|(set, _)| set.name == column.name);
            let mapped = || self.columns.iter().find(|mapped| mapped.column.name == column.name);
            match set {
                Some((_, text)) => Feed::Set(text),
                None => mapped().map_or(Feed::Nothing, Feed::Cell),
            }
        };
        let role = |index: usize| {
            let mapped = self.columns.iter().find(|mapped| mapped.index == index);
            let kind = mapped.map(|mapped| mapped.column.kind);
            let is_value = kind.is_some_and(|kind| {
                kind.is_quantity()
                    || matches!(kind, Kind::Code | Kind::Flag | Kind::Date | Kind::Year)
            });
            let is_name = mapped.is_some_and(|mapped| self.names_the_row(&mapped.column.name));
            let may_be_footer = is_name || (index == 0 && mapped.is_none());
            Role { is_value, is_name, may_be_footer }
        };
        Plan {
            feeds: self.table.columns.iter().map(feed).collect(),
            roles: (0..grid.columns()).map(role).collect(),
        }
    }

    fn read_row(
        &self,
        plan: &Plan<'_>,
        grid: &Grid,
        row: usize,
        source: u32,
        gathering: &mut Gathering,
    ) -> Result<(), (Reason, Words)> {
        if grid.is_blank(row) {
            return Err((Reason::Blank, Words::new("整行空白", "all cells are blank")));
        }
        let number = grid.row_number(row);
        if self.items.is_empty() && self.table.name != "aggregates" {
            refuse_total(plan, grid, row)?;
        }
        let mut values: Vec<Value> = Vec::with_capacity(self.table.columns.len());
        for (column, feed) in self.table.columns.iter().zip(&plan.feeds) {
            let read = self.read_cell(grid, row, column, feed);
            values.push(read.unwrap_or_else(|(found, accepted)| {
                gathering.account(source).unreadable.push(BadCell {
                    row: number,
                    field: column.name.clone(),
                    found,
                    accepted,
                });
                Value::Unknown
            }));
        }
        if !self.items.is_empty() {
            self.melt(grid, row, source, values, gathering);
            return Ok(());
        }
        for (column, value) in self.table.columns.iter().zip(&values) {
            if column.required && matches!(value, Value::Unknown | Value::None) {
                let index = self.columns.iter().find(|mapped| mapped.column.name == column.name);
                let at = index.map_or(String::new(), |mapped| column_letters(mapped.index as u32));
                return Err((
                    Reason::Incomplete,
                    Words::new(
                        format!("缺少{}（{at}{number}）", column.zh),
                        format!("lacks the {} ({at}{number})", column.en),
                    ),
                ));
            }
        }
        self.no_rooms_means_no_area(grid, row, &mut values);
        self.complete_figure(grid, row, &mut values);
        let from = From { source, row: number, field: None };
        let rows = gathering.rows(&self.table.name);
        rows.push(from, values);
        let shapes = grid.shapes.as_ref().and_then(|shapes| shapes.all.get(row));
        if let Some(geometry) = shapes.and_then(Option::as_ref) {
            rows.place_last(geometry.clone());
        }
        Ok(())
    }

    /// What a column's cell of this row says, or its text and what would have been accepted.
    fn read_cell(
        &self,
        grid: &Grid,
        row: usize,
        column: &Column,
        feed: &Feed<'_>,
    ) -> Result<Value, (String, Words)> {
        let mapped = match feed {
            Feed::Nothing => return Ok(Value::Unknown),
            Feed::Set(text) => {
                let reading = Reading { blank: column.blank, factor: 1.0, about: self.about };
                return cell::value(text, column, &reading)
                    .map_err(|accepted| ((*text).to_owned(), accepted));
            }
            Feed::Cell(mapped) => *mapped,
        };
        let text = grid.cell(row, mapped.index);
        let instead = match mapped.values.is_empty() {
            true => text,
            false => mapped.values.get(&folded(text)).map_or(text, String::as_str),
        };
        let value = cell::value(instead, column, &mapped.reading)
            .map_err(|accepted| (text.to_owned(), accepted))?;
        // Where a blank means none, a word that says "not known" is not lost among the blanks.
        let says_unknown = column.kind == Kind::Text
            && column.blank == Blank::None
            && value == Value::Unknown
            && !instead.is_empty();
        Ok(if says_unknown { Value::Text(UNSTATED.to_owned()) } else { value })
    }

    /// Whether a column says what a row is about.
    fn names_the_row(&self, column: &str) -> bool {
        self.table.label == column || self.table.belongs_to.iter().any(|name| name == column)
    }

    /// A row that says there are no premises says their area: none. A blank cell beside it adds
    /// nothing; a cell that says the area is not known is believed.
    fn no_rooms_means_no_area(&self, grid: &Grid, row: usize, values: &mut [Value]) {
        if let (Some(tenure), Some(area)) = (self.at("tenure"), self.at("area"))
            && values[tenure] == Value::Text("none".into())
            && values[area] == Value::Unknown
            && self.text_of(grid, row, "area").is_none_or(str::is_empty)
        {
            values[area] = Value::None;
        }
    }

    /// A published figure in a table of figures: its unit by code, its decimals as printed.
    fn complete_figure(&self, grid: &Grid, row: usize, values: &mut [Value]) {
        if self.table.name != "aggregates" {
            return;
        }
        if let Some(unit) = self.at("unit")
            && let Value::Text(text) = &values[unit]
            && let Some(known) = Unit::named(text)
        {
            values[unit] = Value::Text(known.code.to_owned());
        }
        if let (Some(at), Some(text)) = (self.at("decimals"), self.text_of(grid, row, "value"))
            && values[at] == Value::Unknown
        {
            values[at] = exactly(decimals(text));
        }
    }

    fn at(&self, column: &str) -> Option<usize> {
        self.table.columns.iter().position(|declared| declared.name == column)
    }

    /// The text of the cell that feeds a column, if any does.
    fn text_of<'g>(&self, grid: &'g Grid, row: usize, column: &str) -> Option<&'g str> {
        let mapped = self.columns.iter().find(|mapped| mapped.column.name == column)?;
        Some(grid.cell(row, mapped.index))
    }

    /// One figure per item: a published table's columns become rows.
    fn melt(
        &self,
        grid: &Grid,
        row: usize,
        source: u32,
        values: Vec<Value>,
        gathering: &mut Gathering,
    ) {
        let period = self.at("period").and_then(|index| match &values[index] {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        });
        let in_total_row = self.total.is_some() && period == self.total;
        for item in &self.items {
            let mut figure = values.clone();
            let mut put = |name: &str, value: Value| {
                if let Some(index) = self.at(name) {
                    figure[index] = value;
                }
            };
            let number =
                read_figure(grid.cell(row, item.index), self.about).unwrap_or_else(|accepted| {
                    gathering.account(source).unreadable.push(BadCell {
                        row: grid.row_number(row),
                        field: item.item.clone(),
                        found: grid.cell(row, item.index).to_owned(),
                        accepted,
                    });
                    Value::Unknown
                });
            put("item", Value::Text(item.item.clone()));
            put("value", number);
            put("unit", Value::Text(item.unit.code.to_owned()));
            put("decimals", exactly(decimals(grid.cell(row, item.index))));
            if let Some(total) = &item.row_total {
                put("row_total", Value::Text(total.clone()));
            }
            // A column of totals is checked across, row by row; checking it down as well would
            // report one mistake twice.
            if let (Some(total), false, false) =
                (&self.total, in_total_row, item.is_total || !item.unit.adds_up())
            {
                put("column_total", Value::Text(total.clone()));
            }
            let from = From { source, row: grid.row_number(row), field: Some(item.item.clone()) };
            gathering.rows(&self.table.name).push(from, figure);
        }
    }
}

fn exactly(count: usize) -> Value {
    let count = count as f64;
    Value::Number { stated: Some(count), bounds: Interval::exactly(count) }
}

/// A figure stays in the unit it is printed in, so that a reader finds the same number again.
fn read_figure(text: &str, about: f64) -> Result<Value, Words> {
    let column = crate::inventory::table("aggregates")
        .and_then(|table| table.column("value"))
        .expect("published figures have a value");
    let reading = Reading { blank: Blank::Unknown, factor: 1.0, about };
    cell::value(text, column, &reading)
}
