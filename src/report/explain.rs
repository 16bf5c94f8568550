//! One subject explained: cells, citation and version, arithmetic, verdict.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::document::nearest;
use crate::error::{Error, Result};
use crate::measure::Rated;
use crate::quantity::{Interval, Unit};
use crate::standard::{Amount, Debtor, Pack, Requirement};
use crate::words::{Lang, Words};

use super::evidence::Evidence;
use super::sentence::{cure, division, finding, name};

/// How each requirement came to its verdict on a subject, named by id or by name.
///
/// # Errors
/// [`Error::Refused`] when no such subject was assessed, with the nearest name.
pub fn explain(audit: &Audit, subject: &str, lang: Lang) -> Result<String> {
    let is_it = |one: &&Assessment| {
        let names = [Lang::Zh, Lang::En].map(|lang| name(one, lang));
        [&one.subject, &one.label, &one.key].contains(&&subject.to_owned())
            || names.iter().any(|name| name == subject)
    };
    let found: Vec<&Assessment> = audit.assessments.iter().filter(is_it).collect();
    let stages = stages_of(audit, subject, lang);
    if found.is_empty() && stages.is_empty() {
        return Err(not_found(audit, subject));
    }
    let mut text = String::new();
    let mut last = "";
    for one in found {
        if one.subject != last {
            let kind = one.subject_kind.as_str();
            let kind = kind_name(kind, lang);
            let (called, id) = (name(one, lang), &one.subject);
            let _ = match lang {
                Lang::Zh => writeln!(text, "{called}（{kind}：{id}）"),
                Lang::En => writeln!(text, "{called} ({kind} {id})"),
            };
            last = &one.subject;
        }
        let (pack, requirement) = audit.requirement(&one.pack, &one.requirement);
        let evidence = Evidence::of(audit, requirement, Some(&[one.subject.as_str()]))?;
        text += &block(audit, one, (pack, requirement), &evidence, lang);
    }
    Ok(text + &stages)
}

/// For an estate, the stages of its facilities in one table.
fn stages_of(audit: &Audit, subject: &str, lang: Lang) -> String {
    let estates = audit.inventory.table("estates");
    let text = |name: &str| estates.column(name).ok()?.str().ok().cloned();
    let (Some(ids), Some(names)) = (text("id"), text("name")) else { return String::new() };
    let mut shown = String::new();
    for (id, name) in ids.iter().zip(names.iter()) {
        let (Some(id), Some(name)) = (id, name) else { continue };
        if id != subject && name != subject {
            continue;
        }
        if let Some(table) = super::matrix(audit, id, lang) {
            let heading =
                lang.pick("各设施与住宅的同步", "stages of its facilities against the housing");
            let _ = write!(shown, "\n{name}（{id}） {heading}\n{table}");
        }
        if let Some(table) = super::in_place(audit, id, lang) {
            let heading = lang.pick("各设施的落实", "what of its facilities is in place");
            let _ = write!(shown, "\n{name}（{id}） {heading}\n{table}");
        }
    }
    shown
}

fn kind_name(kind: &str, lang: Lang) -> &str {
    let table = crate::inventory::subject_table(kind);
    match (table, lang) {
        (Some(table), Lang::Zh) => &table.zh,
        (Some(_), Lang::En) => kind,
        (None, _) if kind == "place" => lang.pick("地方", "place"),
        (None, _) => lang.pick("来源", "input"),
    }
}

fn block(
    audit: &Audit,
    one: &Assessment,
    pair: (&Pack, &Requirement),
    evidence: &Evidence,
    lang: Lang,
) -> String {
    let mut text = format!("\n  {}\n", pair.1.words.in_lang(lang));
    for (name, line) in details(audit, one, pair, evidence, lang) {
        let _ = writeln!(text, "    {name}  {line}");
    }
    text
}

/// All that is to be said of an assessment, line by line, each with its label.
pub fn details(
    audit: &Audit,
    one: &Assessment,
    (pack, requirement): (&Pack, &Requirement),
    evidence: &Evidence,
    lang: Lang,
) -> Vec<(&'static str, String)> {
    let cells = evidence.cells(one);
    let mut lines: Vec<(&'static str, String)> = Vec::new();
    let sentence = requirement.sentence();
    lines.push((lang.pick("要求", "requires"), sentence.in_lang(lang).to_owned()));
    lines.push((lang.pick("依据", "by"), pack.cited(requirement, lang)));
    let asked = audit.question.named.contains(&pack.id);
    let asked =
        if asked { lang.pick("，项目点名采用", ", named by the project") } else { "" };
    lines.push((lang.pick("版本", "version"), {
        let (status, days) = (pack.status.words(), pack.validity(lang));
        let (day, hash) = (audit.question.day, &pack.sha256[..12]);
        match lang {
            Lang::Zh => format!("{}，{days}{asked}；核查日 {day}；sha256 {hash}", status.zh),
            Lang::En => format!("{}, {days}{asked}; judged as of {day}; sha256 {hash}", status.en),
        }
    }));
    for note in [&pack.note, &requirement.note].into_iter().flatten() {
        lines.push((lang.pick("说明", "note"), note.in_lang(lang).to_owned()));
    }
    let data = lang.pick("数据", "data");
    if cells.is_empty() && one.subject_kind == "place" {
        let own = lang.pick("各社区的数据见其自己的结论", "see each community's own verdict");
        lines.push((data, own.to_owned()));
    } else if cells.is_empty() {
        lines.push((data, lang.pick("没有任何数据行", "no row about it").to_owned()));
    }
    for cell in &cells {
        let missing =
            if cell.present { "" } else { lang.pick("（来源无此列）", " (no such column)") };
        lines.push((
            data,
            format!(
                "{}  {} {}{missing}",
                cell.address,
                cell.name.in_lang(lang),
                cell.value.in_lang(lang)
            ),
        ));
    }
    owed(audit, one, requirement, lang, &mut lines);
    lines.push((lang.pick("算式", "working"), working(audit, one, requirement, evidence, lang)));
    lines.push((lang.pick("结论", "verdict"), finding(one, requirement).in_lang(lang).to_owned()));
    if let Some(cure) = cure(one, requirement) {
        lines.push((lang.pick("出路", "cure"), cure.in_lang(lang).to_owned()));
    }
    lines
}

/// What of a facility is in place and who owes the rest; what of a community's shortfall its estates
/// owe; what the text provides against a breach.
fn owed(
    audit: &Audit,
    one: &Assessment,
    requirement: &Requirement,
    lang: Lang,
    lines: &mut Vec<(&'static str, String)>,
) {
    let chained = audit.owing.chain(&one.pack, &one.requirement, &one.subject);
    let area = Unit::of("m2").expect("areas have a unit");
    if let Some(chained) = chained {
        let chain = chained.chain.words().in_lang(lang).to_owned();
        lines.push((lang.pick("落实", "in place"), chain));
        let states: Vec<String> =
            chained.states.iter().map(|state| state.words().in_lang(lang).to_owned()).collect();
        if !states.is_empty() {
            lines.push((lang.pick("状态", "state"), states.join(lang.pick("；", "; "))));
        }
        let debts: Vec<String> = chained
            .chain
            .debts(chained.use_by)
            .into_iter()
            .map(|(who, much)| {
                let who = Debtor::of(who).map_or(Words::same(who), Debtor::words);
                format!("{} {}", who.in_lang(lang), area.print(much, lang))
            })
            .collect();
        if !debts.is_empty() {
            lines.push((lang.pick("责任", "owed by"), debts.join(lang.pick("；", "; "))));
        }
    }
    if let Some(ahead) = audit.owing.ahead(&one.pack, &one.requirement, &one.subject) {
        lines.push((lang.pick("比例", "share"), ahead.words().in_lang(lang).to_owned()));
    }
    if let Some(split) = audit.owing.split(one) {
        let (recoverable, rest) =
            (area.print(split.recoverable, lang), area.print(split.government, lang));
        lines.push((
            lang.pick("划分", "split"),
            match lang {
                Lang::Zh => format!("可向小区追缴 {recoverable}，政府承担 {rest}"),
                Lang::En => {
                    format!("recoverable from estates {recoverable}, the government's {rest}")
                }
            },
        ));
        for debt in &split.debts {
            let gone = if debt.extinct {
                lang.pick("（建设单位灭失）", " (developer extinct)")
            } else {
                ""
            };
            let (name, id, owed) = (&debt.name, &debt.facility, area.print(debt.area, lang));
            let debt = match lang {
                _ if name == id => format!("{id} {owed}{gone}"),
                Lang::Zh => format!("{name}（{id}） {owed}{gone}"),
                Lang::En => format!("{name} ({id}) {owed}{gone}"),
            };
            lines.push((lang.pick("欠交", "debt"), debt));
        }
    }
    if one.outcome == Outcome::NotMet {
        let cost = chained.map_or(Interval::UNKNOWN, |chained| chained.construction_cost);
        for remedy in &requirement.remedies {
            let words = remedy.words(one.shortfall, cost);
            lines.push((lang.pick("处理", "remedy"), words.in_lang(lang).to_owned()));
        }
    }
}

/// The arithmetic on both sides, with the numbers in it.
fn working(
    audit: &Audit,
    one: &Assessment,
    requirement: &Requirement,
    evidence: &Evidence,
    lang: Lang,
) -> String {
    let unit = one.unit.unwrap_or(BARE);
    let parts: Vec<Interval> = evidence.cells(one).iter().filter_map(|cell| cell.part).collect();
    let measured = requirement.measure.words();
    let sum_is =
        |value: Interval| parts.len() > 1 && same(Interval::sum(parts.iter().copied()), value);
    let mut text = format!("{} = ", measured.in_lang(lang));
    if sum_is(one.measured) {
        text += &format!("{} = ", plus(&parts, unit, lang));
    }
    text += &unit.print(one.measured, lang);
    text += lang.pick("；", "; ");
    text += requirement.comparison.words().in_lang(lang);
    text += " ";
    if matches!(requirement.amount, Amount::ValueOf(_)) && sum_is(one.required) {
        text += &format!("{} = ", plus(&parts, unit, lang));
    }
    let is_printed =
        |rated: &&Rated| rated.printed.as_ref().is_some_and(|figure| figure.id == one.subject);
    if let Some(rated) = audit.rates.iter().find(is_printed) {
        text += &format!(
            "{} = {}{}",
            division(rated, lang),
            rated.value.text(4, lang),
            lang.pick("，即 ", ", so ")
        );
    }
    let read = |column: &str| evidence.base(&one.subject, column).unwrap_or(one.required);
    text += &requirement.amount.working(unit, &read, lang);
    if let Some(round) = requirement.round.words() {
        text += lang.pick("，", ", ");
        text += round.in_lang(lang);
        text += &format!(" {}", unit.print(one.required, lang));
    }
    text
}

/// Figures without a unit of their own.
const BARE: Unit = Unit { code: "", zh: "", en: "", decimals: 2, scale: 1 };

fn same(a: Interval, b: Interval) -> bool {
    let near = |a: f64, b: f64| a == b || (a - b).abs() < 1e-6;
    near(a.low, b.low) && near(a.high, b.high)
}

fn plus(parts: &[Interval], unit: Unit, lang: Lang) -> String {
    let shown: Vec<String> = parts.iter().map(|part| part.text(unit.decimals, lang)).collect();
    shown.join(" + ")
}

fn not_found(audit: &Audit, subject: &str) -> Error {
    let labels: BTreeSet<&str> = audit.assessments.iter().map(|one| one.label.as_str()).collect();
    let labels: Vec<&str> = labels.into_iter().collect();
    let near = nearest(subject, &labels);
    let hint_zh = near.map_or(String::new(), |near| format!("；是否指“{near}”？"));
    let hint_en = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    let count = labels.len();
    Error::refused(
        format!("没有名为“{subject}”的对象（共 {count} 个）{hint_zh}"),
        format!("no subject called `{subject}` (there are {count}){hint_en}"),
    )
}
