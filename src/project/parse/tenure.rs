//! What a project says for the comparison of rented and owned premises.

use crate::document::{Fields, Value};
use crate::plan::{Asked, Target, Terms};
use crate::words::Words;

/// How far the comparison is moved unless the project says otherwise; printed with the results.
const SENSITIVITY: (f64, f64, f64) = (0.01, 0.01, 0.1);

/// `[tenure]`: the terms of rent against purchase, and targets.
pub fn tenure(fields: &Fields<'_>) -> Option<Asked> {
    let rate = given(fields, "discount_rate", rate);
    let growth = given(fields, "rent_growth", rate_or_fall);
    let unit_price = given(fields, "unit_price", positive);
    let years = given(fields, "years", |value| whole(value, 1.0, 200.0));
    let sensitivity = match fields.get("sensitivity") {
        Some(value) => value.fields().and_then(|fields| sensitivity(&fields)),
        None => Some(SENSITIVITY),
    };
    let targets: Vec<Option<Target>> = fields.tables("target").iter().map(target).collect();
    fields.finish();
    let (rate, growth, years) = (rate?, growth?, years?);
    let more = unit_price != Some(None) || fields.peek_any("sensitivity");
    let stated = [rate.is_some(), growth.is_some(), years.is_some(), more];
    let terms = match (rate, growth, years) {
        (Some(discount_rate), Some(rent_growth), Some(years)) => Some(Terms {
            discount_rate,
            rent_growth,
            unit_price: unit_price?,
            years: years as u32,
            sensitivity: sensitivity?,
        }),
        _ if stated.contains(&true) => {
            fields.report(
                Words::new(
                    "租购比较须同时写明 discount_rate、rent_growth、years；unit_price、sensitivity 只与它们同用",
                    "rent against purchase needs discount_rate, rent_growth and years together; unit_price and sensitivity go only with them",
                ),
                None,
            );
            return None;
        }
        _ => None,
    };
    Some(Asked { terms, targets: targets.into_iter().collect::<Option<_>>()? })
}

fn given(
    fields: &Fields<'_>,
    key: &'static str,
    read: fn(&Value<'_>) -> Option<f64>,
) -> Option<Option<f64>> {
    match fields.get(key) {
        Some(value) => read(&value).map(Some),
        None => Some(None),
    }
}

fn within(value: &Value<'_>, low: f64, high: f64) -> Option<f64> {
    let found = value.number()?;
    if !(low..=high).contains(&found) {
        value.report(
            Words::new(
                format!("{found} 不在 {low} 与 {high} 之间"),
                format!("{found} is not between {low} and {high}"),
            ),
            None,
        );
        return None;
    }
    Some(found)
}

/// A whole number.
fn whole(value: &Value<'_>, low: f64, high: f64) -> Option<f64> {
    let found = within(value, low, high)?;
    if found.fract() != 0.0 {
        value.report(
            Words::new(format!("{found} 不是整数"), format!("{found} is no whole number")),
            None,
        );
        return None;
    }
    Some(found)
}

/// A rate as a share of one: 0.04 for 4 %.
fn rate(value: &Value<'_>) -> Option<f64> {
    within(value, 0.0, 1.0)
}

fn rate_or_fall(value: &Value<'_>) -> Option<f64> {
    within(value, -0.5, 1.0)
}

fn positive(value: &Value<'_>) -> Option<f64> {
    within(value, 1.0, 1e9)
}

fn sensitivity(fields: &Fields<'_>) -> Option<(f64, f64, f64)> {
    let one = |key, otherwise| match fields.get(key) {
        Some(value) => rate(&value),
        None => Some(otherwise),
    };
    let (by_rate, by_growth) = (one("rate", SENSITIVITY.0), one("growth", SENSITIVITY.1));
    let by_price = one("price", SENSITIVITY.2);
    fields.finish();
    Some((by_rate?, by_growth?, by_price?))
}

fn target(fields: &Fields<'_>) -> Option<Target> {
    let share = fields.need("rented_share").and_then(|value| rate(&value));
    let by = given(fields, "by", |value| whole(value, 1900.0, 2200.0));
    let per_year = given(fields, "per_year", |value| within(value, 0.01, 1e6));
    let source = fields.text("source");
    fields.finish();
    Some(Target { share: share?, by: by?.map(|year| year as i16), per_year: per_year?, source })
}
