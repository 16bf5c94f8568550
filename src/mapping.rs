//! A mapping says which column of a file feeds which column of the inventory.
//!
//! Three steps, kept apart: [`guess`] proposes from the headings dictionary, the project file pins,
//! [`Mapping::apply`] reads the cells. Guesses are shown by `inspect` before anything is judged.

mod apply;
mod cell;
mod guess;
mod headings;

pub use apply::Input;
pub use cell::{ABOUT, Reading, folded, value as read_cell};
pub use guess::{Guess, bases, guess, guess_for};
pub use headings::{Heading, categories, category_name, table_called};

use std::collections::BTreeMap;

use crate::inventory::{Column, Table};
use crate::quantity::Unit;

/// Which column of a file feeds which column of one inventory table.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The table it feeds.
    pub table: &'static Table,
    /// The row of the headings, from 0.
    pub header: usize,
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
}

/// One column of a file that feeds one column of the inventory.
#[derive(Debug, Clone)]
pub struct Mapped {
    /// What it feeds.
    pub column: &'static Column,
    /// The column of the file, from 0.
    pub index: usize,
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
    /// The item of the printed total it belongs to, in the same row.
    pub row_total: Option<String>,
    /// Whether it is itself a printed total of other items.
    pub is_total: bool,
}
