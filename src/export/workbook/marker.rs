//! The marker of a template, which its filled-in copies still have.

use super::book::Book;
use super::package::Package;
use super::xml::{Step, Steps};

/// The very hidden sheet whose first cell holds the marker.
pub(super) const SHEET: &str = "_template";

/// The marker that [`blank`](super::blank) put into a workbook; none when it has none or is no
/// workbook. Of the sheets only the one with the marker is read.
pub fn marker(book: &[u8]) -> Option<String> {
    let mut package = Package::open(book).ok()?;
    let book = Book::of(&mut package).ok()?;
    let sheet = book.sheets.iter().find(|sheet| sheet.name == SHEET)?;
    let cell = first_cell(&package.text(&sheet.path).ok()??)?;
    let text = match cell {
        Cell::Text(text) => text,
        Cell::Shared(number) => shared(&package.text(book.texts.as_deref()?).ok()??, number)?,
    };
    Some(text).filter(|text| !text.is_empty())
}

enum Cell {
    Text(String),
    /// The number of a text that cells share.
    Shared(usize),
}

fn first_cell(xml: &str) -> Option<Cell> {
    let mut steps = Steps::new(xml);
    let mut is_shared = false;
    let mut text = String::new();
    let mut is_value = false;
    loop {
        match steps.next().ok()? {
            Step::Open(tag) if tag.is("c") => is_shared = tag.get("t").as_deref() == Some("s"),
            Step::Open(tag) => is_value = tag.is("v") || tag.is("t"),
            Step::Text(some) if is_value => text.push_str(&some),
            Step::Close if steps.depth == 4 && !text.is_empty() => break,
            Step::Close => is_value = false,
            Step::End => return None,
            _ => {}
        }
    }
    if is_shared { text.trim().parse().ok().map(Cell::Shared) } else { Some(Cell::Text(text)) }
}

/// One of the texts that cells share; readings beside Chinese characters are no part of it.
fn shared(xml: &str, number: usize) -> Option<String> {
    let mut steps = Steps::new(xml);
    let mut seen = 0;
    let mut text = String::new();
    let (mut is_text, mut is_reading) = (false, false);
    loop {
        match steps.next().ok()? {
            Step::Open(tag) | Step::Alone(tag) if steps.depth == 2 && tag.is("si") => seen += 1,
            Step::Open(tag) => {
                is_reading |= tag.is("rPh");
                is_text = tag.is("t") && !is_reading;
            }
            Step::Text(some) if is_text && seen == number + 1 => text.push_str(&some),
            Step::Close => {
                is_text = false;
                is_reading &= steps.depth > 3;
                if steps.depth == 2 && seen == number + 1 {
                    return Some(text);
                }
            }
            Step::End => return None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_is_one_of_the_shared_texts() {
        let xml = "<sst><si><t>一</t></si><si/><si><r><t>a&amp;</t></r><rPh><t>x</t></rPh><r><t>b</t></r></si></sst>";
        assert_eq!(shared(xml, 2).as_deref(), Some("a&b"));
        assert_eq!(shared(xml, 3), None);
    }

    #[test]
    fn what_is_no_template_has_no_marker() {
        assert_eq!(marker(b"no workbook"), None);
        let other =
            concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/formats/office/annotate/openpyxl.xlsx");
        assert_eq!(marker(&std::fs::read(other).expect("a fixture")), None);
    }
}
