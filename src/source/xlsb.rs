//! XLSB workbooks: the records of an old workbook in the container of a new one.

mod parts;
mod records;
mod sheet;
#[cfg(test)]
mod tests;

use super::workbook::{Book, Kind, Package, Sheet, broken, guarded, kind_of};
use super::{Format, Opened, Read};
use crate::layer::Grid;

/// The format, for the list of all.
pub const FORMAT: Format = Format {
    name: "xlsb",
    extensions: &["xlsb"],
    recognises: |bytes| kind_of(bytes) == Some(Kind::Xlsb),
    read,
};

/// Reads all sheets of cells; of a hidden one only its name.
///
/// # Errors
/// When the workbook is damaged or too large, or holds garbled text, with the sheet and cell.
pub fn read(file: &Opened) -> Read<Vec<Grid>> {
    guarded(file, read_book)
}

fn read_book(file: &Opened) -> Read<Vec<Grid>> {
    let name = &file.name;
    let mut package = Package::open(file)?;
    let main = package.main_part("xl/workbook.bin")?;
    let links = package.links(&main)?;
    let contents = parts::contents(name, &mut package, &main)?;
    let of_kind = |kind: &str| links.values().find(|link| link.kind == kind);
    let mut book = Book::new(name);
    let mut shared = sheet::Shared::default();
    if let Some(link) = of_kind("styles") {
        shared.looks = parts::looks(name, &mut package, &link.target)?;
    }
    if let Some(link) = of_kind("sharedStrings") {
        shared.strings = parts::strings(&mut book, &mut package, &link.target)?;
    }
    book.since_1904 = contents.since_1904;
    let mut grids = Vec::new();
    for entry in contents.sheets {
        let missing = || broken(name, &format!("the sheet {} is not there", entry.name));
        let link = links.get(&entry.link).ok_or_else(missing)?;
        // Others hold charts, dialogues or macros.
        if link.kind != "worksheet" {
            continue;
        }
        if entry.is_hidden {
            grids.push(Grid::hidden(entry.name));
            continue;
        }
        let part = package.part(&link.target)?.ok_or_else(missing)?;
        let sheet = Sheet::new(entry.name.clone());
        grids.push(sheet::read(part, &mut book, sheet, &shared)?.into_grid(&book));
    }
    Ok(grids)
}
