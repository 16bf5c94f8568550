//! The parts of a workbook beside its sheets: the list of sheets, the formats, the shared strings.

use std::collections::BTreeMap;

use quick_xml::events::Event;

use crate::layer::TextColumn;
use crate::source::Read;
use crate::source::workbook::{
    Book, Contents, Entry, Look, MOST_STYLES, Package, Xml, attribute, broken, decoded, flag,
    looks_of, push_text, xml,
};

/// The list of sheets, in their order.
pub fn contents(file: &str, package: &mut Package<'_>, main: &str) -> Read<Contents> {
    let part = package.part(main)?;
    let part = part.ok_or_else(|| broken(file, &format!("there is no part {main}")))?;
    let mut xml = xml(file, part);
    let mut contents = Contents::default();
    loop {
        match xml.next()? {
            Event::Start(start) => match start.local_name().as_ref() {
                "workbookPr" => contents.since_1904 |= flag(&start, "date1904"),
                "sheet" => {
                    let of = |name| attribute(&start, name).unwrap_or_default().into_owned();
                    let is_hidden = matches!(of("state").as_str(), "hidden" | "veryHidden");
                    contents.sheets.push(Entry { name: of("name"), is_hidden, link: of("id") });
                }
                _ => {}
            },
            Event::Eof => return Ok(contents),
            _ => {}
        }
    }
}

/// The look of every style a cell can have.
pub fn looks(file: &str, package: &mut Package<'_>, name: &str) -> Read<Vec<Look>> {
    let Some(part) = package.part(name)? else {
        return Ok(Vec::new());
    };
    let mut xml = xml(file, part);
    let (mut own, mut styles, mut in_cells) = (BTreeMap::new(), Vec::new(), false);
    loop {
        match xml.next()? {
            Event::Start(start) => {
                let id = || attribute(&start, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                match start.local_name().as_ref() {
                    "numFmt" => {
                        let code = attribute(&start, "formatCode");
                        // Formats of conditions and of pivot tables stand elsewhere and do no harm.
                        if let (Some(id), Some(code)) = (id(), code) {
                            own.insert(id, Look::of_code(&code));
                        }
                    }
                    "cellXfs" => in_cells = true,
                    "xf" if in_cells && styles.len() < MOST_STYLES => {
                        styles.push(id().unwrap_or(0))
                    }
                    _ => {}
                }
            }
            Event::End(end) if end.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => return Ok(looks_of(&styles, &own)),
            _ => {}
        }
    }
}

/// The strings that cells refer to by number.
pub fn strings(book: &mut Book<'_>, package: &mut Package<'_>, name: &str) -> Read<TextColumn> {
    let mut strings = TextColumn::default();
    let Some(part) = package.part(name)? else {
        return Ok(strings);
    };
    let mut xml = xml(book.name, part);
    loop {
        match xml.next()? {
            Event::Start(start) if start.local_name().as_ref() == "si" => {
                let text = string(&mut xml, "si")?;
                book.string(&text)?;
                strings.push(&text);
            }
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// A string up to the end of its element: all its runs, without the sound of its characters.
pub fn string(xml: &mut Xml<'_>, element: &str) -> Read<String> {
    let (mut text, mut in_text, mut in_sound) = (String::new(), false, false);
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(start) => match start.local_name().as_ref() {
                "rPh" => in_sound = true,
                "t" => in_text = true,
                _ => {}
            },
            Event::End(end) => match end.local_name().as_ref() {
                "rPh" => in_sound = false,
                "t" => in_text = false,
                name if name == element => return Ok(decoded(&text).into_owned()),
                _ => {}
            },
            Event::Eof => return Ok(text),
            _ if in_text && !in_sound => push_text(&mut text, &event),
            _ => {}
        }
    }
}
