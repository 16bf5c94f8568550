//! The cells of one sheet, record by record.

use super::book::Globals;
use super::records::{BEGIN, END, Record, Records};
use super::strings::{Count, Text};
use crate::layer::Merge;
use crate::source::Read;
use crate::source::bytes::{f64_le, u16_le, u32_le};
use crate::source::workbook::{Book, Sheet, broken, error_named, short_number};

/// Reads a sheet, from its beginning to its end.
pub fn read(stream: &[u8], globals: &Globals, book: &mut Book<'_>, sheet: Sheet) -> Read<Sheet> {
    let mut reading = Reading {
        globals,
        book,
        sheet,
        formula: None,
        blank_formulas: Vec::new(),
        has_results: false,
    };
    let mut depth = 0usize;
    for record in Records::new(stream) {
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => return reading.done(),
            END => depth -= 1,
            // What is deeper belongs to a chart within the sheet.
            _ if depth == 1 => {
                // A record that is too short for what it is has nothing to give.
                reading.record(&record).transpose()?;
            }
            _ => {}
        }
    }
    Err(broken(reading.book.name, &"a sheet is cut off"))
}

struct Reading<'r, 'f> {
    globals: &'r Globals,
    book: &'r mut Book<'f>,
    sheet: Sheet,
    /// The formula whose result is the text that follows.
    formula: Option<(usize, usize)>,
    /// Formulas with an empty text as their result.
    blank_formulas: Vec<(usize, usize)>,
    has_results: bool,
}

impl Reading<'_, '_> {
    fn record(&mut self, record: &Record<'_>) -> Option<Read<()>> {
        let data = record.data;
        let number = |at| u16_le(data, at).map(usize::from);
        let place = || Some((number(0)?, number(2)?));
        match record.kind {
            0x0203 => Some(self.number(place()?, number(4)?, f64_le(data, 6)?)),
            0x027E => Some(self.number(place()?, number(4)?, short_number(u32_le(data, 6)?))),
            0x00BD => {
                let (row, first) = place()?;
                let cells = data.get(4..data.len().checked_sub(2)?)?.chunks_exact(6);
                for (column, cell) in (first..).zip(cells) {
                    let value = short_number(u32_le(cell, 2)?);
                    let style = usize::from(u16_le(cell, 0)?);
                    if let Err(words) = self.number((row, column), style, value) {
                        return Some(Err(words));
                    }
                }
                None
            }
            // Texts of their own; the second with the looks of its parts behind it.
            0x0204 | 0x00D6 => {
                let text = self.globals.text.read(data.get(6..)?, Count::Long)?;
                Some(self.text(place()?, &text))
            }
            0x00FD => {
                let (globals, number) = (self.globals, u32_le(data, 6)?);
                let Some(text) = globals.strings.get(number as usize) else {
                    let what = format!("there is no shared string {number}");
                    return Some(Err(broken(self.book.name, &what)));
                };
                Some(self.text(place()?, text))
            }
            0x0205 => {
                let text = match data.get(7)? {
                    0 => truth(*data.get(6)?),
                    _ => error_named(*data.get(6)?),
                };
                Some(self.text(place()?, text))
            }
            0x0006 => self.formula(data, place()?, number(4)?),
            0x0207 => {
                let place = self.formula.take()?;
                let text = text_of_formula(record, self.globals.text)?;
                Some(self.text(place, &text))
            }
            0x00E5 => {
                for cells in data.get(2..)?.chunks_exact(8) {
                    let at = |at| u16_le(cells, at).map(usize::from);
                    let (top, bottom, left, right) = (at(0)?, at(2)?, at(4)?, at(6)?);
                    self.sheet.merge(Merge { top, left, bottom, right });
                }
                None
            }
            0x0208 if data.get(12)? & 0x20 != 0 => {
                self.sheet.hide_rows(number(0)?, number(0)?);
                None
            }
            0x007D if number(8)? & 1 != 0 => {
                self.sheet.hide_columns(number(0)?, number(2)?);
                None
            }
            0x009B => {
                self.sheet.filter();
                None
            }
            _ => None,
        }
    }

    fn number(&mut self, place: (usize, usize), style: usize, value: f64) -> Read<()> {
        let look = self.globals.looks.get(style).copied().unwrap_or_default();
        self.sheet.number(self.book, place, value, look)
    }

    fn text(&mut self, (row, column): (usize, usize), text: &str) -> Read<()> {
        self.sheet.text(self.book, row, column, text)
    }

    /// The result of a formula: a number, or the kind of another value.
    fn formula(&mut self, data: &[u8], place: (usize, usize), style: usize) -> Option<Read<()>> {
        self.formula = None;
        let result = data.get(6..14)?;
        if result[6..] != [0xFF, 0xFF] {
            self.has_results = true;
            return Some(self.number(place, style, f64_le(result, 0)?));
        }
        self.has_results |= result[0] != 3;
        match result[0] {
            0 => self.formula = Some(place),
            1 => return Some(self.text(place, truth(result[2]))),
            2 => return Some(self.text(place, error_named(result[2]))),
            _ => self.blank_formulas.push(place),
        }
        None
    }

    /// The sheet. A program that cannot calculate writes an empty text for every formula.
    fn done(mut self) -> Read<Sheet> {
        if !self.has_results {
            for (row, column) in self.blank_formulas {
                self.sheet.formula_without_value(self.book, row, column)?;
            }
        }
        Ok(self.sheet)
    }
}

/// The text that is the result of a formula; a long one goes on in the records that follow.
fn text_of_formula(record: &Record<'_>, text: Text) -> Option<String> {
    let mut data = record.data.to_vec();
    for more in &record.more {
        let skip = usize::from(matches!(text, Text::Unicode));
        data.extend_from_slice(more.get(skip..)?);
    }
    text.read(&data, Count::Long)
}

fn truth(value: u8) -> &'static str {
    if value == 0 { "false" } else { "true" }
}
