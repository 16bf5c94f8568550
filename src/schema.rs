//! JSON Schemas of what the program reads and writes, made from the types and declarations.

mod pack;
mod project;
mod score;

use serde_json::{Map, Value, json};

use crate::inventory::{Column, Kind, Table, tables};
use crate::report::{Rank, Tenure, v1};

/// A published schema.
#[derive(Debug)]
pub struct Schema {
    /// Its name, also of its file in `schemas/`.
    pub name: &'static str,
    /// What it describes.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// The schema.
    pub build: fn() -> Value,
}

/// All schemas.
pub const SCHEMAS: &[&Schema] = &[
    &Schema {
        name: "audit.v1",
        zh: "audit.json 的结构",
        en: "the structure of audit.json",
        build: || schemars::schema_for!(v1::Audit).to_value(),
    },
    &Schema {
        name: "inventory",
        zh: "清单各表的字段",
        en: "the columns of the inventory's tables",
        build: inventory,
    },
    &Schema {
        name: "pack", zh: "标准文件的写法", en: "how a pack is written", build: pack::pack
    },
    &Schema {
        name: "project",
        zh: "项目文件的写法",
        en: "how a project file is written",
        build: project::project,
    },
    &Schema {
        name: "rank.v1",
        zh: "rank.json 的结构",
        en: "the structure of rank.json",
        build: || schemars::schema_for!(Rank).to_value(),
    },
    &Schema {
        name: "score",
        zh: "评分细则的写法",
        en: "how a score sheet is written",
        build: score::score,
    },
    &Schema {
        name: "tenure.v1",
        zh: "tenure.json 的结构",
        en: "the structure of tenure.json",
        build: || schemars::schema_for!(Tenure).to_value(),
    },
];

/// The schema of this name.
pub fn schema(name: &str) -> Option<&'static Schema> {
    SCHEMAS.iter().find(|schema| schema.name == name).copied()
}

fn inventory() -> Value {
    let rows: Map<String, Value> = tables()
        .iter()
        .map(|table| (table.name.clone(), json!({ "type": "array", "items": row(table) })))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "facility-audit inventory",
        "description": "清单各表的一行 / one row of each inventory table",
        "type": "object",
        "properties": rows,
        "additionalProperties": false,
    })
}

fn row(table: &Table) -> Value {
    let columns: Map<String, Value> =
        table.columns.iter().map(|one| (one.name.clone(), column(one))).collect();
    let required: Vec<&str> = table
        .columns
        .iter()
        .filter(|column| column.required)
        .map(|column| column.name.as_str())
        .collect();
    json!({
        "title": format!("{} / {}", table.zh, table.en),
        "description": format!("{} / {}", table.row_zh, table.row_en),
        "type": "object",
        "properties": columns,
        "required": required,
        "additionalProperties": false,
    })
}

fn column(column: &Column) -> Value {
    let mut schema = match column.kind {
        Kind::Flag => json!({ "type": ["boolean", "null"] }),
        Kind::Year => json!({ "type": ["integer", "null"] }),
        Kind::Code => {
            let mut codes: Vec<Value> = column.values.iter().map(|code| json!(code.code)).collect();
            codes.push(Value::Null);
            json!({ "enum": codes })
        }
        kind if kind.is_quantity() => json!({ "type": ["number", "null"], "minimum": 0 }),
        _ => json!({ "type": ["string", "null"] }),
    };
    schema["title"] = json!(format!("{} / {}", column.zh, column.en));
    schema["description"] = json!(format!("{} / {}", column.doc_zh, column.doc_en));
    schema["x-kind"] = json!(format!("{:?}", column.kind).to_lowercase());
    if let Some(unit) = &column.unit {
        schema["x-unit"] = json!(unit);
    }
    if let Some(to) = &column.to {
        schema["x-refers-to"] = json!(to);
    }
    schema["x-blank"] = json!(column.blank.words().en);
    schema["x-source"] = json!(column.source);
    schema
}
