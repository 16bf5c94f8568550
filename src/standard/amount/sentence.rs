//! The printed faces: the rule as a phrase, and its arithmetic with a subject's numbers in it.

use crate::quantity::{Interval, Unit, number};
use crate::words::{Lang, Words};

use super::{Amount, Band, Base, Count, Step};

impl Count {
    fn words(self) -> Option<Words> {
        match self {
            Count::Proportional => None,
            Count::Started => Some(Words::new("不足一份按一份计", "a part counts whole")),
            Count::Complete => Some(Words::new("只计足份", "only whole lots count")),
        }
    }
}

/// A number as it is written in rules: exactly, with as many decimals as it has.
fn exact(value: f64) -> String {
    let shown = value.to_string();
    let decimals = shown.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    number(value, decimals)
}

/// A share: in per mille below one per cent, else in per cent, without binary noise.
fn share(value: f64) -> String {
    let (scaled, sign) = if value < 0.01 { (value * 1000.0, "‰") } else { (value * 100.0, "%") };
    format!("{}{sign}", exact((scaled * 1e9).round() / 1e9))
}

fn with_unit(value: f64, unit: Option<Unit>) -> Words {
    let shown = exact(value);
    match unit {
        Some(unit) if !unit.zh.is_empty() => {
            Words::new(format!("{shown} {}", unit.zh), format!("{shown} {}", unit.en))
        }
        _ => Words::same(shown),
    }
}

/// The range of a step as a phrase: `不满 2,000 户`, `2,000 户以上（含）、不满 3,000 户`.
fn range(step: &Step, unit: Option<Unit>) -> Words {
    let bound = |(value, closed): (f64, bool), words: [(&str, &str); 2]| {
        let (zh, en) = words[usize::from(closed)];
        let value = with_unit(value, unit);
        Words::new(format!("{zh} {}", value.zh), format!("{en} {}", value.en))
    };
    let from = step.from.map(|from| bound(from, [("超过", "more than"), ("不少于", "at least")]));
    let to = step.to.map(|to| bound(to, [("不满", "less than"), ("不超过", "at most")]));
    match (from, to) {
        (Some(from), Some(to)) => {
            Words::new(format!("{}、{}", from.zh, to.zh), format!("{} and {}", from.en, to.en))
        }
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Words::new("任何规模", "any size"),
    }
}

/// The range of a band, from the one before it.
fn band(from: Option<f64>, band: &Band, unit: Option<Unit>) -> Words {
    let from = from.map(|from| with_unit(from, unit));
    let to = band.up_to.map(|to| with_unit(to, unit));
    match (from, to) {
        (None, Some(to)) => Words::new(format!("{} 以内", to.zh), format!("up to {}", to.en)),
        (Some(from), None) => {
            Words::new(format!("超过 {} 部分", from.zh), format!("beyond {}", from.en))
        }
        (Some(from), Some(to)) => Words::new(
            format!("超过 {} 至 {} 部分", from.zh, to.zh),
            format!("from {} to {}", from.en, to.en),
        ),
        (None, None) => Words::new("全部", "all of it"),
    }
}

impl Amount {
    /// The rule as a phrase: `每 100 户（户数）30 ㎡`, `30 m² per 100 households (households)`.
    pub fn sentence(&self, unit: Unit) -> Words {
        let own = |value: f64| with_unit(value, Some(unit));
        let join = |parts: &[Amount], zh: &str, en: &str| {
            let all: Vec<Words> = parts.iter().map(|part| part.sentence(unit)).collect();
            let texts = |pick: fn(&Words) -> &str| all.iter().map(pick).collect::<Vec<_>>();
            Words::new(
                format!("{zh}（{}）", texts(|w| &w.zh).join("；")),
                format!("{en} ({})", texts(|w| &w.en).join("; ")),
            )
        };
        match self {
            Amount::Fixed(value) => own(*value),
            Amount::Per { rate, lot, base, count } => {
                let (rate, lot) = (own(*rate), with_unit(*lot, base.unit));
                let count = count.words();
                // `100 户（户数）` says nothing more than `100 户`.
                let plain = base.unit.is_some_and(|unit| {
                    base.words.zh.strip_suffix('数') == Some(unit.zh) || base.words.en == unit.en
                });
                let named = Some(&base.words).filter(|_| !plain);
                let notes: Vec<&Words> = named.into_iter().chain(&count).collect();
                let bracket = |pick: fn(&Words) -> &str, [open, comma, close]: [&str; 3]| {
                    let texts: Vec<&str> = notes.iter().map(|words| pick(words)).collect();
                    let inside = texts.join(comma);
                    if inside.is_empty() { inside } else { format!("{open}{inside}{close}") }
                };
                let zh = bracket(|words| &words.zh, ["（", "，", "）"]);
                let en = bracket(|words| &words.en, [" (", ", ", ")"]);
                Words::new(
                    format!("每 {}{zh} {}", lot.zh, rate.zh),
                    format!("{} per {}{en}", rate.en, lot.en),
                )
            }
            Amount::Share { share: part, base } => Words::new(
                format!("{}的 {}", base.words.zh, share(*part)),
                format!("{} of the {}", share(*part), base.words.en),
            ),
            Amount::Steps { base, steps } => {
                let lines = steps.iter().map(|step| {
                    let (range, amount) = (range(step, base.unit), step.amount.sentence(unit));
                    Words::new(
                        format!("{}：{}", range.zh, amount.zh),
                        format!("{}: {}", range.en, amount.en),
                    )
                });
                let lines: Vec<Words> = lines.collect();
                let lines = Words::join(&lines);
                Words::new(
                    format!("按{}分档（{}）", base.words.zh, lines.zh),
                    format!("by {} ({})", base.words.en, lines.en),
                )
            }
            Amount::Marginal { base, bands } => {
                let mut from = None;
                let mut lines = Vec::new();
                for one in bands {
                    let (range, rate) = (band(from, one, base.unit), share(one.rate));
                    lines.push(Words::new(
                        format!("{} {rate}", range.zh),
                        format!("{rate} {}", range.en),
                    ));
                    from = one.up_to;
                }
                let lines = Words::join(&lines);
                Words::new(
                    format!("按{}分段累计（{}）", base.words.zh, lines.zh),
                    format!("by bands of the {} ({})", base.words.en, lines.en),
                )
            }
            Amount::BaseStep { start, base, up_to, add, lot, count } => {
                let (start, add) = (own(*start), own(*add));
                let (up_to, lot) = (with_unit(*up_to, base.unit), with_unit(*lot, base.unit));
                let count = count.words().unwrap_or(Words::new("按比例", "in proportion"));
                Words::new(
                    format!(
                        "{} {} 以内 {}，超过部分每 {} 增加 {}（{}）",
                        base.words.zh, up_to.zh, start.zh, lot.zh, add.zh, count.zh
                    ),
                    format!(
                        "{} up to {}: {}, and for each further {}: {} ({})",
                        base.words.en, up_to.en, start.en, lot.en, add.en, count.en
                    ),
                )
            }
            Amount::Greatest(parts) => join(parts, "以下较大者", "the greatest of"),
            Amount::Least(parts) => join(parts, "以下较小者", "the least of"),
            Amount::Sum(parts) => join(parts, "以下之和", "the sum of"),
            Amount::Clamp { amount, low, high } => {
                let (amount, low, high) = (amount.sentence(unit), own(*low), own(*high));
                Words::new(
                    format!("{}，且不少于 {}、不超过 {}", amount.zh, low.zh, high.zh),
                    format!("{}, but at least {} and at most {}", amount.en, low.en, high.en),
                )
            }
            Amount::Range { low, high } => {
                let (low, high) = (low.sentence(unit), high.sentence(unit));
                Words::new(
                    format!("{}（下限，须达到）至 {}（上限，为建议）", low.zh, high.zh),
                    format!(
                        "{} (the lower end binds) to {} (the upper is advice)",
                        low.en, high.en
                    ),
                )
            }
            Amount::About { value, tolerance } => {
                let (value, tolerance) = (own(*value), share(*tolerance));
                Words::new(
                    format!("以 {} 为宜（容许低 {tolerance}）", value.zh),
                    format!("about {} ({tolerance} less is allowed)", value.en),
                )
            }
            Amount::Each { each, capacity } => {
                let (each, capacity) = (own(*each), capacity.sentence(PLACES));
                Words::new(
                    format!("每位 {}，位数为{}", each.zh, capacity.zh),
                    format!("{} for each place, with {}", each.en, capacity.en),
                )
            }
            Amount::ValueOf(base) => base.words.clone(),
        }
    }

    /// The arithmetic for one subject: `户数 1,400 户 ÷ 100 × 60 = 840 ㎡`.
    pub fn working(&self, unit: Unit, base: &dyn Fn(&str) -> Interval, lang: Lang) -> String {
        let result = unit.print(self.at(base), lang);
        let named = |of: &Base| {
            let known = base(&of.column);
            let value = of.unit.map_or_else(|| known.text(2, lang), |unit| unit.print(known, lang));
            format!("{} {value}", of.words.in_lang(lang))
        };
        let inner = |part: &Amount| part.working(unit, base, lang);
        let join = |name: &str, parts: &[Amount]| {
            let all: Vec<String> = parts.iter().map(inner).collect();
            let (open, close) = (lang.pick("（", " ("), lang.pick("）", ")"));
            format!("{name}{open}{}{close} = {result}", all.join(lang.pick("；", "; ")))
        };
        let note = |count: &Count| {
            count.words().map_or(String::new(), |words| match lang {
                Lang::Zh => format!("（{}）", words.zh),
                Lang::En => format!(" ({})", words.en),
            })
        };
        match self {
            Amount::Fixed(_) | Amount::About { .. } => result,
            Amount::ValueOf(of) => format!("{} = {result}", of.words.in_lang(lang)),
            Amount::Per { rate, lot, base: of, count } => {
                let (of, note) = (named(of), note(count));
                format!("{of} ÷ {}{note} × {} = {result}", exact(*lot), exact(*rate))
            }
            Amount::Share { share: part, base: of } => {
                format!("{} × {} = {result}", named(of), share(*part))
            }
            Amount::Steps { base: of, steps } => {
                let known = base(&of.column);
                let reached: Vec<String> = steps
                    .iter()
                    .filter_map(|step| {
                        let part = step.part(known)?;
                        let inside =
                            |column: &str| if column == of.column { part } else { base(column) };
                        let there = step.amount.working(unit, &inside, lang);
                        let colon = lang.pick("：", ": ");
                        Some(format!("{}{colon}{there}", range(step, of.unit).in_lang(lang)))
                    })
                    .collect();
                let comma = lang.pick("，", ", ");
                format!("{}{comma}{}", named(of), reached.join(lang.pick("；", "; ")))
            }
            Amount::Marginal { base: of, bands } => {
                let rates: Vec<String> = bands.iter().map(|band| share(band.rate)).collect();
                let name = lang.pick("分段累计", "by bands");
                format!("{} {name} {} = {result}", named(of), rates.join(" / "))
            }
            Amount::BaseStep { start, base: of, up_to, add, lot, count } => {
                let (of, start, up_to) = (named(of), exact(*start), exact(*up_to));
                let (lot, add, note) = (exact(*lot), exact(*add), note(count));
                let over = base_over(self, base);
                if over == Interval::exactly(0.0) {
                    let within = lang.pick("以内", "or less");
                    return format!("{of}，{up_to} {within} = {result}")
                        .replace('，', lang.pick("，", ", "));
                }
                format!("{start} + ({of} − {up_to}) ÷ {lot}{note} × {add} = {result}")
            }
            Amount::Greatest(parts) => join(lang.pick("取大", "the greatest of"), parts),
            Amount::Least(parts) => join(lang.pick("取小", "the least of"), parts),
            Amount::Sum(parts) => join(lang.pick("合计", "the sum of"), parts),
            Amount::Clamp { amount, low, high } => {
                let (amount, low, high) = (inner(amount), exact(*low), exact(*high));
                match lang {
                    Lang::Zh => format!("{amount}，限于 {low}–{high} = {result}"),
                    Lang::En => format!("{amount}, held to {low}–{high} = {result}"),
                }
            }
            Amount::Range { low, high } => {
                let advice = lang.pick("；建议不超过 ", "; advised not above ");
                format!("{}{advice}{}", inner(low), inner(high))
            }
            Amount::Each { each, capacity } => {
                format!("{} × {} = {result}", capacity.working(PLACES, base, lang), exact(*each))
            }
        }
    }
}

/// How far the base lies above the limit of a base-and-step amount.
fn base_over(amount: &Amount, base: &dyn Fn(&str) -> Interval) -> Interval {
    let Amount::BaseStep { base: of, up_to, .. } = amount else {
        return Interval::exactly(0.0);
    };
    let known = base(&of.column);
    Interval::between((known.low - up_to).max(0.0), (known.high - up_to).max(0.0))
}

/// Capacities are counted in places.
const PLACES: Unit = Unit { code: "places", zh: "个位", en: "places", decimals: 2, scale: 1 };
