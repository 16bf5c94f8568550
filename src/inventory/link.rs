//! References between tables: by id, else by name, else by location.
//!
//! The way a reference was resolved is kept beside it. A name that fits two rows resolves to
//! neither. Rooms that several communities use are divided by the agreed shares, else by
//! households; where these are not known, each community's share could be anything. A room that
//! names nobody known stays unlinked, and may yet be somebody's.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::quantity::Interval;
use crate::words::Words;

use super::Rows;
use super::account::BadCell;
use super::declaration::{Column, Kind};
use super::location::{self, MapFault};
use super::settled::Decided;

/// What one community uses of one room.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The room's index among the premises rows.
    pub premises: usize,
    /// The community's id.
    pub community: String,
    /// Its share of the room.
    pub share: Interval,
    /// Whether it surely is this community that uses the room.
    pub sure: bool,
}

/// A name that should fit a row and does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss {
    /// The source of the row that names it.
    pub source: u32,
    /// The cell that names it.
    pub cell: BadCell,
}

/// The rows of one table by id, by name and by other names.
struct Directory {
    ids: HashMap<String, usize>,
    names: HashMap<String, Vec<usize>>,
    aliases: HashMap<String, Vec<usize>>,
    places: Vec<Option<String>>,
}

impl Directory {
    fn of(rows: &Rows, decided: &[(String, String)]) -> Directory {
        let has = |column: &str| rows.table.column(column).is_some();
        let id_column = if has("id") { "id" } else { "code" };
        let place =
            |row| if has("place") { rows.text("place", row).map(str::to_owned) } else { None };
        let mut directory = Directory {
            ids: HashMap::with_capacity(rows.len()),
            names: HashMap::new(),
            aliases: HashMap::new(),
            places: (0..rows.len()).map(place).collect(),
        };
        for row in 0..rows.len() {
            if let Some(id) = rows.text(id_column, row) {
                directory.ids.insert(id.to_owned(), row);
            }
            if let Some(name) = rows.text(&rows.table.label, row) {
                directory.names.entry(plain(name)).or_default().push(row);
            }
            let aliases = if has("aliases") { rows.text("aliases", row) } else { None };
            for alias in aliases.into_iter().flat_map(listed) {
                directory.aliases.entry(plain(alias)).or_default().push(row);
            }
        }
        for (name, id) in decided {
            if let Some(&row) = directory.ids.get(id) {
                let known = directory.aliases.entry(plain(name)).or_default();
                if !known.contains(&row) {
                    known.push(row);
                }
            }
        }
        directory
    }

    /// The row a text means: by id, by name, by another name. A name that several rows bear means
    /// the one in `place`, if there is just one.
    fn find(&self, text: &str, place: Option<&str>) -> Option<(usize, &'static str)> {
        if let Some(&row) = self.ids.get(text) {
            return Some((row, "id"));
        }
        let text = plain(text);
        let only = |rows: &Vec<usize>| match rows.as_slice() {
            [row] => Some(*row),
            several => {
                let mut here = several
                    .iter()
                    .filter(|&&row| place.is_some() && self.places[row].as_deref() == place);
                here.next().filter(|_| here.next().is_none()).copied()
            }
        };
        let by_name = self.names.get(&text).and_then(only).map(|row| (row, "name"));
        by_name.or_else(|| self.aliases.get(&text).and_then(only).map(|row| (row, "alias")))
    }
}

/// The names of a list in one cell.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', ';', '；', ',', '，']).map(str::trim).filter(|name| !name.is_empty())
}

/// A name without white space: ledgers put line breaks and blanks into narrow cells.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Resolves every reference of every table, and divides shared rooms.
pub fn link(tables: &mut BTreeMap<&'static str, Rows>, decided: &Decided) -> Linked {
    let targets = targets(tables);
    let directories: BTreeMap<&str, Directory> = targets
        .iter()
        .map(|name| (*name, Directory::of(&tables[name], &decided.names(name))))
        .collect();
    let ids: BTreeMap<&str, Vec<String>> =
        targets.iter().map(|name| (*name, tables[name].ids())).collect();
    let of_estates = |to: &str| ["phases", "buildings"].contains(&to);
    for rows in tables.values_mut() {
        for column in rows.table.columns.iter().filter(|column| column.kind == Kind::Ref) {
            let to = column.to.as_deref().expect("a reference names its table");
            if !directories.contains_key(to) || of_estates(to) {
                continue;
            }
            for row in 0..rows.len() {
                let place = place_of(rows, row);
                let text = rows.text(&column.name, row);
                let found = text.and_then(|text| directories[to].find(text, place));
                if let Some((target, way)) = found {
                    rows.set_link(&column.name, row, &ids[to][target], way);
                }
            }
        }
    }
    for (to, parent) in [("phases", "estate"), ("buildings", "estate"), ("premises", "community")] {
        link_within(tables, to, parent);
    }
    name_subjects(tables);
    let map_faults = location::locate(tables);
    let premises = &tables["premises"];
    let communities = &tables["communities"];
    let (mut uses, mut misses) = (Vec::new(), Vec::new());
    let mut in_order: Vec<usize> = (0..premises.len()).collect();
    in_order.sort_by_key(|&row| (premises.source_of(row), premises.row_of(row)));
    for row in in_order {
        let directory = &directories["communities"];
        let (before, missed) = (uses.len(), misses.len());
        uses_of(premises, row, communities, directory, &mut uses, &mut misses);
        if uses.len() == before || misses.len() > missed {
            let surely: Vec<String> =
                uses[before..].iter().map(|one| one.community.clone()).collect();
            for community in candidates(premises, row, communities, &uses) {
                if !surely.contains(&community) {
                    uses.push(Use { premises: row, community, share: ANY_SHARE, sure: false });
                }
            }
        }
    }
    Linked { uses, misses, map_faults }
}

/// Resolves references to what bears a name only within its parent: by id, else by the name that one
/// of the same parent bears. Every estate has a phase called 一期, every community a 活动室.
fn link_within(tables: &mut BTreeMap<&'static str, Rows>, to: &str, parent: &str) {
    let refers =
        |column: &&'static Column| column.kind == Kind::Ref && column.to.as_deref() == Some(to);
    if !tables
        .values()
        .any(|rows| !rows.is_empty() && rows.table.columns.iter().any(|one| refers(&one)))
    {
        return;
    }
    let targets = &tables[to];
    let mut by_name: HashMap<(String, String), Vec<String>> = HashMap::new();
    let mut known: HashSet<String> = HashSet::new();
    for row in 0..targets.len() {
        let id = id_of(targets, row);
        if let (Some(within), Some(name)) =
            (targets.link(parent, row), targets.text(&targets.table.label, row))
        {
            let key = (within.to_owned(), plain(name));
            by_name.entry(key).or_default().push(id.clone());
        }
        known.insert(id);
    }
    for rows in tables.values_mut() {
        let has_parent = rows.table.column(parent).is_some();
        for column in rows.table.columns.iter().filter(refers) {
            for row in 0..rows.len() {
                let Some(text) = rows.text(&column.name, row).map(str::to_owned) else { continue };
                if known.contains(&text) {
                    rows.set_link(&column.name, row, &text, "id");
                    continue;
                }
                let within = if has_parent { rows.link(parent, row) } else { None };
                let key = within.map(|parent| (parent.to_owned(), plain(&text)));
                if let Some([only]) = key.and_then(|key| by_name.get(&key)).map(Vec::as_slice) {
                    rows.set_link(&column.name, row, only, "name");
                }
            }
        }
    }
}

/// Events of phases, buildings and facilities that a list names by their number or class get the id
/// of the one of that estate that is meant, if there is just one.
fn name_subjects(tables: &mut BTreeMap<&'static str, Rows>) {
    for (kind, of) in [("phase", "phases"), ("building", "buildings"), ("facility", "facilities")] {
        let targets = &tables[of];
        let mut known: HashSet<String> = HashSet::new();
        let mut called: HashMap<(String, String), Vec<String>> = HashMap::new();
        for row in 0..targets.len() {
            let id = id_of(targets, row);
            if let Some(estate) = targets.link("estate", row) {
                let has_name = targets.table.column("name").is_some();
                let own = if has_name { targets.text("name", row) } else { None };
                let label = targets.text(&targets.table.label, row);
                for name in [own, label].into_iter().flatten() {
                    let key = (estate.to_owned(), plain(name));
                    called.entry(key).or_default().push(id.clone());
                }
            }
            known.insert(id);
        }
        let events = tables.get_mut("events").expect("every declared table has rows");
        for row in 0..events.len() {
            let subject = events
                .text("subject", row)
                .filter(|_| events.text("subject_kind", row) == Some(kind));
            let Some(subject) = subject.filter(|subject| !known.contains(*subject)) else {
                continue;
            };
            let key = events.link("estate", row).map(|estate| (estate.to_owned(), plain(subject)));
            if let Some([only]) = key.and_then(|key| called.get(&key)).map(Vec::as_slice) {
                events.set_text("subject", row, only.clone());
            }
        }
    }
}

/// The tables some row refers to; rooms always refer to communities.
fn targets(tables: &BTreeMap<&'static str, Rows>) -> BTreeSet<&'static str> {
    let mut targets = BTreeSet::from(["communities"]);
    for rows in tables.values() {
        for column in rows.table.columns.iter().filter(|column| column.kind == Kind::Ref) {
            let any = (0..rows.len()).any(|row| rows.text(&column.name, row).is_some());
            if any && let Some(table) = column.to.as_deref().and_then(super::table) {
                targets.insert(table.name.as_str());
            }
        }
    }
    targets
}

/// What linking found.
pub struct Linked {
    /// Which community uses which room.
    pub uses: Vec<Use>,
    /// Names of communities that share a room and fit none.
    pub misses: Vec<Miss>,
    /// Rows that lie in no polygon, or elsewhere than they say.
    pub map_faults: Vec<MapFault>,
}

fn place_of(rows: &Rows, row: usize) -> Option<&str> {
    let column = rows.table.column("place")?;
    if column.kind == Kind::Place { rows.text("place", row) } else { None }
}

fn id_of(rows: &Rows, row: usize) -> String {
    rows.id(row).to_owned()
}

/// The uses of one room, and the names that fit nobody.
fn uses_of(
    premises: &Rows,
    row: usize,
    communities: &Rows,
    directory: &Directory,
    uses: &mut Vec<Use>,
    misses: &mut Vec<Miss>,
) {
    let several = premises.text("serves", row);
    let single = premises.text("community", row);
    let names: Vec<&str> = match several {
        Some(list) => listed(list).collect(),
        None => single.into_iter().collect(),
    };
    let place = place_of(premises, row);
    let find = |name: &str| directory.find(name, place).map(|(community, _)| community);
    let found: Vec<Option<usize>> = names.iter().map(|name| find(name)).collect();
    let mut miss = |field: &str, found: &str, accepted: Words| {
        misses.push(Miss {
            source: premises.source_of(row),
            cell: BadCell {
                row: premises.row_of(row),
                field: field.to_owned(),
                found: found.to_owned(),
                accepted,
            },
        });
    };
    let shares = match shares(premises.text("shares", row), &found, communities) {
        Ok(shares) => shares,
        Err(accepted) => {
            miss("shares", premises.text("shares", row).unwrap_or_default(), accepted);
            vec![ANY_SHARE; found.len()]
        }
    };
    for ((name, community), share) in names.iter().zip(&found).zip(shares) {
        match community {
            Some(community) => {
                let community = id_of(communities, *community);
                uses.push(Use { premises: row, community, share, sure: true });
            }
            // A single name that fits nobody leaves the room unlinked, which is told row by row.
            None if several.is_some() => {
                let accepted =
                    Words::new("已知社区的名称或编号", "the name or id of a known community");
                miss("serves", name, accepted);
            }
            None => {}
        }
    }
    // Neither a list nor a name fits anybody: the community it lies in uses it.
    if uses.last().is_none_or(|last| last.premises != row)
        && let Some(community) = premises.link("community", row)
    {
        uses.push(Use {
            premises: row,
            community: community.to_owned(),
            share: if several.is_some() { ANY_SHARE } else { Interval::exactly(1.0) },
            sure: true,
        });
        return;
    }
    // The list names nobody known; the single community beside it surely uses some of the room.
    if several.is_some()
        && found.iter().all(Option::is_none)
        && let Some(community) = single.and_then(find)
    {
        let community = id_of(communities, community);
        uses.push(Use { premises: row, community, share: ANY_SHARE, sure: true });
    }
}

/// Nothing is known of a share.
const ANY_SHARE: Interval = Interval::between(0.0, 1.0);

/// Each community's share: as agreed, else by households, else anything from none to all.
///
/// # Errors
/// What would be accepted, when an agreed share is written that cannot be one.
fn shares(
    agreed: Option<&str>,
    found: &[Option<usize>],
    communities: &Rows,
) -> Result<Vec<Interval>, Words> {
    let weights = match agreed {
        Some(text) => Some(agreed_shares(text, found.len())?),
        None if found.len() == 1 => Some(vec![1.0]),
        None => {
            let of = |community: &Option<usize>| {
                let known = communities.bounds("households", (*community)?)?;
                known.is_exact().then_some(known.low)
            };
            found.iter().map(of).collect::<Option<Vec<f64>>>()
        }
    };
    Ok(match weights {
        Some(weights) if weights.iter().sum::<f64>() > 0.0 => {
            let sum: f64 = weights.iter().sum();
            weights.iter().map(|weight| Interval::exactly(weight / sum)).collect()
        }
        _ => vec![ANY_SHARE; found.len()],
    })
}

/// Agreed shares: percentages or fractions that add up, or a ratio such as `3:2`.
fn agreed_shares(text: &str, wanted: usize) -> Result<Vec<f64>, Words> {
    let accepted = || {
        Words::new(
            "与服务社区一一对应：如 60%、40%，0.6、0.4，或 3:2",
            "one for each community served: 60%、40%, 0.6、0.4 or 3:2",
        )
    };
    let parts: Vec<&str> =
        text.split(['、', ';', '；', ',', '，', ':', '：']).map(str::trim).collect();
    let percent = parts.iter().all(|part| part.ends_with(['%', '％']));
    let read = |part: &&str| {
        let number: f64 = part.trim_end_matches(['%', '％']).parse().ok()?;
        (number.is_finite() && number >= 0.0).then_some(number)
    };
    let weights: Vec<f64> = parts.iter().map(read).collect::<Option<_>>().ok_or_else(accepted)?;
    let sum: f64 = weights.iter().sum();
    let fractions = weights.iter().all(|weight| *weight <= 1.0);
    let adds_up = match (percent, fractions) {
        (true, _) => (sum - 100.0).abs() < 0.1,
        (false, true) => (sum - 1.0).abs() < 0.001,
        (false, false) => true,
    };
    if weights.len() == wanted && adds_up { Ok(weights) } else { Err(accepted()) }
}

/// Whether a room is the street's, or another division's, own: of that level, and of no community.
pub fn is_own_room(premises: &Rows, row: usize) -> bool {
    let names_none =
        premises.text("community", row).is_none() && premises.text("serves", row).is_none();
    let of_division = premises.text("level", row).is_some_and(|level| level != "community");
    names_none && of_division && premises.link("street", row).is_some()
}

/// The communities a room that names nobody known may belong to: it may be a slip of the pen, or a
/// cell merged with the one above. Their sums then have room above; none is accused of lacking what
/// may be its own.
fn candidates(premises: &Rows, row: usize, communities: &Rows, uses: &[Use]) -> Vec<String> {
    let alike = |name: &str| -> Vec<String> {
        let name = plain(name);
        let fits = |community: &usize| {
            let other = communities.text(&communities.table.label, *community).map(plain);
            other.is_some_and(|other| {
                other.contains(&name)
                    || name.contains(&other)
                    || strsim::jaro_winkler(&name, &other) > 0.85
            })
        };
        (0..communities.len()).filter(fits).map(|community| id_of(communities, community)).collect()
    };
    if is_own_room(premises, row) {
        return Vec::new();
    }
    let named = premises.text("serves", row).or(premises.text("community", row));
    match named {
        Some(names) => listed(names).flat_map(alike).collect(),
        // A row with a place of its own is no cell merged with the one above.
        None if premises.geometry(row).is_some() => Vec::new(),
        // The room above it in the same sheet.
        None => {
            let above = uses.iter().rev().find(|one| {
                let same_source = premises.source_of(one.premises) == premises.source_of(row);
                same_source && premises.row_of(one.premises) < premises.row_of(row)
            });
            above.map(|one| one.community.clone()).into_iter().collect()
        }
    }
}
