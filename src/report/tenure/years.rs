//! Rents and shares over the years, and targets, as parts of the report.

use crate::audit::Audit;
use crate::plan::{Level, Outlook, Tenures, YearRent, YearSum};
use crate::quantity::{Interval, fixed, number};
use crate::words::Lang;

use super::super::paper::{Part, Said, ten_thousand};
use super::{SHOWN, wan};

/// The sum of one year: with its gaps said.
fn year_sum(sum: Option<YearSum>, lang: Lang) -> Said {
    let Some(sum) = sum else { return Said::Nothing };
    let known = ten_thousand(sum.rent.low);
    let gaps = sum.gaps;
    if sum.known == 0 {
        return Said::text(match lang {
            Lang::Zh => format!("缺（{gaps}）"),
            Lang::En => format!("missing ({gaps})"),
        });
    }
    match (sum.gaps, lang) {
        (0, _) if sum.rent.is_exact() => Said::Number(sum.rent.low / 10_000.0, 2),
        (0, _) => wan(sum.rent),
        (gaps, Lang::Zh) => Said::text(format!("≥ {known}（缺 {gaps}）")),
        (gaps, Lang::En) => Said::text(format!("≥ {known} ({gaps} missing)")),
    }
}

pub fn years(found: &Tenures, lang: Lang) -> Part {
    let years = found.years.years.iter().map(i32::to_string);
    let headings = [lang.pick("地区或用房", "place or room").to_owned()].into_iter().chain(years);
    let mut part =
        Part::new(lang.pick("历年租金（万元）", "Rent by year (×10,000 yuan)"), headings, SHOWN);
    if found.years.rooms.is_empty() {
        return part;
    }
    part.note(lang.pick(
        "空缺的年份是空缺，不补；“缺”是有行而无数、或首末年份之间没有行的用房处数；“—”是该处首末年份之外",
        "a year without a figure is a gap and is not filled; `missing` counts rooms whose cell is blank, or that have no row between their first and last year; `—` lies outside these",
    ));
    for place in found.places.iter().filter(|place| place.level != Level::Community) {
        let sums = found.rents_of(place);
        if sums.iter().all(Option::is_none) {
            continue;
        }
        let label =
            if place.level == Level::All { lang.pick("全部", "all") } else { &place.label };
        let cells = sums.iter().map(|sum| year_sum(*sum, lang));
        part.row([Said::text(label)].into_iter().chain(cells));
        if place.level == Level::All {
            let label = lang.pick(
                "全部，元/㎡·年（租金、面积都已知的）",
                "all, yuan/m² a year (rent and area known)",
            );
            let rates = sums.iter().map(|sum| {
                Said::any(sum.and_then(|sum| sum.per_m2), |(rent, _)| Said::Range(rent, 1))
            });
            part.row([Said::text(label)].into_iter().chain(rates));
        }
    }
    for room in &found.years.rooms {
        let cells = room.rents.iter().map(|rent| match rent {
            YearRent::Outside => Said::Nothing,
            YearRent::Gap => Said::text(lang.pick("缺", "missing")),
            YearRent::Paid(rent) => wan(*rent),
        });
        part.row([Said::text(&room.label)].into_iter().chain(cells));
    }
    part
}

pub fn past(found: &Tenures, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("历年租赁率", "Rented share by year"),
        match lang {
            Lang::Zh => ["年份", "核查日", "社区", "租赁率（按社区）"],
            Lang::En => ["year", "as of", "communities", "rented share, by communities"],
        },
        SHOWN,
    );
    let (Some(first), Some(last)) = (found.shares.first(), found.shares.last()) else {
        return part;
    };
    // This year alone is said above.
    if found.shares.len() < 2 {
        return part;
    }
    for year in first.year..=last.year {
        let of_year: Vec<_> = found.shares.iter().filter(|one| one.year == year).collect();
        if of_year.is_empty() {
            part.row([
                Said::text(year.to_string()),
                Said::Nothing,
                Said::Nothing,
                Said::text(lang.pick("缺", "missing")),
            ]);
        }
        for one in of_year {
            part.row([
                Said::text(year.to_string()),
                Said::text(&one.day),
                Said::count(one.communities),
                Said::any(one.share, Said::Shares),
            ]);
        }
    }
    part
}

/// Rates of published tables that are of rents.
pub fn published(audit: &Audit, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("公布的租金", "Published rents"),
        match lang {
            Lang::Zh => ["指标", "地方", "统计期", "数值", "分子", "分母"],
            Lang::En => ["rate", "place", "period", "value", "numerator", "denominator"],
        },
        SHOWN,
    );
    let of_rents = |item: &str| {
        let rate = crate::measure::rates().iter().find(|rate| rate.item == item);
        rate.is_some_and(|rate| {
            [&rate.numerator, &rate.denominator].iter().any(|one| one.contains("rent"))
        })
    };
    for series in audit.series.iter().filter(|series| of_rents(series.item)) {
        let place = [&series.place, &series.part].into_iter().flatten().cloned();
        let place = place.collect::<Vec<_>>().join(" ");
        let decimals = crate::measure::item_unit(series.item).map_or(2, |unit| unit.decimals);
        for point in &series.points {
            let figure = |value: Option<Interval>| Said::any(value, |value| Said::Range(value, 2));
            let rate = point.rate.as_ref();
            part.row([
                Said::text(crate::measure::item_words(series.item).in_lang(lang)),
                Said::text(&place),
                Said::text(&point.period),
                rate.map_or_else(
                    || Said::text(lang.pick("缺", "missing")),
                    |rate| Said::Range(rate.value, decimals),
                ),
                figure(rate.map(|rate| rate.numerator.value)),
                figure(rate.map(|rate| rate.denominator.value)),
            ]);
        }
    }
    part
}

fn span((first, last): (i16, i16)) -> String {
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

pub fn targets(found: &Tenures, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("目标", "Targets"),
        match lang {
            Lang::Zh => {
                ["租赁率不超过", "期限", "目前", "须退租的社区", "按计划达到", "按趋势达到", "出处"]
            }
            Lang::En => [
                "rented share at most",
                "by",
                "now",
                "communities to stop renting",
                "reached as planned",
                "reached by trend",
                "set by",
            ],
        },
        SHOWN,
    );
    for one in &found.outlooks {
        part.rows.push(target(one, lang));
    }
    part
}

fn target(one: &Outlook, lang: Lang) -> Vec<Said> {
    let target = &one.target;
    let (low, high) = one.must;
    let late = |years: (i16, i16)| {
        let text = span(years);
        match target.by {
            Some(by) if years.0 > by => {
                format!("{text}{}", lang.pick("（晚于期限）", " (too late)"))
            }
            Some(by) if years.1 > by => {
                format!("{text}{}", lang.pick("（可能晚于期限）", " (perhaps too late)"))
            }
            _ => text,
        }
    };
    let planned = one.planned.map(|years| {
        let pace = number(target.per_year.unwrap_or(0.0), 2);
        match lang {
            Lang::Zh => format!("{}：每年 {pace} 个", late(years)),
            Lang::En => format!("{}: {pace} a year", late(years)),
        }
    });
    let trend = one.trend.as_ref().map(|trend| {
        let change = |share: f64| fixed(share * 100.0, 1);
        let (low, high) = trend.per_year;
        let change = if change(low) == change(high) {
            change(low)
        } else {
            format!("{}–{}", change(low), change(high))
        };
        let reached = trend
            .year
            .map_or_else(|| lang.pick("按此不会达到", "not reached like this").to_owned(), late);
        match lang {
            Lang::Zh => {
                format!("{reached}：{}–{} 年平均每年 {change} 个百分点", trend.from, trend.until)
            }
            Lang::En => {
                format!("{reached}: {}–{}, {change} points a year", trend.from, trend.until)
            }
        }
    });
    vec![
        Said::Share(target.share),
        Said::any(target.by, |year| Said::text(year.to_string())),
        Said::any(one.now, Said::Shares),
        Said::Range(Interval::between(low as f64, high as f64), 0),
        Said::any(planned, Said::text),
        trend.map_or_else(|| Said::text(lang.pick("没有往年数据", "no earlier years")), Said::text),
        Said::any(target.source.clone(), Said::text),
    ]
}
