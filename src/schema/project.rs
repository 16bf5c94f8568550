//! The schema of a project file, for editors that complete and check while one writes.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::inventory::{Blank, tables};
use crate::quantity::UNITS;

use super::pack::{day, place, words};

/// The schema.
pub fn project() -> Value {
    let text = || json!({ "type": "string", "minLength": 1 });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "facility-audit project",
        "description": "一次核查用哪些文件、怎样读、在哪里、截至哪天 / which files are audited, how they are read, where and when",
        "type": "object",
        "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[^./\\\\:*?\"<>|][^/\\\\:*?\"<>|]*$" },
            "place": place(),
            "place_name": text(),
            "as_of": day(),
            "packs": { "type": "array", "items": text() },
            "wider": { "type": "boolean" },
            "about": { "type": "number", "minimum": 0, "exclusiveMaximum": 1 },
            "output": text(),
            "input": { "type": "array", "minItems": 1, "items": input() },
            "score": text(),
            "ledger": text(),
            "tenure": tenure(),
            "note": { "type": "array", "items": words() },
            "mappings": { "type": "array", "items": { "type": "string", "minLength": 1 } },
            "identity": { "type": "array", "items": { "type": "string", "minLength": 1 } },
            "corrections": { "type": "array", "items": { "type": "string", "minLength": 1 } },
        },
        "required": ["name", "input"],
        "additionalProperties": false,
    })
}

/// Rent against purchase, and targets.
fn tenure() -> Value {
    let rate = || json!({ "type": "number", "minimum": 0, "maximum": 1 });
    let many = || json!({ "type": "number", "minimum": 1, "maximum": 1e9 });
    json!({
        "type": "object",
        "properties": {
            "discount_rate": rate(),
            "rent_growth": { "type": "number", "minimum": -0.5, "maximum": 1 },
            "unit_price": many(),
            "years": { "type": "integer", "minimum": 1, "maximum": 200 },
            "sensitivity": {
                "type": "object",
                "properties": { "rate": rate(), "growth": rate(), "price": rate() },
                "additionalProperties": false,
            },
            "target": { "type": "array", "items": {
                "type": "object",
                "properties": {
                    "rented_share": rate(),
                    "by": { "type": "integer", "minimum": 1900, "maximum": 2200 },
                    "per_year": { "type": "number", "minimum": 0.01, "maximum": 1e6 },
                    "source": { "type": "string", "minLength": 1 },
                },
                "required": ["rented_share"],
                "additionalProperties": false,
            } },
        },
        "dependentRequired": {
            "discount_rate": ["rent_growth", "years"],
            "rent_growth": ["discount_rate", "years"],
            "years": ["discount_rate", "rent_growth"],
        },
        "additionalProperties": false,
    })
}

fn input() -> Value {
    let text = || json!({ "type": "string", "minLength": 1 });
    let cell = || json!({ "type": ["string", "number", "boolean"] });
    let names: Vec<&str> = tables().iter().map(|table| table.name.as_str()).collect();
    let blanks: Vec<&str> = Blank::CODES.iter().map(|(code, _)| *code).collect();
    let replaced = json!({ "type": "object", "additionalProperties": cell() });
    json!({
        "type": "object",
        "properties": {
            "file": text(),
            "sheet": text(),
            "crs": text(),
            "encoding": text(),
            "header": { "anyOf": [
                { "type": "integer", "minimum": 1, "maximum": 1_048_576 },
                { "type": "string", "pattern": "^[0-9]+([-–~][0-9]+)?$" },
            ] },
            "table": { "enum": names },
            "columns": per_field(&text()),
            "values": per_field(&replaced),
            "blank": per_field(&json!({ "enum": blanks })),
            "set": per_field(&cell()),
            "complete": { "type": "boolean" },
            "total": text(),
            "item": { "type": "array", "items": item() },
        },
        "required": ["file"],
        "additionalProperties": false,
    })
}

/// An object whose keys are columns of the inventory.
fn per_field(value: &Value) -> Value {
    let columns = tables().iter().flat_map(|table| &table.columns);
    let names: BTreeSet<&str> = columns.map(|column| column.name.as_str()).collect();
    let properties: Map<String, Value> =
        names.into_iter().map(|name| (name.to_owned(), value.clone())).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn item() -> Value {
    let text = || json!({ "type": "string", "minLength": 1 });
    let units: Vec<&str> = UNITS.iter().flat_map(|unit| [unit.code, unit.zh]).collect();
    json!({
        "type": "object",
        "properties": {
            "item": text(),
            "column": text(),
            "unit": { "anyOf": [{ "enum": units.into_iter().collect::<BTreeSet<_>>() }, text()] },
            "sum_of": { "type": "array", "items": text() },
        },
        "required": ["item", "column"],
        "additionalProperties": false,
    })
}
