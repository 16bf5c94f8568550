//! How much of what is owed is in place: by area, by facility and by estate.
//!
//! Three rates, each of what is owed today. What is not due yet is in none of them, and what nobody
//! knows stands between the ends.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::inventory::Inventory;
use crate::quantity::Interval;

use super::super::{FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection, subjects};
use super::read::{Chained, chains};

/// The area in place of all that the facilities of a place owe.
pub const AREA_IN_PLACE: Measure = Measure {
    name: "area_in_place",
    zh: "应配面积到位率",
    en: "share of the area due that is in place",
    compute: |inventory, selection| rate(inventory, selection, Of::Area),
    ..OF_PLACE
};

/// The same of one estate.
pub const ESTATE_AREA_IN_PLACE: Measure = Measure {
    subject: "estate",
    compute: |inventory, selection| rate(inventory, selection, Of::EstateArea),
    rows: |inventory| nobody(inventory, "estate"),
    ..AREA_IN_PLACE
};

/// The facilities of a place of which nothing is missing, of all that are owed.
pub const FACILITIES_IN_PLACE: Measure = Measure {
    name: "facilities_in_place",
    zh: "配套设施到位率（按处数）",
    en: "share of the facilities that are in place",
    compute: |inventory, selection| rate(inventory, selection, Of::Facilities),
    ..OF_PLACE
};

/// The estates of a place of which nothing is missing, of all that owe something.
pub const ESTATES_IN_PLACE: Measure = Measure {
    name: "estates_in_place",
    zh: "配套设施到位率（按小区）",
    en: "share of the estates of which all facilities are in place",
    compute: |inventory, selection| rate(inventory, selection, Of::Estates),
    ..OF_PLACE
};

const OF_PLACE: Measure = Measure {
    name: "",
    subject: "place",
    counts: Some("facilities"),
    table: None,
    fields: &[],
    unit: Some("ratio"),
    check: "handover",
    bases: &[],
    zh: "",
    en: "",
    compute: |inventory, selection| rate(inventory, selection, Of::Area),
    rows: |inventory| nobody(inventory, "place"),
};

fn nobody(inventory: &Inventory, kind: &str) -> PolarsResult<LazyFrame> {
    let none = lit(NULL).cast(DataType::String).alias(FACET);
    Ok(subjects(inventory, kind)?.filter(lit(false)).with_column(none))
}

/// What a rate is of.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Area,
    EstateArea,
    Facilities,
    Estates,
}

/// What is in place and what is not, each at least and at most.
struct Sum {
    there: Interval,
    missing: Interval,
    open: u32,
}

impl Sum {
    const NONE: Sum =
        Sum { there: Interval::exactly(0.0), missing: Interval::exactly(0.0), open: 0 };

    fn add(&mut self, there: Interval, missing: Interval) {
        self.there = Interval::sum([self.there, there]);
        self.missing = Interval::sum([self.missing, missing]);
        self.open += u32::from(!(there.is_exact() && missing.is_exact()));
    }

    /// The share: it grows with what is there and shrinks with what is missing.
    fn share(&self) -> Interval {
        let share = |there: f64, missing: f64, otherwise: f64| match there + missing {
            _ if there.is_infinite() => 1.0,
            _ if missing.is_infinite() => 0.0,
            0.0 => otherwise,
            all => there / all,
        };
        Interval::between(
            share(self.there.low, self.missing.high, 0.0),
            share(self.there.high, self.missing.low, 1.0),
        )
    }
}

fn rate(inventory: &Inventory, selection: &Selection, of: Of) -> PolarsResult<LazyFrame> {
    let chains = chains(inventory, selection)?;
    let members = inventory.table("facilities").clone().lazy();
    let members = members.with_column(selection.member.clone().alias("_counts")).collect()?;
    let (ids, counts) = (members.column("id")?.str()?, members.column("_counts")?.bool()?);
    let places = members.column("place")?.str()?;
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    let mut estates: BTreeMap<(String, String), Vec<(Interval, Interval)>> = BTreeMap::new();
    for row in 0..members.height() {
        let Some(one) = ids.get(row).and_then(|id| chains.get(id)) else { continue };
        let place = places.get(row).unwrap_or_default().to_owned();
        let Some((there, missing)) = parts(one, counts.get(row), of) else { continue };
        match of {
            Of::EstateArea => {
                if let Some(estate) = &one.estate {
                    sums.entry(estate.clone()).or_insert(Sum::NONE).add(there, missing);
                }
            }
            Of::Estates => {
                let estate = one.estate.clone().unwrap_or_else(|| one.id.clone());
                estates.entry((place, estate)).or_default().push((there, missing));
            }
            Of::Area | Of::Facilities => {
                sums.entry(place).or_insert(Sum::NONE).add(there, missing);
            }
        }
    }
    for ((place, _), parts) in estates {
        // An estate is in place when all of its facilities are.
        let surely = parts.iter().all(|(_, missing)| missing.high == 0.0);
        let maybe = parts.iter().all(|(_, missing)| missing.low == 0.0);
        let owed = parts.iter().any(|(there, missing)| there.low + missing.low > 0.0);
        let (there, missing) = whole(surely, maybe, owed);
        sums.entry(place).or_insert(Sum::NONE).add(there, missing);
    }
    let (mut subject, mut low, mut high) = (Vec::new(), Vec::new(), Vec::new());
    let (mut gap, mut rows) = (Vec::new(), Vec::new());
    for (of, sum) in sums {
        let share = sum.share();
        subject.push(of);
        low.push(share.low);
        high.push(share.high);
        gap.push((!share.is_exact()).then_some(Gap::Value.code()));
        rows.push(sum.open);
    }
    let frame = df!(SUBJECT => subject, LOW => low, HIGH => high, GAP => gap, GAP_ROWS => rows)?;
    Ok(frame.lazy().with_column(lit(NULL).cast(DataType::String).alias(FACET)))
}

/// What one facility adds: nothing where nothing is owed of it, or not yet.
fn parts(one: &Chained, counts: Option<bool>, of: Of) -> Option<(Interval, Interval)> {
    let chain = &one.chain;
    if chain.due.high == 0.0 || counts == Some(false) || one.due() == Some(false) {
        return None;
    }
    let sure = counts == Some(true) && one.due() == Some(true);
    let least = |value: Interval| Interval::between(if sure { value.low } else { 0.0 }, value.high);
    Some(match of {
        Of::Area | Of::EstateArea => (least(chain.steps[3]), least(chain.short)),
        Of::Facilities | Of::Estates => {
            let (there, missing) = whole(chain.short.high == 0.0, chain.short.low == 0.0, true);
            (least(there), least(missing))
        }
    })
}

/// One thing that is in place surely, perhaps, or surely not; and that may not count at all.
fn whole(surely: bool, maybe: bool, owed: bool) -> (Interval, Interval) {
    let one = |low: bool, high: bool| {
        Interval::between(f64::from(u8::from(low && owed)), f64::from(u8::from(high)))
    };
    (one(surely, maybe), one(!maybe, !surely))
}
