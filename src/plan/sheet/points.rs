//! How a value becomes points: by steps, along a scale, or so many for each unit.

use crate::quantity::Interval;

/// A way to give points.
#[derive(Debug, Clone, PartialEq)]
pub enum Points {
    /// The points of the first step that a value fits.
    Steps(Vec<Step>),
    /// From one pair of value and points to the other, and level beyond both.
    Scale {
        /// The two values.
        from: (f64, f64),
        /// Their points.
        to: (f64, f64),
    },
    /// So many points for each unit above a value.
    Each {
        /// The unit.
        per: f64,
        /// The points of one.
        points: f64,
        /// Where counting starts.
        above: f64,
        /// Whether a unit that is begun counts whole; else only whole ones count, or parts.
        begun: Option<bool>,
        /// The most that can be reached.
        most: f64,
    },
}

/// One step of points.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The least value.
    pub at_least: Option<f64>,
    /// The value it must be above.
    pub more_than: Option<f64>,
    /// The greatest value.
    pub at_most: Option<f64>,
    /// The value it must be below.
    pub less_than: Option<f64>,
    /// Its points.
    pub points: f64,
}

/// Differences below this are binary noise of decimal inputs.
const NOISE: f64 = 1e-9;

impl Step {
    fn fits(&self, value: f64) -> bool {
        self.at_least.is_none_or(|limit| value >= limit - NOISE)
            && self.more_than.is_none_or(|limit| value > limit + NOISE)
            && self.at_most.is_none_or(|limit| value <= limit + NOISE)
            && self.less_than.is_none_or(|limit| value < limit - NOISE)
    }

    fn limits(&self) -> impl Iterator<Item = f64> {
        [self.at_least, self.more_than, self.at_most, self.less_than].into_iter().flatten()
    }
}

impl Points {
    /// The points of one value; nothing where no step fits it.
    pub fn of(&self, value: f64) -> Option<f64> {
        match self {
            Points::Steps(steps) => {
                steps.iter().find(|step| step.fits(value)).map(|step| step.points)
            }
            Points::Scale { from, to } => {
                let way = ((value - from.0) / (from.1 - from.0)).clamp(0.0, 1.0);
                Some(to.0 + way * (to.1 - to.0))
            }
            Points::Each { per, points, above, begun, most } => {
                let units = ((value - above) / per).max(0.0);
                let units = match begun {
                    Some(true) => (units - NOISE).ceil().max(0.0),
                    Some(false) => (units + NOISE).floor(),
                    None => units,
                };
                let reached = units * points;
                Some(if *points >= 0.0 { reached.min(*most) } else { reached.max(*most) })
            }
        }
    }

    /// The least and the most points there are.
    pub fn range(&self) -> (f64, f64) {
        let all: Vec<f64> = match self {
            Points::Steps(steps) => steps.iter().map(|step| step.points).collect(),
            Points::Scale { to, .. } => vec![to.0, to.1],
            Points::Each { most, .. } => vec![0.0, *most],
        };
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        (least, all.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    }

    /// All points that some value inside gets.
    pub fn within(&self, value: Interval) -> Interval {
        let mut at = vec![value.low];
        if value.high.is_finite() {
            at.push(value.high);
        }
        if let Points::Steps(steps) = self {
            // At a limit, and to both sides of it.
            let limits = steps.iter().flat_map(Step::limits);
            at.extend(limits.flat_map(|limit| [limit - 2.0 * NOISE, limit, limit + 2.0 * NOISE]));
            at.retain(|one| *one >= value.low && *one <= value.high);
        }
        let mut reached: Vec<f64> = at.into_iter().filter_map(|one| self.of(one)).collect();
        if !value.high.is_finite() {
            reached.extend(self.of(f64::MAX));
        }
        let (least, most) = self.range();
        if reached.is_empty() {
            return Interval::between(least, most);
        }
        let low = reached.iter().copied().fold(f64::INFINITY, f64::min);
        Interval::between(low, reached.into_iter().fold(f64::NEG_INFINITY, f64::max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps() -> Points {
        let step = |at_least, points| Step {
            at_least,
            more_than: None,
            at_most: None,
            less_than: None,
            points,
        };
        Points::Steps(vec![step(Some(30.0), 10.0), step(Some(20.0), 6.0), step(None, 0.0)])
    }

    #[test]
    fn the_first_step_that_fits_gives_the_points() {
        let at = |value| steps().of(value);
        assert_eq!(
            [at(30.0), at(29.9), at(20.0), at(3.0)],
            [Some(10.0), Some(6.0), Some(6.0), Some(0.0)]
        );
        assert_eq!(steps().range(), (0.0, 10.0));
    }

    #[test]
    fn an_interval_gets_all_points_between() {
        assert_eq!(steps().within(Interval::between(25.0, 35.0)), Interval::between(6.0, 10.0));
        assert_eq!(steps().within(Interval::between(10.0, 35.0)), Interval::between(0.0, 10.0));
        assert_eq!(steps().within(Interval::UNKNOWN), Interval::between(0.0, 10.0));
    }

    #[test]
    fn units_count_whole_begun_or_in_parts() {
        let each = |begun, value| {
            Points::Each { per: 10.0, points: 2.0, above: 60.0, begun, most: 6.0 }.of(value)
        };
        assert_eq!(each(Some(false), 79.0), Some(2.0));
        assert_eq!(each(Some(true), 71.0), Some(4.0));
        assert_eq!(each(None, 65.0), Some(1.0));
        assert_eq!([each(None, 99.0), each(None, 10.0)], [Some(6.0), Some(0.0)]);
    }

    #[test]
    fn a_scale_is_level_beyond_its_ends() {
        let scale = Points::Scale { from: (0.0, 200.0), to: (0.0, 10.0) };
        assert_eq!(
            [scale.of(-5.0), scale.of(50.0), scale.of(900.0)],
            [Some(0.0), Some(2.5), Some(10.0)]
        );
    }
}
