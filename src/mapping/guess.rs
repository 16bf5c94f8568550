//! What a file probably holds, told by its headings; always shown, never silent.

use std::collections::BTreeMap;

use crate::inventory::{Column, Kind, Table, tables};
use crate::layer::{Grid, Layer};

use super::headings::{Heading, code_of, column_of, column_of_cut, table_called};
use super::{ABOUT, Mapped, Mapping, Reading};

/// A proposal for reading one grid.
#[derive(Debug, Clone)]
pub struct Guess {
    /// The proposed mapping.
    pub mapping: Mapping,
    /// Columns of the file that feed nothing, from 0.
    pub unused: Vec<usize>,
    /// Numbers and codes that two headings could feed: which one is meant must be said.
    pub ambiguous: Vec<(&'static Column, [usize; 2])>,
    /// How sure the heading row and the table are, 0 to 1: the share of headings that are known.
    pub confidence: f64,
}

/// Only this many rows are searched for headings: titles and notes above them are few.
const ROWS_SEARCHED: usize = 20;

/// Proposes the table and the heading row that explain most headings; `None` when none is known.
///
/// `header` pins the heading row, from 0.
///
/// A layer's fields have names, so its headings are known; what it is called says what it holds.
pub fn guess(grid: &Grid, header: Option<usize>) -> Option<Guess> {
    let header = if grid.is_layer() { Some(0) } else { header };
    let called = grid.called.as_deref().and_then(table_called);
    let called = called.and_then(|table| guess_for(grid, table, header));
    if let Some(guess) = called.filter(|guess| !guess.mapping.columns.is_empty()) {
        return Some(guess);
    }
    let candidates = tables().iter().filter_map(|table| guess_for(grid, table, header));
    let explained = |guess: &Guess| guess.mapping.columns.len();
    let candidates = candidates.filter(|guess| explained(guess) > 0);
    candidates.fold(None, |best: Option<Guess>, one| match best {
        Some(best) if explained(&best) >= explained(&one) => Some(best),
        _ => Some(one),
    })
}

/// Proposes the heading row and the columns for one table; `None` when no heading is known.
pub fn guess_for(grid: &Grid, table: &'static Table, header: Option<usize>) -> Option<Guess> {
    let header = if grid.is_layer() { Some(0) } else { header };
    let rows = match header {
        Some(row) => row..row + 1,
        None => 0..grid.rows().min(ROWS_SEARCHED),
    };
    let mut best: Option<Guess> = None;
    for row in rows {
        let guess = match_headings(grid, table, row);
        let better = best
            .as_ref()
            .is_none_or(|best| guess.mapping.columns.len() > best.mapping.columns.len());
        if better && (header.is_some() || !guess.mapping.columns.is_empty()) {
            best = Some(guess);
        }
    }
    best
}

fn match_headings(grid: &Grid, table: &'static Table, header: usize) -> Guess {
    let layer = Layer { grid: grid.clone_headings(header), header: 0 };
    let headings: Vec<(usize, Heading)> = layer
        .headings()
        .into_iter()
        .enumerate()
        .filter(|(_, text)| !text.is_empty())
        .map(|(index, text)| (index, Heading::of(text)))
        .collect();
    let named = headings.len();
    // Where two headings name one column, the one the dictionary ranks first feeds it.
    let mut fed: BTreeMap<&str, (usize, Mapped)> = BTreeMap::new();
    let (mut unused, mut ambiguous) = (Vec::new(), Vec::new());
    for (index, heading) in &headings {
        let known = column_of(table, heading).or_else(|| {
            let cut = grid.is_layer().then(|| column_of_cut(table, heading)).flatten();
            cut.map(|column| (column, usize::MAX))
        });
        let read =
            known.and_then(|(column, rank)| Some((column, rank, heading.factor(column.kind)?)));
        let Some((column, rank, factor)) = read else {
            unused.push(*index);
            continue;
        };
        let mapped = Mapped {
            column,
            index: *index,
            reading: Reading { blank: column.blank, factor, about: ABOUT },
            values: BTreeMap::new(),
            pinned: false,
        };
        if let Some((_, other)) = fed.get(column.name.as_str())
            && (column.kind.is_quantity() || column.kind == Kind::Code)
        {
            ambiguous.push((column, [other.index, *index]));
        }
        match fed.get(column.name.as_str()) {
            Some((best, _)) if *best <= rank => unused.push(*index),
            _ => {
                let beaten = fed.insert(&column.name, (rank, mapped));
                unused.extend(beaten.map(|(_, mapped)| mapped.index));
            }
        }
    }
    unused.sort_unstable();
    let mut columns: Vec<Mapped> = fed.into_values().map(|(_, mapped)| mapped).collect();
    columns.sort_by_key(|mapped| mapped.index);
    let mut mapping = Mapping {
        table,
        header,
        columns,
        about: ABOUT,
        set: Vec::new(),
        items: Vec::new(),
        total: None,
    };
    mapping.set = bases(grid, &mapping);
    let confidence = mapping.columns.len() as f64 / named.max(1) as f64;
    Guess { mapping, unused, ambiguous, confidence }
}

/// A heading such as 使用面积 says the basis of its numbers as well: which code each basis column
/// that nothing feeds then has.
pub fn bases(grid: &Grid, mapping: &Mapping) -> Vec<(&'static Column, String)> {
    let mut found = Vec::new();
    for mapped in &mapping.columns {
        let basis = mapping.table.column(&format!("{}_basis", mapped.column.name));
        let Some(basis) = basis else { continue };
        let heading = Heading::of(grid.cell(mapping.header, mapped.index));
        let fed = mapping.columns.iter().any(|other| other.column.name == basis.name);
        if let Some(code) = code_of(basis, &heading.words).filter(|_| !fed) {
            found.push((basis, code));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[&[&str]]) -> Grid {
        let mut grid = Grid::default();
        for row in rows {
            grid.push_row(row.iter().copied());
        }
        grid
    }

    #[test]
    fn a_room_ledger_is_recognised_below_its_title() {
        let grid = grid(&[
            &["某区社区办公用房台账"],
            &["序号", "社区", "建筑面积（㎡）", "权属", "联系电话"],
            &["1", "幸福里", "281.98", "租赁", "1"],
        ]);
        let guess = guess(&grid, None).expect("recognised");
        let fed: Vec<(&str, usize)> = guess
            .mapping
            .columns
            .iter()
            .map(|mapped| (mapped.column.name.as_str(), mapped.index))
            .collect();
        assert_eq!(guess.mapping.table.name, "premises");
        assert_eq!(guess.mapping.header, 1);
        assert!(
            fed.contains(&("community", 1))
                && fed.contains(&("area", 2))
                && fed.contains(&("tenure", 3))
        );
        assert!(guess.unused.contains(&4));
    }

    #[test]
    fn a_heading_that_says_its_basis_sets_it() {
        let guess = guess(&grid(&[&["社区", "使用面积（㎡）", "权属"]]), None).expect("recognised");
        let set: Vec<(&str, &str)> = guess
            .mapping
            .set
            .iter()
            .map(|(column, code)| (column.name.as_str(), code.as_str()))
            .collect();
        assert_eq!(set, [("area_basis", "usable")]);
    }

    #[test]
    fn headings_nobody_knows_are_not_guessed() {
        assert!(guess(&grid(&[&["甲", "乙"], &["1", "2"]]), None).is_none());
    }
}
