//! `rank.json`: a ranking for other programs, as its own types.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::audit::Audit;
use crate::plan::{self, Choice, Drawn, Ranking, Standing};
use crate::quantity::Ordering;
use crate::words::Lang;

use super::v1::{Place, Range, Text, Tool};
use super::{range, text, tool};
use crate::report::Heading;
use crate::report::ranking::choice;

/// The name of this version.
pub const SCHEMA: &str = "facility-audit/rank.v1";

/// A ranking.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Rank {
    /// The name of the version: `facility-audit/rank.v1`.
    pub schema: String,
    /// The program that wrote it.
    pub tool: Tool,
    /// The project's name.
    pub project: String,
    /// Where.
    pub place: Place,
    /// The day that was judged on.
    pub as_of: String,
    /// The score sheet.
    pub sheet: Sheet,
    /// The weights.
    pub weights: Weights,
    /// The ranked, first to last.
    pub ranked: Vec<Ranked>,
    /// Those that stopped at a gate, or whose gate cannot be decided.
    pub gated: Vec<Gated>,
    /// Those not ranked for missing data.
    pub missing: Vec<Missing>,
    /// What each quota came to.
    pub quotas: Vec<Quota>,
    /// The money, where there is a budget.
    pub money: Option<Money>,
    /// How the random weights were drawn; nothing when nobody is ranked.
    pub draws: Option<Draws>,
    /// Who may be called first by VIKOR, by id; empty for other methods.
    pub compromise: Vec<String>,
    /// Names that only the sheet of scores has, and that are left out since nobody can tell whether they stand.
    pub left_out: Vec<String>,
    /// The value of every indicator of every candidate.
    pub values: Vec<Value>,
}

/// The score sheet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Sheet {
    /// Its id.
    pub id: String,
    /// The text it is from.
    pub citation: Text,
    /// `official`, `own`, `secondary` or `unverified`.
    pub evidence: String,
    /// `community` or `estate`.
    pub subject: String,
    /// How many places the top has.
    pub top: usize,
    /// `weighted_sum`, `topsis` or `vikor`.
    pub method: String,
}

/// The weights, and how far each can move.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Weights {
    /// Where they come from: `given`, `ahp`, `entropy`, `critic`; several when combined.
    pub from: Vec<String>,
    /// What they add up to.
    pub sum: f64,
    /// What given weights should add up to, when they do not.
    pub expected: Option<f64>,
    /// Whether the order stays the same once they are scaled to add up; only where they do not.
    pub same_when_scaled: Option<bool>,
    /// Each of them.
    pub indicators: Vec<Weight>,
    /// What each expert's comparisons say, and all together.
    pub experts: Vec<Expert>,
}

/// One weight.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Weight {
    /// The indicator's id.
    pub indicator: String,
    /// Its name.
    pub name: Text,
    /// The weight as used.
    pub weight: f64,
    /// What each of the combined sets gives it; empty when there is one set.
    pub sets: Vec<f64>,
    /// The first places stay the same as long as the weight is no less than this and the others stay.
    pub no_less_than: f64,
    /// And no more than this; `null` when it has no limit.
    pub no_more_than: Option<f64>,
    /// Who enters and who leaves below, by id.
    pub below: Option<Turn>,
    /// Who enters and who leaves above, by id.
    pub above: Option<Turn>,
    /// Who would enter were what the weights lack added to this one; only where they do not add up.
    pub if_added: Option<Vec<String>>,
}

/// A change of the first places.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Turn {
    /// Who enters.
    pub enters: Vec<String>,
    /// Who leaves.
    pub leaves: Vec<String>,
}

/// What comparisons say.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Expert {
    /// Whose; nothing for all together.
    pub name: Option<String>,
    /// The principal eigenvalue.
    pub eigenvalue: f64,
    /// The consistency ratio.
    pub consistency_ratio: f64,
    /// The weights, adding up to 1.
    pub weights: Vec<f64>,
}

/// One that has a place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Ranked {
    /// Its place, from 1.
    pub place: usize,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The sum of points, the closeness, or VIKOR's compromise.
    pub total: f64,
    /// What each indicator contributes, in the order of the weights.
    pub parts: Vec<f64>,
    /// The places it could have, where a value is known only about.
    pub places: Option<[usize; 2]>,
    /// How often it is at the top under weights nearby.
    pub near: Option<f64>,
    /// How often it is at the top under any weights.
    pub any: Option<f64>,
    /// Whether it is chosen.
    pub chosen: bool,
    /// Why, or why not.
    pub because: Text,
    /// What it costs, in yuan, where that decided.
    pub cost: Option<f64>,
}

/// One that stopped at a gate.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Gated {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it does not pass (`fails`), or cannot be told (`unknown`).
    pub verdict: String,
    /// The gate's id.
    pub gate: String,
    /// The value.
    pub value: Range,
    /// The cells it was read from.
    pub cells: Vec<String>,
}

/// One that is not ranked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The indicators it lacks, by id.
    pub lacks: Vec<String>,
    /// Its place were all that is missing at its best.
    pub best: usize,
    /// Its place were all that is missing at its worst.
    pub worst: usize,
    /// The value of the one missing indicator from which on it is at the top, where that decides.
    pub threshold: Option<f64>,
}

/// What a quota came to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Quota {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// What those it is about count, of those chosen.
    pub counted: f64,
    /// What all chosen count.
    pub whole: f64,
    /// The share.
    pub share: f64,
    /// The greatest share, when there is one.
    pub at_most: Option<f64>,
    /// The greatest number, when there is one.
    pub most: Option<f64>,
}

/// The money, in yuan.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// How much there is.
    pub amount: f64,
    /// How much is spent.
    pub spent: f64,
    /// The cells it stands in.
    pub cells: Vec<String>,
    /// The cells of funds whose amount is not known, or only about: they count at their least.
    pub unknown: Vec<String>,
}

/// How random weights were drawn.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Draws {
    /// How many.
    pub draws: usize,
    /// What started them.
    pub seed: u64,
    /// How far weights nearby reach, as a share of each.
    pub near: f64,
}

/// A value of an indicator.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Value {
    /// Whose, by id.
    pub id: String,
    /// The indicator's id.
    pub indicator: String,
    /// All values it could have.
    pub value: Range,
    /// Its unit's code.
    pub unit: Option<String>,
    /// Its points; nothing when it is missing.
    pub points: Option<f64>,
    /// The cells it was read from.
    pub cells: Vec<String>,
}

/// A ranking as JSON, ending in a line break.
pub fn rank_json(audit: &Audit, ranking: &Ranking, heading: &Heading) -> String {
    let mut text =
        serde_json::to_string_pretty(&build(audit, ranking, heading)).expect("plain data is JSON");
    text.push('\n');
    text
}

fn build(audit: &Audit, ranking: &Ranking, heading: &Heading) -> Rank {
    let sheet = &ranking.sheet;
    Rank {
        schema: SCHEMA.to_owned(),
        tool: tool(),
        project: heading.name.clone(),
        place: super::place(audit, heading),
        as_of: audit.question.day.to_string(),
        sheet: Sheet {
            id: sheet.id.clone(),
            citation: Text { zh: sheet.citation(Lang::Zh), en: sheet.citation(Lang::En) },
            evidence: sheet.evidence.code().to_owned(),
            subject: sheet.subject.to_owned(),
            top: sheet.top,
            method: match sheet.method {
                plan::Method::WeightedSum => "weighted_sum",
                plan::Method::Topsis => "topsis",
                plan::Method::Vikor { .. } => "vikor",
            }
            .to_owned(),
        },
        weights: weights(ranking),
        ranked: ranked(ranking),
        gated: ranking.candidates.iter().flat_map(|one| gated(ranking, one)).collect(),
        missing: ranking.candidates.iter().filter_map(|one| missing(ranking, one)).collect(),
        quotas: sheet
            .quotas
            .iter()
            .zip(&ranking.chosen.quotas)
            .map(|(quota, state)| Quota {
                id: quota.id.clone(),
                name: text(&quota.words),
                counted: state.counted,
                whole: state.whole,
                share: state.share(),
                at_most: quota.at_most,
                most: quota.most,
            })
            .collect(),
        money: ranking.chosen.money.as_ref().map(|money| Money {
            amount: money.amount,
            spent: money.spent,
            cells: money.cells.clone(),
            unknown: money.unknown.clone(),
        }),
        draws: ranking.stability.as_ref().map(|one| Draws {
            draws: one.draws,
            seed: one.seed,
            near: one.reach,
        }),
        compromise: ranking.compromise.iter().map(|row| id_at(ranking, *row)).collect(),
        left_out: ranking.strangers.clone(),
        values: ranking.candidates.iter().flat_map(|one| values(ranking, one)).collect(),
    }
}

fn id_at(ranking: &Ranking, position: usize) -> String {
    ranking.candidates[ranking.order[position]].subject.id.clone()
}

fn weights(ranking: &Ranking) -> Weights {
    let weights = &ranking.weights;
    let turn = |turn: &plan::Turn| Turn {
        enters: turn.enters.iter().map(|row| id_at(ranking, *row)).collect(),
        leaves: turn.leaves.iter().map(|row| id_at(ranking, *row)).collect(),
    };
    let one = |(at, indicator): (usize, &plan::Indicator)| {
        let moves = ranking.stability.as_ref().map(|all| &all.moves[at]);
        let below = moves.and_then(|one| one.below.as_ref());
        let above = moves.and_then(|one| one.above.as_ref());
        Weight {
            indicator: indicator.id.clone(),
            name: text(&indicator.words),
            weight: weights.used[at],
            sets: match weights.sets.len() {
                0 | 1 => Vec::new(),
                _ => weights.sets.iter().map(|(_, set)| set[at]).collect(),
            },
            no_less_than: below.map_or(0.0, |turn| turn.weight),
            no_more_than: above.map(|turn| turn.weight),
            below: below.map(turn),
            above: above.map(turn),
            if_added: weights.sum.as_ref().and_then(|sum| sum.if_added[at].clone()),
        }
    };
    let expert = |(name, compared): (Option<&String>, &plan::Compared)| Expert {
        name: name.cloned(),
        eigenvalue: compared.eigenvalue,
        consistency_ratio: compared.ratio,
        weights: compared.weights.clone(),
    };
    Weights {
        from: weights.sets.iter().map(|(code, _)| (*code).to_owned()).collect(),
        sum: weights.used.iter().sum(),
        expected: weights.sum.as_ref().map(|sum| sum.expected),
        same_when_scaled: weights.sum.as_ref().map(|sum| sum.same_when_scaled),
        indicators: ranking.sheet.indicators.iter().enumerate().map(one).collect(),
        experts: weights
            .experts
            .iter()
            .map(|(name, compared)| (Some(name), compared))
            .chain(weights.group.iter().map(|group| (None, group)))
            .map(expert)
            .collect(),
    }
}

fn ranked(ranking: &Ranking) -> Vec<Ranked> {
    let one = |(position, at): (usize, &usize)| {
        let one = &ranking.candidates[*at];
        let Standing::Ranked { place, total, parts, reach } = &one.standing else { return None };
        let stability = ranking.stability.as_ref();
        let because = |lang| choice(ranking, position, lang).1;
        Some(Ranked {
            place: *place,
            id: one.subject.id.clone(),
            name: one.subject.label.clone(),
            total: *total,
            parts: parts.clone(),
            places: reach.map(|(best, worst)| [best, worst]),
            near: stability.map(|all| all.near[position]),
            any: stability.map(|all| all.any[position]),
            chosen: ranking.choice(position).is_chosen(),
            because: Text { zh: because(Lang::Zh), en: because(Lang::En) },
            cost: match ranking.choice(position) {
                Choice::Chosen { cost } => *cost,
                Choice::TooDear { cost, .. } => Some(*cost),
                _ => None,
            },
        })
    };
    ranking.order.iter().enumerate().filter_map(one).collect()
}

fn gated(ranking: &Ranking, one: &plan::Candidate) -> Vec<Gated> {
    let gates = match &one.standing {
        Standing::Gated(gates) | Standing::Undecided(gates) => gates.as_slice(),
        _ => &[],
    };
    let at = |gate: &usize| {
        let passed = &one.gates[*gate];
        Gated {
            id: one.subject.id.clone(),
            name: one.subject.label.clone(),
            verdict: if passed.verdict == Ordering::Fails { "fails" } else { "unknown" }.to_owned(),
            gate: ranking.sheet.gates[*gate].id.clone(),
            value: range(passed.drawn.value),
            cells: passed.drawn.cells.clone(),
        }
    };
    gates.iter().map(at).collect()
}

fn missing(ranking: &Ranking, one: &plan::Candidate) -> Option<Missing> {
    let Standing::Missing(indicators, reach) = &one.standing else { return None };
    Some(Missing {
        id: one.subject.id.clone(),
        name: one.subject.label.clone(),
        lacks: indicators.iter().map(|at| ranking.sheet.indicators[*at].id.clone()).collect(),
        best: reach.best,
        worst: reach.worst,
        threshold: reach.threshold.as_ref().map(|one| one.points),
    })
}

fn values(ranking: &Ranking, one: &plan::Candidate) -> Vec<Value> {
    let value = |(at, drawn): (usize, &Drawn)| Value {
        id: one.subject.id.clone(),
        indicator: ranking.sheet.indicators[at].id.clone(),
        value: range(drawn.value),
        unit: drawn.unit.map(|unit| unit.code.to_owned()),
        points: one.points[at],
        cells: drawn.cells.clone(),
    };
    one.values.iter().enumerate().map(value).collect()
}
