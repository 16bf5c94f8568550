//! Shapefiles: the `.shp` with the `.dbf`, `.shx`, `.prj` and `.cpg` beside it become one grid.
//!
//! Shape k belongs to record k of the table. Where one is deleted, damaged or lost, the others keep
//! their partners; what was lost is said.

#[cfg(test)]
mod damaged;
mod notes;
mod records;
mod rings;
#[cfg(test)]
pub mod sample;
mod shape;
#[cfg(test)]
mod tests;

use encoding_rs::GB18030;

use crate::layer::{Claim, Grid, Shapes, TextColumn};
use crate::source::bytes::{u32_be, u32_le};
use crate::source::dbf::{self, Table};
use crate::source::{Format, Opened, Read};
use crate::words::Words;

use notes::Gaps;
use records::Records;
use shape::Shape;

/// The format, for the list of all.
pub const FORMAT: Format = Format { name: "shapefile", extensions: &["shp"], recognises, read };

/// Whether these bytes are those of a `.shp`, as far as its header tells.
pub fn recognises(bytes: &[u8]) -> bool {
    u32_be(bytes, 0) == Some(9994) && u32_le(bytes, 28) == Some(1000)
}

/// Reads the shapes and the table beside them.
///
/// # Errors
/// When the `.shp` has no header, or the table cannot be read ([`dbf::read`]).
pub fn read(opened: &Opened) -> Read<Vec<Grid>> {
    if !recognises(&opened.bytes) {
        return Err(Words::new(
            format!("{}：不是 .shp（文件头应为 9994 和版本 1000）；请重新导出", opened.name),
            format!(
                "{}: not a .shp (its header should have 9994 and version 1000); export it again",
                opened.name
            ),
        ));
    }
    let part = |ending: &str| opened.parts.get(ending).map(Vec::as_slice);
    let table = part("dbf")
        .map(|bytes| dbf::read(&opened.name, bytes, part("cpg"), opened.encoding.as_deref()))
        .transpose()?;
    let records =
        Records::find(&opened.bytes, part("shx"), table.as_ref().map(|table| table.deleted.len()));
    let claim = part("prj").map_or(Claim::None, claim);
    Ok(vec![grid(table, &records, claim)])
}

/// The text of a `.prj`; it is ASCII by the book, but holds Chinese names all the same.
fn claim(prj: &[u8]) -> Claim {
    let text = match std::str::from_utf8(prj) {
        Ok(text) => text.into(),
        Err(_) => GB18030.decode_without_bom_handling(prj).0,
    };
    match text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\0')) {
        "" => Claim::None,
        text => Claim::Text(text.to_owned()),
    }
}

/// One row per shape or record that is not deleted; its shape is that of the same number.
fn grid(table: Option<Table>, records: &Records<'_>, claim: Claim) -> Grid {
    let mut notes = notes::of_counts(records, table.as_ref());
    let is_missing = table.is_none();
    let mut table = table.unwrap_or_default();
    let mut shapes = Shapes { all: vec![None], claim, faults: Vec::new() };
    let mut gaps = Gaps::default();
    for index in 0..records.contents.len().max(table.deleted.len()) {
        if table.deleted.get(index) == Some(&true) {
            continue;
        }
        let content = records.contents.get(index).copied().flatten();
        let Shape { geometry, fault } = content.map(shape::read).unwrap_or_default();
        if content.is_none() {
            gaps.lost.push(shapes.all.len());
        } else if geometry.is_none() && fault.is_none() {
            gaps.null.push(shapes.all.len());
        }
        shapes.faults.extend(fault.map(|fault| (shapes.all.len(), fault)));
        shapes.all.push(geometry);
    }
    notes.extend(notes::of_rows(&gaps, &table, is_missing));
    notes.append(&mut table.notes);
    if is_missing {
        table.columns.push(numbers(records.contents.len()));
    }
    for column in &mut table.columns {
        column.pad_to(shapes.all.len());
    }
    let mut grid = Grid::from_columns(None, table.columns);
    grid.encoding = (!is_missing).then_some(table.encoding);
    grid.shapes = Some(shapes);
    grid.notes = notes;
    grid
}

/// What stands in for a table: the numbers that ArcGIS and QGIS show.
fn numbers(count: usize) -> TextColumn {
    let mut column = TextColumn::default();
    column.push("FID");
    (0..count).for_each(|number| column.push(&number.to_string()));
    column
}
