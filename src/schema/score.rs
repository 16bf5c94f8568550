//! The schema of a score sheet, for editors that complete and check while one writes.

use serde_json::{Map, Value, json};

use crate::inventory::{Kind, subject_table, table};
use crate::measure::MEASURES;
use crate::plan::is_drawn;
use crate::standard::Evidence;

use super::pack::{codes, conditions, day, number, text, words};
use crate::plan::{Better, Take};

/// The schema.
pub fn score() -> Value {
    let whole = |least: u32| json!({ "type": "integer", "minimum": least, "maximum": 1_000_000 });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "facility-audit score sheet",
        "description": "按什么给老旧社区或小区排序 / by what old communities or estates are ranked",
        "type": "object",
        "properties": {
            "id": text(),
            "title": text(),
            "number": text(),
            "issuer": text(),
            "issued": day(),
            "evidence": codes(Evidence::CODES),
            "note": words(),
            "subject": { "enum": ["community", "estate"] },
            "applies": { "type": "object" },
            "top": whole(1),
            "choose": whole(1),
            "seed": whole(0),
            "draws": whole(1),
            "near": share(),
            "sum": positive(),
            "weights": { "anyOf": [weigh(), combined()] },
            "method": { "anyOf": [
                { "enum": ["weighted_sum", "topsis", "vikor"] },
                closed(&[("vikor", share())], &["vikor"]),
            ] },
            "ties": { "anyOf": [text(), { "type": "array", "items": text() }] },
            "indicator": { "type": "array", "minItems": 1, "items": indicator() },
            "gate": { "type": "array", "items": gate() },
            "quota": { "type": "array", "items": quota() },
            "budget": budget(),
            "expert": { "type": "array", "items": expert() },
        },
        "required": ["id", "issuer", "evidence", "subject", "top", "indicator"],
        "anyOf": [{ "required": ["title"] }, { "required": ["number"] }],
        "allOf": [applies("community"), applies("estate")],
        "additionalProperties": false,
        "$defs": { "draw": draw(), "bounds": super::pack::bounds() },
    })
}

/// An object with these keys and no other, some of which must be there.
fn closed(keys: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<String, Value> =
        keys.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// A number, or a fraction such as `"2/3"`.
fn amount() -> Value {
    json!({ "anyOf": [
        { "type": "number" },
        { "type": "string", "pattern": r"^\s*-?[0-9.]+\s*(/\s*[0-9.]+\s*)?$" },
    ] })
}

fn positive() -> Value {
    json!({ "anyOf": [{ "type": "number", "exclusiveMinimum": 0 }, fraction()] })
}

fn share() -> Value {
    json!({ "anyOf": [
        { "type": "number", "minimum": 0, "maximum": 1 },
        fraction(),
    ] })
}

fn fraction() -> Value {
    json!({ "type": "string", "pattern": r"^\s*[0-9.]+\s*(/\s*[0-9.]+\s*)?$" })
}

fn two() -> Value {
    json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": amount() })
}

fn weigh() -> Value {
    json!({ "enum": ["given", "ahp", "entropy", "critic"] })
}

fn combined() -> Value {
    closed(
        &[
            ("combine", json!({ "type": "array", "minItems": 2, "items": weigh() })),
            ("by", json!({ "enum": ["product", "mean"] })),
            ("shares", json!({ "type": "array", "items": { "type": "number", "minimum": 0 } })),
        ],
        &["combine"],
    )
}

fn from() -> Value {
    json!({ "$ref": "#/$defs/draw" })
}

/// What `applies` can test is what the table of the subject has.
fn applies(subject: &str) -> Value {
    let columns = &subject_table(subject).expect("what is ranked has a table").columns;
    json!({
        "if": { "properties": { "subject": { "const": subject } }, "required": ["subject"] },
        "then": { "properties": { "applies": conditions(&columns.iter().collect::<Vec<_>>()) } },
    })
}

/// Where a value comes from.
fn draw() -> Value {
    let of_subjects = || ["community", "estate"].into_iter().filter_map(subject_table);
    let counts =
        |kind: Kind| kind.is_quantity() || matches!(kind, Kind::Flag | Kind::Year | Kind::Date);
    let mut columns: Vec<&str> = of_subjects()
        .flat_map(|table| &table.columns)
        .filter(|column| counts(column.kind))
        .map(|column| column.name.as_str())
        .collect();
    columns.sort_unstable();
    columns.dedup();
    let mut measures: Vec<&str> = MEASURES
        .iter()
        .filter(|one| ["community", "estate"].iter().any(|subject| is_drawn(one, subject)))
        .map(|one| one.name)
        .collect();
    measures.sort_unstable();
    measures.dedup();
    let counted = ["premises", "facilities"].into_iter().filter_map(table);
    let counted: Vec<Value> =
        counted.map(|table| conditions(&table.columns.iter().collect::<Vec<_>>())).collect();
    let form = |keys: &[(&str, Value)], required: &[&str]| {
        let per = [("per", from())];
        let keys: Vec<(&str, Value)> = keys.iter().chain(&per).cloned().collect();
        closed(&keys, required)
    };
    json!({ "anyOf": [
        text(),
        form(&[("item", text())], &["item"]),
        form(&[("column", json!({ "enum": columns }))], &["column"]),
        form(
            &[("measure", json!({ "enum": measures })), ("counts", json!({ "anyOf": counted }))],
            &["measure"],
        ),
        form(
            &[
                ("requirement", json!({ "type": "string", "pattern": "^.+/.+$" })),
                ("take", codes(Take::CODES)),
            ],
            &["requirement", "take"],
        ),
    ] })
}

fn indicator() -> Value {
    let step = closed(
        &[
            ("at_least", amount()),
            ("more_than", amount()),
            ("at_most", amount()),
            ("less_than", amount()),
            ("points", json!({ "type": "number" })),
        ],
        &["points"],
    );
    let points = json!({ "anyOf": [
        closed(&[("steps", json!({ "type": "array", "minItems": 1, "items": step }))], &["steps"]),
        closed(&[("from", two()), ("to", two())], &["from", "to"]),
        closed(
            &[
                ("per", amount()),
                ("points", json!({ "type": "number" })),
                ("above", amount()),
                ("most", json!({ "type": "number" })),
                ("begun", json!({ "type": "boolean" })),
            ],
            &["per", "points", "most"],
        ),
    ] });
    let range =
        json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" } });
    let mut schema = closed(
        &[
            ("id", text()),
            ("zh", text()),
            ("en", text()),
            ("clause", text()),
            ("from", from()),
            ("points", points),
            ("better", codes(Better::CODES)),
            ("range", range),
            ("weight", not_negative()),
        ],
        &["id", "zh", "en", "from"],
    );
    schema["not"] = json!({ "required": ["points", "range"] });
    schema
}

fn not_negative() -> Value {
    json!({ "anyOf": [number(), share()] })
}

/// The keys of a test, one limit of which must be there.
fn test(more: &[(&str, Value)], required: &[&str]) -> Value {
    let limits = ["at_least", "more_than", "at_most", "less_than"];
    let mut keys: Vec<(&str, Value)> = limits.iter().map(|limit| (*limit, amount())).collect();
    keys.extend([("from", from()), ("is", json!({ "type": "boolean" }))]);
    keys.extend(more.iter().cloned());
    let mut schema = closed(&keys, required);
    let one = limits.iter().chain(["is"].iter()).map(|limit| json!({ "required": [limit] }));
    schema["anyOf"] = one.collect();
    let both = limits.iter().map(|limit| json!({ "required": ["is", limit] }));
    schema["not"] = json!({ "anyOf": both.collect::<Vec<_>>() });
    schema
}

fn gate() -> Value {
    let named = [("id", text()), ("zh", text()), ("en", text()), ("clause", text())];
    test(&named, &["id", "zh", "en", "from"])
}

fn quota() -> Value {
    let mut schema = closed(
        &[
            ("id", text()),
            ("zh", text()),
            ("en", text()),
            ("clause", text()),
            ("of", test(&[], &["from"])),
            ("counted", from()),
            ("at_most", share()),
            ("whole", positive()),
            ("most", not_negative()),
        ],
        &["id", "zh", "en", "of"],
    );
    schema["oneOf"] = json!([{ "required": ["at_most"] }, { "required": ["most"] }]);
    schema["not"] = json!({ "required": ["most", "whole"] });
    schema
}

fn budget() -> Value {
    let funds = json!({ "anyOf": [text(), { "type": "array", "items": text() }] });
    let mut schema = closed(
        &[
            ("cost", from()),
            ("amount", not_negative()),
            ("year", json!({ "type": "integer" })),
            ("funds", funds),
            ("stops", json!({ "type": "boolean" })),
        ],
        &["cost"],
    );
    schema["oneOf"] = json!([{ "required": ["amount"] }, { "required": ["year"] }]);
    schema["not"] = json!({ "required": ["amount", "funds"] });
    schema
}

fn expert() -> Value {
    let row = json!({ "type": "array", "minItems": 1, "items": amount() });
    closed(
        &[("name", text()), ("matrix", json!({ "type": "array", "minItems": 1, "items": row }))],
        &["name", "matrix"],
    )
}
