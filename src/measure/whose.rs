//! Whose rooms count: those a community uses, those estates have handed over, those of a division.
//!
//! What differs between the kinds of subject stands here; the measures are written once.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::inventory::{Inventory, high, low};
use crate::place::Place;

use super::{FACET, SUBJECT, ordered, subjects};

/// Rooms a community uses.
pub const COMMUNITY: u8 = 0;
/// Facilities of an estate.
pub const ESTATE: u8 = 1;
/// Facilities of estates that provide together.
pub const POOL: u8 = 2;
/// Rooms of a division: its communities' and its own.
pub const DIVISION: u8 = 3;

/// Whether facilities are read, and not rooms in use.
pub const fn is_facility(of: u8) -> bool {
    of == ESTATE || of == POOL
}

/// The kind of subject.
pub const fn kind_of(of: u8) -> &'static str {
    match of {
        COMMUNITY => "community",
        ESTATE => "estate",
        POOL => "pool",
        _ => "division",
    }
}

/// The table whose rows are read.
pub const fn table_of(of: u8) -> &'static str {
    if is_facility(of) { "facilities" } else { "premises" }
}

/// The column with the area that counts.
pub const fn area_of(of: u8) -> &'static str {
    if is_facility(of) { "handed_over_area" } else { "area" }
}

/// The rooms of a kind of subject: `subject`, `facet`, `member`, the shares, `_site`, `low` and
/// `high` (the area that counts), and the columns of their own table.
pub fn rooms<const OF: u8>(inventory: &Inventory, member: &Expr) -> PolarsResult<LazyFrame> {
    let frame = match OF {
        COMMUNITY => used_rooms(inventory, member)?,
        DIVISION => rooms_of_divisions(inventory, member)?,
        POOL => facilities_of_pools(inventory, member)?,
        _ => facilities(inventory, member),
    };
    let site = if is_facility(OF) { col("id") } else { col("site").fill_null(col("premises_id")) };
    let area = area_of(OF);
    Ok(frame.with_columns([
        site.alias("_site"),
        col(low(area)).alias("low"),
        col(high(area)).alias("high"),
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
    let surely = when(col("sure")).then(lit(true)).otherwise(lit(NULL).cast(DataType::Boolean));
    let inner = ordered(JoinType::Inner);
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

/// Facilities under the pool their estate provides in.
fn facilities_of_pools(inventory: &Inventory, member: &Expr) -> PolarsResult<LazyFrame> {
    let pools = subjects(inventory, "estate")?
        .filter(super::subjects::in_a_pool())
        .select([col(SUBJECT).alias("estate_id"), super::subjects::pool_id().alias("_pool")]);
    let inner = ordered(JoinType::Inner);
    Ok(facilities(inventory, member)
        .join(pools, [col("estate_id")], [col("estate_id")], inner)
        .with_column(col("_pool").alias(SUBJECT)))
}

/// Rooms under every division they lie in, each once: a room that two of its communities share
/// belongs to the division with both shares.
fn rooms_of_divisions(inventory: &Inventory, member: &Expr) -> PolarsResult<LazyFrame> {
    let inner = ordered(JoinType::Inner);
    let by = members(inventory)?.lazy();
    let whole = |share: &str| {
        let sum = col(share).sum();
        when(sum.clone().gt(lit(1.0))).then(lit(1.0)).otherwise(sum).alias(share)
    };
    let used = inventory
        .uses()
        .clone()
        .lazy()
        .join(by, [col("community_id")], [col("community_id")], inner)
        .group_by_stable([col(SUBJECT), col("premises_id")])
        .agg([whole("share_low"), whole("share_high"), col("sure").any(true)]);
    let own = own_rooms(inventory).select([
        col("street_id").alias(SUBJECT),
        col("id").alias("premises_id"),
        lit(1.0).alias("share_low"),
        lit(1.0).alias("share_high"),
        lit(true).alias("sure"),
    ]);
    let all = concat([used, own], UnionArgs::default())?;
    let rooms = inventory.table("premises").clone().lazy();
    let rooms = rooms.with_column(member.clone().alias("member"));
    let surely = when(col("sure")).then(lit(true)).otherwise(lit(NULL).cast(DataType::Boolean));
    let inner = ordered(JoinType::Inner);
    Ok(all
        .join(rooms, [col("premises_id")], [col("id")], inner)
        .with_columns([col("member").and(surely), lit(NULL).cast(DataType::String).alias(FACET)]))
}

/// Rooms of a street or other division itself: tied to it, and to no community.
fn own_rooms(inventory: &Inventory) -> LazyFrame {
    let used = inventory.uses().clone().lazy();
    let anti = ordered(JoinType::Anti);
    let tied = inventory.table("premises").clone().lazy().filter(col("street_id").is_not_null());
    tied.join(used, [col("id")], [col("premises_id")], anti)
}

/// Which community lies in which division: `subject`, `community_id`. By its street, its planning
/// unit, and the code of its place.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn members(inventory: &Inventory) -> PolarsResult<DataFrame> {
    let divisions = inventory.table("divisions");
    let codes = divisions.column("code")?.str()?;
    let places: BTreeMap<String, &str> = codes
        .iter()
        .flatten()
        .filter_map(|code| Some((Place::parse(code)?.to_string(), code)))
        .collect();
    let communities = inventory.table("communities");
    let text = |name: &str| communities.column(name)?.str();
    let (ids, at) = (text("id")?, text("place")?);
    let (streets, units) = (text("street_id")?, text("unit_id")?);
    let (mut subjects, mut members) = (Vec::new(), Vec::new());
    for row in 0..communities.height() {
        let Some(id) = ids.get(row) else { continue };
        let place = at.get(row).and_then(Place::parse);
        let around = place.iter().flat_map(Place::ancestors);
        let by_code = around.filter_map(|place| places.get(&place.to_string()).copied());
        let mut of: Vec<&str> = by_code.chain(streets.get(row)).chain(units.get(row)).collect();
        of.sort_unstable();
        of.dedup();
        for division in of {
            subjects.push(division);
            members.push(id);
        }
    }
    df!(SUBJECT => subjects, "community_id" => members)
}

/// The areas of rooms of communities of which nobody knows in which street they lie: they may be
/// any street's.
pub fn of_no_street(inventory: &Inventory, member: &Expr) -> PolarsResult<LazyFrame> {
    let communities = inventory.table("communities").clone().lazy();
    let placed_nowhere = communities.filter(col("street_id").is_null()).select([col("id")]);
    let semi = ordered(JoinType::Semi);
    let rooms = used_rooms(inventory, member)?;
    let rooms = rooms.filter(col("member").fill_null(lit(true)));
    Ok(rooms
        .join(placed_nowhere, [col(SUBJECT)], [col("id")], semi)
        .unique(Some(cols(["premises_id"])), UniqueKeepStrategy::Any))
}

/// The divisions that may be a street: what lies in no known street may lie in them.
pub fn streets(inventory: &Inventory) -> PolarsResult<LazyFrame> {
    let maybe = col("level").eq(lit("street")).fill_null(lit(true));
    Ok(subjects(inventory, "division")?.filter(maybe).select([col(SUBJECT)]))
}

/// The divisions of which enough is known: every community of theirs surely has rooms listed, or
/// they have a room of their own: `subject`, `_sure_rows`.
pub fn divisions_known(inventory: &Inventory) -> PolarsResult<LazyFrame> {
    let left = ordered(JoinType::Left);
    let rows = sure_rows(inventory).rename([SUBJECT], ["community_id"], true);
    let by_communities = members(inventory)?
        .lazy()
        .join(rows, [col("community_id")], [col("community_id")], left)
        .group_by_stable([col(SUBJECT)])
        .agg([
            col("_sure_rows").is_null().any(true).alias("_open"),
            col("_sure_rows").sum().alias("_sure_rows"),
        ]);
    let own = own_rooms(inventory)
        .group_by_stable([col("street_id").alias(SUBJECT)])
        .agg([lit(false).any(true).alias("_open"), len().alias("_sure_rows")]);
    let cast = |table: LazyFrame| {
        table.select([col(SUBJECT), col("_open"), col("_sure_rows").cast(DataType::UInt32)])
    };
    let both = concat([cast(by_communities), cast(own)], UnionArgs::default())?;
    Ok(both
        .group_by_stable([col(SUBJECT)])
        .agg([col("_open").any(true), col("_sure_rows").sum()])
        .filter(col("_open").not())
        .select([col(SUBJECT), col("_sure_rows")]))
}

/// How many rooms each community surely uses; communities without any are not listed.
pub fn sure_rows(inventory: &Inventory) -> LazyFrame {
    let surely = inventory.uses().clone().lazy().filter(col("sure"));
    surely
        .group_by_stable([col("community_id").alias(SUBJECT)])
        .agg([len().cast(DataType::UInt32).alias("_sure_rows")])
}

/// Rooms that are tied to nobody.
pub fn strays<const OF: u8>(inventory: &Inventory) -> LazyFrame {
    let all = inventory.table(table_of(OF)).clone().lazy();
    if is_facility(OF) {
        return all.filter(col("estate_id").is_null());
    }
    let used = inventory.uses().clone().lazy();
    let anti = ordered(JoinType::Anti);
    all.filter(col("street_id").is_null()).join(used, [col("id")], [col("premises_id")], anti)
}
