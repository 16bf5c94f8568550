//! Reading the cells of a grid into inventory rows, losing nothing.

use std::collections::BTreeMap;

use crate::inventory::{
    BadCell, Blank, Column, From as Origin, Gathering, How, Kind, MapFault, MapFaultKind, Reason,
    SetAside, UNSTATED, Value,
};
use crate::layer::Grid;
use crate::origin::{Source, column_letters};
use crate::quantity::{Interval, Unit};
use crate::words::Words;

use super::cell::{self, decimals, folded};
use super::how::understood;
use super::melt::exactly;
use super::merged::{Cells, From};
use super::rows::{Row, kinds, words};
use super::{Mapped, Mapping, Reading, outlier, range, reconcile, remark, rooms};

/// One grid and where it came from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The file's name without folders.
    pub file: &'a str,
    /// The path it was read from.
    pub path: &'a str,
    /// The file's SHA-256.
    pub sha256: &'a str,
    /// Its cells.
    pub grid: &'a Grid,
    /// For layers whose geometry was read: the coordinate system of the file.
    pub crs: Option<&'a str>,
}

/// Reads every row below the headings into `gathering`, or sets it aside with its reason: by the
/// first mapping, which says what a row is, and by those that read more from the same rows.
pub fn apply(mappings: &[Mapping], input: Input<'_>, gathering: &mut Gathering) {
    let Some(first) = mappings.first() else { return };
    let kinds = kinds(input.grid, first);
    let mut sources: Vec<u32> = Vec::new();
    for mapping in mappings {
        let own = mapping.source(input, sources.first().copied());
        let source = gathering.source(own, kinds.len());
        sources.push(source);
        let of_tenure = rooms::is_of_tenure(mapping, mappings);
        let reading =
            Applying { mapping, input, kinds: &kinds, sources: &sources, source, of_tenure };
        reading.run(gathering);
    }
}

/// One mapping being applied to one grid.
struct Applying<'a> {
    mapping: &'a Mapping,
    input: Input<'a>,
    kinds: &'a [Row],
    sources: &'a [u32],
    source: u32,
    /// Whether it reads the room of one tenure, beside those of others.
    of_tenure: bool,
}

/// Where a column of the table comes from.
enum Feed<'m> {
    Nothing,
    Set(&'m str),
    Cell(&'m Mapped),
}

/// A row that was read, or why it was not.
type Outcome = Result<(), (Reason, Words)>;

impl Applying<'_> {
    fn run(&self, gathering: &mut Gathering) {
        let (mapping, grid) = (self.mapping, self.input.grid);
        let beside = self.sources.len() > 1;
        for (row, words) in grid.shapes.iter().flat_map(|shapes| &shapes.faults) {
            if beside {
                break;
            }
            gathering.map_fault(MapFault {
                kind: MapFaultKind::Unkept,
                source: self.source,
                row: grid.row_number(*row),
                table: &mapping.table.name,
                id: String::new(),
                area: 0.0,
                words: words.clone(),
                place: None,
            });
        }
        let cells = Cells::of(grid, mapping);
        let feeds: Vec<Feed<'_>> =
            mapping.table.columns.iter().map(|column| mapping.feed(column)).collect();
        let mut numbers: BTreeMap<&str, Vec<(u32, f64)>> = BTreeMap::new();
        for (at, kind) in self.kinds.iter().enumerate() {
            let row = mapping.header.last + 1 + at;
            let read = match kind {
                Row::Data => self.read_row(&cells, &feeds, row, &mut numbers, gathering),
                other => Err(words(other)),
            };
            if let Err((reason, words)) = read {
                gathering.account(self.source).set_aside.push(SetAside {
                    row: grid.row_number(row),
                    reason,
                    words,
                });
            }
        }
        let account = gathering.account(self.source);
        if mapping.items.is_empty() && mapping.table.name != "aggregates" && !grid.is_layer() {
            reconcile::totals(mapping, &cells, self.kinds, account);
        }
        // Housing and facilities stand side by side in a list of buildings: they are of all sizes.
        let of_one_kind = !grid.is_layer() && mapping.table.name != "buildings";
        for mapped in mapping.columns.iter().filter(|_| of_one_kind) {
            if let Some(values) = numbers.get(mapped.column.name.as_str()) {
                outlier::outliers(mapped, grid, values, account);
            }
        }
        account.doubts.sort_by_key(|doubt| (doubt.kind, doubt.row));
    }

    fn read_row<'m>(
        &self,
        cells: &Cells<'_>,
        feeds: &[Feed<'m>],
        row: usize,
        numbers: &mut BTreeMap<&'m str, Vec<(u32, f64)>>,
        gathering: &mut Gathering,
    ) -> Outcome {
        let (mapping, grid) = (self.mapping, self.input.grid);
        let number = grid.row_number(row);
        let beside = self.sources.len() > 1;
        if beside && mapping.stages.is_empty() && self.says_nothing(cells, row) {
            return Err(nothing());
        }
        let mut values: Vec<Value> = Vec::with_capacity(mapping.table.columns.len());
        for (column, feed) in mapping.table.columns.iter().zip(feeds) {
            let read = self.read_cell(cells, row, column, feed, gathering);
            let value = read.unwrap_or_else(|(found, accepted)| {
                gathering.account(self.source).unreadable.push(BadCell {
                    row: number,
                    field: column.name.clone(),
                    found,
                    accepted,
                });
                Value::Unknown
            });
            if let (Value::Number { stated: Some(stated), bounds }, Feed::Cell(mapped)) =
                (&value, feed)
                && bounds.is_exact()
                && *stated > 0.0
                && !grid.is_layer()
            {
                let known = numbers.entry(mapped.column.name.as_str()).or_default();
                known.push((number, *stated));
            }
            values.push(value);
        }
        if !mapping.items.is_empty() {
            if mapping.table.name == "aggregates" {
                mapping.melt_figures(cells, row, self.source, values, gathering);
                return Ok(());
            }
            let subject =
                mapping.table.columns.iter().zip(&values).find(|(one, _)| one.name == "subject");
            if let Some((column, Value::Unknown | Value::None)) = subject {
                return Err(incomplete(mapping, column, number, beside));
            }
            mapping.melt_scores(cells, row, self.source, &values, gathering);
            return Ok(());
        }
        if !mapping.stages.is_empty() {
            let (source, sources) = (self.source, self.sources);
            let any = mapping.melt_stages(cells, row, source, &values, sources, gathering);
            return if any { Ok(()) } else { Err(nothing()) };
        }
        for (column, value) in mapping.table.columns.iter().zip(&values) {
            if column.required && matches!(value, Value::Unknown | Value::None) {
                return Err(incomplete(mapping, column, number, beside));
            }
        }
        // Facilities have no tenure of their own, but one that is rented was not handed over.
        let tenure = mapping.at("tenure").map(|tenure| &values[tenure]);
        let of_rooms = ["premises", "facilities"].contains(&mapping.table.name.as_str());
        if of_rooms
            && let Some(doubt) =
                remark::tenure(mapping, grid, row, tenure.unwrap_or(&Value::Unknown))
        {
            gathering.account(self.source).doubts.push(doubt);
        }
        if self.of_tenure {
            rooms::perhaps_no_room(mapping, &mut values);
        }
        mapping.no_rooms_means_no_area(grid, row, &mut values);
        mapping.complete_figure(grid, row, &mut values);
        mapping.term_says_its_ends(grid, row, &mut values);
        if rooms::office_or_all(mapping, &mut values) {
            let text = mapping.text_of(grid, row, "area").unwrap_or_default();
            gathering.account(self.source).understand("area", How::OfficeOrAll, number, text);
        }
        self.push(cells, row, values, gathering);
        Ok(())
    }

    /// Appends a row to its table, or one for each of the buildings it names.
    fn push(&self, cells: &Cells<'_>, row: usize, values: Vec<Value>, gathering: &mut Gathering) {
        let (mapping, grid) = (self.mapping, self.input.grid);
        let from = Origin { source: self.source, row: grid.row_number(row), field: None };
        let several = (mapping.table.name == "buildings")
            .then(|| mapping.index_of("number"))
            .flatten()
            .and_then(|index| range::buildings(cells.text(row, index).0));
        if let (Some(several), Some(at)) = (several, mapping.at("number")) {
            let text = mapping.text_of(grid, row, "number").unwrap_or_default().to_owned();
            gathering.account(self.source).understand("number", How::Expanded, from.row, &text);
            for building in several {
                let mut one: Vec<Value> = values.iter().map(together).collect();
                one[at] = Value::Text(building);
                gathering.rows(&mapping.table.name).push(from.clone(), one);
            }
            return;
        }
        let rows = gathering.rows(&mapping.table.name);
        rows.push(from, values);
        let shapes = grid.shapes.as_ref().and_then(|shapes| shapes.all.get(row));
        if let Some(geometry) = shapes.and_then(Option::as_ref)
            && self.sources.len() == 1
        {
            rows.place_last(geometry.clone());
        }
    }

    /// Whether none of the cells that only this mapping reads says anything in a row.
    fn says_nothing(&self, cells: &Cells<'_>, row: usize) -> bool {
        let names = ["estate", "name", "place", "street", "phase", "building", "community"];
        let own = |mapped: &&Mapped| !names.contains(&mapped.column.name.as_str());
        let mut own = self.mapping.columns.iter().filter(own).peekable();
        self.mapping.table.name == "facilities"
            && own.peek().is_some()
            && own.all(|mapped| cells.text(row, mapped.index).0.is_empty())
    }

    /// What a column's cell of this row says, or its text and what would have been accepted.
    fn read_cell(
        &self,
        cells: &Cells<'_>,
        row: usize,
        column: &Column,
        feed: &Feed<'_>,
        gathering: &mut Gathering,
    ) -> Result<Value, (String, Words)> {
        let mapping = self.mapping;
        let mapped = match feed {
            Feed::Nothing => return Ok(Value::Unknown),
            Feed::Set(text) => {
                let reading = Reading { about: mapping.about, ..Reading::plain(column) };
                return cell::value(text, column, &reading)
                    .map_err(|accepted| ((*text).to_owned(), accepted));
            }
            Feed::Cell(mapped) => *mapped,
        };
        let (text, from) = cells.text(row, mapped.index);
        let number = cells.grid.row_number(row);
        let corrected = mapping.corrected(number, &column.name);
        let text = corrected.unwrap_or(text);
        let instead = match mapped.values.is_empty() {
            true => text,
            false => mapped.values.get(&folded(text)).map_or(text, String::as_str),
        };
        let value = cell::value(instead, column, &mapped.reading)
            .map_err(|accepted| (text.to_owned(), accepted))?;
        let shared = match from {
            From::Merged(top, bottom) if column.kind.is_quantity() => {
                !self.is_one_thing(cells, top, bottom)
            }
            _ => false,
        };
        let how = match from {
            _ if corrected.is_some() => Some(How::Corrected),
            From::Merged(..) if shared => Some(How::Together),
            From::Merged(top, _) if top < row && !text.is_empty() => Some(How::Merged),
            From::Above => Some(How::Filled),
            _ => understood(instead, column, &mapped.reading, &value),
        };
        if let Some(how) = how {
            gathering.account(self.source).understand(&column.name, how, number, text);
        }
        // Where a blank means none, a word that says "not known" is not lost among the blanks.
        let says_unknown = column.kind == Kind::Text
            && column.blank == Blank::None
            && value == Value::Unknown
            && !instead.is_empty();
        Ok(match value {
            _ if says_unknown => Value::Text(UNSTATED.to_owned()),
            value if shared => together(&value),
            value => value,
        })
    }

    /// Whether rows whose cells are merged are all about one thing, so that a number holds for each.
    fn is_one_thing(&self, cells: &Cells<'_>, top: usize, bottom: usize) -> bool {
        let label = self.mapping.index_of(&self.mapping.table.label);
        let Some(label) = label.filter(|_| self.mapping.table.unique) else { return false };
        let name = |row: usize| folded(cells.text(row, label).0);
        let first = name(top);
        !first.is_empty() && (top..=bottom).all(|row| name(row) == first)
    }
}

/// A number that holds for several things together: each has at most that.
fn together(value: &Value) -> Value {
    match value {
        Value::Number { bounds, .. } => {
            Value::Number { stated: None, bounds: Interval::between(0.0, bounds.high) }
        }
        other => other.clone(),
    }
}

fn nothing() -> (Reason, Words) {
    (Reason::Nothing, Words::new("本行没有这一项的内容", "the row says nothing of this"))
}

fn incomplete(mapping: &Mapping, column: &Column, number: u32, beside: bool) -> (Reason, Words) {
    if beside {
        return nothing();
    }
    let index = mapping.index_of(&column.name);
    let at = index.map_or(String::new(), |index| column_letters(index as u32));
    (
        Reason::Incomplete,
        Words::new(
            format!("缺少{}（{at}{number}）", column.zh),
            format!("lacks the {} ({at}{number})", column.en),
        ),
    )
}

impl Mapping {
    fn source(&self, input: Input<'_>, beside: Option<u32>) -> Source {
        let columns =
            self.columns.iter().map(|mapped| (mapped.column.name.clone(), mapped.index as u32));
        let items = self.items.iter().map(|item| (item.item.clone(), item.index as u32));
        let stages = self.stages.iter().map(|stage| (stage.key.clone(), stage.index as u32));
        let headings =
            self.columns.iter().map(|one| (one.column.name.clone(), one.heading.clone()));
        let of_stages = self.stages.iter().map(|one| (one.key.clone(), one.heading.clone()));
        let is_layer = input.grid.is_layer();
        let headings: BTreeMap<String, String> = headings.chain(of_stages).collect();
        Source {
            file: input.file.to_owned(),
            path: input.path.to_owned(),
            sheet: input.grid.sheet.clone(),
            table: self.table.name.clone(),
            sha256: input.sha256.to_owned(),
            columns: columns.chain(items).chain(stages).collect(),
            // What a layer calls the fields; cells of other files have letters.
            names: if is_layer { headings.clone() } else { BTreeMap::new() },
            headings: if is_layer { BTreeMap::new() } else { headings },
            factors: self
                .columns
                .iter()
                .filter(|one| one.reading.factor != 1.0)
                .map(|one| (one.column.name.clone(), one.reading.factor))
                .collect(),
            header: (!is_layer).then(|| {
                let row = |row| input.grid.row_number(row);
                [row(self.header.first), row(self.header.last)]
            }),
            beside,
            crs: input.crs.filter(|_| beside.is_none()).map(str::to_owned),
        }
    }

    /// Where a column of the table comes from.
    fn feed(&self, column: &Column) -> Feed<'_> {
        let set = self.set.iter().find(|(set, _)| set.name == column.name);
        let mapped = || self.columns.iter().find(|mapped| mapped.column.name == column.name);
        match set {
            Some((_, text)) => Feed::Set(text),
            None => mapped().map_or(Feed::Nothing, Feed::Cell),
        }
    }

    /// What the corrections say a cell means.
    fn corrected(&self, row: u32, field: &str) -> Option<&str> {
        if self.corrections.is_empty() {
            return None;
        }
        self.corrections.get(&(row, field.to_owned())).map(String::as_str)
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

    /// A lease term in one cell says its first and last day, where no columns of their own do.
    fn term_says_its_ends(&self, grid: &Grid, row: usize, values: &mut [Value]) {
        let term = self.text_of(grid, row, "lease_term").and_then(range::days);
        let (Some((first, last)), Some(from), Some(to)) =
            (term, self.at("lease_from"), self.at("lease_to"))
        else {
            return;
        };
        for (at, day) in [(from, first), (to, last)] {
            if values[at] == Value::Unknown {
                values[at] = Value::Date(day);
            }
        }
    }

    pub(super) fn at(&self, column: &str) -> Option<usize> {
        self.table.columns.iter().position(|declared| declared.name == column)
    }

    /// The text of the cell that feeds a column, if any does.
    fn text_of<'g>(&self, grid: &'g Grid, row: usize, column: &str) -> Option<&'g str> {
        Some(grid.cell(row, self.index_of(column)?))
    }
}
