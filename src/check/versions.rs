//! Which version of a text speaks for each subject, and what to say when its date does not tell.
//!
//! A requirement may be judged on one of its subject's own dates. Subjects of one place whose dates
//! lie between the same first and last days of texts are answered by the same texts: they are one
//! group. A date that is missing or too coarse leaves several versions possible; then each of them
//! is judged, and only a verdict they share stands.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::assessment::{Assessment, Because, Outcome};
use crate::day::Day;
use crate::error::Result;
use crate::inventory::Inventory;
use crate::measure::dates::{NEVER, Span, number, spans};
use crate::measure::{SUBJECT, Subjects, ordered, subjects};
use crate::place::Place;
use crate::quantity::Interval;
use crate::standard::{Displaced, Pack, Requirement, Spoken, resolve_among};

use super::{Question, judge};

/// The subjects of one kind in groups, each with the texts that speak for it.
#[derive(Debug)]
pub struct Groups {
    /// `subject`, `_group`: the group of every subject.
    pub members: DataFrame,
    /// What speaks, and for which groups.
    pub speaking: BTreeMap<Spoken, Vec<u32>>,
    /// What gives way, and for which groups.
    pub displaced: BTreeMap<Displaced, Vec<u32>>,
    /// Groups for which a topic has several candidate versions.
    open: Vec<Open>,
}

/// The versions that may speak on a topic for a group, the latest last.
#[derive(Debug)]
struct Open {
    group: u32,
    versions: Vec<BTreeSet<Spoken>>,
}

/// For each list of dates, the first and the last segment its date can lie in.
type Ranges = Vec<(usize, usize)>;

/// The requirements of one kind and topic, and the lists of dates they are judged on.
#[derive(Debug, Default)]
struct Topic<'a> {
    requirements: Vec<Spoken>,
    judged_on: BTreeSet<&'a [String]>,
}

impl Groups {
    /// Groups the subjects of a kind by place and dates, and resolves the texts for each group.
    ///
    /// # Errors
    /// When the table engine fails, which would be a defect.
    pub fn of(
        inventory: &Inventory,
        packs: &[Pack],
        kind: &'static str,
        question: &Question,
    ) -> Result<Groups> {
        let topics = topics(packs, kind);
        let lists: BTreeSet<&[String]> =
            topics.values().flat_map(|topic| topic.judged_on.iter().copied()).collect();
        let lists: Vec<&[String]> = lists.into_iter().collect();
        let breaks = breaks(packs, kind);
        let table =
            subjects(inventory, kind)?.select([col(SUBJECT), col(Subjects::AT)]).collect()?;
        let (names, at) = (table.column(SUBJECT)?.str()?, table.column(Subjects::AT)?.str()?);
        let dated = Dated::of(inventory, kind, &lists)?;
        let mut groups: BTreeMap<(Option<&str>, Ranges), u32> = BTreeMap::new();
        let mut members = Vec::with_capacity(table.height());
        for row in 0..table.height() {
            let subject = names.get(row).unwrap_or_default();
            let ranges = lists.iter().map(|list| dated.range(subject, list, &breaks)).collect();
            let next = groups.len() as u32;
            members.push(*groups.entry((at.get(row), ranges)).or_insert(next));
        }
        let mut found = Groups {
            members: df!(SUBJECT => names.clone().into_series(), "_group" => members)?,
            speaking: BTreeMap::new(),
            displaced: BTreeMap::new(),
            open: Vec::new(),
        };
        for ((at, ranges), group) in &groups {
            let place = at.and_then(Place::parse).unwrap_or_else(|| question.place.clone());
            for topic in topics.values() {
                let choices = lists.iter().zip(ranges).map(|(list, (from, to))| {
                    let used = topic.judged_on.contains(list);
                    (*list, if used { *from..=*to } else { 0..=0 })
                });
                let choices: Vec<_> = choices.collect();
                found.resolve(packs, topic, &place, &choices, &breaks, *group, question);
            }
        }
        Ok(found)
    }

    /// Resolves one topic for one group under every day its dates could choose.
    #[allow(clippy::too_many_arguments, reason = "all of one question, asked in one place")]
    fn resolve(
        &mut self,
        packs: &[Pack],
        topic: &Topic<'_>,
        place: &Place,
        choices: &[(&[String], std::ops::RangeInclusive<usize>)],
        breaks: &[Day],
        group: u32,
        question: &Question,
    ) {
        let mut versions: Vec<BTreeSet<Spoken>> = Vec::new();
        for days in combinations(choices) {
            let day = |requirement: &Requirement| {
                let judged_on = requirement.judged_on.as_slice();
                let chosen = days.iter().find(|(list, _)| *list == judged_on && !list.is_empty());
                chosen.map_or(question.day, |(_, segment)| day_in(breaks, *segment))
            };
            let found = resolve_among(packs, &topic.requirements, place, &day, &question.named);
            let version: BTreeSet<Spoken> = found.speaking.iter().copied().collect();
            if !versions.contains(&version) {
                versions.push(version);
            }
            for displaced in found.displaced {
                if question.wider && !displaced.same_level {
                    push(&mut self.speaking, displaced.what, group);
                }
                push(&mut self.displaced, displaced, group);
            }
        }
        for spoken in versions.iter().flatten() {
            push(&mut self.speaking, *spoken, group);
        }
        if versions.len() > 1 {
            self.open.push(Open { group, versions });
        }
    }

    /// The subjects of some groups: a table with the one column `subject`.
    ///
    /// # Errors
    /// When the table engine fails, which would be a defect.
    pub fn subjects_of(&self, groups: &[u32]) -> PolarsResult<LazyFrame> {
        let wanted = df!("_group" => groups)?.lazy();
        let semi = ordered(JoinType::Semi);
        let all = self.members.clone().lazy();
        Ok(all.join(wanted, [col("_group")], [col("_group")], semi).select([col(SUBJECT)]))
    }

    /// Settles what cannot be told because several versions may speak.
    ///
    /// # Errors
    /// When the table engine fails, which would be a defect.
    pub fn settle(&self, assessments: DataFrame, packs: &[Pack]) -> PolarsResult<DataFrame> {
        if self.open.is_empty() {
            return Ok(assessments);
        }
        let (names, groups) =
            (self.members.column(SUBJECT)?.str()?, self.members.column("_group")?.u32()?);
        let mut in_group: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        for row in 0..self.members.height() {
            let (name, group) = (names.get(row).unwrap_or_default(), groups.get(row));
            in_group.entry(group.unwrap_or_default()).or_default().push(name);
        }
        let mut verdicts = Verdicts::of(&assessments, packs)?;
        for open in &self.open {
            for subject in in_group.get(&open.group).into_iter().flatten() {
                verdicts.settle(subject, &open.versions);
            }
        }
        verdicts.into_table(assessments)
    }
}

fn push<K: Ord>(map: &mut BTreeMap<K, Vec<u32>>, key: K, group: u32) {
    let groups = map.entry(key).or_default();
    if groups.last() != Some(&group) {
        groups.push(group);
    }
}

fn topics<'a>(packs: &'a [Pack], kind: &str) -> BTreeMap<&'a str, Topic<'a>> {
    let mut topics: BTreeMap<&str, Topic<'a>> = BTreeMap::new();
    for (index, pack) in packs.iter().enumerate() {
        for (number, requirement) in pack.requirements.iter().enumerate() {
            if requirement.subject != kind {
                continue;
            }
            let topic = topics.entry(requirement.topic.as_str()).or_default();
            topic.requirements.push(Spoken { pack: index, requirement: number });
            if !requirement.judged_on.is_empty() {
                topic.judged_on.insert(&requirement.judged_on);
            }
        }
    }
    topics
}

/// The days on which what speaks can change: first days of texts, and days after their last.
fn breaks(packs: &[Pack], kind: &str) -> Vec<Day> {
    let concerned = packs.iter().filter(|pack| {
        let dated = |one: &Requirement| one.subject == kind && !one.judged_on.is_empty();
        pack.requirements.iter().any(dated)
    });
    let days = concerned.flat_map(|pack| {
        let after = pack.until.and_then(|until| until.tomorrow().ok());
        pack.from.into_iter().chain(after)
    });
    days.collect::<BTreeSet<Day>>().into_iter().collect()
}

/// A day within a segment: segment 0 ends before the first break, segment n begins on the n-th.
fn day_in(breaks: &[Day], segment: usize) -> Day {
    match segment.checked_sub(1) {
        Some(index) => breaks[index],
        None => breaks.first().and_then(|day| day.yesterday().ok()).unwrap_or(Day::MIN),
    }
}

/// Every way of taking one segment of each range.
fn combinations<'a>(
    choices: &[(&'a [String], std::ops::RangeInclusive<usize>)],
) -> Vec<Vec<(&'a [String], usize)>> {
    let mut all = vec![Vec::new()];
    for (list, range) in choices {
        let extended = all.iter().flat_map(|days: &Vec<(&'a [String], usize)>| {
            range.clone().map(move |segment| {
                let mut days = days.clone();
                days.push((*list, segment));
                days
            })
        });
        all = extended.collect();
    }
    all
}

/// The dates requirements of a kind are judged on.
struct Dated {
    spans: BTreeMap<String, BTreeMap<String, Span>>,
}

impl Dated {
    fn of(inventory: &Inventory, kind: &str, lists: &[&[String]]) -> PolarsResult<Dated> {
        let names: BTreeSet<&String> = lists.iter().flat_map(|list| list.iter()).collect();
        let read = |name: &String| Ok((name.clone(), spans(inventory, kind, name)?));
        Ok(Dated { spans: names.into_iter().map(read).collect::<PolarsResult<_>>()? })
    }

    /// The segments the first known date of a list can lie in.
    fn range(&self, subject: &str, list: &[String], breaks: &[Day]) -> (usize, usize) {
        let known = |name: &String| self.spans.get(name)?.get(subject).copied();
        let span = list.iter().filter_map(known).find(|span| span.first != NEVER);
        let span = span.unwrap_or(Span::ANY);
        let segment = |day: i32| breaks.iter().filter(|one| number(**one) <= day).count();
        (segment(span.first), segment(span.last))
    }
}

/// The assessments of one kind of subject while they are settled.
struct Verdicts {
    /// Where the assessments of a subject under a requirement stand.
    rows: BTreeMap<(String, Spoken), Vec<usize>>,
    all: Vec<Assessment>,
}

impl Verdicts {
    fn of(table: &DataFrame, packs: &[Pack]) -> PolarsResult<Verdicts> {
        let mut spoken: BTreeMap<(&str, &str), Spoken> = BTreeMap::new();
        for (index, pack) in packs.iter().enumerate() {
            for (number, requirement) in pack.requirements.iter().enumerate() {
                let what = Spoken { pack: index, requirement: number };
                spoken.insert((&pack.id, &requirement.id), what);
            }
        }
        let all = Assessment::all(table)?;
        let mut rows: BTreeMap<(String, Spoken), Vec<usize>> = BTreeMap::new();
        for (row, one) in all.iter().enumerate() {
            if let Some(what) = spoken.get(&(one.pack.as_str(), one.requirement.as_str())) {
                rows.entry((one.subject.clone(), *what)).or_default().push(row);
            }
        }
        Ok(Verdicts { rows, all })
    }

    /// What one subject is told when any of these versions may be the one that speaks.
    fn settle(&mut self, subject: &str, versions: &[BTreeSet<Spoken>]) {
        let rows_of = |version: &BTreeSet<Spoken>| -> BTreeSet<usize> {
            let rows =
                version.iter().filter_map(|what| self.rows.get(&(subject.to_owned(), *what)));
            rows.flatten().copied().collect()
        };
        let rows: Vec<BTreeSet<usize>> = versions.iter().map(rows_of).collect();
        let verdicts: BTreeSet<Outcome> = rows.iter().map(|one| self.verdict(one)).collect();
        let shared = verdicts.first().filter(|_| verdicts.len() == 1).copied();
        let stands = matches!(shared, Some(Outcome::Met | Outcome::NotMet));
        let latest = rows.last().cloned().unwrap_or_default();
        if stands {
            self.widen(&rows);
        }
        let in_all = |row: &usize| rows.iter().all(|one| one.contains(row));
        let doubtful: BTreeSet<usize> =
            rows.iter().flatten().copied().filter(|row| !in_all(row)).collect();
        for row in doubtful {
            if self.all[row].outcome == Outcome::NotApplicable {
                continue;
            }
            if !stands {
                self.say(row, Outcome::Unknown, Because::VersionUnknown);
            } else if !latest.contains(&row) {
                self.say(row, Outcome::NotApplicable, Because::OtherVersion);
            }
        }
    }

    /// What a version says as a whole.
    fn verdict(&self, rows: &BTreeSet<usize>) -> Outcome {
        let has = |outcome| rows.iter().any(|row| self.all[*row].outcome == outcome);
        let order = [Outcome::NotMet, Outcome::Unknown, Outcome::Met];
        order.into_iter().find(|outcome| has(*outcome)).unwrap_or(Outcome::NotApplicable)
    }

    fn say(&mut self, row: usize, outcome: Outcome, because: Because) {
        let one = &mut self.all[row];
        (one.outcome, one.because, one.because_rows) = (outcome, Some(because), 0);
        let most = if outcome == Outcome::NotApplicable { 0.0 } else { one.shortfall.high };
        one.shortfall = Interval::between(0.0, most);
        one.debtor = None;
    }

    /// Where each version asks one thing of the same measured value, what is asked and what is short
    /// lie somewhere between the versions.
    fn widen(&mut self, rows: &[BTreeSet<usize>]) {
        let speaks = |row: &&usize| self.all[**row].outcome != Outcome::NotApplicable;
        let only = |version: &BTreeSet<usize>| {
            let mut speaking = version.iter().filter(speaks);
            speaking.next().filter(|_| speaking.next().is_none()).copied()
        };
        let Some(rows) = rows.iter().map(only).collect::<Option<Vec<usize>>>() else { return };
        let Some(&last) = rows.last() else { return };
        let alike = |row: usize| {
            let one = &self.all[row];
            (one.unit.map(|unit| unit.code), one.because, one.measured)
        };
        if !rows.iter().all(|row| alike(*row) == alike(last)) {
            return;
        }
        let hull = |of: fn(&Assessment) -> Interval| {
            let ends = rows.iter().map(|row| of(&self.all[*row]));
            let join = |one: Interval, other: Interval| {
                Interval::between(one.low.min(other.low), one.high.max(other.high))
            };
            ends.reduce(join).unwrap_or_else(|| of(&self.all[last]))
        };
        let (required, shortfall) = (hull(|one| one.required), hull(|one| one.shortfall));
        (self.all[last].required, self.all[last].shortfall) = (required, shortfall);
    }

    fn into_table(self, mut table: DataFrame) -> PolarsResult<DataFrame> {
        let all = self.all.iter();
        let ends = |of: fn(&Assessment) -> f64| all.clone().map(of).collect::<Vec<f64>>();
        let outcomes: Vec<&str> = all.clone().map(|one| one.outcome.code()).collect();
        let because: Vec<Option<&str>> =
            all.clone().map(|one| one.because.map(Because::code)).collect();
        let debtors: Vec<Option<String>> = all.clone().map(|one| one.debtor.clone()).collect();
        let because_rows: Vec<u32> = all.clone().map(|one| one.because_rows).collect();
        for column in [
            Column::new("outcome".into(), outcomes),
            Column::new("because".into(), because),
            Column::new("because_rows".into(), because_rows),
            Column::new("debtor".into(), debtors),
            Column::new("required_low".into(), ends(|one| one.required.low)),
            Column::new("required_high".into(), ends(|one| one.required.high)),
            Column::new("shortfall_low".into(), ends(|one| one.shortfall.low)),
            Column::new("shortfall_high".into(), ends(|one| one.shortfall.high)),
        ] {
            table.with_column(column)?;
        }
        table.with_column(judge::facts(&table)?)?;
        Ok(table)
    }
}
