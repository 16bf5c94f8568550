//! The cells of one sheet, in one pass over its XML.

use quick_xml::events::{BytesStart, Event};

use super::parts::string;
use crate::layer::{Merge, TextColumn};
use crate::source::Read;
use crate::source::workbook::{
    Book, Look, Part, Sheet, Xml, attribute, broken, cell_of, day_of, decoded, flag, push_text,
    range_of, xml,
};

/// What the sheets of a workbook share.
pub struct Shared<'b> {
    pub strings: &'b TextColumn,
    pub looks: &'b [Look],
}

/// Reads a sheet to its end.
pub fn read(part: Part<'_>, book: &mut Book<'_>, sheet: Sheet, shared: &Shared<'_>) -> Read<Sheet> {
    let mut reading = Reading { xml: xml(book.name, part), book, sheet, shared, row: 0, column: 0 };
    reading.all()?;
    Ok(reading.sheet)
}

struct Reading<'r, 'f> {
    xml: Xml<'r>,
    book: &'r mut Book<'f>,
    sheet: Sheet,
    shared: &'r Shared<'r>,
    row: usize,
    /// The column of the next cell that does not say its own.
    column: usize,
}

impl Reading<'_, '_> {
    fn all(&mut self) -> Read<()> {
        let name = self.book.name;
        let (mut is_sheet, mut is_open) = (false, false);
        loop {
            let event = self.xml.next()?;
            match event {
                Event::Start(start) => match start.local_name().as_ref() {
                    "worksheet" => is_sheet = true,
                    "sheetData" => is_open = true,
                    "row" if is_open => {
                        if let Some(number) = attribute(&start, "r") {
                            let row = cell_of(&format!("A{}", number.trim()));
                            (self.row, _) = row.ok_or_else(|| misplaced(name, &number))?;
                        }
                        self.column = 0;
                        if flag(&start, "hidden") {
                            self.sheet.hide_rows(self.row, self.row);
                        }
                    }
                    "c" if is_open => {
                        let cell = Cell::of(&start);
                        self.cell(cell)?;
                    }
                    "mergeCell" => {
                        let cells = attribute(&start, "ref").unwrap_or_default();
                        if let Some(merge) = range_of(&cells) {
                            self.sheet.merge(ordered(merge));
                        }
                    }
                    "col" if !is_open && flag(&start, "hidden") => {
                        let of = |name| attribute(&start, name)?.trim().parse::<usize>().ok();
                        if let (Some(first @ 1..), Some(last)) = (of("min"), of("max")) {
                            self.sheet.hide_columns(first - 1, last.max(1) - 1);
                        }
                    }
                    "filterColumn" => self.sheet.filter(),
                    _ => {}
                },
                Event::End(end) => match end.local_name().as_ref() {
                    "row" if is_open => self.row += 1,
                    "sheetData" => is_open = false,
                    _ => {}
                },
                Event::Eof if !is_sheet || is_open => {
                    return Err(broken(name, &"a sheet is cut off or is none"));
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn cell(&mut self, cell: Cell) -> Read<()> {
        let (mut value, mut inner, mut in_value, mut has_formula) =
            (String::new(), None, false, false);
        loop {
            let event = self.xml.next()?;
            match &event {
                Event::Start(start) => match start.local_name().as_ref() {
                    "v" => in_value = true,
                    "f" => has_formula = true,
                    "is" => inner = Some(string(&mut self.xml, "is")?),
                    _ => {}
                },
                Event::End(end) => match end.local_name().as_ref() {
                    "v" => in_value = false,
                    "c" => break,
                    _ => {}
                },
                Event::Eof => return Err(broken(self.book.name, &"a cell is cut off")),
                _ if in_value => push_text(&mut value, &event),
                _ => {}
            }
        }
        let (row, column) = match &cell.place {
            Some(place) => cell_of(place).ok_or_else(|| misplaced(self.book.name, place))?,
            None => (self.row, self.column),
        };
        self.column = column + 1;
        let is_text = matches!(cell.kind, Kind::Text | Kind::Inline);
        if has_formula && !is_text && value.trim().is_empty() {
            return self.sheet.formula_without_value(self.book, row, column);
        }
        let (book, sheet) = (&mut *self.book, &mut self.sheet);
        let look = self.shared.looks.get(cell.style).copied().unwrap_or_default();
        match cell.kind {
            Kind::Number => match value.trim().parse::<f64>() {
                Ok(number) => sheet.number(book, (row, column), number, look),
                Err(_) => sheet.text(book, row, column, &value),
            },
            Kind::Shared => {
                let number = value.trim().parse::<usize>().ok();
                let known = number.filter(|number| *number < self.shared.strings.len());
                match (known, value.trim().is_empty()) {
                    (Some(number), _) => {
                        sheet.text(book, row, column, self.shared.strings.get(number))
                    }
                    (None, true) => Ok(()),
                    (None, false) => {
                        Err(broken(book.name, &format!("there is no shared string {value}")))
                    }
                }
            }
            Kind::Bool => {
                let text = match value.trim() {
                    "1" | "true" => "true",
                    "0" | "false" => "false",
                    other => other,
                };
                sheet.text(book, row, column, text)
            }
            Kind::Day => sheet.text(book, row, column, day_of(value.trim(), look)),
            Kind::Text => sheet.text(book, row, column, &decoded(&value)),
            Kind::Inline => {
                let text = inner.unwrap_or_else(|| decoded(&value).into_owned());
                sheet.text(book, row, column, &text)
            }
            Kind::Error => sheet.text(book, row, column, value.trim()),
        }
    }
}

/// What the element of a cell says.
struct Cell {
    place: Option<String>,
    style: usize,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Number,
    Shared,
    Bool,
    Day,
    Text,
    Inline,
    Error,
}

impl Cell {
    fn of(start: &BytesStart<'_>) -> Cell {
        let mut cell = Cell { place: None, style: 0, kind: Kind::Number };
        for one in start.attributes().with_checks(false).flatten() {
            match one.key.local_name().as_ref() {
                "r" => cell.place = Some(one.value.into_owned()),
                "s" => cell.style = one.value.trim().parse().unwrap_or(0),
                "t" => {
                    cell.kind = match &*one.value {
                        "s" => Kind::Shared,
                        "b" => Kind::Bool,
                        "d" => Kind::Day,
                        "str" => Kind::Text,
                        "inlineStr" => Kind::Inline,
                        "e" => Kind::Error,
                        _ => Kind::Number,
                    }
                }
                _ => {}
            }
        }
        cell
    }
}

fn ordered(merge: Merge) -> Merge {
    Merge {
        top: merge.top.min(merge.bottom),
        left: merge.left.min(merge.right),
        bottom: merge.bottom.max(merge.top),
        right: merge.right.max(merge.left),
    }
}

fn misplaced(file: &str, place: &str) -> crate::words::Words {
    let place: String = place.chars().take(20).collect();
    broken(file, &format!("{place} is no cell or row of a sheet"))
}
