//! Rates of published figures year by year, and of people who left: what is told of them everywhere.

use std::collections::BTreeMap;

use crate::audit::Audit;
use crate::measure::{item_unit, item_words, rates as known_rates};
use crate::quantity::{Interval, fixed, number, percent};
use crate::tally::{Point, Series};
use crate::words::Lang;

use super::paper::{Part, Said, shares};
use super::sentence::division;

/// What places are called, by their codes.
pub type Names = BTreeMap<String, String>;

/// Every series of a rate, with its working; a year without figures stays a gap.
pub fn rates(audit: &Audit, names: &Names, lang: Lang) -> Vec<Part> {
    audit.series.iter().map(|series| part(series, names, lang)).collect()
}

/// What a series is called: the rate, its unit, the place.
pub fn name(series: &Series, names: &Names, lang: Lang) -> String {
    let unit = item_unit(series.item).expect("rates have units");
    let unit = match lang.pick(unit.zh, unit.en) {
        "" => String::new(),
        unit => lang.pick(&format!("（{unit}）"), &format!(" ({unit})")).to_owned(),
    };
    let place = series.place.as_ref().map(|code| names.get(code).unwrap_or(code));
    let place: Vec<&str> =
        [place, series.part.as_ref()].into_iter().flatten().map(String::as_str).collect();
    format!("{}{unit} {}", item_words(series.item).in_lang(lang), place.join(" "))
}

fn part(series: &Series, names: &Names, lang: Lang) -> Part {
    let headings = match lang {
        Lang::Zh => ["年份", "数值", "算式", "印出"],
        Lang::En => ["year", "value", "working", "printed"],
    };
    let mut part = Part::new(&name(series, names, lang), headings, usize::MAX);
    for Point { period, rate } in &series.points {
        let Some(found) = rate else {
            let gap = Said::text(lang.pick("无数据", "no figures"));
            part.row([Said::text(period), Said::Nothing, gap, Said::Nothing]);
            continue;
        };
        let printed = found.printed.as_ref().and_then(|figure| figure.stated);
        part.row([
            Said::text(period),
            Said::text(value(series, found.value, lang)),
            Said::text(division(found, lang)),
            printed.map_or(Said::Nothing, |value| Said::text(number(value, 2))),
        ]);
    }
    part
}

/// A value of a series: with all its decimals, so that a column of them lines up.
pub fn value(series: &Series, value: Interval, lang: Lang) -> String {
    let rate = known_rates().iter().find(|rate| rate.item == series.item);
    let unit = rate.expect("a series is of a known rate").unit();
    match (unit.code == "ratio", value.is_exact()) {
        (true, _) => shares(value),
        (false, true) => fixed(value.low, unit.decimals),
        (false, false) => value.text(unit.decimals, lang),
    }
}

/// How many left of those recruited, a line for each period.
pub fn attrition(audit: &Audit, lang: Lang) -> Vec<String> {
    let line = |one: &crate::measure::Attrition| {
        let period = one.period.as_deref().unwrap_or_default();
        let name = lang.pick("流失率（流失 ÷ 招录）", "Attrition (left ÷ recruited)");
        let rate = one.rate().map_or_else(|| lang.pick("不明", "unknown").to_owned(), percent);
        let (left, recruited) = (one.left.text(0, lang), one.recruited.text(0, lang));
        format!("{name} {period}{}{left} ÷ {recruited} = {rate}", lang.pick("：", ": "))
    };
    audit.attrition.iter().map(line).collect()
}
