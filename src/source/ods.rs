//! ODS sheets, as LibreOffice and WPS write them on request: one XML part with all tables.

mod cell;
mod styles;
mod table;
#[cfg(test)]
mod tests;

use quick_xml::events::Event;

use super::workbook::{
    Book, Kind, Package, Sheet, attribute, broken, guarded, kind_of, locked, xml,
};
use super::{Format, Opened, Read};
use crate::layer::Grid;
use styles::Styles;

/// The format, for the list of all.
pub const FORMAT: Format = Format {
    name: "ods",
    extensions: &["ods"],
    recognises: |bytes| kind_of(bytes) == Some(Kind::Ods),
    read,
};

/// Reads all tables; of a hidden one only its name.
///
/// # Errors
/// When the file is damaged, encrypted or too large, or holds garbled text, with the sheet and cell.
pub fn read(file: &Opened) -> Read<Vec<Grid>> {
    guarded(file, read_book)
}

fn read_book(file: &Opened) -> Read<Vec<Grid>> {
    let name = &file.name;
    let mut package = Package::open(file)?;
    refuse_encrypted(name, &mut package)?;
    let mut styles = Styles::default();
    if let Some(part) = package.part("styles.xml")? {
        let mut xml = xml(name, part);
        loop {
            match xml.next()? {
                Event::Start(start) => styles.start(&start),
                Event::End(end) => styles.end(&end),
                Event::Eof => break,
                _ => {}
            }
        }
    }
    let part = package.part("content.xml")?;
    let mut xml = xml(name, part.ok_or_else(|| broken(name, &"there is no content.xml"))?);
    let mut book = Book::new(name);
    let (mut grids, mut is_whole) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Event::Start(start) if start.local_name().as_ref() == "table" => {
                let of = |name| attribute(&start, name).unwrap_or_default().into_owned();
                let (title, style) = (of("name"), of("style-name"));
                let sheet = Sheet::new(title.clone());
                let Some(sheet) = table::read(&mut xml, &mut book, sheet, &styles)? else {
                    continue;
                };
                grids.push(match styles.hides_table(&style) {
                    true => Grid::hidden(title),
                    false => sheet.into_grid(&book),
                });
            }
            Event::Start(start) if start.local_name().as_ref() == "null-date" => {
                let first = attribute(&start, "date-value").unwrap_or_default();
                book.since_1904 = first.starts_with("1904");
            }
            Event::Start(start) => styles.start(&start),
            Event::End(end) => {
                is_whole |= end.local_name().as_ref() == "document-content";
                styles.end(&end);
            }
            Event::Eof if !is_whole => return Err(broken(name, &"its content is cut off")),
            Event::Eof => return Ok(grids),
            _ => {}
        }
    }
}

/// The list of parts says which are encrypted.
fn refuse_encrypted(name: &str, package: &mut Package<'_>) -> Read<()> {
    let Some(part) = package.part("META-INF/manifest.xml")? else {
        return Ok(());
    };
    let mut xml = xml(name, part);
    loop {
        match xml.next()? {
            Event::Start(start) if start.local_name().as_ref() == "encryption-data" => {
                return Err(locked(name));
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
