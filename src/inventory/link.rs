//! References between tables: by id, else by name.
//!
//! The way a reference was resolved is kept beside it. A name that fits two rows resolves to
//! neither. Rooms that several communities use are divided by the agreed shares, else by
//! households; where these are not known, each community's share could be anything.

use std::collections::BTreeMap;

use crate::quantity::Interval;

use super::Rows;
use super::declaration::Kind;

/// What one community uses of one room.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The room's index among the premises rows.
    pub premises: usize,
    /// The community's id.
    pub community: String,
    /// Its share of the room.
    pub share: Interval,
}

/// The rows of one table by id and by name.
struct Directory {
    ids: BTreeMap<String, usize>,
    names: BTreeMap<String, Vec<usize>>,
}

impl Directory {
    fn of(rows: &Rows) -> Directory {
        let id_column = if rows.table.column("id").is_some() { "id" } else { "code" };
        let mut directory = Directory {
            ids: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        for row in 0..rows.len() {
            if let Some(id) = rows.text(id_column, row) {
                directory.ids.insert(id.to_owned(), row);
            }
            if let Some(name) = rows.text(&rows.table.label, row) {
                directory.names.entry(plain(name)).or_default().push(row);
            }
        }
        directory
    }

    fn find(&self, text: &str) -> Option<(usize, &'static str)> {
        if let Some(&row) = self.ids.get(text) {
            return Some((row, "id"));
        }
        match self.names.get(&plain(text)).map(Vec::as_slice) {
            Some([row]) => Some((*row, "name")),
            _ => None,
        }
    }
}

/// A name without white space: ledgers put line breaks and blanks into narrow cells.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Resolves every reference of every table, and divides shared rooms.
pub fn link(tables: &mut BTreeMap<&'static str, Rows>) -> Vec<Use> {
    let directories: BTreeMap<&str, Directory> = tables
        .iter()
        .map(|(name, rows)| (*name, Directory::of(rows)))
        .collect();
    let ids: BTreeMap<&str, Vec<String>> = tables
        .iter()
        .map(|(name, rows)| (*name, (0..rows.len()).map(|row| id_of(rows, row)).collect()))
        .collect();
    for rows in tables.values_mut() {
        for column in rows.table.columns.iter().filter(|column| column.kind == Kind::Ref) {
            let to = column.to.as_deref().expect("a reference names its table");
            for row in 0..rows.len() {
                let found = rows.text(&column.name, row).and_then(|text| directories[to].find(text));
                if let Some((target, way)) = found {
                    rows.set_link(&column.name, row, &ids[to][target], way);
                }
            }
        }
    }
    let premises = &tables["premises"];
    let communities = &tables["communities"];
    (0..premises.len())
        .flat_map(|row| uses_of(premises, row, communities, &directories["communities"]))
        .collect()
}

fn id_of(rows: &Rows, row: usize) -> String {
    let id_column = if rows.table.column("id").is_some() { "id" } else { "code" };
    rows.text(id_column, row).unwrap_or_default().to_owned()
}

fn uses_of(premises: &Rows, row: usize, communities: &Rows, directory: &Directory) -> Vec<Use> {
    let single = premises.text("community", row);
    let several = premises.text("serves", row);
    let names: Vec<&str> = match several {
        Some(list) => list.split(['、', ';', '；', ',', '，']).map(str::trim).collect(),
        None => single.into_iter().collect(),
    };
    let found: Vec<Option<usize>> = names
        .iter()
        .map(|name| directory.find(name).map(|(community, _)| community))
        .collect();
    let shares = shares(premises.text("shares", row), &found, communities);
    let used = found.iter().zip(shares);
    used.filter_map(|(community, share)| {
        Some(Use {
            premises: row,
            community: id_of(communities, (*community)?),
            share,
        })
    })
    .collect()
}

/// Each community's share: as agreed, else by households, else anything from none to all.
fn shares(agreed: Option<&str>, found: &[Option<usize>], communities: &Rows) -> Vec<Interval> {
    if found.len() == 1 {
        return vec![Interval::exactly(1.0)];
    }
    let agreed: Option<Vec<f64>> = agreed.and_then(|text| {
        let parts = text.split(['、', ';', '；', ',', '，', ':', '：']);
        parts.map(|part| part.trim().parse().ok()).collect()
    });
    let households = || -> Option<Vec<f64>> {
        let of = |community: &Option<usize>| {
            let known = communities.bounds("households", (*community)?)?;
            known.is_exact().then_some(known.low)
        };
        found.iter().map(of).collect()
    };
    let weights = agreed.filter(|all| all.len() == found.len()).or_else(households);
    match weights {
        Some(weights) if weights.iter().sum::<f64>() > 0.0 => {
            let sum: f64 = weights.iter().sum();
            weights.iter().map(|weight| Interval::exactly(weight / sum)).collect()
        }
        _ => vec![Interval::between(0.0, 1.0); found.len()],
    }
}
