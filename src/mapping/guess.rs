//! What a file probably holds, told by its headings; always shown, never silent.

use std::collections::BTreeSet;

use crate::inventory::{Column, Table, tables};
use crate::layer::Grid;

use super::header::{Header, candidates};
use super::headings::{Heading, column_of, table_called};
use super::matching::{Matched, matched};
use super::rooms;
use super::scores;
use super::title::Title;
use super::wide;
use super::{Mapped, Mapping};

/// A proposal for reading one grid.
#[derive(Debug, Clone)]
pub struct Guess {
    /// The proposed mappings: the first says what a row is, the others read more from the same row,
    /// such as the facilities and dates in a ledger of estates.
    pub mappings: Vec<Mapping>,
    /// Columns of the file that feed nothing, from 0.
    pub unused: Vec<usize>,
    /// Numbers and codes that two headings could feed: which one is meant must be said.
    pub ambiguous: Vec<(&'static Column, [usize; 2])>,
    /// How sure the heading rows and the table are, 0 to 1: the share of headings that are known.
    pub confidence: f64,
    /// What the lines around the table say.
    pub title: Title,
}

impl Guess {
    /// What a row is.
    pub fn mapping(&self) -> &Mapping {
        &self.mappings[0]
    }

    /// The headings.
    pub fn header(&self) -> &Header {
        &self.mappings[0].header
    }

    /// How many columns of the file are of use.
    fn explained(&self) -> usize {
        self.fed().len()
    }

    fn fed(&self) -> BTreeSet<usize> {
        self.mappings.iter().flat_map(Mapping::fed).collect()
    }
}

impl Mapping {
    /// The columns of the file that it reads.
    pub fn fed(&self) -> impl Iterator<Item = usize> {
        let columns = self.columns.iter().map(|mapped| mapped.index);
        let items = self.items.iter().map(|item| item.index);
        columns.chain(items).chain(self.stages.iter().map(|stage| stage.index))
    }
}

/// Only this many rows are searched for headings: titles and notes above them are few.
pub const ROWS_SEARCHED: usize = 20;

/// The rows of the headings, from 0, the last included, where they are not to be searched.
pub type HeaderRows = Option<(usize, usize)>;

/// Proposes the table and the heading rows that explain most headings; `None` when none is known.
///
/// A layer's fields have names, so its headings are known; what it is called says what it holds.
pub fn guess(grid: &Grid, header: HeaderRows) -> Option<Guess> {
    // A page of instructions names the headings, and is no table.
    let is_guide = |sheet: &String| !grid.is_layer() && sheet.contains("说明");
    if header.is_none() && grid.sheet.as_ref().is_some_and(is_guide) {
        return None;
    }
    let called = grid.called.as_deref().and_then(table_called);
    let called = called.and_then(|table| guess_for(grid, table, header));
    if let Some(guess) = called.filter(|guess| guess.explained() > 0) {
        return Some(guess);
    }
    // A row of weights below the headings says that the columns are indicators.
    if let Some(guess) = scores::weighed(grid).then(|| {
        let indicators = crate::inventory::table("indicators").expect("declared");
        guess_for(grid, indicators, header)
    }) && let Some(guess) = guess.filter(|guess| guess.mapping().weights.is_some())
    {
        return Some(guess);
    }
    let found = best(blocks(grid, header).into_iter().filter_map(|(first, last)| {
        let header = Header::of(grid, first, last);
        let title = Title::of(grid, first);
        let fits = tables().iter().filter_map(|table| {
            // Dates of stages alone make no table: they are read beside what they are about.
            let plain = matched(grid, table, &header, &title, &BTreeSet::new());
            let says = |mapped: &&Mapped| mapped.column.name != "note";
            let known = plain.mapping.columns.iter().filter(says).count();
            // A page of instructions has the names of the headings one below the other.
            let enough = known > 1 || (known == 1 && !lists_headings(grid, &plain.mapping));
            enough.then(|| proposal(grid, plain, &title, true))
        });
        best(fits)
    }));
    // A sheet of scores with a column per indicator names none of them in a column of its own.
    let wide = found.as_ref().filter(|guess| scores::is_wide(guess.mapping()));
    match wide.and_then(|guess| guess_for(grid, guess.mapping().table, header)) {
        Some(guess) => Some(guess),
        None => found,
    }
}

/// The same where it is known what a row is: what else the rows hold is still proposed.
pub fn guess_rows(grid: &Grid, table: &'static Table, header: HeaderRows) -> Option<Guess> {
    best(blocks(grid, header).into_iter().map(|(first, last)| {
        let (header, title) = (Header::of(grid, first, last), Title::of(grid, first));
        let rows = matched(grid, table, &header, &title, &BTreeSet::new());
        let rows = scores::with_indicators(grid, rows);
        proposal(grid, rows, &title, true)
    }))
}

/// Proposes the heading rows and the columns for one table; `None` when no heading is known and
/// none was pinned.
pub fn guess_for(grid: &Grid, table: &'static Table, header: HeaderRows) -> Option<Guess> {
    let pinned = header.is_some() || grid.is_layer();
    let all = blocks(grid, header).into_iter().map(|(first, last)| {
        let header = Header::of(grid, first, last);
        let title = Title::of(grid, first);
        let rows = matched(grid, table, &header, &title, &BTreeSet::new());
        let rows = match table.name.as_str() {
            "events" => wide::stages_of(grid, rows, &title),
            _ => scores::with_indicators(grid, rows),
        };
        proposal(grid, rows, &title, false)
    });
    best(all.filter(|guess| pinned || guess.explained() > 0))
}

/// Whether the one column that is known goes on with other headings below.
fn lists_headings(grid: &Grid, mapping: &Mapping) -> bool {
    let Some(index) = mapping.columns.first().map(|mapped| mapped.index) else { return false };
    if grid.is_layer() {
        return false;
    }
    // Such a page is short, and a table has better things in its first rows.
    let below = (mapping.header.last + 1..grid.rows()).take(ROWS_SEARCHED);
    let known = below.map(|row| Heading::of(grid.cell(row, index))).filter(|heading| {
        !heading.words.is_empty()
            && tables().iter().any(|table| column_of(table, heading).is_some())
    });
    known.take(2).count() == 2
}

fn blocks(grid: &Grid, header: HeaderRows) -> Vec<(usize, usize)> {
    match header {
        Some(rows) => vec![rows],
        None if grid.is_layer() => vec![(0, 0)],
        None => candidates(grid, 0..grid.rows().min(ROWS_SEARCHED)),
    }
}

/// The first of those that explain most columns. Of headers that share rows it is the one of most
/// rows: a lower row is taken for one only where groups or units prove it.
fn best(all: impl Iterator<Item = Guess>) -> Option<Guess> {
    let better = |one: &Guess, best: &Guess| {
        let (new, old) = (one.header(), best.header());
        let shares = new.first <= old.last && old.first <= new.last;
        let deeper = new.last - new.first > old.last - old.first;
        one.explained() > best.explained()
            || (one.explained() == best.explained() && shares && deeper)
    };
    all.fold(None, |best: Option<Guess>, one| match best {
        Some(best) if !better(&one, &best) => Some(best),
        _ => Some(one),
    })
}

/// A table's mapping with all that is read beside it.
fn proposal(grid: &Grid, rows: Matched, title: &Title, beside: bool) -> Guess {
    let Matched { mapping, mut unused, ambiguous } = rows;
    let header = mapping.header.clone();
    let named = (0..header.columns()).filter(|index| !header.path(*index).is_empty()).count();
    let mappings = match beside {
        true => wide::beside(grid, mapping, title),
        false => vec![mapping],
    };
    let mut guess =
        Guess { mappings, unused: Vec::new(), ambiguous, confidence: 0.0, title: title.clone() };
    let fed = guess.fed();
    unused.extend((0..header.columns()).filter(|index| !header.path(*index).is_empty()));
    unused.retain(|index| !fed.contains(index));
    unused.sort_unstable();
    unused.dedup();
    // What another table takes is no matter of choice here.
    let first: BTreeSet<usize> = guess.mappings[0].fed().collect();
    let by_tenure = rooms::is_of_tenure(&guess.mappings[0], &guess.mappings);
    guess.ambiguous.retain(|(column, indices)| {
        // Where each tenure has its area, another one is their total.
        if by_tenure && column.name == "area" {
            return false;
        }
        let here = guess.mappings[0].index_of(&column.name);
        here.is_some_and(|index| indices.contains(&index))
            && indices.iter().all(|index| first.contains(index) || !fed.contains(index))
    });
    guess.confidence = fed.len() as f64 / named.max(1) as f64;
    Guess { unused, ..guess }
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
            .mapping()
            .columns
            .iter()
            .map(|mapped| (mapped.column.name.as_str(), mapped.index))
            .collect();
        assert_eq!(guess.mapping().table.name, "premises");
        assert_eq!((guess.header().first, guess.header().last), (1, 1));
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
            .mapping()
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

    #[test]
    fn a_unit_in_the_title_holds_where_the_heading_names_none() {
        let grid = grid(&[
            &["社区用房台账", "", "单位：㎡、万元"],
            &["社区", "建筑面积", "年租金"],
            &["甲", "300", "6"],
        ]);
        let guess = guess(&grid, None).expect("recognised");
        let rent = guess.mapping().columns.iter().find(|one| one.column.name == "annual_rent");
        assert_eq!(rent.expect("fed").reading.factor, 10_000.0);
    }
}
