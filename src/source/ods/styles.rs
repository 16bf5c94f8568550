//! Styles by their names: how a cell's date is shown, and which tables are hidden.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::events::{BytesEnd, BytesStart};

use crate::source::workbook::{Look, MOST_STYLES, Precision, attribute};

/// A style is looked for no further up among its parents than this.
const MOST_PARENTS: usize = 32;

/// The styles of a file.
#[derive(Default)]
pub struct Styles {
    /// How a format of dates shows them.
    formats: BTreeMap<String, Look>,
    /// A cell style's format and its parent.
    cells: BTreeMap<String, (Option<String>, Option<String>)>,
    hidden_tables: BTreeSet<String>,
    /// The format of dates that is open: its name, and whether it shows year, month and day.
    open: Option<(String, [bool; 3])>,
    /// The table style that is open.
    table: Option<String>,
}

impl Styles {
    /// Takes in the beginning of an element.
    pub fn start(&mut self, start: &BytesStart<'_>) {
        let of = |name| attribute(start, name).map(|value| value.into_owned());
        let mut shows = |at: usize| {
            if let Some((_, shown)) = &mut self.open {
                shown[at] = true;
            }
        };
        match start.local_name().as_ref() {
            "date-style" => self.open = of("name").map(|name| (name, [false; 3])),
            "year" | "era" => shows(0),
            "month" => shows(1),
            "day" | "day-of-week" => shows(2),
            "style" => match (of("family").as_deref(), of("name")) {
                (Some("table-cell"), Some(name)) if self.cells.len() < MOST_STYLES => {
                    let style = (of("data-style-name"), of("parent-style-name"));
                    self.cells.insert(name, style);
                }
                (Some("table"), name) => self.table = name,
                _ => {}
            },
            "table-properties" if of("display").as_deref() == Some("false") => {
                self.hidden_tables.extend(self.table.clone());
            }
            _ => {}
        }
    }

    /// Takes in the end of an element.
    pub fn end(&mut self, end: &BytesEnd<'_>) {
        match end.local_name().as_ref() {
            "date-style" => {
                if let Some((name, shown)) = self.open.take() {
                    let precision = match shown {
                        [true, false, false] => Precision::Year,
                        [true, true, false] => Precision::Month,
                        _ => Precision::Day,
                    };
                    self.formats.insert(name, Look::Day(precision));
                }
            }
            "style" => self.table = None,
            _ => {}
        }
    }

    /// How the cells of a style show dates.
    pub fn look(&self, style: &str) -> Look {
        let mut name = style;
        for _ in 0..MOST_PARENTS {
            let Some((format, parent)) = self.cells.get(name) else { break };
            if let Some(look) = format.as_ref().and_then(|format| self.formats.get(format)) {
                return *look;
            }
            let Some(parent) = parent else { break };
            name = parent;
        }
        Look::Plain
    }

    /// Whether a table of this style is hidden.
    pub fn hides_table(&self, style: &str) -> bool {
        self.hidden_tables.contains(style)
    }
}
