//! The area test of rented and of owned premises: a rented room may count where the text says so,
//! and renting is a defect of its own. Both are shown.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::error::Result;
use crate::measure::Selection;
use crate::measure::dates::begun;
use crate::quantity::{Interval, Ordering};
use crate::standard::{Comparison, Force, Requirement, all};
use crate::tally::{Housed, Housing};
use crate::words::Words;

/// One requirement on rooms, by how communities are housed.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnTest {
    /// `pack/requirement`.
    pub requirement: String,
    /// Its name.
    pub words: Words,
    /// How many meet it, do not, and cannot be told, by housing.
    pub by_housing: BTreeMap<Housing, [usize; 3]>,
    /// Each community it speaks about.
    pub communities: Vec<OwnArea>,
}

/// What one community has with and without its rented rooms.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnArea {
    /// Its id.
    pub community: String,
    /// What was measured, as the text counts.
    pub measured: Interval,
    /// The same without rented rooms.
    pub without: Interval,
    /// What is required.
    pub required: Interval,
    /// The verdict.
    pub outcome: Outcome,
    /// What the verdict would be without rented rooms.
    pub outcome_without: Outcome,
}

impl OwnArea {
    /// Whether the test is met, but not surely without rented rooms.
    pub fn rests_on_rent(&self) -> bool {
        self.outcome == Outcome::Met && self.outcome_without != Outcome::Met
    }
}

/// The area tests of communities, by housing.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn own_tests(audit: &Audit, housed: &[Housed]) -> Result<Vec<OwnTest>> {
    let by_id: HashMap<&str, Housing> =
        housed.iter().map(|one| (one.community.as_str(), one.how)).collect();
    let mut tests = Vec::new();
    for tally in &audit.tallies {
        let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        if !is_test(requirement) {
            continue;
        }
        let without = without_rent(audit, requirement)?;
        let mut test = OwnTest {
            requirement: tally.name(),
            words: requirement.words.clone(),
            by_housing: BTreeMap::new(),
            communities: Vec::new(),
        };
        let of_it = |one: &&Assessment| {
            one.pack == tally.pack
                && one.requirement == tally.requirement
                && one.outcome != Outcome::NotApplicable
        };
        for one in audit.assessments.iter().filter(of_it) {
            let Some(housing) = by_id.get(one.subject.as_str()) else { continue };
            let counts = test.by_housing.entry(*housing).or_default();
            let at = match one.outcome {
                Outcome::Met => 0,
                Outcome::NotMet => 1,
                _ => 2,
            };
            counts[at] += 1;
            let own = without.get(&one.subject).copied().unwrap_or(Interval::UNKNOWN);
            let step = one.unit.map_or(0.01, crate::quantity::Unit::step);
            test.communities.push(OwnArea {
                community: one.subject.clone(),
                measured: one.measured,
                without: own,
                required: one.required,
                outcome: one.outcome,
                // Whether it applies is the same with and without rented rooms.
                outcome_without: match own.reaches(one.required, step) {
                    _ if own == one.measured => one.outcome,
                    Ordering::Holds if one.outcome != Outcome::Unknown => Outcome::Met,
                    Ordering::Fails if one.outcome != Outcome::Unknown => Outcome::NotMet,
                    _ => Outcome::Unknown,
                },
            });
        }
        tests.push(test);
    }
    Ok(tests)
}

/// Whether a requirement asks communities for rooms, plainly.
fn is_test(requirement: &Requirement) -> bool {
    requirement.subject == "community"
        && requirement.measure.check == "threshold"
        && requirement.measure.counts == Some("premises")
        && requirement.measure.unit == Some("m2")
        && requirement.comparison == Comparison::AtLeast
        && requirement.force != Force::Indicator
        && requirement.among.is_empty()
        && requirement.items.is_empty()
        && requirement.reaching.is_none()
}

/// What is measured when rented rooms do not count, by community.
fn without_rent(audit: &Audit, requirement: &Requirement) -> Result<HashMap<String, Interval>> {
    let day = audit.question.day;
    let owned = col("tenure").neq(lit("rented"));
    let member = all(&requirement.counts).and(begun("lease_from", day)).and(owned);
    Ok(requirement.measure.values(&audit.inventory, &Selection::of(member, Some(day)))?)
}
