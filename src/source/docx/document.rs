//! The document from above: its paragraphs and its tables, in their order.

use quick_xml::events::Event;

use super::table;
use crate::layer::Grid;
use crate::source::Read;
use crate::source::workbook::{Book, Sheet, Xml, broken, push_text};

/// A line that gives a unit is no longer than this.
const UNIT_LINE: usize = 30;

/// Reads the document to its end.
pub fn read(xml: &mut Xml<'_>, book: &mut Book<'_>) -> Read<Vec<Grid>> {
    let mut grids: Vec<Grid> = Vec::new();
    // The last paragraphs with text since the last table.
    let mut before: Vec<String> = Vec::new();
    let mut text = Collector::default();
    let mut is_whole = false;
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(start) if start.local_name().as_ref() == "tbl" && !text.is_aside() => {
                let sheet = Sheet::new(format!("表 {}", grids.len() + 1));
                let mut grid = table::read(xml, book, sheet)?.into_grid(book);
                grid.caption = caption(&std::mem::take(&mut before));
                text.clear();
                grids.push(grid);
            }
            Event::Eof if !is_whole => return Err(broken(book.name, &"the document is cut off")),
            Event::Eof => return Ok(grids),
            Event::End(end) if end.local_name().as_ref() == "document" => is_whole = true,
            event => {
                if text.take(event) && !text.is_aside() {
                    let paragraph = text.done();
                    if !paragraph.trim().is_empty() {
                        before.push(paragraph.trim().to_owned());
                        let extra = before.len().saturating_sub(2);
                        before.drain(..extra);
                    }
                }
            }
        }
    }
}

/// What stands over a table: the paragraph before it; if that gives a unit, the one before as well.
fn caption(before: &[String]) -> Option<String> {
    let (last, earlier) = before.split_last()?;
    let is_unit = last.contains("单位") && last.chars().count() <= UNIT_LINE;
    match earlier.last().filter(|_| is_unit) {
        Some(title) => Some(format!("{title}\n{last}")),
        None => Some(last.clone()),
    }
}

/// Gathers text from events, without what was deleted, is a copy or gives a sound.
#[derive(Default)]
pub struct Collector {
    text: String,
    /// How deep the reading is within something that is left out.
    aside: usize,
    in_text: bool,
}

impl Collector {
    /// Whether the reading is within something that is left out.
    pub fn is_aside(&self) -> bool {
        self.aside > 0
    }

    /// Takes in an event; whether a paragraph ends with it.
    pub fn take(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Start(start) => {
                let name = start.local_name();
                if self.is_aside() || is_left_out(name.as_ref()) {
                    self.aside += 1;
                    return false;
                }
                match name.as_ref() {
                    "t" => self.in_text = true,
                    "tab" => self.text.push('\t'),
                    "br" | "cr" => self.text.push('\n'),
                    "noBreakHyphen" => self.text.push('-'),
                    _ => {}
                }
            }
            Event::End(_) if self.is_aside() => self.aside -= 1,
            Event::End(end) => match end.local_name().as_ref() {
                "t" => self.in_text = false,
                "p" => return true,
                _ => {}
            },
            event if self.in_text && !self.is_aside() => push_text(&mut self.text, event),
            _ => {}
        }
        false
    }

    /// The text so far, which begins anew.
    pub fn done(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Forgets the text so far.
    pub fn clear(&mut self) {
        self.text.clear();
    }
}

/// Properties, which hold tab stops; deletions; second copies of drawings; sounds; remarks.
fn is_left_out(name: &str) -> bool {
    matches!(name, "del" | "moveFrom" | "Fallback" | "rt" | "pPr" | "rPr" | "sdtPr" | "sectPr")
}
