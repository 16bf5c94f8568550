//! Rent against purchase, as a part of the report.

use crate::plan::{Changed, Origin, Purchase, Tenures};
use crate::quantity::percent;
use crate::words::Lang;

use super::super::paper::{Part, Said};
use super::SHOWN;

fn origin(origin: Origin, lang: Lang) -> &'static str {
    match origin {
        Origin::Stated => lang.pick("项目写明", "stated by the project"),
        Origin::Community => lang.pick("本社区房源平均", "mean of the offers in the community"),
        Origin::District => lang.pick("本区县房源中位", "median of the offers in the district"),
        Origin::All => lang.pick("全部房源中位", "median of all offers"),
    }
}

fn year_or_never(even: Option<u32>, most: u32, lang: Lang) -> Said {
    match even {
        Some(year) => Said::Number(f64::from(year), 0),
        None => Said::text(match lang {
            Lang::Zh => format!("{most} 年内不回本"),
            Lang::En => format!("not in {most}"),
        }),
    }
}

fn changed(one: Changed, lang: Lang) -> String {
    match one {
        Changed::Rate(rate) => format!("{} {}", lang.pick("贴现率", "rate"), percent(rate)),
        Changed::Growth(growth) => {
            format!("{} {}", lang.pick("租金年增", "rent growth"), percent(growth))
        }
        Changed::Price(factor) => {
            let change = percent((factor - 1.0).abs());
            let sign = if factor < 1.0 { "−" } else { "+" };
            format!("{} {sign}{change}", lang.pick("单价", "price"))
        }
    }
}

pub fn purchases(found: &Tenures, lang: Lang) -> Part {
    let name = lang.pick("租购比较", "Rent against purchase");
    let Some(terms) = &found.terms else {
        let mut part = Part::new(name, [] as [&str; 0], 1);
        part.note(lang.pick(
            "未计算：项目文件没有写明 [tenure] 的 discount_rate、rent_growth、years（不替用户假定）",
            "not computed: the project states no discount_rate, rent_growth and years under [tenure]; none is assumed",
        ));
        return part;
    };
    let mut headings: Vec<String> = match lang {
        Lang::Zh => vec![
            "用房",
            "社区",
            "年租金（万元）",
            "单价（元/㎡）",
            "单价来源",
            "购置价（万元）",
            "租金现值（万元）",
            "第几年回本",
        ],
        Lang::En => vec![
            "room",
            "community",
            "rent (×10,000 yuan)",
            "price (yuan/m²)",
            "price from",
            "purchase (×10,000 yuan)",
            "rents today (×10,000 yuan)",
            "year it is even",
        ],
    }
    .into_iter()
    .map(str::to_owned)
    .collect();
    if let Some(first) = found.purchases.first() {
        headings.extend(first.others.iter().map(|(one, _)| changed(*one, lang)));
    }
    headings.push(lang.pick("数据", "cells").to_owned());
    let mut part = Part::new(name, headings, SHOWN);
    let (rate, growth) = (percent(terms.discount_rate), percent(terms.rent_growth));
    part.note(match lang {
        Lang::Zh => format!("贴现率 {rate}，租金年增 {growth}（项目写明）；租金按年初支付，累计现值达到购置价的那一年为回本；最多看 {} 年，“租金现值”是这些年的租金合计现值，低于它购置才划算；不计残值、装修和维护", terms.years),
        Lang::En => format!("discount rate {rate}, rents grow {growth} a year (stated by the project); rents are paid at the start of each year, and it is even in the year in which their present value reaches the price; {} years at most, and `rents today` is what all of these are worth: buying for less pays; residual value, fitting out and upkeep left out", terms.years),
    });
    for one in &found.purchases {
        part.rows.push(purchase(found, one, terms.years, lang));
    }
    if !found.not_compared.is_empty() {
        let names: Vec<&str> =
            found.not_compared.iter().map(|at| found.rooms[*at].label.as_str()).collect();
        let names = names.join(lang.pick("、", ", "));
        part.note(match lang {
            Lang::Zh => format!("租金、建筑面积或单价不明，不能比较：{names}"),
            Lang::En => format!("rent, floor area or price not known, not compared: {names}"),
        });
    }
    part
}

fn purchase(found: &Tenures, one: &Purchase, most: u32, lang: Lang) -> Vec<Said> {
    let room = &found.rooms[one.room];
    let home = room.home.as_deref();
    let home = Said::any(home, |home| Said::subject("community", home, found.label(home)));
    let mut row = vec![
        Said::text(&room.label),
        home,
        Said::Number(one.rent / 10_000.0, 2),
        Said::Number(one.price.yuan, 0),
        Said::text(origin(one.price.from, lang)),
        Said::Number(one.cost / 10_000.0, 2),
        Said::Number(one.worth / 10_000.0, 2),
        year_or_never(one.even, most, lang),
    ];
    row.extend(one.others.iter().map(|(_, even)| year_or_never(*even, most, lang)));
    let cells: Vec<&str> = std::iter::once(room.rent_cell.as_str())
        .chain(one.price.cells.iter().map(String::as_str))
        .collect();
    row.push(Said::text(cells.join(lang.pick("、", ", "))));
    row
}
