//! Measures of rooms: those a community uses, and those an estate has handed over.
//!
//! The two never mix: a community's sums read premises, an estate's read facilities. Each measure is
//! written once and entered for both kinds of subject.

use polars::prelude::*;

use crate::inventory::Inventory;

use super::{
    FACET, GAP, GAP_ROWS, Gap, HIGH, LOW, Measure, SUBJECT, Selection, for_all, interval_sum,
    subjects, widened,
};

/// The floor area of a community's rooms, its share of shared ones included.
pub const AREA: Measure = Measure {
    name: "area",
    fields: &["area", "area_basis"],
    zh: "用房面积",
    en: "area of premises",
    compute: area::<false>,
    ..of_community()
};

/// The area an estate has handed over.
pub const ESTATE_AREA: Measure = Measure {
    name: "area",
    zh: "已移交面积",
    en: "area handed over",
    compute: area::<true>,
    ..of_estate()
};

/// How many sites a community uses; a row that says there are none is no site.
pub const NUMBER: Measure = Measure {
    name: "number",
    fields: &["tenure"],
    unit: Some("sites"),
    zh: "用房处数",
    en: "number of premises",
    compute: number::<false>,
    ..of_community()
};

/// How many facilities an estate has handed over.
pub const ESTATE_NUMBER: Measure = Measure {
    name: "number",
    unit: Some("sites"),
    zh: "已移交设施处数",
    en: "number of facilities handed over",
    compute: number::<true>,
    ..of_estate()
};

/// The smallest of a community's sites: a rule on every site is a rule on the smallest.
pub const EACH: Measure = Measure {
    name: "each",
    fields: &["area", "area_basis"],
    zh: "最小一处用房面积",
    en: "area of the smallest site",
    compute: each::<false>,
    ..of_community()
};

/// The smallest of an estate's facilities.
pub const ESTATE_EACH: Measure = Measure {
    name: "each",
    zh: "最小一处移交面积",
    en: "area of the smallest facility handed over",
    compute: each::<true>,
    ..of_estate()
};

/// The largest of a community's sites.
pub const LARGEST: Measure = Measure {
    name: "largest",
    fields: &["area", "area_basis"],
    zh: "最大一处用房面积",
    en: "area of the largest site",
    compute: largest::<false>,
    ..of_community()
};

/// The largest of an estate's facilities.
pub const ESTATE_LARGEST: Measure = Measure {
    name: "largest",
    zh: "最大一处移交面积",
    en: "area of the largest facility handed over",
    compute: largest::<true>,
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

const fn of_community() -> Measure {
    Measure {
        name: "",
        subject: "community",
        counts: Some("premises"),
        fields: &[],
        unit: Some("m2"),
        check: "threshold",
        bases: &[],
        zh: "",
        en: "",
        compute: area::<false>,
        rows: rows::<false>,
    }
}

const fn of_estate() -> Measure {
    Measure {
        subject: "estate",
        counts: Some("facilities"),
        fields: &["category", "handed_over_area"],
        compute: area::<true>,
        rows: rows::<true>,
        ..of_community()
    }
}

fn rows<const ESTATE: bool>(inventory: &Inventory) -> PolarsResult<LazyFrame> {
    rooms::<ESTATE>(inventory, &lit(true))
}

/// The rooms of either kind of subject: `subject`, `facet`, `member`, the shares, `_site`, `low` and
/// `high` (the area that counts), and the columns of their own table.
fn rooms<const ESTATE: bool>(inventory: &Inventory, member: &Expr) -> PolarsResult<LazyFrame> {
    let (frame, area, site) = if ESTATE {
        (facilities(inventory, member), "handed_over_area", "id")
    } else {
        (used_rooms(inventory, member)?, "area", "premises_id")
    };
    let site = if ESTATE { col(site) } else { col("site").fill_null(col(site)) };
    Ok(frame.with_columns([
        site.alias("_site"),
        col(format!("{area}_low")).alias("low"),
        col(format!("{area}_high")).alias("high"),
    ]))
}

fn facilities(inventory: &Inventory, member: &Expr) -> LazyFrame {
    let of_estates =
        inventory.table("facilities").clone().lazy().filter(col("estate_id").is_not_null());
    of_estates.with_columns([
        member.clone().alias("member"),
        col("estate_id").alias(SUBJECT),
        lit(NULL).cast(DataType::String).alias(FACET),
        lit(1.0).alias("share_low"),
        lit(1.0).alias("share_high"),
    ])
}

/// One row per community and room it uses: `subject`, `facet`, `member`, the shares, and the room's
/// columns.
pub fn used_rooms(inventory: &Inventory, member: &Expr) -> PolarsResult<LazyFrame> {
    let rooms = inventory.table("premises").clone().lazy();
    let rooms = rooms.with_column(member.clone().alias("member"));
    // A room that may be another's counts as one that may not count.
    let surely = when(col("sure")).then(lit(true)).otherwise(unknown());
    let inner = JoinArgs::new(JoinType::Inner);
    Ok(inventory
        .uses()
        .clone()
        .lazy()
        .join(rooms, [col("premises_id")], [col("id")], inner)
        .with_columns([
            col("member").and(surely),
            col("community_id").alias(SUBJECT),
            lit(NULL).cast(DataType::String).alias(FACET),
        ]))
}

/// Completes a measure to all subjects of its kind.
fn complete<const ESTATE: bool>(
    inventory: &Inventory,
    measured: LazyFrame,
) -> PolarsResult<LazyFrame> {
    let (kind, table) = if ESTATE { ("estate", "facilities") } else { ("community", "premises") };
    let complete = inventory.complete.contains(table);
    let all = for_all(subjects(inventory, kind)?, measured, complete);
    if ESTATE || complete {
        return Ok(all);
    }
    // A room that may be another's tells nothing of what else there is.
    let none = col("_sure_rows").is_null();
    let left = JoinArgs::new(JoinType::Left);
    Ok(all.join(sure_rows(inventory), [col(SUBJECT)], [col(SUBJECT)], left).with_columns([
        when(none.clone()).then(lit(f64::INFINITY)).otherwise(col(HIGH)).alias(HIGH),
        when(none).then(lit(Gap::NoRows.code())).otherwise(col(GAP)).alias(GAP),
    ]))
}

/// How many rooms each community surely uses; communities without any are not listed.
pub fn sure_rows(inventory: &Inventory) -> LazyFrame {
    let surely = inventory.uses().clone().lazy().filter(col("sure"));
    surely
        .group_by_stable([col("community_id").alias(SUBJECT)])
        .agg([len().cast(DataType::UInt32).alias("_sure_rows")])
}

fn area<const ESTATE: bool>(
    inventory: &Inventory,
    selection: &Selection,
) -> PolarsResult<LazyFrame> {
    let parts = rooms::<ESTATE>(inventory, &selection.member)?;
    let measured = complete::<ESTATE>(inventory, interval_sum(parts))?;
    if ESTATE {
        let measured = unless_listed(inventory, selection, measured)?;
        with_strays(inventory, selection, measured)
    } else {
        Ok(measured)
    }
}

/// An estate that lists no facility of the class may yet have one, unless all are listed.
fn unless_listed(
    inventory: &Inventory,
    selection: &Selection,
    measured: LazyFrame,
) -> PolarsResult<LazyFrame> {
    if inventory.complete.contains("facilities") {
        return Ok(measured);
    }
    let listed = facilities(inventory, &selection.class)
        .filter(col("member").fill_null(lit(true)))
        .group_by_stable([col(SUBJECT)])
        .agg([len().cast(DataType::UInt32).alias("_listed")]);
    let none = col("_listed").is_null();
    let left = JoinArgs::new(JoinType::Left);
    Ok(measured.join(listed, [col(SUBJECT)], [col(SUBJECT)], left).with_columns([
        when(none.clone()).then(lit(f64::INFINITY)).otherwise(col(HIGH)).alias(HIGH),
        when(none).then(lit(Gap::NoRows.code())).otherwise(col(GAP)).alias(GAP),
    ]))
}

/// Facilities of an estate nobody knows may be any estate's: they widen every upper end.
fn with_strays(
    inventory: &Inventory,
    selection: &Selection,
    measured: LazyFrame,
) -> PolarsResult<LazyFrame> {
    let strays = inventory.table("facilities").clone().lazy().filter(col("estate_id").is_null());
    let may_count = selection.member.clone().fill_null(lit(true));
    let strays = strays.filter(may_count).collect()?;
    let more: f64 = strays.column("handed_over_area_high")?.f64()?.iter().flatten().sum();
    Ok(widened(measured, strays.height(), more))
}

/// Whether a row is a site: a row that says there are no premises is none, unless it states an area.
fn is_site<const ESTATE: bool>() -> Expr {
    if ESTATE {
        let handed_over = col("high").gt(lit(0.0));
        let surely = col("low").gt(lit(0.0));
        when(surely).then(lit(true)).when(handed_over.not()).then(lit(false)).otherwise(unknown())
    } else {
        col("tenure").neq(lit("none")).or(col("area_low").gt(lit(0.0)))
    }
}

fn unknown() -> Expr {
    lit(NULL).cast(DataType::Boolean)
}

/// The sites of each subject: rows of one site are one, their areas add up.
fn sites<const ESTATE: bool>(
    inventory: &Inventory,
    selection: &Selection,
) -> PolarsResult<LazyFrame> {
    let rooms = rooms::<ESTATE>(inventory, &selection.member)?;
    let counted = col("member").and(is_site::<ESTATE>());
    Ok(rooms
        .with_column(counted.alias("member"))
        .group_by_stable([col(SUBJECT), col("_site")])
        .agg([
            when(col("member").fill_null(lit(false)))
                .then(col("low"))
                .otherwise(lit(0.0))
                .sum()
                .alias("low"),
            when(col("member").fill_null(lit(true)))
                .then(col("high"))
                .otherwise(lit(0.0))
                .sum()
                .alias("high"),
            col("member").any(false),
        ]))
}

fn number<const ESTATE: bool>(
    inventory: &Inventory,
    selection: &Selection,
) -> PolarsResult<LazyFrame> {
    let ones = ["low", "high", "share_low", "share_high"].map(|one| lit(1.0).alias(one));
    complete::<ESTATE>(
        inventory,
        interval_sum(sites::<ESTATE>(inventory, selection)?.with_columns(ones)),
    )
}

fn each<const ESTATE: bool>(
    inventory: &Inventory,
    selection: &Selection,
) -> PolarsResult<LazyFrame> {
    let may = col("member").fill_null(lit(true));
    let does = col("member").fill_null(lit(false));
    let infinite = || lit(f64::INFINITY);
    let measured = sites::<ESTATE>(inventory, selection)?.group_by_stable([col(SUBJECT)]).agg([
        when(may.clone()).then(col("low")).otherwise(infinite()).min().alias(LOW),
        when(does).then(col("high")).otherwise(infinite()).min().alias(HIGH),
        uncertain(may),
    ]);
    // A rule on every site says nothing where there is none.
    let some = complete::<ESTATE>(inventory, with_gap(measured))?;
    let surely_none =
        col(LOW).is_infinite().or(col(HIGH).eq(lit(0.0)).and(col(GAP_ROWS).eq(lit(0u32))));
    Ok(some.filter(surely_none.not()))
}

fn largest<const ESTATE: bool>(
    inventory: &Inventory,
    selection: &Selection,
) -> PolarsResult<LazyFrame> {
    let may = col("member").fill_null(lit(true));
    let does = col("member").fill_null(lit(false));
    let measured = sites::<ESTATE>(inventory, selection)?.group_by_stable([col(SUBJECT)]).agg([
        when(does).then(col("low")).otherwise(lit(0.0)).max().alias(LOW),
        when(may.clone()).then(col("high")).otherwise(lit(0.0)).max().alias(HIGH),
        uncertain(may),
    ]);
    complete::<ESTATE>(inventory, with_gap(measured))
}

/// How many sites are not known exactly, or may not count.
fn uncertain(may: Expr) -> Expr {
    let inexact = may.and(col("low").neq(col("high"))).or(col("member").is_null());
    inexact.cast(DataType::UInt32).sum().alias(GAP_ROWS)
}

fn with_gap(measured: LazyFrame) -> LazyFrame {
    let exact = col(LOW).eq(col(HIGH));
    let gap = when(exact).then(lit(NULL).cast(DataType::String)).otherwise(lit(Gap::Value.code()));
    measured.with_column(gap.alias(GAP))
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
    let inner = JoinArgs::new(JoinType::Inner);
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
    let none = complete::<false>(
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
    complete::<false>(inventory, with_gap(frame.lazy()))
}

/// The functions of one community's rooms.
#[derive(Debug, Default)]
struct Served {
    surely: std::collections::BTreeSet<String>,
    maybe: std::collections::BTreeSet<String>,
    unknown: u32,
}
