//! Reading a score sheet, with every mistake placed.

use std::collections::BTreeSet;

use crate::document::{Document, Fields, Value};
use crate::error::Result;
use crate::inventory::{Kind, subject_table, table};
use crate::measure::Measure;
use crate::standard::{Condition, Evidence, conditions};
use crate::words::Words;

use super::super::method::{Better, Method};
use super::super::weights::most;
use super::{
    Budget, Combine, Draw, Expert, Gate, Indicator, Points, Quota, ScoreSheet, Step, Take, Test,
    Weigh,
};

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
    if title.is_none() && number.is_none() {
        fields.report(
            Words::new(
                "没有出处：标题和文号都缺",
                "no citation: both title and number are missing",
            ),
            Some(Words::new("写明 title 或 number", "give a title or a number")),
        );
    }
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
    let sum = given(fields, "sum", |value| amount(value));
    let weigh = fields.get("weights").map_or(Some(Weigh::Given), |value| weigh(&value));
    let method = fields.get("method").map_or(Some(Method::WeightedSum), |value| method(&value));
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
        fields.tables("expert").iter().map(|fields| expert(fields, rows.len())).collect();
    if weigh.as_ref().is_some_and(needs_experts) && experts.is_empty() {
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

fn weigh(value: &Value<'_>) -> Option<Weigh> {
    if !value.is_table() {
        return one_weigh(value);
    }
    let fields = value.fields()?;
    let parts = fields.need("combine").and_then(|value| value.items());
    let parts = parts.map(|parts| parts.iter().map(one_weigh).collect::<Vec<_>>());
    let by = fields.text("by").unwrap_or_else(|| "product".to_owned());
    let shares = given(&fields, "shares", |value| {
        value.items()?.iter().map(|one| one.number()).collect::<Option<Vec<f64>>>()
    });
    fields.finish();
    let parts: Vec<Weigh> = parts?.into_iter().collect::<Option<_>>()?;
    let combine = match (by.as_str(), shares?) {
        ("product", None) => Combine::Product,
        ("mean", None) => Combine::Mean(vec![1.0 / parts.len() as f64; parts.len()]),
        ("mean", Some(shares))
            if shares.len() == parts.len()
                && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-6
                && shares.iter().all(|share| *share >= 0.0) =>
        {
            Combine::Mean(shares)
        }
        _ => {
            fields.report(
                Words::new("不能这样合并权重", "weights cannot be combined like this"),
                Some(Words::new(
                    "by = \"product\"，或 by = \"mean\"，后者可写 shares，每种一个，合计为 1",
                    "by = \"product\", or by = \"mean\", the latter perhaps with shares, one for each, adding up to 1",
                )),
            );
            return None;
        }
    };
    if parts.len() < 2 {
        fields.report(
            Words::new("至少合并两种权重", "two kinds of weights at least are combined"),
            None,
        );
        return None;
    }
    Some(Weigh::Combined(parts, combine))
}

fn one_weigh(value: &Value<'_>) -> Option<Weigh> {
    const KNOWN: [&str; 4] = ["given", "ahp", "entropy", "critic"];
    let text = value.text()?;
    Some(match text.as_str() {
        "given" => Weigh::Given,
        "ahp" => Weigh::Ahp,
        "entropy" => Weigh::Entropy,
        "critic" => Weigh::Critic,
        _ => {
            value.unknown_word(&text, &KNOWN);
            return None;
        }
    })
}

fn needs_experts(weigh: &Weigh) -> bool {
    match weigh {
        Weigh::Ahp => true,
        Weigh::Combined(parts, _) => parts.contains(&Weigh::Ahp),
        _ => false,
    }
}

fn method(value: &Value<'_>) -> Option<Method> {
    const KNOWN: [&str; 3] = ["weighted_sum", "topsis", "vikor"];
    if value.is_table() {
        let fields = value.fields()?;
        let v = fields.need("vikor").and_then(|value| share(&value));
        fields.finish();
        return Some(Method::Vikor { v: v? });
    }
    let text = value.text()?;
    Some(match text.as_str() {
        "weighted_sum" => Method::WeightedSum,
        "topsis" => Method::Topsis,
        "vikor" => Method::Vikor { v: 0.5 },
        _ => {
            value.unknown_word(&text, &KNOWN);
            return None;
        }
    })
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
    let from = fields.need("from").and_then(|value| draw(&value, subject));
    let points = given(fields, "points", points);
    let better = fields.get("better").map_or(Some(Better::High), |value| value.code(Better::CODES));
    let range = given(fields, "range", pair);
    let weight = given(fields, "weight", |value| not_negative(value));
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

/// Where a value comes from: the name of an item, or a table that says more.
fn draw(value: &Value<'_>, subject: &'static str) -> Option<Draw> {
    if !value.is_table() {
        return value.text().map(Draw::Item);
    }
    let fields = value.fields()?;
    let base = if let Some(item) = fields.get("item") {
        item.text().map(Draw::Item)
    } else if let Some(value) = fields.get("column") {
        column(&value, subject)
    } else if let Some(value) = fields.get("measure") {
        measure(&fields, &value, subject)
    } else if let Some(value) = fields.get("requirement") {
        let take = fields.need("take").and_then(|value| value.code(Take::CODES));
        match (value.text(), take) {
            (Some(name), Some(take)) if name.contains('/') => Some(Draw::Found(name, take)),
            (Some(name), Some(_)) => {
                value.report(
                    Words::new(
                        format!("“{name}”不是一条要求"),
                        format!("`{name}` is no requirement"),
                    ),
                    Some(Words::new(
                        "写 标准编号/要求编号",
                        "write the text's id / the requirement's id",
                    )),
                );
                None
            }
            _ => None,
        }
    } else {
        fields.report(
            Words::new("没有说明取值来源", "does not say where the value comes from"),
            Some(Words::new(
                "写 item、column、measure 或 requirement 之一",
                "give one of item, column, measure, requirement",
            )),
        );
        None
    };
    let per = match fields.get("per") {
        Some(value) => draw(&value, subject).map(Some),
        None => Some(None),
    };
    fields.finish();
    Some(match (base?, per?) {
        (base, Some(per)) => Draw::Per(Box::new(base), Box::new(per)),
        (base, None) => base,
    })
}

fn column(value: &Value<'_>, subject: &'static str) -> Option<Draw> {
    let name = value.text()?;
    let columns = &subject_table(subject)?.columns;
    let counts =
        |kind: Kind| kind.is_quantity() || matches!(kind, Kind::Flag | Kind::Year | Kind::Date);
    let usable = || columns.iter().filter(|column| counts(column.kind));
    let found = usable().find(|column| column.name == name);
    if found.is_none() {
        let known: Vec<&str> = usable().map(|column| column.name.as_str()).collect();
        value.unknown_word(&name, &known);
    }
    found.map(Draw::Column)
}

/// A measure with what counts: `{ measure = "area", counts = { tenure = ["rented"] } }`.
fn measure(fields: &Fields<'_>, value: &Value<'_>, subject: &'static str) -> Option<Draw> {
    let name = value.text()?;
    // What depends on more of a rule than what counts is taken from the requirement itself.
    let plain = |one: &&&Measure| {
        one.subject == subject
            && (one.counts.is_some() || one.check == "tenure")
            && !["synchrony", "handover"].contains(&one.check)
    };
    let mut known = crate::measure::MEASURES.iter().filter(plain);
    let Some(found) = known.clone().find(|one| one.name == name) else {
        let known: Vec<&str> = known.by_ref().map(|one| one.name).collect();
        value.unknown_word(&name, &known);
        return None;
    };
    let counted = found.counts.and_then(table);
    let counts: Option<Vec<Condition>> = match (fields.get("counts"), counted) {
        (Some(value), Some(table)) => value
            .fields()
            .and_then(|fields| conditions(&fields, &table.columns.iter().collect::<Vec<_>>())),
        _ => Some(Vec::new()),
    };
    Some(Draw::Measure(found, counts?))
}

fn points(value: &Value<'_>) -> Option<Points> {
    let fields = value.fields()?;
    let read = if let Some(value) = fields.get("steps") {
        let steps: Vec<Option<Step>> = value.tables().iter().map(step).collect();
        let steps = steps.into_iter().collect::<Option<Vec<Step>>>();
        steps.filter(|steps| !steps.is_empty()).map(Points::Steps)
    } else if let Some(value) = fields.get("from") {
        let to = fields.need("to").and_then(|value| two(&value));
        let from = two(&value).filter(|(a, b)| a != b);
        from.zip(to).map(|(from, to)| Points::Scale { from, to })
    } else {
        let per = fields.need("per").and_then(|value| amount(&value)).filter(|per| *per > 0.0);
        let points = fields.need("points").and_then(|value| value.number());
        let above = fields.get("above").map_or(Some(0.0), |value| amount(&value));
        let most = fields.need("most").and_then(|value| value.number());
        let begun = given(&fields, "begun", |value| value.flag());
        match (per, points, above, most, begun) {
            (Some(per), Some(points), Some(above), Some(most), Some(begun)) => {
                Some(Points::Each { per, points, above, begun, most })
            }
            _ => None,
        }
    };
    fields.finish();
    if read.is_none() {
        fields.report(
            Words::new("没有说明怎样得分", "does not say how points are given"),
            Some(Words::new(
                "steps = [{ at_least = 30, points = 10 }, { points = 0 }]，或 from = [0, 200], to = [0, 10]，或 per = 10, points = 2, most = 6",
                "steps = [{ at_least = 30, points = 10 }, { points = 0 }], or from = [0, 200], to = [0, 10], or per = 10, points = 2, most = 6",
            )),
        );
    }
    read
}

fn two(value: &Value<'_>) -> Option<(f64, f64)> {
    let numbers: Vec<f64> = value.items()?.iter().map(amount).collect::<Option<_>>()?;
    match numbers.as_slice() {
        [a, b] => Some((*a, *b)),
        _ => {
            value.report(Words::new("应为两个数", "expected two numbers"), None);
            None
        }
    }
}

fn step(fields: &Fields<'_>) -> Option<Step> {
    let limit = |key| given(fields, key, amount);
    let (at_least, above) = (limit("at_least"), limit("above"));
    let (at_most, below) = (limit("at_most"), limit("below"));
    let points = fields.need("points").and_then(|value| value.number());
    fields.finish();
    Some(Step {
        at_least: at_least?,
        above: above?,
        at_most: at_most?,
        below: below?,
        points: points?,
    })
}

/// A test: where the value comes from, and its limits.
fn test(fields: &Fields<'_>, subject: &'static str) -> Option<Test> {
    let from = fields.need("from").and_then(|value| draw(&value, subject));
    let limit = |key| given(fields, key, amount);
    let (at_least, at_most) = (limit("at_least"), limit("at_most"));
    let (above, below) = (limit("above"), limit("below"));
    let is = given(fields, "is", |value| value.flag());
    let (mut at_least, mut at_most) = (at_least?, at_most?);
    let (above, below) = (above?, below?);
    match is? {
        Some(true) => at_least = Some(1.0),
        Some(false) => at_most = Some(0.0),
        None => {}
    }
    if [at_least, at_most, above, below].iter().all(Option::is_none) {
        fields.report(
            Words::new("没有界限", "has no limit"),
            Some(Words::new(
                "写 at_least、at_most、above、below 或 is 之一",
                "give one of at_least, at_most, above, below, is",
            )),
        );
        return None;
    }
    Some(Test { from: from?, at_least, at_most, above, below })
}

fn gate(fields: &Fields<'_>, subject: &'static str) -> Option<Gate> {
    let id = fields.need_text("id");
    let (zh, en) = (fields.need_text("zh"), fields.need_text("en"));
    let clause = fields.text("clause");
    let test = test(fields, subject);
    fields.finish();
    Some(Gate { id: id?, words: Words::new(zh?, en?), clause, test: test? })
}

fn quota(fields: &Fields<'_>, subject: &'static str) -> Option<Quota> {
    let id = fields.need_text("id");
    let (zh, en) = (fields.need_text("zh"), fields.need_text("en"));
    let clause = fields.text("clause");
    let of = fields.need("of").and_then(|value| value.fields()).and_then(|fields| {
        let test = test(&fields, subject);
        fields.finish();
        test
    });
    let counted = given(fields, "counted", |value| draw(value, subject));
    let at_most = given(fields, "at_most", share);
    let most = given(fields, "most", not_negative);
    let whole = given(fields, "whole", not_negative);
    fields.finish();
    let (at_most, most) = (at_most?, most?);
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
        whole: whole?,
        most,
    })
}

fn budget(fields: &Fields<'_>, subject: &'static str) -> Option<Budget> {
    let cost = fields.need("cost").and_then(|value| draw(&value, subject));
    let amount = given(fields, "amount", not_negative);
    let year = given(fields, "year", |value| value.number());
    let funds = fields.get("funds").map_or(Some(Vec::new()), |value| value.one_or_more());
    let stops = fields.flag("stops");
    fields.finish();
    let (amount, year) = (amount?, year?);
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

fn expert(fields: &Fields<'_>, indicators: usize) -> Option<Expert> {
    let name = fields.need_text("name");
    let value = fields.need("matrix");
    fields.finish();
    let value = value?;
    let rows: Vec<Vec<f64>> = value
        .items()?
        .iter()
        .map(|row| row.items()?.iter().map(amount).collect::<Option<Vec<f64>>>())
        .collect::<Option<_>>()?;
    if indicators > most() {
        let most = most();
        value.report(
            Words::new(
                format!("一次最多比较 {most} 项指标，现有 {indicators} 项；请分组"),
                format!(
                    "at most {most} indicators can be compared at once, there are {indicators}"
                ),
            ),
            None,
        );
        return None;
    }
    if rows.len() != indicators || rows.iter().any(|row| row.len() != indicators) {
        value.report(
            Words::new(
                format!("应为 {indicators}×{indicators} 的矩阵，行列次序与 [[indicator]] 相同"),
                format!(
                    "expected a matrix of {indicators}×{indicators}, in the order of the indicators"
                ),
            ),
            None,
        );
        return None;
    }
    let pairs = (0..indicators).flat_map(|i| (0..indicators).map(move |j| (i, j)));
    let broken = pairs.into_iter().find(|(i, j)| {
        let (there, back) = (rows[*i][*j], rows[*j][*i]);
        there <= 0.0 || (there * back - 1.0).abs() > 0.01
    });
    if let Some((i, j)) = broken {
        let (there, back) = (rows[i][j], rows[j][i]);
        let (row, column) = (i + 1, j + 1);
        value.report(
            Words::new(
                format!("第 {row} 行第 {column} 列是 {there}，反过来是 {back}：两数应为正数且互为倒数"),
                format!("row {row}, column {column} is {there} and the other way round {back}: they must be positive, and one over the other"),
            ),
            Some(Words::new("如 3 与 \"1/3\"，对角线为 1", "3 and \"1/3\", say, with 1 on the diagonal")),
        );
        return None;
    }
    Some(Expert { name: name?, matrix: rows })
}
