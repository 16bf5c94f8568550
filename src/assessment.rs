//! An assessment: one subject, one requirement, what was measured, and what can be said.
//!
//! Assessments are a table of codes and numbers ([`COLUMNS`]); sentences and cells are built from
//! it when a report or `explain` asks.

use std::cmp::Ordering;

use polars::prelude::*;
use serde::{Deserialize, Serialize};

use crate::quantity::{Interval, Unit};
use crate::words::{Words, counted};

/// What can be said of a subject under a requirement.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It meets the requirement, whatever the values not known.
    Met,
    /// It does not, whatever the values not known.
    NotMet,
    /// The requirement does not speak about it.
    NotApplicable,
    /// It depends on what is not known.
    #[doc(alias = "无法核查")]
    Unknown,
}

impl Outcome {
    /// All outcomes, in the order reports show them.
    pub const ALL: [Outcome; 4] =
        [Outcome::Met, Outcome::NotMet, Outcome::NotApplicable, Outcome::Unknown];

    /// The code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Met => "met",
            Outcome::NotMet => "not_met",
            Outcome::NotApplicable => "not_applicable",
            Outcome::Unknown => "unknown",
        }
    }

    /// The outcome with this code.
    pub fn of(code: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// Its name under a figure that is watched while no text demands a level: such a subject is
    /// counted or not, and fails nothing.
    pub fn words_of_indicator(self) -> Words {
        match self {
            Outcome::Met => Words::new("不计入", "not counted"),
            Outcome::NotMet => Words::new("计入", "counted"),
            other => other.words(),
        }
    }

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            Outcome::Met => Words::new("达标", "met"),
            Outcome::NotMet => Words::new("不达标", "not met"),
            Outcome::NotApplicable => Words::new("不适用", "not applicable"),
            Outcome::Unknown => Words::new("无法核查", "unknown"),
        }
    }
}

/// Why an outcome is what it is, where it is not simply met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// The measured value is below the required one.
    Short,
    /// The measured value is above the allowed one.
    Over,
    /// The two values differ.
    Differs,
    /// The subject is outside what the requirement speaks about.
    OutOfScope,
    /// Whether the requirement speaks about the subject depends on an unknown attribute.
    ScopeUnknown,
    /// There is no row about the subject.
    NoRows,
    /// A value is missing.
    ValueUnknown,
    /// It is unknown whether a row counts.
    MembershipUnknown,
    /// A value is known only within bounds, and the limit lies inside.
    Approximate,
    /// What the required amount depends on is not known well enough.
    BaseUnknown,
    /// Whether an item of a list is met is not known.
    ItemUnknown,
    /// It can stand in for another thing that is met, or may be.
    Alternative,
    /// It must be reached by a day that has not come.
    NotDue,
    /// Its own date does not tell which version of the text speaks, and they disagree.
    VersionUnknown,
    /// Its own date does not tell which version speaks; another one says the same and is shown.
    OtherVersion,
}

impl Because {
    const ALL: &[(&'static str, Because)] = &[
        ("short", Because::Short),
        ("over", Because::Over),
        ("differs", Because::Differs),
        ("out_of_scope", Because::OutOfScope),
        ("scope_unknown", Because::ScopeUnknown),
        ("no_rows", Because::NoRows),
        ("value_unknown", Because::ValueUnknown),
        ("membership_unknown", Because::MembershipUnknown),
        ("approximate", Because::Approximate),
        ("base_unknown", Because::BaseUnknown),
        ("item_unknown", Because::ItemUnknown),
        ("alternative", Because::Alternative),
        ("not_due", Because::NotDue),
        ("version_unknown", Because::VersionUnknown),
        ("other_version", Because::OtherVersion),
    ];

    /// The code in tables.
    pub fn code(self) -> &'static str {
        let found = Because::ALL.iter().find(|(_, because)| *because == self);
        found.map(|(code, _)| *code).expect("every reason has a code")
    }

    /// The reason with this code.
    pub fn of(code: &str) -> Option<Because> {
        Because::ALL.iter().find(|(listed, _)| *listed == code).map(|(_, because)| *because)
    }

    /// The reason, for readers; `rows` is how many rows it is about, where it is said of one subject.
    pub fn words(self, rows: Option<u32>) -> Words {
        let zh = |unit: &str| match rows {
            Some(rows) => format!("{rows} {unit}"),
            None => format!("有的{unit}"),
        };
        let en = |noun: &str| match rows {
            Some(rows) => counted(rows as usize, noun),
            None => format!("some {noun}s"),
        };
        match self {
            Because::Short => Words::new("低于要求", "below what is required"),
            Because::Over => Words::new("超过上限", "above what is allowed"),
            Because::Differs => Words::new("两数不一致", "the two numbers differ"),
            Because::OutOfScope => {
                Words::new("不在要求的适用范围内", "outside what the requirement speaks about")
            }
            Because::ScopeUnknown => Words::new(
                "是否适用取决于未知的属性",
                "whether it applies depends on an unknown attribute",
            ),
            Because::NoRows => Words::new(
                "没有任何数据行，来源也未声明完整",
                "no row about it, and the source is not declared complete",
            ),
            Because::ValueUnknown => Words::new(
                format!("{}的数值未填或不明", zh("行")),
                format!("{} without a known value", en("row")),
            ),
            Because::MembershipUnknown => Words::new(
                format!("{}是否计入、计入多少不明", zh("行")),
                format!("not known whether, or how much of, {} to count", en("row")),
            ),
            Because::Approximate => Words::new(
                format!("{}只有约数，界限落在其范围内", zh("行")),
                format!("{} approximate, and the limit lies within the range", en("row")),
            ),
            Because::BaseUnknown => Words::new(
                "计算要求所需的数不明",
                "what the required amount depends on is not known",
            ),
            Because::ItemUnknown => Words::new(
                format!("{}是否达到不明", zh("项")),
                format!("not known whether met: {}", en("item")),
            ),
            Because::Alternative => Words::new(
                "可由另一项替代，而另一项已达到或尚不明",
                "another thing may stand in for it, which is met or may be",
            ),
            Because::NotDue => Words::new("限期未到", "the day it is due has not come"),
            Because::VersionUnknown => Words::new(
                "项目日期不明或过粗，不能确定适用哪一版本，各版本结论不同",
                "its date does not tell which version of the text speaks, and the versions disagree",
            ),
            Because::OtherVersion => Words::new(
                "项目日期不能确定适用版本；各版本结论相同，列于较新版本之下",
                "its date does not tell which version speaks; all say the same, and the latest is shown",
            ),
        }
    }
}

/// The columns of the assessment table, in order.
pub const COLUMNS: &[&str] = &[
    "key",
    "subject_kind",
    "subject",
    "label",
    "at",
    "facet",
    "pack",
    "requirement",
    "topic",
    "check",
    "force",
    "debtor",
    "measured_low",
    "measured_high",
    "required_low",
    "required_high",
    "shortfall_low",
    "shortfall_high",
    "unit",
    "outcome",
    "because",
    "because_rows",
    "facts",
    "_source",
    "_row",
    "_field",
];

/// One row of the assessment table.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// What diffs, waivers and cases hold on to: subject kind, subject, requirement, facet.
    pub key: String,
    /// The kind of subject.
    pub subject_kind: String,
    /// The subject's id.
    pub subject: String,
    /// What the subject is called.
    pub label: String,
    /// What distinguishes several values of one subject.
    pub facet: Option<String>,
    /// The pack's id.
    pub pack: String,
    /// The requirement's id in the pack.
    pub requirement: String,
    /// What was measured.
    pub measured: Interval,
    /// What is required.
    pub required: Interval,
    /// What is short of the requirement, or over it.
    pub shortfall: Interval,
    /// The unit of all three.
    pub unit: Option<Unit>,
    /// What can be said.
    pub outcome: Outcome,
    /// Why, where it is not simply met.
    pub because: Option<Because>,
    /// How many rows the reason is about.
    pub because_rows: u32,
    /// Who has to make good what is short, as a code; none unless it is not met.
    pub debtor: Option<String>,
    /// A hash of the numbers the outcome rests on.
    pub facts: String,
    /// The source of the subject's own row.
    pub source: Option<u32>,
    /// The spreadsheet row of the subject's own row.
    pub row: Option<u32>,
    /// The field of the subject's own cell, for figures.
    pub field: Option<String>,
}

impl Assessment {
    /// The order in which findings of one requirement are shown: what is known to be short before what
    /// is not known, the worst first, and equal ones in the order of their rows.
    pub fn worst_first(&self, other: &Assessment) -> Ordering {
        let known = |one: &Assessment| one.outcome == Outcome::Unknown;
        let row = |one: &Assessment| (one.source, one.row);
        known(self)
            .cmp(&known(other))
            .then(other.shortfall.low.total_cmp(&self.shortfall.low))
            .then(row(self).cmp(&row(other)))
    }

    /// All rows of an assessment table, in its order.
    ///
    /// # Errors
    /// When a column is missing or of another type: the table is not one of assessments.
    pub fn all(table: &DataFrame) -> PolarsResult<Vec<Assessment>> {
        let text = |name: &str| -> PolarsResult<Vec<Option<String>>> {
            Ok(table.column(name)?.str()?.iter().map(|cell| cell.map(str::to_owned)).collect())
        };
        let number = |name: &str| -> PolarsResult<Vec<f64>> {
            Ok(table
                .column(name)?
                .f64()?
                .iter()
                .map(|cell| cell.unwrap_or(f64::INFINITY))
                .collect())
        };
        let count = |name: &str| -> PolarsResult<Vec<Option<u32>>> {
            Ok(table.column(name)?.u32()?.iter().collect())
        };
        let bounds = |name: &str| -> PolarsResult<Vec<Interval>> {
            let (low, high) = (number(&format!("{name}_low"))?, number(&format!("{name}_high"))?);
            Ok(low.into_iter().zip(high).map(|(low, high)| Interval::between(low, high)).collect())
        };
        let (key, kind, subject, label) =
            (text("key")?, text("subject_kind")?, text("subject")?, text("label")?);
        let (facet, pack, requirement) = (text("facet")?, text("pack")?, text("requirement")?);
        let (measured, required, shortfall) =
            (bounds("measured")?, bounds("required")?, bounds("shortfall")?);
        let (unit, outcome, because, facts) =
            (text("unit")?, text("outcome")?, text("because")?, text("facts")?);
        let (rows, source, row, field) =
            (count("because_rows")?, count("_source")?, count("_row")?, text("_field")?);
        let debtor = text("debtor")?;
        let must = |cell: &Option<String>| cell.clone().unwrap_or_default();
        (0..table.height())
            .map(|i| {
                let outcome = Outcome::of(&must(&outcome[i]))
                    .ok_or_else(|| polars_err!(InvalidOperation: "no outcome in row {i}"))?;
                Ok(Assessment {
                    key: must(&key[i]),
                    subject_kind: must(&kind[i]),
                    subject: must(&subject[i]),
                    label: must(&label[i]),
                    facet: facet[i].clone(),
                    pack: must(&pack[i]),
                    requirement: must(&requirement[i]),
                    measured: measured[i],
                    required: required[i],
                    shortfall: shortfall[i],
                    unit: unit[i].as_deref().and_then(Unit::of),
                    outcome,
                    because: because[i].as_deref().and_then(Because::of),
                    because_rows: rows[i].unwrap_or(0),
                    debtor: debtor[i].clone(),
                    facts: must(&facts[i]),
                    source: source[i],
                    row: row[i],
                    field: field[i].clone(),
                })
            })
            .collect()
    }
}
