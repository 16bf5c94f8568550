//! Tallies roll assessments up: how many subjects meet what, and what part of them is not known.
//!
//! A rate is a range: at least `met`, at most `met + unknown`, over all subjects the requirement
//! speaks about. The share "of those checkable" is given beside it, never instead of it.

mod series;
mod tenure;

use std::collections::BTreeMap;

pub use series::{Point, Series, series};
pub use tenure::{Housed, Housing, TenureTally, housed};

use crate::assessment::{Assessment, Outcome};
use crate::quantity::{Interval, Unit};

/// The outcomes of one requirement.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// The pack's id.
    pub pack: String,
    /// The requirement's id in it.
    pub requirement: String,
    /// Subjects that meet it.
    pub met: usize,
    /// Subjects that do not.
    pub not_met: usize,
    /// Subjects it does not speak about.
    pub not_applicable: usize,
    /// Subjects of which that cannot be told.
    pub unknown: usize,
    /// What all together are short of it, at least and at most.
    pub shortfall: Interval,
    /// The unit of the shortfall, when all subjects share one.
    pub unit: Option<Unit>,
}

impl Tally {
    /// `pack/requirement`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.pack, self.requirement)
    }

    /// The subjects the requirement speaks about.
    pub fn denominator(&self) -> usize {
        self.met + self.not_met + self.unknown
    }

    /// What all together are short of it; nothing where all meet it, or where it is a share, which adds
    /// up to nothing.
    pub fn short_in_all(&self) -> Option<(Unit, Interval)> {
        let unit =
            self.unit.filter(|unit| unit.code != "ratio" && self.not_met + self.unknown > 0)?;
        Some((unit, self.shortfall))
    }

    /// The share that meets it, from what is known to what is possible; `None` without subjects.
    ///
    /// ```
    /// # use facility_audit::{quantity::Interval, tally::Tally};
    /// let tally = Tally {
    ///     pack: "p".into(), requirement: "r".into(), met: 0, not_met: 7, not_applicable: 0,
    ///     unknown: 21, shortfall: Interval::exactly(0.0), unit: None,
    /// };
    /// assert_eq!(tally.rate(), Some(Interval::between(0.0, 0.75)));
    /// assert_eq!(tally.of_checkable(), Some(0.0));
    /// ```
    pub fn rate(&self) -> Option<Interval> {
        share(self.met, self.met + self.unknown, self.denominator())
    }

    /// The share that meets it among the subjects that could be checked.
    pub fn of_checkable(&self) -> Option<f64> {
        let checkable = self.met + self.not_met;
        (checkable > 0).then(|| self.met as f64 / checkable as f64)
    }
}

/// A share of a count, as a range.
pub(crate) fn share(low: usize, high: usize, of: usize) -> Option<Interval> {
    let part = |count: usize| count as f64 / of as f64;
    (of > 0).then(|| Interval::between(part(low), part(high)))
}

/// One tally per requirement, in the order of packs and requirements.
pub fn tally(assessments: &[Assessment]) -> Vec<Tally> {
    let mut by_requirement: BTreeMap<(&str, &str), Vec<&Assessment>> = BTreeMap::new();
    for one in assessments {
        by_requirement.entry((&one.pack, &one.requirement)).or_default().push(one);
    }
    let count =
        |all: &[&Assessment], outcome| all.iter().filter(|one| one.outcome == outcome).count();
    by_requirement
        .into_iter()
        .map(|((pack, requirement), all)| {
            let unit = all.first().and_then(|one| one.unit);
            Tally {
                pack: pack.to_owned(),
                requirement: requirement.to_owned(),
                met: count(&all, Outcome::Met),
                not_met: count(&all, Outcome::NotMet),
                not_applicable: count(&all, Outcome::NotApplicable),
                unknown: count(&all, Outcome::Unknown),
                shortfall: Interval::sum(all.iter().map(|one| one.shortfall)).without_noise(),
                unit: unit.filter(|unit| all.iter().all(|one| one.unit == Some(*unit))),
            }
        })
        .collect()
}
