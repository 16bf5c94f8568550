//! Checks compare what is measured with what is required.
//!
//! A check is one entry in [`CHECKS`], one page in `docs/checks/`, and a folder of fixtures; the
//! measures name the check that judges them. All checks share one way of comparing ([`assess`]), so
//! that "not known exactly" means the same everywhere.

mod cases;
mod compare;
mod judge;

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

pub use cases::{CaseFailure, CaseReport, first_failure, run_cases};
pub use compare::{Change, Comparison, compare};

use crate::assessment::Outcome;
use crate::day::Day;
use crate::error::Result;
use crate::inventory::Inventory;
use crate::measure::{KINDS, Subjects, subjects};
use crate::place::Place;
use crate::quantity::Rounding;
use crate::standard::{self, Displaced, Force, Library, Pack, Requirement, Spoken, resolve};
use crate::words::Words;

/// A kind of question an audit asks.
#[derive(Debug)]
pub struct Check {
    /// Its name, also of its page and of its fixtures' folder.
    pub name: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// Its page.
    pub page: &'static str,
}

/// All checks, in the order reports show them.
pub const CHECKS: &[&Check] = &[
    &Check {
        name: "threshold",
        zh: "规模达标",
        en: "size",
        page: include_str!("docs/checks/threshold.md"),
    },
    &Check {
        name: "tenure",
        zh: "权属与租赁",
        en: "tenure",
        page: include_str!("docs/checks/tenure.md"),
    },
    &Check {
        name: "headcount",
        zh: "人员配备",
        en: "headcount",
        page: include_str!("docs/checks/headcount.md"),
    },
    &Check {
        name: "coverage",
        zh: "总体达标",
        en: "coverage",
        page: include_str!("docs/checks/coverage.md"),
    },
    &Check {
        name: "data_quality",
        zh: "数据质量",
        en: "data quality",
        page: include_str!("docs/checks/data_quality.md"),
    },
];

impl Check {
    /// Its name in both languages.
    pub fn words(&self) -> Words {
        Words::new(self.zh, self.en)
    }
}

/// What is asked of an inventory: where, when, and which texts beyond those in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The place subjects without one of their own lie in.
    pub place: Place,
    /// The day to judge on.
    pub day: Day,
    /// The texts asked for by name.
    pub named: BTreeSet<String>,
    /// Whether wider texts that give way are judged as well: local and national verdict both.
    pub wider: bool,
}

/// Every assessment, and the requirements that gave way.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// The assessments, with the columns of [`crate::assessment::COLUMNS`].
    pub assessments: DataFrame,
    /// The requirements that gave way to another text, over all places.
    pub displaced: Vec<GaveWay>,
}

/// A requirement that gave way to another text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GaveWay {
    /// What gave way to what.
    pub displaced: Displaced,
    /// For how many subjects the text that speaks asks for less than the wider duty it displaces.
    #[doc(alias = "与上位规定不一致")]
    pub looser_for: usize,
}

/// Assesses every subject under every requirement that speaks for it.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn assess(inventory: &Inventory, library: &Library, question: &Question) -> Result<Assessed> {
    let packs = library.packs();
    let mut speaking: BTreeMap<Spoken, Places> = BTreeMap::new();
    let mut silenced: BTreeMap<Displaced, Places> = BTreeMap::new();
    for kind in KINDS {
        let is_about =
            |spoken: Spoken| packs[spoken.pack].requirements[spoken.requirement].subject == *kind;
        for at in places(inventory, kind)? {
            let own = at.as_deref().and_then(Place::parse);
            let place = own.unwrap_or_else(|| question.place.clone());
            let found = resolve(packs, &place, question.day, &question.named);
            for spoken in found.speaking.into_iter().filter(|spoken| is_about(*spoken)) {
                speaking.entry(spoken).or_default().push(at.clone());
            }
            for displaced in found.displaced.into_iter().filter(|one| is_about(one.what)) {
                if question.wider && !displaced.same_level {
                    speaking.entry(displaced.what).or_default().push(at.clone());
                }
                silenced.entry(displaced).or_default().push(at.clone());
            }
        }
    }
    let mut tables = Vec::new();
    for (spoken, places) in &speaking {
        let pack = &packs[spoken.pack];
        let requirement = &pack.requirements[spoken.requirement];
        tables.push(judge::judge(inventory, pack, requirement, places)?.lazy());
    }
    let assessments = if tables.is_empty() {
        DataFrame::empty()
    } else {
        concat(tables, UnionArgs::default())?.collect()?
    };
    let mut displaced = Vec::new();
    for (one, places) in silenced {
        let looser_for = looser_for(inventory, packs, one, &places)?;
        displaced.push(GaveWay { displaced: one, looser_for });
    }
    Ok(Assessed { assessments, displaced })
}

/// Values of the subjects' column of places; null stands for subjects without one.
type Places = Vec<Option<String>>;

/// For how many subjects the text that speaks asks for surely less than a wider duty it displaces.
fn looser_for(
    inventory: &Inventory,
    packs: &[Pack],
    displaced: Displaced,
    places: &[Option<String>],
) -> PolarsResult<usize> {
    let wider = &packs[displaced.what.pack];
    let duty = &wider.requirements[displaced.what.requirement];
    if displaced.same_level
        || duty.force != Force::Shall
        || duty.comparison != standard::Comparison::AtLeast
    {
        return Ok(0);
    }
    let nearer = &packs[displaced.by];
    let same = |rule: &&Requirement| {
        let alike = (&rule.topic, rule.subject, rule.measure.name, rule.comparison);
        alike == (&duty.topic, duty.subject, duty.measure.name, duty.comparison)
    };
    let mut fewer = BTreeSet::new();
    let wide = required(&judge::judge(inventory, wider, duty, places)?)?;
    for rule in nearer.requirements.iter().filter(same) {
        let near = required(&judge::judge(inventory, nearer, rule, places)?)?;
        for (subject, (_, most)) in near {
            if wide.get(&subject).is_some_and(|(least, _)| most < least - Rounding::NOISE) {
                fewer.insert(subject);
            }
        }
    }
    Ok(fewer.len())
}

/// What each subject the requirement applies to must have, at least and at most.
fn required(table: &DataFrame) -> PolarsResult<BTreeMap<String, (f64, f64)>> {
    let subjects = table.column("subject")?.str()?;
    let outcomes = table.column("outcome")?.str()?;
    let (low, high) = (table.column("required_low")?.f64()?, table.column("required_high")?.f64()?);
    let applies = |row: usize| outcomes.get(row) != Some(Outcome::NotApplicable.code());
    let rows = (0..table.height()).filter(|row| applies(*row));
    Ok(rows
        .filter_map(|row| Some((subjects.get(row)?.to_owned(), (low.get(row)?, high.get(row)?))))
        .collect())
}

/// The distinct places subjects of a kind lie at.
fn places(inventory: &Inventory, kind: &str) -> PolarsResult<Vec<Option<String>>> {
    let at = Subjects::AT;
    let places = subjects(inventory, kind)?.select([col(at)]).collect()?;
    let distinct: BTreeSet<Option<String>> =
        places.column(at)?.str()?.iter().map(|place| place.map(str::to_owned)).collect();
    Ok(distinct.into_iter().collect())
}
