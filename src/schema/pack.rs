//! The schema of a pack file, for editors that complete and check while one writes.
//!
//! It knows the keys, the closed lists and the columns; what needs arithmetic or a look at another
//! key (bounds that meet, units that agree, ids that exist) is told by `standards test` alone.

use serde_json::{Map, Value, json};

use crate::assessment::Outcome;
use crate::inventory::{Column, Kind, Table, subject_table, table, tables};
use crate::mapping::categories;
use crate::measure::chain::Reach;
use crate::measure::dates::dates;
use crate::measure::late::{Matched, ShareOf};
use crate::measure::{KINDS, MEASURES};
use crate::quantity::Rounding;
use crate::standard::{
    Act, Comparison, Condition, Count, Debtor, Evidence, Force, GEOMETRY, Status,
};

/// The schema.
pub fn pack() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "facility-audit pack",
        "description": "一部文件的要求与算例 / the requirements of one legal text, with worked cases",
        "type": "object",
        "properties": {
            "id": { "type": "string", "minLength": 1, "maxLength": 80 },
            "title": text(),
            "number": text(),
            "issuer": text(),
            "place": place(),
            "status": codes(Status::CODES),
            "issued": day(),
            "from": day(),
            "until": day(),
            "checked": day(),
            "evidence": codes(Evidence::CODES),
            "note": words(),
            "require": { "type": "array", "minItems": 1, "items": requirement() },
            "case": { "type": "array", "items": case() },
        },
        "required": ["id", "issuer", "place", "status", "evidence", "require"],
        "allOf": [
            { "anyOf": [{ "required": ["title"] }, { "required": ["number"] }] },
            { "anyOf": [{ "required": ["number"] }, { "required": ["issued"] }] },
        ],
        "additionalProperties": false,
        "$defs": { "amount": amount(), "size": size(), "bounds": bounds() },
    })
}

pub fn text() -> Value {
    json!({ "type": "string", "minLength": 1 })
}

/// A number that is not negative.
pub fn number() -> Value {
    json!({ "type": "number", "minimum": 0 })
}

fn share() -> Value {
    json!({ "type": "number", "minimum": 0, "maximum": 1 })
}

/// A code of GB/T 2260, or the country.
pub fn place() -> Value {
    json!({ "type": "string", "pattern": "^(CN|[1-9][0-9]([0-9]{2}){0,2}|[1-9][0-9]{8}|[1-9][0-9]{11})$" })
}

/// A date, or its month or year. TOML's own dates are seen as text.
pub fn day() -> Value {
    let text = json!({ "type": "string", "pattern": "^[0-9]{4}([-./年](0?[1-9]|1[0-2])([-./月](0?[1-9]|[12][0-9]|3[01])日?|月)?)?$" });
    json!({ "anyOf": [text, { "type": "integer", "minimum": 1900, "maximum": 2200 }] })
}

/// A text in both languages.
pub fn words() -> Value {
    json!({
        "type": "object",
        "properties": { "zh": text(), "en": text() },
        "required": ["zh", "en"],
        "additionalProperties": false,
    })
}

pub fn codes<T>(codes: &[(&'static str, T)]) -> Value {
    json!({ "enum": codes.iter().map(|(code, _)| *code).collect::<Vec<_>>() })
}

fn one_or_more(values: &[&str]) -> Value {
    let list = json!({ "type": "array", "minItems": 1, "items": { "enum": values } });
    json!({ "anyOf": [{ "enum": values }, list] })
}

/// One stage, or several of which the first that happened counts.
fn stages() -> Value {
    let declared = crate::inventory::table("events").and_then(|events| events.column("stage"));
    let known: Vec<&str> = declared
        .map_or(Vec::new(), |column| column.values.iter().map(|one| one.code.as_str()).collect());
    one_or_more(&known)
}

/// What a text provides against a breach.
fn remedy() -> Value {
    let range = json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": number() });
    json!({
        "type": "object",
        "properties": {
            "act": codes(Act::CODES),
            "per_m2": { "type": "number", "exclusiveMinimum": 0 },
            "times_cost": range,
            "between": range,
        },
        "required": ["act"],
        "maxProperties": 2,
        "additionalProperties": false,
    })
}

fn requirement() -> Value {
    let unless = json!({
        "type": "object",
        "properties": { "category": { "enum": categories() }, "within": number() },
        "required": ["category", "within"],
        "additionalProperties": false,
    });
    let mut properties = json!({
        "id": text(), "zh": text(), "en": text(), "topic": text(),
        "subject": { "enum": KINDS },
        "judged_on": { "type": "array", "minItems": 1, "items": { "type": "string" } },
        "due": day(),
        "applies": { "type": "object" },
        "counts": { "type": "object" },
        "among": { "type": "array", "minItems": 1, "items": { "enum": categories() } },
        "reaching": { "$ref": "#/$defs/amount" },
        "below": { "$ref": "#/$defs/amount" },
        "items": { "type": "array", "minItems": 1, "items": text() },
        "alternative": { "type": "boolean" },
        "unless_nearby": unless,
        "stage": stages(),
        "behind": {
            "type": "object",
            "properties": {
                "of": codes(Matched::CODES),
                "stage": stages(),
                "months": { "type": "integer", "minimum": 1, "maximum": 600 },
                "share_of": codes(ShareOf::CODES),
            },
            "required": ["of", "stage"],
            "additionalProperties": false,
        },
        "as_far_as": codes(Reach::CODES),
        "formula": { "type": "object", "propertyNames": { "enum": categories() }, "additionalProperties": text() },
        "rule": text(),
        "recoverable": {
            "type": "object",
            "properties": { "rule": text(), "category": one_or_more(&categories()) },
            "required": ["rule", "category"],
            "additionalProperties": false,
        },
        "remedies": { "type": "array", "items": remedy() },
        "measure": { "type": "string" },
        "round": codes(Rounding::CODES),
        "force": codes(Force::CODES),
        "adds": { "type": "boolean" },
        "debtor": codes(Debtor::CODES),
        "clause": text(),
        "note": words(),
    });
    let limits: Vec<&str> = Comparison::CODES.iter().map(|(code, _)| *code).collect();
    for limit in &limits {
        properties[limit] = json!({ "$ref": "#/$defs/amount" });
    }
    let one_limit: Vec<Value> = limits.iter().map(|limit| json!({ "required": [limit] })).collect();
    let mut rules: Vec<Value> = KINDS.iter().map(|kind| of_kind(kind)).collect();
    rules.extend(counted());
    rules.push(json!({ "oneOf": one_limit }));
    json!({
        "type": "object",
        "properties": properties,
        "required": ["id", "zh", "en", "topic", "subject", "measure", "round", "force", "debtor"],
        "additionalProperties": false,
        "allOf": rules,
    })
}

/// What a requirement about a kind of subject can measure and name.
fn of_kind(kind: &str) -> Value {
    let measures: Vec<&str> =
        MEASURES.iter().filter(|one| one.subject == kind).map(|one| one.name).collect();
    let own = subject_table(kind).map_or(&[][..], |table| &table.columns);
    let own = own.iter().filter(|column| column.kind != Kind::Date);
    let dated = dates(kind);
    let columns: Vec<&Column> = own.chain(dated.iter().copied()).collect();
    let dates: Vec<&str> = dated.iter().map(|date| date.name.as_str()).collect();
    json!({
        "if": { "properties": { "subject": { "const": kind } }, "required": ["subject"] },
        "then": { "properties": {
            "measure": { "enum": measures },
            "applies": conditions(&columns),
            "judged_on": { "items": { "enum": dates } },
        } },
    })
}

/// For each table rows are counted of, what can be said of them.
fn counted() -> impl Iterator<Item = Value> {
    let by = |measure: &'static str, subject: &'static str, of: &'static Table| {
        let columns: Vec<&Column> =
            of.columns.iter().filter(|column| column.kind != Kind::Date).collect();
        json!({
            "if": {
                "properties": { "subject": { "const": subject }, "measure": { "const": measure } },
                "required": ["subject", "measure"],
            },
            "then": { "properties": { "counts": conditions(&columns) } },
        })
    };
    MEASURES.iter().map(move |one| match one.counts.and_then(table) {
        Some(of) => by(one.name, one.subject, of),
        None => json!({
            "if": {
                "properties": {
                    "subject": { "const": one.subject },
                    "measure": { "const": one.name },
                },
                "required": ["subject", "measure"],
            },
            "then": { "properties": { "counts": false } },
        }),
    })
}

pub fn conditions(columns: &[&Column]) -> Value {
    let testable = columns.iter().filter(|column| Condition::can_test(column));
    let properties: Map<String, Value> =
        testable.map(|column| (column.name.clone(), condition(column))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn condition(column: &Column) -> Value {
    let given = || {
        json!({
            "type": "object",
            "properties": { "given": { "type": "boolean" } },
            "required": ["given"],
            "additionalProperties": false,
        })
    };
    let mut schema = match column.kind {
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Date => json!({
            "type": "object",
            "properties": { "from": day(), "until": day() },
            "minProperties": 1,
            "additionalProperties": false,
        }),
        Kind::Code => {
            let codes: Vec<&str> = column.values.iter().map(|code| code.code.as_str()).collect();
            one_or_more(&codes)
        }
        Kind::Ref | Kind::Refs if Condition::names_classes(column) => one_or_more(&categories()),
        Kind::Ref | Kind::Refs | Kind::Text => given(),
        _ => json!({ "$ref": "#/$defs/bounds" }),
    };
    schema["title"] = json!(format!("{} / {}", column.zh, column.en));
    schema
}

/// Bounds, each open or closed.
pub fn bounds() -> Value {
    let keys = ["at_least", "more_than", "at_most", "less_than"];
    let properties: Map<String, Value> =
        keys.iter().map(|key| ((*key).to_owned(), json!({ "type": "number" }))).collect();
    json!({
        "type": "object",
        "properties": properties,
        "minProperties": 1,
        "additionalProperties": false,
        "not": { "anyOf": [
            { "required": ["at_least", "more_than"] },
            { "required": ["at_most", "less_than"] },
        ] },
    })
}

/// An amount, or a number that stands for a fixed one.
fn size() -> Value {
    json!({ "anyOf": [number(), { "$ref": "#/$defs/amount" }] })
}

/// An object with exactly these keys, of which some may be left out.
fn form(keys: &[(&str, Value)], optional: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .chain(optional)
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": keys.iter().map(|(key, _)| *key).collect::<Vec<_>>(),
        "additionalProperties": false,
    })
}

fn amount() -> Value {
    let lot = || json!({ "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? +[a-z_]+$" });
    let base = || json!({ "type": "string", "pattern": "^[a-z_]+$" });
    let size = || json!({ "$ref": "#/$defs/size" });
    let several = || json!({ "type": "array", "minItems": 1, "items": size() });
    let mut step = bounds();
    step["properties"]["is"] = size();
    step["required"] = json!(["is"]);
    let band = form(&[("rate", share())], &[("up_to", number())]);
    json!({ "oneOf": [
        form(&[("fixed", number())], &[]),
        form(&[("per", lot()), ("rate", number())], &[("count", codes(Count::CODES))]),
        form(
            &[
                ("start", number()),
                ("up_to", lot()),
                ("add", number()),
                ("per", lot()),
                ("count", codes(Count::CODES)),
            ],
            &[],
        ),
        form(&[("share", share()), ("of", base())], &[]),
        form(&[("by", base()), ("steps", json!({ "type": "array", "minItems": 1, "items": step }))], &[]),
        form(
            &[("marginal", base()), ("rates", json!({ "type": "array", "minItems": 1, "items": band }))],
            &[],
        ),
        form(&[("greatest", several())], &[]),
        form(&[("least", several())], &[]),
        form(&[("sum", several())], &[]),
        form(
            &[("clamp", json!({ "$ref": "#/$defs/amount" })), ("at_least", number()), ("at_most", number())],
            &[],
        ),
        form(
            &[("range", json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": size() }))],
            &[],
        ),
        form(&[("about", number()), ("tolerance", share())], &[]),
        form(&[("each", number()), ("capacity", json!({ "$ref": "#/$defs/amount" }))], &[]),
        form(&[("value_of", base())], &[]),
    ] })
}

fn case() -> Value {
    let names: Vec<&str> = tables().iter().map(|table| table.name.as_str()).collect();
    let cell = json!({ "type": ["string", "number", "boolean"] });
    let row = |table: &Table| {
        let mut columns: Map<String, Value> =
            table.columns.iter().map(|column| (column.name.clone(), cell.clone())).collect();
        if table.geometry.is_some() {
            columns.insert(GEOMETRY.to_owned(), text());
        }
        json!({ "type": "object", "properties": columns, "additionalProperties": false })
    };
    let mut given: Map<String, Value> = tables()
        .iter()
        .map(|table| (table.name.clone(), json!({ "type": "array", "items": row(table) })))
        .collect();
    let subjects = KINDS.iter().filter_map(|kind| subject_table(kind));
    for column in subjects.flat_map(|table| &table.columns) {
        given.entry(column.name.clone()).or_insert_with(|| cell.clone());
    }
    given.insert(GEOMETRY.to_owned(), text());
    let outcomes: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.code()).collect();
    let any = || json!({ "type": "number" });
    let expected = form(
        &[("outcome", json!({ "enum": outcomes }))],
        &[
            ("subject", text()),
            ("required", any()),
            ("shortfall", any()),
            ("advised", any()),
            ("debtor", codes(Debtor::CODES)),
            ("states", json!({ "type": "array", "items": text() })),
            ("yuan", json!({ "type": "object", "propertyNames": codes(Act::CODES) })),
        ],
    );
    json!({
        "type": "object",
        "properties": {
            "name": text(),
            "as_of": day(),
            "complete": { "type": "array", "items": { "enum": names } },
            "given": { "type": "object", "properties": given, "additionalProperties": false },
            "expect": { "type": "object", "additionalProperties": expected },
        },
        "required": ["given", "expect"],
        "additionalProperties": false,
    })
}
