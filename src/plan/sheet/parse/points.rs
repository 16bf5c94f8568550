//! How a score sheet says that values become points.

use crate::document::{Fields, Value};
use crate::words::Words;

use super::super::{Points, Step};
use super::{amount, given};

pub fn points(value: &Value<'_>) -> Option<Points> {
    let fields = value.fields()?;
    let read = if let Some(value) = fields.get("steps") {
        let steps: Vec<Option<Step>> = value.tables().iter().map(step).collect();
        let steps = steps.into_iter().collect::<Option<Vec<Step>>>();
        // Every value has points, or some subject would have none for what is known of it.
        let open = |step: &Step| {
            [step.at_least, step.more_than, step.at_most, step.less_than]
                .iter()
                .all(Option::is_none)
        };
        if steps.as_ref().and_then(|steps| steps.last()).is_some_and(|last| !open(last)) {
            value.report(
                Words::new(
                    "最后一级还有界限，有的值没有得分",
                    "the last step has a limit, so that some values have no points",
                ),
                Some(Words::new("最后加一级 { points = 0 }", "end with { points = 0 }, say")),
            );
            return None;
        }
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
                if points * most < 0.0 {
                    fields.report(
                        Words::new(
                            "points 与 most 一正一负",
                            "points and most are of different signs",
                        ),
                        None,
                    );
                    return None;
                }
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
    let (at_least, more_than) = (limit("at_least"), limit("more_than"));
    let (at_most, less_than) = (limit("at_most"), limit("less_than"));
    let points = fields.need("points").and_then(|value| value.number());
    fields.finish();
    Some(Step {
        at_least: at_least?,
        more_than: more_than?,
        at_most: at_most?,
        less_than: less_than?,
        points: points?,
    })
}
