//! The cells of one sheet, record by record.

use super::records::{Records, wide};
use crate::layer::{Merge, TextColumn};
use crate::source::Read;
use crate::source::bytes::{f64_le, u16_le, u32_le};
use crate::source::workbook::{Book, Look, Part, Sheet, broken, error_named, short_number};

/// What the sheets of a workbook share.
#[derive(Default)]
pub struct Shared {
    pub strings: TextColumn,
    pub looks: Vec<Look>,
}

/// Reads a sheet to its end.
pub fn read(part: Part<'_>, book: &mut Book<'_>, sheet: Sheet, shared: &Shared) -> Read<Sheet> {
    let mut records = Records::new(book.name, part);
    let mut reading = Reading { book, sheet, shared, row: 0 };
    let mut has_ended = false;
    while let Some((kind, data)) = records.next()? {
        has_ended |= kind == 0x0192;
        // A record that is too short for what it is has nothing to give.
        reading.record(kind, data).transpose()?;
    }
    match has_ended {
        true => Ok(reading.sheet),
        false => Err(broken(reading.book.name, &"a sheet is cut off")),
    }
}

struct Reading<'r, 'f> {
    book: &'r mut Book<'f>,
    sheet: Sheet,
    shared: &'r Shared,
    row: usize,
}

impl Reading<'_, '_> {
    fn record(&mut self, kind: u32, data: &[u8]) -> Option<Read<()>> {
        let number = |at| u32_le(data, at).map(|number| number as usize);
        match kind {
            0x00 => {
                self.row = number(0)?;
                if data.get(11)? & 0x10 != 0 {
                    self.sheet.hide_rows(self.row, self.row);
                }
                None
            }
            0x02 => Some(self.number(data, short_number(u32_le(data, 8)?))),
            0x05 | 0x09 => Some(self.number(data, f64_le(data, 8)?)),
            0x03 | 0x0B => Some(self.text(data, error_named(*data.get(8)?))),
            0x04 | 0x0A => Some(self.text(data, if *data.get(8)? == 0 { "false" } else { "true" })),
            0x06 | 0x08 => Some(self.text(data, &wide(data, 8)?.0)),
            // A text with the looks of its parts.
            0x3E => Some(self.text(data, &wide(data, 9)?.0)),
            0x07 => {
                let (strings, at) = (&self.shared.strings, number(8)?);
                if at >= strings.len() {
                    let what = format!("there is no shared string {at}");
                    return Some(Err(broken(self.book.name, &what)));
                }
                Some(self.text(data, strings.get(at)))
            }
            0x01B0 => {
                let (top, bottom) = (number(0)?, number(4)?);
                self.sheet.merge(Merge { top, bottom, left: number(8)?, right: number(12)? });
                None
            }
            0x3C if u16_le(data, 16)? & 1 != 0 => {
                self.sheet.hide_columns(number(0)?, number(4)?);
                None
            }
            0x01A3 => {
                self.sheet.filter();
                None
            }
            _ => None,
        }
    }

    /// The column that begins every cell.
    fn column(data: &[u8]) -> usize {
        u32_le(data, 0).map_or(usize::MAX, |column| column as usize)
    }

    fn number(&mut self, data: &[u8], value: f64) -> Read<()> {
        // The style is three bytes long.
        let style = u32_le(data, 4).unwrap_or(0) & 0x00FF_FFFF;
        let look = self.shared.looks.get(style as usize).copied().unwrap_or_default();
        self.sheet.number(self.book, (self.row, Self::column(data)), value, look)
    }

    fn text(&mut self, data: &[u8], text: &str) -> Read<()> {
        self.sheet.text(self.book, self.row, Self::column(data), text)
    }
}
