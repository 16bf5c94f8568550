//! What a requirement says of facilities that are owed: how far they must come, by which formulas,
//! what is recoverable from estates, and the remedies against a breach.

use std::collections::BTreeMap;

use crate::document::{Fields, Value};
use crate::mapping::categories;
use crate::measure::Measure;
use crate::measure::chain::{Reach, Terms};
use crate::standard::model::{Recoverable, Requirement};
use crate::standard::remedy::{Act, Money, Remedy};
use crate::words::Words;

/// The measures that follow a facility from what is due to its use.
const CHAINS: [&str; 2] = ["not_in_place", "below_formula"];
/// The rates of what is in place under a requirement of the same text.
const RATES: [&str; 3] = ["area_in_place", "facilities_in_place", "estates_in_place"];

fn only_with(value: &Value<'_>, measures: &[&str]) {
    let names = measures.join(", ");
    value.report(
        Words::new(
            format!("这里不能用“{}”", value.name()),
            format!("`{}` cannot be used here", value.name()),
        ),
        Some(Words::new(format!("只用于 {names}"), format!("only with {names}"))),
    );
}

/// `as_far_as = "handover"` and `formula = { community-rooms = "estate-community-rooms" }`.
pub fn terms(fields: &Fields<'_>, measure: Option<&'static Measure>) -> Option<Terms> {
    let (reach, formula) = (fields.get("as_far_as"), fields.get("formula"));
    if measure.is_some_and(|measure| !CHAINS.contains(&measure.name)) {
        if let Some(value) = reach.or(formula) {
            only_with(&value, &CHAINS);
            return None;
        }
        return Some(Terms::default());
    }
    let reach = match reach {
        Some(value) => value.code(Reach::CODES)?,
        None => Reach::default(),
    };
    let mut topics = BTreeMap::new();
    if let Some(value) = formula {
        for entry in value.fields()?.entries() {
            let class = class(&entry, entry.name())?;
            topics.insert(class, entry.text()?);
        }
    }
    Some(Terms { reach, formula: topics })
}

fn class(value: &Value<'_>, name: &str) -> Option<String> {
    let known = categories();
    if !known.contains(&name) {
        value.unknown_word(name, &known);
        return None;
    }
    Some(name.to_owned())
}

/// The requirement a rate is of: needed by rates, and by nothing else.
pub fn rule(fields: &Fields<'_>, measure: Option<&'static Measure>) -> Option<Option<String>> {
    let wanted = measure.is_some_and(|measure| RATES.contains(&measure.name));
    match (fields.get("rule"), wanted) {
        (Some(value), true) => value.text().map(Some),
        (None, false) => Some(None),
        (Some(value), false) => {
            only_with(&value, &RATES);
            None
        }
        (None, true) => {
            fields.report(
                Words::new("缺少“rule”", "lacks `rule`"),
                Some(Words::new(
                    "本文件中 measure = \"not_in_place\" 的要求的 id",
                    "the id of a requirement of this text with measure = \"not_in_place\"",
                )),
            );
            None
        }
    }
}

/// `recoverable = { rule = "in-place", category = ["community-rooms"] }`.
pub fn recoverable(
    fields: &Fields<'_>,
    measure: Option<&'static Measure>,
) -> Option<Option<Recoverable>> {
    let Some(value) = fields.get("recoverable") else { return Some(None) };
    if measure.is_some_and(|measure| (measure.subject, measure.name) != ("community", "area")) {
        only_with(&value, &["subject = \"community\", measure = \"area\""]);
        return None;
    }
    let fields = value.fields()?;
    let rule = fields.need_text("rule");
    let category = fields.need("category").and_then(|value| {
        let names = value.one_or_more()?;
        names.iter().map(|name| class(&value, name)).collect::<Option<Vec<String>>>()
    });
    fields.finish();
    Some(Some(Recoverable { rule: rule?, category: category? }))
}

/// What names a requirement on what is in place must name one of the same text.
pub fn report_rules(rules: &[Fields<'_>], requirements: &[Option<Requirement>]) {
    let unreadable = |id: &String| {
        let mut pairs = rules.iter().zip(requirements);
        pairs.any(|(fields, rule)| rule.is_none() && fields.peek("id").as_ref() == Some(id))
    };
    for (fields, rule) in rules.iter().zip(requirements) {
        let Some(rule) = rule else { continue };
        let named = rule.rule.iter().chain(rule.recoverable.iter().map(|one| &one.rule));
        for name in named {
            let is_it = |one: &&Requirement| one.id == *name && one.measure.name == "not_in_place";
            if !unreadable(name) && !requirements.iter().flatten().any(|one| is_it(&one)) {
                fields.report(
                    Words::new(
                        format!("“{name}”不是本文件中 measure = \"not_in_place\" 的要求"),
                        format!("`{name}` is no requirement here with measure = \"not_in_place\""),
                    ),
                    None,
                );
            }
        }
    }
}

/// `remedies = [{ act = "hand_over" }, { act = "pay", per_m2 = 3200 }, { act = "fine", times_cost = [2, 5] }]`.
pub fn remedies(fields: &Fields<'_>) -> Option<Vec<Remedy>> {
    let Some(value) = fields.get("remedies") else { return Some(Vec::new()) };
    let all: Vec<Option<Remedy>> = value.tables().iter().map(remedy).collect();
    all.into_iter().collect()
}

fn remedy(fields: &Fields<'_>) -> Option<Remedy> {
    let act = fields.need("act").and_then(|value| value.code(Act::CODES));
    let given = ["per_m2", "times_cost", "between"].map(|key| fields.get(key));
    let several = given.iter().flatten().count() > 1;
    let [per_m2, times_cost, between] = given;
    let money = match (per_m2, times_cost, between) {
        _ if several => {
            fields.report(
                Words::new("只能写一种金额", "only one way of reckoning money"),
                Some(Words::same("per_m2 | times_cost | between")),
            );
            None
        }
        (Some(value), ..) => {
            value.number().filter(|one| *one > 0.0).map(|one| Some(Money::PerM2(one)))
        }
        (_, Some(value), _) => range(&value).map(|(from, to)| Some(Money::TimesCost { from, to })),
        (.., Some(value)) => range(&value).map(|(from, to)| Some(Money::Between { from, to })),
        _ => Some(None),
    };
    fields.finish();
    Some(Remedy { act: act?, money: money? })
}

/// Two numbers, the lesser first.
pub fn range(value: &Value<'_>) -> Option<(f64, f64)> {
    let numbers: Option<Vec<f64>> = value.items()?.iter().map(Value::number).collect();
    match numbers?.as_slice() {
        [from, to] if 0.0 <= *from && from <= to && to.is_finite() => Some((*from, *to)),
        _ => {
            value.report(
                Words::new("不是由小到大的两个数", "not two numbers, the lesser first"),
                Some(Words::new("如 [2, 5]", "such as [2, 5]")),
            );
            None
        }
    }
}
