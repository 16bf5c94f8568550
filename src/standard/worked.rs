//! Worked cases: what is given, and what the requirements of a text must then say.

use crate::day::Day;

/// One row of a worked case: column → cell text.
pub type GivenRow = Vec<(String, String)>;

/// A worked case: what is given, and what each requirement must then say.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it shows.
    pub name: Option<String>,
    /// The subject's own cells: column → text.
    pub subject: GivenRow,
    /// Rows of other tables: table → rows of column → text.
    pub rows: Vec<(String, Vec<GivenRow>)>,
    /// Tables that list everything there is.
    pub complete: Vec<String>,
    /// The day it is judged on, when not the text's first.
    pub as_of: Option<Day>,
    /// What is expected of each requirement.
    pub expect: Vec<Expectation>,
    /// The line of the pack the case starts on.
    pub line: usize,
}

/// What one requirement must say of a case.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// The requirement's id within the pack.
    pub requirement: String,
    /// The part of a subject's name that picks it, when there are several.
    pub subject: Option<String>,
    /// The required amount.
    pub required: Option<f64>,
    /// The amount it is advised not to exceed.
    pub advised: Option<f64>,
    /// The shortfall, when it is known.
    pub shortfall: Option<f64>,
    /// The outcome's code.
    pub outcome: String,
    /// Who has to make it good, as a code.
    pub debtor: Option<String>,
    /// Where the facility stands, as codes.
    pub states: Option<Vec<String>>,
    /// What remedies come to in yuan, at least and at most, by the code of the act.
    pub yuan: Vec<(String, (f64, f64))>,
}
