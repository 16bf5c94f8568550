//! The chain of every facility as the tables tell it, under the terms of a rule.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use polars::prelude::*;

use crate::inventory::{Inventory, high, low};
use crate::mapping::{category, owner_of};
use crate::quantity::Interval;
use crate::words::Words;

use super::super::Selection;
use super::super::late::{Days, Housed};
use super::{Chain, Figures, State};

/// How far a facility must have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// Planned and built: what stays with the owners or the developer.
    Construction,
    /// Planned, built and handed over.
    Handover,
    /// Planned, built, handed over and properly used.
    #[default]
    Use,
}

impl Reach {
    /// The codes used in packs.
    pub const CODES: &[(&'static str, Reach)] = &[
        ("construction", Reach::Construction),
        ("handover", Reach::Handover),
        ("use", Reach::Use),
    ];

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            Reach::Construction => Words::new("建成", "construction"),
            Reach::Handover => Words::new("移交", "handover"),
            Reach::Use => Words::new("使用", "use"),
        }
    }

    /// How many steps of the chain that is.
    pub fn steps(self) -> usize {
        match self {
            Reach::Construction => 2,
            Reach::Handover => 3,
            Reach::Use => 4,
        }
    }
}

/// What a rule on what is in place says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// How far a facility must have come.
    pub reach: Reach,
    /// The topics under which texts say how much an estate owes of a class, where neither contract
    /// nor plan does.
    pub formula: BTreeMap<String, String>,
}

/// How much formulas ask of estates, by topic and estate; shared, since every rule is handed them.
pub type Formulas = Arc<BTreeMap<(String, String), Interval>>;

/// A facility's chain, and what is told beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chained {
    /// The facility's id.
    pub id: String,
    /// Its estate.
    pub estate: Option<String>,
    /// Its class.
    pub category: Option<String>,
    /// The chain.
    pub chain: Chain,
    /// Whether its housing has come so far that it is owed; none where that is not known.
    pub housed: Option<bool>,
    /// Whether it belongs to the owners of the estate in common, and so to no public sum.
    pub of_owners: bool,
    /// Who has to see to its proper use, where its state of use tells.
    pub use_by: Option<&'static str>,
    /// Where it stands, the furthest step first.
    pub states: Vec<State>,
    /// What it cost to build.
    pub construction_cost: Interval,
}

impl Chained {
    /// Whether anything is owed of it yet: of what lacks nothing nobody asks.
    pub fn due(&self) -> Option<bool> {
        if self.chain.short.high > 0.0 { self.housed } else { Some(true) }
    }
}

/// A column of quantities.
struct Ends(Float64Chunked, Float64Chunked);

impl Ends {
    fn at(&self, row: usize) -> Interval {
        let (least, most) = (self.0.get(row), self.1.get(row));
        Interval::between(least.unwrap_or(0.0), most.unwrap_or(f64::INFINITY))
    }
}

/// The chain of every facility, by id.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn chains(
    inventory: &Inventory,
    selection: &Selection,
) -> PolarsResult<BTreeMap<String, Chained>> {
    let facilities = inventory.table("facilities");
    let text = |name: &str| facilities.column(name).and_then(|column| column.str().cloned());
    let ends = |name: &str| -> PolarsResult<Ends> {
        let end = |name: String| facilities.column(&name).and_then(|column| column.f64().cloned());
        Ok(Ends(end(low(name))?, end(high(name))?))
    };
    let (ids, estates, categories) = (text("id")?, text("estate_id")?, text("category")?);
    let (modes, uses) = (text("mode")?, text("use_state")?);
    let [contract, plan, stated] =
        ["due_contract", "due_plan", "due_stated"].map(ends).map(|ends| ends.expect("declared"));
    let (built, accepted) = (ends("built_area")?, ends("accepted_area")?);
    let (handed_over, used) = (ends("handed_over_area")?, ends("used_area")?);
    let cost = ends("construction_cost")?;
    let class_modes = of_classes(inventory, "mode")?;
    let class_owners = of_classes(inventory, "owner")?;
    let extinct = extinct(inventory)?;
    let days = selection.day.map(|day| Days::of(inventory, day)).transpose()?;
    let housed = Housed::of(inventory, selection)?;
    let due = |row: usize| [contract.at(row), plan.at(row), stated.at(row)];
    let shares = Shares::of(&estates, &categories, &due, selection);
    let mut found = BTreeMap::new();
    for row in 0..facilities.height() {
        let Some(id) = ids.get(row) else { continue };
        let (estate, category) = (estates.get(row), categories.get(row));
        let mode = modes.get(row).or_else(|| class_modes.get(category?).map(String::as_str));
        let stays = mode == Some("not_handed_over");
        let in_lots = days.as_ref().and_then(|days| days.handed_over(id));
        let of_ledger = handed_over.at(row);
        let share = shares.left(estate, category);
        let figures = Figures {
            due: due(row),
            formula: share.map(|share| share.left),
            built: [built.at(row), accepted.at(row)],
            handed_over: match in_lots {
                Some(lots) if of_ledger == Interval::UNKNOWN => lots,
                _ => of_ledger,
            },
            used: used.at(row),
            in_use: uses.get(row).and_then(in_use),
            reach: if stays { Reach::Construction } else { selection.terms.reach },
        };
        let mut chain = Chain::of(&figures);
        if let Some(share) = share.filter(|share| share.first == row) {
            chain.government = share.missing;
        }
        let extinct = estate.is_some_and(|estate| extinct.contains(estate));
        let states = State::all(facilities, row, &chain, &figures, extinct)?;
        found.insert(
            id.to_owned(),
            Chained {
                id: id.to_owned(),
                estate: estate.map(str::to_owned),
                category: category.map(str::to_owned),
                chain,
                housed: match (housed.surely(id), housed.perhaps(id)) {
                    (true, _) => Some(true),
                    (_, false) => Some(false),
                    _ => None,
                },
                of_owners: category.is_some_and(|category| {
                    let said = class_owners.get(category).map(String::as_str);
                    said.or_else(|| owner_of(category)) == Some("owners_in_common")
                }),
                use_by: uses.get(row).map(used_by),
                states,
                construction_cost: cost.at(row),
            },
        );
    }
    Ok(found)
}

/// What a formula leaves for the facilities of one class of an estate.
#[derive(Debug, Clone, Copy)]
struct Share {
    /// For each of those that neither contract nor plan nor ledger states.
    left: Interval,
    /// What contracts and plans leave out, where all of the class are stated.
    missing: Interval,
    /// The row of the first of them, which carries it.
    first: usize,
}

/// What formulas leave for each class of each estate.
struct Shares<'s> {
    all: BTreeMap<(&'s str, &'s str), Share>,
    terms: &'s super::Terms,
}

impl<'s> Shares<'s> {
    fn of(
        estates: &'s StringChunked,
        categories: &'s StringChunked,
        due: &dyn Fn(usize) -> [Interval; 3],
        selection: &'s Selection,
    ) -> Shares<'s> {
        let terms = &selection.terms;
        let mut rows: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for row in 0..estates.len() {
            if let (Some(estate), Some(category)) = (estates.get(row), categories.get(row)) {
                rows.entry((estate, category)).or_default().push(row);
            }
        }
        let zero = Interval::exactly(0.0);
        let share = |((estate, category), rows): ((&'s str, &'s str), Vec<usize>)| {
            let topic = terms.formula.get(category)?;
            let key = (topic.clone(), estate.to_owned());
            // An estate of which no formula speaks owes nothing by one.
            let all = selection.formulas.get(&key).copied().unwrap_or(zero);
            let stated = |row: &usize| due(*row).into_iter().find(|one| *one != Interval::UNKNOWN);
            let bound =
                |row: &usize| due(*row)[..2].iter().find(|one| **one != Interval::UNKNOWN).copied();
            let given = Interval::sum(rows.iter().filter_map(stated));
            let open = rows.iter().filter(|row| stated(row).is_none()).count();
            let rest = Interval::between(
                (all.low - given.high).max(0.0),
                if all.high.is_infinite() { all.high } else { (all.high - given.low).max(0.0) },
            );
            // Of several that nothing states, nobody knows which owes how much.
            let left = if open > 1 { Interval::between(0.0, rest.high) } else { rest };
            let missing = if rows.iter().all(|row| bound(row).is_some()) { rest } else { zero };
            let first = rows.first().copied().unwrap_or_default();
            Some(((estate, category), Share { left, missing, first }))
        };
        Shares { all: rows.into_iter().filter_map(share).collect(), terms }
    }

    /// What is left for a facility; none where no formula is named for its class, anything where its
    /// estate is not known.
    fn left(&self, estate: Option<&str>, category: Option<&str>) -> Option<Share> {
        let category = category.filter(|category| self.terms.formula.contains_key(*category))?;
        let unknown =
            Share { left: Interval::UNKNOWN, missing: Interval::exactly(0.0), first: usize::MAX };
        Some(match estate {
            Some(estate) => *self.all.get(&(estate, category)).unwrap_or(&unknown),
            None => unknown,
        })
    }
}

/// What the table of classes says of each in one of its columns.
fn of_classes(inventory: &Inventory, column: &str) -> PolarsResult<BTreeMap<String, String>> {
    let classes = inventory.table("categories");
    let text = |name: &str| classes.column(name).and_then(|column| column.str().cloned());
    let (names, said) = (text("name")?, text(column)?);
    let pairs = names.iter().zip(said.iter());
    Ok(pairs.filter_map(|(name, said)| Some((category(name?), said?.to_owned()))).collect())
}

/// The estates of which the developer is gone.
pub(super) fn extinct(inventory: &Inventory) -> PolarsResult<BTreeSet<String>> {
    let estates = inventory.table("estates");
    let (ids, gone) = (estates.column("id")?.str()?, estates.column("developer_extinct")?.bool()?);
    let all = ids.iter().zip(gone.iter()).filter(|(_, gone)| *gone == Some(true));
    Ok(all.filter_map(|(id, _)| id.map(str::to_owned)).collect())
}

/// Whether a state of use means that all of a facility is properly used, or none of it.
fn in_use(state: &str) -> Option<bool> {
    match state {
        "in_use" => Some(true),
        "part_use" => None,
        _ => Some(false),
    }
}

/// Who has to see to the proper use of what was handed over: who received it, unless another holds it.
fn used_by(state: &str) -> &'static str {
    match state {
        "misused_by_developer" | "sold" => "developer",
        "misused_by_property_firm" => "property_firm",
        _ => "receiver",
    }
}
