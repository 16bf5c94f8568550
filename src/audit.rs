//! An audit: the assessments of one place on one day, their tallies, and what they rest on.

use crate::assessment::Assessment;
use crate::check::{Assessed, Owing, Question, assess};
use crate::error::Result;
use crate::inventory::Inventory;
use crate::measure::{Attrition, Rated, attrition, rated};
use crate::quantity::Interval;
use crate::standard::{Library, Pack, Requirement};
use crate::tally::{Series, Tally, TenureTally, series, tally};
use crate::words::Words;

/// Everything a report needs; no report goes back to the inputs.
#[derive(Debug, Clone)]
pub struct Audit {
    /// What was asked: place, day, named texts.
    pub question: Question,
    /// The tables that were judged.
    pub inventory: Inventory,
    /// The texts that were available.
    pub library: Library,
    /// The assessments as a table, and what was resolved.
    pub assessed: Assessed,
    /// The assessments, one by one, in the order of the table.
    pub assessments: Vec<Assessment>,
    /// What facilities owe, and what of communities' shortfalls their estates do.
    pub owing: Owing,
    /// One tally per requirement.
    pub tallies: Vec<Tally>,
    /// How communities are housed.
    pub tenure: TenureTally,
    /// Rates computed from published figures.
    pub rates: Vec<Rated>,
    /// The same, by place and year.
    pub series: Vec<Series>,
    /// Staff who left, of those recruited.
    pub attrition: Vec<Attrition>,
    /// What the project declared, for printing with the results.
    pub declarations: Vec<Words>,
}

impl Audit {
    /// Judges an inventory.
    ///
    /// # Errors
    /// When the table engine fails, which would be a defect.
    pub fn run(
        inventory: Inventory,
        library: Library,
        question: Question,
        declarations: Vec<Words>,
    ) -> Result<Audit> {
        let assessed = assess(&inventory, &library, &question)?;
        Audit::assemble(inventory, library, question, declarations, assessed)
    }

    /// Puts an audit together from its parts, as a run folder holds them.
    pub(crate) fn assemble(
        inventory: Inventory,
        library: Library,
        question: Question,
        declarations: Vec<Words>,
        assessed: Assessed,
    ) -> Result<Audit> {
        let assessments = if assessed.assessments.width() == 0 {
            Vec::new()
        } else {
            Assessment::all(&assessed.assessments)?
        };
        let rates = rated(&inventory)?;
        let table = &assessed.assessments;
        let owing = Owing::of(&inventory, &library, &question, table, &assessments)?;
        Ok(Audit {
            owing,
            tallies: tally(&assessments),
            tenure: TenureTally::of(&inventory, question.day)?,
            series: series(&rates),
            attrition: attrition(&inventory)?,
            rates,
            assessments,
            question,
            inventory,
            library,
            assessed,
            declarations,
        })
    }

    /// The tally of a requirement, by `pack/requirement`.
    pub fn tally(&self, name: &str) -> Option<&Tally> {
        self.tallies.iter().find(|tally| tally.name() == name)
    }

    /// The rented share by communities, as a range; `None` without communities.
    #[doc(alias = "租赁率")]
    pub fn rented_share(&self) -> Option<Interval> {
        self.tenure.rented_share()
    }

    /// The pack and requirement an assessment was made under.
    ///
    /// # Panics
    /// When the assessment is of another audit.
    pub fn requirement(&self, pack: &str, requirement: &str) -> (&Pack, &Requirement) {
        let pack = self.library.get(pack).expect("an assessment's pack is in the library");
        let requirement = pack.requirement(requirement).expect("and its requirement in the pack");
        (pack, requirement)
    }
}
