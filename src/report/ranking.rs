//! A ranking as a report: the order, who is out and why, how stable it is, and each place explained.

mod order;
mod place;
mod weights;

pub use order::choice;
pub use place::place;

use std::collections::BTreeSet;

use crate::plan::{Candidate, Drawn, Method, Ranking, Reach, Standing};
use crate::quantity::{Interval, number, percent};
use crate::words::{Lang, Words};

use super::Heading;
use super::paper::{Paper, Part, Said, shares};

/// How many decimals points have in a report.
const POINTS: usize = 2;
/// How many decimals weights have in a report.
const WEIGHTS: usize = 2;
/// How many rows of the order a screen shows.
const SHOWN: usize = 40;

/// The whole report of a ranking.
pub fn ranking(ranking: &Ranking, heading: &Heading, lang: Lang) -> Paper {
    let mut parts = vec![summary(ranking, lang), order::order(ranking, lang)];
    parts.push(order::chosen(ranking, lang));
    parts.push(gated(ranking, lang));
    parts.push(missing(ranking, lang));
    parts.push(weights::weights(ranking, lang));
    parts.push(weights::experts(ranking, lang));
    parts.push(contributions(ranking, lang));
    parts.push(values(ranking, lang));
    let what = match (ranking.sheet.subject, lang) {
        ("estate", Lang::Zh) => "小区排序",
        ("estate", Lang::En) => "ranking of estates",
        (_, Lang::Zh) => "社区排序",
        (_, Lang::En) => "ranking of communities",
    };
    let place = heading.place_name.as_deref().unwrap_or(&heading.name);
    Paper { title: format!("{what} · {place}"), parts }
}

fn counts(ranking: &Ranking) -> [usize; 4] {
    let count = |is: fn(&Standing) -> bool| {
        ranking.candidates.iter().filter(|one| is(&one.standing)).count()
    };
    [
        count(|one| matches!(one, Standing::Ranked { .. })),
        count(|one| matches!(one, Standing::Gated(_))),
        count(|one| matches!(one, Standing::Undecided(_))),
        count(|one| matches!(one, Standing::Missing(..))),
    ]
}

/// What the method is called.
pub fn method_words(method: Method) -> Words {
    match method {
        Method::WeightedSum => Words::new("线性加权", "weighted sum"),
        Method::Topsis => Words::new("TOPSIS（逼近理想解）", "TOPSIS (closeness to the ideal)"),
        Method::Vikor { v } => Words::new(
            format!("VIKOR（v = {v}，越小越前）"),
            format!("VIKOR (v = {v}, the least first)"),
        ),
    }
}

/// What a way of weighing is called, by its code.
pub fn weigh_words(code: &str) -> Words {
    match code {
        "ahp" => Words::new("层次分析法", "AHP"),
        "entropy" => Words::new("熵权法", "entropy"),
        "critic" => Words::new("CRITIC", "CRITIC"),
        _ => Words::new("给定", "given"),
    }
}

fn summary(ranking: &Ranking, lang: Lang) -> Part {
    let sheet = &ranking.sheet;
    let mut part = Part::new(lang.pick("概要", "Summary"), [] as [&str; 0], 1);
    part.note(match lang {
        Lang::Zh => format!("依据：{}；{}", sheet.citation(lang), sheet.evidence.words().zh),
        Lang::En => format!("by: {}; {}", sheet.citation(lang), sheet.evidence.words().en),
    });
    if let Some(note) = &sheet.note {
        part.note(note.in_lang(lang));
    }
    let [ranked, gated, open, missing] = counts(ranking);
    let all = ranking.candidates.len();
    part.note(match lang {
        Lang::Zh => format!(
            "参评 {all}：已排序 {ranked}，未过门槛 {gated}，门槛无法判定 {open}，缺数据未排 {missing}"
        ),
        Lang::En => format!(
            "{all} candidates: {ranked} ranked, {gated} stopped at a gate, {open} at a gate that cannot be decided, {missing} not ranked for missing data"
        ),
    });
    let method = method_words(sheet.method);
    let names: Vec<String> = ranking
        .weights
        .sets
        .iter()
        .map(|(code, _)| weigh_words(code).in_lang(lang).to_owned())
        .collect();
    part.note(match lang {
        Lang::Zh => format!("方法：{}；权重：{}", method.zh, names.join(" + ")),
        Lang::En => format!("method: {}; weights: {}", method.en, names.join(" + ")),
    });
    sum_note(ranking, lang, &mut part);
    stable_note(ranking, lang, &mut part);
    tie_note(ranking, lang, &mut part);
    if !ranking.compromise.is_empty() {
        let names: Vec<&str> = ranking
            .compromise
            .iter()
            .map(|row| ranking.candidates[ranking.order[*row]].subject.label.as_str())
            .collect();
        let names = names.join(lang.pick("、", ", "));
        part.note(match lang {
            Lang::Zh => format!("VIKOR 折中解：{names}"),
            Lang::En => format!("VIKOR's compromise: {names}"),
        });
    }
    if !ranking.strangers.is_empty() {
        let names = ranking.strangers.join(lang.pick("、", ", "));
        part.note(match lang {
            Lang::Zh => format!("打分表中有、名单中没有，无法判断是否参评，未计入：{names}"),
            Lang::En => format!("in the sheet of scores and in no list, so that nobody can tell whether they stand; left out: {names}"),
        });
    }
    let strangers: Vec<&str> = ranking
        .candidates
        .iter()
        .filter(|one| !one.subject.known)
        .map(|one| one.subject.label.as_str())
        .collect();
    if !strangers.is_empty() {
        let names = strangers.join(lang.pick("、", ", "));
        part.note(match lang {
            Lang::Zh => format!("名单中没有、只在打分表中出现：{names}（请核对名称）"),
            Lang::En => {
                format!("only in the sheet of scores, in no list: {names} (check the names)")
            }
        });
    }
    part
}

/// How often, without rounding what is less than always to always.
fn often(share: f64) -> String {
    let shown = percent(share);
    if share < 1.0 && shown == percent(1.0) { format!("< {shown}") } else { shown }
}

fn sum_note(ranking: &Ranking, lang: Lang, part: &mut Part) {
    let Some(sum) = &ranking.weights.sum else { return };
    let (is, should) = (number(sum.sum, WEIGHTS), number(sum.expected, WEIGHTS));
    let same = match (sum.same_when_scaled, lang) {
        (true, Lang::Zh) => "名次不变",
        (true, Lang::En) => "the order stays the same",
        (false, Lang::Zh) => "名次会变",
        (false, Lang::En) => "the order changes",
    };
    part.note(match lang {
        Lang::Zh => format!("权重合计 {is}，不等于 {should}：按原值计算；按 {should} 归一后{same}"),
        Lang::En => format!(
            "the weights add up to {is} and not to {should}: computed as given; scaled to {should}, {same}"
        ),
    });
    let difference = number(sum.expected - sum.sum, WEIGHTS);
    let top = ranking.sheet.top;
    let changes: Vec<String> = sum
        .if_added
        .iter()
        .zip(&ranking.sheet.indicators)
        .filter_map(|(enters, indicator)| {
            let enters = enters.as_ref().filter(|enters| !enters.is_empty())?;
            let name = indicator.words.in_lang(lang);
            Some(match lang {
                Lang::Zh => format!("加在“{name}”则 {} 进入", enters.join("、")),
                Lang::En => format!("added to `{name}`, {} would enter", enters.join(", ")),
            })
        })
        .collect();
    part.note(match (changes.is_empty(), lang) {
        (true, Lang::Zh) => format!("相差的 {difference} 分加在任何一项，前 {top} 名都不变"),
        (true, Lang::En) => {
            format!(
                "the missing {difference} added to any one weight leave the first {top} the same"
            )
        }
        (false, Lang::Zh) => format!("相差的 {difference} 分：{}", changes.join("；")),
        (false, Lang::En) => format!("the missing {difference}: {}", changes.join("; ")),
    });
}

/// Equals on both sides of a border: their ids decide, which a reader must know.
fn tie_note(ranking: &Ranking, lang: Lang, part: &mut Part) {
    let place = |position: usize| {
        let one = &ranking.candidates[*ranking.order.get(position)?];
        match &one.standing {
            Standing::Ranked { place, .. } => Some((*place, one.subject.label.as_str())),
            _ => None,
        }
    };
    let borders = [Some(ranking.sheet.top), ranking.sheet.choose];
    let borders: BTreeSet<usize> = borders.into_iter().flatten().collect();
    for border in borders {
        let (Some((last, inside)), Some((next, outside))) = (place(border - 1), place(border))
        else {
            continue;
        };
        if last != next {
            continue;
        }
        part.note(match lang {
            Lang::Zh => format!("第 {border} 名处并列：{inside}与{outside}等同分，先后只由编号决定；请用 ties 写明同分时比什么"),
            Lang::En => format!("equal at place {border}: {inside} and {outside}; only their ids decide, so write what decides between equals (ties)"),
        });
    }
}

fn stable_note(ranking: &Ranking, lang: Lang, part: &mut Part) {
    let Some(stability) = &ranking.stability else { return };
    let top = stability.top;
    let reach = percent(stability.reach);
    let unsure = |row: &usize| stability.near[*row] < 1.0;
    let at_risk: Vec<String> = (0..top)
        .filter(unsure)
        .map(|row| {
            let label = &ranking.candidates[ranking.order[row]].subject.label;
            let share = often(stability.near[row]);
            match lang {
                Lang::Zh => format!("{label}（{share}）"),
                Lang::En => format!("{label} ({share})"),
            }
        })
        .collect();
    let sure = top - at_risk.len();
    if ranking.order.len() <= top {
        part.note(match lang {
            Lang::Zh => format!(
                "已排序的不超过 {} 个，全部在前 {} 名之内",
                ranking.order.len(),
                ranking.sheet.top
            ),
            Lang::En => format!(
                "no more than {} are ranked: all are among the first {}",
                ranking.order.len(),
                ranking.sheet.top
            ),
        });
        return;
    }
    let names = at_risk.join(lang.pick("、", ", "));
    let (draws, seed) = (stability.draws, stability.seed);
    part.note(match (at_risk.is_empty(), lang) {
        (true, Lang::Zh) => format!("稳定性：各项权重在 ±{reach} 内任意变动（抽样 {draws} 次，种子 {seed}），前 {top} 名不变"),
        (true, Lang::En) => format!("stability: with all weights anywhere within ±{reach} ({draws} draws, seed {seed}) the first {top} stay the same"),
        (false, Lang::Zh) => format!("稳定性：各项权重在 ±{reach} 内任意变动（抽样 {draws} 次，种子 {seed}），前 {top} 名中 {sure} 名不变；不稳的：{names}"),
        (false, Lang::En) => format!("stability: with all weights anywhere within ±{reach} ({draws} draws, seed {seed}) {sure} of the first {top} stay; not certain: {names}"),
    });
}

fn decimals(ranking: &Ranking) -> usize {
    match ranking.sheet.method {
        Method::WeightedSum => POINTS,
        _ => 4,
    }
}

fn total_name(ranking: &Ranking, lang: Lang) -> String {
    match ranking.sheet.method {
        Method::WeightedSum => lang.pick("总分", "points"),
        Method::Topsis => lang.pick("贴近度", "closeness"),
        Method::Vikor { .. } => lang.pick("Q 值", "Q"),
    }
    .to_owned()
}

/// A value as a reader sees it.
fn shown(drawn: &Drawn, lang: Lang) -> String {
    if drawn.stated.is_none() && drawn.value == Interval::UNKNOWN {
        return lang.pick("不明", "not known").to_owned();
    }
    let value = match (drawn.stated, drawn.is_about()) {
        (Some(stated), false) => Interval::exactly(stated),
        _ => drawn.value,
    };
    if let Some(per) = drawn.per {
        let unit = drawn.unit.map_or("", |unit| lang.pick(unit.zh, unit.en));
        return format!("{} {unit}/{}", value.text(4, lang), lang.pick(per.zh, per.en));
    }
    match drawn.unit {
        Some(unit) if unit.code == "ratio" => shares(value),
        Some(unit) if unit.code != "score" => unit.print(value, lang),
        _ => value.text(POINTS, lang),
    }
}

/// The value at a gate: of one that asks for yes or no, these words.
fn at_gate(ranking: &Ranking, gate: usize, drawn: &Drawn, lang: Lang) -> String {
    let asks = ranking.sheet.gates[gate].test.is.is_some();
    match drawn.stated {
        Some(value) if asks => yes_or_no(value > 0.0, lang),
        _ => shown(drawn, lang),
    }
}

fn yes_or_no(is: bool, lang: Lang) -> String {
    if is { lang.pick("是", "yes") } else { lang.pick("否", "no") }.to_owned()
}

fn gate_limit(ranking: &Ranking, gate: usize, drawn: &Drawn, lang: Lang) -> String {
    if let Some(is) = ranking.sheet.gates[gate].test.is {
        return yes_or_no(is, lang);
    }
    let is_share = drawn.unit.is_some_and(|unit| unit.code == "ratio");
    let test = &ranking.sheet.gates[gate].test;
    test.words(|limit| {
        if is_share {
            crate::quantity::fixed(limit * 100.0, 2) + "%"
        } else {
            number(limit, POINTS)
        }
    })
}

/// Who is ranked.
fn subject(ranking: &Ranking, one: &Candidate) -> Said {
    match one.subject.known {
        true => Said::subject(ranking.sheet.subject, &one.subject.id, &one.subject.label),
        false => Said::text(&one.subject.label),
    }
}

fn gated(ranking: &Ranking, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("未过门槛", "Stopped at a gate"),
        match lang {
            Lang::Zh => ["名称", "门槛", "数值", "要求", "结论", "数据"],
            Lang::En => ["name", "gate", "value", "required", "verdict", "cells"],
        },
        SHOWN,
    );
    for one in &ranking.candidates {
        let (gates, verdict) = match &one.standing {
            Standing::Gated(gates) => (gates, lang.pick("未通过", "does not pass")),
            Standing::Undecided(gates) => (gates, lang.pick("无法判定", "cannot be told")),
            _ => continue,
        };
        for &gate in gates {
            let drawn = &one.gates[gate].drawn;
            part.row([
                subject(ranking, one),
                Said::text(ranking.sheet.gates[gate].words.in_lang(lang)),
                Said::text(at_gate(ranking, gate, drawn, lang)),
                Said::text(gate_limit(ranking, gate, drawn, lang)),
                Said::text(verdict),
                Said::text(drawn.cells.join(lang.pick("、", ", "))),
            ]);
        }
    }
    part
}

fn missing(ranking: &Ranking, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("缺数据未排", "Missing data"),
        match lang {
            Lang::Zh => ["名称", "缺", "最好名次", "最差名次", "影响", "数据"],
            Lang::En => {
                ["name", "lacks", "best place", "worst place", "what would matter", "cells"]
            }
        },
        SHOWN,
    );
    for one in &ranking.candidates {
        let Standing::Missing(indicators, reach) = &one.standing else { continue };
        let names: Vec<&str> =
            indicators.iter().map(|at| ranking.sheet.indicators[*at].words.in_lang(lang)).collect();
        let cells: Vec<&str> =
            indicators.iter().flat_map(|at| &one.values[*at].cells).map(String::as_str).collect();
        part.row([
            subject(ranking, one),
            Said::text(names.join(lang.pick("、", ", "))),
            Said::count(reach.best),
            Said::count(reach.worst),
            Said::text(matters(ranking, reach, lang)),
            Said::text(cells.join(lang.pick("、", ", "))),
        ]);
    }
    part
}

/// What the missing value would have to be to matter.
fn matters(ranking: &Ranking, reach: &Reach, lang: Lang) -> String {
    let top = ranking.sheet.top;
    if let Some(threshold) = &reach.threshold {
        let name = ranking.sheet.indicators[threshold.indicator].words.in_lang(lang);
        let points = number(threshold.points, POINTS);
        let scored = ranking.sheet.indicators[threshold.indicator].points.is_some();
        let name = match (scored, lang) {
            (true, Lang::Zh) => format!("{name}得分"),
            (true, Lang::En) => format!("points for {name}"),
            (false, _) => name.to_owned(),
        };
        let high = threshold.better == crate::plan::Better::High;
        return match (lang, high) {
            (Lang::Zh, true) => format!("{name}达到 {points} 即进入前 {top}"),
            (Lang::Zh, false) => format!("{name}不超过 {points} 即进入前 {top}"),
            (Lang::En, true) => {
                format!("{name} of {points} or more brings it among the first {top}")
            }
            (Lang::En, false) => {
                format!("{name} of {points} or less brings it among the first {top}")
            }
        };
    }
    match (reach.worst <= top, reach.best > top, lang) {
        (true, _, Lang::Zh) => format!("无论缺的是多少，都在前 {top}"),
        (true, _, Lang::En) => format!("among the first {top} whatever is missing"),
        (_, true, Lang::Zh) => format!("无论缺的是多少，都不在前 {top}"),
        (_, true, Lang::En) => format!("not among the first {top} whatever is missing"),
        (_, _, Lang::Zh) => format!("取决于所缺的几项，可能在前 {top}"),
        (_, _, Lang::En) => format!("may be among the first {top}, by what is missing together"),
    }
}

fn contributions(ranking: &Ranking, lang: Lang) -> Part {
    let mut headings = vec![
        lang.pick("名次", "place").to_owned(),
        lang.pick("名称", "name").to_owned(),
        total_name(ranking, lang),
    ];
    headings.extend(ranking.sheet.indicators.iter().map(|one| one.words.in_lang(lang).to_owned()));
    let mut part = Part::new(lang.pick("得分明细", "Points by indicator"), headings, 0);
    for &at in &ranking.order {
        let one = &ranking.candidates[at];
        let Standing::Ranked { place, total, parts, .. } = &one.standing else { continue };
        let own =
            [Said::count(*place), subject(ranking, one), Said::Number(*total, decimals(ranking))];
        part.row(own.into_iter().chain(parts.iter().map(|part| Said::Number(*part, 4))));
    }
    part
}

fn values(ranking: &Ranking, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("指标数据", "Values"),
        match lang {
            Lang::Zh => ["名称", "指标", "数值", "得分", "数据"],
            Lang::En => ["name", "indicator", "value", "points", "cells"],
        },
        0,
    );
    for one in &ranking.candidates {
        for (at, drawn) in one.values.iter().enumerate() {
            part.row([
                subject(ranking, one),
                Said::text(ranking.sheet.indicators[at].words.in_lang(lang)),
                Said::text(shown(drawn, lang)),
                Said::any(one.points[at], |points| Said::Number(points, POINTS)),
                Said::text(drawn.cells.join(lang.pick("、", ", "))),
            ]);
        }
    }
    part
}
