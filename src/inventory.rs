//! The inventory: everything known about a place, as tables of declared columns.
//!
//! Sources are gathered into [`Rows`]; [`Gathering::finish`] gives every row an id, resolves the
//! references between tables, and closes the count ledger. All tables exist, empty or not, with all
//! their columns, so that whoever reads an [`Inventory`] never asks whether a column is there.

mod account;
mod declaration;
mod identify;
mod link;
mod location;
mod places;
mod rows;
mod settled;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use geo_types::Geometry;
use polars::prelude::{Column as Series, DataFrame, PolarsResult};

pub use account::{
    Account, BadCell, CORRECTION_HEADINGS, Doubt, DoubtKind, How, Reason, SetAside, Understood,
};
pub use declaration::{
    Blank, Code, Column, Kind, Shape, Table, high, low, resolved, subject_table, table, tables,
};
pub use location::{MapFault, MapFaultKind};
pub use rows::{From, NONE, Rows, Tie, UNSTATED, Value};
pub use settled::{Decided, Settled};

use crate::error::Result;
use crate::origin::Source;
use crate::words::Words;
use identify::Says;

/// Values that another list of the same thing gave: table, id and field → source and row.
pub type Borrowed = BTreeMap<(String, String, String), (u32, u32)>;

/// The tables of one place, their sources, and what became of every row.
#[derive(Debug, Clone)]
pub struct Inventory {
    tables: BTreeMap<&'static str, DataFrame>,
    uses: DataFrame,
    geometry: BTreeMap<&'static str, BTreeMap<usize, Geometry<f64>>>,
    borrowed: Borrowed,
    /// What is wrong with the geometry of rows.
    pub map_faults: Vec<MapFault>,
    /// The sources, in the order they were read; `_source` columns count in it.
    pub sources: Vec<Source>,
    /// What became of the rows of each source.
    pub accounts: Vec<Account>,
    /// Tables that list everything there is: what has no row there has none.
    pub complete: BTreeSet<String>,
    /// Tables declared to, by all or some of their sources, that cannot be relied on to.
    pub not_complete: BTreeSet<String>,
}

/// The parts of an inventory.
pub(crate) struct Parts {
    pub tables: Vec<(&'static str, DataFrame)>,
    pub uses: DataFrame,
    pub geometry: BTreeMap<&'static str, BTreeMap<usize, Geometry<f64>>>,
    pub borrowed: Borrowed,
    pub map_faults: Vec<MapFault>,
    pub sources: Vec<Source>,
    pub accounts: Vec<Account>,
    pub complete: BTreeSet<String>,
}

impl Inventory {
    /// One table, with every declared column and `_source`, `_row`, `_field`.
    ///
    /// # Panics
    /// When no such table is declared.
    pub fn table(&self, name: &str) -> &DataFrame {
        &self.tables[name]
    }

    /// An inventory from its parts, as a run folder holds them.
    pub(crate) fn restore(parts: Parts) -> Inventory {
        Inventory {
            tables: parts.tables.into_iter().collect(),
            uses: parts.uses,
            geometry: parts.geometry,
            borrowed: parts.borrowed,
            map_faults: parts.map_faults,
            sources: parts.sources,
            accounts: parts.accounts,
            complete: parts.complete,
            not_complete: BTreeSet::new(),
        }
    }

    /// The geometry beside a table's rows, by row, in degrees of longitude and latitude.
    pub fn geometry(&self, table: &str) -> &BTreeMap<usize, Geometry<f64>> {
        &self.geometry[table]
    }

    /// Values that another list of the same thing gave, with the place they stand.
    pub fn borrowed(&self) -> &Borrowed {
        &self.borrowed
    }

    /// A name for each source, in their order, no two alike.
    pub fn source_labels(&self) -> Vec<String> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let unique = |source: &Source| {
            let label = source.label();
            let count = seen.entry(label.clone()).or_default();
            *count += 1;
            if *count == 1 { label } else { format!("{label} ({count})") }
        };
        self.sources.iter().map(unique).collect()
    }

    /// Which community uses which room: `premises_id`, `community_id`, `share_low`,
    /// `share_high`, `sure`.
    ///
    /// A room used by one community has the share 1; the shares of a shared room add up to 1.
    pub fn uses(&self) -> &DataFrame {
        &self.uses
    }
}

/// Sources being read into rows.
#[derive(Debug)]
pub struct Gathering {
    rows: BTreeMap<&'static str, Rows>,
    sources: Vec<Source>,
    accounts: Vec<Account>,
    complete: BTreeMap<String, bool>,
    declared: BTreeSet<String>,
    map_faults: Vec<MapFault>,
    decided: Decided,
}

impl Default for Gathering {
    fn default() -> Gathering {
        Gathering {
            rows: tables().iter().map(|table| (table.name.as_str(), Rows::new(table))).collect(),
            sources: Vec::new(),
            accounts: Vec::new(),
            complete: BTreeMap::new(),
            declared: BTreeSet::new(),
            map_faults: Vec::new(),
            decided: Decided::default(),
        }
    }
}

impl Gathering {
    /// What a person has decided of names.
    pub fn decide(&mut self, decided: Decided) {
        self.decided = decided;
    }

    /// Announces a source; its number goes into the rows that follow.
    pub fn source(&mut self, source: Source, read: usize) -> u32 {
        self.sources.push(source);
        self.accounts.push(Account { read, ..Account::default() });
        self.sources.len() as u32 - 1
    }

    /// The rows of a table, to append to.
    pub fn rows(&mut self, table: &str) -> &mut Rows {
        self.rows.get_mut(table).expect("every declared table has rows")
    }

    /// The sources so far.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The account of a source.
    pub fn account(&mut self, source: u32) -> &mut Account {
        &mut self.accounts[source as usize]
    }

    /// Records what is wrong with the geometry of a row.
    pub fn map_fault(&mut self, fault: MapFault) {
        self.map_faults.push(fault);
    }

    /// Declares whether one more source of a table lists everything there is; the table does only
    /// when all its sources do.
    pub fn declare(&mut self, table: &str, complete: bool) {
        let all = self.complete.entry(table.to_owned()).or_insert(true);
        *all &= complete;
        if complete {
            self.declared.insert(table.to_owned());
        }
    }

    /// The tables that list everything there is. A row that belongs to nothing known, or could not
    /// be kept, may be about anybody, so its table cannot show that somebody has none.
    fn complete(&self) -> BTreeSet<String> {
        let lost = |table: &str| {
            let of_it =
                self.sources.iter().zip(&self.accounts).filter(|(one, _)| one.table == table);
            let loses = |account: &Account| {
                let gone = [Reason::Incomplete, Reason::Conflict];
                let unknown_name = account
                    .unreadable
                    .iter()
                    .any(|bad| ["serves", "shares"].contains(&bad.field.as_str()));
                unknown_name
                    || !account.unlinked.is_empty()
                    || gone.iter().any(|reason| account.set_aside_for(*reason) > 0)
            };
            of_it.into_iter().any(|(_, account)| loses(account))
        };
        let declared = self.complete.iter().filter(|(_, complete)| **complete);
        declared.map(|(table, _)| table.clone()).filter(|table| !lost(table)).collect()
    }

    /// Gives ids, resolves references and closes the count ledger.
    ///
    /// `place` is the code rows without a place of their own belong to, or empty.
    ///
    /// # Errors
    /// When the table engine fails, or when a row was lost on the way; both would be defects.
    pub fn finish(mut self, place: &str) -> Result<Inventory> {
        places::by_code(&mut self.rows);
        let decided = std::mem::take(&mut self.decided);
        let ids_of_estates = identify::ids(self.rows("estates"), place);
        decided.move_phases(&mut self.rows, &ids_of_estates);
        let ties = self.rows("events").take_ties();
        let tied: BTreeSet<Tie> = ties.values().copied().collect();
        let mut ids: BTreeMap<Tie, String> = BTreeMap::new();
        for (name, rows) in &mut self.rows {
            if *name != "events" {
                let same = decided.same(name);
                let (sources, accounts) = (&self.sources, &mut self.accounts);
                ids.extend(identified(rows, place, &same, sources, accounts, &tied));
            }
        }
        let events = self.rows("events");
        for (row, tie) in ties {
            match ids.get(&tie) {
                Some(id) => events.set_text("subject", row, id.clone()),
                // A row that names no phase speaks of the whole estate.
                None if events.text("subject_kind", row) == Some("phase") => {
                    events.set_text("subject_kind", row, "estate".to_owned());
                }
                None => {}
            }
        }
        let events = self.rows.get_mut("events").expect("every declared table has rows");
        let (sources, accounts) = (&self.sources, &mut self.accounts);
        identified(events, place, &HashMap::new(), sources, accounts, &BTreeSet::new());
        self.map_faults.extend(location::repair_all(&mut self.rows));
        let linked = link::link(&mut self.rows, &decided);
        self.map_faults.extend(linked.map_faults);
        self.map_faults.extend(location::coverage(&self.rows));
        let uses = linked.uses;
        for miss in linked.misses {
            self.accounts[miss.source as usize].unreadable.push(miss.cell);
        }
        self.count_rows(&uses);
        for (source, account) in self.sources.iter().zip(&self.accounts) {
            account.check(&source.label())?;
        }
        let complete = self.complete();
        let uses = uses_frame(&self.rows["premises"], &uses)?;
        let mut tables = BTreeMap::new();
        let mut geometry = BTreeMap::new();
        let mut borrowed = BTreeMap::new();
        for (name, mut rows) in self.rows {
            for ((row, field), from) in rows.borrowed() {
                borrowed.insert(
                    (name.to_owned(), rows.id(*row).to_owned(), (*field).to_owned()),
                    *from,
                );
            }
            geometry.insert(name, rows.take_geometries());
            tables.insert(name, rows.into_frame()?);
        }
        Ok(Inventory {
            tables,
            uses,
            geometry,
            borrowed,
            map_faults: self.map_faults,
            sources: self.sources,
            accounts: self.accounts,
            not_complete: self.declared.difference(&complete).cloned().collect(),
            complete,
        })
    }

    /// Every row is used, or used but tied to nothing. Rows melted from one source row count once.
    fn count_rows(&mut self, uses: &[link::Use]) {
        let surely = uses.iter().filter(|one| one.sure);
        let used_rooms: BTreeSet<usize> = surely.map(|one| one.premises).collect();
        let mut linked: BTreeMap<(u32, u32), bool> = BTreeMap::new();
        for rows in self.rows.values() {
            for row in 0..rows.len() {
                let free = rows.table.belongs_to.is_empty();
                let is_room = rows.table.name == "premises";
                let tied = match is_room {
                    true => used_rooms.contains(&row) || link::is_own_room(rows, row),
                    false => {
                        let mut ties = rows.table.belongs_to.iter();
                        ties.any(|column| rows.link(column, row).is_some())
                    }
                };
                let place = (rows.source_of(row), rows.row_of(row));
                *linked.entry(place).or_default() |= free || tied;
            }
        }
        for ((source, row), linked) in linked {
            let account = &mut self.accounts[source as usize];
            if linked {
                account.used += 1;
            } else {
                account.unlinked.push(row);
            }
        }
    }
}

/// Gives every row its id and sets aside those that repeat another; gives the ids of rows that events
/// happened to.
fn identified(
    rows: &mut Rows,
    place: &str,
    same: &HashMap<String, String>,
    sources: &[Source],
    accounts: &mut [Account],
    tied: &BTreeSet<Tie>,
) -> BTreeMap<Tie, String> {
    let dropped =
        identify::identify(rows, place, same, &|source| sources[source as usize].beside.is_some());
    let tie = |rows: &Rows, row: usize| Tie { source: rows.source_of(row), row: rows.row_of(row) };
    let kept_instead: BTreeMap<usize, usize> =
        dropped.iter().map(|one| (one.row, one.kept)).collect();
    let wanted = (0..rows.len()).filter(|&row| !tied.is_empty() && tied.contains(&tie(rows, row)));
    let id = |row: usize| rows.id(kept_instead.get(&row).copied().unwrap_or(row)).to_owned();
    let ids = wanted.map(|row| (tie(rows, row), id(row))).collect();
    let mut keep = vec![true; rows.len()];
    dropped.iter().for_each(|one| keep[one.row] = false);
    // A row of a file may give several rows here; it is set aside once, and only if none is kept.
    let mut settled: BTreeSet<Tie> = BTreeSet::new();
    if !dropped.is_empty() {
        settled.extend((0..rows.len()).filter(|&row| keep[row]).map(|row| tie(rows, row)));
    }
    for one in dropped {
        let again = !settled.insert(tie(rows, one.row));
        if again {
            continue;
        }
        let kept_source = &sources[rows.source_of(one.kept) as usize];
        let kept_at = format!("{}!{}", kept_source.place(), rows.row_of(one.kept));
        let source = rows.source_of(one.row) as usize;
        let account = &mut accounts[source];
        let reason = match one.says {
            // What it says is in the kept row now; rows that name one estate name it again.
            Says::More => {
                account.used += 1;
                continue;
            }
            Says::Same if sources[source].beside.is_some() => {
                account.used += 1;
                continue;
            }
            Says::Same => Reason::Duplicate,
            Says::Otherwise => Reason::Conflict,
        };
        let own_source = &sources[source];
        let cells = |field: &str| {
            [
                kept_source.cell(field, rows.row_of(one.kept)),
                own_source.cell(field, rows.row_of(one.row)),
            ]
        };
        let name = |field: &str| rows.table.column(field).map(Column::words).unwrap_or_default();
        let differences: Vec<(Words, [String; 2], [String; 2])> = one
            .differences
            .iter()
            .map(|(field, kept, own)| (name(field), [kept.clone(), own.clone()], cells(field)))
            .collect();
        account.set_aside.push(SetAside {
            row: rows.row_of(one.row),
            reason,
            words: one.words(&kept_at, &differences),
        });
    }
    rows.retain(&keep);
    ids
}

fn uses_frame(premises: &Rows, uses: &[link::Use]) -> PolarsResult<DataFrame> {
    let text =
        |pick: &dyn Fn(&link::Use) -> String| -> Vec<String> { uses.iter().map(pick).collect() };
    let number = |pick: fn(&link::Use) -> f64| -> Vec<f64> { uses.iter().map(pick).collect() };
    let id = |one: &link::Use| premises.text("id", one.premises).unwrap_or_default().to_owned();
    DataFrame::new(
        uses.len(),
        vec![
            Series::new("premises_id".into(), text(&id)),
            Series::new("community_id".into(), text(&|one| one.community.clone())),
            Series::new("share_low".into(), number(|one| one.share.low)),
            Series::new("share_high".into(), number(|one| one.share.high)),
            Series::new("sure".into(), uses.iter().map(|one| one.sure).collect::<Vec<_>>()),
        ],
    )
}
