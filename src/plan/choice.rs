//! Who is chosen: down the order, within quotas and the budget, with the reason for every other.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::Audit;
use crate::error::Result;
use crate::inventory::{Reason, high, low};
use crate::quantity::{Interval, Ordering};

use super::drawn::{Drawn, Sources};
use super::sheet::{Budget, Quota, ScoreSheet};

/// Whether a ranked subject is chosen, and why not.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// It is.
    Chosen {
        /// What it costs, in yuan, where a budget asks.
        cost: Option<f64>,
    },
    /// Enough stand before it.
    Below,
    /// It would exceed a quota.
    Quota {
        /// Which, by its position.
        quota: usize,
        /// The share, or the number, with it.
        with: f64,
    },
    /// What a quota counts is not known of it.
    Uncounted {
        /// Which, by its position.
        quota: usize,
    },
    /// It costs more than is left.
    TooDear {
        /// What it costs.
        cost: f64,
        /// What is left when its turn comes.
        left: f64,
    },
    /// What it costs is not known: it is not free.
    CostUnknown,
    /// One before it cost too much, and the list ends there.
    Ended,
}

impl Choice {
    /// Whether it is chosen.
    pub fn is_chosen(&self) -> bool {
        matches!(self, Choice::Chosen { .. })
    }
}

/// What a quota came to.
#[derive(Debug, Clone, PartialEq)]
pub struct QuotaState {
    /// What those it is about count, of those chosen: at most.
    pub counted: f64,
    /// What all chosen count, or the whole the sheet names: at least.
    pub whole: f64,
    /// How many of those chosen it is about, or may be.
    pub members: usize,
}

impl QuotaState {
    /// The share, at most.
    pub fn share(&self) -> f64 {
        if self.whole > 0.0 { self.counted / self.whole } else { 0.0 }
    }
}

/// The money there is.
#[derive(Debug, Clone, PartialEq)]
pub struct Money {
    /// How much, in yuan.
    pub amount: f64,
    /// What is spent of it.
    pub spent: f64,
    /// The cells it stands in; none when the score sheet says it.
    pub cells: Vec<String>,
    /// The cells of funds whose amount is not known, or only about: they count at their least.
    pub unknown: Vec<String>,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chosen {
    /// For each of the ranked, in their order.
    pub choices: Vec<Choice>,
    /// What each quota came to.
    pub quotas: Vec<QuotaState>,
    /// The money, where there is a budget.
    pub money: Option<Money>,
}

/// What the choice is made from, for each of the ranked in their order.
struct Bids {
    costs: Vec<Option<Drawn>>,
    members: Vec<Vec<Ordering>>,
    counts: Vec<Vec<Interval>>,
}

/// Chooses down the order; `order` gives positions among the subjects of `sources`.
///
/// # Errors
/// When a value cannot be drawn.
pub fn choose(
    audit: &Audit,
    sheet: &ScoreSheet,
    sources: &Sources<'_>,
    order: &[usize],
) -> Result<Chosen> {
    let money = sheet.budget.as_ref().map(|budget| money(audit, budget)).transpose()?;
    let of_order =
        |drawn: Vec<Drawn>| -> Vec<Drawn> { order.iter().map(|at| drawn[*at].clone()).collect() };
    let costs = match &sheet.budget {
        Some(budget) => of_order(sources.draw(&budget.cost)?).into_iter().map(Some).collect(),
        None => vec![None; order.len()],
    };
    let (mut members, mut counts) = (Vec::new(), Vec::new());
    for quota in &sheet.quotas {
        let drawn = of_order(sources.draw(&quota.of.from)?);
        members.push(drawn.iter().map(|one| quota.of.of(one.value)).collect());
        counts.push(match &quota.counted {
            Some(draw) => of_order(sources.draw(draw)?).iter().map(|one| one.value).collect(),
            None => vec![Interval::exactly(1.0); order.len()],
        });
    }
    let bids = Bids { costs, members, counts };
    let most = sheet.choose.unwrap_or(if money.is_some() { usize::MAX } else { sheet.top });
    let amount = money.as_ref().map(|money| money.amount);
    let stops = sheet.budget.as_ref().is_some_and(|budget| budget.stops);
    let fill = |left_out: &BTreeMap<usize, Choice>| bids.fill(left_out, most, amount, stops);
    let mut left_out: BTreeMap<usize, Choice> = BTreeMap::new();
    for (at, quota) in sheet.quotas.iter().enumerate() {
        for row in 0..order.len() {
            let unknown = !bids.counts[at][row].high.is_finite();
            if unknown && bids.members[at][row] != Ordering::Fails && quota.counted.is_some() {
                left_out.insert(row, Choice::Uncounted { quota: at });
            }
        }
    }
    let fixed: Vec<usize> = left_out.keys().copied().collect();
    let mut choices = fill(&left_out);
    // The last of those a quota is about goes first, until it is kept.
    while let Some((quota, row, with)) = bids.exceeded(&sheet.quotas, &choices) {
        left_out.insert(row, Choice::Quota { quota, with });
        choices = fill(&left_out);
    }
    // Money that became free may have brought in others, so that there is room again.
    let again: Vec<usize> = left_out.keys().copied().filter(|row| !fixed.contains(row)).collect();
    for row in again {
        let mut without = left_out.clone();
        without.remove(&row);
        let tried = fill(&without);
        if tried[row].is_chosen() && bids.exceeded(&sheet.quotas, &tried).is_none() {
            (left_out, choices) = (without, tried);
        }
    }
    let quotas =
        (0..sheet.quotas.len()).map(|at| bids.state(at, &sheet.quotas[at], &choices)).collect();
    let spent = choices.iter().map(|choice| match choice {
        Choice::Chosen { cost } => cost.unwrap_or(0.0),
        _ => 0.0,
    });
    let spent: f64 = spent.sum::<f64>() + 0.0;
    Ok(Chosen { quotas, money: money.map(|money| Money { spent, ..money }), choices })
}

impl Bids {
    fn fill(
        &self,
        left_out: &BTreeMap<usize, Choice>,
        most: usize,
        amount: Option<f64>,
        stops: bool,
    ) -> Vec<Choice> {
        let (mut left, mut taken, mut ended) = (amount.unwrap_or(f64::INFINITY), 0, false);
        let one = |(row, cost): (usize, &Option<Drawn>)| {
            if taken >= most {
                return Choice::Below;
            }
            if ended {
                return Choice::Ended;
            }
            if let Some(choice) = left_out.get(&row) {
                return choice.clone();
            }
            let Some(drawn) = cost else {
                taken += 1;
                return Choice::Chosen { cost: None };
            };
            let Some(cost) = yuan(drawn) else { return Choice::CostUnknown };
            if cost > left + 0.005 {
                ended = stops;
                return Choice::TooDear { cost, left };
            }
            left -= cost;
            taken += 1;
            Choice::Chosen { cost: Some(cost) }
        };
        self.costs.iter().enumerate().map(one).collect()
    }

    /// The first quota that is exceeded, the last row it is about, and the share or number with it.
    fn exceeded(&self, quotas: &[Quota], choices: &[Choice]) -> Option<(usize, usize, f64)> {
        for (at, quota) in quotas.iter().enumerate() {
            let state = self.state(at, quota, choices);
            let with = if quota.at_most.is_some() { state.share() } else { state.counted };
            let limit = quota.at_most.or(quota.most).expect("a quota has one of the two");
            if with > limit + 1e-9 {
                let last = (0..choices.len()).rev().find(|row| {
                    choices[*row].is_chosen() && self.members[at][*row] != Ordering::Fails
                });
                return last.map(|row| (at, row, with));
            }
        }
        None
    }

    fn state(&self, at: usize, quota: &Quota, choices: &[Choice]) -> QuotaState {
        let chosen = || (0..choices.len()).filter(|row| choices[*row].is_chosen());
        let is_member = |row: &usize| self.members[at][*row] != Ordering::Fails;
        let counted: f64 = chosen().filter(is_member).map(|row| self.counts[at][row].high).sum();
        let others: f64 =
            chosen().filter(|row| !is_member(row)).map(|row| self.counts[at][row].low).sum();
        QuotaState {
            // A sum of nothing is minus zero.
            counted: counted + 0.0,
            whole: quota.whole.unwrap_or(counted + others + 0.0),
            members: chosen().filter(is_member).count(),
        }
    }
}

/// What a subject costs in yuan, at most; nothing when that is not known.
fn yuan(cost: &Drawn) -> Option<f64> {
    let scale = cost.unit.map_or(1.0, |unit| f64::from(unit.scale));
    (cost.stated.is_some() && cost.value.high.is_finite()).then_some(cost.value.high * scale)
}

/// The money of a budget: what the sheet says, or the list of budgets of its year.
fn money(audit: &Audit, budget: &Budget) -> Result<Money> {
    let mut money = Money { amount: 0.0, spent: 0.0, cells: Vec::new(), unknown: Vec::new() };
    let Some(year) = budget.year else {
        money.amount = budget.amount.unwrap_or(0.0);
        return Ok(money);
    };
    let frame = audit.inventory.table("budgets");
    let (years, funds) = (frame.column("year")?.i32()?, frame.column("fund")?.str()?);
    let (lows, highs) =
        (frame.column(&low("amount"))?.f64()?, frame.column(&high("amount"))?.f64()?);
    let (sources, rows) = (frame.column("_source")?.u32()?, frame.column("_row")?.u32()?);
    let (mut any, mut found) = (false, BTreeSet::new());
    for row in 0..frame.height() {
        let fund = funds.get(row).unwrap_or_default();
        let named = budget.funds.is_empty() || budget.funds.iter().any(|one| one == fund);
        if years.get(row) != Some(year) || !named {
            continue;
        }
        any = true;
        let source = sources.get(row).and_then(|at| audit.inventory.sources.get(at as usize));
        let cell = source.zip(rows.get(row)).map(|(source, row)| source.cell("amount", row));
        // Money that may not be there is not spent.
        money.amount += lows.get(row).unwrap_or(0.0);
        match lows.get(row).is_some() && lows.get(row) == highs.get(row) {
            true => money.cells.extend(cell),
            false => money.unknown.extend(cell),
        }
        found.insert(fund.to_owned());
    }
    for (source, account) in audit.inventory.sources.iter().zip(&audit.inventory.accounts) {
        let blank = account.set_aside.iter().filter(|one| one.reason == Reason::Incomplete);
        if source.table == "budgets" {
            money.unknown.extend(blank.map(|one| source.cell("amount", one.row)));
        }
    }
    if let Some(absent) = budget.funds.iter().find(|fund| any && !found.contains(*fund)) {
        let there = found.iter().map(String::as_str).collect::<Vec<_>>().join("、");
        return Err(crate::Error::refused(
            format!("评分细则：资金表中没有 {year} 年的“{absent}”；写明的资金中有：{there}"),
            format!(
                "score sheet: the list of budgets has no `{absent}` of {year}; of those named it has: {there}"
            ),
        ));
    }
    if !any {
        let (zh, en) = match budget.funds.is_empty() {
            true => (String::new(), String::new()),
            false => (
                format!("“{}”", budget.funds.join("”“")),
                format!(" from {}", budget.funds.join(", ")),
            ),
        };
        return Err(crate::Error::refused(
            format!(
                "评分细则：资金表中没有 {year} 年的资金{zh}；请在项目中加入资金表，或写明 amount"
            ),
            format!(
                "score sheet: the list of budgets has no money{en} of {year}; add the list to the project, or give the amount"
            ),
        ));
    }
    Ok(money)
}
