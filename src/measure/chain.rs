//! What of an area that is due is in place: due, planned, built, handed over, properly used.
//!
//! Each figure counts up to the one before it, so that what is missing falls into four slices that
//! do not overlap and add up: what was not planned, not built, not handed over, not properly used.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::inventory::{Inventory, high, low};
use crate::quantity::{Interval, Unit};
use crate::words::{Lang, Words};

use super::late::{DUE, Housed};
use super::{FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection};

/// How much of the area that a facility owes is not in place.
pub const NOT_IN_PLACE: Measure = Measure {
    name: "not_in_place",
    subject: "facility",
    counts: None,
    table: Some("events"),
    fields: &[
        "date",
        "due_contract",
        "due_plan",
        "due_stated",
        "built_area",
        "accepted_area",
        "handed_over_area",
        "used_area",
        "use_state",
        "mode",
    ],
    unit: Some("m2"),
    check: "handover",
    bases: &[],
    zh: "不到位的面积",
    en: "area that is not in place",
    compute: not_in_place,
    rows: super::late::rows,
};

/// Where a facility falls short; the slices of one facility never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// 规划不到位: due and not planned.
    Planning,
    /// 建设不到位: planned and not built.
    Construction,
    /// 移交不到位: built and not handed over.
    Handover,
    /// 使用不到位: handed over and not properly used.
    Use,
}

impl Class {
    /// All classes, in the order in which a facility comes about.
    pub const ALL: [Class; 4] = [Class::Planning, Class::Construction, Class::Handover, Class::Use];

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            Class::Planning => Words::new("规划不到位", "not planned"),
            Class::Construction => Words::new("建设不到位", "not built"),
            Class::Handover => Words::new("移交不到位", "not handed over"),
            Class::Use => Words::new("使用不到位", "not properly used"),
        }
    }
}

/// What says how much is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueFrom {
    /// The land contract or the planning conditions.
    Contract,
    /// The approved plan.
    Plan,
    /// The ledger, which does not say where it has it from.
    Stated,
    /// Nothing does: how much is due is not known.
    Nothing,
}

impl DueFrom {
    /// Its name.
    pub fn words(self) -> Words {
        match self {
            DueFrom::Contract => Words::new("合同或规划条件约定", "by contract"),
            DueFrom::Plan => Words::new("规划批准", "by the approved plan"),
            DueFrom::Stated => Words::new("台账所列，未说明出处", "as the ledger states"),
            DueFrom::Nothing => Words::new("没有写明", "nowhere stated"),
        }
    }
}

/// The figures of one facility, as its row gives them.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// By contract, by plan, and as the ledger states.
    pub due: [Interval; 3],
    /// What was built, and what the survey at its acceptance found.
    pub built: [Interval; 2],
    /// What was handed over.
    pub handed_over: Interval,
    /// What is properly used.
    pub used: Interval,
    /// Whether all of what was handed over is properly used, or none of it, where the state of use
    /// tells.
    pub in_use: Option<bool>,
    /// Whether it is to be handed over at all.
    pub passes_on: bool,
}

/// What of a facility is in place, step by step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chain {
    /// What is due.
    pub due: Interval,
    /// What says so.
    pub from: DueFrom,
    /// What of it was planned, built, handed over and properly used.
    pub steps: [Interval; 4],
    /// What is missing, class by class.
    pub classes: [Interval; 4],
    /// What is missing in all.
    pub short: Interval,
}

impl Chain {
    /// Works out what of a facility is in place.
    pub fn of(figures: &Figures) -> Chain {
        let known = |one: &Interval| *one != Interval::UNKNOWN;
        let [contract, plan, stated] = figures.due;
        let (due, from) = match () {
            () if known(&contract) => (contract, DueFrom::Contract),
            () if known(&plan) => (plan, DueFrom::Plan),
            () if known(&stated) => (stated, DueFrom::Stated),
            () => (Interval::UNKNOWN, DueFrom::Nothing),
        };
        let handed_over = figures.handed_over;
        // What was handed over had been built; what was built counts as planned where no plan is known.
        let built = figures.built.into_iter().find(known);
        let built = built.unwrap_or(Interval::between(handed_over.low, f64::INFINITY));
        let plan = if known(&plan) { plan } else { Interval::between(built.low, f64::INFINITY) };
        let used = match figures.in_use {
            _ if known(&figures.used) => figures.used,
            Some(true) => Interval::between(f64::INFINITY, f64::INFINITY),
            Some(false) => Interval::exactly(0.0),
            None => Interval::UNKNOWN,
        };
        let all = [plan, built, handed_over, used];
        let wanted = if figures.passes_on { 4 } else { 2 };
        let mut steps = [due; 4];
        let mut classes = [Interval::exactly(0.0); 4];
        let mut before = due;
        for (at, figure) in all.into_iter().enumerate().take(wanted) {
            let missing = |most: f64, least: f64| (most - least).max(0.0);
            classes[at] = Interval::between(
                missing(before.low, figure.high),
                missing(before.high, figure.low),
            );
            before = Interval::between(before.low.min(figure.low), before.high.min(figure.high));
            steps[at] = before;
        }
        (wanted..4).for_each(|at| steps[at] = before);
        let most_in_place = all[..wanted].iter().map(|one| one.high).fold(f64::INFINITY, f64::min);
        let least_in_place = all[..wanted].iter().map(|one| one.low).fold(f64::INFINITY, f64::min);
        let short = Interval::between(
            (due.low - most_in_place).max(0.0),
            (due.high - least_in_place).max(0.0),
        );
        Chain { due, from, steps, classes, short }
    }

    /// The class in which most is missing, whatever the unknown: of equals the first.
    pub fn largest(&self) -> Option<Class> {
        let most = |at: usize| {
            let others = self.classes.iter().enumerate().filter(|(other, _)| *other != at);
            let beaten = |(other, one): (usize, &Interval)| match other < at {
                true => one.high < self.classes[at].low,
                false => one.high <= self.classes[at].low,
            };
            self.classes[at].high > 0.0 && others.into_iter().all(beaten)
        };
        (0..4).find(|&at| most(at)).map(|at| Class::ALL[at])
    }

    /// The chain in one line: `应配 840 ㎡（…）→ 规划 840 → 建设 840 → 移交 512 → 使用 512；移交不到位 328 ㎡`.
    pub fn words(&self) -> Words {
        let unit = Unit::of("m2").expect("areas have a unit");
        let say = |lang: Lang| {
            let from = self.from.words();
            let names = match lang {
                Lang::Zh => ["规划", "建设", "移交", "使用"],
                Lang::En => ["planned", "built", "handed over", "used"],
            };
            let due = unit.print(self.due, lang);
            let mut text = match lang {
                Lang::Zh => format!("应配 {due}（{}）", from.zh),
                Lang::En => format!("due {due} ({})", from.en),
            };
            for (name, step) in names.iter().zip(&self.steps) {
                text += &format!(" → {name} {}", step.text(2, lang));
            }
            for (class, missing) in Class::ALL.iter().zip(&self.classes) {
                if missing.high > 0.0 {
                    let class = class.words();
                    let separator = lang.pick("；", "; ");
                    text += &format!(
                        "{separator}{} {}",
                        class.in_lang(lang),
                        unit.print(*missing, lang)
                    );
                }
            }
            text
        };
        Words::new(say(Lang::Zh), say(Lang::En))
    }
}

/// The chain of every facility, by id.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn chains(inventory: &Inventory) -> PolarsResult<BTreeMap<String, Chain>> {
    let facilities = inventory.table("facilities");
    let ids = facilities.column("id")?.str()?;
    let text = |name: &str| facilities.column(name).and_then(|column| column.str().cloned());
    let (modes, states) = (text("mode")?, text("use_state")?);
    let ends = |name: &str| -> PolarsResult<(Float64Chunked, Float64Chunked)> {
        let end = |name: String| facilities.column(&name).and_then(|column| column.f64().cloned());
        Ok((end(low(name))?, end(high(name))?))
    };
    let names = [
        "due_contract",
        "due_plan",
        "due_stated",
        "built_area",
        "accepted_area",
        "handed_over_area",
        "used_area",
    ];
    let columns = names.into_iter().map(ends).collect::<PolarsResult<Vec<_>>>()?;
    let mut found = BTreeMap::new();
    for row in 0..facilities.height() {
        let Some(id) = ids.get(row) else { continue };
        let area = |at: usize| {
            let (low, high) = &columns[at];
            Interval::between(low.get(row).unwrap_or(0.0), high.get(row).unwrap_or(f64::INFINITY))
        };
        let figures = Figures {
            due: [area(0), area(1), area(2)],
            built: [area(3), area(4)],
            handed_over: area(5),
            used: area(6),
            in_use: states.get(row).and_then(in_use),
            passes_on: modes.get(row) != Some("not_handed_over"),
        };
        found.insert(id.to_owned(), Chain::of(&figures));
    }
    Ok(found)
}

/// Whether a state of use means that all of a facility is properly used, or none of it.
fn in_use(state: &str) -> Option<bool> {
    match state {
        "in_use" => Some(true),
        "part_use" => None,
        _ => Some(false),
    }
}

fn not_in_place(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let housed = Housed::of(inventory, selection)?;
    let (mut subjects, mut ends, mut due) = (Vec::new(), (Vec::new(), Vec::new()), Vec::new());
    for (id, chain) in chains(inventory)? {
        // Nothing is owed before the housing is there to be served.
        due.push(match (chain.short.high > 0.0, housed.surely(&id), housed.perhaps(&id)) {
            (false, ..) | (_, true, _) => Some(true),
            (_, _, false) => Some(false),
            _ => None,
        });
        ends.0.push(chain.short.low);
        ends.1.push(chain.short.high);
        subjects.push(id);
    }
    let gap: Vec<Option<&str>> = ends
        .0
        .iter()
        .zip(&ends.1)
        .map(|(low, high)| (low != high).then_some(Gap::Value.code()))
        .collect();
    let rows: Vec<u32> = gap.iter().map(|gap| u32::from(gap.is_some())).collect();
    let frame = df!(
        SUBJECT => subjects, LOW => ends.0, HIGH => ends.1, GAP => gap, GAP_ROWS => rows, DUE => due,
    )?;
    Ok(frame.lazy().with_column(lit(NULL).cast(DataType::String).alias(FACET)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exactly(value: f64) -> Interval {
        Interval::exactly(value)
    }

    fn plain(due: f64, plan: f64, built: f64, handed_over: f64, used: f64) -> Figures {
        Figures {
            due: [exactly(due), exactly(plan), Interval::UNKNOWN],
            built: [exactly(built), Interval::UNKNOWN],
            handed_over: exactly(handed_over),
            used: exactly(used),
            in_use: None,
            passes_on: true,
        }
    }

    #[test]
    fn what_is_missing_falls_into_four_slices_that_add_up() {
        let chain = Chain::of(&plain(840.0, 800.0, 760.0, 512.0, 500.0));
        assert_eq!(chain.classes, [40.0, 40.0, 248.0, 12.0].map(exactly));
        assert_eq!((chain.short, chain.largest()), (exactly(340.0), Some(Class::Handover)));
        assert_eq!(
            chain.words().zh,
            "应配 840 ㎡（合同或规划条件约定） → 规划 800 → 建设 760 → 移交 512 → 使用 500；规划不到位 40 ㎡；建设不到位 40 ㎡；移交不到位 248 ㎡；使用不到位 12 ㎡"
        );
    }

    #[test]
    fn more_than_is_due_makes_up_for_nothing_else() {
        let chain = Chain::of(&plain(300.0, 900.0, 900.0, 250.0, 900.0));
        assert_eq!(chain.classes, [0.0, 0.0, 50.0, 0.0].map(exactly));
    }

    #[test]
    fn a_blank_contract_falls_through_to_the_plan_then_to_the_ledger_then_to_nothing_known() {
        let mut figures = plain(0.0, 300.0, 300.0, 300.0, 300.0);
        figures.due[0] = Interval::UNKNOWN;
        assert_eq!(Chain::of(&figures).from, DueFrom::Plan);
        figures.due = [Interval::UNKNOWN, Interval::UNKNOWN, exactly(200.0)];
        assert_eq!(
            (Chain::of(&figures).from, Chain::of(&figures).due),
            (DueFrom::Stated, exactly(200.0))
        );
        figures.due = [Interval::UNKNOWN; 3];
        let nowhere = Chain::of(&figures);
        assert_eq!(
            (nowhere.from, nowhere.short),
            (DueFrom::Nothing, Interval::between(0.0, f64::INFINITY))
        );
        assert_eq!(nowhere.largest(), None, "what is not known is no class's fault");
    }

    #[test]
    fn what_stays_with_the_owners_is_not_missed_at_its_handover() {
        let mut figures = plain(100.0, 100.0, 80.0, 0.0, 0.0);
        figures.passes_on = false;
        assert_eq!(Chain::of(&figures).classes, [0.0, 20.0, 0.0, 0.0].map(exactly));
    }

    proptest! {
        #[test]
        fn exact_slices_add_up_to_what_is_short(
            due in 0u32..900, plan in 0u32..900, built in 0u32..900, over in 0u32..900, used in 0u32..900,
        ) {
            let [due, plan, built, over, used] = [due, plan, built, over, used].map(f64::from);
            let chain = Chain::of(&plain(due, plan, built, over, used));
            let sum: f64 = chain.classes.iter().map(|one| one.low).sum();
            prop_assert_eq!(sum, chain.short.low);
            prop_assert_eq!(chain.short.low, chain.short.high);
            prop_assert_eq!(sum, due - chain.steps[3].low);
        }

        #[test]
        fn more_handed_over_never_worsens_it_and_hiding_widens_it(
            due in 0u32..900, plan in 0u32..900, built in 0u32..900, over in 0u32..900, more in 0u32..200,
        ) {
            let [due, plan, built, over, more] = [due, plan, built, over, more].map(f64::from);
            let figures = plain(due, plan, built, over, 10_000.0);
            let chain = Chain::of(&figures);
            let better = Chain::of(&Figures { handed_over: exactly(over + more), ..figures });
            prop_assert!(better.short.low <= chain.short.low);
            for hidden in [
                Figures { handed_over: Interval::UNKNOWN, ..figures },
                Figures { used: Interval::UNKNOWN, ..figures },
            ] {
                let hidden = Chain::of(&hidden).short;
                prop_assert!(hidden.low <= chain.short.low && hidden.high >= chain.short.high);
            }
        }
    }
}
