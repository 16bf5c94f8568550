//! From gates over points to an order, with the reason for every place.

use std::cmp::Ordering as Order;

use crate::audit::Audit;
use crate::error::{Error, Result};
use crate::quantity::{Interval, Ordering, number};
use crate::words::{Lang, Words};

use super::choice::{Choice, Chosen, choose};
use super::drawn::{Drawn, Sources, Subject};
use super::method::{Better, Method, Vikor, vikor};
use super::reach::reaches;
use super::scorer::Scorer;
use super::sheet::{Draw, ScoreSheet, Weigh};
use super::stability::{Stability, stability};
use super::weights::{SumNote, Weights, ahp, combined, convention, critic, entropy, together};

/// A ranking, and all it rests on.
#[derive(Debug, Clone)]
pub struct Ranking {
    /// The score sheet.
    pub sheet: ScoreSheet,
    /// The weights.
    pub weights: Weights,
    /// Every subject that stands for it, in the order of its table.
    pub candidates: Vec<Candidate>,
    /// The ranked, first to last, by position among the candidates.
    pub order: Vec<usize>,
    /// What each value can range over: at its worst and at its best.
    pub ends: Vec<(f64, f64)>,
    /// How stable the order is; nothing when nobody is ranked.
    pub stability: Option<Stability>,
    /// Who may be called first by VIKOR, by position in the order; empty for other methods.
    pub compromise: Vec<usize>,
    /// Who is chosen.
    pub chosen: Chosen,
    /// Names that only the sheet of scores has, where the score sheet says who stands: left out.
    pub strangers: Vec<String>,
}

/// One subject that stands for a place.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Who.
    pub subject: Subject,
    /// What was found at each gate.
    pub gates: Vec<Passed>,
    /// The value of each indicator.
    pub values: Vec<Drawn>,
    /// Its points, or the value itself where none are given.
    pub points: Vec<Option<f64>>,
    /// All points it could have.
    pub within: Vec<Interval>,
    /// What came of it.
    pub standing: Standing,
}

/// What was found at a gate.
#[derive(Debug, Clone, PartialEq)]
pub struct Passed {
    /// The value.
    pub drawn: Drawn,
    /// Whether it passes.
    pub verdict: Ordering,
}

/// What came of a subject.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// It has a place.
    Ranked {
        /// Its place, from 1; equals share one.
        place: usize,
        /// What orders it: the sum of points, the closeness, or VIKOR's compromise.
        total: f64,
        /// What each indicator contributes; for other methods than the weighted sum the value from
        /// 0 to 1.
        parts: Vec<f64>,
        /// The places it could have, where a value is known only about.
        reach: Option<(usize, usize)>,
    },
    /// It does not pass these gates, by position.
    Gated(Vec<usize>),
    /// Whether it passes these gates is not known.
    Undecided(Vec<usize>),
    /// These indicators are missing: it is listed, not ranked as nothing.
    Missing(Vec<usize>, Reach),
}

/// Where a subject would stand that cannot be ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// Its place were all that is missing at its best.
    pub best: usize,
    /// Its place were all that is missing at its worst.
    pub worst: usize,
    /// The value that decides whether it is at the top, where one value is missing and decides it.
    pub threshold: Option<Threshold>,
}

/// The value that decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// The indicator, by position.
    pub indicator: usize,
    /// Its points from which on, or down to which, the subject is at the top.
    pub points: f64,
    /// Whether more is better.
    pub better: Better,
}

/// Ranks the subjects of a score sheet.
///
/// # Errors
/// [`Error::Refused`] when an item, a requirement or money it names does not exist, when experts
/// contradict themselves, or weights are missing.
pub fn rank(audit: &Audit, sheet: &ScoreSheet) -> Result<Ranking> {
    let sources = Sources::of(audit, sheet)?;
    let gates: Vec<Vec<Drawn>> =
        sheet.gates.iter().map(|gate| sources.draw(&gate.test.from)).collect::<Result<_>>()?;
    let values: Vec<Vec<Drawn>> =
        sheet.indicators.iter().map(|one| sources.draw(&one.from)).collect::<Result<_>>()?;
    let mut candidates: Vec<Candidate> = Vec::new();
    for (at, subject) in sources.subjects().iter().enumerate() {
        let drawn = |all: &Vec<Vec<Drawn>>| -> Vec<Drawn> {
            all.iter().map(|column| column[at].clone()).collect()
        };
        candidates.push(candidate(sheet, subject.clone(), drawn(&gates), drawn(&values)));
    }
    let mut order: Vec<usize> = (0..candidates.len())
        .filter(|at| matches!(candidates[*at].standing, Standing::Ranked { .. }))
        .collect();
    order.sort_by(|a, b| candidates[*a].subject.id.cmp(&candidates[*b].subject.id));
    let table: Vec<Vec<f64>> = order
        .iter()
        .map(|at| candidates[*at].points.iter().map(|one| one.unwrap_or(0.0)).collect())
        .collect();
    beyond(sheet, &candidates)?;
    let ends = ends(sheet, &table);
    let mut weights = weights(sheet, &sources, &table, &ends)?;
    let scorer = Scorer {
        method: sheet.method,
        better: sheet.indicators.iter().map(|one| one.better).collect(),
        base: base(sheet),
        ends,
        ties: sheet.ties.clone(),
    };
    let (by, ratings) = scorer.order(&table, &weights.used);
    let scaled = scorer.scaled(&table);
    let mut place = 0;
    for (position, &row) in by.iter().enumerate() {
        let equal =
            position > 0 && scorer.compare(&table, &ratings, by[position - 1], row) == Order::Equal;
        place = if equal { place } else { position + 1 };
        let parts = scaled[row].iter().zip(&weights.used);
        candidates[order[row]].standing = Standing::Ranked {
            place,
            total: if scorer.method.greatest_first() { ratings[row] } else { -ratings[row] },
            parts: match scorer.method {
                Method::WeightedSum => {
                    parts.zip(bases(sheet)).map(|((x, w), base)| base + x * w).collect()
                }
                _ => scaled[row].clone(),
            },
            reach: None,
        };
    }
    let ordered: Vec<Vec<f64>> = by.iter().map(|row| table[*row].clone()).collect();
    let order: Vec<usize> = by.iter().map(|row| order[*row]).collect();
    reaches(sheet, &scorer, &mut candidates, &order, &ordered, &weights.used);
    let random = (sheet.near, sheet.draws, sheet.seed);
    let stability = (!ordered.is_empty())
        .then(|| stability(&scorer, &ordered, &weights.used, sheet.top, random));
    if sheet.weigh == Weigh::Given {
        let labels: Vec<&str> =
            order.iter().map(|at| candidates[*at].subject.label.as_str()).collect();
        weights.sum = sum_note(sheet, &scorer, &ordered, &weights.used, &labels);
    }
    let compromise = match sheet.method {
        Method::Vikor { v } if !ordered.is_empty() => {
            let better: Vec<Better> = sheet.indicators.iter().map(|one| one.better).collect();
            let found: Vikor = vikor(&ordered, &weights.used, &better, v);
            found.compromise()
        }
        _ => Vec::new(),
    };
    let chosen = choose(audit, sheet, &sources, &order)?;
    let ends = scorer.ends;
    Ok(Ranking {
        sheet: sheet.clone(),
        weights,
        candidates,
        order,
        ends,
        stability,
        compromise,
        chosen,
        strangers: sources.strangers().to_vec(),
    })
}

impl Ranking {
    /// Whether a ranked subject is chosen, and why not; by position in the order.
    pub fn choice(&self, position: usize) -> &Choice {
        &self.chosen.choices[position]
    }

    /// Where a candidate stands in the order, if it is ranked.
    pub fn position(&self, candidate: usize) -> Option<usize> {
        self.order.iter().position(|at| *at == candidate)
    }
}

/// A subject after the gates, ready to be ranked or with the reason why not.
fn candidate(
    sheet: &ScoreSheet,
    subject: Subject,
    gates: Vec<Drawn>,
    values: Vec<Drawn>,
) -> Candidate {
    let passed = |(drawn, gate): (Drawn, &super::sheet::Gate)| Passed {
        verdict: gate.test.of(drawn.value),
        drawn,
    };
    let gates: Vec<Passed> = gates.into_iter().zip(&sheet.gates).map(passed).collect();
    let within = values.iter().zip(&sheet.indicators).map(|(value, one)| match &one.points {
        Some(points) => points.within(value.value),
        None => value.value,
    });
    let within: Vec<Interval> = within.collect();
    // Points that are the same for every value it could have are known, though the value is not.
    let points = |((value, one), within): ((&Drawn, &super::sheet::Indicator), &Interval)| {
        let settled = within.is_exact().then_some(within.low);
        let stated = value.stated.and_then(|stated| match &one.points {
            Some(points) => points.of(stated),
            None => Some(stated),
        });
        stated.or(settled)
    };
    let points: Vec<Option<f64>> =
        values.iter().zip(&sheet.indicators).zip(&within).map(points).collect();
    let at = |wanted: Ordering| -> Vec<usize> {
        (0..gates.len()).filter(|gate| gates[*gate].verdict == wanted).collect()
    };
    let missing: Vec<usize> = (0..points.len()).filter(|at| points[*at].is_none()).collect();
    let (failed, open) = (at(Ordering::Fails), at(Ordering::Undecided));
    let standing = if !failed.is_empty() {
        Standing::Gated(failed)
    } else if !open.is_empty() {
        Standing::Undecided(open)
    } else if !missing.is_empty() {
        Standing::Missing(missing, Reach { best: 0, worst: 0, threshold: None })
    } else {
        Standing::Ranked { place: 0, total: 0.0, parts: Vec::new(), reach: None }
    };
    Candidate { subject, gates, values, points, within, standing }
}

/// A value beyond the range that the sheet states is a mistake of one or the other.
fn beyond(sheet: &ScoreSheet, candidates: &[Candidate]) -> Result<()> {
    for (at, indicator) in sheet.indicators.iter().enumerate() {
        let Some((low, high)) = indicator.range else { continue };
        let outside = |one: &&Candidate| {
            let drawn = &one.values[at];
            drawn.stated.is_some_and(|value| value < low - 1e-9 || value > high + 1e-9)
                || drawn.value.low > high + 1e-9
                || drawn.value.high < low - 1e-9
        };
        if let Some(one) = candidates.iter().find(outside) {
            let (label, drawn) = (&one.subject.label, &one.values[at]);
            let value =
                drawn.stated.map_or_else(|| drawn.value.text(2, Lang::Zh), |one| number(one, 2));
            let cells = one.values[at].cells.join("、");
            let words = &indicator.words;
            return Err(Error::refused(
                format!(
                    "评分细则：“{}”写的范围是 {low}–{high}，而{label}是 {value}（{cells}）",
                    words.zh
                ),
                format!(
                    "score sheet: the range of `{}` is {low} to {high}, and {label} has {value} ({cells})",
                    words.en
                ),
            ));
        }
    }
    Ok(())
}

/// The ends of each indicator: of its points, as the sheet says, or those of the ranked.
pub(super) fn ends(sheet: &ScoreSheet, table: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let one = |(at, indicator): (usize, &super::sheet::Indicator)| {
        if let Some(points) = &indicator.points {
            return points.range();
        }
        indicator.range.unwrap_or_else(|| {
            let all = || table.iter().map(|row| row[at]);
            let least = all().fold(f64::INFINITY, f64::min);
            if least.is_finite() {
                (least, all().fold(f64::NEG_INFINITY, f64::max))
            } else {
                (0.0, 0.0)
            }
        })
    };
    sheet.indicators.iter().enumerate().map(one).collect()
}

/// Points that count as they are begin at their least.
fn bases(sheet: &ScoreSheet) -> impl Iterator<Item = f64> + '_ {
    sheet.indicators.iter().map(|one| match (&one.points, one.weight, &sheet.weigh) {
        (Some(points), None, Weigh::Given) => points.range().0,
        _ => 0.0,
    })
}

fn base(sheet: &ScoreSheet) -> f64 {
    bases(sheet).sum()
}

/// The weights, by the way the sheet names.
fn weights(
    sheet: &ScoreSheet,
    sources: &Sources<'_>,
    table: &[Vec<f64>],
    ends: &[(f64, f64)],
) -> Result<Weights> {
    let mut weights = Weights::default();
    if table.is_empty() && sheet.weigh != Weigh::Given {
        weights.used = vec![0.0; sheet.indicators.len()];
        return Ok(weights);
    }
    let of_hundred =
        |set: Vec<f64>| -> Vec<f64> { set.iter().map(|weight| weight * 100.0).collect() };
    let one = |weigh: &Weigh, weights: &mut Weights| -> Result<(&'static str, Vec<f64>)> {
        Ok(match weigh {
            Weigh::Ahp => ("ahp", of_hundred(compared(sheet, weights)?)),
            Weigh::Entropy => ("entropy", of_hundred(entropy(table).map_err(Error::Refused)?)),
            Weigh::Critic => {
                let better: Vec<Better> = sheet.indicators.iter().map(|one| one.better).collect();
                ("critic", of_hundred(critic(table, &better).map_err(Error::Refused)?))
            }
            _ => ("given", given(sheet, sources, ends)?),
        })
    };
    match &sheet.weigh {
        Weigh::Combined(parts, by) => {
            for part in parts {
                let set = one(part, &mut weights)?;
                weights.sets.push(set);
            }
            let sets: Vec<Vec<f64>> = weights.sets.iter().map(|(_, set)| set.clone()).collect();
            let joined = combined(&sets, by).ok_or_else(|| {
                Error::refused(
                    "评分细则：合并后的权重全部为零",
                    "score sheet: the combined weights all come to nothing",
                )
            })?;
            weights.used = of_hundred(joined);
        }
        single => {
            let set = one(single, &mut weights)?;
            weights.used.clone_from(&set.1);
            weights.sets.push(set);
        }
    }
    Ok(weights)
}

/// The weights that are given: in the sheet, in the sheet of scores, or by the points themselves.
fn given(sheet: &ScoreSheet, sources: &Sources<'_>, ends: &[(f64, f64)]) -> Result<Vec<f64>> {
    let one = |(at, indicator): (usize, &super::sheet::Indicator)| {
        let by_item = || match &indicator.from {
            Draw::Item(item) => sources.weight_of(item),
            _ => None,
        };
        let by_points = || indicator.points.is_some().then(|| ends[at].1 - ends[at].0);
        indicator.weight.or_else(by_points).or_else(by_item).ok_or_else(|| {
            let words = &indicator.words;
            Error::refused(
                format!("评分细则：“{}”没有权重；写 weight，或在打分表中加一行权重", words.zh),
                format!("score sheet: `{}` has no weight; give one, or a row of weights in the sheet of scores", words.en),
            )
        })
    };
    sheet.indicators.iter().enumerate().map(one).collect()
}

/// What the experts' comparisons say together; contradictory ones are refused with the worst pair.
fn compared(sheet: &ScoreSheet, weights: &mut Weights) -> Result<Vec<f64>> {
    let limit = convention().limit;
    for expert in &sheet.experts {
        weights.experts.push((expert.name.clone(), ahp(&expert.matrix)));
    }
    let refused: Vec<Words> = weights
        .experts
        .iter()
        .filter(|(_, compared)| !compared.is_consistent())
        .map(|(name, compared)| contradictory(sheet, name, compared, limit))
        .collect();
    if !refused.is_empty() {
        return Err(Error::Refused(Words::join(&refused)));
    }
    let all: Vec<Vec<Vec<f64>>> = sheet.experts.iter().map(|one| one.matrix.clone()).collect();
    let group = ahp(&together(&all));
    let used = group.weights.clone();
    weights.group = Some(group);
    Ok(used)
}

fn contradictory(
    sheet: &ScoreSheet,
    name: &str,
    compared: &super::weights::Compared,
    limit: f64,
) -> Words {
    let ratio = compared.ratio;
    let pair = compared.worst.map_or_else(Words::default, |worst| {
        let called = |at: usize| &sheet.indicators[at].words;
        let (first, second) = (called(worst.first), called(worst.second));
        let (stated, fitting) = (worst.stated, worst.fitting);
        Words::new(
            format!(
                "；最不一致的一对：“{}”对“{}”写的是 {stated:.3}，与其余比较相合的约为 {fitting:.3}",
                first.zh, second.zh
            ),
            format!(
                "; the pair that fits worst: `{}` to `{}` is given as {stated:.3}, the others say about {fitting:.3}",
                first.en, second.en
            ),
        )
    });
    Words::new(
        format!(
            "专家“{name}”的比较前后矛盾：一致性比率 CR = {ratio:.3}，超过 {limit:.2}{}",
            pair.zh
        ),
        format!(
            "the comparisons of `{name}` contradict each other: consistency ratio {ratio:.3}, above {limit:.2}{}",
            pair.en
        ),
    )
}

/// What it does to the order that given weights do not add up to what they should.
fn sum_note(
    sheet: &ScoreSheet,
    scorer: &Scorer,
    ordered: &[Vec<f64>],
    weights: &[f64],
    labels: &[&str],
) -> Option<SumNote> {
    let by_points = sheet.indicators.iter().any(|one| one.points.is_some() && one.weight.is_none());
    let sum: f64 = weights.iter().sum();
    let expected = sheet.sum.unwrap_or(if sum > 0.5 && sum < 1.5 { 1.0 } else { 100.0 });
    if (by_points && sheet.sum.is_none()) || (sum - expected).abs() < 1e-6 || sum <= 0.0 {
        return None;
    }
    let scaled: Vec<f64> = weights.iter().map(|weight| weight * expected / sum).collect();
    let (now, _) = scorer.order(ordered, weights);
    let (then, _) = scorer.order(ordered, &scaled);
    let top = sheet.top.min(ordered.len());
    let added = |at: usize| {
        let mut weights = weights.to_vec();
        weights[at] += expected - sum;
        (weights[at] >= 0.0).then(|| {
            let (then, _) = scorer.order(ordered, &weights);
            let enters = then[..top].iter().filter(|row| **row >= top);
            enters.map(|row| labels[*row].to_owned()).collect()
        })
    };
    Some(SumNote {
        sum,
        expected,
        same_when_scaled: now == then,
        if_added: (0..weights.len()).map(added).collect(),
    })
}
