//! What a workbook says before its sheets: their names, the formats, the strings, the code page.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, GB18030};

use super::records::{BEGIN, END, Record, Records};
use super::strings::{Count, Text, table};
use super::too_old;
use crate::source::bytes::{u16_le, u32_le};
use crate::source::workbook::{Look, broken, locked, looks_of};
use crate::source::{Opened, Read};

/// A sheet as the workbook lists it.
pub struct Entry {
    pub name: String,
    pub is_hidden: bool,
    /// Where its records begin in the stream.
    pub start: usize,
}

/// What all sheets share.
pub struct Globals {
    pub sheets: Vec<Entry>,
    pub looks: Vec<Look>,
    pub strings: Vec<String>,
    pub text: Text,
    pub since_1904: bool,
}

/// Reads the records before the sheets.
pub fn read(file: &Opened, stream: &[u8]) -> Read<Globals> {
    let name = &file.name;
    let mut records = Records::new(stream);
    let first = records.next().ok_or_else(|| broken(name, &"it holds nothing"))?;
    if first.kind != BEGIN {
        return Err(match first.kind {
            0x0009 | 0x0209 | 0x0409 => too_old(name),
            _ => broken(name, &"it does not begin like a workbook"),
        });
    }
    let is_unicode = u16_le(first.data, 0) == Some(0x0600);
    let mut globals = Globals {
        sheets: Vec::new(),
        looks: Vec::new(),
        strings: Vec::new(),
        text: if is_unicode { Text::Unicode } else { Text::Bytes(GB18030) },
        since_1904: false,
    };
    let is_sheet = u16_le(first.data, 2) == Some(0x0010);
    let (mut own, mut styles) = (BTreeMap::new(), Vec::new());
    for record in records {
        match record.kind {
            END => break,
            // A second beginning is that of the sheet the stream was said to be.
            BEGIN if !is_sheet => break,
            // A password of zeros is none.
            0x002F if record.data.iter().any(|byte| *byte != 0) => {
                return Err(locked(name));
            }
            0x0022 => globals.since_1904 = u16_le(record.data, 0) == Some(1),
            0x0042 if !is_unicode => {
                let number = u16_le(record.data, 0).unwrap_or(936);
                globals.text = Text::of_code_page(number);
            }
            0x00FC if is_unicode => globals.strings = table(&record),
            0x00E0 => styles.push(u32::from(u16_le(record.data, 2).unwrap_or(0))),
            0x041E => {
                let count = if is_unicode { Count::Long } else { Count::Short };
                let id = u16_le(record.data, 0).unwrap_or(0);
                let code = globals.text.read(record.data.get(2..).unwrap_or_default(), count);
                own.insert(u32::from(id), Look::of_code(&code.unwrap_or_default()));
            }
            0x0085 => globals.sheets.extend(sheet(&record, globals.text)),
            _ => {}
        }
    }
    globals.looks = looks_of(&styles, &own);
    let named = file.encoding.as_deref().and_then(|name| Encoding::for_label(name.as_bytes()));
    if let (Text::Bytes(_), Some(encoding)) = (globals.text, named) {
        globals.text = Text::Bytes(encoding);
    }
    // A bare stream is one sheet.
    if is_sheet && globals.sheets.is_empty() {
        globals.sheets.push(Entry { name: "Sheet1".into(), is_hidden: false, start: 0 });
    }
    Ok(globals)
}

/// A sheet of the list, unless it holds a chart, macros or a dialogue.
fn sheet(record: &Record<'_>, text: Text) -> Option<Entry> {
    let data = record.data;
    let is_cells = data.get(5)? & 0x0F == 0;
    let name = text.read(data.get(6..)?, Count::Short)?.replace('\0', "");
    let start = u32_le(data, 0)? as usize;
    is_cells.then_some(Entry { name, is_hidden: data.get(4)? & 3 != 0, start })
}
