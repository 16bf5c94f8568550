//! What facilities owe under the rules that were judged, and what of a community's shortfall its
//! estates owe: the recoverable part; the rest is the government's.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::assessment::{Assessment, Outcome};
use crate::error::Result;
use crate::inventory::Inventory;
use crate::measure::Selection;
use crate::measure::chain::{Chained, chains};
use crate::measure::late::{Ahead, ahead};
use crate::quantity::Interval;
use crate::standard::{Library, Pack, Requirement};

use super::judge::{Whom, selection};
use super::{Question, formulas_of};

/// The chains of all facilities under every rule on what is in place.
#[derive(Debug, Clone, Default)]
pub struct Owing {
    /// By pack and requirement, then by facility.
    rules: BTreeMap<(String, String), BTreeMap<String, Chained>>,
    /// How much of the housing was ahead of each facility, in the same way.
    ahead: BTreeMap<(String, String), BTreeMap<String, Ahead>>,
    /// The splits of communities' shortfalls, by the key of their assessment.
    splits: BTreeMap<String, Split>,
}

/// What of a community's shortfall is recoverable, and what is the government's.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// What its estates owe of it, no more than the shortfall.
    pub recoverable: Interval,
    /// The rest.
    pub government: Interval,
    /// All that its estates owe.
    pub estates_owe: Interval,
    /// The facilities that owe it.
    pub debts: Vec<Debt>,
}

/// What one facility owes to a community.
#[derive(Debug, Clone, PartialEq)]
pub struct Debt {
    /// The facility's id.
    pub facility: String,
    /// What it is called.
    pub name: String,
    /// How much of it was not planned, built or handed over.
    pub area: Interval,
    /// Whether its developer is gone.
    pub extinct: bool,
}

impl Owing {
    /// Works it out for what was judged.
    ///
    /// # Errors
    /// When the table engine fails, which would be a defect.
    pub fn of(
        inventory: &Inventory,
        library: &Library,
        question: &Question,
        assessed: &DataFrame,
        assessments: &[Assessment],
    ) -> Result<Owing> {
        let mut owing = Owing::default();
        let judged: BTreeSet<(&str, &str)> =
            assessments.iter().map(|one| (one.pack.as_str(), one.requirement.as_str())).collect();
        let spoke = |(pack, id): (&str, &str)| -> Option<(&Pack, &Requirement)> {
            let pack = library.get(pack)?;
            Some((pack, pack.requirement(id)?))
        };
        let formulas = formulas_of(assessed, library)?;
        for (pack, rule) in judged.iter().copied().filter_map(spoke) {
            let none = || -> PolarsResult<LazyFrame> {
                Ok(crate::measure::subjects(inventory, "facility")?.filter(lit(false)))
            };
            let selected = |rule: &Requirement| -> PolarsResult<Selection> {
                let formulas = formulas.clone();
                let whom = Whom { subjects: none()?, day: question.day, items: None, formulas };
                selection(pack, rule, &whom)
            };
            if rule.measure.name == "share_ahead" {
                let found = ahead(inventory, &selected(rule)?)?;
                owing.ahead.insert((pack.id.clone(), rule.id.clone()), found);
            }
            let named = rule.recoverable.as_ref().and_then(|one| pack.requirement(&one.rule));
            let chained = ["not_in_place", "below_formula"].contains(&rule.measure.name);
            for rule in named.into_iter().chain(chained.then_some(rule)) {
                let key = (pack.id.clone(), rule.id.clone());
                if owing.rules.contains_key(&key) {
                    continue;
                }
                let found = chains(inventory, &selected(rule)?)?;
                owing.rules.insert(key, found);
            }
        }
        let estates = estates(inventory)?;
        let names = assessments.iter().filter(|one| one.subject_kind == "facility");
        let names: BTreeMap<&str, &str> =
            names.map(|one| (one.subject.as_str(), one.label.as_str())).collect();
        let mut by_community: BTreeMap<(&str, &str), BTreeMap<&str, Vec<Debt>>> = BTreeMap::new();
        for one in assessments {
            let Some((pack, rule)) = spoke((&one.pack, &one.requirement)) else { continue };
            let open = matches!(one.outcome, Outcome::NotMet | Outcome::Unknown);
            let Some(recoverable) = rule.recoverable.as_ref().filter(|_| open) else { continue };
            let key = (pack.id.clone(), recoverable.rule.clone());
            let Some(of_rule) = owing.rules.get(&key) else { continue };
            let debts = by_community.entry((&one.pack, &one.requirement)).or_insert_with(|| {
                let of_category = |chained: &&Chained| {
                    chained.category.as_ref().is_some_and(|one| recoverable.category.contains(one))
                };
                debts(of_rule.values().filter(of_category), &estates, &names)
            });
            let debts = debts.get(one.subject.as_str()).cloned().unwrap_or_default();
            owing.splits.insert(one.key.clone(), split(one.shortfall, debts));
        }
        Ok(owing)
    }

    /// The chain of a facility under a rule.
    pub fn chain(&self, pack: &str, requirement: &str, facility: &str) -> Option<&Chained> {
        self.rules.get(&(pack.to_owned(), requirement.to_owned()))?.get(facility)
    }

    /// How much of the housing was ahead of a facility under a rule on shares.
    pub fn ahead(&self, pack: &str, requirement: &str, facility: &str) -> Option<&Ahead> {
        self.ahead.get(&(pack.to_owned(), requirement.to_owned()))?.get(facility)
    }

    /// What the facilities of an estate lack under a rule, of those that are not met or unknown:
    /// the public ones, and those of the owners in common, which are never added to them.
    pub fn short_of(&self, assessments: &[Assessment], estate: &str) -> (Interval, Interval) {
        let mut sums = [Vec::new(), Vec::new()];
        for one in assessments {
            let open = matches!(one.outcome, Outcome::NotMet | Outcome::Unknown);
            let chained = self.chain(&one.pack, &one.requirement, &one.subject);
            let of_it = chained.filter(|chained| chained.estate.as_deref() == Some(estate));
            if let Some(chained) = of_it.filter(|_| open) {
                // Where nobody knows whether it is due yet, perhaps nothing is.
                let short = chained.chain.short;
                let least = if chained.due() == Some(true) { short.low } else { 0.0 };
                let of = usize::from(chained.of_owners);
                sums[of].push(Interval::between(least, short.high));
            }
        }
        let [public, owners] = sums;
        (Interval::sum(public), Interval::sum(owners))
    }

    /// How the shortfall of an assessment splits, where its rule says that estates owe of it.
    pub fn split(&self, assessment: &Assessment) -> Option<&Split> {
        self.splits.get(&assessment.key)
    }
}

/// Where an estate lies, and whether its developer is gone.
struct Estate {
    community: String,
    extinct: bool,
}

/// Estates whose community is known, by their ids.
fn estates(inventory: &Inventory) -> Result<BTreeMap<String, Estate>> {
    let estates = inventory.table("estates");
    let (ids, communities) = (estates.column("id")?.str()?, estates.column("community_id")?.str()?);
    let gone = estates.column("developer_extinct")?.bool()?;
    let rows = ids.iter().zip(communities.iter()).zip(gone.iter());
    let known = rows.filter_map(|((id, community), gone)| {
        let community = community?.to_owned();
        Some((id?.to_owned(), Estate { community, extinct: gone == Some(true) }))
    });
    Ok(known.collect())
}

/// What facilities owe, by the community their estate lies in.
fn debts<'e>(
    all: impl Iterator<Item = &'e Chained>,
    estates: &'e BTreeMap<String, Estate>,
    names: &BTreeMap<&str, &str>,
) -> BTreeMap<&'e str, Vec<Debt>> {
    let mut debts: BTreeMap<&str, Vec<Debt>> = BTreeMap::new();
    for chained in all {
        let Some(estate) = chained.estate.as_ref().and_then(|estate| estates.get(estate)) else {
            continue;
        };
        let owed = chained.chain.developer_owes;
        // Nothing is owed before the housing is there; where that is not known, perhaps nothing.
        let area = match chained.housed {
            Some(false) => continue,
            Some(true) => owed,
            None => Interval::between(0.0, owed.high),
        };
        if area.high > 0.0 {
            let name = names.get(chained.id.as_str()).copied().unwrap_or(&chained.id).to_owned();
            let debt = Debt { facility: chained.id.clone(), name, area, extinct: estate.extinct };
            debts.entry(&estate.community).or_default().push(debt);
        }
    }
    debts
}

fn split(short: Interval, debts: Vec<Debt>) -> Split {
    let estates_owe = Interval::sum(debts.iter().map(|debt| debt.area));
    let recoverable =
        Interval::between(short.low.min(estates_owe.low), short.high.min(estates_owe.high));
    let rest =
        |short: f64, owed: f64| if short.is_infinite() { short } else { (short - owed).max(0.0) };
    let government =
        Interval::between(rest(short.low, estates_owe.high), rest(short.high, estates_owe.low));
    Split { recoverable, government, estates_owe, debts }
}
