//! Columns that become rows: figures of a published table, days of a ledger's stages.

use crate::inventory::{BadCell, Blank, From, Gathering, Tie, Value};
use crate::quantity::Interval;
use crate::words::Words;

use super::cell::{self, decimals};
use super::headings::code_of;
use super::how::understood;
use super::merged::Cells;
use super::{Mapping, Reading};

impl Mapping {
    /// One figure per item: a published table's columns become rows.
    pub(super) fn melt_figures(
        &self,
        cells: &Cells<'_>,
        row: usize,
        source: u32,
        values: Vec<Value>,
        gathering: &mut Gathering,
    ) {
        let grid = cells.grid;
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

    /// One event per column of days that says anything; gives whether there was any.
    ///
    /// `sources` are those of the mappings read from the same row, in order.
    pub(super) fn melt_stages(
        &self,
        cells: &Cells<'_>,
        row: usize,
        source: u32,
        values: &[Value],
        sources: &[u32],
        gathering: &mut Gathering,
    ) -> bool {
        let number = cells.grid.row_number(row);
        let mut any = false;
        for stage in &self.stages {
            let (text, _) = cells.text(row, stage.index);
            let (date, happened) = match self.read_stage(text, cells) {
                Ok(Some(read)) => read,
                Ok(None) => continue,
                Err(accepted) => {
                    gathering.account(source).unreadable.push(BadCell {
                        row: number,
                        field: stage.key.clone(),
                        found: text.to_owned(),
                        accepted,
                    });
                    continue;
                }
            };
            any = true;
            let mut event = values.to_vec();
            let mut put = |name: &str, value: Value| {
                if let Some(index) = self.at(name) {
                    event[index] = value;
                }
            };
            let estate = self.index_of("estate").map(|index| cells.text(row, index).0);
            put("subject_kind", Value::Text(stage.kind.to_owned()));
            put("subject", Value::Text(estate.unwrap_or_default().to_owned()));
            put("stage", Value::Text(stage.stage.clone()));
            if let Some(how) = self.how_dated(text, cells, &date) {
                gathering.account(source).understand(&stage.key, how, number, text);
            }
            put("date", date);
            if let Some(happened) = happened {
                put("happened", Value::Flag(happened));
            }
            let from = From { source, row: number, field: Some(stage.key.clone()) };
            let rows = gathering.rows(&self.table.name);
            rows.push(from, event);
            if let Some(source) = stage.of.and_then(|of| sources.get(of)) {
                rows.tie_last(Tie { source: *source, row: number });
            }
        }
        any
    }

    /// What the cell of a stage says: its day, or only whether it happened; nothing where it is blank
    /// or does not say.
    fn read_stage(
        &self,
        text: &str,
        cells: &Cells<'_>,
    ) -> Result<Option<(Value, Option<bool>)>, Words> {
        let (Some(date), Some(happened)) =
            (self.table.column("date"), self.table.column("happened"))
        else {
            return Ok(None);
        };
        let blank = self.stage_blank();
        let reading = Reading { blank, ..Reading::of(date, cells.grid) };
        match cell::value(text, date, &reading) {
            Ok(Value::Unknown) => Ok(None),
            Ok(Value::None) => Ok(Some((Value::None, Some(false)))),
            Ok(value) => Ok(Some((value, None))),
            // 已办 and 未办 say whether, not when.
            Err(accepted) => match code_of(happened, &cell::folded(text)).as_deref() {
                Some("true") => Ok(Some((Value::Unknown, Some(true)))),
                Some("false") => Ok(Some((Value::None, Some(false)))),
                _ => Err(accepted),
            },
        }
    }

    fn how_dated(
        &self,
        text: &str,
        cells: &Cells<'_>,
        date: &Value,
    ) -> Option<crate::inventory::How> {
        let column = self.table.column("date")?;
        understood(text, column, &Reading::of(column, cells.grid), date)
    }

    /// What a blank day means.
    fn stage_blank(&self) -> Blank {
        let declared = self.blanks.get("date").copied();
        declared.unwrap_or(Blank::Unknown)
    }
}

pub(super) fn exactly(count: usize) -> Value {
    let count = count as f64;
    Value::Number { stated: Some(count), bounds: Interval::exactly(count) }
}

/// A figure stays in the unit it is printed in, so that a reader finds the same number again.
fn read_figure(text: &str, about: f64) -> Result<Value, Words> {
    let column = crate::inventory::table("aggregates")
        .and_then(|table| table.column("value"))
        .expect("published figures have a value");
    let reading = Reading { blank: Blank::Unknown, about, ..Reading::plain(column) };
    cell::value(text, column, &reading)
}
