//! Measures of rooms: those a community uses, and those an estate has handed over.
//!
//! The two never mix: a community's sums read premises, an estate's read facilities. Each measure is
//! written once and entered for both kinds of subject.

use polars::prelude::*;

use crate::inventory::{Inventory, NONE, high, low};

use super::sites::{beside_largest, by_strays, each, largest, number, with_gap};
use super::whose::{
    COMMUNITY, DIVISION, ESTATE, POOL, area_of, divisions_known, is_facility, kind_of,
    of_no_street, rooms, strays, streets, sure_rows, table_of, used_rooms,
};
use super::{
    GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection, for_all, interval_sum, ordered,
    subjects, widened,
};

/// The floor area of a community's rooms, its share of shared ones included.
pub const AREA: Measure = Measure {
    name: "area",
    fields: &["area", "area_basis"],
    zh: "用房面积",
    en: "area of premises",
    compute: area::<COMMUNITY>,
    ..of_community()
};

/// The area an estate has handed over.
pub const ESTATE_AREA: Measure = Measure {
    name: "area",
    zh: "已移交面积",
    en: "area handed over",
    compute: area::<ESTATE>,
    ..of_estate()
};

/// How many sites a community uses; a row that says there are none is no site.
pub const NUMBER: Measure = Measure {
    name: "number",
    fields: &["tenure"],
    unit: Some("sites"),
    zh: "用房处数",
    en: "number of premises",
    compute: number::<COMMUNITY>,
    ..of_community()
};

/// How many facilities an estate has handed over.
pub const ESTATE_NUMBER: Measure = Measure {
    name: "number",
    unit: Some("sites"),
    zh: "已移交设施处数",
    en: "number of facilities handed over",
    compute: number::<ESTATE>,
    ..of_estate()
};

/// The smallest of a community's sites: a rule on every site is a rule on the smallest.
pub const EACH: Measure = Measure {
    name: "each",
    fields: &["area", "area_basis"],
    zh: "最小一处用房面积",
    en: "area of the smallest site",
    compute: each::<COMMUNITY>,
    ..of_community()
};

/// The smallest of an estate's facilities.
pub const ESTATE_EACH: Measure = Measure {
    name: "each",
    zh: "最小一处移交面积",
    en: "area of the smallest facility handed over",
    compute: each::<ESTATE>,
    ..of_estate()
};

/// The largest of a community's sites.
pub const LARGEST: Measure = Measure {
    name: "largest",
    fields: &["area", "area_basis"],
    zh: "最大一处用房面积",
    en: "area of the largest site",
    compute: largest::<COMMUNITY>,
    ..of_community()
};

/// The largest of an estate's facilities.
pub const ESTATE_LARGEST: Measure = Measure {
    name: "largest",
    zh: "最大一处移交面积",
    en: "area of the largest facility handed over",
    compute: largest::<ESTATE>,
    ..of_estate()
};

/// What share of the rooms' area is for residents' activities.
pub const ACTIVITY_SHARE: Measure = Measure {
    name: "activity_share",
    fields: &["activity_area", "area"],
    unit: Some("ratio"),
    zh: "居民活动区域面积占比",
    en: "share of the area for residents' activities",
    compute: activity_share,
    ..of_community()
};

/// How many different functions a community's rooms serve; among some, where the rule lists them.
pub const FUNCTIONS: Measure = Measure {
    name: "functions",
    fields: &["functions"],
    unit: Some("units"),
    zh: "功能数",
    en: "number of functions",
    compute: functions,
    ..of_community()
};

/// The part of the rooms' area the staff use as offices.
pub const OFFICE_AREA: Measure = Measure {
    name: "office_area",
    fields: &["office_area"],
    zh: "办公面积",
    en: "area of offices",
    compute: |inventory, selection| sum::<COMMUNITY>(inventory, selection, "office_area"),
    ..of_community()
};

/// The part of the rooms' area for residents' activities.
pub const ACTIVITY_AREA: Measure = Measure {
    name: "activity_area",
    fields: &["activity_area"],
    zh: "居民活动面积",
    en: "area for residents' activities",
    compute: |inventory, selection| sum::<COMMUNITY>(inventory, selection, "activity_area"),
    ..of_community()
};

/// The area of the outdoor grounds that go with the rooms; never part of their area.
pub const OUTDOOR_AREA: Measure = Measure {
    name: "outdoor_area",
    fields: &["outdoor_area"],
    zh: "室外场地面积",
    en: "outdoor area",
    compute: |inventory, selection| sum::<COMMUNITY>(inventory, selection, "outdoor_area"),
    ..of_community()
};

/// The land of an estate's facilities.
pub const ESTATE_LAND: Measure = Measure {
    name: "land_area",
    fields: &["category", "land_area"],
    zh: "设施用地面积",
    en: "land of the facilities",
    compute: |inventory, selection| sum::<ESTATE>(inventory, selection, "land_area"),
    ..of_estate()
};

/// What was paid for an estate in place of building.
pub const ESTATE_FEE: Measure = Measure {
    name: "fee_paid",
    fields: &["category", "fee_paid"],
    unit: Some("yuan"),
    zh: "已缴代建款",
    en: "fee paid in place of building",
    compute: |inventory, selection| sum::<ESTATE>(inventory, selection, "fee_paid"),
    ..of_estate()
};

/// The area that estates which provide together have handed over.
pub const POOL_AREA: Measure = Measure { compute: area::<POOL>, ..of_pool(ESTATE_AREA) };

/// How many facilities they have handed over.
pub const POOL_NUMBER: Measure = Measure { compute: number::<POOL>, ..of_pool(ESTATE_NUMBER) };

/// The smallest of their facilities.
pub const POOL_EACH: Measure = Measure { compute: each::<POOL>, ..of_pool(ESTATE_EACH) };

/// The largest of their facilities.
pub const POOL_LARGEST: Measure = Measure { compute: largest::<POOL>, ..of_pool(ESTATE_LARGEST) };

/// The area of a division's rooms: those of its communities, and its own.
pub const DIVISION_AREA: Measure = Measure { compute: area::<DIVISION>, ..of_division(AREA) };

/// How many sites a division has.
pub const DIVISION_NUMBER: Measure = Measure { compute: number::<DIVISION>, ..of_division(NUMBER) };

/// The smallest of a division's sites.
pub const DIVISION_EACH: Measure = Measure { compute: each::<DIVISION>, ..of_division(EACH) };

/// The largest of a division's sites.
pub const DIVISION_LARGEST: Measure =
    Measure { compute: largest::<DIVISION>, ..of_division(LARGEST) };

/// The area of a division's rooms beside its largest site.
pub const DIVISION_BESIDE_LARGEST: Measure = Measure {
    name: "beside_largest",
    zh: "最大一处以外的用房面积",
    en: "area beside the largest site",
    compute: beside_largest::<DIVISION>,
    ..of_division(AREA)
};

const fn of_community() -> Measure {
    Measure {
        name: "",
        subject: "community",
        counts: Some("premises"),
        table: Some("premises"),
        fields: &[],
        unit: Some("m2"),
        check: "threshold",
        bases: &[],
        zh: "",
        en: "",
        compute: area::<COMMUNITY>,
        rows: rows::<COMMUNITY>,
    }
}

const fn of_estate() -> Measure {
    Measure {
        subject: "estate",
        counts: Some("facilities"),
        table: Some("facilities"),
        fields: &["category", "handed_over_area"],
        compute: area::<ESTATE>,
        rows: rows::<ESTATE>,
        ..of_community()
    }
}

const fn of_pool(estate: Measure) -> Measure {
    Measure { subject: "pool", rows: rows::<POOL>, ..estate }
}

const fn of_division(community: Measure) -> Measure {
    Measure { subject: "division", rows: rows::<DIVISION>, ..community }
}

fn rows<const OF: u8>(inventory: &Inventory) -> PolarsResult<LazyFrame> {
    rooms::<OF>(inventory, &lit(true))
}

/// Completes a measure to all subjects of its kind.
pub fn complete<const OF: u8>(
    inventory: &Inventory,
    measured: LazyFrame,
) -> PolarsResult<LazyFrame> {
    let complete = inventory.complete.contains(table_of(OF));
    let all = for_all(subjects(inventory, kind_of(OF))?, measured, complete);
    if is_facility(OF) || complete {
        return Ok(all);
    }
    // A room that may be another's tells nothing of what else there is.
    let sure = if OF == DIVISION { divisions_known(inventory)? } else { sure_rows(inventory) };
    let none = col("_sure_rows").is_null();
    let left = ordered(JoinType::Left);
    Ok(all.join(sure, [col(SUBJECT)], [col(SUBJECT)], left).with_columns([
        when(none.clone()).then(lit(f64::INFINITY)).otherwise(col(HIGH)).alias(HIGH),
        when(none).then(lit(Gap::NoRows.code())).otherwise(col(GAP)).alias(GAP),
    ]))
}

/// The area that counts.
pub fn area<const OF: u8>(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    sum::<OF>(inventory, selection, area_of(OF))
}

/// The sum of one column over the rooms that count.
fn sum<const OF: u8>(
    inventory: &Inventory,
    selection: &Selection,
    column: &str,
) -> PolarsResult<LazyFrame> {
    let ends = [(low(column), "low"), (high(column), "high")].map(|(from, to)| col(from).alias(to));
    let parts = rooms::<OF>(inventory, &selection.member)?.with_columns(ends);
    let measured = complete::<OF>(inventory, interval_sum(parts))?;
    let measured = unless_listed::<OF>(inventory, selection, measured)?;
    match OF {
        COMMUNITY => Ok(measured),
        DIVISION => {
            let measured = with_strays::<OF>(inventory, selection, measured, column)?;
            let open = open_to_streets(inventory, selection, column)?;
            let more = open.iter().map(|(_, high)| high).sum::<f64>();
            by_street(inventory, measured, col(LOW), col(HIGH) + lit(more), open.len())
        }
        _ => with_strays::<OF>(inventory, selection, measured, column),
    }
}

/// The bounds of a column of the rooms that may be any street's.
pub fn open_to_streets(
    inventory: &Inventory,
    selection: &Selection,
    column: &str,
) -> PolarsResult<Vec<(f64, f64)>> {
    bounds_of(of_no_street(inventory, &selection.member)?, column)
}

/// New ends for divisions that may be a street, where some rooms may be any street's.
pub fn by_street(
    inventory: &Inventory,
    measured: LazyFrame,
    low: Expr,
    high: Expr,
    rooms: usize,
) -> PolarsResult<LazyFrame> {
    if rooms == 0 {
        return Ok(measured);
    }
    let street = streets(inventory)?.with_column(lit(true).alias("_street"));
    let left = ordered(JoinType::Left);
    let joined = measured.join(street, [col(SUBJECT)], [col(SUBJECT)], left);
    let here = col("_street").fill_null(lit(false));
    let low = when(here.clone()).then(low).otherwise(col(LOW));
    let high = when(here).then(high).otherwise(col(HIGH));
    Ok(by_strays(joined, low, high))
}

/// A subject that lists no facility of the class may yet have one, unless all are listed.
pub fn unless_listed<const OF: u8>(
    inventory: &Inventory,
    selection: &Selection,
    measured: LazyFrame,
) -> PolarsResult<LazyFrame> {
    if inventory.complete.contains(table_of(OF)) {
        return Ok(measured);
    }
    let class = if OF == DIVISION { &selection.member } else { &selection.class };
    let listed = rooms::<OF>(inventory, class)?
        // A facility of an unknown class does not tell that one of this class is listed.
        .filter(col("member").fill_null(lit(OF == DIVISION)))
        .group_by_stable([col(SUBJECT)])
        .agg([len().cast(DataType::UInt32).alias("_listed")]);
    let none = col("_listed").is_null();
    let left = ordered(JoinType::Left);
    Ok(measured.join(listed, [col(SUBJECT)], [col(SUBJECT)], left).with_columns([
        when(none.clone()).then(lit(f64::INFINITY)).otherwise(col(HIGH)).alias(HIGH),
        when(none.and(col(GAP).is_null()))
            .then(lit(Gap::NoRows.code()))
            .otherwise(col(GAP))
            .alias(GAP),
    ]))
}

/// Rooms tied to nobody known may be anybody's: they widen every upper end.
fn with_strays<const OF: u8>(
    inventory: &Inventory,
    selection: &Selection,
    measured: LazyFrame,
    column: &str,
) -> PolarsResult<LazyFrame> {
    let strays = stray_areas::<OF>(inventory, selection, column)?;
    let more = strays.iter().map(|(_, high)| high).sum();
    Ok(widened(measured, strays.len(), more))
}

/// The bounds of a column of the rooms that are tied to nobody known and may count.
pub fn stray_areas<const OF: u8>(
    inventory: &Inventory,
    selection: &Selection,
    column: &str,
) -> PolarsResult<Vec<(f64, f64)>> {
    let may_count = selection.member.clone().fill_null(lit(true));
    bounds_of(strays::<OF>(inventory).filter(may_count), column)
}

fn bounds_of(rooms: LazyFrame, column: &str) -> PolarsResult<Vec<(f64, f64)>> {
    let strays = rooms.collect()?;
    let (low, high) = (strays.column(&low(column))?.f64()?, strays.column(&high(column))?.f64()?);
    Ok(low
        .iter()
        .zip(high.iter())
        .map(|(low, high)| (low.unwrap_or(0.0), high.unwrap_or(f64::INFINITY)))
        .collect())
}

fn activity_share(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let of = |column: &str| -> PolarsResult<LazyFrame> {
        let rooms = used_rooms(inventory, &selection.member)?;
        let ends = ["low", "high"].map(|end| col(format!("{column}_{end}")).alias(end));
        Ok(interval_sum(rooms.with_columns(ends)))
    };
    let part = of("activity_area")?;
    let whole = of("area")?.select([
        col(SUBJECT),
        col(LOW).alias("whole_low"),
        col(HIGH).alias("whole_high"),
    ]);
    let inner = ordered(JoinType::Inner);
    let both = part.join(whole, [col(SUBJECT)], [col(SUBJECT)], inner);
    let at_most_one = |expr: Expr| when(expr.clone().gt(lit(1.0))).then(lit(1.0)).otherwise(expr);
    let over = |low: &str, high: &str, otherwise: f64| {
        let whole = col(high);
        let known = whole.clone().gt(lit(0.0)).and(whole.clone().is_finite());
        when(known).then(at_most_one(col(low) / whole)).otherwise(lit(otherwise))
    };
    let shares = both.with_columns([
        over(LOW, "whole_high", 0.0).alias("_low"),
        over(HIGH, "whole_low", 1.0).alias("_high"),
        col("whole_high").eq(lit(0.0)).alias("_none"),
    ]);
    // Where there are no rooms there is no share of them.
    let shares = shares
        .filter(col("_none").not())
        .with_columns([col("_low").alias(LOW), col("_high").alias(HIGH)]);
    let none = complete::<COMMUNITY>(
        inventory,
        with_gap(shares.select([col(SUBJECT), col(LOW), col(HIGH), col(GAP_ROWS)])),
    )?;
    let capped = when(col(HIGH).gt(lit(1.0))).then(lit(1.0)).otherwise(col(HIGH)).alias(HIGH);
    Ok(none
        .with_column(capped)
        .filter(col(HIGH).gt(lit(0.0)).or(col(GAP_ROWS).gt(lit(0u32))).or(col(LOW).neq(col(HIGH)))))
}

/// The distinct functions of all rooms that count; a room whose functions are unknown may have any.
fn functions(inventory: &Inventory, selection: &Selection) -> PolarsResult<LazyFrame> {
    let rooms = used_rooms(inventory, &selection.member)?.collect()?;
    let (subjects, lists, members) = (
        rooms.column(SUBJECT)?.str()?,
        rooms.column("functions")?.str()?,
        rooms.column("member")?.bool()?,
    );
    let mut found: std::collections::BTreeMap<String, Served> = Default::default();
    for row in 0..rooms.height() {
        let served = found.entry(subjects.get(row).unwrap_or_default().to_owned()).or_default();
        match (lists.get(row), members.get(row)) {
            (_, Some(false)) => {}
            (None, _) => served.unknown += 1,
            (Some(list), member) => {
                let names = list.split(['、', ';', '；', ',', '，']).map(str::trim);
                let counts = |name: &&str| {
                    !name.is_empty()
                        && *name != NONE
                        && (selection.among.is_empty()
                            || selection.among.iter().any(|one| one == name))
                };
                for name in names.filter(counts) {
                    served.maybe.insert(name.to_owned());
                    if member == Some(true) {
                        served.surely.insert(name.to_owned());
                    }
                }
            }
        }
    }
    let most =
        if selection.among.is_empty() { f64::INFINITY } else { selection.among.len() as f64 };
    let all: Vec<&Served> = found.values().collect();
    let high = |served: &&Served| if served.unknown > 0 { most } else { served.maybe.len() as f64 };
    let frame = df!(
        SUBJECT => found.keys().cloned().collect::<Vec<_>>(),
        LOW => all.iter().map(|served| served.surely.len() as f64).collect::<Vec<_>>(),
        HIGH => all.iter().map(high).collect::<Vec<_>>(),
        GAP_ROWS => all.iter().map(|served| served.unknown).collect::<Vec<_>>(),
    )?;
    complete::<COMMUNITY>(inventory, with_gap(frame.lazy()))
}

/// The functions of one community's rooms.
#[derive(Debug, Default)]
struct Served {
    surely: std::collections::BTreeSet<String>,
    maybe: std::collections::BTreeSet<String>,
    unknown: u32,
}
