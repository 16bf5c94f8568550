//! A city's score sheet: gates, indicators with points and weights, quotas, a budget. It is data.
//!
//! ```toml
//! id       = "demo"
//! title    = "示范市老旧社区改造评分细则"
//! issuer   = "示范市住房和城乡建设局"
//! issued   = 2023-03-01
//! evidence = "official"
//! subject  = "community"
//! top      = 10
//!
//! [[gate]]
//! id = "consent"
//! zh = "居民同意率"
//! en = "share of households that agree"
//! from = { item = "同意户数", per = { item = "涉及户数" } }
//! at_least = "2/3"
//!
//! [[indicator]]
//! id = "age"
//! zh = "建筑年代"
//! en = "age of the buildings"
//! from = "建筑年代"           # a column of the sheet of scores
//! range = [0, 100]
//! weight = 12
//! ```

mod parse;
mod points;

use std::path::Path;

use crate::day::PartialDay;
use crate::error::{Error, Result};
use crate::inventory::Column;
use crate::measure::Measure;
use crate::quantity::{Interval, Ordering};
use crate::standard::{Condition, Evidence};
use crate::words::{Lang, Words};

pub(crate) use parse::is_drawn;
pub use points::{Points, Step};

use super::method::{Better, Method};

/// A score sheet.
#[derive(Debug, Clone)]
pub struct ScoreSheet {
    /// Its id.
    pub id: String,
    /// The title of the text it is from.
    pub title: Option<String>,
    /// The text's number.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: String,
    /// When, as far as it is known.
    pub issued: Option<PartialDay>,
    /// How well it is attested.
    pub evidence: Evidence,
    /// What a reader should know of it.
    pub note: Option<Words>,
    /// What is ranked: `community` or `estate`.
    pub subject: &'static str,
    /// Which of them stand for it; those with any indicator when it says nothing.
    pub applies: Vec<Condition>,
    /// How many places there are at the top.
    pub top: usize,
    /// How many are chosen at most; the top places when there is no budget and nothing is said.
    pub choose: Option<usize>,
    /// What starts the random weights.
    pub seed: u64,
    /// How many random weights are drawn.
    pub draws: usize,
    /// How far each weight is moved for the nearby weights, as a share of it.
    pub near: f64,
    /// What the given weights should add up to.
    pub sum: Option<f64>,
    /// Where weights come from.
    pub weigh: Weigh,
    /// How the order is made.
    pub method: Method,
    /// What decides between equals: indicators by their position, in order.
    pub ties: Vec<usize>,
    /// What is scored.
    pub indicators: Vec<Indicator>,
    /// What must hold before anything is scored.
    pub gates: Vec<Gate>,
    /// What part of those chosen some may be.
    pub quotas: Vec<Quota>,
    /// What they may cost.
    pub budget: Option<Budget>,
    /// How experts compared the indicators.
    pub experts: Vec<Expert>,
    /// The file it was read from, and its text.
    pub text: String,
}

/// Where weights come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Weigh {
    /// From the sheet, as they stand.
    Given,
    /// From pairwise comparisons.
    Ahp,
    /// From the entropy of the data.
    Entropy,
    /// From the spread and the conflict of the data.
    Critic,
    /// From several of these.
    Combined(Vec<Weigh>, Combine),
}

/// How several sets of weights become one.
#[derive(Debug, Clone, PartialEq)]
pub enum Combine {
    /// By their products.
    Product,
    /// By their means, with a share for each.
    Mean(Vec<f64>),
}

/// One thing that is scored.
#[derive(Debug, Clone)]
pub struct Indicator {
    /// Its id in the sheet.
    pub id: String,
    /// What it is called.
    pub words: Words,
    /// The clause of the text.
    pub clause: Option<String>,
    /// Where its value comes from.
    pub from: Draw,
    /// How a value becomes points; the value itself counts when there is nothing.
    pub points: Option<Points>,
    /// Whether more or less puts a subject first.
    pub better: Better,
    /// The values, or points, it can have.
    pub range: Option<(f64, f64)>,
    /// Its weight, when the sheet of scores does not give it.
    pub weight: Option<f64>,
}

/// Where a value comes from.
#[derive(Debug, Clone)]
pub enum Draw {
    /// An item of the sheet of scores.
    Item(String),
    /// A column of the subject's own table; of a date its year.
    Column(&'static Column),
    /// A measure, of what counts.
    Measure(&'static Measure, Vec<Condition>),
    /// What the audit found under a requirement.
    Found(String, Take),
    /// One value divided by another.
    Per(Box<Draw>, Box<Draw>),
}

/// What is taken of an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// What was measured.
    Measured,
    /// What is required.
    Required,
    /// What is missing; nothing where it does not apply.
    Shortfall,
    /// What is missing as a share of what is required.
    Share,
    /// 1 where it is not met, 0 where it is or does not apply.
    NotMet,
}

impl Take {
    /// The codes in score sheets.
    pub const CODES: &[(&'static str, Take)] = &[
        ("measured", Take::Measured),
        ("required", Take::Required),
        ("shortfall", Take::Shortfall),
        ("share", Take::Share),
        ("not_met", Take::NotMet),
    ];
}

/// A test on one value.
#[derive(Debug, Clone)]
pub struct Test {
    /// Where the value comes from.
    pub from: Draw,
    /// The least it may be.
    pub at_least: Option<f64>,
    /// The most it may be.
    pub at_most: Option<f64>,
    /// What it must be above.
    pub more_than: Option<f64>,
    /// What it must be below.
    pub less_than: Option<f64>,
    /// Whether it asks for yes or no, which are 1 and 0.
    pub is: Option<bool>,
}

impl Test {
    /// Whether all values it could be pass, or none does.
    pub fn of(&self, value: Interval) -> Ordering {
        let exactly = Interval::exactly;
        let holds = |passes: bool, fails: bool| match (passes, fails) {
            (true, _) => Ordering::Holds,
            (_, true) => Ordering::Fails,
            _ => Ordering::Undecided,
        };
        // Quotients such as 200/300 are compared with 2/3 beyond binary noise.
        let step = 1e-9;
        let each = [
            self.at_least.map(|limit| value.reaches(exactly(limit), step)),
            self.at_most.map(|limit| holds(value.high <= limit + step, value.low > limit + step)),
            self.more_than.map(|limit| holds(value.low > limit + step, value.high <= limit + step)),
            self.less_than.map(|limit| holds(value.high < limit - step, value.low >= limit - step)),
        ];
        let all: Vec<Ordering> = each.into_iter().flatten().collect();
        if all.contains(&Ordering::Fails) {
            Ordering::Fails
        } else if all.contains(&Ordering::Undecided) {
            Ordering::Undecided
        } else {
            Ordering::Holds
        }
    }

    /// The test in words: `≥ 66.67%`.
    pub fn words(&self, show: impl Fn(f64) -> String) -> String {
        let parts = [
            (self.at_least, "≥"),
            (self.more_than, ">"),
            (self.at_most, "≤"),
            (self.less_than, "<"),
        ];
        let said = parts
            .iter()
            .filter_map(|(limit, sign)| limit.map(|limit| format!("{sign} {}", show(limit))));
        said.collect::<Vec<_>>().join(", ")
    }
}

/// Something that must hold before a subject is scored.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Its id in the sheet.
    pub id: String,
    /// What it asks.
    pub words: Words,
    /// The clause of the text.
    pub clause: Option<String>,
    /// The test.
    pub test: Test,
}

/// The part that some may be of all that are chosen.
#[derive(Debug, Clone)]
pub struct Quota {
    /// Its id in the sheet.
    pub id: String,
    /// Who it is about.
    pub words: Words,
    /// The clause of the text.
    pub clause: Option<String>,
    /// Who is meant.
    pub of: Test,
    /// What is counted; one for each where nothing is said.
    pub counted: Option<Draw>,
    /// The greatest share of what all chosen count.
    pub at_most: Option<f64>,
    /// What the share is of, when it is a number of its own and not what all chosen count.
    pub whole: Option<f64>,
    /// The greatest number, whatever the others count.
    pub most: Option<f64>,
}

/// What those chosen may cost.
#[derive(Debug, Clone)]
pub struct Budget {
    /// What one costs, in yuan.
    pub cost: Draw,
    /// The money, when the sheet says it.
    pub amount: Option<f64>,
    /// The year of the list of budgets it is taken from.
    pub year: Option<i32>,
    /// The funds of that list; all when none is named.
    pub funds: Vec<String>,
    /// Whether the first one that costs too much ends the list; else cheaper ones below may follow.
    pub stops: bool,
}

/// How one expert compared the indicators.
#[derive(Debug, Clone)]
pub struct Expert {
    /// Who.
    pub name: String,
    /// How many times as important each is as each other.
    pub matrix: Vec<Vec<f64>>,
}

impl ScoreSheet {
    /// Reads a score sheet from a file.
    ///
    /// # Errors
    /// [`Error::Read`] when it cannot be read; [`Error::Diagnostics`] with every mistake in it.
    pub fn open(path: &Path) -> Result<ScoreSheet> {
        let text = std::fs::read_to_string(path).map_err(Error::read(path))?;
        ScoreSheet::parse(&path.display().to_string(), &text)
    }

    /// Reads a score sheet from its text.
    ///
    /// # Errors
    /// [`Error::Diagnostics`] with every mistake, its line and column, and what would be accepted.
    pub fn parse(file: &str, text: &str) -> Result<ScoreSheet> {
        parse::parse(file, text)
    }

    /// The text it is from: title, number, issuer and day, as far as they are known.
    pub fn citation(&self, lang: Lang) -> String {
        let title = self.title.as_ref().map(|title| match lang {
            Lang::Zh => format!("《{title}》"),
            Lang::En => title.clone(),
        });
        let day = self.issued.map(|day| day.to_string());
        let rest = [self.number.clone(), Some(self.issuer.clone()), day];
        let rest: Vec<String> = rest.into_iter().flatten().collect();
        format!("{}（{}）", title.unwrap_or_default(), rest.join("，"))
    }
}
