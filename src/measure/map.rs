//! Measures of the map: shapes that are wrong, ground covered twice, areas drawn and stated.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::geometry::area;
use crate::inventory::{Inventory, MapFaultKind};

use super::inputs::measure as of_input;
use super::{FACET, GAP, GAP_ROWS, HIGH, LOW, Measure, SUBJECT, Selection, subjects};

/// How far a drawn boundary may lie from the true one, in metres: a share of its length is the
/// error of its area. Boundaries of communities and estates are drawn on images of half a metre.
const DRAWN_WITHIN: f64 = 0.5;

/// Geometries of a layer that could not be read or placed.
pub const UNKEPT: Measure = of_input(
    "unkept_geometries",
    "rows",
    "未能采用的图形",
    "geometries that could not be used",
    |inventory, _| of_source(inventory, MapFaultKind::Unkept),
);

/// Shapes that are invalid.
pub const INVALID: Measure = of_input(
    "invalid_geometries",
    "rows",
    "无效的图形",
    "invalid geometries",
    |inventory, _| of_source(inventory, MapFaultKind::Invalid),
);

/// Rows whose location lies in no polygon they could belong to.
pub const OUTSIDE: Measure = of_input(
    "rows_outside",
    "rows",
    "落在范围之外的行",
    "rows that lie outside every area",
    |inventory, _| of_source(inventory, MapFaultKind::Outside),
);

/// Rows whose location lies elsewhere than they say.
pub const ELSEWHERE: Measure = of_input(
    "rows_elsewhere",
    "rows",
    "位置与所写不符的行",
    "rows that lie elsewhere than they say",
    |inventory, _| of_source(inventory, MapFaultKind::Elsewhere),
);

/// Ground enclosed by communities that belongs to none of them.
pub const GAPS: Measure = of_input(
    "gaps",
    "rows",
    "社区之间的空隙",
    "gaps between communities",
    |inventory, _| of_source(inventory, MapFaultKind::Gap),
);

/// The ground of a community that others cover too.
pub const OVERLAP: Measure = Measure {
    name: "overlap",
    subject: "community",
    counts: None,
    table: None,
    fields: &[],
    unit: Some("m2"),
    check: "data_quality",
    bases: &[],
    zh: "与其他社区重叠的面积",
    en: "area that other communities cover too",
    compute: overlap,
    rows: |inventory| none(inventory, "community"),
};

/// How far the area an estate is drawn with lies from the land area that is stated, as a share of
/// the stated one.
pub const DRAWN_DIFFERENCE: Measure = Measure {
    name: "drawn_difference",
    subject: "estate",
    fields: &["land_area"],
    unit: Some("ratio"),
    zh: "图形面积与用地面积之差",
    en: "difference of the drawn and the stated land area",
    compute: drawn_difference,
    rows: |inventory| none(inventory, "estate"),
    ..OVERLAP
};

fn none(inventory: &Inventory, kind: &str) -> PolarsResult<LazyFrame> {
    let nobody = subjects(inventory, kind)?.filter(lit(false));
    Ok(nobody.with_column(lit(NULL).cast(DataType::String).alias(FACET)))
}

/// How many rows of each layer have such a fault; inputs without geometry are not asked.
fn of_source(inventory: &Inventory, kind: MapFaultKind) -> PolarsResult<LazyFrame> {
    let mut rows: BTreeMap<u32, std::collections::BTreeSet<u32>> = BTreeMap::new();
    for fault in inventory.map_faults.iter().filter(|fault| fault.kind == kind) {
        rows.entry(fault.source).or_default().insert(fault.row);
    }
    let concerned = |table: &str| match kind {
        MapFaultKind::Outside | MapFaultKind::Elsewhere => {
            ["premises", "estates", "facilities"].contains(&table)
        }
        MapFaultKind::Gap => table == "communities",
        _ => true,
    };
    let drawn =
        inventory.sources.iter().map(|source| source.crs.is_some() && concerned(&source.table));
    let labels = inventory.source_labels();
    let asked: Vec<usize> =
        drawn.enumerate().filter(|(_, drawn)| *drawn).map(|(source, _)| source).collect();
    let open = kind == MapFaultKind::Gap && not_checked(inventory);
    let count = |source: &usize| {
        let count = rows.get(&(*source as u32)).map_or(0.0, |rows| rows.len() as f64);
        (count, if open { f64::INFINITY } else { count })
    };
    exact(
        asked.iter().map(|source| labels[*source].clone()).collect(),
        asked.iter().map(count).collect(),
    )
}

/// Whether overlaps or gaps could not all be looked for: there may be more of them.
fn not_checked(inventory: &Inventory) -> bool {
    inventory.map_faults.iter().any(|fault| fault.kind == MapFaultKind::NotChecked)
}

fn exact(subjects: Vec<String>, bounds: Vec<(f64, f64)>) -> PolarsResult<LazyFrame> {
    let (low, high): (Vec<f64>, Vec<f64>) = bounds.into_iter().unzip();
    let gap: Vec<Option<&str>> = low
        .iter()
        .zip(&high)
        .map(|(low, high)| (low != high).then_some(super::Gap::Approximate.code()))
        .collect();
    let rows: Vec<u32> = gap.iter().map(|gap| u32::from(gap.is_some())).collect();
    let frame = df!(
        SUBJECT => subjects,
        LOW => low,
        HIGH => high,
        GAP => gap,
        GAP_ROWS => rows,
    )?;
    Ok(frame.lazy().with_column(lit(NULL).cast(DataType::String).alias(FACET)))
}

/// The ids of a table's rows that have a geometry, with it.
fn drawn<'i>(
    inventory: &'i Inventory,
    table: &str,
) -> PolarsResult<Vec<(String, usize, &'i geo_types::Geometry<f64>)>> {
    let ids = inventory.table(table).column("id")?.str()?;
    let all = inventory.geometry(table).iter();
    Ok(all.filter_map(|(row, one)| Some((ids.get(*row)?.to_owned(), *row, one))).collect())
}

fn overlap(inventory: &Inventory, _: &Selection) -> PolarsResult<LazyFrame> {
    let mut areas: BTreeMap<&str, f64> = BTreeMap::new();
    let overlaps = inventory.map_faults.iter().filter(|fault| fault.kind == MapFaultKind::Overlap);
    for fault in overlaps {
        *areas.entry(&fault.id).or_default() += fault.area;
    }
    let open = not_checked(inventory);
    let polygons = drawn(inventory, "communities")?.into_iter();
    let polygons = polygons.filter(|(_, _, geometry)| area::square_metres(geometry).is_some());
    let (ids, bounds) = polygons
        .map(|(id, ..)| {
            let area = areas.get(id.as_str()).copied().unwrap_or(0.0);
            (id, (area, if open { f64::INFINITY } else { area }))
        })
        .unzip();
    exact(ids, bounds)
}

/// Both are known within bounds: the least difference is nothing where they meet.
fn drawn_difference(inventory: &Inventory, _: &Selection) -> PolarsResult<LazyFrame> {
    let estates = inventory.table("estates");
    let (low, high) =
        (estates.column("land_area_low")?.f64()?, estates.column("land_area_high")?.f64()?);
    let (mut ids, mut bounds) = (Vec::new(), Vec::new());
    for (id, row, geometry) in drawn(inventory, "estates")? {
        let (low, high) = (low.get(row).unwrap_or(0.0), high.get(row).unwrap_or(f64::INFINITY));
        let Some(drawn) = area::area(geometry, DRAWN_WITHIN) else { continue };
        if low <= 0.0 || high.is_infinite() {
            continue;
        }
        let least = (drawn.low - high).max(low - drawn.high).max(0.0);
        let most = (drawn.high - low).max(high - drawn.low);
        ids.push(id);
        bounds.push((least / high, most / low));
    }
    exact(ids, bounds)
}

/// What an input's fault of a kind is called in its measure.
pub fn kind_of(measure: &str) -> Option<MapFaultKind> {
    let kinds = [
        (UNKEPT.name, MapFaultKind::Unkept),
        (INVALID.name, MapFaultKind::Invalid),
        (OUTSIDE.name, MapFaultKind::Outside),
        (ELSEWHERE.name, MapFaultKind::Elsewhere),
        (GAPS.name, MapFaultKind::Gap),
        (OVERLAP.name, MapFaultKind::Overlap),
    ];
    kinds.into_iter().find(|(name, _)| *name == measure).map(|(_, kind)| kind)
}
