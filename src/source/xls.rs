//! XLS workbooks of Excel 5 to 2003, and of WPS: a stream of records in a compound file.
//!
//! Some programs write the records without the container; these are read too. Text of the older
//! files is bytes in the code page that the file names, or that the user does.

mod book;
mod records;
mod sheet;
mod strings;
#[cfg(test)]
mod tests;

use super::compound::{Compound, is_compound};
use super::workbook::{Book, Sheet, broken, guarded};
use super::{Format, Opened, Read};
use crate::layer::Grid;
use crate::words::Words;

/// The format, for the list of all.
pub const FORMAT: Format = Format { name: "xls", extensions: &["xls", "et"], recognises, read };

/// Whether these bytes are a workbook, in a container or bare.
fn recognises(bytes: &[u8]) -> bool {
    if is_compound(bytes) {
        return Compound::open(bytes).is_some_and(|file| file.names().any(is_workbook));
    }
    // The record that begins a stream, with the length it has in each version.
    matches!(bytes, [0x09, 0x00 | 0x02 | 0x04 | 0x08, 4 | 6 | 8 | 16, 0, ..])
}

/// Whether a stream of this name holds a workbook.
pub(super) fn is_workbook(name: &str) -> bool {
    name.eq_ignore_ascii_case("Workbook") || name.eq_ignore_ascii_case("Book")
}

/// Reads all sheets of cells; of a hidden one only its name.
///
/// # Errors
/// When the workbook is damaged, encrypted, too old or too large, or holds garbled text.
pub fn read(file: &Opened) -> Read<Vec<Grid>> {
    guarded(file, read_book)
}

fn read_book(file: &Opened) -> Read<Vec<Grid>> {
    let name = &file.name;
    if !is_compound(&file.bytes) {
        return read_stream(file, &file.bytes);
    }
    let container =
        Compound::open(&file.bytes).ok_or_else(|| broken(name, &"its directory is damaged"))?;
    // A file saved for both versions holds the newer one as `Workbook`.
    let stream = container.stream("Workbook").or_else(|| container.stream("Book"));
    let stream = stream.ok_or_else(|| broken(name, &"there is no workbook in it"))?;
    read_stream(file, &stream)
}

fn read_stream(file: &Opened, stream: &[u8]) -> Read<Vec<Grid>> {
    let name = &file.name;
    let globals = book::read(file, stream)?;
    let mut book = Book::new(name);
    book.since_1904 = globals.since_1904;
    let mut grids = Vec::new();
    for entry in &globals.sheets {
        if entry.is_hidden {
            grids.push(Grid::hidden(entry.name.clone()));
            continue;
        }
        let records = stream
            .get(entry.start..)
            .ok_or_else(|| broken(name, &format!("the sheet {} is not there", entry.name)))?;
        let sheet = Sheet::new(entry.name.clone());
        let mut grid = sheet::read(records, &globals, &mut book, sheet)?.into_grid(&book);
        grid.encoding = globals.text.named();
        grids.push(grid);
    }
    Ok(grids)
}

/// A workbook of a version before Excel 5.
fn too_old(name: &str) -> Words {
    Words::new(
        format!(
            "{name}：这是 Excel 4 或更早的工作簿，不能读取；请在 Excel 或 WPS 中打开后另存为 .xlsx"
        ),
        format!(
            "{name}: a workbook of Excel 4 or before, which is not read; open it in Excel or WPS and save it as .xlsx"
        ),
    )
}
