//! One table: its rows and cells, those merged, and the text of each cell.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};

use super::document::Collector;
use crate::layer::Merge;
use crate::source::Read;
use crate::source::workbook::{Book, MOST_COLUMNS, Sheet, Xml, attribute, broken};

/// How a cell belongs to the one above it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Upright {
    /// Not at all.
    #[default]
    Alone,
    /// Cells below may be part of it.
    First,
    /// It is part of the cell above.
    Part,
}

/// A cell of the row that is being read.
#[derive(Default)]
struct Cell {
    column: usize,
    width: usize,
    upright: Upright,
    text: String,
}

/// Reads a table that has just begun to its end.
pub fn read(xml: &mut Xml<'_>, book: &mut Book<'_>, sheet: Sheet) -> Read<Sheet> {
    let mut table = Table { sheet, row: 0, column: 0, open: BTreeMap::new() };
    let (mut text, mut cell, mut cells) = (Collector::default(), None::<Cell>, Vec::new());
    // How many tables the reading is in, and whether the row was deleted.
    let (mut depth, mut is_deleted) = (1usize, false);
    loop {
        let event = xml.next()?;
        let is_own = depth == 1;
        match &event {
            Event::Start(start) if !text.is_aside() => match start.local_name().as_ref() {
                "tbl" => depth += 1,
                "tr" if is_own => {
                    (table.column, is_deleted) = (0, false);
                    cells.clear();
                }
                "gridBefore" if is_own && cell.is_none() => table.column += number(start),
                // In the properties of a row, not around the words of a cell.
                "del" if is_own && cell.is_none() => is_deleted = true,
                "tc" if is_own => {
                    cell = Some(Cell { column: table.column, width: 1, ..Cell::default() });
                }
                "gridSpan" if is_own => {
                    if let Some(cell) = &mut cell {
                        cell.width = number(start).max(1);
                    }
                }
                "vMerge" if is_own => {
                    if let Some(cell) = &mut cell {
                        let is_first = attribute(start, "val").as_deref() == Some("restart");
                        cell.upright = if is_first { Upright::First } else { Upright::Part };
                    }
                }
                _ => {}
            },
            Event::End(end) if !text.is_aside() => match end.local_name().as_ref() {
                "tbl" if is_own => return Ok(table.done()),
                "tbl" => depth -= 1,
                "tc" if is_own => {
                    if let Some(mut cell) = cell.take() {
                        cell.text.push_str(&text.done());
                        table.column += cell.width;
                        if table.column > MOST_COLUMNS {
                            return Err(broken(book.name, &"a row of a table is too long"));
                        }
                        cells.push(cell);
                    }
                }
                "tr" if is_own && !is_deleted => table.put_row(book, &mut cells)?,
                _ => {}
            },
            Event::Eof => return Err(broken(book.name, &"a table is cut off")),
            _ => {}
        }
        if text.take(&event) && !text.is_aside() {
            match &mut cell {
                Some(cell) => {
                    cell.text.push_str(&text.done());
                    cell.text.push('\n');
                }
                None => text.clear(),
            }
        }
    }
}

struct Table {
    sheet: Sheet,
    row: usize,
    column: usize,
    /// Cells that go on downwards, by their first column.
    open: BTreeMap<usize, Merge>,
}

impl Table {
    fn put_row(&mut self, book: &mut Book<'_>, cells: &mut Vec<Cell>) -> Read<()> {
        let row = self.row;
        for cell in cells.drain(..) {
            let (left, right) = (cell.column, cell.column + cell.width - 1);
            match cell.upright {
                Upright::Part => match self.open.get_mut(&left) {
                    Some(above) if above.bottom + 1 == row => above.bottom = row,
                    _ => {}
                },
                upright => {
                    let merge = Merge { top: row, left, bottom: row, right };
                    let before = self.open.remove(&left);
                    before.into_iter().for_each(|merge| self.sheet.merge(merge));
                    match upright {
                        Upright::First => drop(self.open.insert(left, merge)),
                        _ => self.sheet.merge(merge),
                    }
                }
            }
            self.sheet.text(book, row, left, cell.text.trim())?;
        }
        self.row += 1;
        Ok(())
    }

    fn done(mut self) -> Sheet {
        for merge in std::mem::take(&mut self.open).into_values() {
            self.sheet.merge(merge);
        }
        self.sheet
    }
}

/// A small number that an element gives.
fn number(start: &BytesStart<'_>) -> usize {
    let value = attribute(start, "val").and_then(|value| value.parse::<usize>().ok());
    value.unwrap_or(0).min(MOST_COLUMNS)
}
