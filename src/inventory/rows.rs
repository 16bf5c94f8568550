//! Rows of one inventory table while they are being gathered from sources.

mod joined;

use std::collections::BTreeMap;

use geo_types::Geometry;
use polars::prelude::*;

use crate::day::PartialDay;
use crate::quantity::Interval;

use super::declaration::{Column as Declared, Kind, Table, high, low, resolved};

/// What a text column holds where the source says that it is not known, for columns whose blank
/// means there is none.
pub const UNSTATED: &str = "不详";

/// What a list of classes holds where the source says there are none.
pub const NONE: &str = "无";

/// A cell once its text has been understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing is known.
    Unknown,
    /// There is none.
    None,
    /// The question does not arise.
    NotApplicable,
    /// A text, name, code or reference.
    Text(String),
    /// A number with bounds; `stated` is what the cell says when it says one number.
    Number {
        /// The number as stated, if one was.
        stated: Option<f64>,
        /// All values it could have.
        bounds: Interval,
    },
    /// Yes or no.
    Flag(bool),
    /// A year.
    Year(i32),
    /// A date.
    Date(PartialDay),
}

/// One column's values, in the form the table engine wants.
#[derive(Debug, Clone)]
enum Data {
    Text(Vec<Option<String>>),
    Number { stated: Vec<Option<f64>>, low: Vec<f64>, high: Vec<f64> },
    Flag(Vec<Option<bool>>),
    Year(Vec<Option<i32>>),
    Date { first: Vec<Option<String>>, precision: Vec<Option<&'static str>> },
    Ref { text: Vec<Option<String>>, id: Vec<Option<String>>, link: Vec<Option<&'static str>> },
}

/// The rows of one table, with the source and row each came from.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The table they belong to.
    pub table: &'static Table,
    data: Vec<Data>,
    source: Vec<u32>,
    row: Vec<u32>,
    field: Vec<Option<String>>,
    geometry: BTreeMap<usize, Geometry<f64>>,
    borrowed: BTreeMap<(usize, &'static str), (u32, u32)>,
    ties: BTreeMap<usize, Tie>,
}

/// The row of another table that an event happened to, read from the same row of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tie {
    /// Its source.
    pub source: u32,
    /// Its row in the spreadsheet, from 1.
    pub row: u32,
}

/// Where a row came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct From {
    /// The number of its source.
    pub source: u32,
    /// Its row in the spreadsheet, from 1.
    pub row: u32,
    /// For rows melted from one cell: the field of the source whose column it is.
    pub field: Option<String>,
}

impl Rows {
    /// No rows yet.
    pub fn new(table: &'static Table) -> Rows {
        Rows {
            table,
            data: table.columns.iter().map(Data::new).collect(),
            source: Vec::new(),
            row: Vec::new(),
            field: Vec::new(),
            geometry: BTreeMap::new(),
            borrowed: BTreeMap::new(),
            ties: BTreeMap::new(),
        }
    }

    /// Ties the row that was appended last to what it happened to.
    pub fn tie_last(&mut self, tie: Tie) {
        if let Some(last) = self.len().checked_sub(1) {
            self.ties.insert(last, tie);
        }
    }

    /// Takes all ties out, by row.
    pub fn take_ties(&mut self) -> BTreeMap<usize, Tie> {
        std::mem::take(&mut self.ties)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }

    /// Appends a row: one value per declared column, in the order of the declaration.
    pub fn push(&mut self, from: From, values: impl IntoIterator<Item = Value>) {
        let before = self.len();
        for ((declared, data), value) in self.table.columns.iter().zip(&mut self.data).zip(values) {
            let lists_classes = declared.to.as_deref() == Some("categories");
            data.push(match value {
                Value::None if lists_classes => Value::Text(NONE.to_owned()),
                other => other,
            });
        }
        self.source.push(from.source);
        self.row.push(from.row);
        self.field.push(from.field);
        debug_assert!(self.data.iter().all(|data| data.len() == before + 1));
    }

    /// Puts a geometry beside the row that was appended last, in degrees of longitude and latitude.
    pub fn place_last(&mut self, geometry: Geometry<f64>) {
        if let Some(last) = self.len().checked_sub(1) {
            self.geometry.insert(last, geometry);
        }
    }

    /// The geometry beside a row.
    pub fn geometry(&self, row: usize) -> Option<&Geometry<f64>> {
        self.geometry.get(&row)
    }

    /// Replaces the geometry beside a row, or takes it away.
    pub fn set_geometry(&mut self, row: usize, geometry: Option<Geometry<f64>>) {
        match geometry {
            Some(geometry) => drop(self.geometry.insert(row, geometry)),
            None => drop(self.geometry.remove(&row)),
        }
    }

    /// A row's id.
    pub fn id(&self, row: usize) -> &str {
        let id = if self.table.column("id").is_some() { "id" } else { "code" };
        self.text(id, row).unwrap_or_default()
    }

    /// The ids of all rows.
    pub fn ids(&self) -> Vec<String> {
        (0..self.len()).map(|row| self.id(row).to_owned()).collect()
    }

    /// What a row is called: its name, else its id.
    pub fn label(&self, row: usize) -> String {
        let name = self.key_text(&self.table.label, row);
        name.unwrap_or_else(|| self.id(row).to_owned())
    }

    /// All geometries, by row.
    pub fn geometries(&self) -> &BTreeMap<usize, Geometry<f64>> {
        &self.geometry
    }

    /// Takes all geometries out.
    pub fn take_geometries(&mut self) -> BTreeMap<usize, Geometry<f64>> {
        std::mem::take(&mut self.geometry)
    }

    /// The source and row of values that another list of the same thing gave, by row and field.
    pub fn borrowed(&self) -> &BTreeMap<(usize, &'static str), (u32, u32)> {
        &self.borrowed
    }

    /// The source of a row.
    pub fn source_of(&self, row: usize) -> u32 {
        self.source[row]
    }

    /// The spreadsheet row of a row.
    pub fn row_of(&self, row: usize) -> u32 {
        self.row[row]
    }

    fn index(&self, column: &str) -> usize {
        let position = self.table.columns.iter().position(|declared| declared.name == column);
        position.unwrap_or_else(|| panic!("{}.{column} is not declared", self.table.name))
    }

    /// A text, name, code or reference; `None` when unknown or when the column holds no text.
    pub fn text(&self, column: &str, row: usize) -> Option<&str> {
        match &self.data[self.index(column)] {
            Data::Text(values) | Data::Ref { text: values, .. } => values[row].as_deref(),
            _ => None,
        }
    }

    /// A value as part of an id: a text, a year, a date, or a number that is known.
    pub fn key_text(&self, column: &str, row: usize) -> Option<String> {
        match &self.data[self.index(column)] {
            Data::Text(values) | Data::Ref { text: values, .. } => values[row].clone(),
            Data::Year(values) => values[row].map(|year| year.to_string()),
            Data::Date { first, .. } => first[row].clone(),
            Data::Number { stated, .. } => stated[row].map(|number| number.to_string()),
            Data::Flag(_) => None,
        }
    }

    /// Sets a text, name or code.
    pub fn set_text(&mut self, column: &str, row: usize, text: String) {
        let index = self.index(column);
        match &mut self.data[index] {
            Data::Text(values) | Data::Ref { text: values, .. } => values[row] = Some(text),
            _ => {}
        }
    }

    /// Sets what a reference is written as.
    pub fn set_reference(&mut self, column: &str, row: usize, to: String) {
        let index = self.index(column);
        if let Data::Ref { text, .. } = &mut self.data[index] {
            text[row] = Some(to);
        }
    }

    /// A quantity's possible values.
    pub fn bounds(&self, column: &str, row: usize) -> Option<Interval> {
        match &self.data[self.index(column)] {
            Data::Number { low, high, .. } => Some(Interval::between(low[row], high[row])),
            _ => None,
        }
    }

    /// Records what a reference points to, and by which way that was found.
    pub fn set_link(&mut self, column: &str, row: usize, to: &str, way: &'static str) {
        let index = self.index(column);
        if let Data::Ref { id, link, .. } = &mut self.data[index] {
            (id[row], link[row]) = (Some(to.to_owned()), Some(way));
        }
    }

    /// What a reference points to.
    pub fn link(&self, column: &str, row: usize) -> Option<&str> {
        match &self.data[self.index(column)] {
            Data::Ref { id, .. } => id[row].as_deref(),
            _ => None,
        }
    }

    /// Keeps the rows for which `keep` says so.
    pub fn retain(&mut self, keep: &[bool]) {
        let mut next = 0;
        let number = |kept: &bool| {
            next += usize::from(*kept);
            next.wrapping_sub(1)
        };
        let numbers: Vec<usize> = keep.iter().map(number).collect();
        let geometry = std::mem::take(&mut self.geometry).into_iter();
        let kept = geometry.filter(|(row, _)| keep[*row]);
        self.geometry = kept.map(|(row, geometry)| (numbers[row], geometry)).collect();
        let borrowed = std::mem::take(&mut self.borrowed).into_iter();
        let kept = borrowed.filter(|((row, _), _)| keep[*row]);
        self.borrowed = kept.map(|((row, field), from)| ((numbers[row], field), from)).collect();
        self.data.iter_mut().for_each(|data| data.retain(keep));
        retain(&mut self.source, keep);
        retain(&mut self.row, keep);
        retain(&mut self.field, keep);
    }

    /// The rows as a table of the engine, with `_source`, `_row` and `_field`.
    ///
    /// # Errors
    /// When the engine refuses the columns, which would be a defect of the declaration.
    pub fn into_frame(self) -> PolarsResult<DataFrame> {
        let height = self.len();
        let mut columns: Vec<Column> = Vec::new();
        for (declared, data) in self.table.columns.iter().zip(self.data) {
            data.into_columns(declared, &mut columns);
        }
        columns.push(Column::new("_source".into(), self.source));
        columns.push(Column::new("_row".into(), self.row));
        columns.push(Column::new("_field".into(), self.field));
        DataFrame::new(height, columns)
    }
}

fn retain<T>(values: &mut Vec<T>, keep: &[bool]) {
    let mut index = 0;
    values.retain(|_| {
        index += 1;
        keep[index - 1]
    });
}

impl Data {
    fn new(column: &Declared) -> Data {
        match column.kind {
            kind if kind.is_quantity() => {
                Data::Number { stated: Vec::new(), low: Vec::new(), high: Vec::new() }
            }
            Kind::Flag => Data::Flag(Vec::new()),
            Kind::Year => Data::Year(Vec::new()),
            Kind::Date => Data::Date { first: Vec::new(), precision: Vec::new() },
            Kind::Ref => Data::Ref { text: Vec::new(), id: Vec::new(), link: Vec::new() },
            _ => Data::Text(Vec::new()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Data::Text(values) => values.len(),
            Data::Number { low, .. } => low.len(),
            Data::Flag(values) => values.len(),
            Data::Year(values) => values.len(),
            Data::Date { first, .. } => first.len(),
            Data::Ref { id, .. } => id.len(),
        }
    }

    fn push(&mut self, value: Value) {
        match self {
            Data::Text(values) => values.push(match value {
                Value::Text(text) => Some(text),
                _ => None,
            }),
            Data::Number { stated, low, high } => {
                let (said, bounds) = match value {
                    Value::Number { stated, bounds } => (stated, bounds),
                    Value::None | Value::NotApplicable => (None, Interval::exactly(0.0)),
                    _ => (None, Interval::UNKNOWN),
                };
                stated.push(said);
                low.push(bounds.low);
                high.push(bounds.high);
            }
            Data::Flag(values) => values.push(match value {
                Value::Flag(flag) => Some(flag),
                _ => None,
            }),
            Data::Year(values) => values.push(match value {
                Value::Year(year) => Some(year),
                _ => None,
            }),
            Data::Date { first, precision } => {
                let (day, known) = match value {
                    Value::Date(date) => (Some(date.to_string()), Some(date.precision().code())),
                    Value::None => (None, Some("never")),
                    Value::NotApplicable => (None, Some("not_applicable")),
                    _ => (None, None),
                };
                first.push(day);
                precision.push(known);
            }
            Data::Ref { text, id, link } => {
                text.push(match value {
                    Value::Text(text) => Some(text),
                    _ => None,
                });
                id.push(None);
                link.push(None);
            }
        }
    }

    fn is_unknown(&self, row: usize) -> bool {
        match self {
            Data::Text(values) | Data::Ref { text: values, .. } => values[row].is_none(),
            Data::Number { low, high, .. } => low[row] == 0.0 && high[row].is_infinite(),
            Data::Flag(values) => values[row].is_none(),
            Data::Year(values) => values[row].is_none(),
            Data::Date { precision, .. } => precision[row].is_none(),
        }
    }

    fn copy(&mut self, row: usize, by: usize) {
        match self {
            Data::Text(values) => values[row] = values[by].clone(),
            Data::Number { stated, low, high } => {
                (stated[row], low[row], high[row]) = (stated[by], low[by], high[by]);
            }
            Data::Flag(values) => values[row] = values[by],
            Data::Year(values) => values[row] = values[by],
            Data::Date { first, precision } => {
                (first[row], precision[row]) = (first[by].clone(), precision[by]);
            }
            Data::Ref { text, id, link } => {
                (text[row], id[row], link[row]) = (text[by].clone(), id[by].clone(), link[by]);
            }
        }
    }

    fn show(&self, row: usize) -> String {
        match self {
            Data::Text(values) | Data::Ref { text: values, .. } => {
                values[row].clone().unwrap_or_default()
            }
            Data::Number { low, high, .. } => format!("{}..{}", low[row], high[row]),
            Data::Flag(values) => format!("{:?}", values[row]),
            Data::Year(values) => format!("{:?}", values[row]),
            Data::Date { first, precision } => format!("{:?}{:?}", first[row], precision[row]),
        }
    }

    fn retain(&mut self, keep: &[bool]) {
        match self {
            Data::Text(values) => retain(values, keep),
            Data::Number { stated, low, high } => {
                retain(stated, keep);
                retain(low, keep);
                retain(high, keep);
            }
            Data::Flag(values) => retain(values, keep),
            Data::Year(values) => retain(values, keep),
            Data::Date { first, precision } => {
                retain(first, keep);
                retain(precision, keep);
            }
            Data::Ref { text, id, link } => {
                retain(text, keep);
                retain(id, keep);
                retain(link, keep);
            }
        }
    }

    fn into_columns(self, declared: &Declared, columns: &mut Vec<Column>) {
        let name = declared.name.as_str();
        let mut add = |name: &str, series: Series| {
            columns.push(series.with_name(name.into()).into_column());
        };
        let empty = PlSmallStr::EMPTY;
        match self {
            Data::Text(values) => add(name, Series::new(empty, values)),
            Data::Number { stated, low: least, high: most } => {
                add(name, Series::new(empty.clone(), stated));
                add(&low(name), Series::new(empty.clone(), least));
                add(&high(name), Series::new(empty, most));
            }
            Data::Flag(values) => add(name, Series::new(empty, values)),
            Data::Year(values) => add(name, Series::new(empty, values)),
            Data::Date { first, precision } => {
                add(name, Series::new(empty.clone(), first));
                add(&format!("{name}_precision"), Series::new(empty, precision));
            }
            Data::Ref { text, id, link } => {
                add(name, Series::new(empty.clone(), text));
                add(&resolved(name), Series::new(empty.clone(), id));
                add(&format!("{name}_link"), Series::new(empty, link));
            }
        }
    }
}
