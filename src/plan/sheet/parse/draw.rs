//! Where values come from, and tests on them.

use crate::document::{Fields, Value};
use crate::inventory::{Kind, subject_table, table};
use crate::measure::Measure;
use crate::standard::{Condition, conditions};
use crate::words::Words;

use super::super::{Draw, Take, Test};
use super::{amount, given};

/// Where a value comes from: the name of an item, or a table that says more.
pub fn draw(value: &Value<'_>, subject: &'static str) -> Option<Draw> {
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

/// Whether a score sheet may draw a measure: what depends on more of a rule than what counts is taken
/// from the requirement itself.
pub(crate) fn is_drawn(measure: &Measure, subject: &str) -> bool {
    measure.subject == subject
        && (measure.counts.is_some() || measure.check == "tenure")
        && !["synchrony", "handover"].contains(&measure.check)
}

/// A measure with what counts: `{ measure = "area", counts = { tenure = ["rented"] } }`.
fn measure(fields: &Fields<'_>, value: &Value<'_>, subject: &'static str) -> Option<Draw> {
    let name = value.text()?;
    let mut known = crate::measure::MEASURES.iter().filter(|one| is_drawn(one, subject));
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
        (Some(value), None) => {
            value.report(
                Words::new(
                    format!("度量“{name}”不挑选行，不能写 counts"),
                    format!("the measure `{name}` chooses no rows: leave counts out"),
                ),
                None,
            );
            None
        }
        (None, _) => Some(Vec::new()),
    };
    Some(Draw::Measure(found, counts?))
}

/// A test: where the value comes from, and its limits.
pub fn test(fields: &Fields<'_>, subject: &'static str) -> Option<Test> {
    let from = fields.need("from").and_then(|value| draw(&value, subject));
    let limit = |key| given(fields, key, amount);
    let (at_least, at_most) = (limit("at_least"), limit("at_most"));
    let (more_than, less_than) = (limit("more_than"), limit("less_than"));
    let is = given(fields, "is", |value| value.flag());
    let (mut at_least, mut at_most) = (at_least?, at_most?);
    let (more_than, less_than) = (more_than?, less_than?);
    let is = is?;
    let limited = [at_least, at_most, more_than, less_than].iter().any(Option::is_some);
    if is.is_some() && limited {
        fields.report(
            Words::new("is 不能与界限同写", "is cannot stand beside a limit"),
            Some(Words::new(
                "是、否用 is，数用 at_least 等",
                "is for yes or no, at_least and the like for numbers",
            )),
        );
        return None;
    }
    match is {
        Some(true) => at_least = Some(1.0),
        Some(false) => at_most = Some(0.0),
        None => {}
    }
    if [at_least, at_most, more_than, less_than].iter().all(Option::is_none) {
        fields.report(
            Words::new("没有界限", "has no limit"),
            Some(Words::new(
                "写 at_least、more_than、at_most、less_than 或 is 之一",
                "give one of at_least, more_than, at_most, less_than, is",
            )),
        );
        return None;
    }
    Some(Test { from: from?, at_least, at_most, more_than, less_than, is })
}
