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

pub use cases::{CaseFailure, CaseReport, run_cases};
pub use compare::{Change, Comparison, compare};

use crate::day::Day;
use crate::error::Result;
use crate::inventory::Inventory;
use crate::measure::{KINDS, Subjects, subjects};
use crate::place::Place;
use crate::standard::{Displaced, Library, Spoken, resolve};
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
}

/// Every assessment, and the requirements that gave way.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// The assessments, with the columns of [`crate::assessment::COLUMNS`].
    pub assessments: DataFrame,
    /// The requirements that gave way to another text, over all places.
    pub displaced: Vec<Displaced>,
}

/// Assesses every subject under every requirement that speaks for it.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn assess(inventory: &Inventory, library: &Library, question: &Question) -> Result<Assessed> {
    let packs = library.packs();
    let mut speaking: BTreeMap<(Spoken, &'static str), Vec<Option<String>>> = BTreeMap::new();
    let mut displaced = BTreeSet::new();
    for kind in KINDS {
        for at in places(inventory, kind)? {
            let own = at.as_deref().and_then(Place::parse);
            let place = own.unwrap_or_else(|| question.place.clone());
            let found = resolve(packs, &place, question.day, &question.named);
            for spoken in found.speaking {
                if packs[spoken.pack].requirements[spoken.requirement].subject == *kind {
                    speaking.entry((spoken, kind)).or_default().push(at.clone());
                }
            }
            displaced.extend(found.displaced.into_iter().filter(|displaced| {
                let what = displaced.what;
                packs[what.pack].requirements[what.requirement].subject == *kind
            }));
        }
    }
    let mut tables = Vec::new();
    for ((spoken, _), places) in &speaking {
        let pack = &packs[spoken.pack];
        let requirement = &pack.requirements[spoken.requirement];
        tables.push(judge::judge(inventory, pack, requirement, places)?.lazy());
    }
    let assessments = if tables.is_empty() {
        DataFrame::empty()
    } else {
        concat(tables, UnionArgs::default())?.collect()?
    };
    Ok(Assessed { assessments, displaced: displaced.into_iter().collect() })
}

/// The distinct places subjects of a kind lie at.
fn places(inventory: &Inventory, kind: &str) -> PolarsResult<Vec<Option<String>>> {
    let at = Subjects::AT;
    let places = subjects(inventory, kind)?.select([col(at)]).collect()?;
    let distinct: BTreeSet<Option<String>> =
        places.column(at)?.str()?.iter().map(|place| place.map(str::to_owned)).collect();
    Ok(distinct.into_iter().collect())
}
