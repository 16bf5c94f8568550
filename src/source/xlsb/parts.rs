//! The parts of a workbook beside its sheets: the list of sheets, the formats, the shared strings.

use std::collections::BTreeMap;

use super::records::{Records, wide};
use crate::layer::TextColumn;
use crate::source::Read;
use crate::source::bytes::{u16_le, u32_le};
use crate::source::workbook::{
    Book, Contents, Entry, Look, MOST_STYLES, Package, broken, looks_of,
};

/// The list of sheets, in their order.
pub fn contents(file: &str, package: &mut Package<'_>, main: &str) -> Read<Contents> {
    let part = package.part(main)?;
    let part = part.ok_or_else(|| broken(file, &format!("there is no part {main}")))?;
    let mut records = Records::new(file, part);
    let mut contents = Contents::default();
    while let Some((kind, data)) = records.next()? {
        match kind {
            0x0199 => contents.since_1904 |= data.first().is_some_and(|flags| flags & 1 != 0),
            0x019C => contents.sheets.extend(entry(data)),
            _ => {}
        }
    }
    Ok(contents)
}

fn entry(data: &[u8]) -> Option<Entry> {
    let (link, end) = wide(data, 8)?;
    let (name, _) = wide(data, end)?;
    Some(Entry { name, is_hidden: u32_le(data, 0)? != 0, link })
}

/// The look of every style a cell can have.
pub fn looks(file: &str, package: &mut Package<'_>, name: &str) -> Read<Vec<Look>> {
    let Some(part) = package.part(name)? else {
        return Ok(Vec::new());
    };
    let mut records = Records::new(file, part);
    let (mut own, mut styles, mut in_cells) = (BTreeMap::new(), Vec::new(), false);
    while let Some((kind, data)) = records.next()? {
        match kind {
            0x2C => {
                let (id, code) = (u16_le(data, 0), wide(data, 2));
                if let (Some(id), Some((code, _))) = (id, code) {
                    own.insert(u32::from(id), Look::of_code(&code));
                }
            }
            0x04E9 => in_cells = true,
            0x04EA => in_cells = false,
            0x2F if in_cells && styles.len() < MOST_STYLES => {
                styles.push(u32::from(u16_le(data, 2).unwrap_or(0)))
            }
            _ => {}
        }
    }
    Ok(looks_of(&styles, &own))
}

/// The strings that cells refer to by number; what belongs to their look and sound is left out.
pub fn strings(book: &mut Book<'_>, package: &mut Package<'_>, name: &str) -> Read<TextColumn> {
    let mut strings = TextColumn::default();
    let Some(part) = package.part(name)? else {
        return Ok(strings);
    };
    let mut records = Records::new(book.name, part);
    while let Some((kind, data)) = records.next()? {
        if kind == 0x13 {
            let (text, _) = wide(data, 1).unwrap_or_default();
            book.string(&text)?;
            strings.push(&text);
        }
    }
    Ok(strings)
}
