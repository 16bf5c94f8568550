//! The limit of a requirement: its comparison, and the amount in one of the closed forms.

use crate::document::{Fields, Value};
use crate::inventory::Table;
use crate::measure::Measure;
use crate::quantity::Unit;
use crate::standard::amount::{Amount, Band, Base, Count, Step};
use crate::standard::model::Comparison;
use crate::standard::select::Test;
use crate::words::Words;

use super::condition::range;

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
        [(comparison, value)] => {
            Some((*comparison, Forms { subject, measure: measure? }.amount(value)?))
        }
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

/// An amount on its own: in the unit of a measure, over the columns of a table.
pub fn size(
    value: &Value<'_>,
    subject: Option<&'static Table>,
    measure: &'static Measure,
) -> Option<Amount> {
    Forms { subject, measure }.amount(value)
}

/// The forms an amount can take, by the key that names them. `per` comes last: with `start` beside
/// it, it is the lot of a base-and-step amount.
const FORMS: &[&str] = &[
    "fixed", "start", "share", "by", "marginal", "greatest", "least", "sum", "clamp", "range",
    "about", "each", "value_of", "per",
];

/// What amounts may depend on: the subject's columns, and what the measure computes.
struct Forms {
    subject: Option<&'static Table>,
    measure: &'static Measure,
}

impl Forms {
    fn amount(&self, value: &Value<'_>) -> Option<Amount> {
        let fields = value.fields()?;
        let named = |form: &&&str| fields.peek_any(form);
        let Some(form) = FORMS.iter().find(named) else {
            fields.report(
                Words::new("数额没有写明形式", "an amount needs a form"),
                Some(Words::new(
                    format!("可用：{}", FORMS.join(", ")),
                    format!("accepted: {}", FORMS.join(", ")),
                )),
            );
            return None;
        };
        let amount = match *form {
            "fixed" => positive(&fields.get("fixed")?).map(Amount::Fixed),
            "start" => self.base_step(&fields),
            "share" => self.share(&fields),
            "by" => self.steps(&fields),
            "marginal" => self.marginal(&fields),
            "greatest" => self.several(&fields.get("greatest")?).map(Amount::Greatest),
            "least" => self.several(&fields.get("least")?).map(Amount::Least),
            "sum" => self.several(&fields.get("sum")?).map(Amount::Sum),
            "clamp" => self.clamp(&fields),
            "range" => self.range(&fields.get("range")?),
            "about" => about(&fields),
            "each" => self.each(&fields),
            "value_of" => self.value_of(&fields.get("value_of")?),
            _ => self.per(&fields),
        };
        fields.finish();
        amount
    }

    /// An amount, or a number standing for a fixed one.
    fn amount_or_number(&self, value: &Value<'_>) -> Option<Amount> {
        if value.is_table() { self.amount(value) } else { positive(value).map(Amount::Fixed) }
    }

    fn several(&self, value: &Value<'_>) -> Option<Vec<Amount>> {
        let parts: Vec<Option<Amount>> =
            value.items()?.iter().map(|part| self.amount_or_number(part)).collect();
        if parts.is_empty() {
            value.report(Words::new("列表是空的", "the list is empty"), None);
        }
        parts.into_iter().collect::<Option<Vec<_>>>().filter(|parts| !parts.is_empty())
    }

    fn per(&self, fields: &Fields<'_>) -> Option<Amount> {
        let rate = fields.need("rate").and_then(|value| positive(&value));
        let lot = fields.need("per").and_then(|value| self.lot(&value));
        let count = count(fields, Some(Count::Proportional));
        let (lot, base) = lot?;
        Some(Amount::Per { rate: rate?, lot, base, count: count? })
    }

    fn share(&self, fields: &Fields<'_>) -> Option<Amount> {
        let share = fields.need("share").and_then(|value| fraction(&value));
        let base = fields.need("of").and_then(|value| self.own_unit(&value));
        Some(Amount::Share { share: share?, base: base? })
    }

    fn base_step(&self, fields: &Fields<'_>) -> Option<Amount> {
        let start = fields.need("start").and_then(|value| positive(&value));
        let up_to = fields.need("up_to").and_then(|value| self.lot(&value));
        let add = fields.need("add").and_then(|value| positive(&value));
        let lot = fields.need("per").and_then(|value| self.lot(&value));
        // No paper says whether a started lot counts, so whoever writes the pack must.
        let count = count(fields, None);
        let ((up_to, base), (lot, same)) = (up_to?, lot?);
        if base.column != same.column {
            let (one, other) = (&base.column, &same.column);
            fields.report(
                Words::new(
                    format!("up_to 按 {one} 计，per 按 {other} 计"),
                    format!("up_to counts {one}, per counts {other}"),
                ),
                Some(Words::new("两处应为同一个量", "both must count the same")),
            );
            return None;
        }
        Some(Amount::BaseStep { start: start?, base, up_to, add: add?, lot, count: count? })
    }

    fn steps(&self, fields: &Fields<'_>) -> Option<Amount> {
        let base = fields.need("by").and_then(|value| self.named_base(&value));
        let list = fields.need("steps")?;
        let steps: Vec<Option<Step>> = list.tables().iter().map(|step| self.step(step)).collect();
        let steps: Vec<Step> = steps.into_iter().collect::<Option<_>>()?;
        if let Some(gap) = gap(&steps) {
            list.report(
                gap,
                Some(Words::new(
                    "各档须由小到大首尾相接：一档含界限，下一档就不含；首档无下限，末档无上限",
                    "steps must rise and meet: where one includes a bound the next does not; the first has no lower bound, the last no upper",
                )),
            );
            return None;
        }
        Some(Amount::Steps { base: base?, steps })
    }

    fn step(&self, fields: &Fields<'_>) -> Option<Step> {
        let is = fields.need("is").and_then(|value| self.amount_or_number(&value));
        let Some(Test::Range { from, to }) = range(fields) else {
            return None;
        };
        Some(Step { from, to, amount: is? })
    }

    fn marginal(&self, fields: &Fields<'_>) -> Option<Amount> {
        let base = fields.need("marginal").and_then(|value| self.own_unit(&value));
        let list = fields.need("rates")?;
        let band = |fields: &Fields<'_>| {
            let rate = fields.need("rate").and_then(|value| fraction(&value));
            let up_to = match fields.get("up_to") {
                Some(value) => positive(&value).map(Some),
                None => Some(None),
            };
            fields.finish();
            Some(Band { up_to: up_to?, rate: rate? })
        };
        let bands: Vec<Option<Band>> = list.tables().iter().map(band).collect();
        let bands: Vec<Band> = bands.into_iter().collect::<Option<_>>()?;
        let rising = bands.windows(2).all(|pair| match (pair[0].up_to, pair[1].up_to) {
            (Some(first), Some(second)) => first < second,
            (Some(_), None) => true,
            (None, _) => false,
        });
        if !rising || bands.last().is_none_or(|last| last.up_to.is_some()) {
            list.report(
                Words::new(
                    "各段须由小到大，且只有末段无上限",
                    "bands must rise, and only the last has no up_to",
                ),
                None,
            );
            return None;
        }
        Some(Amount::Marginal { base: base?, bands })
    }

    fn clamp(&self, fields: &Fields<'_>) -> Option<Amount> {
        let amount = fields.need("clamp").and_then(|value| self.amount(&value));
        let low = fields.need("at_least").and_then(|value| positive(&value));
        let high = fields.need("at_most").and_then(|value| positive(&value));
        let (low, high) = (low?, high?);
        if low > high {
            fields.report(
                Words::new(
                    format!("下限 {low} 大于上限 {high}"),
                    format!("at_least {low} is above at_most {high}"),
                ),
                None,
            );
            return None;
        }
        Some(Amount::Clamp { amount: Box::new(amount?), low, high })
    }

    fn range(&self, value: &Value<'_>) -> Option<Amount> {
        let mut ends = self.several(value)?;
        if ends.len() != 2 {
            value.report(
                Words::new("范围须写两端", "a range has two ends"),
                Some(Words::new("range = [下限, 上限]", "range = [lower, upper]")),
            );
            return None;
        }
        let (low, high) = (ends.remove(0), ends.remove(0));
        if is_more(&low, &high) {
            value.report(
                Words::new("下限大于上限", "the lower end is above the upper"),
                Some(Words::new("range = [下限, 上限]", "range = [lower, upper]")),
            );
            return None;
        }
        Some(Amount::Range { low: Box::new(low), high: Box::new(high) })
    }

    /// A base in the unit of the measure: a share of households is no area.
    fn own_unit(&self, value: &Value<'_>) -> Option<Base> {
        let base = self.named_base(value)?;
        same_unit(value, &base, self.measure).then_some(base)
    }

    fn each(&self, fields: &Fields<'_>) -> Option<Amount> {
        let each = fields.need("each").and_then(|value| positive(&value));
        let capacity = fields.need("capacity").and_then(|value| self.amount(&value));
        Some(Amount::Each { each: each?, capacity: Box::new(capacity?) })
    }

    fn value_of(&self, value: &Value<'_>) -> Option<Amount> {
        let base = self.named_base(value)?;
        same_unit(value, &base, self.measure).then_some(Amount::ValueOf(base))
    }

    /// `"100 households"`: the size of a lot, and what is counted.
    fn lot(&self, value: &Value<'_>) -> Option<(f64, Base)> {
        let text = value.text()?;
        let read = |(lot, name): (&'_ str, &'_ str)| {
            Some((lot.parse::<f64>().ok()?, name.trim().to_owned()))
        };
        match text.split_once(' ').and_then(read).filter(|(lot, _)| *lot > 0.0 && lot.is_finite()) {
            Some((lot, name)) => Some((lot, self.base(value, &name)?)),
            None => {
                value.report(
                    Words::new(format!("“{text}”不是计量单元"), format!("`{text}` is no lot")),
                    Some(Words::new("如 \"100 households\"", "such as \"100 households\"")),
                );
                None
            }
        }
    }

    fn named_base(&self, value: &Value<'_>) -> Option<Base> {
        let name = value.text()?;
        self.base(value, &name)
    }

    fn base(&self, value: &Value<'_>, name: &str) -> Option<Base> {
        let computed = self.measure.bases.iter().find(|(column, ..)| *column == name);
        if let Some((column, zh, en)) = computed {
            return Some(Base {
                column: (*column).to_owned(),
                words: Words::new(*zh, *en),
                unit: self.measure.unit(),
            });
        }
        let quantities = self.subject.map_or(&[][..], |table| &table.columns).iter();
        let quantities: Vec<_> = quantities.filter(|column| column.kind.is_quantity()).collect();
        match quantities.iter().find(|column| column.name == name) {
            Some(column) => Some(Base {
                column: column.name.clone(),
                words: column.words(),
                unit: column.unit.as_deref().and_then(Unit::of),
            }),
            None => {
                let columns = quantities.iter().map(|column| column.name.as_str());
                let computed = self.measure.bases.iter().map(|(name, ..)| *name);
                let known: Vec<&str> = columns.chain(computed).collect();
                value.unknown_word(name, &known);
                None
            }
        }
    }
}

/// Whether one amount is surely above another of the same form.
fn is_more(one: &Amount, other: &Amount) -> bool {
    match (one, other) {
        (Amount::Fixed(one), Amount::Fixed(other)) => one > other,
        (Amount::Share { share, base }, Amount::Share { share: other, base: same }) => {
            base == same && share > other
        }
        (
            Amount::Per { rate, lot, base, .. },
            Amount::Per { rate: other, lot: other_lot, base: same, .. },
        ) => base == same && rate / lot > other / other_lot,
        _ => false,
    }
}

/// How parts of a lot count: as stated, else as given here; stated it must be where nothing is given.
fn count(fields: &Fields<'_>, otherwise: Option<Count>) -> Option<Count> {
    match (fields.get("count"), otherwise) {
        (Some(value), _) => value.code(Count::CODES),
        (None, Some(otherwise)) => Some(otherwise),
        (None, None) => fields.need("count").and_then(|value| value.code(Count::CODES)),
    }
}

/// `以 … 为宜`: the tolerance is stated, never assumed.
fn about(fields: &Fields<'_>) -> Option<Amount> {
    let value = fields.need("about").and_then(|value| positive(&value));
    let tolerance = fields.need("tolerance").and_then(|value| fraction(&value));
    Some(Amount::About { value: value?, tolerance: tolerance? })
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

/// A share or rate: copies of rules often lose the sign of per cent or per mille.
fn fraction(value: &Value<'_>) -> Option<f64> {
    let number = positive(value)?;
    if number > 1.0 {
        value.report(
            Words::new(
                format!("{number} 大于 1，不是份额"),
                format!("{number} is above 1, no share"),
            ),
            Some(Words::new("7‰ 写 0.007，2% 写 0.02", "write 0.007 for 7‰, 0.02 for 2%")),
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
        let (what, of) = (measure.words(), &base.words);
        value.report(
            Words::new(
                format!("单位不一致：{}是{}，{}是{}", what.zh, own.zh, of.zh, other.zh),
                format!("units differ: {} is in {}, {} in {}", what.en, own.en, of.en, other.en),
            ),
            None,
        );
    }
    own == other
}

/// Where steps leave a gap or overlap, if they do.
fn gap(steps: &[Step]) -> Option<Words> {
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
        return Some(Words::new("没有任何一档", "there is no step"));
    };
    if first.from.is_some() || last.to.is_some() {
        return Some(Words::new("首档或末档没有敞开", "the first or the last step is not open"));
    }
    steps.windows(2).find_map(|pair| {
        let (to, from) = (pair[0].to, pair[1].from);
        match (to, from) {
            (Some((to, included)), Some((from, again))) if to == from && included != again => None,
            (Some((to, true)), Some((from, true))) if to == from => {
                Some(Words::new(format!("{to} 同属两档"), format!("{to} belongs to two steps")))
            }
            (Some((to, false)), Some((from, false))) if to == from => {
                Some(Words::new(format!("{to} 不属于任何一档"), format!("{to} belongs to no step")))
            }
            _ => Some(Words::new(
                "相邻两档的界限不相接",
                "the bounds of two neighbouring steps do not meet",
            )),
        }
    })
}
