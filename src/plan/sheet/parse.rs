//! Reading a score sheet, with every mistake placed.

mod draw;
mod points;
mod weigh;

pub(crate) use draw::is_drawn;

use std::collections::BTreeSet;

use crate::document::{Document, Fields, Value};
use crate::error::Result;
use crate::inventory::subject_table;
use crate::standard::{Evidence, conditions, titled};
use crate::words::Words;

use super::super::method::{Better, Method};
use super::{Budget, Expert, Gate, Indicator, Quota, ScoreSheet, Weigh};

/// What starts the random weights unless the sheet says otherwise; printed with every ranking.
const SEED: u64 = 1;
/// How many random weights are drawn unless the sheet says otherwise.
const DRAWS: usize = 10_000;
/// How far nearby weights reach unless the sheet says otherwise.
const NEAR: f64 = 0.2;
/// What can be ranked.
const SUBJECTS: &[(&str, &str)] = &[("community", "community"), ("estate", "estate")];

pub fn parse(file: &str, text: &str) -> Result<ScoreSheet> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Document::new(file, text).read(|fields| sheet(fields, text))
}

fn sheet(fields: &Fields<'_>, text: &str) -> Option<ScoreSheet> {
    let id = fields.need_text("id");
    let (title, number) = (fields.text("title"), fields.text("number"));
    let issuer = fields.need_text("issuer");
    let issued = given(fields, "issued", |value| value.date());
    titled(fields, title.as_deref(), number.as_deref());
    let evidence = fields.need("evidence").and_then(|value| value.code(Evidence::CODES));
    let note = match fields.get("note") {
        Some(value) => value.fields().and_then(|fields| named(&fields)).map(Some),
        None => Some(None),
    };
    let subject = fields.need("subject").and_then(|value| value.code(SUBJECTS));
    let applies = match (fields.get("applies"), subject.and_then(subject_table)) {
        (Some(value), Some(table)) => value
            .fields()
            .and_then(|fields| conditions(&fields, &table.columns.iter().collect::<Vec<_>>())),
        _ => Some(Vec::new()),
    };
    let whole = |key, otherwise: f64, least: f64| match fields.get(key) {
        Some(value) => amount(&value).filter(|found| is_whole(&value, *found, least)),
        None => Some(otherwise),
    };
    let top = fields
        .need("top")
        .and_then(|value| amount(&value).filter(|found| is_whole(&value, *found, 1.0)));
    let seed = whole("seed", SEED as f64, 0.0);
    let draws = whole("draws", DRAWS as f64, 1.0);
    let choose =
        given(fields, "choose", |value| amount(value).filter(|found| is_whole(value, *found, 1.0)));
    let near = given(fields, "near", share);
    let sum = given(fields, "sum", positive);
    let weigh = fields.get("weights").map_or(Some(Weigh::Given), |value| weigh::weigh(&value));
    let method =
        fields.get("method").map_or(Some(Method::WeightedSum), |value| weigh::method(&value));
    let rows = fields.tables("indicator");
    let all: Vec<Option<Indicator>> = match subject {
        Some(subject) => rows.iter().map(|fields| indicator(fields, subject)).collect(),
        None => Vec::new(),
    };
    if rows.is_empty() {
        fields.report(Words::new("没有任何 [[indicator]]", "no [[indicator]] at all"), None);
    }
    let ids: Vec<String> = rows.iter().filter_map(|fields| fields.peek("id")).collect();
    report_repeated(&rows);
    let ties = match fields.get("ties") {
        Some(value) => ties(&value, &ids),
        None => Some(Vec::new()),
    };
    let (gates, quotas) = (fields.tables("gate"), fields.tables("quota"));
    report_repeated(&gates);
    report_repeated(&quotas);
    let subject_or_any = subject.unwrap_or("community");
    let gates: Vec<Option<Gate>> =
        gates.iter().map(|fields| gate(fields, subject_or_any)).collect();
    let quotas: Vec<Option<Quota>> =
        quotas.iter().map(|fields| quota(fields, subject_or_any)).collect();
    let budget = match fields.get("budget") {
        Some(value) => value.fields().and_then(|fields| budget(&fields, subject_or_any)).map(Some),
        None => Some(None),
    };
    let experts: Vec<Option<Expert>> =
        fields.tables("expert").iter().map(|fields| weigh::expert(fields, rows.len())).collect();
    if weigh.as_ref().is_some_and(weigh::needs_experts) && experts.is_empty() {
        fields.report(
            Words::new("ahp 要有 [[expert]] 的比较", "ahp needs the comparisons of an [[expert]]"),
            None,
        );
    }
    fields.finish();
    Some(ScoreSheet {
        id: id?,
        title,
        number,
        issuer: issuer?,
        issued: issued?,
        evidence: evidence?,
        note: note?,
        subject: subject?,
        applies: applies?,
        top: top? as usize,
        choose: choose?.map(|choose| choose as usize),
        seed: seed? as u64,
        draws: draws? as usize,
        near: near?.unwrap_or(NEAR),
        sum: sum?,
        weigh: weigh?,
        method: method?,
        ties: ties?,
        indicators: all.into_iter().collect::<Option<_>>()?,
        gates: gates.into_iter().collect::<Option<_>>()?,
        quotas: quotas.into_iter().collect::<Option<_>>()?,
        budget: budget?,
        experts: experts.into_iter().collect::<Option<_>>()?,
        text: text.to_owned(),
    })
}

/// The value of a key that may be absent; nothing when it is there and wrong.
fn given<T>(
    fields: &Fields<'_>,
    key: &'static str,
    read: impl Fn(&Value<'_>) -> Option<T>,
) -> Option<Option<T>> {
    match fields.get(key) {
        Some(value) => read(&value).map(Some),
        None => Some(None),
    }
}

fn named(fields: &Fields<'_>) -> Option<Words> {
    let (zh, en) = (fields.need_text("zh"), fields.need_text("en"));
    fields.finish();
    Some(Words::new(zh?, en?))
}

/// A number, or a fraction such as `"2/3"`.
fn amount(value: &Value<'_>) -> Option<f64> {
    if !value.is_text() {
        return value.number();
    }
    let text = value.text()?;
    let read = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let found = match text.split_once('/') {
        Some((above, below)) => {
            read(above).zip(read(below).filter(|below| *below != 0.0)).map(|(a, b)| a / b)
        }
        None => read(&text),
    };
    if found.is_none() {
        value.report(
            Words::new(format!("“{text}”不是数"), format!("`{text}` is no number")),
            Some(Words::new("如 0.5 或 \"2/3\"", "0.5, say, or \"2/3\"")),
        );
    }
    found
}

fn share(value: &Value<'_>) -> Option<f64> {
    let found = amount(value)?;
    if !(0.0..=1.0).contains(&found) {
        value.report(
            Words::new(
                format!("{found} 不在 0 与 1 之间"),
                format!("{found} is not between 0 and 1"),
            ),
            None,
        );
        return None;
    }
    Some(found)
}

fn is_whole(value: &Value<'_>, found: f64, least: f64) -> bool {
    let sound = found.fract() == 0.0 && found >= least && found <= 1e6;
    if !sound {
        value.report(
            Words::new(
                format!("{found} 不是从 {least} 到 1000000 的整数"),
                format!("{found} is no whole number from {least} to 1000000"),
            ),
            None,
        );
    }
    sound
}

fn report_repeated(all: &[Fields<'_>]) {
    let mut seen = BTreeSet::new();
    for fields in all {
        let Some(id) = fields.peek("id") else { continue };
        if !seen.insert(id.clone()) {
            fields.report(
                Words::new(format!("编号“{id}”重复"), format!("the id `{id}` is used twice")),
                None,
            );
        }
    }
}

fn ties(value: &Value<'_>, ids: &[String]) -> Option<Vec<usize>> {
    let known: Vec<&str> = ids.iter().map(String::as_str).collect();
    let found = value.one_or_more()?.into_iter().map(|id| {
        let at = known.iter().position(|known| *known == id);
        if at.is_none() {
            value.unknown_word(&id, &known);
        }
        at
    });
    found.collect()
}

fn indicator(fields: &Fields<'_>, subject: &'static str) -> Option<Indicator> {
    let id = fields.need_text("id");
    let (zh, en) = (fields.need_text("zh"), fields.need_text("en"));
    let clause = fields.text("clause");
    let from = fields.need("from").and_then(|value| draw::draw(&value, subject));
    let points = given(fields, "points", points::points);
    let better = fields.get("better").map_or(Some(Better::High), |value| value.code(Better::CODES));
    let range = given(fields, "range", pair);
    let weight = given(fields, "weight", not_negative);
    fields.finish();
    if let (Some(Some(points)), Some(Some(_))) = (&points, &range) {
        let _ = points;
        fields.report(
            Words::new(
                "points 已说明得分范围，不能再写 range",
                "points say their own range; leave range out",
            ),
            None,
        );
        return None;
    }
    Some(Indicator {
        id: id?,
        words: Words::new(zh?, en?),
        clause,
        from: from?,
        points: points?,
        better: better?,
        range: range?,
        weight: weight?,
    })
}

fn not_negative(value: &Value<'_>) -> Option<f64> {
    let found = amount(value)?;
    if found < 0.0 {
        value.report(Words::new(format!("{found} 是负数"), format!("{found} is negative")), None);
        return None;
    }
    Some(found)
}

fn positive(value: &Value<'_>) -> Option<f64> {
    let found = amount(value)?;
    if found <= 0.0 {
        value.report(
            Words::new(format!("{found} 不大于 0"), format!("{found} is not above 0")),
            None,
        );
        return None;
    }
    Some(found)
}

/// Two numbers, the first below the second: `[0, 100]`.
fn pair(value: &Value<'_>) -> Option<(f64, f64)> {
    let numbers: Vec<f64> = value.items()?.iter().map(|one| one.number()).collect::<Option<_>>()?;
    match numbers.as_slice() {
        [low, high] if low < high => Some((*low, *high)),
        _ => {
            value.report(
                Words::new("应为由小到大的两个数", "expected two numbers, the smaller first"),
                Some(Words::new("如 [0, 100]", "[0, 100], say")),
            );
            None
        }
    }
}

fn gate(fields: &Fields<'_>, subject: &'static str) -> Option<Gate> {
    let id = fields.need_text("id");
    let (zh, en) = (fields.need_text("zh"), fields.need_text("en"));
    let clause = fields.text("clause");
    let test = draw::test(fields, subject);
    fields.finish();
    Some(Gate { id: id?, words: Words::new(zh?, en?), clause, test: test? })
}

fn quota(fields: &Fields<'_>, subject: &'static str) -> Option<Quota> {
    let id = fields.need_text("id");
    let (zh, en) = (fields.need_text("zh"), fields.need_text("en"));
    let clause = fields.text("clause");
    let of = fields.need("of").and_then(|value| value.fields()).and_then(|fields| {
        let test = draw::test(&fields, subject);
        fields.finish();
        test
    });
    let counted = given(fields, "counted", |value| draw::draw(value, subject));
    let at_most = given(fields, "at_most", share);
    let most = given(fields, "most", not_negative);
    let whole = given(fields, "whole", positive);
    fields.finish();
    let (at_most, most) = (at_most?, most?);
    let whole = whole?;
    if most.is_some() && whole.is_some() {
        fields.report(
            Words::new("whole 只与 at_most（占比）同用", "whole goes only with at_most, a share"),
            None,
        );
        return None;
    }
    if at_most.is_some() == most.is_some() {
        fields.report(
            Words::new(
                "应写 at_most（占比）或 most（总数）之一",
                "give either at_most (a share) or most (a number)",
            ),
            None,
        );
        return None;
    }
    Some(Quota {
        id: id?,
        words: Words::new(zh?, en?),
        clause,
        of: of?,
        counted: counted?,
        at_most,
        whole,
        most,
    })
}

fn budget(fields: &Fields<'_>, subject: &'static str) -> Option<Budget> {
    let cost = fields.need("cost").and_then(|value| draw::draw(&value, subject));
    let amount = given(fields, "amount", not_negative);
    let year =
        given(fields, "year", |value| value.number().filter(|year| is_whole(value, *year, 1900.0)));
    let funds = fields.get("funds").map_or(Some(Vec::new()), |value| value.one_or_more());
    let stops = fields.flag("stops");
    fields.finish();
    let (amount, year) = (amount?, year?);
    if amount.is_some() && funds.as_ref().is_some_and(|funds| !funds.is_empty()) {
        fields.report(
            Words::new("funds 只与 year 同用", "funds go only with year"),
            Some(Words::new(
                "写明 amount 的，不取资金表",
                "with an amount, no list of budgets is used",
            )),
        );
        return None;
    }
    if amount.is_some() == year.is_some() {
        fields.report(
            Words::new(
                "应写 amount（元），或 year（取资金表该年的金额）之一",
                "give either amount, in yuan, or year, to take the money of that year's budgets",
            ),
            None,
        );
        return None;
    }
    Some(Budget { cost: cost?, amount, year: year.map(|year| year as i32), funds: funds?, stops })
}
