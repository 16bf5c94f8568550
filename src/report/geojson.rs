//! The audit on the map: every row that has a place, with what was found of it, and the places of
//! errors, as one GeoJSON file in degrees.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Map, Value, json};

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::error::{Error, Result};
use crate::export::geojson::feature;
use crate::inventory::tables;
use crate::standard::Force;

use super::Format;

pub const FORMAT: Format = Format {
    extension: "geojson",
    zh: "地图：有位置的对象及其结论、错误点（CGCS2000 经纬度）",
    en: "the map: what has a place, with its verdicts, and the places of errors (CGCS2000 degrees)",
    write: |reported, _| {
        let mut bytes = Vec::new();
        write_to(reported.audit, &mut bytes)?;
        Ok(bytes)
    },
};

/// Writes the map feature by feature: that of a nation is never in memory as a whole.
///
/// # Errors
/// When the table engine fails, which would be a defect, or `sink` does.
pub fn write_to(audit: &Audit, sink: &mut dyn Write) -> Result<()> {
    let failed = |error: std::io::Error| Error::refused(error.to_string(), error.to_string());
    sink.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[").map_err(failed)?;
    let mut first = true;
    features(audit, &mut |feature| {
        sink.write_all(if first { b"\n" } else { b",\n" }).map_err(failed)?;
        first = false;
        serde_json::to_writer(&mut *sink, &feature)
            .map_err(|error| Error::refused(error.to_string(), error.to_string()))
    })?;
    sink.write_all(b"\n]}\n").map_err(failed)
}

/// All features: the rows of each table in their order, then the errors.
fn features(audit: &Audit, put: &mut dyn FnMut(Value) -> Result<()>) -> Result<()> {
    let mut found: BTreeMap<(&str, &str), Vec<&Assessment>> = BTreeMap::new();
    for one in &audit.assessments {
        found.entry((&one.subject_kind, &one.subject)).or_default().push(one);
    }
    for table in tables() {
        let rows = audit.inventory.table(&table.name);
        let id = if table.column("id").is_some() { "id" } else { "code" };
        let (ids, labels) = (rows.column(id)?.str()?, rows.column(&table.label)?);
        let labels = labels.str().ok();
        let (sources, numbers) = (rows.column("_source")?.u32()?, rows.column("_row")?.u32()?);
        for (row, geometry) in audit.inventory.geometry(&table.name) {
            let id = ids.get(*row).unwrap_or_default();
            let source = &audit.inventory.sources[sources.get(*row).unwrap_or_default() as usize];
            let mut properties = Map::new();
            properties.insert("layer".into(), json!(table.name));
            properties.insert("id".into(), json!(id));
            properties.insert(
                "name".into(),
                json!(labels.and_then(|labels| labels.get(*row)).unwrap_or(id)),
            );
            properties.insert(
                "address".into(),
                json!(source.cell("", numbers.get(*row).unwrap_or_default())),
            );
            if let Some(kind) = &table.subject {
                let of_it = found.get(&(kind.as_str(), id)).map_or(&[][..], Vec::as_slice);
                verdicts(audit, of_it, &mut properties);
            }
            put(feature(Some(geometry), properties))?;
        }
    }
    for fault in &audit.inventory.map_faults {
        let Some(place) = &fault.place else { continue };
        let source = &audit.inventory.sources[fault.source as usize];
        let mut properties = Map::new();
        properties.insert("layer".into(), json!("errors"));
        properties.insert("kind".into(), json!(fault.kind.code()));
        properties.insert("table".into(), json!(fault.table));
        properties.insert("id".into(), json!(fault.id));
        properties.insert("address".into(), json!(source.cell("", fault.row)));
        properties.insert("zh".into(), json!(fault.words.zh));
        properties.insert("en".into(), json!(fault.words.en));
        if fault.area > 0.0 {
            properties.insert("area_m2".into(), json!((fault.area * 100.0).round() / 100.0));
        }
        put(feature(Some(place), properties))?;
    }
    Ok(())
}

/// The gravest outcome, and the requirements behind it.
fn verdicts(audit: &Audit, all: &[&Assessment], properties: &mut Map<String, Value>) {
    let demanded = |one: &&&Assessment| {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        requirement.force != Force::Indicator
    };
    // How the data are is told with the rest, and decides no verdict.
    let decides = |one: &&&Assessment| {
        audit.requirement(&one.pack, &one.requirement).1.measure.check != "data_quality"
    };
    let of = |outcome: Outcome| -> Vec<String> {
        let all = all.iter().filter(demanded).filter(|one| one.outcome == outcome);
        all.map(|one| format!("{}/{}", one.pack, one.requirement)).collect()
    };
    let order = [Outcome::NotMet, Outcome::Unknown, Outcome::Met];
    let gravest = order.into_iter().find(|outcome| {
        let mut all = all.iter().filter(demanded).filter(decides);
        all.any(|one| one.outcome == *outcome)
    });
    let gravest = gravest.unwrap_or(Outcome::NotApplicable);
    properties.insert("outcome".into(), json!(gravest.code()));
    properties.insert("not_met".into(), json!(of(Outcome::NotMet)));
    properties.insert("unknown".into(), json!(of(Outcome::Unknown)));
}
