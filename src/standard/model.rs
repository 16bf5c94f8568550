//! Packs and the requirements in them, once read and vetted.

use crate::day::{Day, PartialDay};
use crate::inventory::{Kind, Table, high, low};
use crate::mapping::category_name;
use crate::measure::chain::{Reach, Terms};
use crate::measure::dates::dates;
use crate::measure::{Measure, late::Timing, nearby::Unless};
use crate::place::Place;
use crate::quantity::{Interval, Rounding, Unit, number};
use crate::words::{Lang, Words};

use super::amount::{Amount, SqlEnds, rounded_sql};
use super::debtor::Debtor;
use super::remedy::Remedy;
use super::select::Condition;
use super::worked::Case;

/// One legal text, or one page of our own, with its requirements and worked cases.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Its id, unique among packs: `cn-guobanfa-2021-56`.
    pub id: String,
    /// The official title, in Chinese; unknown for texts seen only by their number.
    pub title: Option<String>,
    /// The document number: `国办发〔2021〕56号`.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: String,
    /// Where it holds.
    pub place: Place,
    /// Whether it is in force, a draft, or repealed.
    pub status: Status,
    /// The day it was issued.
    pub issued: Option<PartialDay>,
    /// The first day it holds; unknown days make a text that speaks only when named.
    pub from: Option<Day>,
    /// The last day it holds.
    pub until: Option<Day>,
    /// The day its content was last checked against a source.
    pub checked: Option<Day>,
    /// How well its content is attested.
    pub evidence: Evidence,
    /// What a reader must know of how it was read.
    pub note: Option<Words>,
    /// Its requirements.
    pub requirements: Vec<Requirement>,
    /// Its worked cases.
    pub cases: Vec<Case>,
    /// The file it was read from, as shown to users.
    pub file: String,
    /// The text it was read from.
    pub text: String,
    /// SHA-256 of the text.
    pub sha256: String,
}

/// Whether a text speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// In force within its days.
    InForce,
    /// Published for comments; speaks only when named.
    Draft,
    /// No longer in force; its days tell since when.
    Repealed,
}

impl Status {
    /// The codes used in packs.
    pub const CODES: &[(&'static str, Status)] =
        &[("in_force", Status::InForce), ("draft", Status::Draft), ("repealed", Status::Repealed)];

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            Status::InForce => Words::new("现行", "in force"),
            Status::Draft => Words::new("征求意见稿", "draft"),
            Status::Repealed => Words::new("已废止", "repealed"),
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        code_of(Status::CODES, self)
    }
}

/// How well a text's content is attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// An official site carries the text.
    Official,
    /// It is a page of this program, not law.
    Own,
    /// Reprints or texts that quote it carry it.
    Secondary,
    /// From memory or an unclear copy; speaks only when named.
    Unverified,
}

impl Evidence {
    /// The codes used in packs.
    pub const CODES: &[(&'static str, Evidence)] = &[
        ("official", Evidence::Official),
        ("own", Evidence::Own),
        ("secondary", Evidence::Secondary),
        ("unverified", Evidence::Unverified),
    ];

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            Evidence::Official => Words::new("官方文本", "official text"),
            Evidence::Own => {
                Words::new("本程序的说明，不是法律规定", "a page of this program, not law")
            }
            Evidence::Secondary => Words::new("转载或转引", "reprint or quotation"),
            Evidence::Unverified => Words::new("未核实", "unverified"),
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        code_of(Evidence::CODES, self)
    }
}

pub(super) fn code_of<T: Copy + PartialEq>(codes: &[(&'static str, T)], value: T) -> &'static str {
    let found = codes.iter().find(|(_, listed)| *listed == value);
    found.map(|(code, _)| *code).expect("every variant has a code")
}

/// One thing a text demands of one kind of subject.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// Its id within the pack.
    pub id: String,
    /// Its name for readers.
    pub words: Words,
    /// What it is about: a nearer text on the same topic displaces the wider one, as a whole.
    pub topic: String,
    /// The kind of subject it speaks about.
    pub subject: &'static str,
    /// The table of those subjects; inputs have none.
    pub table: Option<&'static Table>,
    /// Which of the subject's own dates chooses the version that speaks, the first one known; the
    /// day of the audit when there are none.
    pub judged_on: Vec<String>,
    /// The day by which it must be reached; before it, nothing is due.
    pub due: Option<Day>,
    /// Which subjects it applies to.
    pub applies: Vec<Condition>,
    /// Which rows count.
    pub counts: Vec<Condition>,
    /// For a number of functions: which ones count; all when there are none.
    pub among: Vec<String>,
    /// For a share of communities: the size each must reach to be counted.
    pub reaching: Option<Amount>,
    /// For a number of communities: the size each must stay below to be counted.
    pub below: Option<Amount>,
    /// For a list: the requirements of the same text it is made of.
    pub items: Vec<String>,
    /// Whether it is only one of several things that can stand in for each other.
    pub alternative: bool,
    /// It applies only where no such facility is so near.
    pub unless_nearby: Option<Unless>,
    /// For a rule on timing: the stages that are compared.
    pub timing: Option<Timing>,
    /// For a rule on what is in place: how far, and which formulas say what is due.
    pub terms: Terms,
    /// For a rate of what is in place: the requirement of the same text that says what is due.
    pub rule: Option<String>,
    /// For the rooms of a community: what its estates still owe of them.
    pub recoverable: Option<Recoverable>,
    /// What the text provides against a breach.
    pub remedies: Vec<Remedy>,
    /// What is measured.
    pub measure: &'static Measure,
    /// How the measured value must stand to the amount.
    pub comparison: Comparison,
    /// The required amount.
    pub amount: Amount,
    /// How the required amount is rounded.
    pub round: Rounding,
    /// How strongly the text speaks.
    pub force: Force,
    /// Whether it stands beside nearer texts instead of being displaced.
    pub adds: bool,
    /// Who has to make good what is short.
    pub debtor: Debtor,
    /// The clause, where it is known.
    pub clause: Option<String>,
    /// What a reader must know of how it was read.
    pub note: Option<Words>,
}

/// What estates owe that a community lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recoverable {
    /// The requirement of the same text that says what facilities owe.
    pub rule: String,
    /// The classes of facility that become rooms of a community.
    pub category: Vec<String>,
}

/// How a measured value must stand to the required amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Not less.
    AtLeast,
    /// Not more.
    AtMost,
    /// Equal, at the precision of the unit.
    Equals,
}

impl Comparison {
    /// The keys used in packs.
    pub const CODES: &[(&'static str, Comparison)] = &[
        ("at_least", Comparison::AtLeast),
        ("at_most", Comparison::AtMost),
        ("equals", Comparison::Equals),
    ];

    /// Its key.
    pub fn code(self) -> &'static str {
        code_of(Comparison::CODES, self)
    }

    /// How it is said before an amount.
    pub fn words(self) -> Words {
        match self {
            Comparison::AtLeast => Words::new("不少于", "at least"),
            Comparison::AtMost => Words::new("不超过", "at most"),
            Comparison::Equals => Words::new("等于", "equal to"),
        }
    }
}

/// How strongly a text speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Force {
    /// A duty: 应, 不得, 不少于.
    Shall,
    /// Advice: 宜, 一般.
    Should,
    /// A level to be reached, as plans state it.
    Target,
    /// A figure that is watched; no text demands a level.
    Indicator,
}

impl Force {
    /// The codes used in packs.
    pub const CODES: &[(&'static str, Force)] = &[
        ("shall", Force::Shall),
        ("should", Force::Should),
        ("target", Force::Target),
        ("indicator", Force::Indicator),
    ];

    /// Its code.
    pub fn code(self) -> &'static str {
        code_of(Force::CODES, self)
    }

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            Force::Shall => Words::new("应当", "shall"),
            Force::Should => Words::new("宜", "should"),
            Force::Target => Words::new("规划目标", "target"),
            Force::Indicator => Words::new("监测指标", "indicator"),
        }
    }
}

impl Pack {
    /// The citation: `《…》（issuer，number）`, and what is not known of it.
    pub fn citation(&self, lang: Lang) -> String {
        let title = match &self.title {
            Some(title) => format!("《{title}》"),
            None => lang.pick("（标题未见）", "(title not seen)").to_owned(),
        };
        let issued = self.issued.map(|day| day.to_string());
        let facts: Vec<&str> =
            [Some(self.issuer.as_str()), self.number.as_deref(), issued.as_deref()]
                .into_iter()
                .flatten()
                .collect();
        match lang {
            Lang::Zh => format!("{title}（{}）", facts.join("，")),
            Lang::En => format!("{title} ({})", facts.join(", ")),
        }
    }

    /// The citation of one requirement: with its clause, and how well the text is attested.
    pub fn cited(&self, requirement: &Requirement, lang: Lang) -> String {
        let (text, clause) = (self.citation(lang), requirement.clause_words());
        let attested = self.evidence.words();
        match lang {
            Lang::Zh => format!("{text}，{}（{}）", clause.zh, attested.zh),
            Lang::En => format!("{text}, {} ({})", clause.en, attested.en),
        }
    }

    /// The days it holds, as far as they are known.
    pub fn validity(&self, lang: Lang) -> String {
        let from = match self.from {
            Some(from) => format!("{from} {}", lang.pick("起", "onwards")),
            None => lang.pick("起始日未载明", "start day not stated").to_owned(),
        };
        match self.until {
            Some(until) => format!("{from}{}{until}", lang.pick("，至 ", ", until ")),
            None => from,
        }
    }

    /// The requirement with this id.
    pub fn requirement(&self, id: &str) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.id == id)
    }
}

impl Requirement {
    /// The topics it needs the answers of: its own, and those that say what is due.
    pub fn topics(&self) -> Vec<String> {
        let formulas = self.terms.formula.values().cloned();
        std::iter::once(self.topic.clone()).chain(formulas).collect()
    }

    /// The unit amounts and measured values are in; figures carry their own.
    pub fn unit(&self) -> Option<Unit> {
        self.measure.unit()
    }

    /// The required amount for given bases, rounded as the text says.
    pub fn required(&self, base: &dyn Fn(&str) -> Interval) -> Interval {
        let exact = self.amount.at(base);
        Interval::between(self.round.apply(exact.low), self.round.apply(exact.high))
    }

    /// The required amount as SQL over the subject's columns, rounded as the text says.
    pub fn sql(&self) -> SqlEnds {
        let exact = self.amount.sql();
        SqlEnds {
            low: rounded_sql(&exact.low, self.round),
            high: rounded_sql(&exact.high, self.round),
        }
    }

    /// What is demanded, as one sentence.
    pub fn sentence(&self) -> Words {
        let unit = self.unit().unwrap_or(Unit { code: "", zh: "", en: "", decimals: 2, scale: 1 });
        let amount = self.amount.sentence(unit);
        let comparison = self.comparison.words();
        let measure = self.measure.words();
        let mut zh = format!(
            "{}{}{}{}",
            measure.zh,
            comparison.zh,
            if amount.zh.starts_with(|c: char| c.is_ascii()) { " " } else { "" },
            amount.zh
        );
        let mut en = format!("{} {} {}", measure.en, comparison.en, amount.en);
        if let Some(round) = self.round.words() {
            zh += &format!("（{}）", round.zh);
            en += &format!(" ({})", round.en);
        }
        if let Some(reaching) = &self.reaching {
            let reaching = reaching.sentence(Unit::of("m2").expect("areas have a unit"));
            zh += &format!("；规模为不少于 {}", reaching.zh);
            en += &format!("; the size being at least {}", reaching.en);
        }
        if let Some(below) = &self.below {
            let below = below.sentence(Unit::of("m2").expect("areas have a unit"));
            zh += &format!("；规模不满 {}", below.zh);
            en += &format!("; the size being below {}", below.en);
        }
        if !self.items.is_empty() {
            zh += &format!("；共 {} 项：{}", self.items.len(), self.items.join("、"));
            en += &format!("; of {} items: {}", self.items.len(), self.items.join(", "));
        }
        if let Some(unless) = &self.unless_nearby {
            let class = category_name(&unless.category);
            let within = number(unless.within, 2);
            zh += &format!("；{within} 米内没有{}时适用", class.zh);
            en += &format!("; where there is no {} within {within} m", class.en);
        }
        if let Some(timing) = &self.timing {
            let said = timing.words();
            zh += &format!("；{}", said.zh);
            en += &format!("; {}", said.en);
        }
        if self.terms.reach != Reach::Use {
            let reach = self.terms.reach.words();
            zh += &format!("；到{}为止", reach.zh);
            en += &format!("; up to its {}", reach.en);
        }
        if !self.terms.formula.is_empty() {
            let classes = self.terms.formula.keys().map(|class| category_name(class));
            let (zhs, ens): (Vec<String>, Vec<String>) =
                classes.map(|one| (one.zh, one.en)).unzip();
            zh += &format!("；合同、规划没有写明的，{}按公式计算", zhs.join("、"));
            en += &format!("; where neither contract nor plan says, {} by formula", ens.join(", "));
        }
        if let Some(rule) = &self.rule {
            zh += &format!("；应配的按本文件“{rule}”");
            en += &format!("; what is due by `{rule}` of this text");
        }
        if !self.among.is_empty() {
            zh += &format!("；只计功能：{}", self.among.join("、"));
            en += &format!("; counting the functions {}", self.among.join(", "));
        }
        if !self.counts.is_empty() {
            let counts: Vec<Words> = self.counts.iter().map(Condition::words).collect();
            let counts = Words::join(&counts);
            zh += &format!("；只计{}", counts.zh);
            en += &format!("; counting only {}", counts.en);
        }
        if let Some(due) = self.due {
            zh += &format!("；最迟 {due} 达到");
            en += &format!("; by {due}");
        }
        if !self.judged_on.is_empty() {
            let named = self.judged_on_words();
            zh += &format!("；按{}适用版本", named.zh);
            en += &format!("; the version is chosen by {}", named.en);
        }
        if !self.applies.is_empty() {
            let applies: Vec<Words> = self.applies.iter().map(Condition::words).collect();
            let applies = Words::join(&applies);
            zh = format!("{}时，{zh}", applies.zh);
            en = format!("where {}, {en}", applies.en);
        }
        Words::new(zh, en)
    }

    /// The dates its conditions speak about.
    pub fn dates(&self) -> impl Iterator<Item = &'static str> {
        let dates = self.applies.iter().filter(|one| one.column.kind == Kind::Date);
        dates.map(|condition| condition.column.name.as_str())
    }

    /// The dates that choose the version, in order.
    pub fn judged_on_words(&self) -> Words {
        let all = dates(self.subject);
        let named = |name: &String| {
            let found = all.iter().find(|date| date.name == *name);
            found.map_or_else(|| Words::same(name), |date| date.words())
        };
        let names: Vec<Words> = self.judged_on.iter().map(named).collect();
        let joined = |lang: Lang, between: &str| {
            let texts: Vec<&str> = names.iter().map(|one| one.in_lang(lang)).collect();
            texts.join(between)
        };
        Words::new(joined(Lang::Zh, "（其次）"), joined(Lang::En, ", else "))
    }

    /// The clause, or that it is not verified.
    pub fn clause_words(&self) -> Words {
        match &self.clause {
            Some(clause) => Words::same(clause),
            None => Words::new("条款未核实", "clause not verified"),
        }
    }
}

/// The columns that hold one base's bounds.
pub fn base_columns(column: &str) -> [String; 2] {
    [low(column), high(column)]
}
