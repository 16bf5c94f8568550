//! A mapping says which column of a file feeds which column of the inventory.
//!
//! Three steps, kept apart: [`guess`] proposes from the headings dictionary, the project file pins,
//! [`apply()`] reads the cells. Guesses are shown by `inspect` before anything is judged.

mod apply;
mod cell;
mod classes;
mod date;
mod guess;
mod header;
mod headings;
mod how;
mod matching;
mod melt;
mod merged;
mod outlier;
mod range;
mod reconcile;
mod remark;
mod rooms;
mod rows;
mod scores;
mod title;
mod wide;

pub use apply::{Input, apply};
pub use cell::{ABOUT, Reading, folded, value as read_cell};
pub use classes::owner_of;
pub use guess::{Guess, HeaderRows, guess, guess_for, guess_rows};
pub use header::{Header, candidates};
pub(crate) use headings::names_categories;
pub use headings::{Heading, categories, category, category_name, table_called};
pub use matching::{bases, factor};
pub(crate) use rooms::one_room;
pub use title::Title;

use std::collections::BTreeMap;

use crate::inventory::{Blank, Column, Table};
use crate::quantity::Unit;

/// Which column of a file feeds which column of one inventory table.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The table it feeds.
    pub table: &'static Table,
    /// The headings.
    pub header: Header,
    /// The columns fed cell by cell.
    pub columns: Vec<Mapped>,
    /// How far `约` reaches to both sides, as a share of the number.
    pub about: f64,
    /// Values that hold for every row, as cell texts.
    pub set: Vec<(&'static Column, String)>,
    /// For published tables: the columns that become one figure each.
    pub items: Vec<Item>,
    /// For published tables: the period label of the row of grand totals.
    pub total: Option<String>,
    /// For score sheets: the row of weights, from 0.
    pub weights: Option<usize>,
    /// Columns of dates that become one event each.
    pub stages: Vec<Stage>,
    /// What a blank cell means, by field, where the project says so.
    pub blanks: BTreeMap<String, Blank>,
    /// Row and field → what the cell means instead of what it says.
    pub corrections: BTreeMap<(u32, String), String>,
}

/// One column of a file that feeds one column of the inventory.
#[derive(Debug, Clone)]
pub struct Mapped {
    /// What it feeds.
    pub column: &'static Column,
    /// The column of the file, from 0.
    pub index: usize,
    /// Its heading, as the file writes it.
    pub heading: String,
    /// The words of the heading by which it was recognised, in compared form.
    pub words: String,
    /// How its cells are read.
    pub reading: Reading,
    /// Cell texts that mean something else: text as compared → text to read instead.
    pub values: BTreeMap<String, String>,
    /// Whether the project said so, or the dictionary.
    pub pinned: bool,
}

/// One column of a published table, melted into a figure per row.
#[derive(Debug, Clone)]
pub struct Item {
    /// What is counted.
    pub item: String,
    /// The column of the file, from 0.
    pub index: usize,
    /// The unit it is printed in.
    pub unit: Unit,
    /// What one of the stated numbers is in that unit.
    pub factor: f64,
    /// The item of the printed total it belongs to, in the same row.
    pub row_total: Option<String>,
    /// Whether it is itself a printed total of other items.
    pub is_total: bool,
}

/// One column of dates, each of which is an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// The column of the file, from 0.
    pub index: usize,
    /// Its heading, as the file writes it.
    pub heading: String,
    /// The stage, a code of the table of events.
    pub stage: String,
    /// The stage, numbered where several columns hold it: what tells its column from the others.
    pub key: String,
    /// What goes through it: `estate`, `facility`.
    pub kind: &'static str,
    /// Which of the mappings read from the same row it belongs to, if any.
    pub of: Option<usize>,
}
