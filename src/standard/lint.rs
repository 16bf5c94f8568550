//! What a pack lacks before it can be relied on: cases, days, verification.

use crate::day::Day;
use crate::inventory::Value;
use crate::mapping::{Reading, read_cell};
use crate::words::Words;

use super::model::{Evidence, Pack, Requirement};

/// Something to be said about a pack.
#[derive(Debug, Clone, PartialEq)]
pub struct Remark {
    /// The requirement it is about, if not the pack as a whole.
    pub requirement: Option<String>,
    /// Whether it must be mended before the pack is relied on; else it is a note.
    pub serious: bool,
    /// What is lacking.
    pub words: Words,
}

/// A pack not checked for longer than this many days is stale.
pub const STALE_AFTER: i32 = 365;

/// All remarks on a pack, judged on a day.
pub fn lint(pack: &Pack, today: Day) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut add = |requirement: Option<&Requirement>, serious: bool, words: Words| {
        remarks.push(Remark { requirement: requirement.map(|one| one.id.clone()), serious, words });
    };
    match pack.checked {
        None => add(
            None,
            true,
            Words::new(
                "没有写明最近核对日（checked）",
                "the day it was last checked is missing (checked)",
            ),
        ),
        Some(day) if (today - day).get_days() > STALE_AFTER => add(
            None,
            true,
            Words::new(format!("{day} 之后未再核对"), format!("not checked since {day}")),
        ),
        Some(_) => {}
    }
    if pack.from.is_none() {
        add(
            None,
            false,
            Words::new(
                "起始日未载明，只在项目点名时采用",
                "no start day: it speaks only when a project names it",
            ),
        );
    }
    if pack.evidence == Evidence::Unverified {
        add(
            None,
            false,
            Words::new(
                "内容未核实，只在项目点名时采用",
                "unverified: it speaks only when a project names it",
            ),
        );
    }
    if pack.title.is_none() {
        add(None, false, Words::new("标题未见", "its title was not seen"));
    }
    for requirement in &pack.requirements {
        for (serious, words) in lint_requirement(pack, requirement) {
            add(Some(requirement), serious, words);
        }
    }
    remarks
}

fn lint_requirement(pack: &Pack, requirement: &Requirement) -> Vec<(bool, Words)> {
    let mut found = Vec::new();
    let outcomes: Vec<&str> = pack
        .cases
        .iter()
        .flat_map(|case| &case.expect)
        .filter(|expected| expected.requirement == requirement.id)
        .map(|expected| expected.outcome.as_str())
        .collect();
    if outcomes.is_empty() {
        found.push((true, Words::new("没有任何算例", "has no worked case")));
    }
    for (outcome, zh, en) in [("met", "达标", "met"), ("not_met", "不达标", "not met")] {
        if !outcomes.is_empty() && !outcomes.contains(&outcome) {
            found.push((
                true,
                Words::new(format!("没有{zh}的算例"), format!("no worked case is {en}")),
            ));
        }
    }
    if !outcomes.is_empty() && !outcomes.contains(&"unknown") {
        found.push((false, Words::new("没有无法核查的算例", "no worked case is unknown")));
    }
    for (base, bound) in requirement.amount.thresholds() {
        if !stands_at(pack, requirement, &base.column, bound) {
            let (zh, en) = (&base.words.zh, &base.words.en);
            found.push((
                true,
                Words::new(
                    format!("没有算例恰在界限上：{zh} {bound}"),
                    format!("no worked case stands at the bound: {en} {bound}"),
                ),
            ));
        }
    }
    for bound in requirement.amount.falls_at() {
        found.push((
            false,
            Words::new(
                format!("在 {bound} 处规模变大而要求变小，按原文计算"),
                format!("at {bound} the amount falls while its base grows; computed as written"),
            ),
        ));
    }
    if requirement.clause.is_none() {
        found.push((false, Words::new("条款未核实", "the clause is not verified")));
    }
    found
}

/// Whether a worked case of the requirement gives a base just this value.
fn stands_at(pack: &Pack, requirement: &Requirement, column: &str, bound: f64) -> bool {
    let about_it = pack
        .cases
        .iter()
        .filter(|case| case.expect.iter().any(|expected| expected.requirement == requirement.id));
    let declared = requirement.table.and_then(|table| table.column(column));
    let mut given = about_it.flat_map(|case| &case.subject).filter(|(name, _)| name == column);
    // A case may write `3万平方米`: it is read as a ledger's cell is.
    let value = |text: &str| {
        let reading = Reading::plain(declared?);
        match read_cell(text, declared?, &reading) {
            Ok(Value::Number { stated, .. }) => stated,
            _ => None,
        }
    };
    given.any(|(_, text)| value(text) == Some(bound))
}
