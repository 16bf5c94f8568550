//! Score sheets: a row per community or estate, a column per indicator, perhaps a row of weights.
//!
//! What the dictionary does not know is an indicator when most of its cells are numbers, or yes and
//! no. A percentage is a share of one, a day stands for its year.

use crate::inventory::{Blank, Column, Gathering, Kind, Table, Value, table};
use crate::layer::Grid;
use crate::quantity::{Interval, Unit};
use crate::words::Words;

use super::cell::{self, Reading, folded, units};
use super::headings::{Heading, code_of};
use super::matching::Matched;
use super::{Item, Mapping};

/// What stands in the first cell of the row of weights.
const WEIGHTS: &[&str] = &["权重", "权重值", "权重(%)", "权数", "weight", "weights"];

/// Headings of columns that number the rows.
const NUMBERS: &[&str] = &["序号", "编号", "no", "no.", "排名", "名次", "总分", "合计", "得分合计"];

/// What the words of a heading say of the kind of subject, by table.
const KINDS: &[(&str, &str)] = &[
    ("小区", "estate"),
    ("楼栋", "building"),
    ("街道", "division"),
    ("区县", "division"),
    ("社区", "community"),
    ("居委会", "community"),
];

/// Whether a table holds one indicator per row and these headings give none: a wide sheet.
pub fn is_wide(mapping: &Mapping) -> bool {
    mapping.table.name == "indicators"
        && mapping.index_of("subject").is_some()
        && mapping.index_of("item").is_none()
}

/// Whether one of the first rows begins with the word for weights, and goes on with numbers.
pub fn weighed(grid: &Grid) -> bool {
    let is_weights = |row: usize| {
        let at = (0..grid.columns())
            .find(|column| WEIGHTS.contains(&folded(grid.cell(row, *column)).as_str()));
        at.is_some_and(|at| {
            let rest = (at + 1..grid.columns()).map(|column| grid.cell(row, column));
            rest.filter(|text| text.trim().parse::<f64>().is_ok()).count() >= 2
        })
    };
    !grid.is_layer() && (1..grid.rows().min(8)).any(is_weights)
}

/// Adds the indicators of a wide sheet to what its other headings feed.
pub fn with_indicators(grid: &Grid, mut rows: Matched) -> Matched {
    let mapping = &mut rows.mapping;
    if !is_wide(mapping) {
        return rows;
    }
    let header = mapping.header.clone();
    // A column that the dictionary takes for a value of a long list is an indicator here.
    mapping.columns.retain(|one| {
        ["id", "place", "subject", "subject_kind", "period", "assessor", "note"]
            .contains(&one.column.name.as_str())
    });
    let fed: Vec<usize> = mapping.columns.iter().map(|one| one.index).collect();
    mapping.weights = weights(grid, mapping);
    for index in (0..header.columns()).filter(|index| !fed.contains(index)) {
        let heading = header.text(index);
        let words = Heading::of(&heading).words;
        let none = words.is_empty() || NUMBERS.contains(&words.as_str());
        if none || !holds_numbers(grid, mapping, index) {
            continue;
        }
        let item = of_heading(&heading, index);
        let twice = mapping.items.iter().any(|one| one.item == item.item);
        mapping.items.push(if twice { Item { item: heading, ..item } } else { item });
    }
    if let (None, Some(kind)) = (mapping.index_of("subject_kind"), kind_of(mapping))
        && let Some(column) = mapping.table.column("subject_kind")
    {
        mapping.set.push((column, kind.to_owned()));
    }
    let items: Vec<usize> = mapping.items.iter().map(|item| item.index).collect();
    rows.unused.retain(|index| !items.contains(index));
    rows
}

/// A column of a wide sheet as an indicator: its heading without the unit is its name.
fn of_heading(heading: &str, index: usize) -> Item {
    let read = Heading::of(heading);
    let unit = read.figure_unit().ok().flatten();
    let share = read.unit.as_ref().and_then(|unit| units(Kind::Share).get(unit)).copied();
    let name = heading.split(['（', '(']).next().unwrap_or(heading).trim();
    let name = if read.unit.is_some() { name } else { heading };
    let code = |code| Unit::of(code).expect("a known unit");
    Item {
        item: name.to_owned(),
        index,
        unit: unit.unwrap_or_else(|| code(if share.is_some() { "ratio" } else { "score" })),
        factor: share.filter(|_| unit.is_none()).unwrap_or(1.0),
        row_total: None,
        is_total: false,
    }
}

/// The row of weights, from 0, when one of the first two rows below the headings is one.
fn weights(grid: &Grid, mapping: &Mapping) -> Option<usize> {
    let first = mapping.header.last + 1;
    (first..grid.rows().min(first + 2)).find(|&row| {
        (0..grid.columns()).any(|column| WEIGHTS.contains(&folded(grid.cell(row, column)).as_str()))
    })
}

/// What a row is about, told by the heading of its subject.
fn kind_of(mapping: &Mapping) -> Option<&'static str> {
    let subject = mapping.columns.iter().find(|one| one.column.name == "subject")?;
    let known = KINDS.iter().find(|(word, _)| subject.words.contains(word));
    known.map(|(_, kind)| *kind)
}

fn holds_numbers(grid: &Grid, mapping: &Mapping, index: usize) -> bool {
    let cells = (mapping.header.last + 1..grid.rows()).map(|row| grid.cell(row, index));
    let (mut said, mut read) = (0, 0);
    for text in cells.filter(|text| !text.is_empty()) {
        said += 1;
        read += usize::from(score(text, 1.0, mapping.about).is_ok());
    }
    read > 0 && read * 2 >= said
}

fn column(table: &'static Table, name: &str) -> &'static Column {
    table.column(name).unwrap_or_else(|| panic!("{}.{name} is declared", table.name))
}

fn declared(name: &str) -> &'static Table {
    table(name).unwrap_or_else(|| panic!("{name} is declared"))
}

/// A cell of an indicator: a number, a percentage, yes or no as 1 or 0, a day as its year.
///
/// # Errors
/// What would have been accepted.
pub fn score(text: &str, factor: f64, about: f64) -> Result<Value, Words> {
    let value = column(declared("indicators"), "value");
    let reading = Reading { blank: Blank::Unknown, factor, about, since_1904: false };
    let number = cell::value(text, value, &reading);
    let Err(accepted) = number else { return number };
    let exactly =
        |number: f64| Ok(Value::Number { stated: Some(number), bounds: Interval::exactly(number) });
    let share = column(declared("budgets"), "share");
    if let Ok(share @ Value::Number { .. }) =
        cell::value(text, share, &Reading { factor: 1.0, ..reading.clone() })
    {
        return Ok(share);
    }
    let flag = column(declared("premises"), "below_ground");
    match code_of(flag, &folded(text)).as_deref() {
        Some("true") => return exactly(1.0),
        Some("false") => return exactly(0.0),
        _ => {}
    }
    let day = column(declared("estates"), "built_on");
    match cell::value(text, day, &Reading::plain(day)) {
        Ok(Value::Date(day)) => exactly(f64::from(day.first().year())),
        _ => Err(accepted),
    }
}

impl Mapping {
    /// The weight that the row of weights gives an indicator.
    fn weight_of(&self, grid: &Grid, item: &Item) -> Value {
        let Some(row) = self.weights else { return Value::Unknown };
        let weight = column(self.table, "weight");
        let text = grid.cell(row, item.index);
        cell::value(text, weight, &Reading::plain(weight)).unwrap_or(Value::Unknown)
    }

    /// One row of indicators for each of them.
    pub(super) fn melt_scores(
        &self,
        cells: &super::merged::Cells<'_>,
        row: usize,
        source: u32,
        values: &[Value],
        gathering: &mut Gathering,
    ) {
        let grid = cells.grid;
        for item in &self.items {
            let text = grid.cell(row, item.index);
            let read = score(text, item.factor, self.about).unwrap_or_else(|accepted| {
                gathering.account(source).unreadable.push(crate::inventory::BadCell {
                    row: grid.row_number(row),
                    field: item.item.clone(),
                    found: text.to_owned(),
                    accepted,
                });
                Value::Unknown
            });
            let mut one = values.to_vec();
            let mut put = |name: &str, value: Value| {
                if let Some(index) = self.at(name) {
                    one[index] = value;
                }
            };
            put("item", Value::Text(item.item.clone()));
            put("value", read);
            put("unit", Value::Text(item.unit.code.to_owned()));
            put("weight", self.weight_of(grid, item));
            let from = crate::inventory::From {
                source,
                row: grid.row_number(row),
                field: Some(item.item.clone()),
            };
            gathering.rows(&self.table.name).push(from, one);
        }
    }
}
