//! What is easier to look at than to read.

use std::collections::BTreeMap;

use crate::assessment::Outcome;
use crate::audit::Audit;
use crate::plan::{Ends, Ranking, Standing, Tenures, YearSum};
use crate::quantity::{number, percent};
use crate::standard::Force;
use crate::tally::{Point, Series};
use crate::words::Lang;

use super::super::paper::{shares, ten_thousand};
use super::super::published::{self, Names};
use super::super::tenure::ends_words;
use super::build::counted;
use super::places::Places;
use super::svg::{Bar, Year, bars, columns};
use super::view::{Chart, Legend};

/// So many requirements are drawn by district, and so many subjects by what they lack.
const DRAWN: usize = 12;

fn outcome_legend(lang: Lang) -> Vec<Legend> {
    let classes =
        [("met", Outcome::Met), ("unknown", Outcome::Unknown), ("not-met", Outcome::NotMet)];
    let one = |(class, outcome): (&'static str, Outcome)| Legend {
        class,
        label: outcome.words().in_lang(lang).to_owned(),
        count: 0,
    };
    classes.map(one).into()
}

/// The rate of each requirement by district, with what is not known.
pub fn rates(audit: &Audit, places: &Places, lang: Lang) -> impl Iterator<Item = Chart> {
    let mut charts = Vec::new();
    for tally in &audit.tallies {
        let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        let shown = ["threshold", "handover", "synchrony"].contains(&requirement.measure.check);
        if requirement.force == Force::Indicator || !shown || charts.len() >= DRAWN {
            continue;
        }
        let mut by: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
        for one in &audit.assessments {
            if one.pack != tally.pack || one.requirement != tally.requirement {
                continue;
            }
            let at = match one.outcome {
                Outcome::Met => 0,
                Outcome::Unknown => 1,
                Outcome::NotMet => 2,
                Outcome::NotApplicable => continue,
            };
            by.entry(places.name(one)).or_default()[at] += 1;
        }
        // One place says no more than the table does.
        if by.len() < 2 {
            continue;
        }
        let name = requirement.words.in_lang(lang);
        let rows: Vec<Bar> = by
            .into_iter()
            .map(|(place, counts)| {
                let all: usize = counts.iter().sum();
                let share = |count: usize| count as f64 / all as f64;
                let tip = |outcome: Outcome, count: usize| {
                    format!("{} {}", outcome.words().in_lang(lang), counted(count, all))
                };
                let range = crate::quantity::Interval::between(
                    share(counts[0]),
                    share(counts[0] + counts[1]),
                );
                Bar {
                    label: if place.is_empty() {
                        lang.pick("地区不明", "place not known").to_owned()
                    } else {
                        place.to_owned()
                    },
                    parts: vec![
                        ("met", share(counts[0]), tip(Outcome::Met, counts[0])),
                        ("unknown", share(counts[1]), tip(Outcome::Unknown, counts[1])),
                        ("not-met", share(counts[2]), tip(Outcome::NotMet, counts[2])),
                    ],
                    value: format!("{} · {}", shares(range), all),
                    mark: None,
                }
            })
            .collect();
        let caption = match lang {
            Lang::Zh => format!("{name}：各地达标率 · 个数"),
            Lang::En => format!("{name}: rate met by place · how many"),
        };
        charts.push(Chart {
            svg: bars(&caption, &rows, 1.0),
            caption,
            legend: outcome_legend(lang),
        });
    }
    charts.into_iter()
}

/// Who lacks most, by requirement on areas.
pub fn shortfalls(audit: &Audit, lang: Lang) -> impl Iterator<Item = Chart> {
    let mut charts = Vec::new();
    for tally in &audit.tallies {
        let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        let of_area = tally.unit.is_some_and(|unit| unit.code == "m2");
        if requirement.force == Force::Indicator
            || !of_area
            || requirement.measure.check != "threshold"
        {
            continue;
        }
        let mut short: Vec<_> = audit
            .assessments
            .iter()
            .filter(|one| one.pack == tally.pack && one.requirement == tally.requirement)
            .filter(|one| one.shortfall.low > 0.0)
            .collect();
        short.sort_by(|a, b| {
            b.shortfall.low.total_cmp(&a.shortfall.low).then(a.label.cmp(&b.label))
        });
        let most = short.first().map_or(0.0, |one| one.shortfall.low);
        if short.len() < 2 || charts.len() >= 4 {
            continue;
        }
        let unit = tally.unit.expect("areas have a unit");
        let total = short.len();
        let rows: Vec<Bar> = short
            .into_iter()
            .take(DRAWN)
            .map(|one| Bar {
                label: one.label.clone(),
                parts: vec![("not-met", one.shortfall.low, unit.print(one.shortfall, lang))],
                value: unit.print(one.shortfall, lang),
                mark: None,
            })
            .collect();
        let (name, shown) = (requirement.words.in_lang(lang), rows.len());
        let caption = match lang {
            Lang::Zh => format!("{name}：缺口最大的 {shown} 个（共 {total} 个）"),
            Lang::En => format!("{name}: the {shown} that lack most (of {total})"),
        };
        charts.push(Chart { svg: bars(&caption, &rows, most), caption, legend: Vec::new() });
    }
    charts.into_iter()
}

/// Every published rate over several periods.
pub fn series(audit: &Audit, names: &Names, lang: Lang) -> impl Iterator<Item = Chart> {
    let several =
        |series: &&Series| series.points.iter().filter(|one| one.rate.is_some()).count() > 1;
    let all = audit.series.iter().filter(several).take(DRAWN);
    all.map(move |series| {
        let caption = published::name(series, names, lang);
        let year = |point: &Point| {
            let known = point.rate.as_ref().map(|rate| rate.value);
            let missing = || lang.pick("缺", "missing").to_owned();
            Year {
                label: point.period.clone(),
                value: known.map(|value| value.low),
                open: known.is_some_and(|value| !value.is_exact()),
                tip: known.map_or_else(missing, |value| published::value(series, value, lang)),
            }
        };
        let years: Vec<Year> = series.points.iter().map(year).collect();
        Chart { svg: columns(&caption, &years), caption, legend: Vec::new() }
    })
}

/// Rent and lease ends, rents and shares over the years.
pub fn renting(audit: &Audit, found: &Tenures, lang: Lang) -> Vec<Chart> {
    let mut charts = Vec::new();
    let _ = audit;
    if found.leases.len() > 1 {
        let most = found.leases.iter().map(|one| one.rent.low).fold(0.0, f64::max);
        let rows: Vec<Bar> = found
            .leases
            .iter()
            .map(|one| {
                let (rooms, rent) = (one.rooms.len(), ten_thousand(one.rent.low));
                let text = match lang {
                    Lang::Zh => format!("{rent} 万元 · {rooms} 处"),
                    Lang::En => format!("{rent} ×10,000 yuan · {rooms}"),
                };
                let class = match one.ends {
                    Ends::Before | Ends::PerhapsBefore => "not-met",
                    Ends::Unknown => "unknown",
                    Ends::NotBegun => "na",
                    _ => "rented",
                };
                let label = ends_words(&one.ends).in_lang(lang).to_owned();
                let label = label.split(['（', '(']).next().unwrap_or_default().trim().to_owned();
                Bar {
                    label,
                    parts: vec![(class, one.rent.low, text.clone())],
                    value: text,
                    mark: None,
                }
            })
            .collect();
        let caption = lang
            .pick("租约到期：年租金与处数", "leases ending: rent a year, and how many")
            .to_owned();
        charts.push(Chart { svg: bars(&caption, &rows, most), caption, legend: Vec::new() });
    }
    let sums = found.rents();
    if sums.len() > 1 {
        let year = |(year, sum): (&i32, Option<YearSum>)| {
            let sum = sum.filter(|sum| sum.known > 0);
            let open = sum.is_some_and(|sum| sum.gaps > 0);
            let tip = sum.map_or(lang.pick("缺", "missing").to_owned(), |sum| {
                let rent = ten_thousand(sum.rent.low);
                if open { format!("≥ {rent}") } else { rent }
            });
            Year { label: year.to_string(), value: sum.map(|sum| sum.rent.low), open, tip }
        };
        let years: Vec<Year> = found.years.years.iter().zip(sums).map(year).collect();
        let caption = lang
            .pick(
                "历年租金（万元）；有空缺的年份只能说“至少”",
                "rent by year (×10,000 yuan); a year with gaps is `at least`",
            )
            .to_owned();
        charts.push(Chart { svg: columns(&caption, &years), caption, legend: Vec::new() });
    }
    if found.shares.len() > 1 {
        let (first, last) = (found.shares[0].year, found.shares[found.shares.len() - 1].year);
        let rows: Vec<Bar> = (first..=last)
            .map(|year| {
                let one = found.shares.iter().rev().find(|one| one.year == year);
                let share = one.and_then(|one| one.share);
                Bar {
                    label: year.to_string(),
                    parts: share.map_or(Vec::new(), |share| {
                        vec![
                            ("rented", share.low, percent(share.low)),
                            ("unknown", share.high - share.low, shares(share)),
                        ]
                    }),
                    value: share.map_or(lang.pick("缺", "missing").to_owned(), shares),
                    mark: None,
                }
            })
            .collect();
        let caption =
            lang.pick("历年租赁率（按社区）", "rented share by year, by communities").to_owned();
        charts.push(Chart { svg: bars(&caption, &rows, 1.0), caption, legend: Vec::new() });
    }
    charts
}

/// The order with its stability: the bar is how often each is at the top under weights nearby.
pub fn ranking(ranking: &Ranking, lang: Lang) -> Vec<Chart> {
    let Some(stability) = &ranking.stability else { return Vec::new() };
    let top = stability.top;
    let rows: Vec<Bar> = ranking
        .order
        .iter()
        .enumerate()
        .take(2 * DRAWN)
        .filter_map(|(position, at)| {
            let one = &ranking.candidates[*at];
            let Standing::Ranked { place, total, .. } = &one.standing else { return None };
            let (near, any) = (stability.near[position], stability.any[position]);
            let chosen = ranking.choice(position).is_chosen();
            Some(Bar {
                label: format!("{place} {}", one.subject.label),
                parts: vec![(if chosen { "met" } else { "na" }, near, percent(near))],
                value: format!("{} · {}", number(*total, 2), percent(any)),
                mark: Some(any),
            })
        })
        .collect();
    let caption = match lang {
        Lang::Zh => format!(
            "名次与稳定性：条长是邻近权重下进入前 {top} 的比例，竖线是任意权重下的比例；右为总分"
        ),
        Lang::En => format!(
            "places and stability: the bar is how often each is among the first {top} with weights nearby, the mark with any weights; points to the right"
        ),
    };
    let legend = vec![
        Legend { class: "met", label: lang.pick("入选", "chosen").to_owned(), count: 0 },
        Legend { class: "na", label: lang.pick("未入选", "not chosen").to_owned(), count: 0 },
    ];
    vec![Chart { svg: bars(&caption, &rows, 1.0), caption, legend }]
}
