//! Where weights come from, the method, and how experts compared.

use crate::document::{Fields, Value};
use crate::plan::method::Method;
use crate::plan::weights::most;
use crate::words::Words;

use super::super::{Combine, Expert, Weigh};
use super::{amount, given, share};

pub fn weigh(value: &Value<'_>) -> Option<Weigh> {
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

pub fn needs_experts(weigh: &Weigh) -> bool {
    match weigh {
        Weigh::Ahp => true,
        Weigh::Combined(parts, _) => parts.contains(&Weigh::Ahp),
        _ => false,
    }
}

pub fn method(value: &Value<'_>) -> Option<Method> {
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

pub fn expert(fields: &Fields<'_>, indicators: usize) -> Option<Expert> {
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
