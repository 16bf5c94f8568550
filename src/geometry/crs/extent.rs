//! What the numbers of a layer's extent look like.

use geo::{Coord, Rect};

use super::{Transformer, Zone};

/// The box that holds China: longitude 73–136, latitude 3–54.
const CHINA: (Range, Range) = (Range { low: 73.0, high: 136.0 }, Range { low: 3.0, high: 54.0 });

/// From the least to the greatest number of one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    pub low: f64,
    pub high: f64,
}

impl Range {
    pub fn lies_within(self, low: f64, high: f64) -> bool {
        low <= self.low && self.high <= high
    }

    fn lies_in(self, other: Range) -> bool {
        self.lies_within(other.low, other.high)
    }

    /// The zone whose number stands before every number of the range.
    pub fn zone(self) -> Option<Zone> {
        let number = |value: f64| (value / 1e6).floor();
        let is_one =
            number(self.low) == number(self.high) && (13.0..46.0).contains(&number(self.low));
        is_one.then(|| Zone::of_prefix(number(self.low) as u8)).flatten()
    }

    /// Six digits at most: an easting without a zone's number.
    pub fn is_plain_easting(self) -> bool {
        self.lies_within(0.0, 999_999.0)
    }

    /// A northing of China: 3°N to 54°N.
    pub fn is_northing(self) -> bool {
        self.lies_within(300_000.0, 6_100_000.0)
    }

    /// As a reader sees it: degrees with decimals, metres without.
    pub fn shown(self) -> String {
        let places = if self.lies_within(-1000.0, 1000.0) { 4 } else { 0 };
        format!("{:.places$}–{:.places$}", self.low, self.high)
    }
}

/// Both axes of a layer's extent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    pub x: Range,
    pub y: Range,
}

impl Extent {
    pub fn of(rect: Rect<f64>) -> Extent {
        Extent {
            x: Range { low: rect.min().x, high: rect.max().x },
            y: Range { low: rect.min().y, high: rect.max().y },
        }
    }

    pub fn swapped(self) -> Extent {
        Extent { x: self.y, y: self.x }
    }

    pub fn is_finite(self) -> bool {
        [self.x.low, self.x.high, self.y.low, self.y.high].iter().all(|value| value.is_finite())
    }

    /// Whether the numbers can be degrees at all, in either order.
    pub fn are_small(self) -> bool {
        self.x.lies_within(-180.0, 180.0) && self.y.lies_within(-180.0, 180.0)
    }

    /// Whether the numbers are degrees within China's box.
    pub fn lies_in_china(self) -> bool {
        self.x.lies_in(CHINA.0) && self.y.lies_in(CHINA.1)
    }

    /// The extent in degrees: the outermost of points along its edges, as a straight edge of a
    /// plane is curved on the globe.
    pub fn to_lonlat(self, transformer: &Transformer) -> Option<Extent> {
        const STEPS: u32 = 8;
        let place = |range: Range, step: u32| {
            range.low + (range.high - range.low) * f64::from(step) / f64::from(STEPS)
        };
        let mut all: Option<Extent> = None;
        for step in 0..=STEPS {
            let (x, y) = (place(self.x, step), place(self.y, step));
            let edges = [(x, self.y.low), (x, self.y.high), (self.x.low, y), (self.x.high, y)];
            for (x, y) in edges {
                let (lon, lat) = transformer.to_lonlat(x, y)?;
                let point = Coord { x: lon, y: lat };
                all = Some(all.map_or(Extent::of(Rect::new(point, point)), |all| all.with(point)));
            }
        }
        all
    }

    fn with(self, point: Coord<f64>) -> Extent {
        let widened = |range: Range, value: f64| Range {
            low: range.low.min(value),
            high: range.high.max(value),
        };
        Extent { x: widened(self.x, point.x), y: widened(self.y, point.y) }
    }
}
