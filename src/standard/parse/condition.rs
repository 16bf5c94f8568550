//! Conditions: which rows count, and whom a requirement speaks about.

use crate::document::{Fields, Value};
use crate::inventory::{Column, Kind};
use crate::mapping::categories;
use crate::standard::select::{Condition, Test};
use crate::words::Words;

/// Conditions on some columns.
pub fn conditions(fields: &Fields<'_>, columns: &[&'static Column]) -> Option<Vec<Condition>> {
    let all: Vec<Option<Condition>> =
        fields.entries().iter().map(|value| condition(value, columns)).collect();
    all.into_iter().collect()
}

fn condition(value: &Value<'_>, columns: &[&'static Column]) -> Option<Condition> {
    let mut testable = columns.iter().copied().filter(|column| Condition::can_test(column));
    let Some(column) = testable.clone().find(|column| column.name == value.name()) else {
        let known: Vec<&str> = testable.by_ref().map(|column| column.name.as_str()).collect();
        value.unknown_word(value.name(), &known);
        return None;
    };
    let test = match column.kind {
        Kind::Flag => Test::Is(value.flag()?),
        Kind::Date => days(&value.fields()?)?,
        Kind::Text => given(&value.fields()?)?,
        Kind::Ref | Kind::Refs if !Condition::names_classes(column) => given(&value.fields()?)?,
        Kind::Code | Kind::Ref | Kind::Refs => {
            let codes = if value.is_list() { value.texts()? } else { vec![value.text()?] };
            let known: Vec<&str> = match column.kind {
                Kind::Code => column.values.iter().map(|code| code.code.as_str()).collect(),
                _ => categories(),
            };
            if codes.is_empty() {
                value.report(Words::new("列表是空的", "the list is empty"), None);
                return None;
            }
            let unknown = codes.iter().find(|code| !known.contains(&code.as_str()));
            if let Some(code) = unknown {
                value.unknown_word(code, &known);
                return None;
            }
            Test::OneOf(codes)
        }
        _ => range(&value.fields()?)?,
    };
    Some(Condition { column, test })
}

/// Days, both included: `from`, `until`. A month or year means its first day, or its last.
fn days(fields: &Fields<'_>) -> Option<Test> {
    let day = |key| match fields.get(key) {
        Some(value) => value.date().map(Some),
        None => Some(None),
    };
    let (from, until) = (day("from"), day("until"));
    fields.finish();
    let from = from?.map(|date| date.first());
    let until = until?.map(|date| date.last());
    let crossed = from.zip(until).is_some_and(|(from, until)| until < from);
    if crossed || (from.is_none() && until.is_none()) {
        fields.report(
            Words::new(
                "须写 from、until 之一，且 from 不晚于 until",
                "give from, until or both, from not after until",
            ),
            Some(Words::new("如 { until = 2000-12-31 }", "{ until = 2000-12-31 }, say")),
        );
        return None;
    }
    Some(Test::Days { from, until })
}

/// Whether something is written there: `{ given = true }`.
fn given(fields: &Fields<'_>) -> Option<Test> {
    let given = fields.need("given").and_then(|value| value.flag());
    fields.finish();
    given.map(Test::Given)
}

/// Bounds, each open or closed: `at_least`, `more_than`, `at_most`, `less_than`.
pub fn range(fields: &Fields<'_>) -> Option<Test> {
    let bound = |key: &'static str, closed: bool| match fields.get(key) {
        Some(value) => value.number().map(|number| Some((number, closed))),
        None => Some(None),
    };
    let (at_least, more_than) = (bound("at_least", true), bound("more_than", false));
    let (at_most, less_than) = (bound("at_most", true), bound("less_than", false));
    fields.finish();
    let (at_least, more_than, at_most, less_than) = (at_least?, more_than?, at_most?, less_than?);
    let twice =
        (at_least.is_some() && more_than.is_some()) || (at_most.is_some() && less_than.is_some());
    let (from, to) = (at_least.or(more_than), at_most.or(less_than));
    let crossed = from.zip(to).is_some_and(|((from, _), (to, _))| from > to);
    if twice || crossed || (from.is_none() && to.is_none()) {
        fields.report(
            Words::new(
                "界限须各写一次，且下限不大于上限",
                "each bound must be given once, the lower not above the upper",
            ),
            Some(Words::new(
                "at_least 或 more_than；at_most 或 less_than",
                "at_least or more_than; at_most or less_than",
            )),
        );
        return None;
    }
    Some(Test::Range { from, to })
}
