//! The stages of an estate's facilities: each facility against each rule on timing, in one table.

use std::collections::{BTreeMap, BTreeSet};

use crate::assessment::{Assessment, Because, Outcome};
use crate::audit::Audit;
use crate::quantity::{fixed, number};
use crate::words::Lang;

use super::Grid;

/// What rules say of one facility, by text and rule.
type Judged<'a> = BTreeMap<(&'a str, &'a str), &'a Assessment>;

/// What a rule says of a facility, and its outcome where the rule speaks.
pub type Said = (String, Option<Outcome>);

/// The stages of an estate's facilities: what each rule on timing says of each.
pub struct Stages {
    /// The headings: what is judged, then the rules.
    pub headings: Vec<String>,
    /// Each facility with what each rule says, and its outcome where the rule speaks.
    pub rows: Vec<(String, Vec<Said>)>,
}

/// The stages of all facilities of an estate; nothing where no rule on timing speaks of them.
pub fn matrix(audit: &Audit, estate: &str, lang: Lang) -> Option<String> {
    let found = stages(audit, estate, lang)?;
    let mut grid = Grid::new(found.headings.iter().map(String::as_str));
    for (label, cells) in found.rows {
        grid.row(std::iter::once(label).chain(cells.into_iter().map(|(text, _)| text)));
    }
    Some(grid.lines())
}

/// The same as data.
pub fn stages(audit: &Audit, estate: &str, lang: Lang) -> Option<Stages> {
    let facilities = of_estate(audit, estate);
    let timed = |one: &&Assessment| {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        let timed = requirement.timing.as_ref().is_some_and(|timing| !timing.stages.is_empty());
        timed && facilities.contains(&one.subject)
    };
    // Rules stand in the order in which their texts name them.
    let mut rules: Vec<(&str, &str)> = Vec::new();
    let mut rows: BTreeMap<(usize, &str), Judged<'_>> = BTreeMap::new();
    for one in audit.assessments.iter().filter(timed) {
        let rule = (one.pack.as_str(), one.requirement.as_str());
        if !rules.contains(&rule) {
            rules.push(rule);
        }
        let at = facilities.iter().position(|id| *id == one.subject).unwrap_or_default();
        rows.entry((at, one.label.as_str())).or_default().insert(rule, one);
    }
    if rows.is_empty() {
        return None;
    }
    let order = |rule: &(&str, &str)| {
        let pack = audit.library.get(rule.0);
        pack.and_then(|pack| pack.requirements.iter().position(|one| one.id == rule.1))
    };
    rules.sort_by_key(|rule| (rule.0.to_owned(), order(rule)));
    let mut headings = vec![lang.pick("设施", "facility").to_owned()];
    headings.extend(rules.iter().map(|(pack, requirement)| {
        audit.requirement(pack, requirement).1.words.in_lang(lang).to_owned()
    }));
    let rows = rows.into_iter().map(|((_, label), found)| {
        let cells = rules.iter().map(|rule| match found.get(rule) {
            Some(one) => (cell(one, lang), Some(one.outcome)),
            None => ("—".to_owned(), None),
        });
        (label.to_owned(), cells.collect())
    });
    Some(Stages { headings, rows: rows.collect() })
}

/// What of an estate's facilities is in place, step by step; nothing where no rule asks for that.
pub fn in_place(audit: &Audit, estate: &str, lang: Lang) -> Option<String> {
    let facilities = of_estate(audit, estate);
    let judged = |one: &&Assessment| {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        requirement.measure.name == "not_in_place" && facilities.contains(&one.subject)
    };
    let mut grid = Grid::new(match lang {
        Lang::Zh => ["设施", "应配", "规划", "建设", "移交", "使用", "缺", "结论"],
        Lang::En => {
            ["facility", "due", "planned", "built", "handed over", "used", "short", "verdict"]
        }
    });
    let all: Vec<Assessment> = audit.assessments.iter().filter(judged).cloned().collect();
    for one in &all {
        let chained = audit.owing.chain(&one.pack, &one.requirement, &one.subject)?;
        let chain = &chained.chain;
        let steps = chain.steps.iter().enumerate().map(|(at, step)| {
            if at < chain.reach.steps() { step.text(2, lang) } else { "—".to_owned() }
        });
        let verdict = match one.because {
            Some(Because::NotDue) => lang.pick("未到期", "not due yet").to_owned(),
            _ => one.outcome.words().in_lang(lang).to_owned(),
        };
        let ends = [chain.short.text(2, lang), verdict];
        let due = [one.label.clone(), chain.due.text(2, lang)];
        grid.row(due.into_iter().chain(steps).chain(ends));
    }
    let several: BTreeSet<_> = all.iter().map(|one| (&one.pack, &one.requirement)).collect();
    // Under several rules the same area would be added up twice.
    if all.len() > 1 && several.len() == 1 {
        let (public, owners) = audit.owing.short_of(&all, estate);
        let blank = || std::iter::repeat_n(String::new(), 5);
        for (name, sum) in [
            (lang.pick("公共设施合计", "public facilities"), public),
            (lang.pick("业主共有用房，另计", "rooms of the owners, apart"), owners),
        ] {
            let ends = [sum.text(2, lang), String::new()];
            grid.row(std::iter::once(name.to_owned()).chain(blank()).chain(ends));
        }
    }
    (!all.is_empty()).then(|| grid.lines())
}

/// The ids of an estate's facilities, in the order of their table.
fn of_estate(audit: &Audit, estate: &str) -> Vec<String> {
    let facilities = audit.inventory.table("facilities");
    let text = |name: &str| facilities.column(name).ok()?.str().ok().cloned();
    let (Some(ids), Some(estates)) = (text("id"), text("estate_id")) else { return Vec::new() };
    let of_it = ids.iter().zip(estates.iter()).filter(|(_, of)| *of == Some(estate));
    of_it.filter_map(|(id, _)| id.map(str::to_owned)).collect()
}

/// In time, late by so many days, did not happen, not due yet, or cannot be shown.
fn cell(one: &Assessment, lang: Lang) -> String {
    let late = &one.measured;
    let counts_days = one.unit.is_some_and(|unit| unit.code == "days");
    match one.outcome {
        Outcome::NotMet if !counts_days => {
            let measured = one.unit.map_or(String::new(), |unit| unit.print(*late, lang));
            match lang {
                Lang::Zh => format!("不符：{measured}"),
                Lang::En => format!("not met: {measured}"),
            }
        }
        Outcome::Met if !counts_days => lang.pick("按时", "in time").to_owned(),
        Outcome::Met if late.high > 0.0 => {
            let days = number(late.high, 0);
            match lang {
                Lang::Zh => format!("按时（至多晚 {days} 天，在允许之内）"),
                Lang::En => format!("in time (at most {days} days late, within the grace)"),
            }
        }
        Outcome::Met => lang.pick("按时", "in time").to_owned(),
        Outcome::NotApplicable if one.because == Some(Because::NotDue) => {
            lang.pick("未到期", "not due yet").to_owned()
        }
        Outcome::NotApplicable => lang.pick("不适用", "not applicable").to_owned(),
        Outcome::Unknown => lang.pick("无法核查", "cannot be checked").to_owned(),
        Outcome::NotMet if late.high.is_infinite() => {
            let days = number(late.low, 0);
            match lang {
                Lang::Zh => format!("未发生，至少晚 {days} 天"),
                Lang::En => format!("did not happen, at least {days} days late"),
            }
        }
        Outcome::NotMet => {
            let (low, high) = (fixed(late.low, 0), fixed(late.high, 0));
            let days = if low == high { low } else { format!("{low}–{high}") };
            match lang {
                Lang::Zh => format!("晚 {days} 天"),
                Lang::En => format!("{days} days late"),
            }
        }
    }
}
