//! The rows of one table.

use quick_xml::events::{BytesStart, Event};

use super::cell::{self, Value};
use super::styles::Styles;
use crate::layer::Merge;
use crate::source::Read;
use crate::source::workbook::{
    Book, Look, MOST_COLUMNS, MOST_ROWS, Sheet, Xml, attribute, broken, day_of,
};

/// Reads a table that has just begun to its end; none when it is a copy of another file's.
pub fn read(
    xml: &mut Xml<'_>,
    book: &mut Book<'_>,
    sheet: Sheet,
    styles: &Styles,
) -> Read<Option<Sheet>> {
    let mut table = Table { book, sheet, styles, columns: Vec::new(), column: 0, row: 0 };
    let mut is_own = true;
    let mut depth = 0usize;
    loop {
        match xml.next()? {
            Event::Start(start) => {
                depth += 1;
                match start.local_name().as_ref() {
                    "table-source" => is_own = false,
                    "table-column" => table.column(&start),
                    "table-row" => {
                        let start = start.into_owned();
                        table.row(xml, &start)?;
                        depth -= 1;
                    }
                    _ => {}
                }
            }
            Event::End(_) if depth == 0 => return Ok(is_own.then_some(table.sheet)),
            Event::End(_) => depth -= 1,
            Event::Eof => return Err(broken(table.book.name, &"a table is cut off")),
            _ => {}
        }
    }
}

struct Table<'t, 'f> {
    book: &'t mut Book<'f>,
    sheet: Sheet,
    styles: &'t Styles,
    /// Where the columns of a style end, and how their cells show dates.
    columns: Vec<(usize, Look)>,
    column: usize,
    row: usize,
}

impl Table<'_, '_> {
    fn column(&mut self, start: &BytesStart<'_>) {
        let count = repeated(start, "number-columns-repeated", MOST_COLUMNS);
        let first = self.column;
        self.column = (first + count).min(MOST_COLUMNS);
        if hiding(start).is_some() {
            self.sheet.hide_columns(first, self.column.max(1) - 1);
        }
        let style = attribute(start, "default-cell-style-name").unwrap_or_default();
        if first < self.column {
            self.columns.push((self.column, self.styles.look(&style)));
        }
    }

    /// How a cell without a style of its own shows dates.
    fn look_of_column(&self, column: usize) -> Look {
        let at = self.columns.partition_point(|(end, _)| *end <= column);
        self.columns.get(at).map(|(_, look)| *look).unwrap_or_default()
    }

    fn row(&mut self, xml: &mut Xml<'_>, start: &BytesStart<'_>) -> Read<()> {
        let count = repeated(start, "number-rows-repeated", MOST_ROWS);
        let usual = attribute(start, "default-cell-style-name");
        let usual = usual.map(|style| self.styles.look(&style));
        if let Some(is_filter) = hiding(start) {
            self.sheet.hide_rows(self.row, self.row + count - 1);
            if is_filter {
                self.sheet.filter();
            }
        }
        let mut cells = Vec::new();
        let mut column = 0usize;
        loop {
            match xml.next()? {
                Event::Start(start) => {
                    if !matches!(start.local_name().as_ref(), "table-cell" | "covered-table-cell") {
                        continue;
                    }
                    let start = start.into_owned();
                    let cell = cell::read(xml, self.book.name, &start)?;
                    let look = match (&cell.style, usual) {
                        (Some(style), _) => self.styles.look(style),
                        (None, Some(look)) => look,
                        (None, None) => self.look_of_column(column),
                    };
                    if cell.spanned != (1, 1) {
                        self.sheet.merge(Merge {
                            top: self.row,
                            left: column,
                            bottom: self.row + cell.spanned.0 - 1,
                            right: column + cell.spanned.1 - 1,
                        });
                    }
                    let after = column + cell.repeated;
                    if !matches!(cell.value, Value::Blank) {
                        if after > MOST_COLUMNS {
                            return Err(broken(self.book.name, &"a row is too long"));
                        }
                        cells.push((column..after, cell.value, look));
                    }
                    column = after;
                }
                Event::End(end) if end.local_name().as_ref() == "table-row" => break,
                Event::Eof => return Err(broken(self.book.name, &"a row is cut off")),
                _ => {}
            }
        }
        if !cells.is_empty() {
            for row in self.row..self.row + count {
                for (columns, value, look) in &cells {
                    for column in columns.clone() {
                        self.put(row, column, value, *look)?;
                    }
                }
            }
        }
        self.row += count;
        Ok(())
    }

    fn put(&mut self, row: usize, column: usize, value: &Value, look: Look) -> Read<()> {
        let (book, sheet) = (&mut *self.book, &mut self.sheet);
        match value {
            Value::Blank => Ok(()),
            Value::Formula => sheet.formula_without_value(book, row, column),
            Value::Text(text) => sheet.text(book, row, column, text),
            Value::Day(day) => sheet.text(book, row, column, day_of(day, look)),
            Value::Number(number, look) => sheet.number(book, (row, column), *number, *look),
        }
    }
}

fn repeated(start: &BytesStart<'_>, name: &str, most: usize) -> usize {
    let count = attribute(start, name).and_then(|count| count.trim().parse::<usize>().ok());
    count.unwrap_or(1).clamp(1, most)
}

/// Whether a row or column is hidden, and if so, by a filter.
fn hiding(start: &BytesStart<'_>) -> Option<bool> {
    match attribute(start, "visibility").as_deref() {
        Some("collapse") => Some(false),
        Some("filter") => Some(true),
        _ => None,
    }
}
