//! Whether and when something happened, as far as a list of events tells.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use polars::prelude::*;

use crate::day::{Day, PartialDay};
use crate::inventory::{Inventory, high, low};
use crate::quantity::Interval;

use super::lots::{Lot, completed, handed_over, needed};
use super::{Known, number};

/// Whether something happened by the day of the audit, and between which days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct When {
    /// Whether it may have happened.
    pub may: bool,
    /// Whether it surely has.
    pub must: bool,
    /// The earliest day, if it happened.
    pub first: f64,
    /// The latest day, if it happened.
    pub last: f64,
}

impl When {
    /// It has not happened.
    pub const NEVER: When =
        When { may: false, must: false, first: f64::INFINITY, last: f64::INFINITY };

    /// Nobody says whether and when.
    pub const UNKNOWN: When =
        When { may: true, must: false, first: f64::NEG_INFINITY, last: f64::INFINITY };

    /// Whether something is known of its day.
    pub fn coarse(self) -> bool {
        !self.may || self.first.is_finite()
    }

    /// A date, on a day of audit: what lies after it has not happened.
    pub fn dated(date: PartialDay, day: f64) -> When {
        let (first, last) = (number(date.first()), number(date.last()));
        if first > day {
            return When::NEVER;
        }
        When { may: true, must: last <= day, first, last: last.min(day) }
    }

    /// The end of so many calendar months after it: the day of the event does not count, and a month
    /// that is too short ends with its last day. What would end after the day of the audit is not due.
    pub fn shifted(self, months: u32, day: Day) -> When {
        if months == 0 || !self.may {
            return self;
        }
        let later = |at: f64| {
            if !at.is_finite() {
                return at;
            }
            let epoch = Date::constant(1970, 1, 1);
            let moved = epoch
                .checked_add((at as i64).days())
                .and_then(|date| date.checked_add(i64::from(months).months()));
            moved.map_or(at, number)
        };
        let (first, last, today) = (later(self.first), later(self.last), number(day));
        // Nothing is due before the months are over.
        if first >= today {
            return When::NEVER;
        }
        When { may: true, must: self.must && last < today, first, last }
    }

    /// The first of two of which either will do.
    pub fn either(self, other: When) -> When {
        if !self.may {
            return other;
        }
        if !other.may {
            return self;
        }
        let last = match (self.must, other.must) {
            (true, true) => self.last.min(other.last),
            (true, false) => self.last,
            (false, true) => other.last,
            (false, false) => self.last.max(other.last),
        };
        let must = self.must || other.must;
        When { may: true, must, first: self.first.min(other.first), last }
    }

    /// One of several, nobody knows which.
    pub fn any_of(self, other: When) -> When {
        When {
            may: self.may || other.may,
            must: self.must && other.must,
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }

    /// All of several: the last of them.
    pub fn all_of(self, other: When) -> When {
        When {
            may: self.may && other.may,
            must: self.must && other.must,
            first: self.first.max(other.first),
            last: self.last.max(other.last),
        }
    }
}

/// The events of an inventory by what they happened to and their stage.
pub struct Days {
    known: Known,
    lots: BTreeMap<(String, String), Vec<Lot>>,
}

impl Days {
    /// Reads all events as they stand on a day.
    pub fn of(inventory: &Inventory, day: Day) -> PolarsResult<Days> {
        let events = inventory.table("events");
        let text = |name: &str| events.column(name).and_then(|column| column.str().cloned());
        let (kinds, subjects) = (text("subject_kind")?, text("subject")?);
        let (estates, stages) = (text("estate_id")?, text("stage")?);
        let (dates, precisions) = (text("date")?, text("date_precision")?);
        let happened = events.column("happened")?.bool()?;
        let (least, most) =
            (events.column(&low("area"))?.f64()?, events.column(&high("area"))?.f64()?);
        let day = number(day);
        let mut known = Known::new();
        let mut lots: BTreeMap<(String, String), Vec<Lot>> = BTreeMap::new();
        for row in 0..events.height() {
            let (Some(kind), Some(stage)) = (kinds.get(row), stages.get(row)) else { continue };
            // An estate is known by its link; what else an event names, by its id.
            let subject = match kind {
                "estate" => estates.get(row),
                _ => subjects.get(row),
            };
            let Some(subject) = subject else { continue };
            let date = dates.get(row).and_then(PartialDay::parse);
            let when = match (date, precisions.get(row), happened.get(row)) {
                (Some(date), ..) => When::dated(date, day),
                (None, Some("never"), _) | (None, _, Some(false)) => When::NEVER,
                (None, _, Some(true)) => {
                    When { may: true, must: true, first: f64::NEG_INFINITY, last: day }
                }
                _ => continue,
            };
            let most = most.get(row).filter(|most| most.is_finite());
            if let Some(most) = most.filter(|_| kind == "facility") {
                let area = Interval::between(least.get(row).unwrap_or(0.0), most);
                let of = lots.entry((subject.to_owned(), stage.to_owned())).or_default();
                of.push(Lot { when, area });
                continue;
            }
            let key = (kind.to_owned(), subject.to_owned(), stage.to_owned());
            known.entry(key).and_modify(|one| *one = one.either(when)).or_insert(when);
        }
        let needed = if lots.is_empty() { BTreeMap::new() } else { needed(inventory)? };
        for ((facility, stage), lots) in &lots {
            let needed = needed.get(facility).copied().unwrap_or(Interval::UNKNOWN);
            let when = completed(lots, needed);
            let key = ("facility".to_owned(), facility.clone(), stage.clone());
            known.entry(key).and_modify(|one| *one = one.either(when)).or_insert(when);
        }
        Ok(Days { known, lots })
    }

    /// What a facility has handed over in lots; nothing where its handover is not told in lots.
    pub fn handed_over(&self, facility: &str) -> Option<Interval> {
        let of = |stage: &str| self.lots.get(&(facility.to_owned(), stage.to_owned()));
        of("handover").or_else(|| of("receipt")).map(|lots| handed_over(lots))
    }

    /// When a subject reached the first of some stages; nothing said is not known.
    pub fn when(&self, kind: &str, subject: &str, stages: &[String]) -> When {
        self.said(kind, subject, stages).unwrap_or(When::UNKNOWN)
    }

    /// The same, where something is said.
    pub fn said(&self, kind: &str, subject: &str, stages: &[String]) -> Option<When> {
        let of = |stage: &String| {
            self.known.get(&(kind.to_owned(), subject.to_owned(), stage.clone())).copied()
        };
        stages.iter().filter_map(of).reduce(When::either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dated(text: &str) -> When {
        let day = number("2023-06-30".parse().expect("a day"));
        When::dated(PartialDay::parse(text).expect("a date"), day)
    }

    #[test]
    fn what_lies_after_the_day_of_the_audit_has_not_happened() {
        assert_eq!(dated("2023-07-01"), When::NEVER);
        assert!(dated("2023-06-30").must);
        let this_year = dated("2023");
        assert!(this_year.may && !this_year.must, "it may be in July");
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let day: Day = "2023-06-30".parse().expect("a day");
        let end = dated("2022-11-30").shifted(3, day);
        assert_eq!(end.first, number("2023-02-28".parse().expect("a day")));
        assert_eq!(dated("2023-03-30").shifted(3, day), When::NEVER, "it may still be done today");
        let month = dated("2023-03").shifted(3, day);
        assert!(month.may && !month.must, "the end lies in June");
    }

    #[test]
    fn the_first_of_two_and_the_last_of_several() {
        let (early, late) = (dated("2020-01-01"), dated("2021-01-01"));
        assert_eq!(late.either(early), early);
        assert_eq!(late.all_of(early), late);
        assert_eq!(early.either(When::NEVER), early);
        assert!(!early.all_of(When::NEVER).may);
    }
}
