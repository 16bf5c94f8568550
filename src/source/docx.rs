//! Tables of Word documents: each becomes a grid, its rows numbered from 1 as in the document.

mod document;
mod table;
#[cfg(test)]
mod tests;

use super::workbook::{Book, Kind, Package, broken, guarded, kind_of, xml};
use super::{Format, Opened, Read};
use crate::layer::Grid;
use crate::words::Words;

/// The format, for the list of all.
pub const FORMAT: Format = Format {
    name: "docx",
    extensions: &["docx"],
    recognises: |bytes| kind_of(bytes) == Some(Kind::Docx),
    read,
};

/// Reads all tables of the document; a table within a cell is part of that cell's text.
///
/// # Errors
/// When the document has no table, is damaged or too large, or holds garbled text.
pub fn read(file: &Opened) -> Read<Vec<Grid>> {
    guarded(file, read_document)
}

fn read_document(file: &Opened) -> Read<Vec<Grid>> {
    let name = &file.name;
    let mut package = Package::open(file)?;
    let main = package.main_part("word/document.xml")?;
    let part = package.part(&main)?;
    let part = part.ok_or_else(|| broken(name, &format!("there is no part {main}")))?;
    let mut book = Book::new(name);
    let grids = document::read(&mut xml(name, part), &mut book)?;
    if grids.is_empty() {
        return Err(Words::new(
            format!("{name}：文档中没有表格；可读取含表格的 .docx，或 .xlsx、.csv"),
            format!(
                "{name}: there is no table in the document; a .docx with tables, .xlsx or .csv is accepted"
            ),
        ));
    }
    Ok(grids)
}
