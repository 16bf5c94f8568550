//! An assessment as a sentence: what was found, why, and what would cure it.

use crate::assessment::{Assessment, Because, Outcome};
use crate::measure::{Figure, Rated, item_words, rates};
use crate::quantity::{Interval, Unit, number};
use crate::standard::{Comparison, Force, Requirement};
use crate::words::{Lang, Words};

/// What a subject is called; a figure by its period and the name of its item.
pub fn name(assessment: &Assessment, lang: Lang) -> String {
    match &assessment.field {
        Some(item) if assessment.subject_kind == "aggregate" => {
            assessment.label.replace(item.as_str(), item_words(item).in_lang(lang))
        }
        _ => assessment.label.clone(),
    }
}

/// A rate's arithmetic: `120,072 ㎡ ÷ 60 个`.
pub fn division(rated: &Rated, lang: Lang) -> String {
    let show = |figure: &Figure| print(figure.unit, figure.value, lang);
    let rate = rates().iter().find(|rate| rate.item == rated.item);
    let per = rate.map_or(1.0, |rate| rate.per);
    let times = if per == 1.0 { String::new() } else { format!(" × {}", number(per, 0)) };
    format!("{} ÷ {}{times}", show(&rated.numerator), show(&rated.denominator))
}

/// What was found, without the subject's name and without a full stop.
pub fn finding(assessment: &Assessment, requirement: &Requirement) -> Words {
    let say = |lang: Lang| {
        let measure = requirement.measure.words();
        let measured = print(assessment.unit, assessment.measured, lang);
        let Interval { low, high } = assessment.required;
        let required = match high.is_infinite() && low > 0.0 {
            // How much more is asked is not known.
            true => {
                print(assessment.unit, Interval::exactly(low), lang)
                    + lang.pick("或更多", " or more")
            }
            false => print(assessment.unit, assessment.required, lang),
        };
        let comparison = requirement.comparison.words();
        let outcome = match requirement.force {
            Force::Indicator => assessment.outcome.words_of_indicator(),
            _ => assessment.outcome.words(),
        };
        let none = allows_none(assessment, requirement);
        let facts = match lang {
            _ if requirement.force == Force::Indicator => {
                format!("{} {measured}", measure.in_lang(lang))
            }
            Lang::Zh if none => format!("{} {measured}，应为 0", measure.zh),
            Lang::En if none => format!("{} {measured}, should be 0", measure.en),
            Lang::Zh => format!("{} {measured}，应{} {required}", measure.zh, comparison.zh),
            Lang::En => format!("{} {measured}, required {} {required}", measure.en, comparison.en),
        };
        let facts = match assessment.outcome {
            Outcome::NotApplicable => String::new(),
            _ => facts + lang.pick("：", ": "),
        };
        let mut text = facts + outcome.in_lang(lang);
        let failed = assessment.outcome == Outcome::NotMet;
        if failed && requirement.force != Force::Indicator && !none {
            let gap = print(assessment.unit, assessment.shortfall, lang);
            let word = match requirement.comparison {
                Comparison::AtLeast => lang.pick("，差 ", ", short by "),
                Comparison::AtMost => lang.pick("，超 ", ", over by "),
                Comparison::Equals => lang.pick("，相差 ", ", off by "),
            };
            text += word;
            text += &gap;
        }
        if let Some(because) = assessment.because.filter(|because| explains(*because)) {
            let words = because.words(Some(assessment.because_rows));
            text += &match lang {
                Lang::Zh => format!("（{}）", words.zh),
                Lang::En => format!(" ({})", words.en),
            };
        }
        text
    };
    Words::new(say(Lang::Zh), say(Lang::En))
}

/// Whether nothing at all is allowed: then the gap is the measured value, and need not be said again.
fn allows_none(assessment: &Assessment, requirement: &Requirement) -> bool {
    requirement.comparison == Comparison::AtMost && assessment.required == Interval::exactly(0.0)
}

/// Whether a reason says more than the numbers beside it.
fn explains(because: Because) -> bool {
    !matches!(because, Because::Short | Because::Over | Because::Differs)
}

/// What would make it pass, or decide it; nothing when it is met or not applicable.
pub fn cure(assessment: &Assessment, requirement: &Requirement) -> Option<Words> {
    if requirement.force == Force::Indicator {
        return None; // nothing demands it, so there is nothing to cure
    }
    let timed = requirement.measure.check == "synchrony";
    if timed && assessment.outcome == Outcome::NotMet {
        // What was late stays late; what has not happened is later every day.
        let open = assessment.measured.high.is_infinite();
        return open.then(|| {
            Words::new("尽快完成：每过一天再晚一天", "do it now: it is later by a day every day")
        });
    }
    let unit = assessment.unit;
    let print =
        |value: Interval| Words::new(print(unit, value, Lang::Zh), print(unit, value, Lang::En));
    let required = print(assessment.required);
    let gap = print(assessment.shortfall);
    match (assessment.outcome, requirement.comparison) {
        (Outcome::NotMet, Comparison::AtMost) if requirement.measure.check == "handover" => {
            // What is owed by whoever received it is there, and not used as it should be.
            let of_use = ["receiver", "property_firm"];
            if assessment.debtor.as_deref().is_some_and(|who| of_use.contains(&who)) {
                return Some(Words::new(
                    format!("其中已移交的恢复正常使用，共 {} 到位即可", gap.zh),
                    format!("putting it to its proper use, {} in all, would settle it", gap.en),
                ));
            }
            Some(Words::new(
                format!("再补足 {} 即到位", gap.zh),
                format!("{} more in place would settle it", gap.en),
            ))
        }
        (Outcome::NotMet, Comparison::AtLeast) => Some(Words::new(
            format!("再增加 {} 即达标", gap.zh),
            format!("{} more would meet it", gap.en),
        )),
        // A row less is no remedy for a row that is wrong.
        (Outcome::NotMet | Outcome::Unknown, Comparison::AtMost | Comparison::AtLeast)
            if requirement.measure.check == "data_quality" =>
        {
            Some(Words::new("逐项核对更正后再核查", "check and correct each, then audit again"))
        }
        (Outcome::NotMet, Comparison::AtMost) => Some(Words::new(
            format!("减少 {} 即达标", gap.zh),
            format!("{} less would meet it", gap.en),
        )),
        (Outcome::NotMet, Comparison::Equals) => Some(Words::new(
            format!("按分项应为 {}，请核对合计与分项", required.zh),
            format!("by its parts it should be {}; check the total and the parts", required.en),
        )),
        (Outcome::Unknown, Comparison::AtLeast) if assessment.required.is_exact() => {
            Some(Words::new(
                format!("查明后不少于 {} 即达标", required.zh),
                format!("once known, {} or more would meet it", required.en),
            ))
        }
        (Outcome::Unknown, Comparison::AtMost) if assessment.required.is_exact() => {
            Some(Words::new(
                format!("查明后不超过 {} 即达标", required.zh),
                format!("once known, {} or less would meet it", required.en),
            ))
        }
        (Outcome::Unknown, _) => {
            Some(Words::new("补齐所缺数据后再核", "supply what is missing and check again"))
        }
        _ => None,
    }
}

/// A number with its unit; figures without one print bare.
fn print(unit: Option<Unit>, value: Interval, lang: Lang) -> String {
    match unit {
        Some(unit) => unit.said(value, lang),
        None => value.text(2, lang),
    }
}
