//! One place explained: gates, points, neighbours, stability, and whether it is chosen.

use std::fmt::Write as _;

use crate::document::nearest;
use crate::error::{Error, Result};
use crate::plan::{Candidate, Drawn, Method, Ranking, Standing};
use crate::quantity::{number, percent};
use crate::words::Lang;

use super::{POINTS, WEIGHTS, at_gate, choice, decimals, gate_limit, matters, shown, total_name};

/// How one subject came to its place, or to none.
///
/// # Errors
/// [`Error::Refused`] when no such subject stands for it, with the nearest name.
pub fn place(ranking: &Ranking, subject: &str, lang: Lang) -> Result<String> {
    let is_it = |one: &&Candidate| one.subject.id == subject || one.subject.label == subject;
    let Some(at) = ranking.candidates.iter().position(|one| is_it(&one)) else {
        let known: Vec<&str> =
            ranking.candidates.iter().map(|one| one.subject.label.as_str()).collect();
        let near = nearest(subject, &known);
        let hint = |text: &str| near.map_or(String::new(), |near| format!("{text}{near}"));
        return Err(Error::refused(
            format!("“{subject}”没有参评{}", hint("；最接近的是：")),
            format!("`{subject}` is no candidate{}", hint("; nearest: ")),
        ));
    };
    let one = &ranking.candidates[at];
    let mut lines: Vec<(&str, String)> = Vec::new();
    lines.push((lang.pick("依据", "by"), ranking.sheet.citation(lang)));
    for (number, (gate, passed)) in ranking.sheet.gates.iter().zip(&one.gates).enumerate() {
        let verdict = match passed.verdict {
            crate::quantity::Ordering::Holds => lang.pick("通过", "passes"),
            crate::quantity::Ordering::Fails => lang.pick("未通过", "does not pass"),
            crate::quantity::Ordering::Undecided => lang.pick("无法判定", "cannot be told"),
        };
        lines.push((
            lang.pick("门槛", "gate"),
            format!(
                "{} {}{} {}{}{verdict}  {}",
                gate.words.in_lang(lang),
                at_gate(ranking, number, &passed.drawn, lang),
                lang.pick("，要求", ", required"),
                gate_limit(ranking, number, &passed.drawn, lang),
                lang.pick("：", ": "),
                passed.drawn.cells.join(lang.pick("、", ", "))
            ),
        ));
    }
    for (index, drawn) in one.values.iter().enumerate() {
        lines.push((lang.pick("得分", "points"), score_line(ranking, one, index, drawn, lang)));
    }
    lines.push((lang.pick("名次", "place"), standing(ranking, at, lang)));
    if let Some(position) = ranking.position(at) {
        if let Some(stability) = &ranking.stability {
            let (near, any) = (percent(stability.near[position]), percent(stability.any[position]));
            let (reach, top) = (percent(stability.reach), ranking.sheet.top);
            lines.push((
                lang.pick("稳定", "stable"),
                match lang {
                    Lang::Zh => format!("权重在 ±{reach} 内任意变动时在前 {top} 的占 {near}；任意权重下占 {any}"),
                    Lang::En => format!("among the first {top} in {near} of draws with weights within ±{reach}, in {any} with any weights"),
                },
            ));
        }
        let (result, why) = choice(ranking, position, lang);
        lines.push((lang.pick("结果", "result"), format!("{result}：{why}")));
    }
    let mut text = match lang {
        Lang::Zh => format!("{}（排序：{}）\n", one.subject.label, one.subject.id),
        Lang::En => format!("{} (ranking: {})\n", one.subject.label, one.subject.id),
    };
    let mut last = "";
    for (label, line) in lines {
        let shown = if label == last { "" } else { label };
        let width = unicode_width::UnicodeWidthStr::width(shown);
        let _ = writeln!(text, "  {shown}{}{line}", " ".repeat(10usize.saturating_sub(width)));
        last = label;
    }
    Ok(text)
}

fn score_line(ranking: &Ranking, one: &Candidate, at: usize, drawn: &Drawn, lang: Lang) -> String {
    let indicator = &ranking.sheet.indicators[at];
    let mut line = format!("{} {}", indicator.words.in_lang(lang), shown(drawn, lang));
    if let (Some(points), true) = (one.points[at], indicator.points.is_some()) {
        let _ = write!(line, " → {}", number(points, POINTS));
    }
    if let Standing::Ranked { parts, .. } = &one.standing {
        let weight = number(ranking.weights.used[at], WEIGHTS);
        let part = number(parts[at], POINTS);
        let _ = match (ranking.sheet.method, lang) {
            (Method::WeightedSum, Lang::Zh) => write!(line, "，权重 {weight}，得 {part}"),
            (Method::WeightedSum, Lang::En) => write!(line, ", weight {weight}, gives {part}"),
            (_, Lang::Zh) => write!(line, "，权重 {weight}，在最差 0 与最好 1 之间为 {part}"),
            (_, Lang::En) => {
                write!(line, ", weight {weight}, {part} between 0 at worst and 1 at best")
            }
        };
    }
    let _ = write!(line, "  {}", drawn.cells.join(lang.pick("、", ", ")));
    line
}

/// The place of a candidate in words.
fn standing(ranking: &Ranking, at: usize, lang: Lang) -> String {
    let one = &ranking.candidates[at];
    match &one.standing {
        Standing::Ranked { place, total, .. } => {
            let total =
                format!("{} {}", total_name(ranking, lang), number(*total, decimals(ranking)));
            let count = ranking.order.len();
            let position = ranking.position(at).unwrap_or(0);
            let next = |step: isize| {
                let other = position.checked_add_signed(step)?;
                let other = ranking.order.get(other)?;
                let Standing::Ranked { total, .. } = &ranking.candidates[*other].standing else {
                    return None;
                };
                let label = &ranking.candidates[*other].subject.label;
                Some(format!("{label} {}", number(*total, decimals(ranking))))
            };
            let (before, after) = (next(-1), next(1));
            let side = |label: &str, other: Option<String>| {
                other.map_or(String::new(), |other| format!("{label}{other}"))
            };
            match lang {
                Lang::Zh => format!(
                    "第 {place} / {count}，{total}{}{}",
                    side("；前一名 ", before),
                    side("；后一名 ", after)
                ),
                Lang::En => format!(
                    "{place} of {count}, {total}{}{}",
                    side("; before it ", before),
                    side("; after it ", after)
                ),
            }
        }
        Standing::Gated(_) => {
            lang.pick("未过门槛，不评分", "stopped at a gate, not scored").to_owned()
        }
        Standing::Undecided(_) => lang
            .pick(
                "门槛无法判定，补齐数据后再评",
                "a gate cannot be decided: complete the data first",
            )
            .to_owned(),
        Standing::Missing(_, reach) => {
            let (best, worst) = (reach.best, reach.worst);
            let matters = matters(ranking, reach, lang);
            match lang {
                Lang::Zh => format!("缺数据，未排；补齐后在第 {best} 至第 {worst} 之间；{matters}"),
                Lang::En => format!(
                    "not ranked for missing data; between {best} and {worst} once complete; {matters}"
                ),
            }
        }
    }
}
