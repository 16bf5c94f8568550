//! Every row gets an id that does not depend on where it stood.
//!
//! An id the source gives is kept. Otherwise it is made of the place and the row's key columns
//! (name, phase …), never of a row number, so that shuffling a ledger changes nothing.

use std::collections::BTreeMap;

use crate::words::Words;

use super::Rows;
use super::declaration::Kind;

/// A row that cannot be kept, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropped {
    /// Its index among the rows.
    pub row: usize,
    /// The index of the row that is kept instead.
    pub kept: usize,
    /// Whether the two say the same.
    pub same: bool,
}

/// Fills in missing ids; in tables where one id is one thing, names the rows that repeat an id.
///
/// Of several rows with one id the one whose content sorts first is kept, so the choice does not
/// depend on their order. In other tables (rooms, figures) all are kept, numbered by content.
pub fn identify(rows: &mut Rows, default_place: &str) -> Vec<Dropped> {
    let table = rows.table;
    let has = |name: &str| table.column(name).is_some();
    let id_column = if has("id") { "id" } else { "code" };
    let mut by_id: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in 0..rows.len() {
        let lies_in_place = table.column("place").is_some_and(|column| column.kind == Kind::Place);
        if lies_in_place && rows.text("place", row).is_none() && !default_place.is_empty() {
            rows.set_text("place", row, default_place.to_owned());
        }
        let given = if has(id_column) { rows.text(id_column, row) } else { None };
        let id = given.map_or_else(|| derived(rows, row, default_place), str::to_owned);
        by_id.entry(id).or_default().push(row);
    }
    let mut dropped = Vec::new();
    for (id, rows_of_id) in by_id {
        let mut ordered: Vec<(String, usize)> = match rows_of_id.as_slice() {
            [only] => vec![(String::new(), *only)],
            several => several.iter().map(|&row| (rows.content(row), row)).collect(),
        };
        ordered.sort();
        for (ordinal, (content, row)) in ordered.iter().enumerate() {
            let (kept_content, kept) = &ordered[0];
            if ordinal > 0 && table.unique {
                dropped.push(Dropped { row: *row, kept: *kept, same: content == kept_content });
                continue;
            }
            let numbered = || format!("{id}#{}", ordinal + 1);
            rows.set_text(id_column, *row, if ordinal == 0 { id.clone() } else { numbered() });
        }
    }
    dropped.sort_by_key(|one| one.row);
    dropped
}

fn derived(rows: &Rows, row: usize, default_place: &str) -> String {
    let has_place = rows.table.column("place").is_some();
    let own_place = if has_place { rows.text("place", row) } else { None };
    let place = own_place.unwrap_or(default_place);
    let keys = rows.table.key.iter().filter(|key| *key != "place");
    let parts: Vec<String> = std::iter::once(place.to_owned())
        .chain(keys.map(|key| rows.key_text(key, row).unwrap_or_default()))
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("-")
}

impl Dropped {
    /// Why the row is set aside, naming the row that is kept.
    pub fn words(&self, kept_at: &str) -> Words {
        if self.same {
            Words::new(format!("与 {kept_at} 完全相同"), format!("says the same as {kept_at}"))
        } else {
            Words::new(
                format!("与 {kept_at} 同名同地但内容不同，须核对"),
                format!("has the same name and place as {kept_at} but says otherwise; check both"),
            )
        }
    }
}
