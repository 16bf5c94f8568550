//! The rows of a sheet, with some cells changed, replaced or added; all other bytes stay.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::words::Words;

use super::Severity;
use super::reasons::LINE;
use super::sheet::address;
use super::styles::{Look, Styles};
use super::survey::{Counter, Survey};
use super::xml::{Step, Steps, Tag, cell_xml};

/// What happens to a cell.
pub(super) enum Change {
    /// It gets a fill.
    Fill(Severity),
    /// It holds a text, whatever it held.
    Text(Text),
}

/// A text with its look, and how high its row must be to show it, in points.
pub(super) struct Text {
    pub text: String,
    pub look: Look,
    pub height: f64,
}

type Changes = BTreeMap<u32, Change>;

/// The rows being written.
pub(super) struct Rows<'s> {
    survey: &'s Survey,
    styles: &'s mut Styles,
    /// The column whose borders the texts take over.
    neighbour: Option<u32>,
    changes: BTreeMap<u32, Changes>,
    out: String,
}

/// The row being written.
struct Row {
    number: u32,
    /// The style of cells that it does not list, if it has one.
    style: Option<u32>,
    /// The style of the neighbour of the texts.
    beside: Option<u32>,
    /// Where its height can be added, and the height, if it has none that will do.
    grows: Option<(usize, f64)>,
    changes: Changes,
}

impl<'s> Rows<'s> {
    /// Rows with changes by row and column.
    pub fn new(
        survey: &'s Survey,
        neighbour: Option<u32>,
        changes: BTreeMap<u32, Changes>,
        styles: &'s mut Styles,
    ) -> Rows<'s> {
        Rows { survey, styles, neighbour, changes, out: String::new() }
    }

    /// Makes the changes in an element with all rows.
    ///
    /// # Errors
    /// When it cannot be understood, or there are too many styles.
    pub fn patch(mut self, data: &str) -> Result<String, Words> {
        let mut steps = Steps::new(data);
        let mut counter = Counter::default();
        let mut row: Option<Row> = None;
        // A cell that is replaced is left out up to its end.
        let mut is_replaced = false;
        loop {
            let step = steps.next()?;
            let raw = &data[Range::clone(&steps.span)];
            match (steps.depth, step) {
                (1, Step::Alone(tag)) => {
                    self.out.push_str(raw.trim_end_matches("/>").trim_end());
                    self.out.push('>');
                    self.missing(u32::MAX)?;
                    self.out.push_str(&format!("</{}{}>", tag.prefix(), tag.name()));
                }
                (1, Step::Close) => {
                    self.missing(u32::MAX)?;
                    self.out.push_str(raw);
                }
                (2, Step::Open(tag)) if tag.is("row") => {
                    row = self.open(&tag, raw, counter.row(&tag)?)?;
                }
                (2, Step::Alone(tag)) if tag.is("row") => {
                    if let Some(row) = self.open(&tag, raw, counter.row(&tag)?)? {
                        self.close(row)?;
                        self.out.push_str(&format!("</{}row>", tag.prefix()));
                    }
                }
                (2, Step::Close) => {
                    if let Some(row) = row.take() {
                        self.close(row)?;
                    }
                    self.out.push_str(raw);
                }
                (3, Step::Open(tag)) if tag.is("c") => {
                    is_replaced = self.cell(row.as_mut(), &tag, raw, counter.cell(&tag)?)?;
                }
                (3, Step::Alone(tag)) if tag.is("c") => {
                    self.cell(row.as_mut(), &tag, raw, counter.cell(&tag)?)?;
                }
                (3, Step::Close) => {
                    if !std::mem::take(&mut is_replaced) {
                        self.out.push_str(raw);
                    }
                }
                (_, Step::End) => return Ok(self.out),
                _ if is_replaced => {}
                _ => self.out.push_str(raw),
            }
        }
    }

    /// Writes the rows before `number` that are changed and that the sheet does not list.
    fn missing(&mut self, number: u32) -> Result<(), Words> {
        let wanted = |(row, _): &(&u32, &Changes)| !self.survey.rows.contains(row);
        let before: Vec<u32> =
            self.changes.range(..number).filter(wanted).map(|(row, _)| *row).collect();
        for number in before {
            let changes = self.changes.remove(&number).unwrap_or_default();
            let p = &self.survey.prefix;
            let height = needed(&changes).filter(|_| self.survey.is_height_fixed);
            let height = height
                .map_or(String::new(), |height| format!(" ht=\"{height}\" customHeight=\"1\""));
            self.out.push_str(&format!("<{p}row r=\"{number}\"{height}>"));
            let mut row = Row { number, style: None, beside: None, grows: None, changes };
            self.cells(&mut row, u32::MAX)?;
            self.out.push_str(&format!("</{p}row>"));
        }
        Ok(())
    }

    /// Writes the tag that opens a row; gives the row if anything in it changes.
    fn open(&mut self, tag: &Tag<'_>, raw: &str, number: u32) -> Result<Option<Row>, Words> {
        self.missing(number)?;
        let Some(changes) = self.changes.remove(&number) else {
            self.out.push_str(raw);
            return Ok(None);
        };
        // How far the cells reach is a hint that would be wrong now.
        let mut edits = vec![("spans", None)];
        let own = tag.get("ht").and_then(|height| height.trim().parse::<f64>().ok());
        let is_fixed = tag.flag("customHeight") || own.is_none() && self.survey.is_height_fixed;
        let needed = needed(&changes).filter(|needed| own.is_none_or(|own| own < *needed));
        if let (Some(needed), true) = (needed, is_fixed || own.is_some()) {
            edits.push(("ht", Some(needed.to_string())));
            if is_fixed {
                edits.push(("customHeight", Some("1".to_owned())));
            }
        }
        let open = tag.with(&edits);
        self.out.push_str(open.trim_end_matches("/>").trim_end_matches('>'));
        let place = self.out.len();
        self.out.push('>');
        let style = tag.number("s").filter(|_| tag.flag("customFormat"));
        let grows = needed.filter(|_| own.is_none() && !is_fixed).filter(|needed| *needed > LINE);
        let grows = grows.map(|needed| (place, needed));
        Ok(Some(Row { number, style, beside: None, grows, changes }))
    }

    /// Writes the rest of a row, and its height if it must grow.
    fn close(&mut self, mut row: Row) -> Result<(), Words> {
        self.cells(&mut row, u32::MAX)?;
        if let Some((place, height)) = row.grows {
            self.out.insert_str(place, &format!(" ht=\"{height}\""));
        }
        Ok(())
    }

    /// Writes a cell that the sheet lists, or its opening tag; whether it is replaced whole.
    fn cell(
        &mut self,
        row: Option<&mut Row>,
        tag: &Tag<'_>,
        raw: &str,
        column: u32,
    ) -> Result<bool, Words> {
        let Some(row) = row else {
            self.out.push_str(raw);
            return Ok(false);
        };
        self.cells(row, column)?;
        let own = tag.number("s").unwrap_or(0);
        // A row without a height is fitted to its wrapped texts when the workbook is opened.
        if self.styles.wraps(own) {
            row.grows = None;
        }
        if Some(column) == self.neighbour {
            row.beside = Some(own);
        }
        match row.changes.remove(&column) {
            None => self.out.push_str(raw),
            Some(Change::Fill(severity)) => {
                let style = self.styles.look(own, Look::Filled(severity))?;
                self.out.push_str(&tag.with(&[("s", Some(style.to_string()))]));
            }
            Some(change @ Change::Text(_)) => {
                self.add(row, column, change)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes the changed cells of a row before `column`, which the sheet does not list.
    fn cells(&mut self, row: &mut Row, column: u32) -> Result<(), Words> {
        while let Some(entry) = row.changes.first_entry().filter(|entry| *entry.key() < column) {
            let (column, change) = entry.remove_entry();
            self.add(row, column, change)?;
        }
        Ok(())
    }

    fn add(&mut self, row: &Row, column: u32, change: Change) -> Result<(), Words> {
        let p = &self.survey.prefix;
        let address = address(row.number, column);
        let given = |column: u32| row.style.or_else(|| self.survey.column_style(column));
        match change {
            Change::Fill(severity) => {
                let base = given(column).unwrap_or(0);
                let style = self.styles.look(base, Look::Filled(severity))?;
                self.out.push_str(&format!("<{p}c r=\"{address}\" s=\"{style}\"/>"));
            }
            Change::Text(Text { text, look, .. }) => {
                let beside = row.beside.or_else(|| given(self.neighbour?)).unwrap_or(0);
                let style = self.styles.look(beside, look)?;
                let text = cell_xml(&text);
                self.out.push_str(&format!(
                    "<{p}c r=\"{address}\" s=\"{style}\" t=\"inlineStr\"><{p}is><{p}t xml:space=\"preserve\">{text}</{p}t></{p}is></{p}c>"
                ));
            }
        }
        Ok(())
    }
}

/// How high a row must be to show its texts.
fn needed(changes: &Changes) -> Option<f64> {
    changes.values().find_map(|change| match change {
        Change::Text(text) => Some(text.height),
        Change::Fill(_) => None,
    })
}
