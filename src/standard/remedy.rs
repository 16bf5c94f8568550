//! What a text provides against a breach: typed actions, with money where it states a formula.

use crate::quantity::{Interval, Unit};
use crate::words::{Lang, Words};

/// One remedy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remedy {
    /// What is to be done.
    pub act: Act,
    /// What it costs, where the text says so.
    pub money: Option<Money>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Hand over what was built.
    HandOver,
    /// Build it, or buy it elsewhere, not below the standard.
    BuildOrBuy,
    /// Restore its function.
    Restore,
    /// Pay its price or a fee in its place.
    Pay,
    /// Buy it back at cost.
    BuyBack,
    /// Take it over after public notice.
    TakeOver,
    /// Lease as a stop-gap.
    Lease,
    /// A fine.
    Fine,
    /// No permit, presale, acceptance or registration until it is cured.
    Withhold,
}

impl Act {
    /// The codes used in packs.
    pub const CODES: &[(&'static str, Act)] = &[
        ("hand_over", Act::HandOver),
        ("build_or_buy", Act::BuildOrBuy),
        ("restore", Act::Restore),
        ("pay", Act::Pay),
        ("buy_back", Act::BuyBack),
        ("take_over", Act::TakeOver),
        ("lease", Act::Lease),
        ("fine", Act::Fine),
        ("withhold", Act::Withhold),
    ];

    /// Its code.
    pub fn code(self) -> &'static str {
        let found = Act::CODES.iter().find(|(_, act)| *act == self);
        found.map(|(code, _)| *code).expect("every act has a code")
    }

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            Act::HandOver => Words::new("移交", "hand it over"),
            Act::BuildOrBuy => Words::new(
                "补建或异地购置，不低于标准",
                "build it, or buy it elsewhere, not below the standard",
            ),
            Act::Restore => Words::new("恢复使用功能", "restore its function"),
            Act::Pay => Words::new("缴纳相应价款", "pay for it"),
            Act::BuyBack => Words::new("按成本价回购", "buy it back at cost"),
            Act::TakeOver => Words::new("公告后直接接收", "take it over after public notice"),
            Act::Lease => Words::new("租赁过渡", "lease as a stop-gap"),
            Act::Fine => Words::new("罚款", "fine"),
            Act::Withhold => {
                Words::new("整改前不予办理后续手续", "no further permits until it is cured")
            }
        }
    }
}

/// How much money, by the text's own formula.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Money {
    /// So many yuan for each m² that is short.
    PerM2(f64),
    /// So many times what the facility cost to build.
    TimesCost {
        /// The least.
        from: f64,
        /// The most.
        to: f64,
    },
    /// Between two sums.
    Between {
        /// The least.
        from: f64,
        /// The most.
        to: f64,
    },
}

impl Money {
    /// The sum in yuan, for what is short and what the facility cost.
    ///
    /// ```
    /// use facility_audit::quantity::Interval;
    /// use facility_audit::standard::Money;
    /// let fine = Money::TimesCost { from: 2.0, to: 5.0 };
    /// let cost = Interval::exactly(400_000.0);
    /// assert_eq!(fine.of(Interval::exactly(80.0), cost), Interval::between(800_000.0, 2_000_000.0));
    /// ```
    pub fn of(self, short: Interval, cost: Interval) -> Interval {
        match self {
            Money::PerM2(price) => short.times(price),
            Money::TimesCost { from, to } => {
                Interval::between(cost.times(from).low, cost.times(to).high)
            }
            Money::Between { from, to } => Interval::between(from, to),
        }
    }

    /// The formula in words.
    pub fn words(self) -> Words {
        let plain = |value: f64| crate::quantity::number(value, 2);
        match self {
            Money::PerM2(price) => Words::new(
                format!("欠缺面积 × {} 元/㎡", plain(price)),
                format!("the area short × {} yuan/m²", plain(price)),
            ),
            Money::TimesCost { from, to } => Words::new(
                format!("建设成本的 {} 至 {} 倍", plain(from), plain(to)),
                format!("{} to {} times the cost of building it", plain(from), plain(to)),
            ),
            Money::Between { from: 0.0, to } => {
                Words::new(format!("不超过 {} 元", plain(to)), format!("up to {} yuan", plain(to)))
            }
            Money::Between { from, to } => Words::new(
                format!("{} 至 {} 元", plain(from), plain(to)),
                format!("{} to {} yuan", plain(from), plain(to)),
            ),
        }
    }
}

impl Remedy {
    /// The sum it comes to, where there is one.
    pub fn money(&self, short: Interval, cost: Interval) -> Option<Interval> {
        self.money.map(|money| money.of(short, cost))
    }

    /// What is to be done and what it comes to.
    pub fn words(&self, short: Interval, cost: Interval) -> Words {
        let act = self.act.words();
        let Some(money) = self.money else { return act };
        let sum = money.of(short, cost);
        let formula = money.words();
        let yuan = Unit::of("yuan").expect("money has a unit");
        // A sum between two fixed bounds says nothing more than its formula.
        let shown = |lang: Lang| match money {
            Money::Between { .. } => String::new(),
            _ => format!(" = {}", yuan.print(sum, lang)),
        };
        Words::new(
            format!("{}（{}{}）", act.zh, formula.zh, shown(Lang::Zh)),
            format!("{} ({}{})", act.en, formula.en, shown(Lang::En)),
        )
    }
}
