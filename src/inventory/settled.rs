//! What a person has decided of names: two that are one thing, one that is a phase of another.
//!
//! Rows of one thing get one id and are then joined, or told as a conflict, as any others. A phase
//! leaves the list of estates for that of phases, and what refers to it refers to the whole.

use std::collections::{BTreeMap, HashMap};

use super::rows::{From, Value};
use super::{Rows, table};

/// One name that stands for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The table both belong to.
    pub table: String,
    /// The id that stays, and its name.
    pub kept: (String, String),
    /// The id that gives way, and its name.
    pub other: (String, String),
    /// When the other is a phase of the kept one: its number.
    pub phase: Option<String>,
}

/// All that was decided, by table.
#[derive(Debug, Clone, Default)]
pub struct Decided {
    all: Vec<Settled>,
}

impl Decided {
    /// What was decided, one after another; chains end at their last.
    pub fn new(all: Vec<Settled>) -> Decided {
        Decided { all }
    }

    /// Id → the id it stands for, of one table; phases are left out.
    pub fn same(&self, table: &str) -> HashMap<String, String> {
        let direct: BTreeMap<&str, &str> = self
            .all
            .iter()
            .filter(|one| one.table == table && one.phase.is_none())
            .map(|one| (one.other.0.as_str(), one.kept.0.as_str()))
            .collect();
        let end = |id: &str| {
            let mut id = id;
            // A chain cannot be longer than there are links.
            for _ in 0..direct.len() {
                match direct.get(id) {
                    Some(next) => id = next,
                    None => break,
                }
            }
            id.to_owned()
        };
        direct.keys().map(|id| ((*id).to_owned(), end(id))).collect()
    }

    /// Names that mean a row of a table, with the id of that row.
    pub fn names(&self, table: &str) -> Vec<(String, String)> {
        let same = self.same(table);
        let of = |one: &Settled| {
            let id = same.get(&one.kept.0).unwrap_or(&one.kept.0);
            (one.other.1.clone(), id.clone())
        };
        self.all.iter().filter(|one| one.table == table).map(of).collect()
    }

    /// Moves estates that are phases into the list of phases, and gives what refers to them the
    /// number of the phase. `ids` are those the estates will have.
    pub fn move_phases(&self, tables: &mut BTreeMap<&'static str, Rows>, ids: &[String]) {
        let phases: HashMap<&str, &Settled> = self
            .all
            .iter()
            .filter(|one| one.table == "estates" && one.phase.is_some())
            .map(|one| (one.other.0.as_str(), one))
            .collect();
        if phases.is_empty() {
            return;
        }
        let moved: Vec<(usize, &Settled)> = ids
            .iter()
            .enumerate()
            .filter_map(|(row, id)| Some((row, *phases.get(id.as_str())?)))
            .collect();
        let estates = tables.get_mut("estates").expect("every declared table has rows");
        let declared = table("phases").expect("phases are declared");
        let mut rows: Vec<(From, Vec<Value>)> = Vec::new();
        for (row, one) in &moved {
            let from =
                From { source: estates.source_of(*row), row: estates.row_of(*row), field: None };
            let number = |column: &str| {
                let bounds = estates.bounds(column, *row);
                bounds.map_or(Value::Unknown, |bounds| Value::Number {
                    stated: bounds.is_exact().then_some(bounds.low),
                    bounds,
                })
            };
            let place = estates
                .text("place", *row)
                .map_or(Value::Unknown, |text| Value::Text(text.to_owned()));
            let values = declared.columns.iter().map(|column| match column.name.as_str() {
                "estate" => Value::Text(one.kept.1.clone()),
                "number" => Value::Text(one.phase.clone().unwrap_or_default()),
                "place" => place.clone(),
                "total_area" => number("total_area"),
                "residential_area" => number("residential_area"),
                "households" => number("households_planned"),
                _ => Value::Unknown,
            });
            rows.push((from, values.collect()));
        }
        let mut keep = vec![true; estates.len()];
        moved.iter().for_each(|(row, _)| keep[*row] = false);
        estates.retain(&keep);
        let list = tables.get_mut("phases").expect("every declared table has rows");
        rows.into_iter().for_each(|(from, values)| list.push(from, values));
        self.number_references(tables);
    }

    /// A facility of `幸福里一期` is one of 幸福里, in its phase 一期.
    fn number_references(&self, tables: &mut BTreeMap<&'static str, Rows>) {
        let numbers: HashMap<&str, &str> = self
            .all
            .iter()
            .filter(|one| one.table == "estates")
            .filter_map(|one| Some((one.other.1.as_str(), one.phase.as_deref()?)))
            .collect();
        for rows in tables.values_mut() {
            let has = |name: &str| rows.table.column(name).is_some();
            if !has("estate") || !has("phase") {
                continue;
            }
            for row in 0..rows.len() {
                let number = rows.text("estate", row).and_then(|name| numbers.get(name)).copied();
                if let (Some(number), None) = (number, rows.text("phase", row)) {
                    rows.set_reference("phase", row, number.to_owned());
                }
            }
        }
    }
}
