//! What geometry adds to the tables: references by location, and what is wrong with the map.
//!
//! All geometry is in degrees of CGCS2000 here. Invalid shapes are repaired before anything is
//! measured on them; that they were is a finding, as are places that lie in no community, or in
//! another one than their row names.

use std::collections::{BTreeMap, HashMap};

use geo_types::{Geometry, Point};
use serde::{Deserialize, Serialize};

use crate::geometry::distance::representative;
use crate::geometry::join::PolygonIndex;
use crate::geometry::overlap::{Coverage, Tolerance};
use crate::geometry::repair::repair;
use crate::geometry::validity::faults;
use crate::words::Words;

use super::Rows;

/// Something wrong with the geometry of a row, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct MapFault {
    /// What it is.
    pub kind: MapFaultKind,
    /// The source of the row.
    pub source: u32,
    /// The row, or feature.
    pub row: u32,
    /// The table of the row.
    pub table: &'static str,
    /// The row's id.
    pub id: String,
    /// How large it is, in m², for overlaps and gaps; else 0.
    pub area: f64,
    /// What was found.
    pub words: Words,
    /// Where it is.
    pub place: Option<Geometry<f64>>,
}

/// What can be wrong with the geometry of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MapFaultKind {
    /// It could not be read or placed.
    Unkept,
    /// Its shape is invalid and was repaired.
    Invalid,
    /// It lies in no community.
    Outside,
    /// It lies in another community, or estate, than its row names.
    Elsewhere,
    /// It covers ground that another one covers too.
    Overlap,
    /// Ground enclosed by the layer belongs to none of its polygons.
    Gap,
    /// Overlaps or gaps could not all be looked for.
    NotChecked,
}

impl MapFaultKind {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            MapFaultKind::Unkept => "unkept",
            MapFaultKind::Invalid => "invalid",
            MapFaultKind::Outside => "outside",
            MapFaultKind::Elsewhere => "elsewhere",
            MapFaultKind::Overlap => "overlap",
            MapFaultKind::Gap => "gap",
            MapFaultKind::NotChecked => "not_checked",
        }
    }
}

/// Repairs every invalid shape; a shape of which nothing is left is taken away.
pub fn repair_all(tables: &mut BTreeMap<&'static str, Rows>) -> Vec<MapFault> {
    let mut found = Vec::new();
    for rows in tables.values_mut() {
        let numbers: Vec<usize> = rows.geometries().keys().copied().collect();
        for row in numbers {
            let geometry = rows.geometry(row).expect("it is listed");
            let wrong: Vec<_> =
                faults(geometry).into_iter().filter(|fault| fault.kind.is_invalid()).collect();
            if wrong.is_empty() {
                continue;
            }
            let mended = repair(geometry).geometry;
            for fault in wrong {
                let place = fault.place.map(Geometry::Point);
                found.push(fault_of(rows, row, MapFaultKind::Invalid, fault.words, place));
            }
            rows.set_geometry(row, mended);
        }
    }
    found
}

fn fault_of(
    rows: &Rows,
    row: usize,
    kind: MapFaultKind,
    words: Words,
    place: Option<Geometry<f64>>,
) -> MapFault {
    MapFault {
        kind,
        source: rows.source_of(row),
        row: rows.row_of(row),
        table: rows.table.name.as_str(),
        id: rows.id(row).to_owned(),
        area: 0.0,
        words,
        place,
    }
}

/// The columns that a location can answer: which table, which reference, and what it points to.
const BY_LOCATION: &[(&str, &str, &str)] = &[
    ("premises", "community", "communities"),
    ("estates", "community", "communities"),
    ("facilities", "estate", "estates"),
];

/// Ties rows to the polygon they lie in, where neither an id nor a name does; tells those that lie
/// in none, or elsewhere than they say.
pub fn locate(tables: &mut BTreeMap<&'static str, Rows>) -> Vec<MapFault> {
    let mut found = Vec::new();
    for (table, column, to) in BY_LOCATION {
        let target = &tables[to];
        let layer: Vec<Option<Geometry>> =
            (0..target.len()).map(|row| target.geometry(row).cloned()).collect();
        let polygons = |geometry: &Geometry| {
            matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_))
        };
        if !layer.iter().flatten().any(polygons) {
            continue;
        }
        let (index, ids) = (PolygonIndex::new(&layer), target.ids());
        let by_id: HashMap<&str, usize> =
            ids.iter().enumerate().map(|(row, id)| (id.as_str(), row)).collect();
        let names: Vec<String> = (0..target.len()).map(|row| target.label(row)).collect();
        let drawn: Vec<bool> = layer.iter().map(Option::is_some).collect();
        let rows = tables.get_mut(table).expect("every declared table has rows");
        let places: Vec<(usize, Point)> = rows
            .geometries()
            .iter()
            .filter_map(|(row, geometry)| Some((*row, representative(geometry)?)))
            .collect();
        for (row, place) in places {
            let holds = index.locate(place);
            let linked = rows.link(column, row).map(str::to_owned);
            let at = Some(Geometry::Point(place));
            match (linked, holds.as_slice()) {
                (None, [one]) => rows.set_link(column, row, &ids[*one], "location"),
                (None, []) => {
                    let words = Words::new(
                        format!("位置不在任何{}内", target_words(to).zh),
                        format!("lies in none of the {}", target_words(to).en),
                    );
                    found.push(fault_of(rows, row, MapFaultKind::Outside, words, at));
                }
                (Some(named), holds) => {
                    let named_row = by_id.get(named.as_str()).copied();
                    let inside = holds.iter().any(|hold| ids[*hold] == named);
                    let is_drawn = named_row.is_some_and(|row| drawn[row]);
                    if !inside && is_drawn {
                        let words = elsewhere(&names, named_row, holds);
                        found.push(fault_of(rows, row, MapFaultKind::Elsewhere, words, at));
                    }
                }
                // In several at once: which one is meant is not known.
                (None, _) => {}
            }
        }
    }
    found
}

fn target_words(table: &str) -> Words {
    super::table(table).map_or_else(|| Words::same(table), super::Table::words)
}

fn elsewhere(names: &[String], named: Option<usize>, holds: &[usize]) -> Words {
    let named = named.map_or("", |row| names[row].as_str());
    match holds.first() {
        Some(hold) => Words::new(
            format!("写明属于“{named}”，位置却在“{}”内", names[*hold]),
            format!("says `{named}`, but lies in `{}`", names[*hold]),
        ),
        None => Words::new(
            format!("写明属于“{named}”，位置却在其外"),
            format!("says `{named}`, but lies outside it"),
        ),
    }
}

/// Where communities overlap, and the ground between them that belongs to none.
pub fn coverage(tables: &BTreeMap<&'static str, Rows>) -> Vec<MapFault> {
    let rows = &tables["communities"];
    if rows.geometries().is_empty() {
        return Vec::new();
    }
    let layer: Vec<Option<Geometry>> =
        (0..rows.len()).map(|row| rows.geometry(row).cloned()).collect();
    let coverage = Coverage::new(&layer);
    let tolerance = Tolerance::default();
    let mut found = Vec::new();
    let first = rows.geometries().keys().next().copied().unwrap_or_default();
    let not_checked = |zh: String, en: String| {
        fault_of(rows, first, MapFaultKind::NotChecked, Words::new(zh, en), None)
    };
    let overlaps = coverage.overlaps(&tolerance);
    if overlaps.not_compared > 0 {
        let pairs = overlaps.not_compared;
        found.push(not_checked(
            format!("图形过于密集，{pairs} 对未比较"),
            format!("too many lie on each other: {pairs} pairs were not compared"),
        ));
    }
    for overlap in overlaps.pairs {
        let pair = [(overlap.first, overlap.second), (overlap.second, overlap.first)];
        for (row, other) in pair {
            let (area, other) = (overlap.square_metres, rows.label(other));
            let words = Words::new(
                format!("与“{other}”重叠 {area:.1} ㎡"),
                format!("overlaps `{other}` by {area:.1} m²"),
            );
            let place = Some(Geometry::MultiPolygon(overlap.geometry.clone()));
            found.push(MapFault {
                area,
                ..fault_of(rows, row, MapFaultKind::Overlap, words, place)
            });
        }
    }
    let gaps = coverage.gaps(&tolerance);
    if gaps.is_none() {
        found.push(not_checked("空隙未能计算".to_owned(), "gaps could not be computed".to_owned()));
    }
    for gap in gaps.unwrap_or_default() {
        let Some(&beside) = gap.neighbours.first() else { continue };
        let names: Vec<String> = gap.neighbours.iter().map(|row| rows.label(*row)).collect();
        let area = gap.square_metres;
        let words = Words::new(
            format!("{}之间有 {area:.1} ㎡ 不属于任何社区", names.join("、")),
            format!("{area:.1} m² between {} belong to no community", names.join(", ")),
        );
        let place = Some(Geometry::Polygon(gap.geometry));
        found.push(MapFault { area, ..fault_of(rows, beside, MapFaultKind::Gap, words, place) });
    }
    found
}
