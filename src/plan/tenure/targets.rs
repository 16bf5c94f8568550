//! Targets for the rented share, and the year they would be reached.

use std::collections::BTreeMap;

use crate::day::Day;
use crate::quantity::Interval;
use crate::tally::TenureTally;

/// A target for the rented share by communities.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The greatest share.
    pub share: f64,
    /// The year it is to be reached.
    pub by: Option<i16>,
    /// How many communities stop renting in a year, as planned.
    pub per_year: Option<f64>,
    /// The text that sets it.
    pub source: Option<String>,
}

/// How far a target is away.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The target.
    pub target: Target,
    /// The share now.
    pub now: Option<Interval>,
    /// How many communities have to stop renting: at least, and at most.
    pub must: (usize, usize),
    /// The year it would be reached at the planned pace: at the earliest, and at the latest.
    pub planned: Option<(i16, i16)>,
    /// The year it would be reached if the share went on as it did; nothing without earlier years.
    pub trend: Option<Trend>,
}

/// How the share has changed, and where that leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The first year of which the share is known.
    pub from: i16,
    /// The last.
    pub until: i16,
    /// The change in a year, of the lower and of the upper end.
    pub per_year: (f64, f64),
    /// The year, at the earliest and at the latest; nothing where the share does not go down.
    pub year: Option<(i16, i16)>,
}

/// How far a target is away, with the shares of earlier years.
pub fn outlook(
    target: &Target,
    tally: &TenureTally,
    day: Day,
    past: &[(i16, Interval)],
) -> Outlook {
    let allowed = (target.share * tally.communities as f64 + 1e-9).floor() as usize;
    let must = (tally.rented.saturating_sub(allowed), tally.rented_at_most.saturating_sub(allowed));
    let planned = target.per_year.filter(|pace| *pace > 0.0).map(|pace| {
        let year = |must: usize| day.year() + (must as f64 / pace).ceil() as i16;
        (year(must.0), year(must.1))
    });
    // Of several runs of one year the last given speaks, and today's over all of its year.
    let mut shares: BTreeMap<i16, Interval> = past.iter().copied().collect();
    shares.extend(tally.rented_share().map(|share| (day.year(), share)));
    let shares: Vec<(i16, Interval)> = shares.into_iter().collect();
    Outlook {
        target: target.clone(),
        now: tally.rented_share(),
        must,
        planned,
        trend: trend(target, &shares),
    }
}

fn trend(target: &Target, shares: &[(i16, Interval)]) -> Option<Trend> {
    let ((from, first), (until, last)) = (*shares.first()?, *shares.last()?);
    let years = f64::from(until - from);
    if years <= 0.0 {
        return None;
    }
    let per_year = ((last.low - first.low) / years, (last.high - first.high) / years);
    let reached = |now: f64, change: f64| {
        if now <= target.share + 1e-9 {
            return Some(until);
        }
        let more = (now - target.share) / -change;
        // A share that hardly moves leads nowhere in a lifetime.
        (change < 0.0 && more < 100.0).then(|| until + (more - 1e-9).ceil() as i16)
    };
    let ends = (reached(last.low, per_year.0), reached(last.high, per_year.1));
    let year = ends.0.zip(ends.1).map(|(a, b)| (a.min(b), a.max(b)));
    Some(Trend { from, until, per_year, year })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally() -> TenureTally {
        TenureTally { communities: 40, rented: 8, rented_at_most: 10, ..TenureTally::default() }
    }

    #[test]
    fn what_has_to_stop_renting_and_when() {
        let day: Day = "2023-06-30".parse().expect("a day");
        let target = Target { share: 0.1, by: Some(2025), per_year: Some(2.0), source: None };
        let found = outlook(&target, &tally(), day, &[]);
        assert_eq!((found.must, found.planned), ((4, 6), Some((2025, 2026))));
        assert_eq!(found.trend, None);
    }

    #[test]
    fn a_share_that_went_down_leads_to_a_year_and_one_that_rose_does_not() {
        let day: Day = "2023-06-30".parse().expect("a day");
        let target = Target { share: 0.1, by: None, per_year: None, source: None };
        let past = |share: f64| [(2021i16, Interval::between(share, share + 0.05))];
        let down = outlook(&target, &tally(), day, &past(0.3)).trend.expect("two years");
        // Lower end 0.3 to 0.2 and upper end 0.35 to 0.25 in two years.
        assert_eq!(down.year, Some((2025, 2026)));
        let up = outlook(&target, &tally(), day, &past(0.1)).trend.expect("two years");
        assert_eq!(up.year, None);
    }
}
