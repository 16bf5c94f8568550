//! A report of several tables, said once: for the terminal and for a workbook alike, so that every
//! number stands the same in both.

use crate::error::{Error, Result};
use crate::export::workbook::{Content, Tab, tables};
use crate::quantity::{Interval, fixed, number, percent};
use crate::words::Lang;

use super::Grid;

/// A report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Paper {
    /// Its title.
    pub title: String,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// One table with what is to be said of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// Its name, short enough for a tab.
    pub name: String,
    /// What is to be said before the table, a line each.
    pub notes: Vec<String>,
    /// The headings.
    pub headings: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Said>>,
    /// How many rows a screen shows; the workbook holds all.
    pub shown: usize,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// A text.
    Text(String),
    /// A community or an estate: its kind, its id, and its name, which is what is shown.
    Subject(&'static str, String, String),
    /// A number with so many decimals.
    Number(f64, usize),
    /// A share, as a percentage.
    Share(f64),
    /// A number within bounds, with so many decimals.
    Range(Interval, usize),
    /// A share within bounds.
    Shares(Interval),
    /// Nothing to say.
    Nothing,
}

impl Said {
    /// A text.
    pub fn text(text: impl Into<String>) -> Said {
        Said::Text(text.into())
    }

    /// A community or an estate.
    pub fn subject(kind: &'static str, id: &str, label: &str) -> Said {
        Said::Subject(kind, id.to_owned(), label.to_owned())
    }

    /// A count.
    pub fn count(count: usize) -> Said {
        Said::Number(count as f64, 0)
    }

    /// What there is, if there is anything.
    pub fn any<T>(value: Option<T>, say: impl FnOnce(T) -> Said) -> Said {
        value.map_or(Said::Nothing, say)
    }

    /// As a reader sees it.
    pub fn print(&self, lang: Lang) -> String {
        match self {
            Said::Text(text) | Said::Subject(.., text) => text.clone(),
            Said::Number(value, decimals) => number(*value, *decimals),
            Said::Share(share) => percent(*share),
            Said::Range(range, decimals) => range.text(*decimals, lang),
            Said::Shares(range) => shares(*range),
            Said::Nothing => "—".to_owned(),
        }
    }

    fn is_text(&self) -> bool {
        matches!(self, Said::Text(_) | Said::Subject(..) | Said::Nothing)
    }

    fn content(&self, lang: Lang) -> Content {
        match self {
            Said::Number(value, decimals) => Content::Number(*value, *decimals),
            Said::Share(share) => Content::Share(*share),
            Said::Range(range, decimals) if range.is_exact() => {
                Content::Number(range.low, *decimals)
            }
            Said::Shares(range) if range.is_exact() => Content::Share(range.low),
            Said::Nothing => Content::Blank,
            Said::Text(text) | Said::Subject(.., text) => Content::Text(text.clone()),
            range => Content::Range(range.print(lang)),
        }
    }
}

/// A share as percentages: one when it is known, else from and to.
pub fn shares(share: Interval) -> String {
    match share.is_exact() {
        true => percent(share.low),
        false => format!("{}–{}", percent(share.low), percent(share.high)),
    }
}

/// Money in ×10,000 yuan, as ledgers write it.
pub fn ten_thousand(yuan: f64) -> String {
    fixed(yuan / 10_000.0, 2)
}

impl Part {
    /// A part with these headings; `shown` rows of it on a screen.
    pub fn new(
        name: &str,
        headings: impl IntoIterator<Item = impl Into<String>>,
        shown: usize,
    ) -> Part {
        Part {
            name: name.to_owned(),
            headings: headings.into_iter().map(Into::into).collect(),
            shown,
            ..Part::default()
        }
    }

    /// Adds a line before the table.
    pub fn note(&mut self, line: impl Into<String>) {
        self.notes.push(line.into());
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Said>) {
        self.rows.push(cells.into_iter().collect());
    }

    fn says_anything(&self) -> bool {
        !self.rows.is_empty() || !self.notes.is_empty()
    }

    fn on_screen(&self, lang: Lang) -> String {
        let mut text = format!("\n{}\n", self.name);
        for note in &self.notes {
            text += &format!("  {note}\n");
        }
        if self.rows.is_empty() || self.shown == 0 {
            return text;
        }
        let are_numbers = |column: &usize| {
            let cells = || self.rows.iter().filter_map(|row| row.get(*column));
            cells().all(|cell| !cell.is_text() || *cell == Said::Nothing)
        };
        let right: Vec<usize> = (0..self.headings.len()).filter(are_numbers).collect();
        let mut grid = Grid::new(self.headings.iter().map(String::as_str)).right(right);
        for row in self.rows.iter().take(self.shown) {
            grid.row(row.iter().map(|cell| cell.print(lang)));
        }
        text += &grid.lines();
        if self.rows.len() > self.shown {
            let rest = self.rows.len() - self.shown;
            text += &match lang {
                Lang::Zh => format!("  …… 另有 {rest} 行，见工作簿\n"),
                Lang::En => format!("  … and {rest} more rows: see the workbook\n"),
            };
        }
        text
    }
}

impl Paper {
    /// For a terminal; parts that only a workbook shows are left out.
    pub fn on_screen(&self, lang: Lang) -> String {
        let parts = self.parts.iter().filter(|part| part.shown > 0 && part.says_anything());
        let parts: String = parts.map(|part| part.on_screen(lang)).collect();
        format!("{}\n{parts}", self.title)
    }

    /// As a workbook (`.xlsx`), a sheet for each part.
    ///
    /// # Errors
    /// When a part has more rows than a sheet holds.
    pub fn workbook(&self, lang: Lang) -> Result<Vec<u8>> {
        let tab = |part: &Part| Tab {
            name: part.name.clone(),
            title: format!("{} · {}", self.title, part.name),
            notes: part.notes.clone(),
            headings: part.headings.clone(),
            rows: part
                .rows
                .iter()
                .map(|row| row.iter().map(|cell| cell.content(lang)).collect())
                .collect(),
            ..Tab::default()
        };
        let tabs: Vec<Tab> =
            self.parts.iter().filter(|part| part.says_anything()).map(tab).collect();
        tables(&self.title, &tabs).map_err(Error::Refused)
    }
}
