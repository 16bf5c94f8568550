//! The order of a ranking: each place with its stability, who is chosen, and why not the others.

use crate::plan::{Candidate, Choice, Ranking, Standing};
use crate::quantity::{number, percent};
use crate::words::Lang;

use super::super::paper::{Part, Said, ten_thousand};
use super::{POINTS, SHOWN, decimals, subject, total_name};

pub fn order(ranking: &Ranking, lang: Lang) -> Part {
    let top = ranking.sheet.top;
    let headings = match lang {
        Lang::Zh => vec![
            "名次".to_owned(),
            "名称".to_owned(),
            total_name(ranking, lang),
            "主要得分项".to_owned(),
            format!("邻近权重下在前{top}"),
            format!("任意权重下在前{top}"),
            "可能的名次".to_owned(),
            "结果".to_owned(),
            "理由".to_owned(),
        ],
        Lang::En => vec![
            "place".to_owned(),
            "name".to_owned(),
            total_name(ranking, lang),
            "mostly from".to_owned(),
            format!("in first {top}, weights nearby"),
            format!("in first {top}, any weights"),
            "possible places".to_owned(),
            "result".to_owned(),
            "why".to_owned(),
        ],
    };
    let mut part = Part::new(lang.pick("排序", "Order"), headings, SHOWN);
    for (position, &at) in ranking.order.iter().enumerate() {
        let one = &ranking.candidates[at];
        let Standing::Ranked { place, total, reach, .. } = &one.standing else { continue };
        let stability = ranking.stability.as_ref();
        let (result, why) = choice(ranking, position, lang);
        part.row([
            Said::count(*place),
            subject(ranking, one),
            Said::Number(*total, decimals(ranking)),
            Said::text(mostly(ranking, one, lang)),
            Said::any(stability, |all| Said::Share(all.near[position])),
            Said::any(stability, |all| Said::Share(all.any[position])),
            Said::any(*reach, |(best, worst)| Said::text(format!("{best}–{worst}"))),
            Said::text(result),
            Said::text(why),
        ]);
    }
    part
}

/// The three indicators that contribute most.
fn mostly(ranking: &Ranking, one: &Candidate, lang: Lang) -> String {
    let Standing::Ranked { parts, .. } = &one.standing else { return String::new() };
    let mut by: Vec<usize> = (0..parts.len()).collect();
    by.sort_by(|a, b| parts[*b].total_cmp(&parts[*a]).then(a.cmp(b)));
    let named = by.iter().take(3).map(|at| {
        let name = ranking.sheet.indicators[*at].words.in_lang(lang);
        format!("{name} {}", number(parts[*at], POINTS))
    });
    named.collect::<Vec<_>>().join(lang.pick("，", ", "))
}

/// Whether a ranked subject is chosen, and why.
pub fn choice(ranking: &Ranking, position: usize, lang: Lang) -> (String, String) {
    let wan = ten_thousand;
    let quota = |at: usize| &ranking.sheet.quotas[at];
    let (chosen, why) = match ranking.choice(position) {
        Choice::Chosen { cost: Some(cost) } => (
            true,
            match lang {
                Lang::Zh => format!("费用 {} 万元", wan(*cost)),
                Lang::En => format!("cost {} ×10,000 yuan", wan(*cost)),
            },
        ),
        Choice::Chosen { cost: None } => (
            true,
            match lang {
                Lang::Zh => format!("前 {} 名", ranking.sheet.choose.unwrap_or(ranking.sheet.top)),
                Lang::En => {
                    format!("among the first {}", ranking.sheet.choose.unwrap_or(ranking.sheet.top))
                }
            },
        ),
        Choice::Below => (false, lang.pick("名额已满", "the places are taken").to_owned()),
        Choice::Quota { quota: at, with } => {
            let quota = quota(*at);
            let name = quota.words.in_lang(lang);
            let (with, limit) = match (quota.at_most, quota.most) {
                (Some(limit), _) => (percent(*with), percent(limit)),
                (_, most) => (number(*with, 0), number(most.unwrap_or(0.0), 0)),
            };
            (
                false,
                match lang {
                    Lang::Zh => format!("超出比例：列入后{name}达 {with}，上限 {limit}"),
                    Lang::En => {
                        format!("over a quota: with it {name} would be {with}, at most {limit}")
                    }
                },
            )
        }
        Choice::Uncounted { quota: at } => {
            let name = quota(*at).words.in_lang(lang);
            (
                false,
                match lang {
                    Lang::Zh => format!("“{name}”的计数不明，不能证明不超比例"),
                    Lang::En => format!(
                        "what `{name}` counts is not known: the quota cannot be shown to be kept"
                    ),
                },
            )
        }
        Choice::TooDear { cost, left } => (
            false,
            match lang {
                Lang::Zh => format!("资金不足：需 {} 万元，余 {} 万元", wan(*cost), wan(*left)),
                Lang::En => format!(
                    "not enough money: needs {} ×10,000 yuan, {} left",
                    wan(*cost),
                    wan(*left)
                ),
            },
        ),
        Choice::CostUnknown => (
            false,
            lang.pick("费用不明：不按零计，补齐后再排", "its cost is not known, which is not free")
                .to_owned(),
        ),
        Choice::Ended => (
            false,
            lang.pick(
                "前面有一个资金不足，依规则到此为止",
                "one before it cost too much, and the list ends there",
            )
            .to_owned(),
        ),
    };
    let result =
        if chosen { lang.pick("入选", "chosen") } else { lang.pick("未入选", "not chosen") };
    (result.to_owned(), why)
}

pub fn chosen(ranking: &Ranking, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("比例与资金", "Quotas and money"),
        match lang {
            Lang::Zh => ["比例", "入选中的", "全部", "占比", "上限", "涉及个数"],
            Lang::En => ["quota", "of those chosen", "of all", "share", "limit", "how many"],
        },
        SHOWN,
    );
    let count = ranking.chosen.choices.iter().filter(|choice| choice.is_chosen()).count();
    if let Some(money) = &ranking.chosen.money {
        let (amount, spent) = (ten_thousand(money.amount), ten_thousand(money.spent));
        let left = ten_thousand(money.amount - money.spent);
        let cells = money.cells.join(lang.pick("、", ", "));
        let from = if cells.is_empty() {
            lang.pick("评分细则", "score sheet").to_owned()
        } else {
            cells
        };
        part.note(match lang {
            Lang::Zh => format!(
                "入选 {count}；资金 {amount} 万元（{from}），已用 {spent} 万元，余 {left} 万元"
            ),
            Lang::En => format!(
                "{count} chosen; money {amount} ×10,000 yuan ({from}), {spent} spent, {left} left"
            ),
        });
        if !money.unknown.is_empty() {
            let cells = money.unknown.join(lang.pick("、", ", "));
            part.note(match lang {
                Lang::Zh => format!("金额不明或不确切的资金按最少计：{cells}"),
                Lang::En => format!(
                    "funds whose amount is not known, or only about, count at their least: {cells}"
                ),
            });
        }
    } else {
        part.note(match lang {
            Lang::Zh => format!("入选 {count}；细则没有资金限制"),
            Lang::En => format!("{count} chosen; the score sheet sets no budget"),
        });
    }
    for (quota, state) in ranking.sheet.quotas.iter().zip(&ranking.chosen.quotas) {
        part.row([
            Said::text(quota.words.in_lang(lang)),
            Said::Number(state.counted, 0),
            Said::Number(state.whole, 0),
            Said::Share(state.share()),
            match (quota.at_most, quota.most) {
                (Some(limit), _) => Said::Share(limit),
                (_, most) => Said::any(most, |most| Said::Number(most, 0)),
            },
            Said::count(state.members),
        ]);
    }
    part
}
