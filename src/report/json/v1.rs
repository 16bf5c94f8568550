//! The first version of `audit.json`, as its own types: what readers may rely on.
//!
//! Fields are added, never renamed or given another meaning, while the version stays the same.
//! A missing upper end of a range is `null`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assessment::Outcome;

/// The name of this version.
pub const SCHEMA: &str = "facility-audit/audit.v1";

/// An audit.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Audit {
    /// The name of the version: `facility-audit/audit.v1`.
    pub schema: String,
    /// The program that wrote it.
    pub tool: Tool,
    /// The project's name.
    pub project: String,
    /// Where.
    pub place: Place,
    /// The day that was judged on, as `2023-12-31`.
    pub as_of: String,
    /// What the project declared about its data.
    pub declarations: Vec<Text>,
    /// The inputs, and what became of their rows.
    pub inputs: Vec<Input>,
    /// The texts that spoke.
    pub standards: Vec<Standard>,
    /// The requirements that gave way to another text.
    pub gave_way: Vec<GaveWay>,
    /// The outcomes, by requirement.
    pub tallies: Vec<Tally>,
    /// How communities are housed, when there are any.
    pub tenure: Option<Tenure>,
    /// Rates of published figures; a gap year has no value.
    pub rates: Vec<Rate>,
    /// Staff who left, of those recruited.
    pub attrition: Vec<Attrition>,
    /// Every assessment that is not met or unknown.
    pub findings: Vec<Finding>,
}

/// A text in both languages.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A program.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Its GB/T 2260 code, when declared.
    pub code: Option<String>,
    /// What it is called.
    pub name: Option<String>,
}

/// All values a quantity could have.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Range {
    /// The least.
    pub low: f64,
    /// The greatest; `null` when there is no upper end.
    pub high: Option<f64>,
}

/// One file or sheet that fed one table; `read = used + unlinked + set_aside`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The file's name.
    pub file: String,
    /// The sheet, for workbooks.
    pub sheet: Option<String>,
    /// The inventory table it fed.
    pub table: String,
    /// The file's SHA-256.
    pub sha256: String,
    /// Rows below the headings.
    pub read: usize,
    /// Rows used.
    pub used: usize,
    /// Rows used that belong to nothing known.
    pub unlinked: Vec<String>,
    /// Rows not used.
    pub set_aside: Vec<SetAside>,
}

/// One row that was not used.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SetAside {
    /// Its address.
    pub row: String,
    /// Why.
    pub why: Text,
}

/// A text that spoke.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Standard {
    /// The pack's id.
    pub id: String,
    /// The official title, when it is known.
    pub title: Option<String>,
    /// The document number.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: String,
    /// Where it holds: a code, or `CN`.
    pub place: String,
    /// `in_force`, `draft` or `repealed`.
    pub status: String,
    /// The day of issue, as far as it is known.
    pub issued: Option<String>,
    /// The first day it holds.
    pub from: Option<String>,
    /// The last day it holds.
    pub until: Option<String>,
    /// The day the pack was last checked.
    pub checked: Option<String>,
    /// `official`, `own`, `secondary` or `unverified`.
    pub evidence: String,
    /// Whether the project asked for it by name.
    pub named: bool,
    /// The SHA-256 of the pack's text.
    pub sha256: String,
}

/// A requirement that gave way to another text.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct GaveWay {
    /// `pack/requirement`.
    pub requirement: String,
    /// The id of the text that spoke instead.
    pub to: String,
    /// Whether both are of the same level, so that the later one spoke.
    pub same_level: bool,
    /// For how many subjects the text that spoke asks for less than the wider duty.
    pub looser_for: usize,
}

/// The outcomes of one requirement.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// `pack/requirement`.
    pub requirement: String,
    /// The check that judged it.
    pub check: String,
    /// Its name.
    pub name: Text,
    /// What it demands, as a sentence.
    pub demands: Text,
    /// The clause, when it is known.
    pub clause: Option<String>,
    /// `shall`, `should`, `target` or `indicator`.
    pub force: String,
    /// Subjects that meet it.
    pub met: usize,
    /// Subjects that do not.
    pub not_met: usize,
    /// Subjects it does not speak about.
    pub not_applicable: usize,
    /// Subjects of which that cannot be told.
    pub unknown: usize,
    /// `met / (met + not_met + unknown)`, from what is known to what is possible.
    pub rate: Option<Range>,
    /// `met / (met + not_met)`.
    pub of_checkable: Option<f64>,
    /// What all together are short of it.
    pub shortfall: Option<Range>,
    /// The unit of the shortfall.
    pub unit: Option<String>,
}

/// Communities by tenure; the six classes add up to `communities`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Tenure {
    /// All communities.
    pub communities: usize,
    /// Have premises of their own, or a right to use some.
    pub own: usize,
    /// Rent, and have none of their own.
    pub rented: usize,
    /// Only borrow.
    pub borrowed: usize,
    /// Only share.
    pub shared: usize,
    /// Have none.
    pub none: usize,
    /// Cannot be told.
    pub unknown: usize,
    /// Communities that rent and have none of their own, over all.
    pub rented_share: Range,
    /// Communities with any rented premises, over all.
    pub any_rented_share: Range,
}

/// One published figure over another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    /// The rate's code.
    pub item: String,
    /// Its name.
    pub name: Text,
    /// The place.
    pub place: Option<String>,
    /// The part of the place.
    pub part: Option<String>,
    /// The period.
    pub period: String,
    /// The rate; `null` for a gap.
    pub value: Option<Range>,
    /// Its unit.
    pub unit: Option<String>,
    /// The figure above the line.
    pub numerator: Option<Figure>,
    /// The figure below the line.
    pub denominator: Option<Figure>,
    /// The rate as the table prints it.
    pub printed: Option<f64>,
}

/// One published figure.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// What is counted.
    pub item: Text,
    /// The figure.
    pub value: Range,
    /// The unit it is printed in.
    pub unit: Option<String>,
    /// Where it stands.
    pub cell: String,
}

/// Staff who left, of those recruited in a period.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Attrition {
    /// The division's id.
    pub division: String,
    /// The period.
    pub period: Option<String>,
    /// People recruited.
    pub recruited: Range,
    /// People who left.
    pub left: Range,
    /// Left over recruited.
    pub rate: Option<f64>,
    /// Where the number who left stands.
    pub cell: String,
}

/// One assessment that is not met or unknown.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What stays the same from run to run.
    pub key: String,
    /// A hash that changes when the numbers do.
    pub facts: String,
    /// Who or what it is about.
    pub subject: Subject,
    /// What distinguishes several findings of one subject.
    pub facet: Option<String>,
    /// `pack/requirement`.
    pub requirement: String,
    /// The text, and its clause.
    pub citation: Text,
    /// `not_met` or `unknown`.
    pub outcome: Outcome,
    /// Why, as a code.
    pub because: Option<String>,
    /// What was measured.
    pub measured: Range,
    /// What is required.
    pub required: Range,
    /// What is short, or over.
    pub shortfall: Range,
    /// The unit of all three.
    pub unit: Option<String>,
    /// `shall`, `should`, `target` or `indicator`.
    pub force: String,
    /// Who has to make it good.
    pub debtor: Option<String>,
    /// What was found, as a sentence.
    pub sentence: Text,
    /// What would make it pass, or decide it.
    pub cure: Option<Text>,
    /// What of a facility is in place, where the finding is about that.
    pub in_place: Option<InPlace>,
    /// Whose the shortfall of a community is, where its estates owe of it.
    pub split: Option<Split>,
    /// What the text provides against the breach.
    pub remedies: Vec<Remedy>,
    /// The cells it rests on.
    pub cells: Vec<Cell>,
}

/// What of a facility is in place, step by step.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct InPlace {
    /// The area due.
    pub due: Range,
    /// What says so.
    pub due_from: Text,
    /// Due, and not planned.
    pub planning: Range,
    /// Planned, and not built.
    pub construction: Range,
    /// Built, and not handed over.
    pub handover: Range,
    /// Handed over, and not properly used.
    #[serde(rename = "use")]
    pub misuse: Range,
    /// What the contract lacks against the formula: the government's.
    pub government: Range,
    /// Where it stands, as codes.
    pub states: Vec<String>,
    /// Who owes how much.
    pub debts: Vec<Owed>,
}

/// What somebody has to make good.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Owed {
    /// Who, as a code.
    pub debtor: String,
    /// How much, in m².
    pub area: Range,
}

/// What of a community's shortfall is recoverable from estates, in m².
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Split {
    /// What its estates owe of it.
    pub recoverable: Range,
    /// The rest.
    pub government: Range,
    /// All that its estates owe.
    pub estates_owe: Range,
    /// The facilities that owe it.
    pub debts: Vec<FacilityDebt>,
}

/// What one facility owes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FacilityDebt {
    /// The facility's id.
    pub facility: String,
    /// How much, in m².
    pub area: Range,
    /// Whether its developer is gone.
    pub developer_extinct: bool,
}

/// One remedy.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Remedy {
    /// What is to be done, as a code.
    pub act: String,
    /// The same in words, with the formula.
    pub words: Text,
    /// What it comes to in yuan, where the text says so.
    pub yuan: Option<Range>,
}

/// Who or what an assessment is about.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// The kind: `community`, `division`, `aggregate`, `input`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// One cell.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// Its address, as a spreadsheet shows it.
    pub address: String,
    /// What it is.
    pub name: Text,
    /// What it was read as.
    pub value: Text,
}
