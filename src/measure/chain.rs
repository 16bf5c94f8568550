//! What of an area that is due is in place: due, planned, built, handed over, properly used.
//!
//! Each figure counts up to the one before it, so that what is missing falls into four slices that
//! do not overlap and add up: what was not planned, not built, not handed over, not properly used.

mod measures;
mod passed_on;
mod rates;
mod read;
mod state;

use crate::quantity::{Interval, Unit};
use crate::words::{Lang, Words};

pub use measures::{BELOW_FORMULA, NOT_IN_PLACE};
pub use passed_on::NOT_PASSED_ON;
pub use rates::{AREA_IN_PLACE, ESTATE_AREA_IN_PLACE, ESTATES_IN_PLACE, FACILITIES_IN_PLACE};
pub use read::{Chained, Formulas, Reach, Terms, chains};
pub use state::State;

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
    /// The formula that a text states for its estate.
    Formula,
    /// Nothing does, nor does any formula speak for its estate: its developer owes nothing.
    NoDuty,
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
            DueFrom::Formula => Words::new("按公式计算", "by formula"),
            DueFrom::NoDuty => {
                Words::new("没有应配依据，不由建设单位承担", "nothing asks its developer for it")
            }
            DueFrom::Nothing => Words::new("没有写明", "nowhere stated"),
        }
    }
}

/// The figures of one facility, as its row gives them.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// By contract, by plan, and as the ledger states.
    pub due: [Interval; 3],
    /// What the formula leaves for it; none where no formula is named for its class.
    pub formula: Option<Interval>,
    /// What was built, and what the survey at its acceptance found.
    pub built: [Interval; 2],
    /// What was handed over.
    pub handed_over: Interval,
    /// What is properly used.
    pub used: Interval,
    /// Whether all of what was handed over is properly used, or none of it, where the state of use
    /// tells.
    pub in_use: Option<bool>,
    /// How far it is to come: four steps, or two where it is not to be handed over.
    pub reach: Reach,
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
    /// How far it is to come.
    pub reach: Reach,
    /// What is missing in all.
    pub short: Interval,
    /// What its developer has not planned, built or handed over.
    pub developer_owes: Interval,
    /// What a contract asks for less than the formula does: the government's, beside the classes.
    pub government: Interval,
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
            () => match figures.formula {
                Some(formula) if formula.high > 0.0 => (formula, DueFrom::Formula),
                Some(_) => (Interval::exactly(0.0), DueFrom::NoDuty),
                None => (Interval::UNKNOWN, DueFrom::Nothing),
            },
        };
        let handed_over = figures.handed_over;
        // What was handed over had been built, and what was built had been planned, as far as what is
        // known of either leaves room for it.
        let at_least = |one: Interval, least: f64| {
            Interval::between(one.low.max(least.min(one.high)), one.high)
        };
        let built = figures.built.into_iter().find(known).unwrap_or(Interval::UNKNOWN);
        let built = at_least(built, handed_over.low);
        let plan = at_least(plan, built.low);
        let used = match figures.in_use {
            _ if known(&figures.used) => figures.used,
            Some(true) => Interval::between(f64::INFINITY, f64::INFINITY),
            Some(false) => Interval::exactly(0.0),
            None => Interval::UNKNOWN,
        };
        let all = [plan, built, handed_over, used];
        let wanted = figures.reach.steps();
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
        let short = missing(due, &all[..wanted]);
        let developer_owes = missing(due, &all[..wanted.min(3)]);
        let government = Interval::exactly(0.0);
        let reach = figures.reach;
        Chain { due, from, steps, classes, reach, short, developer_owes, government }
    }

    /// Who has to make most of it good: the developer, whoever is to use it, or nobody told apart.
    pub fn debtor(&self, use_by: Option<&'static str>) -> Option<&'static str> {
        self.largest().map(|class| match class {
            Class::Planning | Class::Construction | Class::Handover => "developer",
            Class::Use => use_by.unwrap_or("receiver"),
        })
    }

    /// Who has to make how much of it good: what falls short before the handover is the developer's,
    /// what is not properly used that of whoever is to use it, what the contract lacks the
    /// government's.
    pub fn debts(&self, use_by: Option<&'static str>) -> Vec<(&'static str, Interval)> {
        let use_by = use_by.unwrap_or("receiver");
        let owed = match use_by {
            // All of it is one debt: adding up its slices would count what is not known twice.
            "developer" => vec![("developer", self.short), ("government", self.government)],
            _ => vec![
                ("developer", self.developer_owes),
                (use_by, self.classes[3]),
                ("government", self.government),
            ],
        };
        owed.into_iter().filter(|(_, much)| much.high > 0.0).collect()
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
            for (name, step) in names.iter().zip(&self.steps).take(self.reach.steps()) {
                text += &format!(" → {name} {}", step.text(2, lang));
            }
            if self.government.high > 0.0 {
                let missing = unit.print(self.government, lang);
                text += &match lang {
                    Lang::Zh => format!("；合同低于公式 {missing}，由政府承担"),
                    Lang::En => format!("; {missing} less than the formula asks, the government's"),
                };
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

/// What is missing of what is due when all of some figures bound what is in place.
fn missing(due: Interval, figures: &[Interval]) -> Interval {
    let least = figures.iter().map(|one| one.low).fold(f64::INFINITY, f64::min);
    let most = figures.iter().map(|one| one.high).fold(f64::INFINITY, f64::min);
    let gap = |due: f64, place: f64| if due == place { 0.0 } else { (due - place).max(0.0) };
    Interval::between(gap(due.low, most), gap(due.high, least))
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
            formula: None,
            reach: Reach::Use,
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
        figures.reach = Reach::Construction;
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
