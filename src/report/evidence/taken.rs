//! What of each row a sum takes, and why it is not all of it.

use polars::prelude::*;

use crate::quantity::{Interval, Unit, number};
use crate::words::{Lang, Words};

/// Whether a row counts, in the frame of rows.
pub const COUNTS: &str = "_counts";

/// Whether the lease of a room has begun, in the frame of rows.
pub const BEGUN: &str = "_begun";

/// What of each row is taken into a sum: whether it counts, whether it is the subject's, which share.
pub struct Taken<'a> {
    counts: Option<&'a BooleanChunked>,
    sure: Option<&'a BooleanChunked>,
    begun: Option<&'a BooleanChunked>,
    shares: Option<(&'a Float64Chunked, &'a Float64Chunked)>,
}

impl Taken<'_> {
    /// Reads the columns that tell it.
    ///
    /// # Errors
    /// When a column is of another kind, which would be a defect.
    pub fn of(rows: &DataFrame) -> PolarsResult<Taken<'_>> {
        let flags = |name: &str| rows.column(name).ok().map(|flags| flags.bool()).transpose();
        let ends = (rows.column("share_low"), rows.column("share_high"));
        Ok(Taken {
            counts: flags(COUNTS)?,
            sure: flags("sure")?,
            begun: flags(BEGUN)?,
            shares: match ends {
                (Ok(low), Ok(high)) => Some((low.f64()?, high.f64()?)),
                _ => None,
            },
        })
    }

    /// What share of a row is the subject's.
    pub fn share(&self, row: usize) -> Interval {
        let Some((low, high)) = self.shares else { return Interval::exactly(1.0) };
        Interval::between(low.get(row).unwrap_or(0.0), high.get(row).unwrap_or(1.0))
    }

    fn may_not_count(&self, row: usize) -> bool {
        self.counts.is_some_and(|counts| counts.get(row).is_none())
    }

    fn may_be_anothers(&self, row: usize) -> bool {
        self.sure.is_some_and(|sure| sure.get(row) != Some(true))
    }

    /// Whether the lease of a room has surely begun.
    pub fn has_begun(&self, row: usize) -> bool {
        self.begun.is_none_or(|begun| begun.get(row) == Some(true))
    }

    /// Why nothing of a row is taken.
    pub fn left_out(&self, row: usize) -> Words {
        match self.begun.and_then(|begun| begun.get(row)) {
            Some(false) => Words::new("尚未起租，不计入", "its lease has not begun, not counted"),
            _ => Words::new("不计入", "not counted"),
        }
    }

    /// What a number of a row adds to the sum; nothing for a row that does not count.
    pub fn of_row(&self, row: usize, whole: Interval) -> Option<Interval> {
        if self.counts.is_some_and(|counts| counts.get(row) == Some(false)) {
            return None;
        }
        let share = self.share(row);
        let (low, high) = (whole.times(share.low).low, whole.times(share.high).high);
        let surely = !self.may_not_count(row) && !self.may_be_anothers(row);
        Some(Interval::between(if surely { low } else { 0.0 }, high).without_noise())
    }

    /// Why not the whole number is taken, and what is.
    pub fn words(&self, row: usize, part: Interval, unit: Option<Unit>) -> Words {
        let share = self.share(row);
        let mut why = Vec::new();
        if share.is_exact() && share.low != 1.0 {
            let percent = number(share.low * 100.0, 2);
            why.push(Words::new(format!("份额 {percent}%"), format!("a share of {percent}%")));
        } else if !share.is_exact() {
            why.push(Words::new("共用而份额不明", "shared, and the share is not known"));
        }
        if self.may_be_anothers(row) {
            why.push(Words::new("是否由其使用不明", "not known whether it is used here"));
        }
        if self.may_not_count(row) {
            why.push(Words::new("是否计入不明", "not known whether it counts"));
        }
        let taken = |lang: Lang| match unit {
            Some(unit) => unit.print(part, lang),
            None => part.text(2, lang),
        };
        why.push(Words::new(
            format!("计 {}", taken(Lang::Zh)),
            format!("taken as {}", taken(Lang::En)),
        ));
        Words::join(&why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is taken of 300 m², and what is said of it.
    fn taken(rows: &DataFrame, row: usize) -> (Option<Interval>, Words) {
        let (taken, whole) = (Taken::of(rows).expect("read"), Interval::exactly(300.0));
        let part = taken.of_row(row, whole);
        let words = match part {
            Some(part) => taken.words(row, part, Unit::of("m2")),
            None => taken.left_out(row),
        };
        (part, words)
    }

    #[test]
    fn of_each_row_is_taken_what_surely_and_what_perhaps_is_the_subjects() {
        let rows = df!(
            COUNTS => [Some(true), Some(true), Some(true), None, Some(false), Some(false)],
            "sure" => [true, true, false, true, true, true],
            BEGUN => [Some(true), Some(true), Some(true), Some(true), Some(true), Some(false)],
            "share_low" => [0.25, 0.0, 1.0, 1.0, 1.0, 1.0],
            "share_high" => [0.25, 1.0, 1.0, 1.0, 1.0, 1.0],
        )
        .expect("a frame");
        let upto = Interval::between(0.0, 300.0);
        for (row, part, words) in [
            (0, Some(Interval::exactly(75.0)), "份额 25%；计 75 ㎡"),
            (1, Some(upto), "共用而份额不明；计 0–300 ㎡"),
            (2, Some(upto), "是否由其使用不明；计 0–300 ㎡"),
            (3, Some(upto), "是否计入不明；计 0–300 ㎡"),
            (4, None, "不计入"),
            (5, None, "尚未起租，不计入"),
        ] {
            let found = taken(&rows, row);
            assert_eq!((found.0, found.1.zh.as_str()), (part, words), "row {row}");
        }
    }

    #[test]
    fn rows_that_nobody_chooses_among_are_taken_whole() {
        let rows = df!("area" => [300.0]).expect("a frame");
        assert_eq!(taken(&rows, 0).0, Some(Interval::exactly(300.0)));
    }
}
