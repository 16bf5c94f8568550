//! What a person is asked to decide: which names of several lists are one thing, and what a remark
//! says against its row.

use std::collections::{BTreeMap, BTreeSet};

use geo::Centroid;
use polars::prelude::DataFrame;

use crate::identity::{Party, Review, ReviewRow, Subject, candidates};
use crate::inventory::{DoubtKind, Inventory, Kind, high, low, resolved, tables};
use crate::quantity::Interval;
use crate::words::Lang;

/// Tables whose rows may stand in several lists under several names, and what is known of them.
const ASKED: &[Known] = &[
    Known {
        table: "estates",
        households: "households_planned",
        area: "total_area",
        only: &["name", "aliases", "place", "street", "address", "developer", "developer_code"],
    },
    Known {
        table: "communities",
        households: "households",
        area: "total_area",
        only: &["name", "aliases", "place", "street"],
    },
];

struct Known {
    table: &'static str,
    households: &'static str,
    area: &'static str,
    only: &'static [&'static str],
}

/// All pairs worth a person's look, undecided.
///
/// Names that no list knows and other rows refer to are asked about as well.
pub fn review(inventory: &Inventory) -> Review {
    let mut pairs = Vec::new();
    for known in ASKED {
        let (mut subjects, mut parties) = listed(inventory, known);
        for (name, origin) in strangers(inventory, known.table) {
            subjects.push(Subject::named(name.clone()));
            // It has no row, and so no id but its name.
            parties.push(Party { id: name.clone(), name, origin });
        }
        for (a, b, likeness) in candidates(&subjects) {
            let (a, b) = (parties[a].clone(), parties[b].clone());
            pairs.push(ReviewRow::asked(known.table, a, b, &likeness));
        }
    }
    Review { pairs }
}

/// The rows of a table as subjects.
fn listed(inventory: &Inventory, known: &Known) -> (Vec<Subject>, Vec<Party>) {
    let frame = inventory.table(known.table);
    let shapes = inventory.geometry(known.table);
    let mut subjects = Vec::new();
    let mut parties = Vec::new();
    for row in 0..frame.height() {
        let read =
            |column: &str| known.only.contains(&column).then(|| text(frame, column, row)).flatten();
        let Some(name) = read("name") else { continue };
        let aliases = read("aliases").unwrap_or_default();
        let aliases = aliases.split(['、', ',', '，', ';', '；']).map(str::trim);
        let names = std::iter::once(name.as_str()).chain(aliases.filter(|alias| !alias.is_empty()));
        let bounds = |column: &str| {
            let end = |column: String| frame.column(&column).ok()?.f64().ok()?.get(row);
            let bounds = Interval::between(end(low(column))?, end(high(column))?);
            bounds.high.is_finite().then_some(bounds)
        };
        let centre = shapes.get(&row).and_then(Centroid::centroid);
        subjects.push(Subject {
            names: names.map(str::to_owned).collect(),
            place: read("place"),
            street: read("street"),
            address: read("address"),
            developer: read("developer"),
            developer_code: read("developer_code"),
            area: bounds(known.area),
            households: bounds(known.households),
            point: centre.map(|centre| (centre.x(), centre.y())),
        });
        let id = text(frame, "id", row).unwrap_or_default();
        parties.push(Party { id, name, origin: origin(inventory, frame, row, "name") });
    }
    (subjects, parties)
}

/// Names that rows refer to and no row of the table bears, with the first cell that names each.
fn strangers(inventory: &Inventory, to: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut known = BTreeSet::new();
    for table in tables() {
        let refers = |kind: Kind, target: &Option<String>| {
            kind == Kind::Ref && target.as_deref() == Some(to)
        };
        let frame = inventory.table(&table.name);
        for column in table.columns.iter().filter(|column| refers(column.kind, &column.to)) {
            for row in 0..frame.height() {
                let Some(name) = text(frame, &column.name, row) else { continue };
                if text(frame, &resolved(&column.name), row).is_some() {
                    known.insert(name);
                } else {
                    let at = || origin(inventory, frame, row, &column.name);
                    found.entry(name).or_insert_with(at);
                }
            }
        }
    }
    found.retain(|name, _| !known.contains(name));
    found
}

fn text(frame: &DataFrame, column: &str, row: usize) -> Option<String> {
    frame.column(column).ok()?.str().ok()?.get(row).map(str::to_owned)
}

fn origin(inventory: &Inventory, frame: &DataFrame, row: usize, field: &str) -> String {
    let number = |column: &str| frame.column(column).ok()?.u32().ok()?.get(row);
    let at = number("_source").zip(number("_row"));
    at.map_or(String::new(), |(source, row)| inventory.sources[source as usize].cell(field, row))
}

/// What remarks propose, as a list of corrections to be decided; nothing when none proposes anything.
pub fn corrections(inventory: &Inventory, lang: Lang) -> Option<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(crate::inventory::CORRECTION_HEADINGS).expect("memory takes it");
    let mut any = false;
    for (source, account) in inventory.sources.iter().zip(&inventory.accounts) {
        let declared = crate::inventory::table(&source.table);
        for doubt in account.doubts_of(DoubtKind::Remark) {
            let column = declared.and_then(|table| table.column(&doubt.field));
            let (Some(column), Some(code)) = (column, &doubt.code) else { continue };
            any = true;
            let from = doubt.says.clone().unwrap_or_default();
            let to = column.code_name(code, Lang::Zh);
            writer
                .write_record([
                    &source.cell(&doubt.field, doubt.row),
                    &doubt.field,
                    &from,
                    to,
                    doubt.words.in_lang(lang),
                    "",
                ])
                .expect("memory takes it");
        }
    }
    let bytes = writer.into_inner().expect("memory takes it");
    let text = String::from_utf8(bytes).expect("text goes in, text comes out");
    any.then(|| format!("\u{feff}{text}"))
}
