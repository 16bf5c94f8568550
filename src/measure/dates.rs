//! The dates of subjects: the columns of their own table, and the events of their stages.
//!
//! A date is a pair of bounds, the earliest and the latest day it could be, written as the number
//! `yyyymmdd`. What never happened has [`NEVER`] as both; what nobody knows is not listed.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use polars::prelude::*;

use crate::day::{Day, PartialDay};
use crate::inventory::{Column as Declared, Inventory, Kind, subject_table, table};
use crate::measure::ordered;

use super::SUBJECT;

/// Both bounds of what never happened.
pub const NEVER: i32 = -1;

/// The earliest and the latest day something could have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The earliest, as `yyyymmdd`.
    pub first: i32,
    /// The latest, as `yyyymmdd`.
    pub last: i32,
}

impl Span {
    /// Any day at all.
    pub const ANY: Span = Span { first: 0, last: 99_991_231 };

    /// It never happened.
    pub const NEVER: Span = Span { first: NEVER, last: NEVER };

    /// The bounds of a date known to its day, month or year.
    pub fn of(date: PartialDay) -> Span {
        Span { first: number(date.first()), last: number(date.last()) }
    }

    /// Whichever of two happened first; what never happened is first of nothing.
    fn earlier(self, other: Span) -> Span {
        match (self, other) {
            (Span::NEVER, other) | (other, Span::NEVER) => other,
            _ => Span { first: self.first.min(other.first), last: self.last.min(other.last) },
        }
    }
}

/// A day as the number `yyyymmdd`.
pub fn number(day: Day) -> i32 {
    i32::from(day.year()) * 10_000 + i32::from(day.month()) * 100 + i32::from(day.day())
}

/// The name of the column with a date's earliest day.
pub fn first(date: &str) -> String {
    format!("{date}_first")
}

/// The name of the column with a date's latest day.
pub fn last(date: &str) -> String {
    format!("{date}_last")
}

/// Whether what a column of dates says begins has begun by a day: where it says nothing, it has.
pub fn begun(date: &str, day: Day) -> Expr {
    let told = move |dates: Column| {
        let begun = |date: &str| match PartialDay::parse(date) {
            Some(date) if date.first() > day => Some(false),
            Some(date) if date.last() > day => None,
            _ => Some(true),
        };
        let flags = dates.str()?.iter().map(|date| date.map_or(Some(true), begun));
        let flags: BooleanChunked = flags.collect();
        Ok(flags.with_name(dates.name().clone()).into_column())
    };
    col(date).map(told, |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)))
}

/// The stages an estate can go through, as columns of dates.
fn stages() -> &'static [Declared] {
    static STAGES: OnceLock<Vec<Declared>> = OnceLock::new();
    STAGES.get_or_init(|| {
        let stage = table("events").and_then(|events| events.column("stage"));
        let codes = &stage.expect("events have stages").values;
        let column = |code: &crate::inventory::Code| Declared {
            name: code.code.clone(),
            kind: Kind::Date,
            unit: None,
            zh: format!("{}日期", code.zh),
            en: format!("day of {}", code.en),
            doc_zh: format!("{}的日期，来自 events 表", code.zh),
            doc_en: format!("the day of {}, from the table of events", code.en),
            required: false,
            blank: crate::inventory::Blank::Unknown,
            source: String::from("events"),
            to: None,
            values: Vec::new(),
        };
        codes.iter().map(column).collect()
    })
}

/// Whether a kind of subject belongs to an estate, so that the estate's days are its own as well.
fn of_estate(kind: &str) -> bool {
    ["phase", "facility"].contains(&kind)
}

/// The dates a kind of subject has: those of its own table, and for an estate and what belongs to
/// one those of the estate's stages.
pub fn dates(kind: &str) -> Vec<&'static Declared> {
    if kind == "pool" {
        return Vec::new();
    }
    let own = subject_table(kind).map_or(&[][..], |table| &table.columns);
    let own = own.iter().filter(|column| column.kind == Kind::Date);
    let estate = subject_table("estate").filter(|_| of_estate(kind));
    let of_estate_own = estate.map_or(&[][..], |table| &table.columns);
    let of_estate_own = of_estate_own.iter().filter(|column| column.kind == Kind::Date);
    let stages = if kind == "estate" || of_estate(kind) { stages() } else { &[] };
    own.chain(of_estate_own).chain(stages).collect()
}

/// The bounds of one date of every subject for which something is known of it.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn spans(
    inventory: &Inventory,
    kind: &str,
    date: &str,
) -> PolarsResult<BTreeMap<String, Span>> {
    let own = subject_table(kind).and_then(|table| table.column(date));
    if own.is_some_and(|column| column.kind == Kind::Date) {
        let rows = super::subjects(inventory, kind)?.collect()?;
        return read(&rows, SUBJECT, date, None);
    }
    if of_estate(kind) {
        let estates = spans(inventory, "estate", date)?;
        let rows = super::subjects(inventory, kind)?.select([col(SUBJECT), col("estate_id")]);
        let rows = rows.collect()?;
        let (ids, of) = (rows.column(SUBJECT)?.str()?, rows.column("estate_id")?.str()?);
        let pairs = ids.iter().zip(of.iter());
        let known = |(id, estate): (Option<&str>, Option<&str>)| {
            Some((id?.to_owned(), *estates.get(estate?)?))
        };
        return Ok(pairs.filter_map(known).collect());
    }
    let of_estate = col("subject_kind").eq(lit("estate")).and(col("stage").eq(lit(date)));
    let events = inventory.table("events").clone().lazy();
    read(&events.filter(of_estate).collect()?, "estate_id", "date", Some("happened"))
}

/// The bounds of a column of dates, the earliest of each subject.
fn read(
    rows: &DataFrame,
    subject: &str,
    date: &str,
    happened: Option<&str>,
) -> PolarsResult<BTreeMap<String, Span>> {
    let (subjects, days) = (rows.column(subject)?.str()?, rows.column(date)?.str()?);
    let precisions = rows.column(&format!("{date}_precision"))?.str()?;
    let happened = happened.map(|name| rows.column(name)?.bool()).transpose()?;
    let mut spans: BTreeMap<String, Span> = BTreeMap::new();
    for row in 0..rows.height() {
        let Some(subject) = subjects.get(row) else { continue };
        let happened = happened.and_then(|flags| flags.get(row));
        let span = match (days.get(row).and_then(PartialDay::parse), precisions.get(row), happened)
        {
            (Some(day), ..) => Span::of(day),
            (None, Some("never"), _) | (None, _, Some(false)) => Span::NEVER,
            (None, _, Some(true)) => Span::ANY,
            _ => continue,
        };
        let known = spans.entry(subject.to_owned()).or_insert(span);
        *known = known.earlier(span);
    }
    Ok(spans)
}

/// Adds the bounds of some dates to a table of subjects, null where nothing is known.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn with_dates(
    inventory: &Inventory,
    kind: &str,
    subjects: LazyFrame,
    dates: &[&str],
) -> PolarsResult<LazyFrame> {
    let mut table = subjects;
    for date in dates {
        let spans = spans(inventory, kind, date)?;
        let frame = df!(
            SUBJECT => spans.keys().cloned().collect::<Vec<_>>(),
            first(date) => spans.values().map(|span| span.first).collect::<Vec<_>>(),
            last(date) => spans.values().map(|span| span.last).collect::<Vec<_>>(),
        )?;
        let left = ordered(JoinType::Left);
        table = table.join(frame.lazy(), [col(SUBJECT)], [col(SUBJECT)], left);
    }
    Ok(table)
}
