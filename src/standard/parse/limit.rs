//! The limit of a requirement: its comparison, and the amount in one of the closed forms.

use crate::document::{Fields, Value};
use crate::inventory::Table;
use crate::measure::Measure;
use crate::quantity::Unit;
use crate::standard::amount::{Amount, Base};
use crate::standard::model::Comparison;
use crate::words::Words;

/// The comparison and the amount of a requirement.
pub fn limit(
    fields: &Fields<'_>,
    subject: Option<&'static Table>,
    measure: Option<&'static Measure>,
) -> Option<(Comparison, Amount)> {
    let given: Vec<(Comparison, Value<'_>)> = Comparison::CODES
        .iter()
        .filter_map(|(key, comparison)| Some((*comparison, fields.get(key)?)))
        .collect();
    match given.as_slice() {
        [(comparison, value)] => Some((*comparison, amount(value, subject, measure?)?)),
        _ => {
            fields.report(
                Words::new("要求须恰好写一个界限", "a requirement states exactly one limit"),
                Some(Words::new(
                    "可用：at_least, at_most, equals",
                    "accepted: at_least, at_most, equals",
                )),
            );
            None
        }
    }
}

/// The forms an amount can take, by the key that names them.
const FORMS: &[&str] = &["fixed", "greatest", "per", "value_of"];

fn amount(
    value: &Value<'_>,
    subject: Option<&'static Table>,
    measure: &'static Measure,
) -> Option<Amount> {
    let fields = value.fields()?;
    let forms: Vec<&str> =
        FORMS.iter().copied().filter(|form| fields.get(form).is_some()).collect();
    let amount = match forms.as_slice() {
        ["fixed"] => positive(&fields.get("fixed")?).map(Amount::Fixed),
        ["per"] => {
            let rate = fields.need("rate").and_then(|value| positive(&value));
            let lot = fields.get("per").and_then(|value| lot(&value, subject, measure));
            let (lot, base) = lot?;
            Some(Amount::Per { rate: rate?, lot, base })
        }
        ["greatest"] => {
            let parts = fields.get("greatest")?.items()?;
            let parts: Option<Vec<Amount>> =
                parts.iter().map(|part| amount(part, subject, measure)).collect();
            parts.filter(|parts| !parts.is_empty()).map(Amount::Greatest)
        }
        ["value_of"] => {
            let value = fields.get("value_of")?;
            let name = value.text()?;
            let base = base(&value, &name, subject, measure);
            base.filter(|base| same_unit(&value, base, measure)).map(Amount::ValueOf)
        }
        _ => {
            fields.report(
                Words::new("数额须恰好是一种形式", "an amount has exactly one form"),
                Some(Words::new(
                    format!("可用：{}", FORMS.join(", ")),
                    format!("accepted: {}", FORMS.join(", ")),
                )),
            );
            return None;
        }
    };
    fields.finish();
    amount
}

/// Amounts grow with what they depend on; a negative rate would turn bounds around.
fn positive(value: &Value<'_>) -> Option<f64> {
    let number = value.number()?;
    if number < 0.0 {
        value.report(
            Words::new(format!("{number} 是负数"), format!("{number} is negative")),
            Some(Words::new("0 或正数", "zero or more")),
        );
        return None;
    }
    Some(number)
}

/// A measured value can only equal, reach or stay below a quantity of its own unit.
fn same_unit(value: &Value<'_>, base: &Base, measure: &Measure) -> bool {
    let (Some(own), Some(other)) = (measure.unit(), base.unit) else {
        return true;
    };
    if own != other {
        value.report(
            Words::new(
                format!("单位不一致：{}是{}，{}是{}", measure.zh, own.zh, base.words.zh, other.zh),
                format!(
                    "units differ: {} is in {}, {} in {}",
                    measure.en, own.en, base.words.en, other.en
                ),
            ),
            None,
        );
    }
    own == other
}

/// `"100 households"`: the size of a lot, and what is counted.
fn lot(
    value: &Value<'_>,
    subject: Option<&'static Table>,
    measure: &'static Measure,
) -> Option<(f64, Base)> {
    let text = value.text()?;
    let parts =
        text.split_once(' ').and_then(|(lot, name)| Some((lot.parse::<f64>().ok()?, name.trim())));
    match parts.filter(|(lot, _)| *lot > 0.0) {
        Some((lot, name)) => Some((lot, base(value, name, subject, measure)?)),
        None => {
            value.report(
                Words::new(format!("“{text}”不是计量单元"), format!("`{text}` is no lot")),
                Some(Words::new("如 \"100 households\"", "such as \"100 households\"")),
            );
            None
        }
    }
}

fn base(
    value: &Value<'_>,
    name: &str,
    subject: Option<&'static Table>,
    measure: &'static Measure,
) -> Option<Base> {
    let computed = measure.bases.iter().find(|(column, ..)| *column == name);
    if let Some((column, zh, en)) = computed {
        return Some(Base {
            column: (*column).to_owned(),
            words: Words::new(*zh, *en),
            unit: measure.unit(),
        });
    }
    let quantities = subject.map_or(&[][..], |table| &table.columns).iter();
    let quantities: Vec<_> = quantities.filter(|column| column.kind.is_quantity()).collect();
    match quantities.iter().find(|column| column.name == name) {
        Some(column) => Some(Base {
            column: column.name.clone(),
            words: column.words(),
            unit: column.unit.as_deref().and_then(Unit::of),
        }),
        None => {
            let columns = quantities.iter().map(|column| column.name.as_str());
            let known: Vec<&str> =
                columns.chain(measure.bases.iter().map(|(name, ..)| *name)).collect();
            value.unknown_word(name, &known);
            None
        }
    }
}
