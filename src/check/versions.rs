//! Which version of a text speaks for each subject, and what to say when its date does not tell.
//!
//! A requirement may be judged on one of its subject's own dates. Subjects of one place whose dates
//! lie between the same first and last days of texts are answered by the same texts: they are one
//! group. A date that is missing or too coarse leaves several versions possible; then each of them
//! is judged, and only a verdict they share stands.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::assessment::{Because, Outcome};
use crate::day::Day;
use crate::error::Result;
use crate::inventory::Inventory;
use crate::measure::dates::{NEVER, Span, number, spans};
use crate::measure::{SUBJECT, Subjects, subjects};
use crate::place::Place;
use crate::standard::{Displaced, Pack, Requirement, Spoken, resolve_among};

use super::{Question, judge};

/// The subjects of one kind in groups, each with the texts that speak for it.
#[derive(Debug)]
pub struct Groups {
    /// The kind of subject.
    pub kind: &'static str,
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
            kind,
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
        let semi = JoinArgs::new(JoinType::Semi);
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
        let mut verdicts = Verdicts::of(&assessments, self.kind, packs)?;
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

/// The columns of an assessment table that settling may change.
struct Verdicts {
    rows: BTreeMap<(String, Spoken), Vec<usize>>,
    outcomes: Vec<Outcome>,
    because: Vec<Option<String>>,
    because_rows: Vec<u32>,
    debtor: Vec<Option<String>>,
    required: [Vec<f64>; 2],
    shortfall: [Vec<f64>; 2],
    measured: Vec<[Option<f64>; 2]>,
    units: Vec<Option<String>>,
}

impl Verdicts {
    fn of(table: &DataFrame, kind: &str, packs: &[Pack]) -> PolarsResult<Verdicts> {
        let text = |name: &str| -> PolarsResult<Vec<Option<String>>> {
            Ok(table.column(name)?.str()?.iter().map(|cell| cell.map(str::to_owned)).collect())
        };
        let numbers = |name: &str| -> PolarsResult<Vec<f64>> {
            Ok(table
                .column(name)?
                .f64()?
                .iter()
                .map(|cell| cell.unwrap_or(f64::INFINITY))
                .collect())
        };
        let (kinds, subjects) = (text("subject_kind")?, text(SUBJECT)?);
        let (of_packs, requirements) = (text("pack")?, text("requirement")?);
        let mut spoken: BTreeMap<(&str, &str), Spoken> = BTreeMap::new();
        for (index, pack) in packs.iter().enumerate() {
            for (number, requirement) in pack.requirements.iter().enumerate() {
                let what = Spoken { pack: index, requirement: number };
                spoken.insert((&pack.id, &requirement.id), what);
            }
        }
        let mut rows: BTreeMap<(String, Spoken), Vec<usize>> = BTreeMap::new();
        for row in 0..table.height() {
            let name = (of_packs[row].as_deref(), requirements[row].as_deref());
            let (Some(pack), Some(requirement)) = name else { continue };
            if kinds[row].as_deref() == Some(kind)
                && let Some(what) = spoken.get(&(pack, requirement))
            {
                let subject = subjects[row].clone().unwrap_or_default();
                rows.entry((subject, *what)).or_default().push(row);
            }
        }
        let outcome = |code: Option<String>| {
            code.and_then(|code| Outcome::of(&code)).unwrap_or(Outcome::Unknown)
        };
        Ok(Verdicts {
            rows,
            outcomes: text("outcome")?.into_iter().map(outcome).collect(),
            because: text("because")?,
            because_rows: table
                .column("because_rows")?
                .u32()?
                .iter()
                .map(|cell| cell.unwrap_or(0))
                .collect(),
            debtor: text("debtor")?,
            required: [numbers("required_low")?, numbers("required_high")?],
            shortfall: [numbers("shortfall_low")?, numbers("shortfall_high")?],
            measured: {
                let ends =
                    [table.column("measured_low")?.f64()?, table.column("measured_high")?.f64()?];
                (0..table.height()).map(|row| ends.map(|end| end.get(row))).collect()
            },
            units: text("unit")?,
        })
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
            if self.outcomes[row] == Outcome::NotApplicable {
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
        let has = |outcome| rows.iter().any(|row| self.outcomes[*row] == outcome);
        let order = [Outcome::NotMet, Outcome::Unknown, Outcome::Met];
        order.into_iter().find(|outcome| has(*outcome)).unwrap_or(Outcome::NotApplicable)
    }

    fn say(&mut self, row: usize, outcome: Outcome, because: Because) {
        self.outcomes[row] = outcome;
        self.because[row] = Some(because.code().to_owned());
        self.because_rows[row] = 0;
        self.debtor[row] = None;
        self.shortfall[0][row] = 0.0;
        if outcome == Outcome::NotApplicable {
            self.shortfall[1][row] = 0.0;
        }
    }

    /// Where each version asks one thing of the same measured value, what is asked and what is short
    /// lie somewhere between the versions.
    fn widen(&mut self, rows: &[BTreeSet<usize>]) {
        let speaks = |row: &&usize| self.outcomes[**row] != Outcome::NotApplicable;
        let only = |version: &BTreeSet<usize>| {
            let mut speaking = version.iter().filter(speaks);
            speaking.next().filter(|_| speaking.next().is_none()).copied()
        };
        let Some(rows) = rows.iter().map(only).collect::<Option<Vec<usize>>>() else { return };
        let Some(&last) = rows.last() else { return };
        let same = |row: &usize| {
            let alike = |row: usize| (&self.units[row], &self.because[row], &self.measured[row]);
            alike(*row) == alike(last)
        };
        if !rows.iter().all(same) {
            return;
        }
        for column in [&mut self.required, &mut self.shortfall] {
            column[0][last] = rows.iter().map(|row| column[0][*row]).fold(f64::INFINITY, f64::min);
            column[1][last] = rows.iter().map(|row| column[1][*row]).fold(0.0, f64::max);
        }
    }

    fn into_table(self, mut table: DataFrame) -> PolarsResult<DataFrame> {
        let codes: Vec<&str> = self.outcomes.iter().map(|outcome| outcome.code()).collect();
        let [required_low, required_high] = self.required;
        let [shortfall_low, shortfall_high] = self.shortfall;
        for column in [
            Column::new("outcome".into(), codes),
            Column::new("because".into(), self.because),
            Column::new("because_rows".into(), self.because_rows),
            Column::new("debtor".into(), self.debtor),
            Column::new("required_low".into(), required_low),
            Column::new("required_high".into(), required_high),
            Column::new("shortfall_low".into(), shortfall_low),
            Column::new("shortfall_high".into(), shortfall_high),
        ] {
            table.with_column(column)?;
        }
        table.with_column(judge::facts(&table)?)?;
        Ok(table)
    }
}
