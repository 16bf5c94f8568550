//! What changes when one text takes the place of another, on the same data.

use std::collections::BTreeMap;

use crate::assessment::{Assessment, Outcome};
use crate::error::Result;
use crate::inventory::Inventory;
use crate::quantity::Interval;
use crate::standard::{Library, Pack};

use super::{Question, assess};

/// One subject whose verdict on a topic changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The kind of subject.
    pub subject_kind: String,
    /// The subject's id.
    pub subject: String,
    /// What it is called.
    pub label: String,
    /// The topic.
    pub topic: String,
    /// Under the first text: the verdict and what is required; nothing when it does not speak.
    pub before: Option<(Outcome, Interval)>,
    /// Under the second.
    pub after: Option<(Outcome, Interval)>,
}

/// How many subjects are judged alike, and those that are not, worst news first.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Subjects and topics judged alike by both.
    pub same: usize,
    /// Those judged differently.
    pub changes: Vec<Change>,
}

/// Judges an inventory under each of two texts alone and compares the verdicts, topic by topic.
///
/// Both are judged as if in force that day, so that drafts, texts without a start day and next
/// year's version can be compared.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn compare(
    inventory: &Inventory,
    question: &Question,
    first: &Pack,
    second: &Pack,
) -> Result<Comparison> {
    let (before, after) =
        (verdicts(inventory, question, first)?, verdicts(inventory, question, second)?);
    let mut keys: Vec<&Key> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut same = 0;
    let mut changes = Vec::new();
    for key in keys {
        let (one, other) = (before.get(key), after.get(key));
        if one.map(|found| found.0) == other.map(|found| found.0) {
            same += 1;
            continue;
        }
        let label = one.or(other).map_or(String::new(), |found| found.2.clone());
        changes.push(Change {
            subject_kind: key.0.clone(),
            subject: key.1.clone(),
            label,
            topic: key.2.clone(),
            before: one.map(|found| (found.0, found.1)),
            after: other.map(|found| (found.0, found.1)),
        });
    }
    changes.sort_by_key(|change| change.after.map(|(outcome, _)| outcome) != Some(Outcome::NotMet));
    Ok(Comparison { same, changes })
}

/// Subject kind, subject, topic.
type Key = (String, String, String);

/// The worst verdict a text gives each subject on each of its topics.
fn verdicts(
    inventory: &Inventory,
    question: &Question,
    pack: &Pack,
) -> Result<BTreeMap<Key, (Outcome, Interval, String)>> {
    let mut library = Library::default();
    library.add(Pack { from: None, until: None, issued: None, ..pack.clone() });
    let mut question = question.clone();
    question.named.insert(pack.id.clone());
    question.wider = false;
    let assessed = assess(inventory, &library, &question)?;
    let mut worst: BTreeMap<Key, (Outcome, Interval, String)> = BTreeMap::new();
    if assessed.assessments.width() == 0 {
        return Ok(worst);
    }
    let weight = |outcome: Outcome| match outcome {
        Outcome::NotMet => 3,
        Outcome::Unknown => 2,
        Outcome::Met => 1,
        Outcome::NotApplicable => 0,
    };
    for one in Assessment::all(&assessed.assessments)? {
        let topic = pack.requirement(&one.requirement).map_or("", |rule| &rule.topic).to_owned();
        let key = (one.subject_kind, one.subject, topic);
        let entry = (one.outcome, one.required, one.label);
        match worst.get(&key) {
            Some((known, ..)) if weight(*known) >= weight(one.outcome) => {}
            _ => drop(worst.insert(key, entry)),
        }
    }
    Ok(worst)
}
