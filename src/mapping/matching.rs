//! Which columns of a file one table knows by their headings.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::{Column, Kind, Table};
use crate::layer::Grid;

use super::header::Header;
use super::headings::{Heading, code_of, column_of, column_of_cut};
use super::title::Title;
use super::{ABOUT, Mapped, Mapping, Reading};

/// What one table makes of the headings.
#[derive(Debug, Clone)]
pub struct Matched {
    /// What feeds what.
    pub mapping: Mapping,
    /// Columns with a heading that feed nothing, from 0.
    pub unused: Vec<usize>,
    /// Numbers and codes that two headings could feed.
    pub ambiguous: Vec<(&'static Column, [usize; 2])>,
}

/// Matches the headings with one table; columns in `taken` belong to something else.
pub fn matched(
    grid: &Grid,
    table: &'static Table,
    header: &Header,
    title: &Title,
    taken: &BTreeSet<usize>,
) -> Matched {
    // Where two headings name one column, the one the dictionary ranks first feeds it.
    let mut fed: BTreeMap<&str, (usize, Mapped)> = BTreeMap::new();
    let (mut unused, mut ambiguous) = (Vec::new(), Vec::new());
    for index in (0..header.columns()).filter(|index| !taken.contains(index)) {
        if header.path(index).is_empty() {
            continue;
        }
        let Some((rank, mapped)) = read(grid, table, header, title, index) else {
            unused.push(index);
            continue;
        };
        let column = mapped.column;
        let other = fed.get(column.name.as_str());
        if let Some((_, other)) = other
            && (column.kind.is_quantity() || column.kind == Kind::Code)
        {
            ambiguous.push((column, [other.index, index]));
        }
        match other {
            Some((best, _)) if *best <= rank => unused.push(index),
            _ => {
                let beaten = fed.insert(&column.name, (rank, mapped));
                unused.extend(beaten.map(|(_, mapped)| mapped.index));
            }
        }
    }
    unused.sort_unstable();
    let mut columns: Vec<Mapped> = fed.into_values().map(|(_, mapped)| mapped).collect();
    columns.sort_by_key(|mapped| mapped.index);
    let mut mapping = Mapping { columns, ..Mapping::of(table, header.clone()) };
    mapping.set = bases(&mapping);
    Matched { mapping, unused, ambiguous }
}

/// What a column of the file feeds, and the rank of its heading there.
fn read(
    grid: &Grid,
    table: &'static Table,
    header: &Header,
    title: &Title,
    index: usize,
) -> Option<(usize, Mapped)> {
    let known = |heading: &Heading| {
        let known = column_of(table, heading).or_else(|| {
            let cut = grid.is_layer().then(|| column_of_cut(table, heading)).flatten();
            cut.map(|column| (column, usize::MAX))
        });
        let (column, rank) = known?;
        Some((rank, fed(grid, header, title, index, column, heading)?))
    };
    header.readings(index).iter().find_map(known)
}

/// A column of the file that feeds one of the inventory by a heading; nothing where the heading's unit
/// is of another kind.
pub fn fed(
    grid: &Grid,
    header: &Header,
    title: &Title,
    index: usize,
    column: &'static Column,
    heading: &Heading,
) -> Option<Mapped> {
    let factor = factor(heading, column, title)?;
    Some(Mapped {
        column,
        index,
        heading: header.text(index),
        words: heading.words.clone(),
        reading: Reading { factor, ..Reading::of(column, grid) },
        values: BTreeMap::new(),
        pinned: false,
    })
}

/// What one of the stated numbers is in the column's own unit: by its heading, else by the title.
pub fn factor(heading: &Heading, column: &Column, title: &Title) -> Option<f64> {
    match heading.unit {
        Some(_) => heading.factor(column.kind),
        None => Some(title.factor(column.kind).map_or(1.0, |(_, factor)| factor)),
    }
}

/// A heading such as 使用面积 says the basis of its numbers as well: which code each basis column
/// that nothing feeds then has.
pub fn bases(mapping: &Mapping) -> Vec<(&'static Column, String)> {
    let mut found = Vec::new();
    for mapped in &mapping.columns {
        let basis = mapping.table.column(&format!("{}_basis", mapped.column.name));
        let Some(basis) = basis else { continue };
        let fed = mapping.columns.iter().any(|other| other.column.name == basis.name);
        if let Some(code) = code_of(basis, &mapped.words).filter(|_| !fed) {
            found.push((basis, code));
        }
    }
    found
}

impl Mapping {
    /// A mapping of a table that feeds nothing yet.
    pub fn of(table: &'static Table, header: Header) -> Mapping {
        Mapping {
            table,
            header,
            columns: Vec::new(),
            about: ABOUT,
            set: Vec::new(),
            items: Vec::new(),
            total: None,
            weights: None,
            stages: Vec::new(),
            blanks: BTreeMap::new(),
            corrections: BTreeMap::new(),
        }
    }

    /// The column of the file that feeds a field, from 0.
    pub fn index_of(&self, field: &str) -> Option<usize> {
        let mapped = self.columns.iter().find(|mapped| mapped.column.name == field);
        mapped.map(|mapped| mapped.index)
    }
}
