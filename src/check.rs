//! Checks compare what is measured with what is required.
//!
//! A check is one entry in [`CHECKS`], one page in `docs/checks/`, and a folder of fixtures; the
//! measures name the check that judges them. All checks share one way of comparing ([`assess`]), so
//! that "not known exactly" means the same everywhere.

mod alternatives;
mod cases;
mod compare;
mod judge;
mod recovery;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

pub use cases::{CaseFailure, CaseReport, first_failure, run_cases};
pub use compare::{Change, Comparison, compare};
pub use judge::counting;
pub use recovery::{Debt, Owing, Split};

use crate::assessment::{Assessment, Because, Outcome};
use crate::day::Day;
use crate::error::Result;
use crate::inventory::Inventory;
use crate::measure::chain::Formulas;
use crate::measure::listed::{ASKED, MET, PENDING};
use crate::measure::{KINDS, SUBJECT};
use crate::place::Place;
use crate::quantity::{Interval, Rounding};
use crate::standard::{self, Displaced, Force, Library, Pack, Requirement, Spoken};
use crate::words::Words;
use judge::Whom;
use versions::Groups;

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
        name: "synchrony",
        zh: "同步建设",
        en: "synchrony",
        page: include_str!("docs/checks/synchrony.md"),
    },
    &Check {
        name: "handover",
        zh: "四类不到位",
        en: "handover",
        page: include_str!("docs/checks/handover.md"),
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
    let mut all = Vec::new();
    let mut displaced = Vec::new();
    let mut formulas = Formulas::default();
    for kind in KINDS {
        let groups = Groups::of(inventory, packs, kind, question)?;
        let mut tables: BTreeMap<Spoken, DataFrame> = BTreeMap::new();
        // Lists come last: they are made of what the others say.
        let is_list = |spoken: &Spoken| !rule(packs, *spoken).items.is_empty();
        let (lists, others): (Vec<Spoken>, Vec<Spoken>) =
            groups.speaking.keys().copied().partition(is_list);
        for spoken in others.into_iter().chain(lists) {
            let (pack, requirement) = (&packs[spoken.pack], rule(packs, spoken));
            let items = items_of(packs, spoken, &tables)?;
            let subjects = groups.subjects_of(&groups.speaking[&spoken])?;
            let formulas = formulas.clone();
            let whom = Whom { subjects, day: question.day, items, formulas };
            let table = judge::judge(inventory, pack, requirement, &whom)?;
            alternatives::settle(packs, spoken, &table, &mut tables)?;
            tables.insert(spoken, table);
        }
        let tables: Vec<LazyFrame> = tables.into_values().map(DataFrame::lazy).collect();
        if !tables.is_empty() {
            let table = concat(tables, UnionArgs::default())?.collect()?;
            let table = groups.settle(table, packs)?;
            if *kind == "estate" {
                formulas = formulas_of(&table, library)?;
            }
            all.push(table.lazy());
        }
        for (one, of) in &groups.displaced {
            let subjects = groups.subjects_of(of)?;
            let formulas = formulas.clone();
            let whom = Whom { subjects, day: question.day, items: None, formulas };
            let looser_for = looser_for(inventory, packs, *one, &whom)?;
            displaced.push(GaveWay { displaced: *one, looser_for });
        }
    }
    displaced.sort_by_key(|one| one.displaced);
    let assessments = if all.is_empty() {
        DataFrame::empty()
    } else {
        concat(all, UnionArgs::default())?.collect()?
    };
    Ok(Assessed { assessments, displaced })
}

/// How much area the texts ask of each estate, by topic: what a facility owes where neither its
/// contract nor its plan says so.
///
/// # Errors
/// When the table is not one of assessments.
pub fn formulas_of(assessments: &DataFrame, library: &Library) -> PolarsResult<Formulas> {
    let mut asked = BTreeMap::new();
    if assessments.width() == 0 {
        return Ok(asked.into());
    }
    for one in Assessment::all(assessments)? {
        let requirement =
            library.get(&one.pack).and_then(|pack| pack.requirement(&one.requirement));
        let Some(rule) = requirement.filter(|rule| rule.subject == "estate") else { continue };
        if rule.measure.name != "area" || one.because == Some(Because::OtherVersion) {
            continue;
        }
        let doubtful = [Because::VersionUnknown, Because::ScopeUnknown];
        let amount = match one.outcome {
            Outcome::NotApplicable => Interval::exactly(0.0),
            // It may be that nothing is asked of it at all.
            _ if one.because.is_some_and(|because| doubtful.contains(&because)) => {
                Interval::between(0.0, one.required.high)
            }
            _ => one.required,
        };
        let key = (rule.topic.clone(), one.subject.clone());
        asked
            .entry(key)
            .and_modify(|known: &mut Interval| *known = known.max(amount))
            .or_insert(amount);
    }
    Ok(asked.into())
}

fn rule(packs: &[Pack], spoken: Spoken) -> &Requirement {
    &packs[spoken.pack].requirements[spoken.requirement]
}

/// Whether a list's items are met and asked for, as far as they were judged.
fn items_of(
    packs: &[Pack],
    list: Spoken,
    tables: &BTreeMap<Spoken, DataFrame>,
) -> PolarsResult<Option<DataFrame>> {
    let names = &rule(packs, list).items;
    if names.is_empty() {
        return Ok(None);
    }
    let is_item =
        |spoken: &Spoken| spoken.pack == list.pack && names.contains(&rule(packs, *spoken).id);
    let items = tables.iter().filter(|(spoken, _)| is_item(spoken));
    let items: Vec<LazyFrame> = items
        .map(|(spoken, table)| {
            let alternative = lit(rule(packs, *spoken).alternative).alias("_alternative");
            table.clone().lazy().with_column(alternative)
        })
        .collect();
    // None of them speaks for anybody here: a list of nothing says nothing.
    if items.is_empty() {
        let none = [true; 0];
        return Ok(Some(df!(SUBJECT => [""; 0], MET => none, ASKED => none, PENDING => none)?));
    }
    let is = |outcome: Outcome| col("outcome").eq(lit(outcome.code()));
    let told = |told: Expr, otherwise: Expr| {
        when(otherwise).then(lit(NULL).cast(DataType::Boolean)).otherwise(told)
    };
    let may_not_apply = col("because").eq(lit(Because::ScopeUnknown.code())).fill_null(lit(false));
    let all = concat(items, UnionArgs::default())?.select([
        col(SUBJECT),
        told(is(Outcome::Met), is(Outcome::Unknown)).alias(MET),
        told(is(Outcome::NotApplicable).not(), may_not_apply).alias(ASKED),
        col("because")
            .eq(lit(Because::NotDue.code()))
            .fill_null(lit(false))
            .and(col("_alternative"))
            .alias(PENDING),
    ]);
    Ok(Some(all.collect()?))
}

/// For how many subjects the text that speaks asks for surely less than a wider duty it displaces.
fn looser_for(
    inventory: &Inventory,
    packs: &[Pack],
    displaced: Displaced,
    whom: &Whom,
) -> PolarsResult<usize> {
    let wider = &packs[displaced.what.pack];
    let duty = &wider.requirements[displaced.what.requirement];
    if displaced.same_level
        || duty.force != Force::Shall
        || duty.comparison != standard::Comparison::AtLeast
        || !duty.items.is_empty()
    {
        return Ok(0);
    }
    let nearer = &packs[displaced.by];
    let same = |rule: &&Requirement| {
        let alike = (&rule.topic, rule.subject, rule.measure.name, rule.comparison);
        alike == (&duty.topic, duty.subject, duty.measure.name, duty.comparison)
    };
    let mut fewer = BTreeSet::new();
    let wide = required(&judge::judge(inventory, wider, duty, whom)?)?;
    for rule in nearer.requirements.iter().filter(same) {
        let near = required(&judge::judge(inventory, nearer, rule, whom)?)?;
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
