//! What a requirement chooses beside conditions: functions, sizes, items of a list, what is nearby.

use crate::document::{Fields, Value};
use crate::inventory::subject_table;
use crate::mapping::categories;
use crate::measure::Measure;
use crate::measure::late::{COMPLETE, Matched, ShareOf, Timing};
use crate::measure::nearby::Unless;
use crate::standard::amount::Amount;
use crate::standard::model::Requirement;
use crate::words::Words;

use super::limit::size;

/// The functions that count, for the one measure that counts functions.
pub fn among(value: &Value<'_>, measure: Option<&'static Measure>) -> Option<Vec<String>> {
    if measure.is_some_and(|measure| measure.name != "functions") {
        value.report(
            Words::new("这里不能用“among”", "`among` cannot be used here"),
            Some(Words::new("只用于 functions", "only with functions")),
        );
        return None;
    }
    let names = value.texts()?;
    let known = categories();
    let unknown = names.iter().find(|name| !known.contains(&name.as_str()));
    if let Some(name) = unknown {
        value.unknown_word(name, &known);
        return None;
    }
    Some(names)
}

/// The sizes a community must reach, and stay below, to be counted: at least one is needed by the
/// measures that count so, and none by any other.
pub fn sizes(
    fields: &Fields<'_>,
    measure: Option<&'static Measure>,
) -> Option<(Option<Amount>, Option<Amount>)> {
    let counts_so = ["share_reaching", "number_within"];
    let wanted = measure.is_some_and(|measure| counts_so.contains(&measure.name));
    let (reaching, below) = (fields.get("reaching"), fields.get("below"));
    if wanted != (reaching.is_some() || below.is_some()) {
        let words = match wanted {
            false => Words::new(
                "这里不能用“reaching”或“below”",
                "`reaching` and `below` cannot be used here",
            ),
            true => Words::new("缺少“reaching”或“below”", "lacks `reaching` or `below`"),
        };
        let names = counts_so.join(", ");
        fields.report(
            words,
            Some(Words::new(format!("只用于 {names}"), format!("only with {names}"))),
        );
        return None;
    }
    let area = Measure::of("area", "community").expect("communities have an area");
    let read = |value: Option<Value<'_>>| match value {
        Some(value) => size(&value, subject_table("community"), area).map(Some),
        None => Some(None),
    };
    Some((read(reaching)?, read(below)?))
}

/// The items of a list: needed by the one measure that counts them, and by no other.
pub fn items(fields: &Fields<'_>, measure: Option<&'static Measure>) -> Option<Vec<String>> {
    let wanted = measure.is_some_and(|measure| measure.name == "items");
    match (fields.get("items"), wanted) {
        (Some(value), true) => value.texts().filter(|items| !items.is_empty()),
        (None, false) => Some(Vec::new()),
        (given, _) => {
            let words = match given {
                Some(_) => Words::new("这里不能用“items”", "`items` cannot be used here"),
                None => Words::new("缺少“items”", "lacks `items`"),
            };
            fields.report(
                words,
                Some(Words::new(
                    "measure = \"items\" 时列出各项的 id",
                    "with measure = \"items\": the ids of its items",
                )),
            );
            None
        }
    }
}

/// Items must be requirements of the same text, subject and topic, and no lists themselves.
pub fn report_items(rules: &[Fields<'_>], requirements: &[Option<Requirement>]) {
    let all: Vec<&Requirement> = requirements.iter().flatten().collect();
    let unreadable = |item: &String| {
        let mut pairs = rules.iter().zip(requirements);
        pairs.any(|(fields, rule)| rule.is_none() && fields.peek("id").as_ref() == Some(item))
    };
    for (fields, rule) in rules.iter().zip(requirements) {
        let Some(rule) = rule else { continue };
        for item in &rule.items {
            let fits = |one: &&&Requirement| {
                let alike = (one.subject, &one.topic) == (rule.subject, &rule.topic);
                one.id == *item && alike && one.items.is_empty()
            };
            if !unreadable(item) && !all.iter().any(|one| fits(&one)) {
                fields.report(
                    Words::new(
                        format!("“{item}”不是本文件中同一对象、同一 topic 的要求"),
                        format!("`{item}` is no requirement here of the same subject and topic"),
                    ),
                    Some(Words::new("items 不能再含清单", "items cannot be lists themselves")),
                );
            }
        }
    }
}

/// `{ category = "kindergarten", within = 300 }`.
pub fn unless(value: &Value<'_>) -> Option<Unless> {
    let fields = value.fields()?;
    let within = fields.need("within").and_then(|value| value.number());
    let category = fields.need("category").and_then(|value| {
        let name = value.text()?;
        let known = categories();
        if !known.contains(&name.as_str()) {
            value.unknown_word(&name, &known);
            return None;
        }
        Some(name)
    });
    fields.finish();
    Some(Unless { category: category?, within: within? })
}

/// The stages a rule on timing compares: `stage`, and `behind = { of = "own_phase", stage = … }`.
pub fn timing(fields: &Fields<'_>, measure: Option<&'static Measure>) -> Option<Option<Timing>> {
    let (own, behind) = (fields.get("stage"), fields.get("behind"));
    let named = |names: &[&str]| measure.is_some_and(|measure| names.contains(&measure.name));
    let wanted = measure.is_none() || named(&["days_late", "share_ahead"]);
    let of_handover = measure.is_some_and(|measure| measure.check == "handover");
    // How far it has come is read off its own stages of completion, whatever the housing's.
    let progress = named(&["progress"]);
    if (of_handover || progress) && own.is_none() {
        return match behind {
            Some(behind) => {
                let own = if progress { COMPLETE.map(str::to_owned).to_vec() } else { Vec::new() };
                housing(&behind, own).filter(|timing| shares(&behind, timing, measure)).map(Some)
            }
            None if progress => {
                fields.report(
                    Words::new(
                        "缺少 behind：以住宅的哪个阶段为准",
                        "lacks `behind`: the stage of the housing",
                    ),
                    None,
                );
                None
            }
            None => Some(None),
        };
    }
    if !wanted {
        if let Some(value) = own.or(behind) {
            value.report(
                Words::new(
                    "只用于时间的规定（days_late、share_ahead）",
                    "for rules on timing only (days_late, share_ahead)",
                ),
                None,
            );
            return None;
        }
        return Some(None);
    }
    let (Some(own), Some(behind)) = (own, behind) else {
        if measure.is_some() {
            fields.report(
                Words::new("时间的规定须写明 stage 和 behind", "a rule on timing needs stage and behind"),
                Some(Words::new(
                    "stage = \"completion_acceptance\"，behind = { of = \"own_phase\", stage = \"completion_acceptance\" }",
                    "stage = \"completion_acceptance\", behind = { of = \"own_phase\", stage = \"completion_acceptance\" }",
                )),
            );
        }
        return None;
    };
    let stages = stages(&own);
    let timing = housing(&behind, Vec::new()).filter(|timing| shares(&behind, timing, measure));
    Some(Some(Timing { stages: stages?, ..timing? }))
}

/// Whether a share is counted where, and only where, the measure is one, and of housing that is a list.
fn shares(behind: &Value<'_>, timing: &Timing, measure: Option<&'static Measure>) -> bool {
    let wanted = measure.is_some_and(|measure| measure.name == "share_ahead");
    let known = ShareOf::CODES.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(" | ");
    let help = Some(Words::same(format!("share_of = {known}")));
    if wanted != timing.share_of.is_some() {
        let words = match wanted {
            true => Words::new("behind 缺少 share_of", "behind lacks `share_of`"),
            false => {
                Words::new("share_of 只用于 share_ahead", "`share_of` is for share_ahead only")
            }
        };
        behind.report(words, help);
        return false;
    }
    let listed = matches!(timing.of, Matched::OwnPhase | Matched::Estate);
    if wanted && !(listed && timing.months == 0) {
        behind.report(
            Words::new(
                "比例只能按 estate 或 own_phase 的住宅计算，不能有 months",
                "a share is of the housing of the estate or of its own phase, without months",
            ),
            None,
        );
        return false;
    }
    true
}

/// The housing that is looked at, and its stage.
fn housing(behind: &Value<'_>, own: Vec<String>) -> Option<Timing> {
    let behind = behind.fields()?;
    let of = behind.need("of").and_then(|value| value.code(Matched::CODES));
    let of_housing = behind.need("stage").and_then(|value| self::stages(&value));
    let months = match behind.get("months") {
        Some(value) => whole_months(&value),
        None => Some(0),
    };
    let share_of = match behind.get("share_of") {
        Some(value) => value.code(ShareOf::CODES).map(Some),
        None => Some(None),
    };
    behind.finish();
    Some(Timing { stages: own, of: of?, behind: of_housing?, months: months?, share_of: share_of? })
}

/// A number of calendar months.
fn whole_months(value: &Value<'_>) -> Option<u32> {
    let number = value.number()?;
    if number.fract() != 0.0 || !(1.0..=600.0).contains(&number) {
        value.report(
            Words::new(format!("{number} 不是月数"), format!("{number} is no number of months")),
            Some(Words::new("从 1 起的整数", "a whole number from 1")),
        );
        return None;
    }
    Some(number as u32)
}

/// One stage, or a list of those of which the first that happened counts.
fn stages(value: &Value<'_>) -> Option<Vec<String>> {
    let names = value.one_or_more()?;
    let declared = crate::inventory::table("events").and_then(|events| events.column("stage"));
    let known: Vec<&str> = declared
        .map_or(Vec::new(), |column| column.values.iter().map(|one| one.code.as_str()).collect());
    let unknown = names.iter().find(|name| !known.contains(&name.as_str()));
    if let Some(name) = unknown {
        value.unknown_word(name, &known);
        return None;
    }
    (!names.is_empty()).then_some(names)
}
