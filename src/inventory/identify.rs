//! Every row gets an id that does not depend on where it stood.
//!
//! An id the source gives is kept. Otherwise it is made of the place and the row's key columns
//! (name, phase …), never of a row number, so that shuffling a ledger changes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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
    /// What it says beside the kept row.
    pub says: Says,
    /// Where it contradicts the kept row: the field, and what each of the two says.
    pub differences: Vec<(&'static str, String, String)>,
}

/// What a row says beside another of the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// The same.
    Same,
    /// Something more, in another list, and nothing that contradicts: it was joined to the kept row.
    More,
    /// Something else.
    Otherwise,
}

/// Fills in missing ids; in tables where one id is one thing, names the rows that repeat an id.
///
/// Of several rows with one id the one whose content sorts first is kept, so the choice does not
/// depend on their order. In other tables (rooms, figures) all are kept, numbered by content.
///
/// An id in `same` stands for another: a person has decided so. `beside` tells sources that are read
/// beside rows of another table.
pub fn identify(
    rows: &mut Rows,
    default_place: &str,
    same: &HashMap<String, String>,
    beside: &dyn Fn(u32) -> bool,
) -> Vec<Dropped> {
    let table = rows.table;
    let has = |name: &str| table.column(name).is_some();
    let id_column = if has("id") { "id" } else { "code" };
    fill_places(rows, default_place);
    let mut by_id: HashMap<String, Vec<usize>> = HashMap::with_capacity(rows.len());
    let mut given_ids = vec![false; rows.len()];
    for (row, is_given) in given_ids.iter_mut().enumerate() {
        *is_given = has(id_column) && rows.text(id_column, row).is_some();
        let id = id_of(rows, row, default_place);
        let id = same.get(&id).cloned().unwrap_or(id);
        by_id.entry(id).or_default().push(row);
    }
    let mut dropped = Vec::new();
    let decided: HashSet<&String> = same.values().collect();
    for (id, rows_of_id) in by_id {
        let mut ordered: Vec<(String, usize)> = match rows_of_id.as_slice() {
            [only] => vec![(String::new(), *only)],
            several => several.iter().map(|&row| (rows.content(row), row)).collect(),
        };
        // The row that says most is kept, and of equals the one whose content sorts first.
        ordered.sort_by_cached_key(|(content, row)| {
            (usize::MAX - rows.known(*row), content.clone(), *row)
        });
        let kept = ordered[0].1;
        let mut number = 0;
        for (index, (content, row)) in ordered.iter().enumerate() {
            // A row that says what one before it says, in another list or by its own name, is the
            // same thing again; nameless rooms of one list may well be alike.
            let twin = ordered[..index].iter().find(|(other, twin)| {
                let elsewhere = rows.source_of(*twin) != rows.source_of(*row);
                other == content && (elsewhere || is_named(rows, *row))
            });
            let one_thing = table.unique || given_ids[*row];
            // Two names that a person has joined may stand in one list; rows of another thing name
            // this one again and again, and need not tell of it each time.
            let apart = rows.source_of(kept) != rows.source_of(*row)
                || decided.contains(&id)
                || beside(rows.source_of(*row));
            let joins = apart && rows.agree(kept, *row);
            if index > 0 && table.unique && joins {
                rows.complete(kept, *row);
                let adds = twin.is_none() || rows.geometry(*row).is_some();
                let says = if adds { Says::More } else { Says::Same };
                dropped.push(Dropped { row: *row, kept, says, differences: Vec::new() });
            } else if let Some((_, twin)) = twin {
                let (kept, says) = (*twin, Says::Same);
                dropped.push(Dropped { row: *row, kept, says, differences: Vec::new() });
            } else if index > 0 && one_thing {
                let same = *content == ordered[0].0;
                let says = if same { Says::Same } else { Says::Otherwise };
                dropped.push(Dropped { row: *row, kept, says, differences: Vec::new() });
            } else {
                number += 1;
                let id = if number == 1 { id.clone() } else { format!("{id}#{number}") };
                rows.set_text(id_column, *row, id);
            }
        }
    }
    // What two rows of one thing say differently is known no better than both together say it. What
    // they say is kept for telling, before it is widened.
    for one in dropped.iter_mut().filter(|one| one.says == Says::Otherwise) {
        one.differences = rows.differences(one.kept, one.row);
    }
    for one in dropped.iter().filter(|one| one.says == Says::Otherwise) {
        rows.widen(one.kept, one.row);
    }
    dropped.sort_by_key(|one| one.row);
    dropped
}

/// The id a row has by itself: the one the source gives, else one made of its place and key columns.
fn id_of(rows: &Rows, row: usize, default_place: &str) -> String {
    let id_column = if rows.table.column("id").is_some() { "id" } else { "code" };
    let given = rows.table.column(id_column).and_then(|_| rows.text(id_column, row));
    given.map_or_else(|| derived(rows, row, default_place), str::to_owned)
}

/// The ids the rows will have, before anything is joined.
pub fn ids(rows: &mut Rows, default_place: &str) -> Vec<String> {
    fill_places(rows, default_place);
    (0..rows.len()).map(|row| id_of(rows, row, default_place)).collect()
}

/// Rows without a place lie in the default one; a name that stands elsewhere with just one place
/// means that one, since ledgers merge the cells of a district.
fn fill_places(rows: &mut Rows, default_place: &str) {
    let Some(column) = rows.table.column("place").filter(|column| column.kind == Kind::Place)
    else {
        return;
    };
    let place = column.name.as_str();
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in 0..rows.len() {
        if let (Some(name), Some(at)) =
            (rows.key_text(&rows.table.label, row), rows.text(place, row))
        {
            places.entry(name).or_default().insert(at.to_owned());
        }
    }
    for row in (0..rows.len()).filter(|&row| rows.text(place, row).is_none()).collect::<Vec<_>>() {
        let name = rows.key_text(&rows.table.label, row);
        let elsewhere = name.and_then(|name| places.get(&name)).filter(|places| places.len() == 1);
        let meant = elsewhere.and_then(|places| places.first().cloned());
        let meant = if rows.table.unique { meant } else { None };
        let at = meant.unwrap_or_else(|| default_place.to_owned());
        if !at.is_empty() {
            rows.set_text(place, row, at);
        }
    }
}

/// Whether a row has a name of its own beside what it belongs to.
fn is_named(rows: &Rows, row: usize) -> bool {
    let belongs = &rows.table.belongs_to;
    let is_name = |key: &&String| {
        let kind = rows.table.column(key).map(|column| column.kind);
        kind == Some(Kind::Text) && !belongs.contains(key)
    };
    let own = rows.table.key.iter().filter(is_name);
    own.into_iter().any(|key| rows.key_text(key, row).is_some())
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
    /// Why the row is set aside, naming the row that is kept, and where the two differ both cells.
    pub fn words(&self, kept_at: &str, differences: &[(Words, [String; 2], [String; 2])]) -> Words {
        if self.says != Says::Otherwise {
            return Words::new(
                format!("与 {kept_at} 完全相同"),
                format!("says the same as {kept_at}"),
            );
        }
        let zh = |(name, values, cells): &(Words, [String; 2], [String; 2])| {
            format!("{} {}（{}）与 {}（{}）", name.zh, values[0], cells[0], values[1], cells[1])
        };
        let en = |(name, values, cells): &(Words, [String; 2], [String; 2])| {
            format!("{} {} ({}) and {} ({})", name.en, values[0], cells[0], values[1], cells[1])
        };
        let (zh, en): (Vec<String>, Vec<String>) =
            differences.iter().map(|one| (zh(one), en(one))).unzip();
        let (zh, en) = match differences.is_empty() {
            true => (String::new(), String::new()),
            false => (format!("：{}", zh.join("；")), format!(": {}", en.join("; "))),
        };
        Words::new(
            format!("与 {kept_at} 同名同地但内容不同，须核对{zh}"),
            format!("has the same name and place as {kept_at} but says otherwise; check both{en}"),
        )
    }
}
