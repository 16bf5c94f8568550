//! XLSX workbooks: the text of every cell, with what merges, formats and hidden rows say of it.

mod cells;
mod parts;
#[cfg(test)]
mod tests;

use super::workbook::{Book, Kind, Package, Sheet, broken, guarded, kind_of};
use super::{Format, Opened, Read};
use crate::layer::Grid;

/// The format, for the list of all.
pub const FORMAT: Format = Format {
    name: "xlsx",
    extensions: &["xlsx", "xlsm"],
    recognises: |bytes| kind_of(bytes) == Some(Kind::Xlsx),
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
    let main = package.main_part("xl/workbook.xml")?;
    let links = package.links(&main)?;
    let contents = parts::contents(name, &mut package, &main)?;
    let of_kind = |kind: &str| links.values().find(|link| link.kind == kind);
    let looks = match of_kind("styles") {
        Some(link) => parts::looks(name, &mut package, &link.target)?,
        None => Vec::new(),
    };
    let mut book = Book::new(name);
    let strings = match of_kind("sharedStrings") {
        Some(link) => parts::strings(&mut book, &mut package, &link.target)?,
        None => Default::default(),
    };
    book.since_1904 = contents.since_1904;
    let mut grids = Vec::new();
    for entry in contents.sheets {
        let link = links.get(&entry.link).ok_or_else(|| {
            broken(name, &format!("the sheet {} is listed but not there", entry.name))
        })?;
        // Others hold charts, dialogues or macros.
        if link.kind != "worksheet" {
            continue;
        }
        if entry.is_hidden {
            grids.push(Grid::hidden(entry.name));
            continue;
        }
        let part = package.part(&link.target)?.ok_or_else(|| {
            broken(name, &format!("the sheet {} has no part {}", entry.name, link.target))
        })?;
        let sheet = Sheet::new(entry.name);
        let sheet = cells::read(
            part,
            &mut book,
            sheet,
            &cells::Shared { strings: &strings, looks: &looks },
        )?;
        grids.push(sheet.into_grid(&book));
    }
    Ok(grids)
}
