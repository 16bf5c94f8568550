//! The sender's own workbook with marks on it. Only the sheets that are marked, the styles and, for
//! a filtered sheet, the hidden name of its filter change; all other parts are copied as packed.

use std::collections::BTreeMap;

use crate::words::Words;

use super::book::Book;
use super::package::Package;
use super::styles::Styles;
use super::{Annotation, Mark, reasons, sheet};

/// An annotated copy of a workbook (`.xlsx`, `.xlsm`): marked cells get a coloured fill, and one new
/// column right of the headings says why.
///
/// Equal inputs give equal bytes; without marks the copy is the workbook itself.
///
/// # Errors
/// When the bytes are no workbook that can be read, when a mark stands on a sheet it does not have,
/// or when no column is free.
pub fn annotate(book: &[u8], marks: &[Mark], style: &Annotation) -> Result<Vec<u8>, Words> {
    if marks.is_empty() {
        return Ok(book.to_vec());
    }
    let mut package = Package::open(book)?;
    let book = Book::of(&mut package)?;
    let mut by_sheet: BTreeMap<usize, Vec<&Mark>> = BTreeMap::new();
    for mark in marks {
        let place = book.sheets.iter().position(|sheet| sheet.name == mark.sheet);
        by_sheet.entry(place.ok_or_else(|| no_sheet(&book, mark))?).or_default().push(mark);
    }
    let own = match &book.styles {
        Some(path) => package.text(path)?,
        None => None,
    };
    let mut styles = Styles::of(own, book.namespace())?;
    let mut filters = Vec::new();
    for (place, marks) in by_sheet {
        let found = &book.sheets[place];
        let named = |words: Words| {
            let name = &found.name;
            Words::new(format!("{name}：{}", words.zh), format!("{name}: {}", words.en))
        };
        let missing = || named(super::unreadable(&format!("{}: missing", found.path)));
        let text = package.text(&found.path)?.ok_or_else(missing)?;
        let reasons = reasons::by_row(marks)?;
        let header = style.header_row(&found.name);
        let patched = sheet::patch(&text, &reasons, header, &style.heading_text(), &mut styles)
            .map_err(named)?;
        filters.extend(patched.filter.map(|(from, to)| (found.place, from, to)));
        package.put(&found.path, patched.text);
    }
    match &book.styles {
        Some(path) => package.put(path, styles.patched()),
        None => book.add_styles(&mut package, styles.patched())?,
    }
    book.widen_filters(&mut package, &filters);
    package.written()
}

fn no_sheet(book: &Book, mark: &Mark) -> Words {
    let names: Vec<&str> = book.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    Words::new(
        format!("工作簿中没有工作表“{}”；现有：{}", mark.sheet, names.join("、")),
        format!("the workbook has no sheet \"{}\"; it has: {}", mark.sheet, names.join(", ")),
    )
}

#[cfg(test)]
mod tests;
